/* What of a payload is personal: its table, the search, and the cut. */
#include "book/personal.h"

#include <stdlib.h>
#include <string.h>

#include "core/csv.h"
#include "core/file.h"
#include "core/vec.h"

#define ROWS_MAX 4000
#define PARTS_MAX 16		/* of a path */

enum then { THEN_ERASE, THEN_KEEP, THEN_KNOWN_BY };

struct row {
	const char *source, *topic, *path;
	enum personal_is is;
	enum then then;
	const char *prefix;	/* of a code */
	const char *unless;	/* kept when that member is there; or "". Of a
				 * code: the value that names nobody */
	bool any_depth;		/* "**.NAME" */
};

struct personal {
	struct arena *arena;
	struct vec rows;
	unsigned char lengths[256];	/* of names wanted at any depth */
};

static const char *const is_names[PERSONAL_KINDS] = {
	[PERSONAL_CODE] = "code",
	[PERSONAL_NAME] = "name",
	[PERSONAL_FIRST] = "first_name",
	[PERSONAL_LAST] = "last_name",
	[PERSONAL_EMAIL] = "email",
	[PERSONAL_PHONE] = "phone",
	[PERSONAL_STREET] = "street",
	[PERSONAL_NUMBER] = "number",
	[PERSONAL_TEXT] = "text",
};

const char *
personal_is_name(enum personal_is is)
{
	return is_names[is];
}

/* ---- the table -------------------------------------------------------- */

static const char HEAD[] = "source,topic,member,is,then,unless,why";

static bool
find_is(const char *name, enum personal_is *out)
{
	for (int i = 0; i < PERSONAL_KINDS; i++)
		if (strcmp(name, is_names[i]) == 0) {
			*out = (enum personal_is)i;
			return true;
		}
	return false;
}

static bool
read_then(struct personal *p, struct row *row, const char *then)
{
	if (row->is == PERSONAL_CODE) {
		row->then = THEN_KNOWN_BY;
		row->prefix = arena_strdup(p->arena, then);
		return true;
	}
	row->then = strcmp(then, "keep") == 0 ? THEN_KEEP : THEN_ERASE;
	return row->then == THEN_KEEP || strcmp(then, "erase") == 0;
}

static bool
read_row(struct personal *p, const struct csv *csv, struct err *e)
{
	struct row *row = vec_add(&p->rows);

	if (row == NULL)
		return err_set(e, ERR_CONFIG, "members.csv: more than %d rows",
		    ROWS_MAX);
	row->source = arena_strdup(p->arena, csv_field(csv, 0));
	row->topic = arena_strdup(p->arena, csv_field(csv, 1));
	row->path = arena_strdup(p->arena, csv_field(csv, 2));
	row->unless = arena_strdup(p->arena, csv_field(csv, 5));
	row->any_depth = strncmp(row->path, "**.", 3) == 0;
	if (row->any_depth) {
		row->path += 3;
		p->lengths[strlen(row->path) & 255] = 1;
	}
	if (csv->n != 7 || row->source[0] == '\0' || row->topic[0] == '\0' ||
	    row->path[0] == '\0' || !find_is(csv_field(csv, 3), &row->is) ||
	    !read_then(p, row, csv_field(csv, 4)))
		return err_set(e, ERR_CONFIG, "members.csv line %u: %s",
		    csv->line, HEAD);
	return row->then != THEN_KEEP || *csv_field(csv, 6) != '\0' ||
	    err_set(e, ERR_CONFIG, "members.csv line %u: what is kept says "
	    "why", csv->line);
}

static bool
read_rows(struct personal *p, struct csv *csv, struct err *e)
{
	bool first = true;

	for (; csv_next(csv, e); first = false) {
		if (csv->n == 1 && *csv_field(csv, 0) == '\0')
			continue;
		if (first && (csv->n != 7 || strcmp(csv_field(csv, 2),
		    "member") != 0))
			return err_set(e, ERR_CONFIG, "members.csv: its "
			    "first line is %s", HEAD);
		if (!first && !read_row(p, csv, e))
			return false;
	}
	return e->code == ERR_NONE;
}

