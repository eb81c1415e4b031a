#ifndef BAHI_FLOW_ACT_APPROVE_H
#define BAHI_FLOW_ACT_APPROVE_H
/* Acts on what waits for an approval; lines of the table in act.c. */
#include "flow/act.h"

/* Does it want the caller's role and proof with it (saying.with)? */
bool approve_vouched(const struct act *);
bool approve_judge(struct decision *, const struct event *,
	const struct placing *, struct settler *, struct err *);
bool approve_run(struct saying *, struct work *, struct err *);
bool reject_judge(struct decision *, const struct event *,
	const struct placing *, struct settler *, struct err *);
bool reject_run(struct saying *, struct work *, struct err *);
/* Of no event: {"to","until","limit"}, or {"to","revoke"}. */
bool delegate_judge(struct decision *, const struct event *,
	const struct placing *, struct settler *, struct err *);
bool delegate_run(struct saying *, struct work *, struct err *);

#endif
