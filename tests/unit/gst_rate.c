/* Rates by day: every row of rates.tsv; tax by heads and its rounding; HSN
 * digits by turnover. */
#include "gst_law.h"

#include "gst/head.h"
#include "gst/hsn.h"
#include "gst/rate.h"

static void
every_rate_is_in_force_on_its_days(void **state)
{
	struct rows r;

	(void)state;
	rows_open(&r, "rates.tsv");
	while (rows_next(&r)) {
		const char *to = r.field[2][0] != '\0' ? r.field[2] :
		    "2026-10-05";
		int64_t rate;

		assert_true(gst_rate_parse(span_of(r.field[0]), &rate));
		assert_true(gst_rate_in_force(law, rate, NULL,
		    day(r.field[1])));
		assert_true(gst_rate_in_force(law, rate, "", day(to)));
		assert_false(gst_rate_in_force(law, rate, NULL,
		    day("2017-06-30")));
	}
	assert_int_equal(r.n, 15);
}

static void
what_is_in_force(void **state)
{
	static const struct {
		const char *rate, *hsn, *day;
		bool in_force;
	} rows[] = {
		{ "12", "620520", "2025-09-21", true },
		{ "12", "620520", "2025-09-22", false },
		{ "12", "", "2025-09-22", true },
		{ "12", "69010010", "2025-09-22", true },
		{ "12", "6901", "2026-10-05", true },
		{ "12", "6902", "2026-10-05", false },
		{ "12", "6815", "2026-10-05", true },
		{ "12", "681510", "2026-10-05", true },
		{ "6", "69041000", "2026-10-05", true },
		{ "6", "6205", "2026-10-05", false },
		{ "28", "8703", "2025-09-21", true },
		{ "28", "8703", "2025-09-22", false },
		{ "28", "240220", "2026-01-31", true },
		{ "28", "240220", "2026-02-01", false },
		{ "28", "", "2026-02-01", false },
		{ "40", "240220", "2026-02-01", true },
		{ "40", "240220", "2025-09-21", false },
		{ "40", "998314", "2026-10-05", true },
		{ "18", "998314", "2026-10-05", true },
		{ "18", "8471", "2026-10-05", true },
		{ "3", "7113", "2026-10-05", true },
		{ "3", "8471", "2026-10-05", false },
		{ "3", "998314", "2026-10-05", false },
		{ "0.25", "7102", "2026-10-05", true },
		{ "0.25", "7113", "2026-10-05", false },
		{ "1.5", "998812", "2026-10-05", true },
		{ "0.1", "6205", "2026-10-05", true },
		{ "0.1", "998314", "2026-10-05", false },
		{ "7.5", "995411", "2026-10-05", true },
		{ "7.5", "6205", "2026-10-05", false },
		{ "1", "995411", "2019-03-31", false },
		{ "17", "", "2026-10-05", false },
		{ "0", "6205", "2026-10-05", true },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		int64_t rate;

		assert_true(gst_rate_parse(span_of(rows[i].rate), &rate));
		if (gst_rate_in_force(law, rate, rows[i].hsn,
		    day(rows[i].day)) != rows[i].in_force)
			fail_msg("%s of %s on %s", rows[i].rate, rows[i].hsn,
			    rows[i].day);
	}
}

static void
rates_have_one_text(void **state)
{
	static const struct { const char *text; int64_t rate; } rows[] = {
		{ "0", 0 }, { "0.1", 100 }, { "0.25", 250 }, { "1.5", 1500 },
		{ "7.5", 7500 }, { "18", 18000 }, { "0.125", 125 },
		{ "100", 100000 },
	};
	static const char *const wrong[] = { "", ".", "18.", ".5", "018",
		"18.0", "0.0001", "1.2.3", "-1", "1e1", "18%", "201",
		"99999999999999999999" };
	int64_t rate;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		char text[GST_RATE_SIZE];

		assert_true(gst_rate_parse(span_of(rows[i].text), &rate));
		assert_int_equal(rate, rows[i].rate);
		gst_rate_text(rate, text);
		assert_string_equal(text, rows[i].text);
	}
	for (size_t i = 0; i < COUNT(wrong); i++)
		assert_false(gst_rate_parse(span_of(wrong[i]), &rate));
}

