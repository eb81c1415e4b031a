/* GSTR-1, GSTR-3B and the ledger: side by side, and where they part. */
#include "store/gst_agree.h"

#include <string.h>

#include "gst/due.h"
#include "store/show.h"

#define INR "INR"

/* ---- sums ------------------------------------------------------------- */

static void
add_heads(struct stmt *s, int at, int sign, int64_t out[TIE_HEADS])
{
	for (int h = 0; h < GST_HEADS; h++)
		out[h] += sign * col_int(s, at + h);
}

/* Sales under reverse charge (4B) have their tax in the return, but it is
 * not ours; table 14 tells of them once more. */
static bool
read_sections(struct db *db, const struct gst3b_form *form,
    int64_t out[TIE_HEADS], struct err *e)
{
	static const char SQL[] = "SELECT section, sum(igst), sum(cgst),"
	    " sum(sgst), sum(cess) FROM gst_sum WHERE gstin = $1"
	    " AND period >= $2 AND period <= $3 AND type <> '4B'"
	    " GROUP BY section";
	struct stmt *s = db_stmt(db, SQL);
	enum gst_section section;
	enum step step;
	bool amended;

	stmt_text(s, 1, form->own->gstin);
	stmt_int(s, 2, form->first);
	stmt_int(s, 3, form->period);
	while ((step = stmt_step(s, e)) == STEP_ROW)
		if (gst_section_root(col_text(s, 0), &section, &amended) &&
		    section != GST_NOWHERE && section != GST_INWARD)
			add_heads(s, 1, 1, out);
	return step == STEP_DONE;
}

/* An amendment lists a document anew: what was filed of it comes off. Month
 * by month, so that the key leads there. */
static bool
read_taken_back(struct db *db, const char *gstin, int64_t month,
    int64_t out[TIE_HEADS], struct err *e)
{
	static const char SQL[] = "SELECT d.nature, sum(r.igst),"
	    " sum(r.cgst), sum(r.sgst), sum(r.cess) FROM gst_row r"
	    " CROSS JOIN gst_document d ON d.version = r.version"
	    " WHERE r.gstin = $1 AND r.period = $2 AND r.section = ''"
	    " AND r.was = 1 AND d.inward = 0 AND d.reverse_charge = 0"
	    " GROUP BY d.nature";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	stmt_text(s, 1, gstin);
	stmt_int(s, 2, month);
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		const char *nature = col_text(s, 0);

		add_heads(s, 1, strcmp(nature, "credit") == 0 ||
		    strcmp(nature, "adjustment") == 0 ? -1 : 1, out);
	}
	return step == STEP_DONE;
}

static bool
read_gstr1(struct db *db, const struct gst3b_form *form,
    int64_t out[TIE_HEADS], struct err *e)
{
	bool ok = read_sections(db, form, out, e);

	for (int64_t month = form->first; ok && month <= form->period;
	    month = gst_period_add(month, 1))
		ok = read_taken_back(db, form->own->gstin, month, out, e);
	return ok;
}

static void
read_form(struct gst_agreement *a)
{
	const struct gst3b_figure *cells = a->form.figures.cells;

	for (int h = 0; h < GST_HEADS; h++) {
		a->outward[h] = cells[GST_3_1A].tax[h] +
		    cells[GST_3_1B].tax[h] + cells[GST_3_1_1I].tax[h];
		a->reverse[h] = cells[GST_3_1D].tax[h];
		for (int cell = GST_4A_IMPG; cell <= GST_4A_OTH; cell++)
			a->credit[h] += cells[cell].tax[h];
		a->credit[h] -= cells[GST_4B_RUL].tax[h] +
		    cells[GST_4B_OTH].tax[h];
	}
}

/* ---- the accounts themselves ------------------------------------------ */

static bool
read_accounts(struct db *db, const char *entity, int64_t first, int64_t last,
    int64_t out[TIE_SIDES], struct err *e)
{
	static const char SQL[] = "SELECT m.kind, m.extra,"
	    " sum(b.base_debit - b.base_credit) FROM master m"
	    " CROSS JOIN balance b ON b.entity = $1 AND b.account = m.code"
	    " WHERE m.tab = 'account' AND m.kind IN ('asset', 'liability')"
	    " AND lower(m.extra) LIKE '%gst%'"
	    " AND b.period >= $2 AND b.period <= $3"
	    " GROUP BY m.code";
	struct stmt *s = db_stmt(db, SQL);
	struct day from = gst_period_first(first), to = gst_period_last(last);
	char begin[8], end[8];
	enum tie_side side;
	enum step step;
	int head;

	day_period(from, begin);
	day_period(to, end);
	stmt_text(s, 1, entity);
	stmt_text(s, 2, begin);
	stmt_text(s, 3, end);
	while ((step = stmt_step(s, e)) == STEP_ROW)
		if (tie_account(col_text(s, 0), col_text(s, 1), &side,
		    &head))
			out[side] += side == TIE_OUTPUT ? - col_int(s, 2) :
			    col_int(s, 2);
	return step == STEP_DONE;
}

