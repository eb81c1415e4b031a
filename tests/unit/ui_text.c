/*
 * How numbers and days are written, by the settings, and read back.
 */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "book/day.h"
#include "ui/text.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static const char *const any[] = { "indian", "western", "latin", "native",
	"auto", "iso", "day", "name", NULL };
static const struct option_info infos[] = {
	{ "digits", OPTION_CHOICE, "indian", 0, 0, any, "" },
	{ "numerals", OPTION_CHOICE, "latin", 0, 0, any, "" },
	{ "dates", OPTION_CHOICE, "auto", 0, 0, any, "" },
};

static void
set(const char *digits, const char *dates)
{
	struct options *options;
	struct err e = { 0 };

	options_new(&options, infos, COUNT(infos));
	assert_true(options_set(options, "digits", digits, &e));
	assert_true(options_set(options, "dates", dates, &e));
	text_open(options);
	options_free(&options);
}

static void
groups(void **state)
{
	static const struct {
		const char *in, *indian, *western;
	} rows[] = {
		{ "", "", "" }, { "0", "0", "0" }, { "999", "999", "999" },
		{ "1000", "1,000", "1,000" },
		{ "100000", "1,00,000", "100,000" },
		{ "1234567", "12,34,567", "1,234,567" },
		{ "-1234567.89", "-12,34,567.89", "-1,234,567.89" },
		{ "12345678901234567", "12,34,56,78,90,12,34,567",
		    "12,345,678,901,234,567" },
		{ "3.5", "3.5", "3.5" }, { "E12", "E12", "E12" },
		{ "1.2.3", "1.2.3", "1.2.3" }, { "-", "-", "-" },
		{ "12a", "12a", "12a" },
	};
	struct arena *arena = arena_new();

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		set("indian", "iso");
		assert_string_equal(text_number(arena, rows[i].in),
		    rows[i].indian);
		set("western", "iso");
		assert_string_equal(text_number(arena, rows[i].in),
		    rows[i].western);
	}
	assert_string_equal(text_money(arena, "INR", "-1234567.00"),
	    "-1,234,567.00");
	set("indian", "iso");
	assert_string_equal(text_money(arena, "INR", "-1234567.00"),
	    "-12,34,567.00");
	assert_string_equal(text_money(arena, "USD", "1234567.00"),
	    "1,234,567.00");
	assert_string_equal(text_money(arena, "JPY", "1234567"),
	    "1,234,567");
	assert_string_equal(text_money(arena, "INR", "odd"), "odd");
	assert_string_equal(text_count(arena, -1234567), "-12,34,567");
	assert_string_equal(text_figures(arena, "GST18 INR -1062000.00 of "
	    "2026  1234.5."), "GST18 INR -10,62,000.00 of 2026  1234.5.");
	arena_free(&arena);
}

static void
days(void **state)
{
	static const struct {
		const char *dates, *day, *month, *time;
	} rows[] = {
		{ "iso", "2026-10-05", "2026-10", "2026-10-05 15:11" },
		{ "day", "05-10-2026", "10-2026", "05-10-2026 15:11" },
		{ "name", "05 Oct 2026", "Oct 2026", "05 Oct 2026 15:11" },
	};
	struct arena *arena = arena_new();
	int64_t at, want, day;

	(void)state;
	assert_true(day_moment(SPAN("2026-10-05T09:41:00Z"), &want));
	assert_true(day_moment(SPAN("2026-10-05"), &day));
	for (size_t i = 0; i < COUNT(rows); i++) {
		set("indian", rows[i].dates);
		assert_string_equal(text_day(arena, "2026-10-05"),
		    rows[i].day);
		assert_string_equal(text_day(arena, "2026-13-05"),
		    "2026-13-05");
		assert_string_equal(text_month(arena, "\033[2J-\r\a"),
		    "^[[2J-^M^G");
		assert_string_equal(text_month(arena, "2026-10"),
		    rows[i].month);
		assert_string_equal(text_time(arena,
		    "2026-10-05T09:41:07.123Z"), rows[i].time);
		assert_int_equal(text_day_width(), strlen(rows[i].day));
		assert_true(text_moment(rows[i].time, &at));
		assert_int_equal(at, want);
		assert_true(text_moment(rows[i].day, &at));
		assert_int_equal(at, day);
		assert_false(text_moment("tomorrow", &at));
		assert_false(text_moment("", &at));
	}
	arena_free(&arena);
}

