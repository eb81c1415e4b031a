#ifndef BAHI_STORE_TIE_H
#define BAHI_STORE_TIE_H
/*
 * Does the ledger say of each document what its returns say?  While one is
 * posted its entries on tax accounts and its rows in returns are set against
 * each other, by month, side and head; what is left over is kept by document,
 * and what the ledger has by month.  So both the sums and the list of what
 * does not agree are there without a walk.
 */
#include "book/reference.h"
#include "gst/supply.h"
#include "store/books.h"

enum tie_side { TIE_OUTPUT, TIE_INPUT, TIE_SIDES };

#define TIE_HEADS (GST_HEADS + 1)	/* the last: of no head */
#define TIE_NO_HEAD GST_HEADS

const char *tie_side_name(enum tie_side);	/* "output" */
const char *tie_head_name(int);			/* "igst"; "other" */

/* An account of tax, by the words of its ledger path.  False: it is none, or
 * one of money that lies with the government. */
bool tie_account(const char *kind, const char *path, enum tie_side *,
	int *head);

/* Between tie_begin and tie_end, of one document; all of them do nothing when
 * its entity is not registered. */
void tie_begin(struct books *, const struct reference *,
	const struct document *);
/* A journal as posted on that day; undo: of the version before. */
void tie_journal(struct books *, const struct journal *, struct day,
	bool undo);
struct gst_kept;
/* It stands in a return now (1), or does no more (-1). */
void tie_kept(struct books *, const struct gst_kept *, int sign);
MUST_CHECK bool tie_end(struct books *, struct err *);

/* Of a group, as closing_flush and closing_clear. */
MUST_CHECK bool tie_flush(struct books *, struct err *);
void tie_clear(struct books *);

/* ---- reading ---------------------------------------------------------- */

/* Why ledger and return of a document differ. */
enum tie_class {
	TIE_DIFFERS,		/* another amount, or another head */
	TIE_UNPLACED,		/* of GST, but in no return */
	TIE_UNRETURNED,		/* no document of GST: a voucher */
	TIE_SETTLES,		/* pays tax, or sets it off: as it must be */
	TIE_TIMING,		/* posted in one month, returned in another */
	TIE_CLASSES
};

const char *tie_class_name(enum tie_class);
/* Must somebody look at it? */
bool tie_open(enum tie_class);

struct tie {
	const char *gstin;	/* "": of none that is known */
	const char *kind, *number;
	enum tie_class class;
	int64_t amount[TIE_SIDES][TIE_HEADS];	/* ledger less return */
};

/* Those of the months, by document; texts live for the call. */
MUST_CHECK bool ties_read(struct db *, const char *entity, int64_t first,
	int64_t last, bool (*each)(void *, const struct tie *, struct err *),
	void *arg, struct err *);

struct tie_sums {
	int64_t ledger[TIE_SIDES][TIE_HEADS];
	int64_t returned[TIE_SIDES][TIE_HEADS];
};

/* By side and head; gstin NULL: of the whole entity, "": of what names no
 * registration. */
MUST_CHECK bool tie_sums(struct db *, const char *entity, const char *gstin,
	int64_t first, int64_t last, struct tie_sums *, struct err *);

#endif
