/* Returns that were filed, and what that locks. */
#include "store/gst_inside.h"

#include <string.h>

#include "gst/due.h"

bool
gst_filed(struct db *db, const char *form, const char *gstin, int64_t period,
    bool *filed, struct err *e)
{
	static const char SQL[] = "SELECT 1 FROM gst_filing"
	    " WHERE gstin = $1 AND form = $2 AND period = $3";
	struct stmt *s = db_stmt(db, SQL);

	stmt_text(s, 1, gstin);
	stmt_text(s, 2, form);
	stmt_int(s, 3, period);
	return stmt_found(s, filed, e);
}

#define PERIODS_MAX 1200	/* a hundred years of them */

bool
gst_open_period(struct db *db, const char *form,
    const struct registration *own, int64_t from, int64_t *out,
    struct err *e)
{
	int months = strcmp(own->filing, "quarterly") == 0 ? 3 : 1;
	bool filed = true;

	*out = from;
	for (int i = 0; i < PERIODS_MAX; i++) {
		if (!gst_filed(db, form, own->gstin, *out, &filed, e))
			return false;
		if (!filed)
			return true;
		*out = gst_period_add(*out, months);
	}
	return err_set(e, ERR_CORRUPT, "every return of %s is filed",
	    own->gstin);
}

bool
gst_last_export(struct db *db, const struct gst_filing *f, int64_t *id,
    struct err *e)
{
	static const char SQL[] = "SELECT max(id) FROM gst_export"
	    " WHERE gstin = $1 AND form = $2 AND period = $3"
	    " AND state = 'done'";
	struct stmt *s = db_stmt(db, SQL);

	stmt_text(s, 1, f->gstin);
	stmt_text(s, 2, f->form);
	stmt_int(s, 3, f->period);
	return stmt_number(s, id, e);
}

/* ---- IFF -------------------------------------------------------------- */

/* Of that month or one before it, still in the quarter's return. */
static bool
listed(struct books *books, const struct gst_filing *f, struct arena *arena,
    int64_t **out, size_t *n, struct err *e)
{
	static const char COUNT[] = "SELECT count(DISTINCT version)"
	    " FROM gst_row WHERE gstin = $1 AND period = $2"
	    " AND section IN ('b2b', 'b2ba', 'cdnr', 'cdnra')";
	static const char SQL[] = "SELECT DISTINCT r.version FROM gst_row r"
	    " JOIN gst_document g ON g.version = r.version"
	    " WHERE r.gstin = $1 AND r.period = $2"
	    " AND r.section IN ('b2b', 'b2ba', 'cdnr', 'cdnra')"
	    " AND g.date <= $3 ORDER BY r.version";
	int64_t quarter = gst_period_quarter(f->period);
	struct day last = gst_period_last(f->period);
	struct stmt *s = db_stmt(books->db, COUNT);
	enum step step;

	stmt_text(s, 1, f->gstin);
	stmt_int(s, 2, quarter);
	if (stmt_step(s, e) != STEP_ROW)
		return false;
	*out = arena_alloc(arena, ((size_t)col_int(s, 0) + 1) *
	    sizeof **out);
	stmt_reset(s);
	*n = 0;
	s = db_stmt(books->db, SQL);
	stmt_text(s, 1, f->gstin);
	stmt_int(s, 2, quarter);
	stmt_text(s, 3, last.text);
	while ((step = stmt_step(s, e)) == STEP_ROW)
		(*out)[(*n)++] = col_int(s, 0);
	return step == STEP_DONE;
}

static bool
in_iff(const struct gst_row *row)
{
	return strncmp(row->section, "b2b", 3) == 0 ||
	    strncmp(row->section, "cdnr", 4) == 0 ? strncmp(row->section,
	    "cdnur", 5) != 0 : false;
}

/* Cells of GSTR-3B stay in the quarter: rows alone move. */
static bool
move(struct books *books, const struct gst_filing *f, int64_t version,
    struct err *e)
{
	struct arena *arena = arena_new();
	struct gst_kept k, filed;
	bool found, ok = kept_load(books, arena, version, &k, &found, e) &&
	    (k.amends == 0 || kept_load(books, arena, k.amends, &filed,
	    &found, e));

