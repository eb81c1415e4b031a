#ifndef BAHI_FLOW_GOVERN_H
#define BAHI_FLOW_GOVERN_H
/*
 * Changes of rules and master data that one person proposes and another
 * approves. All on the writer's thread. Approval is one row of the log, so
 * that a rebuild does the same without knowing of proposals.
 */
#include "flow/settle.h"
#include "store/proposal.h"

struct rulebook;

/* Within books_begin. The caller fills kind, table, remove, body, author,
 * reason and signature; id and the rest come back. */
MUST_CHECK bool govern_propose_reference(struct settler *, struct proposal *,
	struct err *);
MUST_CHECK bool govern_propose_rules(struct settler *, struct proposal *,
	struct rulebook *, struct err *);

struct verdict {
	int64_t id, version;	/* that was seen */
	const char *by, *reason;
	bool approve;
};

/* A transaction of its own. Approved rules are in *rules, to be used from now
 * on; else it is left NULL. Never by the author. */
MUST_CHECK bool govern_decide(struct settler *, const struct verdict *,
	struct arena *, struct proposal *out, struct rulebook **rules,
	struct err *);
/* The rules of the folder, when they are new: a proposal of whoever owns the
 * newest file; a draft of the same author before it is then late. */
MUST_CHECK bool govern_notice(struct settler *, struct rulebook *,
	bool again, struct err *);

#endif
