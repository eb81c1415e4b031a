/* Hours of the day, IST. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "book/hours.h"
#include "core/clock.h"

static int64_t
at(const char *text)
{
	int64_t time;

	assert_true(clock_parse(span_of(text), &time));
	return time;
}

static struct hours
hours(const char *text)
{
	struct hours out;
	char again[HOURS_SIZE];

	assert_true(hours_parse(span_of(text), &out));
	hours_text(&out, again);
	assert_string_equal(again, text);
	return out;
}

static void
what_is_no_hours(void **state)
{
	static const char *const wrong[] = { "9:00-18:00", "24:00-01:00",
	    "09:60-10:00", "09:00-09:00", "09:00-", "09.00-10.00",
	    "09:00-10:00 ", "noon", "22:00-24:00", "22:60-07:00",
	    "22:00-07:00 ", "22-00-07:00", "-1:00-07:00", "24:00" };
	struct hours out;

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		assert_false(hours_parse(span_of(wrong[i]), &out));
	assert_true(hours_parse(SPAN("22:30"), &out));
	assert_int_equal(out.to, 22 * 60 + 30);
	assert_false(hours_parse_span(SPAN("22:30"), &out));
	assert_true(hours_parse_span(SPAN(""), &out));
	assert_true(hours_parse_span(SPAN("22:30-01:00"), &out));
}

/* Both ends and midnight, in IST whatever zone is written. */
static void
what_they_hold(void **state)
{
	struct hours night = hours("22:00-07:00"), day = hours("13:00-14:30");
	struct hours none = hours(""), moment = hours("00:00");

	(void)state;
	assert_false(hours_hold(&night, at("2026-10-05T21:59:59+05:30")));
	assert_true(hours_hold(&night, at("2026-10-05T22:00:00+05:30")));
	assert_true(hours_hold(&night, at("2026-10-06T00:00:00+05:30")));
	assert_true(hours_hold(&night, at("2026-10-06T01:29:59Z")));
	assert_false(hours_hold(&night, at("2026-10-06T01:30:00Z")));
	assert_false(hours_hold(&day, at("2026-10-05T12:59:59+05:30")));
	assert_true(hours_hold(&day, at("2026-10-05T13:00:00+05:30")));
	assert_false(hours_hold(&day, at("2026-10-05T14:30:00+05:30")));
	assert_false(hours_hold(&none, at("2026-10-05T00:00:00+05:30")));
	assert_false(hours_hold(&moment, at("2026-10-05T00:00:00+05:30")));
}

static void
when_it_is_next(void **state)
{
	(void)state;
	assert_int_equal(hours_next(7 * 60, at("2026-10-05T06:59:59+05:30")),
	    at("2026-10-05T07:00:00+05:30"));
	assert_int_equal(hours_next(7 * 60, at("2026-10-05T07:00:00+05:30")),
	    at("2026-10-06T07:00:00+05:30"));
	assert_int_equal(hours_next(0, at("2026-10-05T23:00:00Z")),
	    at("2026-10-07T00:00:00+05:30"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_no_hours),
		cmocka_unit_test(what_they_hold),
		cmocka_unit_test(when_it_is_next),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
