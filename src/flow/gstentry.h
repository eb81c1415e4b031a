#ifndef BAHI_FLOW_GSTENTRY_H
#define BAHI_FLOW_GSTENTRY_H
/*
 * What a person enters of GSTR-3B that no document says.  Each is a decision
 * in the log; none after the return was filed.  On the writer's thread.
 */
#include "flow/settle.h"
#include "store/gst3b.h"

struct gst_word {
	struct gst_entry entry;	/* at, seq: not yet */
	bool remove;		/* as if nobody had said anything */
};

/* A transaction of its own; at and seq are filled. */
MUST_CHECK bool gst_entry_say(struct settler *, struct gst_word *,
	struct err *);
/* Does again what a row of the log says; *mine false: it is no such row. */
struct cJSON;
MUST_CHECK bool gst_entry_replay(struct settler *, const struct cJSON *,
	const char *actor, int64_t at, bool *mine, struct err *);

#endif
