/* Summaries of returns and what is behind each figure, as JSON. */
#include "store/view_gst.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "book/quantity.h"
#include "core/i18n.h"
#include "gst/due.h"
#include "gst/rate.h"
#include "store/show.h"

#define INR "INR"
#define FIGURES 6		/* value taxable igst cgst sgst cess */

static const char *const figures[FIGURES] = {
	"value", "taxable", "igst", "cgst", "sgst", "cess"
};

static void
show_figures(struct json *j, const int64_t *n)
{
	for (int i = 0; i < FIGURES; i++)
		show_amount(j, figures[i], n[i], INR);
}

static void
read_figures(struct stmt *s, int from, int64_t *n)
{
	for (int i = 0; i < FIGURES; i++)
		n[i] = col_int(s, from + i);
}

static void
show_period(struct json *j, const char *key, int64_t period)
{
	char text[GST_PERIOD_SIZE];

	gst_period_text(period, text);
	json_kstr(j, key, text);
}

static void
show_rate(struct json *j, int64_t rate)
{
	char text[GST_RATE_SIZE];

	gst_rate_text(rate < 0 ? 0 : rate, text);
	json_kstr(j, "rate", rate < 0 ? NULL : text);
}

static void
open_items(struct json *j)
{
	json_open(j, '{');
	json_key(j, "items");
	json_open(j, '[');
}

static void
close_items(struct json *j)
{
	json_close(j, ']');
	json_close(j, '}');
}

static void
bind_return(struct stmt *s, const struct gst_ask *ask)
{
	stmt_text(s, 1, ask->own->gstin);
	stmt_int(s, 2, ask->period);
}

/* ---- registrations ---------------------------------------------------- */

/* Documents from before it was registered that were read so far; null: all
 * that there are. */
static bool
show_reading(struct db *db, const char *entity, struct json *j,
    struct err *e)
{
	static const char SQL[] =
	    "SELECT done FROM gst_reading WHERE entity = $1 AND ended = 0";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	stmt_text(s, 1, entity);
	step = stmt_step(s, e);
	json_key(j, "reading");
	if (step == STEP_ROW) {
		json_int(j, col_int(s, 0));
		stmt_reset(s);
	} else {
		json_null(j);
	}
	return step != STEP_FAILED;
}

bool
view_gst_registrations(struct db *db, const struct reference *reference,
    struct json *j, struct err *e)
{
	const struct registration *own;
	bool ok = true;
	size_t at = 0;

	open_items(j);
	while (ok && (own = reference_next_registration(reference, &at)) !=
	    NULL) {
		const struct master *entity = reference_find(reference,
		    REF_ENTITY, own->entity);
		const struct gst_state *state;
		char code[3] = { own->gstin[0], own->gstin[1] };
		bool sees;

		ok = show_sees_gstin(db, own->gstin, &sees, e);
		if (!ok || !sees)
			continue;
		state = reference_gst_state(reference, code);
		json_open(j, '{');
		json_kstr(j, "gstin", own->gstin);
		json_kstr(j, "entity", own->entity);
		json_kstr(j, "name", entity != NULL ? entity->name : NULL);
		json_kstr(j, "state", state != NULL ? state->name : NULL);
		json_kstr(j, "kind", own->kind);
		json_kstr(j, "filing", own->filing);
		ok = show_reading(db, own->entity, j, e);
		json_close(j, '}');
	}
	close_items(j);
	return ok;
}

/* ---- summary ---------------------------------------------------------- */

static const struct section {
	const char *name, *table, *title;
	bool always;		/* also with nothing in it */
} sections[] = {
	{ "b2b", "4A, 4B, 6B, 6C", N_("Invoices to registered persons"),
	    true },
	{ "b2cl", "5", N_("Large invoices to unregistered persons, "
	    "inter-state"), true },
	{ "exp", "6A", N_("Exports"), true },
	{ "b2cs", "7", N_("Other supplies to unregistered persons"), true },
	{ "nil", "8", N_("Nil rated, exempted and non-GST"), true },
	{ "cdnr", "9B", N_("Notes to registered persons"), true },
	{ "cdnur", "9B", N_("Notes to unregistered persons"), true },
	{ "b2ba", "9A", N_("Amended invoices to registered persons"),
	    false },
	{ "b2cla", "9A", N_("Amended large invoices"), false },
	{ "expa", "9A", N_("Amended exports"), false },
	{ "cdnra", "9C", N_("Amended notes to registered persons"), false },
	{ "cdnura", "9C", N_("Amended notes to unregistered persons"),
	    false },
	{ "b2csa", "10", N_("Amended supplies to unregistered persons"),
	    false },
	{ "at", "11A", N_("Advances received"), true },
	{ "txpd", "11B", N_("Advances adjusted"), true },
	{ "ata", "11(II)", N_("Amended advances received"), false },
	{ "txpda", "11(II)", N_("Amended advances adjusted"), false },
	{ "supeco", "14", N_("Supplies through operators"), false },
	{ "supecoa", "14A", N_("Amended supplies through operators"),
	    false },
	{ "ecom", "15", N_("Supplies as an operator"), false },
	{ "ecoma", "15A", N_("Amended supplies as an operator"), false },
};

