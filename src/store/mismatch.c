/*
 * Both sides of what companies of the group say of each other, put side by
 * side.  Documents are matched by their reference or number; what is left is
 * matched once more by the number that the other side refers to.
 */
#include "store/mismatch.h"

#include <stdio.h>
#include <string.h>

#include "core/map.h"
#include "core/vec.h"

const char *const mismatch_why_names[] = {
	[MISMATCH_NONE] = "",
	[MISMATCH_MISSING] = "missing",
	[MISMATCH_AMOUNT] = "amount",
	[MISMATCH_PERIOD] = "period",
	[MISMATCH_ROUNDING] = "rounding",
	[MISMATCH_RATE] = "rate",
};

struct reading {
	struct db *db;
	struct arena *arena;
	const struct mismatch_filter *filter;
	struct vec groups;	/* struct group */
	struct map *index;	/* low NUL high NUL name -> group + 1 */
	struct map *bases;	/* entity -> its currency */
	size_t rows;
};

struct group {
	const char *low, *high, *name;
	struct vec side[2];	/* struct mutual_row */
	bool gone;		/* it went into another */
};

/* ---- small things of the books ---------------------------------------- */

bool
entity_base(struct db *db, const char *entity, char out[4], struct err *e)
{
	static const char SQL[] = "SELECT extra FROM master"
	    " WHERE tab = 'entity' AND code = $1";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	out[0] = '\0';
	stmt_text(s, 1, entity);
	step = stmt_step(s, e);
	if (step == STEP_ROW) {
		snprintf(out, 4, "%s", col_text(s, 0));
		stmt_reset(s);
	}
	return step != STEP_FAILED;
}

static bool
find_rate(struct db *db, const char *from, const char *to, const char *date,
    int64_t *rate, struct err *e)
{
	static const char SQL[] = "SELECT rate FROM rate"
	    " WHERE from_currency = $1 AND to_currency = $2 AND first <= $3"
	    " ORDER BY first DESC LIMIT 1";
	struct stmt *s = db_stmt(db, SQL);

	stmt_text(s, 1, from);
	stmt_text(s, 2, to);
	stmt_text(s, 3, date);
	return stmt_number(s, rate, e);
}

bool
rate_convert(struct db *db, struct money m, const char *to, const char *date,
    struct money *out, bool *found, struct err *e)
{
	int64_t rate;

	*found = true;
	*out = m;
	if (strcmp(m.currency, to) == 0)
		return true;
	if (!find_rate(db, m.currency, to, date, &rate, e))
		return false;
	if (rate > 0) {
		*found = money_convert(m, to, rate, out);
		return true;
	}
	if (!find_rate(db, to, m.currency, date, &rate, e))
		return false;
	*found = rate > 0 && money_convert_back(m, to, rate, out);
	return true;
}

/* ---- reading ---------------------------------------------------------- */

static struct group *
group_at(struct reading *r, size_t i)
{
	return vec_at(&r->groups, i);
}

static struct span
key_of(struct reading *r, const char *low, const char *high,
    const char *name)
{
	size_t a = strlen(low) + 1, b = strlen(high) + 1, c = strlen(name);
	char *key = arena_alloc(r->arena, a + b + c + 1);

	memcpy(key, low, a);
	memcpy(key + a, high, b);
	memcpy(key + a + b, name, c);
	return (struct span){ key, a + b + c };
}

static struct group *
group_of(struct reading *r, const char *low, const char *high,
    const char *name)
{
	struct span key = key_of(r, low, high, name);
	size_t at = (size_t)(uintptr_t)map_find(r->index, key);
	struct group *group;

	if (at > 0)
		return group_at(r, at - 1);
	group = vec_add(&r->groups);
	if (group == NULL)
		return NULL;
	*group = (struct group){ .low = arena_strdup(r->arena, low),
	    .high = arena_strdup(r->arena, high),
	    .name = arena_strdup(r->arena, name) };
	vec_init(&group->side[0], sizeof(struct mutual_row),
	    MISMATCH_ROWS_MAX);
	vec_init(&group->side[1], sizeof(struct mutual_row),
	    MISMATCH_ROWS_MAX);
	map_set(r->index, key, (void *)(uintptr_t)r->groups.n);
	return group;
}

