#ifndef BAHI_STORE_VERIFY_H
#define BAHI_STORE_VERIFY_H
/*
 * Does the ledger say what the events say?  One pass over all of it, in
 * slices that are each a short snapshot of their own, so that neither the
 * writer nor a checkpoint waits for it.  Reads only.  What was final when it
 * was seen cannot change later; that is why the slices add up.
 */
#include "store/db.h"

struct verify;

/* code: "event.journal"; name: of the thing, "E12"; detail: for a person. */
typedef void verify_differs(void *arg, const char *code, const char *name,
	const char *detail);

struct verify *verify_new(struct db *, verify_differs *, void *arg);
void verify_free(struct verify **);
/* Looks at so many rows; *done: the pass is over. */
MUST_CHECK bool verify_step(struct verify *, int rows, bool *done,
	struct err *);

struct walked {
	int64_t events, differing;	/* seen; with a difference */
	int64_t posted, versions, journals, entries;
	bool sums_left_out;		/* more balances than are held */
};

void verify_result(const struct verify *, struct walked *out);

#endif
