#ifndef BAHI_CORE_TEXTDIFF_H
#define BAHI_CORE_TEXTDIFF_H
/*
 * What differs between two texts, by lines. Memory is bounded: a stretch of
 * more than TEXTDIFF_MAX lines on either side counts as wholly replaced.
 */
#include "core/span.h"

#define TEXTDIFF_MAX 3000

/* For each line that is only in one: op '-' with its number in the old text,
 * '+' with its number in the new one; in order, removed before added. */
void text_diff(struct span old, struct span new, void (*line)(void *arg,
	char op, unsigned number, struct span text), void *arg);

#endif
