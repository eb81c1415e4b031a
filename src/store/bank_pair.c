/*
 * Pairing over the store: what is open of one account, the rules of
 * book/pairing.h, and of what they say the part that is new.
 */
#include "store/bank_inside.h"

#include <stdlib.h>
#include <string.h>

#include "book/money.h"
#include "core/vec.h"

#define OPEN_MAX 20000		/* lines, or entries, looked at together */
#define DAYS 5			/* where no rule says anything */

struct pool {
	struct db *db;
	struct arena *arena;
	const struct bank_unit *unit;
	struct pairing pairing;
	struct pair_line *lines;
	struct pair_item *items;
	int64_t *spoken;		/* of each line: who said so last; 0 */
	enum pair_sure least;		/* that is joined by itself */
	bool by_itself;
	struct map *habits;		/* sign and pattern -> struct habit */
	struct vec proposals;
	bool cut;
};

struct habit {
	const char *code;
	int64_t n;
};

/* ---- loading ------------------------------------------------------------ */

static int32_t
day_number(const char *text)
{
	static const struct day first = { "1990-01-01" };
	struct day day;

	return day_parse(span_of(text), &day) ? day_between(first, day) : 0;
}

static bool
load_rule(struct pool *p, const char *currency, struct err *e)
{
	static const char SQL[] = "SELECT tolerance, days, auto FROM bank_rule"
	    " WHERE account = $1 OR account = '*'"
	    " ORDER BY account = '*' LIMIT 1";
	struct stmt *s = db_stmt(p->db, SQL);
	struct money tolerance;
	enum step step;

	p->pairing.days = DAYS;
	p->least = PAIR_CERTAIN;
	p->by_itself = true;
	stmt_text(s, 1, p->unit->account);
	step = stmt_step(s, e);
	if (step != STEP_ROW)
		return step == STEP_DONE;
	if (money_parse(col_span(s, 0), currency, &tolerance))
		p->pairing.tolerance = tolerance.minor;
	p->pairing.days = (int32_t)col_int(s, 1);
	p->by_itself = strcmp(col_text(s, 2), "no") != 0;
	(void)pair_sure_find(col_text(s, 2), &p->least);
	stmt_reset(s);
	return true;
}

static bool
load_currency(struct pool *p, const char **out, struct err *e)
{
	static const char SQL[] = "SELECT currency FROM bank_account"
	    " WHERE entity = $1 AND account = $2";
	struct stmt *s = db_stmt(p->db, SQL);
	enum step step;

	*out = NULL;
	stmt_text(s, 1, p->unit->entity);
	stmt_text(s, 2, p->unit->account);
	step = stmt_step(s, e);
	if (step == STEP_ROW) {
		*out = arena_strdup(p->arena, col_text(s, 0));
		stmt_reset(s);
	}
	return step != STEP_FAILED;
}

static struct stmt *
ask(struct pool *p, const char *sql, const char *currency)
{
	struct stmt *s = db_stmt(p->db, sql);

	stmt_text(s, 1, p->unit->entity);
	stmt_text(s, 2, p->unit->account);
	stmt_text(s, 3, currency);
	stmt_int(s, 4, OPEN_MAX);
	return s;
}

static const char *
kept(struct pool *p, struct stmt *s, int at)
{
	const char *text = col_text(s, at);

	return text != NULL && *text != '\0' ? arena_strdup(p->arena, text) :
	    NULL;
}

