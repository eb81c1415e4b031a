#ifndef BAHI_FLOW_ACT_H
#define BAHI_FLOW_ACT_H
/*
 * What a person can say of an event.  To add an act: a function here and a
 * line of the table in act.c.  It runs on the writer's thread, within the
 * transaction of its piece, and a rebuild runs it again from the row of the
 * log: it may use nothing but the books, the event and struct saying.
 */
#include "book/role.h"
#include "flow/settle.h"

struct cJSON;
struct decision;

/* What was said, as the log keeps it. */
struct saying {
	struct settler *settler;
	const char *actor, *reason;
	const struct cJSON *with;	/* an act's own parameters, numbers as
					 * texts; NULL: none */
	int64_t seq, at;	/* of the row of the log; microseconds */
	const char *verdict;	/* out: what the answer says besides a state */
	bool done;	/* out: it is done though the event stays open */
	const char *of;		/* the whole that it is part of: D12, R7 */
	const char *old;	/* out: what was there before; NULL: nothing */
	struct span body;	/* of a correction; not in a rebuild */
	int64_t made;		/* out: the event that it became; 0: none */
	enum event_state became;	/* out: of that */
};

struct act {
	const char *name;
	const char *roles;	/* who may say it, as book/role.h has them */
	bool reasoned;		/* it needs a reason */
	bool shared;		/* may be said of all that share a signature */
	bool source;		/* said of a source, not of events */
	bool (*may)(enum event_state);	/* what it may start from; NULL: it is
					 * said of no event (act_alone) */
	/* Before anything of the decision is written, for each event that was
	 * picked; not in a rebuild. NULL: nothing to judge. */
	bool (*judge)(struct decision *, const struct event *,
	    const struct placing *, struct settler *, struct err *);
	bool (*run)(struct saying *, struct work *, struct err *);
};

extern const struct act acts[];
extern const size_t n_acts;

const struct act *act_find(const char *name);	/* NULL: none */
/* Said by itself: judge and run get no event. */
bool act_alone(const struct act *);
/* Nothing of it could be taken back. */
bool act_forgotten(const struct act *);

/* act_resolve.c: a conflict; act_carry.c: into a period that is open;
 * act_reverse.c: what is posted is undone by another version. */
bool act_resolve(struct saying *, struct work *, struct err *);
bool judge_resolve(struct decision *, const struct event *,
	const struct placing *, struct settler *, struct err *);
bool act_carry(struct saying *, struct work *, struct err *);
bool act_reverse(struct saying *, struct work *, struct err *);
/* act_desk.c: given to somebody, put off, talked about. */
bool judge_assign(struct decision *, const struct event *,
	const struct placing *, struct settler *, struct err *);
bool act_assign(struct saying *, struct work *, struct err *);
bool judge_snooze(struct decision *, const struct event *,
	const struct placing *, struct settler *, struct err *);
bool act_snooze(struct saying *, struct work *, struct err *);
/* act_undo.c: what the same person said before, taken back. */
bool judge_undo(struct decision *, const struct event *,
	const struct placing *, struct settler *, struct err *);
bool act_undo(struct saying *, struct work *, struct err *);
bool act_comment(struct saying *, struct work *, struct err *);
/* act_correct.c: another payload in the place of the one that came; what is
 * corrected is not opened again beside it. */
bool judge_correct(struct decision *, const struct event *,
	const struct placing *, struct settler *, struct err *);
bool act_correct(struct saying *, struct work *, struct err *);
bool judge_reopen(struct decision *, const struct event *,
	const struct placing *, struct settler *, struct err *);

#endif
