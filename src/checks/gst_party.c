/* Who the two sides are: our GSTIN, theirs, and what they may have. */
#include "checks/gst.h"

#include <string.h>

#include "checks/list.h"
#include "gst/gstin.h"

static bool
of_gst(const struct document *d)
{
	return d->kind == DOC_SALES_INVOICE || d->kind == DOC_CREDIT_NOTE ||
	    d->kind == DOC_PURCHASE_INVOICE || d->kind == DOC_DEBIT_NOTE ||
	    d->kind == DOC_ADVANCE || d->kind == DOC_ADVANCE_ADJUSTMENT;
}

/* Before its registration an entity charges nothing. */
void
gst_check_unregistered(const struct gst_case *c)
{
	const struct document *d = c->document;
	bool sold = d->kind != DOC_PURCHASE_INVOICE &&
	    d->kind != DOC_DEBIT_NOTE;

	if (!of_gst(d) || d->voided || !sold)
		return;
	for (size_t i = 0; i < d->n_lines; i++) {
		const struct document_line *line = &d->lines[i];

		if (line->type == NULL || strcmp(line->type, "tax") != 0 ||
		    line->amount == 0)
			continue;
		gst_find(c, FIND_GST_REGISTRATION, c->said->gstin,
		    "gst.gstin", "tax is charged, and none is in force");
		return;
	}
}

static bool
in_force(const struct gst_case *c, const struct registration *row)
{
	return strcmp(row->entity, c->document->entity) == 0 &&
	    reference_registration(c->reference, row->gstin,
	    c->supply->date) == row;
}

static void
find_branch(const struct gst_case *c)
{
	const struct registration *row;
	size_t at = 0, n = 0;

	while ((row = reference_next_registration(c->reference, &at)) != NULL)
		n += in_force(c, row);
	if (n > 1)
		gst_find(c, FIND_GST_BRANCH, c->document->entity,
		    "gst.gstin", "");
}

static void
judge_own(const struct gst_case *c)
{
	char clean[GSTIN_SIZE];

	if (c->said->gstin == NULL) {
		if (!c->supply->inward || c->said->place == NULL)
			find_branch(c);
		return;
	}
	if (!gstin_clean(span_of(c->said->gstin), clean) ||
	    strcmp(clean, c->supply->own->gstin) != 0)
		gst_find(c, FIND_GST_REGISTRATION, c->said->gstin,
		    "gst.gstin", "not one of ours on that day");
}

static void
judge_category(const struct gst_case *c)
{
	const struct supply *s = c->supply;
	enum gst_category category;

	if (c->said->category != NULL &&
	    !gst_category_find(c->said->category, &category))
		gst_find(c, FIND_GST_CATEGORY, c->said->category,
		    "gst.category", "");
	if (s->gstin == NULL && s->category != GST_UNREGISTERED &&
	    s->category != GST_OVERSEAS)
		gst_find(c, FIND_GST_GSTIN_MISSING, s->party,
		    "gst.party_gstin", gst_category_name(s->category));
	else if (s->gstin != NULL && s->category == GST_UNREGISTERED)
		gst_find(c, FIND_GST_UNREGISTERED, s->gstin,
		    "gst.party_gstin", "");
}

static const char *
wrong_gstin(const struct gst_case *c, const char *gstin,
    enum gst_category category)
{
	const struct gst_state *state;
	char clean[GSTIN_SIZE], code[3];

	if (!gstin_clean(span_of(gstin), clean))
		return "not 15 letters and digits";
	if (gstin_kind(clean) == GSTIN_NONE)
		return "no such shape";
	if (gstin_check(clean) != clean[GSTIN_SIZE - 2])
		return arena_printf(c->arena, "the last character would be "
		    "%c", gstin_check(clean));
	gstin_state(clean, code);
	state = reference_gst_state(c->reference, code);
	if (state == NULL || !state->gstin)
		return arena_printf(c->arena, "no state %s", code);
	return category != GST_UNREGISTERED && !gstin_fits(clean, category) ?
	    arena_printf(c->arena, "not of the category %s",
	    gst_category_name(category)) : NULL;
}

/* A non-resident's number is of GSTIN's own kind; whoever is billed under it
 * by mistake as regular can still be listed, so it is only said. */
static void
judge_gstin(const struct gst_case *c, const char *gstin,
    enum gst_category category, const char *field)
{
	const char *why;

	if (gstin == NULL)
		return;
	why = wrong_gstin(c, gstin, category);
	if (why == NULL)
		return;
	if (gstin_kind(gstin) == GSTIN_NON_RESIDENT && gstin_valid(gstin))
		gst_find_at(c, FIND_GST_GSTIN, FINDING_WARN, gstin, field,
		    why);
	else
		gst_find(c, FIND_GST_GSTIN, gstin, field, why);
}

/* Cancelled on that very day is cancelled. */
static void
judge_status(const struct gst_case *c)
{
	const struct supply *s = c->supply;
	const struct taxpayer *t = reference_taxpayer_of(c->reference,
	    s->gstin);

	if (t == NULL || t->status[0] == '\0' ||
	    strcmp(t->status, "active") == 0 ||
	    strcmp(t->since.text, s->date.text) > 0)
		return;
	gst_find(c, FIND_GST_GSTIN_INACTIVE, s->gstin, "gst.party_gstin",
	    arena_printf(c->arena, "%s since %s", t->status, t->since.text));
}

static void
judge_operator(const struct gst_case *c)
{
	const char *operator = c->supply->operator;

	if (operator != NULL && (!gstin_valid(operator) ||
	    gstin_kind(operator) != GSTIN_OPERATOR))
		gst_find(c, FIND_GST_OPERATOR, operator, "gst.operator", "");
	if (c->supply->seller != NULL &&
	    strcmp(c->supply->seller, "URP") != 0)
		judge_gstin(c, c->supply->seller, GST_REGULAR, "gst.seller");
}

static bool
taxed(const struct supply *s)
{
	for (size_t i = 0; i < s->n_lines; i++)
		for (int head = 0; head < GST_HEADS; head++)
			if (s->lines[i].tax[head] != 0)
				return true;
	return false;
}

void
gst_check_party(const struct gst_case *c)
{
	const struct supply *s = c->supply;

	judge_own(c);
	judge_category(c);
	judge_gstin(c, s->gstin, s->category, "gst.party_gstin");
	judge_status(c);
	judge_operator(c);
	if (s->gstin != NULL && strcmp(s->gstin, s->own->gstin) == 0 &&
	    taxed(s))
		gst_find(c, FIND_GST_OWN, s->gstin, "gst.party_gstin", "");
	if (c->said->counter && !s->inward && (s->category == GST_SEZ ||
	    s->category == GST_OVERSEAS))
		gst_find(c, FIND_GST_COUNTER, s->party, "gst.counter",
		    gst_category_name(s->category));
}