#define SECTIONS (sizeof sections / sizeof *sections)

const char *
gst_table_of(const char *name)
{
	for (size_t i = 0; i < SECTIONS; i++)
		if (strcmp(sections[i].name, name) == 0)
			return sections[i].table;
	return NULL;
}

struct sum {
	int64_t documents, rows, n[FIGURES];
};

struct summary {
	struct sum sections[SECTIONS], total, hsn;
	int64_t unplaced, issued, cancelled;
};

static const char *const totals[] = {
	"3.1(a)", "3.1(b)", "3.1(c)", "3.1(e)", "3.1.1(i)", "3.1.1(ii)", NULL
};

static void
add_sum(struct sum *to, const struct sum *one)
{
	to->documents += one->documents;
	to->rows += one->rows;
	for (int i = 0; i < FIGURES; i++)
		to->n[i] += one->n[i];
}

/* The whole is what the return makes due, net of what it amends: as the
 * cells of GSTR-3B have it. Documents are counted once. */
static void
add_section(struct summary *out, const char *name, const struct sum *one)
{
	for (size_t i = 0; i < SECTIONS; i++)
		if (strcmp(sections[i].name, name) == 0)
			add_sum(&out->sections[i], one);
	if (strcmp(name, "unplaced") == 0)
		out->unplaced += one->documents;
	if (strcmp(name, GST_OUTWARD) == 0) {
		out->total.documents += one->documents;
		out->total.rows += one->rows;
		out->total.n[0] += one->n[0];
	}
	for (size_t i = 0; totals[i] != NULL; i++)
		for (int k = 1; strcmp(totals[i], name) == 0 && k < FIGURES;
		    k++)
			out->total.n[k] += one->n[k];
}

static bool
read_sections(struct db *db, const struct gst_ask *ask, struct summary *out,
    struct err *e)
{
	static const char SQL[] = "SELECT section, sum(first), sum(n),"
	    " sum(value), sum(taxable), sum(igst), sum(cgst), sum(sgst),"
	    " sum(cess) FROM gst_sum WHERE gstin = $1 AND period = $2"
	    " GROUP BY section";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	bind_return(s, ask);
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		struct sum one = { col_int(s, 1), col_int(s, 2), { 0 } };

		read_figures(s, 3, one.n);
		add_section(out, col_text(s, 0), &one);
	}
	return step == STEP_DONE;
}

static bool
read_tables(struct db *db, const struct gst_ask *ask, struct summary *out,
    struct err *e)
{
	static const char HSN[] = "SELECT count(*), sum(value), sum(taxable),"
	    " sum(igst), sum(cgst), sum(sgst), sum(cess) FROM gst_hsn"
	    " WHERE gstin = $1 AND period = $2 AND part IN ('b2b', 'b2c')"
	    " AND (quantity <> 0 OR value <> 0)";
	static const char ISSUED[] = "SELECT sum(n), sum(cancelled)"
	    " FROM gst_series WHERE gstin = $1 AND period = $2";
	struct stmt *s = db_stmt(db, HSN);

	bind_return(s, ask);
	if (stmt_step(s, e) != STEP_ROW)
		return false;
	out->hsn.rows = col_int(s, 0);
	read_figures(s, 1, out->hsn.n);
	stmt_reset(s);
	s = db_stmt(db, ISSUED);
	bind_return(s, ask);
	if (stmt_step(s, e) != STEP_ROW)
		return false;
	out->issued = col_int(s, 0);
	out->cancelled = col_int(s, 1);
	stmt_reset(s);
	return true;
}

static void
show_sum(struct json *j, const struct sum *sum)
{
	json_kint(j, "documents", sum->documents);
	json_kint(j, "rows", sum->rows);
	show_figures(j, sum->n);
}

static void
show_section(struct json *j, const char *name, const char *table,
    const char *title, const struct sum *sum)
{
	json_open(j, '{');
	json_kstr(j, "section", name);
	json_kstr(j, "table", table);
	json_kstr(j, "title", title);
	show_sum(j, sum);
	json_close(j, '}');
}

