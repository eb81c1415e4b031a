#ifndef BAHI_FLOW_GSTFILING_H
#define BAHI_FLOW_GSTFILING_H
/*
 * That a return was filed: a decision in the log, which locks its documents.
 * On the writer's thread.
 */
#include "flow/settle.h"
#include "store/gst.h"

/* A transaction of its own; seq is filled. `reason` may be "". */
MUST_CHECK bool gst_filing_say(struct settler *, struct gst_filing *,
	const char *reason, struct err *);
/* It was said by mistake. Refused once anything is built upon it: a later
 * return, or an amendment of what stands in it. */
MUST_CHECK bool gst_filing_withdraw(struct settler *, struct gst_filing *,
	const char *reason, struct err *);
/* Does again what a row of the log says; *mine false: it is no such row. */
struct cJSON;
MUST_CHECK bool gst_filing_replay(struct settler *, const struct cJSON *,
	const char *actor, bool *mine, struct err *);

#endif
