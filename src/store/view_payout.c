/*
 * Payouts of gateways beside the payments and refunds that they are of. What
 * each document says stands in its lines (data/rules/README.md): what was
 * gathered (clearing), given back (refunded) and kept (fee, fee_tax).
 */
#include "store/view_bank.h"

#include <string.h>

#include "core/json.h"
#include "core/vec.h"
#include "store/show.h"

/* Documents of payouts; the rows of a batch and its control are one. */
#define IN_FORCE " d.kind = 'settlement' AND v.id = d.event * 128 + d.part" \
	" AND coalesce(v.body ->> '$.void', 0) = 0"
#define SUM(type) "sum(l.value ->> '$.amount') FILTER (WHERE" \
	" l.value ->> '$.type' = '" type "')"

/* ---- rows that came and are not posted ---------------------------------- */

#define OPEN_MAX 1000000

struct open_row {
	const char *entity, *number;
	int64_t amount;
};

/* In order of company and number. */
static bool
load_open(struct db *db, const char *entity, struct arena *arena,
    struct vec *out, struct err *e)
{
	static const char SQL[] = "SELECT c.entity, w.number, c.amount"
	    " FROM closing_event c CROSS JOIN event w ON w.seq = c.event"
	    " WHERE ($1 IS NULL OR c.entity = $1) AND w.kind = 'settlement'"
	    " AND w.number IS NOT NULL ORDER BY 1, 2";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	stmt_text(s, 1, entity);
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		struct open_row *row = vec_add(out);

		if (row != NULL)
			*row = (struct open_row){ arena_strdup(arena,
			    col_text(s, 0)), arena_strdup(arena, col_text(s,
			    1)), col_int(s, 2) };
	}
	return step == STEP_DONE;
}

/* Below, of, or behind PAYOUT/... of that company? */
static int
stands(const struct open_row *row, const char *entity, const char *payout)
{
	int by = strcmp(row->entity, entity);
	size_t n = strlen(payout);

	if (by == 0)
		by = strncmp(row->number, payout, n);
	return by != 0 ? by : (row->number[n] > '/') - (row->number[n] < '/');
}