static void
show_sections(struct json *j, const struct summary *summary)
{
	const struct sum issued = { summary->issued, summary->cancelled,
	    { 0 } };

	json_key(j, "sections");
	json_open(j, '[');
	for (size_t i = 0; i < SECTIONS; i++) {
		const struct sum *sum = &summary->sections[i];

		if (sections[i].always || sum->documents != 0 ||
		    sum->n[1] != 0)
			show_section(j, sections[i].name, sections[i].table,
			    sections[i].title, sum);
	}
	show_section(j, "hsn", "12", N_("Summary by HSN"), &summary->hsn);
	show_section(j, "doc_issue", "13", N_("Numbers issued"), &issued);
	json_close(j, ']');
	json_key(j, "total");
	json_open(j, '{');
	show_sum(j, &summary->total);
	json_close(j, '}');
}

static void
show_dues(const struct reference *reference, const struct gst_ask *ask,
    struct day today, struct json *j)
{
	static const char *const forms[] = { "gstr1", "iff", "gstr3b" };

	json_key(j, "due");
	json_open(j, '[');
	for (size_t i = 0; i < 3; i++) {
		struct day day;

		if (!gst_form_due(forms[i], ask->own, ask->period) ||
		    !gst_due_day(reference, forms[i], ask->own, ask->period,
		    &day))
			continue;
		json_open(j, '{');
		json_kstr(j, "form", forms[i]);
		json_kstr(j, "date", day.text);
		json_kint(j, "days", day_between(today, day));
		json_close(j, '}');
	}
	json_close(j, ']');
}

static bool
show_state(struct db *db, const struct gst_ask *ask, struct json *j,
    struct err *e)
{
	bool filed;

	if (!gst_filed(db, "gstr1", ask->own->gstin, ask->period, &filed, e))
		return false;
	json_kstr(j, "state", filed ? "filed" : "open");
	return show_as_of(db, j, e);
}

static bool
show_changed(struct db *db, const struct gst_ask *ask, struct json *j,
    struct err *e)
{
	int64_t since, documents;

	if (!gst_changed_since(db, ask, &since, &documents, e))
		return false;
	json_key(j, "changed");
	json_open(j, '{');
	json_key(j, "since");
	if (since > 0)
		json_int(j, since);
	else
		json_null(j);
	json_kint(j, "documents", documents);
	json_close(j, '}');
	return true;
}

bool
view_gst_summary(struct db *db, const struct reference *reference,
    const struct gst_ask *ask, struct day today, struct json *j,
    struct err *e)
{
	struct summary summary = { 0 };
	bool ok;

	if (!read_sections(db, ask, &summary, e) ||
	    !read_tables(db, ask, &summary, e))
		return false;
	json_open(j, '{');
	json_kstr(j, "gstin", ask->own->gstin);
	json_kstr(j, "entity", ask->own->entity);
	show_period(j, "period", ask->period);
	json_kstr(j, "filing", ask->own->filing);
	ok = show_state(db, ask, j, e);
	show_dues(reference, ask, today, j);
	show_sections(j, &summary);
	json_key(j, "unplaced");
	json_open(j, '{');
	json_kint(j, "documents", summary.unplaced);
	json_close(j, '}');
	ok = ok && show_changed(db, ask, j, e);
	json_close(j, '}');
	return ok;
}

/* ---- cells ------------------------------------------------------------ */

bool
view_gst_cells(struct db *db, const struct gst_ask *ask, struct json *j,
    struct err *e)
{
	static const char SQL[] = "SELECT type, place, rate, documents, n,"
	    " value, taxable, igst, cgst, sgst, cess FROM gst_sum"
	    " WHERE gstin = $1 AND period = $2 AND section = $3"
	    " AND (n <> 0 OR taxable <> 0 OR igst <> 0 OR cgst <> 0"
	    " OR sgst <> 0 OR cess <> 0) ORDER BY type, place, rate";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	bind_return(s, ask);
	stmt_text(s, 3, ask->section);
	open_items(j);
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		int64_t n[FIGURES];

		json_open(j, '{');
		json_kstr(j, "type", col_text(s, 0));
		json_kstr(j, "place", col_text(s, 1));
		show_rate(j, col_int(s, 2));
		json_kint(j, "documents", col_int(s, 3));
		json_kint(j, "rows", col_int(s, 4));
		read_figures(s, 5, n);
		show_figures(j, n);
		json_close(j, '}');
	}
	close_items(j);
	return step == STEP_DONE;
}

