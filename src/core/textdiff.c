/* Longest common subsequence of lines, between equal heads and tails. */
#include "core/textdiff.h"

#include <stdint.h>
#include <stdlib.h>

#include "core/err.h"
#include "core/vec.h"

#define LINES_MAX 1000000

static void
split(struct span text, struct vec *lines)
{
	vec_init(lines, sizeof(struct span), LINES_MAX);
	while (text.n > 0) {
		const char *end = memchr(text.p, '\n', text.n);
		size_t n = end != NULL ? (size_t)(end - text.p) : text.n;
		struct span *line = vec_add(lines);

		if (line == NULL)
			return;
		*line = (struct span){ text.p, n };
		n += end != NULL;
		text.p += n;
		text.n -= n;
	}
}

struct diff {
	const struct span *old, *new;	/* of the middle */
	size_t n_old, n_new, skipped;
	void (*line)(void *, char, unsigned, struct span);
	void *arg;
};

static void
say(const struct diff *d, char op, size_t at)
{
	d->line(d->arg, op, (unsigned)(d->skipped + at + 1),
	    op == '-' ? d->old[at] : d->new[at]);
}

static void
walk(const struct diff *d, const uint16_t *table)
{
	size_t width = d->n_new + 1, i = 0, j = 0;

	while (i < d->n_old || j < d->n_new) {
		if (i < d->n_old && j < d->n_new &&
		    span_equal(d->old[i], d->new[j]))
			i++, j++;
		else if (i < d->n_old && (j == d->n_new ||
		    table[(i + 1) * width + j] >= table[i * width + j + 1]))
			say(d, '-', i++);
		else
			say(d, '+', j++);
	}
}

static void
compare(const struct diff *d)
{
	size_t width = d->n_new + 1;
	uint16_t *table;

	if (d->n_old > TEXTDIFF_MAX || d->n_new > TEXTDIFF_MAX) {
		for (size_t i = 0; i < d->n_old; i++)
			say(d, '-', i);
		for (size_t j = 0; j < d->n_new; j++)
			say(d, '+', j);
		return;
	}
	table = calloc((d->n_old + 1) * width, sizeof *table);
	if (table == NULL)
		bug("out of memory");
	for (size_t i = d->n_old; i-- > 0;)
		for (size_t j = d->n_new; j-- > 0;) {
			uint16_t down = table[(i + 1) * width + j];
			uint16_t right = table[i * width + j + 1];

			table[i * width + j] = span_equal(d->old[i],
			    d->new[j]) ? (uint16_t)(table[(i + 1) * width +
			    j + 1] + 1) : down > right ? down : right;
		}
	walk(d, table);
	free(table);
}

void
text_diff(struct span old, struct span new, void (*line)(void *arg, char op,
    unsigned number, struct span text), void *arg)
{
	struct vec a, b;
	struct diff d = { .line = line, .arg = arg };

	split(old, &a);
	split(new, &b);
	d.old = a.p;
	d.new = b.p;
	d.n_old = a.n;
	d.n_new = b.n;
	while (d.n_old > 0 && d.n_new > 0 && span_equal(*d.old, *d.new)) {
		d.old++, d.new++, d.skipped++;
		d.n_old--, d.n_new--;
	}
	while (d.n_old > 0 && d.n_new > 0 &&
	    span_equal(d.old[d.n_old - 1], d.new[d.n_new - 1]))
		d.n_old--, d.n_new--;
	compare(&d);
	vec_free(&a);
	vec_free(&b);
}
