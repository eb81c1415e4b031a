#ifndef BAHI_WIRE_INTERCOMPANY_H
#define BAHI_WIRE_INTERCOMPANY_H
/* Balances between companies of the group, as the API tells of them. */
#include "wire/wire.h"

#define WIRE_MUTUALS 12		/* documents of a side that are read */
#define WIRE_BALANCES 4		/* currencies of a pair */

struct wire_mutual {
	const char *document, *journal, *date, *account, *amount, *currency;
};

struct wire_mutual_side {
	const char *entity, *amount;
	struct wire_mutual documents[WIRE_MUTUALS];
	size_t n;
	bool more;		/* there are others */
};

struct wire_adjust_line {
	const char *account, *name, *party, *debit, *credit;
};

struct wire_mismatch {		/* texts; "": null */
	const char *pair, *name, *version, *period, *currency;
	const char *difference, *why, *adjusting;
	struct wire_mutual_side side[2];
	const char *entity, *missing, *number, *date, *reverse_on;
	const char *proposed;	/* currency of the proposal */
	struct wire_adjust_line lines[2];
};

struct wire_pair {
	const char *pair, *mismatches;
	struct wire_pair_balance {
		const char *currency, *here, *there, *difference;
	} balances[WIRE_BALANCES];
	size_t n;
};

struct wire_unnamed {
	const char *entity, *account, *currency, *amount;
};

struct wire_intercompany {
	struct wire_pair *pairs;
	struct wire_mismatch *items;
	struct wire_unnamed *unnamed;
	size_t n_pairs, n, n_unnamed;
};

MUST_CHECK bool shape_intercompany(struct span, struct arena *,
	struct wire_intercompany *);
/* One alone, as a dry run answers. */
MUST_CHECK bool shape_mismatch(struct span, struct arena *,
	struct wire_mismatch *);

struct wire_adjust {
	const char *entity, *party, *name, *version;
	const char *period, *in, *against, *reason;	/* NULL: as usual */
	bool dry;
};

struct wire_adjusted {
	const char *event, *state, *sentence;	/* of its first finding */
};

MUST_CHECK bool shape_adjusted(struct span, struct arena *,
	struct wire_adjusted *);
/* POST /v1/intercompany/adjust; body is the answer. */
MUST_CHECK bool wire_adjust_post(struct wire *, const struct wire_adjust *,
	struct arena *, struct span *body, struct err *);

#endif
