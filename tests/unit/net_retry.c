/*
 * When to try again: backoff within its bounds, Retry-After in every form,
 * the breaker's three states, and a bucket that gives exactly its rate.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/clock.h"
#include "net/retry.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define SECOND INT64_C(1000000)

/* ---- backoff ---------------------------------------------------------- */

static void
backoff_doubles_to_its_most(void **state)
{
	const int64_t tops[] = { 1, 2, 4, 8, 16, 32, 60, 60, 60 };

	(void)state;
	for (unsigned i = 0; i < COUNT(tops); i++) {
		int64_t top = tops[i] * SECOND;

		/* random == top gives the most there is, top + 1 wraps */
		assert_int_equal(retry_backoff(i + 1, SECOND, 60 * SECOND,
		    (uint64_t)top), top);
		assert_int_equal(retry_backoff(i + 1, SECOND, 60 * SECOND,
		    (uint64_t)top + 1), 0);
	}
	assert_in_range(retry_backoff(UINT32_MAX, SECOND, 60 * SECOND,
	    UINT64_MAX), 0, 60 * SECOND);
	assert_in_range(retry_backoff(4000, 3, INT64_MAX, UINT64_MAX), 0,
	    INT64_MAX);
	assert_int_equal(retry_backoff(5, 0, 0, 77), 0);
}

/* Full jitter: the whole range is used, so that many do not come at once. */
static void
backoff_uses_its_whole_range(void **state)
{
	uint64_t random = 88172645463325252u;
	int tenth[10] = { 0 };

	(void)state;
	for (int i = 0; i < 10000; i++) {
		random ^= random << 13;
		random ^= random >> 7;
		random ^= random << 17;
		tenth[retry_backoff(4, SECOND, 60 * SECOND, random) * 10 /
		    (8 * SECOND + 1)]++;
	}
	for (int i = 0; i < 10; i++)
		assert_in_range(tenth[i], 800, 1200);
}

/* ---- Retry-After ------------------------------------------------------ */

#define NOW "2026-10-05T09:41:07Z"

static const struct {
	const char *text;
	int64_t seconds;	/* -1: not one */
} headers[] = {
	{ "0", 0 },
	{ "1", 1 },
	{ "120", 120 },
	{ "0000000000000000000000120", 120 },
	{ "86400", 86400 },
	{ "86401", 86400 },
	{ "99999999999999999999999999", 86400 },
	{ "Mon, 05 Oct 2026 09:42:07 GMT", 60 },
	{ "Mon, 05 Oct 2026 09:41:07 GMT", 0 },
	{ "Mon, 05 Oct 2026 09:40:07 GMT", 0 },
	{ "Monday, 05-Oct-26 09:42:07 GMT", 60 },
	{ "Wednesday, 05-Oct-77 09:42:07 GMT", 0 },
	{ "Tuesday, 05-Oct-76 09:42:07 GMT", 86400 },
	{ "Mon Oct  5 09:42:07 2026", 60 },
	{ "Fri, 31 Dec 9999 23:59:59 GMT", 86400 },
	{ "", -1 },
	{ "-1", -1 },
	{ "+1", -1 },
	{ " 1", -1 },
	{ "1.5", -1 },
	{ "1 ", -1 },
	{ "soon", -1 },
	{ "Mon, 31 Feb 2026 09:42:07 GMT", -1 },
	{ "Mon, 05 Foo 2026 09:42:07 GMT", -1 },
	{ "Mon, 05 Oct 2026 09:42:07 IST", -1 },
	{ "Mon, 05 Oct 2026 09:42:07 GMT+1", -1 },
	{ "Mon, 05 Oct 2026 25:42:07 GMT", -1 },
	{ "Mon, 05 Oct 2026", -1 },
};

static void
reads_retry_after(void **state)
{
	int64_t now, wait;

	(void)state;
	assert_true(clock_parse(SPAN(NOW), &now));
	for (size_t i = 0; i < COUNT(headers); i++) {
		bool ok = retry_after(span_of(headers[i].text), now, &wait);

		if (ok != (headers[i].seconds >= 0) ||
		    (ok && wait != headers[i].seconds * SECOND))
			fail_msg("%s: %d %lld", headers[i].text, ok,
			    (long long)wait);
	}
	assert_false(retry_after((struct span){ "1\0002", 3 }, now, &wait));
}

/* ---- breaker ---------------------------------------------------------- */

