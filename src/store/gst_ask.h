#ifndef BAHI_STORE_GST_ASK_H
#define BAHI_STORE_GST_ASK_H
/* What only the ledger knows of a document that is about to post: numbers
 * that others have, and the invoice that a note names. */
#include "gst/supply.h"
#include "store/db.h"

struct gst_other {
	bool found;
	const char *number;
	struct day date;
	int64_t value;		/* paise */
};

/* Another document of the financial year with that number: of sales one of
 * that kind whose number differs in case at most, of purchases another bill
 * of that supplier. */
MUST_CHECK bool gst_ask_number(struct db *, const struct supply *,
	struct arena *, struct gst_other *out, struct err *);
/* The document of the last number before it in its series. */
MUST_CHECK bool gst_ask_before(struct db *, const struct supply *,
	struct arena *, struct gst_other *out, struct err *);
/* The invoice, of either direction, that a note names. */
MUST_CHECK bool gst_ask_original(struct db *, const struct supply *,
	struct arena *, struct gst_other *out, struct err *);

#endif
