/* Quantities, windows, and which flow fits. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "book/document.h"
#include "book/flow.h"
#include "book/quantity.h"
#include "book/reference.h"
#include "core/clock.h"

static void
quantities_are_exact(void **state)
{
	static const struct {
		const char *text;
		int64_t value;		/* -1: refused */
		const char *plain;
	} rows[] = {
		{ "1", 1000, "1" }, { "0.5", 500, "0.5" },
		{ "-2.25", -2250, "-2.25" }, { "1.000", 1000, "1" },
		{ "1.1000000", 1100, "1.1" }, { "007", 7000, "7" },
		{ "0.001", 1, "0.001" }, { "-0", 0, "0" },
		{ "999999999", INT64_C(999999999000), "999999999" },
		{ "", -1, "" }, { "-", -1, "" }, { ".", -1, "" },
		{ ".5", -1, "" }, { "5.", -1, "" }, { "1.0001", -1, "" },
		{ "1e3", -1, "" }, { " 1", -1, "" }, { "1 ", -1, "" },
		{ "+1", -1, "" }, { "1,000", -1, "" }, { "--1", -1, "" },
		{ "1000000001", -1, "" },
		{ "99999999999999999999999", -1, "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct str plain;
		int64_t value = -1;
		bool ok = quantity_parse(span_of(rows[i].text), &value);

		assert_int_equal(ok, rows[i].plain[0] != '\0');
		if (!ok)
			continue;
		assert_int_equal(value, rows[i].value);
		str_init(&plain, 64);
		quantity_plain(value, &plain);
		assert_string_equal(plain.p, rows[i].plain);
		str_free(&plain);
	}
}

static void
values_round_halves_away(void **state)
{
	int64_t value;

	(void)state;
	assert_true(quantity_value(1500, 101, &value));
	assert_int_equal(value, 152);	/* 151.5 */
	assert_true(quantity_value(-1500, 101, &value));
	assert_int_equal(value, -152);
	assert_true(quantity_value(1, 499, &value));
	assert_int_equal(value, 0);
	assert_false(quantity_value(QUANTITY_MAX, INT64_C(1) << 52, &value));
}

static int64_t
at(const char *text)
{
	int64_t time;

	assert_true(clock_parse(span_of(text), &time));
	return time;
}

static struct flow
window(const char *text, enum flow_pattern pattern)
{
	struct flow flow = { .pattern = pattern };

	assert_true(hours_parse(span_of(text), &flow.window));
	return flow;
}

static void
windows_are_of_india(void **state)
{
	struct flow day = window("09:00-18:00", FLOW_REALTIME);
	struct flow night = window("22:00-06:00", FLOW_REALTIME);
	struct flow always = window("", FLOW_REALTIME);
	struct flow batch = window("22:30", FLOW_BATCH);

	(void)state;
	assert_false(flow_window_open(&day, at("2026-10-05T08:59:59+05:30")));
	assert_true(flow_window_open(&day, at("2026-10-05T09:00:00+05:30")));
	assert_false(flow_window_open(&day, at("2026-10-05T18:00:00+05:30")));
	assert_true(flow_window_open(&night, at("2026-10-05T23:00:00+05:30")));
	assert_true(flow_window_open(&night, at("2026-10-05T05:59:00+05:30")));
	assert_false(flow_window_open(&night,
	    at("2026-10-05T12:00:00+05:30")));
	assert_true(flow_window_open(&always, 0));
	assert_int_equal(flow_window_next(&day,
	    at("2026-10-05T19:00:00+05:30")), at("2026-10-06T09:00:00+05:30"));
	assert_int_equal(flow_window_next(&day,
	    at("2026-10-05T02:00:00+05:30")), at("2026-10-05T09:00:00+05:30"));
	assert_int_equal(flow_window_next(&batch,
	    at("2026-10-05T22:30:00+05:30")), at("2026-10-06T22:30:00+05:30"));
	assert_int_equal(flow_window_next(&batch,
	    at("2026-10-05T22:29:59+05:30")), at("2026-10-05T22:30:00+05:30"));
}

