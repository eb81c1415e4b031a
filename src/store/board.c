/*
 * Each line of the close board is one function here and one line of the
 * table below.  A line says in `figures` what it was computed from, so that a
 * sign-off can tell later that it has moved.
 */
#include "store/board.h"

#include <stdio.h>
#include <stdlib.h>

#include "book/money.h"
#include "book/tax.h"
#include "core/digest.h"
#include "core/i18n.h"
#include "gst/due.h"
#include "store/closing.h"
#include "store/gst_agree.h"
#include "store/numbers.h"
#include "store/tie.h"
#include "store/views.h"

#define FIGURES_MAX 65536
#define PARTINGS_NAMED 3	/* documents that a line names */

struct reading {
	struct db *db;
	struct arena *arena;
	struct board *board;
	const struct board_walk *walk;
	struct board_line *line;
	struct str figures;
};

/* ---- figures ---------------------------------------------------------- */

static void
say(struct reading *r, const char *text)
{
	if (r->figures.n > 0)
		str_addc(&r->figures, ' ');
	str_adds(&r->figures, text);
}

static void
say_amount(struct reading *r, const char *currency, int64_t minor)
{
	struct money money = { .minor = minor };

	snprintf(money.currency, sizeof money.currency, "%s", currency);
	str_addc(&r->figures, ' ');
	money_plain(money, &r->figures);
}

/* An amount is told alone only while all of it is of one currency. */
static void
add_amount(struct reading *r, const char *currency, int64_t amount)
{
	struct board_line *line = r->line;

	if (line->currency[0] != '\0' &&
	    strcmp(line->currency, currency) != 0) {
		snprintf(line->currency, sizeof line->currency, "---");
		return;
	}
	snprintf(line->currency, sizeof line->currency, "%s", currency);
	line->amount += amount;
}

/* What is too long to keep is kept by its digest, so that it shows when any
 * of it moves. */
static void
end_line(struct reading *r)
{
	unsigned char digest[SHA256_SIZE];
	char hex[SHA256_HEX];
	struct board_line *line = r->line;

	if (strcmp(line->currency, "---") == 0)
		line->currency[0] = '\0';
	if (r->figures.n < sizeof line->figures) {
		memcpy(line->figures, r->figures.p, r->figures.n);
		line->figures[r->figures.n] = '\0';
		return;
	}
	digest_sha256(str_span(&r->figures), digest);
	digest_hex(digest, SHA256_SIZE, hex);
	snprintf(line->figures, sizeof line->figures, "%.256s .. %.16s",
	    r->figures.p, hex);
}

/* ---- open events ------------------------------------------------------ */

/* Of the entity and of none that is known; of the period, and what came in
 * it or later without a day. */
static bool
read_state(struct reading *r, const char *state, struct err *e)
{
	static const char SQL[] = "SELECT currency, sum(n), sum(amount)"
	    " FROM closing WHERE entity IN ($1, '') AND period >= $2"
	    " AND (dated = 0 OR period = $2) AND state = $3"
	    " GROUP BY currency HAVING sum(n) <> 0 ORDER BY currency";
	struct stmt *s = db_stmt(r->db, SQL);
	enum step step;

	stmt_text(s, 1, r->board->entity);
	stmt_text(s, 2, r->board->period);
	stmt_text(s, 3, state);
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		r->line->count += col_int(s, 1);
		if (col_text(s, 0)[0] == '\0')
			continue;
		add_amount(r, col_text(s, 0), col_int(s, 2));
		say(r, col_text(s, 0));
		say_amount(r, col_text(s, 0), col_int(s, 2));
	}
	return step == STEP_DONE;
}

static bool
read_open(struct reading *r, enum event_state state, struct err *e)
{
	if (!read_state(r, event_state_name(state), e))
		return false;
	r->line->ok = r->line->count == 0;
	return true;
}

static bool
read_backlog(struct reading *r, struct err *e)
{
	return read_open(r, EVENT_WAITING, e);
}

static bool
read_failures(struct reading *r, struct err *e)
{
	return read_open(r, EVENT_FAILED, e);
}

static bool
read_conflicts(struct reading *r, struct err *e)
{
	return read_open(r, EVENT_CONFLICT, e);
}

static bool
read_approvals(struct reading *r, struct err *e)
{
	return read_open(r, EVENT_HELD, e);
}

/* ---- the bank --------------------------------------------------------- */

