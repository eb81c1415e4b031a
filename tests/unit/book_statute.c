/* The law in the snapshot: what is in force on a day, and what is asked of a
 * snapshot that has none of it. */
#include "gst_law.h"

static struct reference *
registered(void)
{
	static const struct registration rows[] = {
		{ "27AAAAA0000A2Z1", "IN01", "regular", "quarterly", 0,
		    { "2026-04-01" }, { "" } },
		{ "27AAAAA0000A1Z2", "IN01", "regular", "monthly", 750,
		    { "2017-07-01" }, { "" } },
		{ "27AAAAA0000A2Z1", "IN01", "regular", "monthly", 0,
		    { "2017-07-01" }, { "" } },
		{ "29AAAAA0000A1ZY", "IN01", "regular", "monthly", 0,
		    { "2018-01-01" }, { "2019-12-31" } },
	};
	struct reference *r = reference_new(1);

	for (size_t i = 0; i < COUNT(rows); i++)
		reference_add_registration(r, &rows[i]);
	return r;
}

static void
a_registration_is_in_force_by_day(void **state)
{
	struct reference *r = registered();
	const struct registration *one;
	size_t at = 0, n = 0;

	(void)state;
	assert_null(reference_registration(r, "27AAAAA0000A1Z2",
	    day("2017-06-30")));
	one = reference_registration(r, "27AAAAA0000A1Z2",
	    day("2026-10-05"));
	assert_non_null(one);
	assert_int_equal(one->turnover, 750);
	assert_string_equal(reference_registration(r, "27AAAAA0000A2Z1",
	    day("2026-03-31"))->filing, "monthly");
	assert_string_equal(reference_registration(r, "27AAAAA0000A2Z1",
	    day("2026-04-01"))->filing, "quarterly");
	assert_null(reference_registration(r, "29AAAAA0000A1ZY",
	    day("2020-01-01")));
	assert_null(reference_registration(r, NULL, day("2020-01-01")));
	while (reference_next_registration(r, &at) != NULL)
		n++;
	assert_int_equal(n, 4);
	reference_drop(&r);
}

static void
an_entity_is_registered_in_states(void **state)
{
	struct reference *r = registered();

	(void)state;
	assert_string_equal(reference_registered(r, "IN01", "29",
	    day("2019-01-01"))->gstin, "29AAAAA0000A1ZY");
	assert_null(reference_registered(r, "IN01", "29",
	    day("2026-10-05")));
	assert_non_null(reference_registered(r, "IN01", NULL,
	    day("2026-10-05")));
	assert_null(reference_registered(r, "IN01", NULL,
	    day("2017-06-30")));
	assert_null(reference_registered(r, "IN02", NULL,
	    day("2026-10-05")));
	assert_true(reference_taxable(r, "IN01"));
	assert_false(reference_taxable(r, "IN02"));
	reference_drop(&r);
}

static void
without_the_law_nothing_is_found(void **state)
{
	struct reference *r = reference_new(1);
	const char *hsn, *unit;
	size_t at = 0;
	int64_t value;

	(void)state;
	assert_false(reference_taxable(r, "IN01"));
	assert_null(reference_registration(r, "27AAAAA0000A1Z2",
	    day("2026-10-05")));
	assert_null(reference_registered(r, "IN01", NULL,
	    day("2026-10-05")));
	assert_null(reference_next_registration(r, &at));
	assert_null(reference_taxpayer(r, "A"));
	assert_null(reference_taxpayer_of(r, "27AAAAA0000A1Z2"));
	assert_null(reference_gst_state(r, "27"));
	assert_null(reference_gst_unit(r, "NOS"));
	assert_null(reference_next_gst_rate(r, &at));
	assert_false(reference_gst_limit(r, "b2cl", day("2026-10-05"),
	    &value));
	assert_null(reference_next_gst_due(r, &at));
	assert_null(reference_gst_level(r, "D01", "IN01"));
	assert_null(reference_hsn(r, "6205"));
	assert_false(reference_has_hsn(r));
	assert_false(reference_gst_item(r, "A", &hsn, &unit));
	reference_drop(&r);
}

static void
limits_move_by_day(void **state)
{
	int64_t value;

	(void)state;
	assert_false(reference_gst_limit(law, "b2cl", day("2017-06-30"),
	    &value));
	assert_true(reference_gst_limit(law, "b2cl", day("2024-07-31"),
	    &value));
	assert_int_equal(value, 25000000);
	assert_true(reference_gst_limit(law, "b2cl", day("2024-08-01"),
	    &value));
	assert_int_equal(value, 10000000);
	assert_true(reference_gst_limit(law, "cess", day("2026-01-31"),
	    &value));
	assert_int_equal(value, 1);
	assert_true(reference_gst_limit(law, "cess", day("2026-02-01"),
	    &value));
	assert_int_equal(value, 0);
}

static void
a_level_of_the_entity_wins(void **state)
{
	struct reference *r = reference_new(1);

	(void)state;
	reference_add_gst_level(r, "D01", "*", "warn");
	reference_add_gst_level(r, "D01", "IN02", "off");
	assert_string_equal(reference_gst_level(r, "D01", "IN01"), "warn");
	assert_string_equal(reference_gst_level(r, "D01", "IN02"), "off");
	assert_string_equal(reference_gst_level(r, "D01", NULL), "warn");
	assert_null(reference_gst_level(r, "D02", "IN02"));
	reference_drop(&r);
}

static void
taxpayers_are_found_both_ways(void **state)
{
	struct reference *r = reference_new(1);
	struct taxpayer one = { .party = "A", .gstin = "27AAAAA0000A1Z2",
	    .category = "regular", .status = "active" };
	struct taxpayer two = { .party = "B", .category = "unregistered" };
	const char *hsn, *unit;

	(void)state;
	reference_add_taxpayer(r, &one);
	reference_add_taxpayer(r, &two);
	assert_string_equal(reference_taxpayer(r, "A")->gstin,
	    "27AAAAA0000A1Z2");
	assert_null(reference_taxpayer(r, "B")->gstin);
	assert_string_equal(reference_taxpayer(r, "B")->address, "");
	assert_string_equal(reference_taxpayer_of(r,
	    "27AAAAA0000A1Z2")->party, "A");
	reference_add_gst_item(r, "K", "6205", "NOS");
	assert_true(reference_gst_item(r, "K", &hsn, &unit));
	assert_string_equal(hsn, "6205");
	assert_string_equal(unit, "NOS");
	reference_add_hsn(r, "6205", "Shirts");
	assert_true(reference_has_hsn(r));
	assert_string_equal(reference_hsn(r, "6205"), "Shirts");
	reference_drop(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_registration_is_in_force_by_day),
		cmocka_unit_test(an_entity_is_registered_in_states),
		cmocka_unit_test(without_the_law_nothing_is_found),
		cmocka_unit_test(limits_move_by_day),
		cmocka_unit_test(a_level_of_the_entity_wins),
		cmocka_unit_test(taxpayers_are_found_both_ways),
	};

	return cmocka_run_group_tests(tests, law_open, law_close);
}
