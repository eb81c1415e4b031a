#include "store/deed.h"

bool
deed_add(struct books *books, const struct deed *d, struct err *e)
{
	static const char SQL[] = "INSERT INTO deed VALUES ($1, $2, $3, $4,"
	    " $5, $6, $7, 0) ON CONFLICT DO NOTHING";
	struct stmt *s = db_stmt(books->db, SQL);

	stmt_text(s, 1, d->of);
	stmt_int(s, 2, d->event);
	stmt_int(s, 3, d->seq);
	stmt_text(s, 4, d->actor);
	stmt_text(s, 5, d->action);
	stmt_int(s, 6, d->version);
	stmt_text(s, 7, d->old != NULL ? d->old : "");
	return stmt_run(s, e);
}

bool
deed_find(struct db *db, const char *of, int64_t event, struct arena *arena,
    struct deed *out, bool *found, struct err *e)
{
	static const char SQL[] = "SELECT seq, actor, action, version, old,"
	    " undone FROM deed WHERE of = $1 AND event = $2";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	stmt_text(s, 1, of);
	stmt_int(s, 2, event);
	step = stmt_step(s, e);
	*found = step == STEP_ROW;
	if (step != STEP_ROW)
		return step == STEP_DONE;
	*out = (struct deed){ .of = of, .event = event,
	    .seq = col_int(s, 0),
	    .actor = arena_strdup(arena, col_text(s, 1)),
	    .action = arena_strdup(arena, col_text(s, 2)),
	    .version = col_int(s, 3),
	    .old = arena_strdup(arena, col_text(s, 4)),
	    .undone = col_int(s, 5) };
	stmt_reset(s);
	return true;
}

bool
deed_undo(struct books *books, const struct deed *d, int64_t seq,
    struct err *e)
{
	static const char SQL[] =
	    "UPDATE deed SET undone = $3 WHERE of = $1 AND event = $2";
	struct stmt *s = db_stmt(books->db, SQL);

	stmt_text(s, 1, d->of);
	stmt_int(s, 2, d->event);
	stmt_int(s, 3, seq);
	return stmt_run(s, e);
}

bool
deed_again(struct db *db, const struct deed *d, bool *again, struct err *e)
{
	static const char SQL[] = "SELECT 1 FROM deed WHERE event = $1"
	    " AND seq > $2 AND action = $3 AND undone = 0 LIMIT 1";
	struct stmt *s = db_stmt(db, SQL);

	stmt_int(s, 1, d->event);
	stmt_int(s, 2, d->seq);
	stmt_text(s, 3, d->action);
	return stmt_found(s, again, e);
}

bool
deed_last(struct db *db, const char *actor, int64_t event,
    struct arena *arena, const char **of, struct err *e)
{
	static const char ANY[] = "SELECT of FROM deed WHERE actor = $1"
	    " AND undone = 0 AND $2 = 0 ORDER BY seq DESC LIMIT 1";
	static const char ONE[] = "SELECT of FROM deed WHERE actor = $1"
	    " AND undone = 0 AND event = $2 ORDER BY seq DESC LIMIT 1";
	struct stmt *s = db_stmt(db, event != 0 ? ONE : ANY);
	enum step step;

	stmt_text(s, 1, actor);
	stmt_int(s, 2, event);
	step = stmt_step(s, e);
	*of = step == STEP_ROW ? arena_strdup(arena, col_text(s, 0)) : NULL;
	if (step == STEP_ROW)
		stmt_reset(s);
	return step != STEP_FAILED;
}

bool
deeds_of(struct db *db, const char *of, int64_t event, struct arena *arena,
    const char **actor, struct deed_row **out, size_t *n, size_t max,
    struct err *e)
{
	static const char SQL[] = "SELECT d.actor, d.event, e.version,"
	    " e.state = 'posted' FROM deed d JOIN event e ON e.seq = d.event"
	    " WHERE d.of = $1 AND ($2 = 0 OR d.event = $2)"
	    " ORDER BY d.event LIMIT $3";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	*actor = "";
	*n = 0;
	*out = arena_alloc(arena, max * sizeof **out);
	stmt_text(s, 1, of);
	stmt_int(s, 2, event);
	stmt_int(s, 3, (int64_t)max);
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		if (*n == 0)
			*actor = arena_strdup(arena, col_text(s, 0));
		(*out)[(*n)++] = (struct deed_row){ col_int(s, 1),
		    col_int(s, 2), col_int(s, 3) != 0 };
	}
	return step == STEP_DONE;
}

bool
deed_mapping(struct db *db, int64_t seq, struct arena *arena,
    const char **actor, const char **body, struct err *e)
{
	static const char SQL[] = "SELECT actor, body FROM log"
	    " WHERE seq = $1 AND kind = 'reference'"
	    " AND body ->> '$.table' = 'mapping'";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	stmt_int(s, 1, seq);
	step = stmt_step(s, e);
	*actor = *body = NULL;
	if (step != STEP_ROW)
		return step == STEP_DONE;
	*actor = arena_strdup(arena, col_text(s, 0));
	*body = arena_strdup(arena, col_text(s, 1));
	stmt_reset(s);
	return true;
}
