#include "store/recon_list.h"

#include <stdio.h>
#include <string.h>

static const char *
text_of(struct stmt *s, int at)
{
	const char *text = col_text(s, at);

	return text != NULL ? text : "";
}

/* ---- what was bought -------------------------------------------------- */

bool
purchases_count(struct db *db, const char *gstin, int64_t period,
    int64_t *out, struct err *e)
{
	static const char SQL[] = "SELECT count(*) FROM purchase"
	    " WHERE gstin = $1 AND period = $2";
	struct stmt *s = db_stmt(db, SQL);

	stmt_text(s, 1, gstin);
	stmt_int(s, 2, period);
	return stmt_number(s, out, e);
}

static struct purchase_line
purchase_of(struct stmt *s)
{
	struct purchase_line line = { .document = text_of(s, 0),
	    .party = text_of(s, 1), .name = text_of(s, 2),
	    .ctin = text_of(s, 3), .category = text_of(s, 4),
	    .bill = text_of(s, 5), .date = text_of(s, 6),
	    .place = text_of(s, 7), .itc = text_of(s, 8),
	    .credit = col_int(s, 9) != 0,
	    .reverse_charge = col_int(s, 10) != 0, .value = col_int(s, 11),
	    .taxable = col_int(s, 12), .exempt = col_int(s, 13),
	    .status = text_of(s, 18), .filed = col_int(s, 19) };

	for (int h = 0; h < GST_HEADS; h++)
		line.tax[h] = col_int(s, 14 + h);
	return line;
}

bool
purchases_walk(struct db *db, const char *gstin, int64_t period,
    purchase_each *each, void *arg, struct err *e)
{
	static const char SQL[] = "SELECT p.entity || '/' || p.kind || '/' ||"
	    " p.number, p.party, p.name, p.ctin, p.category, p.bill, p.date,"
	    " p.place, p.itc, p.credit, p.reverse_charge, p.value,"
	    " p.taxable, p.exempt, p.igst, p.cgst, p.sgst, p.cess, c.status,"
	    " CASE WHEN c.inward <> 0 THEN c.period ELSE 0 END"
	    " FROM purchase p LEFT JOIN recon c ON c.version = p.version"
	    " AND c.version <> 0"
	    " WHERE p.gstin = $1 AND p.period = $2"
	    " ORDER BY p.date, p.bill, p.entity, p.kind, p.number";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	stmt_text(s, 1, gstin);
	stmt_int(s, 2, period);
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		struct purchase_line line = purchase_of(s);

		if (!each(arg, &line, e)) {
			stmt_reset(s);
			return false;
		}
	}
	return step == STEP_DONE;
}

/* ---- whom to ask ------------------------------------------------------ */

#define BILLS_MAX 500		/* bytes of the list of numbers */

static struct followup_line
followup_of(struct stmt *s, char bills[BILLS_MAX + 1])
{
	snprintf(bills, BILLS_MAX + 1, "%s", text_of(s, 11));
	return (struct followup_line){ .ctin = text_of(s, 0),
	    .name = text_of(s, 1), .party = text_of(s, 2),
	    .address = text_of(s, 3), .missing = col_int(s, 4),
	    .missing_taxable = col_int(s, 5), .missing_tax = col_int(s, 6),
	    .lacking = col_int(s, 7), .lacking_tax = col_int(s, 8),
	    .oldest = text_of(s, 9), .registration = text_of(s, 10),
	    .bills = bills };
}

bool
followup_walk(struct db *db, const char *gstin, int64_t period,
    const char *after, int limit, followup_each *each, void *arg,
    struct err *e)
{
	static const char SQL[] = "SELECT c.party, max(p.name), max(p.party),"
	    " max(t.address), sum(c.status = 'only_books'),"
	    " sum(CASE WHEN c.status = 'only_books' THEN p.taxable ELSE 0"
	    " END), sum(CASE WHEN c.status = 'only_books' THEN c.books_tax"
	    " ELSE 0 END), sum(c.status <> 'only_books'),"
	    " sum(CASE WHEN c.status <> 'only_books' THEN c.books_tax -"
	    " c.portal_tax ELSE 0 END), min(p.date), max(t.status),"
	    " group_concat(p.bill, ', ') FROM recon c"
	    " JOIN purchase p ON p.version = c.version AND p.credit = 0"
	    " LEFT JOIN taxpayer t ON t.party = p.party"
	    " LEFT JOIN recon_word w ON w.item = CASE WHEN c.inward <> 0"
	    " THEN 'R' || c.inward ELSE p.entity || '/' || p.kind || '/' ||"
	    " p.number END"
	    " WHERE c.gstin = $1 AND ($2 = 0 OR c.period = $2)"
	    " AND c.party > $3 AND c.twin = 0"
	    " AND coalesce(w.action, '') NOT IN ('ignore', 'accept')"
	    " AND c.version <> 0 AND c.books_tax > c.portal_tax"
	    " AND EXISTS (SELECT 1 FROM inward_file f"
	    " WHERE f.gstin = c.gstin AND f.form = '2b'"
	    " AND f.period = c.period AND f.replaced = 0)"
	    " GROUP BY c.party ORDER BY c.party LIMIT $4";
	struct stmt *s = db_stmt(db, SQL);
	char bills[BILLS_MAX + 1];
	enum step step;

