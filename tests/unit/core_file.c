/*
 * What touches the file system and the patterns: whole files, settings,
 * and PCRE2's limits.  Works in a folder of its own.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/file.h"
#include "core/option.h"
#include "core/rx.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static char folder[4096];
static struct arena *arena;

static const char *
in_folder(const char *name)
{
	return arena_printf(arena, "%s/%s", folder, name);
}

/* Apart from file_write, which is under test. */
static const char *
put(const char *name, struct span text, unsigned mode)
{
	const char *path = in_folder(name);
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	assert_int_equal(fwrite(text.p, 1, text.n, f), text.n);
	assert_int_equal(fclose(f), 0);
	assert_int_equal(chmod(path, mode), 0);
	return path;
}

static unsigned
mode_of(const char *path)
{
	struct stat st;

	assert_int_equal(stat(path, &st), 0);
	return (unsigned)st.st_mode & 07777;
}

static int
set_up(void **state)
{
	const char *tmp = getenv("TMPDIR");

	(void)state;
	snprintf(folder, sizeof folder, "%s/bahi-unit-XXXXXX",
	    tmp != NULL ? tmp : "/tmp");
	arena = arena_new();
	alarm(30);		/* nothing here may wait */
	return mkdtemp(folder) != NULL ? 0 : -1;
}

static int
tear_down(void **state)
{
	static const char *const names[] = {
		"a", "a.new", "link", "pipe", "conf", "dir"
	};

	(void)state;
	for (size_t i = 0; i < COUNT(names); i++)
		remove(in_folder(names[i]));
	arena_free(&arena);
	return rmdir(folder);
}

/* ---- files --------------------------------------------------------------- */

static void
reads_whole_files(void **state)
{
	const char *path = put("a", SPAN("one\0two\n"), 0644);
	struct err e = { 0 };
	struct span text;

	(void)state;
	assert_true(file_read(path, 8, arena, &text, &e));
	assert_int_equal(text.n, 8);
	assert_memory_equal(text.p, "one\0two\n", 9);
	assert_false(file_read(path, 7, arena, &text, &e));
	assert_int_equal(e.code, ERR_TOO_LARGE);
	e = (struct err){ 0 };
	put("a", SPAN(""), 0644);
	assert_true(file_read(path, 0, arena, &text, &e));
	assert_int_equal(text.n, 0);
}

static void
reads_no_other_things(void **state)
{
	struct err e = { 0 };
	struct span text;

	(void)state;
	assert_false(file_read(in_folder("absent"), 10, arena, &text, &e));
	assert_int_equal(e.code, ERR_SYSTEM);
	assert_non_null(strstr(e.why, "absent"));
	e = (struct err){ 0 };
	assert_false(file_read(folder, 10, arena, &text, &e));
	assert_int_equal(e.code, ERR_SYSTEM);
	e = (struct err){ 0 };
	assert_int_equal(mkfifo(in_folder("pipe"), 0600), 0);
	assert_false(file_read(in_folder("pipe"), 10, arena, &text, &e));
	assert_int_equal(e.code, ERR_SYSTEM);
}

static void
writes_whole_files(void **state)
{
	const char *path = in_folder("a");
	struct err e = { 0 };
	struct span text;
	struct stat before, after;
	mode_t mask = umask(0);

	(void)state;
	unlink(path);
	assert_true(file_write(path, SPAN("first"), 0600, &e));
	assert_int_equal(mode_of(path), 0600);
	assert_int_equal(stat(path, &before), 0);
	umask(077);
	assert_true(file_write(path, SPAN("2"), 0640, &e));
	umask(mask);
	assert_int_equal(mode_of(path), 0640);
	assert_int_equal(stat(path, &after), 0);
	assert_true(before.st_ino != after.st_ino);	/* put in its place */
	assert_true(file_read(path, 10, arena, &text, &e));
	assert_string_equal(text.p, "2");
	assert_int_not_equal(access(in_folder("a.new"), F_OK), 0);
	assert_true(file_write(path, SPAN(""), 0600, &e));
	assert_true(file_read(path, 10, arena, &text, &e));
	assert_int_equal(text.n, 0);
}

