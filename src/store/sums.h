#ifndef BAHI_STORE_SUMS_H
#define BAHI_STORE_SUMS_H
/* Inside of store/: what a group adds to one row, gathered until its commit. */
#include "store/books.h"

struct delta {
	const char *part[4];	/* of the row's key */
	int64_t n[4];
	void *owned;		/* of the arena, too; NULL: none */
};

/* Of the map's row with that key; new ones are zero. Lives with the group. */
struct delta *delta_of(struct books *, struct map *,
	const char *const part[4]);

/* figure.c: what the figures of a group add, before its commit. */
MUST_CHECK bool figures_flush(struct books *, struct err *);
void figures_clear(struct books *);

#endif
