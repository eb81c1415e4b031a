/* Numbers and days of documents, as far as they alone tell. */
#include "gst/docnumber.h"

#include <string.h>

#include "checks/gst.h"
#include "checks/list.h"

/* Of a purchase under reverse charge from nobody registered, our own invoice
 * has the number. */
static bool
ours(const struct supply *s)
{
	return !s->inward || (s->reverse_charge && s->gstin == NULL);
}

static void
judge_number(const struct gst_case *c)
{
	const struct supply *s = c->supply;
	const char *number = ours(s) ? s->number : s->bill_number;
	int64_t most = DOCNUMBER_SIZE;

	(void)reference_gst_limit(c->reference, "number_length", s->date,
	    &most);
	if (docnumber_valid(number, most))
		return;
	if (ours(s))
		gst_find(c, FIND_GST_NUMBER, number, "number", "");
	else if (s->gstin != NULL)
		gst_find_at(c, FIND_GST_NUMBER, FINDING_WARN, number,
		    "reference", "");
}

/* What people write where there is none. */
static void
judge_bill(const struct gst_case *c)
{
	static const char *const none[] = { "", "-", "0", "NA", "N/A", "NIL",
		"NONE", "N.A." };
	const char *number = c->supply->bill_number;
	char folded[DOCNUMBER_SIZE];

	if (!c->supply->inward || ours(c->supply) ||
	    !docnumber_fold(number, folded))
		return;
	for (size_t i = 0; i < sizeof none / sizeof *none; i++)
		if (strcmp(folded, none[i]) == 0)
			gst_find(c, FIND_GST_BILL, number, "reference", "");
}

static void
judge_date(const struct gst_case *c)
{
	const struct supply *s = c->supply;
	const struct day last = { "2199-12-31" };
	int64_t levied;

	if (s->received.text[0] != '\0' &&
	    strcmp(s->date.text, s->received.text) > 0)
		gst_find(c, FIND_GST_DATE, s->date.text, "date",
		    arena_printf(c->arena, "came on %s", s->received.text));
	else if (reference_gst_limit(c->reference, "levy", last, &levied) &&
	    !reference_gst_limit(c->reference, "levy", s->date, &levied))
		gst_find(c, FIND_GST_DATE, s->date.text, "date",
		    "before GST");
}

void
gst_check_number(const struct gst_case *c)
{
	judge_number(c);
	judge_bill(c);
	judge_date(c);
}
