/* One alert through its life: nothing is told twice, nothing is forgotten. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "flow/notify.h"

#define HOUR INT64_C(3600000000)

struct life {
	struct standing s;
	struct notify_rules rules;
};

static struct life
new_life(enum alert_code code)
{
	return (struct life){ .s = { .row = { .code = code, .subject = "pos",
	    .told = "recovered" } }, .rules = { .now = HOUR * 1000,
	    .repeat = 24 * HOUR, .may_tell = true } };
}

/* One turn after so many hours; true: it is told, with what in *event. */
static bool
turn(struct life *life, int hours, bool seen, bool quiet)
{
	life->rules.now += hours * HOUR;
	life->rules.quiet = quiet;
	life->s.seen = seen;
	life->s.value = "1";
	life->s.over = !seen;
	life->s.change = STANDING_KEPT;
	notify_judge(&life->s, &life->rules);
	return life->s.tell;
}

static void
test_once_and_its_end(void **state)
{
	struct life life = new_life(ALERT_LATE);

	(void)state;
	assert_true(turn(&life, 0, true, false));
	assert_int_equal(life.s.event, ALERT_RAISED);
	assert_int_equal(life.s.change, STANDING_NEW);
	assert_false(turn(&life, 0, true, false));
	assert_int_equal(life.s.change, STANDING_KEPT);
	assert_false(turn(&life, 23, true, false));
	assert_int_equal(life.s.change, STANDING_CHANGED);
	assert_true(turn(&life, 1, true, false));
	assert_int_equal(life.s.event, ALERT_REPEATED);
	assert_false(turn(&life, 1, true, false));
	assert_true(turn(&life, 1, false, false));
	assert_int_equal(life.s.event, ALERT_RECOVERED);
	assert_false(turn(&life, 1, false, false));
	assert_int_equal(life.s.change, STANDING_KEPT);
	assert_true(turn(&life, 1, true, false));
	assert_int_equal(life.s.event, ALERT_RAISED);
}

static void
test_not_over_yet(void **state)
{
	struct life life = new_life(ALERT_LATE);

	(void)state;
	assert_true(turn(&life, 0, true, false));
	life.s.seen = life.s.over = false;
	life.s.change = STANDING_KEPT;
	notify_judge(&life.s, &life.rules);
	assert_false(life.s.tell);
	assert_true(life.s.row.raised);
}

static void
test_quiet_hours(void **state)
{
	struct life life = new_life(ALERT_LATE);

	(void)state;
	assert_false(turn(&life, 0, true, true));
	assert_true(life.s.row.held);
	assert_false(turn(&life, 1, true, true));
	assert_true(turn(&life, 1, true, false));
	assert_true(life.s.together);
	assert_int_equal(life.s.event, ALERT_RAISED);
	assert_false(life.s.row.held);
}

static void
test_came_and_went_in_quiet_hours(void **state)
{
	struct life life = new_life(ALERT_LATE);

	(void)state;
	assert_false(turn(&life, 0, true, true));
	assert_false(turn(&life, 1, false, true));
	assert_true(turn(&life, 1, false, false));
	assert_true(life.s.together);
	assert_int_equal(life.s.event, ALERT_RECOVERED);
	assert_false(turn(&life, 1, false, false));
}

/* Over and back again while nobody could hear of either: no news. */
static void
test_went_and_came_in_quiet_hours(void **state)
{
	struct life life = new_life(ALERT_LATE);

	(void)state;
	assert_true(turn(&life, 0, true, false));
	assert_false(turn(&life, 1, false, true));
	assert_true(life.s.row.held);
	assert_false(turn(&life, 1, true, true));
	assert_false(life.s.row.held);
	assert_false(turn(&life, 1, true, false));
}

static void
test_urgent_is_not_held(void **state)
{
	struct life life = new_life(ALERT_AUDIT);

	(void)state;
	assert_true(turn(&life, 0, true, true));
	assert_false(life.s.together);
	assert_true(turn(&life, 1, false, true));
	assert_int_equal(life.s.event, ALERT_RECOVERED);
}

static void
test_nobody_to_tell(void **state)
{
	struct life life = new_life(ALERT_LATE);

	(void)state;
	life.rules.may_tell = false;
	assert_false(turn(&life, 0, true, false));
	assert_int_equal(life.s.change, STANDING_NEW);
	life.rules.may_tell = true;	/* now there is: it lasts */
	assert_true(turn(&life, 0, true, false));

	life = new_life(ALERT_LATE);
	life.rules.may_tell = false;
	assert_false(turn(&life, 0, true, false));
	assert_false(turn(&life, 1, false, false));
	life.rules.may_tell = true;	/* now there is: it is over */
	assert_false(turn(&life, 1, false, false));
	assert_string_equal(life.s.row.told, "recovered");
}

static void
test_never_repeated(void **state)
{
	struct life life = new_life(ALERT_LATE);

	(void)state;
	life.rules.repeat = 0;
	assert_true(turn(&life, 0, true, false));
	assert_false(turn(&life, 10000, true, false));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_once_and_its_end),
		cmocka_unit_test(test_not_over_yet),
		cmocka_unit_test(test_quiet_hours),
		cmocka_unit_test(test_came_and_went_in_quiet_hours),
		cmocka_unit_test(test_went_and_came_in_quiet_hours),
		cmocka_unit_test(test_urgent_is_not_held),
		cmocka_unit_test(test_nobody_to_tell),
		cmocka_unit_test(test_never_repeated),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