bool
gst_stray(struct db *db, const char *entity, int64_t first, int64_t last,
    int64_t out[TIE_SIDES], struct err *e)
{
	struct tie_sums sums;

	memset(out, 0, TIE_SIDES * sizeof *out);
	if (!read_accounts(db, entity, first, last, out, e) ||
	    !tie_sums(db, entity, NULL, first, last, &sums, e))
		return false;
	for (int side = 0; side < TIE_SIDES; side++)
		for (int head = 0; head < TIE_HEADS; head++)
			out[side] -= sums.ledger[side][head];
	return true;
}

/* ---- documents -------------------------------------------------------- */

static bool
concerns(const struct gst_agreement *a, const struct tie *tie)
{
	return tie->gstin[0] == '\0' ||
	    strcmp(tie->gstin, a->form.own->gstin) == 0;
}

static bool
count(void *arg, const struct tie *tie, struct err *e)
{
	struct gst_agreement *a = arg;

	(void)e;
	if (!concerns(a, tie))
		return true;
	a->documents[tie->class]++;
	for (int side = 0; side < TIE_SIDES; side++)
		for (int head = 0; head < TIE_HEADS; head++)
			a->off[tie->class][side][head] +=
			    tie->amount[side][head];
	return true;
}

static bool
agrees(const struct gst_agreement *a)
{
	bool ok = a->stray[TIE_OUTPUT] == 0 && a->stray[TIE_INPUT] == 0;

	for (int class = 0; class < TIE_CLASSES; class++)
		ok = ok && (!tie_open((enum tie_class)class) ||
		    a->documents[class] == 0);
	for (int h = 0; h < GST_HEADS; h++)
		ok = ok && a->gstr1[h] == a->outward[h] &&
		    a->sums.returned[TIE_OUTPUT][h] == a->outward[h] +
		    a->reverse[h] &&
		    a->sums.returned[TIE_INPUT][h] == a->credit[h];
	return ok;
}

bool
gst_agree_read(struct db *db, const struct reference *reference,
    const char *gstin, int64_t period, struct gst_agreement *a,
    struct err *e)
{
	const struct gst3b_form *form = &a->form;

	*a = (struct gst_agreement){ .agrees = false };
	if (!gst3b_read(db, reference, gstin, period, &a->form, e))
		return false;
	read_form(a);
	if (!read_gstr1(db, form, a->gstr1, e) ||
	    !tie_sums(db, form->own->entity, gstin, form->first,
	    form->period, &a->sums, e) || !gst_stray(db, form->own->entity,
	    form->first, form->period, a->stray, e) || !ties_read(db,
	    form->own->entity, form->first, form->period, count, a, e))
		return false;
	a->agrees = agrees(a);
	return true;
}

/* ---- as JSON ---------------------------------------------------------- */

static void
show_side(struct json *j, const char *key, const int64_t amount[TIE_HEADS])
{
	json_key(j, key);
	json_open(j, '{');
	for (int head = 0; head < TIE_HEADS; head++)
		if (head < GST_HEADS || amount[head] != 0)
			show_amount(j, tie_head_name(head), amount[head],
			    INR);
	json_close(j, '}');
}

static void
show_compared(struct json *j, const struct gst_agreement *a)
{
	int64_t off[TIE_SIDES][TIE_HEADS];

	for (int side = 0; side < TIE_SIDES; side++)
		for (int head = 0; head < TIE_HEADS; head++)
			off[side][head] = a->sums.ledger[side][head] -
			    a->sums.returned[side][head];
	json_key(j, "output");
	json_open(j, '{');
	show_side(j, "gstr1", a->gstr1);
	show_side(j, "gstr3b", a->outward);
	show_side(j, "reverse_charge", a->reverse);
	show_side(j, "ledger", a->sums.ledger[TIE_OUTPUT]);
	show_side(j, "difference", off[TIE_OUTPUT]);
	json_close(j, '}');
	json_key(j, "input");
	json_open(j, '{');
	show_side(j, "gstr3b", a->credit);
	show_side(j, "ledger", a->sums.ledger[TIE_INPUT]);
	show_side(j, "difference", off[TIE_INPUT]);
	json_close(j, '}');
	json_key(j, "stray");
	json_open(j, '{');
	show_amount(j, "output", a->stray[TIE_OUTPUT], INR);
	show_amount(j, "input", a->stray[TIE_INPUT], INR);
	json_close(j, '}');
}

