#ifndef BAHI_NET_HTTP_H
#define BAHI_NET_HTTP_H
/*
 * HTTP client: over a Unix socket, or to a URL with a bearer token. One
 * handle serves one thread. An answer larger than the limit is refused, so a
 * broken server cannot fill our memory.
 */
#include "core/arena.h"
#include "core/err.h"
#include "core/span.h"
#include "core/str.h"

#define HTTP_ANSWER_MAX ((size_t)64 << 20)

struct http;
struct login;			/* login.h */

struct http_place {
	const char *socket;	/* path; NULL: use url */
	const char *url;	/* base, "http://127.0.0.1:8080" */
	const char *token;	/* bearer; NULL: none */
	struct login *login;	/* instead of token; NULL: none */
	/* Over TLS; "" or NULL: */
	const char *ca;		/* file of authorities; none: the system's */
	const char *pin;	/* "sha256//..." of its public key; none: any */
	const char *cert;	/* file of our certificate; none */
	const char *key;	/* its key itself, PEM */
	bool read_only;		/* what would change something is refused */
};

/* Takes the body of a good answer piece by piece, of any length; false: no
 * more of it. */
struct http_sink {
	bool (*take)(void *ctx, struct span);
	void *ctx;
};

struct http_call {
	const char *method;	/* "GET", "POST" */
	const char *path;	/* "/v1/status?x=y", already encoded */
	struct span body;	/* JSON; empty: none */
	const char *key;	/* Idempotency-Key; NULL: none */
	const char *proof;	/* Second-Factor; NULL: none */
	const char *accept, *type;	/* media; NULL: JSON */
	const char *match;	/* If-Match; NULL: none */
	bool new;		/* If-None-Match: * */
	const struct http_sink *sink;	/* NULL: into `body` */
	int seconds;		/* whole time allowed; 0: 30 */
};

/* The places' texts are copied. A URL is https, or http to this machine. */
MUST_CHECK bool http_open(struct http **, const struct http_place *,
	struct err *);
void http_close(struct http **);
/* Any status is success; `body` is cleared first and holds the answer. */
MUST_CHECK bool http_send(struct http *, const struct http_call *,
	int *status, struct str *body, struct err *);
/* From another thread: the send under way, or else the next one, gives up at
 * once: it returns false and leaves the error as it was. */
void http_interrupt(struct http *);
/* What the server at a URL shows of itself, judged or not: for people to
 * compare. Nothing is sent to it but a handshake. */
struct http_shown {
	const char *pin;	/* "sha256//...", as http_place takes it */
	const char *spoken;	/* the same to be read aloud, hex by fours */
	const char *subject, *issuer;
	int64_t from, until;
	bool vouched;		/* by an authority that we know */
	bool named;		/* for the URL's host */
	const char *why;	/* it is not vouched for; "": it is */
};
MUST_CHECK bool http_show(const char *url, const char *ca, struct arena *,
	struct http_shown *out, struct err *);
/* Percent-encodes all but unreserved characters. */
void http_encode(struct str *out, struct span);

#endif