	stmt_text(s, 1, gstin);
	stmt_int(s, 2, period);
	stmt_text(s, 3, after != NULL ? after : "");
	stmt_int(s, 4, limit > 0 ? limit : -1);
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		struct followup_line line = followup_of(s, bills);

		if (!each(arg, &line, e)) {
			stmt_reset(s);
			return false;
		}
	}
	return step == STEP_DONE;
}

/* ---- IMS -------------------------------------------------------------- */

static struct ims_line
ims_of(struct stmt *s)
{
	struct ims_line line = { .category = text_of(s, 0),
	    .party = text_of(s, 1), .number = text_of(s, 2),
	    .type = text_of(s, 4), .place = text_of(s, 5),
	    .action = text_of(s, 6), .before = text_of(s, 7),
	    .original = text_of(s, 8), .hash = text_of(s, 10),
	    .status = text_of(s, 11), .period = col_int(s, 12),
	    .value = col_int(s, 13), .taxable = col_int(s, 14),
	    .note = col_int(s, 19) != 0, .amended = col_int(s, 20) != 0,
	    .no_pending = col_int(s, 21) != 0 };

	(void)day_parse(col_span(s, 3), &line.date);
	(void)day_parse(col_span(s, 9), &line.original_date);
	for (int h = 0; h < GST_HEADS; h++)
		line.tax[h] = col_int(s, 15 + h);
	return line;
}

/* The row that people spoke of is of 2B as a rule; what IMS alone knows of it
 * is asked of its own list, when that is here. */
#define OF_IMS(column) " coalesce((SELECT i." column " FROM inward_row i" \
	" WHERE i.gstin = r.gstin AND i.party = r.party" \
	" AND i.number = r.number AND i.date = r.date" \
	" AND i.credit = r.credit AND i.form = 'ims' AND i.gone = 0" \
	" LIMIT 1), r." column ")"

bool
ims_walk(struct db *db, const char *gstin, int64_t period, ims_each *each,
    void *arg, struct err *e)
{
	static const char SQL[] = "SELECT CASE WHEN r.section IN ('ecom',"
	    " 'ecoma') THEN r.section WHEN r.class = 'b2b' THEN CASE"
	    " r.amended WHEN 1 THEN 'b2ba' ELSE 'b2b' END ELSE CASE r.credit"
	    " WHEN 1 THEN 'b2bcn' ELSE 'b2bdn' END || CASE r.amended WHEN 1"
	    " THEN 'a' ELSE '' END END AS category, r.party, r.number,"
	    " r.date, r.type, r.place, w.ims, r.ims, r.original,"
	    " r.original_date," OF_IMS("hash") "," OF_IMS("status") ","
	    " r.period, r.value, r.taxable, r.igst, r.cgst, r.sgst, r.cess,"
	    " r.class = 'cdnr', r.amended, r.no_pending FROM recon_word w"
	    " JOIN inward_row r ON r.id = CAST(substr(w.item, 2) AS INTEGER)"
	    " AND 'R' || r.id = w.item"
	    " WHERE w.ims <> '' AND r.gstin = $1 AND r.period = $2"
	    " AND r.gone = 0 AND r.class IN ('b2b', 'cdnr')"
	    " ORDER BY category, r.party, r.number, r.date, r.id";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	stmt_text(s, 1, gstin);
	stmt_int(s, 2, period);
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		struct ims_line line = ims_of(s);

		if (!each(arg, &line, e)) {
			stmt_reset(s);
			return false;
		}
	}
	return step == STEP_DONE;
}
