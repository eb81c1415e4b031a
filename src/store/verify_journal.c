/*
 * Journals one after the other, with what their entries add up to; in the
 * end, whether balances and standings say the same.
 */
#include "store/verify_inside.h"

#include <stdio.h>
#include <string.h>

struct checked {		/* one journal */
	int64_t id, event;
	const char *entity, *kind, *number;
	int64_t version;
	bool reverses;
	char name[24], period[8];
	struct { const char *currency; int64_t sum; } sums[16];
	size_t n_sums;
	int64_t base, lines;
};

static void
sum_currency(struct checked *c, struct arena *arena, const char *currency,
    int64_t amount)
{
	size_t i = 0;

	while (i < c->n_sums && strcmp(c->sums[i].currency, currency) != 0)
		i++;
	if (i == 16)
		return;
	if (i == c->n_sums) {
		c->sums[i].currency = arena_strdup(arena, currency);
		c->sums[i].sum = 0;
		c->n_sums++;
	}
	c->sums[i].sum += amount;
}

static void
sum_balance(struct verify *v, const struct checked *c, const char *account,
    const char *currency, int64_t amount, int64_t base)
{
	const char *const part[4] = { c->entity, account, currency,
	    c->period };
	struct held *held = v->out.sums_left_out ? NULL :
	    verify_held(v, v->sums, part);

	if (held == NULL) {
		v->out.sums_left_out = true;
		return;
	}
	held->n[amount < 0] += amount < 0 ? -amount : amount;
	held->n[2 + (base < 0)] += base < 0 ? -base : base;
}

static bool
check_entries(struct verify *v, struct checked *c, struct arena *arena,
    struct err *e)
{
	static const char SQL[] = "SELECT account, currency, amount, base"
	    " FROM entry WHERE journal = $1";
	struct stmt *s = db_stmt(v->db, SQL);
	enum step step;

	stmt_int(s, 1, c->id);
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		sum_currency(c, arena, col_text(s, 1), col_int(s, 2));
		sum_balance(v, c, col_text(s, 0), col_text(s, 1),
		    col_int(s, 2), col_int(s, 3));
		c->base += col_int(s, 3);
		c->lines++;
	}
	v->out.entries += c->lines;
	return step == STEP_DONE;
}

static void
judge_entries(struct verify *v, const struct checked *c)
{
	bool even = c->base == 0 && c->lines > 0;

	for (size_t i = 0; i < c->n_sums; i++)
		even = even && c->sums[i].sum == 0;
	if (even)
		return;
	verify_blame(v, c->event);
	if (c->lines == 0)
		verify_say(v, "journal.entries", c->name, "it has no entries");
	else if (c->base != 0)
		verify_say(v, "journal.balance", c->name,
		    "base amounts add up to %lld", (long long)c->base);
	for (size_t i = 0; i < c->n_sums; i++)
		if (c->sums[i].sum != 0)
			verify_say(v, "journal.balance", c->name,
			    "%.3s adds up to %lld", c->sums[i].currency,
			    (long long)c->sums[i].sum);
}

/* A version of its event's documents points to it, or it undoes one; a
 * batch's journal is pointed to by its members. */
static bool
check_owner(struct verify *v, const struct checked *c, struct err *e)
{
	static const char SQL[] = "SELECT 1 FROM document_version"
	    " WHERE id BETWEEN $1 AND $2 AND (journal = $3 OR"
	    " (kind = $4 AND number = $5 AND version > $6))";
	struct stmt *s = db_stmt(v->db, SQL);
	enum step step;

	stmt_int(s, 1, VERSION_ID(c->event, 0));
	stmt_int(s, 2, VERSION_ID(c->event + 1, 0) - 1);
	stmt_int(s, 3, c->id);
	stmt_text(s, 4, c->kind);
	stmt_text(s, 5, c->number);
	stmt_int(s, 6, c->version);
	step = stmt_step(s, e);
	if (step == STEP_ROW)
		stmt_reset(s);
	else if (step == STEP_DONE && strcmp(c->kind, "settlement") != 0) {
		verify_blame(v, c->event);
		verify_say(v, "journal.document", c->name,
		    "no document of E%lld has it", (long long)c->event);
	}
	return step != STEP_FAILED;
}

static bool
check_journal(struct verify *v, struct stmt *s, struct err *e)
{
	struct arena *arena = arena_new();
	const char *state = col_text(s, 8);
	struct checked c = { .id = col_int(s, 0), .event = col_int(s, 6) };
	bool ok;

	c.entity = arena_strdup(arena, col_text(s, 1));
	snprintf(c.period, sizeof c.period, "%s", col_text(s, 2));
	c.kind = arena_strdup(arena, col_text(s, 3));
	c.number = arena_strdup(arena, col_text(s, 4));
	c.version = col_int(s, 5);
	verify_id('J', c.id, c.name);
	if (state == NULL || strcmp(state, "posted") != 0) {
		verify_blame(v, c.event);
		verify_say(v, "journal.event", c.name, "its event E%lld is %s",
		    (long long)c.event, state == NULL ? "missing" : state);
	}
	ok = check_entries(v, &c, arena, e) && check_owner(v, &c, e);
	if (ok)
		judge_entries(v, &c);
	v->out.journals++;
	arena_free(&arena);
	return ok;
}

