#ifndef BAHI_NET_RETRY_H
#define BAHI_NET_RETRY_H
/*
 * When to try again, and when not to: backoff, Retry-After, circuit breaker,
 * token bucket. Pure: time and chance are passed in. Microseconds; integers
 * only. Nothing here locks.
 */
#include <stdint.h>
#include "core/err.h"
#include "core/span.h"

/* Exponential backoff with full jitter: somewhere from 0 to the lesser of
 * most and base * 2^(attempt - 1). attempt counts from 1. */
int64_t retry_backoff(unsigned attempt, int64_t base, int64_t most,
	uint64_t random);

#define RETRY_AFTER_MAX (INT64_C(86400) * 1000000)

/* The header's seconds or HTTP date (RFC 9110, all three forms) as a time to
 * wait from now: at least 0, at most RETRY_AFTER_MAX. False: neither. */
bool retry_after(struct span value, int64_t now, int64_t *wait);

/* Closed: all pass. After `limit` failures in a row it is open: none pass
 * until `pause` is over; then half-open: one passes, and its outcome closes
 * it or opens it again. */
enum breaker_state { BREAKER_CLOSED, BREAKER_OPEN, BREAKER_HALF };

struct breaker {		/* limit and pause are the caller's to set */
	unsigned limit;
	int64_t pause;
	enum breaker_state state;
	unsigned failures;	/* in a row */
	int64_t until;		/* when the trial may go, while open */
};

const char *breaker_name(enum breaker_state);	/* "half-open" */
/* True: go, and say how it went. Moves an open one to half-open. */
bool breaker_admits(struct breaker *, int64_t now);
void breaker_good(struct breaker *);
/* True when this failure opened a closed one. */
bool breaker_bad(struct breaker *, int64_t now);

/* Holds `burst` tokens and fills at `rate` a second, both 1 to a million; they
 * may change between calls. */
struct bucket {			/* all zero: full */
	int64_t level;		/* millionths of a token; below 0: a debt */
	int64_t at;		/* of that level */
	bool used;
};

/* How long until n tokens may be taken; 0: now. More than the burst may be
 * taken from a full bucket, and leave a debt. */
int64_t bucket_wait(const struct bucket *, int64_t now, int64_t rate,
	int64_t burst, int64_t n);
/* Takes them if the wait is over; else takes nothing and returns the wait. */
int64_t bucket_take(struct bucket *, int64_t now, int64_t rate,
	int64_t burst, int64_t n);

#endif
