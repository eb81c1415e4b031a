#ifndef BAHI_FLOW_BESIDE_H
#define BAHI_FLOW_BESIDE_H
/*
 * Ours beside a target's, and two targets beside each other: asked on their
 * lookers' threads. Nothing is written.
 */
#include "flow/looker.h"
#include "targets/trial.h"

#define BESIDE_JOURNALS 5000	/* of one page */

struct beside {
	struct arena *arena;
	struct day day;
	const char *currency;
	struct trial_side side;
	int64_t drift;		/* open rows of it */
	bool moving;		/* commits went there meanwhile, or are on
				 * their way: the two are not of one moment */
};

/* What it holds, and what we have for it, up to the end of that day. */
MUST_CHECK bool beside_take(struct looking *, struct beside *, struct err *);

struct beside_pair {
	struct beside sides[2];
	const char *names[2];
	int64_t after;
	bool balances;		/* are wanted, too */
	struct pair_row *rows;
	size_t n;
	bool more;
};

/* Of side 0 first, on its looker's thread, then of side 1 on that one's. */
MUST_CHECK bool beside_pair_take(struct looking *, struct beside_pair *,
	int side, struct err *);

/* same, missing, differs or unproven. */
const char *beside_judge(const struct pair_row *);

#endif
