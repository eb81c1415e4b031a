#ifndef BAHI_FLOW_VERDICT_H
#define BAHI_FLOW_VERDICT_H
/*
 * What a target said of a posting, as the row of its commit. Pure: time and
 * chance are passed in.
 */
#include "store/outbox.h"
#include "targets/targets.h"

#define CAUSE_MAX 200

struct verdict_limits {
	int64_t attempts;	/* sends without an outcome; then it is dead */
	int64_t backoff;	/* microseconds between tries at most */
	bool mute;		/* it cannot be asked what it has */
	bool several;		/* others went in the same call */
	unsigned failures;	/* of the target, in a row, this one included */
	uint64_t chance;
};

/* Moves the row; words are borrowed from the verdict, `cause` is new. */
void verdict_apply(struct commit_row *, const struct verdict *,
	const struct verdict_limits *, int64_t now, struct arena *);
/* The same for all that have the same reason: class and words, without what
 * differs from posting to posting. What is not known there is kept: it is the
 * reason. */
const char *verdict_cause(enum refusal, const char *words, struct arena *);

#endif
