/* Keys, locks, streams: what opens, and all that must not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/digest.h"
#include "core/seal.h"
#include "core/str.h"

static const unsigned char KEY[AEAD_KEY] = "a key of thirty-two bytes, as is";
static const unsigned char OTHER[AEAD_KEY] = "another one of thirty-two bytes!";

/* ---- AES-256-GCM ------------------------------------------------------- */

static int
compare(const void *a, const void *b)
{
	return memcmp(a, b, AEAD_SESSION + AEAD_COUNT);
}

/* Two sealers of one key and 10^6 writes: no pair of session and count is
 * there twice. */
static void
no_nonce_twice(void **state)
{
	enum { N = 1000000, SIZE = AEAD_SESSION + AEAD_COUNT };
	unsigned char (*all)[SIZE] = malloc((size_t)N * SIZE);
	struct sealer *two[] = { sealer_new(KEY), sealer_new(KEY) };
	const struct aead_about about = { .kind = 1 };

	(void)state;
	assert_non_null(all);
	for (int i = 0; i < N; i++) {
		unsigned char trailer[AEAD_TRAILER], out[4];

		sealer_seal(two[i % 3 == 0], &about, "1.00", 4, out, trailer);
		memcpy(all[i], trailer, SIZE);
	}
	qsort(all, N, SIZE, compare);
	for (int i = 1; i < N; i++)
		assert_int_not_equal(memcmp(all[i - 1], all[i], SIZE), 0);
	sealer_free(&two[0]);
	sealer_free(&two[1]);
	free(all);
}

static void
only_what_it_was_sealed_as(void **state)
{
	struct sealer *sealer = sealer_new(KEY), *other = sealer_new(OTHER);
	const struct aead_about right = { .kind = 3, .file = "abc",
	    .number = 7, .extra = 9 };
	struct aead_about wrong[4] = { right, right, right, right };
	unsigned char trailer[AEAD_TRAILER], out[5], back[5];

	(void)state;
	wrong[0].kind = 4;
	wrong[1].file[15] = 1;
	wrong[2].number = 8;
	wrong[3].extra = 0;
	sealer_seal(sealer, &right, "98.50", 5, out, trailer);
	assert_true(sealer_open(sealer, &right, out, 5, back, trailer));
	assert_memory_equal(back, "98.50", 5);
	for (int i = 0; i < 4; i++) {
		assert_false(sealer_open(sealer, &wrong[i], out, 5, back,
		    trailer));
		assert_memory_equal(back, "\0\0\0\0\0", 5);
	}
	assert_false(sealer_open(other, &right, out, 5, back, trailer));
	for (int i = 0; i < AEAD_TRAILER; i++) {
		trailer[i] ^= 1;
		assert_false(sealer_open(sealer, &right, out, 5, back,
		    trailer));
		trailer[i] ^= 1;
	}
	for (int i = 0; i < 5; i++) {
		out[i] ^= 0x80;
		assert_false(sealer_open(sealer, &right, out, 5, back,
		    trailer));
		out[i] ^= 0x80;
	}
	/* More sessions than keys are at hand. */
	for (int i = 0; i < 40; i++) {
		struct sealer *one = sealer_new(KEY);
		unsigned char end[AEAD_TRAILER], text[5];

		sealer_seal(one, &right, "12.34", 5, text, end);
		assert_true(sealer_open(sealer, &right, text, 5, back, end));
		assert_memory_equal(back, "12.34", 5);
		sealer_free(&one);
	}
	assert_true(sealer_open(sealer, &right, out, 5, back, trailer));
	sealer_free(&sealer);
	sealer_free(&other);
}

/* ---- keys -------------------------------------------------------------- */

static void
put_file(const char *path, const char *text, mode_t mode)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fputs(text, file);
	fclose(file);
	assert_int_equal(chmod(path, mode), 0);
}

static void
a_lock_opens_for_its_key_alone(void **state)
{
	struct sealkey *key = sealkey_of(KEY), *other = sealkey_of(OTHER);
	unsigned char lock[LOCK_SIZE], inner[AEAD_KEY];

	(void)state;
	assert_true(sealkey_lock(key, OTHER, lock, NULL));
	assert_true(sealkey_unlock(key, lock, inner, NULL));
	assert_memory_equal(inner, OTHER, AEAD_KEY);
	for (int i = 0; i < 2; i++) {
		struct err e = { 0 };

		assert_false(sealkey_unlock(other, lock, inner, &e));
		assert_int_equal(e.code, ERR_KEY);
	}
	for (size_t i = 0; i < LOCK_SIZE; i++) {
		struct err e = { 0 };

		lock[i] ^= 4;
		assert_false(sealkey_unlock(key, lock, inner, &e));
		assert_true(e.code == ERR_CORRUPT || e.code == ERR_KEY);
		lock[i] ^= 4;
	}
	sealkey_free(&key);
	sealkey_free(&other);
}

