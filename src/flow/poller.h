#ifndef BAHI_FLOW_POLLER_H
#define BAHI_FLOW_POLLER_H
/*
 * One poll at work: a thread that asks for pages, gives their items to the
 * pump, and moves the cursor when all of them are kept.
 */
#include "flow/pollconf.h"
#include "store/poll.h"

struct pump;
struct poller;

/* Takes the settings. row: where it stands; its texts are copied. False: no
 * thread. */
MUST_CHECK bool poller_start(struct poller **, struct pump *,
	struct pollconf *, const struct poll_row *, struct err *);
/* Interrupts what it does, waits for its end. */
void poller_stop(struct poller **);

/* By the writer; back when it is committed. changed: others may want to know.
 * Never on the writer's thread. False is logged: what it says of itself may
 * be lost, only a cursor must not. */
bool poller_keep(struct pump *, const struct poll_row *, bool changed);

#endif
