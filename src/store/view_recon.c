#include "store/view_recon.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "book/document.h"
#include "gst/clean.h"
#include "gst/due.h"
#include "store/recon.h"
#include "store/recon_list.h"
#include "store/show.h"

#define RUPEES "INR"

/* ---- both sides ------------------------------------------------------- */

/* Of a line of the register; the columns begin at these. */
#define LINE "SELECT c.period, c.party, c.inward, c.version, c.status," \
	" c.rule, c.differs, c.twin, c.books," \
	" r.period, r.section, r.class, r.credit, r.party, r.name," \
	" r.number, r.date, r.place, r.reverse_charge, r.value, r.taxable," \
	" r.igst, r.cgst, r.sgst, r.cess, r.form, r.available, r.reason," \
	" r.rejected, r.odd, r.ims, r.filed, r.original, r.port, r.type," \
	" p.entity, p.kind, p.number, p.period, p.class, p.credit, p.party," \
	" p.ctin, p.name, p.bill, p.date, p.place, p.reverse_charge," \
	" p.value, p.taxable, p.igst, p.cgst, p.sgst, p.cess, p.itc," \
	" w.action, w.ims, w.link, w.actor, w.at, w.reason," \
	" EXISTS (SELECT 1 FROM inward_file f WHERE f.gstin = c.gstin" \
	" AND f.form = '2b' AND f.period = c.period AND f.replaced = 0)," \
	" t.bill, c.gstin" \
	" FROM recon c LEFT JOIN inward_row r ON r.id = c.inward" \
	" LEFT JOIN purchase p ON p.version = c.version" \
	" LEFT JOIN purchase t ON t.version = c.twin AND c.twin <> 0" \
	" LEFT JOIN recon_word w ON w.item = CASE WHEN c.inward <> 0" \
	" THEN 'R' || c.inward ELSE" \
	" p.entity || '/' || p.kind || '/' || p.number END"

enum { C_PERIOD, C_PARTY, C_INWARD, C_VERSION, C_STATUS, C_RULE, C_DIFFERS,
	C_TWIN, C_BOOKS, R_PERIOD, R_SECTION, R_CLASS, R_CREDIT, R_PARTY,
	R_NAME, R_NUMBER, R_DATE, R_PLACE, R_REVERSE, R_VALUE, R_TAXABLE,
	R_IGST, R_CGST, R_SGST, R_CESS, R_FORM, R_AVAILABLE, R_REASON,
	R_REJECTED, R_ODD, R_IMS, R_FILED, R_ORIGINAL, R_PORT, R_TYPE,
	P_ENTITY, P_KIND, P_NUMBER, P_PERIOD, P_CLASS, P_CREDIT, P_PARTY,
	P_CTIN, P_NAME, P_BILL, P_DATE, P_PLACE, P_REVERSE, P_VALUE,
	P_TAXABLE, P_IGST, P_CGST, P_SGST, P_CESS, P_ITC, W_ACTION, W_IMS,
	W_LINK, W_ACTOR, W_AT, W_REASON, L_HERE, T_BILL, L_GSTIN };

static void
write_period(struct json *j, const char *key, int64_t period)
{
	char text[GST_PERIOD_SIZE];

	gst_period_text(period, text);
	json_kstr(j, key, period != 0 ? text : NULL);
}

static void
write_yes(struct json *j, const char *key, bool yes)
{
	json_key(j, key);
	json_bool(j, yes);
}

#define AMOUNTS 6
static const char *const amounts[AMOUNTS] = { "value", "taxable", "igst",
	"cgst", "sgst", "cess" };

/* In this order, from that one on. */
static void
write_from(struct json *j, struct stmt *s, int at, int first)
{
	for (int i = first; i < AMOUNTS; i++)
		show_amount(j, amounts[i], col_int(s, at + i - first),
		    RUPEES);
}

static void
write_amounts(struct json *j, struct stmt *s, int at)
{
	write_from(j, s, at, 0);
}

