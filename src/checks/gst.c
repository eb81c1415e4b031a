/*
 * The checks of GST, on a document as GST reads it.  They run only for an
 * entity that is registered; the rest costs one look.
 */
#include "checks/gst.h"

#include <string.h>

#include "book/money.h"
#include "checks/list.h"
#include "gst/place.h"

/* ---- for all of them -------------------------------------------------- */

void
gst_find_at(const struct gst_case *c, enum finding_code code,
    enum finding_level level, const char *value, const char *field,
    const char *detail)
{
	const char *check = finding_check(code);
	const char *ruled = reference_gst_level(c->reference, check,
	    c->document->entity);

	if (ruled != NULL && strcmp(ruled, "off") == 0)
		return;
	if (ruled != NULL)
		level = strcmp(ruled, "block") == 0 ? FINDING_BLOCK :
		    FINDING_WARN;
	finding_add_at(c->findings, c->arena, code, level,
	    value != NULL ? value : "", field, arena_printf(c->arena,
	    "%s%s%s", check, detail[0] != '\0' ? ": " : "", detail));
}

void
gst_find(const struct gst_case *c, enum finding_code code,
    const char *value, const char *field, const char *detail)
{
	gst_find_at(c, code, finding_info(code)->level, value, field,
	    detail);
}

bool
gst_found(const struct gst_case *c, enum finding_code code)
{
	for (size_t i = 0; i < c->findings->n; i++)
		if (c->findings->items[i].code == code)
			return true;
	return false;
}

const char *
gst_amount(struct arena *arena, int64_t paise)
{
	const struct money amount = { paise, "INR" };
	const char *out;
	struct str text;

	str_init(&text, 64);
	money_plain(amount, &text);
	out = arena_strdup(arena, text.p);
	str_free(&text);
	return out;
}

bool
gst_is_note(const struct supply *s)
{
	return s->nature == GST_CREDIT || s->nature == GST_DEBIT;
}

bool
gst_is_zero_rated(const struct supply *s)
{
	return !s->inward && (s->category == GST_SEZ ||
	    (s->place != NULL && strcmp(s->place, GST_ABROAD) == 0));
}

struct day
gst_law_day(const struct supply *s, bool *sure)
{
	*sure = !gst_is_note(s) || s->original_date.text[0] != '\0';
	return gst_is_note(s) && *sure ? s->original_date : s->date;
}

/* ---- the table -------------------------------------------------------- */

static void (*const families[])(const struct gst_case *) = {
	gst_check_party, gst_check_place, gst_check_tax, gst_check_rate,
	gst_check_item, gst_check_number, gst_check_note, gst_check_export,
};

/* Fees that a gateway keeps say nothing but their tax. */
static bool
concerns(const struct supply *s)
{
	return s != NULL && !s->voided && s->kind != DOC_PAYMENT &&
	    s->kind != DOC_SETTLEMENT;
}

void
check_gst(const struct document *document, const struct supply *supply,
    const struct reference *reference, struct arena *arena,
    struct findings *findings)
{
	static const struct document_gst nothing;
	const struct gst_case c = { document,
	    document->gst != NULL ? document->gst : &nothing, supply,
	    reference, arena, findings };

	if (!reference_taxable(reference, document->entity))
		return;
	if (supply == NULL)
		gst_check_unregistered(&c);
	else if (concerns(supply))
		for (size_t i = 0; i < sizeof families / sizeof *families;
		    i++)
			families[i](&c);
}
