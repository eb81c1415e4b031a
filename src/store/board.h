#ifndef BAHI_STORE_BOARD_H
#define BAHI_STORE_BOARD_H
/*
 * The close board of one entity and period: each line as it stands now, with
 * who is to see to it and who signed it off.  Reads sums by account and
 * period and open events by state; never events or journals.
 */
#include "book/close.h"
#include "core/json.h"
#include "store/books.h"

#define BOARD_FIGURES 320

struct board_line {
	bool ok;
	int64_t count;		/* of what keeps it open */
	int64_t amount;		/* of that, when it is of one currency */
	char currency[4];	/* else "" */
	char figures[BOARD_FIGURES];	/* what a sign-off is given on */
	const char *note;	/* N_(); "" */
	const char *owner;	/* "": nobody was named */
	int due;		/* day of the month after; 0: none */
	const char *signer;	/* NULL: it is not signed off */
	int64_t signed_at, suspended_at;
	const char *signed_figures;
	bool suspended;		/* the figures have moved since */
};

struct board {
	const char *entity, *period;
	const char *state;	/* open soft closed; NULL: no such period */
	const char *currency;	/* base currency of the entity */
	struct board_line lines[CLOSE_LINES];
	int open, unsigned_lines;	/* not clean; not signed off */
	const char *author, *reason;	/* of a reopening; NULL: none */
	int64_t asked_at;
};

/* What no table says: the walk over the ledger, see flow/consistency.h. */
struct board_walk {
	bool ended;
	int64_t differences;
};

/* Texts in the arena. ERR_NOT_FOUND: no such entity. */
MUST_CHECK bool board_read(struct db *, struct arena *, const char *entity,
	const char *period, const struct board_walk *, struct board *,
	struct err *);
/* The first entity; the earliest period of it that is not closed and has
 * begun by that month, else that month. NULL: no entity. */
MUST_CHECK bool board_default(struct db *, struct arena *, const char *month,
	const char **entity, const char **period, struct err *);
MUST_CHECK bool board_period(struct db *, struct arena *, const char *entity,
	const char *month, const char **period, struct err *);
/* Its periods in order; the entities. As arrays. */
MUST_CHECK bool board_periods(struct db *, const char *entity, struct json *,
	struct err *);
MUST_CHECK bool board_entities(struct db *, struct json *, struct err *);
/* Of that entity the first period before in a state less than this one, or
 * the first after that is closed; NULL: none is in the way. */
MUST_CHECK bool board_before(struct db *, struct arena *, const char *entity,
	const char *period, const char *state, const char **out,
	struct err *);
MUST_CHECK bool board_after(struct db *, struct arena *, const char *entity,
	const char *period, const char **out, struct err *);
/* Entities and their periods that are open and have begun by that month, the
 * oldest three of each. */
MUST_CHECK bool board_current(struct db *, const char *month,
	bool (*each)(void *, const char *entity, const char *period,
	struct err *), void *arg, struct err *);

/* Within books_begin. */
MUST_CHECK bool signoff_put(struct books *, const char *entity,
	const char *period, const char *line, const char *signer, int64_t at,
	const char *figures, struct err *);
MUST_CHECK bool signoff_suspend(struct books *, const char *entity,
	const char *period, const char *line, int64_t at, struct err *);
MUST_CHECK bool reopening_put(struct books *, const char *entity,
	const char *period, const char *author, int64_t at,
	const char *reason, struct err *);
MUST_CHECK bool reopening_drop(struct books *, const char *entity,
	const char *period, struct err *);

#endif
