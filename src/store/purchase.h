#ifndef BAHI_STORE_PURCHASE_H
#define BAHI_STORE_PURCHASE_H
/*
 * The purchase register: a row for each purchase under GST as it stands now,
 * kept in the settling transaction. What suppliers file for us has a class.
 */
#include "gst/match.h"
#include "store/books.h"

/* supply NULL: not under GST any more. */
MUST_CHECK bool purchase_put(struct books *, const struct document *,
	const struct supply *, int64_t version, bool first, struct err *);

/* What can match at all: our PAN, a supplier's (or its number), and a
 * financial year by its first: to be matched anew. */
MUST_CHECK bool recon_touch(struct books *, const char *own,
	const char *pan, int64_t year, struct err *);
/* Of a GSTIN; itself when it has no PAN inside. */
void recon_pan(const char *gstin, char out[16]);
int64_t recon_year(struct day);
/* ENTITY/KIND/NUMBER */
const char *purchase_key(struct arena *, const char *entity,
	const char *kind, const char *number);

#endif