bool
personal_read(struct personal **out, struct span text, struct err *e)
{
	struct personal *p = calloc(1, sizeof *p);
	struct csv csv;
	bool ok;

	if (p == NULL)
		bug("out of memory");
	p->arena = arena_new();
	vec_init(&p->rows, sizeof(struct row), ROWS_MAX);
	csv_open(&csv, text);
	ok = read_rows(p, &csv, e);
	csv_close(&csv);
	if (!ok)
		personal_free(&p);
	*out = p;
	return ok;
}

#define MEMBERS_MAX (1 << 20)

bool
personal_load(struct personal **out, const char *folder, struct err *e)
{
	struct arena *arena = arena_new();
	struct span csv;
	bool ok = file_read(arena_printf(arena, "%s/members.csv", folder),
	    MEMBERS_MAX, arena, &csv, e) && personal_read(out, csv, e);

	arena_free(&arena);
	return ok;
}

void
personal_free(struct personal **pp)
{
	struct personal *p = *pp;

	if (p == NULL)
		return;
	vec_free(&p->rows);
	arena_free(&p->arena);
	free(p);
	*pp = NULL;
}

/* `*` at its end stands for anything; a source's family is what is before
 * the first dash, as for its rules. */
static bool
matches(const char *pattern, const char *name)
{
	size_t n = strlen(pattern);

	if (n > 0 && pattern[n - 1] == '*')
		return strncmp(pattern, name, n - 1) == 0;
	return strcmp(pattern, name) == 0;
}

static bool
of_source(const char *pattern, const char *source)
{
	size_t n = strlen(pattern);

	return matches(pattern, source) ||
	    (strncmp(pattern, source, n) == 0 && source[n] == '-');
}

/* ---- searching -------------------------------------------------------- */


/* Of one item of a list of people, or of the whole payload. */
struct scope {
	size_t from, to;	/* tokens */
	const char *code;
	struct known *known;	/* what its members say of him */
	int who;		/* -1: not asked yet */
};

struct search {
	const struct json_tape *tape;
	struct arena *arena;
	struct personal_found *out;
	unsigned char *claimed;	/* by token */
	struct vec scopes;
	struct scope root;
	bool over;
	const char *alone;
	const struct row *row;
	bool kept;
};

static bool
is_leaf(const struct json_token *t)
{
	return (t->kind == JSON_STRING && t->n > 0) ||
	    t->kind == JSON_NUMBER;
}

/* A key, not a value. */
static bool
is_key(const struct json_tape *tape, size_t i)
{
	return tape->tokens[i].kind == JSON_STRING &&
	    tape->tokens[i].end > i + 1;
}

static const char *
text_of(struct search *s, size_t token)
{
	struct span text = json_plain(s->tape, token, s->arena);

	return arena_strndup(s->arena, text.p, text.n);
}

/* The item of a list that holds it, or the whole payload. Sorted by now. */
static struct scope *
scope_of(struct search *s, size_t token)
{
	struct scope *scopes = s->scopes.p;
	size_t low = 0, high = s->scopes.n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (scopes[mid].from <= token)
			low = mid + 1;
		else
			high = mid;
	}
	return low > 0 && token < scopes[low - 1].to ? &scopes[low - 1] :
	    &s->root;
}

static void
take_leaf(struct search *s, size_t i)
{
	const struct json_token *t = &s->tape->tokens[i];
	struct personal_member *m;

	if (!is_leaf(t) || s->claimed[i])
		return;
	s->claimed[i] = 1;
	if (s->out->members == NULL)
		s->out->members = arena_alloc(s->arena,
		    s->tape->n * sizeof *s->out->members);
	m = &s->out->members[s->out->n++];
	*m = (struct personal_member){ .is = s->row->is, .kept = s->kept,
	    .path = s->row->path, .value = text_of(s, i), .from = t->from,
	    .to = t->to, .who = (int)i };	/* its token until placed */
}

