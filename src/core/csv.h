#ifndef BAHI_CORE_CSV_H
#define BAHI_CORE_CSV_H
/*
 * RFC 4180, one record at a time, in bounded memory. LF or CRLF; a byte order
 * mark is skipped; an unclosed quote or text after one is a fault, not a
 * guess.
 */
#include "core/err.h"
#include "core/span.h"
#include "core/str.h"

#define CSV_FIELDS_MAX 64
#define CSV_RECORD_MAX 65536

struct csv {
	struct span rest;
	unsigned line;		/* of the record just read, from 1 */
	unsigned next_line;
	struct str text;	/* decoded fields of the record, NUL between */
	size_t at[CSV_FIELDS_MAX];
	size_t n;		/* fields of the record */
};

void csv_open(struct csv *, struct span text);
void csv_close(struct csv *);
/* False at the end or on a fault; the fault is in err (code not ERR_NONE). */
bool csv_next(struct csv *, struct err *);
const char *csv_field(const struct csv *, size_t);	/* "" past the end */
/* One field, quoted when it must be; a cell that would start a formula in a
 * spreadsheet (= + - @ tab CR) is led by an apostrophe unless it is a plain
 * number. */
void csv_write(struct str *, struct span field);
/* The same without that apostrophe: for a program that reads it back. */
void csv_write_plain(struct str *, struct span field);

#endif
