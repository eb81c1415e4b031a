/* Who has an event, what was said of it, and how it was settled at last. */
#include "store/show.h"

#include <stdio.h>
#include <string.h>

#include "store/desk.h"

/* Of the flow that fits most, as reference_flow() finds it: who has what
 * nobody took. */
static bool
show_owner(struct db *db, int64_t event, struct json *j, struct err *e)
{
	static const char SQL[] = "SELECT f.owner FROM event e JOIN flow f"
	    " ON f.source IN (e.source, '*') OR substr(e.source, 1,"
	    " length(f.source) + 1) = f.source || '-'"
	    " WHERE e.seq = $1 AND f.kind IN (e.kind, '*')"
	    " AND f.entity IN (e.entity, '*') ORDER BY 8 * (f.source ="
	    " e.source) + 4 * (f.source NOT IN (e.source, '*'))"
	    " + 2 * (f.kind <> '*') + (f.entity <> '*') DESC LIMIT 1";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	stmt_int(s, 1, event);
	step = stmt_step(s, e);
	json_kstr(j, "owner", step == STEP_ROW && col_text(s, 0)[0] != '\0' ?
	    col_text(s, 0) : NULL);
	if (step == STEP_ROW)
		stmt_reset(s);
	return step != STEP_FAILED;
}

static bool
show_comments(struct db *db, int64_t event, bool any, struct json *j,
    struct err *e)
{
	static const char SQL[] =
	    "SELECT count(*) FROM comment WHERE event = $1";
	struct stmt *s;
	int64_t n = 0;

	if (any) {
		s = db_stmt(db, SQL);
		stmt_int(s, 1, event);
		if (stmt_step(s, e) != STEP_ROW)
			return false;
		n = col_int(s, 0);
		stmt_reset(s);
	}
	json_kint(j, "comments", n);
	return true;
}

bool
show_desk(struct db *db, int64_t event, struct arena *arena, struct json *j,
    struct err *e)
{
	struct desk desk;

	if (!desk_load(db, event, arena, &desk, e))
		return false;
	json_kstr(j, "assignee", desk.assignee);
	show_time(j, "snoozed", desk.snoozed);
	return show_comments(db, event, desk.comments > 0, j, e) &&
	    show_owner(db, event, j, e);
}

bool
show_thread(struct db *db, int64_t event, struct json *j, struct err *e)
{
	static const char SQL[] = "SELECT at, actor, text FROM comment"
	    " WHERE event = $1 ORDER BY n";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	stmt_int(s, 1, event);
	json_key(j, "thread");
	json_open(j, '[');
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		json_open(j, '{');
		show_time(j, "at", col_int(s, 0));
		json_kstr(j, "actor", col_text(s, 1));
		json_kstr(j, "text", col_text(s, 2));
		json_close(j, '}');
	}
	json_close(j, ']');
	return step == STEP_DONE;
}

/* A row of the audit says "state=dismissed reason=..." of a move. */
static const char *
reason_of(const char *text)
{
	const char *at = strstr(text, "reason=");

	return at != NULL ? at + strlen("reason=") : "";
}

bool
show_settled(struct db *db, int64_t event, struct json *j, struct err *e)
{
	static const char SQL[] = "SELECT at, actor, action, new FROM audit"
	    " WHERE object = $1 AND old <> '' AND action IN ('dismissed',"
	    " 'posted', 'ignored', 'stale')"
	    " ORDER BY seq DESC LIMIT 1";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;
	char name[32];

	snprintf(name, sizeof name, "E%lld", (long long)event);
	stmt_text(s, 1, name);
	json_key(j, "settled");
	step = stmt_step(s, e);
	if (step != STEP_ROW) {
		json_null(j);
		return step == STEP_DONE;
	}
	json_open(j, '{');
	show_time(j, "at", col_int(s, 0));
	json_kstr(j, "by", col_text(s, 1));
	json_kstr(j, "as", col_text(s, 2));
	json_kstr(j, "why", reason_of(col_text(s, 3)));
	json_close(j, '}');
	stmt_reset(s);
	return true;
}