static bool
load_lines(struct pool *p, const char *currency, struct err *e)
{
	static const char SQL[] = "SELECT l.id, l.amount, l.day, l.text,"
	    " l.reference, l.party, l.seq, " BANK_BEFORE
	    " FROM bank_line l JOIN event e ON e.seq = l.event"
	    " WHERE l.entity = $1 AND l.account = $2 AND l.match = 0"
	    " AND l.currency = $3 ORDER BY l.id DESC LIMIT $4";
	struct stmt *s = ask(p, SQL, currency);
	enum step step;
	size_t n = 0;

	p->lines = arena_alloc(p->arena, OPEN_MAX * sizeof *p->lines);
	p->spoken = arena_alloc(p->arena, OPEN_MAX * sizeof *p->spoken);
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		struct pair_line *line = &p->lines[n];

		*line = (struct pair_line){ .id = col_int(s, 0),
		    .amount = col_int(s, 1),
		    .day = day_number(col_text(s, 2)), .texts = {
		    kept(p, s, 3), kept(p, s, 4), kept(p, s, 5) } };
		p->spoken[n++] = col_int(s, 6);
		line->again = !col_null(s, 7) && bank_numbered(col_text(s, 3),
		    col_text(s, 4));
	}
	p->cut = p->cut || n == OPEN_MAX;
	p->pairing.lines = p->lines;
	p->pairing.n_lines = n;
	return step == STEP_DONE;
}

static bool
load_items(struct pool *p, const char *currency, struct err *e)
{
	static const char SQL[] = "SELECT i.id, i.amount, i.day, i.number,"
	    " i.reference, i.other, m.name FROM bank_item i"
	    " LEFT JOIN master m ON m.tab = 'party' AND m.code = i.party"
	    " WHERE i.entity = $1 AND i.account = $2 AND i.match = 0"
	    " AND i.currency = $3 ORDER BY i.id DESC LIMIT $4";
	struct stmt *s = ask(p, SQL, currency);
	enum step step;
	size_t n = 0;

	p->items = arena_alloc(p->arena, OPEN_MAX * sizeof *p->items);
	while ((step = stmt_step(s, e)) == STEP_ROW)
		p->items[n++] = (struct pair_item){ col_int(s, 0),
		    col_int(s, 1), day_number(col_text(s, 2)), {
		    kept(p, s, 3), kept(p, s, 4), kept(p, s, 5) },
		    kept(p, s, 6) };
	p->cut = p->cut || n == OPEN_MAX;
	p->pairing.items = p->items;
	p->pairing.n_items = n;
	return step == STEP_DONE;
}

/* ---- habits ------------------------------------------------------------- */

static bool
load_habits(struct pool *p, struct err *e)
{
	static const char SQL[] = "SELECT sign || ' ' || pattern, code, n"
	    " FROM bank_habit WHERE entity = $1 AND account = $2"
	    " ORDER BY n, code DESC";
	struct stmt *s = db_stmt(p->db, SQL);
	enum step step;

	stmt_text(s, 1, p->unit->entity);
	stmt_text(s, 2, p->unit->account);
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		struct habit *one = arena_alloc(p->arena, sizeof *one);

		*one = (struct habit){ arena_strdup(p->arena, col_text(s, 1)),
		    col_int(s, 2) };
		map_set(p->habits, col_span(s, 0), one);
	}
	return step == STEP_DONE;
}

static const struct habit *
habit_of(struct pool *p, size_t line)
{
	char pattern[PAIR_PATTERN];

	if (map_count(p->habits) == 0 || p->lines[line].texts[0] == NULL)
		return NULL;
	pair_pattern(p->lines[line].texts[0], pattern);
	return pattern[0] == '\0' ? NULL : map_find(p->habits,
	    span_of(arena_printf(p->arena, "%d %s",
	    p->lines[line].amount < 0 ? -1 : 1, pattern)));
}

/* ---- what they come to -------------------------------------------------- */

static int64_t *
ids_of(struct pool *p, const size_t *at, size_t n, bool lines)
{
	int64_t *ids = arena_alloc(p->arena, (n + 1) * sizeof *ids);

	for (size_t i = 0; i < n; i++)
		ids[i] = lines ? p->lines[at[i]].id : p->items[at[i]].id;
	return ids;
}

/* What a person took apart, or spoke of otherwise, he joins himself. Where not
 * all that is open was looked at, that nothing else fits is not known. */
static bool
joins_itself(const struct pool *p, const struct pair *pair)
{
	if (!p->by_itself || pair->sure < p->least ||
	    (p->cut && pair->sure < PAIR_CERTAIN))
		return false;
	for (size_t i = 0; i < pair->n_lines; i++)
		if (p->spoken[pair->lines[i]] != 0)
			return false;
	return true;
}

