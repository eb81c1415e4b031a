/*
 * Walks over what GSTR-1 lists. Rows of documents come sorted by the group
 * that files have them in; sums are kept as sums and only read.
 */
#include "store/listed.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/vec.h"
#include "gst/docnumber.h"
#include "gst/due.h"
#include "store/gst.h"

#define UNIT_ROWS_MAX 4096	/* rates of one document, or of one place */
#define SERIES_MAX 100000
#define NOBODY "URP"		/* a seller without a GSTIN */

struct walk {
	const struct listing *listing;
	enum listed_section section;
	listed_each *each;
	void *arg;
	struct arena *arena;		/* of the unit */
	struct vec rows;		/* struct listed */
};

/* ---- units ------------------------------------------------------------ */

static bool
tell(struct walk *w, struct err *e)
{
	bool ok = w->rows.n == 0 || w->each(w->arg, w->rows.p, w->rows.n, e);

	vec_clear(&w->rows);
	arena_reset(w->arena);
	return ok;
}

static bool
add(struct walk *w, const struct listed *row, struct err *e)
{
	struct listed *last = vec_add(&w->rows);

	if (last == NULL)
		return err_set(e, ERR_TOO_LARGE, "a document of more than %d"
		    " rows", UNIT_ROWS_MAX);
	*last = *row;
	last->section = w->section;
	return true;
}

/* Files have one line a rate: what is nil and what is exempt may share it. */
static bool
merged(struct walk *w, const struct listed *row)
{
	struct listed *rows = w->rows.p;

	for (size_t i = 0; i < w->rows.n; i++) {
		if (rows[i].rate != row->rate)
			continue;
		rows[i].taxable += row->taxable;
		for (int head = 0; head < GST_HEADS; head++)
			rows[i].tax[head] += row->tax[head];
		return true;
	}
	return false;
}

static const char *
text(struct walk *w, struct stmt *s, int at)
{
	const char *value = col_text(s, at);

	return value == NULL || value[0] == '\0' ? NULL :
	    arena_strdup(w->arena, value);
}

static struct day
day(struct stmt *s, int at)
{
	struct day out = { "" };
	const char *value = col_text(s, at);

	if (value != NULL)
		snprintf(out.text, sizeof out.text, "%s", value);
	return out;
}

static const char *
place_name(const struct listing *listing, const char *code)
{
	const struct gst_state *state = code == NULL ? NULL :
	    reference_gst_state(listing->reference, code);

	return state != NULL ? state->name : NULL;
}

static void
read_amounts(struct stmt *s, int at, struct listed *row)
{
	row->rate = col_int(s, at);
	row->taxable = col_int(s, at + 1);
	for (int head = 0; head < GST_HEADS; head++)
		row->tax[head] = col_int(s, at + 2 + head);
}

/* Do they belong to one unit? */
typedef bool same_unit(const struct listed *, const struct listed *);

static bool
step_to(struct walk *w, const struct listed *row, same_unit *same,
    bool *joined, struct err *e)
{
	*joined = w->rows.n > 0 && same(w->rows.p, row);
	return *joined || tell(w, e);
}

/* ---- documents -------------------------------------------------------- */

#define ROW_SQL "SELECT r.version, r.type, r.rate, r.taxable, r.igst," \
	" r.cgst, r.sgst, r.cess, d.ctin, d.name, d.number, d.date," \
	" d.inter, d.reverse_charge, d.reduced, d.nature, d.operator," \
	" d.seller, d.port, d.bill, d.bill_date, d.place, d.value," \
	" o.number, o.date FROM gst_row r" \
	" JOIN gst_document d ON d.version = r.version" \
	" LEFT JOIN gst_document o ON o.version = d.amends" \
	" AND d.amends <> 0" \
	" WHERE r.gstin = $1 AND r.period = $2 AND r.section = $3" \
	" AND r.was = 0 AND d.date <= $4 "
#define ROW_ORDER " d.date, d.number, r.version, r.n"

static bool
same_document(const struct listed *a, const struct listed *b)
{
	return a->document == b->document;
}