static void
read_row(struct reading *r, struct stmt *s)
{
	struct group *group = group_of(r, col_text(s, 0), col_text(s, 1),
	    col_text(s, 2));
	struct mutual_row *row;

	if (group == NULL)
		return;
	row = vec_add(&group->side[strcmp(col_text(s, 3), group->low) != 0]);
	if (row == NULL)
		return;
	*row = (struct mutual_row){
		.account = arena_strdup(r->arena, col_text(s, 4)),
		.kind = arena_strdup(r->arena, col_text(s, 5)),
		.number = arena_strdup(r->arena, col_text(s, 6)),
		.period = arena_strdup(r->arena, col_text(s, 8)),
		.amount = col_int(s, 9),
		.base = col_int(s, 10),
		.date = arena_strdup(r->arena, col_text(s, 11)),
		.journal = col_int(s, 12),
	};
	snprintf(row->currency, sizeof row->currency, "%s", col_text(s, 7));
}

#define ROW " SELECT g.low, g.high, g.name, m.entity, m.account, m.kind," \
	" m.number, m.currency, m.period, m.amount, m.base, m.date," \
	" m.journal FROM g JOIN mutual m"
#define COUNTED " AND m.name = g.name JOIN intercompany_side i" \
	" ON i.entity = m.entity AND i.account = m.account" \
	" AND i.counterparty = m.party WHERE m.amount <> 0 OR m.base <> 0"

static bool
read_rows(struct reading *r, bool *cut, struct err *e)
{
	static const char SQL[] = "WITH g AS (SELECT low, high, name"
	    " FROM mutual_open WHERE $1 = 0"
	    " AND ($2 IS NULL OR $2 IN (low, high))"
	    " AND ($3 IS NULL OR $3 IN (low, high))"
	    " UNION SELECT min(entity, party), max(entity, party), name"
	    " FROM mutual WHERE $1 = 1"
	    " AND ($2 IS NULL OR $2 IN (entity, party))"
	    " AND ($3 IS NULL OR $3 IN (entity, party)))"
	    ROW " ON m.entity = g.low AND m.party = g.high" COUNTED
	    " UNION ALL"
	    ROW " ON m.entity = g.high AND m.party = g.low" COUNTED
	    " ORDER BY 1, 2, 3, 4, 12, 13 LIMIT $4";
	struct stmt *s = db_stmt(r->db, SQL);
	enum step step;

	stmt_int(s, 1, r->filter->all);
	stmt_text(s, 2, r->filter->entity);
	stmt_text(s, 3, r->filter->party);
	stmt_int(s, 4, MISMATCH_ROWS_MAX);
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		read_row(r, s);
		r->rows++;
	}
	*cut = r->rows == MISMATCH_ROWS_MAX;
	return step == STEP_DONE;
}

/* ---- matching what is left -------------------------------------------- */

static bool
one_sided(const struct group *a, const struct group *b)
{
	return (a->side[0].n == 0 && b->side[1].n == 0) ||
	    (a->side[1].n == 0 && b->side[0].n == 0);
}

/* A sum that is too large is as large as can be, and differs all the same. */
static void
add_to(int64_t *sum, int64_t n)
{
	if (__builtin_add_overflow(*sum, n, sum))
		*sum = n < 0 ? -MONEY_MAX : MONEY_MAX;
}

struct net {
	char currency[4];
	int64_t amount;
};

#define CURRENCIES_MAX 16

/* Up to the end of the month; NULL: of all. */
static void
add_rows(const struct mutual_row *rows, size_t n, const char *period,
    struct net *nets, size_t *n_nets)
{
	for (size_t i = 0; i < n; i++) {
		size_t k = 0;

		if (period != NULL && strcmp(rows[i].period, period) > 0)
			continue;
		while (k < *n_nets && strcmp(nets[k].currency,
		    rows[i].currency) != 0)
			k++;
		if (k == CURRENCIES_MAX)
			continue;
		if (k == *n_nets) {
			memcpy(nets[k].currency, rows[i].currency, 4);
			nets[k].amount = 0;
			++*n_nets;
		}
		add_to(&nets[k].amount, rows[i].amount);
	}
}

static size_t
drop_zeros(struct net *nets, size_t n)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++)
		if (nets[i].amount != 0)
			nets[kept++] = nets[i];
	return kept;
}

static const struct mutual_row *
rows_of(const struct vec *side)
{
	return side->n > 0 ? vec_at(side, 0) : NULL;
}

static bool
would_agree(const struct group *a, const struct group *b)
{
	struct net nets[CURRENCIES_MAX];
	size_t n = 0;

	for (int i = 0; i < 2; i++) {
		add_rows(rows_of(&a->side[i]), a->side[i].n, NULL, nets, &n);
		add_rows(rows_of(&b->side[i]), b->side[i].n, NULL, nets, &n);
	}
	return drop_zeros(nets, n) == 0;
}

static void
take_in(struct group *into, struct group *from)
{
	for (int i = 0; i < 2; i++)
		for (size_t k = 0; k < from->side[i].n; k++) {
			struct mutual_row *row = vec_add(&into->side[i]);

			if (row != NULL)
				*row = *(struct mutual_row *)
				    vec_at(&from->side[i], k);
		}
	from->gone = true;
}

