/*
 * The table of program errors is whole and fit to be shown; a log line is
 * one line whatever is put in it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/clock.h"
#include "core/log.h"

static void
table_is_whole(void **state)
{
	(void)state;
	for (int a = 0; a < ERR_COUNT; a++) {
		const struct err_info *info = err_info((enum err_code)a);

		if (info->name == NULL || info->what == NULL ||
		    info->hint == NULL)
			fail_msg("code %d has no row", a);
		assert_true(info->name[0] != '\0');
		assert_int_equal(info->name[strspn(info->name,
		    "abcdefghijklmnopqrstuvwxyz_.")], '\0');
		assert_null(strchr(info->what, '%'));
		assert_null(strchr(info->hint, '%'));
		assert_int_equal(info->what[strlen(info->what) - 1], '.');
		assert_in_range(info->http, a == ERR_NONE ? 200 : 400, 599);
		assert_true((info->exit == 0) == (a == ERR_NONE));
		assert_in_range(info->exit, 0, 125);
		if (a != ERR_NONE)
			assert_true(info->hint[0] != '\0');
		for (int b = 0; b < a; b++)
			assert_string_not_equal(info->name,
			    err_info((enum err_code)b)->name);
	}
}

static void
first_cause_stays(void **state)
{
	struct err e = { 0 };
	char long_one[1000];

	(void)state;
	assert_false(err_set(NULL, ERR_STORE, "nowhere"));
	assert_false(err_set(&e, ERR_STORE, "page %d", 7));
	assert_false(err_set(&e, ERR_BUSY, "later"));
	assert_int_equal(e.code, ERR_STORE);
	assert_string_equal(e.why, "page 7");
	memset(long_one, 'x', sizeof long_one - 1);
	long_one[sizeof long_one - 1] = '\0';
	e = (struct err){ 0 };
	assert_false(err_set(&e, ERR_STORE, "%s", long_one));
	assert_int_equal(strlen(e.why), sizeof e.why - 1);
}

/* What log_line writes to standard error, read back. */
static size_t
capture(void (*act)(void), char *out, size_t max)
{
	int ends[2], kept = dup(STDERR_FILENO);
	ssize_t n;

	assert_int_equal(pipe(ends), 0);
	fflush(stderr);
	dup2(ends[1], STDERR_FILENO);
	close(ends[1]);
	act();
	dup2(kept, STDERR_FILENO);
	close(kept);
	n = read(ends[0], out, max - 1);
	close(ends[0]);
	assert_true(n >= 0);
	out[n] = '\0';
	return (size_t)n;
}

static void
log_plain(void)
{
	log_line(LOG_WARN, "event.kept", "seq=%d", 7);
}

static void
log_hostile(void)
{
	log_line(LOG_ERROR, "x", "v=a\nb\r\x1b[31m\x7f\t%s", "z");
}

static void
log_quiet(void)
{
	log_line(LOG_INFO, "x", "v=1");
}

static void
log_long(void)
{
	log_line(LOG_WARN, "x", "%5000d", 1);
}

static void
log_is_one_line(void **state)
{
	char out[8192];
	size_t n;

	(void)state;
	clock_fix(INT64_C(1791193267123000));
	log_open(LOG_WARN, "bahid");
	capture(log_plain, out, sizeof out);
	assert_string_equal(out,
	    "2026-10-05T09:41:07.123Z bahid warn event.kept seq=7\n");
	capture(log_hostile, out, sizeof out);
	assert_string_equal(out,
	    "2026-10-05T09:41:07.123Z bahid error x v=a b  [31m  z\n");
	assert_int_equal(capture(log_quiet, out, sizeof out), 0);
	n = capture(log_long, out, sizeof out);
	assert_in_range(n, 1000, 1024);
	assert_ptr_equal(strchr(out, '\n'), out + n - 1);
	clock_fix(0);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(table_is_whole),
		cmocka_unit_test(first_cause_stays),
		cmocka_unit_test(log_is_one_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
