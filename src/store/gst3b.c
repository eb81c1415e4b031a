/* GSTR-3B of a period, from the sums by cell and what people entered. */
#include "store/gst3b.h"

#include <string.h>

#include "gst/due.h"

/* ---- periods ---------------------------------------------------------- */

static bool
quarterly(const struct registration *own)
{
	return strcmp(own->filing, "quarterly") == 0;
}

/* The one in force at the month's end, else any that there ever was. */
static const struct registration *
registration_of(const struct reference *reference, const char *gstin,
    int64_t month)
{
	const struct registration *own = reference_registration(reference,
	    gstin, gst_period_last(month));
	size_t at = 0;

	if (own != NULL)
		return own;
	while ((own = reference_next_registration(reference, &at)) != NULL)
		if (strcmp(own->gstin, gstin) == 0)
			return own;
	return NULL;
}

bool
gst3b_months(const struct reference *reference, const char *gstin,
    int64_t month, struct gst3b_form *out)
{
	out->own = registration_of(reference, gstin, month);
	if (out->own == NULL)
		return false;
	out->period = quarterly(out->own) ? gst_period_quarter(month) : month;
	out->first = quarterly(out->own) ? gst_period_add(out->period, -2) :
	    out->period;
	return true;
}

/* ---- entries ---------------------------------------------------------- */

bool
gst_entry_put(struct books *books, const struct gst_entry *entry,
    struct err *e)
{
	static const char SQL[] = "INSERT OR REPLACE INTO gst_entry VALUES"
	    " ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
	struct stmt *s = db_stmt(books->db, SQL);

	stmt_text(s, 1, entry->gstin);
	stmt_int(s, 2, entry->period);
	stmt_text(s, 3, entry->cell);
	for (int h = 0; h < GST_HEADS; h++)
		stmt_int(s, 4 + h, entry->amount[h]);
	stmt_text(s, 8, entry->reason);
	stmt_text(s, 9, entry->actor);
	stmt_int(s, 10, entry->at);
	stmt_int(s, 11, entry->seq);
	return stmt_run(s, e);
}

bool
gst_entry_drop(struct books *books, const struct gst_entry *entry,
    bool *any, struct err *e)
{
	static const char SQL[] = "DELETE FROM gst_entry WHERE gstin = $1"
	    " AND period = $2 AND cell = $3 RETURNING 1";
	struct stmt *s = db_stmt(books->db, SQL);

	stmt_text(s, 1, entry->gstin);
	stmt_int(s, 2, entry->period);
	stmt_text(s, 3, entry->cell);
	return stmt_found(s, any, e);
}

#define ENTRIES_MAX 64		/* cells that may be entered are fewer */

bool
gst_entries_read(struct db *db, struct arena *arena, const char *gstin,
    int64_t period, struct gst_entry **out, size_t *n, struct err *e)
{
	static const char SQL[] = "SELECT cell, igst, cgst, sgst, cess,"
	    " reason, actor, at, seq FROM gst_entry WHERE gstin = $1"
	    " AND period = $2 ORDER BY cell";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	*n = 0;
	*out = arena_alloc(arena, ENTRIES_MAX * sizeof **out);
	stmt_text(s, 1, gstin);
	stmt_int(s, 2, period);
	while ((step = stmt_step(s, e)) == STEP_ROW && *n < ENTRIES_MAX) {
		struct gst_entry *one = &(*out)[(*n)++];

		*one = (struct gst_entry){ .gstin = gstin, .period = period,
		    .cell = arena_strdup(arena, col_text(s, 0)),
		    .reason = arena_strdup(arena, col_text(s, 5)),
		    .actor = arena_strdup(arena, col_text(s, 6)),
		    .at = col_int(s, 7), .seq = col_int(s, 8) };
		for (int h = 0; h < GST_HEADS; h++)
			one->amount[h] = col_int(s, 1 + h);
	}
	if (step == STEP_ROW)
		stmt_reset(s);
	return step != STEP_FAILED;
}

bool
gst_filed_day(struct db *db, struct arena *arena, const char *gstin,
    const char *form, int64_t period, const char **day, struct err *e)
{
	static const char SQL[] = "SELECT filed FROM gst_filing"
	    " WHERE gstin = $1 AND form = $2 AND period = $3";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	*day = NULL;
	stmt_text(s, 1, gstin);
	stmt_text(s, 2, form);
	stmt_int(s, 3, period);
	step = stmt_step(s, e);
	if (step == STEP_ROW) {
		*day = arena_strdup(arena, col_text(s, 0));
		stmt_reset(s);
	}
	return step != STEP_FAILED;
}

/* ---- one period ------------------------------------------------------- */

static bool
read_sums(struct db *db, const char *gstin, int64_t first, int64_t last,
    struct gst3b *f, struct err *e)
{
	/* Cells begin with a digit; sections of GSTR-1 do not. */
	static const char SQL[] = "SELECT section, type, place, sum(taxable),"
	    " sum(igst), sum(cgst), sum(sgst), sum(cess) FROM gst_sum"
	    " WHERE gstin = $1 AND period >= $2 AND period <= $3"
	    " AND section >= '3' AND section < '6'"
	    " GROUP BY section, type, place";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	stmt_text(s, 1, gstin);
	stmt_int(s, 2, first);
	stmt_int(s, 3, last);
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		struct gst3b_figure figure = { .taxable = col_int(s, 3) };
		enum gst_cell cell;

		for (int h = 0; h < GST_HEADS; h++)
			figure.tax[h] = col_int(s, 4 + h);
		if (gst_cell_find(col_text(s, 0), &cell))
			gst3b_add(f, cell, col_text(s, 2),
			    strcmp(col_text(s, 1), "inter") == 0, &figure);
	}
	return step == STEP_DONE;
}

