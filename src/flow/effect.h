#ifndef BAHI_FLOW_EFFECT_H
#define BAHI_FLOW_EFFECT_H
/*
 * What a judged event would change: the journals that it would post against
 * those that its documents have now, by account; and tax, by tax code.
 */
#include "flow/contest.h"

struct effect {
	const char *entity, *code;	/* account, or tax code */
	const char *currency;
	int64_t before, after;		/* minor units */
};

struct effects {
	struct effect *accounts, *taxes;
	size_t n_accounts, n_taxes;
};

/* In the work's arena. What stays as it is is not in it. */
MUST_CHECK bool effects_find(struct db *, struct work *,
	const struct contest *, struct effects *, struct err *);

#endif
