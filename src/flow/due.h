#ifndef BAHI_FLOW_DUE_H
#define BAHI_FLOW_DUE_H
/*
 * What only the clock can bring: a posting window opens, a batch's hour has
 * come, somebody waited longer than its flow allows. No balance depends on
 * it: what is posted is posted when it comes.
 */
#include "flow/settle.h"

/* On a reading connection: is there anything to do? */
MUST_CHECK bool due_any(struct db *, int64_t now, bool *any, struct err *);
/* How far a round has come; all zero: at its start. */
struct due_mark {
	char batch[4096];
	struct wait_mark wait;
	int64_t hold;		/* event */
};

/* One commit's worth of it, with its row of the log; a commit for each event
 * when that cannot be. The next turn goes on from there, so that what cannot
 * be done keeps nothing else waiting. */
MUST_CHECK bool due_settle(struct settler *, int64_t now, struct due_mark *,
	bool *more, struct err *);
/* What such a row says, again (rebuild); inside books_begin. */
MUST_CHECK bool due_wake(struct settler *, const int64_t *events, size_t n,
	struct err *);
MUST_CHECK bool due_close(struct settler *, const char *batch, struct err *);

#endif
