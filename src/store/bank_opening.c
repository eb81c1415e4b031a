/*
 * Where what a bank tells begins. Entries of before are in no line of it: they
 * are one figure, which its opening balance is held against.
 */
#include "store/bank_inside.h"

#include <stdio.h>
#include <string.h>

/* The first day that a line of the same file has; of a bank that books of days
 * before its statement begins, a month at most, it is before the balance of
 * that, too. */
#define OF_BEFORE "bank_line l CROSS JOIN event x ON x.seq = l.event" \
	" WHERE l.entity = $1 AND l.account = $2 AND l.day < $5"
#define FIRST "(SELECT min(l.day) FROM " OF_BEFORE \
	" AND l.day >= date($5, '-31 days') AND x.received = e.received)"
#define OTHERS "(SELECT 1 FROM " OF_BEFORE " AND x.received <> e.received)"

static struct stmt *
stmt_of(struct books *books, const char *sql, int64_t event,
    const struct bank_line *line)
{
	struct stmt *s = db_stmt(books->db, sql);

	stmt_text(s, 1, line->entity);
	stmt_text(s, 2, line->account);
	stmt_int(s, 3, event);
	return s;
}

/* Judged again, it stands where it stood. */
static bool
put_again(struct books *books, int64_t event, const struct bank_line *line,
    struct err *e)
{
	static const char SQL[] = "UPDATE bank_opening SET amount = $4"
	    " WHERE entity = $1 AND account = $2 AND event = $3";
	struct stmt *s = stmt_of(books, SQL, event, line);

	stmt_int(s, 4, line->amount);
	return stmt_run(s, e);
}

/* What is told of days before came in another file: this is none that opens
 * the account. Of several of a day the first does. */
static bool
put_new(struct books *books, int64_t event, const struct bank_line *line,
    struct err *e)
{
	static const char SQL[] = "INSERT INTO bank_opening SELECT o.entity,"
	    " o.account, iif(o.opens, coalesce(o.first, $5), $5), $4,"
	    " o.opens, $3 FROM (SELECT a.entity, a.account, " FIRST
	    " AS first, NOT EXISTS " OTHERS " AND NOT EXISTS (SELECT 1 FROM"
	    " bank_balance b WHERE b.entity = $1 AND b.account = $2"
	    " AND b.day < $5) AS opens FROM bank_account a JOIN event e"
	    " ON e.seq = $3 WHERE a.entity = $1 AND a.account = $2"
	    " AND a.currency = $6) o WHERE NOT EXISTS (SELECT 1 FROM"
	    " bank_opening n WHERE n.entity = $1 AND n.account = $2"
	    " AND n.event = $3) ON CONFLICT DO NOTHING";
	struct stmt *s = stmt_of(books, SQL, event, line);

	stmt_int(s, 4, line->amount);
	stmt_text(s, 5, line->day.text);
	stmt_text(s, 6, line->currency);
	return stmt_run(s, e);
}

/* A statement that comes after the first may still tell of a day before it:
 * then that is the first day. */
static bool
lower(struct books *books, int64_t event, const struct bank_line *line,
    struct err *e)
{
	static const char SQL[] = "UPDATE OR IGNORE bank_opening SET"
	    " day = f.day FROM (SELECT " FIRST " AS day FROM event e"
	    " WHERE e.seq = $3) f WHERE entity = $1 AND account = $2"
	    " AND opens = 1 AND bank_opening.day <= $5"
	    " AND bank_opening.day > f.day";
	struct stmt *s = stmt_of(books, SQL, event, line);

	stmt_text(s, 5, line->day.text);
	return stmt_run(s, e);
}

bool
bank_opening_put(struct books *books, int64_t event,
    const struct bank_line *line, struct err *e)
{
	return put_again(books, event, line, e) &&
	    put_new(books, event, line, e) && lower(books, event, line, e);
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
	 * banks say the same, so the first of them stands. */
	static const char SQL[] = "SELECT s.day, s.amount + (SELECT"
	    " coalesce(sum(l.amount), 0) FROM bank_line l WHERE"
	    " l.entity = $1 AND l.account = $2 AND l.currency = $3"
	    " AND l.day >= s.day AND (l.day > s.day OR s.opens)"
	    " AND l.day < $4) FROM (SELECT * FROM (SELECT day, amount,"
	    " 0 AS opens FROM bank_balance WHERE entity = $1"
	    " AND account = $2 AND day < $4 ORDER BY day DESC LIMIT 1)"
	    " UNION ALL SELECT * FROM (SELECT day, amount, 1"
	    " FROM bank_opening WHERE entity = $1 AND account = $2"
	    " AND day <= $4 ORDER BY day DESC LIMIT 1)"
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
