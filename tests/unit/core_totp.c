/*
 * One-time codes: the vectors of RFC 6238 appendix B (SHA-1, the last six of
 * their eight digits), a code is good once, and guessing is shut.
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

#include "core/arena.h"
#include "core/file.h"
#include "core/totp.h"

/* "12345678901234567890" in base32. */
#define SECRET "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"

static char folder[] = "/tmp/bahi-totp.XXXXXX";
static struct arena *arena;

static const struct {
	int64_t at;
	const char *code;
} vectors[] = {
	{ 59, "287082" }, { 1111111109, "081804" }, { 1111111111, "050471" },
	{ 1234567890, "005924" }, { 2000000000, "279037" },
	{ 20000000000, "353130" },
};

static void
test_vectors(void **state)
{
	int64_t step;

	(void)state;
	for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++) {
		assert_true(totp_match(SECRET, vectors[i].code,
		    vectors[i].at, 0, &step));
		assert_int_equal(step, vectors[i].at / 30);
		/* One step early or late is near enough, two are not. */
		assert_true(totp_match(SECRET, vectors[i].code,
		    vectors[i].at + 30, 0, &step));
		assert_int_equal(step, vectors[i].at / 30);
		assert_false(totp_match(SECRET, vectors[i].code,
		    vectors[i].at + 90, 0, &step));
		assert_false(totp_match(SECRET, vectors[i].code,
		    vectors[i].at, vectors[i].at / 30, &step));
	}
	assert_false(totp_match(SECRET, "", 59, 0, &step));
	assert_false(totp_match(SECRET, "28708", 59, 0, &step));
	assert_false(totp_match(SECRET, "2870822", 59, 0, &step));
	assert_false(totp_match(SECRET, "28708x", 59, 0, &step));
	assert_false(totp_match("not base32!", "287082", 59, 0, &step));
}

static void
test_names(void **state)
{
	(void)state;
	assert_true(totp_name("asha"));
	assert_true(totp_name("A.s-h_a9"));
	assert_false(totp_name(""));
	assert_false(totp_name(".."));
	assert_false(totp_name("a/b"));
	assert_false(totp_name("uid 1000"));
	assert_false(totp_name("-asha"));
}

static const char *
file_of(const char *person)
{
	return arena_printf(arena, "%s/%s", folder, person);
}

static void
put(const char *person)
{
	struct err e = { 0 };

	assert_true(file_write(file_of(person), span_of(SECRET " 0 0 0\n"),
	    0600, &e));
}

static bool
use(const char *person, const char *code, int64_t now, enum err_code want)
{
	struct err e = { 0 };
	int left;
	bool ok = totp_use(folder, person, code, now, &left, &e);

	assert_int_equal(e.code, want);
	return ok;
}

static void
test_once(void **state)
{
	(void)state;
	put("asha");
	assert_true(use("asha", "287082", 59, ERR_NONE));
	assert_false(use("asha", "287082", 59, ERR_FORBIDDEN));
	assert_false(use("asha", "287082", 61, ERR_FORBIDDEN));
	assert_true(use("asha", "081804", 1111111109, ERR_NONE));
	assert_false(use("nobody", "287082", 59, ERR_FORBIDDEN));
	assert_false(use("../asha", "287082", 59, ERR_FORBIDDEN));
}

static void
test_guessing(void **state)
{
	(void)state;
	put("ravi");
	for (int i = 0; i < TOTP_TRIES; i++)
		assert_false(use("ravi", "000000", 1234567890,
		    ERR_FORBIDDEN));
	/* Now also the right one is refused, until the time is over. */
	assert_false(use("ravi", "005924", 1234567890, ERR_LIMIT));
	assert_false(use("ravi", "000000", 1234567890 + TOTP_SHUT,
	    ERR_FORBIDDEN));
	assert_false(use("ravi", "279037", 1234567890 + TOTP_SHUT + 1,
	    ERR_LIMIT));
	assert_true(use("ravi", "279037", 2000000000, ERR_NONE));
	assert_false(use("ravi", "000000", 2000000000, ERR_FORBIDDEN));
}

