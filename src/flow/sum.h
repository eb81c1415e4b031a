#ifndef BAHI_FLOW_SUM_H
#define BAHI_FLOW_SUM_H
/* Many journals as one: entries alike in every dimension are added up. */
#include "book/journal.h"
#include "core/map.h"

struct sum {
	struct arena *arena;
	struct map *entries;	/* dimensions -> struct entry */
};

void sum_open(struct sum *);
void sum_close(struct sum *);
void sum_add(struct sum *, const struct journal *);
/* The entries that are not zero, in the order of their dimensions, so that
 * what came in any order is the same. In the sum's arena. */
void sum_entries(struct sum *, struct entry **out, size_t *n);

#endif
