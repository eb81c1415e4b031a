/* Rows of backups; see backups.h. */
#include "store/backups.h"

#include <stdio.h>

#include "core/clock.h"
#include "store/show.h"

#define SECOND INT64_C(1000000)

/* ---- a snapshot ------------------------------------------------------- */

static bool
last_event(struct db *db, struct backup_point *out, struct err *e)
{
	static const char SQL[] = "SELECT seq, received, (SELECT count(*)"
	    " FROM event) FROM event ORDER BY seq DESC LIMIT 1";
	struct stmt *s = db_stmt(db, SQL);
	enum step step = stmt_step(s, e);

	if (step == STEP_ROW) {
		out->event = col_int(s, 0);
		out->received = col_int(s, 1);
		out->events = col_int(s, 2);
		stmt_reset(s);
	}
	return step != STEP_FAILED;
}

static bool
last_log(struct db *db, struct backup_point *out, struct err *e)
{
	static const char SQL[] = "SELECT max(seq) FROM log";
	struct stmt *s = db_stmt(db, SQL);

	if (stmt_step(s, e) != STEP_ROW)
		return false;
	out->seq = col_int(s, 0) > out->event ? col_int(s, 0) : out->event;
	stmt_reset(s);
	return true;
}

bool
backup_point(struct db *db, struct backup_point *out, struct err *e)
{
	static const char SQL[] =
	    "SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1";
	struct stmt *s;
	enum step step;

	*out = (struct backup_point){ .seq = 0 };
	if (!last_event(db, out, e) || !last_log(db, out, e))
		return false;
	s = db_stmt(db, SQL);
	step = stmt_step(s, e);
	if (step == STEP_ROW) {
		struct span hash = col_span(s, 1);

		out->audit = col_int(s, 0);
		if (hash.n == SHA256_SIZE)
			digest_hex((const unsigned char *)hash.p, hash.n,
			    out->hash);
		stmt_reset(s);
	}
	return step != STEP_FAILED;
}

static bool
none_of(struct stmt *s, const char *what, struct err *e)
{
	enum step step = stmt_step(s, e);

	if (step != STEP_ROW)
		return step == STEP_DONE;
	err_set(e, ERR_CORRUPT, "%s %.60s does not add up", what,
	    col_text(s, 0));
	stmt_reset(s);
	return false;
}

bool
backup_balanced(struct db *db, int64_t *journals, struct err *e)
{
	static const char ENTRIES[] = "SELECT 'J' || journal FROM entry"
	    " GROUP BY journal HAVING sum(base) <> 0 LIMIT 1";
	static const char CURRENCY[] = "SELECT 'J' || journal FROM entry"
	    " GROUP BY journal, currency HAVING sum(amount) <> 0 LIMIT 1";
	static const char TALLY[] = "SELECT source FROM tally GROUP BY source"
	    " HAVING sum(CASE state WHEN 'received' THEN n ELSE -n END) <> 0"
	    " LIMIT 1";
	static const char EVENTS[] = "SELECT t.source FROM (SELECT source,"
	    " sum(n) AS n FROM tally WHERE state = 'received'"
	    " GROUP BY source) t WHERE t.n < (SELECT count(*) FROM event"
	    " WHERE event.source = t.source) LIMIT 1";
	static const char COUNT[] = "SELECT count(*) FROM journal";
	struct stmt *s;

	if (!none_of(db_stmt(db, ENTRIES), "journal", e) ||
	    !none_of(db_stmt(db, CURRENCY), "journal", e) ||
	    !none_of(db_stmt(db, TALLY), "source", e) ||
	    !none_of(db_stmt(db, EVENTS), "source", e))
		return false;
	s = db_stmt(db, COUNT);
	return stmt_number(s, journals, e);
}

/* ---- rows ------------------------------------------------------------- */

static bool
known(struct db *db, const char *id, bool *out, struct err *e)
{
	static const char SQL[] = "SELECT 1 FROM backup WHERE id = $1";
	struct stmt *s = db_stmt(db, SQL);

	stmt_text(s, 1, id);
	return stmt_found(s, out, e);
}

static bool
forget(struct books *books, struct err *e)
{
	static const char SQL[] = "DELETE FROM backup WHERE at < (SELECT at"
	    " FROM backup ORDER BY at DESC LIMIT 1 OFFSET 1000)";

	return stmt_run(db_stmt(books->db, SQL), e);
}

