/* What one document is under GST, and the rows of returns that it is in. */
#include "store/view_gst.h"

#include <string.h>

#include "gst/due.h"
#include "gst/rate.h"
#include "store/show.h"

#define INR "INR"

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
show_heads(struct json *j, struct stmt *s, int from)
{
	for (int head = 0; head < GST_HEADS; head++)
		show_amount(j, gst_head_name((enum gst_head)head),
		    col_int(s, from + head), INR);
}

/* ---- of a document ---------------------------------------------------- */

static void
show_head(struct stmt *s, struct json *j)
{
	static const char *const texts[] = { "nature", "ctin", "category",
	    "place", "operator", "seller", "original", "original_date",
	    "port", "bill", "bill_date", "credit", "bill_number" };
	static const char *const flags[] = { "inward", "inter",
	    "reverse_charge", "reduced", "void", "amends" };

	json_kstr(j, "gstin", col_text(s, 0));
	show_period(j, "period", col_int(s, 1));
	show_amount(j, "value", col_int(s, 2), INR);
	for (int i = 0; i < 13; i++)
		json_kstr(j, texts[i], col_text(s, i + 3));
	for (int i = 0; i < 6; i++) {
		json_key(j, flags[i]);
		json_bool(j, col_int(s, i + 16) != 0);
	}
}

static bool
show_rows(struct db *db, int64_t version, const char *gstin, int64_t period,
    struct json *j, struct err *e)
{
	static const char SQL[] = "SELECT period, section, type, cell, also,"
	    " rate, treatment, was, taxable, igst, cgst, sgst, cess"
	    " FROM gst_row" GST_ROWS_OF_VERSION " ORDER BY n";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	stmt_text(s, 1, gstin);
	stmt_int(s, 2, period);
	stmt_int(s, 3, version);
	json_key(j, "rows");
	json_open(j, '[');
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		json_open(j, '{');
		show_period(j, "period", col_int(s, 0));
		json_kstr(j, "section", col_text(s, 1));
		json_kstr(j, "table", gst_table_of(col_text(s, 1)));
		json_kstr(j, "type", col_text(s, 2));
		json_kstr(j, "cell", col_text(s, 3));
		json_kstr(j, "also", col_text(s, 4));
		show_rate(j, col_int(s, 5));
		json_kstr(j, "treatment", col_text(s, 6));
		json_key(j, "takes_back");
		json_bool(j, col_int(s, 7) != 0);
		show_amount(j, "taxable", col_int(s, 8), INR);
		show_heads(j, s, 9);
		json_close(j, '}');
	}
	json_close(j, ']');
	return step == STEP_DONE;
}

bool
show_gst_document(struct db *db, int64_t version, struct arena *arena,
    struct json *j, struct err *e)
{
	static const char SQL[] = "SELECT gstin, period, value, nature, ctin,"
	    " category, place, operator, seller, original, original_date,"
	    " port, bill, bill_date, credit, bill_number, inward, inter,"
	    " reverse_charge, reduced, voided, amends FROM gst_document"
	    " WHERE version = $1";
	struct stmt *s = db_stmt(db, SQL);
	const char *gstin;
	int64_t period;
	enum step step;
	bool ok;

	stmt_int(s, 1, version);
	step = stmt_step(s, e);
	json_key(j, "gst");
	if (step != STEP_ROW) {
		json_null(j);
		return step == STEP_DONE;
	}
	gstin = arena_strdup(arena, col_text(s, 0));
	period = col_int(s, 1);
	json_open(j, '{');
	show_head(s, j);
	stmt_reset(s);
	ok = show_rows(db, version, gstin, period, j, e);
	json_close(j, '}');
	return ok;
}

/* ---- of an event ------------------------------------------------------ */

bool
show_gst_returns(struct db *db, int64_t event, struct json *j, bool *any,
    struct err *e)
{
	static const char SQL[] = "SELECT d.entity, d.kind, d.number,"
	    " d.inward, r.period, r.section, r.cell, r.rate, r.taxable,"
	    " r.igst + r.cgst + r.sgst + r.cess, r.igst, r.cgst, r.sgst,"
	    " r.cess FROM gst_document d LEFT JOIN gst_row r"
	    " ON r.version = d.version AND r.gstin = d.gstin"
	    " AND r.period IN (d.period, d.period - 1, d.period - 2)"
	    " AND r.section IN (" GST_SECTIONS_STORED ") AND r.was = 0"
	    " AND r.section NOT IN ('unplaced', 'supeco', 'supecoa')"
	    " WHERE d.version BETWEEN $1 * 128 AND $1 * 128 + 127"
	    " ORDER BY d.version, r.n";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	*any = false;
	stmt_int(s, 1, event);
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		bool inward = col_int(s, 3) != 0;

		*any = true;
		/* In no return, as one that is void. */
		if (col_null(s, 5) || (inward && col_text(s, 6)[0] == '\0'))
			continue;
		json_open(j, '{');
		show_name(j, col_text(s, 0), col_text(s, 1), col_text(s, 2));
		json_kstr(j, "return", inward ? "GSTR-3B" : "GSTR-1");
		json_kstr(j, "table", inward ? col_text(s, 6) :
		    gst_table_of(col_text(s, 5)));
		show_period(j, "period", col_int(s, 4));
		json_kstr(j, "section", col_text(s, 5));
		json_kstr(j, "cell", col_text(s, 6));
		show_rate(j, col_int(s, 7));
		json_kstr(j, "tax_code", NULL);
		show_amount(j, "taxable", col_int(s, 8), INR);
		show_amount(j, "tax", col_int(s, 9), INR);
		show_heads(j, s, 10);
		json_kstr(j, "currency", INR);
		json_close(j, '}');
	}
	return step == STEP_DONE;
}
