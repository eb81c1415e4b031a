/*
 * Reading a document as GST sees it: whose, who, where, and what its papers
 * say; its lines and their tax are read in supply_lines.c. Source: CGST Act
 * 7-12, IGST Act 7-13; gst.md 2.2, 5.
 */
#include "gst/supply.h"

#include <ctype.h>
#include <string.h>

#include "gst/due.h"
#include "gst/inside.h"
#include "gst/reading.h"

static const struct {
	enum document_kind kind;
	enum gst_nature nature;
	bool inward;
} kinds[] = {
	{ DOC_SALES_INVOICE, GST_INVOICE, false },
	{ DOC_CREDIT_NOTE, GST_CREDIT, false },
	{ DOC_PURCHASE_INVOICE, GST_INVOICE, true },
	{ DOC_DEBIT_NOTE, GST_CREDIT, true },
	{ DOC_ADVANCE, GST_ADVANCE, false },
	{ DOC_ADVANCE_ADJUSTMENT, GST_ADJUSTMENT, false },
	/* What a gateway keeps for itself is bought of it. */
	{ DOC_PAYMENT, GST_INVOICE, true },
	{ DOC_SETTLEMENT, GST_INVOICE, true },
};

/* ---- who and where ---------------------------------------------------- */

static const char *
upper(struct arena *arena, const char *text)
{
	char *out = arena_strdup(arena, text);

	for (char *p = out; p != NULL && *p != '\0'; p++)
		*p = (char)toupper((unsigned char)*p);
	return out;
}

static const char *
state_code(const struct reading *r, const char *text)
{
	const struct gst_state *state =
	    reference_gst_state(r->reference, text);

	return state != NULL ? state->code : NULL;
}

/* By the shape of the number, when nobody says. */
static enum gst_category
category_of_number(const char *gstin)
{
	if (gstin == NULL)
		return GST_UNREGISTERED;
	if (strlen(gstin) == 15 && gstin[13] == 'N' &&
	    (gstin[12] == 'U' || gstin[12] == 'O'))
		return GST_UIN;
	if (strlen(gstin) == 15 && gstin[13] == 'C')
		return GST_OPERATOR;
	return GST_REGULAR;
}

static void
read_party(struct reading *r)
{
	const struct master *party = r->d->party == NULL ? NULL :
	    reference_find(r->reference, REF_PARTY, r->d->party);
	bool fee = r->d->kind == DOC_PAYMENT ||
	    r->d->kind == DOC_SETTLEMENT;
	struct supply *s = r->s;

	/* The money is the party's, the fee somebody else's. */
	if (fee) {
		s->category = GST_REGULAR;
		return;
	}
	if (r->d->party != NULL)
		r->taxpayer = reference_taxpayer(r->reference, r->d->party);
	s->party = r->d->party;
	s->name = r->gst->party_name != NULL ? r->gst->party_name :
	    party != NULL ? party->name : NULL;
	s->gstin = r->gst->party_gstin != NULL ?
	    upper(r->arena, r->gst->party_gstin) :
	    r->taxpayer != NULL ? r->taxpayer->gstin : NULL;
	if (s->gstin != NULL && *s->gstin == '\0')
		s->gstin = NULL;
	if ((r->gst->category == NULL || !gst_category_find(r->gst->category,
	    &s->category)) && (r->taxpayer == NULL || !gst_category_find(
	    r->taxpayer->category, &s->category) || (s->category ==
	    GST_UNREGISTERED && s->gstin != NULL)))
		s->category = category_of_number(s->gstin);
	s->deemed = s->category == GST_DEEMED_EXPORT;
}

static const char *
address_of(const struct reading *r)
{
	const struct master *party = r->s->party == NULL ? NULL :
	    reference_find(r->reference, REF_PARTY, r->s->party);

	if (r->taxpayer != NULL && r->taxpayer->state != NULL &&
	    r->taxpayer->state[0] != '\0')
		return r->taxpayer->state;
	return party != NULL ? party->extra : NULL;
}

static void
read_own(struct reading *r, const char *place)
{
	const struct document *d = r->d;
	const struct registration *own = NULL;
	const char *said = upper(r->arena, r->gst->gstin);

	if (said != NULL)
		own = reference_registration(r->reference, said, d->date);
	if (own != NULL && strcmp(own->entity, d->entity) != 0)
		own = NULL;
	if (own == NULL && said != NULL && strlen(said) > 2)
		own = reference_registered(r->reference, d->entity,
		    arena_strndup(r->arena, said, 2), d->date);
	if (own == NULL && r->s->inward && place != NULL)
		own = reference_registered(r->reference, d->entity, place,
		    d->date);
	r->s->own = own != NULL ? own : reference_registered(r->reference,
	    d->entity, NULL, d->date);
}