static void
read_document(struct walk *w, struct stmt *s, struct listed *row)
{
	row->type = text(w, s, 1);
	row->ctin = text(w, s, 8);
	row->name = text(w, s, 9);
	row->number = text(w, s, 10);
	row->date = day(s, 11);
	row->inter = col_int(s, 12) != 0;
	row->reverse_charge = col_int(s, 13) != 0;
	row->reduced = col_int(s, 14) != 0;
	row->debit = strcmp(col_text(s, 15), "debit") == 0;
	row->operator = text(w, s, 16);
	row->seller = text(w, s, 17);
	if (row->seller != NULL && strcmp(row->seller, NOBODY) == 0)
		row->seller = NULL;
	row->port = text(w, s, 18);
	row->bill = text(w, s, 19);
	row->bill_date = day(s, 20);
	row->place = text(w, s, 21);
	row->place_name = place_name(w->listing, row->place);
	row->value = col_int(s, 22);
	row->original = text(w, s, 23);
	row->original_date = day(s, 24);
	row->documents = 1;
}

static bool
take_row(struct walk *w, struct stmt *s, struct err *e)
{
	struct listed row = { .document = col_int(s, 0) }, next;
	bool joined;

	if (!step_to(w, &row, same_document, &joined, e))
		return false;
	read_amounts(s, 2, &row);
	if (!joined) {
		read_document(w, s, &row);
		return add(w, &row, e);
	}
	if (merged(w, &row))
		return true;
	next = *(struct listed *)w->rows.p;
	next.rate = row.rate;
	next.taxable = row.taxable;
	memcpy(next.tax, row.tax, sizeof next.tax);
	next.documents = 0;
	return add(w, &next, e);
}

static struct stmt *
rows_stmt(struct db *db, enum listed_section section)
{
	static const char BY_PARTY[] = ROW_SQL "ORDER BY d.ctin," ROW_ORDER;
	static const char BY_PLACE[] = ROW_SQL "ORDER BY d.place," ROW_ORDER;
	/* WPAY before WOPAY, B2CL before EXPWP before EXPWOP: as the tool's
	 * sheets list them. */
	static const char BY_TYPE[] = ROW_SQL "ORDER BY CASE r.type"
	    " WHEN 'WPAY' THEN 0 WHEN 'WOPAY' THEN 1 WHEN 'B2CL' THEN 2"
	    " WHEN 'EXPWP' THEN 3 ELSE 4 END," ROW_ORDER;
	static const char BY_SELLER[] = ROW_SQL "AND d.ctin IS NOT NULL"
	    " ORDER BY r.type, d.seller, d.ctin," ROW_ORDER;

	switch (section) {
	case R1_B2CL: case R1_B2CLA:
		return db_stmt(db, BY_PLACE);
	case R1_EXP: case R1_EXPA: case R1_CDNUR: case R1_CDNURA:
		return db_stmt(db, BY_TYPE);
	case R1_ECOM: case R1_ECOMA:
		return db_stmt(db, BY_SELLER);
	default:
		return db_stmt(db, BY_PARTY);
	}
}

static bool
step_rows(struct walk *w, struct stmt *s,
    bool (*take)(struct walk *, struct stmt *, struct err *), struct err *e)
{
	enum step step;
	bool ok = true;

	while (ok && (step = stmt_step(s, e)) == STEP_ROW)
		ok = take(w, s, e);
	if (!ok) {
		stmt_reset(s);
		return false;
	}
	return step == STEP_DONE && tell(w, e);
}

/* Until it is filed, what is in an IFF stands in its quarter. */
static bool
stands(const struct listing *listing, int64_t *period, struct err *e)
{
	bool filed = true;

	if (listing->iff && !gst_filed(listing->db, "iff", listing->gstin,
	    listing->period, &filed, e))
		return false;
	*period = filed ? listing->period :
	    gst_period_quarter(listing->period);
	return true;
}

static bool
walk_documents(struct walk *w, struct err *e)
{
	const struct listing *listing = w->listing;
	struct day last = gst_period_last(listing->period);
	struct stmt *s;
	int64_t period;

	if (!stands(listing, &period, e))
		return false;
	s = rows_stmt(listing->db, w->section);
	stmt_text(s, 1, listing->gstin);
	stmt_int(s, 2, period);
	stmt_text(s, 3, listed_name(w->section));
	stmt_text(s, 4, period == listing->period ? "9" : last.text);
	return step_rows(w, s, take_row, e);
}

