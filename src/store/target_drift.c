/* The table of drift of targets: written by the one writer, after looks and
 * for people. */
#include "store/target_drift.h"

#include <stdio.h>
#include <string.h>

#include "store/show.h"

#define COLUMNS "id, target, entity, kind, journal, remote, remote_number," \
	" remote_version, day, version, state, base, ours, theirs, amount," \
	" currency, found, at, act, actor, reason, words, event"

static const char *const kinds[DRIFT_KINDS] = {
	[DRIFT_CHANGED] = "changed", [DRIFT_MISSING] = "missing",
	[DRIFT_CANCELLED] = "cancelled", [DRIFT_DOUBLED] = "doubled",
	[DRIFT_UNKNOWN] = "unknown", [DRIFT_CONFLICT] = "conflict",
};

const char *
drift_kind_name(enum drift_kind kind)
{
	return kinds[kind];
}

bool
drift_kind_read(const char *text, enum drift_kind *out)
{
	for (int i = 0; i < DRIFT_KINDS; i++)
		if (strcmp(kinds[i], text) == 0) {
			*out = (enum drift_kind)i;
			return true;
		}
	return false;
}

/* ---- reading ---------------------------------------------------------- */

static bool
read_row(struct stmt *s, struct arena *arena, struct drift_row *row,
    struct err *e)
{
	*row = (struct drift_row){ .id = col_int(s, 0),
	    .target = arena_strdup(arena, col_text(s, 1)),
	    .entity = arena_strdup(arena, col_text(s, 2)),
	    .journal = col_int(s, 4),
	    .remote = arena_strdup(arena, col_text(s, 5)),
	    .remote_number = arena_strdup(arena, col_text(s, 6)),
	    .remote_version = arena_strdup(arena, col_text(s, 7)),
	    .day = arena_strdup(arena, col_text(s, 8)),
	    .version = col_int(s, 9),
	    .state = arena_strdup(arena, col_text(s, 10)),
	    .base = arena_strdup(arena, col_text(s, 11)),
	    .ours = arena_strdup(arena, col_text(s, 12)),
	    .theirs = arena_strdup(arena, col_text(s, 13)),
	    .amount = col_int(s, 14),
	    .currency = arena_strdup(arena, col_text(s, 15)),
	    .found = col_int(s, 16), .at = col_int(s, 17),
	    .act = arena_strdup(arena, col_text(s, 18)),
	    .actor = arena_strdup(arena, col_text(s, 19)),
	    .reason = arena_strdup(arena, col_text(s, 20)),
	    .words = arena_strdup(arena, col_text(s, 21)),
	    .event = col_int(s, 22) };
	return drift_kind_read(col_text(s, 3), &row->kind) ||
	    err_set(e, ERR_CORRUPT, "a kind of drift");
}

static bool
read_one(struct stmt *s, struct arena *arena, struct drift_row *row,
    bool *found, struct err *e)
{
	enum step step = stmt_step(s, e);
	bool ok = step != STEP_FAILED;

	*found = step == STEP_ROW;
	if (*found) {
		ok = read_row(s, arena, row, e);
		stmt_reset(s);
	}
	return ok;
}

bool
drift_load(struct db *db, int64_t id, struct arena *arena,
    struct drift_row *row, bool *found, struct err *e)
{
	static const char SQL[] = "SELECT " COLUMNS " FROM target_drift"
	    " WHERE id = $1";
	struct stmt *s = db_stmt(db, SQL);

	stmt_int(s, 1, id);
	return read_one(s, arena, row, found, e);
}

bool
drift_of(struct db *db, const char *target, int64_t journal,
    const char *remote, struct arena *arena, struct drift_row *row,
    bool *found, struct err *e)
{
	static const char OURS[] = "SELECT " COLUMNS " FROM target_drift"
	    " WHERE target = $1 AND journal = $2 AND journal <> 0";
	static const char STRANGER[] = "SELECT " COLUMNS " FROM target_drift"
	    " WHERE target = $1 AND remote = $2 AND journal = 0";
	struct stmt *s = db_stmt(db, journal != 0 ? OURS : STRANGER);

	stmt_text(s, 1, target);
	if (journal != 0)
		stmt_int(s, 2, journal);
	else
		stmt_text(s, 2, remote);
	return read_one(s, arena, row, found, e);
}