static void
keys_come_from_files(void **state)
{
	char path[] = "/tmp/bahi-unit-XXXXXX";
	char where[64] = "passphrase:";
	struct sealkey *key = NULL, *phrase = NULL, *none = NULL;
	unsigned char lock[LOCK_SIZE], inner[AEAD_KEY];
	struct err e = { 0 };
	int fd = mkstemp(path);

	(void)state;
	assert_true(fd >= 0);
	close(fd);
	assert_false(sealkey_make(path, &e));	/* never over another */
	unlink(path);
	assert_true(sealkey_make(path, NULL));
	assert_true(sealkey_read(&key, path, false, NULL));
	assert_true(sealkey_lock(key, KEY, lock, NULL));
	put_file(path, "00112233", 0600);
	e = (struct err){ 0 };
	assert_false(sealkey_read(&none, path, false, &e));
	assert_int_equal(e.code, ERR_CONFIG);
	put_file(path, "a long passphrase of words\n", 0644);
	strcat(where, path);
	e = (struct err){ 0 };
	assert_false(sealkey_read(&none, where, false, &e));
	assert_int_equal(e.code, ERR_CONFIG);
	assert_int_equal(chmod(path, 0600), 0);
	assert_true(sealkey_read(&phrase, where, false, NULL));
	/* A lock says whether it takes a passphrase. */
	e = (struct err){ 0 };
	assert_false(sealkey_unlock(phrase, lock, inner, &e));
	assert_int_equal(e.code, ERR_KEY);
	assert_true(sealkey_lock(phrase, KEY, lock, NULL));
	sealkey_free(&phrase);
	assert_true(sealkey_read(&phrase, where, false, NULL));
	assert_true(sealkey_unlock(phrase, lock, inner, NULL));
	assert_memory_equal(inner, KEY, AEAD_KEY);
	/* One that would take all memory is refused before it is tried. */
	lock[8] = 0xff;
	e = (struct err){ 0 };
	assert_false(sealkey_unlock(phrase, lock, inner, &e));
	assert_int_equal(e.code, ERR_CORRUPT);
	lock[8] = 0;
	sealkey_free(&phrase);
	put_file(path, "a long passphrase of word\n", 0600);
	assert_true(sealkey_read(&phrase, where, false, NULL));
	e = (struct err){ 0 };
	assert_false(sealkey_unlock(phrase, lock, inner, &e));
	assert_int_equal(e.code, ERR_KEY);
	sealkey_free(&phrase);
	sealkey_free(&key);
	unlink(path);
}

/* ---- streams ----------------------------------------------------------- */

struct source {
	struct span left;
	size_t piece;
};

static bool
take(void *arg, char *p, size_t *n, struct err *e)
{
	struct source *source = arg;

	(void)e;
	if (*n > source->piece)
		*n = source->piece;
	if (*n > source->left.n)
		*n = source->left.n;
	memcpy(p, source->left.p, *n);
	source->left.p += *n;
	source->left.n -= *n;
	return true;
}

static bool
give(void *arg, struct span bytes, struct err *e)
{
	(void)e;
	str_add(arg, bytes.p, bytes.n);
	return true;
}

static void
seal_text(struct sealkey *key, struct span text, struct str *out)
{
	struct seal *seal = NULL;

	assert_true(seal_begin(&seal, key, give, out, NULL));
	while (text.n > 0) {
		size_t n = text.n < 1000 ? text.n : 1000;

		assert_true(seal_add(seal, (struct span){ text.p, n }, NULL));
		text.p += n;
		text.n -= n;
	}
	assert_true(seal_end(&seal, NULL));
	assert_null(seal);
}

static bool
open_text(struct sealkey *key, struct span sealed, struct str *out,
    struct err *e)
{
	struct source source = { sealed, 777 };

	str_clear(out);
	return seal_open(key, take, &source, give, out, e);
}

