#ifndef BAHI_FLOW_DECIDE_H
#define BAHI_FLOW_DECIDE_H
/*
 * What a person decided: an act (act.h) said of events, of all that share a
 * signature, of a range, or of a source. Runs on the writer in pieces, so that
 * a thousand rows never hold up a delivery. Each piece is one log row and one
 * commit.
 */
#include "book/skip.h"
#include "flow/act.h"

struct result {
	int64_t seq;
	enum event_state state;
	int version;
	bool done;
	struct findings *findings;	/* NULL: none */
	int64_t made;		/* the event of a correction; 0: none */
	enum event_state became;	/* of that */
	const char *verdict;	/* of a replay: same, differs; stale: it was
				 * moved on by somebody else; NULL: done */
};

struct decision {
	struct arena *arena;
	const struct act *act;
	const char *actor, *reason, *key;	/* key: Idempotency-Key or NULL */
	struct cJSON *with;	/* the act's own parameters; freed with it */
	unsigned char digest[SHA256_SIZE];	/* of the request */
	struct pick *picks;
	size_t n_picks;
	bool any_version;	/* of those picks */
	int64_t run;		/* that it is a piece of; 0: none */
	enum skip skip;		/* of act.judge's refusal, when it is of these */
	const char *signature;	/* instead of picks: all that share it */
	struct {
		const char *dimension, *source, *value, *to;
	} fix;
	struct span body;	/* of a correction; its digest is in `with` */
	bool retry;		/* after a fix */
	bool govern;		/* a fix is only proposed, see govern.h */
	/* Of a replay, and of pause and resume the source alone. */
	struct {
		const char *source, *topic;	/* NULL: any */
		int64_t from, to;	/* received; microseconds */
	} range;

	/* progress and outcome */
	bool begun;
	size_t at;
	size_t alone;		/* up to here each in a piece of its own */
	int64_t seq, said;	/* of the last log row, and when */
	int64_t first;		/* of its first row; 0: none is written */
	const char *of;		/* of whose undoing it is; NULL: of none */
	int64_t proposal;	/* that a fix became; 0: none */
	struct result *results;
	int64_t done, failed, same, differs;
	const char *answer;	/* JSON */
	bool replayed;
	struct err err;
	void (*finished)(struct decision *);	/* on the writer's thread */
	void *owner;
};

struct decision *decision_new(void);
void decision_free(struct decision **);
/* For pump_call: true while there is more to do. */
bool decision_step(struct settler *, void *decision);
/* For a run, whose rows are judged and done as those of any decision. May
 * this be said of the pick now? False: e says why not; event as far as it is
 * found. */
MUST_CHECK bool decision_judge(struct settler *, struct decision *,
	const struct pick *, struct arena *, struct event *, bool *found,
	struct err *);
/* The picks up to `end`, within books_begin; the fault is in err. */
MUST_CHECK bool decision_piece(struct settler *, struct decision *,
	size_t end);
/* Does again what the log row at books->seq says (rebuild). */
MUST_CHECK bool decision_replay(struct settler *, struct span body,
	const char *actor, int64_t at, struct err *);

#endif
