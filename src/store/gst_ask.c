/* What only the ledger knows of a document that is about to post. */
#include "store/gst_ask.h"

#include <stdio.h>
#include <strings.h>

#include "gst/docnumber.h"
#include "gst/due.h"

/* The first and the last day of the financial year that holds the day. */
static void
year_of(struct day day, char from[16], char to[16])
{
	int64_t first = gst_period_add(gst_period_of(day), -3) / 100;

	snprintf(from, 16, "%04d-04-01", (int)first % 10000);
	snprintf(to, 16, "%04d-03-31", (int)(first + 1) % 10000);
}

/* Number, date and value of the one row, if there is one. */
static bool
take(struct stmt *s, struct arena *arena, struct gst_other *out,
    struct err *e)
{
	enum step step = stmt_step(s, e);

	*out = (struct gst_other){ .found = step == STEP_ROW };
	if (step == STEP_ROW) {
		out->number = arena_strdup(arena, col_text(s, 0));
		if (!day_parse(col_span(s, 1), &out->date))
			out->date = (struct day){ "" };
		out->value = col_int(s, 2);
		stmt_reset(s);
	}
	return step != STEP_FAILED;
}

/* +kind: a partial index that names a kind would have SQLite prepare the
 * statement anew for every one that is bound. */
static bool
ask_sold(struct db *db, const struct supply *s, struct arena *arena,
    struct gst_other *out, struct err *e)
{
	static const char SQL[] = "SELECT number, date, value"
	    " FROM gst_document WHERE gstin = $1 AND inward = 0"
	    " AND upper(number) = upper($2) AND +kind = $3"
	    " AND date BETWEEN $4 AND $5"
	    " AND NOT (entity = $6 AND number = $2) LIMIT 1";
	struct stmt *q = db_stmt(db, SQL);
	char from[16], to[16];

	year_of(s->date, from, to);
	stmt_text(q, 1, s->own->gstin);
	stmt_text(q, 2, s->number);
	stmt_text(q, 3, document_kind_name(s->kind));
	stmt_text(q, 4, from);
	stmt_text(q, 5, to);
	stmt_text(q, 6, s->entity);
	return take(q, arena, out, e);
}

/* Who has no GSTIN is known by the party. */
static bool
ask_bought(struct db *db, const struct supply *s, struct arena *arena,
    struct gst_other *out, struct err *e)
{
	static const char SQL[] = "SELECT number, date, value"
	    " FROM gst_document WHERE gstin = $1 AND inward = 1"
	    " AND ctin IS $2 AND bill_number IN ($3, upper($3), lower($3))"
	    " AND +kind = $4 AND date BETWEEN $5 AND $6 AND party IS $7"
	    " AND NOT (entity = $8 AND number = $9) LIMIT 1";
	struct stmt *q = db_stmt(db, SQL);
	char from[16], to[16];

	year_of(s->date, from, to);
	stmt_text(q, 1, s->own->gstin);
	stmt_text(q, 2, s->gstin);
	stmt_text(q, 3, s->bill_number);
	stmt_text(q, 4, document_kind_name(s->kind));
	stmt_text(q, 5, from);
	stmt_text(q, 6, to);
	stmt_text(q, 7, s->party);
	stmt_text(q, 8, s->entity);
	stmt_text(q, 9, s->number);
	return take(q, arena, out, e);
}

bool
gst_ask_number(struct db *db, const struct supply *s, struct arena *arena,
    struct gst_other *out, struct err *e)
{
	return s->inward ? ask_bought(db, s, arena, out, e) :
	    ask_sold(db, s, arena, out, e);
}

#define LOOKED 8	/* numbers between, of other series */
#define NEAR 1000	/* beyond, it is no consecutive series */

/* Numbers of one series and width are in the order of their texts; what else
 * stands between them is passed over. */
