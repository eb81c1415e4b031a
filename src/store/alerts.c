/*
 * Alerts and their notices.  A notice leaves its queue only in the commit
 * that logs its delivery, so that none is lost, whatever is killed.
 */
#include "store/alerts.h"

#include <stdio.h>
#include <string.h>

#include "core/clock.h"

#define ALERTS_MAX 2000

/* ---- alerts ----------------------------------------------------------- */

bool
alerts_load(struct db *db, struct arena *arena, struct alert_row **out,
    size_t *n, struct err *e)
{
	static const char SQL[] = "SELECT signature, code, subject, value,"
	    " state, since, last_seen, coalesce(recovered_at, 0), told,"
	    " coalesce(told_at, 0), held FROM alert"
	    " WHERE state = 'raised' OR told <> 'recovered'"
	    " ORDER BY id LIMIT 2000";
	struct stmt *s = db_stmt(db, SQL);
	struct alert_row *row;
	enum step step;

	*n = 0;
	*out = arena_alloc(arena, ALERTS_MAX * sizeof **out);
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		row = &(*out)[*n];
		if (!alert_find(col_text(s, 1), &row->code))
			continue;
		snprintf(row->signature, sizeof row->signature, "%s",
		    col_text(s, 0));
		row->subject = arena_strdup(arena, col_text(s, 2));
		row->value = arena_strdup(arena, col_text(s, 3));
		row->raised = strcmp(col_text(s, 4), "raised") == 0;
		row->since = col_int(s, 5);
		row->last_seen = col_int(s, 6);
		row->recovered_at = col_int(s, 7);
		row->told = arena_strdup(arena, col_text(s, 8));
		row->told_at = col_int(s, 9);
		row->held = col_int(s, 10) != 0;
		++*n;
	}
	return step == STEP_DONE;
}

static void
bind_time(struct stmt *s, int at, int64_t time)
{
	if (time != 0)
		stmt_int(s, at, time);
	else
		stmt_null(s, at);
}

bool
alert_raise(struct books *books, const struct alert_row *row, struct err *e)
{
	static const char DROP[] = "DELETE FROM alert WHERE signature = $1";
	static const char ADD[] = "INSERT INTO alert VALUES ((SELECT"
	    " coalesce(max(id), 0) + 1 FROM alert), $1, $2, $3, $4,"
	    " 'raised', $5, $6, NULL, $7, $8, $9, NULL, 0, '')";
	struct stmt *s = db_stmt(books->db, DROP);

	stmt_text(s, 1, row->signature);
	if (!stmt_run(s, e))
		return false;
	s = db_stmt(books->db, ADD);
	stmt_text(s, 1, row->signature);
	stmt_text(s, 2, alert_info(row->code)->name);
	stmt_text(s, 3, row->subject);
	stmt_text(s, 4, row->value);
	stmt_int(s, 5, row->since);
	stmt_int(s, 6, row->last_seen);
	stmt_text(s, 7, row->told);
	bind_time(s, 8, row->told_at);
	stmt_int(s, 9, row->held);
	return stmt_run(s, e);
}

bool
alert_update(struct books *books, const struct alert_row *row,
    struct err *e)
{
	static const char SQL[] = "UPDATE alert SET value = $2, state = $3,"
	    " last_seen = $4, recovered_at = $5, told = $6, told_at = $7,"
	    " held = $8 WHERE signature = $1";
	struct stmt *s = db_stmt(books->db, SQL);

	stmt_text(s, 1, row->signature);
	stmt_text(s, 2, row->value);
	stmt_text(s, 3, row->raised ? "raised" : "recovered");
	stmt_int(s, 4, row->last_seen);
	bind_time(s, 5, row->recovered_at);
	stmt_text(s, 6, row->told);
	bind_time(s, 7, row->told_at);
	stmt_int(s, 8, row->held);
	return stmt_run(s, e);
}

