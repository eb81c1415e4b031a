/* Balance of double entries, as plain values. */
#include "book/journal.h"

#include <stdlib.h>

#include "book/money.h"

/* Entries have few currencies: each one's sum is taken where it first
 * appears. */
bool
journal_balanced(const struct journal *journal, char currency[4],
    int64_t *rest)
{
	for (size_t i = 0; i < journal->n_entries; i++) {
		const char *this = journal->entries[i].currency;
		__int128 sum = 0;
		bool seen = false;

		for (size_t j = 0; j < i && !seen; j++)
			seen = strcmp(journal->entries[j].currency,
			    this) == 0;
		for (size_t j = i; j < journal->n_entries && !seen; j++)
			if (strcmp(journal->entries[j].currency, this) == 0)
				sum += journal->entries[j].amount;
		if (sum == 0)
			continue;
		memcpy(currency, this, 4);
		*rest = sum > MONEY_MAX ? MONEY_MAX : sum < -MONEY_MAX ?
		    -MONEY_MAX : (int64_t)sum;
		return false;
	}
	return true;
}

static int64_t
size_of(int64_t n)
{
	return n < 0 ? -n : n;
}

bool
journal_balance_base(struct journal *journal)
{
	struct entry *largest = NULL;
	__int128 sum = 0;

	for (size_t i = 0; i < journal->n_entries; i++) {
		struct entry *entry = &journal->entries[i];

		sum += entry->base;
		if (largest == NULL ||
		    size_of(entry->base) > size_of(largest->base))
			largest = entry;
	}
	if (sum == 0)
		return true;
	if (sum > (__int128)journal->n_entries ||
	    sum < -(__int128)journal->n_entries)
		return false;
	largest->base -= (int64_t)sum;
	return true;
}

struct journal
journal_reverse(const struct journal *journal, struct arena *arena)
{
	struct journal out = *journal;

	out.id = 0;
	out.reverses = journal->id;
	out.entries = arena_alloc(arena,
	    journal->n_entries * sizeof *out.entries);
	for (size_t i = 0; i < journal->n_entries; i++) {
		out.entries[i] = journal->entries[i];
		out.entries[i].amount = -out.entries[i].amount;
		out.entries[i].base = -out.entries[i].base;
	}
	return out;
}
