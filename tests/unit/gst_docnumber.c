/* Numbers of documents: rule 46(b), and the series that they make. */
#include "gst_law.h"

#include "gst/docnumber.h"

static void
the_rule(void **state)
{
	static const struct { const char *number; bool valid; } rows[] = {
		{ "1", true }, { "A", true }, { "BH/26-27/0412", true },
		{ "INV-2026-27-0099", true }, { "0412", true },
		{ "ABCDEFGH12345678", true }, { "ABCDEFGH123456789", false },
		{ "", false }, { "0", false }, { "000", false },
		{ "0/0", false }, { "-1", false }, { "/1", false },
		{ "A_1", false }, { "A 1", false }, { "A.1", false },
		{ "A#1", false }, { "\xe0\xa4\xad" "1", false },
		{ "0/A", true },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		if (docnumber_valid(rows[i].number, 16) != rows[i].valid)
			fail_msg("%s", rows[i].number);
}

static void
series_and_serial(void **state)
{
	static const struct {
		const char *number, *series;
		int64_t serial;
		int width;
	} rows[] = {
		{ "BH/26-27/0412", "BH/26-27/#", 412, 4 },
		{ "INV-2026-27-0099", "INV-2026-27-#", 99, 4 },
		{ "0412/26-27", "#/26-27", 412, 4 },
		{ "INV/0412/2026-27", "INV/#/2026-27", 412, 4 },
		{ "INV/0412/26/27", "INV/#/26/27", 412, 4 },
		{ "INV/0412/2627", "INV/#/2627", 412, 4 },
		{ "INV/0412/2728", "INV/0412/#", 2728, 4 },
		{ "INV/2627", "INV/#", 2627, 4 },
		{ "26-27", "26-#", 27, 2 },
		{ "1", "#", 1, 1 }, { "A1B2C", "A1B#C", 2, 1 },
		{ "9", "#", 9, 1 }, { "10", "#", 10, 2 },
		{ "1ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFGHIJKLMNOPQ",
		    "#ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFGHIJKLMNOPQ", 1, 1 },
	};
	struct docnumber none;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		char again[DOCNUMBER_SIZE];
		struct docnumber d;

		assert_true(docnumber_split(rows[i].number,
		    day("2026-10-05"), &d));
		if (strcmp(d.series, rows[i].series) != 0)
			fail_msg("%s is of %s", rows[i].number, d.series);
		assert_int_equal(d.serial, rows[i].serial);
		assert_int_equal(d.width, rows[i].width);
		docnumber_join(&d, again);
		assert_string_equal(again, rows[i].number);
	}
	/* the mark of a serial cannot be one of the number's own */
	assert_false(docnumber_split("A#1", day("2026-10-05"), &none));
}

static void
what_has_no_serial_is_no_series(void **state)
{
	char long_one[200];
	struct docnumber d;

	(void)state;
	assert_false(docnumber_split("ABC", day("2026-10-05"), &d));
	assert_false(docnumber_split("", day("2026-10-05"), &d));
	memset(long_one, '7', sizeof long_one - 1);
	long_one[sizeof long_one - 1] = '\0';
	assert_false(docnumber_split(long_one, day("2026-10-05"), &d));
	long_one[40] = '\0';
	assert_true(docnumber_split(long_one, day("2026-10-05"), &d));
	assert_int_equal(d.width, 15);
}

static void
case_makes_no_difference(void **state)
{
	char a[DOCNUMBER_SIZE], b[DOCNUMBER_SIZE];

	(void)state;
	assert_true(docnumber_fold("inv/1a", a));
	assert_true(docnumber_fold("INV/1A", b));
	assert_string_equal(a, b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_rule),
		cmocka_unit_test(series_and_serial),
		cmocka_unit_test(what_has_no_serial_is_no_series),
		cmocka_unit_test(case_makes_no_difference),
	};

	return cmocka_run_group_tests(tests, law_open, law_close);
}
