/*
 * The gate of foreign JSON (json_quote), the thin reader and the writer.
 * What the gate lets pass is exactly what was sent: every number keeps its
 * text, every key its one meaning.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cjson/cJSON.h>
#include <cmocka.h>

#include "core/json.h"
#include "core/utf8.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define MAX 65536

struct quoted {
	const char *in;
	const char *out;
};

static const struct quoted passes[] = {
	/* numbers become strings of their own text */
	{ "150.00", "\"150.00\"" },
	{ "0", "\"0\"" },
	{ "-0", "\"-0\"" },
	{ "-0.0", "\"-0.0\"" },
	{ "0.10", "\"0.10\"" },
	{ "1e400", "\"1e400\"" },
	{ "1E+5", "\"1E+5\"" },
	{ "1.5e-07", "\"1.5e-07\"" },
	{ "0e0", "\"0e0\"" },
	{ "12345678901234567890", "\"12345678901234567890\"" },
	{ "9007199254740993", "\"9007199254740993\"" },
	{ "0.1000000000000000055511151231257827",
	    "\"0.1000000000000000055511151231257827\"" },
	/* words, empty groups, space */
	{ "true", "true" }, { "false", "false" }, { "null", "null" },
	{ "{}", "{}" }, { "[]", "[]" }, { "\"\"", "\"\"" },
	{ " \t\r\n{ } \n", "{}" },
	{ "[ 1 , 2 ,\n3 ]", "[\"1\",\"2\",\"3\"]" },
	{ "{ \"a\" : 1 , \"b\" : [ true , null ] }",
	    "{\"a\":\"1\",\"b\":[true,null]}" },
	/* a string stays one, also when it looks like a number */
	{ "\"150.00\"", "\"150.00\"" },
	{ "\"1\\u002e5\"", "\"1.5\"" },
	/* escapes in one spelling */
	{ "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"",
	    "\"\\\"\\\\/\\u0008\\u000c\\n\\r\\t\"" },
	{ "\"\\u0041\\u00e9\\u20ac\"", "\"A\xc3\xa9\xe2\x82\xac\"" },
	{ "\"\\uD83D\\uDE00\"", "\"\xf0\x9f\x98\x80\"" },
	{ "\"\\ud800\\udc00\\udbff\\udfff\"",
	    "\"\xf0\x90\x80\x80\xf4\x8f\xbf\xbf\"" },
	{ "\"\\u001f\"", "\"\\u001f\"" },
	{ "\"\\u0022\\u005C\"", "\"\\\"\\\\\"" },
	{ "\"\x7f\"", "\"\x7f\"" },
	{ "\"\\uFFFD\xef\xbf\xbd\\uffff\"",
	    "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbf\"" },
	{ "\"\xe0\xa4\xb0\xe0\xa5\x81\"", "\"\xe0\xa4\xb0\xe0\xa5\x81\"" },
	/* the same key in different objects, and keys that differ little */
	{ "{\"a\":{\"a\":{\"a\":1}}}", "{\"a\":{\"a\":{\"a\":\"1\"}}}" },
	{ "[{\"a\":1},{\"a\":2}]", "[{\"a\":\"1\"},{\"a\":\"2\"}]" },
	{ "{\"a\":[{\"b\":1}],\"b\":2}", "{\"a\":[{\"b\":\"1\"}],"
	    "\"b\":\"2\"}" },
	{ "{\"a\":1,\"A\":2,\"a \":3,\"\":4}",
	    "{\"a\":\"1\",\"A\":\"2\",\"a \":\"3\",\"\":\"4\"}" },
	{ "{\"\xc3\xa9\":1,\"e\xcc\x81\":2}",
	    "{\"\xc3\xa9\":\"1\",\"e\xcc\x81\":\"2\"}" },
};

struct refused {
	struct span in;
	enum json_fault fault;
};

#define NO(text, f) { SPAN(text), JSON_##f }

