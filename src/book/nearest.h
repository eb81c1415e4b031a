#ifndef BAHI_BOOK_NEAREST_H
#define BAHI_BOOK_NEAREST_H
/*
 * Which code was meant: the master row whose code or name is closest to a
 * value by edit distance, letter case and punctuation aside. *budget is in
 * compared letters and lowered; at 0 nothing more is looked at.
 */
#include "book/reference.h"

/* NULL: nothing is close, or the budget is spent. */
const struct master *nearest_master(const struct reference *,
	enum reference_table, const char *value, int64_t *budget);

#endif
