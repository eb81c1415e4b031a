#ifndef BAHI_NET_HTTPD_H
#define BAHI_NET_HTTPD_H
/*
 * The server behind four functions: open, answer, close, and what a request
 * says. libmicrohttpd in poll mode (its epoll loop stalls when exactly 128
 * events are ready), strict, behind our own gate: repeated or malformed
 * Content-Length, Content-Length with Transfer-Encoding, any
 * Transfer-Encoding but chunked, none or several Host, control bytes, unknown
 * methods, Content-Encoding other than identity are refused before any
 * handler. (RFC 9110, RFC 9112.)
 */
#include <stdint.h>
#include <sys/types.h>
#include "core/arena.h"
#include "core/err.h"
#include "core/span.h"

struct httpd;
struct request;
struct tls;

struct httpd_options {
	const char *unix_path;	/* this, or address and port */
	const char *address;	/* "127.0.0.1", "::1" */
	unsigned port;		/* 0: a free one, see httpd_port */
	struct tls *tls;	/* NULL: plain */
	size_t body_max;	/* larger: 413, read off and dropped */
	const char *large_path;	/* where it may be larger; NULL: nowhere */
	size_t large_max;
	unsigned threads, connections;
	unsigned each;		/* connections of one address or user */
	const char *fronts;	/* addresses that may hold all of them */
	unsigned idle;		/* seconds until an idle connection closes */
};

/* Called once a request is whole, on one of the threads. It answers now, or
 * later from any thread; the connection is suspended meanwhile. */
typedef void httpd_handler(struct request *, void *arg);

MUST_CHECK bool httpd_open(struct httpd **, const struct httpd_options *,
	httpd_handler *, void *arg, struct err *);
unsigned httpd_port(const struct httpd *);
/* Stops taking connections; those in flight are still answered. */
void httpd_quiesce(struct httpd *);
/* Every request must have been answered. Removes the Unix socket. */
void httpd_close(struct httpd **);

struct peer {
	bool local;		/* came over the Unix socket */
	uid_t uid;		/* SO_PEERCRED, when local */
	gid_t gid;
	pid_t pid;
	const char *address;	/* text, when not local */
	/* What the client's certificate proves, NULL ended; NULL: none shown,
	 * or not over TLS. */
	const char *const *names;
	const char *certificate;	/* its SHA-256 in hex */
};

/* Of all listeners since the start. */
struct httpd_figures {
	int64_t connections;
	int64_t crowded;	/* cut off: their peer held enough */
	int64_t handshakes, resumed;	/* TLS: full ones, with a ticket */
};

void httpd_figures(struct httpd_figures *out);

struct arena *request_arena(struct request *);	/* freed after the answer */
const char *request_method(const struct request *);	/* "GET" */
const char *request_path(const struct request *);	/* decoded, no query */
/* Query parameter, decoded; NULL: absent. Given twice: the first. */
const char *request_query(struct request *, const char *name);
/* A name in the query that `known` does not know; NULL: there is none. */
const char *request_query_other(struct request *,
	bool (*known)(void *, const char *name), void *arg);
/* A header by its name in any case; *twice (may be NULL): it came twice. */
const char *request_header(struct request *, const char *name, bool *twice);
struct span request_body(const struct request *);
const struct peer *request_peer(const struct request *);

/* An extra header of the answer; before request_answer. */
void request_say(struct request *, const char *name, const char *value);
/* Exactly once; the body is copied; the request is gone afterwards. */
void request_answer(struct request *, int status, const char *media,
	struct span body);
/* The same with what is in a file, sent in pieces; fd is taken. */
void request_answer_file(struct request *, int status, const char *media,
	int fd, int64_t size);
/* Called before an answer of 401 or 403 by request_fail, from its thread; it
 * may add headers. */
void request_watch(struct request *, void (*refused)(struct request *,
	const struct err *, void *arg), void *arg);
/* err_info's status as an RFC 9457 problem document; adds Retry-After for
 * 429 and 503, Allow is the caller's. `why` goes into "detail" for 4xx only. */
void request_fail(struct request *, const struct err *);
/* The same with members of ours: JSON of an object, without its braces. */
void request_fail_with(struct request *, const struct err *,
	struct span members);

#endif
