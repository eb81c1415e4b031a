/* How fast a target is spoken to: never more in any second than allowed, as
 * the target sees it, and not at all while its breaker is open. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#include "flow/pace.h"

#define SECOND INT64_C(1000000)
#define ANY_HOUR { HOURS_NONE, HOURS_NONE }

/* A day of a target that answers after `took`; at any time it may have seen a
 * posting as late as its answer, or as early as we sent it. */
static void
run(int64_t rate, int64_t burst, int64_t n, int64_t took, int64_t *start,
    int64_t *end, int64_t *last, size_t calls)
{
	const struct pace_limits limits = { rate, burst, 5, 60, ANY_HOUR };
	struct pace *pace = pace_new(&limits);
	int64_t now = 1;

	for (size_t i = 0; i < calls; i++) {
		int64_t wait;

		while ((wait = pace_take(pace, now, n)) > 0)
			now += wait;
		start[i] = now;
		/* what comes late makes the next look early */
		now += i % 7 == 0 ? took * 5 : took;
		end[i] = now;
		pace_ended(pace, now);
	}
	*last = now;
	pace_drop(&pace);
}

/* The worst that can be seen: one at its end, and all that start within a
 * second after it. */
static int64_t
worst_second(const int64_t *start, const int64_t *end, size_t calls,
    int64_t n)
{
	int64_t worst = 0;

	for (size_t i = 0; i < calls; i++) {
		size_t k = i;

		while (k < calls && start[k] < end[i] + SECOND)
			k++;
		if ((int64_t)(k - i) * n > worst)
			worst = (int64_t)(k - i) * n;
	}
	return worst;
}

static void
no_second_sees_more_than_the_rate(void **state)
{
	static const struct { int64_t rate, burst, n, took; } cases[] = {
		{ 15, 0, 1, 1000 }, { 15, 0, 1, 60000 }, { 15, 0, 5, 90000 },
		{ 15, 1, 1, 10 }, { 1, 0, 1, 5 }, { 100, 0, 20, 400 },
		{ 15, 0, 15, 300000 },
	};
	static int64_t start[2000], end[2000];

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		size_t calls = 2000;
		int64_t last, least;

		run(cases[i].rate, cases[i].burst, cases[i].n, cases[i].took,
		    start, end, &last, calls);
		assert_true(worst_second(start, end, calls, cases[i].n) <=
		    cases[i].rate);
		/* and it is made use of: within a third of what it may */
		least = (int64_t)calls * cases[i].n * SECOND / cases[i].rate;
		if (cases[i].took * cases[i].rate < SECOND / 2)
			assert_true(last < least * 4 / 3);
	}
}

static void
a_burst_is_what_a_second_may_see(void **state)
{
	static int64_t start[500], end[500];
	int64_t last;

	(void)state;
	run(5, 40, 1, 100, start, end, &last, 500);
	assert_int_equal(worst_second(start, end, 40, 1), 40);
	assert_true(worst_second(start, end, 500, 1) <= 40);
}

static void
without_a_rate_all_go(void **state)
{
	const struct pace_limits limits = { 0, 0, 5, 60, ANY_HOUR };
	struct pace *pace = pace_new(&limits);

	(void)state;
	for (int i = 0; i < 1000; i++)
		assert_int_equal(pace_take(pace, 1, 100), 0);
	assert_int_equal(pace_most(pace), INT64_MAX);
	pace_drop(&pace);
}

/* Whoever was there before us may have sent all of it a moment ago. */
static void
what_was_spent_before_counts(void **state)
{
	const struct pace_limits limits = { 15, 0, 5, 60, ANY_HOUR };
	struct pace *pace = pace_new(&limits);

	(void)state;
	pace_spent(pace, 1);
	assert_int_equal(pace_take(pace, 1, 1), SECOND);
	assert_int_equal(pace_take(pace, SECOND, 15), 1);
	assert_int_equal(pace_take(pace, SECOND + 1, 15), 0);
	pace_drop(&pace);
}

static void
what_it_asks_for_holds_everybody(void **state)
{
	const struct pace_limits limits = { 0, 0, 5, 60, ANY_HOUR };
	struct pace *pace = pace_new(&limits), *other = pace_hold(pace);
	struct pace_state now;
	bool trial;

	(void)state;
	pace_wait(pace, 5 * SECOND);
	pace_wait(pace, 3 * SECOND);	/* the later one counts */
	assert_int_equal(pace_take(other, SECOND, 1), 4 * SECOND);
	assert_int_equal(pace_admits(other, SECOND, &trial), 4 * SECOND);
	pace_state(pace, SECOND, &now);
	assert_int_equal(now.until, 5 * SECOND);
	assert_int_equal(now.breaker, BREAKER_CLOSED);
	pace_drop(&other);
	assert_int_equal(pace_take(pace, 5 * SECOND, 1), 0);
	pace_drop(&pace);
}

static void
the_breaker_lets_one_try(void **state)
{
	const struct pace_limits limits = { 0, 0, 2, 60, ANY_HOUR };
	struct pace *pace = pace_new(&limits);
	struct pace_state now;
	bool trial;

	(void)state;
	assert_int_equal(pace_admits(pace, 0, &trial), 0);
	assert_false(trial);
	assert_false(pace_bad(pace, SECOND));
	assert_true(pace_bad(pace, SECOND));
	assert_int_equal(pace_admits(pace, 2 * SECOND, &trial), 59 * SECOND);
	pace_state(pace, 2 * SECOND, &now);
	assert_int_equal(now.until, 61 * SECOND);
	assert_int_equal(now.failures, 2);
	assert_int_equal(pace_admits(pace, 61 * SECOND, &trial), 0);
	assert_true(trial);
	assert_true(pace_admits(pace, 61 * SECOND, &trial) > 0);
	pace_untried(pace, 61 * SECOND);	/* had nothing: the next */
	assert_int_equal(pace_admits(pace, 61 * SECOND, &trial), 0);
	assert_true(trial);
	assert_false(pace_bad(pace, 61 * SECOND));
	assert_int_equal(pace_admits(pace, 62 * SECOND, &trial), 59 * SECOND);
	assert_int_equal(pace_admits(pace, 121 * SECOND, &trial), 0);
	pace_good(pace);
	assert_int_equal(pace_admits(pace, 121 * SECOND, &trial), 0);
	assert_false(trial);
	pace_open(pace, 200 * SECOND);		/* as a stop left it */
	assert_int_equal(pace_admits(pace, 199 * SECOND, &trial), SECOND);
	pace_drop(&pace);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_second_sees_more_than_the_rate),
		cmocka_unit_test(a_burst_is_what_a_second_may_see),
		cmocka_unit_test(without_a_rate_all_go),
		cmocka_unit_test(what_was_spent_before_counts),
		cmocka_unit_test(what_it_asks_for_holds_everybody),
		cmocka_unit_test(the_breaker_lets_one_try),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
