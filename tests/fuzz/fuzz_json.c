/*
 * libFuzzer target of the JSON gate.  What it lets pass must be UTF-8 that
 * passes again unchanged, that cJSON reads, and that holds no bare number.
 */
#include "fuzz.h"

#include <cjson/cJSON.h>

#include "core/json.h"
#include "core/utf8.h"

#define OUT_MAX (1 << 20)

/* A tree of quoted text has no number in it, at any depth. */
static void
judge_tree(const cJSON *tree)
{
	for (; tree != NULL; tree = tree->next) {
		must(!cJSON_IsNumber(tree));
		judge_tree(tree->child);
	}
}

/* Writing the text of any input gives strict JSON, too. */
static void
judge_writer(struct span in, struct str *out)
{
	struct json_where where;
	struct str again;
	struct json j;

	str_clear(out);
	json_start(&j, out);
	json_open(&j, '{');
	json_key(&j, "text");
	json_span(&j, in);
	json_kint(&j, "n", (int64_t)in.n);
	json_close(&j, '}');
	must(utf8_valid(str_span(out)) || out->over);
	str_init(&again, OUT_MAX);
	if (!out->over && memchr(in.p, '\0', in.n) == NULL)
		must(json_quote(str_span(out), JSON_DEPTH_MAX, &again,
		    &where) == JSON_OK);
	str_free(&again);
}

/* The row says what the tree says, value by value. */
static size_t
judge_token(const struct json_tape *tape, size_t i, const cJSON *item,
    struct arena *arena)
{
	const struct json_token *token = &tape->tokens[i];
	size_t end = i + 1;

	must(i < tape->n);
	must((token->kind == JSON_NULL) == cJSON_IsNull(item));
	must((token->kind == JSON_BOOL) == cJSON_IsBool(item));
	must((token->kind == JSON_STRING || token->kind == JSON_NUMBER) ==
	    cJSON_IsString(item));
	must((token->kind == JSON_ARRAY) == cJSON_IsArray(item));
	must((token->kind == JSON_OBJECT) == cJSON_IsObject(item));
	if (cJSON_IsString(item))
		must(span_is(json_plain(tape, i, arena), item->valuestring));
	for (const cJSON *one = item->child; one != NULL; one = one->next) {
		size_t key = end;

		if (token->kind == JSON_OBJECT) {
			must(span_is(json_plain(tape, key, arena),
			    one->string));
			must(json_find(tape, i, span_of(one->string)) ==
			    key + 1);
			end = judge_token(tape, key + 1, one, arena);
			must(tape->tokens[key].end == end);
		} else {
			end = judge_token(tape, end, one, arena);
		}
	}
	must(token->end == end);
	return end;
}

static void
judge_tape(struct span in, struct span quoted, enum json_fault fault,
    const cJSON *tree)
{
	struct arena *arena = arena_new();
	struct json_tape tape;
	struct json_where where;

	must(json_read(in, JSON_DEPTH_MAX, arena, &tape, &where) == fault);
	if (fault == JSON_OK) {
		must(span_equal(tape.text, quoted));
		must(judge_token(&tape, 0, tree, arena) == tape.n);
	}
	arena_free(&arena);
}

/* An array read item by item is judged as the whole is, and its items are
 * the whole's. */
static void
judge_items(struct span in, struct span quoted, enum json_fault fault,
    const struct json_where *whole)
{
	static struct json_item items[100];
	struct arena *arena = arena_new();
	struct json_where where;
	struct str joined;
	size_t n = 0;

	must(json_read_items(in, JSON_DEPTH_MAX, arena, items, 100, &n,
	    &where) == fault);
	must(where.offset == whole->offset);
	must(strcmp(where.key, whole->key) == 0);
	str_init(&joined, OUT_MAX);
	str_addc(&joined, '[');
	for (size_t i = 0; fault == JSON_OK && i < n && n <= 100; i++) {
		struct json_tape alone;

		must(json_read(items[i].text, JSON_DEPTH_MAX, arena, &alone,
		    &where) == JSON_OK);
		must(span_equal(alone.text, items[i].tape.text));
		must(alone.n == items[i].tape.n && memcmp(alone.tokens,
		    items[i].tape.tokens, alone.n * sizeof *alone.tokens) ==
		    0);
		str_adds(&joined, i > 0 ? "," : "");
		str_add(&joined, alone.text.p, alone.text.n);
	}
	str_addc(&joined, ']');
	must(fault != JSON_OK || n > 100 ||
	    span_equal(str_span(&joined), quoted));
	str_free(&joined);
	arena_free(&arena);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span in = { size > 0 ? (const char *)data : "", size };
	struct json_where where;
	struct str once, twice;
	enum json_fault fault;
	cJSON *tree;

	str_init(&once, OUT_MAX);
	str_init(&twice, OUT_MAX);
	fault = json_quote(in, JSON_DEPTH_MAX, &once, &where);
	must(where.offset <= size);
	must(memchr(where.key, '\0', sizeof where.key) != NULL);
	must((fault == JSON_DUPLICATE) || where.key[0] == '\0');
	if (json_is_array(in) && fault != JSON_TOO_LARGE)
		judge_items(in, str_span(&once), fault, &where);
	if (fault == JSON_OK) {
		must(!once.over && utf8_valid(str_span(&once)));
		must(json_quote(str_span(&once), JSON_DEPTH_MAX, &twice,
		    &where) == JSON_OK);
		must(span_equal(str_span(&once), str_span(&twice)));
		tree = json_parse(str_span(&once));
		must(tree != NULL);
		judge_tree(tree);
		judge_tape(in, str_span(&once), fault, tree);
		cJSON_Delete(tree);
	} else if (fault != JSON_TOO_LARGE) {
		judge_tape(in, str_span(&once), fault, NULL);
	}
	judge_writer(in, &once);
	str_free(&once);
	str_free(&twice);
	return 0;
}
