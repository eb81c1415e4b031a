#include "store/purchase.h"

#include <stdio.h>
#include <string.h>

#include "book/money.h"

void
recon_pan(const char *gstin, char out[16])
{
	char pan[11];

	bill_pan(gstin, pan);
	snprintf(out, 16, "%.15s", pan[0] != '\0' ? pan : gstin != NULL ?
	    gstin : "");
}

int64_t
recon_year(struct day day)
{
	char year[8];
	int64_t n = 0;

	if (day.text[0] == '\0')
		return 0;
	day_year(day, year);
	for (int i = 0; i < 4; i++)
		n = n * 10 + year[i] - '0';
	return n;
}

const char *
purchase_key(struct arena *arena, const char *entity, const char *kind,
    const char *number)
{
	return arena_printf(arena, "%s/%s/%s", entity, kind, number);
}

bool
recon_touch(struct books *books, const char *own, const char *pan,
    int64_t year, struct err *e)
{
	static const char SQL[] = "INSERT INTO recon_dirty VALUES"
	    " ($1, $2, $3, $4) ON CONFLICT DO UPDATE SET seq = excluded.seq";
	struct stmt *s = db_stmt(books->db, SQL);

	stmt_text(s, 1, own);
	stmt_text(s, 2, pan);
	stmt_int(s, 3, year);
	stmt_int(s, 4, books->seq);
	return stmt_run(s, e);
}

/* ---- what it is to a supplier's return -------------------------------- */

/* False: nobody files it for us. */
static bool
class_of(const struct supply *s, enum bill_class *out)
{
	bool imported = s->bill != NULL && s->bill[0] != '\0';

	*out = s->nature == GST_INVOICE ? BILL_B2B : BILL_CDNR;
	if (imported && s->category == GST_OVERSEAS)
		*out = BILL_IMPG;
	else if (imported && s->category == GST_SEZ)
		*out = BILL_IMPGSEZ;
	else if (s->category == GST_DISTRIBUTOR)
		*out = BILL_ISD;
	if (*out == BILL_IMPG)
		return true;
	return s->gstin != NULL && s->gstin[0] != '\0' &&
	    strcmp(s->gstin, s->own->gstin) != 0 &&
	    s->category != GST_COMPOSITION &&
	    s->category != GST_UNREGISTERED && s->category != GST_OVERSEAS;
}

struct sums {
	int64_t taxable, exempt, tax[GST_HEADS];
	bool any;
};

static void
add_to(int64_t *sum, int64_t n)
{
	if (__builtin_add_overflow(*sum, n, sum))
		*sum = n < 0 ? -MONEY_MAX : MONEY_MAX;
}

static struct sums
sum_lines(const struct supply *s)
{
	struct sums sums = { 0 };

	for (size_t i = 0; i < s->n_lines; i++) {
		const struct supply_line *line = &s->lines[i];
		bool free = line->treatment == GST_NIL || line->treatment ==
		    GST_EXEMPT || line->treatment == GST_NON_GST;

		add_to(free ? &sums.exempt : &sums.taxable, line->taxable);
		sums.any = sums.any || !free;
		for (int h = 0; h < GST_HEADS; h++) {
			add_to(&sums.tax[h], line->tax[h]);
			sums.any = sums.any || line->tax[h] != 0;
		}
	}
	return sums;
}

/* ---- keeping ---------------------------------------------------------- */

/* What it was matched with before is looked at again. */
static bool
touch_old(struct books *books, const struct document *d, struct err *e)
{
	static const char SQL[] = "SELECT own, pan, year FROM purchase"
	    " WHERE entity = $1 AND kind = $2 AND number = $3"
	    " AND class <> ''";
	struct stmt *s = db_stmt(books->db, SQL);
	enum step step;
	bool ok;

	stmt_text(s, 1, d->entity);
	stmt_text(s, 2, document_kind_name(d->kind));
	stmt_text(s, 3, d->number);
	step = stmt_step(s, e);
	if (step != STEP_ROW)
		return step == STEP_DONE;
	ok = recon_touch(books, col_text(s, 0), col_text(s, 1),
	    col_int(s, 2), e);
	stmt_reset(s);
	return ok;
}