static void
write_portal(struct json *j, struct stmt *s)
{
	json_key(j, "portal");
	if (col_int(s, C_INWARD) == 0) {
		json_null(j);
		return;
	}
	json_open(j, '{');
	json_kstr(j, "form", col_text(s, R_FORM));
	write_period(j, "period", col_int(s, R_PERIOD));
	json_kstr(j, "section", col_text(s, R_SECTION));
	json_kstr(j, "type", col_text(s, R_TYPE));
	json_kstr(j, "number", col_text(s, R_NUMBER));
	json_kstr(j, "date", col_text(s, R_DATE));
	json_kstr(j, "ctin", col_text(s, R_PARTY));
	json_kstr(j, "place", col_text(s, R_PLACE));
	write_yes(j, "reverse_charge", col_int(s, R_REVERSE) != 0);
	write_amounts(j, s, R_VALUE);
	json_kstr(j, "available", col_text(s, R_AVAILABLE));
	json_kstr(j, "reason", col_text(s, R_REASON));
	json_kstr(j, "filed", col_text(s, R_FILED));
	json_kstr(j, "ims", col_text(s, R_IMS));
	json_kstr(j, "original", col_text(s, R_ORIGINAL));
	json_kstr(j, "port", col_text(s, R_PORT));
	write_yes(j, "rejected", col_int(s, R_REJECTED) != 0);
	write_yes(j, "odd", col_int(s, R_ODD) != 0);
	json_close(j, '}');
}

static void
write_books(struct json *j, struct stmt *s)
{
	json_key(j, "books");
	if (col_int(s, C_VERSION) == 0 || col_null(s, P_ENTITY)) {
		json_null(j);
		return;
	}
	json_open(j, '{');
	show_id(j, "event", 'E', col_int(s, C_VERSION) /
	    DOCUMENT_PARTS_MAX);
	show_name(j, col_text(s, P_ENTITY), col_text(s, P_KIND),
	    col_text(s, P_NUMBER));
	write_period(j, "period", col_int(s, P_PERIOD));
	json_kstr(j, "party", col_text(s, P_PARTY));
	json_kstr(j, "ctin", col_text(s, P_CTIN));
	json_kstr(j, "number", col_text(s, P_BILL));
	json_kstr(j, "date", col_text(s, P_DATE));
	json_kstr(j, "place", col_text(s, P_PLACE));
	write_yes(j, "reverse_charge", col_int(s, P_REVERSE) != 0);
	write_amounts(j, s, P_VALUE);
	json_kstr(j, "itc", col_text(s, P_ITC));
	json_close(j, '}');
}

/* 2B minus books. */
static void
write_differences(struct json *j, struct stmt *s)
{
	json_key(j, "differences");
	json_open(j, '{');
	for (int i = 0; i < AMOUNTS && col_int(s, C_INWARD) != 0 &&
	    col_int(s, C_VERSION) != 0; i++) {
		int64_t by = col_int(s, R_VALUE + i) -
		    col_int(s, P_VALUE + i);

		if (by != 0)
			show_amount(j, amounts[i], by, RUPEES);
	}
	json_close(j, '}');
}

static const char *
form_said(struct stmt *s)
{
	const char *form = col_text(s, R_FORM);

	return form == NULL || strcmp(form, "2b") == 0 ? "2B" :
	    strcmp(form, "2a") == 0 ? "2A" : "IMS";
}

/* Where it is, for a person. */
static void
write_says(struct json *j, struct stmt *s)
{
	const char *status = col_text(s, C_STATUS);
	const char *differs = col_text(s, C_DIFFERS);
	struct str out;

	str_init(&out, 2048);
	if (strcmp(status, "only_2b") == 0)
		str_addf(&out, "only in %s", form_said(s));
	else if (strcmp(status, "only_books") == 0)
		str_adds(&out, "only in books");
	else if (*differs == '\0')
		str_adds(&out, "in both, equal");
	else
		str_addf(&out, "in both, differs: %s", differs);
	if (strcmp(status, "manual") == 0)
		str_adds(&out, "; linked by hand");
	if (col_int(s, C_BOOKS) != 0 && col_int(s, C_BOOKS) !=
	    col_int(s, C_PERIOD)) {
		char text[GST_PERIOD_SIZE];

		gst_period_text(col_int(s, C_BOOKS), text);
		str_addf(&out, "; booked in %s", text);
	}
	if (!col_null(s, T_BILL))
		str_adds(&out, "; the same bill is in books already");
	if (col_int(s, C_INWARD) == 0 && col_int(s, L_HERE) == 0)
		str_adds(&out, "; 2B of that month has not come");
	json_key(j, "says");
	json_span(j, str_span(&out));
	str_free(&out);
}

