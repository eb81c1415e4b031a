#ifndef BAHI_CORE_DIGEST_H
#define BAHI_CORE_DIGEST_H
/* Digests, signatures, encodings, random bytes. All of OpenSSL's use outside
 * TLS is here. */
#include <stdbool.h>
#include <stddef.h>
#include "core/arena.h"
#include "core/span.h"
#include "core/str.h"

#define SHA256_SIZE 32
#define SHA256_HEX 65
#define SHA256_SPOKEN 80

void digest_sha256(struct span, unsigned char out[SHA256_SIZE]);
/* Several parts, as if one. */
void digest_sha256v(const struct span *, size_t n,
	unsigned char out[SHA256_SIZE]);
/* What is too long to hold: piece by piece. */
struct digest;
struct digest *digest_new(void);
void digest_add(struct digest *, struct span);
void digest_end(struct digest **, unsigned char out[SHA256_SIZE]);
void digest_hmac(struct span key, const struct span *parts, size_t n,
	unsigned char out[SHA256_SIZE]);
/* Ed25519 over the joined parts (Standard Webhooks v1a). */
bool digest_ed25519(const unsigned char key[32], struct span message,
	const unsigned char sig[64]);
/* A key pair is its 32 random bytes; those are to be cleaned after use. */
void digest_ed25519_public(const unsigned char seed[32],
	unsigned char key[32]);
void digest_ed25519_sign(const unsigned char seed[32], struct span message,
	unsigned char sig[64]);
void digest_clean(void *, size_t);
bool digest_equal(const void *, const void *, size_t);	/* constant time */
void digest_random(void *, size_t);

/* By fours, so that nobody who reads it aloud loses his place. */
void digest_spoken(const unsigned char hash[SHA256_SIZE],
	char out[SHA256_SPOKEN]);
void digest_hex(const unsigned char *, size_t n, char *out); /* 2n+1 */
bool digest_unhex(struct span, unsigned char *out, size_t n); /* exactly n */
void digest_base64(const unsigned char *, size_t n, struct str *out);
/* Strict: alphabet, padding, no trailing bytes. *n: room, then length. */
bool digest_unbase64(struct span, unsigned char *out, size_t *n);

#endif
