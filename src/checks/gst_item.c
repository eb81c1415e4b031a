/* What is sold: HSN, unit and quantity, as table 12 lists it. */
#include "gst/hsn.h"

#include <string.h>

#include "checks/gst.h"
#include "checks/list.h"

/* Did the message itself say it, rather than master data? */
static bool
said_hsn(const struct gst_case *c, const char *hsn)
{
	for (size_t i = 0; i < c->document->n_lines; i++)
		if (c->document->lines[i].hsn == hsn)
			return true;
	return false;
}

static bool
said_unit(const struct gst_case *c, const char *unit)
{
	for (size_t i = 0; i < c->document->n_lines; i++)
		if (c->document->lines[i].unit == unit)
			return true;
	return false;
}

static void
judge_hsn(const struct gst_case *c, const struct supply_line *line,
    int digits)
{
	const char *hsn = line->hsn;

	if (hsn == NULL || hsn[0] == '\0') {
		if (digits > 0)
			gst_find(c, FIND_GST_HSN_MISSING, line->item,
			    "lines.hsn", "none");
		return;
	}
	if (gst_hsn_shape(hsn) && (int)strlen(hsn) >= digits) {
		if (reference_has_hsn(c->reference) &&
		    reference_hsn(c->reference, hsn) == NULL)
			gst_find(c, FIND_GST_HSN_UNLISTED, hsn, "lines.hsn",
			    "");
	} else if (line->item == NULL || said_hsn(c, hsn)) {
		gst_find(c, FIND_GST_HSN, hsn, "lines.hsn",
		    arena_printf(c->arena, "%d digits", digits));
	} else {
		gst_find(c, FIND_GST_HSN_MISSING, line->item, "lines.hsn",
		    arena_printf(c->arena, "%s, not %d digits", hsn,
		    digits));
	}
}

/* Notes on a price have no quantity. */
static void
judge_goods(const struct gst_case *c, const struct supply_line *line)
{
	const struct gst_unit *unit = reference_gst_unit(c->reference,
	    line->unit);

	if (line->unit == NULL || line->unit[0] == '\0')
		gst_find(c, FIND_GST_UNIT_MISSING, line->item, "lines.unit",
		    "");
	else if ((unit == NULL || !unit->goods) && (line->item == NULL ||
	    said_unit(c, line->unit)))
		gst_find(c, FIND_GST_UNIT, line->unit, "lines.unit", "");
	else if (unit == NULL || !unit->goods)
		gst_find(c, FIND_GST_UNIT_MISSING, line->item, "lines.unit",
		    line->unit);
	if (line->quantity == 0 && !gst_is_note(c->supply))
		gst_find(c, FIND_GST_QUANTITY, line->item != NULL ?
		    line->item : line->hsn, "lines.quantity", "");
}

/* Of what no digits are due, no goods are listed either. */
void
gst_check_item(const struct gst_case *c)
{
	const struct supply *s = c->supply;
	int digits;

	if (s->inward || s->nature == GST_ADVANCE ||
	    s->nature == GST_ADJUSTMENT)
		return;
	digits = gst_hsn_digits(c->reference, s->own->turnover,
	    s->gstin != NULL, s->date);
	for (size_t i = 0; i < s->n_lines; i++) {
		const struct supply_line *line = &s->lines[i];

		/* A discount is no thing. */
		if (line->treatment == GST_NON_GST || line->taxable < 0)
			continue;
		judge_hsn(c, line, digits);
		if (digits > 0 && line->hsn != NULL &&
		    line->hsn[0] != '\0' && !gst_hsn_service(line->hsn))
			judge_goods(c, line);
	}
}
