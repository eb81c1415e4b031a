/*
 * `rules test ... --fields`: which field of the message becomes which field
 * of the document, side by side.  Found out by trying: each value of the
 * message is changed a little and the rule is run again; what then differs
 * came from it.  So it holds for every rule and can never be out of date.
 */
#include "bahid/fields.h"

#include <stdio.h>

#include <cjson/cJSON.h>

#include "book/money.h"
#include "core/i18n.h"
#include "core/json.h"
#include "core/map.h"
#include "core/utf8.h"
#include "flow/intake.h"
#include "flow/work.h"

#define LEAVES_MAX 2000
#define TRIES 3
#define BODY_MAX (64 << 20)
#define PATH_CELLS 64
#define VALUE_CELLS 28

/* ---- a tree as paths and texts ----------------------------------------- */

struct leaf {
	const char *path;
	cJSON *item;
};

struct leaves {
	struct arena *arena;
	struct leaf items[LEAVES_MAX];
	size_t n;
};

static void
gather(struct leaves *out, cJSON *item, const char *path)
{
	cJSON *child;
	int at = 0;

	if (!cJSON_IsObject(item) && !cJSON_IsArray(item)) {
		if (!cJSON_IsNull(item) && out->n < LEAVES_MAX)
			out->items[out->n++] = (struct leaf){ path, item };
		return;
	}
	cJSON_ArrayForEach(child, item) {
		if (cJSON_IsArray(item))
			gather(out, child, arena_printf(out->arena, "%s[%d]",
			    path, at++));
		else
			gather(out, child, arena_printf(out->arena, "%s%s%s",
			    path, path[0] != '\0' ? "." : "",
			    child->string));
	}
}

static const char *
leaf_text(const struct leaf *leaf, struct arena *arena)
{
	char *text, *copy;

	/* A copy: the item is about to be changed. */
	if (cJSON_IsString(leaf->item))
		return arena_strdup(arena, leaf->item->valuestring);
	text = cJSON_PrintUnformatted(leaf->item);
	if (text == NULL)
		bug("out of memory");
	copy = arena_strdup(arena, text);
	cJSON_free(text);
	return copy;
}

static cJSON *
document_tree(const struct document *document)
{
	struct str text;
	cJSON *tree;

	str_init(&text, BODY_MAX);
	document_encode(document, &text);
	tree = cJSON_ParseWithLength(text.p, text.n);
	str_free(&text);
	return tree;
}

/* One document is the tree itself; several are a list. NULL: none. */
static cJSON *
documents_tree(const struct work *work)
{
	cJSON *list;

	if (work->n_pieces == 0)
		return NULL;
	if (work->n_pieces == 1)
		return document_tree(&work->pieces[0].document);
	list = cJSON_CreateArray();
	for (size_t i = 0; i < work->n_pieces; i++)
		cJSON_AddItemToArray(list, document_tree(
		    &work->pieces[i].document));
	return list;
}

/* ---- trying ------------------------------------------------------------ */

struct trial {
	const struct work *work;
	struct rulebook *rules;
	struct reference *reference;
	struct arena *arena;
	struct leaves message;
	cJSON *tree;		/* of the message */
	struct leaves document;
	bool *used;		/* of the document's leaves */
	int cells;		/* of the widest path */
};

static bool
is_currency(const char *text)
{
	char code[4] = { 0 };

	if (strlen(text) != 3)
		return false;
	for (int i = 0; i < 3; i++)
		code[i] = (char)(text[i] & ~0x20);
	return money_exponent(code) >= 0;
}

/* A little different, and of its form still: another digit is another number
 * or day, another currency leaves the amounts as they are. */