static void
a_failed_write_leaves_nothing(void **state)
{
	struct err e = { 0 };

	(void)state;
	assert_int_equal(mkdir(in_folder("dir"), 0700), 0);
	assert_false(file_write(in_folder("dir"), SPAN("x"), 0600, &e));
	assert_int_equal(e.code, ERR_SYSTEM);
	assert_int_not_equal(access(in_folder("dir.new"), F_OK), 0);
	e = (struct err){ 0 };
	assert_false(file_write(in_folder("absent/a"), SPAN("x"), 0600, &e));
	assert_int_equal(e.code, ERR_SYSTEM);
}

/* Someone's link at the place beside does not lead the write elsewhere. */
static void
a_write_follows_no_link(void **state)
{
	const char *other = put("link", SPAN("keep"), 0644);
	struct err e = { 0 };
	struct span text;

	(void)state;
	assert_int_equal(symlink(other, in_folder("a.new")), 0);
	(void)!file_write(in_folder("a"), SPAN("new"), 0600, &e);
	e = (struct err){ 0 };
	assert_true(file_read(other, 10, arena, &text, &e));
	assert_string_equal(text.p, "keep");
	assert_int_equal(mode_of(other), 0644);
	remove(in_folder("a.new"));
	remove(in_folder("a"));
	remove(other);
}

static void
makes_folders(void **state)
{
	const char *path = in_folder("dir");
	struct err e = { 0 };

	(void)state;
	rmdir(path);
	assert_true(file_mkdir(path, 0700, &e));
	assert_int_equal(mode_of(path), 0700);
	assert_true(file_mkdir(path, 0700, &e));	/* there already */
	put("a", SPAN("x"), 0600);
	assert_false(file_mkdir(in_folder("a"), 0700, &e));
	assert_int_equal(e.code, ERR_SYSTEM);
	e = (struct err){ 0 };
	assert_false(file_mkdir(in_folder("absent/dir"), 0700, &e));
}

/* ---- settings ------------------------------------------------------------ */

static const char *const levels[] = { "debug", "info", NULL };

static const struct option_info infos[] = {
	{ "name", OPTION_TEXT, "nobody", 0, 0, NULL, "" },
	{ "none", OPTION_TEXT, NULL, 0, 0, NULL, "" },
	{ "store", OPTION_PATH, "bahi.db", 0, 0, NULL, "" },
	{ "queue", OPTION_COUNT, "4096", 1, 65536, NULL, "" },
	{ "shift", OPTION_COUNT, "0", -5, 5, NULL, "" },
	{ "log", OPTION_CHOICE, "info", 0, 0, levels, "" },
};

static struct options *
read_options(struct span text, struct err *e)
{
	struct options *options = NULL;

	*e = (struct err){ 0 };
	if (!options_read(&options, infos, COUNT(infos), put("conf", text,
	    0644), e))
		assert_null(options);
	return options;
}

static void
options_have_defaults(void **state)
{
	struct err e;
	struct options *o = read_options(SPAN(""), &e);

	(void)state;
	assert_non_null(o);
	assert_string_equal(options_text(o, "name"), "nobody");
	assert_null(options_text(o, "none"));
	assert_string_equal(options_text(o, "store"), in_folder("bahi.db"));
	assert_int_equal(options_count(o, "queue"), 4096);
	assert_string_equal(options_text(o, "log"), "info");
	options_free(&o);
	assert_null(o);
	options_free(&o);
}

