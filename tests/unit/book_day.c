/*
 * Days: only real ones, turned to IST where a time is given, with the period
 * and the financial year that they fall in.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "book/day.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static void
parses_real_days(void **state)
{
	static const struct {
		struct span in;
		bool ok;
	} rows[] = {
		{ SPAN("2026-10-05"), true },
		{ SPAN("1990-01-01"), true }, { SPAN("2199-12-31"), true },
		{ SPAN("2024-02-29"), true }, { SPAN("2000-02-29"), true },
		{ SPAN("2026-01-31"), true }, { SPAN("2026-04-30"), true },
		{ SPAN("1989-12-31"), false }, { SPAN("2200-01-01"), false },
		{ SPAN("2026-02-29"), false }, { SPAN("2100-02-29"), false },
		{ SPAN("2024-02-30"), false }, { SPAN("2026-04-31"), false },
		{ SPAN("2026-06-31"), false }, { SPAN("2026-09-31"), false },
		{ SPAN("2026-11-31"), false }, { SPAN("2026-01-32"), false },
		{ SPAN("2026-00-10"), false }, { SPAN("2026-13-10"), false },
		{ SPAN("2026-10-00"), false }, { SPAN("2026-1-05"), false },
		{ SPAN("2026-10-5"), false }, { SPAN("2026-10-05 "), false },
		{ SPAN(" 2026-10-05"), false }, { SPAN("2026/10/05"), false },
		{ SPAN("20261005"), false }, { SPAN("05-10-2026"), false },
		{ SPAN("2026-10-0a"), false }, { SPAN("2026-+1-05"), false },
		{ SPAN("+026-10-05"), false }, { SPAN("-026-10-05"), false },
		{ SPAN("2026-10-05T"), false }, { SPAN(""), false },
		{ SPAN("2026-10-0\0"), false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		size_t n = rows[i].in.n;
		char *copy = malloc(n + (n == 0));
		struct day day;

		memcpy(copy, rows[i].in.p, n);
		if (day_parse((struct span){ copy, n }, &day) != rows[i].ok)
			fail_msg("%s", rows[i].in.p);
		assert_string_equal(day.text, rows[i].ok ? rows[i].in.p : "");
		free(copy);
	}
}

static void
turns_to_ist(void **state)
{
	static const struct {
		const char *in, *out;	/* "": refused */
	} rows[] = {
		{ "2026-10-05", "2026-10-05" },
		{ "2026-10-05T00:00:00Z", "2026-10-05" },
		{ "2026-10-05T18:29:59Z", "2026-10-05" },
		{ "2026-10-05T18:29:59.999999Z", "2026-10-05" },
		{ "2026-10-05T18:30:00Z", "2026-10-06" },
		{ "2026-10-05T23:59:59+05:30", "2026-10-05" },
		{ "2026-10-06T00:00:00+05:30", "2026-10-06" },
		{ "2026-10-05T14:29:59-04:00", "2026-10-05" },
		{ "2026-10-05T14:30:00-04:00", "2026-10-06" },
		{ "2026-10-06T03:29:59+09:00", "2026-10-05" },
		{ "2026-10-06T03:30:00+09:00", "2026-10-06" },
		{ "2024-02-28T18:30:00Z", "2024-02-29" },
		{ "2026-02-28T18:30:00Z", "2026-03-01" },
		{ "2026-12-31T18:30:00Z", "2027-01-01" },
		{ "2027-03-31T18:29:59Z", "2027-03-31" },
		{ "2027-03-31T18:30:00Z", "2027-04-01" },
		{ "2199-12-31T18:29:59Z", "2199-12-31" },
		{ "2199-12-31T18:30:00Z", "" },	/* out of the years */
		{ "1990-01-01T00:00:00+05:30", "1990-01-01" },
		{ "1990-01-01T00:00:00+14:00", "" },
		{ "2026-02-29T10:00:00Z", "" },
		{ "2026-10-05T10:00:00", "" },
		{ "2026-10-05T25:00:00Z", "" },
		{ "2026-10-05Z", "" }, { "2026-10-0", "" }, { "", "" },
		{ "1989-12-31T23:00:00Z", "" },
		{ "yesterday", "" }, { "05/10/2026", "" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct day day;

		if (day_from_text(span_of(rows[i].in), &day) !=
		    (rows[i].out[0] != '\0'))
			fail_msg("%s", rows[i].in);
		assert_string_equal(day.text, rows[i].out);
	}
}

static void
of_a_time(void **state)
{
	(void)state;
	assert_string_equal(day_from_time(0).text, "1970-01-01");
	assert_string_equal(day_from_time(
	    INT64_C(66599999999)).text, "1970-01-01");
	assert_string_equal(day_from_time(
	    INT64_C(66600000000)).text, "1970-01-02");
	assert_string_equal(day_from_time(
	    INT64_C(1791193267123000)).text, "2026-10-05");
}

static void
periods_and_years(void **state)
{
	static const struct {
		const char *day, *period, *year;
	} rows[] = {
		{ "2026-10-05", "2026-10", "2026-27" },
		{ "2026-04-01", "2026-04", "2026-27" },
		{ "2026-03-31", "2026-03", "2025-26" },
		{ "2026-01-01", "2026-01", "2025-26" },
		{ "2026-12-31", "2026-12", "2026-27" },
		{ "1999-04-01", "1999-04", "1999-00" },
		{ "2000-03-31", "2000-03", "1999-00" },
		{ "2008-06-01", "2008-06", "2008-09" },
		{ "2099-04-01", "2099-04", "2099-00" },
		{ "1990-01-01", "1990-01", "1989-90" },
		{ "2199-12-31", "2199-12", "2199-00" },
	};
	char out[8];

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct day day;

		assert_true(day_parse(span_of(rows[i].day), &day));
		day_period(day, out);
		assert_string_equal(out, rows[i].period);
		day_year(day, out);
		assert_string_equal(out, rows[i].year);
	}
}

static void
counts_days(void **state)
{
	static const struct {
		const char *from, *to;
		int days;
	} rows[] = {
		{ "2026-10-05", "2026-10-05", 0 },
		{ "2026-10-05", "2026-10-06", 1 },
		{ "2026-10-06", "2026-10-05", -1 },
		{ "2026-02-28", "2026-03-01", 1 },
		{ "2024-02-28", "2024-03-01", 2 },
		{ "2100-02-28", "2100-03-01", 1 },
		{ "2000-02-28", "2000-03-01", 2 },
		{ "2026-04-01", "2027-04-01", 365 },
		{ "2027-04-01", "2028-04-01", 366 },
		{ "1990-01-01", "2199-12-31", 76700 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct day from, to;

		assert_true(day_parse(span_of(rows[i].from), &from));
		assert_true(day_parse(span_of(rows[i].to), &to));
		assert_int_equal(day_between(from, to), rows[i].days);
		assert_int_equal(day_between(to, from), -rows[i].days);
	}
	assert_int_equal(day_between((struct day){ "" },
	    (struct day){ "2026-10-05" }), 0);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(parses_real_days),
		cmocka_unit_test(turns_to_ist),
		cmocka_unit_test(of_a_time),
		cmocka_unit_test(periods_and_years),
		cmocka_unit_test(counts_days),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