static void
write_word(struct json *j, struct stmt *s)
{
	const char *action = col_text(s, W_ACTION);
	const char *ims = col_text(s, W_IMS), *link = col_text(s, W_LINK);

	json_kstr(j, "action", action != NULL ? action : "");
	json_kstr(j, "ims", ims != NULL ? ims : "");
	write_yes(j, "linked", link != NULL && *link != '\0');
	json_kstr(j, "actor", col_text(s, W_ACTOR));
	show_time(j, "at", col_int(s, W_AT));
	json_kstr(j, "comment", col_text(s, W_REASON));
}

static void
write_members(struct json *j, struct stmt *s)
{
	bool row = col_int(s, C_INWARD) != 0;

	if (row)
		show_id(j, "item", 'R', col_int(s, C_INWARD));
	else
		show_id(j, "item", 'B', col_int(s, C_VERSION));
	write_period(j, "period", col_int(s, C_PERIOD));
	json_kstr(j, "status", col_text(s, C_STATUS));
	write_says(j, s);
	json_kint(j, "rule", col_int(s, C_RULE));
	json_kstr(j, "differs", col_text(s, C_DIFFERS));
	json_kstr(j, "ctin", col_text(s, C_PARTY));
	json_kstr(j, "name", col_text(s, row ? R_NAME : P_NAME));
	json_kstr(j, "class", col_text(s, row ? R_CLASS : P_CLASS));
	write_yes(j, "credit", col_int(s, row ? R_CREDIT : P_CREDIT) != 0);
	write_yes(j, "timing", col_int(s, C_BOOKS) != 0 &&
	    col_int(s, C_BOOKS) != col_int(s, C_PERIOD));
	write_yes(j, "awaited", !row && col_int(s, L_HERE) == 0);
	show_id(j, "twin", 'B', col_int(s, C_TWIN));
	write_word(j, s);
	write_portal(j, s);
	write_books(j, s);
	write_differences(j, s);
}

/* ---- pages ------------------------------------------------------------ */

struct place {			/* of a line in its order */
	const char *party;
	int64_t inward, version;
};

/* R12 or B34. */
static bool
parse_item(const char *text, int64_t *inward, int64_t *version)
{
	char *end;
	long long n;

	*inward = *version = 0;
	if ((text[0] != 'R' && text[0] != 'B') || text[1] < '1' ||
	    text[1] > '9' || strlen(text) > 18)
		return false;
	n = strtoll(text + 1, &end, 10);
	*(text[0] == 'R' ? inward : version) = n;
	return *end == '\0';
}

static bool
find_place(struct db *db, const struct recon_filter *filter,
    struct arena *arena, struct place *out, struct err *e)
{
	static const char BY_ROW[] = "SELECT party, inward, version"
	    " FROM recon WHERE inward = $1 AND inward <> 0";
	static const char BY_VERSION[] = "SELECT party, inward, version"
	    " FROM recon WHERE version = $1 AND version <> 0";
	int64_t inward, version;
	struct stmt *s;
	enum step step;

	*out = (struct place){ "", -1, -1 };
	if (filter->after == NULL)
		return true;
	if (!parse_item(filter->after, &inward, &version))
		return err_set(e, ERR_REQUEST, "after: R12 or B34");
	s = db_stmt(db, inward != 0 ? BY_ROW : BY_VERSION);
	stmt_int(s, 1, inward != 0 ? inward : version);
	step = stmt_step(s, e);
	if (step != STEP_ROW)
		return step == STEP_DONE && err_set(e, ERR_REQUEST,
		    "after: no such item");
	*out = (struct place){ arena_strdup(arena, col_text(s, 0)),
	    col_int(s, 1), col_int(s, 2) };
	stmt_reset(s);
	return true;
}

static struct stmt *
list_of(struct db *db, const struct recon_filter *filter,
    const struct place *place)
{
	static const char SQL[] = LINE " WHERE c.gstin = $1 AND c.period = $2"
	    " AND ($3 IS NULL OR c.status = $3)"
	    " AND ($4 IS NULL OR c.party = $4)"
	    " AND (c.party, c.inward, c.version) > ($5, $6, $7)"
	    " ORDER BY c.party, c.inward, c.version LIMIT $8";
	static const char ELSEWHERE[] = LINE " WHERE c.gstin = $1"
	    " AND c.books = $2 AND c.books <> c.period"
	    " AND ($3 IS NULL OR $3 = $3) AND ($4 IS NULL OR c.party = $4)"
	    " AND (c.party, c.inward, c.version) > ($5, $6, $7)"
	    " ORDER BY c.party, c.inward, c.version LIMIT $8";
	bool elsewhere = filter->status != NULL && strcmp(filter->status,
	    "elsewhere") == 0;
	struct stmt *s = db_stmt(db, elsewhere ? ELSEWHERE : SQL);

	stmt_text(s, 1, filter->gstin);
	stmt_int(s, 2, filter->period);
	stmt_text(s, 3, filter->status);
	stmt_text(s, 4, filter->party);
	stmt_text(s, 5, place->party);
	stmt_int(s, 6, place->inward);
	stmt_int(s, 7, place->version);
	stmt_int(s, 8, filter->limit + 1);
	return s;
}

