/*
 * One-time codes by time.  A code that was taken is kept as the step last
 * used before anything is done with it, so that nobody uses it again.
 */
#include "core/totp.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <liboath/oath.h>

#include "core/digest.h"
#include "core/file.h"
#include "core/secret.h"

#define SECRET_BYTES 20		/* as long as SHA-1's result, RFC 4226 4 */
#define DIGITS 6
#define STEP 30
#define NEAR 1			/* clocks may differ by one step */
#define NAME_SIZE 60

struct factor {
	const char *secret;
	int64_t step, wrong, at;	/* last used; wrong in a row; when */
	const char *digests[TOTP_CODES];	/* of recovery codes */
	size_t n;
};

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void
begin(void)
{
	if (oath_init() != OATH_OK)
		bug("liboath");
}

bool
totp_name(const char *person)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
	size_t n = strlen(person);

	return n > 0 && n <= NAME_SIZE && strspn(person, allowed) == n &&
	    person[0] != '.' && person[0] != '-';
}

bool
totp_match(const char *secret, const char *code, int64_t now, int64_t after,
    int64_t *step)
{
	char *raw = NULL;
	size_t n = 0;
	uint64_t at = 0;
	int place = 0, rc = OATH_INVALID_OTP;

	pthread_once(&once, begin);
	if (strlen(code) == DIGITS &&
	    strspn(code, "0123456789") == DIGITS &&
	    oath_base32_decode(secret, strlen(secret), &raw, &n) == OATH_OK)
		rc = oath_totp_validate3(raw, n, (time_t)now, STEP, 0, NEAR,
		    &place, &at, code);
	if (raw != NULL) {
		explicit_bzero(raw, n);
		free(raw);
	}
	if (rc < 0 || (int64_t)at <= after)
		return false;
	*step = (int64_t)at;
	return true;
}

void
totp_uri(const char *person, const char *secret, struct str *out)
{
	str_addf(out, "otpauth://totp/bahi:%s?secret=%s&issuer=bahi", person,
	    secret);
}

/* ---- the file --------------------------------------------------------- */

/* Secret, step, wrong, at, and digests. */
static bool
read_factor(struct span text, struct arena *arena, struct factor *out)
{
	char *rest, *words = arena_strndup(arena, text.p, text.n);
	int64_t *numbers[] = { &out->step, &out->wrong, &out->at };

	out->secret = strtok_r(words, " \n", &rest);
	for (size_t i = 0; i < 3; i++) {
		const char *word = strtok_r(NULL, " \n", &rest);
		char *end;

		if (word == NULL)
			return false;
		errno = 0;
		*numbers[i] = strtoll(word, &end, 10);
		if (errno != 0 || *end != '\0')
			return false;
	}
	for (const char *word; (word = strtok_r(NULL, " \n", &rest)) != NULL;) {
		if (out->n == TOTP_CODES || strlen(word) != SHA256_HEX - 1)
			return false;
		out->digests[out->n++] = word;
	}
	return out->secret != NULL;
}

static bool
write_factor(const char *path, const struct factor *f, struct err *e)
{
	struct str text;
	bool ok;

	str_init(&text, 2048);
	str_addf(&text, "%s %lld %lld %lld\n", f->secret, (long long)f->step,
	    (long long)f->wrong, (long long)f->at);
	for (size_t i = 0; i < f->n; i++)
		str_addf(&text, "%s\n", f->digests[i]);
	ok = file_write(path, str_span(&text), 0600, e);
	explicit_bzero(text.p, text.n);
	str_free(&text);
	return ok;
}

static bool
path_of(const char *folder, const char *person, struct arena *arena,
    const char **path, struct err *e)
{
	if (!totp_name(person))
		return err_set(e, ERR_USAGE, "no name for a second factor: "
		    "%.80s", person);
	*path = arena_printf(arena, "%s/%s", folder, person);
	return true;
}

static void
make_secret(struct str *secret)
{
	unsigned char bytes[SECRET_BYTES];
	char *text = NULL;
	size_t n = 0;

	digest_random(bytes, sizeof bytes);
	if (oath_base32_encode((const char *)bytes, sizeof bytes, &text,
	    &n) != OATH_OK)
		bug("base32");
	str_add(secret, text, n);
	explicit_bzero(bytes, sizeof bytes);
	explicit_bzero(text, n);
	free(text);
}

/* ---- recovery --------------------------------------------------------- */

/* They are 80 random bits: nothing slower is needed. */
static void
digest_code(const char *person, const char *code, char out[SHA256_HEX])
{
	unsigned char sum[SHA256_SIZE];
	struct span parts[] = { SPAN("bahi recovery"),
	    { person, strlen(person) + 1 }, span_of(code) };

	digest_sha256v(parts, 3, sum);
	digest_hex(sum, sizeof sum, out);
}

static void
make_codes(const char *person, char codes[TOTP_CODES][TOTP_CODE],
    struct arena *arena, struct factor *f)
{
	static const char letters[] = "abcdefghijkmnpqrstuvwxyz23456789";

