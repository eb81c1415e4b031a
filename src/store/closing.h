#ifndef BAHI_STORE_CLOSING_H
#define BAHI_STORE_CLOSING_H
/*
 * What the close of a period is computed from, kept as events move and
 * journals post, so that a board never walks them.
 */
#include "store/books.h"

#define CLOSING_TAX "tax"	/* a state more: something of tax is wrong */

/* The event stands in a state now; only open ones count. */
MUST_CHECK bool closing_note(struct books *, const struct event *,
	const struct placing *, const struct findings *, struct err *);
/* Before it moves: what it added is taken off. */
MUST_CHECK bool closing_leave(struct books *, int64_t event, struct err *);
/* Of an entry of a journal. */
void closing_entry(struct books *, const char *entity, const char *period,
	const struct entry *);
/* Tax that a document says, debit positive; code NULL: none. */
void closing_tax(struct books *, const char *entity, const char *period,
	const char *currency, const char *code, int64_t amount);

/* Of a group, as figures_flush and figures_clear. */
MUST_CHECK bool closing_flush(struct books *, struct err *);
void closing_clear(struct books *);

#endif
