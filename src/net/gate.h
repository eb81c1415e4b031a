#ifndef BAHI_NET_GATE_H
#define BAHI_NET_GATE_H
/*
 * Which requests may pass at all: pure, on what the parser saw. It refuses
 * what two parsers could read differently (RFC 9112 section 6 and 11).
 * httpd.c asks it once a request, before any of the body is read.
 */
#include <stddef.h>
#include "core/err.h"
#include "core/span.h"

#define GATE_HEADERS_MAX 100

struct gate_header {
	struct span name, value;
};

struct gate_request {
	const char *method, *version, *uri;	/* uri as it came */
	const struct gate_header *headers;
	size_t n_headers;
	/* Bytes of the head as it came, to its empty line; all but uri then
	 * point into it. 0: not known. The library has put NULs over the ends
	 * of lines: a NUL before a bare LF looks like CR LF. */
	size_t bytes;
};

MUST_CHECK bool gate_judge(const struct gate_request *, struct err *);
/* Content-Length; -1: none given. Only after gate_judge. */
long long gate_length(const struct gate_request *);

#endif