/* The group's own document is called as the other names it. */
static void
join_by_number(struct reading *r, struct group *group)
{
	for (int i = 0; i < 2; i++)
		for (size_t k = 0; k < group->side[i].n; k++) {
			const struct mutual_row *row =
			    vec_at(&group->side[i], k);
			struct group *other;
			size_t at;

			if (strcmp(row->number, group->name) == 0)
				continue;
			at = (size_t)(uintptr_t)map_find(r->index, key_of(r,
			    group->low, group->high, row->number));
			other = at > 0 ? group_at(r, at - 1) : NULL;
			if (other == NULL || other == group || other->gone ||
			    !(one_sided(group, other) ||
			    would_agree(group, other)))
				continue;
			take_in(other, group);
			return;
		}
}

/* ---- judging ---------------------------------------------------------- */

static const char *
last_month(const struct mismatch *m)
{
	const char *last = "";

	for (int i = 0; i < 2; i++)
		for (size_t k = 0; k < m->side[i].n; k++)
			if (strcmp(m->side[i].rows[k].period, last) > 0)
				last = m->side[i].rows[k].period;
	return last;
}

/* In the currency of the comparison: what is of the entity's own currency
 * is in the books already, else by the rate of its day. */
static bool
row_in(struct reading *r, const struct mutual_side *side,
    const struct mutual_row *row, const char *currency, int64_t *out,
    struct err *e)
{
	struct money m = { .minor = row->amount }, converted;
	bool found;

	memcpy(m.currency, row->currency, 4);
	*out = row->base;
	if (strcmp(row->currency, currency) != 0 &&
	    strcmp(side->base, currency) == 0)
		return true;
	if (!rate_convert(r->db, m, currency, row->date, &converted, &found,
	    e))
		return false;
	*out = found ? converted.minor : 0;
	return true;
}

static bool
sum_sides(struct reading *r, struct mismatch *m, const char *period,
    bool mixed, struct err *e)
{
	m->difference = 0;
	for (int i = 0; i < 2; i++) {
		struct mutual_side *side = &m->side[i];

		side->used = 0;
		side->sum = 0;
		for (size_t k = 0; k < side->n; k++) {
			const struct mutual_row *row = &side->rows[k];
			int64_t amount = row->amount;

			if (period != NULL && strcmp(row->period, period) > 0)
				continue;
			side->used++;
			if (!mixed && strcmp(row->currency, m->currency) != 0)
				continue;
			if (mixed && !row_in(r, side, row, m->currency,
			    &amount, e))
				return false;
			add_to(&side->sum, amount);
		}
		add_to(&m->difference, side->sum);
	}
	return true;
}

static int64_t
size_of(int64_t n)
{
	return n < 0 ? -n : n;
}

static enum mismatch_why
why_of(const struct mismatch *m, bool mixed)
{
	int64_t least = size_of(m->side[0].sum);

	if (size_of(m->side[1].sum) < least)
		least = size_of(m->side[1].sum);
	if (m->difference == 0)
		return MISMATCH_NONE;
	for (int i = 0; i < 2; i++)
		if (m->side[i].used == 0)
			return m->side[i].n > 0 ? MISMATCH_PERIOD :
			    MISMATCH_MISSING;
	if (!mixed)
		return MISMATCH_AMOUNT;
	if (size_of(m->difference) <= (int64_t)(m->side[0].used +
	    m->side[1].used))
		return MISMATCH_ROUNDING;
	return size_of(m->difference) <= least / 20 ? MISMATCH_RATE :
	    MISMATCH_AMOUNT;
}

/* As at the end of the month. One currency that does not come to zero is
 * compared in itself; more of them in the first entity's own. */
static bool
judge_at(struct reading *r, struct mismatch *m, const char *period,
    struct err *e)
{
	struct net nets[CURRENCIES_MAX];
	size_t n = 0;
	bool mixed;

	for (int i = 0; i < 2; i++)
		add_rows(m->side[i].rows, m->side[i].n, period, nets, &n);
	if (n > 0)
		memcpy(m->currency, nets[0].currency, 4);
	n = drop_zeros(nets, n);
	mixed = n > 1;
	if (n > 0)
		snprintf(m->currency, sizeof m->currency, "%s", mixed ?
		    m->side[0].base : nets[0].currency);
	m->period = period;
	if (!sum_sides(r, m, period, mixed, e))
		return false;
	m->why = n == 0 ? MISMATCH_NONE : why_of(m, mixed);
	return true;
}

