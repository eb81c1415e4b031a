#ifndef BAHI_TARGETS_TRIAL_H
#define BAHI_TARGETS_TRIAL_H
/*
 * Trial balances side by side: pure. Amounts are in minor units of the base
 * currency, debit positive.
 */
#include "store/look.h"
#include "targets/targets.h"

struct trial_side {		/* of one target, and of ours for it */
	const struct standing_sum *sums;
	size_t n_sums;
	const struct remote_balance *balances;
	size_t n_balances;
};

/* One code there with all accounts of ours that it stands for. */
struct trial_row {
	const char *theirs, *name;	/* "": it has no such account */
	const struct standing_sum **ours;
	size_t n_ours;			/* 0: we have none for it */
	int64_t amount, in_flight, refused, skipped;
	int64_t expected;	/* there: amount without what is not there */
	int64_t held;		/* there, as it says */
	int64_t difference;	/* held - expected */
	bool has;		/* it says something of the account */
};

/* In the order of its codes. */
void trial_match(const struct trial_side *, struct arena *,
	struct trial_row **out, size_t *n);

/* The fewest accounts that can be compared between two targets: of ours, and
 * of each the codes that stand for them and for no other. */
struct against_row {
	const char **ours, **a, **b;
	size_t n_ours, n_a, n_b;
	int64_t held_a, held_b;
	int64_t away_a, away_b;		/* of ours, not there */
	int64_t difference;		/* of both with what is away */
};

void trial_against(const struct trial_side *a, const struct trial_side *b,
	struct arena *, struct against_row **out, size_t *n);

#endif
