/*
 * Outer keys.  What Argon2id makes of a passphrase is kept for as long as the
 * process lives: each of its connections asks for it.
 */
#include "core/sealkey.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include <argon2.h>

#include "core/digest.h"
#include "core/file.h"
#include "core/i18n.h"
#include "core/secret.h"

/* RFC 9106, section 4, the second recommendation: for machines that have
 * other work to do. */
#define PASSES 3
#define MEMORY (64 << 10)	/* KiB */
#define LANES 4
/* What a lock may ask for: it is read before anything vouches for it. */
#define PASSES_MAX 64
#define MEMORY_MAX (1 << 20)
#define LANES_MAX 64

#define PASSPHRASE_LEAST 8
#define PASSPHRASE_MAX 1024
#define MADE 8			/* keys that are kept */
#define ID 8
#define KIND_LOCK 1

struct made {
	unsigned char how[32];	/* the lock's head: kind to salt */
	unsigned char key[AEAD_KEY];
};

struct sealkey {
	bool phrase;
	unsigned char key[AEAD_KEY];	/* when it is none */
	char text[PASSPHRASE_MAX];
	size_t n;
	pthread_mutex_t lock;
	struct made made[MADE];
	size_t n_made;
};

/* ---- reading ----------------------------------------------------------- */

static bool
decode(struct span text, unsigned char key[AEAD_KEY])
{
	unsigned char raw[AEAD_KEY + 1];
	size_t n = sizeof raw;
	bool ok = digest_unhex(text, key, AEAD_KEY);

	if (!ok && digest_unbase64(text, raw, &n) && n == AEAD_KEY) {
		memcpy(key, raw, AEAD_KEY);
		ok = true;
	}
	aead_forget(raw, sizeof raw);
	return ok;
}

static bool
keep_phrase(struct sealkey *key, struct span text, struct err *e)
{
	if (text.n < PASSPHRASE_LEAST || text.n > PASSPHRASE_MAX)
		return err_set(e, ERR_CONFIG, "a passphrase has %d to %d "
		    "bytes", PASSPHRASE_LEAST, PASSPHRASE_MAX);
	memcpy(key->text, text.p, text.n);
	key->n = text.n;
	return true;
}

static bool
read_secret(struct sealkey *key, const char *path, struct err *e)
{
	struct arena *arena = arena_new();
	struct span text = { NULL, 0 };
	bool ok = secret_read(path, arena, &text, e);

	if (ok && key->phrase)
		ok = keep_phrase(key, text, e);
	else if (ok)
		ok = decode(text, key->key) || err_set(e, ERR_CONFIG,
		    "%.200s: not 32 bytes in base64 or hexadecimal; make one: "
		    "bahid key new FILE", path);
	if (text.n > 0)
		aead_forget((char *)text.p, text.n);
	arena_free(&arena);
	return ok;
}

/* A line from the terminal, unseen. */
static bool
ask(const char *question, char *out, size_t room, size_t *n, struct err *e)
{
	int fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
	struct termios was, quiet;
	ssize_t got = -1;

	if (fd < 0 || tcgetattr(fd, &was) != 0) {
		if (fd >= 0)
			close(fd);
		return err_set(e, ERR_CONFIG, "no terminal to ask for the "
		    "passphrase on; a service reads it by "
		    "key = passphrase:credential:NAME");
	}
	quiet = was;
	quiet.c_lflag &= ~(tcflag_t)(ECHO | ECHONL);
	quiet.c_lflag |= ICANON;
	tcsetattr(fd, TCSAFLUSH, &quiet);
	dprintf(fd, "%s", question);
	do
		got = read(fd, out, room);
	while (got < 0 && errno == EINTR);
	tcsetattr(fd, TCSAFLUSH, &was);
	dprintf(fd, "\n");
	close(fd);
	while (got > 0 && (out[got - 1] == '\n' || out[got - 1] == '\r'))
		got--;
	*n = got > 0 ? (size_t)got : 0;
	return got > 0 || err_set(e, ERR_CONFIG, "no passphrase was given");
}