/* ---- documents -------------------------------------------------------- */

/* Where a page ended: period.section.version.n */
struct mark {
	int64_t period, version, n;
	const char *section;
};

static bool
read_mark(const struct gst_ask *ask, struct arena *arena, struct mark *out)
{
	char *at, *end;

	*out = (struct mark){ ask->first, -1, -1, "" };
	if (ask->after == NULL)
		return true;
	out->period = strtoll(ask->after, &end, 10);
	if (*end != '.')
		return false;
	at = arena_strdup(arena, end + 1);
	out->section = at;
	if ((end = strchr(at, '.')) == NULL)
		return false;
	*end = '\0';
	out->version = strtoll(end + 1, &end, 10);
	if (*end != '.')
		return false;
	out->n = strtoll(end + 1, &end, 10);
	return *end == '\0' && out->period >= ask->first &&
	    out->period <= ask->period;
}

/* The type as sums have it, by which they are opened. */
#define SUM_TYPE "CASE WHEN d.reverse_charge = 1 AND d.inward = 0 AND" \
	" r.section IN ('b2b', 'b2ba', 'cdnr', 'cdnra') THEN '4B'" \
	" WHEN d.seller IS NOT NULL AND r.section IN ('ecom', 'ecoma')" \
	" THEN r.type || '/' || d.seller ELSE r.type END"
#define ROW "SELECT r.period, r.section, r.version, r.n, d.entity, d.kind," \
	" d.number, d.date, d.ctin, d.name, r.place, r.type, r.rate," \
	" r.treatment, d.value, r.taxable, r.igst, r.cgst, r.sgst, r.cess," \
	" d.nature, d.amends, r.was, d.reverse_charge, d.inward, d.party" \
	" FROM gst_row r JOIN gst_document d ON d.version = r.version"
#define FITS " AND ($7 IS NULL OR " SUM_TYPE " = $7)" \
	" AND ($8 IS NULL OR r.place = $8) AND ($9 < 0 OR r.rate = $9)"

static bool
lowers(const char *nature)
{
	return strcmp(nature, "credit") == 0 ||
	    strcmp(nature, "adjustment") == 0;
}

/* Signed, so that they add up to the sum that was opened. */
static void
show_row(struct json *j, struct stmt *s, bool cell)
{
	const char *entity = col_text(s, 4), *kind = col_text(s, 5);
	const char *number = col_text(s, 6);
	int sign = lowers(col_text(s, 20)) ? -1 : 1;
	bool untaxed = cell && col_int(s, 23) != 0 && col_int(s, 24) == 0;
	int64_t n[FIGURES];

	json_open(j, '{');
	show_id(j, "event", 'E', col_int(s, 2) / DOCUMENT_PARTS_MAX);
	show_name(j, entity, kind, number);
	json_kstr(j, "entity", entity);
	json_kstr(j, "kind", kind);
	json_kstr(j, "number", number);
	json_kstr(j, "date", col_text(s, 7));
	json_kstr(j, "ctin", col_text(s, 8));
	json_kstr(j, "party", col_text(s, 25));
	json_kstr(j, "name", col_text(s, 9));
	json_kstr(j, "place", col_text(s, 10));
	json_kstr(j, "section", col_text(s, 1));
	json_kstr(j, "type", col_text(s, 11));
	show_rate(j, col_int(s, 12));
	json_kstr(j, "treatment", col_text(s, 13));
	for (int i = 0; i < FIGURES; i++)
		n[i] = i > 1 && untaxed ? 0 : sign * col_int(s, 14 + i);
	show_figures(j, n);
	json_key(j, "amends");
	json_bool(j, col_int(s, 21) != 0);
	json_key(j, "takes_back");
	json_bool(j, col_int(s, 22) != 0);
	json_close(j, '}');
}

static struct stmt *
ask_section(struct db *db, const struct gst_ask *ask)
{
	static const char SQL[] = ROW " WHERE r.gstin = $1 AND r.period = $2"
	    " AND r.section = $3 AND (r.version, r.n) > ($4, $5)" FITS
	    " ORDER BY r.version, r.n LIMIT $6";
	struct stmt *s = db_stmt(db, SQL);

	stmt_text(s, 3, ask->section);
	return s;
}

