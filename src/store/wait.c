/*
 * What waits for what, and the batches that gather.  A wait is one row while
 * its event is in the state waiting, and no longer.
 */
#include "store/books.h"

static const char *const reasons[WAIT_REASONS] = {
	"document", "stock", "window", "batch", "paused"
};

const char *
wait_reason_name(enum wait_reason reason)
{
	return reasons[reason];
}

bool
wait_add(struct books *books, int64_t event, const struct waiting *w,
    int64_t since, struct err *e)
{
	static const char SQL[] =
	    "INSERT INTO wait VALUES"
	    " ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
	struct stmt *s = db_stmt(books->db, SQL);

	books->waits++;
	stmt_int(s, 1, event);
	stmt_text(s, 2, reasons[w->reason]);
	stmt_text(s, 3, w->key);
	stmt_int(s, 4, since);
	if (w->until != 0)
		stmt_int(s, 5, w->until);
	if (w->document != NULL) {
		stmt_int(s, 6, w->weight);
		stmt_text(s, 8, w->document);
	}
	if (w->reason == WAIT_BATCH) {
		stmt_int(s, 7, w->control);
		stmt_int(s, 9, w->documents);
	}
	return stmt_run(s, e);
}

bool
wait_remove(struct books *books, int64_t event, struct err *e)
{
	static const char SQL[] = "DELETE FROM wait WHERE event = $1";
	struct stmt *s = db_stmt(books->db, SQL);

	books->waits--;
	stmt_int(s, 1, event);
	return stmt_run(s, e);
}

bool
wait_load(struct books *books, int64_t event, struct arena *arena,
    struct waiting *out, bool *found, struct err *e)
{
	static const char SQL[] =
	    "SELECT reason, key, until, weight, control, document, documents"
	    " FROM wait WHERE event = $1";
	struct stmt *s = db_stmt(books->db, SQL);
	enum step step;

	stmt_int(s, 1, event);
	step = stmt_step(s, e);
	*found = step == STEP_ROW;
	if (step != STEP_ROW)
		return step == STEP_DONE;
	out->reason = WAIT_DOCUMENT;
	for (int i = 0; i < WAIT_REASONS; i++)
		if (strcmp(reasons[i], col_text(s, 0)) == 0)
			out->reason = (enum wait_reason)i;
	out->key = arena_strdup(arena, col_text(s, 1));
	out->until = col_int(s, 2);
	out->weight = col_int(s, 3);
	out->control = col_int(s, 4) != 0;
	out->document = arena_strdup(arena, col_text(s, 5));
	out->documents = col_int(s, 6);
	stmt_reset(s);
	return true;
}

/* The events of one statement's first column, into the arena. */
static bool
gather(struct stmt *s, struct arena *arena, int64_t **out, size_t *n,
    struct err *e)
{
	enum step step;
	size_t room = 64;

	*n = 0;
	*out = arena_alloc(arena, room * sizeof **out);
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		if (*n == room) {
			int64_t *more = arena_alloc(arena,
			    2 * room * sizeof *more);

			memcpy(more, *out, room * sizeof *more);
			*out = more;
			room *= 2;
		}
		(*out)[(*n)++] = col_int(s, 0);
	}
	return step == STEP_DONE;
}

bool
wait_events(struct books *books, enum wait_reason reason, const char *key,
    struct arena *arena, int64_t **out, size_t *n, struct err *e)
{
	static const char SQL[] = "SELECT event FROM wait"
	    " WHERE reason = $1 AND key = $2 ORDER BY event";
	struct stmt *s;

	*n = 0;
	if (books->waits == 0)
		return true;
	s = db_stmt(books->db, SQL);
	stmt_text(s, 1, reasons[reason]);
	stmt_text(s, 2, key);
	return gather(s, arena, out, n, e);
}

