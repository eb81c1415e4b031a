#ifndef BAHI_STORE_RULING_H
#define BAHI_STORE_RULING_H
/*
 * What a person said an event's documents are: in force whenever the event
 * is judged again, until it posts. One row a document; what is not ruled on
 * stays as rules make it.
 */
#include "book/day.h"
#include "core/arena.h"
#include "store/books.h"

struct ruling {
	int64_t part, parts;	/* parts: how many the event made */
	int64_t base;		/* version it is made against; -1: not said */
	struct span document;	/* document_encode's; p NULL: as mapped */
	struct day day;		/* that it is posted on; "": its own */
	bool merged;		/* not as its source sent it */
	int64_t seq;		/* of the decision */
	const char *actor;
};

/* By part; n 0: none. */
MUST_CHECK bool rulings_load(struct db *, int64_t event, struct arena *,
	struct ruling **, size_t *n, struct err *);
/* Takes the place of an earlier one; both who made it are remembered. */
MUST_CHECK bool ruling_put(struct books *, int64_t event,
	const struct ruling *, struct err *);
/* Did this person ever rule on the event? Who did is a maker of it. */
MUST_CHECK bool ruling_by(struct db *, int64_t event, const char *actor,
	bool *yes, struct err *);
/* Somebody whose words are in what the event says. */
MUST_CHECK bool ruler_put(struct books *, int64_t event, const char *actor,
	struct err *);

#endif