static void
propose(struct pool *p, const struct pair *pair)
{
	const char *lines = bank_ids_write(p->arena, ids_of(p, pair->lines,
	    pair->n_lines, true), pair->n_lines);
	const char *items = bank_ids_write(p->arena, ids_of(p, pair->items,
	    pair->n_items, false), pair->n_items);

	for (size_t i = 0; i < pair->n_lines; i++) {
		struct bank_proposal *one = vec_add(&p->proposals);

		if (one != NULL)
			*one = (struct bank_proposal){
			    p->lines[pair->lines[i]].id, 0, pair->off,
			    pair->days, (int64_t)pair->alike,
			    pair_rule_name(pair->rule),
			    pair_sure_name(pair->sure),
			    pair->by != NULL ? pair->by : "", "", lines,
			    items };
	}
}

static void
propose_habits(struct pool *p)
{
	for (size_t i = 0; i < p->pairing.n_lines; i++) {
		const struct habit *habit = habit_of(p, i);
		struct bank_proposal *one = habit != NULL ?
		    vec_add(&p->proposals) : NULL;

		if (one != NULL)
			*one = (struct bank_proposal){ p->lines[i].id, 0, 0,
			    0, habit->n, "habit", "likely", "", habit->code,
			    "[]", "[]" };
	}
}

/* The surest first; what people did before stands before what merely adds
 * up. */
static int
weight(const struct bank_proposal *p)
{
	enum pair_rule rule = PAIR_HAND;
	enum pair_sure sure = PAIR_MAYBE;

	if (*p->code != '\0')
		return 3 * PAIR_RULES;
	(void)pair_rule_find(p->rule, &rule);
	(void)pair_sure_find(p->sure, &sure);
	if (sure == PAIR_CERTAIN)
		return (int)rule;
	if (sure == PAIR_LIKELY)
		return PAIR_RULES + (int)rule;
	return (rule <= PAIR_OFF ? 2 : 4) * PAIR_RULES + (int)rule;
}

static int
compare(const void *p, const void *q)
{
	const struct bank_proposal *a = p, *b = q;
	int by;

	if (a->line != b->line)
		return a->line < b->line ? -1 : 1;
	by = weight(a) - weight(b);
	if (by == 0)
		by = strcmp(a->items, b->items);
	return by != 0 ? by : strcmp(a->lines, b->lines);
}

/* PAIR_PROPOSED of each line, numbered. */
static void
order(struct pool *p)
{
	struct bank_proposal *all = p->proposals.p;
	size_t n = 0;

	if (p->proposals.n > 1)
		qsort(all, p->proposals.n, sizeof *all, compare);
	for (size_t i = 0; i < p->proposals.n; i++) {
		int64_t at = n > 0 && all[n - 1].line == all[i].line ?
		    all[n - 1].n + 1 : 1;

		if (at > PAIR_PROPOSED)
			continue;
		all[n] = all[i];
		all[n++].n = at;
	}
	p->proposals.n = n;
}

/* ---- what of it is new -------------------------------------------------- */

static bool
same(const struct bank_proposal *a, const struct bank_proposal *b)
{
	return a->n == b->n && a->off == b->off && a->days == b->days &&
	    a->alike == b->alike && strcmp(a->rule, b->rule) == 0 &&
	    strcmp(a->sure, b->sure) == 0 && strcmp(a->by, b->by) == 0 &&
	    strcmp(a->code, b->code) == 0 &&
	    strcmp(a->lines, b->lines) == 0 &&
	    strcmp(a->items, b->items) == 0;
}

