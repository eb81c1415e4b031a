/*
 * What companies of the group owe each other, both sides beside each other,
 * and what they do not agree on.
 */
#include "store/show.h"

#include <stdlib.h>
#include <string.h>

#include "core/map.h"
#include "store/mismatch.h"

/* ---- one mismatch ----------------------------------------------------- */

static void
write_document(struct json *j, const struct mutual_side *side,
    const struct mutual_row *row, const char *period)
{
	json_open(j, '{');
	show_name(j, side->entity, row->kind, row->number);
	show_id(j, "journal", 'J', row->journal);
	json_kstr(j, "date", row->date);
	json_kstr(j, "account", row->account);
	show_amount(j, "amount", row->amount, row->currency);
	json_kstr(j, "currency", row->currency);
	json_key(j, "later");
	json_bool(j, period != NULL && strcmp(row->period, period) > 0);
	json_close(j, '}');
}

static void
write_side(struct json *j, const char *key, const struct mismatch *m, int at)
{
	const struct mutual_side *side = &m->side[at];

	json_key(j, key);
	json_open(j, '{');
	json_kstr(j, "entity", side->entity);
	show_amount(j, "amount", side->sum, m->currency);
	json_key(j, "documents");
	json_open(j, '[');
	for (size_t i = 0; i < side->n; i++)
		write_document(j, side, &side->rows[i], m->period);
	json_close(j, ']');
	json_close(j, '}');
}

void
show_mismatch(struct json *j, const struct mismatch *m)
{
	json_kstr(j, "name", m->name);
	show_id(j, "version", 'J', m->version);
	json_kstr(j, "period", m->period);
	json_kstr(j, "currency", m->currency);
	write_side(j, "here", m, 0);
	write_side(j, "there", m, 1);
	show_amount(j, "difference", m->difference, m->currency);
	json_kstr(j, "why", m->why != MISMATCH_NONE ?
	    mismatch_why_names[m->why] : NULL);
}

static void
write_line(struct json *j, const struct adjusting *a, const char *account,
    const char *name, const char *party, int64_t amount)
{
	json_open(j, '{');
	json_kstr(j, "account", account);
	json_kstr(j, "name", name);
	json_kstr(j, "party", party);
	show_amount(j, amount < 0 ? "credit" : "debit",
	    amount < 0 ? -amount : amount, a->currency);
	json_close(j, '}');
}

void
show_adjusting(struct json *j, const struct adjusting *a)
{
	json_open(j, '{');
	json_kstr(j, "entity", a->entity);
	json_kstr(j, "missing", a->missing);
	json_kstr(j, "number", a->number);
	json_kstr(j, "date", a->date);
	json_kstr(j, "reverse_on", a->reverse_on);
	json_kstr(j, "currency", a->currency);
	json_key(j, "lines");
	json_open(j, '[');
	if (a->missing == NULL) {
		write_line(j, a, a->account, a->account_name, a->party,
		    a->amount);
		write_line(j, a, a->against, a->against_name, NULL,
		    -a->amount);
	}
	json_close(j, ']');
	json_close(j, '}');
}

/* ---- pairs ------------------------------------------------------------ */

struct showing {
	struct db *db;
	struct arena *arena;
	const struct mismatch_filter *filter;
	struct mismatch *items;
	size_t n;
	bool cut;
	struct map *events;	/* number -> event of an adjusting entry */
};

/* Whom the question is about comes first. */
static void
turn(const struct mismatch_filter *filter, struct mismatch *m)
{
	struct mutual_side low = m->side[0];

	if (filter->entity == NULL ||
	    strcmp(filter->entity, m->side[1].entity) != 0)
		return;
	m->side[0] = m->side[1];
	m->side[1] = low;
}

static void
add_items(const struct showing *v, const char *a, const char *b,
    int64_t *n, struct sums *sums)
{
	*n = 0;
	for (size_t i = 0; i < v->n; i++) {
		const struct mismatch *m = &v->items[i];
		int64_t size = m->difference < 0 ? -m->difference :
		    m->difference;

		if (m->why == MISMATCH_NONE || (strcmp(m->side[0].entity, a)
		    != 0 && strcmp(m->side[0].entity, b) != 0) ||
		    (strcmp(m->side[1].entity, a) != 0 &&
		    strcmp(m->side[1].entity, b) != 0))
			continue;
		++*n;
		sums_add(sums, m->currency, size);
	}
}

static bool
write_balances(const struct showing *v, const char *here, const char *there,
    struct json *j, struct err *e)
{
	static const char SQL[] = "SELECT m.currency,"
	    " sum(CASE m.entity WHEN $1 THEN m.amount ELSE 0 END),"
	    " sum(CASE m.entity WHEN $2 THEN m.amount ELSE 0 END)"
	    " FROM mutual_sum m JOIN intercompany_side i"
	    " ON i.entity = m.entity AND i.account = m.account"
	    " AND i.counterparty = m.party"
	    " WHERE ((m.entity = $1 AND m.party = $2)"
	    " OR (m.entity = $2 AND m.party = $1))"
	    " AND ($3 IS NULL OR m.period <= $3) GROUP BY 1 ORDER BY 1";
	struct stmt *s = db_stmt(v->db, SQL);
	enum step step;

