/*
 * The chain as a text of its own, one JSON object a line, for whoever verifies
 * it without us; bahi-audit(5) describes it.  Streamed: one row is held.
 */
#include "store/audit_inside.h"

#include <stdlib.h>

#include "core/json.h"
#include "core/utf8.h"

#define LINE_MAX_BYTES ((size_t)256 << 20)

struct writing {
	const struct audit_writing *out;
	struct db *db;
	struct arena *arena;
	struct str line;
	struct json j;
	int64_t anchor;		/* id of the last that was written */
};

static void
open_line(struct writing *w)
{
	str_clear(&w->line);
	json_start(&w->j, &w->line);
	json_open(&w->j, '{');
}

static bool
close_line(struct writing *w, struct err *e)
{
	json_close(&w->j, '}');
	str_addc(&w->line, '\n');
	if (w->line.over)
		return err_set(e, ERR_TOO_LARGE, "a line of the export");
	return w->out->take(w->out->arg, str_span(&w->line), e);
}

static void
put_hex(struct writing *w, const char *key, struct span bytes)
{
	char *hex = arena_alloc(w->arena, 2 * bytes.n + 1);

	digest_hex((const unsigned char *)bytes.p, bytes.n, hex);
	json_kstr(&w->j, key, hex);
}

/* Readable where it can be read. */
static bool
put_content(struct writing *w, const char *of, const char *name,
    struct span bytes, struct err *e)
{
	open_line(w);
	json_kstr(&w->j, "of", of);
	json_kstr(&w->j, "name", name);
	if (utf8_valid(bytes)) {
		json_key(&w->j, "text");
		json_span(&w->j, bytes);
	} else {
		put_hex(w, "bytes", bytes);
	}
	return close_line(w, e);
}

/* ---- what a row names --------------------------------------------------- */

static bool
put_event(struct writing *w, const struct audit_row *row, struct err *e)
{
	struct event event;
	struct placing placing;
	bool found;

	return event_load(w->db, strtoll(row->object + 1, NULL, 10),
	    w->arena, &event, &placing, &found, e) && (!found ||
	    put_content(w, "event", row->object, event.body, e));
}

static bool
put_journal(struct writing *w, int64_t id, struct err *e)
{
	struct journal journal;
	struct journal_head head;
	const char *name = arena_id(w->arena, 'J', id);
	struct str text;
	bool found, ok;

	if (!journal_load(w->db, id, w->arena, &journal, &head, &found, e) ||
	    !found)
		return e->code == ERR_NONE;
	str_init(&text, LINE_MAX_BYTES);
	entries_text(&journal, &text);
	ok = put_content(w, "entries", name, str_span(&text), e);
	str_clear(&text);
	journal_text(&journal, &head, &text);
	ok = ok && put_content(w, "journal", name, str_span(&text), e);
	str_free(&text);
	return ok;
}

static bool
put_log(struct writing *w, const struct audit_row *row, struct err *e)
{
	static const char SQL[] = "SELECT kind || char(0) || at || char(0)"
	    " || actor || char(0) || body FROM log WHERE seq = $1";
	struct stmt *s = db_stmt(w->db, SQL);
	enum step step;
	bool ok = true;

	stmt_int(s, 1, strtoll(row->object + 1, NULL, 10));
	step = stmt_step(s, e);
	if (step == STEP_ROW) {
		ok = put_content(w, "log", row->object, col_span(s, 0), e);
		stmt_reset(s);
	}
	return ok && step != STEP_FAILED;
}

static bool
put_rules(struct writing *w, const struct audit_row *row, struct err *e)
{
	static const char SQL[] = "SELECT files FROM rules WHERE digest = $1";
	struct stmt *s = db_stmt(w->db, SQL);
	enum step step;
	bool ok = true;

	stmt_text(s, 1, row->new);
	step = stmt_step(s, e);
	if (step == STEP_ROW) {
		ok = put_content(w, "rules", row->object, col_span(s, 0), e);
		stmt_reset(s);
	}
	return ok && step != STEP_FAILED;
}