/* What was captured by the period's end must be settled by now; nothing may
 * be settled that was never captured. */
static void
judge_clearing(struct reading *r, const char *account, const char *currency,
    const int64_t sums[4])
{
	int64_t missing = sums[0] - sums[3], beyond = sums[1] - sums[2];
	int64_t off = missing > 0 ? missing : beyond > 0 ? -beyond : 0;

	say(r, account);
	say(r, currency);
	say_amount(r, currency, sums[0]);
	if (off == 0)
		return;
	say(r, "/");
	say_amount(r, currency, sums[0] - off);
	r->line->count++;
	add_amount(r, currency, off);
}

/* What a statement of the period says must be in the books, or be said not to
 * be for them. */
static bool
read_bank_lines(struct reading *r, struct err *e)
{
	static const char SQL[] = "SELECT account, currency, count(*),"
	    " sum(amount) FROM bank_line WHERE entity = $1 AND match = 0"
	    " AND substr(day, 1, 7) <= $2 GROUP BY account, currency"
	    " ORDER BY account, currency";
	struct stmt *s = db_stmt(r->db, SQL);
	enum step step;

	stmt_text(s, 1, r->board->entity);
	stmt_text(s, 2, r->board->period);
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		say(r, "bank");
		say(r, col_text(s, 0));
		say(r, arena_printf(r->arena, "%lld",
		    (long long)col_int(s, 2)));
		say(r, col_text(s, 1));
		say_amount(r, col_text(s, 1), col_int(s, 3));
		r->line->count += col_int(s, 2);
		add_amount(r, col_text(s, 1), col_int(s, 3));
	}
	return step == STEP_DONE;
}

static bool
read_settlement(struct reading *r, struct err *e)
{
	static const char SQL[] = "SELECT b.account, b.currency, m.kind,"
	    " m.extra,"
	    " sum(CASE WHEN b.period <= $2 THEN b.debit ELSE 0 END),"
	    " sum(CASE WHEN b.period <= $2 THEN b.credit ELSE 0 END),"
	    " sum(b.debit), sum(b.credit) FROM master m"
	    " CROSS JOIN balance b ON b.entity = $1 AND b.account = m.code"
	    " WHERE m.tab = 'account' AND lower(m.extra) LIKE '%clearing%'"
	    " GROUP BY b.account, b.currency"
	    " ORDER BY b.account, b.currency";
	struct stmt *s = db_stmt(r->db, SQL);
	enum step step;

	stmt_text(s, 1, r->board->entity);
	stmt_text(s, 2, r->board->period);
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		const int64_t sums[4] = { col_int(s, 4), col_int(s, 5),
		    col_int(s, 6), col_int(s, 7) };
		enum account_role role;

		if (account_role(col_text(s, 2), col_text(s, 3), &role) &&
		    role == ROLE_OF_CLEARING)
			judge_clearing(r, col_text(s, 0), col_text(s, 1),
			    sums);
	}
	if (step != STEP_DONE || !read_bank_lines(r, e))
		return false;
	r->line->ok = r->line->count == 0;
	return true;
}

/* ---- tax -------------------------------------------------------------- */

#define CODES_MAX 512

struct code {			/* a tax code in one currency */
	const char *name, *currency;
	int64_t said, posted;
};

struct codes {
	struct code items[CODES_MAX];
	size_t n;
};

static struct code *
code_of(struct reading *r, struct codes *codes, const char *name,
    const char *currency, struct err *e)
{
	for (size_t i = 0; i < codes->n; i++)
		if (strcmp(codes->items[i].name, name) == 0 &&
		    strcmp(codes->items[i].currency, currency) == 0)
			return &codes->items[i];
	if (codes->n == CODES_MAX) {
		err_set(e, ERR_STORE, "more than %d tax codes", CODES_MAX);
		return NULL;
	}
	codes->items[codes->n] = (struct code){
	    arena_strdup(r->arena, name), arena_strdup(r->arena, currency),
	    0, 0 };
	return &codes->items[codes->n++];
}