static bool
write_items(struct db *db, const struct recon_filter *filter,
    struct arena *arena, struct json *j, struct err *e)
{
	struct place place;
	struct stmt *s;
	enum step step;
	char last[32] = "";
	int n = 0;

	if (!find_place(db, filter, arena, &place, e))
		return false;
	s = list_of(db, filter, &place);
	json_key(j, "items");
	json_open(j, '[');
	while ((step = stmt_step(s, e)) == STEP_ROW && n++ < filter->limit) {
		bool row = col_int(s, C_INWARD) != 0;

		snprintf(last, sizeof last, "%c%lld", row ? 'R' : 'B',
		    (long long)col_int(s, row ? C_INWARD : C_VERSION));
		json_open(j, '{');
		write_members(j, s);
		json_close(j, '}');
	}
	if (step == STEP_ROW)
		stmt_reset(s);
	json_close(j, ']');
	json_kstr(j, "next", step == STEP_ROW ? last : NULL);
	return step != STEP_FAILED;
}

/* ---- the head --------------------------------------------------------- */

static bool
write_files(struct db *db, const struct recon_filter *filter, struct json *j,
    struct err *e)
{
	static const char SQL[] = "SELECT seq, form, generated, name,"
	    " documents, bytes, digest, actor, at, warnings"
	    " FROM inward_file WHERE gstin = $1 AND period = $2"
	    " AND replaced = 0 ORDER BY form, seq";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	stmt_text(s, 1, filter->gstin);
	stmt_int(s, 2, filter->period);
	json_key(j, "files");
	json_open(j, '[');
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		json_open(j, '{');
		show_id(j, "decision", 'D', col_int(s, 0));
		json_kstr(j, "form", col_text(s, 1));
		json_kstr(j, "generated", col_text(s, 2));
		json_kstr(j, "name", col_text(s, 3));
		json_kint(j, "documents", col_int(s, 4));
		json_kint(j, "bytes", col_int(s, 5));
		json_kstr(j, "digest", col_text(s, 6));
		json_kstr(j, "actor", col_text(s, 7));
		show_time(j, "at", col_int(s, 8));
		json_key(j, "warnings");
		json_raw(j, col_span(s, 9));
		json_close(j, '}');
	}
	json_close(j, ']');
	return step == STEP_DONE;
}

static bool
write_waiting(struct db *db, struct json *j, struct err *e)
{
	static const char SQL[] = "SELECT count(*) FROM recon_dirty";
	struct stmt *s = db_stmt(db, SQL);

	if (stmt_step(s, e) != STEP_ROW)
		return false;
	json_kint(j, "waiting", col_int(s, 0));
	stmt_reset(s);
	return true;
}

static bool
write_summary(struct db *db, const struct recon_filter *filter,
    struct json *j, struct err *e)
{
	static const char SQL[] = "SELECT status, n, portal_taxable,"
	    " portal_tax, books_taxable, books_tax FROM recon_sum"
	    " WHERE gstin = $1 AND period = $2 AND n <> 0 ORDER BY status";
	static const char *const sums[] = { "portal_taxable", "portal_tax",
		"books_taxable", "books_tax" };
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	stmt_text(s, 1, filter->gstin);
	stmt_int(s, 2, filter->period);
	json_key(j, "summary");
	json_open(j, '[');
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		json_open(j, '{');
		json_kstr(j, "status", col_text(s, 0));
		json_kint(j, "n", col_int(s, 1));
		for (int i = 0; i < 4; i++)
			show_amount(j, sums[i], col_int(s, 2 + i), RUPEES);
		json_close(j, '}');
	}
	json_close(j, ']');
	return step == STEP_DONE;
}

