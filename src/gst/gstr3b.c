/* All of GSTR-3B from sums by cell and what people entered. */
#include "gst/gstr3b.h"

#include <stdio.h>
#include <string.h>

#include "core/i18n.h"

#define ALL 0xfu
#define I (1u << GST_IGST)
#define C (1u << GST_CGST)
#define S (1u << GST_SGST)
#define X (1u << GST_CESS)

static const struct gst3b_info infos[] = {
	{ "3.1", N_("Outward taxable supplies"), "sup_details.osup_det",
	    GST_3_1A, 0, true, ALL, false },
	{ "3.1", N_("Outward taxable supplies, zero rated"),
	    "sup_details.osup_zero", GST_3_1B, 0, true, I | X, false },
	{ "3.1", N_("Other outward supplies, nil rated and exempted"),
	    "sup_details.osup_nil_exmp", GST_3_1C, 0, true, 0, false },
	{ "3.1", N_("Inward supplies liable to reverse charge"),
	    "sup_details.isup_rev", GST_3_1D, 0, true, ALL, false },
	{ "3.1", N_("Non-GST outward supplies"), "sup_details.osup_nongst",
	    GST_3_1E, 0, true, 0, false },
	{ "3.1.1", N_("Supplies that an operator pays tax on"),
	    "eco_dtls.eco_sup", GST_3_1_1I, 0, true, ALL, false },
	{ "3.1.1", N_("Supplies through an operator who pays their tax"),
	    "eco_dtls.eco_reg_sup", GST_3_1_1II, 0, true, 0, false },
	{ "3.2", N_("Inter-state, to unregistered persons"),
	    "inter_sup.unreg_details", GST_3_2_UNREG, 0, true, I, false },
	{ "3.2", N_("Inter-state, to composition dealers"),
	    "inter_sup.comp_details", GST_3_2_COMP, 0, true, I, false },
	{ "3.2", N_("Inter-state, to UIN holders"), "inter_sup.uin_details",
	    GST_3_2_UIN, 0, true, I, false },
	{ "4A", N_("Import of goods"), "itc_elg.itc_avl.IMPG", GST_4A_IMPG, 0,
	    false, I | X, true },
	{ "4A", N_("Import of services"), "itc_elg.itc_avl.IMPS", GST_4A_IMPS,
	    0, false, I | X, true },
	{ "4A", N_("Inward supplies liable to reverse charge"),
	    "itc_elg.itc_avl.ISRC", GST_4A_ISRC, 0, false, ALL, true },
	{ "4A", N_("From an input service distributor"),
	    "itc_elg.itc_avl.ISD", GST_4A_ISD, 0, false, ALL, true },
	{ "4A", N_("All other input tax credit"), "itc_elg.itc_avl.OTH",
	    GST_4A_OTH, 0, false, ALL, true },
	{ "4B", N_("Reversed by rules 38, 42, 43 and section 17(5)"),
	    "itc_elg.itc_rev.RUL", GST_4B_RUL, 0, false, ALL, true },
	{ "4B", N_("Other reversals"), "itc_elg.itc_rev.OTH", GST_4B_OTH, 0,
	    false, ALL, true },
	{ "4D", N_("Reclaimed after a reversal"), "itc_elg.itc_inelg.RUL",
	    GST_4D_RUL, 0, false, ALL, true },
	{ "4D", N_("Ineligible by section 16(4) or place of supply"),
	    "itc_elg.itc_inelg.OTH", GST_4D_OTH, 0, false, ALL, true },
	{ "5", N_("From composition dealers, nil rated and exempted"),
	    "inward_sup.isup_details.GST", GST_5_GST, 0, true, 0, false },
	{ "5", N_("Non-GST inward supplies"),
	    "inward_sup.isup_details.NONGST", GST_5_NONGST, 0, true, 0,
	    false },
	{ "5.1", N_("Interest"), "intr_ltfee.intr_details", GST_CELL_NONE,
	    GST3B_INTEREST, false, ALL, true },
	{ "5.1", N_("Late fee"), "intr_ltfee.ltfee_details", GST_CELL_NONE,
	    GST3B_FEE, false, C | S, true },
	{ "6.1", N_("Credit brought forward"), "", GST_CELL_NONE,
	    GST3B_CREDIT, false, ALL, true },
};

static const char *const extras[GST3B_EXTRAS] = {
	"5.1(interest)", "5.1(late_fee)", "6.1(credit)"
};

const struct gst3b_info *
gst3b_next(size_t *at)
{
	return *at < sizeof infos / sizeof *infos ? &infos[(*at)++] : NULL;
}

const char *
gst3b_name(const struct gst3b_info *info)
{
	return info->cell == GST_CELL_NONE ? extras[info->extra] :
	    gst_cell_name(info->cell);
}

static const struct gst3b_info *
find(const char *name)
{
	for (size_t i = 0; i < sizeof infos / sizeof *infos; i++)
		if (strcmp(gst3b_name(&infos[i]), name) == 0)
			return &infos[i];
	return NULL;
}

/* ---- what comes in ---------------------------------------------------- */