static bool
load_old(struct pool *p, struct vec *out, struct err *e)
{
	static const char SQL[] = "SELECT g.line, g.n, g.off, g.days, g.alike,"
	    " g.rule, g.sure, g.by, g.code, g.lines, g.items"
	    " FROM bank_line l CROSS JOIN bank_suggestion g ON g.line = l.id"
	    " WHERE l.entity = $1 AND l.account = $2 AND l.match = 0"
	    " ORDER BY l.id, g.n";
	struct stmt *s = db_stmt(p->db, SQL);
	enum step step;

	stmt_text(s, 1, p->unit->entity);
	stmt_text(s, 2, p->unit->account);
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		struct bank_proposal *one = vec_add(out);

		if (one == NULL)
			continue;
		*one = (struct bank_proposal){ .line = col_int(s, 0),
		    .n = col_int(s, 1), .off = col_int(s, 2),
		    .days = col_int(s, 3), .alike = col_int(s, 4) };
		one->rule = arena_strdup(p->arena, col_text(s, 5));
		one->sure = arena_strdup(p->arena, col_text(s, 6));
		one->by = arena_strdup(p->arena, col_text(s, 7));
		one->code = arena_strdup(p->arena, col_text(s, 8));
		one->lines = arena_strdup(p->arena, col_text(s, 9));
		one->items = arena_strdup(p->arena, col_text(s, 10));
	}
	return step == STEP_DONE;
}

/* How many stand together of one line, from `at` on. */
static size_t
group(const struct vec *all, size_t at)
{
	const struct bank_proposal *p = all->p;
	size_t n = 0;

	while (at + n < all->n && p[at + n].line == p[at].line)
		n++;
	return n;
}

static bool
same_group(const struct bank_proposal *a, size_t n_a,
    const struct bank_proposal *b, size_t n_b)
{
	for (size_t i = 0; n_a == n_b && i < n_a; i++)
		if (!same(&a[i], &b[i]))
			return false;
	return n_a == n_b;
}

/* Both are in order of lines. */
static void
differ(struct pool *p, const struct vec *old, struct bank_result *r)
{
	const struct bank_proposal *was = old->p, *is = p->proposals.p;
	size_t i = 0, k = 0;

	r->put = arena_alloc(p->arena, (p->proposals.n + 1) *
	    sizeof *r->put);
	r->drop = arena_alloc(p->arena, (old->n + 1) * sizeof *r->drop);
	while (i < old->n || k < p->proposals.n) {
		bool left = i < old->n && (k == p->proposals.n ||
		    was[i].line <= is[k].line);
		bool right = k < p->proposals.n && (i == old->n ||
		    is[k].line <= was[i].line);
		size_t n_was = left ? group(old, i) : 0;
		size_t n_is = right ? group(&p->proposals, k) : 0;

		if (!left || !right || !same_group(&was[i], n_was, &is[k],
		    n_is)) {
			if (left)
				r->drop[r->n_drop++] = was[i].line;
			for (size_t g = 0; g < n_is; g++)
				r->put[r->n_put++] = is[k + g];
		}
		i += n_was;
		k += n_is;
	}
}

/* ---- all of it ---------------------------------------------------------- */

static void
sort_out(struct pool *p, struct bank_result *r)
{
	const struct pairing *done = &p->pairing;

	r->pairs = arena_alloc(p->arena, (done->n_pairs + 1) *
	    sizeof *r->pairs);
	for (size_t i = 0; i < done->n_pairs; i++) {
		const struct pair *pair = &done->pairs[i];

		if (!joins_itself(p, pair)) {
			propose(p, pair);
			continue;
		}
		r->pairs[r->n_pairs++] = (struct bank_pair){
		    pair_rule_name(pair->rule), pair_sure_name(pair->sure),
		    pair->by, ids_of(p, pair->lines, pair->n_lines, true),
		    ids_of(p, pair->items, pair->n_items, false),
		    pair->n_lines, pair->n_items };
	}
	propose_habits(p);
	order(p);
}

static bool
run(struct pool *p, struct bank_result *r, struct err *e)
{
	const char *currency;
	struct vec old;
	bool ok;

	if (!load_currency(p, &currency, e) || currency == NULL)
		return currency == NULL && e->code == ERR_NONE;
	vec_init(&old, sizeof(struct bank_proposal),
	    OPEN_MAX * PAIR_PROPOSED);
	ok = load_rule(p, currency, e) && load_lines(p, currency, e) &&
	    (p->pairing.n_lines == 0 || load_items(p, currency, e)) &&
	    load_habits(p, e) && load_old(p, &old, e);
	if (ok) {
		pairing_run(p->arena, &p->pairing);
		sort_out(p, r);
		differ(p, &old, r);
		r->cut = p->cut || p->pairing.cut;
	}
	vec_free(&old);
	return ok;
}