/* Sections that matching leaves alone, with what they amount to. */
static bool
write_apart(struct db *db, const struct recon_filter *filter, struct json *j,
    struct err *e)
{
	static const char SQL[] = "SELECT section, count(*), sum(taxable),"
	    " sum(igst), sum(cgst), sum(sgst), sum(cess) FROM inward_row"
	    " WHERE gstin = $1 AND form = '2b' AND period = $2 AND apart = 1"
	    " AND gone = 0 GROUP BY section ORDER BY section";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	stmt_text(s, 1, filter->gstin);
	stmt_int(s, 2, filter->period);
	json_key(j, "apart");
	json_open(j, '[');
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		json_open(j, '{');
		json_kstr(j, "section", col_text(s, 0));
		json_kint(j, "n", col_int(s, 1));
		write_from(j, s, 2, 1);
		json_close(j, '}');
	}
	json_close(j, ']');
	return step == STEP_DONE;
}

/* ---- credit ----------------------------------------------------------- */

/* A document that amends one of an earlier month gives what it adds to it;
 * one of the same month stands in its place.  What people say of a document
 * goes before what the file says. */
static const char CREDIT[] =
	"SELECT CASE WHEN r.rejected = 1 OR coalesce(nullif(w.ims, ''), r.ims)"
	" = 'R' THEN 2 WHEN coalesce(w.action, '') = 'ignore' THEN 3"
	" WHEN coalesce(nullif(w.ims, ''), r.ims) = 'P'"
	" OR coalesce(w.action, '') = 'pending' OR r.available = 'T' THEN 1"
	" ELSE 0 END,"
	" CASE WHEN r.available = 'N' THEN 'N' WHEN r.class IN ('impg',"
	" 'impgsez') THEN 'G' WHEN r.class = 'isd' THEN 'I'"
	" WHEN r.reverse_charge = 1 THEN 'C' ELSE 'O' END,"
	" count(*), sum(d.sign * (r.taxable - coalesce(o.taxable, 0))),"
	" sum(d.sign * (r.igst - coalesce(o.igst, 0))),"
	" sum(d.sign * (r.cgst - coalesce(o.cgst, 0))),"
	" sum(d.sign * (r.sgst - coalesce(o.sgst, 0))),"
	" sum(d.sign * (r.cess - coalesce(o.cess, 0)))"
	" FROM inward_row r JOIN (SELECT 0 AS credit, 1 AS sign UNION ALL"
	" SELECT 1, -1) d ON d.credit = r.credit"
	" LEFT JOIN inward_row o ON o.id = r.amends AND r.amends <> 0"
	" AND o.period < r.period AND o.gone = 0"
	" LEFT JOIN inward_row a ON a.id = r.amended_by"
	" AND r.amended_by <> 0"
	" LEFT JOIN recon_word w ON w.item = 'R' || r.id"
	" WHERE r.gstin = $1 AND r.form = '2b' AND r.period = $2"
	" AND r.gone = 0 AND r.apart = 0"
	" AND (a.id IS NULL OR a.period > r.period) GROUP BY 1, 2";

static enum gst_cell
cell_of(const char *kind)
{
	switch (kind[0]) {
	case 'N': return GST_4D_OTH;
	case 'G': return GST_4A_IMPG;
	case 'I': return GST_4A_ISD;
	case 'C': return GST_4A_ISRC;
	default: return GST_4A_OTH;
	}
}

static void
add_cell(struct recon_cell *cell, struct stmt *s)
{
	cell->documents += col_int(s, 2);
	cell->taxable += col_int(s, 3);
	for (int h = 0; h < GST_HEADS; h++)
		cell->tax[h] += col_int(s, 4 + h);
}

static bool
is_here(struct db *db, const char *gstin, int64_t period, bool *here,
    struct err *e)
{
	static const char SQL[] = "SELECT 1 FROM inward_file"
	    " WHERE gstin = $1 AND form = '2b' AND period = $2"
	    " AND replaced = 0 LIMIT 1";
	struct stmt *s = db_stmt(db, SQL);

	stmt_text(s, 1, gstin);
	stmt_int(s, 2, period);
	return stmt_found(s, here, e);
}

static bool
add_month(struct db *db, const char *gstin, int64_t period,
    struct recon_credit *out, struct err *e)
{
	struct stmt *s = db_stmt(db, CREDIT);
	enum step step;

