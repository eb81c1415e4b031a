#ifndef BAHI_FLOW_POLLCONF_H
#define BAHI_FLOW_POLLCONF_H
/*
 * One poll as its file NAME.conf says it, bahid-poll.conf(5). Read whole,
 * secrets included; another content is another digest.
 */
#include "core/digest.h"
#include "flow/page.h"
#include "net/fetch.h"

enum poll_cursor { CURSOR_NEXT, CURSOR_PAGE, CURSOR_SINCE };

struct pollconf {
	const char *source, *url, *ca;
	struct page_shape shape;
	enum poll_cursor cursor;
	const char *start;		/* of the cursor */
	const char *parameter;		/* query: "" with a next URL */
	const char *limit_parameter;
	int64_t limit;			/* items asked for; 0: not said */
	bool restart;			/* from the start after the end */
	int64_t every, timeout, backoff, pause;		/* seconds */
	int64_t pages, failures;
	const char *headers[FETCH_HEADERS_MAX];
	size_t n_headers;
	char meaning[SHA256_HEX];	/* what a cursor of it is one of */
	struct arena *arena;
};

/* NULL: err says why. The digest is filled either way, so that a fault is
 * known again. */
struct pollconf *pollconf_read(const char *folder, const char *name,
	char digest[SHA256_HEX], struct err *);
void pollconf_free(struct pollconf **);

#endif