/* Entries with a code, of tax accounts; account '' is what documents say. */
static bool
read_coded(struct reading *r, struct codes *codes, struct err *e)
{
	static const char SQL[] = "SELECT t.tax_code, t.currency, t.amount,"
	    " t.account, m.kind, m.extra FROM tax_sum t"
	    " LEFT JOIN master m ON m.tab = 'account' AND m.code = t.account"
	    " WHERE t.entity = $1 AND t.period = $2"
	    " ORDER BY t.tax_code, t.currency";
	struct stmt *s = db_stmt(r->db, SQL);
	enum step step;

	stmt_text(s, 1, r->board->entity);
	stmt_text(s, 2, r->board->period);
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		bool said = col_text(s, 3)[0] == '\0';
		struct code *code, *none;

		if (!said && (col_null(s, 4) || !tax_account(col_text(s, 4),
		    col_text(s, 5))))
			continue;
		code = code_of(r, codes, col_text(s, 0), col_text(s, 1), e);
		none = code_of(r, codes, "", col_text(s, 1), e);
		if (code == NULL || none == NULL) {
			stmt_reset(s);
			return false;
		}
		if (said) {
			code->said += col_int(s, 2);
		} else {
			code->posted += col_int(s, 2);
			/* What is left of the account has no code. */
			none->posted -= col_int(s, 2);
		}
	}
	return step == STEP_DONE;
}

static bool
read_tax_accounts(struct reading *r, struct codes *codes, struct err *e)
{
	static const char SQL[] = "SELECT b.currency, b.debit - b.credit,"
	    " m.kind, m.extra FROM master m CROSS JOIN balance b"
	    " ON b.entity = $1 AND b.account = m.code AND b.period = $2"
	    " WHERE m.tab = 'account' AND m.kind IN ('asset', 'liability')"
	    " AND (lower(m.extra) LIKE '%gst%'"
	    " OR lower(m.extra) LIKE '%vat%')"
	    " ORDER BY b.account, b.currency";
	struct stmt *s = db_stmt(r->db, SQL);
	enum step step;

	stmt_text(s, 1, r->board->entity);
	stmt_text(s, 2, r->board->period);
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		struct code *none;

		if (!tax_account(col_text(s, 2), col_text(s, 3)))
			continue;
		none = code_of(r, codes, "", col_text(s, 0), e);
		if (none == NULL) {
			stmt_reset(s);
			return false;
		}
		none->posted += col_int(s, 1);
	}
	return step == STEP_DONE;
}

/* The first documents of those where ledger and returns part. */
struct parting {
	struct reading *reading;
	int named;
};

static bool
part(void *arg, const struct tie *tie, struct err *e)
{
	struct parting *p = arg;
	struct reading *r = p->reading;
	int64_t off = 0;

	(void)e;
	if (!tie_open(tie->class))
		return true;
	for (int head = 0; head < TIE_HEADS; head++)
		off += llabs(tie->amount[TIE_OUTPUT][head]) +
		    llabs(tie->amount[TIE_INPUT][head]);
	r->line->count++;
	add_amount(r, r->board->currency, off);
	if (p->named++ >= PARTINGS_NAMED)
		return true;
	say(r, tie_class_name(tie->class));
	say(r, tie->kind);
	str_addf(&r->figures, "/%.60s", tie->number);
	say_amount(r, r->board->currency, off);
	return true;
}

/* What returns have, and what the ledger has instead. */
static void
say_sums(struct reading *r, const struct tie_sums *sums)
{
	for (int side = 0; side < TIE_SIDES; side++) {
		int64_t ledger = 0, returned = 0;

		for (int head = 0; head < TIE_HEADS; head++) {
			ledger += sums->ledger[side][head];
			returned += sums->returned[side][head];
		}
		if (ledger == 0 && returned == 0)
			continue;
		say(r, tie_side_name((enum tie_side)side));
		say_amount(r, r->board->currency, returned);
		if (ledger == returned)
			continue;
		say(r, "/");
		say_amount(r, r->board->currency, ledger);
	}
}

static bool
is_registered(struct reading *r, bool *is, struct err *e)
{
	static const char SQL[] = "SELECT 1 FROM gst_ledger WHERE entity = $1"
	    " LIMIT 1";
	struct stmt *s = db_stmt(r->db, SQL);

	stmt_text(s, 1, r->board->entity);
	return stmt_found(s, is, e);
}

