#ifndef BAHI_STORE_MASTER_ROW_H
#define BAHI_STORE_MASTER_ROW_H
/*
 * Inside of store/: one record of a CSV of master data, and whether it may
 * be taken. Judging only reads, so that a trial can ask, too.
 */
#include "store/master_table.h"

struct row {
	struct db *db;
	const char *name;		/* of the table */
	const struct master_table *table;
	const struct csv *csv;
	struct err *e;			/* says table, line and reason */
};

const char *row_field(const struct row *, size_t);
/* Is the first record the column names? Else a file with columns in another
 * order would be read wrongly. keys: only those that name a row. */
MUST_CHECK bool row_judge_head(const struct row *, bool keys);
MUST_CHECK bool row_judge(const struct row *);
/* Only the key: of a row to be removed. */
MUST_CHECK bool row_judge_key(const struct row *);
/* Of one column: a code; a day or nothing. */
MUST_CHECK bool row_judge_code(const struct row *, size_t);
MUST_CHECK bool row_judge_day(const struct row *, size_t);
/* Always false: table, line, what and the column's text. */
bool row_refuse(const struct row *, const char *what, size_t);

#endif
