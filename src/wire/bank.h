#ifndef BAHI_WIRE_BANK_H
#define BAHI_WIRE_BANK_H
/* What is said of lines of a bank. Texts are "" when absent. */
#include "wire/wire.h"

#define WIRE_BANK_ROWS 10000

/* What a person says; only what is not NULL is sent. */
struct wire_bank_word {
	const char *act;		/* NULL: nothing */
	const char *const *lines;	/* L12 */
	size_t n_lines;
	const char *const *entries;	/* of match: N34 */
	size_t n_entries;
	const char *entity, *of, *rule;	/* of accept, instead of lines: all
					 * that this rule suggests for `of` */
	const char *account;		/* of book: where to */
	const char *party, *cost_centre, *memo, *gst, *supply;
	const char *into;		/* what is of a closed period */
	const char *decision;		/* of undo: D12 */
	const char *reason;
};

/* What came of it. */
struct wire_bank_said {
	const char *decision;		/* "": nothing was done */
	int64_t done, held, left;
	const char *why;		/* of the first that was left out */
};

MUST_CHECK bool shape_bank_said(struct span, struct arena *,
	struct wire_bank_said *);
/* Answer as it came. */
MUST_CHECK bool wire_bank_post(struct wire *, const struct wire_bank_word *,
	const char *key, struct arena *, struct span *answer, struct err *);

#endif