	stmt_text(s, 1, here);
	stmt_text(s, 2, there);
	stmt_text(s, 3, v->filter->period);
	json_key(j, "balances");
	json_open(j, '[');
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		const char *currency = col_text(s, 0);

		json_open(j, '{');
		json_kstr(j, "currency", currency);
		show_amount(j, "here", col_int(s, 1), currency);
		show_amount(j, "there", col_int(s, 2), currency);
		show_amount(j, "difference", col_int(s, 1) + col_int(s, 2),
		    currency);
		json_close(j, '}');
	}
	json_close(j, ']');
	return step == STEP_DONE;
}

static bool
write_pair(const struct showing *v, const char *low, const char *high,
    struct json *j, struct err *e)
{
	bool turned = v->filter->entity != NULL &&
	    strcmp(v->filter->entity, high) == 0;
	const char *here = turned ? high : low, *there = turned ? low : high;
	struct sums sums = { .n = 0 };
	int64_t n;

	json_open(j, '{');
	json_kstr(j, "pair", arena_printf(v->arena, "%s/%s", here, there));
	json_kstr(j, "here", here);
	json_kstr(j, "there", there);
	if (!write_balances(v, here, there, j, e))
		return false;
	add_items(v, low, high, &n, &sums);
	json_kint(j, "mismatches", n);
	json_key(j, "amounts");
	show_sums(j, &sums);
	json_close(j, '}');
	return true;
}

#define PAIRS "SELECT DISTINCT min(entity, counterparty)," \
	" max(entity, counterparty) FROM intercompany" \
	" WHERE ($1 IS NULL OR $1 IN (entity, counterparty))" \
	" ORDER BY 1, 2"

static bool
write_pairs(const struct showing *v, struct json *j, struct err *e)
{
	static const char SQL[] = PAIRS;
	struct stmt *s = db_stmt(v->db, SQL);
	enum step step;

	json_key(j, "pairs");
	json_open(j, '[');
	stmt_text(s, 1, v->filter->entity);
	while ((step = stmt_step(s, e)) == STEP_ROW)
		if (!write_pair(v, arena_strdup(v->arena, col_text(s, 0)),
		    arena_strdup(v->arena, col_text(s, 1)), j, e)) {
			stmt_reset(s);
			return false;
		}
	json_close(j, ']');
	return step == STEP_DONE;
}

/* ---- what names no company of the group ------------------------------- */

#define UNNAMED "SELECT entity, account, currency, sum(amount) FROM (" \
	"SELECT b.entity, b.account, b.currency, b.debit - b.credit" \
	" AS amount FROM balance b JOIN (SELECT DISTINCT entity, account" \
	" FROM intercompany_side) i ON i.entity = b.entity" \
	" AND i.account = b.account WHERE ($2 IS NULL OR b.period <= $2)" \
	" UNION ALL SELECT m.entity, m.account, m.currency, - m.amount" \
	" FROM mutual_sum m JOIN intercompany_side i ON" \
	" i.entity = m.entity AND i.account = m.account" \
	" AND i.counterparty = m.party" \
	" WHERE ($2 IS NULL OR m.period <= $2))" \
	" WHERE ($1 IS NULL OR entity = $1)" \
	" GROUP BY 1, 2, 3 HAVING sum(amount) <> 0 ORDER BY 1, 2, 3"

static struct stmt *
unnamed(struct db *db, const char *entity, const char *period)
{
	static const char SQL[] = UNNAMED;
	struct stmt *s = db_stmt(db, SQL);

	stmt_text(s, 1, entity);
	stmt_text(s, 2, period);
	return s;
}

static bool
write_unnamed(const struct showing *v, struct json *j, struct err *e)
{
	struct stmt *s = unnamed(v->db, v->filter->entity,
	    v->filter->period);
	enum step step;

	json_key(j, "unnamed");
	json_open(j, '[');
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		json_open(j, '{');
		json_kstr(j, "entity", col_text(s, 0));
		json_kstr(j, "account", col_text(s, 1));
		json_kstr(j, "currency", col_text(s, 2));
		show_amount(j, "amount", col_int(s, 3), col_text(s, 2));
		json_close(j, '}');
	}
	json_close(j, ']');
	return step == STEP_DONE;
}

/* ---- all of it -------------------------------------------------------- */

static void
note_event(void *arg, const char *number, int64_t event, bool dismissed)
{
	struct showing *v = arg;

	if (!dismissed)
		map_set(v->events, span_of(number),
		    (void *)(uintptr_t)event);
}

static bool
write_item(struct showing *v, struct mismatch *m, struct json *j,
    struct err *e)
{
	struct adjusting a = { .number = "" };