/* ---- notices ---------------------------------------------------------- */

bool
alert_queue(struct books *books, const struct alert_lane *lane,
    const struct alert_notice *notice, struct err *e)
{
	static const char SQL[] = "INSERT INTO alert_out VALUES"
	    " (NULL, $1, $2, $3, $4, $5, $6, $7, $8, $9, 0, 0, '')";
	struct stmt *s = db_stmt(books->db, SQL);

	stmt_text(s, 1, notice->message);
	stmt_int(s, 2, notice->at);
	stmt_text(s, 3, lane->channel);
	stmt_text(s, 4, lane->target);
	stmt_text(s, 5, notice->type);
	stmt_text(s, 6, notice->code);
	stmt_text(s, 7, notice->signatures);
	stmt_text(s, 8, notice->title);
	stmt_text(s, 9, notice->body);
	return stmt_run(s, e);
}

bool
alerts_queued(struct db *db, int64_t *n, struct err *e)
{
	static const char SQL[] = "SELECT count(*) FROM alert_out";
	struct stmt *s = db_stmt(db, SQL);

	return stmt_number(s, n, e);
}

bool
alert_next(struct db *db, const struct alert_lane *lane,
    struct arena *arena, struct alert_notice *out, bool *found,
    struct err *e)
{
	static const char SQL[] = "SELECT id, message, at, signatures, title,"
	    " body, attempts, type, code FROM alert_out WHERE channel = $1"
	    " AND target = $2 ORDER BY refused, id LIMIT 1";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	stmt_text(s, 1, lane->channel);
	stmt_text(s, 2, lane->target);
	step = stmt_step(s, e);
	*found = step == STEP_ROW;
	if (!*found)
		return step == STEP_DONE;
	out->id = col_int(s, 0);
	out->message = arena_strdup(arena, col_text(s, 1));
	out->at = col_int(s, 2);
	out->signatures = arena_strdup(arena, col_text(s, 3));
	out->title = arena_strdup(arena, col_text(s, 4));
	out->body = arena_strdup(arena, col_text(s, 5));
	out->attempts = col_int(s, 6);
	out->type = arena_strdup(arena, col_text(s, 7));
	out->code = arena_strdup(arena, col_text(s, 8));
	stmt_reset(s);
	return true;
}

/* "": no more. */
static const char *
next_signature(const char *list, char out[ALERT_SIGNATURE])
{
	size_t n = strcspn(list, " ");

	snprintf(out, ALERT_SIGNATURE, "%.*s", (int)n, list);
	return list + n + (list[n] == ' ');
}

static bool
log_one(struct books *books, const struct alert_lane *lane,
    const struct alert_notice *notice, const char *signature,
    const char *outcome, struct err *e)
{
	static const char SQL[] =
	    "INSERT INTO alert_sent VALUES (NULL, $1, $2, $3, $4, $5, $6)";
	struct stmt *s = db_stmt(books->db, SQL);

	stmt_int(s, 1, clock_now());
	stmt_text(s, 2, lane->channel);
	stmt_text(s, 3, lane->target);
	stmt_text(s, 4, signature);
	stmt_text(s, 5, notice->message);
	stmt_text(s, 6, outcome);
	return stmt_run(s, e);
}

/* why NULL: it was sent. */
static bool
mark_one(struct books *books, const char *signature, const char *why,
    struct err *e)
{
	static const char SENT[] = "UPDATE alert SET sent_at = $2,"
	    " attempts = attempts + 1, why = '' WHERE signature = $1";
	static const char FAILED[] = "UPDATE alert SET why = $2,"
	    " attempts = attempts + 1 WHERE signature = $1";
	struct stmt *s = db_stmt(books->db, why == NULL ? SENT : FAILED);

	stmt_text(s, 1, signature);
	if (why == NULL)
		stmt_int(s, 2, clock_now());
	else
		stmt_text(s, 2, why);
	return stmt_run(s, e);
}

