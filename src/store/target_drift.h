#ifndef BAHI_STORE_TARGET_DRIFT_H
#define BAHI_STORE_TARGET_DRIFT_H
/*
 * What a target holds otherwise than we do. A look finds it, a person says
 * what is to become of it, and what mends itself is closed by the next look.
 * Not of the books: a rebuild leaves it alone.
 */
#include "core/json.h"
#include "store/outbox.h"

enum drift_kind {
	DRIFT_CHANGED,		/* it holds something else than we sent */
	DRIFT_MISSING,		/* it has it no more */
	DRIFT_CANCELLED,	/* there, but it counts for nothing */
	DRIFT_DOUBLED,		/* more than once */
	DRIFT_UNKNOWN,		/* nothing that we sent */
	DRIFT_CONFLICT,		/* a commit met a change there */
	DRIFT_KINDS
};

const char *drift_kind_name(enum drift_kind);
bool drift_kind_read(const char *, enum drift_kind *);

struct drift_row {
	int64_t id;		/* 0: new */
	const char *target;
	const char *entity;	/* "": not known */
	enum drift_kind kind;
	int64_t journal;	/* ours; 0: none */
	const char *remote, *remote_number, *remote_version;
	const char *day;	/* there; "": it is not there */
	int64_t version;
	const char *state;	/* open asked closed */
	const char *base, *ours, *theirs;	/* JSON of sides; "": none */
	int64_t amount;		/* that differs, in minor units of */
	const char *currency;
	int64_t found, at;
	const char *act;	/* ours theirs ignore adopt mended; "": none */
	const char *actor, *reason;
	const char *words;	/* the target's, of the last try; "" */
	int64_t event;		/* that takes what it has; 0: none */
};

MUST_CHECK bool drift_load(struct db *, int64_t id, struct arena *,
	struct drift_row *, bool *found, struct err *);
/* The row of that journal, or with journal 0 of that posting there. */
MUST_CHECK bool drift_of(struct db *, const char *target, int64_t journal,
	const char *remote, struct arena *, struct drift_row *, bool *found,
	struct err *);
/* New, or one version more; within books_begin. */
MUST_CHECK bool drift_put(struct books *, struct drift_row *, struct err *);
/* Those that are not closed, after `after`, by id. */
MUST_CHECK bool drift_open(struct db *, const char *target, int64_t after,
	size_t n, struct arena *, struct drift_row **out, size_t *n_out,
	struct err *);
/* Is this event one that takes what the target has? Then what it posts is
 * there already, as the row says. target NULL: any; it is of one. */
MUST_CHECK bool drift_linked(struct db *, const char *target, int64_t event,
	struct arena *, struct drift_row *, bool *linked, struct err *);
/* Is what it posts dismissed, or gone otherwise, so that it never will? */
MUST_CHECK bool drift_dropped(struct db *, int64_t event, bool *dropped,
	struct err *);
/* Not closed, of a kind or of all (DRIFT_KINDS). */
MUST_CHECK bool drift_count(struct db *, const char *target,
	enum drift_kind, int64_t *out, struct err *);

/* ---- looks ------------------------------------------------------------ */

struct look_row {
	const char *target;
	int64_t began, ended;
	struct day from, to;	/* what was looked at */
	int64_t seen, ours, strangers;	/* postings there */
	int64_t mended;		/* drift that is no more */
	int64_t not_kept;	/* drift beyond what is kept */
	const char *actor;	/* who asked for it; "": the clock */
	const char *why;	/* it is not whole; "": it is */
};

MUST_CHECK bool look_put(struct books *, const struct look_row *,
	struct err *);
MUST_CHECK bool look_load(struct db *, const char *target, struct arena *,
	struct look_row *, bool *found, struct err *);

/* What a page of drift is asked for; NULL: any. */
struct drift_filter {
	const char *target, *kind;
	const char *state;	/* "open": what is not closed; "ignored": what
				 * a person left as it is; "closed" */
	const struct look_row *looking;	/* under way; NULL: none is */
};

/* A page of GET /v1/targets/NAME/drift, with the last look. */
MUST_CHECK bool view_target_drift(struct db *, const struct drift_filter *,
	int64_t after, int limit, struct json *, struct err *);

#endif
