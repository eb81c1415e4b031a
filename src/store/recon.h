#ifndef BAHI_STORE_RECON_H
#define BAHI_STORE_RECON_H
/*
 * Matching over the store. A unit is computed on any connection and written
 * on the writer's, if nothing moved it meanwhile; the same words, rows and
 * purchases give the same, in whatever order they came.
 */
#include "gst/match.h"
#include "store/books.h"

struct recon_unit {
	const char *own, *pan;
	int64_t year, seq;
};

struct recon_bill {		/* one side's document, as it was loaded */
	struct bill bill;
	const char *key;	/* R12, or ENTITY/KIND/NUMBER */
	int64_t id;		/* of the row, or the version */
	int64_t period;
	const char *name;
	const char *word_action, *word_ims;	/* "" */
	const char *link, *parted;	/* of a row */
};

struct recon_pool {
	struct recon_unit unit;
	struct recon_bill *books, *portal;
	size_t n_books, n_portal;
	struct matching matching;
};

struct recon_line {		/* of the table */
	const char *gstin, *party, *status, *differs;
	int64_t period, inward, version, twin, books;
	int64_t portal_taxable, portal_tax, books_taxable, books_tax;
	int rule;
};

struct recon_result {
	struct recon_unit unit;
	struct recon_line *put, *drop;
	size_t n_put, n_drop;
	bool cut;
};

/* Those that wait longest. */
MUST_CHECK bool recon_next(struct db *, struct arena *, struct recon_unit *,
	size_t max, size_t *n, struct err *);
/* Both sides, matched. */
MUST_CHECK bool recon_load(struct db *, struct arena *,
	const struct recon_unit *, struct recon_pool *, struct err *);
/* What of the table is to change. */
MUST_CHECK bool recon_compute(struct db *, struct arena *,
	const struct recon_unit *, struct recon_result *, struct err *);
/* *stale: it has been moved on, nothing is written. */
MUST_CHECK bool recon_write(struct books *, const struct recon_result *,
	bool *stale, struct err *);
/* All that waits; within books_begin. */
MUST_CHECK bool recon_all(struct books *, struct err *);
/* Unit of a row or of a purchase's version. */
MUST_CHECK bool recon_unit_of(struct db *, struct arena *, int64_t inward,
	int64_t version, struct recon_unit *, bool *found, struct err *);

/* ---- how an item stands ------------------------------------------------- */

struct recon_item {
	int64_t inward, version;	/* R12, or B34 */
};

struct recon_standing {		/* as matching has it */
	const char *key, *pair;	/* of a row: R12, its purchase; pair "": it
				 * has no other side */
	const char *gstin, *class, *available;
	int64_t period;
	bool row, credit, reverse_charge, no_pending;
};

struct recon_choice {		/* all that are so */
	const char *gstin, *status, *party;	/* party NULL: any */
	int64_t period;
};

/* Matched anew first, when something moved it since. */
MUST_CHECK bool recon_standing(struct books *, struct arena *,
	const struct recon_item *, struct recon_standing *, bool *found,
	struct err *);
/* A purchase that suppliers file; gstin: our PAN. */
MUST_CHECK bool recon_purchase(struct db *, struct arena *, int64_t version,
	struct recon_standing *, bool *found, struct err *);
MUST_CHECK bool recon_gather(struct db *, const struct recon_choice *,
	struct recon_item *, size_t max, size_t *n, bool *more, struct err *);
/* Is GSTR-3B of its period filed? */
MUST_CHECK bool recon_filed(struct db *, const struct recon_standing *,
	bool *yes, struct err *);
/* The newest month of which there is a 2B; 0: none. */
MUST_CHECK bool recon_newest(struct db *, const char *gstin, int64_t *,
	struct err *);
/* A few of the units that this moved, so that who asked sees what it did. */
MUST_CHECK bool recon_at_once(struct books *, int64_t seq, struct err *);

/* ---- words ------------------------------------------------------------- */

struct recon_word {
	const char *item;
	const char *action, *ims, *link, *parted;	/* "" */
	const char *actor, *reason;
	int64_t at, seq;
};

/* One that is not there is empty. */
MUST_CHECK bool recon_word_find(struct db *, const char *item,
	struct arena *, struct recon_word *, struct err *);
/* Keeps what was there as the past of that decision. */
MUST_CHECK bool recon_word_put(struct books *, const struct recon_word *,
	int64_t decision, struct err *);
/* The row that a person linked with the purchase; "": none. */
MUST_CHECK bool recon_linked(struct db *, const char *purchase,
	struct arena *, const char **item, struct err *);
/* Takes back what that decision said of items that nobody spoke of since, as
 * a decision of its own. */
MUST_CHECK bool recon_undo(struct books *, int64_t of, int64_t decision,
	int64_t *done, int64_t *kept, struct err *);

#endif
