#ifndef BAHI_FLOW_INTAKE_H
#define BAHI_FLOW_INTAKE_H
/*
 * From authentic bytes to a work the writer can settle: keep, judge, map,
 * post, check. Runs on the request's thread. What is unusable becomes
 * findings, never an error.
 */
#include "sources/sources.h"

struct pump;
struct work;

/* A topic for CloudEvents is in verified->topic. The body is copied. */
struct work *intake_take(struct pump *, const struct source *,
	const struct delivery *, const struct verified *);
/* What comes in by another way than a webhook: a record of a file, a polled
 * page, the journal service. Texts are copied. */
struct arrival {
	const char *source, *key, *topic;
	const char *correlation, *secret_id;	/* NULL: none */
	int64_t received, occurred;		/* occurred 0: not said */
	struct span body;			/* JSON */
	const char *wrong;	/* why it is not of its format; NULL: it is */
};

struct work *intake_arrival(struct pump *, const struct arrival *);
/* Maps, posts and checks the work afresh with what is in force now (retry,
 * or the generation moved on while it waited). */
void intake_judge(struct pump *, struct work *);
/* Cuts what is personal out of the payload and seals it; before judging, so
 * that rules never see it. */
struct personal;
struct vault;
void intake_seal(struct work *, const struct personal *, struct vault *);
struct rulebook;
struct reference;
void intake_judge_with(struct work *, struct rulebook *,
	struct reference *);

#endif