/* auto: as the locale's country does. */
static void
follows_the_country(void **state)
{
	static const struct {
		const char *all, *lang, *out;
	} rows[] = {
		{ "", "en_IN.UTF-8", "05-10-2026" },
		{ "hi_IN", "en_US", "05-10-2026" },
		{ "en_GB.UTF-8", "hi_IN", "2026-10-05" },
		{ "", "C.UTF-8", "2026-10-05" },
	};
	struct arena *arena = arena_new();

	(void)state;
	unsetenv("LC_TIME");
	for (size_t i = 0; i < COUNT(rows); i++) {
		setenv("LC_ALL", rows[i].all, 1);
		setenv("LANG", rows[i].lang, 1);
		set("indian", "auto");
		assert_string_equal(text_day(arena, "2026-10-05"),
		    rows[i].out);
	}
	arena_free(&arena);
}

static void
reads_any_digits(void **state)
{
	struct arena *arena = arena_new();

	(void)state;
	assert_string_equal(text_plain(arena,
	    "\u0967\u0968,\u0ae9\u0aea,\u0be6 x"), "12,34,0 x");
	arena_free(&arena);
}

static void
counts_in_their_room(void **state)
{
	static const struct {
		int64_t n;
		int cells;
		const char *out;
	} rows[] = {
		{ 0, 5, "0" }, { 9999, 5, "9,999" }, { 15000, 5, "15000" },
		{ 15000, 6, "15,000" }, { 99999, 5, "99999" },
		{ 100000, 5, "1.0L" }, { 123456, 8, "1,23,456" },
		{ 129999, 5, "1.2L" }, { 9999999, 5, "99.9L" },
	};
	struct arena *arena = arena_new();

	(void)state;
	set("indian", "iso");
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_string_equal(text_count_in(arena, rows[i].n,
		    rows[i].cells), rows[i].out);
	arena_free(&arena);
}

static void
sums_in_their_room(void **state)
{
	struct wire_amount items[] = {
		{ .currency = "EUR", .amount = "7.00" },
		{ .currency = "INR", .amount = "1032591.13" },
		{ .currency = "USD", .amount = "150.00" },
	};
	const struct wire_amounts all = { .items = items, .n = 3 },
	    one = { .items = items + 1, .n = 1 };
	struct arena *arena = arena_new();

	(void)state;
	set("indian", "iso");
	assert_string_equal(text_amounts_in(arena, &all, 60),
	    "7.00 EUR + 10,32,591.13 INR + 150.00 USD");
	assert_string_equal(text_amounts_in(arena, &all, 19),
	    "10,32,591.13 INR +2");
	assert_string_equal(text_amounts_in(arena, &one, 5),
	    "10,32,591.13 INR");
	arena_free(&arena);
}

/* What only looks like a time has no hours; found by fuzzing. */
static void
hours_are_two_digits(void **state)
{
	int64_t day, at;

	(void)state;
	set("indian", "iso");
	assert_true(text_moment("2026-10-05", &day));
	assert_true(text_moment("2026-10-05 10:00", &at));
	assert_int_equal(at - day, INT64_C(36000000000));
	assert_true(text_moment("2026-10-05 10:077777777777777777777777", &at));
	assert_int_equal(at, day);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(groups),
		cmocka_unit_test(days),
		cmocka_unit_test(follows_the_country),
		cmocka_unit_test(reads_any_digits),
		cmocka_unit_test(counts_in_their_room),
		cmocka_unit_test(sums_in_their_room),
		cmocka_unit_test(hours_are_two_digits),
	};

	if (setlocale(LC_CTYPE, "C.UTF-8") == NULL)
		return 77;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
