#ifndef BAHI_STORE_VIEW_GST3B_H
#define BAHI_STORE_VIEW_GST3B_H
/* GSTR-3B, what is owed and when, as JSON of data/openapi.yaml. */
#include "core/json.h"
#include "store/gst3b.h"

MUST_CHECK bool view_gst3b(struct db *, const struct reference *,
	const char *gstin, int64_t period, struct arena *, struct json *,
	struct err *);
MUST_CHECK bool view_gst_liability(struct db *, const struct reference *,
	const char *gstin, int64_t period, struct day today, struct arena *,
	struct json *, struct err *);
/* Of one registration or, gstin NULL, of all: of each form the first period
 * that is not filed, and its day. */
MUST_CHECK bool view_gst_calendar(struct db *, const struct reference *,
	const char *gstin, struct day today, struct json *, struct err *);
MUST_CHECK bool view_gst_entries(struct db *, const char *gstin,
	int64_t period, struct arena *, struct json *, struct err *);
void show_gst_entry(struct json *, const struct gst_entry *);

#endif
