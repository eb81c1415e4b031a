#ifndef BAHI_STORE_AUDIT_H
#define BAHI_STORE_AUDIT_H
/*
 * The audit: a chain of rows, each with the hash of the one before. What a row
 * says of an event, a journal, an approval, a row of the log, rules or a text
 * is a digest, and the walk holds what is kept against it. Adding: audit_add
 * (books.h), on the writer only.
 */
#include "store/books.h"

struct audit_row {
	int64_t seq, at;
	const char *actor, *action, *object, *old, *new;
};

void audit_hash(const struct audit_row *,
	const unsigned char prev[SHA256_SIZE],
	unsigned char out[SHA256_SIZE]);

/* A row from a process or thread that is not the writer, in the transaction of
 * its own connection: who holds the books chains it within seconds. */
MUST_CHECK bool audit_leave(struct db *, const char *actor,
	const char *action, const char *object, const char *old,
	const char *new, struct err *);
MUST_CHECK bool audit_any_left(struct db *, bool *any, struct err *);
/* On the writer, in its transaction: chains some of what was left. */
MUST_CHECK bool audit_take(struct books *, bool *more, struct err *);

/* Keeps a text under the digest of salt and text, for a row to say
 * "text=DIGEST": once salt and text are erased the digest tells nothing. */
MUST_CHECK bool audit_text(struct books *, struct span text,
	char out[SHA256_HEX], struct err *);

/* What is erased by law is no fault when a later row of the chain says so:
 * action "erased", object as in the row that named it (E12, L12, or the digest
 * of a text), new "now=SHA256" of the bytes that are there instead (of nothing
 * at all: "now="). */
#define AUDIT_ERASED "erased"

/* ---- walking ----------------------------------------------------------- */

enum audit_fault {
	AUDIT_WHOLE,
	AUDIT_EDITED,		/* the row says other than was hashed */
	AUDIT_MISSING,
	AUDIT_INSERTED,
	AUDIT_MOVED,
	AUDIT_CUT,		/* rows after it are gone */
	AUDIT_REWRITTEN,	/* not the row that was anchored */
	AUDIT_CONTENT,		/* what it names is not as it was */
	AUDIT_FAULTS
};

const char *audit_fault_name(enum audit_fault);

struct audit_mark {		/* how far the chain was walked */
	int64_t rows;
	unsigned char hash[SHA256_SIZE], before[SHA256_SIZE];
	enum audit_fault fault;	/* and what stopped it */
	int64_t broken;		/* that row */
	struct audit_named *named;	/* journals; NULL: not wanted */
};

/* Goes on from the mark, at most that many rows. ERR_CORRUPT names the first
 * broken row. */
MUST_CHECK bool audit_walk(struct db *, struct audit_mark *, int64_t most,
	bool *end, struct err *);
/* The mark before that row, as the row before it says. */
MUST_CHECK bool audit_mark_at(struct db *, int64_t row, struct audit_mark *,
	struct err *);
/* The first row of that time or later; behind the last one when there is
 * none. */
MUST_CHECK bool audit_row_at(struct db *, int64_t at, int64_t *row,
	struct err *);
MUST_CHECK bool audit_last(struct db *, int64_t *row, struct err *);

struct audit_range {
	const char *store;
	int64_t from, to;	/* rows; 0: from the first, to the last */
	int threads;		/* 0: as many as there are processors */
};

struct audit_report {
	int64_t rows;		/* that were walked */
	enum audit_fault fault;
	int64_t broken;
};

/* The whole of it also holds against the chain that no event, journal or row
 * of the log is there which it does not name. */
MUST_CHECK bool audit_verify(const struct audit_range *,
	struct audit_report *, struct err *);

/* ---- for others --------------------------------------------------------- */

struct audit_writing {
	bool content;		/* what rows name, too */
	bool (*take)(void *arg, struct span line, struct err *);
	void *arg;
};

/* bahi-audit(5), a line at a time; the store of the range is the db's. */
MUST_CHECK bool audit_export(struct db *, const struct audit_range *,
	const struct audit_writing *, int64_t *rows, struct err *);

struct json;
struct audit_filter {		/* NULL and 0: any */
	const char *object, *actor, *action;
	int64_t since, until, before;	/* times; a row */
};

/* "items" and "next", the newest first. */
MUST_CHECK bool audit_view(struct db *, const struct audit_filter *,
	int limit, struct json *, struct err *);
/* One piece of a walk from row to row; hash: how the piece before it ended. */
MUST_CHECK bool audit_view_verify(struct db *, const struct audit_range *,
	const char *hash, struct json *, struct err *);

/* Digests that rows name. */
struct approval;
struct ruling;
void audit_log_digest(const char *kind, int64_t at, const char *actor,
	struct span body, char out[SHA256_HEX]);
void audit_approvals_digest(const struct approval *, size_t n,
	char out[SHA256_HEX]);
void audit_rulings_digest(const struct ruling *, size_t n,
	char out[SHA256_HEX]);

#endif
