/*
 * The entry that makes two companies agree.  Who charged is believed: the
 * other one adjusts, unless it is the one that says nothing.
 */
#include "store/mismatch.h"

#include <stdio.h>
#include <string.h>

#include "book/document.h"

struct proposing {
	struct db *db;
	struct arena *arena;
	const struct mismatch *m;
	struct adjusting *out;
};

/* ---- master data ------------------------------------------------------ */

/* What rules of people's own events would find. */
static bool
mapped(struct proposing *p, const char *name, const char **out,
    struct err *e)
{
	static const char SQL[] = "SELECT to_value FROM mapping"
	    " WHERE dimension = 'account' AND from_value = $1"
	    " AND source IN ('desk', '*') ORDER BY source = '*' LIMIT 1";
	struct stmt *s = db_stmt(p->db, SQL);
	enum step step;

	*out = NULL;
	stmt_text(s, 1, name);
	step = stmt_step(s, e);
	if (step == STEP_ROW) {
		*out = arena_strdup(p->arena, col_text(s, 0));
		stmt_reset(s);
	}
	return step != STEP_FAILED;
}

static bool
name_account(struct proposing *p, const char *code, const char **out,
    struct err *e)
{
	static const char SQL[] = "SELECT name FROM master"
	    " WHERE tab = 'account' AND code = $1";
	struct stmt *s = db_stmt(p->db, SQL);
	enum step step;

	*out = NULL;
	stmt_text(s, 1, code);
	step = stmt_step(s, e);
	if (step == STEP_ROW) {
		*out = arena_strdup(p->arena, col_text(s, 0));
		stmt_reset(s);
	}
	return step != STEP_FAILED;
}

static bool
counter_of(struct proposing *p, const char *entity, const char *account,
    const char *party, const char **out, struct err *e)
{
	static const char SQL[] = "SELECT counter_account"
	    " FROM intercompany_side WHERE entity = $1 AND account = $2"
	    " AND counterparty = $3 ORDER BY 1 LIMIT 1";
	struct stmt *s = db_stmt(p->db, SQL);
	enum step step;

	*out = NULL;
	stmt_text(s, 1, entity);
	stmt_text(s, 2, account);
	stmt_text(s, 3, party);
	step = stmt_step(s, e);
	if (step == STEP_ROW) {
		*out = arena_strdup(p->arena, col_text(s, 0));
		stmt_reset(s);
	}
	return step != STEP_FAILED;
}

/* That day while its month is open, else the first of the next open one. */
static bool
open_day(struct proposing *p, const char *date, const char **out,
    struct err *e)
{
	static const char SQL[] = "SELECT period FROM period"
	    " WHERE entity = $1 AND state = 'open'"
	    " AND period >= substr($2, 1, 7) ORDER BY period LIMIT 1";
	struct stmt *s = db_stmt(p->db, SQL);
	enum step step;

	*out = NULL;
	stmt_text(s, 1, p->out->entity);
	stmt_text(s, 2, date);
	step = stmt_step(s, e);
	if (step == STEP_ROW) {
		*out = strncmp(col_text(s, 0), date, 7) == 0 ? date :
		    arena_printf(p->arena, "%s-01", col_text(s, 0));
		stmt_reset(s);
	}
	return step != STEP_FAILED;
}

/* ---- what is there ---------------------------------------------------- */

static bool
counts(const struct mutual_row *row, const char *period)
{
	return period == NULL || strcmp(row->period, period) <= 0;
}

static const struct mutual_row *
last_row(const struct mutual_side *side, const char *period)
{
	const struct mutual_row *last = NULL;

	for (size_t i = 0; i < side->n; i++)
		if (counts(&side->rows[i], period) && (last == NULL ||
		    strcmp(side->rows[i].date, last->date) >= 0))
			last = &side->rows[i];
	return last;
}

static const struct mutual_row *
first_after(const struct mutual_side *side, const char *period)
{
	const struct mutual_row *first = NULL;

	for (size_t i = 0; i < side->n; i++)
		if (!counts(&side->rows[i], period) && (first == NULL ||
		    strcmp(side->rows[i].date, first->date) < 0))
			first = &side->rows[i];
	return first;
}

/* Which side is to adjust. */
static int
choose(const struct mismatch *m)
{
	if (m->why == MISMATCH_PERIOD) {
		for (int i = 0; i < 2; i++)
			if (first_after(&m->side[i], m->period) != NULL &&
			    first_after(&m->side[!i], m->period) == NULL)
				return i;
	}
	for (int i = 0; i < 2; i++)
		if (m->side[i].used == 0)
			return i;
	if ((m->side[0].sum > 0) != (m->side[1].sum > 0))
		return m->side[0].sum > 0;
	/* Both claim, or both owe: who spoke last. */
	return last_row(&m->side[1], m->period)->journal >
	    last_row(&m->side[0], m->period)->journal;
}

/* ---- the entry -------------------------------------------------------- */

static bool
is_paying(const char *kind)
{
	return strcmp(kind, document_kind_name(DOC_PAYMENT)) == 0 ||
	    strcmp(kind, document_kind_name(DOC_REFUND)) == 0 ||
	    strcmp(kind, document_kind_name(DOC_SETTLEMENT)) == 0;
}

