#ifndef BAHI_FLOW_ASIDE_H
#define BAHI_FLOW_ASIDE_H
/*
 * A job's thread beside the writer: it rests between its turns, stops when it
 * is told to, and has the writer write for it.
 */
#include <pthread.h>
#include <stdatomic.h>
#include "flow/pump.h"
#include "store/books.h"

struct aside {
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	atomic_bool stop;
};

MUST_CHECK bool aside_start(struct aside *, void *(*run)(void *), void *arg,
	struct err *);
/* False when told to stop. */
bool aside_rest(struct aside *, int64_t milliseconds);
void aside_stop(struct aside *);	/* waits for the thread */
void aside_end(struct aside *);		/* after it, or a start that failed */

/* Runs fn on the writer's thread in a commit of its own and waits for it. */
MUST_CHECK bool aside_write(struct pump *, bool (*fn)(struct books *,
	void *, struct err *), void *arg, struct err *);
/* The same, but in the commit of the next group that comes (flow/rides.h): it
 * may run more than once, and shares no fault with others. */
MUST_CHECK bool aside_join(struct pump *, bool (*fn)(struct books *,
	void *, struct err *), void *arg, struct err *);

#endif
