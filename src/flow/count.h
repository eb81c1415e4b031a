#ifndef BAHI_FLOW_COUNT_H
#define BAHI_FLOW_COUNT_H
/*
 * What people say of a stock count, beside adjusting to it (that is an event
 * of the desk): it is a decision in the log. On the writer's thread.
 */
#include "flow/settle.h"
#include "store/count.h"

#define COUNT_ROWS_MAX 500

/* A line as it was seen; texts in the request's arena. */
struct count_pick {
	const char *location, *item, *day;
	int64_t open;
	const char *why;	/* out: it is left out; NULL: it is done */
};

struct count_saying {
	struct arena *arena;
	bool undo;		/* take a no back; else say no */
	const char *entity, *count, *reason, *actor;
	struct count_pick *picks;
	size_t n;

	int64_t seq;		/* out: of the log; 0: nothing was done */
	int64_t done;
};

/* Marks which of the lines that were seen may not be taken, and why. */
MUST_CHECK bool count_judge_picks(struct db *, struct arena *,
	const char *entity, const char *count, struct count_pick *, size_t n,
	const char *(*judge)(void *, const struct count_line *), void *arg,
	struct err *);
/* A transaction of its own. */
MUST_CHECK bool count_say(struct settler *, struct count_saying *,
	struct err *);
/* Does again what a row of the log says; *mine false: it is no such row. */
struct cJSON;
MUST_CHECK bool count_replay(struct settler *, const struct cJSON *,
	const char *actor, int64_t at, bool *mine, struct err *);

#endif