static bool
take_series(struct stmt *q, const struct docnumber *series,
    struct day day, struct arena *arena, struct gst_other *out,
    struct err *e)
{
	enum step step;

	while ((step = stmt_step(q, e)) == STEP_ROW) {
		struct docnumber one;

		if (!docnumber_split(col_text(q, 0), day, &one) ||
		    one.width != series->width ||
		    strcasecmp(one.series, series->series) != 0)
			continue;
		out->found = true;
		out->number = arena_strdup(arena, col_text(q, 0));
		if (!day_parse(col_span(q, 1), &out->date))
			out->date = (struct day){ "" };
		out->value = col_int(q, 2);
		stmt_reset(q);
		return true;
	}
	return step == STEP_DONE;
}

bool
gst_ask_before(struct db *db, const struct supply *s, struct arena *arena,
    struct gst_other *out, struct err *e)
{
	static const char SQL[] = "SELECT number, date, value"
	    " FROM gst_document WHERE gstin = $1 AND inward = 0"
	    " AND upper(number) < upper($2) AND upper(number) >= upper($3)"
	    " AND +kind = $4 ORDER BY upper(number) DESC LIMIT $5";
	char least[DOCNUMBER_SIZE];
	struct docnumber number, first;
	struct stmt *q;

	*out = (struct gst_other){ .found = false };
	if (s->inward || !docnumber_split(s->number, s->date, &number))
		return true;
	first = number;
	first.serial = number.serial > NEAR ? number.serial - NEAR : 0;
	docnumber_join(&first, least);
	q = db_stmt(db, SQL);
	stmt_text(q, 1, s->own->gstin);
	stmt_text(q, 2, s->number);
	stmt_text(q, 3, least);
	stmt_text(q, 4, document_kind_name(s->kind));
	stmt_int(q, 5, LOOKED);
	return take_series(q, &number, s->date, arena, out, e);
}

/* By its number, else by what its source calls it (store/gst.c). */
static bool
ask_invoice(struct db *db, const struct supply *s, struct arena *arena,
    struct gst_other *out, struct err *e)
{
	static const char OF_NUMBER[] = "SELECT g.number, g.date, g.value"
	    " FROM document d JOIN gst_document g"
	    " ON g.version = d.event * 128 + d.part WHERE d.entity = $1"
	    " AND d.kind = 'sales_invoice' AND d.number = $2";
	static const char OF_REFERENCE[] = "SELECT number, date, value"
	    " FROM gst_document WHERE entity = $1 AND bill_number = $2"
	    " AND kind = 'sales_invoice' AND bill_number <> number"
	    " ORDER BY version DESC LIMIT 1";
	bool ok = true;

	*out = (struct gst_other){ .found = false };
	for (int i = 0; ok && !out->found && i < 2; i++) {
		struct stmt *q = db_stmt(db, i == 0 ? OF_NUMBER :
		    OF_REFERENCE);

		stmt_text(q, 1, s->entity);
		stmt_text(q, 2, s->original);
		ok = take(q, arena, out, e);
	}
	return ok;
}

static bool
ask_bill(struct db *db, const struct supply *s, struct arena *arena,
    struct gst_other *out, struct err *e)
{
	static const char SQL[] = "SELECT number, date, value"
	    " FROM gst_document WHERE gstin = $1 AND inward = 1"
	    " AND ctin IS $2 AND bill_number = $3"
	    " AND kind = 'purchase_invoice' ORDER BY version DESC LIMIT 1";
	struct stmt *q = db_stmt(db, SQL);

	stmt_text(q, 1, s->own->gstin);
	stmt_text(q, 2, s->gstin);
	stmt_text(q, 3, s->original);
	return take(q, arena, out, e);
}

bool
gst_ask_original(struct db *db, const struct supply *s, struct arena *arena,
    struct gst_other *out, struct err *e)
{
	return s->inward ? ask_bill(db, s, arena, out, e) :
	    ask_invoice(db, s, arena, out, e);
}
