/* Levenshtein over folded bytes, cut off as soon as it cannot win. */
#include "book/nearest.h"

#include <string.h>

#define LETTERS_MAX 48

struct folded {
	char p[LETTERS_MAX];
	size_t n;
};

/* Bytes above ASCII stay as they are: both sides are UTF-8. */
static void
fold(struct folded *out, const char *text)
{
	out->n = 0;
	for (; *text != '\0' && out->n < LETTERS_MAX; text++) {
		unsigned char c = (unsigned char)*text;

		if (c >= 'A' && c <= 'Z')
			c = (unsigned char)(c + 32);
		if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
		    c >= 0x80)
			out->p[out->n++] = (char)c;
	}
}

static size_t
least(size_t a, size_t b, size_t c)
{
	size_t m = a < b ? a : b;

	return m < c ? m : c;
}

/* Anything above `most` comes back as most + 1. */
static size_t
distance(const struct folded *a, const struct folded *b, size_t most,
    int64_t *budget)
{
	size_t row[LETTERS_MAX + 1];
	size_t gap = a->n > b->n ? a->n - b->n : b->n - a->n;

	*budget -= (int64_t)b->n;
	if (gap > most)
		return most + 1;
	*budget -= (int64_t)(a->n * b->n);
	for (size_t j = 0; j <= b->n; j++)
		row[j] = j;
	for (size_t i = 1; i <= a->n; i++) {
		size_t corner = row[0], best = row[0] = i;

		for (size_t j = 1; j <= b->n; j++) {
			size_t above = row[j];

			row[j] = least(above + 1, row[j - 1] + 1, corner +
			    (a->p[i - 1] != b->p[j - 1]));
			corner = above;
			best = row[j] < best ? row[j] : best;
		}
		if (best > most)
			return most + 1;
	}
	return row[b->n] > most ? most + 1 : row[b->n];
}

const struct master *
nearest_master(const struct reference *r, enum reference_table table,
    const char *value, int64_t *budget)
{
	const struct master *row, *best = NULL;
	struct folded want, have;
	size_t most;

	fold(&want, value);
	if (want.n == 0)
		return NULL;
	most = want.n / 3 + (want.n < 3);
	for (size_t at = 0; *budget > 0 &&
	    (row = reference_next(r, table, &at)) != NULL;) {
		const char *const names[] = { row->code, row->name };

		for (size_t i = 0; i < 2; i++) {
			size_t d;

			fold(&have, names[i]);
			d = have.n > 0 ? distance(&want, &have, most,
			    budget) : most + 1;
			if (d > most || (best != NULL && d == most))
				continue;
			best = row;
			most = d;
		}
		if (best != NULL && most == 0)
			break;
	}
	return best;
}
