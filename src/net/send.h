#ifndef BAHI_NET_SEND_H
#define BAHI_NET_SEND_H
/*
 * Sends one mail or one webhook through libcurl and says how it went. Peers
 * are always verified; only loopback may go without TLS, and a password never
 * does. Redirects are not followed. For one thread; it blocks, at most half a
 * minute, and gives up within a second once *stop is true.
 */
#include <stdatomic.h>
#include <stdint.h>
#include "core/arena.h"
#include "core/err.h"
#include "core/span.h"
#include "core/str.h"

struct send_place {
	const char *url;
	const char *ca;		/* file of authorities; "": the system's */
	const char *secret;	/* file, 0600; "": none */
	const atomic_bool *stop;
};

enum send_kind { SEND_MAIL, SEND_HOOK };

enum send_result {
	SEND_DONE,
	SEND_LATER,		/* not now: e says why */
	SEND_REFUSED,		/* this one will hardly ever be taken */
	SEND_STOPPED
};

/* Is the URL one that we send to? *origin: it without path, which may be
 * secret. Once, before any other thread sends. */
MUST_CHECK bool send_judge(const char *url, enum send_kind, struct arena *,
	const char **origin, struct err *);
/* Secret file: NAME:PASSWORD. */
enum send_result send_mail(const struct send_place *, const char *from,
	const char *to, struct span text, struct err *);
/* Signed as Standard Webhooks. Secret file: whsec_ and base64. */
enum send_result send_hook(const struct send_place *, const char *message,
	int64_t now, struct span body, struct err *);
/* "v1,..." over "message.now.body"; false: the secret is not of its form. */
MUST_CHECK bool send_sign(struct span secret, const char *message,
	const char *now, struct span body, struct str *out);

#endif