bool
bank_compute(struct db *db, struct arena *arena,
    const struct bank_unit *unit, struct bank_result *r, struct err *e)
{
	struct pool p = { .db = db, .arena = arena, .unit = unit };
	bool ok;

	*r = (struct bank_result){ .unit = *unit };
	p.habits = map_new();
	vec_init(&p.proposals, sizeof(struct bank_proposal),
	    OPEN_MAX * (PAIR_PROPOSED + 1));
	ok = run(&p, r, e);
	map_free(&p.habits, NULL);
	vec_free(&p.proposals);
	return ok;
}

bool
bank_next(struct db *db, struct arena *arena, struct bank_unit *out,
    size_t max, size_t *n, struct err *e)
{
	static const char SQL[] = "SELECT entity, account, seq FROM bank_dirty"
	    " ORDER BY seq, entity, account LIMIT $1";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	*n = 0;
	stmt_int(s, 1, (int64_t)max);
	while ((step = stmt_step(s, e)) == STEP_ROW)
		out[(*n)++] = (struct bank_unit){
		    arena_strdup(arena, col_text(s, 0)),
		    arena_strdup(arena, col_text(s, 1)), col_int(s, 2) };
	return step == STEP_DONE;
}

/* ---- writing ------------------------------------------------------------ */

/* What was matched meanwhile has no suggestions any more. */
static bool
put(struct books *books, const struct bank_proposal *one, struct err *e)
{
	static const char SQL[] = "INSERT OR REPLACE INTO bank_suggestion"
	    " SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11 FROM"
	    " bank_line WHERE id = $1 AND match = 0";
	struct stmt *s = db_stmt(books->db, SQL);

	stmt_int(s, 1, one->line);
	stmt_int(s, 2, one->n);
	stmt_text(s, 3, one->rule);
	stmt_text(s, 4, one->sure);
	stmt_int(s, 5, one->off);
	stmt_int(s, 6, one->days);
	stmt_int(s, 7, one->alike);
	stmt_text(s, 8, one->by);
	stmt_text(s, 9, one->code);
	stmt_text(s, 10, one->lines);
	stmt_text(s, 11, one->items);
	return stmt_run(s, e);
}

bool
bank_write(struct books *books, const struct bank_result *r, struct err *e)
{
	static const char DROP[] = "DELETE FROM bank_suggestion"
	    " WHERE line = $1";
	static const char CLEAN[] = "DELETE FROM bank_dirty"
	    " WHERE entity = $1 AND account = $2 AND seq = $3";
	struct stmt *s;

	for (size_t i = 0; i < r->n_drop; i++) {
		s = db_stmt(books->db, DROP);
		stmt_int(s, 1, r->drop[i]);
		if (!stmt_run(s, e))
			return false;
	}
	for (size_t i = 0; i < r->n_put; i++)
		if (!put(books, &r->put[i], e))
			return false;
	if (r->n_drop + r->n_put > 0)
		books_touch(books, "bank", arena_printf(books->arena, "%s/%s",
		    r->unit.entity, r->unit.account));
	s = db_stmt(books->db, CLEAN);
	stmt_text(s, 1, r->unit.entity);
	stmt_text(s, 2, r->unit.account);
	stmt_int(s, 3, r->unit.seq);
	return stmt_run(s, e);
}

bool
bank_all(struct books *books, struct err *e)
{
	size_t n = 1;
	bool ok = true;

	while (ok && n > 0) {
		struct arena *arena = arena_new();
		struct bank_unit unit;
		struct bank_result result;

		ok = bank_next(books->db, arena, &unit, 1, &n, e) &&
		    (n == 0 || (bank_compute(books->db, arena, &unit,
		    &result, e) && bank_write(books, &result, e)));
		arena_free(&arena);
	}
	return ok;
}
