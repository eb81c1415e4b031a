#ifndef BAHI_BOOK_QUANTITY_H
#define BAHI_BOOK_QUANTITY_H
/* How much of an item: whole thousandths, as the unit quantity codes of GST
 * allow three decimals. */
#include <stdint.h>
#include "core/err.h"
#include "core/str.h"

#define QUANTITY_ONE 1000
#define QUANTITY_MAX INT64_C(1000000000000)	/* of thousandths */

/* "12", "-0.5", "1.250"; nothing finer, nothing else. */
MUST_CHECK bool quantity_parse(struct span text, int64_t *out);
void quantity_plain(int64_t, struct str *);	/* no zeros at the end */
/* Minor units for that many at so much each, halves away from zero. False:
 * it does not fit. */
MUST_CHECK bool quantity_value(int64_t quantity, int64_t each, int64_t *out);

#endif
