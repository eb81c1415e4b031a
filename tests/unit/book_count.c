/* What a line of a stock count comes to. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "book/count.h"

/* 390 expected, 388 counted, 410.00 each; 1 % and 1000.00 are tolerated. */
static struct counting
usual(void)
{
	return (struct counting){ .was_counted = true, .counted = 388000,
	    .expected = 390000, .each = 41000, .percent = 100,
	    .limit = 100000, .tolerates = true };
}

static enum count_state
state(struct counting c)
{
	return count_judge(&c).state;
}

static void
says_what_is_open_and_its_value(void **arg)
{
	struct counting c = usual();
	struct counted out = count_judge(&c);

	(void)arg;
	assert_int_equal(out.difference, -2000);
	assert_int_equal(out.open, -2000);
	assert_int_equal(out.value, -82000);
	assert_int_equal(out.state, COUNT_SMALL);
	c.adjusted = -500;
	c.any_adjusted = true;
	out = count_judge(&c);
	assert_int_equal(out.difference, -2000);
	assert_int_equal(out.open, -1500);
	assert_int_equal(out.value, -61500);
	c.each = -1;
	assert_int_equal(count_judge(&c).value, 0);
}

/* On the limit is within it, both limits count, and no limit is none. */
static void
tolerates_up_to_both_limits(void **arg)
{
	struct counting c = usual();

	(void)arg;
	c.limit = 82000;
	assert_int_equal(state(c), COUNT_SMALL);
	c.limit = 81999;
	assert_int_equal(state(c), COUNT_DIFFERS);
	c.limit = -1;
	assert_int_equal(state(c), COUNT_SMALL);
	c.percent = 51;			/* 2 of 390 is 0.5128 % */
	assert_int_equal(state(c), COUNT_DIFFERS);
	c.percent = 52;
	assert_int_equal(state(c), COUNT_SMALL);
	c.counted = 392000;		/* too many is judged like too few */
	assert_int_equal(state(c), COUNT_SMALL);
	c.percent = -1;
	c.counted = 1;
	assert_int_equal(state(c), COUNT_SMALL);
	c.tolerates = false;
	assert_int_equal(state(c), COUNT_DIFFERS);
}

/* Of nothing, any percent is nothing; what has no cost has no value that a
 * limit could hold. */
static void
tolerates_nothing_that_it_cannot_tell(void **arg)
{
	struct counting c = usual();

	(void)arg;
	c.expected = 0;
	c.counted = 1000;
	assert_int_equal(state(c), COUNT_DIFFERS);
	c = usual();
	c.each = -1;
	assert_int_equal(state(c), COUNT_DIFFERS);
	c.limit = -1;
	assert_int_equal(state(c), COUNT_SMALL);
	/* Far from overflowing. */
	c.percent = INT64_MAX;
	c.expected = INT64_MAX / 4;
	c.counted = -c.expected;
	assert_int_equal(state(c), COUNT_SMALL);
}

static void
confirms_what_differs_as_before(void **arg)
{
	struct counting c = usual();

	(void)arg;
	c.tolerates = false;
	c.again = true;
	c.before = -2000;
	assert_int_equal(state(c), COUNT_CONFIRMED);
	c.before = -1000;
	assert_int_equal(state(c), COUNT_DIFFERS);
}

static void
goes_by_the_first_that_holds(void **arg)
{
	struct counting c = usual();

	(void)arg;
	c.rejected = true;
	c.rejected_at = -2000;
	assert_int_equal(state(c), COUNT_REJECTED);
	c.rejected_at = -1000;		/* said of another difference */
	assert_int_equal(state(c), COUNT_SMALL);
	c.waits = true;
	assert_int_equal(state(c), COUNT_WAITS);
	c.recounted = true;
	assert_int_equal(state(c), COUNT_RECOUNTED);
	c.adjusted = -2000;
	c.any_adjusted = true;
	assert_int_equal(state(c), COUNT_ADJUSTED);
	c = usual();
	c.adjusted = -3000;
	c.any_adjusted = true;
	assert_int_equal(state(c), COUNT_MOVED);
	c = usual();
	c.counted = c.expected;
	c.waits = c.rejected = true;
	assert_int_equal(state(c), COUNT_EQUAL);
	c.was_counted = false;
	assert_int_equal(state(c), COUNT_NOT);
	c.recounted = true;
	assert_int_equal(state(c), COUNT_RECOUNTED);
}

static void
names_each_state(void **arg)
{
	enum count_state found;

	(void)arg;
	for (int i = 0; i < COUNT_STATES; i++) {
		assert_true(count_state_find(count_state_name(
		    (enum count_state)i), &found));
		assert_int_equal(found, i);
	}
	assert_false(count_state_find("open", &found));
	assert_true(count_adjustable(COUNT_MOVED));
	assert_false(count_adjustable(COUNT_REJECTED));
	assert_false(count_adjustable(COUNT_NOT));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(says_what_is_open_and_its_value),
		cmocka_unit_test(tolerates_up_to_both_limits),
		cmocka_unit_test(tolerates_nothing_that_it_cannot_tell),
		cmocka_unit_test(confirms_what_differs_as_before),
		cmocka_unit_test(goes_by_the_first_that_holds),
		cmocka_unit_test(names_each_state),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