static void
options_are_read(void **state)
{
	struct err e;
	struct options *o = read_options(SPAN("# a comment\n\n"
	    "  # another = one\n\tname =  two words  \r\n"
	    "store=/var/x.db\nqueue=1\r\nshift = -5\nlog = debug\n"
	    "none = a = b"), &e);

	(void)state;
	assert_non_null(o);
	assert_string_equal(options_text(o, "name"), "two words");
	assert_string_equal(options_text(o, "none"), "a = b");
	assert_string_equal(options_text(o, "store"), "/var/x.db");
	assert_int_equal(options_count(o, "queue"), 1);
	assert_int_equal(options_count(o, "shift"), -5);
	assert_string_equal(options_text(o, "log"), "debug");
	options_free(&o);
	o = read_options(SPAN("store = sub/x.db\nname =\n"), &e);
	assert_string_equal(options_text(o, "store"), in_folder("sub/x.db"));
	assert_string_equal(options_text(o, "name"), "");
	options_free(&o);
}

static void
options_refuse(void **state)
{
	static const struct {
		struct span in;
		const char *line, *why;
	} rows[] = {
		{ SPAN("nmae = x"), "conf:1:", "nmae" },
		{ SPAN("\n# c\nNAME = x\n"), "conf:3:", "NAME" },
		{ SPAN("= x"), "conf:1:", "no such setting" },
		{ SPAN("name"), "conf:1:", "no =" },
		{ SPAN("\r\n\r\nname x\r\n"), "conf:3:", "no =" },
		{ SPAN("name = a\nlog = info\nname = a\n"), "conf:3:",
		    "twice" },
		{ SPAN("queue = 0"), "conf:1:", "between 1 and 65536" },
		{ SPAN("queue = 65537"), "conf:1:", "between" },
		{ SPAN("queue = -1"), "conf:1:", "between" },
		{ SPAN("queue ="), "conf:1:", "between" },
		{ SPAN("queue = 1k"), "conf:1:", "between" },
		{ SPAN("queue = 1.5"), "conf:1:", "between" },
		{ SPAN("queue = 0x10"), "conf:1:", "between" },
		{ SPAN("queue = ten"), "conf:1:", "between" },
		{ SPAN("queue = 99999999999999999999"), "conf:1:",
		    "between" },
		{ SPAN("shift = -6"), "conf:1:", "between -5 and 5" },
		{ SPAN("name = x\nlog = loud\n"), "conf:2:", "loud" },
		{ SPAN("log = INFO"), "conf:1:", "INFO" },
		{ SPAN("log ="), "conf:1:", "log" },
		/* after a NUL nothing would be read */
		{ SPAN("name = a\0b\nqueue = 0\n"), "conf", "NUL" },
		{ SPAN("# c\n\0\nnmae = x\n"), "conf", "NUL" },
	};
	struct err e;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct options *o = read_options(rows[i].in, &e);

		if (o != NULL)
			fail_msg("row %zu passes: %s", i, rows[i].in.p);
		assert_int_equal(e.code, ERR_CONFIG);
		if (strstr(e.why, rows[i].line) == NULL ||
		    strstr(e.why, rows[i].why) == NULL)
			fail_msg("row %zu: %s", i, e.why);
	}
}

static void
options_need_their_file(void **state)
{
	struct options *o = NULL;
	struct err e = { 0 };

	(void)state;
	assert_false(options_read(&o, infos, COUNT(infos),
	    in_folder("absent"), &e));
	assert_int_equal(e.code, ERR_CONFIG);
	assert_null(o);
}

static void
options_are_set(void **state)
{
	struct err e;
	struct options *o = read_options(SPAN("queue = 7"), &e);

	(void)state;
	assert_true(options_set(o, "queue", "8", &e));
	assert_int_equal(options_count(o, "queue"), 8);
	assert_false(options_set(o, "queue", "0", &e));
	assert_int_equal(e.code, ERR_CONFIG);
	assert_int_equal(options_count(o, "queue"), 8);
	e = (struct err){ 0 };
	assert_false(options_set(o, "absent", "0", &e));
	assert_true(options_set(o, "store", "y.db", &e));
	assert_string_equal(options_text(o, "store"), in_folder("y.db"));
	assert_true(options_set(o, "store", "credential:key", &e));
	assert_string_equal(options_text(o, "store"), "credential:key");
	options_free(&o);
}

