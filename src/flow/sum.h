#ifndef BAHI_FLOW_SUM_H
#define BAHI_FLOW_SUM_H
/* Many journals as one: entries alike in every dimension are added up. */
#include "book/journal.h"
#include "core/map.h"

struct sum {
	struct arena *arena;
	struct map *entries;	/* dimensions -> struct entry */
	int64_t amounts, bases;	/* debits and credits of them all */
};

void sum_open(struct sum *);
void sum_close(struct sum *);
/* The journal passed its checks, so no sum here overflows: false, and nothing
 * added, when the whole were more than one journal may be. */
MUST_CHECK bool sum_add(struct sum *, const struct journal *);
/* The entries that are not zero, in the order of their dimensions, so that
 * what came in any order is the same. In the sum's arena. */
void sum_entries(struct sum *, struct entry **out, size_t *n);

#endif
