#ifndef BAHI_CORE_AEAD_H
#define BAHI_CORE_AEAD_H
/*
 * AES-256-GCM, and the keys that it is used with. A sealer belongs to one
 * thread at a time. Its key is drawn from a main key and a random session, and
 * its nonces count up, so that no key ever sees a nonce twice, whoever else
 * seals with the main key at the same time and however often it crashed.
 */
#include <stdint.h>
#include "core/err.h"
#include "core/span.h"

#define AEAD_KEY 32
#define AEAD_TAG 16
#define AEAD_SESSION 12
#define AEAD_COUNT 8
/* What stands beside sealed bytes: session, count, tag. */
#define AEAD_TRAILER (AEAD_SESSION + AEAD_COUNT + AEAD_TAG)

/* What the bytes are: sealed as one thing they do not open as another. */
struct aead_about {
	unsigned char kind, file[16];
	uint64_t number, extra;
};

struct sealer;

struct sealer *sealer_new(const unsigned char key[AEAD_KEY]);
void sealer_free(struct sealer **);
/* In place or from `in` to `out`, n bytes each. */
void sealer_seal(struct sealer *, const struct aead_about *,
	const void *in, size_t n, void *out,
	unsigned char trailer[AEAD_TRAILER]);
/* False: not as it was sealed; `out` is then zeros. */
bool sealer_open(struct sealer *, const struct aead_about *,
	const void *in, size_t n, void *out,
	const unsigned char trailer[AEAD_TRAILER]);

/* A key of its own for each use of another one. */
void aead_derive(const unsigned char key[AEAD_KEY], const char *use,
	struct span salt, unsigned char out[AEAD_KEY]);
void aead_forget(void *, size_t);	/* zeros that are really written */

#endif
