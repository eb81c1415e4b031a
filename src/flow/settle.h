#ifndef BAHI_FLOW_SETTLE_H
#define BAHI_FLOW_SETTLE_H
/*
 * The one place that moves events and writes books. On the writer's thread
 * only. One transaction a group; a settled work's outcome is true only when
 * settle_group came back true, which is after the fsync.
 */
#include "book/reference.h"
#include "flow/rides.h"
#include "flow/work.h"

struct settler;
struct rulebook;

/* remap judges a work afresh when rules or master data moved on. */
typedef bool settle_remap(struct work *, void *arg);

MUST_CHECK bool settler_open(struct settler **, const char *path,
	settle_remap *, void *arg, struct err *);
void settler_close(struct settler **);
struct books *settler_books(struct settler *);
/* What is cut out of payloads that come into being here; not set: nothing. */
struct personal;
void settler_personal(struct settler *, const struct personal *);
struct reference *settler_reference(struct settler *);	/* drop after use */
/* Rules in force from now on: logged when new, so that a rebuild knows. */
MUST_CHECK bool settler_rules(struct settler *, const char *digest,
	struct span files, struct err *);
/* Loads the snapshot again after master_import; before the commit. */
MUST_CHECK bool settler_reload(struct settler *, struct err *);

/* Would the store take a group now? */
MUST_CHECK bool settler_ready(struct settler *, struct err *);
/* rides: NULL, or what shares its commit. */
MUST_CHECK bool settle_group(struct settler *, struct work *list,
	struct ride *rides, struct err *);

/* A new event that could not be settled for a fault of ours: kept as failed,
 * in a commit of its own. */
MUST_CHECK bool settle_keep(struct settler *, struct work *, const char *why,
	struct err *);
/* Would it post today what it posted then? Changes nothing. */
MUST_CHECK bool settle_compare(struct settler *, struct work *, bool *same,
	struct err *);

/* The pieces, for decisions and rebuild; inside books_begin. */
MUST_CHECK bool settle_new(struct settler *, struct work *, struct err *);
/* An event that is kept, judged again. work: event and placing loaded. */
MUST_CHECK bool settle_again(struct settler *, struct work *,
	const char *actor, struct err *);
/* The same, without letting go those who wait for it: settle_again does. */
MUST_CHECK bool settle_once_more(struct settler *, struct work *,
	const char *actor, struct err *);
/* To a state that a person chose (dismissed). */
MUST_CHECK bool settle_move(struct settler *, struct work *,
	enum event_state, const char *actor, const char *reason,
	struct err *);

/* Between groups: keeps the write-ahead log from growing without bound. */
void settler_rest(struct settler *);

/* Named points where a test may stop the process at once (BAHI_CRASH). */
void crash_point(const char *name);

#endif
