#ifndef BAHI_FLOW_RIDES_H
#define BAHI_FLOW_RIDES_H
/*
 * Writes that are nobody's answer: they share the commit of the next group
 * instead of one of their own, so that what comes in does not wait for them.
 * One that fails takes no event with it, and no other ride.
 */
#include "store/books.h"

struct ride {			/* the caller's until over() */
	/* On the writer's thread, inside the group's transaction. May run
	 * again from its start: what came of it is true when over says so. */
	bool (*write)(struct books *, void *arg, struct err *);
	/* On the writer's thread, after the commit or its failure. */
	void (*over)(void *arg, bool ok, const struct err *);
	void *arg;
	struct ride *next;
};

struct rides {			/* all zero: none; guarded by its owner */
	struct ride *first, *last;
	int64_t since;		/* monotonic, of the first */
};

void rides_put(struct rides *, struct ride *);
struct ride *rides_take(struct rides *);	/* all of them */
/* How long until they go without a group; 0: now. group: when the last one
 * ended. While events come, the next group is never far. */
int64_t rides_wait(const struct rides *, int64_t now, int64_t group);
/* Each in turn; false at the first that fails. */
MUST_CHECK bool rides_write(struct ride *, struct books *, struct err *);
void rides_end(struct ride *, bool ok, const struct err *);

#endif