static const char *
other_text(const char *text, int how, struct arena *arena)
{
	size_t n = strlen(text);
	char *out;

	if (is_currency(text))
		return (text[0] | 0x20) == 'u' ? (text[0] == 'u' ? "inr" :
		    "INR") : (text[0] & 0x20) != 0 ? "usd" : "USD";
	if (n == 0)
		return "x";
	out = arena_strdup(arena, text);
	for (size_t i = n; how != 2 && i-- > 0;) {
		if (out[i] < '0' || out[i] > '9')
			continue;
		/* First the last digit, then the first one. */
		if (how == 1 && strcspn(out, "0123456789") != i)
			continue;
		out[i] = out[i] == '1' ? '2' : '1';
		return out;
	}
	return arena_printf(arena, "%s~", text);
}

enum effect { EFFECT_NONE, EFFECT_FIELDS, EFFECT_IGNORED, EFFECT_REFUSED };

/* The tree has numbers as texts; each value is of the kind that it came as. */
static void
read_message(struct trial *trial, struct work *work)
{
	const struct json_tape *came = &trial->work->tape;
	char *text = cJSON_PrintUnformatted(trial->tree);
	struct json_token *tokens;
	struct json_where where;

	if (text == NULL)
		bug("out of memory");
	if (json_read(span_of(text), JSON_DEPTH_MAX, work->arena, &work->tape,
	    &where) != JSON_OK || work->tape.n != came->n)
		bug("a message that was read is not to be read again");
	cJSON_free(text);
	tokens = arena_alloc(work->arena, came->n * sizeof *tokens);
	memcpy(tokens, work->tape.tokens, came->n * sizeof *tokens);
	for (size_t i = 0; i < came->n; i++)
		tokens[i].kind = came->tokens[i].kind;
	work->tape.tokens = tokens;
}

/* The documents as they would be with this message. */
static cJSON *
run(struct trial *trial, enum effect *effect)
{
	struct work *work = work_new();
	cJSON *document;

	work->event = trial->work->event;
	read_message(trial, work);
	intake_judge_with(work, trial->rules, trial->reference);
	document = documents_tree(work);
	*effect = work->ignored ? EFFECT_IGNORED : document == NULL ?
	    EFFECT_REFUSED : EFFECT_NONE;
	work_free(&work);
	return document;
}

static const char *
value_at(const struct leaves *leaves, const char *path)
{
	for (size_t i = 0; i < leaves->n; i++)
		if (strcmp(leaves->items[i].path, path) == 0)
			return leaf_text(&leaves->items[i], leaves->arena);
	return NULL;
}

static bool
differs(const struct trial *trial, const struct leaves *other, size_t i)
{
	const struct leaf *leaf = &trial->document.items[i];
	const char *value = value_at(other, leaf->path);

	return value == NULL ||
	    strcmp(value, leaf_text(leaf, trial->arena)) != 0;
}

static size_t
compare(struct trial *trial, cJSON *document, bool *changed)
{
	struct leaves *other = arena_alloc(trial->arena, sizeof *other);
	size_t n = 0;

	other->arena = trial->arena;
	gather(other, document, "");
	for (size_t i = 0; i < trial->document.n; i++) {
		changed[i] = differs(trial, other, i);
		n += changed[i];
	}
	return n;
}

static enum effect
try_one(struct trial *trial, struct leaf *leaf, int how, bool *changed)
{
	const char *old = leaf_text(leaf, trial->arena);
	bool is_text = cJSON_IsString(leaf->item);
	enum effect effect;
	cJSON *document;

	if (is_text && cJSON_SetValuestring(leaf->item, other_text(old, how,
	    trial->arena)) == NULL)
		bug("out of memory");
	if (!is_text)
		leaf->item->type ^= cJSON_True | cJSON_False;
	document = run(trial, &effect);
	if (is_text && cJSON_SetValuestring(leaf->item, old) == NULL)
		bug("out of memory");
	if (!is_text)
		leaf->item->type ^= cJSON_True | cJSON_False;
	if (document != NULL && compare(trial, document, changed) > 0)
		effect = EFFECT_FIELDS;
	cJSON_Delete(document);
	return effect;
}

