/*
 * Findings of events that are open, and the counts by signature and day that
 * the overview shows.  What findings_add counts, findings_remove takes back.
 */
#include "store/books.h"

static const char *
currency_of(const struct placing *placing)
{
	return placing->currency != NULL ? placing->currency : "";
}

static bool
add_signature(struct books *books, const char *id, const struct finding *f,
    const char *source, struct err *e)
{
	static const char SQL[] = "INSERT INTO signature VALUES"
	    " ($1, $2, $3, $4) ON CONFLICT DO NOTHING";
	struct stmt *s = db_stmt(books->db, SQL);

	stmt_text(s, 1, id);
	stmt_text(s, 2, finding_info(f->code)->name);
	stmt_text(s, 3, source);
	stmt_text(s, 4, finding_by_value(f->code) ? f->value : "");
	return stmt_run(s, e);
}

static bool
add_whose(struct books *books, const char *id, const struct placing *placing,
    struct err *e)
{
	static const char SQL[] = "INSERT INTO signature_entity VALUES"
	    " ($1, $2, $3) ON CONFLICT DO NOTHING";
	struct stmt *s = db_stmt(books->db, SQL);

	stmt_text(s, 1, id);
	stmt_text(s, 2, placing->entity != NULL && !placing->several ?
	    placing->entity : "");
	stmt_text(s, 3, placing->kind != NULL ? placing->kind : "");
	return stmt_run(s, e);
}

/* Two findings of one event with one signature count once. */
static bool
seen(char (*ids)[17], size_t n, const char *id)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(ids[i], id) == 0)
			return true;
	return false;
}

static bool
add_row(struct books *books, int64_t event, size_t n,
    const struct finding *f, const char *id, struct err *e)
{
	static const char SQL[] =
	    "INSERT INTO finding VALUES"
	    " ($1, $2, $3, $4, $5, $6, $7, $8)";
	struct stmt *s = db_stmt(books->db, SQL);

	stmt_int(s, 1, event);
	stmt_int(s, 2, (int64_t)n);
	stmt_text(s, 3, finding_info(f->code)->name);
	stmt_text(s, 4, f->value);
	stmt_text(s, 5, f->field);
	stmt_text(s, 6, f->detail);
	stmt_text(s, 7, id);
	stmt_text(s, 8, finding_level_name(f->level));
	return stmt_run(s, e);
}

bool
findings_add(struct books *books, const struct event *event,
    const struct placing *placing, const struct findings *findings,
    struct err *e)
{
	struct day day = day_from_time(event->received);
	char ids[FINDINGS_MAX][17];

	for (size_t i = 0; i < findings->n; i++) {
		const struct finding *f = &findings->items[i];
		const char *id = ids[i];

		finding_signature(f, event->source, ids[i]);
		if (!add_row(books, event->seq, i + 1, f, id, e))
			return false;
		if (seen(ids, i, id) || !event_state_open(event->state))
			continue;
		if (!add_signature(books, id, f, event->source, e) ||
		    !add_whose(books, id, placing, e))
			return false;
		books_day(books, arena_strdup(books->arena, id), day,
		    currency_of(placing), 1, placing->amount);
	}
	return true;
}

static bool
uncount(struct books *books, const struct event *event,
    const struct placing *placing, struct err *e)
{
	static const char SQL[] =
	    "SELECT DISTINCT signature FROM finding WHERE event = $1";
	struct day day = day_from_time(event->received);
	struct stmt *s = db_stmt(books->db, SQL);
	enum step step;

	stmt_int(s, 1, event->seq);
	while ((step = stmt_step(s, e)) == STEP_ROW)
		books_day(books, arena_strdup(books->arena, col_text(s, 0)),
		    day, currency_of(placing), -1, placing->amount);
	return step == STEP_DONE;
}

bool
findings_remove(struct books *books, const struct event *event,
    const struct placing *placing, struct err *e)
{
	static const char SQL[] = "DELETE FROM finding WHERE event = $1";
	struct stmt *s;

	if (event_state_open(event->state) &&
	    !uncount(books, event, placing, e))
		return false;
	s = db_stmt(books->db, SQL);
	stmt_int(s, 1, event->seq);
	return stmt_run(s, e);
}

bool
findings_load(struct db *db, int64_t event, struct arena *arena,
    struct findings *out, struct err *e)
{
	static const char SQL[] = "SELECT code, value, field, detail,"
	    " level = 'warn' FROM finding WHERE event = $1 ORDER BY n";
	struct stmt *s = db_stmt(db, SQL);
	enum finding_code code;
	enum step step;

	out->n = 0;
	out->cut = false;
	stmt_int(s, 1, event);
	while ((step = stmt_step(s, e)) == STEP_ROW)
		if (finding_find(col_text(s, 0), &code))
			finding_add_at(out, arena, code, col_int(s, 4) != 0 ?
			    FINDING_WARN : FINDING_BLOCK, col_text(s, 1),
			    col_text(s, 2), col_text(s, 3));
	return step == STEP_DONE;
}