static bool
is_charging(const char *kind)
{
	return strcmp(kind, document_kind_name(DOC_SALES_INVOICE)) == 0 ||
	    strcmp(kind, document_kind_name(DOC_PURCHASE_INVOICE)) == 0 ||
	    strcmp(kind, document_kind_name(DOC_CREDIT_NOTE)) == 0 ||
	    strcmp(kind, document_kind_name(DOC_DEBIT_NOTE)) == 0;
}

/* The other account, by what was not said: a charge is an expense or an
 * income, a payment is under way, and what is neither wants to be cleared. */
static const char *
against_name(const struct mismatch *m, const struct mutual_row *of,
    bool owes)
{
	if (m->why == MISMATCH_ROUNDING || m->why == MISMATCH_RATE)
		return "@exchange_difference";
	if (is_paying(of->kind))
		return "@clearing";
	if (is_charging(of->kind))
		return owes ? "@intercompany_expense" :
		    "@intercompany_income";
	return "@intercompany_difference";
}

static bool
find_accounts(struct proposing *p, const struct mutual_side *own,
    const struct mutual_side *other, const char *against, struct err *e)
{
	const struct mutual_row *mine = last_row(own, p->m->period);
	const struct mutual_row *theirs = last_row(other, p->m->period);
	const struct mutual_row *of = theirs != NULL ? theirs : mine;
	const char *name;

	if (mine == NULL)
		mine = last_row(own, NULL);
	if (mine != NULL)
		p->out->account = mine->account;
	else if (!counter_of(p, other->entity, theirs->account, own->entity,
	    &p->out->account, e))
		return false;
	name = against_name(p->m, of, own->sum < 0 || (own->sum == 0 &&
	    other->sum > 0));
	p->out->against = against;
	if (against == NULL && !mapped(p, name, &p->out->against, e))
		return false;
	if (p->out->account == NULL)
		p->out->missing = "intercompany";
	else if (p->out->against == NULL)
		p->out->missing = name;
	return p->out->missing != NULL || (name_account(p, p->out->account,
	    &p->out->account_name, e) && name_account(p, p->out->against,
	    &p->out->against_name, e));
}

/* In the currency of what it already says, else of the other side. */
static bool
find_amount(struct proposing *p, const struct mutual_side *own,
    const struct mutual_side *other, struct err *e)
{
	const struct mutual_row *row = last_row(own, p->m->period);
	struct money m = { .minor = -p->m->difference }, out;
	bool found;

	if (row == NULL)
		row = last_row(other, p->m->period);
	memcpy(m.currency, p->m->currency, 4);
	if (!rate_convert(p->db, m, row->currency, row->date, &out, &found,
	    e))
		return false;
	memcpy(p->out->currency, out.currency, 4);
	p->out->amount = out.minor;
	if (!found || out.minor == 0)
		p->out->missing = "rate";
	return true;
}

static bool
find_days(struct proposing *p, const struct mutual_side *own,
    const struct mutual_side *other, struct err *e)
{
	const struct mutual_row *mine = last_row(own, p->m->period);
	const struct mutual_row *theirs = last_row(other, p->m->period);
	const struct mutual_row *later;
	const char *date = theirs == NULL || (mine != NULL &&
	    strcmp(mine->date, theirs->date) > 0) ? mine->date :
	    theirs->date;

	if (!open_day(p, date, &p->out->date, e))
		return false;
	if (p->m->why == MISMATCH_PERIOD) {
		later = first_after(own, p->m->period);
		p->out->reverse_on = later != NULL ? later->date : NULL;
		if (p->out->date != date)
			p->out->date = NULL;	/* too late for that month */
	}
	if (p->out->date == NULL)
		p->out->missing = "period";
	return true;
}

bool
adjusting_propose(struct db *db, struct arena *arena,
    const struct mismatch *m, const char *in, const char *against,
    struct adjusting *out, struct err *e)
{
	struct proposing p = { db, arena, m, out };
	const struct mutual_side *own, *other;
	int at = choose(m);

	for (int i = 0; i < 2 && in != NULL; i++)
		if (strcmp(m->side[i].entity, in) == 0)
			at = i;
	own = &m->side[at];
	other = &m->side[!at];
	*out = (struct adjusting){ .entity = own->entity,
	    .party = other->entity,
	    .number = arena_printf(arena, "ICA-%lld-%s",
	    (long long)m->version, other->entity) };
	return find_accounts(&p, own, other, against, e) &&
	    find_amount(&p, own, other, e) && find_days(&p, own, other, e);
}

bool
adjusting_events(struct db *db, void (*each)(void *, const char *, int64_t,
    bool), void *arg, struct err *e)
{
	/* source: all that people enter, by the index of what is open */
	static const char SQL[] = "SELECT number, seq, state = 'dismissed'"
	    " FROM event WHERE source >= 'desk-' AND source < 'desk.'"
	    " AND kind = $1 AND state <> 'posted' AND topic = $2"
	    " AND number IS NOT NULL ORDER BY seq";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	stmt_text(s, 1, document_kind_name(DOC_JOURNAL_VOUCHER));
	stmt_text(s, 2, ADJUSTING_TOPIC);
	while ((step = stmt_step(s, e)) == STEP_ROW)
		each(arg, col_text(s, 0), col_int(s, 1), col_int(s, 2) != 0);
	return step == STEP_DONE;
}
