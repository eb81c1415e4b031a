/*
 * Razorpay: lower-case hex HMAC-SHA256 of the body; the event id header is
 * unsigned, the event's name is in the signed body.
 */
#include "sources/list.h"

#include "core/digest.h"

static const struct secret *
match(const struct source *source, const struct delivery *d,
    const char *given)
{
	unsigned char have[SHA256_SIZE], want[SHA256_SIZE];

	if (!digest_unhex(span_of(given), have, SHA256_SIZE))
		return NULL;
	for (size_t i = 0; i < source->n_secrets; i++) {
		const struct secret *secret = &source->secrets[i];

		if (!secret_valid(secret, d->now))
			continue;
		digest_hmac(span_of(secret->text), &d->body, 1, want);
		if (digest_equal(want, have, SHA256_SIZE))
			return secret;
	}
	return NULL;
}

static bool
verify(const struct source *source, const struct delivery *d,
    struct arena *arena, struct verified *out, struct err *e)
{
	const char *given = delivery_header(d, "X-Razorpay-Signature", e);
	const char *id;
	const struct secret *secret;

	if (given == NULL)
		return false;
	secret = match(source, d, given);
	if (secret == NULL)
		return err_set(e, ERR_UNAUTHENTIC, "the signature differs");
	id = delivery_header(d, "x-razorpay-event-id", e);
	if (id == NULL)
		return false;
	if (!key_sound(id))
		return err_set(e, ERR_UNAUTHENTIC, "the event id is unsound");
	out->key = arena_strdup(arena, id);
	out->topic_path = "event";
	out->secret_id = secret->id;
	return true;
}

const struct scheme scheme_razorpay = { "razorpay", verify };
