#ifndef BAHI_STORE_RECON_LIST_H
#define BAHI_STORE_RECON_LIST_H
/*
 * Lists of what was bought and of what suppliers filed, line by line, for
 * pages and files alike. Texts are those of the present line, "" when absent.
 */
#include "gst/supply.h"
#include "store/db.h"

/* The purchase register of a month: in order of date and number. */
struct purchase_line {
	const char *document, *party, *name, *ctin, *category;
	const char *bill, *date, *place, *itc;
	bool credit, reverse_charge;
	int64_t value, taxable, exempt, tax[GST_HEADS];
	const char *status;	/* of matching; "" when no supplier files it */
	int64_t filed;		/* month of the 2B that has it; 0: none */
};

typedef bool purchase_each(void *, const struct purchase_line *,
	struct err *);
MUST_CHECK bool purchases_walk(struct db *, const char *gstin,
	int64_t period, purchase_each *, void *arg, struct err *);
MUST_CHECK bool purchases_count(struct db *, const char *gstin,
	int64_t period, int64_t *out, struct err *);

/* Suppliers that have not filed, or filed less, in months whose 2B is here. */
struct followup_line {
	const char *ctin, *name, *party, *address, *registration, *oldest;
	const char *bills;	/* the first of them, by commas */
	int64_t missing, missing_taxable, missing_tax;
	int64_t lacking, lacking_tax;
};

typedef bool followup_each(void *, const struct followup_line *,
	struct err *);
/* period 0: any; after NULL: from the first; limit 0: all. */
MUST_CHECK bool followup_walk(struct db *, const char *gstin, int64_t period,
	const char *after, int limit, followup_each *, void *arg,
	struct err *);

/* What IMS is to be told, by its categories. */
struct ims_line {
	const char *category;	/* b2b b2ba b2bdn ... */
	const char *party, *number, *type, *place, *action, *before;
	struct day date, original_date;
	const char *original, *hash, *status;
	int64_t period, value, taxable, tax[GST_HEADS];
	bool note, amended, no_pending;
};

typedef bool ims_each(void *, const struct ims_line *, struct err *);
MUST_CHECK bool ims_walk(struct db *, const char *gstin, int64_t period,
	ims_each *, void *arg, struct err *);

#endif
