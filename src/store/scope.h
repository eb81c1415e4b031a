#ifndef BAHI_STORE_SCOPE_H
#define BAHI_STORE_SCOPE_H
/*
 * What of the books a caller sees.  A reading connection that is his alone gets
 * a view in temp for each table, which hides the table, so the SQL that reads
 * is the same for everybody.  Who sees all needs none of it and pays nothing.
 */
#include "core/arena.h"
#include "store/db.h"

struct scope {
	const char *entities;	/* codes by blanks; "*" all */
	const char *sees;	/* topics of what is restricted; "*" all */
	bool goods;		/* of documents only those about goods */
};

/* All of it: no connection of its own is needed. */
bool scope_whole(struct db *, const struct scope *, bool *whole,
	struct err *);
/* Is the code among them? */
bool scope_names(const char *list, const char *code);
/* What both allow, in the arena. */
const char *scope_meet(struct arena *, const char *a, const char *b);
/* Two scopes of the same key see the same as long as the books say so. */
MUST_CHECK bool scope_key(struct db *, const struct scope *, struct arena *,
	const char **key, struct err *);
/* Once, on a connection for this scope alone. */
MUST_CHECK bool scope_open(struct db *, const struct scope *, struct err *);

/* Of such a connection. An entity, a GSTIN of ours, an event; a run, a
 * decision, an export; a row of 2B, a purchase by its version; a report. From
 * SCOPE_CODE on of any: what master data has, and a source that was ever heard
 * of. */
enum scope_thing {
	SCOPE_ENTITY, SCOPE_GSTIN, SCOPE_EVENT, SCOPE_RUN, SCOPE_DECISION,
	SCOPE_EXPORT, SCOPE_ROW, SCOPE_PURCHASE, SCOPE_BANK_LINE,
	SCOPE_BANK_ENTRY, SCOPE_REPORT, SCOPE_CODE, SCOPE_ACCOUNT,
	SCOPE_LOCATION, SCOPE_SOURCE, SCOPE_THINGS
};
MUST_CHECK bool scope_has(struct db *, enum scope_thing, const char *name,
	int64_t id, bool *has, struct err *);
/* How many accounts are hidden on this connection. */
MUST_CHECK bool scope_hidden(struct db *, int64_t *n, struct err *);

/* How a table is classified; NULL: it is not, which a test refuses. */
const char *scope_class(const char *table);

#endif