static const struct refused faults[] = {
	NO("", SYNTAX), NO(" ", SYNTAX), NO("\xef\xbb\xbf{}", SYNTAX),
	/* numbers */
	NO("01", SYNTAX), NO("-01", SYNTAX), NO("00", SYNTAX),
	NO("+1", SYNTAX), NO("-", SYNTAX), NO(".5", SYNTAX),
	NO("5.", SYNTAX), NO("5.e1", SYNTAX), NO("1e", SYNTAX),
	NO("1e+", SYNTAX), NO("1e1.5", SYNTAX), NO("1.2.3", SYNTAX),
	NO("0x10", SYNTAX), NO("NaN", SYNTAX), NO("Infinity", SYNTAX),
	NO("-Infinity", SYNTAX), NO("1_000", SYNTAX), NO("1,2", SYNTAX),
	NO("- 1", SYNTAX), NO("\xd9\xa1", SYNTAX),
	/* words */
	NO("True", SYNTAX), NO("tru", SYNTAX), NO("truee", SYNTAX),
	NO("nul", SYNTAX), NO("falsefalse", SYNTAX), NO("undefined", SYNTAX),
	/* groups */
	NO("{", SYNTAX), NO("[", SYNTAX), NO("}", SYNTAX), NO("]", SYNTAX),
	NO("[1", SYNTAX), NO("[1,", SYNTAX), NO("[1,]", SYNTAX),
	NO("[,1]", SYNTAX), NO("[1 2]", SYNTAX), NO("[1}", SYNTAX),
	NO("{]", SYNTAX), NO("{\"a\"}", SYNTAX), NO("{\"a\":}", SYNTAX),
	NO("{\"a\":1,}", SYNTAX), NO("{\"a\":1 \"b\":2}", SYNTAX),
	NO("{a:1}", SYNTAX), NO("{'a':1}", SYNTAX), NO("{1:1}", SYNTAX),
	NO("{\"a\" 1}", SYNTAX), NO("{\"a\":1]", SYNTAX),
	NO("{null:1}", SYNTAX), NO("[1]/*c*/", SYNTAX), NO("//c\n1", SYNTAX),
	/* what follows the value */
	NO("{}{}", SYNTAX), NO("{} x", SYNTAX), NO("1 2", SYNTAX),
	NO("\"a\"b", SYNTAX), NO("[]]", SYNTAX), NO("{},", SYNTAX),
	/* space that is not JSON's */
	NO("\f1", SYNTAX), NO("\v1", SYNTAX), NO("\xc2\xa0" "1", SYNTAX),
	/* strings */
	NO("\"", SYNTAX), NO("\"abc", SYNTAX), NO("'a'", SYNTAX),
	NO("\"a\nb\"", SYNTAX), NO("\"a\tb\"", SYNTAX),
	NO("\"\x1f\"", SYNTAX), NO("\"\\", SYNTAX), NO("\"\\\"", SYNTAX),
	NO("\"\\a\"", SYNTAX), NO("\"\\x41\"", SYNTAX),
	NO("\"\\'\"", SYNTAX), NO("\"\\u\"", SYNTAX),
	NO("\"\\u12\"", SYNTAX), NO("\"\\u123", SYNTAX),
	NO("\"\\u12g4\"", SYNTAX), NO("\"\\U0041\"", SYNTAX),
	NO("\"\\u 041\"", SYNTAX), NO("\"\\u-041\"", SYNTAX),
	/* NUL, written or raw */
	NO("\"\\u0000\"", NUL), NO("\"a\0b\"", NUL), NO("\0", NUL),
	NO("[\0]", NUL), NO("{}\0", NUL), NO("{} \0", NUL),
	NO("{\"\\u0000\":1}", NUL), NO("{\"a\0\":1}", NUL),
	/* surrogates that do not pair */
	NO("\"\\ud800\"", UTF8), NO("\"\\udc00\"", UTF8),
	NO("\"\\udfff\"", UTF8), NO("\"\\ud800x\"", UTF8),
	NO("\"\\ud800\\n\"", UTF8), NO("\"\\ud800\\u0041\"", UTF8),
	NO("\"\\ud800\\ud800\"", UTF8), NO("\"\\udc00\\ud800\"", UTF8),
	NO("\"\\ud83d", UTF8), NO("\"\\ud83d\\", UTF8),
	NO("\"\\ud83d\\u", UTF8), NO("\"\\ud83d\\ude0", UTF8),
	NO("{\"\\udead\":1}", UTF8),
	/* bytes that are not UTF-8 */
	NO("\"\x80\"", UTF8), NO("\"\xff\"", UTF8), NO("\"\xc0\xaf\"", UTF8),
	NO("\"\xc1\xbf\"", UTF8), NO("\"\xe0\x80\xaf\"", UTF8),
	NO("\"\xe0\x9f\xbf\"", UTF8), NO("\"\xf0\x80\x80\xaf\"", UTF8),
	NO("\"\xed\xa0\x80\"", UTF8), NO("\"\xed\xbf\xbf\"", UTF8),
	NO("\"\xf4\x90\x80\x80\"", UTF8), NO("\"\xf5\x80\x80\x80\"", UTF8),
	NO("\"\xc3\"", UTF8), NO("\"\xe2\x82\"", UTF8), NO("\"\xc3", UTF8),
	NO("\"\xe9\"", UTF8), NO("{\"\xe9\":1}", UTF8),
	/* keys */
	NO("{\"a\":1,\"a\":1}", DUPLICATE),
	NO("{\"a\":1,\"b\":2,\"a\":3}", DUPLICATE),
	NO("{\"\\u0061\":1,\"a\":2}", DUPLICATE),
	NO("{\"a\\/b\":1,\"a/b\":2}", DUPLICATE),
	NO("{\"\\n\":1,\"\\u000A\":2}", DUPLICATE),
	NO("{\"\\\"\":1,\"\\u0022\":2}", DUPLICATE),
	NO("{\"\\uD83D\\uDE00\":1,\"\xf0\x9f\x98\x80\":2}", DUPLICATE),
	NO("{\"\":1,\"\":2}", DUPLICATE),
	NO("{\"x\":{\"y\":[{\"a\":1,\"a\":2}]}}", DUPLICATE),
	NO("{\"a\":{\"b\":1},\"c\":{\"b\":2},\"a\":3}", DUPLICATE),
	NO("[1,{\"amount\":1,\"tax\":2,\"amount\":3}]", DUPLICATE),
};

