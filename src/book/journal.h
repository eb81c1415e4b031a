#ifndef BAHI_BOOK_JOURNAL_H
#define BAHI_BOOK_JOURNAL_H
/*
 * The balanced double entry of one document version. Debit is positive.
 * Balanced in every currency and in the entity's base currency.
 */
#include <stddef.h>
#include <stdint.h>
#include "book/day.h"
#include "core/arena.h"

#define JOURNAL_ENTRIES_MAX 2000

struct entry {
	const char *account, *party, *cost_centre, *tax_code, *item;
	const char *location, *memo;
	char currency[4];
	int64_t amount;		/* minor units of currency */
	int64_t base;		/* minor units of the entity's base currency */
};

struct journal {
	int64_t id;		/* 0: not posted */
	int64_t reverses;	/* id of the journal this one undoes; 0: none */
	const char *entity, *narration;
	struct day date;
	struct entry *entries;
	size_t n_entries;
};

/* Zero in each currency? First offending one and its rest otherwise. */
bool journal_balanced(const struct journal *, char currency[4],
	int64_t *rest);
/* Zero in base? The rest of rounding goes to the largest entry when it is
 * at most one minor unit an entry; false otherwise. */
bool journal_balance_base(struct journal *);
struct journal journal_reverse(const struct journal *, struct arena *);

#endif