/* When the telephone is lost: each is good once, none is kept as it is. */
static void
test_recovery(void **state)
{
	char codes[TOTP_CODES][TOTP_CODE], more[TOTP_CODES][TOTP_CODE];
	struct err e = { 0 };
	struct str secret;
	struct span text;
	int left = 0;

	(void)state;
	str_init(&secret, 200);
	assert_true(totp_enrol(folder, "devi", &secret, codes, &e));
	assert_true(file_read(file_of("devi"), 4096, arena, &text, &e));
	for (int i = 0; i < TOTP_CODES; i++) {
		assert_int_equal(strlen(codes[i]), TOTP_CODE - 1);
		assert_null(strstr(text.p, codes[i]));
		for (int k = 0; k < i; k++)
			assert_string_not_equal(codes[i], codes[k]);
	}
	assert_true(totp_use(folder, "devi", codes[3], 59, &left, &e));
	assert_int_equal(left, TOTP_CODES - 1);
	assert_false(use("devi", codes[3], 59, ERR_FORBIDDEN));
	assert_false(use("devi", "aaaa-aaaa-aaaa-aaaa", 59, ERR_FORBIDDEN));
	assert_true(use("devi", codes[4], 59, ERR_NONE));
	/* Nobody else's, and no old ones after new ones. */
	put("anil");
	assert_false(use("anil", codes[0], 59, ERR_FORBIDDEN));
	assert_true(totp_recode(folder, "devi", more, &e));
	assert_false(use("devi", codes[0], 59, ERR_FORBIDDEN));
	assert_true(use("devi", more[0], 59, ERR_NONE));
	/* Guessing them is shut like guessing the others. */
	for (int i = 0; i < TOTP_TRIES; i++)
		assert_false(use("devi", codes[0], 99, ERR_FORBIDDEN));
	assert_false(use("devi", more[1], 99, ERR_LIMIT));
	assert_false(totp_recode(folder, "nobody", more, &e));
	str_free(&secret);
}

static void
test_enrol(void **state)
{
	struct err e = { 0 };
	char codes[TOTP_CODES][TOTP_CODE];
	struct str secret, uri;
	struct stat st;

	(void)state;
	str_init(&secret, 200);
	str_init(&uri, 400);
	assert_true(totp_enrol(folder, "meera", &secret,
	    codes, &e));
	assert_int_equal(secret.n, 32);
	assert_int_equal(stat(file_of("meera"), &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	totp_uri("meera", secret.p, &uri);
	assert_non_null(strstr(uri.p, secret.p));
	assert_memory_equal(uri.p, "otpauth://totp/bahi:meera?secret=", 33);
	assert_false(totp_enrol(folder, "meera", &secret,
	    codes, &e));
	assert_int_equal(e.code, ERR_REFUSED);
	e = (struct err){ 0 };
	assert_true(totp_remove(folder, "meera", &e));
	assert_false(totp_remove(folder, "meera", &e));
	assert_int_equal(e.code, ERR_NOT_FOUND);
	/* What others can read is no second factor. */
	put("open");
	assert_int_equal(chmod(file_of("open"), 0644), 0);
	assert_false(use("open", "287082", 59, ERR_CONFIG));
	str_free(&secret);
	str_free(&uri);
}

static int
begin(void **state)
{
	(void)state;
	arena = arena_new();
	return mkdtemp(folder) == NULL;
}

static int
end(void **state)
{
	static const char *const names[] = { "asha", "ravi", "open" };

	(void)state;
	for (size_t i = 0; i < 3; i++)
		unlink(file_of(names[i]));
	arena_free(&arena);
	return rmdir(folder);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vectors),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_once),
		cmocka_unit_test(test_guessing),
		cmocka_unit_test(test_recovery),
		cmocka_unit_test(test_enrol),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