/* ---- sums ------------------------------------------------------------- */

static bool
never_same(const struct listed *a, const struct listed *b)
{
	(void)a;
	(void)b;
	return false;
}

static bool
same_place(const struct listed *a, const struct listed *b)
{
	return a->of_period == b->of_period && a->reduced == b->reduced &&
	    strcmp(a->place, b->place) == 0;
}

static bool
same_seller(const struct listed *a, const struct listed *b)
{
	return same_place(a, b) && (a->seller == b->seller ||
	    (a->seller != NULL && b->seller != NULL &&
	    strcmp(a->seller, b->seller) == 0));
}

static same_unit *
unit_of(enum listed_section section)
{
	return section == R1_B2CS || section == R1_ECOM ? never_same :
	    section == R1_ECOMA ? same_seller : same_place;
}

/* Of b2c/SELLER; NULL: of none that is registered. */
static const char *
seller_of(const char *type)
{
	const char *slash = strchr(type, '/');

	return slash != NULL && slash[1] != '\0' &&
	    strcmp(slash + 1, NOBODY) != 0 ? slash + 1 : NULL;
}

/* Columns: of_period, type, place, rate, taxable, four heads, value,
 * documents. */
static bool
take_sum(struct walk *w, struct stmt *s, struct err *e)
{
	const char *type = col_text(s, 1), *place = col_text(s, 2);
	struct listed row = { .of_period = col_int(s, 0), .place = place,
	    .seller = seller_of(type), .reduced = strstr(type, "65") != NULL
	    && strchr(type, '/') == NULL && strlen(type) < 6 };
	int sign = w->section == R1_TXPD || w->section == R1_TXPDA ? -1 : 1;
	bool joined;

	if (!step_to(w, &row, unit_of(w->section), &joined, e))
		return false;
	row.seller = arena_strdup(w->arena, row.seller);
	row.type = arena_strdup(w->arena, type);
	row.place = arena_strdup(w->arena, place);
	row.place_name = place_name(w->listing, place);
	row.inter = strncmp(place, w->listing->gstin, 2) != 0;
	read_amounts(s, 3, &row);
	row.taxable *= sign;
	for (int head = 0; head < GST_HEADS; head++)
		row.tax[head] *= sign;
	row.value = sign * col_int(s, 9);
	row.documents = col_int(s, 10);
	return add(w, &row, e);
}

/* What was taken back counts no rows, and may leave nothing. */
#define SOME "(n <> 0 OR taxable <> 0 OR igst <> 0 OR cgst <> 0" \
	" OR sgst <> 0 OR cess <> 0)"

static bool
walk_sums(struct walk *w, struct err *e)
{
	static const char SQL[] = "SELECT 0, type, place, rate, taxable,"
	    " igst, cgst, sgst, cess, value, first FROM gst_sum"
	    " WHERE gstin = $1 AND period = $2 AND section = $3 AND " SOME ""
	    " ORDER BY place <> substr(gstin, 1, 2), place, type, rate";
	struct stmt *s = db_stmt(w->listing->db, SQL);

	stmt_text(s, 1, w->listing->gstin);
	stmt_int(s, 2, w->listing->period);
	stmt_text(s, 3, listed_name(w->section));
	return step_rows(w, s, take_sum, e);
}

/*
 * A sum of an earlier period is amended as a whole: what it was when it was
 * filed, and all changes of it up to this period; of those places alone that
 * a change of this period is of.
 */
static bool
walk_amended(struct walk *w, const char *base, struct err *e)
{
	static const char SQL[] = "WITH touched(omon, place) AS ("
	    "SELECT DISTINCT type, place FROM gst_sum WHERE gstin = $1"
	    " AND period = $2 AND section = $4 AND " SOME ")"
	    " SELECT CAST(t.omon AS INTEGER), max(s.type), s.place, s.rate,"
	    " sum(s.taxable), sum(s.igst), sum(s.cgst), sum(s.sgst),"
	    " sum(s.cess), 0, sum(s.first) FROM touched t"
	    " JOIN gst_sum s ON s.gstin = $1 AND s.place = t.place"
	    " AND ((s.section = $3 AND s.period = CAST(t.omon AS INTEGER))"
	    " OR (s.section = $4 AND s.type = t.omon AND s.period <= $2"
	    " AND s.period > CAST(t.omon AS INTEGER)))"
	    " GROUP BY t.omon, s.place, s.rate"
	    " ORDER BY t.omon, s.place, s.rate";
	struct stmt *s = db_stmt(w->listing->db, SQL);

	stmt_text(s, 1, w->listing->gstin);
	stmt_int(s, 2, w->listing->period);
	stmt_text(s, 3, base);
	stmt_text(s, 4, listed_name(w->section));
	return step_rows(w, s, take_sum, e);
}