static bool
read_entries(struct db *db, const char *gstin, int64_t first, int64_t last,
    struct gst3b *f, struct err *e)
{
	static const char SQL[] = "SELECT cell, sum(igst), sum(cgst),"
	    " sum(sgst), sum(cess) FROM gst_entry WHERE gstin = $1"
	    " AND period >= $2 AND period <= $3 GROUP BY cell";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	stmt_text(s, 1, gstin);
	stmt_int(s, 2, first);
	stmt_int(s, 3, last);
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		int64_t amount[GST_HEADS];

		for (int h = 0; h < GST_HEADS; h++)
			amount[h] = col_int(s, 1 + h);
		if (!gst3b_enter(f, col_text(s, 0), amount)) {
			stmt_reset(s);
			return err_set(e, ERR_CORRUPT, "a cell of GSTR-3B");
		}
	}
	return step == STEP_DONE;
}

static bool
read_period(struct db *db, const struct reference *reference,
    const char *gstin, int64_t month, const struct gst3b *before,
    struct gst3b_form *out, struct err *e)
{
	if (!gst3b_months(reference, gstin, month, out))
		return err_set(e, ERR_NOT_FOUND, "no registration %.20s",
		    gstin);
	out->figures = (struct gst3b){ 0 };
	if (before != NULL)
		gst3b_follow(&out->figures, before);
	if (!read_sums(db, gstin, out->first, out->period, &out->figures,
	    e) || !read_entries(db, gstin, out->first, out->period,
	    &out->figures, e))
		return false;
	gst3b_end(&out->figures);
	return true;
}

/* The first period that can carry anything into this one, or itself. What
 * somebody said of the credit makes all before it idle, but not what output
 * tax below zero was. */
static bool
find_start(struct db *db, const char *gstin, int64_t period, int64_t *start,
    struct err *e)
{
	static const char SQL[] = "SELECT min(p) FROM ("
	    "SELECT min(period) AS p FROM gst_sum WHERE gstin = $1 UNION ALL"
	    " SELECT min(period) FROM gst_entry WHERE gstin = $1)";
	struct stmt *s = db_stmt(db, SQL);

	stmt_text(s, 1, gstin);
	if (stmt_step(s, e) != STEP_ROW)
		return false;
	*start = col_null(s, 0) || col_int(s, 0) > period ? period :
	    col_int(s, 0);
	stmt_reset(s);
	return true;
}

bool
gst3b_each(struct db *db, const struct reference *reference,
    const char *gstin, int64_t period, bool (*each)(void *,
    const struct gst3b_form *, struct err *), void *arg, struct err *e)
{
	struct gst3b_form form;
	struct gst3b before;
	int64_t month;

	if (!find_start(db, gstin, period, &month, e) ||
	    !read_period(db, reference, gstin, month, NULL, &form, e) ||
	    !each(arg, &form, e))
		return false;
	while (form.period < period) {
		before = form.figures;
		if (!read_period(db, reference, gstin,
		    gst_period_add(form.period, 1), &before, &form, e) ||
		    !each(arg, &form, e))
			return false;
	}
	return true;
}

static bool
keep(void *arg, const struct gst3b_form *form, struct err *e)
{
	(void)e;
	*(struct gst3b_form *)arg = *form;
	return true;
}

bool
gst3b_read(struct db *db, const struct reference *reference,
    const char *gstin, int64_t period, struct gst3b_form *out,
    struct err *e)
{
	return gst3b_each(db, reference, gstin, period, keep, out, e);
}

/* ---- when ------------------------------------------------------------- */

static bool
is_filed_here(const char *form)
{
	return strcmp(form, "gstr1") == 0 || strcmp(form, "iff") == 0 ||
	    strcmp(form, "gstr3b") == 0;
}

/* Behind the last one that was filed, or else where the books begin; 0:
 * neither. */
static bool
first_open(struct db *db, const char *gstin, const char *form, int64_t *out,
    struct err *e)
{
	static const char FILED[] = "SELECT max(period) FROM gst_filing"
	    " WHERE gstin = $1 AND form = $2";
	static const char BEGUN[] = "SELECT min(period) FROM gst_sum"
	    " WHERE gstin = $1";
	struct stmt *s = db_stmt(db, FILED);

	stmt_text(s, 1, gstin);
	stmt_text(s, 2, form);
	if (stmt_step(s, e) != STEP_ROW)
		return false;
	*out = col_null(s, 0) ? 0 : gst_period_add(col_int(s, 0), 1);
	stmt_reset(s);
	if (*out != 0)
		return true;
	s = db_stmt(db, BEGUN);
	stmt_text(s, 1, gstin);
	return stmt_number(s, out, e);
}

#define MONTHS_AHEAD 24

bool
gst_next_due(struct db *db, const struct reference *reference,
    const struct registration *own, const char *form, struct day today,
    int64_t *period, struct day *due, bool *any, struct err *e)
{
	int64_t now = gst_period_of(today), open = 0;
	bool here = is_filed_here(form);

	*any = false;
	if (here && !first_open(db, own->gstin, form, &open, e))
		return false;
	*period = open != 0 ? open : gst_period_add(now, here ? -1 :
	    -MONTHS_AHEAD);
	for (int i = 0; i < 2 * MONTHS_AHEAD && !*any; i++) {
		const struct registration *then;

		if (i > 0)
			*period = gst_period_add(*period, 1);
		/* It may have filed otherwise, or not at all yet. */
		then = reference_registration(reference, own->gstin,
		    gst_period_last(*period));
		*any = then != NULL && gst_form_due(form, then, *period) &&
		    gst_due_day(reference, form, then, *period, due) &&
		    (here || day_between(today, *due) >= 0);
	}
	return true;
}
