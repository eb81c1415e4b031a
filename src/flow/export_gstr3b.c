/* GSTR-3B as files: one a form, small whatever the books are. */
#include <stdio.h>

#include "core/i18n.h"
#include "exports/gstr3b.h"
#include "flow/exporting.h"
#include "gst/due.h"
#include "gst/gstin.h"
#include "store/gst_agree.h"
#include "store/view_recon.h"

struct work {
	struct exporting *ing;
	struct gst_agreement *agreement;
	const struct gst3b *figures;
	struct gstr3b_head head;
};

static bool
read_head(struct work *work, struct err *e)
{
	struct exporting *ing = work->ing;
	const struct gst3b_form *form = &work->agreement->form;
	const struct master *entity = reference_find(ing->reference,
	    REF_ENTITY, form->own->entity);
	const struct gst_state *state;
	char code[3];

	gstin_state(ing->gstin, code);
	state = reference_gst_state(ing->reference, code);
	work->head = (struct gstr3b_head){ .gstin = ing->gstin,
	    .name = entity != NULL && entity->name != NULL ? entity->name :
	    form->own->entity, .state = state != NULL ? state->name : "",
	    .period = form->period, .first = form->first,
	    .reference = ing->reference };
	return gst_filed_day(ing->db, ing->arena, ing->gstin, "gstr3b",
	    form->period, &work->head.filed, e);
}

/* ---- the receipt ------------------------------------------------------ */

static void
tell_totals(struct work *work)
{
	const struct gst3b_info *info;
	size_t at = 0;

	while ((info = gst3b_next(&at)) != NULL) {
		struct gst3b_figure figure = gst3b_cell(work->figures,
		    info->cell);
		struct export_total total = { .section = gst3b_name(info),
		    .rows = 1, .taxable = figure.taxable };
		bool any = figure.taxable != 0;

		if (info->cell == GST_CELL_NONE)
			memcpy(figure.tax, work->figures->extra[info->extra],
			    sizeof figure.tax);
		memcpy(total.tax, figure.tax, sizeof total.tax);
		for (int h = 0; h < GST_HEADS; h++)
			any = any || figure.tax[h] != 0;
		if (any)
			exporting_total(work->ing, &total);
	}
}

static bool
tell_tie(void *arg, const struct tie *tie, struct err *e)
{
	(void)e;
	if (tie_open(tie->class))
		exporting_warn(arg, tie_class_name(tie->class), N_("The ledger"
		    " has another tax of it than the returns have."),
		    tie->number);
	return true;
}

/* Credit is of what suppliers filed (section 16(2)(aa)). */
static bool
tell_portal(struct work *work, struct err *e)
{
	static const enum gst_cell cells[] = { GST_4A_IMPG, GST_4A_ISD,
	    GST_4A_OTH };
	struct recon_credit *portal = arena_alloc(work->ing->arena,
	    sizeof *portal);

	if (!recon_credit(work->ing->db, work->head.gstin,
	    work->head.first, work->head.period, portal, e))
		return false;
	for (size_t i = 0; portal->here &&
	    i < sizeof cells / sizeof *cells; i++) {
		struct gst3b_figure figure = gst3b_cell(work->figures,
		    cells[i]);
		bool more = false;

		for (int h = 0; h < GST_HEADS; h++)
			more = more || figure.tax[h] >
			    portal->cells[cells[i]].tax[h];
		if (more)
			exporting_warn(work->ing, "gstr2b", N_("Credit of the "
			    "books is more than GSTR-2B has."),
			    gst_cell_name(cells[i]));
	}
	return true;
}

static bool
tell_differences(struct work *work, struct err *e)
{
	const struct gst3b_form *form = &work->agreement->form;
	const struct gst3b *f = work->figures;

	if (memcmp(work->agreement->gstr1, work->agreement->outward,
	    sizeof work->agreement->gstr1) != 0)
		exporting_warn(work->ing, "gstr1", N_("GSTR-1 has another tax"
		    " than GSTR-3B."), NULL);
	for (int h = 0; h < GST_HEADS; h++)
		if (f->below_after[h] != 0)
			exporting_warn(work->ing, "below", N_("Output tax is"
			    " below zero; it goes into the next period."),
			    gst_head_name((enum gst_head)h));
	if (!tell_portal(work, e))
		return false;
	return ties_read(work->ing->db, form->own->entity, form->first,
	    form->period, tell_tie, work->ing, e);
}

/* ---- the file --------------------------------------------------------- */

static bool
begin(struct exporting *ing, struct work *work, struct err *e)
{
	*work = (struct work){ .ing = ing,
	    .agreement = arena_alloc(ing->arena, sizeof *work->agreement) };
	exporting_expect(ing, 1);
	if (!gst_agree_read(ing->db, ing->reference, ing->gstin, ing->period,
	    work->agreement, e))
		return false;
	work->figures = &work->agreement->form.figures;
	return read_head(work, e);
}

static bool
open_file(struct work *work, const char *ending, struct err *e)
{
	char name[OUT_NAME_MAX + 1], period[GST_PERIOD_SIZE];

	gst_period_text(work->head.period, period);
	snprintf(name, sizeof name, "GSTR3B_%.15s_%s.%s", work->head.gstin,
	    period, ending);
	return out_open(work->ing->out, name, e);
}

static bool
finish(struct work *work, int64_t rows, struct err *e)
{
	out_rows(work->ing->out, rows);
	tell_totals(work);
	return tell_differences(work, e) && out_flush(work->ing->out, e) &&
	    exporting_step(work->ing, 1, e);
}

static bool
write_json(struct exporting *ing, struct err *e)
{
	struct work work;

	if (!begin(ing, &work, e) || !open_file(&work, "json", e))
		return false;
	gstr3b_json(&work.head, work.figures, out_text(ing->out));
	for (int h = 0; h < GST_HEADS; h++)
		if (work.figures->extra[GST3B_FEE][h] != 0)
			exporting_warn(ing, "late_fee", N_("The portal works"
			    " out the late fee; it takes none from a file."),
			    gst_head_name((enum gst_head)h));
	return finish(&work, 1, e);
}

static bool
write_csv(struct exporting *ing, struct err *e)
{
	struct work work;
	int64_t rows;

	if (!begin(ing, &work, e) || !open_file(&work, "csv", e))
		return false;
	gstr3b_csv(work.figures, out_text(ing->out), &rows);
	return finish(&work, rows, e);
}

static bool
write_html(struct exporting *ing, struct err *e)
{
	struct work work;

	if (!begin(ing, &work, e) || !open_file(&work, "html", e))
		return false;
	gstr3b_html(&work.head, work.figures, out_text(ing->out));
	return finish(&work, 1, e);
}

const struct export_form export_gstr3b_json = {
	"gstr3b", "json", write_json
};
const struct export_form export_gstr3b_csv = {
	"gstr3b", "csv", write_csv
};
const struct export_form export_gstr3b_html = {
	"gstr3b", "html", write_html
};
