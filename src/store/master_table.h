#ifndef BAHI_STORE_MASTER_TABLE_H
#define BAHI_STORE_MASTER_TABLE_H
/*
 * The tables of master data with their columns, the first `keys` of which
 * name a row, and how they are listed, found and removed.
 */
#include "core/csv.h"
#include "store/db.h"

#define MASTER_COLUMNS_MAX 10
#define MASTER_KEYS_MAX 4

struct master_table {
	const char *name;	/* "": all that share the table master */
	const char *columns[MASTER_COLUMNS_MAX];
	size_t keys;
	const char *all, *one;	/* one: $1.. the key; of master $2 the code */
	const char *remove;	/* NULL: rows are closed, not removed */
};

/* NULL: no such table. */
const struct master_table *master_table_find(const char *name);
size_t master_table_columns(const struct master_table *);
/* "code,name,...": the line that every CSV of it begins with. */
void master_table_head(const struct master_table *, struct str *out);
/* Ready to step: every row, or the one of that key. */
struct stmt *master_table_all(struct db *, const struct master_table *,
	const char *name);
struct stmt *master_table_one(struct db *, const struct master_table *,
	const char *name, const char *const *key);
/* The row that stands in the statement, as a line of CSV. */
void master_table_line(const struct master_table *, struct stmt *,
	bool sheet, struct str *out);

#endif
