#ifndef BAHI_BOOK_HOURS_H
#define BAHI_BOOK_HOURS_H
/*
 * Hours of every day, in minutes since midnight, IST: from..to, which may lie
 * beyond midnight, or a moment alone. Times are microseconds.
 */
#include <stdbool.h>
#include <stdint.h>
#include "core/span.h"

#define HOURS_NONE (-1)
#define HOURS_SIZE 12		/* "09:00-18:00" and its end */

struct hours {
	int from, to;		/* HOURS_NONE: no from, or neither */
};

/* "", "22:30" (to only), "09:00-18:00". */
bool hours_parse(struct span, struct hours *out);
bool hours_parse_span(struct span, struct hours *out);	/* not "22:30" */
void hours_text(const struct hours *, char out[HOURS_SIZE]);
/* When they end: "18:00". */
void hours_end(const struct hours *, char out[HOURS_SIZE]);
/* Within from..to; without a from never. */
bool hours_hold(const struct hours *, int64_t at);
/* Until they are over; 0: these are others. */
int64_t hours_left(const struct hours *, int64_t at);
/* The next moment after `at` that is this minute of a day. */
int64_t hours_next(int minute, int64_t at);

#endif