bool
drift_linked(struct db *db, const char *target, int64_t event,
    struct arena *arena, struct drift_row *row, bool *linked, struct err *e)
{
	static const char SQL[] = "SELECT " COLUMNS " FROM target_drift"
	    " WHERE event = $1 AND event <> 0 AND ($2 IS NULL OR target = $2)";
	struct stmt *s = db_stmt(db, SQL);

	stmt_int(s, 1, event);
	stmt_text(s, 2, target);
	return read_one(s, arena, row, linked, e);
}

bool
drift_dropped(struct db *db, int64_t event, bool *dropped, struct err *e)
{
	static const char SQL[] = "SELECT 1 FROM event WHERE seq = $1"
	    " AND state <> 'dismissed'";
	struct stmt *s = db_stmt(db, SQL);
	bool found;

	stmt_int(s, 1, event);
	if (!stmt_found(s, &found, e))
		return false;
	*dropped = !found;
	return true;
}

bool
drift_open(struct db *db, const char *target, int64_t after, size_t n,
    struct arena *arena, struct drift_row **out, size_t *n_out,
    struct err *e)
{
	static const char SQL[] = "SELECT " COLUMNS " FROM target_drift"
	    " WHERE target = $1 AND id > $2 AND state <> 'closed'"
	    " ORDER BY id LIMIT $3";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	*out = arena_alloc(arena, (n + 1) * sizeof **out);
	*n_out = 0;
	stmt_text(s, 1, target);
	stmt_int(s, 2, after);
	stmt_int(s, 3, (int64_t)n);
	while ((step = stmt_step(s, e)) == STEP_ROW)
		if (!read_row(s, arena, &(*out)[(*n_out)++], e)) {
			stmt_reset(s);
			return false;
		}
	return step == STEP_DONE;
}

bool
drift_count(struct db *db, const char *target, enum drift_kind kind,
    int64_t *out, struct err *e)
{
	static const char SQL[] = "SELECT count(*) FROM target_drift"
	    " WHERE target = $1 AND state <> 'closed'"
	    " AND ($2 IS NULL OR kind = $2)";
	struct stmt *s = db_stmt(db, SQL);

	stmt_text(s, 1, target);
	stmt_text(s, 2, kind == DRIFT_KINDS ? NULL : kinds[kind]);
	return stmt_number(s, out, e);
}

/* ---- writing ---------------------------------------------------------- */

static bool
next_id(struct books *books, int64_t *out, struct err *e)
{
	static const char SQL[] = "SELECT coalesce(max(id), 0) + 1"
	    " FROM target_drift";
	struct stmt *s = db_stmt(books->db, SQL);

	return stmt_number(s, out, e);
}

bool
drift_put(struct books *books, struct drift_row *row, struct err *e)
{
	static const char SQL[] = "INSERT INTO target_drift"
	    " (" COLUMNS ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10,"
	    " $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22,"
	    " $23) ON CONFLICT (id) DO UPDATE SET entity = excluded.entity,"
	    " kind = excluded.kind, remote = excluded.remote,"
	    " remote_number = excluded.remote_number,"
	    " remote_version = excluded.remote_version, day = excluded.day,"
	    " version = excluded.version, state = excluded.state,"
	    " base = excluded.base, ours = excluded.ours,"
	    " theirs = excluded.theirs, amount = excluded.amount,"
	    " currency = excluded.currency, found = excluded.found,"
	    " at = excluded.at, act = excluded.act, actor = excluded.actor,"
	    " reason = excluded.reason, words = excluded.words,"
	    " event = excluded.event";
	const char *texts[] = { row->target, row->entity,
	    kinds[row->kind], NULL, row->remote, row->remote_number,
	    row->remote_version, row->day, NULL, row->state, row->base,
	    row->ours, row->theirs, NULL, row->currency, NULL, NULL, row->act,
	    row->actor, row->reason, row->words };
	struct stmt *s;

	if (row->id == 0 && !next_id(books, &row->id, e))
		return false;
	row->version++;
	s = db_stmt(books->db, SQL);
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		if (texts[i] != NULL)
			stmt_text(s, (int)i + 2, texts[i]);
	stmt_int(s, 1, row->id);
	stmt_int(s, 5, row->journal);
	stmt_int(s, 10, row->version);
	stmt_int(s, 15, row->amount);
	stmt_int(s, 17, row->found);
	stmt_int(s, 18, row->at);
	stmt_int(s, 23, row->event);
	books_touch(books, "target", row->target);
	return stmt_run(s, e);
}