static void
take(struct search *s, size_t token)
{
	const struct json_token *tokens = s->tape->tokens;

	if (tokens[token].kind < JSON_ARRAY) {
		take_leaf(s, token);
		return;
	}
	for (size_t i = token + 1; i < tokens[token].end; i++)
		if (!is_key(s->tape, i))
			take_leaf(s, i);
}

/* A code names of whom all is that stands beside it. */
static void
take_code(struct search *s, size_t token, size_t group)
{
	const struct json_token *t = &s->tape->tokens[token];
	struct scope *scope;
	const char *value;

	if (!is_leaf(t) || span_is(json_told(s->tape, token),
	    s->row->unless))
		return;
	value = text_of(s, token);
	scope = group == 0 ? &s->root : vec_add(&s->scopes);
	/* Then all of it is of the payload itself. */
	if (scope == NULL) {
		s->over = true;
		return;
	}
	if (group != 0)
		*scope = (struct scope){ .from = group, .who = -1,
		    .to = s->tape->tokens[group].end };
	if (scope->code == NULL)
		scope->code = arena_printf(s->arena, "code:%s%s",
		    s->row->prefix, value);
}

static void
reach(struct search *s, size_t token, size_t group)
{
	if (s->row->then == THEN_KNOWN_BY)
		take_code(s, token, group);
	else
		take(s, token);
}

static void follow(struct search *, size_t token, const char *path,
    size_t group);

/* "name[]": each item; "name[TAG]": those lists that begin with that text. */
static void
follow_items(struct search *s, size_t list, struct span tag,
    const char *rest)
{
	const struct json_token *tokens = s->tape->tokens;

	if (tokens[list].kind != JSON_ARRAY)
		return;
	for (size_t i = list + 1; i < tokens[list].end; i = tokens[i].end) {
		if (tag.n == 0)
			follow(s, i, rest, i);
		else if (tokens[i].kind == JSON_ARRAY && tokens[i].end >
		    i + 1 && span_equal(json_told(s->tape, i + 1), tag))
			for (size_t k = i + 2; k < tokens[i].end; k++)
				take_leaf(s, k);
	}
}

static void
follow_all(struct search *s, size_t object, const char *rest, size_t group)
{
	const struct json_token *tokens = s->tape->tokens;

	for (size_t i = object + 1; i < tokens[object].end;
	    i = tokens[i].end)
		follow(s, i + 1, rest, group);
}

static void
follow(struct search *s, size_t token, const char *path, size_t group)
{
	size_t n = strcspn(path, ".["), next;
	const char *rest = path + n;
	struct span tag = { 0 };
	bool items = *rest == '[';

	if (*path == '\0') {
		reach(s, token, group);
		return;
	}
	if (items) {
		tag = (struct span){ rest + 1, strcspn(rest + 1, "]") };
		rest += tag.n + 1 + (rest[tag.n + 1] == ']');
	}
	if (*rest == '.')
		rest++;
	if (s->tape->tokens[token].kind != JSON_OBJECT)
		return;
	if (n == 1 && *path == '*') {
		follow_all(s, token, rest, group);
		return;
	}
	next = json_find(s->tape, token, (struct span){ path, n });
	if (next == 0)
		return;
	if (items)
		follow_items(s, next, tag, rest);
	else
		follow(s, next, rest, group);
}

/* Is a member there, and not empty? */
static bool
stands(struct search *s, const char *path)
{
	const char *value = *path != '\0' ?
	    json_take(s->tape, path, s->arena) : NULL;

	return value != NULL && *value != '\0';
}

static void
search_row(struct search *s, const struct row *row)
{
	s->row = row;
	s->kept = row->then == THEN_KEEP || stands(s, row->unless);
	follow(s, 0, row->path, 0);
}

