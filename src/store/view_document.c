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

/* ---- all, the newest first --------------------------------------------- */

static void
write_newest(struct json *j, struct stmt *s)
{
	const char *currency = col_text(s, 9);

	json_open(j, '{');
	json_kstr(j, "entity", col_text(s, 1));
	json_kstr(j, "kind", col_text(s, 2));
	json_kstr(j, "number", col_text(s, 3));
	show_name(j, col_text(s, 1), col_text(s, 2), col_text(s, 3));
	json_kint(j, "version", col_int(s, 4));
	json_kstr(j, "source", col_text(s, 5));
	json_kstr(j, "revision", col_text(s, 12));
	show_id(j, "event", 'E', col_int(s, 0) / DOCUMENT_PARTS_MAX);
	show_id(j, "journal", 'J', col_int(s, 6));
	json_kstr(j, "date", col_text(s, 7));
	json_kstr(j, "party", col_text(s, 8));
	json_kstr(j, "currency", currency);
	show_amount(j, "amount", col_int(s, 10), currency);
	json_kstr(j, "state", col_int(s, 11) != 0 ? "void" :
	    col_int(s, 6) == 0 ? "kept" : "posted");
	json_close(j, '}');
}

/* Versions in the order in which they came; those that another followed are
 * passed over, so that each document is there once. */
bool
view_documents_newest(struct db *db, const char *kind, const char *q,
    int64_t before, int limit, struct json *j, struct err *e)
{
	static const char SQL[] = "SELECT v.id, v.entity, v.kind, v.number,"
	    " v.version, d.source, v.journal, v.body ->> '$.date',"
	    " coalesce(v.body ->> '$.party', ''),"
	    " coalesce(v.body ->> '$.currency', ''),"
	    " coalesce(v.body ->> '$.total', 0),"
	    " coalesce(v.body ->> '$.void', 0), d.revision"
	    " FROM document_version v JOIN document d ON d.entity = v.entity"
	    " AND d.kind = v.kind AND d.number = v.number"
	    " AND d.version = v.version WHERE v.id < $1"
	    " AND ($2 IS NULL OR v.kind = $2)"
	    " AND ($3 IS NULL OR instr(v.number, $3))"
	    " ORDER BY v.id DESC LIMIT $4";
	struct stmt *s = db_stmt(db, SQL);

	stmt_int(s, 1, before > 0 ? before : INT64_MAX);
	stmt_text(s, 2, kind);
	stmt_text(s, 3, q);
	stmt_int(s, 4, limit + 1);
	return show_page(j, s, limit, 'V', write_newest, e);
}
