#ifndef BAHI_BAHID_IMPORT_H
#define BAHI_BAHID_IMPORT_H
/* Master data out of a folder of CSV files, one a table: TABLE.csv. */
#include "store/books.h"

/* Reads those files that are there, in one commit; at least one must be.
 * tables: how many were. */
MUST_CHECK bool import_folder(struct books *, const char *folder,
	const char *actor, int *tables, struct err *);
/* Who runs this program, for the audit. */
const char *user_name(struct arena *);

#endif
