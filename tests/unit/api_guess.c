/* Guessing is slowed, whoever floods it, and nobody else is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "api/guess.h"

#define S INT64_C(1000000)

static struct span
numbered(char out[40], const char *what, int n)
{
	int length = snprintf(out, 40, "%s%d", what, n);

	return (struct span){ out, (size_t)length };
}

static int64_t
fail_at(struct guess *g, struct span a, struct span n, int64_t now, int times)
{
	for (int i = 0; i < times; i++)
		guess_failed(g, a, n, now);
	return guess_wait(g, a, n, now);
}

static void
twice_as_long(void **state)
{
	struct guess *g = guess_new();
	const struct span a = SPAN("192.0.2.1"), n = SPAN("erp");
	int64_t now = 1000 * S;

	(void)state;
	assert_int_equal(guess_wait(g, a, n, now), 0);
	assert_int_equal(fail_at(g, a, n, now, GUESS_OF_PAIR), 0);
	for (int64_t want = 1; want < GUESS_MOST; want *= 2)
		assert_int_equal(fail_at(g, a, n, now, 1), want * S);
	assert_int_equal(fail_at(g, a, n, now, 1000), GUESS_MOST * S);
	now += GUESS_MOST * S;
	assert_int_equal(guess_wait(g, a, n, now), 0);
	assert_true(fail_at(g, a, n, now, 1) > 0);
	/* and it is forgotten */
	now += 40 * GUESS_HALF * S;
	assert_int_equal(fail_at(g, a, n, now, GUESS_OF_PAIR), 0);
	guess_free(&g);
	assert_null(g);
}

/* An address that tries name after name is slowed, too; so are tokens. */
static void
by_address(void **state)
{
	struct guess *g = guess_new();
	const struct span a = SPAN("192.0.2.1");
	char name[40];

	(void)state;
	for (int i = 0; i < GUESS_OF_ADDRESS; i++)
		assert_int_equal(fail_at(g, a, numbered(name, "n", i), S, 1),
		    0);
	assert_int_equal(fail_at(g, a, SPAN("other"), S, 1), S);
	assert_int_equal(fail_at(g, a, SPAN(""), S, 1), 2 * S);
	assert_int_equal(guess_wait(g, SPAN("192.0.2.2"), SPAN(""), S), 0);
	guess_free(&g);
}

/* Floods of names and of addresses free nobody who is shut out. */
static void
floods_free_nobody(void **state)
{
	struct guess *g = guess_new();
	const struct span a = SPAN("192.0.2.1"), n = SPAN("erp");
	char address[40], name[40];

	(void)state;
	assert_true(fail_at(g, a, n, S, 40) == GUESS_MOST * S);
	for (int i = 0; i < 200000; i++) {
		guess_failed(g, numbered(address, "10.0.", i),
		    numbered(name, "n", i), S);
		guess_proved(g, numbered(address, "10.1.", i), SPAN("good"));
	}
	assert_true(guess_wait(g, a, n, S) >= GUESS_MOST * S);
	assert_true(guess_wait(g, a, SPAN("good"), S) >= GUESS_MOST * S);
	guess_free(&g);
}

/* A good client goes on, whatever others fail with its name, or from its
 * own address with other names. */
static void
good_ones_go_on(void **state)
{
	struct guess *g = guess_new();
	const struct span a = SPAN("192.0.2.1"), n = SPAN("erp");
	char address[40];

	(void)state;
	/* One other address, even before it ever proved itself. */
	fail_at(g, SPAN("198.51.100.1"), n, S, 100000);
	assert_int_equal(guess_wait(g, a, n, S), 0);
	guess_proved(g, a, n);
	/* Very many others: a stranger with its name waits a little. */
	for (int i = 0; i < 300; i++)
		guess_failed(g, numbered(address, "203.0.", i), n, S);
	assert_int_equal(guess_wait(g, a, n, S), 0);
	assert_in_range(guess_wait(g, SPAN("192.0.2.9"), n, S), 1,
	    GUESS_MOST_NAME * S);
	fail_at(g, a, SPAN("someone"), S, 1000);
	assert_int_equal(guess_wait(g, a, n, S), 0);
	assert_true(guess_wait(g, a, SPAN("third"), S) > 0);
	/* but its own failures count */
	assert_true(fail_at(g, a, n, S, 40) > 0);
	guess_free(&g);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(twice_as_long),
		cmocka_unit_test(by_address),
		cmocka_unit_test(floods_free_nobody),
		cmocka_unit_test(good_ones_go_on),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
