/* The trial balance, the entries of an account, and the documents. */
#include "store/scope.h"
#include "store/show.h"

#include <stdio.h>
#include <string.h>

#include "store/books.h"

struct total {
	char currency[4];
	int64_t debit, credit;
};

static void
add_total(struct total *totals, size_t *n, const char *currency,
    int64_t debit, int64_t credit)
{
	size_t i = 0;

	while (i < *n && strcmp(totals[i].currency, currency) != 0)
		i++;
	if (i == SUMS_MAX)
		return;
	if (i == *n) {
		totals[i] = (struct total){ 0 };
		snprintf(totals[i].currency, 4, "%s", currency);
		++*n;
	}
	totals[i].debit += debit;
	totals[i].credit += credit;
}

/* Columns: entity account name kind currency debit credit base_debit
 * base_credit base currency. */
static void
write_balance(struct json *j, struct stmt *s)
{
	const char *currency = col_text(s, 4);
	const char *base = col_text(s, 9);

	json_open(j, '{');
	json_kstr(j, "entity", col_text(s, 0));
	json_kstr(j, "account", col_text(s, 1));
	json_kstr(j, "name", col_text(s, 2));
	json_kstr(j, "kind", col_text(s, 3));
	json_kstr(j, "currency", currency);
	show_amount(j, "debit", col_int(s, 5), currency);
	show_amount(j, "credit", col_int(s, 6), currency);
	show_amount(j, "balance", col_int(s, 5) - col_int(s, 6), currency);
	show_amount(j, "base_balance", col_int(s, 7) - col_int(s, 8),
	    base != NULL ? base : "INR");
	json_close(j, '}');
}

#define BALANCE_COLUMNS "SELECT b.entity, b.account, a.name, a.kind," \
	" b.currency, sum(b.debit), sum(b.credit), sum(b.base_debit)," \
	" sum(b.base_credit), n.extra FROM balance b" \
	" LEFT JOIN master a ON a.tab = 'account' AND a.code = b.account" \
	" LEFT JOIN master n ON n.tab = 'entity' AND n.code = b.entity"

bool
view_trial_balance(struct db *db, const char *entity, const char *to,
    struct json *j, struct err *e)
{
	static const char SQL[] = BALANCE_COLUMNS
	    " WHERE ($1 IS NULL OR b.entity = $1)"
	    " AND ($2 IS NULL OR b.period <= $2)"
	    " GROUP BY b.entity, b.account, b.currency"
	    " ORDER BY b.account, b.currency, b.entity";
	struct stmt *s = db_stmt(db, SQL);
	struct total totals[SUMS_MAX];
	int64_t hidden;
	size_t n = 0;
	enum step step;

	json_open(j, '{');
	if (!show_as_of(db, j, e))
		return false;
	stmt_text(s, 1, entity);
	stmt_text(s, 2, to);
	json_key(j, "items");
	json_open(j, '[');
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		write_balance(j, s);
		add_total(totals, &n, col_text(s, 4), col_int(s, 5),
		    col_int(s, 6));
	}
	json_close(j, ']');
	json_key(j, "totals");
	json_open(j, '[');
	for (size_t i = 0; i < n; i++) {
		const struct total *t = &totals[i];

		json_open(j, '{');
		json_kstr(j, "currency", t->currency);
		show_amount(j, "debit", t->debit, t->currency);
		show_amount(j, "credit", t->credit, t->currency);
		show_amount(j, "balance", t->debit - t->credit, t->currency);
		json_close(j, '}');
	}
	json_close(j, ']');
	if (step != STEP_DONE || !scope_hidden(db, &hidden, e))
		return false;
	json_kint(j, "not_shown", hidden);
	json_close(j, '}');
	return true;
}

bool
view_entries(struct db *db, const char *account, const char *entity,
    int64_t after, int limit, struct json *j, struct err *e)
{
	/* A page ends with a whole journal, so that none is torn. */
	static const char SQL[] = "SELECT n.journal, n.line, j.date, j.entity,"
	    " j.kind, j.number, j.narration, n.currency, n.amount, n.base,"
	    " n.party, n.cost_centre, n.tax_code, m.extra"
	    " FROM entry n JOIN journal j ON j.id = n.journal"
	    " LEFT JOIN master m ON m.tab = 'entity' AND m.code = j.entity"
	    " WHERE n.account = $1 AND n.journal > $2"
	    " AND ($3 IS NULL OR j.entity = $3) ORDER BY n.journal, n.line";
	struct stmt *s = db_stmt(db, SQL);
	int64_t last = after;
	enum step step;
	int n = 0;

	stmt_text(s, 1, account);
	stmt_int(s, 2, after);
	stmt_text(s, 3, entity);
	json_open(j, '{');
	json_key(j, "items");
	json_open(j, '[');
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		if (n >= limit && col_int(s, 0) != last)
			break;
		last = col_int(s, 0);
		n++;
		json_open(j, '{');
		show_id(j, "journal", 'J', last);
		json_kint(j, "line", col_int(s, 1));
		json_kstr(j, "date", col_text(s, 2));
		show_name(j, col_text(s, 3), col_text(s, 4),
		    col_text(s, 5));
		json_kstr(j, "narration", col_text(s, 6));
		json_kstr(j, "currency", col_text(s, 7));
		show_amount(j, "amount", col_int(s, 8), col_text(s, 7));
		show_amount(j, "base", col_int(s, 9), col_null(s, 13) ? "INR" :
		    col_text(s, 13));
		json_kstr(j, "party", col_text(s, 10));
		json_kstr(j, "cost_centre", col_text(s, 11));
		json_kstr(j, "tax_code", col_text(s, 12));
		json_close(j, '}');
	}
	if (step == STEP_ROW)
		stmt_reset(s);
	json_close(j, ']');
	show_next(j, step == STEP_ROW, 'J', last);
	json_close(j, '}');
	return step != STEP_FAILED;
}

