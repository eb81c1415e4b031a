#ifndef BAHI_STORE_MASTER_H
#define BAHI_STORE_MASTER_H
/*
 * Master data and mappings: loaded whole into a snapshot, changed only by
 * CSV tables, each a row of the one log, so that a rebuild replays them.
 * Tables: entity account cost_centre tax_code currency party item location
 * (code,name,entity,kind,extra,from,to), mapping (source,dimension,from,to),
 * rate (from,to,first,rate), period (entity,period,state), pair
 * (account,cost_centre), limit (source,per_second,burst,body,allow), cost
 * (item,first,cost,currency), flow (see book/flow.h), grant (client,account),
 * intercompany (entity,account,counterparty,counter_account),
 * close (entity,line,owner,due), tolerance (entity,location,percent,value),
 * policy (see book/policy.h), and those of GST (see book/statute.h).
 * A first line of column names is required.
 */
#include "book/reference.h"
#include "core/json.h"
#include "store/books.h"

#define MASTER_CSV_MAX (64 << 20)

MUST_CHECK bool master_load(struct db *, struct reference **, struct err *);
/* Within books_begin: adds or replaces the rows, writes log and audit, moves
 * the generation. ERR_REQUEST names table and line. */
MUST_CHECK bool master_import(struct books *, const char *actor,
	const char *table, struct span csv, int64_t *seq, struct err *);
/* The same with only the key columns: takes those rows away. ERR_REFUSED:
 * rows of this table are closed by their day. */
MUST_CHECK bool master_remove(struct books *, const char *actor,
	const char *table, struct span csv, int64_t *seq, struct err *);
/* Seq of the last change of the table; 0: never. */
MUST_CHECK bool master_version(struct db *, const char *table, int64_t *seq,
	struct err *);
/* The snapshot as it would be with that change; what is kept stays as it is.
 * With table NULL: as it is. */
MUST_CHECK bool master_load_with(struct db *, const char *table,
	struct span csv, bool remove, struct reference **, struct err *);
/* Digest of the rows that such a change would touch, as they are now. */
MUST_CHECK bool master_base(struct db *, const char *table, struct span csv,
	bool remove, char out[SHA256_HEX], struct err *);
/* What an import would do, row by row, and why it would refuse: written as
 * JSON, nothing else is. False also for a first line of other names. */
MUST_CHECK bool master_trial(struct db *, const char *table,
	struct span csv, struct json *, struct err *);
/* One row by its key: *line is its CSV, "" when there is none. The key is
 * the text of the key columns, joined by "/". */
MUST_CHECK bool master_line(struct db *, const char *table, const char *key,
	struct str *line, struct err *);
/* The parts of such a key; their number is that of the key columns. False:
 * not a key of that table. */
MUST_CHECK bool master_key(const char *table, const char *key,
	struct arena *, const char **parts, size_t *n, struct err *);
#define MASTER_KEY_PARTS 4
/* Names of all tables, NULL ended, in the order they should be read. */
extern const char *const master_tables[];

#endif
