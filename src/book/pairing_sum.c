/* Which amounts add up: depth first, the largest first, cut off as soon as
 * what is left cannot reach the rest, and by steps in any case. */
#include "book/pairing_inside.h"

#include <string.h>

struct search {
	int64_t amount[SUM_OF], left[SUM_OF + 1];	/* left: of all behind */
	size_t from[SUM_OF];	/* index as it was given */
	size_t n, chosen[SUM_SIZE];
	int64_t *steps;
	struct sum_found *out;
};

static int64_t
size_of(int64_t amount)
{
	return amount < 0 ? -amount : amount;
}

/* Sorted in, by size; of equals the first given comes first. */
static void
put(struct search *s, int64_t amount, size_t from)
{
	size_t i = s->n++;

	for (; i > 0 && s->amount[i - 1] < amount; i--) {
		s->amount[i] = s->amount[i - 1];
		s->from[i] = s->from[i - 1];
	}
	s->amount[i] = amount;
	s->from[i] = from;
}

static void
found(struct search *s, size_t n)
{
	if (s->out->solutions++ > 0)
		return;
	s->out->n = n;
	for (size_t i = 0; i < n; i++)
		s->out->at[i] = s->from[s->chosen[i]];
}

static void
search(struct search *s, size_t at, size_t depth, int64_t rest)
{
	for (size_t i = at; i < s->n && s->out->solutions < 2; i++) {
		if (--*s->steps < 0 || s->left[i] < rest)
			return;
		if (s->amount[i] > rest)
			continue;
		s->chosen[depth] = i;
		if (s->amount[i] == rest) {
			if (depth > 0)
				found(s, depth + 1);
		} else if (depth + 1 < SUM_SIZE) {
			search(s, i + 1, depth + 1, rest - s->amount[i]);
		}
	}
}

void
sum_find(const int64_t *amounts, size_t n, int64_t target, int64_t *steps,
    struct sum_found *out)
{
	struct search s = { .steps = steps, .out = out };

	*out = (struct sum_found){ .n = 0 };
	for (size_t i = 0; i < n && s.n < SUM_OF; i++)
		if ((amounts[i] < 0) == (target < 0) && amounts[i] != 0 &&
		    size_of(amounts[i]) < size_of(target))
			put(&s, size_of(amounts[i]), i);
	for (size_t i = s.n; i > 0; i--)
		if (__builtin_add_overflow(s.left[i], s.amount[i - 1],
		    &s.left[i - 1]))
			s.left[i - 1] = INT64_MAX;
	search(&s, 0, 0, size_of(target));
}