static bool
put_named(struct writing *w, const struct audit_row *row, struct err *e)
{
	const char *text = audit_settled_text(row);

	if (text[0] != '\0') {
		if (row->object[0] == 'E' && !put_event(w, row, e))
			return false;
		for (const char *at = text; (at = strstr(at, " journal=J")) !=
		    NULL; at++)
			if (!put_journal(w, strtoll(at + 10, NULL, 10), e))
				return false;
		return true;
	}
	if (row->object[0] != 'L')
		return true;
	return strcmp(row->action, "log") == 0 ? put_log(w, row, e) :
	    strcmp(row->action, "rules") != 0 || put_rules(w, row, e);
}

/* ---- rows and anchors --------------------------------------------------- */

/* Those up to that row that were not written yet. */
static bool
put_anchors(struct writing *w, int64_t row, struct err *e)
{
	static const char SQL[] = "SELECT id, text FROM anchor WHERE id > $1"
	    " AND row <= $2 ORDER BY id";
	struct stmt *s = db_stmt(w->db, SQL);
	enum step step;

	stmt_int(s, 1, w->anchor);
	stmt_int(s, 2, row);
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		w->anchor = col_int(s, 0);
		open_line(w);
		json_key(&w->j, "anchor");
		json_span(&w->j, col_span(s, 1));
		if (!close_line(w, e)) {
			stmt_reset(s);
			return false;
		}
	}
	return step == STEP_DONE;
}

static bool
put_row(struct writing *w, const struct audit_row *row, struct span prev,
    struct span hash, struct err *e)
{
	struct json *j = &w->j;

	open_line(w);
	json_kint(j, "row", row->seq);
	json_kint(j, "at", row->at);
	json_kstr(j, "actor", row->actor);
	json_kstr(j, "action", row->action);
	json_kstr(j, "object", row->object);
	json_kstr(j, "old", row->old);
	json_kstr(j, "new", row->new);
	put_hex(w, "prev", prev);
	put_hex(w, "hash", hash);
	return close_line(w, e) && (!w->out->content ||
	    put_named(w, row, e)) && put_anchors(w, row->seq, e);
}

static bool
put_rows(struct writing *w, int64_t from, int64_t to, int64_t *rows,
    struct err *e)
{
	static const char SQL[] = "SELECT seq, at, actor, action, object, old,"
	    " new, prev, hash FROM audit WHERE seq BETWEEN $1 AND $2"
	    " ORDER BY seq";
	struct stmt *s = db_stmt(w->db, SQL);
	enum step step;

	stmt_int(s, 1, from);
	stmt_int(s, 2, to);
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		struct audit_row row = { col_int(s, 0), col_int(s, 1),
		    col_text(s, 2), col_text(s, 3), col_text(s, 4),
		    col_text(s, 5), col_text(s, 6) };

		if (!put_row(w, &row, col_span(s, 7), col_span(s, 8), e)) {
			stmt_reset(s);
			return false;
		}
		++*rows;
		arena_reset(w->arena);
	}
	return step == STEP_DONE;
}

static bool
put_all(struct writing *w, int64_t from, int64_t to, int64_t *rows,
    struct err *e)
{
	open_line(w);
	json_kint(&w->j, "bahi-audit", 1);
	json_kint(&w->j, "from", from);
	json_kint(&w->j, "to", to);
	if (!close_line(w, e) || !put_anchors(w, from - 1, e) ||
	    !put_rows(w, from, to, rows, e))
		return false;
	open_line(w);
	json_kint(&w->j, "rows", *rows);
	return close_line(w, e);
}

bool
audit_export(struct db *db, const struct audit_range *range,
    const struct audit_writing *out, int64_t *rows, struct err *e)
{
	struct writing w = { .out = out, .db = db, .arena = arena_new() };
	int64_t last, from = range->from > 1 ? range->from : 1, to;
	bool ok;

	*rows = 0;
	str_init(&w.line, LINE_MAX_BYTES);
	ok = audit_last(db, &last, e);
	to = range->to > 0 && range->to < last ? range->to : last;
	ok = ok && (from <= to || err_set(e, ERR_NOT_FOUND, "no audit rows "
	    "there")) && put_all(&w, from, to, rows, e);
	str_free(&w.line);
	arena_free(&w.arena);
	return ok;
}
