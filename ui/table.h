#ifndef BAHI_UI_TABLE_H
#define BAHI_UI_TABLE_H
/* Aligned columns on a stream, for the verbs. Cells must be tame. */
#include <stdio.h>
#include "core/vec.h"

#define TABLE_COLUMNS 16

struct table {
	const char *align;	/* '<' or '>' a column */
	const char *heads[TABLE_COLUMNS];
	struct vec rows;
	size_t n;
};

/* `heads` are N_() marked and end with NULL. */
void table_start(struct table *, const char *align,
	const char *const *heads);
/* As many cells as heads. They must live until table_print. */
void table_add(struct table *, const char *const *cells);
void table_print(struct table *, FILE *);	/* and forgets the rows */

#endif
