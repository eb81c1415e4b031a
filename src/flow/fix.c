/* Fixes that are a row of master data. */
#include "flow/fix.h"

#include <string.h>

#include "book/statute.h"
#include "gst/gstin.h"
#include "gst/hsn.h"
#include "store/master.h"
#include "store/master_table.h"

#define TAXPAYER_CATEGORY 2	/* columns */
#define TAXPAYER_STATE 3

static bool
may_gstin(const struct reference *r, const char *to, struct err *e)
{
	char code[3];

	if (!gstin_valid(to))
		return err_set(e, ERR_REFUSED, "%.60s is no GSTIN", to);
	gstin_state(to, code);
	return reference_gst_state(r, code) != NULL || err_set(e,
	    ERR_REFUSED, "no state %s", code);
}

static bool
may_state(const struct reference *r, const char *to, struct err *e)
{
	const struct gst_state *state = reference_gst_state(r, to);

	return (state != NULL && strcmp(state->code, to) == 0) ||
	    err_set(e, ERR_REFUSED, "%.60s is no code of a state", to);
}

static bool
may_hsn(const struct reference *r, const char *to, struct err *e)
{
	if (!gst_hsn_shape(to))
		return err_set(e, ERR_REFUSED, "%.60s is no HSN of 4, 6 or 8 "
		    "digits", to);
	return !reference_has_hsn(r) || reference_hsn(r, to) != NULL ||
	    err_set(e, ERR_REFUSED, "the list of HSN has no %.60s", to);
}

static bool
may_unit(const struct reference *r, const char *to, struct err *e)
{
	const struct gst_unit *unit = reference_gst_unit(r, to);

	return (unit != NULL && unit->goods && strcmp(unit->code, to) == 0) ||
	    err_set(e, ERR_REFUSED, "%.60s is no unit of goods", to);
}

static const struct kind {
	const char *dimension, *table;
	enum reference_table of;
	size_t column;
	bool (*may)(const struct reference *, const char *, struct err *);
} kinds[] = {
	{ "taxpayer", "taxpayer", REF_PARTY, 1, may_gstin },
	{ "gst_state", "taxpayer", REF_PARTY, TAXPAYER_STATE, may_state },
	{ "hsn", "gst_item", REF_ITEM, 1, may_hsn },
	{ "gst_unit", "gst_item", REF_ITEM, 2, may_unit },
};

static const struct kind *
find(const char *dimension)
{
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (strcmp(kinds[i].dimension, dimension) == 0)
			return &kinds[i];
	return NULL;
}

const char *
fix_table(const char *dimension)
{
	const struct kind *kind = find(dimension);

	return kind != NULL ? kind->table : NULL;
}

bool
fix_judge(const struct reference *r, const char *dimension,
    const char *value, const char *to, struct err *e)
{
	const struct kind *kind = find(dimension);
	const struct master *row = reference_find(r, kind->of, value);

	if (row == NULL)
		return err_set(e, ERR_REFUSED, "no %s %.60s",
		    reference_table_name(kind->of), value);
	/* Of two the longer one counts (gst/supply.c). */
	if (kind->may == may_hsn && strlen(row->extra) > strlen(to))
		return err_set(e, ERR_REFUSED, "the table item has %.20s for "
		    "it, which is longer; correct that", row->extra);
	return kind->may(r, to, e);
}

/* What a number says of its holder, unless more is known: who has a GSTIN is
 * not unregistered. */
static const char *
category_of(const char *gstin, const char *known)
{
	enum gst_category category;

	if (gst_category_find(known, &category) && gstin_fits(gstin,
	    category))
		return known;
	switch (gstin_kind(gstin)) {
	case GSTIN_OPERATOR:
		return gst_category_name(GST_OPERATOR);
	case GSTIN_DEDUCTOR:
		return gst_category_name(GST_DEDUCTOR);
	case GSTIN_UIN:
		return gst_category_name(GST_UIN);
	case GSTIN_NON_RESIDENT:
	case GSTIN_OIDAR:
		return gst_category_name(GST_OVERSEAS);
	default:
		return gst_category_name(GST_REGULAR);
	}
}

static const char *
cell_of(const struct kind *kind, const struct csv *old, const char *to,
    size_t i, char state[3])
{
	const char *was = i < old->n ? csv_field(old, i) : "";

	if (i == kind->column)
		return to;
	if (strcmp(kind->table, "taxpayer") != 0)
		return was;
	if (kind->column == 1 && i == TAXPAYER_CATEGORY)
		return category_of(to, was);
	if (kind->column == 1 && i == TAXPAYER_STATE) {
		gstin_state(to, state);
		return state;
	}
	return i == TAXPAYER_CATEGORY && was[0] == '\0' ?
	    gst_category_name(GST_UNREGISTERED) : was;
}

bool
fix_row(struct db *db, const char *dimension, const char *value,
    const char *to, struct str *csv, struct err *e)
{
	const struct kind *kind = find(dimension);
	const struct master_table *table = master_table_find(kind->table);
	struct str line;
	struct csv old = { 0 };
	char state[3];
	bool ok;

	str_init(&line, CSV_RECORD_MAX * 2);
	ok = master_line(db, kind->table, value, &line, e);
	csv_open(&old, str_span(&line));
	ok = ok && (line.n == 0 || csv_next(&old, e));
	master_table_head(table, csv);
	str_addc(csv, '\n');
	csv_write_plain(csv, span_of(value));
	for (size_t i = 1; ok && i < master_table_columns(table); i++) {
		str_addc(csv, ',');
		csv_write_plain(csv, span_of(cell_of(kind, &old, to, i,
		    state)));
	}
	str_addc(csv, '\n');
	csv_close(&old);
	str_free(&line);
	return ok;
}
