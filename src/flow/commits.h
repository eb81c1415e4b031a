#ifndef BAHI_FLOW_COMMITS_H
#define BAHI_FLOW_COMMITS_H
/*
 * What people say of targets and of what goes there. On the writer's thread,
 * audited; not of the books, so not in the log.
 */
#include "store/view_target.h"

struct settler;

#define COMMIT_PICKS_MAX 10000

struct commit_order {
	struct arena *arena;		/* has the order itself */
	const char *act;		/* retry resend skip */
	const char *actor, *reason;	/* reason "": none */
	struct commit_pick *picks;
	size_t n_picks;

	size_t at;			/* of the next one */
	int64_t done, refused;		/* out */
	int64_t unknown;		/* out: skipped, and may be there */
	const char *why;		/* of the first that was refused; "" */
	struct err err;
	void (*finished)(struct commit_order *);	/* takes it over */
	void *owner;
};

/* What may be said of commits, one by one, and the roles that may; NULL: that
 * was all. */
const char *commit_act(size_t i, const char **roles);
const char *commit_act_roles(const char *name);	/* "": there is no such */

struct commit_order *commit_order_new(void);
void commit_order_free(struct commit_order **);
/* Is there such an act, and has it the reason that it needs? */
MUST_CHECK bool commit_order_judge(const struct commit_order *,
	struct err *);
/* For pump_call: in pieces, so that many hold up no delivery; each is one
 * commit and one row of the audit. */
bool commit_order_run(struct settler *, void *order);

/* Within books_begin. A target that a person paused stays so until one
 * resumes it, over restarts and changes of its file. */
MUST_CHECK bool target_pause(struct books *, const char *name,
	const char *actor, const char *reason, struct err *);
MUST_CHECK bool target_resume(struct books *, const char *name,
	const char *actor, const char *reason, struct err *);

#endif
