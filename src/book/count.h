#ifndef BAHI_BOOK_COUNT_H
#define BAHI_BOOK_COUNT_H
/*
 * One line of a stock count beside what stock says of the end of that day:
 * what is still open of it, and whether it may be believed at once. Pure.
 * Quantities are thousandths, amounts minor units of the base currency.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "core/err.h"

enum count_state {
	COUNT_EQUAL,		/* nothing to do */
	COUNT_SMALL,		/* differs within the tolerance */
	COUNT_CONFIRMED,	/* differs by as much as the count before */
	COUNT_DIFFERS,		/* beyond it: count again, or say why */
	COUNT_MOVED,		/* adjusted; movements of before came later */
	COUNT_ADJUSTED,
	COUNT_WAITS,		/* its adjustment is not posted yet */
	COUNT_REJECTED,		/* somebody said that it was counted wrong */
	COUNT_RECOUNTED,	/* a later count has the item */
	COUNT_NOT,		/* is in stock there, and was not counted */
	COUNT_STATES
};

const char *count_state_name(enum count_state);		/* "small" */
MUST_CHECK bool count_state_find(const char *name, enum count_state *out);
/* May stock be adjusted to it; of `differs` only with a reason. */
bool count_adjustable(enum count_state);

struct counting {
	bool was_counted;		/* false: only in stock */
	int64_t counted, expected;	/* without its own adjustments */
	int64_t adjusted;		/* by those */
	bool any_adjusted;
	bool recounted, waits;
	bool rejected;
	int64_t rejected_at;		/* the difference that it was said of */
	bool again;			/* it was counted before, */
	int64_t before;			/* and differed by so much then */
	int64_t each;			/* standard cost of one; -1: none */
	int64_t percent, limit;		/* tolerance: hundredths of percent of
					 * what is expected, value; -1: any */
	bool tolerates;			/* there is a tolerance at all */
};

struct counted {
	enum count_state state;
	int64_t difference;	/* counted - expected */
	int64_t open;		/* of that, not adjusted yet */
	int64_t value;		/* of what is open; 0 without a cost */
};

struct counted count_judge(const struct counting *);

#endif
