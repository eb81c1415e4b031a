#ifndef BAHI_FLOW_LOOK_H
#define BAHI_FLOW_LOOK_H
/*
 * One look at a target: all that is booked there in the days that are not
 * closed is held against what we know it to have. What differs becomes a row
 * of target_drift, what agrees again closes its row. The target is asked only;
 * on a connection and a handle of its own.
 *
 * A commit that comes while it looks is not missing: only what was done before
 * the look began is expected, and what was not seen is asked for by its
 * reference before it is called missing.
 */
#include "flow/pump.h"
#include "store/look.h"
#include "store/target_drift.h"
#include "targets/compare.h"

#define LOOK_SEEN_MAX 5000000	/* postings of one look */
#define LOOK_ASKED_MAX 50	/* references of one question */
#define LOOK_KEPT_MAX 10000	/* drift of a target that is kept open */

struct looking {
	struct pump *pump;
	struct db *db;			/* reading, of this thread */
	struct target *target;
	const struct targetconf *conf;
	const char *entities;		/* JSON array, as the target's row */
	size_t most;			/* references of one question */
	/* Waits until it may be asked n things; false: not now, and why. And
	 * once it was. */
	bool (*pace)(void *arg, size_t n, struct err *);
	void (*over)(void *arg);
	/* How far a look is. */
	void (*tell)(void *arg, const struct look_row *);
	void *arg;
};

/* Fills the row and keeps it. False: it is not whole, and why is in the row,
 * too; nothing is closed then, but what was found is kept. */
MUST_CHECK bool look_run(struct looking *, const char *actor,
	struct look_row *, struct err *);

/* What commits met since, without a look: it is asked for those alone. */
MUST_CHECK bool look_met(struct looking *, struct err *);

/* ---- judging: pure ---------------------------------------------------- */

/* Is it as we know it, by its version and by what it holds? */
bool look_as_known(const struct known *, const struct remote *);
/* What is there of a commit that is done; basis: what our books have for it.
 * DRIFT_KINDS: nothing differs. */
enum drift_kind look_judge(const struct known *, const struct side *basis,
	const struct side *there);

#endif
