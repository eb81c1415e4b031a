/* The law of GST between its tables and the snapshot (book/statute.h). */
#include "store/master_gst.h"

#include <string.h>

#include "book/money.h"
#include "book/statute.h"
#include "gst/rate.h"

static struct day
day_of(struct stmt *s, int at)
{
	struct day day;

	return day_parse(col_span(s, at), &day) ? day : (struct day){ "" };
}

static bool
yes(struct stmt *s, int at)
{
	return strcmp(col_text(s, at), "yes") == 0;
}

/* Judged when it was written: digits, or nothing. */
static int64_t
whole(const char *text)
{
	int64_t n = 0;

	for (; *text >= '0' && *text <= '9'; text++)
		n = n * 10 + *text - '0';
	return n;
}

static int64_t
rupees(struct span text)
{
	struct money amount;

	return money_parse(text, "INR", &amount) ? amount.minor : 0;
}

static void
take_registration(struct stmt *s, struct reference *r)
{
	const struct registration row = { .gstin = col_text(s, 0),
	    .from = day_of(s, 1), .entity = col_text(s, 2),
	    .kind = col_text(s, 3), .filing = col_text(s, 4),
	    .turnover = rupees(col_span(s, 5)), .to = day_of(s, 6) };

	reference_add_registration(r, &row);
}

static void
take_taxpayer(struct stmt *s, struct reference *r)
{
	const char *gstin = col_text(s, 1);
	const struct taxpayer row = { .party = col_text(s, 0),
	    .gstin = gstin[0] != '\0' ? gstin : NULL,
	    .category = col_text(s, 2), .state = col_text(s, 3),
	    .pin = col_text(s, 4), .address = col_text(s, 5),
	    .status = col_text(s, 6), .since = day_of(s, 7) };

	reference_add_taxpayer(r, &row);
}

static void
take_state(struct stmt *s, struct reference *r)
{
	const struct gst_state row = { .code = col_text(s, 0),
	    .name = col_text(s, 1), .alpha = col_text(s, 2),
	    .pins = col_text(s, 3), .group = col_text(s, 4),
	    .utgst = yes(s, 5), .gstin = yes(s, 6), .place = yes(s, 7),
	    .from = day_of(s, 8), .to = day_of(s, 9) };

	reference_add_gst_state(r, &row);
}

static void
take_unit(struct stmt *s, struct reference *r)
{
	const struct gst_unit row = { .code = col_text(s, 0),
	    .name = col_text(s, 1), .goods = yes(s, 2) };

	reference_add_gst_unit(r, &row);
}

static void
take_rate(struct stmt *s, struct reference *r)
{
	struct gst_rate row = { .from = day_of(s, 1), .hsn = col_text(s, 2),
	    .goods = yes(s, 3), .services = yes(s, 4), .to = day_of(s, 5) };

	if (gst_rate_parse(col_span(s, 0), &row.rate))
		reference_add_gst_rate(r, &row);
}

/* An amount is written with its paise, a count without. */
static void
take_limit(struct stmt *s, struct reference *r)
{
	const char *value = col_text(s, 2);

	reference_add_gst_limit(r, col_text(s, 0), day_of(s, 1),
	    strchr(value, '.') != NULL ? rupees(span_of(value)) :
	    whole(value));
}

static void
take_due(struct stmt *s, struct reference *r)
{
	int64_t period = whole(col_text(s, 3));
	const struct gst_due row = { .form = col_text(s, 0),
	    .filing = col_text(s, 1), .group = col_text(s, 2),
	    .period = period % 10000 * 100 + period / 10000,
	    .months = (int)whole(col_text(s, 4)),
	    .day = (int)whole(col_text(s, 5)), .due = day_of(s, 6) };

	reference_add_gst_due(r, &row);
}

static void
take_level(struct stmt *s, struct reference *r)
{
	reference_add_gst_level(r, col_text(s, 0), col_text(s, 1),
	    col_text(s, 2));
}