static void
say_balance(struct verify *v, const struct held *held, const char *table,
    const char *what, int64_t found, int64_t expected)
{
	char name[120];

	snprintf(name, sizeof name, "%.40s/%.40s/%.3s%s%.7s", held->part[0],
	    held->part[1], held->part[2], held->part[3][0] != '\0' ? " " :
	    "", held->part[3]);
	verify_say(v, table, name, "%s is %lld, entries add up to %lld", what,
	    (long long)found, (long long)expected);
}

static bool
compare_balances(struct verify *v, struct err *e)
{
	static const char SQL[] = "SELECT entity, account, currency, period,"
	    " debit, credit, base_debit, base_credit FROM balance";
	static const char *const names[] = { "debit", "credit",
	    "base_debit", "base_credit" };
	struct stmt *s = db_stmt(v->db, SQL);
	enum step step;

	while ((step = stmt_step(s, e)) == STEP_ROW) {
		const char *const part[4] = { col_text(s, 0), col_text(s, 1),
		    col_text(s, 2), col_text(s, 3) };
		struct held *held = verify_held(v, v->sums, part);

		if (held == NULL)
			continue;
		held->met = true;
		for (int i = 0; i < 4; i++)
			if (col_int(s, 4 + i) != held->n[i])
				say_balance(v, held, "balance", names[i],
				    col_int(s, 4 + i), held->n[i]);
	}
	return step == STEP_DONE;
}

/* Of one entity, account and currency: all periods together. */
static bool
sum_standings(struct verify *v, struct map *standings)
{
	struct span key;
	void *value;

	for (size_t at = 0; map_next(v->sums, &at, &key, &value);) {
		const struct held *held = value;
		const char *const part[4] = { held->part[0], held->part[1],
		    held->part[2], "" };
		struct held *all = verify_held(v, standings, part);

		if (!held->met)
			say_balance(v, held, "balance", "row", 0,
			    held->n[0] - held->n[1]);
		if (all == NULL)
			return false;
		all->n[0] += held->n[0] - held->n[1];
		all->n[1] += held->n[2] - held->n[3];
	}
	return true;
}

static bool
compare_standings(struct verify *v, struct err *e)
{
	static const char SQL[] = "SELECT entity, account, currency, balance,"
	    " base FROM standing";
	struct map *standings = map_new();
	struct stmt *s = db_stmt(v->db, SQL);
	struct span key;
	void *value;
	enum step step;

	if (!sum_standings(v, standings)) {
		map_free(&standings, NULL);
		return true;
	}
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		const char *const part[4] = { col_text(s, 0), col_text(s, 1),
		    col_text(s, 2), "" };
		struct held *held = verify_held(v, standings, part);

		if (held == NULL)
			continue;
		held->met = true;
		if (col_int(s, 3) != held->n[0] || col_int(s, 4) !=
		    held->n[1])
			say_balance(v, held, "standing", "balance",
			    col_int(s, 3), held->n[0]);
	}
	for (size_t at = 0; map_next(standings, &at, &key, &value);)
		if (!((struct held *)value)->met)
			say_balance(v, value, "standing", "row", 0,
			    ((struct held *)value)->n[0]);
	map_free(&standings, NULL);
	return step == STEP_DONE;
}

static void
say_gap(struct verify *v, int64_t next)
{
	char name[24];

	for (int64_t id = v->after + 1; id < next; id++) {
		verify_id('J', id, name);
		verify_say(v, "journal.missing", name,
		    "the numbers go on after it");
		if (id - v->after > 100)
			return;
	}
}

bool
verify_journals(struct verify *v, int rows, bool *end, struct err *e)
{
	static const char SQL[] = "SELECT j.id, j.entity, j.date, j.kind,"
	    " j.number, j.version, j.event, j.reverses, e.state"
	    " FROM journal j LEFT JOIN event e ON e.seq = j.event"
	    " WHERE j.id > $1 ORDER BY j.id LIMIT $2";
	struct stmt *s = db_stmt(v->db, SQL);
	enum step step;
	int n = 0;

	stmt_int(s, 1, v->after);
	stmt_int(s, 2, rows);
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		say_gap(v, col_int(s, 0));
		v->after = col_int(s, 0);
		n++;
		if (!check_journal(v, s, e)) {
			stmt_reset(s);
			return false;
		}
	}
	*end = n < rows;
	return step == STEP_DONE && (!*end || v->out.sums_left_out ||
	    (compare_balances(v, e) && compare_standings(v, e)));
}