/* A cell has rows of many sections. */
static struct stmt *
ask_cell(struct db *db, const struct gst_ask *ask, const struct mark *m)
{
	static const char SQL[] = ROW " WHERE r.gstin = $1 AND r.period = $2"
	    " AND (r.section, r.version, r.n) > ($3, $4, $5)"
	    " AND d.period = $11"
	    " AND instr(' ' || r.cell || ' ' || r.also || ' ',"
	    " ' ' || $10 || ' ') > 0" FITS
	    " ORDER BY r.section, r.version, r.n LIMIT $6";
	struct stmt *s = db_stmt(db, SQL);

	stmt_text(s, 3, m->section);
	stmt_text(s, 10, ask->section);
	stmt_int(s, 11, ask->period);
	return s;
}

static void
show_mark(struct json *j, bool more, const struct mark *m)
{
	char text[96];

	snprintf(text, sizeof text, "%lld.%.40s.%lld.%lld",
	    (long long)m->period, m->section, (long long)m->version,
	    (long long)m->n);
	json_kstr(j, "next", more ? text : NULL);
}

struct page {
	struct db *db;
	const struct gst_ask *ask;
	struct arena *arena;
	struct json *j;
	struct mark mark;
	bool cell, more;
	int n;
};

/* Of one month's return, from where the mark is. */
static bool
page_of_period(struct page *p, struct err *e)
{
	const struct gst_ask *ask = p->ask;
	struct stmt *s = p->cell ? ask_cell(p->db, ask, &p->mark) :
	    ask_section(p->db, ask);
	enum step step;

	stmt_text(s, 1, ask->own->gstin);
	stmt_int(s, 2, p->mark.period);
	stmt_int(s, 4, p->mark.version);
	stmt_int(s, 5, p->mark.n);
	stmt_int(s, 6, ask->limit + 1 - p->n);
	/* A cell's own type is of its sums alone. */
	stmt_text(s, 7, p->cell ? NULL : ask->type);
	stmt_text(s, 8, ask->place);
	stmt_int(s, 9, ask->rate);
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		if (p->n++ == ask->limit) {
			p->more = true;
			stmt_reset(s);
			return true;
		}
		p->mark = (struct mark){ col_int(s, 0), col_int(s, 2),
		    col_int(s, 3), arena_strdup(p->arena, col_text(s, 1)) };
		show_row(p->j, s, p->cell);
	}
	return step == STEP_DONE;
}

/* A cell of GSTR-3B has what an IFF of its quarter has, too. */
bool
view_gst_documents(struct db *db, const struct gst_ask *ask,
    struct arena *arena, struct json *j, struct err *e)
{
	struct page p = { .db = db, .ask = ask, .arena = arena, .j = j };
	enum gst_cell ignored;
	bool ok = true;

	p.cell = gst_cell_find(ask->section, &ignored);
	if (!read_mark(ask, arena, &p.mark))
		return err_set(e, ERR_REQUEST, "after: %.40s", ask->after);
	if (!p.cell)
		p.mark.period = ask->period;
	json_open(j, '{');
	json_key(j, "items");
	json_open(j, '[');
	while (ok && !p.more && p.mark.period <= ask->period) {
		ok = page_of_period(&p, e);
		if (!p.more)
			p.mark = (struct mark){ gst_period_add(p.mark.period,
			    1), -1, -1, "" };
	}
	json_close(j, ']');
	show_mark(j, p.more, &p.mark);
	json_close(j, '}');
	return ok;
}

/* ---- HSN -------------------------------------------------------------- */

bool
view_gst_hsn(struct db *db, const struct reference *reference,
    const struct gst_ask *ask, struct json *j, struct err *e)
{
	static const char SQL[] = "SELECT part, hsn, unit, rate, quantity,"
	    " value, taxable, igst, cgst, sgst, cess FROM gst_hsn"
	    " WHERE gstin = $1 AND period = $2 AND (quantity <> 0 OR"
	    " value <> 0) AND CASE WHEN $3 IS NULL THEN part <> 'in'"
	    " ELSE part = $3 END ORDER BY part, hsn, unit, rate";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	bind_return(s, ask);
	stmt_text(s, 3, ask->section);
	open_items(j);
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		int64_t n[FIGURES];
		struct str quantity;

		str_init(&quantity, 64);
		quantity_plain(col_int(s, 4), &quantity);
		json_open(j, '{');
		json_kstr(j, "part", col_text(s, 0));
		json_kstr(j, "hsn", col_text(s, 1));
		json_kstr(j, "description", reference_hsn(reference,
		    col_text(s, 1)));
		json_kstr(j, "unit", col_text(s, 2));
		show_rate(j, col_int(s, 3));
		json_kstr(j, "quantity", quantity.p);
		read_figures(s, 5, n);
		show_figures(j, n);
		json_close(j, '}');
		str_free(&quantity);
	}
	close_items(j);
	return step == STEP_DONE;
}
