#ifndef BAHI_FLOW_PACE_H
#define BAHI_FLOW_PACE_H
/*
 * How fast a target may be spoken to, and whether at all: its rate, its
 * breaker and what it asked us to wait, shared by all threads that speak to
 * it. Times are of the monotonic clock, in microseconds.
 */
#include "book/hours.h"
#include "net/retry.h"

struct pace;

struct pace_limits {
	int64_t rate, burst;	/* postings a second and at once; 0: no bound,
				 * as rate */
	int64_t failures, pause;	/* breaker; pause in seconds */
	struct hours away;	/* by the wall clock: nothing goes at all */
};

struct pace *pace_new(const struct pace_limits *);
struct pace *pace_hold(struct pace *);		/* one more who uses it */
void pace_drop(struct pace **);

/* The most that one call may take. */
int64_t pace_most(struct pace *);

/*
 * Takes n postings; 0: go, and say pace_ended when the call is over. Else the
 * wait until it makes sense to ask again. Never more than the rate (or the
 * burst, if that is more) in any second, as the target sees it: each counts
 * from its start until a second after its end.
 */
int64_t pace_take(struct pace *, int64_t now, int64_t n);
void pace_ended(struct pace *, int64_t now);
/* Others of ours, who are gone, may have taken all that there was until now:
 * before a restart, or with other settings. */
void pace_spent(struct pace *, int64_t now);

/* Nothing before then: as it asked. */
void pace_wait(struct pace *, int64_t until);

/* May something be tried? 0: yes; while the breaker is half-open only the one
 * who was told so, *trial. Else the wait. */
int64_t pace_admits(struct pace *, int64_t now, bool *trial);
/* A trial that had nothing to try. */
void pace_untried(struct pace *, int64_t now);
void pace_good(struct pace *);		/* it said something */
/* Nothing came of it; true when the breaker opened. */
bool pace_bad(struct pace *, int64_t now);
/* A person does not want to wait: an open breaker lets one try now. What the
 * target asked for stands. */
void pace_hurry(struct pace *, int64_t now);
/* As a stop left it: open, until then. */
void pace_open(struct pace *, int64_t until);

struct pace_state {
	enum breaker_state breaker;
	unsigned failures;
	int64_t until;		/* nothing goes before; 0: now */
	int64_t asked;		/* the same, as it asked alone */
};
void pace_state(struct pace *, int64_t now, struct pace_state *out);

#endif
