/* Periods and due days (5.8), and which form is due when. */
#include "gst_law.h"

#include "gst/due.h"

static const struct registration monthly = {
	.gstin = "27AAAAA0000A1Z2", .kind = "regular", .filing = "monthly"
};
static const struct registration group_a = {
	.gstin = "27AAAAA0000A1Z2", .kind = "regular", .filing = "quarterly"
};
static const struct registration group_b = {
	.gstin = "07USERR0205A1ZS", .kind = "regular", .filing = "quarterly"
};
static const struct registration composition = {
	.gstin = "27AAAAA0000A1Z2", .kind = "composition",
	.filing = "quarterly"
};

static void
each_form_has_its_day(void **state)
{
	static const struct {
		const char *form;
		const struct registration *who;
		int64_t period;
		const char *due;
	} rows[] = {
		{ "gstr1", &monthly, 202609, "2026-10-11" },
		{ "gstr1", &monthly, 202612, "2027-01-11" },
		{ "gstr1", &group_a, 202612, "2027-01-13" },
		{ "iff", &group_a, 202610, "2026-11-13" },
		{ "gstr2b", &monthly, 202609, "2026-10-14" },
		{ "gstr3b", &monthly, 202609, "2026-10-20" },
		{ "gstr3b", &monthly, 202610, "2026-11-25" },	/* put off */
		{ "gstr3b", &monthly, 202611, "2026-12-20" },
		{ "gstr3b", &group_a, 202612, "2027-01-22" },
		{ "gstr3b", &group_b, 202612, "2027-01-24" },
		{ "gstr3b", &group_a, 202610, "2026-11-22" },
		{ "pmt06", &group_a, 202610, "2026-11-25" },
		{ "cmp08", &composition, 202612, "2027-01-18" },
		{ "gstr9", &monthly, 202603, "2026-12-31" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct day due;

		assert_true(gst_due_day(law, rows[i].form, rows[i].who,
		    rows[i].period, &due));
		if (strcmp(due.text, rows[i].due) != 0)
			fail_msg("%s of %lld is due %s", rows[i].form,
			    (long long)rows[i].period, due.text);
	}
}

static void
who_files_what(void **state)
{
	static const struct {
		const char *form;
		const struct registration *who;
		int64_t period;
		bool due;
	} rows[] = {
		{ "gstr1", &monthly, 202610, true },
		{ "gstr3b", &monthly, 202610, true },
		{ "iff", &monthly, 202610, false },
		{ "pmt06", &monthly, 202610, false },
		{ "gstr2b", &monthly, 202610, true },
		{ "gstr1", &group_a, 202610, false },
		{ "gstr1", &group_a, 202612, true },
		{ "gstr3b", &group_a, 202611, false },
		{ "gstr3b", &group_a, 202612, true },
		{ "iff", &group_a, 202610, true },
		{ "iff", &group_a, 202611, true },
		{ "iff", &group_a, 202612, false },
		{ "pmt06", &group_a, 202611, true },
		{ "pmt06", &group_a, 202612, false },
		{ "gstr2b", &group_a, 202610, true },
		{ "cmp08", &composition, 202612, true },
		{ "cmp08", &composition, 202611, false },
		{ "cmp08", &monthly, 202612, false },
		{ "gstr1", &composition, 202612, false },
		{ "gstr9", &monthly, 202603, true },
		{ "gstr9", &monthly, 202610, false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		if (gst_form_due(rows[i].form, rows[i].who,
		    rows[i].period) != rows[i].due)
			fail_msg("%s of %lld", rows[i].form,
			    (long long)rows[i].period);
}

static void
periods_are_written_both_ways(void **state)
{
	static const char *const wrong[] = { "", "132026", "002026", "10202",
		"1020266", "10-026", "102016", "202610" };
	char text[GST_PERIOD_SIZE];
	int64_t period;

	(void)state;
	assert_true(gst_period_parse(span_of("102026"), &period));
	assert_int_equal(period, 202610);
	gst_period_text(202604, text);
	assert_string_equal(text, "042026");
	for (size_t i = 0; i < COUNT(wrong); i++)
		assert_false(gst_period_parse(span_of(wrong[i]), &period));
	assert_int_equal(gst_period_of(day("2026-10-05")), 202610);
	assert_int_equal(gst_period_of(day("")), 0);
}

static void
periods_follow_each_other(void **state)
{
	int64_t period = 201707;

	(void)state;
	for (int i = 0; i < 600; i++) {
		int64_t next = gst_period_add(period, 1);
		int64_t quarter = gst_period_quarter(period);

		assert_int_equal(gst_period_add(next, -1), period);
		assert_true(next > period && next % 100 >= 1 &&
		    next % 100 <= 12);
		assert_true(quarter >= period && quarter - period <= 2 &&
		    quarter % 100 % 3 == 0);
		period = next;
	}
	assert_int_equal(period, 206707);
	assert_int_equal(gst_period_add(202612, 1), 202701);
	assert_int_equal(gst_period_add(202603, 9), 202612);
	assert_string_equal(gst_period_first(202602).text, "2026-02-01");
	assert_string_equal(gst_period_last(202602).text, "2026-02-28");
	assert_string_equal(gst_period_last(202802).text, "2028-02-29");
	assert_string_equal(gst_period_last(202610).text, "2026-10-31");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_form_has_its_day),
		cmocka_unit_test(who_files_what),
		cmocka_unit_test(periods_are_written_both_ways),
		cmocka_unit_test(periods_follow_each_other),
	};

	return cmocka_run_group_tests(tests, law_open, law_close);
}