static void
add(struct gst3b_figure *to, const struct gst3b_figure *figure)
{
	to->taxable += figure->taxable;
	for (int h = 0; h < GST_HEADS; h++)
		to->tax[h] += figure->tax[h];
}

/* In the order of the form, so that it reads the same however it came. */
static struct gst3b_place *
place_of(struct gst3b *f, enum gst_cell cell, const char *place)
{
	size_t i = 0;

	while (i < f->n_places && (f->places[i].cell < cell ||
	    (f->places[i].cell == cell &&
	    strcmp(f->places[i].place, place) < 0)))
		i++;
	if (i < f->n_places && f->places[i].cell == cell &&
	    strcmp(f->places[i].place, place) == 0)
		return &f->places[i];
	if (f->n_places == GST3B_PLACES_MAX)
		return NULL;
	memmove(&f->places[i + 1], &f->places[i],
	    (f->n_places - i) * sizeof *f->places);
	f->places[i] = (struct gst3b_place){ .cell = cell };
	snprintf(f->places[i].place, sizeof f->places[i].place, "%s", place);
	f->n_places++;
	return &f->places[i];
}

void
gst3b_add(struct gst3b *f, enum gst_cell cell, const char *place, bool inter,
    const struct gst3b_figure *figure)
{
	struct gst3b_place *at;

	if (cell <= GST_CELL_NONE || cell >= GST_CELLS)
		return;
	add(&f->cells[cell], figure);
	if (cell == GST_5_GST || cell == GST_5_NONGST)
		f->exempt[cell == GST_5_NONGST][inter] += figure->taxable;
	if (cell != GST_3_2_UNREG && cell != GST_3_2_COMP &&
	    cell != GST_3_2_UIN)
		return;
	at = place_of(f, cell, place != NULL ? place : "");
	if (at == NULL)
		return;
	at->taxable += figure->taxable;
	at->igst += figure->tax[GST_IGST];
}

bool
gst3b_enterable(const char *cell, enum gst_head head)
{
	const struct gst3b_info *info = find(cell);

	return info != NULL && info->entry && (info->heads & 1u << head) != 0;
}

bool
gst3b_enter(struct gst3b *f, const char *cell,
    const int64_t amount[GST_HEADS])
{
	const struct gst3b_info *info = find(cell);

	if (info == NULL || !info->entry)
		return false;
	for (int h = 0; h < GST_HEADS; h++) {
		if (info->cell == GST_CELL_NONE)
			f->extra[info->extra][h] = amount[h];
		else
			f->manual[info->cell].tax[h] = amount[h];
	}
	if (info->cell == GST_CELL_NONE)
		f->said[info->extra] = true;
	else
		f->entered[info->cell] = true;
	return true;
}

struct gst3b_figure
gst3b_cell(const struct gst3b *f, enum gst_cell cell)
{
	struct gst3b_figure out = f->cells[cell];

	add(&out, &f->manual[cell]);
	return out;
}

/* ---- what follows ----------------------------------------------------- */

static int64_t
sum(const struct gst3b *f, enum gst_cell first, enum gst_cell last, int head)
{
	int64_t out = 0;

	for (int cell = first; cell <= (int)last; cell++)
		out += f->cells[cell].tax[head] + f->manual[cell].tax[head];
	return out;
}

/*
 * Output tax below zero goes to the period after.  Credit below zero, when
 * more is reversed than there is, is owed like tax.
 */
static void
end_head(struct gst3b *f, int h, int64_t credit[GST_HEADS])
{
	f->available[h] = sum(f, GST_4A_IMPG, GST_4A_OTH, h);
	f->reversed[h] = sum(f, GST_4B_RUL, GST_4B_OTH, h);
	f->net[h] = f->available[h] - f->reversed[h];
	f->output[h] = sum(f, GST_3_1A, GST_3_1B, h);
	f->reverse[h] = sum(f, GST_3_1D, GST_3_1D, h) +
	    sum(f, GST_3_1_1I, GST_3_1_1I, h);
	f->due[h] = f->output[h] - f->below[h];
	f->below_after[h] = 0;
	if (f->due[h] < 0) {
		f->below_after[h] = -f->due[h];
		f->due[h] = 0;
	}
	credit[h] = (f->said[GST3B_CREDIT] ? f->extra[GST3B_CREDIT][h] :
	    f->credit[h]) + f->net[h];
	if (credit[h] < 0) {
		f->due[h] -= credit[h];
		credit[h] = 0;
	}
}

void
gst3b_end(struct gst3b *f)
{
	struct setoff_want want;

	for (int h = 0; h < GST_HEADS; h++)
		end_head(f, h, want.credit);
	memcpy(want.tax, f->due, sizeof want.tax);
	memcpy(want.reverse, f->reverse, sizeof want.reverse);
	setoff(&want, &f->paid);
}

void
gst3b_follow(struct gst3b *f, const struct gst3b *before)
{
	memcpy(f->credit, before->paid.left, sizeof f->credit);
	memcpy(f->below, before->below_after, sizeof f->below);
}
