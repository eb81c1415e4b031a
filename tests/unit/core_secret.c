/* Secrets in files and credentials: what is read, what is refused, and what
 * the refusal says. */
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

#include "core/secret.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static char folder[4096];
static struct arena *arena;

static const char *
in_folder(const char *name)
{
	return arena_printf(arena, "%s/%s", folder, name);
}

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
		"secret", "link", "pipe", "given/key", "given/hooks_pos",
		"given"
	};

	(void)state;
	for (size_t i = 0; i < COUNT(names); i++)
		remove(in_folder(names[i]));
	arena_free(&arena);
	return rmdir(folder);
}

static void
secret_modes(void **state)
{
	static const struct {
		unsigned mode;
		bool ok;
	} rows[] = {
		{ 0600, true }, { 0400, true }, { 0700, true },
		{ 0640, false }, { 0604, false }, { 0660, false },
		{ 0610, false }, { 0601, false }, { 0644, false },
		{ 0602, false }, { 0620, false }, { 0666, false },
	};
	struct span text;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const char *path = put("secret", SPAN("x"), 0600);
		struct err e = { 0 };

		assert_int_equal(chmod(path, rows[i].mode), 0);
		if (secret_read(path, arena, &text, &e) != rows[i].ok)
			fail_msg("mode %04o", rows[i].mode);
		assert_int_equal(e.code, rows[i].ok ? ERR_NONE : ERR_CONFIG);
		if (!rows[i].ok && strstr(e.why, arena_printf(arena,
		    "type: chmod 600 %s", path)) == NULL)
			fail_msg("%s", e.why);
		unlink(path);
	}
}

static void
secret_text(void **state)
{
	static const struct {
		struct span in;
		const char *out;
	} rows[] = {
		{ SPAN("s3cret"), "s3cret" },
		{ SPAN("s3cret\n"), "s3cret" },
		{ SPAN("s3cret\r\n"), "s3cret" },
		{ SPAN("s3cret \n"), "s3cret " },
		{ SPAN("a\nb\n"), "a\nb" },
	};
	struct span text;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct err e = { 0 };

		assert_true(secret_read(put("secret", rows[i].in, 0600),
		    arena, &text, &e));
		assert_string_equal(text.p, rows[i].out);
		assert_int_equal(text.n, strlen(rows[i].out));
	}
}

static void
secret_refusals(void **state)
{
	static char big[SECRET_MAX + 1];
	struct err e = { 0 };
	struct span text;

	(void)state;
	assert_int_equal(symlink(put("secret", SPAN("x"), 0600),
	    in_folder("link")), 0);
	assert_false(secret_read(in_folder("link"), arena, &text, &e));
	assert_int_equal(e.code, ERR_SYSTEM);
	assert_non_null(strstr(e.why, "no link"));
	e = (struct err){ 0 };
	assert_int_equal(mkfifo(in_folder("pipe"), 0600), 0);
	assert_false(secret_read(in_folder("pipe"), arena, &text, &e));
	assert_non_null(strstr(e.why, "not a regular file"));
	e = (struct err){ 0 };
	assert_false(secret_read(folder, arena, &text, &e));
	e = (struct err){ 0 };
	assert_false(secret_read(in_folder("absent"), arena, &text, &e));
	e = (struct err){ 0 };
	memset(big, 'x', sizeof big);
	assert_false(secret_read(put("secret", (struct span){ big,
	    sizeof big }, 0600), arena, &text, &e));
	assert_int_equal(e.code, ERR_TOO_LARGE);
	/* A secret of nothing would let everybody sign. */
	e = (struct err){ 0 };
	assert_false(secret_read(put("secret", SPAN(""), 0600), arena, &text,
	    &e));
	assert_int_equal(e.code, ERR_CONFIG);
	e = (struct err){ 0 };
	assert_false(secret_read(put("secret", SPAN("\n"), 0600), arena,
	    &text, &e));
	assert_int_equal(e.code, ERR_CONFIG);
}

/* Whoever owns it can change it, whatever its mode says. */
static void
secret_of_another(void **state)
{
	const char *path = put("secret", SPAN("x"), 0600);
	struct err e = { 0 };
	struct span text;

	(void)state;
	if (geteuid() != 0)
		skip();		/* only root can give a file away */
	assert_int_equal(chown(path, 1, 1), 0);
	assert_false(secret_read(path, arena, &text, &e));
	assert_non_null(strstr(e.why, "belongs to another user"));
	assert_non_null(strstr(e.why, "type: chown 0 "));
	assert_int_equal(unlink(path), 0);
}

/* ---- credentials --------------------------------------------------------- */

static bool
take(const char *name, struct span *text, struct err *e)
{
	*e = (struct err){ 0 };
	return secret_read(name, arena, text, e);
}

static void
credentials(void **state)
{
	static const char *const bad[] = {
		"credential:", "credential:../secret", "credential:/etc/x",
		"credential:a b", "credential:.hidden"
	};
	const char *given = in_folder("given");
	struct span text;
	struct err e;

	(void)state;
	unsetenv("CREDENTIALS_DIRECTORY");
	assert_false(take("credential:key", &text, &e));
	assert_non_null(strstr(e.why, "LoadCredential="));
	setenv("CREDENTIALS_DIRECTORY", "relative", 1);
	assert_false(take("credential:key", &text, &e));
	setenv("CREDENTIALS_DIRECTORY", given, 1);
	assert_false(take("credential:key", &text, &e));
	assert_int_equal(mkdir(given, 0700), 0);
	/* as a service manager makes them with an access list */
	assert_int_equal(chmod(given, 0550), 0);
	put("given/key", SPAN("k\n"), 0440);
	put("given/hooks_pos", SPAN("h\n"), 0400);
	assert_true(take("credential:key", &text, &e));
	assert_string_equal(text.p, "k");
	assert_true(take("credential:hooks/pos", &text, &e));
	assert_string_equal(text.p, "h");
	assert_false(take("credential:absent", &text, &e));
	for (size_t i = 0; i < COUNT(bad); i++)
		if (take(bad[i], &text, &e))
			fail_msg("%s passes", bad[i]);
	assert_int_equal(chmod(in_folder("given/key"), 0444), 0);
	assert_false(take("credential:key", &text, &e));
	assert_int_equal(chmod(in_folder("given/key"), 0400), 0);
	assert_int_equal(chmod(given, 0755), 0);
	assert_false(take("credential:key", &text, &e));
	assert_non_null(strstr(e.why, "others can come in"));
	unsetenv("CREDENTIALS_DIRECTORY");
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(secret_modes),
		cmocka_unit_test(secret_text),
		cmocka_unit_test(secret_refusals),
		cmocka_unit_test(secret_of_another),
		cmocka_unit_test(credentials),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