static bool
mark_all(struct books *books, const struct alert_notice *notice,
    const char *why, struct err *e)
{
	const char *list = notice->signatures;
	char signature[ALERT_SIGNATURE];

	while (*list != '\0') {
		list = next_signature(list, signature);
		if (!mark_one(books, signature, why, e))
			return false;
	}
	return true;
}

static bool
log_all(struct books *books, const struct alert_lane *lane,
    const struct alert_notice *notice, const char *outcome, struct err *e)
{
	const char *list = notice->signatures;
	char signature[ALERT_SIGNATURE];

	while (*list != '\0') {
		list = next_signature(list, signature);
		if (!log_one(books, lane, notice, signature, outcome, e))
			return false;
	}
	return true;
}

/* Of a digest one row is enough: it is tried often. */
static bool
log_failure(struct books *books, const struct alert_lane *lane,
    const struct alert_notice *notice, const char *why, struct err *e)
{
	char signature[ALERT_SIGNATURE];

	next_signature(notice->signatures, signature);
	return log_one(books, lane, notice, signature, why, e);
}

static bool
forget(struct books *books, const struct alert_notice *notice,
    struct err *e)
{
	static const char SQL[] = "DELETE FROM alert_out WHERE id = $1";
	struct stmt *s = db_stmt(books->db, SQL);

	stmt_int(s, 1, notice->id);
	return stmt_run(s, e);
}

bool
alert_sent(struct books *books, const struct alert_lane *lane,
    const struct alert_notice *notice, struct err *e)
{
	return log_all(books, lane, notice, "sent", e) &&
	    mark_all(books, notice, NULL, e) && forget(books, notice, e);
}

bool
alert_drop(struct books *books, const struct alert_lane *lane,
    const struct alert_notice *notice, struct err *e)
{
	static const char WHY[] = "dropped: configured no more";

	return log_all(books, lane, notice, WHY, e) &&
	    mark_all(books, notice, WHY, e) && forget(books, notice, e);
}

bool
alert_failed(struct books *books, const struct alert_lane *lane,
    const struct alert_notice *notice, const char *why, bool refused,
    struct err *e)
{
	static const char SQL[] = "UPDATE alert_out SET"
	    " attempts = attempts + 1, refused = max(refused, $2),"
	    " why = $3 WHERE id = $1";
	struct stmt *s = db_stmt(books->db, SQL);

	stmt_int(s, 1, notice->id);
	stmt_int(s, 2, refused);
	stmt_text(s, 3, why);
	return stmt_run(s, e) &&
	    log_failure(books, lane, notice, why, e) &&
	    mark_all(books, notice, why, e);
}

bool
alert_lanes(struct db *db, struct arena *arena, size_t most,
    struct alert_lane *out, size_t *n, struct err *e)
{
	static const char SQL[] =
	    "SELECT DISTINCT channel, target FROM alert_out LIMIT $1";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	*n = 0;
	stmt_int(s, 1, (int64_t)most);
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		out[*n].channel = arena_strdup(arena, col_text(s, 0));
		out[*n].target = arena_strdup(arena, col_text(s, 1));
		++*n;
	}
	return step == STEP_DONE;
}

/* ---- what may be wrong ------------------------------------------------ */

static bool
walk(struct stmt *s, alert_each *each, void *arg, struct err *e)
{
	enum step step;

	while ((step = stmt_step(s, e)) == STEP_ROW)
		each(arg, col_text(s, 0), col_text(s, 1), col_int(s, 2),
		    col_int(s, 3));
	return step == STEP_DONE;
}

