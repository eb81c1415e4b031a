/*
 * All of OpenSSL's use outside TLS: digests, MACs, signatures, randomness,
 * and the two text encodings they travel in.
 */
#include "core/digest.h"

#include <pthread.h>
#include <stdlib.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/rand.h>

/* Fetching an algorithm by name costs more than using it once: each is
 * fetched once for the process, each context kept by its thread. */
static pthread_once_t once = PTHREAD_ONCE_INIT;
static EVP_MD *sha256;
static EVP_MAC *hmac;
static pthread_key_t contexts;

struct context {
	EVP_MD_CTX *md;
	EVP_MAC_CTX *mac;
};

static void
free_context(void *p)
{
	struct context *context = p;

	EVP_MD_CTX_free(context->md);
	EVP_MAC_CTX_free(context->mac);
	free(context);
}

static void
fetch(void)
{
	sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
	hmac = EVP_MAC_fetch(NULL, "HMAC", NULL);
	if (sha256 == NULL || hmac == NULL ||
	    pthread_key_create(&contexts, free_context) != 0)
		bug("no SHA-256");
}

static struct context *
this_context(void)
{
	struct context *context;

	pthread_once(&once, fetch);
	context = pthread_getspecific(contexts);
	if (context != NULL)
		return context;
	context = calloc(1, sizeof *context);
	if (context == NULL)
		bug("out of memory");
	context->md = EVP_MD_CTX_new();
	context->mac = EVP_MAC_CTX_new(hmac);
	if (context->md == NULL || context->mac == NULL)
		bug("out of memory");
	pthread_setspecific(contexts, context);
	return context;
}

void
digest_sha256(struct span s, unsigned char out[SHA256_SIZE])
{
	digest_sha256v(&s, 1, out);
}

void
digest_sha256v(const struct span *parts, size_t n,
    unsigned char out[SHA256_SIZE])
{
	EVP_MD_CTX *ctx = this_context()->md;

	if (!EVP_DigestInit_ex2(ctx, sha256, NULL))
		bug("SHA-256");
	for (size_t i = 0; i < n; i++)
		if (!EVP_DigestUpdate(ctx, parts[i].p, parts[i].n))
			bug("SHA-256");
	if (!EVP_DigestFinal_ex(ctx, out, NULL))
		bug("SHA-256");
}

struct digest {
	EVP_MD_CTX *md;
};

struct digest *
digest_new(void)
{
	struct digest *digest = calloc(1, sizeof *digest);

	this_context();
	if (digest == NULL || (digest->md = EVP_MD_CTX_new()) == NULL)
		bug("out of memory");
	if (!EVP_DigestInit_ex2(digest->md, sha256, NULL))
		bug("SHA-256");
	return digest;
}

void
digest_add(struct digest *digest, struct span s)
{
	if (!EVP_DigestUpdate(digest->md, s.p, s.n))
		bug("SHA-256");
}

void
digest_end(struct digest **dp, unsigned char out[SHA256_SIZE])
{
	struct digest *digest = *dp;

	if (!EVP_DigestFinal_ex(digest->md, out, NULL))
		bug("SHA-256");
	EVP_MD_CTX_free(digest->md);
	free(digest);
	*dp = NULL;
}

void
digest_hmac(struct span key, const struct span *parts, size_t n,
    unsigned char out[SHA256_SIZE])
{
	EVP_MAC_CTX *ctx = this_context()->mac;
	char name[] = "SHA256";
	OSSL_PARAM params[] = {
		OSSL_PARAM_construct_utf8_string("digest", name, 0),
		OSSL_PARAM_construct_end()
	};
	size_t length;

	if (!EVP_MAC_init(ctx, (const unsigned char *)key.p, key.n, params))
		bug("HMAC");
	for (size_t i = 0; i < n; i++)
		if (!EVP_MAC_update(ctx, (const unsigned char *)parts[i].p,
		    parts[i].n))
			bug("HMAC");
	if (!EVP_MAC_final(ctx, out, &length, SHA256_SIZE))
		bug("HMAC");
}

bool
digest_ed25519(const unsigned char key[32], struct span message,
    const unsigned char sig[64])
{
	EVP_PKEY *pkey = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL,
	    key, 32);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	bool ok = pkey != NULL && ctx != NULL &&
	    EVP_DigestVerifyInit(ctx, NULL, NULL, NULL, pkey) == 1 &&
	    EVP_DigestVerify(ctx, sig, 64, (const unsigned char *)message.p,
	    message.n) == 1;

	EVP_MD_CTX_free(ctx);
	EVP_PKEY_free(pkey);
	return ok;
}