/* ---- operators -------------------------------------------------------- */

/* Columns: of_period, operator, part, taxable, four heads, documents. */
static bool
take_operator(struct walk *w, struct stmt *s, struct err *e)
{
	struct listed row = { .of_period = col_int(s, 0),
	    .operator = text(w, s, 1),
	    .reverse_charge = strcmp(col_text(s, 2), "paytx") == 0,
	    .taxable = col_int(s, 3), .documents = col_int(s, 8) };

	row.original = row.operator;
	for (int head = 0; head < GST_HEADS; head++)
		row.tax[head] = col_int(s, 4 + head);
	return add(w, &row, e) && tell(w, e);
}

static bool
walk_operators(struct walk *w, struct err *e)
{
	static const char SQL[] = "SELECT 0, type, place, sum(taxable),"
	    " sum(igst), sum(cgst), sum(sgst), sum(cess), sum(first)"
	    " FROM gst_sum WHERE gstin = $1 AND period = $2"
	    " AND section = 'supeco' AND " SOME " GROUP BY place, type"
	    " ORDER BY place, type";
	struct stmt *s = db_stmt(w->listing->db, SQL);

	stmt_text(s, 1, w->listing->gstin);
	stmt_int(s, 2, w->listing->period);
	return step_rows(w, s, take_operator, e);
}

/* As walk_amended; type is OPERATOR/202609. */
static bool
walk_operators_amended(struct walk *w, struct err *e)
{
	static const char SQL[] = "WITH touched(type, operator, omon, place)"
	    " AS (SELECT DISTINCT type, substr(type, 1, 15),"
	    " CAST(substr(type, 17) AS INTEGER), place FROM gst_sum"
	    " WHERE gstin = $1 AND period = $2 AND section = 'supecoa'"
	    " AND " SOME ")"
	    " SELECT t.omon, t.operator, t.place, sum(s.taxable),"
	    " sum(s.igst), sum(s.cgst), sum(s.sgst), sum(s.cess),"
	    " sum(s.first) FROM touched t JOIN gst_sum s"
	    " ON s.gstin = $1 AND s.place = t.place"
	    " AND ((s.section = 'supeco' AND s.period = t.omon"
	    " AND s.type = t.operator) OR (s.section = 'supecoa'"
	    " AND s.type = t.type AND s.period <= $2"
	    " AND s.period > t.omon))"
	    " GROUP BY t.place, t.omon, t.operator"
	    " ORDER BY t.place, t.omon, t.operator";
	struct stmt *s = db_stmt(w->listing->db, SQL);

	stmt_text(s, 1, w->listing->gstin);
	stmt_int(s, 2, w->listing->period);
	return step_rows(w, s, take_operator, e);
}

static bool
walk_consumers(struct walk *w, struct err *e)
{
	static const char SQL[] = "SELECT 0, type, place, rate, taxable,"
	    " igst, cgst, sgst, cess, value, first FROM gst_sum"
	    " WHERE gstin = $1 AND period = $2 AND section = $3 AND " SOME ""
	    " AND type GLOB $4 ORDER BY type, place, rate";
	static const char *const kinds[] = { "b2c/*", "urp2c*" };

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		struct stmt *s = db_stmt(w->listing->db, SQL);

		stmt_text(s, 1, w->listing->gstin);
		stmt_int(s, 2, w->listing->period);
		stmt_text(s, 3, listed_name(w->section));
		stmt_text(s, 4, kinds[i]);
		if (!step_rows(w, s, take_sum, e))
			return false;
	}
	return true;
}

/* As walk_amended, of whose sums only documents tell the period that they
 * change. */