	if (ok) {
		const struct gst_kept *amended = k.amends != 0 ? &filed :
		    NULL;

		kept_count(books, &k, amended, -1);
		ok = kept_drop(books, &k, e);
		for (size_t i = 0; i < k.n_rows; i++)
			if (in_iff(&k.rows[i]))
				k.rows[i].period = f->period;
		kept_count(books, &k, amended, 1);
		ok = ok && kept_save(books, &k, e);
	}
	arena_free(&arena);
	return ok;
}

static bool
move_all(struct books *books, const struct gst_filing *f, struct err *e)
{
	struct arena *arena = arena_new();
	int64_t *versions;
	size_t n;
	bool ok = listed(books, f, arena, &versions, &n, e);

	for (size_t i = 0; ok && i < n; i++)
		ok = move(books, f, versions[i], e);
	arena_free(&arena);
	return ok;
}

static void
touch(struct books *books, const struct gst_filing *f)
{
	books_touch(books, "gst", arena_printf(books->arena, "%s/%lld",
	    f->gstin, (long long)f->period));
}

bool
gst_filing_load(struct db *db, struct arena *arena, struct gst_filing *f,
    bool *found, struct err *e)
{
	static const char SQL[] = "SELECT filed, arn FROM gst_filing"
	    " WHERE gstin = $1 AND form = $2 AND period = $3";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	stmt_text(s, 1, f->gstin);
	stmt_text(s, 2, f->form);
	stmt_int(s, 3, f->period);
	step = stmt_step(s, e);
	*found = step == STEP_ROW;
	if (step != STEP_ROW)
		return step == STEP_DONE;
	if (!day_parse(col_span(s, 0), &f->filed))
		f->filed = (struct day){ "" };
	f->arn = arena_strdup(arena, col_text(s, 1));
	stmt_reset(s);
	return true;
}

bool
gst_built_upon(struct db *db, const struct gst_filing *f, bool *built,
    struct err *e)
{
	static const char SQL[] = "SELECT EXISTS (SELECT 1 FROM gst_filing"
	    " WHERE gstin = $1 AND form = $2 AND period > $3)"
	    " OR EXISTS (SELECT 1 FROM gst_document a JOIN gst_document o"
	    " ON o.version = a.amends WHERE a.amends <> 0"
	    " AND o.gstin = $1 AND o.period + 0 = $3"
	    " AND o.inward = ($2 = 'gstr3b'))";
	struct stmt *s = db_stmt(db, SQL);

	stmt_text(s, 1, f->gstin);
	stmt_text(s, 2, f->form);
	stmt_int(s, 3, f->period);
	if (stmt_step(s, e) != STEP_ROW)
		return false;
	*built = col_int(s, 0) != 0;
	stmt_reset(s);
	return true;
}

bool
gst_unfile(struct books *books, const struct gst_filing *f, struct err *e)
{
	static const char SQL[] = "DELETE FROM gst_filing"
	    " WHERE gstin = $1 AND form = $2 AND period = $3";
	struct stmt *s = db_stmt(books->db, SQL);

	stmt_text(s, 1, f->gstin);
	stmt_text(s, 2, f->form);
	stmt_int(s, 3, f->period);
	touch(books, f);
	return stmt_run(s, e);
}

bool
gst_file(struct books *books, const struct gst_filing *f, struct err *e)
{
	static const char SQL[] =
	    "INSERT INTO gst_filing VALUES ($1, $2, $3, $4, $5, $6, $7)";
	struct stmt *s = db_stmt(books->db, SQL);

	stmt_text(s, 1, f->gstin);
	stmt_text(s, 2, f->form);
	stmt_int(s, 3, f->period);
	stmt_text(s, 4, f->filed.text);
	stmt_text(s, 5, f->arn);
	stmt_text(s, 6, f->actor);
	stmt_int(s, 7, f->seq);
	touch(books, f);
	return stmt_run(s, e) && (strcmp(f->form, "iff") != 0 ||
	    move_all(books, f, e));
}