/* What accounts of tax have that no document put there. */
static bool
read_stray(struct reading *r, int64_t month, struct err *e)
{
	int64_t stray[TIE_SIDES];
	bool is;

	if (!is_registered(r, &is, e) || !is)
		return e->code == ERR_NONE;
	if (!gst_stray(r->db, r->board->entity, month, month, stray, e))
		return false;
	for (int side = 0; side < TIE_SIDES; side++) {
		if (stray[side] == 0)
			continue;
		r->line->count++;
		add_amount(r, r->board->currency, llabs(stray[side]));
		say(r, "stray");
		say(r, tie_side_name((enum tie_side)side));
		say_amount(r, r->board->currency, stray[side]);
	}
	return true;
}

/* Nothing is tied of an entity that is not registered. */
static bool
read_ties(struct reading *r, struct err *e)
{
	struct parting p = { r, 0 };
	struct tie_sums sums;
	struct day day = { "" };
	int64_t month;

	memcpy(day.text, r->board->period, 7);
	memcpy(day.text + 7, "-01", 3);
	month = gst_period_of(day);
	if (!tie_sums(r->db, r->board->entity, NULL, month, month, &sums, e))
		return false;
	say_sums(r, &sums);
	if (!read_stray(r, month, e))
		return false;
	return ties_read(r->db, r->board->entity, month, month, part, &p, e);
}

static bool
read_gst(struct reading *r, struct err *e)
{
	struct codes *codes = arena_alloc(r->arena, sizeof *codes);

	if (!read_coded(r, codes, e) || !read_tax_accounts(r, codes, e) ||
	    !read_state(r, CLOSING_TAX, e))
		return false;
	for (size_t i = 0; i < codes->n; i++) {
		const struct code *code = &codes->items[i];
		int64_t off = code->posted - code->said;

		if (code->said == 0 && code->posted == 0)
			continue;
		say(r, code->name[0] != '\0' ? code->name : "-");
		say(r, code->currency);
		say_amount(r, code->currency, code->said);
		if (off == 0)
			continue;
		say(r, "/");
		say_amount(r, code->currency, code->posted);
		r->line->count++;
		add_amount(r, code->currency, off < 0 ? -off : off);
	}
	if (!read_ties(r, e))
		return false;
	r->line->ok = r->line->count == 0;
	return true;
}

/* ---- the rest --------------------------------------------------------- */

/* Journals of the period that are not there: those with a row that is not
 * settled, and those that were not taken yet; and what is there otherwise than
 * we sent it. */
static bool
read_targets(struct reading *r, struct err *e)
{
	static const char SQL[] = "SELECT t.name, (SELECT count(*)"
	    " FROM outbox o JOIN journal j ON j.id = o.journal"
	    " WHERE o.target = t.name AND o.state NOT IN ('done', 'skipped')"
	    " AND j.entity = $1 AND substr(j.date, 1, 7) = $2)"
	    " + (SELECT count(*) FROM journal j WHERE j.id > t.taken"
	    " AND j.entity = $1 AND substr(j.date, 1, 7) = $2"
	    " AND j.date >= t.first AND NOT EXISTS (SELECT 1 FROM outbox o"
	    " WHERE o.target = t.name AND o.journal = j.id))"
	    " + (SELECT count(*) FROM target_drift d LEFT JOIN journal j"
	    " ON j.id = d.journal WHERE d.target = t.name"
	    " AND d.state <> 'closed' AND d.kind <> 'conflict'"
	    " AND d.entity = $1"
	    " AND substr(coalesce(j.date, d.day), 1, 7) = $2) FROM target t"
	    " WHERE t.state <> 'removed' AND (t.entities = '[]' OR $1 IN"
	    " (SELECT value FROM json_each(t.entities))) ORDER BY t.name";
	struct stmt *s = db_stmt(r->db, SQL);
	enum step step;
	int n = 0;

	stmt_text(s, 1, r->board->entity);
	stmt_text(s, 2, r->board->period);
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		n++;
		say(r, col_text(s, 0));
		str_addf(&r->figures, "=%lld", (long long)col_int(s, 1));
		r->line->count += col_int(s, 1);
	}
	r->line->ok = r->line->count == 0;
	if (n == 0)
		r->line->note = N_("There are no targets.");
	return step == STEP_DONE;
}

