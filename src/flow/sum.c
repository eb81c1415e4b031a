/* Adding journals up. */
#include "flow/sum.h"

#include <stdlib.h>
#include <string.h>

#include "book/money.h"
#include "core/str.h"

void
sum_open(struct sum *sum)
{
	sum->arena = arena_new();
	sum->entries = map_new();
	sum->amounts = sum->bases = 0;
}

void
sum_close(struct sum *sum)
{
	map_free(&sum->entries, NULL);
	arena_free(&sum->arena);
}

static const char *const *
dimensions(const struct entry *entry, const char *out[7])
{
	out[0] = entry->account;
	out[1] = entry->currency;
	out[2] = entry->party;
	out[3] = entry->cost_centre;
	out[4] = entry->tax_code;
	out[5] = entry->item;
	out[6] = entry->location;
	return out;
}

/* Absent and empty differ, and no text has a NUL inside. */
static void
make_key(const struct entry *entry, struct str *key)
{
	const char *parts[7];

	dimensions(entry, parts);
	for (int i = 0; i < 7; i++) {
		str_addc(key, parts[i] != NULL ? '=' : '-');
		if (parts[i] != NULL)
			str_adds(key, parts[i]);
		str_addc(key, '\0');
	}
}

static struct entry *
find(struct sum *sum, const struct entry *entry)
{
	struct entry *mine;
	struct str key;

	str_init(&key, 16384);
	make_key(entry, &key);
	mine = map_find(sum->entries, str_span(&key));
	if (mine == NULL) {
		mine = arena_alloc(sum->arena, sizeof *mine);
		*mine = *entry;
		mine->account = arena_strdup(sum->arena, entry->account);
		mine->party = arena_strdup(sum->arena, entry->party);
		mine->cost_centre = arena_strdup(sum->arena,
		    entry->cost_centre);
		mine->tax_code = arena_strdup(sum->arena, entry->tax_code);
		mine->item = arena_strdup(sum->arena, entry->item);
		mine->location = arena_strdup(sum->arena, entry->location);
		mine->memo = NULL;
		mine->amount = mine->base = 0;
		map_set(sum->entries, str_span(&key), mine);
	}
	str_free(&key);
	return mine;
}

static int64_t
size_of(int64_t n)
{
	return n < 0 ? -n : n;
}

static void
change(int64_t *to, int64_t by, int64_t *all)
{
	*all -= size_of(*to);
	*to += by;
	*all += size_of(*to);
}

static void
add(struct sum *sum, const struct journal *journal, int sign)
{
	for (size_t i = 0; i < journal->n_entries; i++) {
		const struct entry *entry = &journal->entries[i];
		struct entry *mine = find(sum, entry);

		change(&mine->amount, sign * entry->amount, &sum->amounts);
		change(&mine->base, sign * entry->base, &sum->bases);
	}
}

bool
sum_add(struct sum *sum, const struct journal *journal)
{
	add(sum, journal, 1);
	if (sum->amounts / 2 <= AMOUNT_MAX && sum->bases / 2 <= AMOUNT_MAX)
		return true;
	add(sum, journal, -1);
	return false;
}

struct keyed {
	struct span key;
	const struct entry *entry;
};

static int
compare(const void *a, const void *b)
{
	const struct span *x = &((const struct keyed *)a)->key;
	const struct span *y = &((const struct keyed *)b)->key;
	int order = memcmp(x->p, y->p, x->n < y->n ? x->n : y->n);

	return order != 0 ? order : (x->n > y->n) - (x->n < y->n);
}

void
sum_entries(struct sum *sum, struct entry **out, size_t *n)
{
	size_t count = map_count(sum->entries);
	struct keyed *all = arena_alloc(sum->arena,
	    (count + 1) * sizeof *all);
	struct span key;
	void *value;

	*n = 0;
	for (size_t at = 0; map_next(sum->entries, &at, &key, &value);) {
		const struct entry *entry = value;

		if (entry->amount != 0 || entry->base != 0)
			all[(*n)++] = (struct keyed){ key, entry };
	}
	if (*n > 1)
		qsort(all, *n, sizeof *all, compare);
	*out = arena_alloc(sum->arena, (*n + 1) * sizeof **out);
	for (size_t i = 0; i < *n; i++)
		(*out)[i] = *all[i].entry;
}
