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
	const char *changed;		/* documents, since it was told */
	struct wire_gst_due due[WIRE_GST_DUES];
	size_t n_due;
};

MUST_CHECK bool shape_gst_summary(struct span, struct arena *,
	struct wire_gst_summary *);

/* Members of one answer by their paths, "yes" of true; "" what it has not. */
MUST_CHECK bool shape_texts(struct span, const char *const *paths, size_t n,
	struct arena *, const char **out);

/* What a person says; only what belongs to `what` is sent. */
struct wire_gst_word {
	const char *what;	/* filings entries recon; NULL: nothing */
	const char *gstin, *period;
	const char *form, *filed, *arn;	/* of a filing */
	const char *cell, *heads[WIRE_GST_HEADS];	/* of an entry */
	bool remove;			/* instead of heads */
	const char *action;		/* of recon */
	const char *const *items;	/* R12 of 2B, B34 of books */
	size_t n_items;
	const char *with;		/* of a link: B34 */
	const char *status, *party;	/* instead of items: all of these */
	const char *decision;		/* of undo: D12 */
	const char *reason;		/* NULL: none */
};

/* What came of a word of recon. */
struct wire_gst_said {
	const char *decision;		/* "": nothing was done */
	int64_t done, skipped;
	const char *why;		/* of the first that was left out */
};

MUST_CHECK bool shape_gst_said(struct span, struct arena *,
	struct wire_gst_said *);

/* A file of GSTR-2B, 2A or IMS; its report as it came. */
MUST_CHECK bool wire_gst_inward(struct wire *, struct span file,
	const char *name, struct arena *, struct span *answer, struct err *);

/* Answer as it came. `key`: Idempotency-Key. */
MUST_CHECK bool wire_gst_post(struct wire *, const struct wire_gst_word *,
	const char *key, struct arena *, struct span *answer, struct err *);

#endif
