#ifndef BAHI_FLOW_ERASE_H
#define BAHI_FLOW_ERASE_H
/*
 * Erasing a person: a decision in the log, then his keys are destroyed and his
 * name is taken out of master data. The books stay as they are. On the
 * writer's thread. Whoever was erased stays so: when the store or the keys
 * come out of a backup, the start does it again.
 */
#include "flow/settle.h"
#include "store/person.h"

struct erasure {
	const int64_t *subjects;
	size_t n_subjects;
	const char *const *parties;	/* whose names go */
	size_t n_parties;
	const char *actor, *reason;
	int64_t seq;			/* outcome: of the decision */
};

/* A transaction of its own. Once it came back true nothing is left to read. */
MUST_CHECK bool erase_say(struct settler *, struct erasure *, struct err *);
/* What was decided and not done, and what was done and is not in this store:
 * at the start, before anybody asks. */
MUST_CHECK bool erase_resume(struct settler *, struct err *);
/* Does again what a row of the log says; *mine false: it is no such row. */
struct cJSON;
MUST_CHECK bool erase_replay(struct settler *, const struct cJSON *,
	const char *actor, int64_t at, bool *mine, struct err *);

#endif