static bool
ask_phrase(struct sealkey *key, bool twice, struct err *e)
{
	char first[PASSPHRASE_MAX], again[PASSPHRASE_MAX];
	size_t n = 0, m = 0;
	bool ok = ask(_("Passphrase of the store: "), first, sizeof first, &n,
	    e);

	if (ok && twice)
		ok = ask(_("The same again: "), again, sizeof again, &m, e) &&
		    (span_equal((struct span){ first, n },
		    (struct span){ again, m }) || err_set(e, ERR_CONFIG,
		    "the two passphrases differ"));
	ok = ok && keep_phrase(key, (struct span){ first, n }, e);
	aead_forget(first, sizeof first);
	aead_forget(again, sizeof again);
	return ok;
}

static struct sealkey *
new_key(void)
{
	struct sealkey *key = calloc(1, sizeof *key);

	if (key == NULL)
		bug("out of memory");
	pthread_mutex_init(&key->lock, NULL);
	return key;
}

bool
sealkey_read(struct sealkey **out, const char *where, bool twice,
    struct err *e)
{
	const size_t prefix = sizeof SEALKEY_ASK - 1;
	struct sealkey *key = new_key();
	bool ok;

	key->phrase = strncmp(where, SEALKEY_ASK, prefix) == 0 &&
	    (where[prefix] == '\0' || where[prefix] == ':');
	if (!key->phrase)
		ok = read_secret(key, where, e);
	else if (where[prefix] == ':')
		ok = read_secret(key, where + prefix + 1, e);
	else
		ok = ask_phrase(key, twice, e);
	if (!ok)
		sealkey_free(&key);
	*out = key;
	return ok;
}

struct sealkey *
sealkey_of(const unsigned char bytes[AEAD_KEY])
{
	struct sealkey *key = new_key();

	memcpy(key->key, bytes, AEAD_KEY);
	return key;
}

void
sealkey_free(struct sealkey **kp)
{
	struct sealkey *key = *kp;

	if (key == NULL)
		return;
	pthread_mutex_destroy(&key->lock);
	aead_forget(key, sizeof *key);
	free(key);
	*kp = NULL;
}

/* Whole when it has its name, and never over another. */
bool
sealkey_make(const char *path, struct err *e)
{
	struct arena *arena = arena_new();
	const char *beside = arena_printf(arena, "%s.%ld", path,
	    (long)getpid());
	unsigned char bytes[AEAD_KEY];
	struct str text;
	bool ok;

	digest_random(bytes, sizeof bytes);
	str_init(&text, 64);
	digest_base64(bytes, sizeof bytes, &text);
	str_addc(&text, '\n');
	ok = file_write(beside, str_span(&text), 0600, e);
	if (ok && link(beside, path) != 0)
		ok = err_set(e, ERR_SYSTEM, "create %.200s: %s", path,
		    strerror(errno));
	unlink(beside);
	aead_forget(bytes, sizeof bytes);
	aead_forget(text.p, text.n);
	str_free(&text);
	arena_free(&arena);
	return ok;
}

/* ---- locks ------------------------------------------------------------- */

static void
put32(unsigned char *p, uint32_t n)
{
	p[0] = (unsigned char)(n >> 24);
	p[1] = (unsigned char)(n >> 16);
	p[2] = (unsigned char)(n >> 8);
	p[3] = (unsigned char)n;
}

static uint32_t
get32(const unsigned char *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	    (uint32_t)p[2] << 8 | p[3];
}

static bool
stretch(const struct sealkey *key, const unsigned char *head,
    unsigned char out[AEAD_KEY], struct err *e)
{
	uint32_t passes = get32(head + 4), memory = get32(head + 8);
	int rc;

	if (passes < 1 || passes > PASSES_MAX || memory > MEMORY_MAX ||
	    head[1] < 1 || head[1] > LANES_MAX || memory < 8u * head[1])
		return err_set(e, ERR_CORRUPT, "the lock asks for Argon2id "
		    "with %u passes, %u KiB, %u lanes", passes, memory,
		    head[1]);
	rc = argon2id_hash_raw(passes, memory, head[1], key->text, key->n,
	    head + 16, 16, out, AEAD_KEY);
	return rc == ARGON2_OK || err_set(e, ERR_SYSTEM, "Argon2id: %s",
	    argon2_error_message(rc));
}

