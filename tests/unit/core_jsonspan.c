/* Values stay the bytes they were; what is broken is said to be. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/jsonspan.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static void
assert_span(struct span got, const char *want)
{
	if (!span_is(got, want))
		fail_msg("%.*s, not %s", (int)got.n, got.p, want);
}

static const struct {
	const char *text, *path, *value;	/* NULL: not found */
} found[] = {
	{ "{\"a\":1}", "a", "1" },
	{ " {\"a\" : 1.50 }\n", "a", "1.50" },
	{ "{\"b\":{\"a\":[1,{\"x\":2}]},\"a\":null}", "b.a",
	    "[1,{\"x\":2}]" },
	{ "{\"b\":{\"a\":1},\"a\":null}", "a", "null" },
	{ "{\"s\":\"a\\\"},b\",\"a\":\"x\\\\\"}", "a", "\"x\\\\\"" },
	{ "[1]", "", "[1]" },
	{ "{\"ab\":1}", "a", NULL },
	{ "{\"a\":1}", "a.b", NULL },
	{ "{}", "a", NULL },
	{ "[{\"a\":1}]", "a", NULL },
	{ "{\"\\u0061\":1}", "a", NULL },
};

static void
finds_by_path(void **state)
{
	struct span whole, value;

	(void)state;
	for (size_t i = 0; i < COUNT(found); i++) {
		assert_true(jsonspan_whole(span_of(found[i].text), &whole));
		assert_int_equal(jsonspan_find(whole, found[i].path, &value),
		    found[i].value != NULL);
		if (found[i].value != NULL)
			assert_span(value, found[i].value);
	}
}

static void
refuses_what_does_not_end(void **state)
{
	static const char *const broken[] = {
		"", " ", "{", "[1,2", "{\"a\":\"b", "[}", "{\"a\":1]", "[1]]",
		"[1] 2", "\"a\\\"", "{\"a\":1}{", "]", ",", ":"
	};
	char deep[2 * JSONSPAN_DEPTH_MAX + 8];
	struct span whole;
	size_t n;

	(void)state;
	for (size_t i = 0; i < COUNT(broken); i++)
		if (jsonspan_whole(span_of(broken[i]), &whole))
			fail_msg("%s", broken[i]);
	for (n = 0; n <= JSONSPAN_DEPTH_MAX; n++) {
		deep[n] = '[';
		deep[2 * JSONSPAN_DEPTH_MAX + 1 - n] = ']';
	}
	assert_false(jsonspan_whole((struct span){ deep, 2 * n }, &whole));
	assert_true(jsonspan_whole((struct span){ deep + 1, 2 * n - 2 },
	    &whole));
}

static enum jsonspan_step
walk(const char *text, const char *const *items, size_t n)
{
	enum jsonspan_step step;
	struct span item;
	size_t at = 0, i = 0;

	while ((step = jsonspan_next(span_of(text), &at, &item)) ==
	    JSONSPAN_ITEM) {
		assert_in_range(i, 0, n - 1);
		assert_span(item, items[i++]);
	}
	if (step == JSONSPAN_END)
		assert_int_equal(i, n);
	return step;
}

static void
walks_items(void **state)
{
	static const char *const items[] = { "{\"a\": 1.0}", "[ ]", "\"],\"",
	    "1e5", "tru" };
	static const char *const broken[] = { "[,1]", "[1,,1]", "[1 1]",
	    "[1,]", "{}", "1", "[1", "[1:2]", "" };
	static const char *const one[] = { "1" };

	(void)state;
	assert_int_equal(walk("[{\"a\": 1.0} , [ ],\"],\"\n,1e5,tru ]", items,
	    COUNT(items)), JSONSPAN_END);
	assert_int_equal(walk("[]", NULL, 0), JSONSPAN_END);
	assert_int_equal(walk("[ \n]", NULL, 0), JSONSPAN_END);
	for (size_t i = 0; i < COUNT(broken); i++)
		if (walk(broken[i], one, 1) != JSONSPAN_BROKEN)
			fail_msg("%s", broken[i]);
}

/* Every cut of a page is broken, and no cut reads past its end. */
static void
bears_every_cut(void **state)
{
	static const char page[] = "{\"d\":[{\"i\":\"a\\\\\"},[1,2],{}],\"n\":"
	    "\"\\u0041\"}";

	(void)state;
	for (size_t n = 0; n < sizeof page - 1; n++) {
		char *cut = malloc(n + 1);
		struct span whole;

		assert_non_null(cut);
		memcpy(cut, page, n);
		assert_false(jsonspan_whole((struct span){ cut, n }, &whole));
		free(cut);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_by_path),
		cmocka_unit_test(refuses_what_does_not_end),
		cmocka_unit_test(walks_items),
		cmocka_unit_test(bears_every_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
