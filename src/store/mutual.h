#ifndef BAHI_STORE_MUTUAL_H
#define BAHI_STORE_MUTUAL_H
/*
 * What companies of the group say of each other, kept as entries are posted:
 * sums by document, and which of them the two sides do not agree on.
 */
#include "book/reference.h"
#include "store/books.h"

/* Has it an entry whose party is another legal entity? */
bool mutual_concerns(const struct reference *, const struct journal *);
/* A journal of the document was posted, be it one that undoes another. */
MUST_CHECK bool mutual_note(struct books *, const struct reference *,
	const struct document *, const struct journal *, struct err *);
/* The table of accounts changed: which do not agree is asked anew. */
MUST_CHECK bool mutual_again(struct db *, struct err *);

#endif
