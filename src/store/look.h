#ifndef BAHI_STORE_LOOK_H
#define BAHI_STORE_LOOK_H
/*
 * What a look at a target needs to know of our side: what we know it to have,
 * which days are open, whose code of ours stands for one of theirs, and what
 * our ledger says of each account. Entities are a JSON array of codes; "[]" is
 * all of them.
 */
#include "store/outbox.h"

/* What we know of a commit. */
struct known {
	int64_t journal;
	const char *entity;
	enum commit_state state;
	const char *remote, *number, *version, *held;	/* "" */
	int64_t at;		/* last change of its row */
	struct day day;		/* of the journal */
	int64_t undoes;		/* the journal that it reverses; 0: none */
};

MUST_CHECK bool known_load(struct db *, const char *target, int64_t journal,
	struct arena *, struct known *, bool *found, struct err *);
/* Rows that are done, whose journal is of those days, after journal `after`, in
 * order; fewer than n: there are no more. */
MUST_CHECK bool known_done(struct db *, const char *target, struct day from,
	struct day to, int64_t after, size_t n, struct arena *,
	struct known **out, size_t *n_out, struct err *);
/* Commits that met a change there. */
MUST_CHECK bool known_conflicts(struct db *, const char *target,
	int64_t after, size_t n, struct arena *, struct known **out,
	size_t *n_out, struct err *);
/* Did a later journal of ours undo it there? */
MUST_CHECK bool known_undone(struct db *, const char *target,
	int64_t journal, bool *undone, struct err *);
/* Was it made of what the target has itself, and never sent? */
MUST_CHECK bool known_taken(struct db *, const char *target,
	int64_t journal, bool *taken, struct err *);
/* The commit of what that event posted. */
MUST_CHECK bool known_of_event(struct db *, const char *target,
	int64_t event, struct arena *, struct known *, bool *found,
	struct err *);
/* What stands in our ledger now of the document of that journal; 0: it is
 * void. */
MUST_CHECK bool known_current(struct db *, int64_t journal, int64_t *out,
	struct err *);
/* What a look came to know of a commit that is as it was. */
MUST_CHECK bool known_note(struct books *, const char *target,
	const struct known *, struct err *);

/* First day of the first period that is not closed, last day of the last.
 * *found false: all are closed, or there is none. */
MUST_CHECK bool look_period(struct db *, const char *entities,
	struct day *from, struct day *to, bool *found, struct err *);

/* Whose postings those of a target are: the one entity, or "" when it is for
 * several; and the base currency. */
MUST_CHECK bool look_entity(struct db *, const char *entities,
	struct arena *, const char **entity, const char **currency,
	struct err *);

/* Our codes that a target's code stands for: those that are mapped to it,
 * else the same code, where master data has it and nothing maps it away. */
MUST_CHECK bool mapped_back(struct db *, const char *target,
	const char *dimension, const char *theirs, struct arena *,
	const char ***out, size_t *n, struct err *);

/* ---- balances --------------------------------------------------------- */

struct standing_sum {
	const char *account, *name;
	const char *theirs;	/* its code there; "": it has none */
	int64_t amount;		/* base currency, debit positive */
	int64_t in_flight;	/* of it: on its way, or still to go */
	int64_t refused;	/* failed or dead */
	int64_t skipped;
};

/* Of each account with anything to say, up to the end of that day. `taken`
 * and `first` as the target has them. */
MUST_CHECK bool standing_sums(struct db *, const char *target,
	const char *entities, const char *first, int64_t taken, struct day,
	struct arena *, struct standing_sum **out, size_t *n, struct err *);
/* ---- two targets ------------------------------------------------------ */

/* A journal that is for both. */
struct pair_row {
	int64_t journal, version;
	const char *entity, *kind, *number, *day;
	struct pair_side {
		const char *state;	/* of its commit; "": it has none */
		const char *held;	/* "" */
		bool drifted;		/* something is open about it */
		bool good;		/* to be said: it holds what we sent */
	} sides[2];
};

/* After journal `after`, in order; fewer than n: there are no more. */
MUST_CHECK bool pair_page(struct db *, const struct target_row *a,
	const struct target_row *b, int64_t after, size_t n, struct arena *,
	struct pair_row **out, size_t *n_out, struct err *);

/* A number that another set of commits there cannot have. */
MUST_CHECK bool standing_mark(struct db *, const char *target, int64_t *out,
	struct err *);
/* Commits that were refused. */
MUST_CHECK bool standing_failed(struct db *, const char *target,
	int64_t *out, struct err *);

#endif