/* Every key of the payload once, for all rows of any depth. */
static void
search_deep(struct search *s, const struct personal *p,
    const struct row *const *rows, size_t n)
{
	const struct json_tape *tape = s->tape;

	for (size_t i = 0; i < tape->n; i++) {
		struct span key;

		if (!p->lengths[tape->tokens[i].n & 255] || !is_key(tape, i))
			continue;
		key = json_told(tape, i);
		for (size_t k = 0; k < n; k++)
			if (span_is(key, rows[k]->path)) {
				s->row = rows[k];
				s->kept = rows[k]->then == THEN_KEEP;
				take(s, i + 1);
				break;
			}
	}
}

/* ---- of whom ---------------------------------------------------------- */

static void
lower(char *text)
{
	for (; *text != '\0'; text++)
		if (*text >= 'A' && *text <= 'Z')
			*text += 'a' - 'A';
}

/* Digits alone, and of those the last ten: with and without +91 is one. */
static char *
plain_phone(const char *value, struct arena *arena)
{
	char *out = arena_alloc(arena, strlen(value) + 1);
	size_t n = 0;

	for (; *value != '\0'; value++)
		if (*value >= '0' && *value <= '9')
			out[n++] = *value;
	return n > 10 ? out + n - 10 : out;
}

/* One blank between words, none around them. */
static char *
plain_words(const char *value, struct arena *arena)
{
	char *out = arena_alloc(arena, strlen(value) + 1);
	size_t n = 0;

	for (; *value != '\0'; value++) {
		bool blank = *value == ' ' || *value == '\t' ||
		    *value == '\n';

		if (!blank)
			out[n++] = *value;
		else if (n > 0 && out[n - 1] != ' ')
			out[n++] = ' ';
	}
	if (n > 0 && out[n - 1] == ' ')
		n--;
	out[n] = '\0';
	return out;
}

const char *
personal_plain(enum personal_is is, const char *value, struct arena *arena)
{
	char *plain = is == PERSONAL_PHONE ? plain_phone(value, arena) :
	    plain_words(value, arena);

	lower(plain);
	return arena_printf(arena, "%s:%s", is_names[is], plain);
}

#define ALSO_MAX 64

struct known {
	const char *also[ALSO_MAX];
	size_t n;
	const char *email, *phone, *name, *first, *last;
};

static void
add_also(struct known *k, const char *what)
{
	for (size_t i = 0; i < k->n; i++)
		if (strcmp(k->also[i], what) == 0)
			return;
	if (k->n < ALSO_MAX)
		k->also[k->n++] = what;
}

static void
add_name(struct known *k, struct arena *arena)
{
	if (k->last == NULL || k->first == NULL)
		return;
	add_also(k, personal_plain(PERSONAL_NAME, arena_printf(arena,
	    "%s %s", k->first, k->last), arena));
	k->first = k->last = NULL;
}

static void
learn(struct known *k, const struct personal_member *m, struct arena *arena)
{
	const char *plain = personal_plain(m->is, m->value, arena);

	switch (m->is) {
	case PERSONAL_EMAIL:
		k->email = k->email != NULL ? k->email : plain;
		add_also(k, plain);
		break;
	case PERSONAL_PHONE:
		k->phone = k->phone != NULL ? k->phone : plain;
		add_also(k, plain);
		break;
	case PERSONAL_NAME:
		add_also(k, plain);
		break;
	case PERSONAL_FIRST:
		k->first = m->value;
		add_name(k, arena);
		break;
	case PERSONAL_LAST:
		k->last = m->value;
		add_name(k, arena);
		break;
	default:
		break;
	}
}

static int
make_who(struct search *s, const struct scope *scope)
{
	struct personal_who *who = &s->out->people[s->out->n_people];
	struct known *k = scope->known;

	if (scope->code != NULL)
		add_also(k, scope->code);
	who->id = scope->code != NULL ? scope->code : k->email != NULL ?
	    k->email : k->phone != NULL ? k->phone : s->alone;
	who->also = k->also;
	who->n_also = k->n;
	return (int)s->out->n_people++;
}

