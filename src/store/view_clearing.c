/*
 * Money under way: authorised, captured, settled, and for how long.  What
 * leaves a clearing account settles what came first.
 */
#include "store/show.h"

#include <stdio.h>
#include <string.h>

#include "store/numbers.h"

/* The balance of one clearing account in one currency. */
struct clearing {
	const char *entity, *account, *currency;
	int64_t captured, settled;	/* debits, credits */
};

/* The first month whose captures the settlements do not cover; *covered is
 * what is left of them for that month. NULL: all is settled. */
static bool
oldest_month(struct db *db, const struct clearing *c, char out[8],
    int64_t *covered, struct err *e)
{
	static const char SQL[] = "SELECT period, debit FROM balance"
	    " WHERE entity = $1 AND account = $2 AND currency = $3"
	    " ORDER BY period";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	out[0] = '\0';
	*covered = c->settled;
	stmt_text(s, 1, c->entity);
	stmt_text(s, 2, c->account);
	stmt_text(s, 3, c->currency);
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		if (col_int(s, 1) > *covered) {
			snprintf(out, 8, "%s", col_text(s, 0));
			stmt_reset(s);
			return true;
		}
		*covered -= col_int(s, 1);
	}
	return step == STEP_DONE;
}

/* The day of the first capture in that month that is not covered. */
static bool
oldest_day(struct db *db, const struct clearing *c, const char *month,
    int64_t covered, struct day *out, struct err *e)
{
	static const char SQL[] = "SELECT j.date, n.amount FROM entry n"
	    " JOIN journal j ON j.id = n.journal WHERE n.account = $1"
	    " AND n.currency = $2 AND j.entity = $3 AND n.amount > 0"
	    " AND substr(j.date, 1, 7) = $4 ORDER BY j.date, j.id";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	stmt_text(s, 1, c->account);
	stmt_text(s, 2, c->currency);
	stmt_text(s, 3, c->entity);
	stmt_text(s, 4, month);
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		covered -= col_int(s, 1);
		if (covered < 0) {
			snprintf(out->text, sizeof out->text, "%s",
			    col_text(s, 0));
			stmt_reset(s);
			return true;
		}
	}
	return step == STEP_DONE;
}

static bool
write_clearing(struct db *db, const struct clearing *c, const char *name,
    struct json *j, struct err *e)
{
	struct day oldest = { "" };
	char month[8];
	int64_t covered;

	if (!oldest_month(db, c, month, &covered, e) || (month[0] != '\0' &&
	    !oldest_day(db, c, month, covered, &oldest, e)))
		return false;
	json_open(j, '{');
	json_kstr(j, "entity", c->entity);
	json_kstr(j, "account", c->account);
	json_kstr(j, "name", name);
	json_kstr(j, "currency", c->currency);
	show_amount(j, "captured", c->captured, c->currency);
	show_amount(j, "settled", c->settled, c->currency);
	show_amount(j, "balance", c->captured - c->settled, c->currency);
	json_kstr(j, "oldest", oldest.text[0] != '\0' ? oldest.text : NULL);
	json_close(j, '}');
	return true;
}

static bool
write_accounts(struct db *db, struct json *j, struct err *e)
{
	static const char SQL[] = "SELECT b.entity, b.account, b.currency,"
	    " sum(b.debit), sum(b.credit), m.name, m.kind, m.extra"
	    " FROM balance b JOIN master m ON m.tab = 'account'"
	    " AND m.code = b.account GROUP BY 1, 2, 3 ORDER BY 1, 2, 3";
	struct stmt *s = db_stmt(db, SQL);
	enum account_role role;
	enum step step;
	bool ok = true;

	json_key(j, "accounts");
	json_open(j, '[');
	while (ok && (step = stmt_step(s, e)) == STEP_ROW) {
		const struct clearing c = { col_text(s, 0), col_text(s, 1),
		    col_text(s, 2), col_int(s, 3), col_int(s, 4) };

		if (account_role(col_text(s, 6), col_text(s, 7), &role) &&
		    role == ROLE_OF_CLEARING)
			ok = write_clearing(db, &c, col_text(s, 5), j, e);
	}
	json_close(j, ']');
	if (!ok)
		stmt_reset(s);
	return ok && step == STEP_DONE;
}

/* Promised by the payer's bank, not taken yet: no entry says so. */
static bool
write_authorised(struct db *db, struct json *j, struct err *e)
{
	static const char SQL[] = "SELECT d.entity, e.source, e.currency,"
	    " count(*), sum(e.amount), min(e.received) FROM document d"
	    " JOIN event e ON e.seq = d.event WHERE d.kind = 'authorisation'"
	    " AND NOT EXISTS (SELECT 1 FROM document p WHERE"
	    " p.entity = d.entity AND p.kind = 'payment'"
	    " AND p.number = d.number) GROUP BY 1, 2, 3 ORDER BY 1, 2, 3";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	json_key(j, "authorised");
	json_open(j, '[');
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		json_open(j, '{');
		json_kstr(j, "entity", col_text(s, 0));
		json_kstr(j, "source", col_text(s, 1));
		json_kstr(j, "currency", col_text(s, 2));
		json_kint(j, "payments", col_int(s, 3));
		show_amount(j, "amount", col_int(s, 4), col_text(s, 2));
		show_time(j, "oldest", col_int(s, 5));
		json_close(j, '}');
	}
	json_close(j, ']');
	return step == STEP_DONE;
}

bool
view_clearing(struct db *db, struct json *j, struct err *e)
{
	json_open(j, '{');
	if (!show_as_of(db, j, e) || !write_accounts(db, j, e) ||
	    !write_authorised(db, j, e))
		return false;
	json_close(j, '}');
	return true;
}