static void
show_classes(struct json *j, const struct gst_agreement *a)
{
	json_key(j, "classes");
	json_open(j, '[');
	for (int class = 0; class < TIE_CLASSES; class++) {
		json_open(j, '{');
		json_kstr(j, "class", tie_class_name((enum tie_class)class));
		json_key(j, "open");
		json_bool(j, tie_open((enum tie_class)class));
		json_kint(j, "documents", a->documents[class]);
		show_side(j, "output", a->off[class][TIE_OUTPUT]);
		show_side(j, "input", a->off[class][TIE_INPUT]);
		json_close(j, '}');
	}
	json_close(j, ']');
}

struct listing {
	struct db *db;
	const struct gst_agreement *a;
	struct json *json;
	int left;
	bool more;
};

/* That it came by; none, of what is void or a journal alone. */
static bool
show_came(const struct listing *l, const struct tie *tie, struct err *e)
{
	static const char SQL[] = "SELECT event FROM document"
	    " WHERE entity = $1 AND kind = $2 AND number = $3";
	struct stmt *s = db_stmt(l->db, SQL);
	enum step step;

	stmt_text(s, 1, l->a->form.own->entity);
	stmt_text(s, 2, tie->kind);
	stmt_text(s, 3, tie->number);
	step = stmt_step(s, e);
	if (step == STEP_ROW)
		show_id(l->json, "event", 'E', col_int(s, 0));
	else
		json_kstr(l->json, "event", NULL);
	if (step == STEP_ROW)
		stmt_reset(s);
	return step != STEP_FAILED;
}

static bool
show_tie(void *arg, const struct tie *tie, struct err *e)
{
	struct listing *l = arg;
	struct json *j = l->json;

	if (!concerns(l->a, tie))
		return true;
	if (l->left-- <= 0) {
		l->more = true;
		return true;
	}
	json_open(j, '{');
	if (!show_came(l, tie, e))
		return false;
	show_name(j, l->a->form.own->entity, tie->kind, tie->number);
	json_kstr(j, "kind", tie->kind);
	json_kstr(j, "number", tie->number);
	json_kstr(j, "gstin", tie->gstin[0] != '\0' ? tie->gstin : NULL);
	json_kstr(j, "class", tie_class_name(tie->class));
	json_key(j, "open");
	json_bool(j, tie_open(tie->class));
	show_side(j, "output", tie->amount[TIE_OUTPUT]);
	show_side(j, "input", tie->amount[TIE_INPUT]);
	json_close(j, '}');
	return true;
}

static bool
show_ties(struct db *db, const struct gst_agreement *a, int limit,
    struct json *j, struct err *e)
{
	const struct gst3b_form *form = &a->form;
	struct listing l = { db, a, j, limit, false };

	json_key(j, "items");
	json_open(j, '[');
	if (!ties_read(db, form->own->entity, form->first, form->period,
	    show_tie, &l, e))
		return false;
	json_close(j, ']');
	json_key(j, "more");
	json_bool(j, l.more);
	return true;
}

static void
show_period(struct json *j, const char *key, int64_t period)
{
	char text[GST_PERIOD_SIZE];

	gst_period_text(period, text);
	json_kstr(j, key, text);
}

bool
view_gst_agree(struct db *db, const struct reference *reference,
    const char *gstin, int64_t period, int limit, struct arena *arena,
    struct json *j, struct err *e)
{
	struct gst_agreement *a = arena_alloc(arena, sizeof *a);

	if (!gst_agree_read(db, reference, gstin, period, a, e))
		return false;
	json_open(j, '{');
	json_kstr(j, "gstin", gstin);
	json_kstr(j, "entity", a->form.own->entity);
	show_period(j, "period", a->form.period);
	show_period(j, "first", a->form.first);
	json_kstr(j, "currency", INR);
	json_key(j, "agrees");
	json_bool(j, a->agrees);
	show_compared(j, a);
	show_classes(j, a);
	if (!show_ties(db, a, limit, j, e))
		return false;
	json_close(j, '}');
	return true;
}