	stmt_text(s, 1, gstin);
	stmt_int(s, 2, period);
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		add_cell(&out->parts[col_int(s, 0)], s);
		if (col_int(s, 0) == RECON_KEPT)
			add_cell(&out->cells[cell_of(col_text(s, 1))], s);
	}
	return step == STEP_DONE;
}

bool
recon_credit(struct db *db, const char *gstin, int64_t first, int64_t last,
    struct recon_credit *out, struct err *e)
{
	*out = (struct recon_credit){ .here = true };
	for (int64_t month = first; month <= last;
	    month = gst_period_add(month, 1)) {
		bool here;

		if (!is_here(db, gstin, month, &here, e) || (here &&
		    !add_month(db, gstin, month, out, e)))
			return false;
		out->here = out->here && here;
	}
	return true;
}

static void
write_cell(struct json *j, const char *name, const struct recon_cell *cell)
{
	json_open(j, '{');
	json_kstr(j, "cell", name);
	json_kint(j, "documents", cell->documents);
	show_amount(j, "taxable", cell->taxable, RUPEES);
	for (int h = 0; h < GST_HEADS; h++)
		show_amount(j, gst_head_name((enum gst_head)h),
		    cell->tax[h], RUPEES);
	json_close(j, '}');
}

static bool
write_credit(struct db *db, const struct recon_filter *filter,
    struct json *j, struct err *e)
{
	static const char *const parts[RECON_PARTS] = {
		[RECON_PENDING] = "pending", [RECON_REJECTED] = "rejected",
		[RECON_IGNORED] = "ignored",
	};
	struct recon_credit credit;

	if (!recon_credit(db, filter->gstin, filter->period, filter->period,
	    &credit, e))
		return false;
	json_key(j, "credit");
	json_open(j, '[');
	for (int c = 0; c < GST_CELLS; c++)
		if (credit.cells[c].documents > 0)
			write_cell(j, gst_cell_name((enum gst_cell)c),
			    &credit.cells[c]);
	for (int p = RECON_PENDING; p < RECON_PARTS; p++)
		if (credit.parts[p].documents > 0)
			write_cell(j, parts[p], &credit.parts[p]);
	json_close(j, ']');
	return true;
}

bool
view_recon(struct db *db, const struct recon_filter *filter,
    struct arena *arena, struct json *j, struct err *e)
{
	bool ok;

	json_open(j, '{');
	json_kstr(j, "gstin", filter->gstin);
	write_period(j, "period", filter->period);
	ok = show_as_of(db, j, e) && write_waiting(db, j, e) &&
	    write_items(db, filter, arena, j, e);
	/* Once, with the first page. */
	if (ok && filter->after == NULL)
		ok = write_files(db, filter, j, e) &&
		    write_summary(db, filter, j, e);
	if (ok && filter->credit)
		ok = write_apart(db, filter, j, e) &&
		    write_credit(db, filter, j, e);
	json_close(j, '}');
	return ok;
}

/* ---- why -------------------------------------------------------------- */

static void
write_field(struct json *j, enum match_field field, const struct bill *bill)
{
	char pan[11];

	switch (field) {
	case MATCH_CLASS:
		json_str(j, bill->class == BILL_CDNR ? bill->credit ?
		    "credit note" : "debit note" :
		    bill_class_name(bill->class));
		return;
	case MATCH_PARTY: json_str(j, bill->party); return;
	case MATCH_OWN: json_str(j, bill->own); return;
	case MATCH_NUMBER: json_str(j, bill->number); return;
	case MATCH_DATE: json_str(j, bill->date.text); return;
	case MATCH_PLACE: json_str(j, bill->place); return;
	case MATCH_REVERSE: json_str(j, bill->reverse_charge ? "Y" : "N");
		return;
	case MATCH_YEAR:
		if (bill->date.text[0] == '\0') {
			json_null(j);
			return;
		}
		day_year(bill->date, pan);
		json_str(j, pan);
		return;
	default: break;
	}
	json_null(j);
}

static int64_t
amount_of(enum match_field field, const struct bill *bill)
{
	switch (field) {
	case MATCH_TAXABLE: return bill->taxable;
	case MATCH_CGST: return bill->tax[GST_CGST];
	case MATCH_SGST: return bill->tax[GST_SGST];
	case MATCH_IGST: return bill->tax[GST_IGST];
	case MATCH_GST: return bill_gst(bill);
	case MATCH_CESS: return bill->tax[GST_CESS];
	default: return 0;
	}
}

