#ifndef BAHI_FLOW_LOOKER_H
#define BAHI_FLOW_LOOKER_H
/*
 * The thread that asks a target what it has: looks for drift by the clock and
 * when somebody wants one, gives the target our side back where a person said
 * so, and answers what needs its balances. Beside its committer: a handle and
 * a reading connection of its own, but the same pace, so that the two together
 * never go over its rate.
 */
#include "flow/look.h"
#include "flow/pace.h"

struct looker;

/* Something that somebody asks of that thread; whoever made it owns it. */
struct look_task {
	struct look_task *next;
	/* Once, on that thread. in NULL: it will not be, and why. */
	void (*run)(struct look_task *, struct looking *in,
	    const struct err *why);
};

/* All of them, by the name of their target; one for the daemon. */
struct lookers;

struct lookers *lookers_new(void);
void lookers_free(struct lookers **);

/* Takes the settings; the pace is borrowed until looker_stop. */
MUST_CHECK bool looker_start(struct looker **, struct lookers *,
	struct pump *, const char *store, struct targetconf *,
	struct pace *, struct err *);
void looker_stop(struct looker **);	/* waits; NULL is fine */

/* From any thread; ERR_NOT_FOUND: no such target is running. */
MUST_CHECK bool lookers_look(struct lookers *, const char *name,
	const char *actor, struct err *);
/* Is one under way, or asked for? Then how far it is. */
bool lookers_now(struct lookers *, const char *name, struct arena *,
	struct look_row *);
MUST_CHECK bool lookers_ask(struct lookers *, const char *name,
	struct look_task *, struct err *);
/* Something was said that is to be asked of the target. */
void lookers_wake(struct lookers *, const char *name);

/* Our side of what differs, asked of the target. *left: rows that could not
 * be now. */
MUST_CHECK bool drift_carry_out(struct looking *, bool *left, struct err *);

#endif
