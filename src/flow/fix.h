#ifndef BAHI_FLOW_FIX_H
#define BAHI_FLOW_FIX_H
/*
 * A fix that is a row of master data, not a mapping: what GST must know of a
 * party (dimensions taxpayer: its GSTIN, gst_state: its state) or of an item
 * (hsn, gst_unit).  The row is as it was, with that one thing changed.
 */
#include "book/reference.h"
#include "core/str.h"
#include "store/db.h"

/* NULL: a mapping mends it. */
const char *fix_table(const char *dimension);
/* Is there such a party or item, and may that be said of it? */
MUST_CHECK bool fix_judge(const struct reference *, const char *dimension,
	const char *value, const char *to, struct err *);
/* The CSV to import. */
MUST_CHECK bool fix_row(struct db *, const char *dimension,
	const char *value, const char *to, struct str *csv, struct err *);

#endif
