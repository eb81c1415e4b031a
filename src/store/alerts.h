#ifndef BAHI_STORE_ALERTS_H
#define BAHI_STORE_ALERTS_H
/*
 * Alerts, the notices that wait for delivery, and what became of them. What
 * takes books is for the writer's thread, inside books_begin.
 */
#include "book/alert.h"
#include "store/books.h"

struct alert_row {
	char signature[ALERT_SIGNATURE];
	enum alert_code code;
	const char *subject, *value;
	bool raised, held;
	const char *told;		/* "", "raised", "recovered" */
	int64_t since, last_seen, recovered_at, told_at;	/* 0: never */
};

/* All that are raised, or of which people do not know the end. A code that
 * this release does not know is left out. */
MUST_CHECK bool alerts_load(struct db *, struct arena *,
	struct alert_row **out, size_t *n, struct err *);
/* Takes the place of an older one that is over. */
MUST_CHECK bool alert_raise(struct books *, const struct alert_row *,
	struct err *);
MUST_CHECK bool alert_update(struct books *, const struct alert_row *,
	struct err *);

/* ---- notices ---------------------------------------------------------- */

struct alert_lane {		/* where notices go, in order */
	const char *channel, *target;
};

struct alert_notice {
	int64_t id, at, attempts;
	const char *message, *type, *code, *signatures, *title, *body;
};

MUST_CHECK bool alert_queue(struct books *, const struct alert_lane *,
	const struct alert_notice *, struct err *);
MUST_CHECK bool alerts_queued(struct db *, int64_t *n, struct err *);
/* The next one of the lane. */
MUST_CHECK bool alert_next(struct db *, const struct alert_lane *,
	struct arena *, struct alert_notice *, bool *found, struct err *);
MUST_CHECK bool alert_sent(struct books *, const struct alert_lane *,
	const struct alert_notice *, struct err *);
MUST_CHECK bool alert_failed(struct books *, const struct alert_lane *,
	const struct alert_notice *, const char *why, bool refused,
	struct err *);
/* Lanes of notices that wait, at most `most`. */
MUST_CHECK bool alert_lanes(struct db *, struct arena *, size_t most,
	struct alert_lane *out, size_t *n, struct err *);
/* Drops the next notice of a lane that is configured no more. */
MUST_CHECK bool alert_drop(struct books *, const struct alert_lane *,
	const struct alert_notice *, struct err *);

/* ---- what may be wrong ------------------------------------------------ */

/* Of one source: how many, and since when. part: kind, state, value. */
typedef void alert_each(void *arg, const char *source, const char *part,
	int64_t n, int64_t oldest);

/* Whose open events may be late: one for each kind. */
struct alert_flow {
	const char *source, *kind, *entity;	/* NULL: not known yet */
};

#define ALERT_FLOWS 500

MUST_CHECK bool alerts_flows(struct db *, struct arena *,
	struct alert_flow out[ALERT_FLOWS], size_t *n, struct err *);
/* Its open events received before `before`. What waits for its window or its
 * batch is not late. */
MUST_CHECK bool alerts_late(struct db *, const struct alert_flow *,
	int64_t now, int64_t before, int64_t *n, int64_t *oldest,
	struct err *);
/* Open events received before `before`, by source and state. */
MUST_CHECK bool alerts_aging(struct db *, int64_t before, alert_each *,
	void *arg, struct err *);
/* Paused sources with what waits for them. */
MUST_CHECK bool alerts_paused(struct db *, alert_each *, void *arg,
	struct err *);
/* Stock that is short: ENTITY/ITEM/LOCATION, n thousandths. */
MUST_CHECK bool alerts_oversold(struct db *, alert_each *, void *arg,
	struct err *);
/* What rules looked for in vain since then, value by value. */
typedef void alert_miss(void *arg, const char *source,
	const char *dimension, const char *value);
MUST_CHECK bool alerts_misses(struct db *, int64_t since, alert_miss *,
	void *arg, struct err *);
/* n: by how much received differs from the sum of the states. */
MUST_CHECK bool alerts_unconserved(struct db *, alert_each *, void *arg,
	struct err *);

#endif
