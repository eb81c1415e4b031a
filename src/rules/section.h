#ifndef BAHI_RULES_SECTION_H
#define BAHI_RULES_SECTION_H
/* Inside of rules/: a file of named SELECTs, cut where a line `-- name: NAME`
 * starts one. What stands before the first is the file's head. */
#include "rules/sandbox.h"

struct section {
	const char *file;	/* "map/shopify/orders_paid.sql" */
	const char *name;	/* "header" */
	const char *sql;
	unsigned line;		/* of the file where the SQL starts */
	size_t index;		/* among all sections */
};

struct section_walk {		/* all zero but file and text */
	const char *file, *text;
	const char *at;
	unsigned line;
};

/* The next one, its texts in the arena, without an index. False: no more. */
bool section_next(struct section_walk *, struct arena *, struct section *);
/* Is it among the names, which end with NULL? */
bool section_lists(const char *const *names, const char *name);
/* One SELECT that the sandbox takes, ready to be stepped; finalized by the
 * caller. err says file and line. */
MUST_CHECK bool section_prepare(struct sandbox *, const struct section *,
	sqlite3_stmt **, struct err *);

#endif