static void
write_both(struct json *j, enum match_field field, const struct bill *books,
    const struct bill *portal)
{
	if (field >= MATCH_TAXABLE) {
		show_amount(j, "books", amount_of(field, books), RUPEES);
		show_amount(j, "portal", amount_of(field, portal), RUPEES);
		return;
	}
	json_key(j, "books");
	write_field(j, field, books);
	json_key(j, "portal");
	write_field(j, field, portal);
}

static void
write_rule(struct json *j, int rule, const struct bill *books,
    const struct bill *portal, bool *fits)
{
	struct match_look look;

	match_look(rule, books, portal, &look);
	*fits = look.fits;
	json_open(j, '{');
	json_kint(j, "rule", rule);
	json_kstr(j, "result", match_kind_name(match_kind(rule)));
	write_yes(j, "fits", look.fits);
	json_key(j, "fields");
	json_open(j, '[');
	for (int i = 0; i < MATCH_FIELDS; i++) {
		enum match_field field = (enum match_field)i;

		if (look.fields[i].need == MATCH_ANY)
			continue;
		json_open(j, '{');
		json_kstr(j, "field", match_field_name(field));
		json_kstr(j, "need", match_need_name(look.fields[i].need));
		write_yes(j, "ok", look.fields[i].ok);
		write_both(j, field, books, portal);
		json_close(j, '}');
	}
	json_close(j, ']');
	json_close(j, '}');
}

/* In their order, to the first that fits. */
static void
write_rules(struct json *j, const struct bill *books,
    const struct bill *portal)
{
	bool fits = false;

	json_key(j, "why");
	json_open(j, '[');
	for (int i = 1; i <= MATCH_RULES && !fits; i++)
		write_rule(j, i, books, portal, &fits);
	json_close(j, ']');
}

#define SHORT 3			/* letters of a number that many contain */

static void
write_numbers(struct json *j, const struct bill *books,
    const struct bill *portal)
{
	struct bill_number a, b;
	enum bill_alike alike;
	int ratio;

	bill_number_read(&a, books->number, books->date);
	bill_number_read(&b, portal->number, portal->date);
	alike = bill_number_alike(&a, &b, &ratio);
	json_key(j, "numbers");
	json_open(j, '{');
	json_kstr(j, "books", a.clean);
	json_kstr(j, "portal", b.clean);
	json_kstr(j, "alike", bill_number_same(&a, &b) ? "equal" :
	    alike == BILL_CONTAINED ? "contained" : alike == BILL_ALIKE ?
	    "alike" : "no");
	json_kint(j, "thousandths", ratio);
	/* One of the rules' weaknesses: 1 is in 0010. */
	write_yes(j, "weak", alike == BILL_CONTAINED && !bill_number_same(&a,
	    &b) && strcmp(a.clean, b.clean) != 0 && (a.n <= SHORT ||
	    b.n <= SHORT));
	json_close(j, '}');
}

static void
write_pair(struct json *j, const struct recon_bill *books,
    const struct recon_bill *portal)
{
	write_rules(j, &books->bill, &portal->bill);
	write_numbers(j, &books->bill, &portal->bill);
}

/* Of one without another side: whom it comes nearest to, and who has that. */
static void
write_nearest(struct json *j, const struct recon_pool *pool, bool of_books,
    size_t i)
{
	const struct matching *m = &pool->matching;
	const struct bill *bill = of_books ? &m->books[i] : &m->portal[i];
	size_t n = of_books ? m->n_portal : m->n_books;
	size_t at = match_nearest(bill, of_books ? m->portal : m->books, n);
	const struct match_result *taken;
	const struct recon_bill *other;

	json_key(j, "nearest");
	if (at == n) {
		json_null(j);
		json_key(j, "why");
		json_open(j, '[');
		json_close(j, ']');
		return;
	}
	other = of_books ? &pool->portal[at] : &pool->books[at];
	taken = of_books ? &m->of_portal[at] : &m->of_books[at];
	json_open(j, '{');
	if (of_books)
		show_id(j, "item", 'R', other->id);
	else
		show_id(j, "item", 'B', other->id);
	json_kstr(j, "number", other->bill.number);
	json_kstr(j, "date", other->bill.date.text);
	json_kstr(j, "ctin", other->bill.party);
	write_period(j, "period", other->period);
	show_amount(j, "taxable", other->bill.taxable, RUPEES);
	json_kint(j, "taken_by_rule", taken->rule);
	if (taken->rule == 0)
		json_kstr(j, "taken_by", NULL);
	else
		show_id(j, "taken_by", of_books ? 'B' : 'R', of_books ?
		    pool->books[taken->other].id :
		    pool->portal[taken->other].id);
	json_close(j, '}');
	write_pair(j, of_books ? &pool->books[i] : other,
	    of_books ? other : &pool->portal[i]);
}

