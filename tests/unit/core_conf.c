/* Folders of NAME.conf: which names there are, and when one has changed. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/conf.h"

static char file[4096];

static int
set_up(void **state)
{
	const char *tmp = getenv("TMPDIR");
	int fd;

	(void)state;
	snprintf(file, sizeof file, "%s/bahi-unit-XXXXXX",
	    tmp != NULL ? tmp : "/tmp");
	fd = mkstemp(file);
	return fd >= 0 ? close(fd) : -1;
}

static int
tear_down(void **state)
{
	(void)state;
	return unlink(file);
}

static void
names(void **state)
{
	char sixty[] = "abcdefghijklmnopqrstuvwxyz0123456789"
	    "abcdefghijklmnopqrstuvwx?";

	(void)state;
	assert_true(conf_name_valid("tryton-2"));
	assert_true(conf_name_valid("_"));
	assert_false(conf_name_valid("Tryton"));
	assert_false(conf_name_valid("-x"));
	assert_false(conf_name_valid("a/b"));
	assert_false(conf_name_valid("a.b"));
	assert_false(conf_name_valid(""));
	sixty[60] = '\0';
	assert_true(conf_name_valid(sixty));
	sixty[60] = 'y';
	assert_false(conf_name_valid(sixty));
}

static void
names_of_files(void **state)
{
	char name[CONF_NAME_SIZE], longest[CONF_NAME_SIZE + sizeof ".conf"];

	(void)state;
	assert_true(conf_name_of("erp.conf", name));
	assert_string_equal(name, "erp");
	assert_false(conf_name_of(".conf", name));
	assert_false(conf_name_of("erp", name));
	assert_false(conf_name_of("erp.conf~", name));
	assert_false(conf_name_of("ERP.conf", name));
	memset(longest, 'n', sizeof longest);
	memcpy(longest + CONF_NAME_SIZE - 1, ".conf", sizeof ".conf");
	assert_true(conf_name_of(longest, name));
	assert_int_equal(strlen(name), CONF_NAME_SIZE - 1);
	memcpy(longest + CONF_NAME_SIZE, ".conf", sizeof ".conf");
	assert_false(conf_name_of(longest, name));
}

/* Written at a second of ours, so that nothing hangs on the clock. */
static void
written(time_t second)
{
	const struct timespec times[2] = { { second, 0 }, { second, 0 } };

	assert_int_equal(utimensat(AT_FDCWD, file, times, 0), 0);
}

static void
digests(void **state)
{
	const char *const there[] = { file }, *const gone[] = { "" };
	const struct span said[] = { SPAN("why"), SPAN("secret") };
	const struct span other[] = { SPAN("why"), SPAN("changed") };
	char first[SHA256_HEX], next[SHA256_HEX];

	(void)state;
	written(1000);
	conf_digest(there, 1, said, 2, first);
	conf_digest(there, 1, said, 2, next);
	assert_string_equal(first, next);
	conf_digest(there, 1, other, 2, next);
	assert_string_not_equal(first, next);
	conf_digest(gone, 1, said, 2, next);
	assert_string_not_equal(first, next);
	written(1001);
	conf_digest(there, 1, said, 2, next);
	assert_string_not_equal(first, next);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names),
		cmocka_unit_test(names_of_files),
		cmocka_unit_test(digests),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