static void
quote_passes(void **state)
{
	struct json_where where;
	struct str out;

	(void)state;
	str_init(&out, MAX);
	for (size_t i = 0; i < COUNT(passes); i++) {
		enum json_fault fault = json_quote(span_of(passes[i].in),
		    JSON_DEPTH_MAX, &out, &where);

		if (fault != JSON_OK)
			fail_msg("%s: %s at %zu", passes[i].in,
			    json_fault_name(fault), where.offset);
		assert_string_equal(out.p, passes[i].out);
		assert_int_equal(out.n, strlen(passes[i].out));
		assert_string_equal(where.key, "");
	}
	str_free(&out);
}

static void
quote_refuses(void **state)
{
	struct json_where where;
	struct str out;

	(void)state;
	str_init(&out, MAX);
	for (size_t i = 0; i < COUNT(faults); i++) {
		struct span in = faults[i].in;
		/* A tight copy, so that a read past the end is seen. */
		char *copy = malloc(in.n + (in.n == 0));
		enum json_fault fault;

		memcpy(copy, in.p, in.n);
		fault = json_quote((struct span){ copy, in.n },
		    JSON_DEPTH_MAX, &out, &where);
		if (fault != faults[i].fault)
			fail_msg("row %zu (%.*s): %s instead of %s", i,
			    (int)in.n, in.p, json_fault_name(fault),
			    json_fault_name(faults[i].fault));
		if (where.offset > in.n)
			fail_msg("row %zu (%.*s): fault at %zu of %zu", i,
			    (int)in.n, in.p, where.offset, in.n);
		free(copy);
	}
	str_free(&out);
}

static void
quote_refuses_every_prefix(void **state)
{
	static const char text[] = "{\"a\":[1.5e2,{\"b\":\"\\ud83d\\ude00"
	    "\xe2\x82\xac\"},true,null,\"\\n\"],\"c\":-0}";
	struct json_where where;
	struct str out;

	(void)state;
	str_init(&out, MAX);
	for (size_t n = 0; n < sizeof text - 1; n++) {
		char *copy = malloc(n + 1);

		memcpy(copy, text, n);
		copy = realloc(copy, n + (n == 0));
		assert_int_not_equal(JSON_OK, json_quote((struct span){
		    copy, n }, JSON_DEPTH_MAX, &out, &where));
		assert_true(where.offset <= n);
		free(copy);
	}
	assert_int_equal(JSON_OK, json_quote(span_of(text), JSON_DEPTH_MAX,
	    &out, &where));
	str_free(&out);
}

static void
quote_names_the_place(void **state)
{
	static const struct {
		const char *in;
		size_t least, most;
	} rows[] = {
		{ "[1,x]", 3, 3 },
		{ "{\"a\":1} x", 8, 8 },
		{ "[tru]", 1, 1 },
		{ "\"ab\x80\"", 3, 3 },
		{ "[\"a\\q\"]", 3, 5 },
	};
	struct json_where where;
	struct str out;

	(void)state;
	str_init(&out, MAX);
	for (size_t i = 0; i < COUNT(rows); i++) {
		assert_int_not_equal(JSON_OK, json_quote(span_of(rows[i].in),
		    JSON_DEPTH_MAX, &out, &where));
		assert_in_range(where.offset, rows[i].least, rows[i].most);
	}
	assert_int_equal(JSON_DUPLICATE, json_quote(
	    span_of("{\"tax\":1,\"\\u0074ax\":2}"), JSON_DEPTH_MAX, &out,
	    &where));
	assert_string_equal(where.key, "tax");
	str_free(&out);
}

