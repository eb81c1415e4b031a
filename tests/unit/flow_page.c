/* Pages of others: items stay their bytes, and one bad item costs no other. */
#include "flow/page.h"
#include "own_arena.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static const struct page_shape shape = {
	.items = "data.items", .next = "paging.next", .key = "id",
	.topic = "orders.{body:type}", .since = "at", .occurred = "at"
};

static void
items_are_their_bytes(void **state)
{
	static const char text[] = "{\"paging\": {\"next\": 17},\n\"data\":"
	    " {\"n\": 3.0, \"items\": [ {\"id\" : 12345678901234567890,"
	    " \"v\": 1.50, \"type\":\"paid\", \"at\":\"2026-10-05T14:03:11\"},"
	    "{\"id\":\"b\",\"at\":\"2026-10-05T14:03:11+05:30\",\"x\":\"\\u0041\"}"
	    "\t]}}";
	struct page page;
	struct err e = { 0 };

	(void)state;
	assert_true(page_read(&shape, span_of(text), arena, &page, &e));
	assert_int_equal(page.n, 2);
	assert_string_equal(page.next, "17");
	assert_true(span_is(page.items[0].text,
	    "{\"id\" : 12345678901234567890, \"v\": 1.50, \"type\":\"paid\","
	    " \"at\":\"2026-10-05T14:03:11\"}"));
	assert_string_equal(page.items[0].key, "12345678901234567890");
	assert_string_equal(page.items[0].topic, "orders.paid");
	assert_true(page.items[0].occurred == INT64_C(1791208991000000));
	assert_string_equal(page.items[1].key, "b");
	assert_null(page.items[1].topic);
	assert_true(page.items[1].occurred == INT64_C(1791189191000000));
	/* the latest by its moment, not by its text */
	assert_string_equal(page.since, "2026-10-05T14:03:11");
}

static void
one_bad_item_costs_no_other(void **state)
{
	static const char text[] = "[{\"id\":\"a\"},{\"id\":\"b\",\"id\":\"c\"}"
	    ",{\"id\":01},7,{\"no\":1},{\"id\":\"\\u0000\"},{\"id\":\"z\"}]";
	const struct page_shape plain = { "", "", "id", "t", "", "" };
	struct page page;
	struct err e = { 0 };

	(void)state;
	assert_true(page_read(&plain, span_of(text), arena, &page, &e));
	assert_int_equal(page.n, 7);
	assert_string_equal(page.items[0].key, "a");
	assert_string_equal(page.items[6].key, "z");
	for (size_t i = 1; i < 6; i++) {
		assert_int_equal(strlen(page.items[i].key), 64);
		assert_string_not_equal(page.items[i].key,
		    page.items[i % 5 + 1].key);
		assert_string_equal(page.items[i].topic, "t");
	}
	assert_null(page.next);
	assert_null(page.since);
}

static void
keys_of_several_parts(void **state)
{
	static const char text[] = "[{\"id\":7,\"m\":{\"at\":\"x\"}},{\"id\":8}]";
	const struct page_shape parts = { "", "",
	    "{body:id}:{body:m.at}", "{body:m.at}", "", "" };
	const struct page_shape digest = { "", "", "{digest}", "t", "", "" };
	struct page page;
	struct err e = { 0 };
	char key[65];

	(void)state;
	assert_true(page_read(&parts, span_of(text), arena, &page, &e));
	assert_string_equal(page.items[0].key, "7:x");
	assert_string_equal(page.items[0].topic, "x");
	memcpy(key, page.items[1].key, sizeof key);
	assert_int_equal(strlen(key), 64);
	assert_true(page_read(&digest, span_of(text), arena, &page, &e));
	assert_string_equal(page.items[1].key, key);
}

static void
what_is_no_page(void **state)
{
	static const char *const bad[] = {
		"", "{}", "[]", "null", "<html>", "{\"data\":{\"items\":{}}}",
		"{\"data\":{\"items\":[1,]}}", "{\"data\":{\"items\":[1}}",
		"{\"data\":{\"items\":[]},\"data\":1}",
		"{\"data\":{\"items\":[]},\"x\":01}",
		"{\"data\":{\"items\":[]},}", "{\"data\":{\"items\":[]}} {}",
		"{\"data\":{\"items\":[{\"id\":\"a\"}", "{\"error\":\"no\"}"
	};
	struct page page;

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		struct err e = { 0 };

		if (page_read(&shape, span_of(bad[i]), arena, &page, &e))
			fail_msg("%s", bad[i]);
		assert_int_equal(e.code, ERR_JSON);
	}
}

static void
no_more_items_than_allowed(void **state)
{
	const struct page_shape plain = { "", "", "id", "t", "", "" };
	char *text = malloc(2 * (PAGE_ITEMS_MAX + 1) + 2);
	struct page page;
	struct err e = { 0 };
	size_t n = 0;

	(void)state;
	assert_non_null(text);
	for (int i = 0; i <= PAGE_ITEMS_MAX; i++) {
		text[n++] = i == 0 ? '[' : ',';
		text[n++] = '1';
	}
	text[n++] = ']';
	assert_false(page_read(&plain, (struct span){ text, n }, arena, &page,
	    &e));
	e = (struct err){ 0 };
	memcpy(text + 1, " ", 1);	/* one fewer */
	text[2] = ' ';
	assert_true(page_read(&plain, (struct span){ text, n }, arena, &page,
	    &e));
	assert_int_equal(page.n, PAGE_ITEMS_MAX);
	free(text);
}

static void
later_is_by_value(void **state)
{
	(void)state;
	assert_true(page_later("10", "9"));
	assert_false(page_later("9", "10"));
	assert_false(page_later("9", "9"));
	assert_true(page_later("1", ""));
	assert_false(page_later("", "1"));
	assert_false(page_later("x", ""));
	assert_true(page_later("2026-10-05T14:03:11Z",
	    "2026-10-05T14:03:11+05:30"));
	assert_false(page_later("2026-10-05T14:03:11+05:30",
	    "2026-10-05T08:33:11"));
	assert_true(page_later("2026-10-05T14:03:11.5Z",
	    "2026-10-05T14:03:11Z"));
}

static void
templates_are_judged(void **state)
{
	(void)state;
	assert_true(page_template("orders.paid"));
	assert_true(page_template("{body:id}:{digest}x"));
	assert_false(page_template("{body:id"));
	assert_false(page_template("{body:}"));
	assert_false(page_template("{header:X}"));
	assert_false(page_template("{}"));
	assert_false(page_template("a{"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_ARENA(items_are_their_bytes),
		WITH_ARENA(one_bad_item_costs_no_other),
		WITH_ARENA(keys_of_several_parts),
		WITH_ARENA(what_is_no_page),
		WITH_ARENA(no_more_items_than_allowed),
		cmocka_unit_test(later_is_by_value),
		cmocka_unit_test(templates_are_judged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