static bool
is_open(struct reading *r, const struct mismatch *m, const char *period,
    bool *yes, struct err *e)
{
	static const char SQL[] = "SELECT 1 FROM period WHERE period = $1"
	    " AND entity IN ($2, $3) AND state <> 'closed'";
	struct stmt *s = db_stmt(r->db, SQL);

	stmt_text(s, 1, period);
	stmt_text(s, 2, m->side[0].entity);
	stmt_text(s, 3, m->side[1].entity);
	return stmt_found(s, yes, e);
}

/* They agree by now. Did they at the end of each month that is not closed? */
static bool
judge_months(struct reading *r, struct mismatch *m, struct err *e)
{
	const char *last = last_month(m);

	for (int i = 0; i < 2; i++)
		for (size_t k = 0; k < m->side[i].n; k++) {
			const char *period = m->side[i].rows[k].period;
			bool open;

			if (strcmp(period, last) == 0)
				continue;
			if (!is_open(r, m, period, &open, e) ||
			    (open && !judge_at(r, m, period, e)))
				return false;
			if (open && m->why != MISMATCH_NONE) {
				m->why = MISMATCH_PERIOD;
				return true;
			}
		}
	return judge_at(r, m, NULL, e);
}

static bool
judge(struct reading *r, struct mismatch *m, struct err *e)
{
	const char *period = r->filter->period;

	if (!judge_at(r, m, NULL, e))
		return false;
	if (period == NULL)
		return m->why != MISMATCH_NONE || judge_months(r, m, e);
	if (m->why == MISMATCH_NONE) {
		if (!judge_at(r, m, period, e))
			return false;
		if (m->why != MISMATCH_NONE)
			m->why = MISMATCH_PERIOD;
		return true;
	}
	return judge_at(r, m, period, e);
}

static bool
base_of(struct reading *r, const char *entity, const char **out,
    struct err *e)
{
	char base[4];

	*out = map_find(r->bases, span_of(entity));
	if (*out != NULL)
		return true;
	if (!entity_base(r->db, entity, base, e))
		return false;
	*out = arena_strdup(r->arena, base);
	map_set(r->bases, span_of(entity), (void *)(uintptr_t)*out);
	return true;
}

static bool
fill(struct reading *r, const struct group *group, struct mismatch *m,
    struct err *e)
{
	*m = (struct mismatch){ .name = group->name };
	for (int i = 0; i < 2; i++) {
		struct mutual_side *side = &m->side[i];

		side->entity = i == 0 ? group->low : group->high;
		if (!base_of(r, side->entity, &side->base, e))
			return false;
		side->n = group->side[i].n;
		side->rows = arena_alloc(r->arena,
		    (side->n + 1) * sizeof *side->rows);
		for (size_t k = 0; k < side->n; k++) {
			side->rows[k] = *(struct mutual_row *)
			    vec_at(&group->side[i], k);
			if (side->rows[k].journal > m->version)
				m->version = side->rows[k].journal;
		}
	}
	return judge(r, m, e);
}

static bool
named(const struct reading *r, const struct group *group)
{
	const char *name = r->filter->name;

	return name == NULL || strcmp(name, group->name) == 0;
}

static bool
judge_all(struct reading *r, struct mismatch **out, size_t *n,
    struct err *e)
{
	*n = 0;
	*out = arena_alloc(r->arena, (r->groups.n + 1) * sizeof **out);
	for (size_t i = 0; i < r->groups.n; i++)
		join_by_number(r, group_at(r, i));
	for (size_t i = 0; i < r->groups.n; i++) {
		struct group *group = group_at(r, i);
		struct mismatch *m = &(*out)[*n];

		if (group->gone || !named(r, group))
			continue;
		if (!fill(r, group, m, e))
			return false;
		*n += m->why != MISMATCH_NONE || (r->filter->all &&
		    m->side[0].used + m->side[1].used > 0);
	}
	return true;
}

bool
mismatches_read(struct db *db, struct arena *arena,
    const struct mismatch_filter *filter, struct mismatch **out, size_t *n,
    bool *cut, struct err *e)
{
	struct reading r = { .db = db, .arena = arena, .filter = filter,
	    .index = map_new(), .bases = map_new() };
	bool ok;

	vec_init(&r.groups, sizeof(struct group), MISMATCH_ROWS_MAX);
	ok = read_rows(&r, cut, e) && judge_all(&r, out, n, e);
	for (size_t i = 0; i < r.groups.n; i++) {
		vec_free(&group_at(&r, i)->side[0]);
		vec_free(&group_at(&r, i)->side[1]);
	}
	vec_free(&r.groups);
	map_free(&r.index, NULL);
	map_free(&r.bases, NULL);
	return ok;
}
