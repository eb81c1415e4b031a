#ifndef BAHI_UI_TABLE_H
#define BAHI_UI_TABLE_H
/*
 * Tables on a stream, for the verbs: aligned columns for a person, RFC 4180
 * for a program; which columns, how sorted and how many is the caller's to
 * say. Cells must be tame.
 */
#include <stdio.h>
#include "core/arena.h"
#include "core/vec.h"

#define TABLE_COLUMNS 20

struct table {
	const char *align;	/* '<' or '>' a column */
	const char *names[TABLE_COLUMNS];	/* of --columns; NULL: head's */
	bool times[TABLE_COLUMNS];	/* it holds times, days or ages */
	const char *heads[TABLE_COLUMNS];
	struct vec rows;
	size_t n;
};

struct table_style {
	bool csv, no_header, bold, ascii;
	const char *columns;	/* "event,amount"; NULL: as they stand */
	const char *sort;	/* "amount" or "-amount"; NULL: as they came */
	int64_t limit;		/* -1: all */
	int width;		/* cells of the terminal; 0: any */
	const char *where;	/* as of ui/filter.h; NULL: all */
};

/* `heads` are N_() marked and end with NULL. */
void table_start(struct table *, const char *align,
	const char *const *heads);
/* As many cells as heads. They must live until table_write. */
void table_add(struct table *, const char *const *cells);
/* The same, and what a program reads instead of them; NULL: the cell. */
void table_add_raw(struct table *, const char *const *cells,
	const char *const *raws);
/* "event": what --columns and a filter call the column. */
const char *table_name(const struct table *, struct arena *, size_t column);
/* And forgets the rows. */
MUST_CHECK bool table_write(struct table *, const struct table_style *,
	struct arena *, FILE *, struct err *);

#endif
