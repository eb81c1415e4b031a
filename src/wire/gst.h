#ifndef BAHI_WIRE_GST_H
#define BAHI_WIRE_GST_H
/* The returns of GST, as the API tells of them, and what is said of them.
 * Texts are "" when absent. */
#include "wire/wire.h"

#define WIRE_GST_HEADS 4	/* igst cgst sgst cess */
#define WIRE_GST_DUES 8
#define WIRE_GST_ROWS 5000	/* of one word */

extern const char *const wire_gst_heads[WIRE_GST_HEADS];

struct wire_gst_due {
	const char *form, *date, *days;
};

struct wire_gst_summary {
	const char *gstin, *period, *filing, *state, *as_of;
	const char *unplaced;		/* documents */
	const char *since, *changed;	/* documents, since an export */
	struct wire_gst_due due[WIRE_GST_DUES];
	size_t n_due;
};

MUST_CHECK bool shape_gst_summary(struct span, struct arena *,
	struct wire_gst_summary *);

/* Members of one answer by their paths; "" what it has not. */
MUST_CHECK bool shape_texts(struct span, const char *const *paths, size_t n,
	struct arena *, const char **out);

struct wire_gst_item {		/* a row, as it was seen */
	const char *id;
	int64_t version;	/* 0: it has none */
};

/* What a person says; only what belongs to `what` is sent. */
struct wire_gst_word {
	const char *what;	/* filings entries recon; NULL: nothing */
	const char *gstin, *period;
	const char *form, *filed, *arn;	/* of a filing */
	const char *cell, *heads[WIRE_GST_HEADS];	/* of an entry */
	bool remove;			/* instead of heads */
	const char *action, *ims;	/* of recon */
	const struct wire_gst_item *items;
	size_t n_items;
	const char *reason;		/* NULL: none */
};

/* A file of GSTR-2B, 2A or IMS; its report as it came. */
MUST_CHECK bool wire_gst_inward(struct wire *, struct span file,
	const char *name, struct arena *, struct span *answer, struct err *);

/* Answer as it came. `key`: Idempotency-Key. */
MUST_CHECK bool wire_gst_post(struct wire *, const struct wire_gst_word *,
	const char *key, struct arena *, struct span *answer, struct err *);

#endif
