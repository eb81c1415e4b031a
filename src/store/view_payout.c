/*
 * Payouts of gateways beside the payments and refunds that they are of. What
 * each document says stands in its lines (data/rules/README.md): what was
 * gathered (clearing), given back (refunded) and kept (fee, fee_tax).
 */
#include "store/view_bank.h"

#include <string.h>

#include "core/json.h"
#include "store/show.h"

/* Documents of payouts; the rows of a batch and its control are one. What a
 * bank says is not one of them. */
#define PAYOUT " FROM document d JOIN document_version v" \
	" ON v.id = d.event * 128 + d.part WHERE d.kind = 'settlement'" \
	" AND coalesce(v.body ->> '$.channel', '') <> 'bank'" \
	" AND coalesce(v.body ->> '$.void', 0) = 0"
#define SUM(type) "coalesce((SELECT sum(l.value ->> '$.amount') FROM" \
	" json_each(v.body, '$.lines') l" \
	" WHERE l.value ->> '$.type' = '" type "'), 0)"

/* Events of rows of payout o that are open. */
#define OPEN " FROM closing_event c JOIN event w ON w.seq = c.event" \
	" WHERE c.entity = o.entity AND w.kind = 'settlement'" \
	" AND w.number >= o.payout || '/' AND w.number < o.payout || '0'"

/* ---- all of them -------------------------------------------------------- */

static void
write_payout(struct json *j, struct stmt *s)
{
	static const char *const amounts[] = { "gross", "refunded", "fees",
	    "fee_tax", "adjustments", "net" };
	const char *currency = col_text(s, 2);
	int64_t rest = col_int(s, 5) - col_int(s, 6) - col_int(s, 7) -
	    col_int(s, 8) - col_int(s, 9) - col_int(s, 10);

	json_open(j, '{');
	json_kstr(j, "entity", col_text(s, 0));
	json_kstr(j, "payout", col_text(s, 1));
	json_kstr(j, "currency", currency);
	json_kstr(j, "day", col_text(s, 3));
	json_kint(j, "rows", col_int(s, 4));
	for (int i = 0; i < 6; i++)
		show_amount(j, amounts[i], col_int(s, 5 + i), currency);
	/* What the parts do not explain. */
	show_amount(j, "rest", rest, currency);
	json_kstr(j, "reference", col_text(s, 11));
	json_key(j, "announced");
	if (col_null(s, 12))
		json_null(j);
	else
		json_int(j, col_int(s, 12));
	if (col_null(s, 13))
		json_kstr(j, "control", NULL);
	else
		show_amount(j, "control", col_int(s, 13), currency);
	show_amount(j, "short", col_null(s, 13) ? 0 : col_int(s, 13) -
	    col_int(s, 5) + col_int(s, 6), currency);
	/* Rows of it that came and are not posted. */
	json_kint(j, "open", col_int(s, 14));
	show_amount(j, "open_amount", col_int(s, 15), currency);
	json_close(j, '}');
}

/* PAYOUT/ENTITY: two companies may have payouts of one name. */
static void
bind_after(struct stmt *s, const char *after, struct arena *arena)
{
	const char *slash = after != NULL ? strrchr(after, '/') : NULL;

	stmt_text(s, 2, slash != NULL ? arena_strndup(arena, after,
	    (size_t)(slash - after)) : after != NULL ? after : "");
	stmt_text(s, 4, slash != NULL ? slash + 1 : "");
}