/* The key of a duplicate is cut, and still text. */
static void
quote_cuts_the_key(void **state)
{
	struct json_where where;
	struct str in, out;

	(void)state;
	str_init(&in, MAX);
	str_init(&out, MAX);
	for (int twice = 0; twice < 2; twice++) {
		str_adds(&in, twice ? ",\"a" : "{\"a");
		for (int i = 0; i < 50; i++)
			str_adds(&in, "\xe2\x82\xac");
		str_adds(&in, "\":1");
	}
	str_addc(&in, '}');
	assert_int_equal(JSON_DUPLICATE, json_quote(str_span(&in),
	    JSON_DEPTH_MAX, &out, &where));
	assert_int_equal(strlen(where.key), 61);
	assert_true(utf8_valid(span_of(where.key)));
	str_free(&in);
	str_free(&out);
}

static void
nest(struct str *out, const char *open, const char *close, int depth)
{
	str_clear(out);
	for (int i = 0; i < depth; i++)
		str_adds(out, open);
	str_adds(out, "1");
	for (int i = 0; i < depth; i++)
		str_adds(out, close);
}

static void
quote_bounds_depth(void **state)
{
	struct json_where where;
	struct str in, out;

	(void)state;
	str_init(&in, 4 * MAX);
	str_init(&out, MAX);
	nest(&in, "[", "]", 32);
	assert_int_equal(JSON_OK, json_quote(str_span(&in), 32, &out, &where));
	nest(&in, "[", "]", 33);
	assert_int_equal(JSON_DEPTH, json_quote(str_span(&in), 32, &out,
	    &where));
	assert_int_equal(where.offset, 32);
	nest(&in, "{\"a\":", "}", 32);
	assert_int_equal(JSON_OK, json_quote(str_span(&in), 32, &out, &where));
	nest(&in, "{\"a\":", "}", 33);
	assert_int_equal(JSON_DEPTH, json_quote(str_span(&in), 32, &out,
	    &where));
	nest(&in, "[{\"a\":", "}]", 16);
	assert_int_equal(JSON_OK, json_quote(str_span(&in), 32, &out, &where));
	nest(&in, "[", "]", 50000);
	assert_int_equal(JSON_DEPTH, json_quote(str_span(&in), 32, &out,
	    &where));
	nest(&in, "[", "]", 1);
	assert_int_equal(JSON_OK, json_quote(str_span(&in), 1, &out, &where));
	assert_int_equal(JSON_DEPTH, json_quote(str_span(&in), 0, &out,
	    &where));
	assert_int_equal(JSON_OK, json_quote(SPAN("1"), 0, &out, &where));
	/* Side by side is not deep. */
	str_clear(&in);
	str_addc(&in, '[');
	for (int i = 0; i < 1000; i++)
		str_adds(&in, i > 0 ? ",[]" : "[]");
	str_addc(&in, ']');
	assert_int_equal(JSON_OK, json_quote(str_span(&in), 2, &out, &where));
	str_free(&in);
	str_free(&out);
}

static void
quote_bounds_numbers(void **state)
{
	struct json_where where;
	struct str out;
	char text[80];

	(void)state;
	str_init(&out, MAX);
	memset(text, '7', sizeof text);
	assert_int_equal(JSON_OK, json_quote((struct span){ text, 64 },
	    JSON_DEPTH_MAX, &out, &where));
	assert_int_equal(out.n, 66);
	assert_int_equal(JSON_SYNTAX, json_quote((struct span){ text, 65 },
	    JSON_DEPTH_MAX, &out, &where));
	text[0] = '-';
	text[10] = '.';
	text[60] = 'e';
	assert_int_equal(JSON_OK, json_quote((struct span){ text, 64 },
	    JSON_DEPTH_MAX, &out, &where));
	assert_int_equal(JSON_SYNTAX, json_quote((struct span){ text, 65 },
	    JSON_DEPTH_MAX, &out, &where));
	str_free(&out);
}

static void
quote_bounds_size(void **state)
{
	static const struct {
		const char *in;
		size_t max;
		enum json_fault fault;
	} rows[] = {
		{ "[1,2]", 9, JSON_OK },
		{ "[1,2]", 8, JSON_TOO_LARGE },
		{ "\"abc\"", 5, JSON_OK },
		{ "\"abc\"", 4, JSON_TOO_LARGE },
		{ "true", 3, JSON_TOO_LARGE },
		{ "{\"a\":1}", 9, JSON_OK },
		{ "{\"a\":1}", 8, JSON_TOO_LARGE },
		{ "{\"aaaaaaaaaa\":1,\"aaaaaaaaaa\":2}", 10, JSON_TOO_LARGE },
		{ "{\"aaaaaaaaaa\":1,\"b\":2}", 0, JSON_TOO_LARGE },
	};
	struct json_where where;
	struct str out;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		str_init(&out, rows[i].max);
		assert_int_equal(rows[i].fault, json_quote(
		    span_of(rows[i].in), JSON_DEPTH_MAX, &out, &where));
		assert_true(out.n <= rows[i].max);
		str_free(&out);
	}
}