/* The outer key for a lock with this head; key->lock is held. */
static bool
outer_of(struct sealkey *key, const unsigned char *head,
    unsigned char out[AEAD_KEY], struct err *e)
{
	struct made *made;

	if (!key->phrase) {
		memcpy(out, key->key, AEAD_KEY);
		return true;
	}
	for (size_t i = 0; i < key->n_made; i++)
		if (memcmp(key->made[i].how, head, 32) == 0) {
			memcpy(out, key->made[i].key, AEAD_KEY);
			return true;
		}
	if (!stretch(key, head, out, e))
		return false;
	made = &key->made[key->n_made < MADE ? key->n_made++ : MADE - 1];
	memcpy(made->how, head, 32);
	memcpy(made->key, out, AEAD_KEY);
	return true;
}

static void
name_key(const unsigned char outer[AEAD_KEY], unsigned char id[ID])
{
	unsigned char all[AEAD_KEY];

	aead_derive(outer, "name", SPAN(""), all);
	memcpy(id, all, ID);
}

static const struct aead_about about_lock = { .kind = KIND_LOCK };

bool
sealkey_lock(struct sealkey *key, const unsigned char inner[AEAD_KEY],
    unsigned char lock[LOCK_SIZE], struct err *e)
{
	unsigned char outer[AEAD_KEY];
	struct aead_about about = about_lock;
	struct sealer *sealer;
	bool ok;

	memset(lock, 0, LOCK_SIZE);
	if (key->phrase) {
		lock[0] = 1;
		lock[1] = LANES;
		put32(lock + 4, PASSES);
		put32(lock + 8, MEMORY);
	}
	digest_random(lock + 16, 16);
	pthread_mutex_lock(&key->lock);
	ok = outer_of(key, lock, outer, e);
	pthread_mutex_unlock(&key->lock);
	if (!ok)
		return false;
	name_key(outer, lock + 100);
	memcpy(about.file, lock + 16, 16);
	sealer = sealer_new(outer);
	sealer_seal(sealer, &about, inner, AEAD_KEY, lock + 32, lock + 64);
	sealer_free(&sealer);
	aead_forget(outer, sizeof outer);
	return true;
}

static bool
is_zero(const unsigned char *p, size_t n)
{
	while (n > 0 && p[n - 1] == 0)
		n--;
	return n == 0;
}

bool
sealkey_unlock(struct sealkey *key, const unsigned char lock[LOCK_SIZE],
    unsigned char inner[AEAD_KEY], struct err *e)
{
	unsigned char outer[AEAD_KEY], id[ID];
	struct aead_about about = about_lock;
	struct sealer *sealer;
	bool ok;

	if (lock[0] > 1 || !is_zero(lock + 2, 2) || !is_zero(lock + 12, 4) ||
	    !is_zero(lock + 108, 20) || (lock[0] == 0 &&
	    (lock[1] != 0 || !is_zero(lock + 4, 8))))
		return err_set(e, ERR_CORRUPT, "the lock of the key is "
		    "damaged");
	if ((lock[0] == 1) != key->phrase)
		return err_set(e, ERR_KEY, "it is sealed with %s",
		    lock[0] == 1 ? "a passphrase" : "a key file");
	pthread_mutex_lock(&key->lock);
	ok = outer_of(key, lock, outer, e);
	pthread_mutex_unlock(&key->lock);
	if (!ok)
		return false;
	name_key(outer, id);
	memcpy(about.file, lock + 16, 16);
	sealer = sealer_new(outer);
	ok = sealer_open(sealer, &about, lock + 32, AEAD_KEY, inner,
	    lock + 64);
	sealer_free(&sealer);
	aead_forget(outer, sizeof outer);
	if (ok && digest_equal(id, lock + 100, ID))
		return true;
	return digest_equal(id, lock + 100, ID) ? err_set(e, ERR_CORRUPT,
	    "the lock of the key is damaged") : err_set(e, ERR_KEY,
	    "it is sealed with another key");
}