static bool
read_consistency(struct reading *r, struct err *e)
{
	static const char SQL[] = "SELECT sum(base_debit),"
	    " sum(base_credit) FROM balance WHERE entity = $1"
	    " AND period = $2";
	struct stmt *s = db_stmt(r->db, SQL);
	bool off;

	stmt_text(s, 1, r->board->entity);
	stmt_text(s, 2, r->board->period);
	if (stmt_step(s, e) != STEP_ROW)
		return false;
	off = col_int(s, 0) != col_int(s, 1);
	say(r, r->board->currency);
	say_amount(r, r->board->currency, col_int(s, 0));
	stmt_reset(s);
	r->line->count = r->walk->differences + off;
	r->line->ok = r->walk->ended && r->line->count == 0;
	if (!r->walk->ended)
		r->line->note = N_("The walk over the ledger has not ended "
		    "yet.");
	return true;
}

static bool
read_audit(struct reading *r, struct err *e)
{
	static const char SQL[] = "SELECT count(*) FROM alert WHERE"
	    " code = 'audit.broken' AND state = 'raised'";
	struct stmt *s = db_stmt(r->db, SQL);

	if (stmt_step(s, e) != STEP_ROW)
		return false;
	r->line->count = col_int(s, 0);
	r->line->ok = r->line->count == 0;
	stmt_reset(s);
	return true;
}

static bool
read_intercompany(struct reading *r, struct err *e)
{
	int64_t amount;

	if (!intercompany_open(r->db, r->board->entity, r->board->period,
	    &r->line->count, &amount, e))
		return false;
	r->line->ok = r->line->count == 0;
	if (r->line->ok)
		return true;
	add_amount(r, r->board->currency, amount);
	say(r, r->board->currency);
	say_amount(r, r->board->currency, amount);
	return true;
}

static bool (*const readers[CLOSE_LINES])(struct reading *, struct err *) = {
	[CLOSE_BACKLOG] = read_backlog,
	[CLOSE_FAILURES] = read_failures,
	[CLOSE_CONFLICTS] = read_conflicts,
	[CLOSE_APPROVALS] = read_approvals,
	[CLOSE_INTERCOMPANY] = read_intercompany,
	[CLOSE_SETTLEMENT] = read_settlement,
	[CLOSE_GST] = read_gst,
	[CLOSE_TARGETS] = read_targets,
	[CLOSE_CONSISTENCY] = read_consistency,
	[CLOSE_AUDIT] = read_audit,
};

/* ---- what is said of them --------------------------------------------- */

static bool
read_entity(struct reading *r, struct err *e)
{
	static const char SQL[] = "SELECT m.extra, p.state FROM master m"
	    " LEFT JOIN period p ON p.entity = m.code AND p.period = $2"
	    " WHERE m.tab = 'entity' AND m.code = $1";
	struct stmt *s = db_stmt(r->db, SQL);
	enum step step;

	stmt_text(s, 1, r->board->entity);
	stmt_text(s, 2, r->board->period);
	step = stmt_step(s, e);
	if (step == STEP_DONE)
		err_set(e, ERR_NOT_FOUND, "no entity %.60s",
		    r->board->entity);
	if (step != STEP_ROW)
		return false;
	r->board->currency = arena_strdup(r->arena, col_text(s, 0));
	r->board->state = arena_strdup(r->arena, col_text(s, 1));
	stmt_reset(s);
	return true;
}

static bool
read_reopening(struct reading *r, struct err *e)
{
	static const char SQL[] = "SELECT author, reason, at FROM reopening"
	    " WHERE entity = $1 AND period = $2";
	struct stmt *s = db_stmt(r->db, SQL);
	enum step step;

	stmt_text(s, 1, r->board->entity);
	stmt_text(s, 2, r->board->period);
	step = stmt_step(s, e);
	if (step != STEP_ROW)
		return step == STEP_DONE;
	r->board->author = arena_strdup(r->arena, col_text(s, 0));
	r->board->reason = arena_strdup(r->arena, col_text(s, 1));
	r->board->asked_at = col_int(s, 2);
	stmt_reset(s);
	return true;
}

/* The entity's own row comes after that of '*' and stays. */
static bool
read_tasks(struct reading *r, struct err *e)
{
	static const char SQL[] = "SELECT line, owner, due FROM close_task"
	    " WHERE entity IN ($1, '*') ORDER BY entity <> '*'";
	struct stmt *s = db_stmt(r->db, SQL);
	enum close_line line;
	enum step step;

	stmt_text(s, 1, r->board->entity);
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		if (!close_line_find(col_text(s, 0), &line))
			continue;
		r->board->lines[line].owner = arena_strdup(r->arena,
		    col_text(s, 1));
		r->board->lines[line].due = (int)col_int(s, 2);
	}
	return step == STEP_DONE;
}

