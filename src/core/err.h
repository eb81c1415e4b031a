#ifndef BAHI_CORE_ERR_H
#define BAHI_CORE_ERR_H
/*
 * What can go wrong in the program itself (not in an event: that is a
 * finding, book/finding.h).  One table of codes gives the HTTP status, the
 * exit status, the sentence and the hint (err.c).
 *
 * A function that can fail returns bool (must check) and takes a
 * struct err * last; it is filled once, where the cause is known.
 */
#include <stdbool.h>

#define MUST_CHECK __attribute__((warn_unused_result))
#define PRINTF_LIKE(f, a) __attribute__((format(printf, f, a)))

enum err_code {
	ERR_NONE,
	ERR_USAGE,		/* command line */
	ERR_CONFIG,		/* configuration file */
	ERR_SYSTEM,		/* a system call */
	ERR_STORE,		/* the database */
	ERR_SCHEMA,		/* database of another release */
	ERR_CORRUPT,		/* audit chain or content digest broken */
	ERR_RULE,		/* a rule file does not load or does not run */
	ERR_REQUEST,		/* malformed HTTP request or parameter */
	ERR_JSON,		/* body is not strict JSON */
	ERR_METHOD,		/* 405 */
	ERR_MEDIA,		/* 415 */
	ERR_TOO_LARGE,		/* 413 */
	ERR_UNAUTHENTIC,	/* 401 */
	ERR_FORBIDDEN,		/* 403 */
	ERR_NOT_FOUND,		/* 404 */
	ERR_KEY_REUSE,		/* 409 same key, other bytes */
	ERR_STALE,		/* 412 made against an older version */
	ERR_NO_VERSION,		/* 428 a change that names no version */
	ERR_REFUSED,		/* 422 a decision that is not allowed now */
	ERR_LIMIT,		/* 429 rate of this client or source */
	ERR_BUSY,		/* 503 queue full, draining, disk full */
	ERR_IN_USE,		/* another process works with the files */
	ERR_UNREACHABLE,	/* console: daemon not reachable */
	ERR_FINAL,		/* 409 it can not be taken back any more */
	ERR_KEY,		/* sealed with another key, or with none */
	ERR_PLAIN,		/* HTTP without TLS that would leave this machine */
	ERR_FULL,		/* 503 no room on a disk */
	/* Console: who answers at the URL is not, or not surely, our bahid. */
	ERR_TLS,		/* nothing safe can be agreed on */
	ERR_TLS_AUTHORITY,	/* nobody known vouches for it */
	ERR_TLS_NAME,		/* it is another's certificate */
	ERR_TLS_EXPIRED,	/* out of date */
	ERR_TLS_PIN,		/* another key than was pinned */
	ERR_TLS_OURS,		/* our own certificate is missing or refused */
	ERR_FACTOR,		/* 403 without a second factor, or a wrong one */
	ERR_AWAY,		/* 503 a target cannot be asked */
	ERR_COUNT
};

struct err {
	enum err_code code;
	char why[480];		/* for the log: the exact cause */
	char asked[160];	/* where another said so: what it was asked,
				 * and its status; else "" */
};

/* What bahi tells a script. */
enum verb_exit {
	EXIT_DONE = 0,
	EXIT_OPEN = 1,		/* done, but something is left or failed */
	EXIT_USAGE = 2,
	EXIT_REFUSED = 3,	/* locked, no right, needs a second person */
	EXIT_CONFLICT = 4,	/* somebody else changed it */
	EXIT_CACHE = 5,		/* no daemon: out of the cache, if at all */
	EXIT_UNTRUSTED = 6,	/* it is not the daemon that it should be */
	EXIT_INTERRUPTED = 130
};

struct err_info {
	const char *name;	/* stable, dotted: "request.too_large" */
	int http;
	int exit;		/* of bahid */
	int verb;		/* of bahi; enum verb_exit */
	const char *what;	/* sentence for a person, N_() marked */
	const char *hint;	/* what to do, N_() marked */
};

const struct err_info *err_info(enum err_code code);
/* ERR_NONE: none has that name. */
enum err_code err_named(const char *name);

/* No word came from the daemon: it is away, or not trusted. */
bool err_is_away(enum err_code code);

/* Fills *e when it is not already filled; always returns false. */
bool err_set(struct err *e, enum err_code code, const char *why, ...)
	PRINTF_LIKE(3, 4);

/* A fault of ours: logs and aborts. The queue survives, by design. */
void bug(const char *why, ...) PRINTF_LIKE(1, 2)
	__attribute__((noreturn));

#endif
