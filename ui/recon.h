#ifndef BAHI_UI_RECON_H
#define BAHI_UI_RECON_H
/* One row of the reconciliation as the API tells of it, and the words for it.
 * Texts are "" when absent. */
#include "core/vec.h"
#include "ui/gst.h"
#include "wire/wire.h"

struct recon_side {
	const char *id;		/* of books its event, of 2B its form; "" */
	const char *number, *date, *taxable, *tax;
};

struct recon_row {
	const char *id;		/* R12 of 2B, B34 of books alone */
	const char *status, *differs, *party, *name;
	const char *action, *ims, *reason, *says;
	struct recon_side books, portal;
};

struct recon_rows {
	struct recon_row *items;
	size_t n;
	const char *next;
};

MUST_CHECK bool recon_read(struct span, struct arena *, struct recon_rows *);
/* "only in 2B". */
const char *recon_status(const char *status);
extern const char *const recon_statuses[];	/* NULL ended */
/* What was said of it: "accepted, IMS: reject"; "". */
const char *recon_said(struct arena *, const struct recon_row *);
/* Fields that differ, in words: "number, tax". */
const char *recon_differs(struct arena *, const char *fields);
bool recon_differ(const struct recon_row *, const char *field);

/* Why, rule by rule, from the answer about one row: lines for a person. What
 * books say stands in [- -], what 2B says in {+ +}. */
void recon_why(struct span json, struct arena *, struct vec *lines);

/* Of four heads, as a decimal text; "" when one is no amount. */
const char *recon_tax(struct arena *, const char *const heads[]);
/* What came of a file, in a sentence. */
const char *recon_report(struct span json, struct arena *);

#endif
