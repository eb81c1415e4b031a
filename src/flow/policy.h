#ifndef BAHI_FLOW_POLICY_H
#define BAHI_FLOW_POLICY_H
/*
 * Policies: what must be approved before it posts, by how many, of what role
 * (book/policy.h, data/rules/policy). Asked of the document when it is judged;
 * what only the ledger knows, on the writer, as it settles.
 */
#include "flow/inside.h"
#include "rules/rules.h"

/* Into work->reasons. Documents of which no policy is configured cost a look
 * at an empty table. */
void policy_judge(struct work *, struct runner *, struct rulebook *,
	struct reference *);
/* Is it held for an approval? Then findings say why and work->hold what it
 * takes. What was approved as it is now is held no more. */
MUST_CHECK bool policy_hold(struct settler *, struct work *,
	const struct standing *, const struct flow *, bool *held,
	struct err *);

#endif