/* ---- shown ------------------------------------------------------------ */

static void
show_side(struct json *j, const char *key, const char *side)
{
	json_key(j, key);
	if (*side != '\0')
		json_raw(j, span_of(side));
	else
		json_null(j);
}

static const char *
or_null(const char *text)
{
	return *text != '\0' ? text : NULL;
}

static void
show_said(struct json *j, const struct drift_row *row)
{
	json_kstr(j, "act", or_null(row->act));
	json_kstr(j, "actor", or_null(row->actor));
	json_kstr(j, "reason", or_null(row->reason));
	json_kstr(j, "words", or_null(row->words));
	show_id(j, "event", 'E', row->event);
}

/* Of the document that the journal is of, as it is now. */
static bool
show_document(struct db *db, int64_t journal, struct json *j, struct err *e)
{
	static const char SQL[] = "SELECT d.entity, d.kind, d.number,"
	    " d.version, d.journal FROM journal j JOIN document d"
	    " ON d.entity = j.entity AND d.kind = j.kind"
	    " AND d.number = j.number WHERE j.id = $1";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	stmt_int(s, 1, journal);
	step = stmt_step(s, e);
	if (step == STEP_ROW) {
		show_name(j, col_text(s, 0), col_text(s, 1), col_text(s, 2));
		json_kint(j, "document_version", col_int(s, 3));
		json_key(j, "superseded");
		json_bool(j, col_int(s, 4) != journal);
		stmt_reset(s);
	}
	return step != STEP_FAILED;
}

static bool
show_row(struct db *db, struct json *j, const struct drift_row *row,
    struct err *e)
{
	json_open(j, '{');
	show_id(j, "id", 'T', row->id);
	json_kint(j, "version", row->version);
	json_kstr(j, "target", row->target);
	json_kstr(j, "entity", or_null(row->entity));
	json_kstr(j, "kind", kinds[row->kind]);
	json_kstr(j, "state", row->state);
	show_id(j, "journal", 'J', row->journal);
	if (row->journal != 0 && !show_document(db, row->journal, j, e))
		return false;
	json_kstr(j, "remote", or_null(row->remote));
	json_kstr(j, "remote_number", or_null(row->remote_number));
	json_kstr(j, "remote_version", or_null(row->remote_version));
	json_kstr(j, "date", or_null(row->day));
	show_amount(j, "amount", row->amount, row->currency);
	json_kstr(j, "currency", row->currency);
	show_time(j, "found", row->found);
	show_time(j, "at", row->at);
	show_side(j, "base", row->base);
	show_side(j, "ours", row->ours);
	show_side(j, "theirs", row->theirs);
	show_said(j, row);
	json_close(j, '}');
	return true;
}

/* ---- looks ------------------------------------------------------------ */

#define LOOK "target, began, ended, first_day, last_day, seen, ours," \
	" strangers, mended, not_kept, actor, why"

bool
look_put(struct books *books, const struct look_row *row, struct err *e)
{
	static const char SQL[] = "INSERT OR REPLACE INTO target_look ("
	    LOOK ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11,"
	    " $12)";
	static const char LOOKED[] = "UPDATE target SET looked = $2"
	    " WHERE name = $1";
	const int64_t sums[] = { row->seen, row->ours, row->strangers,
	    row->mended, row->not_kept };
	struct stmt *s = db_stmt(books->db, SQL);

	stmt_text(s, 1, row->target);
	stmt_int(s, 2, row->began);
	stmt_int(s, 3, row->ended);
	stmt_text(s, 4, row->from.text);
	stmt_text(s, 5, row->to.text);
	for (int i = 0; i < 5; i++)
		stmt_int(s, 6 + i, sums[i]);
	stmt_text(s, 11, row->actor);
	stmt_text(s, 12, row->why);
	books_touch(books, "target", row->target);
	if (!stmt_run(s, e))
		return false;
	s = db_stmt(books->db, LOOKED);
	stmt_text(s, 1, row->target);
	stmt_int(s, 2, row->ended);
	return stmt_run(s, e);
}

