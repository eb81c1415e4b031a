#ifndef BAHI_STORE_GST_H
#define BAHI_STORE_GST_H
/*
 * Where documents stand in the returns of GST: a row a version, its rows by
 * section and rate, and the sums that returns are made of, gathered like the
 * balances. A return that was filed is locked: what changes later goes into
 * the next one, as an amendment.
 */
#include "book/reference.h"
#include "gst/supply.h"
#include "store/books.h"

#define GST_SUPECO "supeco"	/* table 14; not a section of lines */
#define GST_OUTWARD "outward"	/* sums: each document sold once */

/* All that rows have, and where those of a version may stand: in its period's
 * return, and in months of its quarter that have an IFF. $1 gstin, $2 period,
 * $3 version. */
#define GST_SECTIONS_STORED "'', 'b2b', 'b2cl', 'b2cs', 'exp', 'cdnr'," \
	" 'cdnur', 'at', 'txpd', 'nil', 'ecom', 'inward', 'unplaced'," \
	" 'supeco', 'b2ba', 'b2cla', 'b2csa', 'expa', 'cdnra', 'cdnura'," \
	" 'ata', 'txpda', 'ecoma', 'supecoa'"
#define GST_ROWS_OF_VERSION " WHERE gstin = $1" \
	" AND period IN ($2, $2 - 1, $2 - 2)" \
	" AND section IN (" GST_SECTIONS_STORED ") AND version = $3"

/* That version stands in its return now, in place of `before` (VERSION_ID;
 * 0: of none). supply NULL: it is not of GST any more. */
MUST_CHECK bool gst_note(struct books *, const struct reference *,
	struct arena *, int64_t version, int64_t before, struct supply *,
	struct err *);
/* The same of one that was posted before its entity was registered, as of
 * the row of the log that asked for it. */
MUST_CHECK bool gst_note_read(struct books *, const struct reference *,
	struct arena *, int64_t version, int64_t seq, struct supply *,
	struct err *);

/* Of a group, as closing_flush and closing_clear. */
MUST_CHECK bool gst_flush(struct books *, struct err *);
void gst_clear(struct books *);

/* Of a series of table 13 (nature, series and width are those of `low`) an end
 * went away: what is left tells. */
struct docnumber;
MUST_CHECK bool gst_series_ends(struct db *, const char *gstin,
	int64_t period, int64_t nature, struct docnumber *low,
	struct docnumber *high, struct err *);

/* ---- returns ---------------------------------------------------------- */

struct gst_filing {
	const char *gstin, *form;	/* gstr1 iff gstr3b */
	int64_t period, seq;
	struct day filed;
	const char *arn, *actor;
};

MUST_CHECK bool gst_filed(struct db *, const char *form, const char *gstin,
	int64_t period, bool *filed, struct err *);
/* The first of that form, not before, that is not filed. */
MUST_CHECK bool gst_open_period(struct db *, const char *form,
	const struct registration *, int64_t from, int64_t *out,
	struct err *);
/* The last one that is done; 0: none. It is in no log: for the audit alone. */
MUST_CHECK bool gst_last_export(struct db *, const struct gst_filing *,
	int64_t *id, struct err *);
/* Its day and ARN, into the arena. *found false: it is not filed. */
MUST_CHECK bool gst_filing_load(struct db *, struct arena *,
	struct gst_filing *, bool *found, struct err *);
/* Is anything of it amended in a later one, or any later one filed? */
MUST_CHECK bool gst_built_upon(struct db *, const struct gst_filing *,
	bool *built, struct err *);
/* It was said by mistake: open again. Not of an IFF. */
MUST_CHECK bool gst_unfile(struct books *, const struct gst_filing *,
	struct err *);
/* Locks it; of an IFF, its documents go into it. */
MUST_CHECK bool gst_file(struct books *, const struct gst_filing *,
	struct err *);

#endif
