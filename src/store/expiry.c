/* What is over its time. */
#include "store/expiry.h"

#include "store/audit.h"

#define DAY (INT64_C(86400) * 1000000)

/* Months back by the calendar: what is of that day or later stays. */
int64_t
expiry_before(const struct retention *r, enum retained what, int64_t now)
{
	int64_t at = now - (int64_t)r->rules[what].months * 31 * DAY;
	struct day today = day_from_time(now);

	/* 31 days a month are too many: on, day by day, while it is over. */
	while (strcmp(retention_until(r, what, day_from_time(at)).text,
	    today.text) < 0)
		at += DAY;
	day_moment(span_of(day_from_time(at).text), &at);
	return at;
}

bool
expiry_people(struct db *db, int64_t before, int64_t after,
    int64_t *subjects, size_t most, size_t *n, struct err *e)
{
	static const char SQL[] = "SELECT x.subject FROM personal x"
	    " JOIN event e ON e.seq = x.event WHERE x.subject > $2"
	    " AND NOT EXISTS (SELECT 1 FROM erased d WHERE d.subject ="
	    " x.subject) GROUP BY x.subject HAVING max(e.received) < $1"
	    " ORDER BY x.subject LIMIT $3";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	*n = 0;
	stmt_int(s, 1, before);
	stmt_int(s, 2, after);
	stmt_int(s, 3, (int64_t)most);
	while ((step = stmt_step(s, e)) == STEP_ROW)
		subjects[(*n)++] = col_int(s, 0);
	return step == STEP_DONE;
}

bool
expiry_files(struct db *db, int64_t before, struct arena *arena,
    struct expired_file *files, size_t most, size_t *n, struct err *e)
{
	static const char SQL[] = "SELECT id, source, place FROM file"
	    " WHERE place IS NOT NULL AND moved = 1 AND ended < $1"
	    " AND state <> 'reading' ORDER BY id LIMIT $2";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	*n = 0;
	stmt_int(s, 1, before);
	stmt_int(s, 2, (int64_t)most);
	while ((step = stmt_step(s, e)) == STEP_ROW)
		files[(*n)++] = (struct expired_file){ col_int(s, 0),
		    arena_strdup(arena, col_text(s, 1)),
		    arena_strdup(arena, col_text(s, 2)) };
	return step == STEP_DONE;
}

bool
expiry_file_gone(struct books *books, int64_t id, struct err *e)
{
	static const char SQL[] = "UPDATE file SET place = NULL"
	    " WHERE id = $1";
	struct stmt *s = db_stmt(books->db, SQL);

	stmt_int(s, 1, id);
	return stmt_run(s, e) && audit_add(books, "bahid", "retention",
	    arena_id(books->arena, 'F', id), "file", "deleted", e);
}

#define AT_ONCE 5000

bool
expiry_alerts(struct books *books, int64_t before, int64_t *n,
    struct err *e)
{
	static const char COUNT[] = "SELECT count(*), coalesce(max(id), 0)"
	    " FROM (SELECT id FROM alert_sent WHERE at < $1 ORDER BY id"
	    " LIMIT $2)";
	static const char SQL[] =
	    "DELETE FROM alert_sent WHERE at < $1 AND id <= $2";
	struct stmt *s = db_stmt(books->db, COUNT);
	int64_t last;

	stmt_int(s, 1, before);
	stmt_int(s, 2, AT_ONCE);
	if (stmt_step(s, e) != STEP_ROW)
		return false;
	*n = col_int(s, 0);
	last = col_int(s, 1);
	stmt_reset(s);
	if (*n == 0)
		return true;
	s = db_stmt(books->db, SQL);
	stmt_int(s, 1, before);
	stmt_int(s, 2, last);
	return stmt_run(s, e) && audit_add(books, "bahid", "retention",
	    "alert_sent", arena_printf(books->arena, "%lld",
	    (long long)*n), "deleted", e);
}

/* ---- what goes when ---------------------------------------------------- */

static const char *const counted[RETAINED] = {
	[RETAIN_BOOKS] = "SELECT count(*), 0, min(at) FROM (SELECT seq,"
	    " received AS at FROM event ORDER BY seq LIMIT 1)",
	[RETAIN_GST] = "SELECT count(*), 0, min(at) FROM (SELECT seq,"
	    " received AS at FROM event ORDER BY seq LIMIT 1)",
	[RETAIN_PERSONAL] = "SELECT count(*), coalesce(sum(at < $1), 0),"
	    " min(at) FROM (SELECT max(e.received) AS at FROM personal x"
	    " JOIN event e ON e.seq = x.event WHERE NOT EXISTS (SELECT 1"
	    " FROM erased d WHERE d.subject = x.subject)"
	    " GROUP BY x.subject)",
	[RETAIN_ALERTS] = "SELECT count(*), coalesce(sum(at < $1), 0),"
	    " min(at) FROM alert_sent",
	[RETAIN_FILES] = "SELECT count(*), coalesce(sum(ended < $1), 0),"
	    " min(ended) FROM file WHERE place IS NOT NULL AND moved = 1"
	    " AND state <> 'reading'",
};

static bool
show_rule(struct db *db, const struct retention *r, enum retained what,
    int64_t now, struct json *j, struct err *e)
{
	bool law = what == RETAIN_BOOKS || what == RETAIN_GST;
	struct stmt *s = db_stmt(db, counted[what]);
	struct day until;

	if (!law)
		stmt_int(s, 1, expiry_before(r, what, now));
	if (stmt_step(s, e) != STEP_ROW)
		return false;
	until = col_null(s, 2) ? (struct day){ "" } : retention_until(r,
	    what, day_from_time(col_int(s, 2)));
	json_open(j, '{');
	json_kstr(j, "what", retained_name(what));
	json_kint(j, "months", r->rules[what].months);
	json_kstr(j, "law", r->rules[what].law);
	json_key(j, "held");
	if (law)
		json_null(j);
	else
		json_int(j, col_int(s, 0));
	json_kint(j, "over", col_int(s, 1));
	json_kstr(j, "first_until", until.text[0] != '\0' ? until.text :
	    NULL);
	json_key(j, "goes");
	json_bool(j, !law);
	json_close(j, '}');
	stmt_reset(s);
	return true;
}

bool
expiry_show(struct db *db, const struct retention *r, int64_t now,
    struct json *j, struct err *e)
{
	json_key(j, "rules");
	json_open(j, '[');
	for (int i = 0; i < RETAINED; i++)
		if (!show_rule(db, r, (enum retained)i, now, j, e))
			return false;
	json_close(j, ']');
	return true;
}