bool
look_load(struct db *db, const char *target, struct arena *arena,
    struct look_row *row, bool *found, struct err *e)
{
	static const char SQL[] = "SELECT " LOOK " FROM target_look"
	    " WHERE target = $1";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	stmt_text(s, 1, target);
	step = stmt_step(s, e);
	*found = step == STEP_ROW;
	if (!*found)
		return step == STEP_DONE;
	*row = (struct look_row){ .target = target, .began = col_int(s, 1),
	    .ended = col_int(s, 2), .seen = col_int(s, 5),
	    .ours = col_int(s, 6), .strangers = col_int(s, 7),
	    .mended = col_int(s, 8), .not_kept = col_int(s, 9),
	    .actor = arena_strdup(arena, col_text(s, 10)),
	    .why = arena_strdup(arena, col_text(s, 11)) };
	snprintf(row->from.text, sizeof row->from.text, "%s",
	    col_text(s, 3));
	snprintf(row->to.text, sizeof row->to.text, "%s", col_text(s, 4));
	stmt_reset(s);
	return true;
}

static bool
show_look(struct db *db, const char *target, struct arena *arena,
    struct json *j, struct err *e)
{
	struct look_row row;
	bool found;

	json_key(j, "look");
	if (!look_load(db, target, arena, &row, &found, e))
		return false;
	if (!found) {
		json_null(j);
		return true;
	}
	json_open(j, '{');
	show_time(j, "began", row.began);
	show_time(j, "ended", row.ended);
	json_kstr(j, "from", or_null(row.from.text));
	json_kstr(j, "to", or_null(row.to.text));
	json_kint(j, "seen", row.seen);
	json_kint(j, "ours", row.ours);
	json_kint(j, "strangers", row.strangers);
	json_kint(j, "mended", row.mended);
	json_kint(j, "not_kept", row.not_kept);
	json_kstr(j, "actor", or_null(row.actor));
	json_key(j, "whole");
	json_bool(j, *row.why == '\0');
	json_kstr(j, "why", or_null(row.why));
	json_close(j, '}');
	return true;
}

/* One that is under way, as far as it is. */
static void
show_looking(struct json *j, const struct look_row *row)
{
	json_key(j, "looking");
	if (row == NULL) {
		json_null(j);
		return;
	}
	json_open(j, '{');
	show_time(j, "began", row->began);
	json_kstr(j, "from", or_null(row->from.text));
	json_kstr(j, "to", or_null(row->to.text));
	json_kint(j, "seen", row->seen);
	json_kint(j, "ours", row->ours);
	json_kstr(j, "actor", or_null(row->actor));
	json_close(j, '}');
}

/* ---- the page --------------------------------------------------------- */

bool
view_target_drift(struct db *db, const struct drift_filter *filter,
    int64_t after, int limit, struct json *j, struct err *e)
{
	static const char SQL[] = "SELECT " COLUMNS " FROM target_drift"
	    " WHERE target = $1 AND id > $2 AND ($3 IS NULL OR kind = $3)"
	    " AND ($4 IS NULL OR CASE $4 WHEN 'ignored' THEN"
	    " state = 'closed' AND act = 'ignore' WHEN 'closed' THEN"
	    " state = 'closed' ELSE state <> 'closed' END)"
	    " ORDER BY id LIMIT $5";
	struct arena *arena = arena_new();
	struct stmt *s = db_stmt(db, SQL);
	int64_t last = 0;
	enum step step;
	bool ok;
	int n = 0;

	json_open(j, '{');
	ok = show_look(db, filter->target, arena, j, e);
	show_looking(j, filter->looking);
	stmt_text(s, 1, filter->target);
	stmt_int(s, 2, after);
	stmt_text(s, 3, filter->kind);
	stmt_text(s, 4, filter->state);
	stmt_int(s, 5, limit + 1);
	json_key(j, "items");
	json_open(j, '[');
	while ((step = stmt_step(s, e)) == STEP_ROW && n++ < limit && ok) {
		struct drift_row row;

		arena_reset(arena);
		ok = read_row(s, arena, &row, e) && show_row(db, j, &row, e);
		last = row.id;
	}
	json_close(j, ']');
	show_next(j, step == STEP_ROW, 'T', last);
	json_close(j, '}');
	if (step == STEP_ROW)
		stmt_reset(s);
	arena_free(&arena);
	return ok && step != STEP_FAILED;
}
