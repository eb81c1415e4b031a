/*
 * The checks of GST that only the ledger can answer, asked in the settling
 * transaction: numbers that others have, filed returns, a note's invoice.
 */
#include "checks/gst.h"

#include <string.h>

#include "flow/inside.h"
#include "gst/due.h"
#include "store/gst.h"
#include "store/gst_ask.h"

struct asked {
	struct db *db;
	const struct work *work;
	struct gst_case c;
};

static bool
ask_numbers(const struct asked *a, struct err *e)
{
	const struct supply *s = a->c.supply;
	struct gst_other other;

	if (!gst_ask_number(a->db, s, a->c.arena, &other, e))
		return false;
	if (other.found)
		gst_find(&a->c, FIND_GST_NUMBER_USED, s->inward ?
		    s->bill_number : s->number, "number",
		    arena_printf(a->c.arena, "%s of %s", other.number,
		    other.date.text));
	if (!gst_ask_before(a->db, s, a->c.arena, &other, e))
		return false;
	if (other.found && strcmp(other.date.text, s->date.text) > 0)
		gst_find(&a->c, FIND_GST_BACKDATED, other.number, "date",
		    other.date.text);
	return true;
}

static bool
ask_filed(const struct asked *a, struct err *e)
{
	const struct supply *s = a->c.supply;
	char text[GST_PERIOD_SIZE];
	int64_t period = s->period;
	bool filed;

	if (strcmp(s->own->filing, "quarterly") == 0)
		period = gst_period_quarter(period);
	if (!gst_filed(a->db, s->inward ? "gstr3b" : "gstr1", s->own->gstin,
	    period, &filed, e))
		return false;
	gst_period_text(period, text);
	if (filed)
		gst_find(&a->c, FIND_GST_FILED, text, "date",
		    s->own->gstin);
	return true;
}

/* An invoice of the same event is there when its note is. */
static bool
comes_along(const struct asked *a)
{
	for (size_t i = 0; i < a->work->n_pieces; i++) {
		const struct document *d = &a->work->pieces[i].document;

		if (d != a->c.document && strcmp(d->number,
		    a->c.supply->original) == 0)
			return true;
	}
	return false;
}

static bool
ask_original(const struct asked *a, struct err *e)
{
	const struct supply *s = a->c.supply;
	struct gst_other invoice;

	if (!gst_is_note(s) || s->original == NULL ||
	    s->original[0] == '\0' || comes_along(a))
		return true;
	if (!gst_ask_original(a->db, s, a->c.arena, &invoice, e))
		return false;
	if (!invoice.found)
		gst_find(&a->c, FIND_GST_ORIGINAL, s->original,
		    "gst.original", "");
	else if (s->nature == GST_CREDIT && s->value > invoice.value)
		gst_find(&a->c, FIND_GST_ABOVE, s->original, "total",
		    arena_printf(a->c.arena, "%s of %s",
		    gst_amount(a->c.arena, s->value),
		    gst_amount(a->c.arena, invoice.value)));
	return true;
}

static bool
ask_piece(struct settler *settler, struct work *work, size_t i,
    struct err *e)
{
	static const struct document_gst nothing;
	const struct piece *piece = &work->pieces[i];
	const struct asked a = { settler->books->db, work, {
	    &piece->document, piece->document.gst != NULL ?
	    piece->document.gst : &nothing, piece->supply,
	    settler->reference, work->arena, &work->findings } };

	if (piece->supply == NULL || piece->supply->voided ||
	    piece->document.kind == DOC_PAYMENT ||
	    piece->document.kind == DOC_SETTLEMENT)
		return true;
	return ask_numbers(&a, e) && ask_filed(&a, e) && ask_original(&a, e);
}

bool
gst_ask(struct settler *settler, struct work *work, enum event_state *state,
    struct err *e)
{
	for (size_t i = 0; i < work->n_pieces; i++)
		if (!ask_piece(settler, work, i, e))
			return false;
	if (findings_block(&work->findings))
		*state = EVENT_FAILED;
	return true;
}
