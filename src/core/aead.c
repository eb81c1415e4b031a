/*
 * AES-256-GCM by OpenSSL's EVP.  Contexts keep their key: setting one costs
 * more than a small page.
 */
#include "core/aead.h"

#include <stdlib.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "core/digest.h"

#define OPENERS 16		/* sessions whose key is at hand */
#define ABOUT 33
#define NONCE 12
#define SESSION_MOST (UINT64_C(1) << 32)

struct opener {
	unsigned char session[AEAD_SESSION];
	EVP_CIPHER_CTX *ctx;	/* NULL: none yet */
	uint64_t used;
};

struct sealer {
	unsigned char key[AEAD_KEY];
	unsigned char session[AEAD_SESSION];
	EVP_CIPHER_CTX *ctx;
	uint64_t count;
	struct opener openers[OPENERS];
	uint64_t clock;
	struct opener *last;
};

void
aead_forget(void *p, size_t n)
{
	OPENSSL_cleanse(p, n);
}

void
aead_derive(const unsigned char key[AEAD_KEY], const char *use,
    struct span salt, unsigned char out[AEAD_KEY])
{
	const struct span parts[] = { SPAN("bahi "), span_of(use),
	    { "", 1 }, salt };

	digest_hmac((struct span){ (const char *)key, AEAD_KEY }, parts, 4,
	    out);
}

static EVP_CIPHER_CTX *
context(const struct sealer *sealer,
    const unsigned char session[AEAD_SESSION], int seal)
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	unsigned char key[AEAD_KEY];

	aead_derive(sealer->key, "session", (struct span){
	    (const char *)session, AEAD_SESSION }, key);
	if (ctx == NULL || EVP_CipherInit_ex(ctx, EVP_aes_256_gcm(), NULL, key,
	    NULL, seal) != 1)
		bug("no AES-256-GCM");
	aead_forget(key, sizeof key);
	return ctx;
}

struct sealer *
sealer_new(const unsigned char key[AEAD_KEY])
{
	struct sealer *sealer = calloc(1, sizeof *sealer);

	if (sealer == NULL)
		bug("out of memory");
	memcpy(sealer->key, key, AEAD_KEY);
	return sealer;
}

void
sealer_free(struct sealer **sp)
{
	struct sealer *sealer = *sp;

	if (sealer == NULL)
		return;
	for (size_t i = 0; i < OPENERS; i++)
		EVP_CIPHER_CTX_free(sealer->openers[i].ctx);
	EVP_CIPHER_CTX_free(sealer->ctx);
	aead_forget(sealer, sizeof *sealer);
	free(sealer);
	*sp = NULL;
}

static void
put_be(unsigned char *out, uint64_t n)
{
	for (int i = 7; i >= 0; i--, n >>= 8)
		out[i] = (unsigned char)n;
}

static void
encode(const struct aead_about *about, unsigned char out[ABOUT])
{
	out[0] = about->kind;
	memcpy(out + 1, about->file, 16);
	put_be(out + 17, about->number);
	put_be(out + 25, about->extra);
}

/* Nonce and what goes along; false: OpenSSL refuses, or the tag is wrong. */
static bool
run(EVP_CIPHER_CTX *ctx, const struct aead_about *about,
    const unsigned char count[AEAD_COUNT], const void *in, size_t n,
    void *out, unsigned char *tag, int seal)
{
	unsigned char nonce[NONCE] = { 0 }, along[ABOUT];
	int wrote;

	memcpy(nonce + NONCE - AEAD_COUNT, count, AEAD_COUNT);
	encode(about, along);
	if (EVP_CipherInit_ex(ctx, NULL, NULL, NULL, nonce, seal) != 1 ||
	    EVP_CipherUpdate(ctx, NULL, &wrote, along, ABOUT) != 1 ||
	    EVP_CipherUpdate(ctx, out, &wrote, in, (int)n) != 1 ||
	    (!seal && EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, AEAD_TAG,
	    tag) != 1) || EVP_CipherFinal_ex(ctx, (unsigned char *)out + n,
	    &wrote) != 1)
		return false;
	return !seal || EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG,
	    AEAD_TAG, tag) == 1;
}

void
sealer_seal(struct sealer *sealer, const struct aead_about *about,
    const void *in, size_t n, void *out, unsigned char trailer[AEAD_TRAILER])
{
	unsigned char *count = trailer + AEAD_SESSION;

	if (sealer->ctx == NULL || sealer->count == SESSION_MOST) {
		EVP_CIPHER_CTX_free(sealer->ctx);
		digest_random(sealer->session, AEAD_SESSION);
		sealer->ctx = context(sealer, sealer->session, 1);
		sealer->count = 0;
	}
	memcpy(trailer, sealer->session, AEAD_SESSION);
	put_be(count, sealer->count++);
	if (!run(sealer->ctx, about, count, in, n, out, count + AEAD_COUNT,
	    1))
		bug("AES-256-GCM");
}

/* The one of this session; else in the place of the one that was of use
 * longest ago. */
static struct opener *
opener_of(struct sealer *sealer, const unsigned char *session)
{
	struct opener *old = sealer->openers;

	if (sealer->last != NULL && memcmp(sealer->last->session, session,
	    AEAD_SESSION) == 0)
		return sealer->last;
	for (size_t i = 0; i < OPENERS; i++) {
		struct opener *one = &sealer->openers[i];

		if (one->ctx != NULL && memcmp(one->session, session,
		    AEAD_SESSION) == 0) {
			old = one;
			goto found;
		}
		if (one->used < old->used)
			old = one;
	}
	EVP_CIPHER_CTX_free(old->ctx);
	old->ctx = context(sealer, session, 0);
	memcpy(old->session, session, AEAD_SESSION);
found:
	old->used = ++sealer->clock;
	sealer->last = old;
	return old;
}

bool
sealer_open(struct sealer *sealer, const struct aead_about *about,
    const void *in, size_t n, void *out,
    const unsigned char trailer[AEAD_TRAILER])
{
	const unsigned char *count = trailer + AEAD_SESSION;
	unsigned char tag[AEAD_TAG];

	memcpy(tag, count + AEAD_COUNT, AEAD_TAG);
	if (run(opener_of(sealer, trailer)->ctx, about, count, in, n, out,
	    tag, 0))
		return true;
	memset(out, 0, n);
	return false;
}
