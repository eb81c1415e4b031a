/* Rates by day, one item at two rates, and values that cannot be. */
#include "gst/rate.h"

#include <string.h>

#include "checks/gst.h"
#include "checks/list.h"

static const char *
name_of(const struct gst_case *c, const struct supply_line *line)
{
	if (line->item != NULL)
		return line->item;
	return line->hsn != NULL ? line->hsn : c->document->number;
}

static void
judge_rate(const struct gst_case *c, const struct supply_line *line)
{
	bool sure;
	struct day day = gst_law_day(c->supply, &sure);
	char rate[GST_RATE_SIZE];

	if (line->rate < 0 || line->treatment == GST_UNSAID) {
		if (gst_found(c, FIND_TAX_CODE))
			return;
		gst_find(c, FIND_GST_RATE_MISSING, name_of(c, line),
		    "lines.tax_code", "");
		return;
	}
	if (line->treatment != GST_TAXABLE || gst_rate_in_force(
	    c->reference, line->rate, line->hsn, day))
		return;
	gst_rate_text(line->rate, rate);
	gst_find_at(c, FIND_GST_RATE, sure ? FINDING_BLOCK : FINDING_WARN,
	    arena_printf(c->arena, "%s%%", rate), "lines.tax_code",
	    arena_printf(c->arena, "%s on %s", line->hsn != NULL ?
	    line->hsn : "no HSN", day.text));
}

static void
judge_twice(const struct gst_case *c, size_t i)
{
	const struct supply *s = c->supply;

	for (size_t k = 0; s->lines[i].item != NULL && k < i; k++)
		if (s->lines[k].item != NULL &&
		    s->lines[k].rate != s->lines[i].rate &&
		    strcmp(s->lines[k].item, s->lines[i].item) == 0) {
			gst_find(c, FIND_GST_ITEM_RATES, s->lines[i].item,
			    "lines.tax_code", "");
			return;
		}
}

static void
judge_values(const struct gst_case *c)
{
	const struct supply *s = c->supply;
	char rate[GST_RATE_SIZE];

	for (size_t i = 0; i < s->n_rows; i++) {
		if (s->rows[i].taxable >= 0)
			continue;
		gst_rate_text(s->rows[i].rate < 0 ? 0 : s->rows[i].rate,
		    rate);
		gst_find(c, FIND_GST_NEGATIVE, arena_printf(c->arena,
		    "%s%%", rate), "lines.amount",
		    gst_amount(c->arena, s->rows[i].taxable));
	}
	for (size_t i = 0; s->nature == GST_INVOICE && i < s->n_lines; i++)
		if (s->lines[i].taxable == 0)
			gst_find(c, FIND_GST_ZERO, name_of(c, &s->lines[i]),
			    "lines.amount", "");
}

void
gst_check_rate(const struct gst_case *c)
{
	for (size_t i = 0; i < c->supply->n_lines; i++) {
		judge_rate(c, &c->supply->lines[i]);
		judge_twice(c, i);
	}
	judge_values(c);
}
