/* The table of exports. */
#include "store/exports.h"

#include <stdio.h>

#include "core/clock.h"
#include "store/show.h"

#define COLUMNS "id, gstin, form, period, format, state, actor, seq, kept," \
	" why, files, totals, warnings, at, ended, total"

static void
touch(struct books *books, int64_t id)
{
	books_touch(books, "export", arena_id(books->arena, 'X', id));
}

static void
load(struct stmt *s, struct arena *arena, struct export_row *row)
{
	*row = (struct export_row){ .id = col_int(s, 0),
	    .gstin = arena_strdup(arena, col_text(s, 1)),
	    .form = arena_strdup(arena, col_text(s, 2)),
	    .period = col_int(s, 3),
	    .format = arena_strdup(arena, col_text(s, 4)),
	    .state = arena_strdup(arena, col_text(s, 5)),
	    .actor = arena_strdup(arena, col_text(s, 6)),
	    .seq = col_int(s, 7), .kept = col_int(s, 8) != 0,
	    .why = arena_strdup(arena, col_text(s, 9)),
	    .files = arena_strdup(arena, col_text(s, 10)),
	    .totals = arena_strdup(arena, col_text(s, 11)),
	    .warnings = arena_strdup(arena, col_text(s, 12)),
	    .at = col_int(s, 13), .ended = col_int(s, 14),
	    .total = col_int(s, 15) };
}

bool
export_load(struct db *db, int64_t id, struct arena *arena,
    struct export_row *row, bool *found, struct err *e)
{
	static const char SQL[] = "SELECT " COLUMNS " FROM gst_export"
	    " WHERE id = $1";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	stmt_int(s, 1, id);
	step = stmt_step(s, e);
	*found = step == STEP_ROW;
	if (step == STEP_ROW) {
		load(s, arena, row);
		stmt_reset(s);
	}
	return step != STEP_FAILED;
}

/* ---- to be done ------------------------------------------------------- */

static bool
find_open(struct db *db, const struct export_row *row, int64_t *id,
    int64_t *n, struct err *e)
{
	static const char SQL[] = "SELECT coalesce(max(id) FILTER (WHERE"
	    " gstin = $1 AND form = $2 AND period = $3 AND format = $4), 0),"
	    " count(*) FROM gst_export WHERE state IN ('waiting', 'running')";
	struct stmt *s = db_stmt(db, SQL);

	stmt_text(s, 1, row->gstin);
	stmt_text(s, 2, row->form);
	stmt_int(s, 3, row->period);
	stmt_text(s, 4, row->format);
	if (stmt_step(s, e) != STEP_ROW)
		return false;
	*id = col_int(s, 0);
	*n = col_int(s, 1);
	stmt_reset(s);
	return true;
}

static bool
next_id(struct db *db, int64_t *out, struct err *e)
{
	static const char SQL[] =
	    "SELECT coalesce(max(id), 0) + 1 FROM gst_export";
	struct stmt *s = db_stmt(db, SQL);

	return stmt_number(s, out, e);
}

static bool
insert(struct books *books, const struct export_row *row, struct err *e)
{
	static const char SQL[] = "INSERT INTO gst_export VALUES ($1, $2, $3,"
	    " $4, $5, 'waiting', $6, $7, NULL, 0, 0, 0, '', '', '', '')";
	struct stmt *s = db_stmt(books->db, SQL);

	stmt_int(s, 1, row->id);
	stmt_text(s, 2, row->gstin);
	stmt_text(s, 3, row->form);
	stmt_int(s, 4, row->period);
	stmt_text(s, 5, row->format);
	stmt_text(s, 6, row->actor);
	stmt_int(s, 7, row->at);
	touch(books, row->id);
	return stmt_run(s, e);
}

bool
export_add(struct books *books, struct export_row *row, struct arena *arena,
    struct err *e)
{
	int64_t open, n;
	bool found;

	if (!find_open(books->db, row, &open, &n, e))
		return false;
	if (open != 0)
		return export_load(books->db, open, arena, row, &found, e);
	if (n >= EXPORTS_WAITING)
		return err_set(e, ERR_BUSY, "%lld exports wait already",
		    (long long)n);
	row->state = "waiting";
	row->why = row->files = row->totals = row->warnings = "";
	row->at = clock_now();
	return next_id(books->db, &row->id, e) && insert(books, row, e) &&
	    audit_add(books, row->actor, "export", arena_id(books->arena,
	    'X', row->id), "", arena_printf(books->arena,
	    "%s %s %lld as %s", row->form, row->gstin,
	    (long long)row->period, row->format), e);
}

bool
export_next(struct db *db, int64_t *id, struct err *e)
{
	static const char SQL[] = "SELECT id FROM gst_export"
	    " WHERE state = 'waiting' ORDER BY id LIMIT 1";
	struct stmt *s = db_stmt(db, SQL);
	enum step step = stmt_step(s, e);

	*id = 0;
	if (step == STEP_ROW) {
		*id = col_int(s, 0);
		stmt_reset(s);
	}
	return step != STEP_FAILED;
}

