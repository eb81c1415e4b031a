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

/* Four words: secret, step, wrong, at. */
static bool
read_factor(struct span text, struct arena *arena, struct factor *out)
{
	char *rest, *words = arena_strndup(arena, text.p, text.n);
	int64_t *numbers[] = { &out->step, &out->wrong, &out->at };

	out->secret = strtok_r(words, " ", &rest);
	for (size_t i = 0; i < 3; i++) {
		const char *word = strtok_r(NULL, " ", &rest);
		char *end;

		if (word == NULL)
			return false;
		errno = 0;
		*numbers[i] = strtoll(word, &end, 10);
		if (errno != 0 || *end != '\0')
			return false;
	}
	return out->secret != NULL;
}

static bool
write_factor(const char *path, const struct factor *f, struct err *e)
{
	struct str text;
	bool ok;

	str_init(&text, 512);
	str_addf(&text, "%s %lld %lld %lld\n", f->secret, (long long)f->step,
	    (long long)f->wrong, (long long)f->at);
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

bool
totp_enrol(const char *folder, const char *person, struct str *secret,
    struct err *e)
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
		ok = write_factor(path, &f, e);
	}
	arena_free(&arena);
	return ok;
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
    struct arena *arena, struct err *e)
{
	struct factor f = { 0 };
	struct span text;
	int64_t step;
	bool good;

	if (!secret_read(path, arena, &text, e))
		return false;
	if (!read_factor(text, arena, &f))
		return err_set(e, ERR_CONFIG, "%s is not a second factor",
		    path);
	if (f.wrong >= TOTP_TRIES && now < f.at + TOTP_SHUT)
		return err_set(e, ERR_LIMIT, "%lld wrong codes of %s in a "
		    "row; wait %lld seconds", (long long)f.wrong, person,
		    (long long)(f.at + TOTP_SHUT - now));
	good = totp_match(f.secret, code, now, f.step, &step);
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
    int64_t now, struct err *e)
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
	ok = take(path, person, code, now, arena, e);
	pthread_mutex_unlock(&lock);
	arena_free(&arena);
	return ok;
}