static void
quote_finds_one_of_many_keys(void **state)
{
	struct json_where where;
	struct str in, out;

	(void)state;
	str_init(&in, 1 << 20);
	str_init(&out, 1 << 20);
	str_addc(&in, '{');
	for (int i = 0; i < 5000; i++)
		str_addf(&in, "%s\"k%d\":{\"k\":%d}", i > 0 ? "," : "", i, i);
	str_addc(&in, '}');
	assert_int_equal(JSON_OK, json_quote(str_span(&in), JSON_DEPTH_MAX,
	    &out, &where));
	in.p[in.n - 1] = ',';
	str_adds(&in, "\"k1234\":0}");
	assert_int_equal(JSON_DUPLICATE, json_quote(str_span(&in),
	    JSON_DEPTH_MAX, &out, &where));
	assert_string_equal(where.key, "k1234");
	str_free(&in);
	str_free(&out);
}

/* As many values as are allowed are a document, one more is none. */
static void
bounds_values(void **state)
{
	static const char text[] = "[{\"a\":1},[],\"x\",null]";
	struct arena *arena = arena_new();
	struct json_where where;
	struct json_tape tape;
	struct err e = { 0 };
	cJSON *tree = json_bounded(span_of(text), 6, &e);

	(void)state;
	assert_non_null(tree);
	cJSON_Delete(tree);
	assert_null(json_bounded(span_of(text), 5, &e));
	assert_int_equal(json_read_bounded(span_of(text), 9, 6, arena, &tape,
	    &where), JSON_OK);
	assert_int_equal(json_read_bounded(span_of(text), 9, 5, arena, &tape,
	    &where), JSON_TOO_LARGE);
	arena_free(&arena);
}

static void
quote_is_stable(void **state)
{
	struct json_where where;
	struct str once, twice;

	(void)state;
	str_init(&once, MAX);
	str_init(&twice, MAX);
	for (size_t i = 0; i < COUNT(passes); i++) {
		assert_int_equal(JSON_OK, json_quote(span_of(passes[i].in),
		    JSON_DEPTH_MAX, &once, &where));
		assert_int_equal(JSON_OK, json_quote(str_span(&once),
		    JSON_DEPTH_MAX, &twice, &where));
		assert_string_equal(once.p, twice.p);
	}
	str_free(&once);
	str_free(&twice);
}

static void
faults_have_names(void **state)
{
	(void)state;
	for (int a = JSON_OK; a <= JSON_TOO_LARGE; a++) {
		const char *name = json_fault_name((enum json_fault)a);

		assert_memory_equal(name, "json.", 5);
		for (int b = JSON_OK; b < a; b++)
			assert_string_not_equal(name,
			    json_fault_name((enum json_fault)b));
	}
	assert_string_equal(json_fault_name(JSON_DUPLICATE),
	    "json.duplicate_key");
}

/* ---- reading ------------------------------------------------------------- */

static void
reads_by_path(void **state)
{
	static const char text[] = "{\"data\":{\"amount\":150.00,"
	    "\"list\":[1,2],\"none\":null,\"yes\":true,\"Amount\":\"x\","
	    "\"\":\"empty\"},\"a.b\":1}";
	struct json_where where;
	struct cJSON *tree;
	struct str out;

	(void)state;
	str_init(&out, MAX);
	assert_int_equal(JSON_OK, json_quote(span_of(text), JSON_DEPTH_MAX,
	    &out, &where));
	tree = json_parse(str_span(&out));
	assert_non_null(tree);
	assert_string_equal(json_text(tree, "data.amount"), "150.00");
	assert_string_equal(json_text(tree, "data.Amount"), "x");
	assert_null(json_text(tree, "data"));
	assert_null(json_text(tree, "data.list"));
	assert_null(json_text(tree, "data.none"));
	assert_null(json_text(tree, "data.yes"));
	assert_null(json_text(tree, "data.AMOUNT"));
	assert_null(json_text(tree, "data.absent"));
	assert_null(json_text(tree, "data.amount.deeper"));
	assert_null(json_text(tree, "absent.amount"));
	assert_null(json_text(NULL, "data"));
	assert_ptr_equal(json_at(tree, ""), tree);
	assert_true(cJSON_IsArray(json_at(tree, "data.list")));
	assert_true(cJSON_IsNull(json_at(tree, "data.none")));
	cJSON_Delete(tree);
	assert_null(json_parse(SPAN("{\"a\":")));
	assert_null(json_parse(SPAN("")));
	str_free(&out);
}

