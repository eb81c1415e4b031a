#ifndef BAHI_FLOW_RESOLUTION_H
#define BAHI_FLOW_RESOLUTION_H
/*
 * What a person says of a conflict, as rulings of its event: one side, both
 * merged, or documents made of them. Writes nothing: a preview and the act
 * itself are the same but for what follows.
 */
#include "flow/contest.h"

struct cJSON;

struct resolution {
	struct work *work;
	struct contest *contests;
	struct ruling *rulings;		/* one a part; part -1: none */
};

/* The work is judged with the rulings that it has. ERR_REFUSED: no document
 * comes of it. */
MUST_CHECK bool resolution_open(struct resolution *, struct db *,
	struct work *, struct err *);
/* {"ENTITY/KIND/NUMBER":"6"}: ERR_NO_VERSION when one is not said, ERR_STALE
 * when it is another one. */
MUST_CHECK bool resolution_seen(const struct resolution *,
	const struct cJSON *seen, struct err *);
/* incoming or merge; ERR_REFUSED when both changed the same. */
MUST_CHECK bool resolution_take(struct resolution *, const char *take,
	struct err *);
/* [{"part","base","document"}]; blind: base may be left out. */
MUST_CHECK bool resolution_documents(struct resolution *,
	const struct cJSON *list, bool blind, struct err *);
/* Gives the work its rulings; it is to be judged again. */
void resolution_rule(struct resolution *, int64_t seq, const char *actor);

#endif