static void
breaker_opens_and_closes(void **state)
{
	struct breaker b = { .limit = 3, .pause = 10 * SECOND };

	(void)state;
	assert_string_equal(breaker_name(b.state), "closed");
	assert_false(breaker_bad(&b, 0));
	assert_false(breaker_bad(&b, 0));
	breaker_good(&b);	/* in a row only */
	assert_false(breaker_bad(&b, 1));
	assert_false(breaker_bad(&b, 2));
	assert_true(breaker_admits(&b, 2));
	assert_true(breaker_bad(&b, 3));
	assert_string_equal(breaker_name(b.state), "open");
	assert_false(breaker_admits(&b, 3));
	assert_false(breaker_admits(&b, 3 + 10 * SECOND - 1));
	assert_true(breaker_admits(&b, 3 + 10 * SECOND));
	assert_string_equal(breaker_name(b.state), "half-open");
	assert_false(breaker_admits(&b, 3 + 10 * SECOND));	/* one trial */
	assert_false(breaker_bad(&b, 20 * SECOND));	/* was not closed */
	assert_int_equal(b.state, BREAKER_OPEN);
	assert_false(breaker_admits(&b, 29 * SECOND));
	assert_true(breaker_admits(&b, 30 * SECOND));
	breaker_good(&b);
	assert_int_equal(b.state, BREAKER_CLOSED);
	assert_int_equal(b.failures, 0);
	assert_true(breaker_admits(&b, 30 * SECOND));
}

/* ---- bucket ----------------------------------------------------------- */

static void
bucket_gives_burst_then_rate(void **state)
{
	struct bucket b = { 0 };
	int64_t now = 7 * SECOND, wait;

	(void)state;
	for (int i = 0; i < 5; i++)
		assert_int_equal(bucket_take(&b, now, 2, 5, 1), 0);
	wait = bucket_take(&b, now, 2, 5, 1);
	assert_int_equal(wait, SECOND / 2);
	assert_int_equal(bucket_wait(&b, now, 2, 5, 1), wait);
	assert_int_equal(bucket_take(&b, now + wait - 1, 2, 5, 1), 1);
	assert_int_equal(bucket_take(&b, now + wait, 2, 5, 1), 0);
	assert_int_equal(bucket_take(&b, now + wait, 2, 5, 1), wait);
}

/* However it is asked, over a time t no more than burst + rate * t pass. */
static void
bucket_never_gives_more(void **state)
{
	const int64_t rates[] = { 1, 3, 7, 1000, 999983 };

	(void)state;
	for (size_t r = 0; r < COUNT(rates); r++) {
		struct bucket b = { 0 };
		uint64_t random = 12345;
		int64_t now = 0, taken = 0;

		for (int i = 0; i < 20000; i++) {
			random = random * 6364136223846793005u + 1;
			now += (int64_t)(random >> 48) % 5000;
			taken += bucket_take(&b, now, rates[r], 4, 1) == 0;
			assert_true(taken * SECOND <= 4 * SECOND +
			    rates[r] * now);
		}
		/* nor is any lost to rounding while it is never full */
		if (rates[r] < 200)
			assert_true((taken + 1) * SECOND >= rates[r] * now);
	}
}

/* A batch larger than the burst is not refused for ever: it waits for a full
 * bucket, and those after it wait for what it took too much. */
static void
bucket_lends_to_a_batch(void **state)
{
	struct bucket b = { 0 };

	(void)state;
	assert_int_equal(bucket_take(&b, 0, 2, 4, 1), 0);
	assert_int_equal(bucket_take(&b, 0, 2, 4, 10), SECOND / 2);
	assert_int_equal(bucket_take(&b, SECOND / 2, 2, 4, 10), 0);
	assert_int_equal(bucket_wait(&b, SECOND / 2, 2, 4, 0), 3 * SECOND);
	assert_int_equal(bucket_take(&b, SECOND / 2, 2, 4, 1),
	    3 * SECOND + SECOND / 2);
	assert_int_equal(bucket_take(&b, 4 * SECOND, 2, 4, 1), 0);
}

static void
bucket_bears_odd_clocks_and_settings(void **state)
{
	struct bucket b = { 0 };

	(void)state;
	assert_int_equal(bucket_take(&b, 100 * SECOND, 1, 1, 1), 0);
	assert_int_equal(bucket_take(&b, 0, 1, 1, 1), SECOND);	/* set back */
	assert_int_equal(bucket_take(&b, SECOND, 1, 1, 1), 0);
	assert_int_equal(bucket_take(&b, INT64_MAX / 2, 1000000, 1000000,
	    1000000), 0);
	/* fewer allowed from now on */
	b = (struct bucket){ .level = 100 * SECOND, .used = true };
	assert_int_equal(bucket_take(&b, 0, 1, 2, 2), 0);
	assert_int_equal(bucket_take(&b, 0, 1, 2, 1), SECOND);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(backoff_doubles_to_its_most),
		cmocka_unit_test(backoff_uses_its_whole_range),
		cmocka_unit_test(reads_retry_after),
		cmocka_unit_test(breaker_opens_and_closes),
		cmocka_unit_test(bucket_gives_burst_then_rate),
		cmocka_unit_test(bucket_never_gives_more),
		cmocka_unit_test(bucket_lends_to_a_batch),
		cmocka_unit_test(bucket_bears_odd_clocks_and_settings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