/* ---- patterns ------------------------------------------------------------ */

static void
rx_matches(void **state)
{
	static const struct {
		const char *pattern, *text;
		bool caseless, match;
	} rows[] = {
		{ "abc", "xabcx", false, true },
		{ "^abc$", "xabc", false, false },
		{ "ABC", "abc", false, false },
		{ "ABC", "abc", true, true },
		{ "\xc3\x89", "\xc3\xa9", true, true },
		{ "^.$", "\xe2\x82\xb9", false, true },
		{ "^\\w+$", "\xe0\xa4\xb0", false, true },
		{ "", "", false, true },
		{ "a", "", false, false },
		{ "^INV-\\d{4}$", "INV-0042", false, true },
		{ ".", "\xff", false, false },	/* not UTF-8: no match */
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct err e = { 0 };
		struct rx *rx;

		assert_true(rx_new(&rx, span_of(rows[i].pattern),
		    rows[i].caseless, &e));
		if (rx_match(rx, span_of(rows[i].text)) != rows[i].match)
			fail_msg("row %zu: %s", i, rows[i].pattern);
		rx_free(&rx);
		assert_null(rx);
		rx_free(&rx);
	}
}

static void
rx_refuses(void **state)
{
	static const char *const rows[] = {
		"(", ")", "[", "*", "a{2,1}", "(?<n", "\\", "\\C", "\xff",
		"(?P=x)", "[z-a]",
	};
	char long_one[1026];

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct err e = { 0 };
		struct rx *rx = NULL;

		if (rx_new(&rx, span_of(rows[i]), false, &e))
			fail_msg("%s passes", rows[i]);
		assert_int_equal(e.code, ERR_REQUEST);
		assert_null(rx);
	}
	memset(long_one, 'a', sizeof long_one);
	for (size_t n = 1024; n <= 1025; n++) {
		struct err e = { 0 };
		struct rx *rx = NULL;

		assert_int_equal(n == 1024, rx_new(&rx, (struct span){
		    long_one, n }, false, &e));
		rx_free(&rx);
	}
}

/* Patterns that would run for years end at once, as no match. */
static void
rx_is_bounded(void **state)
{
	static const char *const rows[] = {
		"(a+)+$", "(a|aa)+$", "(.*a){20}$", "^(a?){30}a{30}b",
	};
	static char text[70000];
	struct err e = { 0 };
	struct rx *rx;

	(void)state;
	memset(text, 'a', sizeof text);
	for (size_t i = 0; i < COUNT(rows); i++) {
		text[40] = '!';
		assert_true(rx_new(&rx, span_of(rows[i]), false, &e));
		assert_false(rx_match(rx, (struct span){ text, 41 }));
		rx_free(&rx);
	}
	text[40] = 'a';
	assert_true(rx_new(&rx, SPAN("^a"), false, &e));
	assert_true(rx_match(rx, (struct span){ text, 65536 }));
	assert_false(rx_match(rx, (struct span){ text, 65537 }));
	rx_free(&rx);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_whole_files),
		cmocka_unit_test(reads_no_other_things),
		cmocka_unit_test(writes_whole_files),
		cmocka_unit_test(a_failed_write_leaves_nothing),
		cmocka_unit_test(a_write_follows_no_link),
		cmocka_unit_test(makes_folders),
		cmocka_unit_test(options_have_defaults),
		cmocka_unit_test(options_are_read),
		cmocka_unit_test(options_refuse),
		cmocka_unit_test(options_need_their_file),
		cmocka_unit_test(options_are_set),
		cmocka_unit_test(rx_matches),
		cmocka_unit_test(rx_refuses),
		cmocka_unit_test(rx_is_bounded),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