bool
wait_writers(struct books *books, enum wait_reason reason,
    const char *document, struct arena *arena, int64_t **out, size_t *n,
    struct err *e)
{
	static const char SQL[] = "SELECT event FROM wait"
	    " WHERE document = $1 AND reason = $2 ORDER BY event";
	struct stmt *s;

	*n = 0;
	if (books->waits == 0)
		return true;
	s = db_stmt(books->db, SQL);
	stmt_text(s, 1, document);
	stmt_text(s, 2, reasons[reason]);
	return gather(s, arena, out, n, e);
}

bool
wait_next(struct books *books, enum wait_reason reason, const char *key,
    int64_t weight, int64_t after, int64_t *event, struct err *e)
{
	static const char SQL[] = "SELECT event FROM wait WHERE reason = $1"
	    " AND key = $2 AND event > $3 AND weight <= $4"
	    " ORDER BY event LIMIT 1";
	struct stmt *s = db_stmt(books->db, SQL);

	stmt_text(s, 1, reasons[reason]);
	stmt_text(s, 2, key);
	stmt_int(s, 3, after);
	stmt_int(s, 4, weight);
	return stmt_number(s, event, e);
}

bool
wait_member(struct books *books, const char *batch, const char *document,
    int64_t but, int64_t *event, struct err *e)
{
	static const char SQL[] = "SELECT event FROM wait"
	    " WHERE document = $1 AND reason = 'batch' AND key = $2"
	    " AND event <> $3 ORDER BY event LIMIT 1";
	struct stmt *s = db_stmt(books->db, SQL);

	stmt_text(s, 1, document);
	stmt_text(s, 2, batch);
	stmt_int(s, 3, but);
	return stmt_number(s, event, e);
}

bool
wait_due(struct books *books, int64_t now, struct wait_mark *mark,
    struct arena *arena, int64_t **out, size_t *n, size_t max,
    struct err *e)
{
	static const char SQL[] = "SELECT until, event FROM wait"
	    " WHERE until <= $1 AND (until, event) > ($2, $3)"
	    " ORDER BY until, event LIMIT $4";
	struct stmt *s;
	enum step step;

	*n = 0;
	if (books->waits == 0)
		return true;
	*out = arena_alloc(arena, max * sizeof **out);
	s = db_stmt(books->db, SQL);
	stmt_int(s, 1, now);
	stmt_int(s, 2, mark->until);
	stmt_int(s, 3, mark->event);
	stmt_int(s, 4, (int64_t)max);
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		mark->until = col_int(s, 0);
		mark->event = (*out)[(*n)++] = col_int(s, 1);
	}
	return step == STEP_DONE;
}

bool
wait_count(struct books *books, struct err *e)
{
	static const char SQL[] = "SELECT count(*) FROM wait";
	struct stmt *s = db_stmt(books->db, SQL);

	if (stmt_step(s, e) != STEP_ROW)
		return false;
	books->waits = col_int(s, 0);
	stmt_reset(s);
	return true;
}

/* ---- batches ---------------------------------------------------------- */

bool
batch_find(struct books *books, const char *key, struct arena *arena,
    struct batch_row *out, struct err *e)
{
	static const char SQL[] = "SELECT part, n, total, currency, due,"
	    " control, control_total, control_count, journal, closed,"
	    " last_n, last_total, failed FROM batch WHERE key = $1";
	struct stmt *s = db_stmt(books->db, SQL);
	enum step step;

	stmt_text(s, 1, key);
	step = stmt_step(s, e);
	*out = (struct batch_row){ .key = key, .part = 1, .currency = "",
	    .control_count = -1 };
	if (step != STEP_ROW)
		return step == STEP_DONE;
	out->part = col_int(s, 0);
	out->n = col_int(s, 1);
	out->total = col_int(s, 2);
	out->currency = arena_strdup(arena, col_text(s, 3));
	out->due = col_int(s, 4);
	out->control = col_int(s, 5);
	out->control_total = col_int(s, 6);
	out->control_count = col_null(s, 7) ? -1 : col_int(s, 7);
	out->journal = col_int(s, 8);
	out->closed = col_int(s, 9);
	out->last_n = col_int(s, 10);
	out->last_total = col_int(s, 11);
	out->failed = col_int(s, 12);
	stmt_reset(s);
	return true;
}