static int
by_place(const void *a, const void *b)
{
	const struct personal_member *x = a, *y = b;

	return x->from < y->from ? -1 : x->from > y->from;
}

static int
by_token(const void *a, const void *b)
{
	const struct scope *x = a, *y = b;

	return x->from < y->from ? -1 : x->from > y->from;
}

/* What stands is asked of whom it is: members hold their token until then. */
static void
place(struct search *s)
{
	struct personal_found *out = s->out;
	struct scope **of = arena_alloc(s->arena, out->n * sizeof *of);

	qsort(out->members, out->n, sizeof *out->members, by_place);
	if (s->scopes.n > 1)
		qsort(s->scopes.p, s->scopes.n, sizeof(struct scope),
		    by_token);
	for (size_t i = 0; i < out->n; i++) {
		if (out->members[i].kept)
			continue;
		out->cut = true;
		of[i] = scope_of(s, (size_t)out->members[i].who);
		if (of[i]->known == NULL)
			of[i]->known = arena_alloc(s->arena,
			    sizeof *of[i]->known);
		learn(of[i]->known, &out->members[i], s->arena);
	}
	out->people = arena_alloc(s->arena, (s->scopes.n + 1) *
	    sizeof *out->people);
	for (size_t i = 0; i < out->n; i++) {
		if (of[i] != NULL && of[i]->who < 0)
			of[i]->who = make_who(s, of[i]);
		out->members[i].who = of[i] != NULL ? of[i]->who : -1;
	}
}

static void
search_all(struct search *s, const struct personal *p, const char *source,
    const char *topic)
{
	const struct row **deep = arena_alloc(s->arena,
	    (p->rows.n + 1) * sizeof *deep);
	size_t n = 0;

	for (size_t i = 0; i < p->rows.n; i++) {
		const struct row *row = vec_at(&p->rows, i);

		if (!of_source(row->source, source) ||
		    !matches(row->topic, topic))
			continue;
		if (row->any_depth)
			deep[n++] = row;
		else
			search_row(s, row);
	}
	if (n > 0)
		search_deep(s, p, deep, n);
}

void
personal_find(const struct personal *p, const char *source,
    const char *topic, const struct json_tape *tape, const char *alone,
    struct arena *arena, struct personal_found *out)
{
	struct search *s;

	*out = (struct personal_found){ 0 };
	if (p->rows.n == 0 || tape->n == 0)
		return;
	s = arena_alloc(arena, sizeof *s);
	*s = (struct search){ .tape = tape, .arena = arena, .out = out,
	    .alone = alone, .root = { .to = tape->n, .who = -1 } };
	vec_init(&s->scopes, sizeof(struct scope), PERSONAL_PEOPLE_MAX);
	s->claimed = arena_alloc(arena, tape->n);
	search_all(s, p, source, topic != NULL ? topic : "");
	if (s->over) {
		vec_clear(&s->scopes);
		s->root.code = NULL;
	}
	if (out->n > 0)
		place(s);
	vec_free(&s->scopes);
}

/* ---- cutting ---------------------------------------------------------- */

struct span
personal_cut(struct span body, struct personal_found *found,
    struct arena *arena)
{
	char *out = arena_alloc(arena, body.n + found->n + 1);
	size_t at = 0, n = 0;

	for (size_t i = 0; i < found->n; i++) {
		struct personal_member *m = &found->members[i];
		bool text = body.p[m->from] == '"';

		if (m->kept)
			continue;
		memcpy(out + n, body.p + at, m->from - at);
		n += m->from - at;
		m->at = n;
		m->n = text ? 2 : 1;
		memcpy(out + n, text ? "\"\"" : "0", m->n);
		n += m->n;
		at = m->to;
	}
	memcpy(out + n, body.p + at, body.n - at);
	return (struct span){ out, n + body.n - at };
}
