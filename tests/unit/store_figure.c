/* Buckets and quantiles of latencies, by whole numbers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "store/figure.h"

static void
bounds_grow_and_belong_to_their_bucket(void **state)
{
	(void)state;
	assert_int_equal(latency_bucket(0), 0);
	for (int i = 0; i < LATENCY_BUCKETS; i++) {
		assert_int_equal(latency_bucket(latency_bounds[i]), i);
		assert_int_equal(latency_bucket(latency_bounds[i] + 1), i + 1);
		if (i > 0)
			assert_true(latency_bounds[i] > latency_bounds[i - 1]);
	}
}

static void
quantiles_spread_evenly_in_a_bucket(void **state)
{
	int64_t n[LATENCY_BUCKETS + 1] = { 0 };

	(void)state;
	assert_int_equal(latency_quantile(n, 50, 100), -1);
	n[0] = 100;
	assert_int_equal(latency_quantile(n, 50, 100), 500);
	assert_int_equal(latency_quantile(n, 95, 100), 950);
	assert_int_equal(latency_quantile(n, 99, 100), 990);
	n[3] = 100;		/* 5 to 10 ms */
	assert_int_equal(latency_quantile(n, 50, 100), 1000);
	assert_int_equal(latency_quantile(n, 75, 100), 7500);
	assert_int_equal(latency_quantile(n, 100, 100), 10000);
}

static void
one_of_each_and_the_rank_goes_up(void **state)
{
	int64_t n[LATENCY_BUCKETS + 1] = { 1, 1, 1 };

	(void)state;
	/* the second of three has half below or at it */
	assert_int_equal(latency_quantile(n, 50, 100), 2000);
	assert_int_equal(latency_quantile(n, 99, 100), 5000);
}

static void
beyond_the_last_bound_there_is_no_value(void **state)
{
	int64_t n[LATENCY_BUCKETS + 1] = { 0 };

	(void)state;
	n[LATENCY_BUCKETS] = 1;
	assert_int_equal(latency_quantile(n, 50, 100), -1);
	assert_int_equal(latency_bucket(INT64_MAX), LATENCY_BUCKETS);
}

static void
many_stay_inside_64_bits(void **state)
{
	int64_t n[LATENCY_BUCKETS + 1] = { 0 };

	(void)state;
	n[LATENCY_BUCKETS - 1] = INT64_C(1000000000);
	assert_int_equal(latency_quantile(n, 50, 100),
	    INT64_C(3500000) * 1000000);
}

static void
whole_seconds_count_from_their_end(void **state)
{
	struct event event = { .received = 5400000 };

	(void)state;
	assert_int_equal(latency_start(&event), 5400000);
	event.occurred = 3000000;
	assert_int_equal(latency_start(&event), 3999999);
	event.occurred = 5000000;
	assert_int_equal(latency_start(&event), 5400000);
	event.occurred = 3200000;
	assert_int_equal(latency_start(&event), 3200000);
	event.occurred = 9100000;	/* their clock is ahead */
	assert_int_equal(latency_start(&event), 5400000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bounds_grow_and_belong_to_their_bucket),
		cmocka_unit_test(quantiles_spread_evenly_in_a_bucket),
		cmocka_unit_test(one_of_each_and_the_rank_goes_up),
		cmocka_unit_test(beyond_the_last_bound_there_is_no_value),
		cmocka_unit_test(many_stay_inside_64_bits),
		cmocka_unit_test(whole_seconds_count_from_their_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