static void
tells_values_in_a_row(void **state)
{
	static const char text[] = " {\"a\" : [ 1.50, \"x\\u0001\\/\", [ ] ] ,"
	    " \"\\u0062\\n\" : {\"c\":null,\"d\":true}, \"e\":\"\" } ";
	static const struct {
		enum json_kind kind;
		size_t end;
		const char *told;
	} rows[] = {
		{ JSON_OBJECT, 14, "{\"a\":[\"1.50\",\"x\\u0001/\",[]],"
		    "\"b\\n\":{\"c\":null,\"d\":true},\"e\":\"\"}" },
		{ JSON_STRING, 6, "a" },
		{ JSON_ARRAY, 6, "[\"1.50\",\"x\\u0001/\",[]]" },
		{ JSON_NUMBER, 4, "1.50" },
		{ JSON_STRING, 5, "x\\u0001/" },
		{ JSON_ARRAY, 6, "[]" },
		{ JSON_STRING, 12, "b\\n" },
		{ JSON_OBJECT, 12, "{\"c\":null,\"d\":true}" },
		{ JSON_STRING, 10, "c" },
		{ JSON_NULL, 10, "null" },
		{ JSON_STRING, 12, "d" },
		{ JSON_BOOL, 12, "true" },
		{ JSON_STRING, 14, "e" },
		{ JSON_STRING, 14, "" },
	};
	struct arena *arena = arena_new();
	struct json_where where;
	struct json_tape tape;

	(void)state;
	assert_int_equal(JSON_OK, json_read(span_of(text), JSON_DEPTH_MAX,
	    arena, &tape, &where));
	assert_string_equal(tape.text.p, rows[0].told);
	assert_int_equal(tape.n, sizeof rows / sizeof *rows);
	for (size_t i = 0; i < tape.n; i++) {
		assert_int_equal(tape.tokens[i].kind, rows[i].kind);
		assert_int_equal(tape.tokens[i].end, rows[i].end);
		assert_true(span_is(json_told(&tape, i), rows[i].told));
	}
	assert_true(span_is(json_plain(&tape, 4, arena), "x\001/"));
	assert_true(span_is(json_plain(&tape, 6, arena), "b\n"));
	assert_int_equal(json_find(&tape, 0, SPAN("b\n")), 7);
	assert_int_equal(json_find(&tape, 0, SPAN("b\\n")), 0);
	assert_int_equal(json_find(&tape, 0, SPAN("b")), 0);
	assert_int_equal(json_find(&tape, 0, SPAN("c")), 0);
	assert_int_equal(json_find(&tape, 7, SPAN("d")), 11);
	assert_int_equal(json_find(&tape, 2, SPAN("a")), 0);
	assert_int_equal(JSON_SYNTAX, json_read(SPAN("[1"), JSON_DEPTH_MAX,
	    arena, &tape, &where));
	arena_free(&arena);
}

/* Item by item it is judged as at once: the same fault at the same byte. */
static void
reads_items_as_the_whole(void **state)
{
	static const char *const texts[] = { "[]", " [ ] ", "[1]",
	    " [ 1 , {\"a\":[true,\"]\"]} ,\n\"x\\u0001\" ] ", "[[],[[]],{}]",
	    "[1,]", "[,1]", "[1 2]", "[1,,2]", "[{}{}]", "[1", "[", "[1,",
	    "[{\"a\":1,\"a\":2},3]", "[1]]", "[1],", "[1] 2", "[1}", "[{]",
	    "[{\"a\":[}]", "[\"\\ud800\"]", "[\"\xff\"]", "[\"\\u0000\"]",
	    "[01]", "[1.]", "[tru]", "[\"a]", "{}", "1", "", " ", "[\"\n\"]" };
	struct arena *arena = arena_new();
	struct json_where whole, where;
	struct json_item items[4];
	struct str out;
	size_t n = 0;

	(void)state;
	str_init(&out, MAX);
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		enum json_fault fault = json_quote(span_of(texts[i]),
		    JSON_DEPTH_MAX, &out, &whole);

		if (fault == JSON_OK && !json_is_array(span_of(texts[i])))
			fault = JSON_SYNTAX;
		assert_int_equal(fault, json_read_items(span_of(texts[i]),
		    JSON_DEPTH_MAX, arena, items, 4, &n, &where));
		if (json_is_array(span_of(texts[i])))
			assert_int_equal(where.offset, whole.offset);
		assert_string_equal(where.key, whole.key);
	}
	assert_int_equal(JSON_OK, json_read_items(span_of(texts[3]),
	    JSON_DEPTH_MAX, arena, items, 4, &n, &where));
	assert_int_equal(n, 3);
	assert_true(span_is(items[0].text, "1"));
	assert_true(span_is(items[0].tape.text, "\"1\""));
	assert_true(span_is(items[1].text, "{\"a\":[true,\"]\"]}"));
	assert_int_equal(items[1].tape.n, 5);
	assert_int_equal(items[1].tape.tokens[2].end, 5);
	assert_true(span_is(items[2].text, "\"x\\u0001\""));
	str_free(&out);
	arena_free(&arena);
}

