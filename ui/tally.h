#ifndef BAHI_UI_TALLY_H
#define BAHI_UI_TALLY_H
/*
 * A thread that walks all rows of a view, so that no key waits for a count:
 * how many a filter lets through, with their money, by the values of a column,
 * or which events are marked. It has a connection to the cache of its own.
 */
#include "ui/panes.h"

#define TALLY_SUMS 8		/* currencies */
#define TALLY_GROUPS 20000
#define TALLY_PICKS 100000	/* as many as a plan takes */

struct tally;

enum tally_kind { TALLY_COUNT, TALLY_GROUP, TALLY_PICK };

/* Which rows: marked one by one, or by what they match. */
struct sweep {
	char text[256], within[256];	/* both must hold; "": all */
};

#define SWEEPS 8

struct swept {
	struct sweep items[SWEEPS];
	size_t n;
	int64_t behind;		/* picks start behind this event */
	struct map *single;	/* key -> "y" or "n", goes before the rest */
};

struct tally_ask {
	enum tally_kind kind;
	struct place place;
	bool put_off_too;
	char filter[256];
	int column;			/* of groups */
	const struct swept *swept;	/* NULL: all rows; copied */
	/* Of picks: what is then planned, and under which key; copied. */
	const struct wire_decide *decide;
	const char *key;
};

struct tally_money {
	char currency[4];
	int64_t minor;
};

struct tally_sum {
	int64_t n;
	struct tally_money sums[TALLY_SUMS];
	size_t n_sums;
	bool more;			/* sums are not all of it */
	char oldest[32];		/* RFC 3339; "": unknown */
};

struct tally_group {
	char *value;			/* as it is shown */
	char *raw;
	struct tally_sum sum;
};

struct tally_answer {
	uint64_t ticket;
	struct tally_sum sum;
	struct tally_group *groups;	/* most rows first */
	size_t n_groups;
	bool cut;			/* more groups, or more picks */
	bool unread;			/* its rows were never fetched */
	int64_t last;			/* event that was picked last */
};

MUST_CHECK bool tally_start(struct tally **, const char *cache,
	const char *place, struct shared *, struct err *);
void tally_stop(struct tally **);
/* jobs: to whom picks go. */
void tally_jobs(struct tally *, struct jobs *);
/* 0 is no ticket. One that nobody wants any more is given back. */
uint64_t tally_ask(struct tally *, const struct tally_ask *);
void tally_drop(struct tally *, uint64_t ticket);
/* False: not yet. Free the answer. */
bool tally_take(struct tally *, uint64_t ticket, struct tally_answer *);
void tally_free(struct tally_answer *);

/* "12,34,567.00 INR + 5.00 USD" */
const char *tally_text(struct arena *, const struct tally_sum *);
void tally_add(struct tally_sum *, const char *currency, const char *amount);
/* Which column of the pane holds money; -1: none. */
int tally_money_column(const struct view *);
/* How a row is known by its mark. */
struct span tally_key(const struct row *, char out[24]);

#endif
