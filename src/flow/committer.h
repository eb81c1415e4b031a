#ifndef BAHI_FLOW_COMMITTER_H
#define BAHI_FLOW_COMMITTER_H
/*
 * One target at work: a thread and connections of its own, so that no other
 * waits for it. It takes journals in their order, keeps a row of each before
 * the first byte leaves, and keeps what became of it with the next ones.
 */
#include "core/json.h"
#include "flow/pace.h"
#include "store/figure.h"
#include "store/outbox.h"
#include "targets/conf.h"

struct pump;
struct committer;

/* What it did since the start. */
struct committer_figures {
	int64_t sent, done, away;	/* postings sent, there, tries that
					 * brought no word */
	int64_t latency[LATENCY_BUCKETS + 1];	/* from received to there */
	int64_t latency_sum;		/* microseconds */
};

/* Takes the settings. row: as it stands in the store, with these settings.
 * False: nothing is left of it, err says why. */
MUST_CHECK bool committer_start(struct committer **, struct pump *,
	const char *store, struct targetconf *, struct pace *,
	const struct target_row *, struct err *);
/* Interrupts what it does, keeps what came of it, waits for its end. */
void committer_stop(struct committer **);

/* From any thread: something came, or a person spoke. */
void committer_wake(struct committer *);
/* It asks the target whether it can work at all, soon; now: in its away hours,
 * too. */
void committer_check(struct committer *, bool now);
/* "checked" and what was found, of the last such question; null: none. */
void committer_view(struct committer *, struct json *);
void committer_figures(struct committer *, struct committer_figures *out);

#endif
