#ifndef BAHI_FORMATS_DECIMAL_H
#define BAHI_FORMATS_DECIMAL_H
/*
 * An exact amount as files have it, of a currency that need not be known:
 * 13 digits, at most 5 after the point. Sums are checked.
 */
#include <stdbool.h>
#include <stdint.h>

#include "core/span.h"
#include "core/str.h"

struct decimal {
	int64_t units;		/* of 0.00001 */
	int places;		/* how many were written */
};

/* Digits without a sign; `point` is the decimal mark. */
bool decimal_parse(struct span, char point, struct decimal *out);
/* False: the sum would not fit; *to is as it was. */
bool decimal_add(struct decimal *to, struct decimal, bool minus);
void decimal_write(struct decimal, struct str *);	/* -1180.00 */

#endif