#define CHUNK (4 + SEAL_CHUNK + AEAD_TRAILER)
#define BEFORE (16 + LOCK_SIZE)

static void
streams_come_back(void **state)
{
	static const size_t sizes[] = { 0, 1, 65535, 65536, 65537, 131072,
	    200000 };
	struct sealkey *key = sealkey_of(KEY), *other = sealkey_of(OTHER);
	struct str text, sealed, back;

	(void)state;
	str_init(&text, 1 << 20);
	str_init(&sealed, 1 << 20);
	str_init(&back, 1 << 20);
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		struct err e = { 0 };

		str_clear(&text);
		while (text.n < sizes[i])
			str_addc(&text, (char)(text.n * 31 >> 3));
		str_clear(&sealed);
		seal_text(key, str_span(&text), &sealed);
		assert_true(seal_is(str_span(&sealed)));
		assert_true(open_text(key, str_span(&sealed), &back, &e));
		assert_true(span_equal(str_span(&text), str_span(&back)));
		assert_false(open_text(other, str_span(&sealed), &back, &e));
		assert_int_equal(e.code, ERR_KEY);
		assert_int_equal(back.n, 0);
	}
	str_free(&text);
	str_free(&sealed);
	str_free(&back);
	sealkey_free(&key);
	sealkey_free(&other);
}

static void
must_fail(struct sealkey *key, struct span sealed)
{
	struct err e = { 0 };
	struct str back;

	str_init(&back, 1 << 20);
	assert_false(open_text(key, sealed, &back, &e));
	assert_true(e.code == ERR_CORRUPT || e.code == ERR_KEY);
	str_free(&back);
}

static void
nothing_else_opens(void **state)
{
	struct sealkey *key = sealkey_of(KEY);
	struct str text, sealed, bad;
	char *first, *second;

	(void)state;
	str_init(&text, 1 << 20);
	str_init(&sealed, 1 << 20);
	str_init(&bad, 1 << 20);
	while (text.n < 3 * SEAL_CHUNK)
		str_adds(&text, "Falcon Traders 27AAPFU0939F1ZV 1,18,000.00\n");
	seal_text(key, (struct span){ text.p, 3 * SEAL_CHUNK }, &sealed);
	assert_int_equal(sealed.n, BEFORE + 3 * CHUNK);
	assert_null(memmem(sealed.p, sealed.n, "Falcon", 6));
	for (size_t at = 0; at < sealed.n; at += at < 600 ? 1 : 2311) {
		sealed.p[at] ^= 0x10;
		must_fail(key, str_span(&sealed));
		sealed.p[at] ^= 0x10;
	}
	/* Cut off anywhere, between two chunks, too. */
	for (size_t n = 0; n < sealed.n; n += n < 300 ? 1 : 3001)
		must_fail(key, (struct span){ sealed.p, n });
	must_fail(key, (struct span){ sealed.p, BEFORE + CHUNK });
	must_fail(key, (struct span){ sealed.p, BEFORE + 2 * CHUNK });
	str_add(&bad, sealed.p, sealed.n);
	str_addc(&bad, 'x');
	must_fail(key, str_span(&bad));
	/* Two chunks change places. */
	str_clear(&bad);
	first = sealed.p + BEFORE;
	second = first + CHUNK;
	str_add(&bad, sealed.p, BEFORE);
	str_add(&bad, second, CHUNK);
	str_add(&bad, first, CHUNK);
	str_add(&bad, second + CHUNK, CHUNK);
	must_fail(key, str_span(&bad));
	/* One is left out. */
	str_clear(&bad);
	str_add(&bad, sealed.p, BEFORE + CHUNK);
	str_add(&bad, second + CHUNK, CHUNK);
	must_fail(key, str_span(&bad));
	/* One of another stream of the same key and place. */
	str_clear(&bad);
	seal_text(key, (struct span){ text.p, 3 * SEAL_CHUNK }, &bad);
	memcpy(bad.p + BEFORE, first, CHUNK);
	must_fail(key, str_span(&bad));
	str_free(&text);
	str_free(&sealed);
	str_free(&bad);
	sealkey_free(&key);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_nonce_twice),
		cmocka_unit_test(only_what_it_was_sealed_as),
		cmocka_unit_test(a_lock_opens_for_its_key_alone),
		cmocka_unit_test(keys_come_from_files),
		cmocka_unit_test(streams_come_back),
		cmocka_unit_test(nothing_else_opens),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
