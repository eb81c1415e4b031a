#ifndef BAHI_STORE_GST_AGREE_H
#define BAHI_STORE_GST_AGREE_H
/*
 * GSTR-1, GSTR-3B and the tax accounts of the ledger side by side, and why
 * they differ, document by document.  Sums and what tie.c keeps; no walk.
 */
#include "core/json.h"
#include "store/gst3b.h"
#include "store/tie.h"

struct gst_agreement {
	struct gst3b_form form;
	int64_t gstr1[TIE_HEADS];	/* tax of its sections */
	int64_t outward[TIE_HEADS];	/* 3.1(a), 3.1(b), 3.1.1(i) */
	int64_t reverse[TIE_HEADS];	/* 3.1(d) */
	int64_t credit[TIE_HEADS];	/* 4A less 4B, of documents */
	struct tie_sums sums;		/* of this registration */
	/* Ledger less return by document, by class. */
	int64_t off[TIE_CLASSES][TIE_SIDES][TIE_HEADS];
	int64_t documents[TIE_CLASSES];
	/* Of the entity: accounts less what documents put there. */
	int64_t stray[TIE_SIDES];
	bool agrees;
};

MUST_CHECK bool gst_agree_read(struct db *, const struct reference *,
	const char *gstin, int64_t period, struct gst_agreement *,
	struct err *);
MUST_CHECK bool view_gst_agree(struct db *, const struct reference *,
	const char *gstin, int64_t period, int limit, struct arena *,
	struct json *, struct err *);

/* What the tax accounts of the entity have beyond what documents put there
 * while it was registered; zero unless accounts changed since. */
MUST_CHECK bool gst_stray(struct db *, const char *entity, int64_t first,
	int64_t last, int64_t out[TIE_SIDES], struct err *);

#endif