static bool
walk_consumers_amended(struct walk *w, struct err *e)
{
	static const char SQL[] = "WITH side(n) AS (VALUES (1), (-1)),"
	    " change(omon, type, seller, place, rate, taxable, igst, cgst,"
	    " sgst, cess) AS (SELECT o.period, r.type, g.seller, g.place,"
	    " r.rate, x.n * r.taxable, x.n * r.igst, x.n * r.cgst,"
	    " x.n * r.sgst, x.n * r.cess FROM gst_document d"
	    " JOIN gst_document o ON o.version = d.amends CROSS JOIN side s"
	    " JOIN gst_document g ON g.version ="
	    " CASE s.n WHEN 1 THEN d.version ELSE o.version END"
	    " JOIN side x ON x.n = s.n *"
	    " CASE g.nature WHEN 'credit' THEN -1 ELSE 1 END"
	    " JOIN gst_row r ON r.gstin = $1 AND r.period = g.period"
	    " AND r.section IN ('ecom', 'ecoma') AND r.version = g.version"
	    " AND r.was = 0 AND r.type IN ('b2c', 'urp2c')"
	    " WHERE d.gstin = $1 AND d.period = $2 AND d.amends <> 0),"
	    " touched(omon, type, seller, place) AS ("
	    "SELECT DISTINCT omon, type, seller, place FROM change)"
	    " SELECT omon, type || '/' || seller, place, rate, sum(taxable),"
	    " sum(igst), sum(cgst), sum(sgst), sum(cess), 0, 0 FROM"
	    " (SELECT t.omon, t.type, t.seller, t.place, s.rate, s.taxable,"
	    " s.igst, s.cgst, s.sgst, s.cess FROM touched t JOIN gst_sum s"
	    " ON s.gstin = $1 AND s.period = t.omon AND s.section = 'ecom'"
	    " AND s.type = t.type || '/' || t.seller AND s.place = t.place"
	    " UNION ALL SELECT omon, type, seller, place, rate, taxable,"
	    " igst, cgst, sgst, cess FROM change)"
	    " GROUP BY type, place, omon, seller, rate"
	    " ORDER BY type, place, omon, seller, rate";
	struct stmt *s = db_stmt(w->listing->db, SQL);

	stmt_text(s, 1, w->listing->gstin);
	stmt_int(s, 2, w->listing->period);
	return step_rows(w, s, take_sum, e);
}

/* Four rows of three amounts, or none. */
static bool
walk_nil(struct walk *w, struct err *e)
{
	static const char SQL[] = "SELECT type, sum(taxable), sum(first)"
	    " FROM gst_sum WHERE gstin = $1 AND period = $2"
	    " AND section = 'nil' AND " SOME " GROUP BY type";
	static const char *const types[4] = { "INTRB2B", "INTRAB2B",
	    "INTRB2C", "INTRAB2C" };
	struct stmt *s = db_stmt(w->listing->db, SQL);
	struct listed rows[4] = { { .documents = 0 } };
	bool some = false, ok = true;
	enum step step;

	for (int i = 0; i < 4; i++) {
		rows[i].section = R1_NIL;
		rows[i].type = types[i];
	}
	stmt_text(s, 1, w->listing->gstin);
	stmt_int(s, 2, w->listing->period);
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		const char *type = col_text(s, 0);
		const char *slash = strchr(type, '/');

		for (int i = 0; slash != NULL && i < 4; i++) {
			size_t n = (size_t)(slash - type);

			if (strlen(types[i]) != n ||
			    strncmp(types[i], type, n) != 0)
				continue;
			*(strcmp(slash, "/nil") == 0 ? &rows[i].nil :
			    strcmp(slash, "/exempt") == 0 ? &rows[i].exempt :
			    &rows[i].non_gst) += col_int(s, 1);
			rows[i].taxable += col_int(s, 1);
			rows[i].documents += col_int(s, 2);
			some = true;
		}
	}
	for (int i = 0; some && ok && step == STEP_DONE && i < 4; i++)
		ok = w->each(w->arg, &rows[i], 1, e);
	return ok && step == STEP_DONE;
}

/* ---- tables 12 and 13 ------------------------------------------------- */

