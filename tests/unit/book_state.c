/*
 * Every move between the states of an event, allowed or not, written out once
 * more: the table here is the law as a reader would check it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "book/state.h"

/* Rows: from; columns: to, in the order of the enum:
 *    R received, W waiting, F failed, H held, C conflict,
 *    P posted, D duplicate, S stale, X dismissed, I ignored */
static const struct {
	const char *name;
	const char *may;	/*    RWFHCPDSXI */
	bool open;
} law[EVENT_STATES] = {
	[EVENT_RECEIVED] = { "received", ".xxxxxxx.x", false },
	[EVENT_WAITING] = { "waiting", ".xxxxxxxxx", true },
	[EVENT_FAILED] = { "failed", ".xxxxxxxxx", true },
	[EVENT_HELD] = { "held", ".xxxxxxxxx", true },
	[EVENT_CONFLICT] = { "conflict", ".xxxxxxxxx", true },
	[EVENT_POSTED] = { "posted", "..........", false },
	[EVENT_DUPLICATE] = { "duplicate", "..........", false },
	[EVENT_STALE] = { "stale", "..........", false },
	[EVENT_DISMISSED] = { "dismissed", ".xxxxxxx.x", false },
	[EVENT_IGNORED] = { "ignored", ".xxxxxxx.x", false },
};

static void
moves_are_the_law(void **state)
{
	(void)state;
	for (int from = 0; from < EVENT_STATES; from++) {
		assert_int_equal(strlen(law[from].may), EVENT_STATES);
		for (int to = 0; to < EVENT_STATES; to++)
			if (event_state_may((enum event_state)from,
			    (enum event_state)to) !=
			    (law[from].may[to] == 'x'))
				fail_msg("%s to %s", law[from].name,
				    law[to].name);
	}
}

/* Nothing is ever received twice, and what is final has no way out. */
static void
no_way_back(void **state)
{
	(void)state;
	for (int from = 0; from < EVENT_STATES; from++) {
		assert_false(event_state_may((enum event_state)from,
		    EVENT_RECEIVED));
		assert_false(event_state_may(EVENT_POSTED,
		    (enum event_state)from));
	}
	/* Only what a person may have to act on can be dismissed. */
	for (int from = 0; from < EVENT_STATES; from++)
		assert_int_equal(event_state_may((enum event_state)from,
		    EVENT_DISMISSED), event_state_open((enum event_state)
		    from));
}

static void
names_go_round(void **state)
{
	enum event_state found;

	(void)state;
	for (int i = 0; i < EVENT_STATES; i++) {
		enum event_state s = (enum event_state)i;

		assert_string_equal(event_state_name(s), law[i].name);
		assert_true(event_state_find(law[i].name, &found));
		assert_int_equal(found, s);
		assert_int_equal(event_state_open(s), law[i].open);
	}
	found = EVENT_HELD;
	assert_false(event_state_find("", &found));
	assert_false(event_state_find("Posted", &found));
	assert_false(event_state_find("post", &found));
	assert_false(event_state_find("posted ", &found));
	assert_int_equal(found, EVENT_HELD);
	assert_string_equal(event_state_name(EVENT_STATES), "?");
	assert_string_equal(event_state_name((enum event_state)-1), "?");
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(moves_are_the_law),
		cmocka_unit_test(no_way_back),
		cmocka_unit_test(names_go_round),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
