#ifndef BAHI_FORMATS_FORMATS_H
#define BAHI_FORMATS_FORMATS_H
/*
 * File formats: bytes in pieces of any size -> records, each one JSON object.
 * Pure and bounded: a reader holds one record (RECORD_MAX) and no more,
 * however long the file is. One table, one file a format.
 *
 *	feed a piece; while (next) use the record; ...; feed 0; while (next);
 *	end
 *
 * The bytes fed stay the caller's and must stand until next() said false.
 */
#include <stdbool.h>
#include <stdint.h>

#include "core/err.h"
#include "core/str.h"

#define RECORD_MAX (1 << 20)	/* bytes of one record's JSON */

struct record {
	const char *topic;	/* "row", "statement", "entry", "850" */
	struct span json;	/* one object; valid until the next call */
	int64_t line;		/* of the file where it began; from 1 */
	const char *wrong;	/* NULL; else why it is not of the format: it
				 * is kept all the same, with what there was;
				 * a rule sees it as member `wrong` (but a
				 * line of JSON stays as it came) */
};

struct reader;

struct format {
	const char *name;	/* "csv" */
	const char *suffixes;	/* file names it takes: ".csv .txt" */
	struct reader *(*open)(void);
	void (*close)(struct reader **);
	/* Gives bytes; n 0: there are no more. */
	void (*feed)(struct reader *, const char *p, size_t n);
	/* The next whole record. False: feed more, or the end. */
	bool (*next)(struct reader *, struct record *);
	/* After the end: false when the file as a whole is not whole (an
	 * envelope is open, a count differs): err says why. */
	bool (*end)(struct reader *, struct err *);
	/* It has totals or an envelope of its own: those that do not add up
	 * are records that are wrong, or no whole file. */
	bool sealed;
};

extern const struct format *const formats[];	/* NULL ended */
const struct format *format_find(const char *name);
const struct format *format_of_file(const char *name);	/* by suffix */

#endif
