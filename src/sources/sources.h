#ifndef BAHI_SOURCES_SOURCES_H
#define BAHI_SOURCES_SOURCES_H
/*
 * Signature schemes: who sent this, is it fresh, what is its key and topic.
 * Judged on the raw bytes as received. ../shared facts: Standard Webhooks,
 * Stripe, Shopify, Razorpay; CloudEvents and our own token need none.
 */
#include <stdint.h>
#include "core/err.h"
#include "core/arena.h"

#define SECRETS_MAX 8

struct secret {
	const char *id, *text;
	int64_t not_after;	/* microseconds; 0: no end */
};

struct json_tape;
struct declared;		/* a scheme that a text file declares */

struct source {
	const char *name, *scheme;
	const struct declared *declared;	/* NULL: one of the table */
	struct secret secrets[SECRETS_MAX];
	size_t n_secrets;
	int64_t tolerance;	/* seconds; replay window */
};

struct delivery {		/* one request, as the scheme sees it */
	/* A header by its name in any case; *twice when it came twice. */
	const char *(*header)(void *request, const char *name, bool *twice);
	void *request;
	struct span body;
	int64_t now;
};

struct verified {
	const char *key;	/* idempotency key; never NULL */
	const char *topic;	/* NULL: in the body, at topic_path */
	const char *topic_path;	/* members; the first there counts */
	const char *secret_id;
	const struct json_tape *tape;	/* of the body; NULL: nobody judged
					 * it yet */
	int64_t sent;		/* signed time; 0: none */
	bool ping;		/* only asks whether we are here; no key */
};

struct scheme {
	const char *name;
	/* ERR_UNAUTHENTIC with the exact reason in why, or true. */
	bool (*verify)(const struct source *, const struct delivery *,
	    struct arena *, struct verified *, struct err *);
};

const struct scheme *scheme_find(const char *name);
/* Of the table, or the one that works by declarations. */
const struct scheme *scheme_of(const struct source *);
/* FOLDER/NAME.conf, into the arena; a fault names file and line. */
MUST_CHECK bool declared_read(const char *folder, const char *name,
	struct arena *, struct declared **, struct err *);
extern const struct scheme *const schemes[];	/* NULL ended */

#endif
