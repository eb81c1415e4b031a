#ifndef BAHI_CORE_SEALKEY_H
#define BAHI_CORE_SEALKEY_H
/*
 * The outer key: what a person keeps apart from the files. It is 32 random
 * bytes in a file or credential, or a passphrase, of which Argon2id makes 32.
 * What needs it keeps a `lock` in its header: how the key is made of the
 * secret, and a random key of its own sealed under it.
 */
#include "core/aead.h"
#include "core/arena.h"

struct sealkey;

#define SEALKEY_ASK "passphrase"

/* where: a 0600 file, credential:NAME, `passphrase` (asked on the terminal),
 * passphrase:FILE or passphrase:credential:NAME. Twice: a new passphrase is
 * asked for again. */
MUST_CHECK bool sealkey_read(struct sealkey **, const char *where, bool twice,
	struct err *);
/* Of bytes that somebody else made. */
struct sealkey *sealkey_of(const unsigned char key[AEAD_KEY]);
void sealkey_free(struct sealkey **);
/* New random bytes into a new 0600 file. */
MUST_CHECK bool sealkey_make(const char *path, struct err *);

/*
 * 128 bytes, no padding, numbers big-endian:
 * 0 kind (0 bytes, 1 Argon2id) | 1 lanes | 2-3 zero | 4-7 passes |
 * 8-11 KiB of memory | 12-15 zero | 16-31 salt | 32-63 key, sealed |
 * 64-99 its trailer | 100-107 id of the outer key | 108-127 zero
 */
#define LOCK_SIZE 128

/* A lock for this key, around `inner`. Any thread. */
MUST_CHECK bool sealkey_lock(struct sealkey *,
	const unsigned char inner[AEAD_KEY], unsigned char lock[LOCK_SIZE],
	struct err *);
/* ERR_KEY: it is another key's; ERR_CORRUPT: it is no lock. */
MUST_CHECK bool sealkey_unlock(struct sealkey *,
	const unsigned char lock[LOCK_SIZE], unsigned char inner[AEAD_KEY],
	struct err *);

#endif
