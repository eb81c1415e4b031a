#ifndef BAHI_FLOW_BACKTESTER_H
#define BAHI_FLOW_BACKTESTER_H
/*
 * Runs the back-test of one proposal at a time on a thread of its own and
 * keeps the result with the proposal.
 */
#include "core/json.h"
#include "flow/pump.h"

struct backtester;

struct backtester *backtester_new(const char *store);
void backtester_use(struct backtester *, struct pump *);
/* Cancels what runs and waits for it; before the pump drains. */
void backtester_stop(struct backtester *);
void backtester_free(struct backtester **);

/* ERR_BUSY while another one runs. Times of receipt; to is not in it. */
MUST_CHECK bool backtester_start(struct backtester *, int64_t proposal,
	int64_t from, int64_t to, struct err *);
/* False: that one does not run. */
bool backtester_cancel(struct backtester *, int64_t proposal);
/* "progress": null, or state done of error. */
void backtester_show(struct backtester *, int64_t proposal, struct json *);

#endif