static void
each_head_is_rounded_for_itself(void **state)
{
	static const struct {
		int64_t taxable, rate, of;
		bool inter;
		int64_t igst, half;
	} rows[] = {
		{ 1234567, 18000, GST_WHOLE, false, 0, 111111 },
		{ 1234567, 18000, GST_WHOLE, true, 222222, 0 },
		{ 100, 250, GST_WHOLE, false, 0, 0 },
		{ 1000, 250, GST_WHOLE, false, 0, 1 },	/* 1.25 */
		{ 1200, 250, GST_WHOLE, false, 0, 2 },	/* 1.5, half up */
		{ -1200, 250, GST_WHOLE, false, 0, -2 },
		{ 10000, 18000, 65000, true, 1170, 0 },
		{ 10000, 5000, 65000, false, 0, 163 },	/* 162.5 */
		{ 0, 18000, GST_WHOLE, true, 0, 0 },
		{ INT64_C(999999999999999), 0, GST_WHOLE, true, 0, 0 },
		{ INT64_C(999999999999999), 40000, GST_WHOLE, true,
		    INT64_C(400000000000000), 0 },
	};
	int64_t tax[GST_HEADS];

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		assert_true(gst_tax(rows[i].taxable, rows[i].rate,
		    rows[i].inter, rows[i].of, tax));
		assert_int_equal(tax[GST_IGST], rows[i].igst);
		assert_int_equal(tax[GST_CGST], rows[i].half);
		assert_int_equal(tax[GST_SGST], rows[i].half);
	}
	assert_false(gst_tax(100, -1, true, GST_WHOLE, tax));
	assert_false(gst_tax(INT64_MAX, 18000, true, GST_WHOLE, tax));
	assert_false(gst_tax(INT64_C(999999999999999), 200000, true,
	    GST_WHOLE, tax));
}

static void
rupees_are_rounded_up_from_fifty(void **state)
{
	(void)state;
	assert_int_equal(gst_rupee(149), 100);
	assert_int_equal(gst_rupee(150), 200);
	assert_int_equal(gst_rupee(-150), -200);
	assert_int_equal(gst_rupee(0), 0);
}

/* Whatever the parts, the shares add up, and none is off by more than what
 * rounding all of them can leave. */
static void
shares_add_up(void **state)
{
	static const int64_t parts[][4] = {
		{ 1, 1, 1, 0 }, { 333, 333, 334, 0 }, { 0, 0, 0, 0 },
		{ 100000, -5000, 1, 0 }, { -7, -7, -7, 0 },
		{ 5, -5, 0, 0 }, { INT64_C(999999999999999), 1, 1, 1 },
	};
	uint32_t seed = 1;

	(void)state;
	for (size_t i = 0; i < COUNT(parts); i++) {
		for (int64_t amount = -25; amount <= 25; amount++) {
			int64_t out[4], sum = 0;

			gst_share(amount, parts[i], 4, out);
			for (int k = 0; k < 4; k++)
				sum += out[k];
			assert_int_equal(sum, amount);
		}
	}
	for (int round = 0; round < 2000; round++) {
		int64_t many[9], out[9], sum = 0, amount;

		for (int k = 0; k < 9; k++)
			many[k] = (seed = seed * 1103515245 + 12345) >> 12;
		amount = (seed = seed * 1103515245 + 12345) >> 8;
		gst_share(amount, many, 9, out);
		for (int k = 0; k < 9; k++) {
			assert_true(out[k] >= 0 || amount < 9);
			sum += out[k];
		}
		assert_int_equal(sum, amount);
	}
}

static void
digits_follow_the_turnover(void **state)
{
	static const struct {
		int64_t turnover;
		bool registered;
		int digits;
	} rows[] = {
		{ INT64_C(5000000000), true, 4 },	/* just 5 crore */
		{ INT64_C(5000000000), false, 0 },
		{ INT64_C(5000000001), true, 6 },
		{ INT64_C(5000000001), false, 6 },
		{ 0, true, 4 }, { 0, false, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_int_equal(gst_hsn_digits(law, rows[i].turnover,
		    rows[i].registered, day("2026-10-05")), rows[i].digits);
	assert_true(gst_hsn_shape("6205"));
	assert_true(gst_hsn_shape("998314"));
	assert_true(gst_hsn_shape("69010010"));
	assert_false(gst_hsn_shape("62"));
	assert_false(gst_hsn_shape("62052"));
	assert_false(gst_hsn_shape("62O520"));
	assert_false(gst_hsn_shape(""));
	assert_true(gst_hsn_service("998314"));
	assert_false(gst_hsn_service("6205"));
	assert_false(gst_hsn_service(NULL));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_rate_is_in_force_on_its_days),
		cmocka_unit_test(what_is_in_force),
		cmocka_unit_test(rates_have_one_text),
		cmocka_unit_test(each_head_is_rounded_for_itself),
		cmocka_unit_test(rupees_are_rounded_up_from_fifty),
		cmocka_unit_test(shares_add_up),
		cmocka_unit_test(digits_follow_the_turnover),
	};

	return cmocka_run_group_tests(tests, law_open, law_close);
}
