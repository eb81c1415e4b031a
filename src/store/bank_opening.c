/*
 * Where what a bank tells begins. Entries of before are in no line of it: they
 * are one figure, which its opening balance is held against.
 */
#include "store/bank_inside.h"

#include <stdio.h>
#include <string.h>

bool
bank_opening_put(struct books *books, int64_t event,
    const struct bank_line *line, struct err *e)
{
	static const char AGAIN[] = "DELETE FROM bank_opening"
	    " WHERE entity = $1 AND account = $2 AND event = $3";
	/* Of another currency it is of another account. */
	static const char SQL[] = "INSERT INTO bank_opening SELECT $1, $2, $4,"
	    " $3, $5 FROM bank_account WHERE entity = $1 AND account = $2"
	    " AND currency = $6";
	struct stmt *s = db_stmt(books->db, AGAIN);

	stmt_text(s, 1, line->entity);
	stmt_text(s, 2, line->account);
	stmt_int(s, 3, event);
	if (!stmt_run(s, e))
		return false;
	s = db_stmt(books->db, SQL);
	stmt_text(s, 1, line->entity);
	stmt_text(s, 2, line->account);
	stmt_int(s, 3, event);
	stmt_text(s, 4, line->day.text);
	stmt_int(s, 5, line->amount);
	stmt_text(s, 6, line->currency);
	return stmt_run(s, e);
}

bool
bank_since(struct db *db, const struct bank_account *a, char out[11],
    struct err *e)
{
	static const char SQL[] = "SELECT " BANK_SINCE("$1", "$2");
	struct stmt *s = db_stmt(db, SQL);

	out[0] = '\0';
	stmt_text(s, 1, a->entity);
	stmt_text(s, 2, a->account);
	if (stmt_step(s, e) != STEP_ROW)
		return false;
	snprintf(out, 11, "%.10s", col_text(s, 0));
	stmt_reset(s);
	return true;
}

bool
bank_had(struct db *db, const struct bank_account *a, const char *day,
    bool ended, struct day *of, int64_t *amount, struct err *e)
{
	/* What closes a day and what opens the next: of two of one day some
	 * banks say the same, so the first of them stands. The one that opens
	 * the account is of its first day, whatever it is dated. */
	static const char SQL[] = "SELECT s.day, s.amount + (SELECT"
	    " coalesce(sum(l.amount), 0) FROM bank_line l WHERE"
	    " l.entity = $1 AND l.account = $2 AND l.currency = $3"
	    " AND l.day >= s.day AND (l.day > s.day OR s.opens)"
	    " AND l.day < $4) FROM (SELECT * FROM (SELECT day, amount,"
	    " 0 AS opens FROM bank_balance WHERE entity = $1"
	    " AND account = $2 AND day < $4 ORDER BY day DESC LIMIT 1)"
	    " UNION ALL SELECT * FROM (SELECT day, amount, 1"
	    " FROM bank_opening WHERE entity = $1 AND account = $2"
	    " AND day <= $4 AND day > (SELECT min(n.day) FROM bank_opening n"
	    " WHERE n.entity = $1 AND n.account = $2)"
	    " ORDER BY day DESC, event LIMIT 1)"
	    " UNION ALL SELECT * FROM (SELECT coalesce(nullif("
	    BANK_OPENED("$1", "$2") ", ''), day) AS day, amount, 1"
	    " FROM bank_opening n WHERE n.entity = $1 AND n.account = $2"
	    " ORDER BY n.day, n.event LIMIT 1) WHERE day <= $4"
	    " ORDER BY day DESC, opens LIMIT 1) s";
	struct stmt *s = db_stmt(db, SQL);
	char end[16];
	enum step step;

	/* The first text that is behind the day. */
	snprintf(end, sizeof end, "%.10s%s", day, ended ? "~" : "");
	stmt_text(s, 1, a->entity);
	stmt_text(s, 2, a->account);
	stmt_text(s, 3, a->currency);
	stmt_text(s, 4, end);
	*of = (struct day){ "" };
	*amount = 0;
	step = stmt_step(s, e);
	if (step == STEP_ROW) {
		(void)day_parse(col_span(s, 0), of);
		*amount = col_int(s, 1);
		stmt_reset(s);
	}
	return step != STEP_FAILED;
}
