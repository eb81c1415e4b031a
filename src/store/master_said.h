#ifndef BAHI_STORE_MASTER_SAID_H
#define BAHI_STORE_MASTER_SAID_H
/* Inside of store/: old and new rows of a change of master data. */
#include "store/books.h"

struct master_change {
	const char *actor, *table;
	struct span csv;
	bool remove;
	int64_t seq;		/* of the log */
};

/* The rows as they stand whose keys are in the CSV. */
MUST_CHECK bool master_rows_now(struct db *, const char *table,
	struct span csv, struct str *out, struct err *);
/* The audit's row; was: master_rows_now before the change. */
MUST_CHECK bool master_say(struct books *, const struct master_change *,
	const struct str *was, struct err *);

#endif