static void
counts_items_past_the_last(void **state)
{
	struct arena *arena = arena_new();
	struct json_where where;
	struct json_item items[2] = { 0 };
	size_t n;

	(void)state;
	assert_int_equal(JSON_OK, json_read_items(SPAN("[1,2,3]"), 1, arena,
	    items, 2, &n, &where));
	assert_int_equal(n, 3);
	assert_int_equal(JSON_SYNTAX, json_read_items(SPAN("[1,2,3,x]"), 1,
	    arena, items, 2, &n, &where));
	assert_int_equal(where.offset, 7);
	assert_int_equal(JSON_DEPTH, json_read_items(SPAN("[[]]"), 1, arena,
	    items, 2, &n, &where));
	assert_int_equal(JSON_OK, json_read_items(SPAN("[[]]"), 2, arena,
	    items, 2, &n, &where));
	arena_free(&arena);
}

static void
takes_texts_at_a_path(void **state)
{
	static const char text[] = "{\"a\":{\"b\":{\"c\":1.50}},\"e\":\"\\n\","
	    "\"l\":[{\"c\":1}],\"a.b\":\"x\",\"t\":true}";
	struct arena *arena = arena_new();
	struct json_where where;
	struct json_tape tape;

	(void)state;
	assert_int_equal(JSON_OK, json_read(span_of(text), JSON_DEPTH_MAX,
	    arena, &tape, &where));
	assert_string_equal(json_take(&tape, "a.b.c", arena), "1.50");
	assert_string_equal(json_take(&tape, "e", arena), "\n");
	assert_null(json_take(&tape, "a.b", arena));
	assert_null(json_take(&tape, "a.c", arena));
	assert_null(json_take(&tape, "a.b.c.d", arena));
	assert_null(json_take(&tape, "l.c", arena));
	assert_null(json_take(&tape, "t", arena));
	assert_null(json_take(&tape, "", arena));
	arena_free(&arena);
}

static void
gives_a_member_that_is_plain(void **state)
{
	static const char text[] = "{\"in\":{\"a\":\"deep\"},\"a\":\"x\","
	    "\"n\":1.0,\"e\":\"\",\"l\":[],\"t\":true,\"q\":\"\\n\"}";
	struct arena *arena = arena_new();
	struct json_where where;
	struct json_tape tape;

	(void)state;
	assert_int_equal(JSON_OK, json_read(span_of(text), JSON_DEPTH_MAX,
	    arena, &tape, &where));
	assert_true(span_is(json_member(&tape, "a"), "x"));
	assert_true(span_is(json_member(&tape, "n"), "1.0"));
	assert_non_null(json_member(&tape, "e").p);
	assert_null(json_member(&tape, "l").p);
	assert_null(json_member(&tape, "t").p);
	assert_null(json_member(&tape, "q").p);
	assert_null(json_member(&tape, "in").p);
	assert_null(json_member(&tape, "absent").p);
	assert_int_equal(JSON_OK, json_read(SPAN("[{\"a\":\"x\"}]"),
	    JSON_DEPTH_MAX, arena, &tape, &where));
	assert_null(json_member(&tape, "a").p);
	arena_free(&arena);
}

static void
refuses_a_long_name_in_a_path(void **state)
{
	struct cJSON *tree = json_parse(SPAN("{\"a\":\"1\"}"));
	char path[300];

	(void)state;
	memset(path, 'a', sizeof path - 1);
	path[sizeof path - 1] = '\0';
	assert_null(json_text(tree, path));
	cJSON_Delete(tree);
}

/* ---- writing ------------------------------------------------------------- */

static void
writes_commas_and_escapes(void **state)
{
	struct str out;
	struct json j;

	(void)state;
	str_init(&out, MAX);
	json_start(&j, &out);
	json_open(&j, '{');
	json_kstr(&j, "name", "a\"b\\c\n\r\t\x01/\x7f");
	json_kint(&j, "least", INT64_MIN);
	json_kint(&j, "most", INT64_MAX);
	json_kstr(&j, "none", NULL);
	json_key(&j, "list");
	json_open(&j, '[');
	json_int(&j, 0);
	json_bool(&j, true);
	json_bool(&j, false);
	json_null(&j);
	json_str(&j, "");
	json_open(&j, '{');
	json_close(&j, '}');
	json_open(&j, '[');
	json_close(&j, ']');
	json_raw(&j, SPAN("{\"x\":1}"));
	json_span(&j, SPAN("cut"));
	json_close(&j, ']');
	json_key(&j, "quote\"d");
	json_bool(&j, true);
	json_close(&j, '}');
	assert_string_equal(out.p, "{\"name\":\"a\\\"b\\\\c\\n\\r\\t\\u0001/"
	    "\x7f\",\"least\":-9223372036854775808,"
	    "\"most\":9223372036854775807,\"none\":null,\"list\":[0,true,"
	    "false,null,\"\",{},[],{\"x\":1},\"cut\"],\"quote\\\"d\":true}");
	assert_false(out.over);
	str_free(&out);
}