	if (m->why != MISMATCH_NONE && !adjusting_propose(v->db, v->arena, m,
	    NULL, NULL, &a, e))
		return false;
	turn(v->filter, m);
	json_open(j, '{');
	json_kstr(j, "pair", arena_printf(v->arena, "%s/%s",
	    m->side[0].entity, m->side[1].entity));
	show_mismatch(j, m);
	json_key(j, "proposal");
	if (m->why != MISMATCH_NONE)
		show_adjusting(j, &a);
	else
		json_null(j);
	show_id(j, "adjusting", 'E', (int64_t)(uintptr_t)map_find(v->events,
	    span_of(a.number)));
	json_close(j, '}');
	return true;
}

static bool
write_items(struct showing *v, struct json *j, struct err *e)
{
	size_t n = v->n < VIEW_LIMIT ? v->n : VIEW_LIMIT;

	if (n > 0 && !adjusting_events(v->db, note_event, v, e))
		return false;
	json_key(j, "items");
	json_open(j, '[');
	for (size_t i = 0; i < n; i++)
		if (!write_item(v, &v->items[i], j, e))
			return false;
	json_close(j, ']');
	json_key(j, "cut");
	json_bool(j, v->cut || n < v->n);
	return true;
}

bool
view_intercompany(struct db *db, const struct mismatch_filter *filter,
    struct json *j, struct err *e)
{
	struct showing v = { .db = db, .arena = arena_new(),
	    .filter = filter, .events = map_new() };
	bool ok;

	json_open(j, '{');
	ok = show_as_of(db, j, e) && mismatches_read(db, v.arena, filter,
	    &v.items, &v.n, &v.cut, e) && write_pairs(&v, j, e) &&
	    write_items(&v, j, e) && write_unnamed(&v, j, e);
	json_close(j, '}');
	map_free(&v.events, NULL);
	arena_free(&v.arena);
	return ok;
}

/* ---- counts ----------------------------------------------------------- */

static const char *
end_of(const char *period, struct arena *arena)
{
	return arena_printf(arena, "%s-31", period != NULL ? period : "9999-12");
}

static bool
add_amount(struct db *db, const char *currency, int64_t minor,
    const char *base, const char *date, int64_t *amount, struct err *e)
{
	struct money m = { .minor = minor < 0 ? -minor : minor }, out;
	bool found;

	memcpy(m.currency, currency, strnlen(currency, 3));
	if (!rate_convert(db, m, base, date, &out, &found, e))
		return false;
	if (found)
		*amount += out.minor;
	return true;
}

bool
intercompany_open(struct db *db, const char *entity, const char *period,
    int64_t *n, int64_t *amount, struct err *e)
{
	const struct mismatch_filter filter = { .entity = entity,
	    .period = period };
	struct arena *arena = arena_new();
	const char *day = end_of(period, arena);
	struct mismatch *items;
	struct stmt *s;
	enum step step;
	char base[4];
	bool cut, ok;
	size_t found = 0;

	*n = *amount = 0;
	ok = entity_base(db, entity, base, e) && mismatches_read(db, arena,
	    &filter, &items, &found, &cut, e);
	for (size_t i = 0; ok && i < found; i++, ++*n)
		ok = add_amount(db, items[i].currency, items[i].difference,
		    base, day, amount, e);
	s = ok ? unnamed(db, entity, period) : NULL;
	while (ok && (step = stmt_step(s, e)) != STEP_DONE) {
		++*n;
		ok = step == STEP_ROW && add_amount(db, col_text(s, 2),
		    col_int(s, 3), base, day, amount, e);
		if (!ok)
			stmt_reset(s);
	}
	arena_free(&arena);
	return ok;
}

static void
sum_pair(const struct showing *v, const char *low, const char *high,
    void (*each)(void *, const char *, const char *, int64_t, int64_t),
    void *arg)
{
	struct sums sums = { .n = 0 };
	const char *pair = arena_printf(v->arena, "%s/%s", low, high);
	int64_t n;

	add_items(v, low, high, &n, &sums);
	each(arg, pair, NULL, n, 0);
	for (size_t i = 0; i < sums.n; i++)
		each(arg, pair, sums.items[i].currency, n,
		    sums.items[i].minor);
}

bool
view_intercompany_sums(struct db *db, void (*each)(void *, const char *pair,
    const char *currency, int64_t n, int64_t amount), void *arg,
    struct err *e)
{
	static const char SQL[] = PAIRS;
	static const struct mismatch_filter ANY = { .entity = NULL };
	struct showing v = { .db = db, .arena = arena_new(),
	    .filter = &ANY };
	struct stmt *s;
	enum step step = STEP_FAILED;

	if (mismatches_read(db, v.arena, &ANY, &v.items, &v.n, &v.cut, e)) {
		s = db_stmt(db, SQL);
		while ((step = stmt_step(s, e)) == STEP_ROW)
			sum_pair(&v, arena_strdup(v.arena, col_text(s, 0)),
			    arena_strdup(v.arena, col_text(s, 1)), each,
			    arg);
	}
	arena_free(&v.arena);
	return step == STEP_DONE;
}
