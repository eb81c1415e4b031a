#ifndef BAHI_STORE_LISTED_H
#define BAHI_STORE_LISTED_H
/*
 * What GSTR-1 lists, walked in the order in which files have it: a document
 * with all its rows, a place with all its rates, a row of a table. In bounded
 * memory, within one snapshot.
 */
#include "book/reference.h"
#include "gst/listed.h"
#include "store/db.h"

struct listing {
	struct db *db;
	const struct reference *reference;	/* for names */
	const char *gstin;
	int64_t period;
	bool iff;		/* months 1 and 2 of a quarter */
};

typedef bool listed_each(void *arg, const struct listed *rows, size_t n,
	struct err *);

/* Rows are the callback's until it returns; false from it ends the walk. */
MUST_CHECK bool listed_walk(const struct listing *, enum listed_section,
	listed_each *, void *arg, struct err *);
/* About how many rows of documents there are, for a progress. */
MUST_CHECK bool listed_count(const struct listing *, int64_t *rows,
	struct err *);
/* As the summary has the section: taxable value with its sign. */
MUST_CHECK bool listed_sum(const struct listing *, enum listed_section,
	int64_t *taxable, struct err *);
/* Documents of the period that no section takes. */
MUST_CHECK bool listed_unplaced(const struct listing *,
	bool (*each)(void *, const char *number, struct err *), void *arg,
	struct err *);

#endif