/* In these, `state <> 'posted'` names the index event_late. */
bool
alerts_flows(struct db *db, struct arena *arena,
    struct alert_flow out[ALERT_FLOWS], size_t *n, struct err *e)
{
	static const char SQL[] = "SELECT DISTINCT source, kind, entity"
	    " FROM event WHERE state <> 'posted' AND state IN ('failed', 'held',"
	    " 'conflict', 'waiting') LIMIT 500";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	*n = 0;
	while ((step = stmt_step(s, e)) == STEP_ROW)
		out[(*n)++] = (struct alert_flow){
		    arena_strdup(arena, col_text(s, 0)),
		    arena_strdup(arena, col_text(s, 1)),
		    arena_strdup(arena, col_text(s, 2)) };
	return step == STEP_DONE;
}

bool
alerts_late(struct db *db, const struct alert_flow *flow, int64_t now,
    int64_t before, int64_t *n, int64_t *oldest, struct err *e)
{
	static const char SQL[] = "SELECT count(*), min(received) FROM event"
	    " WHERE state <> 'posted'"
	    " AND state IN ('failed', 'held', 'conflict', 'waiting')"
	    " AND source = $1 AND kind IS $2 AND entity IS $3"
	    " AND received < $4 AND NOT (state = 'waiting' AND EXISTS"
	    " (SELECT 1 FROM wait w WHERE w.event = event.seq"
	    " AND w.reason IN ('window', 'batch')"
	    " AND coalesce(w.until > $5, 1)))";
	struct stmt *s = db_stmt(db, SQL);

	stmt_text(s, 1, flow->source);
	stmt_text(s, 2, flow->kind);
	stmt_text(s, 3, flow->entity);
	stmt_int(s, 4, before);
	stmt_int(s, 5, now);
	if (stmt_step(s, e) != STEP_ROW)
		return false;
	*n = col_int(s, 0);
	*oldest = col_int(s, 1);
	stmt_reset(s);
	return true;
}

bool
alerts_aging(struct db *db, int64_t before, alert_each *each, void *arg,
    struct err *e)
{
	static const char SQL[] = "SELECT source, state, count(*),"
	    " min(received) FROM event WHERE state <> 'posted' AND"
	    " state IN ('failed', 'held', 'conflict', 'waiting')"
	    " AND received < $1 GROUP BY source, state LIMIT 500";
	struct stmt *s = db_stmt(db, SQL);

	stmt_int(s, 1, before);
	return walk(s, each, arg, e);
}

bool
alerts_unconserved(struct db *db, alert_each *each, void *arg,
    struct err *e)
{
	static const char SQL[] = "SELECT source, '', sum(CASE state"
	    " WHEN 'received' THEN n ELSE -n END) AS off, 0 FROM tally"
	    " GROUP BY source HAVING off <> 0 LIMIT 500";

	return walk(db_stmt(db, SQL), each, arg, e);
}

bool
alerts_paused(struct db *db, alert_each *each, void *arg, struct err *e)
{
	static const char SQL[] = "SELECT name, '', (SELECT count(*) FROM"
	    " wait WHERE reason = 'paused' AND key = name), paused"
	    " FROM sender WHERE paused IS NOT NULL LIMIT 500";

	return walk(db_stmt(db, SQL), each, arg, e);
}

bool
alerts_misses(struct db *db, int64_t since, alert_miss *each, void *arg,
    struct err *e)
{
	static const char SQL[] = "SELECT source, dimension, value FROM drift"
	    " WHERE last >= $1 ORDER BY source, dimension, value LIMIT 2000";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	stmt_int(s, 1, since);
	while ((step = stmt_step(s, e)) == STEP_ROW)
		each(arg, col_text(s, 0), col_text(s, 1), col_text(s, 2));
	return step == STEP_DONE;
}

bool
alerts_oversold(struct db *db, alert_each *each, void *arg, struct err *e)
{
	static const char SQL[] = "SELECT entity || '/' || item || '/' ||"
	    " location, '', reserved - on_hand, 0 FROM stock"
	    " WHERE tracked = 1 AND on_hand < reserved LIMIT 500";

	return walk(db_stmt(db, SQL), each, arg, e);
}