static void
take_hsn(struct stmt *s, struct reference *r)
{
	reference_add_hsn(r, col_text(s, 0), col_text(s, 1));
}

static void
take_item(struct stmt *s, struct reference *r)
{
	reference_add_gst_item(r, col_text(s, 0), col_text(s, 1),
	    col_text(s, 2));
}

static const struct {
	const char *sql;
	void (*take)(struct stmt *, struct reference *);
} loads[] = {
	{ "SELECT gstin, first, entity, kind, filing, turnover, last"
	    " FROM registration ORDER BY gstin, first", take_registration },
	{ "SELECT party, gstin, category, state, pin, address, status, since"
	    " FROM taxpayer ORDER BY party", take_taxpayer },
	{ "SELECT code, name, alpha, pins, due_group, utgst, gstin, place,"
	    " first, last FROM gst_state ORDER BY code", take_state },
	{ "SELECT code, name, goods FROM gst_unit ORDER BY code", take_unit },
	{ "SELECT rate, first, hsn, goods, services, last FROM gst_rate"
	    " ORDER BY rate, first", take_rate },
	{ "SELECT name, first, value FROM gst_limit ORDER BY name, first",
	    take_limit },
	{ "SELECT form, filing, due_group, period, months, day, due"
	    " FROM gst_due ORDER BY form, filing, due_group, period",
	    take_due },
	{ "SELECT code, entity, level FROM gst_level ORDER BY code, entity",
	    take_level },
	{ "SELECT code, name FROM hsn ORDER BY code", take_hsn },
	{ "SELECT item, hsn, unit FROM gst_item ORDER BY item", take_item },
};

bool
master_gst_load(struct db *db, struct reference *r, struct err *e)
{
	for (size_t i = 0; i < sizeof loads / sizeof *loads; i++) {
		struct stmt *s = db_stmt(db, loads[i].sql);
		enum step step;

		while ((step = stmt_step(s, e)) == STEP_ROW)
			loads[i].take(s, r);
		if (step != STEP_DONE)
			return false;
	}
	return true;
}

/* ---- writing ---------------------------------------------------------- */

static const struct {
	const char *table, *sql;
} writes[] = {
	{ "registration", "INSERT OR REPLACE INTO registration"
	    " VALUES ($1, $2, $3, $4, $5, $6, $7)" },
	{ "taxpayer", "INSERT OR REPLACE INTO taxpayer"
	    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)" },
	{ "gst_state", "INSERT OR REPLACE INTO gst_state"
	    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)" },
	{ "gst_unit", "INSERT OR REPLACE INTO gst_unit VALUES ($1, $2, $3)" },
	{ "gst_rate", "INSERT OR REPLACE INTO gst_rate"
	    " VALUES ($1, $2, $3, $4, $5, $6, $7)" },
	{ "gst_limit", "INSERT OR REPLACE INTO gst_limit"
	    " VALUES ($1, $2, $3)" },
	{ "gst_due", "INSERT OR REPLACE INTO gst_due"
	    " VALUES ($1, $2, $3, $4, $5, $6, $7)" },
	{ "gst_level", "INSERT OR REPLACE INTO gst_level"
	    " VALUES ($1, $2, $3)" },
	{ "hsn", "INSERT OR REPLACE INTO hsn VALUES ($1, $2)" },
	{ "gst_item", "INSERT OR REPLACE INTO gst_item VALUES ($1, $2, $3)" },
};

#define WRITES (sizeof writes / sizeof *writes)

static size_t
write_of(const char *table)
{
	size_t i = 0;

	while (i < WRITES && strcmp(writes[i].table, table) != 0)
		i++;
	return i;
}

bool
master_gst_has(const char *table)
{
	return write_of(table) < WRITES;
}

bool
master_gst_write(const struct row *row)
{
	struct stmt *s = db_stmt(row->db, writes[write_of(row->name)].sql);

	for (size_t at = 0; at < row->csv->n; at++)
		stmt_text(s, (int)at + 1, row_field(row, at));
	return stmt_run(s, row->e);
}