	for (f->n = 0; f->n < TOTP_CODES; f->n++) {
		unsigned char random[TOTP_CODE];
		char *out = codes[f->n], *hex = arena_alloc(arena,
		    SHA256_HEX);

		digest_random(random, sizeof random);
		for (int i = 0; i < TOTP_CODE - 1; i++)
			out[i] = i % 5 == 4 ? '-' :
			    letters[random[i] % (sizeof letters - 1)];
		out[TOTP_CODE - 1] = '\0';
		explicit_bzero(random, sizeof random);
		digest_code(person, out, hex);
		f->digests[f->n] = hex;
	}
}

bool
totp_enrol(const char *folder, const char *person, struct str *secret,
    char codes[TOTP_CODES][TOTP_CODE], struct err *e)
{
	struct arena *arena = arena_new();
	const char *path = NULL;
	struct factor f = { 0 };
	bool ok = path_of(folder, person, arena, &path, e) &&
	    file_mkdir(folder, 0700, e);

	if (ok && access(path, F_OK) == 0)
		ok = err_set(e, ERR_REFUSED, "%s has a second factor already",
		    person);
	if (ok) {
		make_secret(secret);
		f.secret = secret->p;
		make_codes(person, codes, arena, &f);
		ok = write_factor(path, &f, e);
	}
	arena_free(&arena);
	return ok;
}

static bool
load(const char *path, struct arena *arena, struct factor *f,
    struct err *e)
{
	struct span text;

	return secret_read(path, arena, &text, e) &&
	    (read_factor(text, arena, f) || err_set(e, ERR_CONFIG,
	    "%s is not a second factor", path));
}

bool
totp_recode(const char *folder, const char *person,
    char codes[TOTP_CODES][TOTP_CODE], struct err *e)
{
	struct arena *arena = arena_new();
	const char *path = NULL;
	struct factor f = { 0 };
	bool ok = path_of(folder, person, arena, &path, e) &&
	    load(path, arena, &f, e);

	if (ok) {
		make_codes(person, codes, arena, &f);
		ok = write_factor(path, &f, e);
	}
	arena_free(&arena);
	return ok;
}

/* True: it was one, and is not any more. */
static bool
spend(struct factor *f, const char *person, const char *code)
{
	char digest[SHA256_HEX];

	if (strlen(code) != TOTP_CODE - 1)
		return false;
	digest_code(person, code, digest);
	for (size_t i = 0; i < f->n; i++) {
		if (!digest_equal(f->digests[i], digest, SHA256_HEX - 1))
			continue;
		f->digests[i] = f->digests[--f->n];
		return true;
	}
	return false;
}

bool
totp_remove(const char *folder, const char *person, struct err *e)
{
	struct arena *arena = arena_new();
	const char *path = NULL;
	bool ok = path_of(folder, person, arena, &path, e);

	if (ok && unlink(path) != 0)
		ok = err_set(e, errno == ENOENT ? ERR_NOT_FOUND : ERR_SYSTEM,
		    "%s: %s", path, strerror(errno));
	arena_free(&arena);
	return ok;
}

/* ---- taking one ------------------------------------------------------- */

static bool
take(const char *path, const char *person, const char *code, int64_t now,
    int *left, struct arena *arena, struct err *e)
{
	struct factor f = { 0 };
	int64_t step = 0;
	bool good;

	if (!load(path, arena, &f, e))
		return false;
	if (f.wrong >= TOTP_TRIES && now < f.at + TOTP_SHUT)
		return err_set(e, ERR_LIMIT, "%lld wrong codes of %s in a "
		    "row; wait %lld seconds", (long long)f.wrong, person,
		    (long long)(f.at + TOTP_SHUT - now));
	*left = -1;
	good = totp_match(f.secret, code, now, f.step, &step);
	if (!good && spend(&f, person, code)) {
		good = true;
		step = f.step;
		*left = (int)f.n;
	}
	if (good) {
		f.step = step;
		f.wrong = 0;
	} else {
		f.wrong++;
		f.at = now;
	}
	return write_factor(path, &f, e) && (good || err_set(e,
	    ERR_FORBIDDEN, "the code of %s is wrong or was used", person));
}

bool
totp_use(const char *folder, const char *person, const char *code,
    int64_t now, int *left, struct err *e)
{
	struct arena *arena = arena_new();
	const char *path = NULL;
	bool ok;

	if (!totp_name(person) || !path_of(folder, person, arena, &path, e) ||
	    access(path, F_OK) != 0) {
		arena_free(&arena);
		return err_set(e, ERR_FORBIDDEN, "%.80s has no second factor;"
		    " bahid totp enrol makes one", person);
	}
	pthread_mutex_lock(&lock);
	ok = take(path, person, code, now, left, arena, e);
	pthread_mutex_unlock(&lock);
	arena_free(&arena);
	return ok;
}
