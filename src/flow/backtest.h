#ifndef BAHI_FLOW_BACKTEST_H
#define BAHI_FLOW_BACKTEST_H
/*
 * What would be posted differently: the events of a stretch of time judged
 * twice, with the rules and master data in force and with those proposed.
 * Reads in pieces on a connection of its own, so that neither the writer nor
 * the log of the database waits for it; the result is bounded.
 */
#include <stdatomic.h>
#include "book/reference.h"
#include "core/str.h"

struct rulebook;

struct backtest {
	const char *store;
	struct rulebook *old_rules, *new_rules;
	struct reference *old_reference, *new_reference;
	int64_t from, to;		/* received; to is not in it */
	atomic_bool *stop;		/* set from elsewhere: leave off */
	atomic_llong *done, *of;	/* events, for who watches */
};

#define BACKTEST_SHOWN 500		/* events that are told in full */
#define BACKTEST_BYTES (64 << 20)

/* The result as JSON: from to judged changed cancelled states accounts
 * events cut. A period that was closed meanwhile makes no difference. */
MUST_CHECK bool backtest_run(const struct backtest *, struct str *out,
	struct err *);

#endif