/* n: it is not there. */
static size_t
find_in(const struct recon_bill *bills, size_t n, int64_t id)
{
	size_t i = 0;

	while (i < n && bills[i].id != id)
		i++;
	return i;
}

static void
write_reasons(struct json *j, const struct recon_pool *pool, int64_t inward,
    int64_t version)
{
	const struct matching *m = &pool->matching;
	bool of_books = inward == 0;
	size_t n = of_books ? pool->n_books : pool->n_portal;
	size_t i = find_in(of_books ? pool->books : pool->portal, n,
	    of_books ? version : inward);
	const struct match_result *r;

	if (i == n)
		return;
	r = of_books ? &m->of_books[i] : &m->of_portal[i];
	write_yes(j, "cut", m->cut);
	if (r->rule == 0) {
		write_nearest(j, pool, of_books, i);
		return;
	}
	json_kstr(j, "nearest", NULL);
	write_pair(j, &pool->books[of_books ? i : r->other],
	    &pool->portal[of_books ? r->other : i]);
}

bool
view_recon_why(struct db *db, int64_t inward, int64_t version,
    struct arena *arena, struct json *j, bool *found, struct err *e)
{
	static const char BY_ROW[] = LINE
	    " WHERE c.inward = $1 AND c.inward <> 0";
	static const char BY_VERSION[] = LINE
	    " WHERE c.version = $1 AND c.version <> 0";
	struct recon_unit unit;
	struct recon_pool pool;
	struct stmt *s;
	enum step step;

	if (!recon_unit_of(db, arena, inward, version, &unit, found, e))
		return false;
	if (!*found)
		return true;
	s = db_stmt(db, inward != 0 ? BY_ROW : BY_VERSION);
	stmt_int(s, 1, inward != 0 ? inward : version);
	step = stmt_step(s, e);
	*found = step == STEP_ROW;
	if (step != STEP_ROW)
		return step == STEP_DONE;
	json_open(j, '{');
	write_members(j, s);
	stmt_reset(s);
	if (!recon_load(db, arena, &unit, &pool, e))
		return false;
	write_reasons(j, &pool, inward, version);
	json_close(j, '}');
	return true;
}

/* ---- whom to ask ------------------------------------------------------ */

struct page {
	struct json *j;
	struct str last;
	int n, limit;
};

static bool
write_asked(void *arg, const struct followup_line *line, struct err *e)
{
	struct page *page = arg;
	struct json *j = page->j;

	(void)e;
	if (page->n++ >= page->limit)
		return true;
	str_clear(&page->last);
	str_adds(&page->last, line->ctin);
	json_open(j, '{');
	json_kstr(j, "ctin", line->ctin);
	json_kstr(j, "name", line->name);
	json_kstr(j, "party", line->party);
	json_kstr(j, "address", line->address);
	json_kstr(j, "registration", line->registration);
	json_kint(j, "missing", line->missing);
	show_amount(j, "missing_taxable", line->missing_taxable, RUPEES);
	show_amount(j, "missing_tax", line->missing_tax, RUPEES);
	json_kint(j, "short", line->lacking);
	show_amount(j, "short_tax", line->lacking_tax, RUPEES);
	show_amount(j, "at_stake", line->missing_tax + line->lacking_tax,
	    RUPEES);
	json_kstr(j, "oldest", line->oldest);
	json_kstr(j, "bills", line->bills);
	json_close(j, '}');
	return true;
}

bool
view_followup(struct db *db, const char *gstin, int64_t period,
    const char *after, int limit, struct json *j, struct err *e)
{
	struct page page = { .j = j, .limit = limit };
	bool ok;

	str_init(&page.last, 64);
	json_open(j, '{');
	json_key(j, "items");
	json_open(j, '[');
	ok = followup_walk(db, gstin, period, after, limit + 1, write_asked,
	    &page, e);
	json_close(j, ']');
	json_kstr(j, "next", page.n > limit ? page.last.p : NULL);
	json_close(j, '}');
	str_free(&page.last);
	return ok;
}
