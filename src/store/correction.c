/* Which event a person sent instead of which. */
#include "store/correction.h"

#include "store/ruling.h"
#include "store/show.h"

bool
correction_add(struct books *books, const struct correction *c,
    struct err *e)
{
	static const char SQL[] =
	    "INSERT INTO correction VALUES ($1, $2, $3, $4)";
	struct stmt *s = db_stmt(books->db, SQL);

	stmt_int(s, 1, c->event);
	stmt_int(s, 2, c->original);
	stmt_int(s, 3, c->decision);
	stmt_text(s, 4, c->actor);
	return stmt_run(s, e) && ruler_put(books, c->event, c->actor, e);
}

bool
correction_stands(struct db *db, int64_t original, int64_t *event,
    struct err *e)
{
	static const char SQL[] = "SELECT c.event FROM correction c"
	    " JOIN event e ON e.seq = c.event WHERE c.original = $1"
	    " AND e.state <> 'dismissed' ORDER BY c.event DESC LIMIT 1";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	*event = 0;
	stmt_int(s, 1, original);
	step = stmt_step(s, e);
	if (step != STEP_ROW)
		return step == STEP_DONE;
	*event = col_int(s, 0);
	stmt_reset(s);
	return true;
}

static bool
show_corrects(struct db *db, int64_t event, struct json *j, struct err *e)
{
	static const char SQL[] = "SELECT original, actor, decision"
	    " FROM correction WHERE event = $1";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	stmt_int(s, 1, event);
	step = stmt_step(s, e);
	json_key(j, "corrects");
	if (step != STEP_ROW) {
		json_null(j);
		return step == STEP_DONE;
	}
	json_open(j, '{');
	show_id(j, "event", 'E', col_int(s, 0));
	json_kstr(j, "by", col_text(s, 1));
	show_id(j, "decision", 'D', col_int(s, 2));
	json_close(j, '}');
	stmt_reset(s);
	return true;
}

bool
show_correction(struct db *db, int64_t event, struct json *j, struct err *e)
{
	static const char SQL[] = "SELECT event FROM correction"
	    " WHERE original = $1 ORDER BY event DESC LIMIT 1";
	struct stmt *s;
	enum step step;

	if (!show_corrects(db, event, j, e))
		return false;
	s = db_stmt(db, SQL);
	stmt_int(s, 1, event);
	step = stmt_step(s, e);
	if (step == STEP_ROW)
		show_id(j, "corrected_as", 'E', col_int(s, 0));
	else
		json_kstr(j, "corrected_as", NULL);
	if (step == STEP_ROW)
		stmt_reset(s);
	return step != STEP_FAILED;
}
