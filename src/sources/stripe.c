/*
 * Stripe-Signature: t=SECONDS,v1=HEX[,v1=HEX...]: HMAC-SHA256 over
 * "t.body" with the whole whsec_ text as key.  The event id is in the body.
 */
#include "sources/list.h"

#include "core/digest.h"

static bool
match(const struct source *source, const struct delivery *d,
    struct span at, struct span hex, const char **secret_id)
{
	const struct span parts[] = { at, SPAN("."), d->body };
	unsigned char have[SHA256_SIZE], want[SHA256_SIZE];

	if (!digest_unhex(hex, have, SHA256_SIZE))
		return false;
	for (size_t i = 0; i < source->n_secrets; i++) {
		const struct secret *secret = &source->secrets[i];

		if (!secret_valid(secret, d->now))
			continue;
		digest_hmac(span_of(secret->text), parts, 3, want);
		if (digest_equal(want, have, SHA256_SIZE)) {
			*secret_id = secret->id;
			return true;
		}
	}
	return false;
}

/* Calls for each `name=value`; at most 16. */
static bool
find_time(const char *list, struct span *at)
{
	bool found = false;

	for (int i = 0; i < 16 && *list != '\0'; i++) {
		size_t n = strcspn(list, ",");

		if (n > 2 && strncmp(list, "t=", 2) == 0) {
			if (found)
				return false;
			found = true;
			*at = (struct span){ list + 2, n - 2 };
		}
		list += n + (list[n] == ',');
	}
	return found;
}

static bool
match_any(const struct source *source, const struct delivery *d,
    const char *list, struct span at, const char **secret_id)
{
	for (int i = 0; i < 16 && *list != '\0'; i++) {
		size_t n = strcspn(list, ",");

		if (n > 3 && strncmp(list, "v1=", 3) == 0 &&
		    match(source, d, at, (struct span){ list + 3, n - 3 },
		    secret_id))
			return true;
		list += n + (list[n] == ',');
	}
	return false;
}

/* The id stands in the signed body; a body without one is keyed by its own
 * digest, so that it is kept and judged rather than lost. */
static const char *
key_of(const struct delivery *d, struct arena *arena)
{
	static const char MARK[] = "\"id\"";
	const char *at = memmem(d->body.p, d->body.n, MARK, sizeof MARK - 1);
	unsigned char digest[SHA256_SIZE];
	char hex[SHA256_HEX];
	size_t rest, n;

	if (at != NULL) {
		at += sizeof MARK - 1;
		rest = d->body.n - (size_t)(at - d->body.p);
		while (rest > 0 && strchr(" \t\r\n:", *at) != NULL)
			at++, rest--;
		if (rest > 5 && strncmp(at, "\"evt_", 5) == 0) {
			for (n = 1; n < rest && n < 200 && at[n] != '"';)
				n++;
			at = arena_strndup(arena, at + 1, n - 1);
			if (key_sound(at))
				return at;
		}
	}
	digest_sha256(d->body, digest);
	digest_hex(digest, SHA256_SIZE, hex);
	return arena_strdup(arena, hex);
}

static bool
verify(const struct source *source, const struct delivery *d,
    struct arena *arena, struct verified *out, struct err *e)
{
	const char *list = delivery_header(d, "Stripe-Signature", e);
	struct span at;

	if (list == NULL)
		return false;
	if (!find_time(list, &at))
		return err_set(e, ERR_UNAUTHENTIC, "not exactly one t=");
	if (!delivery_fresh(source, d, at, &out->sent, e))
		return false;
	if (!match_any(source, d, list, at, &out->secret_id))
		return err_set(e, ERR_UNAUTHENTIC, "no signature matches");
	out->key = key_of(d, arena);
	out->topic_path = "type";
	return true;
}

const struct scheme scheme_stripe = { "stripe", verify };