static bool
note_audit(struct books *books, const struct backup_row *row, struct err *e)
{
	char at[25];

	clock_format(row->at, at);
	return audit_add(books, row->actor, row->kind, row->id, "",
	    arena_printf(books->arena, "%s at=%s point=%lld bytes=%lld"
	    " place=%s%s%s", row->good ? "good" : "failed", at,
	    (long long)row->point, (long long)row->bytes, row->place,
	    row->why[0] != '\0' ? " why=" : "", row->why), e);
}

bool
backup_add(struct books *books, const struct backup_row *row, bool *added,
    struct err *e)
{
	static const char SQL[] = "INSERT INTO backup VALUES"
	    " ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
	struct stmt *s;
	bool there;

	if (!known(books->db, row->id, &there, e))
		return false;
	*added = !there;
	if (there)
		return true;
	s = db_stmt(books->db, SQL);
	stmt_text(s, 1, row->id);
	stmt_text(s, 2, row->kind);
	stmt_int(s, 3, row->at);
	stmt_int(s, 4, row->took);
	stmt_text(s, 5, row->place);
	stmt_int(s, 6, row->bytes);
	stmt_int(s, 7, row->point);
	stmt_int(s, 8, row->pointed);
	stmt_int(s, 9, row->good);
	stmt_text(s, 10, row->why);
	stmt_text(s, 11, row->actor);
	books_touch(books, "status", "");
	return stmt_run(s, e) && forget(books, e) &&
	    note_audit(books, row, e);
}

static bool
last_good(struct db *db, const char *kind, struct backup_state *out,
    struct err *e)
{
	static const char SQL[] = "SELECT at, took, bytes, point, pointed,"
	    " place FROM backup WHERE kind = $1 AND good = 1"
	    " ORDER BY at DESC LIMIT 1";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	stmt_text(s, 1, kind);
	step = stmt_step(s, e);
	if (step == STEP_ROW) {
		out->at = col_int(s, 0);
		out->took = col_int(s, 1);
		out->bytes = col_int(s, 2);
		out->point = col_int(s, 3);
		out->pointed = col_int(s, 4);
		snprintf(out->place, sizeof out->place, "%s",
		    col_text(s, 5));
		stmt_reset(s);
	}
	return step != STEP_FAILED;
}

bool
backup_state(struct db *db, const char *kind, struct backup_state *out,
    struct err *e)
{
	static const char SQL[] = "SELECT at, good, why FROM backup"
	    " WHERE kind = $1 ORDER BY at DESC LIMIT 1";
	struct stmt *s;
	enum step step;

	*out = (struct backup_state){ .at = 0 };
	if (!last_good(db, kind, out, e))
		return false;
	s = db_stmt(db, SQL);
	stmt_text(s, 1, kind);
	step = stmt_step(s, e);
	if (step == STEP_ROW) {
		out->tried = col_int(s, 0);
		if (col_int(s, 1) == 0)
			snprintf(out->why, sizeof out->why, "%s",
			    col_text(s, 2));
		stmt_reset(s);
	}
	return step != STEP_FAILED;
}

bool
backup_late(const struct backup_state *state, const struct backup_plan *plan,
    int64_t now)
{
	/* Never one, with time enough for it: that is late, too. */
	int64_t from = state->at != 0 ? state->at : plan->since;

	return plan->every > 0 && now - from > 2 * plan->every;
}

static void
show_moment(struct json *j, const char *key, int64_t at)
{
	char text[25];

	json_key(j, key);
	if (at == 0) {
		json_null(j);
		return;
	}
	clock_format(at, text);
	json_str(j, text);
}

bool
view_backups(struct db *db, const struct backup_plan *plan, struct json *j,
    struct err *e)
{
	struct backup_state made, tried;

	if (!backup_state(db, "backup", &made, e) ||
	    !backup_state(db, "drill", &tried, e))
		return false;
	json_open(j, '{');
	show_moment(j, "at", made.at);
	show_moment(j, "last_event_at", made.pointed);
	json_kint(j, "point", made.point);
	json_kint(j, "bytes", made.bytes);
	json_kint(j, "seconds", made.took / SECOND);
	json_kstr(j, "place", made.place);
	if (plan != NULL) {
		json_kint(j, "every_seconds", plan->every / SECOND);
		json_key(j, "late");
		json_bool(j, backup_late(&made, plan, clock_now()));
	}
	json_kstr(j, "why", made.why);
	show_moment(j, "tried_at", tried.at);
	json_kint(j, "restore_seconds", tried.took / SECOND +
	    (tried.took % SECOND > 0));
	json_kstr(j, "tried_why", tried.why);
	json_close(j, '}');
	return true;
}
