#ifndef BAHI_NET_LOGIN_H
#define BAHI_NET_LOGIN_H
/*
 * A client's token, shared by all of this process's connections to one place:
 * got with its name and secret (OAuth 2.0 client credentials), kept in memory
 * only, and got anew shortly before it ends. From any thread.
 */
#include <stdint.h>
#include "core/err.h"
#include "core/span.h"
#include "core/str.h"

#define LOGIN_TOKEN 4096	/* bytes of a token, its NUL included */

struct login;

/* The one of this place, client and secret. */
struct login *login_of(const char *url, const char *client,
	const char *secret);

/* How it asks: POST of a form, with that Authorization; false with e->code
 * ERR_NONE: interrupted. */
struct login_call {
	bool (*post)(void *ctx, const char *path, const char *authorization,
		struct span form, int *status, struct str *body,
		struct err *);
	void *ctx;
};

/* A token that is good, as far as we know. */
MUST_CHECK bool login_token(struct login *, const struct login_call *,
	char out[LOGIN_TOKEN], struct err *);
/* The daemon did not take it: the next one is new. */
void login_refused(struct login *, const char *token);

#endif