static void
optional(struct stmt *s, int at, int64_t n, int64_t absent)
{
	if (n != absent)
		stmt_int(s, at, n);
	else
		stmt_null(s, at);
}

bool
batch_put(struct books *books, const struct batch_row *batch, struct err *e)
{
	static const char SQL[] = "INSERT OR REPLACE INTO batch VALUES"
	    " ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";
	struct stmt *s = db_stmt(books->db, SQL);

	stmt_text(s, 1, batch->key);
	stmt_int(s, 2, batch->part);
	stmt_int(s, 3, batch->n);
	stmt_int(s, 4, batch->total);
	stmt_text(s, 5, batch->currency);
	optional(s, 6, batch->due, 0);
	optional(s, 7, batch->control, 0);
	if (batch->control != 0)
		stmt_int(s, 8, batch->control_total);
	optional(s, 9, batch->control_count, -1);
	optional(s, 10, batch->journal, 0);
	optional(s, 11, batch->closed, 0);
	stmt_int(s, 12, batch->last_n);
	stmt_int(s, 13, batch->last_total);
	optional(s, 14, batch->failed, 0);
	books_touch(books, "batch", batch->key);
	return stmt_run(s, e);
}

bool
batch_failed(struct books *books, int64_t event, struct arena *arena,
    const char **key, struct err *e)
{
	static const char SQL[] =
	    "SELECT key FROM batch WHERE failed = $1 ORDER BY key LIMIT 1";
	struct stmt *s = db_stmt(books->db, SQL);
	enum step step;

	*key = NULL;
	stmt_int(s, 1, event);
	step = stmt_step(s, e);
	if (step == STEP_ROW) {
		*key = arena_strdup(arena, col_text(s, 0));
		stmt_reset(s);
	}
	return step != STEP_FAILED;
}

bool
batch_due(struct books *books, int64_t now, const char *after,
    struct arena *arena, const char **key, struct err *e)
{
	static const char SQL[] = "SELECT key FROM batch WHERE due <= $1"
	    " AND key > $2 ORDER BY key LIMIT 1";
	struct stmt *s = db_stmt(books->db, SQL);
	enum step step;

	*key = NULL;
	stmt_int(s, 1, now);
	stmt_text(s, 2, after);
	step = stmt_step(s, e);
	if (step == STEP_ROW) {
		*key = arena_strdup(arena, col_text(s, 0));
		stmt_reset(s);
	}
	return step != STEP_FAILED;
}

/* ---- shares of a batch's journal -------------------------------------- */

bool
share_add(struct books *books, int64_t version,
    const struct journal *journal, struct err *e)
{
	static const char SQL[] = "INSERT INTO share VALUES"
	    " ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";

	for (size_t i = 0; i < journal->n_entries; i++) {
		struct stmt *s = db_stmt(books->db, SQL);

		stmt_int(s, 1, version);
		stmt_int(s, 2, (int64_t)i + 1);
		entry_bind(s, 3, &journal->entries[i]);
		if (!stmt_run(s, e))
			return false;
	}
	return true;
}

bool
share_load(struct db *db, int64_t version, struct arena *arena,
    struct journal *journal, struct err *e)
{
	static const char SQL[] = "SELECT account, currency, amount, base,"
	    " party, cost_centre, tax_code, item, location, memo,"
	    " count(*) OVER () FROM share WHERE version = $1 ORDER BY line";
	struct stmt *s = db_stmt(db, SQL);

	stmt_int(s, 1, version);
	return entries_load(s, arena, journal, e);
}
