#ifndef BAHI_BOOK_RETENTION_H
#define BAHI_BOOK_RETENTION_H
/*
 * How long what is kept, by which law: data/privacy/retention.csv. What the
 * books need ends by the financial year, not by a day of its own.
 */
#include "book/day.h"
#include "core/arena.h"
#include "core/err.h"

enum retained {
	RETAIN_BOOKS,		/* journals, vouchers: never before their time */
	RETAIN_GST,		/* what returns are made of: the same */
	RETAIN_PERSONAL,	/* what is personal, after the last event */
	RETAIN_ALERTS,		/* notices that were sent */
	RETAIN_FILES,		/* files of the inbox that were read */
	RETAINED
};

struct retention_rule {
	int months;
	char law[80];
};

struct retention {
	struct retention_rule rules[RETAINED];
};

const char *retained_name(enum retained);
/* Every rule must be there; the law's own are never shorter than it says. */
MUST_CHECK bool retention_read(struct retention *, struct span csv,
	struct err *);
MUST_CHECK bool retention_load(struct retention *, const char *folder,
	struct err *);
/* The last day on which what is of that day must or may be kept. */
struct day retention_until(const struct retention *, enum retained,
	struct day);

#endif
