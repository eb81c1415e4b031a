#ifndef BAHI_NET_FETCH_H
#define BAHI_NET_FETCH_H
/*
 * What we ask of servers that are not ours, and send to them: one handle a
 * thread, kept alive between calls; peers are verified; never over plain HTTP
 * but to this machine; never to another host than the one that is named in the
 * settings.
 */
#include <stddef.h>
#include "core/err.h"
#include "core/span.h"
#include "core/str.h"

#define FETCH_HEADERS_MAX 32
#define FETCH_TAG_MAX 256

struct fetch;

struct fetch_call {
	const char *url;
	const char *const *headers;	/* "Name: value" */
	size_t n_headers;
	int seconds;			/* whole time allowed */
	/* Of fetch_send alone: */
	const char *method;		/* "POST" */
	const char *type;		/* of the body; NULL: JSON */
	struct span body;
};

struct fetch_answer {
	int status;
	char retry_after[64];		/* "": not said */
	char etag[FETCH_TAG_MAX];	/* quotes and all; "": none, or longer */
	bool sent;			/* bytes of the body may have left */
};

/* ca: file of authorities; "": the system's. Copied. */
struct fetch *fetch_new(const char *ca);
void fetch_free(struct fetch **);
/* Is this an address that we ask? ERR_CONFIG says why not. */
MUST_CHECK bool fetch_judge(const char *url, struct err *);
/* `next` as seen from `base`, absolute or not; refused when it is of another
 * scheme, host or port. */
MUST_CHECK bool fetch_join(const char *base, const char *next,
	struct str *out, struct err *);
/* Adds a query parameter. */
void fetch_query(struct str *url, const char *name, struct span value);
/* Any status is success. A redirect within the same host is followed, a few
 * times; one elsewhere is refused. An answer over body->max is refused. */
MUST_CHECK bool fetch_get(struct fetch *, const struct fetch_call *,
	struct fetch_answer *, struct str *body, struct err *);
/* Sends it once: the body never goes a second time, over whatever connection,
 * and no redirect is followed. Any status is success; on false answer->sent
 * says whether the server may have acted on it. */
MUST_CHECK bool fetch_send(struct fetch *, const struct fetch_call *,
	struct fetch_answer *, struct str *body, struct err *);
/* From any thread: this and every later get fails at once. */
void fetch_stop(struct fetch *);

#endif
