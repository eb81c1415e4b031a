#ifndef BAHI_BOOK_SKIP_H
#define BAHI_BOOK_SKIP_H
/*
 * Why an action on many events leaves one of them out. A plan says it before,
 * the receipt of the run afterwards; both from this one table.
 */
#include <stdbool.h>

enum skip {
	SKIP_NONE, SKIP_ABSENT, SKIP_TWICE, SKIP_STALE, SKIP_POSTED,
	SKIP_STATE, SKIP_LOCKED, SKIP_OWN, SKIP_RIGHT, SKIP_GIVEN,
	SKIP_CODE, SKIP_OVERLAP, SKIPS
};

struct skip_info {
	const char *name;	/* "locked_period" */
	const char *what;	/* N_() sentence */
	const char *hint;	/* N_() what to do */
};

const struct skip_info *skip_info(enum skip);
bool skip_find(const char *name, enum skip *out);

#endif
