#ifndef BAHI_STORE_RUNS_H
#define BAHI_STORE_RUNS_H
/*
 * Plans and runs: one action on many events. A plan only reads; a run and its
 * receipt are written on the writer's thread, within books_begin, in the
 * same transaction as what they tell of.
 */
#include "book/skip.h"
#include "store/books.h"
#include "store/views.h"

#define RUNS_KEPT 1000

/* Which events: those of a signature, or open ones that fit. */
struct run_where {
	const char *signature;
	const char *state, *source, *code, *entity, *kind, *q; /* NULL: any */
	int64_t from, to;	/* received; microseconds */
};

/* As they are now; ERR_TOO_LARGE when more than PICKS_MAX. */
MUST_CHECK bool run_where(struct db *, const struct run_where *,
	struct arena *, struct pick **out, size_t *n, struct err *);

/* What a plan must know of an event, without its bytes. */
struct run_event {
	int version;
	enum event_state state;
	const char *source, *currency;
	int64_t received, amount;
	bool locked;		/* failed for a period that is not open */
};

MUST_CHECK bool run_event(struct db *, int64_t seq, struct arena *,
	struct run_event *, bool *found, struct err *);

/* Of a plan: those to be acted on (SKIP_NONE), and those left out, by why. */
struct run_sum;
struct run_sum *run_sum_new(struct arena *);
/* event NULL: there is none. */
void run_sum_add(struct run_sum *, enum skip, const struct run_event *);
int64_t run_sum_count(const struct run_sum *, enum skip);
/* Members of an object that is open: events, amounts, oldest, newest,
 * skipped, skips. */
void run_sum_encode(const struct run_sum *, struct json *);

struct run {
	int64_t id, total, done, failed, skipped;
	const char *actor, *key, *plan, *action, *reason, *parameters;
	const char *state;
	struct span picks;
};

/* Takes the next id; forgets the oldest beyond RUNS_KEPT. */
MUST_CHECK bool run_add(struct books *, struct run *, struct err *);
MUST_CHECK bool run_load(struct db *, int64_t id, struct arena *,
	struct run *, bool *found, struct err *);
/* The run of that key; *id 0: none. ERR_KEY_REUSE when of another plan. */
MUST_CHECK bool run_find_key(struct db *, const char *actor,
	const char *key, const char *plan, int64_t *id, struct err *);
/* The first one behind `after` that goes on; *id 0: none. */
MUST_CHECK bool run_next(struct db *, int64_t after, int64_t *id,
	struct err *);
/* False in *goes: it was cancelled, or is done. */
MUST_CHECK bool run_goes(struct db *, int64_t id, bool *goes, struct err *);
/* Counts and state; the end when it no longer runs. */
MUST_CHECK bool run_put(struct books *, const struct run *, struct err *);
/* Nothing when it no longer runs. */
MUST_CHECK bool run_cancel(struct books *, int64_t id, const char *by,
	struct err *);

struct run_row {
	int64_t n;
	struct pick pick;
	const char *outcome, *from, *to, *code, *value, *field, *detail;
	int to_version;
};

MUST_CHECK bool run_row_add(struct books *, int64_t run,
	const struct run_row *, struct err *);
/* Those that failed, as they were left, as picks of another run. */
MUST_CHECK bool run_failed(struct db *, int64_t run, struct arena *,
	struct pick **out, size_t *n, struct err *);

void run_picks_encode(const struct pick *, size_t n, struct str *);
size_t run_picks_decode(struct span, struct pick *out, size_t max);

/* Newest first, before `after` (0: from the newest). state NULL: any. */
MUST_CHECK bool view_runs(struct db *, const char *state, int64_t after,
	int limit, struct json *, struct err *);
MUST_CHECK bool view_run(struct db *, int64_t id, struct json *,
	bool *found, struct err *);
/* outcome NULL: any. */
MUST_CHECK bool view_run_rows(struct db *, int64_t run,
	const char *outcome, int64_t after, int limit, struct json *,
	struct err *);

#endif