static bool
take_hsn(struct walk *w, struct stmt *s, struct err *e)
{
	const struct gst_unit *unit;
	struct listed row = { .part = text(w, s, 0), .hsn = text(w, s, 1),
	    .unit = text(w, s, 2) };

	read_amounts(s, 3, &row);
	row.quantity = col_int(s, 9);
	row.value = col_int(s, 10);
	if (row.hsn != NULL)
		row.description = arena_strdup(w->arena, reference_hsn(
		    w->listing->reference, row.hsn));
	unit = row.unit == NULL ? NULL :
	    reference_gst_unit(w->listing->reference, row.unit);
	row.unit_name = unit != NULL ? unit->name : NULL;
	return add(w, &row, e) && tell(w, e);
}

static bool
walk_hsn(struct walk *w, struct err *e)
{
	static const char SPLIT[] = "SELECT part, hsn, unit, rate, taxable,"
	    " igst, cgst, sgst, cess, quantity, value FROM gst_hsn"
	    " WHERE gstin = $1 AND period = $2 AND part IN ('b2b', 'b2c')"
	    " AND (quantity <> 0 OR value <> 0 OR taxable <> 0)"
	    " ORDER BY part, hsn, unit, rate";
	static const char WHOLE[] = "SELECT '', hsn, unit, rate,"
	    " sum(taxable), sum(igst), sum(cgst), sum(sgst), sum(cess),"
	    " sum(quantity), sum(value) FROM gst_hsn"
	    " WHERE gstin = $1 AND period = $2 AND part IN ('b2b', 'b2c')"
	    " GROUP BY hsn, unit, rate HAVING sum(quantity) <> 0"
	    " OR sum(value) <> 0 OR sum(taxable) <> 0 ORDER BY hsn, unit, rate";
	struct stmt *s = db_stmt(w->listing->db, w->listing->period >= 202505
	    ? SPLIT : WHOLE);

	stmt_text(s, 1, w->listing->gstin);
	stmt_int(s, 2, w->listing->period);
	return step_rows(w, s, take_hsn, e);
}

struct series {
	int nature;
	struct docnumber low, high;
	int64_t n, cancelled;
	bool torn;
};

/* A number that is in no series is one of itself. */
static const char *
number_of(struct walk *w, const struct docnumber *number)
{
	char out[DOCNUMBER_SIZE];

	if (number->width == 0)
		return arena_strdup(w->arena, number->series);
	docnumber_join(number, out);
	return arena_strdup(w->arena, out);
}

static bool
take_series(struct walk *w, struct series *one, struct err *e)
{
	struct listed row = { .nature = one->nature, .issued = one->n,
	    .cancelled = one->cancelled, .documents = one->n };

	if (one->torn && !gst_series_ends(w->listing->db, w->listing->gstin,
	    w->listing->period, one->nature, &one->low, &one->high, e))
		return false;
	row.from = number_of(w, &one->low);
	row.to = number_of(w, &one->high);
	if (one->low.width > 0)
		row.missing = one->high.serial - one->low.serial + 1 -
		    one->n;
	return add(w, &row, e) && tell(w, e);
}

static void
read_series(struct stmt *s, struct series *out)
{
	*out = (struct series){ .nature = (int)col_int(s, 0),
	    .n = col_int(s, 5), .cancelled = col_int(s, 6),
	    .torn = col_int(s, 7) != 0 };
	snprintf(out->low.series, sizeof out->low.series, "%s",
	    col_text(s, 1));
	out->low.width = (int)col_int(s, 2);
	out->high = out->low;
	out->low.serial = col_int(s, 3);
	out->high.serial = col_int(s, 4);
}

/* All first: the ends of one may be asked of the documents. */
static bool
walk_series(struct walk *w, struct err *e)
{
	static const char SQL[] = "SELECT nature, prefix, width, low, high,"
	    " n, cancelled, torn FROM gst_series WHERE gstin = $1"
	    " AND period = $2 AND n > 0 ORDER BY nature, prefix, width";
	struct stmt *s = db_stmt(w->listing->db, SQL);
	struct vec all;
	enum step step;
	bool ok;

	vec_init(&all, sizeof(struct series), SERIES_MAX);
	stmt_text(s, 1, w->listing->gstin);
	stmt_int(s, 2, w->listing->period);
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		struct series *one = vec_add(&all);

		if (one == NULL) {
			stmt_reset(s);
			vec_free(&all);
			return err_set(e, ERR_TOO_LARGE, "more than %d series"
			    " of numbers", SERIES_MAX);
		}
		read_series(s, one);
	}
	ok = step == STEP_DONE;
	for (size_t i = 0; ok && i < all.n; i++)
		ok = take_series(w, vec_at(&all, i), e);
	vec_free(&all);
	return ok;
}

