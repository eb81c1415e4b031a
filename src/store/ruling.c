/* What persons said of events' documents. */
#include "store/ruling.h"

static void
read_ruling(struct stmt *s, struct arena *arena, struct ruling *out)
{
	struct span document = col_span(s, 3);

	*out = (struct ruling){ .part = col_int(s, 0),
	    .parts = col_int(s, 1),
	    .base = col_null(s, 2) ? -1 : col_int(s, 2),
	    .merged = col_int(s, 5) != 0, .seq = col_int(s, 6),
	    .actor = arena_strdup(arena, col_text(s, 7)) };
	if (!col_null(s, 3))
		out->document = (struct span){ arena_strndup(arena,
		    document.p, document.n), document.n };
	if (!col_null(s, 4))
		memcpy(out->day.text, col_text(s, 4),
		    sizeof out->day.text);
}

bool
rulings_load(struct db *db, int64_t event, struct arena *arena,
    struct ruling **out, size_t *n, struct err *e)
{
	static const char SQL[] = "SELECT part, parts, base, document, day,"
	    " merged, seq, actor FROM ruling WHERE event = $1 ORDER BY part";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	*out = NULL;
	*n = 0;
	stmt_int(s, 1, event);
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		if (*n == DOCUMENT_PARTS_MAX)
			break;
		if (*out == NULL)
			*out = arena_alloc(arena,
			    DOCUMENT_PARTS_MAX * sizeof **out);
		read_ruling(s, arena, &(*out)[(*n)++]);
	}
	if (step == STEP_ROW)
		stmt_reset(s);
	return step != STEP_FAILED;
}

bool
ruler_put(struct books *books, int64_t event, const char *actor,
    struct err *e)
{
	static const char SQL[] =
	    "INSERT INTO ruler VALUES ($1, $2) ON CONFLICT DO NOTHING";
	struct stmt *s = db_stmt(books->db, SQL);

	stmt_int(s, 1, event);
	stmt_text(s, 2, actor);
	return stmt_run(s, e);
}

bool
ruling_put(struct books *books, int64_t event, const struct ruling *r,
    struct err *e)
{
	static const char SQL[] =
	    "INSERT INTO ruling VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
	    " ON CONFLICT DO UPDATE SET parts = excluded.parts,"
	    " base = excluded.base, document = excluded.document,"
	    " day = excluded.day, merged = excluded.merged,"
	    " seq = excluded.seq, actor = excluded.actor";
	struct stmt *s = db_stmt(books->db, SQL);

	stmt_int(s, 1, event);
	stmt_int(s, 2, r->part);
	stmt_int(s, 3, r->parts);
	if (r->base >= 0)
		stmt_int(s, 4, r->base);
	if (r->document.p != NULL)
		stmt_span(s, 5, r->document);
	if (r->day.text[0] != '\0')
		stmt_text(s, 6, r->day.text);
	stmt_int(s, 7, r->merged);
	stmt_int(s, 8, r->seq);
	stmt_text(s, 9, r->actor);
	return stmt_run(s, e) && ruler_put(books, event, r->actor, e);
}

bool
ruling_by(struct db *db, int64_t event, const char *actor, bool *yes,
    struct err *e)
{
	static const char SQL[] =
	    "SELECT 1 FROM ruler WHERE event = $1 AND actor = $2";
	struct stmt *s = db_stmt(db, SQL);

	stmt_int(s, 1, event);
	stmt_text(s, 2, actor);
	return stmt_found(s, yes, e);
}