static void
the_most_particular_fits(void **state)
{
	static const struct flow rows[] = {
		{ .source = "*", .kind = "*", .entity = "*", .owner = "all",
		    .control = "" },
		{ .source = "*", .kind = "payment", .entity = "*",
		    .owner = "payments", .control = "" },
		{ .source = "shopify", .kind = "*", .entity = "*",
		    .owner = "shop", .control = "" },
		{ .source = "shopify", .kind = "payment", .entity = "IN02",
		    .owner = "second", .control = "" },
		{ .source = "shopify-pune", .kind = "*", .entity = "*",
		    .owner = "pune", .control = "" },
		{ .source = "wix-eu", .kind = "*", .entity = "*",
		    .owner = "eu", .control = "" },
		{ .source = "wix", .kind = "*", .entity = "*",
		    .owner = "wix", .control = "" },
		{ .source = "pay", .kind = "*", .entity = "*",
		    .owner = "pay", .control = "" },
		{ .source = "pay-in", .kind = "*", .entity = "*",
		    .owner = "in", .control = "" },
		{ .source = "pay-in", .kind = "refund", .entity = "*",
		    .owner = "back", .control = "" },
	};
	static const struct {
		const char *source, *kind, *entity, *owner;
	} asks[] = {
		{ "pos", "refund", "IN01", "all" },
		{ "pos", "payment", "IN01", "payments" },
		{ "shopify", "payment", "IN01", "shop" },
		{ "shopify", "payment", "IN02", "second" },
		{ "shopify-mumbai", "refund", "IN01", "shop" },
		{ "shopify-pune", "refund", "IN01", "pune" },
		{ "shopifyx", "refund", "IN01", "all" },
		/* of equals the first */
		{ "wix-eu-1", "payment", "IN01", "eu" },
		{ "pay-in-1", "payment", "IN01", "pay" },
		{ "pay-in-1", "refund", "IN01", "back" },
	};
	struct reference *r = reference_new(1);

	(void)state;
	assert_null(reference_flow(r, "pos", "payment", "IN01"));
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		reference_add_flow(r, &rows[i]);
	for (size_t i = 0; i < sizeof asks / sizeof *asks; i++)
		assert_string_equal(reference_flow(r, asks[i].source,
		    asks[i].kind, asks[i].entity)->owner, asks[i].owner);
	reference_drop(&r);
}

static void
costs_are_of_their_day(void **state)
{
	struct reference *r = reference_new(1);
	int64_t cost;

	(void)state;
	reference_add_cost(r, "A", (struct day){ "2026-10-01" }, 500);
	reference_add_cost(r, "A", (struct day){ "2026-11-01" }, 600);
	assert_false(reference_cost(r, "A", (struct day){ "2026-09-30" },
	    &cost));
	assert_true(reference_cost(r, "A", (struct day){ "2026-10-31" },
	    &cost));
	assert_int_equal(cost, 500);
	assert_true(reference_cost(r, "A", (struct day){ "2026-11-01" },
	    &cost));
	assert_int_equal(cost, 600);
	assert_false(reference_cost(r, "B", (struct day){ "2026-11-01" },
	    &cost));
	reference_drop(&r);
}

static void
a_document_comes_back(void **state)
{
	struct document_line lines[] = {
		{ .type = "goods", .item = "i", .location = "l",
		    .quantity = "1.5", .amount = -5, .cost = 700 },
		{ .type = "tax", .amount = INT64_C(999999999999999) },
	};
	const struct document d = { .kind = DOC_SETTLEMENT, .entity = "E",
	    .number = "N\"1", .currency = "INR", .order_number = "O",
	    .after_kind = "payment", .after_number = "P", .batch = "B",
	    .has_control = true, .control_total = -3, .control_count = 7,
	    .date = { "2026-10-05" }, .total = 9, .base_version = -1,
	    .lines = lines, .n_lines = 2 };
	struct arena *arena = arena_new();
	struct document back;
	struct str once, twice;

	(void)state;
	str_init(&once, 65536);
	str_init(&twice, 65536);
	document_encode(&d, &once);
	assert_true(document_decode(str_span(&once), arena, &back));
	document_encode(&back, &twice);
	assert_string_equal(once.p, twice.p);
	assert_int_equal(back.control_count, 7);
	assert_int_equal(back.lines[0].cost, 700);
	assert_false(document_decode(span_of("{}"), arena, &back));
	assert_false(document_decode(span_of("[1"), arena, &back));
	str_free(&once);
	str_free(&twice);
	arena_free(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(quantities_are_exact),
		cmocka_unit_test(values_round_halves_away),
		cmocka_unit_test(windows_are_of_india),
		cmocka_unit_test(the_most_particular_fits),
		cmocka_unit_test(costs_are_of_their_day),
		cmocka_unit_test(a_document_comes_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
