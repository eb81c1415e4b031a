#ifndef BAHI_WIRE_WORD_H
#define BAHI_WIRE_WORD_H
/*
 * What a person says of rows that he saw: one request, whatever the rows are.
 * Its answer tells how many it was done to, and why others were left out.
 */
#include "wire/wire.h"

struct wire_word {
	const char *what;	/* "approve"; NULL: nothing is said */
	const char *path;	/* of the API */
	const char *members;	/* of the body, as JSON without its braces */
	const char *about;	/* what it is of, for people */
	const char *again;	/* lists that are looked at behind it, by + */
	const char *reason;	/* NULL or "": none */
};

struct wire_said {
	const char *done, *refused;	/* how many; "": it does not say */
	const char *why;		/* of the first that was left out */
	const char *event, *state;	/* that came of it; "": none */
	const char *unknown;		/* how many of them may be at their
					 * target all the same; "": none */
	const char *held;		/* how many wait for an approval; "" */
};

MUST_CHECK bool wire_word_post(struct wire *, const struct wire_word *,
	const char *key, struct arena *, struct span *answer, struct err *);
MUST_CHECK bool shape_said(struct span, struct arena *, struct wire_said *);

#endif
