/*
 * Lines have no names. Two are the same line when they say the same, or are
 * of the same account, item and so on, or are the same goods, or the same
 * money under another code; the first of equals goes with the first.
 */
#include "book/mergeline.h"

#include <string.h>

#define NOWHERE ((size_t)-1)

static bool
same(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static bool
same_identity(const struct document_line *a, const struct document_line *b)
{
	return same(a->type, b->type) && same(a->account, b->account) &&
	    same(a->party, b->party) && same(a->cost_centre, b->cost_centre)
	    && same(a->tax_code, b->tax_code) && same(a->item, b->item) &&
	    same(a->location, b->location);
}

bool
merge_line_same(const struct document_line *a, const struct document_line *b)
{
	if (a == NULL || b == NULL)
		return a == b;
	return a->amount == b->amount && a->cost == b->cost &&
	    same(a->quantity, b->quantity) && same(a->memo, b->memo) &&
	    same(a->hsn, b->hsn) && same(a->unit, b->unit) &&
	    same(a->supply, b->supply) && same(a->head, b->head) &&
	    same_identity(a, b);
}

static bool
same_goods(const struct document_line *a, const struct document_line *b)
{
	return a->item != NULL && same(a->item, b->item) &&
	    same(a->type, b->type);
}

static bool
same_money(const struct document_line *a, const struct document_line *b)
{
	return a->amount == b->amount && same(a->type, b->type) &&
	    same(a->quantity, b->quantity);
}

static bool (*const passes[])(const struct document_line *,
    const struct document_line *) = {
	merge_line_same, same_identity, same_goods, same_money
};

struct side {
	const struct document_line *lines;
	size_t n;
	size_t *row;	/* of each line; NOWHERE: none yet */
};

/* Gives lines of `b` that have no row the row of their like in `a`; each row
 * once. */
static void
match(const struct side *a, struct side *b, bool *taken)
{
	for (size_t pass = 0; pass < sizeof passes / sizeof *passes; pass++) {
		for (size_t j = 0; j < b->n; j++) {
			for (size_t i = 0; b->row[j] == NOWHERE && i < a->n;
			    i++) {
				if (taken[a->row[i]] || !passes[pass](
				    &a->lines[i], &b->lines[j]))
					continue;
				taken[a->row[i]] = true;
				b->row[j] = a->row[i];
			}
		}
	}
}

static struct side
side_of(const struct document *d, struct arena *arena)
{
	struct side s = { NULL, 0, NULL };

	if (d == NULL)
		return s;
	s.lines = d->lines;
	s.n = d->n_lines;
	s.row = arena_alloc(arena, (s.n + 1) * sizeof *s.row);
	for (size_t i = 0; i < s.n; i++)
		s.row[i] = NOWHERE;
	return s;
}

static size_t
new_rows(struct side *s, size_t n)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->row[i] == NOWHERE)
			s->row[i] = n++;
	return n;
}

/* ---- order ------------------------------------------------------------- */

/* Rows in a chain: next[n] is the first. */
struct chain {
	size_t *next;
	bool *in;
	size_t n;
};

static void
chain_add(struct chain *c, const struct side *s)
{
	size_t before = c->n;

	for (size_t i = 0; i < s->n; i++) {
		size_t row = s->row[i];

		if (!c->in[row]) {
			c->next[row] = c->next[before];
			c->next[before] = row;
			c->in[row] = true;
		}
		before = row;
	}
}

/* Rows of base lines are numbered as those are. */
static bool
rearranged(const struct side *s, size_t n_base)
{
	size_t last = 0;

	for (size_t i = 0; i < s->n; i++) {
		if (s->row[i] >= n_base)
			continue;
		if (s->row[i] < last)
			return true;
		last = s->row[i];
	}
	return false;
}

/* Which of two goes first must not depend on which of them came later. */
static bool
goes_first(const struct document *a, const struct document *b)
{
	struct str x, y;
	bool first;

	str_init(&x, SIZE_MAX / 2);
	str_init(&y, SIZE_MAX / 2);
	document_encode(a, &x);
	document_encode(b, &y);
	first = strcmp(x.p, y.p) <= 0;
	str_free(&x);
	str_free(&y);
	return first;
}

static void
place(struct merge *m, struct arena *arena, const struct side s[3],
    const size_t *next, size_t n)
{
	size_t *at = arena_alloc(arena, (n + 1) * sizeof *at), to = 0;

	for (size_t row = next[n]; row != NOWHERE; row = next[row])
		at[row] = to++;
	m->rows = arena_alloc(arena, (n + 1) * sizeof *m->rows);
	m->n_rows = n;
	for (size_t i = 0; i < s[0].n; i++)
		m->rows[at[s[0].row[i]]].base = &s[0].lines[i];
	for (size_t i = 0; i < s[1].n; i++)
		m->rows[at[s[1].row[i]]].current = &s[1].lines[i];
	for (size_t i = 0; i < s[2].n; i++)
		m->rows[at[s[2].row[i]]].incoming = &s[2].lines[i];
}

void
merge_lines(struct merge *m, struct arena *arena)
{
	struct side s[3] = { side_of(m->base, arena),
	    side_of(m->current, arena), side_of(m->incoming, arena) };
	size_t n_base = new_rows(&s[0], 0), n;
	size_t most = s[0].n + s[1].n + s[2].n + 1;
	bool *taken = arena_alloc(arena, most);
	struct chain chain = { arena_alloc(arena, most * sizeof(size_t)),
	    arena_alloc(arena, most), 0 };
	const struct side *first = &s[1], *second = &s[2];

	match(&s[0], &s[1], taken);
	memset(taken, 0, most);
	match(&s[0], &s[2], taken);
	n = new_rows(&s[1], n_base);
	match(&s[1], &s[2], taken);
	n = new_rows(&s[2], n);
	if (!goes_first(m->current, m->incoming))
		first = &s[2], second = &s[1];
	if (rearranged(second, n_base) && !rearranged(first, n_base)) {
		const struct side *other = first;

		first = second;
		second = other;
	}
	chain.n = n;
	chain.next[n] = NOWHERE;
	chain_add(&chain, first);
	chain_add(&chain, second);
	chain_add(&chain, &s[0]);
	place(m, arena, s, chain.next, n);
}
