/* One document: a version of it, and who made which one when. */
#include "store/show.h"

#include "book/document.h"
#include "store/books.h"
#include "store/view_gst.h"
#include "store/views.h"

#define HISTORY_MAX 200		/* versions shown at once, newest first */

static void
write_head(struct json *j, const struct document *d,
    const struct document_row *row, const struct version *v)
{
	const char *kind = document_kind_name(d->kind);

	json_open(j, '{');
	json_kstr(j, "entity", d->entity);
	json_kstr(j, "kind", kind);
	json_kstr(j, "number", d->number);
	show_name(j, d->entity, kind, d->number);
	json_kint(j, "version", v->version);
	json_kint(j, "current_version", row->version);
	json_kstr(j, "source", v->source);
	json_kstr(j, "by", maker_of(v->actor));
	json_kstr(j, "revision", v->document.revision);
	show_id(j, "event", 'E', v->id / DOCUMENT_PARTS_MAX);
	show_id(j, "journal", 'J', v->journal);
	json_key(j, "void");
	json_bool(j, v->document.voided);
}

static bool
write_past(struct db *db, int64_t *id, struct json *j, struct err *e)
{
	static const char SQL[] = "SELECT v.version, v.journal, v.before,"
	    " v.ruling, v.actor, e.source, coalesce(l.at, e.received),"
	    " v.rule_digest, v.generation, v.body ->> '$.void'"
	    " FROM document_version v JOIN event e ON e.seq = v.id / 128"
	    " LEFT JOIN log l ON l.seq = v.ruling WHERE v.id = $1";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	stmt_int(s, 1, *id);
	step = stmt_step(s, e);
	if (step != STEP_ROW)
		return step == STEP_DONE && err_set(e, ERR_CORRUPT,
		    "document version %lld is missing", (long long)*id);
	json_open(j, '{');
	json_kint(j, "version", col_int(s, 0));
	show_id(j, "event", 'E', *id / DOCUMENT_PARTS_MAX);
	show_id(j, "journal", 'J', col_int(s, 1));
	show_id(j, "ruling", 'D', col_int(s, 3));
	json_kstr(j, "by", maker_of(col_text(s, 4)));
	json_kstr(j, "source", col_text(s, 5));
	show_time(j, "at", col_int(s, 6));
	json_kstr(j, "rules", col_text(s, 7));
	show_id(j, "generation", 'R', col_int(s, 8));
	json_key(j, "void");
	json_bool(j, col_int(s, 9) != 0);
	json_close(j, '}');
	*id = col_int(s, 2);
	stmt_reset(s);
	return true;
}

static bool
write_history(struct db *db, int64_t id, struct json *j, struct err *e)
{
	bool ok = true;

	json_key(j, "history");
	json_open(j, '[');
	for (int n = 0; ok && id != 0 && n < HISTORY_MAX; n++)
		ok = write_past(db, &id, j, e);
	json_close(j, ']');
	json_key(j, "history_cut");
	json_bool(j, id != 0);
	return ok;
}

bool
view_document(struct db *db, const struct document *document,
    int64_t version, struct json *j, int64_t *shown, struct err *e)
{
	struct arena *arena = arena_new();
	struct document_row row;
	struct version v;
	bool found, ok;

	*shown = 0;
	ok = document_look(db, document, arena, &row, &found, e);
	if (ok && found)
		ok = version_find(db, VERSION_ID(row.event, row.part),
		    version != 0 ? version : row.version, NULL, arena, &v,
		    &found, e);
	if (ok && found) {
		*shown = v.version;
		write_head(j, document, &row, &v);
		ok = show_body(db, v.id, j, e) &&
		    show_gst_document(db, v.id, arena, j, e) &&
		    write_history(db, v.id, j, e);
		json_close(j, '}');
	}
	arena_free(&arena);
	return ok;
}
