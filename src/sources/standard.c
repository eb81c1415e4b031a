/*
 * Standard Webhooks (standard-webhooks specification): v1 HMAC-SHA256 over
 * "id.timestamp.body" with the decoded whsec_ secret, v1a Ed25519 with a
 * whpk_ key.  Any good pair of signature and secret will do (rotation).
 */
#include "sources/list.h"

#include "core/digest.h"

#define KEY_BYTES_MAX 64

struct signing {
	const struct delivery *delivery;
	struct span parts[5];	/* id . timestamp . body */
	struct arena *arena;
};

static bool
decode(const char *text, const char *prefix, unsigned char *out, size_t *n)
{
	size_t skip = strlen(prefix);

	return strncmp(text, prefix, skip) == 0 &&
	    digest_unbase64(span_of(text + skip), out, n);
}

static bool
match_hmac(const struct signing *s, const struct secret *secret,
    struct span given)
{
	unsigned char key[KEY_BYTES_MAX], want[SHA256_SIZE];
	unsigned char have[SHA256_SIZE];
	size_t n = sizeof key, n_have = sizeof have;

	if (!decode(secret->text, "whsec_", key, &n) || n < 16 ||
	    !digest_unbase64(given, have, &n_have) || n_have != SHA256_SIZE)
		return false;
	digest_hmac((struct span){ (char *)key, n }, s->parts, 5, want);
	return digest_equal(want, have, SHA256_SIZE);
}

static bool
match_ed25519(const struct signing *s, const struct secret *secret,
    struct span given)
{
	unsigned char key[32], have[64];
	size_t n = sizeof key, n_have = sizeof have;
	struct str whole;
	bool ok;

	if (!decode(secret->text, "whpk_", key, &n) || n != 32 ||
	    !digest_unbase64(given, have, &n_have) || n_have != 64)
		return false;
	str_init(&whole, s->delivery->body.n + 1024);
	for (size_t i = 0; i < 5; i++)
		str_add(&whole, s->parts[i].p, s->parts[i].n);
	ok = !whole.over && digest_ed25519(key, str_span(&whole), have);
	str_free(&whole);
	return ok;
}

static bool
match(const struct signing *s, const struct secret *secret,
    struct span given)
{
	struct span rest;

	if (given.n > 3 && memcmp(given.p, "v1,", 3) == 0) {
		rest = (struct span){ given.p + 3, given.n - 3 };
		return match_hmac(s, secret, rest);
	}
	if (given.n > 4 && memcmp(given.p, "v1a,", 4) == 0) {
		rest = (struct span){ given.p + 4, given.n - 4 };
		return match_ed25519(s, secret, rest);
	}
	return false;		/* a version we do not know */
}

#define SIGNATURES_MAX 16

static const struct secret *
match_any(const struct source *source, const struct signing *s,
    const char *list)
{
	for (int i = 0; i < SIGNATURES_MAX && *list != '\0'; i++) {
		struct span one = { list, strcspn(list, " ") };

		for (size_t k = 0; k < source->n_secrets; k++)
			if (secret_valid(&source->secrets[k],
			    s->delivery->now) &&
			    match(s, &source->secrets[k], one))
				return &source->secrets[k];
		list += one.n;
		list += strspn(list, " ");
	}
	return NULL;
}

static bool
verify(const struct source *source, const struct delivery *d,
    struct arena *arena, struct verified *out, struct err *e)
{
	const char *id = delivery_header(d, "webhook-id", e);
	const char *at = delivery_header(d, "webhook-timestamp", e);
	const char *list = delivery_header(d, "webhook-signature", e);
	struct signing s = { .delivery = d, .arena = arena };
	const struct secret *secret;

	if (id == NULL || at == NULL || list == NULL)
		return false;
	/* A full stop would let one id and time be read as another pair. */
	if (!key_sound(id) || strchr(id, '.') != NULL)
		return err_set(e, ERR_UNAUTHENTIC, "webhook-id is unsound");
	if (!delivery_fresh(source, d, span_of(at), &out->sent, e))
		return false;
	s.parts[0] = span_of(id);
	s.parts[1] = SPAN(".");
	s.parts[2] = span_of(at);
	s.parts[3] = SPAN(".");
	s.parts[4] = d->body;
	secret = match_any(source, &s, list);
	if (secret == NULL)
		return err_set(e, ERR_UNAUTHENTIC, "no signature matches");
	out->key = arena_strdup(arena, id);
	/* The specification says "type"; many senders say "event". */
	out->topic_path = "type event";
	out->secret_id = secret->id;
	return true;
}

const struct scheme scheme_standard = { "standard", verify };