bool
view_bank_payouts(struct db *db, const char *entity, const char *after,
    int limit, struct json *j, struct err *e)
{
	static const char SQL[] = "WITH p AS (SELECT d.entity,"
	    " coalesce(v.body ->> '$.batch', d.number) AS payout,"
	    " v.body ->> '$.currency' AS currency,"
	    " v.body ->> '$.date' AS day, v.body ->> '$.reference' AS ref,"
	    " v.body ->> '$.control_total' AS control,"
	    " v.body ->> '$.control_count' AS n,"
	    SUM("clearing") " AS gross, " SUM("refunded") " AS refunded, "
	    SUM("fee") " AS fee, " SUM("fee_tax") " AS tax, "
	    SUM("adjustment") " AS other, " SUM("bank") " AS net" PAYOUT
	    " AND ($1 IS NULL OR d.entity = $1))"
	    " SELECT *, (SELECT count(*)" OPEN "), (SELECT"
	    " coalesce(sum(c.amount), 0)" OPEN ") FROM ("
	    " SELECT entity, payout, max(currency), max(day),"
	    " sum(control IS NULL), sum(CASE WHEN control IS NULL THEN gross"
	    " ELSE 0 END), sum(CASE WHEN control IS NULL THEN refunded ELSE 0"
	    " END), sum(CASE WHEN control IS NULL THEN fee ELSE 0 END),"
	    " sum(CASE WHEN control IS NULL THEN tax ELSE 0 END),"
	    " sum(CASE WHEN control IS NULL THEN other ELSE 0 END),"
	    " sum(CASE WHEN control IS NULL THEN net ELSE 0 END), max(ref),"
	    " max(n), max(control) FROM p"
	    " WHERE (payout, entity) > ($2, $4) GROUP BY entity, payout"
	    " HAVING sum(gross) <> 0 OR sum(refunded) <> 0"
	    " ORDER BY payout, entity LIMIT $3) o ORDER BY o.payout, o.entity";
	struct stmt *s = db_stmt(db, SQL);
	struct arena *arena = arena_new();
	const char *last = NULL;
	enum step step;
	int n = 0;

	stmt_text(s, 1, entity);
	bind_after(s, after, arena);
	stmt_int(s, 3, limit + 1);
	json_open(j, '{');
	json_key(j, "items");
	json_open(j, '[');
	while ((step = stmt_step(s, e)) == STEP_ROW && n++ < limit) {
		write_payout(j, s);
		if (n == limit)
			last = arena_printf(arena, "%s/%s", col_text(s, 1),
			    col_text(s, 0));
	}
	json_close(j, ']');
	json_kstr(j, "next", step == STEP_ROW ? last : NULL);
	json_close(j, '}');
	if (step == STEP_ROW)
		stmt_reset(s);
	arena_free(&arena);
	return step != STEP_FAILED;
}

/* ---- one, payment by payment -------------------------------------------- */

enum { R_NUMBER, R_GROSS, R_REFUNDED, R_FEE, R_TAX, R_OTHER, R_NET, R_DAY,
	R_CURRENCY, P_NUMBER, P_TOTAL, P_RECEIVED, P_FEE, P_TAX, P_ORDER,
	R_GIVEN };

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
	show_amount(j, "fee", col_int(s, P_FEE), currency);
	show_amount(j, "fee_tax", col_int(s, P_TAX), currency);
	json_kstr(j, "order", col_text(s, P_ORDER));
	json_kstr(j, "reason", reason_of(s, off));
	json_close(j, '}');
}

#define OF(type) "coalesce((SELECT sum(l.value ->> '$.amount') FROM" \
	" json_each(pv.body, '$.lines') l" \
	" WHERE l.value ->> '$.type' = '" type "'), 0)"

bool
view_bank_payout(struct db *db, const char *entity, const char *number,
    struct json *j, bool *found, struct err *e)
{
	/* A row of a batch is PAYOUT/PAYMENT; a payout of one document names no
	 * payments, and has none. */
	static const char SQL[] = "WITH given AS (SELECT d.entity,"
	    " v.body ->> '$.reference' AS payment,"
	    " sum(v.body ->> '$.total') AS total FROM document d"
	    " JOIN document_version v ON v.id = d.event * 128 + d.part"
	    " WHERE d.kind = 'refund' AND coalesce(v.body ->> '$.void', 0)"
	    " = 0 GROUP BY 1, 2),"
	    " r AS (SELECT d.entity, d.number,"
	    " substr(d.number, length($2) + 2) AS of,"
	    " v.body ->> '$.date' AS day, v.body ->> '$.currency' AS currency,"
	    SUM("clearing") " AS gross, " SUM("refunded") " AS refunded, "
	    SUM("fee") " AS fee, " SUM("fee_tax") " AS tax, "
	    SUM("adjustment") " AS other, " SUM("bank") " AS net" PAYOUT
	    " AND ($1 IS NULL OR d.entity = $1) AND d.number >= $2 || '/'"
	    " AND d.number < $2 || '0')"
	    " SELECT r.number, r.gross, r.refunded, r.fee, r.tax, r.other,"
	    " r.net, r.day, r.currency, p.number, pv.body ->> '$.total', "
	    OF("received") ", " OF("fee") ", " OF("fee_tax") ","
	    " pv.body ->> '$.reference', coalesce(g.total, 0) FROM r"
	    " LEFT JOIN (document p JOIN document_version pv"
	    " ON pv.id = p.event * 128 + p.part"
	    " AND coalesce(pv.body ->> '$.void', 0) = 0)"
	    " ON p.entity = r.entity AND p.kind ="
	    " CASE WHEN r.gross = 0 AND r.refunded <> 0 THEN 'refund'"
	    " ELSE 'payment' END AND p.number = r.of"
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