bool
export_put(struct books *books, const struct export_row *row, struct err *e)
{
	static const char SQL[] = "UPDATE gst_export SET state = $2,"
	    " seq = $3, total = $9, kept = $2 = 'done', why = $4, files = $5,"
	    " totals = $6, warnings = $7,"
	    " ended = CASE $2 WHEN 'running' THEN NULL ELSE $8 END"
	    " WHERE id = $1";
	struct stmt *s = db_stmt(books->db, SQL);

	stmt_int(s, 1, row->id);
	stmt_text(s, 2, row->state);
	stmt_int(s, 3, row->seq);
	stmt_text(s, 4, row->why);
	stmt_text(s, 5, row->files);
	stmt_text(s, 6, row->totals);
	stmt_text(s, 7, row->warnings);
	stmt_int(s, 8, clock_now());
	stmt_int(s, 9, row->total);
	touch(books, row->id);
	return stmt_run(s, e);
}

bool
export_stopped(struct books *books, struct err *e)
{
	static const char SQL[] = "UPDATE gst_export SET state = 'failed',"
	    " ended = $1, why = 'the daemon stopped while it was made'"
	    " WHERE state = 'running'";
	struct stmt *s = db_stmt(books->db, SQL);

	stmt_int(s, 1, clock_now());
	return stmt_run(s, e);
}

bool
export_forget(struct books *books, struct err *e)
{
	static const char FILES[] = "UPDATE gst_export SET kept = 0"
	    " WHERE kept = 1 AND id NOT IN (SELECT id FROM gst_export"
	    " WHERE kept = 1 ORDER BY id DESC LIMIT $1)";
	static const char ROWS[] = "DELETE FROM gst_export WHERE kept = 0"
	    " AND state IN ('done', 'failed', 'cancelled') AND id <="
	    " (SELECT max(id) FROM gst_export) - $1";
	struct stmt *s = db_stmt(books->db, FILES);

	stmt_int(s, 1, EXPORTS_KEPT);
	if (!stmt_run(s, e))
		return false;
	s = db_stmt(books->db, ROWS);
	stmt_int(s, 1, RECEIPTS_KEPT);
	return stmt_run(s, e);
}

bool
export_kept(struct db *db, int64_t id, bool *kept, struct err *e)
{
	static const char SQL[] = "SELECT 1 FROM gst_export WHERE id = $1"
	    " AND kept = 1";
	struct stmt *s = db_stmt(db, SQL);

	stmt_int(s, 1, id);
	return stmt_found(s, kept, e);
}

bool
export_seq(struct db *db, int64_t *seq, struct err *e)
{
	static const char SQL[] = "SELECT max(coalesce((SELECT max(seq) FROM"
	    " event), 0), coalesce((SELECT max(seq) FROM log), 0))";
	struct stmt *s = db_stmt(db, SQL);

	return stmt_number(s, seq, e);
}

/* ---- shown ------------------------------------------------------------ */

static void
show_json(struct json *j, const char *key, const char *text)
{
	json_key(j, key);
	json_raw(j, text[0] != '\0' ? span_of(text) : SPAN("[]"));
}

void
export_encode(const struct export_row *row, struct json *j)
{
	char period[8];

	snprintf(period, sizeof period, "%02d%04d",
	    (int)(row->period % 100), (int)(row->period / 100));
	show_id(j, "export", 'X', row->id);
	json_kstr(j, "gstin", row->gstin);
	json_kstr(j, "form", row->form);
	json_kstr(j, "period", period);
	json_kstr(j, "format", row->format);
	json_kstr(j, "state", row->state);
	json_kstr(j, "actor", row->actor);
	show_time(j, "at", row->at);
	show_time(j, "ended", row->ended);
	json_kint(j, "as_of", row->seq);
	json_key(j, "kept");
	json_bool(j, row->kept);
	json_kstr(j, "why", row->why[0] != '\0' ? row->why : NULL);
	show_json(j, "files", row->files);
	show_json(j, "totals", row->totals);
	show_json(j, "warnings", row->warnings);
}

bool
view_exports(struct db *db, const char *gstin, int64_t after, int limit,
    struct json *j, struct err *e)
{
	static const char SQL[] = "SELECT " COLUMNS " FROM gst_export"
	    " WHERE id < $1 AND ($3 IS NULL OR gstin = $3)"
	    " ORDER BY id DESC LIMIT $2";
	struct stmt *s = db_stmt(db, SQL);
	struct arena *arena = arena_new();
	int64_t last = 0;
	enum step step;
	int n = 0;

	stmt_int(s, 1, after > 0 ? after : INT64_MAX);
	stmt_int(s, 2, limit + 1);
	stmt_text(s, 3, gstin);
	json_open(j, '{');
	json_key(j, "items");
	json_open(j, '[');
	while ((step = stmt_step(s, e)) == STEP_ROW && n++ < limit) {
		struct export_row row;

		arena_reset(arena);
		load(s, arena, &row);
		last = row.id;
		json_open(j, '{');
		export_encode(&row, j);
		json_close(j, '}');
	}
	json_close(j, ']');
	show_next(j, step == STEP_ROW, 'X', last);
	json_close(j, '}');
	if (step == STEP_ROW)
		stmt_reset(s);
	arena_free(&arena);
	return step != STEP_FAILED;
}
