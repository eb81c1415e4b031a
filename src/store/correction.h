#ifndef BAHI_STORE_CORRECTION_H
#define BAHI_STORE_CORRECTION_H
/*
 * Which event a person sent instead of which. It follows from the log; a
 * rebuild makes the same rows.
 */
#include "store/books.h"

struct json;

struct correction {
	int64_t event, original, decision;
	const char *actor;
};

/* Who corrects is taken for one who made it, too: he does not approve it. */
MUST_CHECK bool correction_add(struct books *, const struct correction *,
	struct err *);
/* The event that corrects the original and is not itself given up; 0: none. */
MUST_CHECK bool correction_stands(struct db *, int64_t original,
	int64_t *event, struct err *);
/* "corrects" and "corrected_as" of an event; null: neither. */
MUST_CHECK bool show_correction(struct db *, int64_t event, struct json *,
	struct err *);

#endif
