/* Accounts of ours beside those of targets. */
#include "targets/trial.h"

#include <stdlib.h>
#include <string.h>

#include "core/map.h"

/* ---- one target ------------------------------------------------------- */

struct matching {
	struct arena *arena;
	struct map *codes;		/* -> struct trial_row */
	struct trial_row *rows;
	size_t n;
};

static struct trial_row *
row_of(struct matching *m, const char *code)
{
	struct trial_row *row = map_find(m->codes, span_of(code));

	if (row != NULL)
		return row;
	row = &m->rows[m->n++];
	row->theirs = code;
	row->name = "";
	map_set(m->codes, span_of(code), row);
	return row;
}

/* A list that has n: twice as long where it is full, since all accounts may
 * stand for one of theirs. */
static void *
room_for_one(struct arena *arena, void *list, size_t n)
{
	void **more;

	if ((n & (n - 1)) != 0)
		return list;
	more = arena_alloc(arena, (n > 0 ? 2 * n : 1) * sizeof *more);
	if (n > 0)
		memcpy(more, list, n * sizeof *more);
	return more;
}

static void
add_sum(struct matching *m, struct trial_row *row,
    const struct standing_sum *sum)
{
	row->ours = room_for_one(m->arena, row->ours, row->n_ours);
	row->ours[row->n_ours++] = sum;
	row->amount += sum->amount;
	row->in_flight += sum->in_flight;
	row->refused += sum->refused;
	row->skipped += sum->skipped;
}

static int
by_code(const void *a, const void *b)
{
	const struct trial_row *x = a, *y = b;

	return strcmp(x->theirs, y->theirs);
}

void
trial_match(const struct trial_side *side, struct arena *arena,
    struct trial_row **out, size_t *n)
{
	struct matching m = { .arena = arena, .codes = map_new() };

	m.rows = arena_alloc(arena, (side->n_sums + side->n_balances + 1) *
	    sizeof *m.rows);
	for (size_t i = 0; i < side->n_balances; i++) {
		const struct remote_balance *one = &side->balances[i];
		struct trial_row *row = row_of(&m, one->account);

		row->has = true;
		row->name = one->name != NULL ? one->name : "";
		row->held += one->debit - one->credit;
	}
	for (size_t i = 0; i < side->n_sums; i++)
		add_sum(&m, row_of(&m, side->sums[i].theirs),
		    &side->sums[i]);
	for (size_t i = 0; i < m.n; i++) {
		struct trial_row *row = &m.rows[i];

		row->expected = row->amount - row->in_flight -
		    row->refused - row->skipped;
		row->difference = row->held - row->expected;
		if (!row->has && *row->theirs != '\0' && row->n_ours > 0)
			row->name = row->ours[0]->name;
	}
	qsort(m.rows, m.n, sizeof *m.rows, by_code);
	map_free(&m.codes, NULL);
	*out = m.rows;
	*n = m.n;
}

/* ---- two -------------------------------------------------------------- */

/* Codes of both and accounts of ours are points; an account joins its two
 * codes, and what hangs together is one row. */
struct points {
	struct arena *arena;
	struct map *names;	/* letter and code -> struct point */
	struct point *all;
	size_t n;
};

struct point {
	struct point *up;	/* itself: the top */
	char kind;		/* 'a' 'b': a code there; 'o': ours */
	const char *code;
	int64_t held, away;
	int64_t away_b;
	struct against_row *row;	/* of a top */
};

static struct point *
top(struct point *p)
{
	while (p->up != p) {
		p->up = p->up->up;
		p = p->up;
	}
	return p;
}

static struct point *
point_of(struct points *ps, char kind, const char *code)
{
	const char *name = arena_printf(ps->arena, "%c%s", kind, code);
	struct point *p = map_find(ps->names, span_of(name));

	if (p != NULL)
		return p;
	p = &ps->all[ps->n++];
	*p = (struct point){ .up = p, .kind = kind, .code = code };
	map_set(ps->names, span_of(name), p);
	return p;
}

static void
add_side(struct points *ps, char kind, const struct trial_side *side)
{
	for (size_t i = 0; i < side->n_balances; i++) {
		const struct remote_balance *one = &side->balances[i];

		point_of(ps, kind, one->account)->held +=
		    one->debit - one->credit;
	}
	for (size_t i = 0; i < side->n_sums; i++) {
		const struct standing_sum *sum = &side->sums[i];
		int64_t away = sum->in_flight + sum->refused + sum->skipped;
		struct point *own = point_of(ps, 'o', sum->account);

		if (kind == 'a')
			own->away += away;
		else
			own->away_b += away;
		if (*sum->theirs != '\0')
			top(point_of(ps, kind, sum->theirs))->up = top(own);
	}
}

static void
add_name(struct arena *arena, const char ***list, size_t *n,
    const char *name)
{
	*list = room_for_one(arena, *list, *n);
	(*list)[(*n)++] = name;
}

static void
add_point(struct arena *arena, struct against_row *row,
    const struct point *p)
{
	if (p->kind == 'o') {
		add_name(arena, &row->ours, &row->n_ours, p->code);
		row->away_a += p->away;
		row->away_b += p->away_b;
	} else if (p->kind == 'a') {
		add_name(arena, &row->a, &row->n_a, p->code);
		row->held_a += p->held;
	} else {
		add_name(arena, &row->b, &row->n_b, p->code);
		row->held_b += p->held;
	}
}

static const char *
name_of(const struct against_row *row)
{
	return row->n_ours > 0 ? row->ours[0] : row->n_a > 0 ? row->a[0] :
	    row->b[0];
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(name_of(a), name_of(b));
}

void
trial_against(const struct trial_side *a, const struct trial_side *b,
    struct arena *arena, struct against_row **out, size_t *n)
{
	struct points ps = { .arena = arena, .names = map_new() };
	size_t most = 2 * (a->n_sums + b->n_sums) + a->n_balances +
	    b->n_balances + 1;
	struct against_row *rows = arena_alloc(arena, most * sizeof *rows);

	ps.all = arena_alloc(arena, most * sizeof *ps.all);
	add_side(&ps, 'a', a);
	add_side(&ps, 'b', b);
	*n = 0;
	for (size_t i = 0; i < ps.n; i++) {
		struct point *head = top(&ps.all[i]);

		if (head->row == NULL)
			head->row = &rows[(*n)++];
		add_point(arena, head->row, &ps.all[i]);
	}
	for (size_t i = 0; i < *n; i++)
		rows[i].difference = rows[i].held_a + rows[i].away_a -
		    rows[i].held_b - rows[i].away_b;
	qsort(rows, *n, sizeof *rows, by_name);
	map_free(&ps.names, NULL);
	*out = rows;
}
