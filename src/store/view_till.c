/* Totals of tills beside what was posted of them. */
#include "store/view_bank.h"

#include <stdio.h>
#include <string.h>

#include "core/json.h"
#include "store/show.h"

enum { T_ENTITY, T_TILL, T_DAY, T_CURRENCY, T_REPORTS, T_SAID_N, T_SAID,
	T_POSTED_N, T_POSTED, T_SOURCE, T_NUMBERS };

/* Report t came once more, under its own number: sent anew, or corrected. */
#define LATER "EXISTS (SELECT 1 FROM till_total x" \
	" WHERE x.entity = t.entity AND x.till = t.till AND x.day = t.day" \
	" AND x.currency = t.currency AND x.source = t.source" \
	" AND x.number = t.number AND x.number <> '' AND x.id > t.id)"

static const char *
state_of(struct stmt *s)
{
	if (col_null(s, T_SAID))
		return "not_reported";
	if (col_null(s, T_POSTED))
		return "not_posted";
	return col_int(s, T_SAID) == col_int(s, T_POSTED) &&
	    (col_int(s, T_SAID_N) < 0 || col_int(s, T_SAID_N) ==
	    col_int(s, T_POSTED_N)) ? "agrees" : "differs";
}

/* What that source sent of the month and is not posted, and the one that would
 * make up for the difference. */
static bool
write_open(struct db *db, struct stmt *s, int64_t off, struct json *j,
    struct err *e)
{
	static const char SQL[] = "SELECT count(*), coalesce(sum(c.amount),"
	    " 0), max(CASE WHEN c.amount = $5 THEN c.event END)"
	    " FROM closing_event c JOIN event v ON v.seq = c.event"
	    " WHERE c.entity = $1 AND c.period = substr($2, 1, 7)"
	    " AND c.dated = 1 AND c.currency = $3 AND v.source = $4";
	struct stmt *open = db_stmt(db, SQL);

	stmt_text(open, 1, col_text(s, T_ENTITY));
	stmt_text(open, 2, col_text(s, T_DAY));
	stmt_text(open, 3, col_text(s, T_CURRENCY));
	stmt_text(open, 4, col_text(s, T_SOURCE));
	stmt_int(open, 5, off);
	if (stmt_step(open, e) != STEP_ROW)
		return false;
	json_kint(j, "open", col_int(open, 0));
	show_amount(j, "open_amount", col_int(open, 1), col_text(s,
	    T_CURRENCY));
	show_id(j, "explains", 'E', off != 0 ? col_int(open, 2) : 0);
	stmt_reset(open);
	return true;
}

static void
write_side(struct json *j, const char *key, struct stmt *s, int n, int at)
{
	json_key(j, key);
	if (col_null(s, at)) {
		json_null(j);
		return;
	}
	json_open(j, '{');
	json_key(j, "n");
	if (col_int(s, n) < 0)
		json_null(j);
	else
		json_int(j, col_int(s, n));
	show_amount(j, "amount", col_int(s, at), col_text(s, T_CURRENCY));
	json_close(j, '}');
}

static bool
write_till(struct db *db, struct stmt *s, struct json *j, struct err *e)
{
	int64_t off = col_int(s, T_SAID) - col_int(s, T_POSTED);
	const char *state = state_of(s);
	bool ok = true;

	json_open(j, '{');
	json_kstr(j, "entity", col_text(s, T_ENTITY));
	json_kstr(j, "till", col_text(s, T_TILL));
	json_kstr(j, "day", col_text(s, T_DAY));
	json_kstr(j, "currency", col_text(s, T_CURRENCY));
	json_kstr(j, "state", state);
	json_kstr(j, "reports", col_text(s, T_NUMBERS));
	write_side(j, "said", s, T_SAID_N, T_SAID);
	write_side(j, "posted", s, T_POSTED_N, T_POSTED);
	show_amount(j, "off", col_null(s, T_SAID) ? 0 : off, col_text(s,
	    T_CURRENCY));
	if (strcmp(state, "differs") == 0 || strcmp(state, "not_posted") ==
	    0)
		ok = write_open(db, s, off, j, e);
	json_close(j, '}');
	return ok;
}

bool
view_bank_tills(struct db *db, const char *entity, const char *month,
    struct json *j, struct err *e)
{
	static const char SQL[] = "WITH said AS (SELECT entity, till, day,"
	    " currency, count(*) AS reports, CASE WHEN min(n) < 0 THEN -1"
	    " ELSE sum(n) END AS n, sum(amount) AS amount,"
	    " max(source) AS source, group_concat(number, ' ') AS numbers"
	    " FROM till_total t WHERE day >= $2 AND day < $3"
	    " AND ($1 IS NULL OR entity = $1) AND NOT " LATER
	    " GROUP BY 1, 2, 3, 4),"
	    " posted AS (SELECT entity, till, day, currency, n, amount FROM"
	    " till_sum WHERE day >= $2 AND day < $3 AND (n <> 0 OR"
	    " amount <> 0) AND ($1 IS NULL OR entity = $1))"
	    " SELECT coalesce(s.entity, p.entity), coalesce(s.till, p.till),"
	    " coalesce(s.day, p.day), coalesce(s.currency, p.currency),"
	    " s.reports, s.n, s.amount, p.n, p.amount, s.source, s.numbers"
	    " FROM said s FULL JOIN posted p ON p.entity = s.entity"
	    " AND p.till = s.till AND p.day = s.day"
	    " AND p.currency = s.currency ORDER BY 3 DESC, 1, 2, 4";
	char from[12], to[12];
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	snprintf(from, sizeof from, "%.7s-", month);
	snprintf(to, sizeof to, "%.7s.", month);	/* the byte behind '-' */
	stmt_text(s, 1, entity);
	stmt_text(s, 2, from);
	stmt_text(s, 3, to);
	json_open(j, '{');
	json_kstr(j, "month", month);
	json_key(j, "items");
	json_open(j, '[');
	while ((step = stmt_step(s, e)) == STEP_ROW)
		if (!write_till(db, s, j, e)) {
			stmt_reset(s);
			return false;
		}
	json_close(j, ']');
	json_kstr(j, "next", NULL);
	json_close(j, '}');
	return step == STEP_DONE;
}