static bool
drop(struct books *books, const struct document *d, struct err *e)
{
	static const char SQL[] = "DELETE FROM purchase WHERE entity = $1"
	    " AND kind = $2 AND number = $3";
	struct stmt *s = db_stmt(books->db, SQL);

	stmt_text(s, 1, d->entity);
	stmt_text(s, 2, document_kind_name(d->kind));
	stmt_text(s, 3, d->number);
	return stmt_run(s, e);
}

struct putting {
	const struct document *document;
	const struct supply *supply;
	int64_t version;
	enum bill_class class;
	bool filed;		/* has a class */
	const char *bill;
	struct day date;
	char own[16], pan[16];
};

static void
bind_amounts(struct stmt *s, const struct supply *supply)
{
	struct sums sums = sum_lines(supply);

	stmt_int(s, 21, supply->value);
	stmt_int(s, 22, sums.taxable);
	stmt_int(s, 23, sums.exempt);
	for (int h = 0; h < GST_HEADS; h++)
		stmt_int(s, 24 + h, sums.tax[h]);
}

static bool
put(struct books *books, const struct putting *p, struct err *e)
{
	static const char SQL[] = "INSERT OR REPLACE INTO purchase VALUES"
	    " ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14,"
	    " $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26,"
	    " $27)";
	const struct supply *supply = p->supply;
	struct stmt *s = db_stmt(books->db, SQL);

	stmt_text(s, 1, p->document->entity);
	stmt_text(s, 2, document_kind_name(p->document->kind));
	stmt_text(s, 3, p->document->number);
	stmt_int(s, 4, p->version);
	stmt_text(s, 5, supply->own->gstin);
	stmt_int(s, 6, supply->period);
	stmt_text(s, 7, p->own);
	stmt_text(s, 8, p->pan);
	stmt_int(s, 9, recon_year(p->date));
	stmt_text(s, 10, p->filed ? bill_class_name(p->class) : "");
	stmt_int(s, 11, supply->nature == GST_CREDIT);
	stmt_text(s, 12, supply->party);
	stmt_text(s, 13, supply->name);
	stmt_text(s, 14, supply->gstin != NULL ? supply->gstin : "");
	stmt_text(s, 15, gst_category_name(supply->category));
	stmt_text(s, 16, p->bill);
	stmt_text(s, 17, p->date.text);
	stmt_text(s, 18, supply->place != NULL ? supply->place : "");
	stmt_int(s, 19, supply->reverse_charge);
	stmt_text(s, 20, supply->credit != NULL ? supply->credit : "");
	bind_amounts(s, supply);
	return stmt_run(s, e) && (!p->filed || recon_touch(books, p->own,
	    p->pan, recon_year(p->date), e));
}

bool
purchase_put(struct books *books, const struct document *document,
    const struct supply *supply, int64_t version, bool first, struct err *e)
{
	struct putting p = { .document = document, .supply = supply,
	    .version = version };
	struct sums sums;

	if (!first && !touch_old(books, document, e))
		return false;
	if (supply == NULL || !supply->inward || supply->voided)
		return first || drop(books, document, e);
	sums = sum_lines(supply);
	p.filed = class_of(supply, &p.class) && sums.any;
	p.bill = supply->bill_number;
	/* The bill's own day, when it was entered on another. */
	p.date = supply->nature == GST_INVOICE &&
	    supply->original_date.text[0] != '\0' ? supply->original_date :
	    supply->date;
	if (p.filed && (p.class == BILL_IMPG || p.class == BILL_IMPGSEZ)) {
		p.bill = supply->bill;
		if (supply->bill_date.text[0] != '\0')
			p.date = supply->bill_date;
	}
	recon_pan(supply->own->gstin, p.own);
	recon_pan(p.class == BILL_IMPG ? "" : supply->gstin, p.pan);
	return put(books, &p, e);
}