static void
writes_only_utf8(void **state)
{
	static const struct {
		struct span in;
		const char *out;
	} rows[] = {
		{ SPAN("\xe2\x82\xac"), "\"\xe2\x82\xac\"" },
		{ SPAN("\xff"), "\"\xef\xbf\xbd\"" },
		{ SPAN("a\xe2\x82"), "\"a\xef\xbf\xbd\xef\xbf\xbd\"" },
		{ SPAN("\xed\xa0\x80"),
		    "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"" },
		{ SPAN("\xf0\x9f\x98\x80"), "\"\xf0\x9f\x98\x80\"" },
		{ SPAN("a\0b"), "\"a\\u0000b\"" },
		{ SPAN(""), "\"\"" },
	};
	struct str out;

	(void)state;
	str_init(&out, MAX);
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct json j;

		str_clear(&out);
		json_start(&j, &out);
		json_span(&j, rows[i].in);
		assert_string_equal(out.p, rows[i].out);
	}
	str_free(&out);
}

static void
writes_to_depth_32(void **state)
{
	struct json_where where;
	struct str out, again;
	struct json j;

	(void)state;
	str_init(&out, MAX);
	str_init(&again, MAX);
	json_start(&j, &out);
	for (int i = 0; i < JSON_DEPTH_MAX; i++)
		json_open(&j, '[');
	json_int(&j, 1);
	json_int(&j, 2);
	for (int i = 0; i < JSON_DEPTH_MAX; i++)
		json_close(&j, ']');
	assert_int_equal(JSON_OK, json_quote(str_span(&out), JSON_DEPTH_MAX,
	    &again, &where));
	assert_int_equal(out.n, 2 * JSON_DEPTH_MAX + 3);
	str_free(&out);
	str_free(&again);
}

static void
open_too_deep(void)
{
	struct str out;
	struct json j;

	str_init(&out, MAX);
	json_start(&j, &out);
	for (int i = 0; i <= JSON_DEPTH_MAX; i++)
		json_open(&j, '[');
}

static void
close_too_often(void)
{
	struct str out;
	struct json j;

	str_init(&out, MAX);
	json_start(&j, &out);
	json_open(&j, '{');
	json_close(&j, '}');
	json_close(&j, '}');
}

/* A fault of the program ends it: true when the child aborts. */
static bool
dies(void (*act)(void))
{
	int status = 0;
	pid_t child = fork();

	if (child == 0) {
		close(STDERR_FILENO);
		act();
		_exit(0);
	}
	assert_true(child > 0 && waitpid(child, &status, 0) == child);
	return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}

static void
writer_aborts_on_misuse(void **state)
{
	(void)state;
	assert_true(dies(open_too_deep));
	assert_true(dies(close_too_often));
}

static void
writer_tells_of_the_limit(void **state)
{
	struct str out;
	struct json j;

	(void)state;
	str_init(&out, 8);
	json_start(&j, &out);
	json_str(&j, "longer than eight");
	assert_true(out.over);
	assert_true(out.n <= 8);
	str_free(&out);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(quote_passes),
		cmocka_unit_test(quote_refuses),
		cmocka_unit_test(quote_refuses_every_prefix),
		cmocka_unit_test(quote_names_the_place),
		cmocka_unit_test(quote_cuts_the_key),
		cmocka_unit_test(quote_bounds_depth),
		cmocka_unit_test(quote_bounds_numbers),
		cmocka_unit_test(quote_bounds_size),
		cmocka_unit_test(quote_finds_one_of_many_keys),
		cmocka_unit_test(bounds_values),
		cmocka_unit_test(quote_is_stable),
		cmocka_unit_test(faults_have_names),
		cmocka_unit_test(reads_by_path),
		cmocka_unit_test(refuses_a_long_name_in_a_path),
		cmocka_unit_test(tells_values_in_a_row),
		cmocka_unit_test(gives_a_member_that_is_plain),
		cmocka_unit_test(takes_texts_at_a_path),
		cmocka_unit_test(reads_items_as_the_whole),
		cmocka_unit_test(counts_items_past_the_last),
		cmocka_unit_test(writes_commas_and_escapes),
		cmocka_unit_test(writes_only_utf8),
		cmocka_unit_test(writes_to_depth_32),
		cmocka_unit_test(writer_aborts_on_misuse),
		cmocka_unit_test(writer_tells_of_the_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
