#ifndef BAHI_STORE_BACKUPS_H
#define BAHI_STORE_BACKUPS_H
/*
 * What is known of backups: the point that a snapshot is of, the row of each
 * that was made or tried, and when the last good one was. A backup changes no
 * books, so nothing of it is in the log; it is in the audit.
 */
#include "core/digest.h"
#include "core/json.h"
#include "store/books.h"

#define BACKUPS_KEPT 1000	/* rows */

struct backup_point {		/* all that a snapshot holds, up to here */
	int64_t seq;		/* of the log */
	int64_t event, received;	/* the last one; 0: none */
	int64_t events;
	int64_t audit;		/* rows */
	char hash[SHA256_HEX];	/* of the last of them; "": none */
};

MUST_CHECK bool backup_point(struct db *, struct backup_point *,
	struct err *);
/* Every journal is in balance, in every currency, and the counts of each
 * source add up; ERR_CORRUPT names the first that is not. */
MUST_CHECK bool backup_balanced(struct db *, int64_t *journals,
	struct err *);

struct backup_row {
	const char *id, *kind;	/* "backup", "drill" */
	int64_t at, took, bytes, point, pointed;
	const char *place, *why, *actor;
	bool good;
};

/* *added false: it is known already. */
MUST_CHECK bool backup_add(struct books *, const struct backup_row *,
	bool *added, struct err *);

struct backup_state {		/* of each kind; times 0: never */
	int64_t at, took, bytes, point, pointed;	/* the last good one */
	int64_t tried;		/* the last one at all */
	char why[200];		/* why that failed; "": it did not */
	char place[300];
};

MUST_CHECK bool backup_state(struct db *, const char *kind,
	struct backup_state *, struct err *);
struct backup_plan {
	int64_t every;		/* microseconds between two; 0: none are made */
	int64_t since;		/* when the first was waited for from */
};

/* Older than twice what is planned? */
bool backup_late(const struct backup_state *, const struct backup_plan *,
	int64_t now);
MUST_CHECK bool view_backups(struct db *, const struct backup_plan *,
	struct json *, struct err *);

#endif