/* ---- saying ------------------------------------------------------------ */

static void
print_cells(const char *text, int cells)
{
	struct str tame;
	size_t n;
	int used;

	str_init(&tame, 65536);
	utf8_tame(span_of(text), &tame);
	n = utf8_fit(str_span(&tame), cells, &used);
	printf("%.*s%*s", (int)n, tame.p, cells - used, "");
	str_free(&tame);
}

static void
print_row(const struct trial *trial, const char *path, const char *value,
    const char *field, const char *result)
{
	struct str tame;

	print_cells(path, trial->cells);
	printf(" ");
	print_cells(value, VALUE_CELLS);
	str_init(&tame, 65536);
	utf8_tame(span_of(result), &tame);
	printf("  %s%s%s\n", field, tame.n > 0 ? " = " : "",
	    tame.n > 0 ? tame.p : "");
	str_free(&tame);
}

static void
print_changed(struct trial *trial, const struct leaf *leaf,
    const bool *changed)
{
	const char *path = leaf->path;
	const char *value = leaf_text(leaf, trial->arena);

	for (size_t i = 0; i < trial->document.n; i++) {
		if (!changed[i])
			continue;
		trial->used[i] = true;
		print_row(trial, path, value, trial->document.items[i].path,
		    leaf_text(&trial->document.items[i], trial->arena));
		path = value = "";
	}
}

/* False: nothing comes of it. */
static bool
print_leaf(struct trial *trial, struct leaf *leaf, bool *changed)
{
	enum effect effect = EFFECT_NONE;

	for (int how = 0; effect == EFFECT_NONE && how < TRIES; how++)
		effect = try_one(trial, leaf, how, changed);
	if (effect == EFFECT_FIELDS)
		print_changed(trial, leaf, changed);
	else if (effect == EFFECT_IGNORED)
		print_row(trial, leaf->path, leaf_text(leaf, trial->arena),
		    _("(whether it is for the books)"), "");
	else if (effect == EFFECT_REFUSED)
		print_row(trial, leaf->path, leaf_text(leaf, trial->arena),
		    _("(whether it can be read)"), "");
	return effect != EFFECT_NONE;
}

static void
print_all(struct trial *trial)
{
	bool *changed = arena_alloc(trial->arena, LEAVES_MAX *
	    sizeof *changed);
	size_t unused = 0;

	trial->cells = utf8_width(span_of(_("(the rule itself)")));
	for (size_t i = 0; i < trial->message.n; i++) {
		int cells = utf8_width(span_of(trial->message.items[i].path));

		if (cells > trial->cells)
			trial->cells = cells < PATH_CELLS ? cells :
			    PATH_CELLS;
	}
	for (size_t i = 0; i < trial->message.n; i++)
		unused += !print_leaf(trial, &trial->message.items[i],
		    changed);
	for (size_t i = 0; i < trial->document.n; i++)
		if (!trial->used[i])
			print_row(trial, _("(the rule itself)"), "",
			    trial->document.items[i].path, leaf_text(
			    &trial->document.items[i], trial->arena));
	printf(ngettext("%zu field is not used\n", "%zu fields are not used\n",
	    unused), unused);
}

void
fields_print(const struct work *work, struct rulebook *rules,
    struct reference *reference)
{
	struct trial *trial;
	struct arena *arena = arena_new();
	cJSON *document = documents_tree(work);

	trial = arena_alloc(arena, sizeof *trial);
	trial->work = work;
	trial->rules = rules;
	trial->reference = reference;
	trial->arena = trial->message.arena = trial->document.arena = arena;
	trial->used = arena_alloc(arena, LEAVES_MAX * sizeof *trial->used);
	trial->tree = json_parse(work->tape.text);
	gather(&trial->document, document, "");
	gather(&trial->message, trial->tree, "");
	print_all(trial);
	cJSON_Delete(trial->tree);
	cJSON_Delete(document);
	arena_free(&arena);
}
