/* Phrases: what a section gets, what it gives, and where it is stopped. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/file.h"
#include "rules/phrases.h"
#include "rules/rules.h"

static const char *const columns[] = { "a", "b", NULL };
static const struct phrase_shape shapes[] = { { "say", columns },
	{ "hear", columns } };

static char path[] = "/tmp/bahi-phrases-XXXXXX";
static struct arena *arena;

/* Opened, or NULL with why. */
static struct phrases *
phrases_of(const char *text, struct err *e)
{
	struct phrases *phrases;

	assert_true(file_write(path, span_of(text), 0600, e));
	if (phrases_open(&phrases, path, shapes, 2, e))
		return phrases;
	assert_null(phrases);
	assert_int_equal(e->code, ERR_RULE);
	return NULL;
}

/* Rows as "a,b;a,b", null as "-"; or why not. */
static const char *
run(const char *text, size_t most, const struct phrase_word *words, size_t n)
{
	struct err e = { 0 };
	struct phrases *phrases = phrases_of(text, &e);
	struct phrase_row *rows;
	const char *out = "";
	size_t n_rows;

	if (phrases == NULL || !phrases_run(phrases, "say", words, n, most,
	    arena, &rows, &n_rows, &e)) {
		phrases_close(&phrases);
		return arena_strdup(arena, e.why + strlen(path));
	}
	for (size_t i = 0; i < n_rows; i++) {
		const char *a = phrase_text(&rows[i], "a");
		const char *b = phrase_text(&rows[i], "b");

		out = arena_printf(arena, "%s%s%s,%s", out,
		    i > 0 ? ";" : "", a != NULL ? a : "-",
		    b != NULL ? b : "-");
	}
	phrases_close(&phrases);
	return out;
}

#define SAY "-- a head\n-- name: say\nSELECT "

static void
test_rows(void **state)
{
	static const struct phrase_word words[] = {
		{ ":x", { "{\"n\":\"1.50\"}", 12 } }, { ":y", { NULL, 0 } },
	};

	(void)state;
	assert_string_equal(run(SAY "1 AS a, 'x' AS b", 1, NULL, 0), "1,x");
	assert_string_equal(run(SAY ":x ->> '$.n' AS b, :y AS a", 1, words,
	    2), "-,1.50");
	assert_string_equal(run(SAY "value AS a FROM json_each('[1,2]')", 2,
	    NULL, 0), "1,-;2,-");
	assert_string_equal(run(SAY "1 AS a WHERE 0", 1, NULL, 0), "");
	/* bound for another section, or not at all */
	assert_string_equal(run(SAY ":z AS a", 1, words, 2), "-,-");
}

static void
test_bounds(void **state)
{
	(void)state;
	assert_string_equal(run(SAY "value AS a FROM json_each('[1,2]')", 1,
	    NULL, 0), ":3: say gives more than 1 rows");
	assert_string_equal(run(SAY "1.0 AS a", 1, NULL, 0),
	    ":3: a is neither text nor a whole number");
}

static void
test_refused(void **state)
{
	static const struct {
		const char *text, *why;
	} cases[] = {
		{ "SELECT 1 AS a", ":1: no `-- name:` line" },
		{ SAY "1 AS c", ":3: unknown column c in say" },
		{ SAY "1 AS a\n-- name: say\nSELECT 2 AS a",
		    ":5: say is there twice" },
		{ "-- name: shout\nSELECT 1 AS a",
		    ":2: no section shout belongs here" },
		{ SAY "1 AS a; SELECT 2", ":3: more than one statement in "
		    "say" },
		{ "-- name: say\n\n-- name: hear\nSELECT 1 AS a",
		    ":2: say is empty" },
		{ SAY "\n\nno", ":5: no such column: no" },
		{ SAY "random() AS a", ":3: not authorized to use function: "
		    "random" },
		{ "-- name: say\nATTACH '/tmp/x' AS x",
		    ":2: not authorized" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct err e = { 0 };

		assert_null(phrases_of(cases[i].text, &e));
		assert_string_equal(e.why + strlen(path), cases[i].why);
	}
}

/* The way back of paise, and what an address is made of. */
static void
test_functions(void **state)
{
	(void)state;
	assert_string_equal(run(SAY "decimal(118005, 'INR') AS a,"
	    " decimal(-5, 'JPY') AS b", 1, NULL, 0), "1180.05,-5");
	assert_string_equal(run(SAY "decimal(1.5, 'INR') AS a,"
	    " decimal(5, 'XYZ') AS b", 1, NULL, 0), "-,-");
	assert_string_equal(run(SAY "decimal(9223372036854775807, 'INR')"
	    " AS a", 1, NULL, 0), "-,-");
	assert_string_equal(run(SAY "url('A/1 b-_.~%é') AS a,"
	    " url(NULL) AS b", 1, NULL, 0),
	    "A%2F1%20b-_.~%25%C3%A9,-");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_functions),
	};
	int fd = mkstemp(path), failed;

	if (fd < 0)
		return 1;
	close(fd);
	rules_setup();
	arena = arena_new();
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	arena_free(&arena);
	unlink(path);
	return failed;
}
