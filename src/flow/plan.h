#ifndef BAHI_FLOW_PLAN_H
#define BAHI_FLOW_PLAN_H
/*
 * What one action on many events would do: how many, how much money, who is
 * left out and why. Judged on the writer's thread as the run will judge, in
 * pieces; changes nothing. A plan binds the versions that it saw, and is kept
 * in memory for a while, by an id that only who made it knows.
 */
#include "flow/act.h"
#include "flow/pump.h"
#include "store/runs.h"

struct plan {
	struct arena *arena;
	struct pump *pump;
	char id[33];
	const struct act *act;
	const char *actor, *reason;
	enum role role;			/* of the actor */
	struct cJSON *with;		/* freed with it; NULL: none */
	const char *parameters;		/* the same as text */
	struct pick *picks;		/* in the order of events */
	size_t n_picks;

	/* progress and outcome */
	size_t at;
	struct run_sum *sum;
	int64_t made;
	struct err err;
	void (*finished)(struct plan *);	/* takes it over; on the
						 * writer's thread */
	void *owner;
};

struct plan *plan_new(void);
void plan_free(struct plan **);
/* Sorts the picks, then has them judged. On false the caller keeps it. */
MUST_CHECK bool plan_judge(struct plan *, struct pump *, struct err *);
void plan_encode(const struct plan *, struct str *out);

/* Why this pick would be left out; SKIP_NONE: it would be acted on. `before`:
 * the pick before it; NULL: none. False: the store failed. *found: seen has
 * what there is. */
struct decision;
MUST_CHECK bool plan_skip(struct settler *, struct decision *,
	const struct pick *, const struct pick *before,
	enum role, struct arena *, enum skip *, struct run_event *seen,
	bool *found, struct err *);

/* ---- those that may still be run ------------------------------------ */

#define PLANS_MAX 32
#define PLAN_MINUTES 30

struct plans;

struct plans *plans_new(void);
void plans_free(struct plans **);
/* Takes it over; the oldest one goes when there is no room. */
void plans_keep(struct plans *, struct plan *);
/* A run of that plan of that actor; false: it is not there, or too old. Texts
 * are copied to the arena. */
bool plans_find(struct plans *, const char *id, const char *actor,
	struct arena *, struct run *);

#endif
