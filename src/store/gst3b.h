#ifndef BAHI_STORE_GST3B_H
#define BAHI_STORE_GST3B_H
/*
 * GSTR-3B as the store has it: what people entered, and the form of a period
 * with what the periods before carry into it.  Reads sums, never documents.
 */
#include "gst/gstr3b.h"
#include "store/books.h"

struct gst_entry {		/* one cell, as somebody said it */
	const char *gstin, *cell, *reason, *actor;
	int64_t period;
	int64_t amount[GST_HEADS];
	int64_t at, seq;
};

/* Instead of what was said of that cell before; within books_begin. */
MUST_CHECK bool gst_entry_put(struct books *, const struct gst_entry *,
	struct err *);
/* *any false: there was none. */
MUST_CHECK bool gst_entry_drop(struct books *, const struct gst_entry *,
	bool *any, struct err *);
/* Of a period, by cell. Texts in the arena. */
MUST_CHECK bool gst_entries_read(struct db *, struct arena *,
	const char *gstin, int64_t period, struct gst_entry **out, size_t *n,
	struct err *);
/* The day it was filed, in the arena; NULL: it is not. */
MUST_CHECK bool gst_filed_day(struct db *, struct arena *, const char *gstin,
	const char *form, int64_t period, const char **day, struct err *);

struct gst3b_form {
	const struct registration *own;	/* of the reference */
	int64_t period, first;	/* of its months */
	struct gst3b figures;
};

/* The return that the month belongs to: 202610 to 202612 of who files by
 * quarters.  False: no such registration. */
MUST_CHECK bool gst3b_months(const struct reference *, const char *gstin,
	int64_t month, struct gst3b_form *out);
/* The form of that return; carried from the first period that has anything.
 * ERR_NOT_FOUND: no such registration. */
MUST_CHECK bool gst3b_read(struct db *, const struct reference *,
	const char *gstin, int64_t period, struct gst3b_form *out,
	struct err *);
/* All of them up to that one. */
MUST_CHECK bool gst3b_each(struct db *, const struct reference *,
	const char *gstin, int64_t period, bool (*each)(void *,
	const struct gst3b_form *, struct err *), void *arg, struct err *);

/* The first period of the form that is not filed, and its day; of forms whose
 * filing is not told here the next day. *any false: there is none. */
MUST_CHECK bool gst_next_due(struct db *, const struct reference *,
	const struct registration *, const char *form, struct day today,
	int64_t *period, struct day *due, bool *any, struct err *);

#endif
