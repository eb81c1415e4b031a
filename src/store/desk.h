#ifndef BAHI_STORE_DESK_H
#define BAHI_STORE_DESK_H
/*
 * How people share the work: who has an event, until when nobody wants to
 * see it, and what was said of it. None of it moves the event.
 */
#include "store/books.h"

#define COMMENTS_MAX 1000	/* of one event */

struct desk {
	const char *assignee;	/* NULL: nobody has it */
	int64_t snoozed;	/* until; microseconds; 0: it is not */
	int64_t comments;	/* ever; some may be taken back */
};

/* Of an event that nobody has touched, all is empty. */
MUST_CHECK bool desk_load(struct db *, int64_t event, struct arena *,
	struct desk *, struct err *);
MUST_CHECK bool desk_put(struct books *, int64_t event, const struct desk *,
	struct err *);
/* As the desk's comment number `n`, from 1. */
MUST_CHECK bool comment_add(struct books *, int64_t event, int64_t n,
	int64_t at, const char *actor, const char *text, struct err *);
MUST_CHECK bool comment_remove(struct books *, int64_t event, int64_t n,
	struct err *);

#endif
