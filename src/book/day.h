#ifndef BAHI_BOOK_DAY_H
#define BAHI_BOOK_DAY_H
/* Calendar days as text, YYYY-MM-DD, in the entity's zone (IST). */
#include <stdbool.h>
#include <stdint.h>
#include "core/span.h"

struct day {
	char text[11];
};

bool day_parse(struct span, struct day *out);	/* real days, 1990..2199 */
/* From an RFC 3339 time (its own offset honoured, turned to IST) or a day. */
bool day_from_text(struct span, struct day *out);
struct day day_from_time(int64_t microseconds);	/* in IST, UTC+05:30 */
void day_period(struct day, char out[8]);	/* YYYY-MM */
void day_year(struct day, char out[8]);		/* financial: 2026-27 */
/* A time as it is, or the moment at which a day begins (IST). */
bool day_moment(struct span, int64_t *out);
int day_between(struct day from, struct day to);	/* days */

#endif
