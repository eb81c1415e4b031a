#ifndef BAHI_TARGETS_TALLY_VOUCHER_H
#define BAHI_TARGETS_TALLY_VOUCHER_H
/* A posting as Tally takes it: XML, over HTTP or in a file. */
#include "core/str.h"
#include "targets/posting.h"

#define VOUCHERS_BYTES ((size_t)16 << 20)	/* of one request */

/* Opens and closes an import of `what` ("Vouchers", "All Masters"). */
void tally_import_begin(struct str *, const char *what, const char *company);
void tally_import_end(struct str *);
/* action: "Create" or "Alter". */
void tally_voucher_put(struct str *, const struct posting *,
	const char *action);
/* Keeps its number, and counts for nothing from then on. */
void tally_cancel_put(struct str *, const struct posting *,
	const char *master, const char *why);
/* A ledger under a group of Tally's own. */
void tally_ledger_put(struct str *, const char *name, const char *group);
/* The voucher type that it goes as. */
const char *tally_type(const struct posting *);

#endif
