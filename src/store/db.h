#ifndef BAHI_STORE_DB_H
#define BAHI_STORE_DB_H
/*
 * The seam to the database. A db is one connection and belongs to one thread
 * at a time. Statements are static const text with $1 parameters, prepared
 * once a connection and kept; text given to a bind must live until the step.
 */
#include <stdint.h>
#include "core/err.h"
#include "core/span.h"

struct db;
struct stmt;

/* DB_SCAN: reading much at once; what it sorts goes to disk. DB_COPY: a new
 * file that db_copy fills; nobody else has it, and a crash throws it away. */
enum db_mode { DB_READ, DB_WRITE, DB_CREATE, DB_SCAN, DB_COPY };

MUST_CHECK bool db_open(struct db **, const char *path, enum db_mode,
	struct err *);
void db_close(struct db **);
/* Its file, from the root; "" when it is in memory. */
const char *db_path(const struct db *);
/* From any thread, while it is open: what it is at fails. */
void db_interrupt(struct db *);
/* Bring the schema to this release; ERR_SCHEMA when it is newer. */
MUST_CHECK bool db_migrate(struct db *, struct err *);

MUST_CHECK bool db_begin(struct db *, struct err *);	/* write, at once */
MUST_CHECK bool db_begin_read(struct db *, struct err *); /* one snapshot */
MUST_CHECK bool db_commit(struct db *, struct err *);
void db_rollback(struct db *);

/* The snapshot of `from`, inside db_begin_read and read from already, into
 * `to`, piece by piece; before each, `go_on` may rest, or say false: then it
 * is ERR_REFUSED. Whoever writes meanwhile does not wait. */
MUST_CHECK bool db_copy(struct db *from, struct db *to,
	bool (*go_on)(void *), void *arg, struct err *);
/* The engine's own look at every page; ERR_CORRUPT says what it found. */
MUST_CHECK bool db_check(struct db *, struct err *);
/* Of the file, and of this release. */
MUST_CHECK bool db_schema(struct db *, int *out, int *ours, struct err *);

/* Moves pages from the log into the database; passive: as far as nobody is in
 * the way; restart: waits a moment for readers, so that the log begins anew. */
void db_checkpoint(struct db *, bool restart);
/* Pages in the write-ahead log as of our last commit. */
int db_log_pages(const struct db *);

struct stmt *db_stmt(struct db *, const char *sql);	/* by its address */
void stmt_int(struct stmt *, int at, int64_t);
void stmt_text(struct stmt *, int at, const char *);	/* NULL: null */
void stmt_span(struct stmt *, int at, struct span);	/* text */
void stmt_blob(struct stmt *, int at, const void *, size_t);
void stmt_null(struct stmt *, int at);

enum step { STEP_FAILED = -1, STEP_DONE = 0, STEP_ROW = 1 };
/* After anything but STEP_ROW the statement is reset, bindings cleared. */
enum step stmt_step(struct stmt *, struct err *);
void stmt_reset(struct stmt *);		/* leaving before the end */
MUST_CHECK bool stmt_run(struct stmt *, struct err *);	/* no rows wanted */
/* Is there a row? Nothing of it is wanted. */
MUST_CHECK bool stmt_found(struct stmt *, bool *found, struct err *);
/* The first column of the first row; 0: there is none. */
MUST_CHECK bool stmt_number(struct stmt *, int64_t *, struct err *);

/* Of the present row; valid until the next step. */
int64_t col_int(struct stmt *, int at);		/* from 0; null is 0 */
const char *col_text(struct stmt *, int at);	/* null is NULL */
struct span col_span(struct stmt *, int at);
bool col_null(struct stmt *, int at);

#endif
