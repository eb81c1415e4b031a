/*
 * Shopify: base64 HMAC-SHA256 of the body under the app's client secret.
 * Headers are unsigned, so a shop is bound to its own source and secret; the
 * key is shop, topic and event id, the same on every retry.
 */
#include "sources/list.h"

#include "core/digest.h"

static const struct secret *
match(const struct source *source, const struct delivery *d,
    const char *given)
{
	unsigned char have[SHA256_SIZE], want[SHA256_SIZE];
	size_t n = sizeof have;

	if (!digest_unbase64(span_of(given), have, &n) || n != SHA256_SIZE)
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
	const char *given = delivery_header(d, "X-Shopify-Hmac-SHA256", e);
	const char *topic = delivery_header(d, "X-Shopify-Topic", e);
	const char *shop = d->header(d->request, "X-Shopify-Shop-Domain",
	    NULL);
	const char *id = d->header(d->request, "X-Shopify-Event-Id", NULL);
	const struct secret *secret;

	if (given == NULL || topic == NULL)
		return false;
	secret = match(source, d, given);
	if (secret == NULL)
		return err_set(e, ERR_UNAUTHENTIC, "the signature differs");
	if (id == NULL)
		id = delivery_header(d, "X-Shopify-Webhook-Id", e);
	if (id == NULL)
		return false;
	out->key = arena_printf(arena, "%s:%s:%s", shop != NULL ? shop : "",
	    topic, id);
	if (!key_sound(out->key))
		return err_set(e, ERR_UNAUTHENTIC, "the event id is unsound");
	out->topic = arena_strdup(arena, topic);
	out->secret_id = secret->id;
	return true;
}

const struct scheme scheme_shopify = { "shopify", verify };
