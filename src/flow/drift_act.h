#ifndef BAHI_FLOW_DRIFT_ACT_H
#define BAHI_FLOW_DRIFT_ACT_H
/*
 * What a person says of drift at a target:
 *	ours	what we have is to be there again: asked of the target by its
 *		looker, or sent once more by its committer
 *	theirs	what it has becomes ours: a correcting journal of the desk
 *	adopt	of what is none of ours: a journal of the desk, never sent
 *	ignore	it stays as it is, until it changes there again
 * Each is said of the version that the person saw. A journal that takes what
 * the target has is linked in the transaction that posts it, so that it is
 * never sent there.
 */
#include "flow/settle.h"
#include "store/look.h"
#include "store/target_drift.h"
#include "targets/compare.h"

#define DRIFT_PICKS_MAX 10000

struct drift_pick {
	int64_t id, version;		/* as the person saw it */
	const char *why;		/* it was not done; NULL: it was */
	struct drift_row row;
	struct span body;		/* of the event; n 0: none */
	const char *number;		/* of its document */
	int64_t event;			/* that came of it; 0: none */
	bool held;			/* which waits for an approval */
};

struct drift_order {
	struct arena *arena;
	const char *target, *act, *actor, *reason;	/* reason "" */
	const char *entity, *cost_centre;	/* where the target says none;
						 * NULL */
	const struct adapter *adapter;
	struct drift_pick *picks;
	size_t n, at;
	int64_t done;
	/* On the writer's thread, once, after the last commit. */
	void (*finished)(struct drift_order *);
	void *owner;
};

/* Before the writer, on what the caller sees: which may be done, and what
 * events they make. Those that may not say why. */
MUST_CHECK bool drift_prepare(struct drift_order *, struct db *,
	const struct reference *, struct err *);
/* For pump_call, in pieces. */
bool drift_step(struct settler *, void *order);

/* Within the transaction that posts it: what this event posted is at the
 * target already. */
MUST_CHECK bool drift_posted(struct settler *, const struct work *,
	struct err *);

/* NULL: that may be said of this kind. journal 0: of a stranger. */
const char *drift_refuses(const char *act, enum drift_kind, int64_t journal,
	const struct adapter *);

#endif
