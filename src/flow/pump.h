#ifndef BAHI_FLOW_PUMP_H
#define BAHI_FLOW_PUMP_H
/*
 * The one writer. Requests offer prepared work from any thread; the writer
 * takes all that waits, settles it as one group with one fsync, then calls
 * each work's done(). Bounded: a full queue or a draining pump refuses with
 * ERR_BUSY, never waits.
 */
#include <stddef.h>
#include "book/reference.h"
#include "core/err.h"
#include "rules/rules.h"

struct pump;
struct ride;
struct settler;
struct work;

struct pump_options {
	const char *store;	/* path of the database */
	const char *rules;	/* folder of data/rules */
	const char *privacy;	/* folder of data/privacy */
	bool govern;	/* rules are those of the store; changed files are
			 * proposed, see flow/govern.h */
	size_t queue;		/* works waiting at most */
	size_t group;		/* works in one commit at most */
	/* Called on the writer's thread after something changed; may be NULL. */
	void (*changed)(void *arg);
	void *changed_arg;
};

struct pump_figures {
	int64_t groups, works, refused;
	int64_t waiting, queue;	/* works that wait, and that may */
	int64_t commits_took;	/* microseconds, of all groups */
	bool draining, full;	/* the disk is full: nothing comes in */
	int64_t unroomed;	/* refused since */
};

/* Opens store and rules, loads the master data, starts the writer. */
MUST_CHECK bool pump_open(struct pump **, const struct pump_options *,
	struct err *);
/* Refuses new work, settles what waits, stops the writer. */
void pump_drain(struct pump *);
void pump_close(struct pump **);	/* drains first */

/* One work, or a list by ->next that goes together or not at all. done() is
 * called on the writer's thread after the commit (or its failure: then
 * work->err is filled). On false the caller keeps the work. */
MUST_CHECK bool pump_offer(struct pump *, struct work *, struct err *);
/* Runs fn on the writer's thread between groups; true from fn: call again
 * after the next group (long jobs go in pieces). One call is done before the
 * next one starts. */
MUST_CHECK bool pump_call(struct pump *, bool (*fn)(struct settler *, void *),
	void *arg, struct err *);

/* Writes with the next group, in its commit (flow/rides.h). False: refused, and
 * the caller keeps it. */
MUST_CHECK bool pump_ride(struct pump *, struct ride *, struct err *);

/* The same as a call, not at once but at the next pump_tick: what could not be
 * done now is tried again then. When the pump drains, it is called once
 * more. */
MUST_CHECK bool pump_later(struct pump *, bool (*fn)(struct settler *,
	void *), void *arg, struct err *);
/* Each second, from the clock's thread. */
void pump_tick(struct pump *);

/* Who is told on the writer's thread after each commit, besides
 * pump_options.changed; must be quick. NULL ends it: after that it is not
 * called any more. There is one. */
void pump_listen(struct pump *, void (*fn)(void *), void *arg);

/* The rules and master data in force; drop each after use. */
struct rulebook *pump_rules(struct pump *);
struct reference *pump_reference(struct pump *);
/* What of payloads is personal; as long as the pump is open. */
struct personal;
const struct personal *pump_personal(const struct pump *);
struct retention;
const struct retention *pump_retention(const struct pump *);
/* Cuts and seals it; a failure is in work->err and pump_offer refuses it. */
void pump_seal(struct pump *, struct work *);
/* On the writer's thread, once the log says that they are in force. */
void pump_use(struct pump *, struct rulebook *);
/* Looks for changed rule files; a broken one is refused and logged. */
void pump_refresh(struct pump *);
void pump_figures(struct pump *, struct pump_figures *out);

#endif
