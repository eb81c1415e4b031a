#ifndef BAHI_GST_CLEAN_H
#define BAHI_GST_CLEAN_H
/*
 * Numbers of bills as two people write them: what is equal, and what is alike
 * once the financial year, dashes, slashes and leading zeros are gone.
 * Integers only: a ratio is in thousandths.
 */
#include <stdint.h>
#include "book/day.h"

#define BILL_NUMBER_MAX 64	/* bytes that are compared */
#define BILL_ALIKE_LEAST 900	/* thousandths */

struct bill_number {
	char plain[BILL_NUMBER_MAX + 1];	/* upper case, no blanks */
	char clean[BILL_NUMBER_MAX + 1];
	unsigned char letters[40];	/* how many of each, of `clean` */
	size_t n;			/* bytes of `clean` */
};

enum bill_alike { BILL_UNLIKE, BILL_CONTAINED, BILL_ALIKE };

/* The day says which financial year is taken out. */
void bill_number_read(struct bill_number *, const char *text, struct day);
bool bill_number_same(const struct bill_number *, const struct bill_number *);
/* *ratio (may be NULL) is of the whole strings, or, when they are alike by
 * words alone, 0.95 of that of the words. */
enum bill_alike bill_number_alike(const struct bill_number *,
	const struct bill_number *, int *ratio);

#endif
