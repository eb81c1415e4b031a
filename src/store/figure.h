#ifndef BAHI_STORE_FIGURE_H
#define BAHI_STORE_FIGURE_H
/*
 * The figures that finance asks for, kept as they come: gathered for each
 * event that moves, written once a commit.  A figure never decides anything.
 */
#include "store/books.h"

/* Upper bounds of a latency in microseconds, 1-2-5 from 1 ms to 58 days; what
 * is longer is in bucket LATENCY_BUCKETS. */
#define LATENCY_BUCKETS 30
extern const int64_t latency_bounds[LATENCY_BUCKETS];
int latency_bucket(int64_t micros);
/* The value that `part` of `whole` of the n[] do not exceed, by even spread
 * inside its bucket; -1: nothing counted, or beyond the last bound. */
int64_t latency_quantile(const int64_t n[LATENCY_BUCKETS + 1], int64_t part,
	int64_t whole);
/* When it happened, as well as we know: a time in whole seconds counts from
 * the end of that second, and nothing happened after it was received. */
int64_t latency_start(const struct event *);

/* The event came to its state from `from` (EVENT_RECEIVED: it is new).
 * alone: this move is nobody's decision. */
MUST_CHECK bool figures_move(struct books *, const struct event *,
	const struct placing *, const struct findings *,
	enum event_state from, bool alone, struct err *);
/* A kept event is about to leave the state that its row says. */
MUST_CHECK bool figures_leave(struct books *, int64_t event, struct err *);
/* An order was shipped or invoiced, as it says; before ordering_add. */
MUST_CHECK bool figures_order(struct books *, const struct event *,
	const char *entity, const char *number, const struct ordering *,
	struct err *);
/* A count or an adjustment changed the value of stock by so much; sign -1
 * takes it back. */
/* By the day that it is dated. */
void figures_journal(struct books *, const char *entity, struct day);
void figures_adjusted(struct books *, const struct event *,
	const char *entity, const char *location, int64_t value, int sign);
/* One entry more for its account. */
MUST_CHECK bool figures_stand(struct books *, const char *entity,
	const struct entry *, int64_t event, struct err *);

#endif