bool
show_balance(struct db *db, const char *key, struct json *j, bool *found,
    struct err *e)
{
	static const char SQL[] = BALANCE_COLUMNS
	    " WHERE b.entity = $1 AND b.account = $2 AND b.currency = $3"
	    " GROUP BY b.entity, b.account, b.currency";
	struct stmt *s = db_stmt(db, SQL);
	const char *first = strchr(key, '/'), *last = strrchr(key, '/');
	enum step step;

	*found = false;
	if (first == NULL || first == last)
		return true;
	stmt_span(s, 1, (struct span){ key, (size_t)(first - key) });
	stmt_span(s, 2, (struct span){ first + 1,
	    (size_t)(last - first) - 1 });
	stmt_text(s, 3, last + 1);
	step = stmt_step(s, e);
	*found = step == STEP_ROW;
	if (step != STEP_ROW)
		return step == STEP_DONE;
	write_balance(j, s);
	stmt_reset(s);
	return true;
}

/* ---- documents ------------------------------------------------------- */

static void
write_document(struct json *j, struct stmt *s)
{
	json_open(j, '{');
	json_kstr(j, "entity", col_text(s, 0));
	json_kstr(j, "kind", col_text(s, 1));
	json_kstr(j, "number", col_text(s, 2));
	show_name(j, col_text(s, 0), col_text(s, 1), col_text(s, 2));
	json_kint(j, "version", col_int(s, 3));
	json_kstr(j, "source", col_text(s, 4));
	json_kstr(j, "revision", col_text(s, 5));
	show_id(j, "event", 'E', col_int(s, 6));
	show_id(j, "journal", 'J', col_int(s, 7));
}

/* ENTITY/KIND/NUMBER to $3 $4 $5, so that the index finds the place; a number
 * may have slashes of its own. */
static void
document_after(struct stmt *s, const char *after)
{
	for (int i = 3; i <= 5; i++) {
		size_t n = i < 5 ? strcspn(after, "/") : strlen(after);

		stmt_span(s, i, (struct span){ after, n });
		after += n + (after[n] != '\0');
	}
}

bool
view_documents(struct db *db, const char *kind, const char *q,
    const char *after, int limit, struct json *j, struct err *e)
{
	static const char SQL[] = "SELECT entity, kind, number, version,"
	    " source, revision, event, journal, part FROM document"
	    " WHERE ($1 IS NULL OR kind = $1)"
	    " AND ($2 IS NULL OR instr(number, $2))"
	    " AND (entity, kind, number) > ($3, $4, $5)"
	    " ORDER BY entity, kind, number LIMIT $6";
	struct stmt *s = db_stmt(db, SQL);
	struct str last;
	enum step step;
	int n = 0;

	str_init(&last, 4096);
	stmt_text(s, 1, kind);
	stmt_text(s, 2, q);
	document_after(s, after != NULL ? after : "");
	stmt_int(s, 6, limit + 1);
	json_open(j, '{');
	json_key(j, "items");
	json_open(j, '[');
	while ((step = stmt_step(s, e)) == STEP_ROW && n++ < limit) {
		write_document(j, s);
		json_close(j, '}');
		str_clear(&last);
		str_addf(&last, "%s/%s/%s", col_text(s, 0), col_text(s, 1),
		    col_text(s, 2));
	}
	json_close(j, ']');
	json_kstr(j, "next", step == STEP_ROW ? last.p : NULL);
	if (step == STEP_ROW)
		stmt_reset(s);
	json_close(j, '}');
	str_free(&last);
	return step != STEP_FAILED;
}

bool
view_balance(struct db *db, const char *entity, const char *account,
    const char *currency, int64_t *out, struct err *e)
{
	static const char SQL[] = "SELECT balance FROM standing"
	    " WHERE entity = $1 AND account = $2 AND currency = $3";
	struct stmt *s = db_stmt(db, SQL);

	stmt_text(s, 1, entity);
	stmt_text(s, 2, account);
	stmt_text(s, 3, currency);
	return stmt_number(s, out, e);
}
