/*
 * Which cell of GSTR-3B each line of a document goes to; the first that fits.
 * Source: Form GSTR-3B, CGST Rule 61; gst.md 3.2.
 */
#include "gst/supply.h"

#include <string.h>

#include "gst/inside.h"

static const char *const cells[GST_CELLS] = {
	[GST_CELL_NONE] = "",
	[GST_3_1A] = "3.1(a)", [GST_3_1B] = "3.1(b)",
	[GST_3_1C] = "3.1(c)", [GST_3_1D] = "3.1(d)",
	[GST_3_1E] = "3.1(e)",
	[GST_3_1_1I] = "3.1.1(i)", [GST_3_1_1II] = "3.1.1(ii)",
	[GST_4A_IMPG] = "4(A)(1)", [GST_4A_IMPS] = "4(A)(2)",
	[GST_4A_ISRC] = "4(A)(3)", [GST_4A_ISD] = "4(A)(4)",
	[GST_4A_OTH] = "4(A)(5)",
	[GST_4B_RUL] = "4(B)(1)", [GST_4B_OTH] = "4(B)(2)",
	[GST_4D_RUL] = "4(D)(1)", [GST_4D_OTH] = "4(D)(2)",
	[GST_5_GST] = "5(gst)", [GST_5_NONGST] = "5(non_gst)",
	[GST_3_2_UNREG] = "3.2(unregistered)",
	[GST_3_2_COMP] = "3.2(composition)", [GST_3_2_UIN] = "3.2(uin)",
};

const char *
gst_cell_name(enum gst_cell cell)
{
	return cells[cell];
}

bool
gst_cell_find(const char *name, enum gst_cell *out)
{
	for (int i = GST_CELL_NONE + 1; i < GST_CELLS; i++) {
		if (strcmp(cells[i], name) == 0) {
			*out = (enum gst_cell)i;
			return true;
		}
	}
	return false;
}

/* ---- sold ------------------------------------------------------------- */

static enum gst_cell
cell_of_sale(const struct supply *s, const struct supply_line *line)
{
	if (line->treatment == GST_NIL || line->treatment == GST_EXEMPT)
		return GST_3_1C;
	if (line->treatment == GST_NON_GST)
		return GST_3_1E;
	if (s->seller != NULL)
		return GST_3_1_1I;
	if (s->operator != NULL && s->reverse_charge)
		return GST_3_1_1II;
	if (supply_exported(s) || s->category == GST_SEZ)
		return GST_3_1B;
	return GST_3_1A;
}

static enum gst_cell
recipient_of(const struct supply *s, const struct supply_row *row)
{
	if (s->inward || !supply_across(s) ||
	    (row->cell != GST_3_1A && row->cell != GST_3_1_1I))
		return GST_CELL_NONE;
	if (s->category == GST_COMPOSITION)
		return GST_3_2_COMP;
	if (s->category == GST_UIN)
		return GST_3_2_UIN;
	return s->gstin == NULL ? GST_3_2_UNREG : GST_CELL_NONE;
}

/* ---- bought ----------------------------------------------------------- */

static bool
is_service(const struct supply_line *line)
{
	return line->hsn != NULL && strncmp(line->hsn, "99", 2) == 0;
}

/* Services from abroad only when all of it is: a bill of entry has goods. */
static bool
all_services(const struct supply *s)
{
	for (size_t i = 0; i < s->n_lines; i++)
		if (!is_service(&s->lines[i]))
			return false;
	return s->n_lines > 0 && s->bill == NULL;
}

static enum gst_cell
source_of(const struct supply *s)
{
	if (s->category == GST_DISTRIBUTOR)
		return GST_4A_ISD;
	if (s->category == GST_OVERSEAS)
		return all_services(s) ? GST_4A_IMPS : GST_4A_IMPG;
	if (s->category == GST_SEZ && s->bill != NULL)
		return GST_4A_IMPG;
	return s->reverse_charge ? GST_4A_ISRC : GST_4A_OTH;
}

static const struct {
	const char *credit;
	enum gst_cell cell;
} credits[] = {
	{ "blocked", GST_4B_RUL },
	{ "reversed", GST_4B_OTH },
	{ "reclaimed", GST_4D_RUL },
	{ "restricted", GST_4D_OTH },
};

static bool
has_tax(const struct supply_line *line)
{
	for (int head = 0; head < GST_HEADS; head++)
		if (line->tax[head] != 0)
			return true;
	return false;
}

static enum gst_cell
cell_of_purchase(const struct supply *s, const struct supply_line *line)
{
	if (line->treatment == GST_NON_GST)
		return GST_5_NONGST;
	if (line->treatment == GST_NIL || line->treatment == GST_EXEMPT ||
	    s->category == GST_COMPOSITION)
		return GST_5_GST;
	if (!has_tax(line))
		return GST_CELL_NONE;
	for (size_t i = 0; i < sizeof credits / sizeof *credits; i++)
		if (s->credit != NULL &&
		    strcmp(credits[i].credit, s->credit) == 0)
			return credits[i].cell;
	return source_of(s);
}

enum gst_cell
supply_cell(const struct supply *s, const struct supply_line *line)
{
	return s->inward ? cell_of_purchase(s, line) : cell_of_sale(s, line);
}

enum gst_cell
supply_source(const struct supply *s, const struct supply_row *row)
{
	for (size_t i = 0; i < sizeof credits / sizeof *credits; i++)
		if (credits[i].cell == row->cell)
			return source_of(s);
	return row->cell;
}

/* Blocked and reversed credit was available first, and what is reclaimed is
 * so again; what place or time restrict never was. */
static bool
was_available(enum gst_cell cell)
{
	return cell == GST_4B_RUL || cell == GST_4B_OTH ||
	    cell == GST_4D_RUL;
}

size_t
supply_cells(const struct supply *s, const struct supply_row *row,
    enum gst_cell out[SUPPLY_CELLS])
{
	enum gst_cell recipient = recipient_of(s, row);
	size_t n = 0;

	if (row->cell != GST_CELL_NONE)
		out[n++] = row->cell;
	if (recipient != GST_CELL_NONE)
		out[n++] = recipient;
	if (was_available(row->cell))
		out[n++] = source_of(s);
	if (s->inward && s->reverse_charge && row->cell != GST_5_GST &&
	    row->cell != GST_5_NONGST)
		out[n++] = GST_3_1D;
	return n;
}
