#ifndef BAHI_FLOW_FEED_H
#define BAHI_FLOW_FEED_H
/*
 * Many arrivals, one after the other, to the pump: a bound on what is in
 * flight, and patience with a full queue, so that a long file or a fast
 * source never crowds out the webhooks. Offered by one thread; outcomes come
 * in the order offered.
 */
#include "flow/intake.h"

#define FEED_WORKS 512		/* in flight at most */

struct feed;

/* On the writer's thread after the commit, while the work lives. work->err
 * set: it was not kept. tag: of the offer. */
typedef void feed_outcome(void *arg, const struct work *, int64_t tag);

struct feed *feed_new(struct pump *, feed_outcome *, void *arg);
void feed_free(struct feed **);	/* finishes first */
/* Waits while too many are in flight or the queue is half full: the other half
 * is for those who cannot wait. False: stopped, and not offered. */
MUST_CHECK bool feed_offer(struct feed *, const struct arrival *,
	int64_t tag);
void feed_finish(struct feed *);	/* until all have their outcome */
/* From any thread: who waits in feed_offer gives up. */
void feed_stop(struct feed *);

#endif
