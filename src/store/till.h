#ifndef BAHI_STORE_TILL_H
#define BAHI_STORE_TILL_H
/* What tills sold by day, as posted and as their own totals say. A till is
 * known by the cost centre of its sales. */
#include "book/bank.h"
#include "store/books.h"

/* Gathers what the document adds (1), or took back (-1), until the commit;
 * what did not come from a till adds nothing. */
void till_note(struct books *, const struct document *, int sign);
MUST_CHECK bool till_flush(struct books *, struct err *);
void till_clear(struct books *);
/* The total of a till's day, in a report of that event. */
MUST_CHECK bool till_say(struct books *, int64_t event, size_t n,
	const struct bank_line *, const char *source, struct err *);

#endif
