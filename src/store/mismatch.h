#ifndef BAHI_STORE_MISMATCH_H
#define BAHI_STORE_MISMATCH_H
/*
 * Where two companies of the group do not say the same of each other, and
 * the entry that would make them.  Read from the sums of store/mutual.h: the
 * ledger is not walked.
 */
#include "core/arena.h"
#include "book/money.h"
#include "store/db.h"

enum mismatch_why {
	MISMATCH_NONE,		/* they agree */
	MISMATCH_MISSING,	/* the one says nothing of it */
	MISMATCH_AMOUNT,
	MISMATCH_PERIOD,	/* the one says it in a later month */
	MISMATCH_ROUNDING,	/* other currencies, and all but rounding */
	MISMATCH_RATE,		/* other currencies, at another rate */
};

extern const char *const mismatch_why_names[];

struct mutual_row {
	const char *account, *kind, *number, *date, *period;
	char currency[4];
	int64_t amount, base, journal;
};

struct mutual_side {
	const char *entity, *base;	/* base: its currency */
	struct mutual_row *rows;
	size_t n, used;		/* used: of the months that were asked for */
	int64_t sum;		/* of these, in the mismatch's currency */
};

struct mismatch {
	const char *name;	/* what both sides know it by */
	struct mutual_side side[2];	/* by entity */
	enum mismatch_why why;
	const char *period;	/* as at its end; NULL: now */
	char currency[4];
	int64_t difference;	/* of both sums; zero when they agree */
	int64_t version;	/* the last journal of it */
};

struct mismatch_filter {
	const char *entity, *party;	/* NULL: any; of that pair */
	const char *period;		/* as at its end; NULL: now */
	const char *name;		/* NULL: any */
	bool all;			/* those that agree, too */
};

#define MISMATCH_ROWS_MAX 200000

/* By pair and name. *cut: there is more than that many rows. */
MUST_CHECK bool mismatches_read(struct db *, struct arena *,
	const struct mismatch_filter *, struct mismatch **, size_t *n,
	bool *cut, struct err *);
/* The base currency of an entity; "" when there is no such. */
MUST_CHECK bool entity_base(struct db *, const char *entity, char out[4],
	struct err *);
/* By the rate of the day, either way round. *found false: there is none. */
MUST_CHECK bool rate_convert(struct db *, struct money, const char *to,
	const char *date, struct money *out, bool *found, struct err *);

/* ---- the entry that makes them agree ---------------------------------- */

#define ADJUSTING_TOPIC "in.bahi.intercompany.adjustment"

struct adjusting {
	const char *entity, *party;	/* in whose books, with whom */
	const char *number, *date;
	const char *reverse_on;		/* NULL: for good */
	const char *account, *against;	/* of the group; the other one */
	const char *account_name, *against_name;
	char currency[4];
	int64_t amount;			/* on `account`; debit positive */
	const char *missing;	/* NULL, or what there must be before one can
				 * be proposed */
};

/* in, against: what a person chose instead; NULL: as it is usual. */
MUST_CHECK bool adjusting_propose(struct db *, struct arena *,
	const struct mismatch *, const char *in, const char *against,
	struct adjusting *, struct err *);
/* Calls for each event of an adjusting entry that is not posted: the number
 * of its voucher. dismissed: nobody wants it any more. */
MUST_CHECK bool adjusting_events(struct db *, void (*each)(void *,
	const char *number, int64_t event, bool dismissed), void *arg,
	struct err *);

#endif
