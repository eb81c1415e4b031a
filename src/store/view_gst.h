#ifndef BAHI_STORE_VIEW_GST_H
#define BAHI_STORE_VIEW_GST_H
/* Where documents stand in returns, as JSON of data/openapi.yaml. */
#include "core/json.h"
#include "store/gst.h"
#include "store/views.h"

/* Of which registration and return; period as its form has it. */
struct gst_ask {
	const struct registration *own;
	int64_t period, first;		/* first month that is part of it */
	const char *section;		/* or a cell of GSTR-3B */
	const char *type, *place;	/* NULL: any */
	int64_t rate;			/* -1: any */
	const char *after;		/* NULL: from the first */
	int limit;
};

MUST_CHECK bool view_gst_registrations(struct db *,
	const struct reference *, struct json *, struct err *);
MUST_CHECK bool view_gst_summary(struct db *, const struct reference *,
	const struct gst_ask *, struct day today, struct json *,
	struct err *);
MUST_CHECK bool view_gst_cells(struct db *, const struct gst_ask *,
	struct json *, struct err *);
MUST_CHECK bool view_gst_documents(struct db *, const struct gst_ask *,
	struct arena *, struct json *, struct err *);
/* section: part b2b, b2c or in; NULL: all. */
MUST_CHECK bool view_gst_hsn(struct db *, const struct reference *,
	const struct gst_ask *, struct json *, struct err *);
MUST_CHECK bool view_gst_issued(struct db *, const struct gst_ask *,
	struct arena *, struct json *, struct err *);
MUST_CHECK bool view_gst_changes(struct db *, const struct gst_ask *,
	struct arena *, struct json *, struct err *);
MUST_CHECK bool view_gst_filings(struct db *, const char *gstin,
	struct json *, struct err *);
void show_gst_filing(struct json *, const struct gst_filing *);

/* "gst" of a version; null: it is in no return. */
MUST_CHECK bool show_gst_document(struct db *, int64_t version,
	struct arena *, struct json *, struct err *);
/* Rows of returns that documents of the event are in; *any: some are of GST,
 * whether there are rows of them or not. */
MUST_CHECK bool show_gst_returns(struct db *, int64_t event, struct json *,
	bool *any, struct err *);
/* "4A, 4B, 6B, 6C"; NULL: no section of GSTR-1. */
const char *gst_table_of(const char *section);

/* Since the last export or filing of the return: its seq; 0: none yet. */
MUST_CHECK bool gst_changed_since(struct db *, const struct gst_ask *,
	int64_t *seq, int64_t *documents, struct err *);

#endif