void
digest_ed25519_public(const unsigned char seed[32], unsigned char key[32])
{
	EVP_PKEY *pkey = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL,
	    seed, 32);
	size_t n = 32;

	if (pkey == NULL || EVP_PKEY_get_raw_public_key(pkey, key, &n) != 1)
		bug("Ed25519");
	EVP_PKEY_free(pkey);
}

void
digest_ed25519_sign(const unsigned char seed[32], struct span message,
    unsigned char sig[64])
{
	EVP_PKEY *pkey = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL,
	    seed, 32);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	size_t n = 64;

	if (pkey == NULL || ctx == NULL ||
	    EVP_DigestSignInit(ctx, NULL, NULL, NULL, pkey) != 1 ||
	    EVP_DigestSign(ctx, sig, &n, (const unsigned char *)message.p,
	    message.n) != 1)
		bug("Ed25519");
	EVP_MD_CTX_free(ctx);
	EVP_PKEY_free(pkey);
}

void
digest_clean(void *p, size_t n)
{
	OPENSSL_cleanse(p, n);
}

bool
digest_equal(const void *a, const void *b, size_t n)
{
	return CRYPTO_memcmp(a, b, n) == 0;
}

void
digest_random(void *out, size_t n)
{
	if (RAND_bytes(out, (int)n) != 1)
		bug("no random bytes");
}

void
digest_hex(const unsigned char *in, size_t n, char *out)
{
	static const char hex[] = "0123456789abcdef";

	for (size_t i = 0; i < n; i++) {
		out[2 * i] = hex[in[i] >> 4];
		out[2 * i + 1] = hex[in[i] & 15];
	}
	out[2 * n] = '\0';
}

static int
hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

bool
digest_unhex(struct span s, unsigned char *out, size_t n)
{
	if (s.n != 2 * n)
		return false;
	for (size_t i = 0; i < n; i++) {
		int high = hex_value(s.p[2 * i]);
		int low = hex_value(s.p[2 * i + 1]);

		if (high < 0 || low < 0)
			return false;
		out[i] = (unsigned char)(high << 4 | low);
	}
	return true;
}

static const char alphabet[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void
digest_base64(const unsigned char *in, size_t n, struct str *out)
{
	for (size_t i = 0; i < n; i += 3) {
		uint32_t v = (uint32_t)in[i] << 16;
		char quad[4];

		if (i + 1 < n)
			v |= (uint32_t)in[i + 1] << 8;
		if (i + 2 < n)
			v |= in[i + 2];
		quad[0] = alphabet[v >> 18];
		quad[1] = alphabet[v >> 12 & 63];
		quad[2] = i + 1 < n ? alphabet[v >> 6 & 63] : '=';
		quad[3] = i + 2 < n ? alphabet[v & 63] : '=';
		str_add(out, quad, 4);
	}
}

static int
base64_value(char c)
{
	const char *at = c != '\0' ? strchr(alphabet, c) : NULL;

	return at != NULL ? (int)(at - alphabet) : -1;
}

bool
digest_unbase64(struct span s, unsigned char *out, size_t *n)
{
	size_t pad = 0, room = *n, wrote = 0;

	if (s.n % 4 != 0)
		return false;
	while (pad < 2 && s.n > pad && s.p[s.n - 1 - pad] == '=')
		pad++;
	for (size_t i = 0; i < s.n; i += 4) {
		bool last = i + 4 == s.n;
		size_t keep = last ? 3 - pad : 3;
		uint32_t v = 0;

		for (size_t j = 0; j < 4; j++) {
			int digit = last && j >= 4 - pad ? 0 :
			    base64_value(s.p[i + j]);

			if (digit < 0)
				return false;
			v = v << 6 | (uint32_t)digit;
		}
		/* Bits past the end must be zero: one text, one value. */
		if (keep < 3 && (v & ((1u << 8 * (3 - keep)) - 1)) != 0)
			return false;
		if (wrote + keep > room)
			return false;
		for (size_t j = 0; j < keep; j++)
			out[wrote++] = (unsigned char)(v >> (16 - 8 * j));
	}
	*n = wrote;
	return true;
}

void
digest_spoken(const unsigned char hash[SHA256_SIZE], char out[SHA256_SPOKEN])
{
	char hex[SHA256_HEX];

	digest_hex(hash, SHA256_SIZE, hex);
	for (size_t i = 0; i < SHA256_HEX / 4; i++) {
		memcpy(out + 5 * i, hex + 4 * i, 4);
		out[5 * i + 4] = ' ';
	}
	out[SHA256_SPOKEN - 1] = '\0';
}
