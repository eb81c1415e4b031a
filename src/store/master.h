#ifndef BAHI_STORE_MASTER_H
#define BAHI_STORE_MASTER_H
/*
 * Master data and mappings: loaded whole into a snapshot, changed only by
 * CSV tables, each a row of the one log, so that a rebuild replays them.
 * Tables: entity account cost_centre tax_code currency party item location
 * (code,name,entity,kind,extra,from,to), mapping (source,dimension,from,to),
 * rate (from,to,first,rate), period (entity,period,state), pair
 * (account,cost_centre). A first line of column names is required.
 */
#include "book/reference.h"
#include "store/books.h"

#define MASTER_CSV_MAX (64 << 20)

MUST_CHECK bool master_load(struct db *, struct reference **, struct err *);
/* Within books_begin: adds or replaces the rows, writes log and audit, moves
 * the generation. ERR_REQUEST names table and line. */
MUST_CHECK bool master_import(struct books *, const char *actor,
	const char *table, struct span csv, int64_t *seq, struct err *);
/* Names of all tables, NULL ended, in the order they should be read. */
extern const char *const master_tables[];

#endif