static void
write_open(struct json *j, const struct vec *open, struct stmt *s,
    const char *currency)
{
	const char *entity = col_text(s, 0), *payout = col_text(s, 1);
	const struct open_row *all = open->p;
	size_t low = 0, high = open->n, n = 0;
	int64_t amount = 0;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (stands(&all[mid], entity, payout) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	for (; low + n < open->n && stands(&all[low + n], entity, payout) ==
	    0; n++)
		amount += all[low + n].amount;
	json_kint(j, "open", (int64_t)n);
	show_amount(j, "open_amount", amount, currency);
}

/* ---- all of them -------------------------------------------------------- */

enum { P_ENTITY, P_PAYOUT, P_CURRENCY, P_DAY, P_ROWS, P_GROSS,
	P_REFERENCE = P_GROSS + 6, P_COUNT, P_CONTROL, P_ANY };

/* What no row says is nothing that is known to be none. */
static void
show_some(struct json *j, const char *key, struct stmt *s, int at,
    const char *currency)
{
	if (col_null(s, at))
		json_kstr(j, key, NULL);
	else
		show_amount(j, key, col_int(s, at), currency);
}

static void
write_payout(struct json *j, struct stmt *s, const struct vec *open)
{
	static const char *const amounts[] = { "gross", "refunded", "fees",
	    "fee_tax", "adjustments", "net" };
	const char *currency = col_text(s, P_CURRENCY);
	int64_t rest = col_int(s, P_GROSS);

	for (int i = 1; i < 6; i++)
		rest -= col_int(s, P_GROSS + i);
	json_open(j, '{');
	json_kstr(j, "entity", col_text(s, P_ENTITY));
	json_kstr(j, "payout", col_text(s, P_PAYOUT));
	json_kstr(j, "currency", currency);
	json_kstr(j, "day", col_text(s, P_DAY));
	json_kint(j, "rows", col_int(s, P_ROWS));
	for (int i = 0; i < 6; i++)
		show_some(j, amounts[i], s, P_GROSS + i, currency);
	/* What the parts do not explain. */
	show_amount(j, "rest", rest, currency);
	json_kstr(j, "reference", col_text(s, P_REFERENCE));
	json_key(j, "announced");
	if (col_null(s, P_COUNT))
		json_null(j);
	else
		json_int(j, col_int(s, P_COUNT));
	show_some(j, "control", s, P_CONTROL, currency);
	show_amount(j, "short", col_null(s, P_CONTROL) ? 0 : col_int(s,
	    P_CONTROL) - col_int(s, P_GROSS) + col_int(s, P_GROSS + 1),
	    currency);
	/* Rows of it that came and are not posted. */
	write_open(j, open, s, currency);
	json_close(j, '}');
}

struct payouts {
	struct db *db;
	struct arena *arena;
	const char *only;		/* entity; NULL: any */
	const char *payout, *entity;	/* where it stands */
	struct vec open;
};

/* The first behind it, by name and company. */
static bool
next_payout(struct payouts *p, bool *found, struct err *e)
{
	static const char SQL[] = "SELECT payout, entity FROM payout_row"
	    " WHERE (payout, entity) > ($1, $2)"
	    " AND ($3 IS NULL OR entity = $3)"
	    " ORDER BY payout, entity LIMIT 1";
	struct stmt *s = db_stmt(p->db, SQL);
	enum step step;

	stmt_text(s, 1, p->payout);
	stmt_text(s, 2, p->entity);
	stmt_text(s, 3, p->only);
	step = stmt_step(s, e);
	*found = step == STEP_ROW;
	if (*found) {
		p->payout = arena_strdup(p->arena, col_text(s, 0));
		p->entity = arena_strdup(p->arena, col_text(s, 1));
		stmt_reset(s);
	}
	return step != STEP_FAILED;
}

#define PART(type) "sum(amount) FILTER (WHERE row AND type = '" type "')"

/* *shown false: nothing of it is in force, or it gathered nothing. */
static bool
show_payout(struct payouts *p, struct json *j, bool write, bool *shown,
    struct err *e)
{
	/* Each body, and each of its lines, is read once. */
	static const char SQL[] = "WITH doc AS MATERIALIZED (SELECT v.entity,"
	    " v.body ->> '$.currency' AS currency, v.body ->> '$.date' AS day,"
	    " v.body ->> '$.reference' AS ref,"
	    " v.body ->> '$.control_total' AS control,"
	    " v.body ->> '$.control_count' AS n, v.body -> '$.lines' AS lines"
	    " FROM payout_row p CROSS JOIN document_version v"
	    " ON v.id = p.version CROSS JOIN document d"
	    " ON d.entity = v.entity AND d.number = v.number AND" IN_FORCE
	    " WHERE p.payout = $1 AND p.entity = $2),"
	    " line AS MATERIALIZED (SELECT doc.control IS NULL AS row,"
	    " l.value ->> '$.type' AS type, l.value ->> '$.amount' AS amount"
	    " FROM doc CROSS JOIN json_each(doc.lines) l)"
	    " SELECT * FROM (SELECT entity, $1, max(currency), max(day),"
	    " count(*) FILTER (WHERE control IS NULL) FROM doc"
	    " GROUP BY entity) CROSS JOIN (SELECT coalesce(" PART("clearing")
	    ", 0), coalesce(" PART("refunded") ", 0), " PART("fee") ", "
	    PART("fee_tax") ", coalesce(" PART("adjustment") ", 0), coalesce("
	    PART("bank") ", 0) FROM line) CROSS JOIN (SELECT max(ref),"
	    " max(n), max(control) FROM doc) CROSS JOIN (SELECT"
	    " coalesce(sum(amount) FILTER (WHERE type = 'clearing'), 0) <> 0"
	    " OR coalesce(sum(amount) FILTER (WHERE type = 'refunded'), 0)"
	    " <> 0 FROM line)";
	struct stmt *s = db_stmt(p->db, SQL);
	enum step step;

	stmt_text(s, 1, p->payout);
	stmt_text(s, 2, p->entity);
	step = stmt_step(s, e);
	*shown = step == STEP_ROW && col_int(s, P_ANY) != 0;
	if (*shown && write)
		write_payout(j, s, &p->open);
	if (step == STEP_ROW)
		stmt_reset(s);
	return step != STEP_FAILED;
}

/* PAYOUT/ENTITY: two companies may have payouts of one name. */
static void
begin_after(struct payouts *p, const char *after)
{
	const char *slash = after != NULL ? strrchr(after, '/') : NULL;

	p->payout = slash != NULL ? arena_strndup(p->arena, after,
	    (size_t)(slash - after)) : after != NULL ? after : "";
	p->entity = slash != NULL ? slash + 1 : "";
}

static bool
show_payouts(struct payouts *p, int limit, struct json *j, struct err *e)
{
	const char *last = NULL;
	bool found = true, shown;
	int n = 0;

	while (n <= limit && found) {
		if (!next_payout(p, &found, e) || (found && !show_payout(p,
		    j, n < limit, &shown, e)))
			return false;
		n += found && shown;
		if (n == limit && found && shown)
			last = arena_printf(p->arena, "%s/%s", p->payout,
			    p->entity);
	}
	json_close(j, ']');
	json_kstr(j, "next", n > limit ? last : NULL);
	return true;
}

bool
view_bank_payouts(struct db *db, const char *entity, const char *after,
    int limit, struct json *j, struct err *e)
{
	struct payouts p = { .db = db, .arena = arena_new(),
	    .only = entity };
	bool ok;

	vec_init(&p.open, sizeof(struct open_row), OPEN_MAX);
	begin_after(&p, after);
	json_open(j, '{');
	json_key(j, "items");
	json_open(j, '[');
	ok = load_open(db, entity, p.arena, &p.open, e) && show_payouts(&p,
	    limit, j, e);
	json_close(j, '}');
	vec_free(&p.open);
	arena_free(&p.arena);
	return ok;
}

/* ---- one, payment by payment -------------------------------------------- */

enum { R_NUMBER, R_GROSS, R_REFUNDED, R_DAY, R_CURRENCY, P_NUMBER, P_TOTAL,
	P_RECEIVED, P_FEE, P_TAX, P_ORDER, R_GIVEN };

/* Why what was paid out of a payment is not what the books expect. */
static const char *
reason_of(struct stmt *s, int64_t off)
{
	if (col_null(s, P_NUMBER))
		return "missing";
	if (off == 0)
		return "agrees";
	if (off == - col_int(s, R_GIVEN) && col_int(s, R_GIVEN) != 0)
		return "refunded";
	/* The gateway kept a fee that the payment did not say, or the tax on
	 * the fee that it did. */
	if (off < 0 && col_int(s, P_FEE) == 0 && col_int(s, P_TAX) == 0)
		return "fee";
	if (off < 0 && col_int(s, P_TAX) == 0 && -off <= col_int(s, P_FEE) *
	    28 / 100 + 1)
		return "fee_tax";
	return "amount";
}

/* What one payment, or refund, brought: less of it was expected to be kept. */
static void
write_row(struct json *j, struct stmt *s)
{
	const char *currency = col_text(s, R_CURRENCY);
	int64_t paid = col_int(s, R_GROSS) - col_int(s, R_REFUNDED);
	int64_t expected = col_int(s, R_GROSS) == 0 && col_int(s,
	    R_REFUNDED) != 0 ? - col_int(s, P_TOTAL) : col_int(s, P_RECEIVED);
	int64_t off = col_null(s, P_NUMBER) ? 0 : paid - expected;

	json_open(j, '{');
	json_kstr(j, "number", col_text(s, R_NUMBER));
	json_kstr(j, "day", col_text(s, R_DAY));
	show_amount(j, "paid", paid, currency);
	json_kstr(j, "payment", col_text(s, P_NUMBER));
	if (col_null(s, P_NUMBER))
		json_kstr(j, "expected", NULL);
	else
		show_amount(j, "expected", expected, currency);
	show_amount(j, "off", off, currency);
	show_some(j, "fee", s, P_FEE, currency);
	show_some(j, "fee_tax", s, P_TAX, currency);
	json_kstr(j, "order", col_text(s, P_ORDER));
	json_kstr(j, "reason", reason_of(s, off));
	json_close(j, '}');
}

#define OF(type) "(SELECT sum(l.value ->> '$.amount') FROM" \
	" json_each(pv.body, '$.lines') l" \
	" WHERE l.value ->> '$.type' = '" type "')"
#define EACH "FROM master m CROSS JOIN document d ON d.entity = m.code"
#define OF_ENTITY " WHERE m.tab = 'entity' AND ($1 IS NULL OR m.code = $1)"

bool
view_bank_payout(struct db *db, const char *entity, const char *number,
    struct json *j, bool *found, struct err *e)
{
	/* A row of a batch is PAYOUT/PAYMENT; a payout of one document names no
	 * payments, and has none. By company, since that is how documents are
	 * found. */
	static const char SQL[] = "WITH r AS MATERIALIZED (SELECT d.entity,"
	    " d.number, substr(d.number, length($2) + 2) AS of,"
	    " v.body ->> '$.date' AS day, v.body ->> '$.currency' AS currency,"
	    " coalesce(" SUM("clearing") ", 0) AS gross,"
	    " coalesce(" SUM("refunded") ", 0) AS refunded " EACH
	    " AND d.kind = 'settlement' AND d.number >= $2 || '/'"
	    " AND d.number < $2 || '0' CROSS JOIN document_version v ON"
	    IN_FORCE " AND coalesce(v.body ->> '$.channel', '') <> 'bank'"
	    " LEFT JOIN json_each(v.body, '$.lines') l" OF_ENTITY
	    " GROUP BY d.entity, d.number),"
	    " given AS MATERIALIZED (SELECT d.entity,"
	    " v.body ->> '$.reference' AS payment,"
	    " sum(v.body ->> '$.total') AS total " EACH
	    " AND d.kind = 'refund' CROSS JOIN document_version v"
	    " ON v.id = d.event * 128 + d.part" OF_ENTITY
	    " AND coalesce(v.body ->> '$.void', 0) = 0 GROUP BY 1, 2)"
	    " SELECT r.number, r.gross, r.refunded, r.day, r.currency,"
	    " iif(pv.id IS NULL, NULL, p.number), pv.body ->> '$.total',"
	    " coalesce(" OF("received")
	    ", 0), " OF("fee") ", " OF("fee_tax") ","
	    " pv.body ->> '$.reference', coalesce(g.total, 0) FROM r"
	    " LEFT JOIN document p ON p.entity = r.entity AND p.kind ="
	    " CASE WHEN r.gross = 0 AND r.refunded <> 0 THEN 'refund'"
	    " ELSE 'payment' END AND p.number = r.of"
	    " LEFT JOIN document_version pv ON pv.id = p.event * 128 + p.part"
	    " AND coalesce(pv.body ->> '$.void', 0) = 0"
	    " LEFT JOIN given g ON g.entity = r.entity AND g.payment = r.of"
	    " ORDER BY r.number";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	*found = false;
	stmt_text(s, 1, entity);
	stmt_text(s, 2, number);
	json_open(j, '{');
	json_kstr(j, "payout", number);
	json_key(j, "items");
	json_open(j, '[');
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		*found = true;
		write_row(j, s);
	}
	json_close(j, ']');
	json_kstr(j, "next", NULL);
	json_close(j, '}');
	return step == STEP_DONE;
}
