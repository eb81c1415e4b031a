/* Tables desk and comment: one row an event that somebody laid a hand on. */
#include "store/desk.h"

bool
desk_load(struct db *db, int64_t event, struct arena *arena,
    struct desk *out, struct err *e)
{
	static const char SQL[] = "SELECT assignee, snoozed, comments"
	    " FROM desk WHERE event = $1";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	*out = (struct desk){ 0 };
	stmt_int(s, 1, event);
	step = stmt_step(s, e);
	if (step != STEP_ROW)
		return step == STEP_DONE;
	out->assignee = arena_strdup(arena, col_text(s, 0));
	out->snoozed = col_int(s, 1);
	out->comments = col_int(s, 2);
	stmt_reset(s);
	return true;
}

bool
desk_put(struct books *books, int64_t event, const struct desk *desk,
    struct err *e)
{
	static const char SQL[] = "INSERT INTO desk VALUES ($1, $2, $3, $4)"
	    " ON CONFLICT (event) DO UPDATE SET assignee = $2, snoozed = $3,"
	    " comments = $4";
	struct stmt *s = db_stmt(books->db, SQL);

	stmt_int(s, 1, event);
	stmt_text(s, 2, desk->assignee);
	if (desk->snoozed != 0)
		stmt_int(s, 3, desk->snoozed);
	else
		stmt_null(s, 3);
	stmt_int(s, 4, desk->comments);
	return stmt_run(s, e) && event_touch(books, event, e);
}

bool
comment_add(struct books *books, int64_t event, int64_t n, int64_t at,
    const char *actor, const char *text, struct err *e)
{
	static const char SQL[] =
	    "INSERT INTO comment VALUES ($1, $2, $3, $4, $5)";
	struct stmt *s = db_stmt(books->db, SQL);

	stmt_int(s, 1, event);
	stmt_int(s, 2, n);
	stmt_int(s, 3, at);
	stmt_text(s, 4, actor);
	stmt_text(s, 5, text);
	return stmt_run(s, e);
}

bool
comment_remove(struct books *books, int64_t event, int64_t n, struct err *e)
{
	static const char SQL[] =
	    "DELETE FROM comment WHERE event = $1 AND n = $2";
	struct stmt *s = db_stmt(books->db, SQL);

	stmt_int(s, 1, event);
	stmt_int(s, 2, n);
	return stmt_run(s, e);
}