/* ---- the rest --------------------------------------------------------- */

static bool
walk_section(struct walk *w, struct err *e)
{
	switch (w->section) {
	case R1_B2CS: case R1_AT: case R1_TXPD:
		return walk_sums(w, e);
	case R1_B2CSA:
		return walk_amended(w, "b2cs", e);
	case R1_ATA:
		return walk_amended(w, "at", e);
	case R1_TXPDA:
		return walk_amended(w, "txpd", e);
	case R1_NIL:
		return walk_nil(w, e);
	case R1_SUPECO:
		return walk_operators(w, e);
	case R1_SUPECOA:
		return walk_operators_amended(w, e);
	case R1_ECOM:
		return walk_documents(w, e) && walk_consumers(w, e);
	case R1_ECOMA:
		return walk_documents(w, e) &&
		    walk_consumers_amended(w, e);
	case R1_HSN:
		return walk_hsn(w, e);
	case R1_DOCS:
		return walk_series(w, e);
	default:
		return walk_documents(w, e);
	}
}

bool
listed_walk(const struct listing *listing, enum listed_section section,
    listed_each *each, void *arg, struct err *e)
{
	struct walk w = { .listing = listing, .section = section,
	    .each = each, .arg = arg, .arena = arena_new() };
	bool ok;

	vec_init(&w.rows, sizeof(struct listed), UNIT_ROWS_MAX);
	ok = walk_section(&w, e);
	vec_free(&w.rows);
	arena_free(&w.arena);
	return ok;
}

bool
listed_count(const struct listing *listing, int64_t *rows, struct err *e)
{
	static const char SQL[] = "SELECT coalesce(sum(n), 0) FROM gst_sum"
	    " WHERE gstin = $1 AND period = $2 AND (section IN ('b2b',"
	    " 'b2ba', 'cdnr', 'cdnra') OR ($3 = 0 AND section IN ('b2cl',"
	    " 'b2cla', 'cdnur', 'cdnura', 'exp', 'expa', 'ecom',"
	    " 'ecoma')))";
	struct stmt *s = db_stmt(listing->db, SQL);
	int64_t period = listing->period;

	if (!stands(listing, &period, e))
		return false;
	stmt_text(s, 1, listing->gstin);
	stmt_int(s, 2, period);
	stmt_int(s, 3, listing->iff);
	return stmt_number(s, rows, e);
}

bool
listed_sum(const struct listing *listing, enum listed_section section,
    int64_t *taxable, struct err *e)
{
	static const char SQL[] = "SELECT coalesce(sum(taxable), 0)"
	    " FROM gst_sum WHERE gstin = $1 AND period = $2"
	    " AND section = $3";
	struct stmt *s = db_stmt(listing->db, SQL);

	stmt_text(s, 1, listing->gstin);
	stmt_int(s, 2, listing->period);
	stmt_text(s, 3, listed_name(section));
	if (stmt_step(s, e) != STEP_ROW)
		return false;
	*taxable = col_int(s, 0);
	if (section == R1_TXPD)
		*taxable = -*taxable;
	stmt_reset(s);
	return true;
}

bool
listed_unplaced(const struct listing *listing,
    bool (*each)(void *, const char *, struct err *), void *arg,
    struct err *e)
{
	static const char SQL[] = "SELECT DISTINCT d.number FROM gst_row r"
	    " JOIN gst_document d ON d.version = r.version"
	    " WHERE r.gstin = $1 AND r.period = $2"
	    " AND r.section = 'unplaced' ORDER BY r.version";
	struct stmt *s = db_stmt(listing->db, SQL);
	enum step step;
	bool ok = true;

	stmt_text(s, 1, listing->gstin);
	stmt_int(s, 2, listing->period);
	while (ok && (step = stmt_step(s, e)) == STEP_ROW)
		ok = each(arg, col_text(s, 0), e);
	if (!ok)
		stmt_reset(s);
	return ok && step == STEP_DONE;
}