/* A shop's refund names its order and nothing else: to whom and where is known
 * by the ledger (store/gst.c), that it is another state by its tax. */
static bool
told_by_original(const struct reading *r, const char *said)
{
	return said == NULL && r->s->nature == GST_CREDIT && !r->s->inward &&
	    r->gst->original != NULL && r->d->party == NULL &&
	    r->s->gstin == NULL && !r->gst->counter && reading_inter(r);
}

static void
read_place(struct reading *r, const char *said)
{
	struct supply *s = r->s;
	struct gst_sides sides = { .own = s->own->gstin, .gstin = s->gstin,
	    .state = address_of(r), .category = s->category,
	    .inward = s->inward };
	bool counter = r->gst->counter && !s->inward;

	s->from = gst_place_from(r->reference, &sides);
	s->place = said != NULL ? said : counter ? s->from :
	    gst_place_default(r->reference, &sides);
	if (s->from == NULL)
		s->from = s->place;
	s->cbw = r->gst->supply != NULL &&
	    strcmp(r->gst->supply, "cbw") == 0;
	s->inter = gst_inter(s->from, s->place, s->category, s->cbw) ||
	    strcmp(s->own->kind, "sez") == 0;
	if (told_by_original(r, said)) {
		s->place = NULL;
		s->inter = true;
	}
}

/* ---- the whole -------------------------------------------------------- */

static void
read_papers(struct reading *r)
{
	const struct document_gst *gst = r->gst;
	struct supply *s = r->s;

	s->entity = r->d->entity;
	s->number = r->d->number;
	s->bill_number = s->inward && s->nature == GST_INVOICE &&
	    gst->original != NULL ? gst->original :
	    r->d->reference != NULL ? r->d->reference : r->d->number;
	s->date = r->d->date;
	s->period = gst_period_of(s->date);
	s->voided = r->d->voided;
	s->reverse_charge = gst->reverse_charge;
	s->reduced = gst->reduced;
	s->operator = upper(r->arena, gst->operator);
	s->seller = upper(r->arena, gst->seller);
	s->original = gst->original;
	s->original_date = gst->original_date;
	s->original_total = -1;
	s->port = gst->port;
	s->bill = gst->bill;
	s->bill_date = gst->bill_date;
	s->deemed = s->deemed || (gst->supply != NULL &&
	    strcmp(gst->supply, "deemed") == 0);
	s->value = reading_amount(r, r->d->total);
	for (size_t i = 0; s->inward && i < r->d->n_lines; i++)
		if (r->d->lines[i].type != NULL &&
		    strcmp(r->d->lines[i].type, "reverse_charge") == 0)
			s->reverse_charge = true;
}

static bool
read_kind(const struct document *d, struct supply *s)
{
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		if (kinds[i].kind != d->kind)
			continue;
		s->kind = d->kind;
		s->nature = kinds[i].nature;
		s->inward = kinds[i].inward;
		if (d->gst != NULL && d->gst->debit_note &&
		    s->nature == GST_INVOICE)
			s->nature = GST_DEBIT;
		return true;
	}
	return false;
}

/* Money has to do with GST only where its mover charged some. */
static bool
concerns(const struct document *d)
{
	if (d->kind != DOC_PAYMENT && d->kind != DOC_SETTLEMENT)
		return true;
	for (size_t i = 0; i < d->n_lines; i++)
		if (d->lines[i].type != NULL && d->lines[i].amount != 0 &&
		    strcmp(d->lines[i].type, "fee_tax") == 0)
			return true;
	return false;
}

/* Returns are in rupees. Without a rate nothing posts either. */
static void
read_exchange(struct reading *r)
{
	r->foreign = r->d->currency != NULL &&
	    strcmp(r->d->currency, "INR") != 0;
	if (r->foreign && !reference_rate(r->reference, r->d->currency,
	    "INR", r->d->date, &r->exchange))
		r->exchange = 0;
}

struct supply *
supply_read(const struct document *d, const struct reference *reference,
    struct arena *arena)
{
	static const struct document_gst nothing;
	struct supply first = { 0 };
	struct reading r = { .d = d, .reference = reference, .arena = arena,
	    .gst = d->gst != NULL ? d->gst : &nothing };
	const char *place;

	if (d->entity == NULL || !reference_taxable(reference, d->entity) ||
	    !read_kind(d, &first) || !concerns(d))
		return NULL;
	r.s = arena_alloc(arena, sizeof *r.s);
	*r.s = first;
	read_party(&r);
	place = state_code(&r, r.gst->place);
	read_own(&r, place);
	if (r.s->own == NULL)
		return NULL;
	read_exchange(&r);
	read_place(&r, place);
	read_papers(&r);
	reading_amounts(&r);
	supply_place(r.s, reference, arena);
	return r.s;
}