static bool
read_signoffs(struct reading *r, struct err *e)
{
	static const char SQL[] = "SELECT line, signer, at, figures,"
	    " coalesce(suspended, 0) FROM signoff"
	    " WHERE entity = $1 AND period = $2";
	struct stmt *s = db_stmt(r->db, SQL);
	enum close_line at;
	enum step step;

	stmt_text(s, 1, r->board->entity);
	stmt_text(s, 2, r->board->period);
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		struct board_line *line;

		if (!close_line_find(col_text(s, 0), &at))
			continue;
		line = &r->board->lines[at];
		line->signer = arena_strdup(r->arena, col_text(s, 1));
		line->signed_at = col_int(s, 2);
		line->signed_figures = arena_strdup(r->arena, col_text(s, 3));
		line->suspended_at = col_int(s, 4);
		line->suspended = line->suspended_at != 0 || line->count > 0 ||
		    strcmp(line->signed_figures, line->figures) != 0;
	}
	return step == STEP_DONE;
}

static bool
read_lines(struct reading *r, struct err *e)
{
	for (int i = 0; i < CLOSE_LINES; i++) {
		r->line = &r->board->lines[i];
		*r->line = (struct board_line){ .note = "", .owner = "" };
		str_clear(&r->figures);
		if (!readers[i](r, e))
			return false;
		end_line(r);
	}
	return true;
}

bool
board_read(struct db *db, struct arena *arena, const char *entity,
    const char *period, const struct board_walk *walk, struct board *out,
    struct err *e)
{
	struct reading r = { .db = db, .arena = arena, .board = out,
	    .walk = walk };
	bool ok;

	*out = (struct board){ .entity = entity, .period = period };
	str_init(&r.figures, FIGURES_MAX);
	ok = read_entity(&r, e) && read_lines(&r, e) && read_tasks(&r, e) &&
	    read_signoffs(&r, e) && read_reopening(&r, e);
	str_free(&r.figures);
	for (int i = 0; ok && i < CLOSE_LINES; i++) {
		const struct board_line *line = &out->lines[i];

		out->open += !line->ok || (line->signer != NULL &&
		    line->suspended);
		out->unsigned_lines += line->signer == NULL ||
		    line->suspended;
	}
	return ok;
}

/* ---- periods ---------------------------------------------------------- */

static bool
one_text(struct stmt *s, struct arena *arena, const char **out,
    struct err *e)
{
	enum step step = stmt_step(s, e);

	*out = NULL;
	if (step == STEP_ROW) {
		*out = arena_strdup(arena, col_text(s, 0));
		stmt_reset(s);
	}
	return step != STEP_FAILED;
}

bool
board_period(struct db *db, struct arena *arena, const char *entity,
    const char *month, const char **period, struct err *e)
{
	static const char SQL[] = "SELECT period FROM period WHERE"
	    " entity = $1 AND state <> 'closed' AND period <= $2"
	    " ORDER BY period LIMIT 1";
	struct stmt *s = db_stmt(db, SQL);

	stmt_text(s, 1, entity);
	stmt_text(s, 2, month);
	if (!one_text(s, arena, period, e))
		return false;
	if (*period == NULL)
		*period = arena_strdup(arena, month);
	return true;
}

bool
board_default(struct db *db, struct arena *arena, const char *month,
    const char **entity, const char **period, struct err *e)
{
	static const char SQL[] = "SELECT code FROM master"
	    " WHERE tab = 'entity' ORDER BY code LIMIT 1";

	*period = NULL;
	return one_text(db_stmt(db, SQL), arena, entity, e) &&
	    (*entity == NULL || board_period(db, arena, *entity, month,
	    period, e));
}

bool
board_periods(struct db *db, const char *entity, struct json *j,
    struct err *e)
{
	static const char SQL[] = "SELECT period, state FROM period"
	    " WHERE entity = $1 ORDER BY period";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	stmt_text(s, 1, entity);
	json_open(j, '[');
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		json_open(j, '{');
		json_kstr(j, "period", col_text(s, 0));
		json_kstr(j, "state", col_text(s, 1));
		json_close(j, '}');
	}
	json_close(j, ']');
	return step == STEP_DONE;
}

