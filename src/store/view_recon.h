#ifndef BAHI_STORE_VIEW_RECON_H
#define BAHI_STORE_VIEW_RECON_H
/*
 * Purchases beside what suppliers filed, as the API shows them; what the
 * files give as credit, by cell of GSTR-3B.
 */
#include "core/json.h"
#include "gst/supply.h"
#include "store/db.h"

struct recon_filter {
	const char *gstin;
	int64_t period;
	const char *status;	/* NULL: any; "elsewhere": purchases of the
				 * period that another month's 2B has */
	const char *party;	/* GSTIN; NULL: any */
	const char *after;	/* item, R12 or B34; NULL: from the first */
	int limit;
	bool credit;		/* too: it walks all of the month */
};

/* ERR_REQUEST: `after` is none. */
MUST_CHECK bool view_recon(struct db *, const struct recon_filter *,
	struct arena *, struct json *, struct err *);
/* One of them, and why, rule by rule; *found false: there is none. */
MUST_CHECK bool view_recon_why(struct db *, int64_t inward, int64_t version,
	struct arena *, struct json *, bool *found, struct err *);
/* By supplier: what they have not filed, what is at stake, whom to ask. */
MUST_CHECK bool view_followup(struct db *, const char *gstin,
	int64_t period, const char *after, int limit, struct json *,
	struct err *);

/* Credit as 2B and what was said of it gives it. */
struct recon_cell {
	int64_t documents, taxable, tax[GST_HEADS];
};

enum recon_part { RECON_KEPT, RECON_PENDING, RECON_REJECTED, RECON_IGNORED,
	RECON_PARTS };

struct recon_credit {
	struct recon_cell cells[GST_CELLS];	/* of what is kept */
	struct recon_cell parts[RECON_PARTS];	/* all of 2B */
	bool here;		/* the 2B of each of the months is */
};

MUST_CHECK bool recon_credit(struct db *, const char *gstin, int64_t first,
	int64_t last, struct recon_credit *, struct err *);

#endif
