#ifndef BAHI_BOOK_BANK_H
#define BAHI_BOOK_BANK_H
/* What an event says of money that is at a bank or was in a till: a claim to
 * be held against the ledger, whether or not the event is posted. */
#include "book/day.h"

#define BANK_LINES 16		/* of one event */

enum bank_says {
	BANK_SAYS_LINE,		/* of a statement */
	BANK_SAYS_BALANCE,	/* that closes a statement */
	BANK_SAYS_TILL,		/* the total of a till's day */
	BANK_SAYS_OPENING,	/* that opens a statement, as a day begins */
	BANK_SAYINGS
};

struct bank_line {
	enum bank_says says;
	const char *entity;
	const char *account;	/* of the ledger; of a till its cost centre */
	const char *holder;	/* the account's number at the bank; NULL */
	const char *currency;
	const char *text;	/* narration; NULL: none */
	const char *reference, *party;	/* NULL: none */
	struct day day;
	int64_t amount;		/* what comes in is positive */
	int64_t count;		/* of a till: sales; -1: not said */
};

/* Do its words have a number that is hardly twice by chance? */
bool bank_numbered(const char *text, const char *reference);

const char *bank_says_name(enum bank_says);	/* "line" */
bool bank_says_find(const char *, enum bank_says *out);

#endif