bool
board_entities(struct db *db, struct json *j, struct err *e)
{
	static const char SQL[] = "SELECT code FROM master"
	    " WHERE tab = 'entity' ORDER BY code";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	json_open(j, '[');
	while ((step = stmt_step(s, e)) == STEP_ROW)
		json_str(j, col_text(s, 0));
	json_close(j, ']');
	return step == STEP_DONE;
}

bool
board_before(struct db *db, struct arena *arena, const char *entity,
    const char *period, const char *state, const char **out, struct err *e)
{
	static const char SQL[] = "SELECT period FROM period WHERE"
	    " entity = $1 AND period < $2 AND (state = 'open' OR"
	    " ($3 = 'closed' AND state = 'soft')) ORDER BY period LIMIT 1";
	struct stmt *s = db_stmt(db, SQL);

	stmt_text(s, 1, entity);
	stmt_text(s, 2, period);
	stmt_text(s, 3, state);
	return one_text(s, arena, out, e);
}

bool
board_after(struct db *db, struct arena *arena, const char *entity,
    const char *period, const char **out, struct err *e)
{
	static const char SQL[] = "SELECT period FROM period WHERE"
	    " entity = $1 AND period > $2 AND state = 'closed'"
	    " ORDER BY period DESC LIMIT 1";
	struct stmt *s = db_stmt(db, SQL);

	stmt_text(s, 1, entity);
	stmt_text(s, 2, period);
	return one_text(s, arena, out, e);
}

bool
board_current(struct db *db, const char *month, bool (*each)(void *,
    const char *entity, const char *period, struct err *), void *arg,
    struct err *e)
{
	static const char SQL[] = "SELECT entity, period FROM (SELECT"
	    " p.entity, p.period, row_number() OVER (PARTITION BY p.entity"
	    " ORDER BY p.period) AS n FROM period p JOIN master m"
	    " ON m.tab = 'entity' AND m.code = p.entity WHERE"
	    " p.state <> 'closed' AND p.period <= $1) WHERE n <= 3"
	    " ORDER BY entity, period";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	stmt_text(s, 1, month);
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		if (!each(arg, col_text(s, 0), col_text(s, 1), e)) {
			stmt_reset(s);
			return false;
		}
	}
	return step == STEP_DONE;
}

/* ---- writing ---------------------------------------------------------- */

bool
signoff_put(struct books *books, const char *entity, const char *period,
    const char *line, const char *signer, int64_t at, const char *figures,
    struct err *e)
{
	static const char SQL[] = "INSERT INTO signoff VALUES"
	    " ($1, $2, $3, $4, $5, $6, NULL) ON CONFLICT DO UPDATE SET"
	    " signer = excluded.signer, at = excluded.at,"
	    " figures = excluded.figures, suspended = NULL";
	struct stmt *s = db_stmt(books->db, SQL);

	stmt_text(s, 1, entity);
	stmt_text(s, 2, period);
	stmt_text(s, 3, line);
	stmt_text(s, 4, signer);
	stmt_int(s, 5, at);
	stmt_text(s, 6, figures);
	return stmt_run(s, e);
}

bool
signoff_suspend(struct books *books, const char *entity, const char *period,
    const char *line, int64_t at, struct err *e)
{
	static const char SQL[] = "UPDATE signoff SET suspended = $4"
	    " WHERE entity = $1 AND period = $2 AND line = $3";
	struct stmt *s = db_stmt(books->db, SQL);

	stmt_text(s, 1, entity);
	stmt_text(s, 2, period);
	stmt_text(s, 3, line);
	stmt_int(s, 4, at);
	return stmt_run(s, e);
}

bool
reopening_put(struct books *books, const char *entity, const char *period,
    const char *author, int64_t at, const char *reason, struct err *e)
{
	static const char SQL[] =
	    "INSERT INTO reopening VALUES ($1, $2, $3, $4, $5)";
	struct stmt *s = db_stmt(books->db, SQL);

	stmt_text(s, 1, entity);
	stmt_text(s, 2, period);
	stmt_text(s, 3, author);
	stmt_int(s, 4, at);
	stmt_text(s, 5, reason);
	return stmt_run(s, e);
}

bool
reopening_drop(struct books *books, const char *entity, const char *period,
    struct err *e)
{
	static const char SQL[] =
	    "DELETE FROM reopening WHERE entity = $1 AND period = $2";
	struct stmt *s = db_stmt(books->db, SQL);

	stmt_text(s, 1, entity);
	stmt_text(s, 2, period);
	return stmt_run(s, e);
}
