#ifndef BAHI_STORE_VIEW_BANK_H
#define BAHI_STORE_VIEW_BANK_H
/* What is shown of banks: lines with what is suggested, entries that no
 * statement has, ages, and the reconciliation statement. */
#include "book/day.h"
#include "core/arena.h"
#include "store/views.h"

struct bank_filter {
	const char *entity, *account;	/* NULL: any */
	const char *state;		/* open (NULL) matched ignored; of
					 * entries also before: one figure */
	const char *on;			/* open as that day ended; NULL: now */
	const char *after;		/* L12, N34; NULL: from the first */
	int limit;
};

MUST_CHECK bool view_bank_accounts(struct db *, struct json *,
	struct err *);
MUST_CHECK bool view_bank_lines(struct db *, const struct bank_filter *,
	struct json *, struct err *);
/* Open entries of the ledger. */
MUST_CHECK bool view_bank_items(struct db *, const struct bank_filter *,
	struct json *, struct err *);
/* With all suggestions, or what it is matched with. */
MUST_CHECK bool view_bank_line(struct db *, int64_t line, struct arena *,
	struct json *, bool *found, struct err *);
/* Lines and entries that are open, or were as that day ended, by their age on
 * that day. */
MUST_CHECK bool view_bank_ages(struct db *, const char *entity, struct day,
	bool as_of, struct json *, struct err *);
/* From the bank's balance to the ledger's, as of that day; of the first
 * account when none is named (NULL). */
MUST_CHECK bool view_bank_statement(struct db *, const char *entity,
	const char *account, struct day, struct json *, bool *found,
	struct err *);

/* Of a month (YYYY-MM): what each till reported of each day, what was posted,
 * and what may be why they differ. */
MUST_CHECK bool view_bank_tills(struct db *, const char *entity,
	const char *month, struct json *, struct err *);
/* Of payouts of gateways: what was gathered, what was kept of it, and what
 * reached the bank. */
MUST_CHECK bool view_bank_payouts(struct db *, const char *entity,
	const char *after, int limit, struct json *, struct err *);
/* One of them, payment by payment. */
MUST_CHECK bool view_bank_payout(struct db *, const char *entity,
	const char *number, struct json *, bool *found, struct err *);

#endif
