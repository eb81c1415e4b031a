/* GSTR-3B and what is owed, as JSON. */
#include "store/view_gst3b.h"

#include <string.h>

#include "gst/due.h"
#include "store/show.h"
#include "store/view_recon.h"

#define INR "INR"

/* ---- small things ----------------------------------------------------- */

static void
show_period(struct json *j, const char *key, int64_t period)
{
	char text[GST_PERIOD_SIZE];

	gst_period_text(period, text);
	json_kstr(j, key, text);
}

static void
show_heads(struct json *j, const int64_t amount[GST_HEADS])
{
	for (int h = 0; h < GST_HEADS; h++)
		show_amount(j, gst_head_name((enum gst_head)h), amount[h],
		    INR);
}

static bool
show_head(struct db *db, struct arena *arena, const struct gst3b_form *form,
    const char *gstin, struct json *j, struct err *e)
{
	const char *filed;

	if (!gst_filed_day(db, arena, gstin, "gstr3b", form->period, &filed, e))
		return false;
	json_kstr(j, "gstin", gstin);
	json_kstr(j, "entity", form->own->entity);
	show_period(j, "period", form->period);
	show_period(j, "first", form->first);
	json_kstr(j, "filing", form->own->filing);
	json_kstr(j, "filed", filed);
	json_kstr(j, "currency", INR);
	return true;
}

/* ---- the form --------------------------------------------------------- */

static bool
any_figure(const struct gst3b_figure *figure)
{
	bool any = figure->taxable != 0;

	for (int h = 0; h < GST_HEADS; h++)
		any = any || figure->tax[h] != 0;
	return any;
}

static void
show_figure(struct json *j, const struct gst3b_info *info,
    const struct gst3b_figure *figure)
{
	if (info->taxable)
		show_amount(j, "taxable", figure->taxable, INR);
	for (int h = 0; h < GST_HEADS; h++)
		if ((info->heads & 1u << h) != 0)
			show_amount(j, gst_head_name((enum gst_head)h),
			    figure->tax[h], INR);
}

/* Of what a person enters and no document says. */
static void
show_extra(struct json *j, const struct gst3b *f,
    const struct gst3b_info *info)
{
	struct gst3b_figure figure = { 0 };
	bool said = f->said[info->extra];

	memcpy(figure.tax, info->extra == GST3B_CREDIT && !said ? f->credit :
	    f->extra[info->extra], sizeof figure.tax);
	json_kstr(j, "source", said ? "manual" : "computed");
	json_kstr(j, "opens", NULL);
	show_figure(j, info, &figure);
}

static void
show_computed(struct json *j, const struct gst3b *f,
    const struct gst3b_info *info)
{
	struct gst3b_figure figure = gst3b_cell(f, info->cell);
	bool documents = any_figure(&f->cells[info->cell]);

	json_kstr(j, "source", !f->entered[info->cell] ? "computed" :
	    documents ? "both" : "manual");
	json_kstr(j, "opens", gst3b_name(info));
	show_figure(j, info, &figure);
	if (f->entered[info->cell]) {
		json_key(j, "manual");
		json_open(j, '{');
		show_figure(j, info, &f->manual[info->cell]);
		json_close(j, '}');
	}
}

static bool
by_place(enum gst_cell cell)
{
	return cell == GST_3_2_UNREG || cell == GST_3_2_COMP ||
	    cell == GST_3_2_UIN;
}

static void
show_places(struct json *j, const struct gst3b *f, enum gst_cell cell)
{
	json_key(j, "places");
	json_open(j, '[');
	for (size_t i = 0; i < f->n_places; i++) {
		const struct gst3b_place *one = &f->places[i];

		if (one->cell != cell)
			continue;
		json_open(j, '{');
		json_kstr(j, "place", one->place);
		show_amount(j, "taxable", one->taxable, INR);
		show_amount(j, "igst", one->igst, INR);
		json_close(j, '}');
	}
	json_close(j, ']');
}

/* What GSTR-2B has of it, beside the books; those are what is used. */
static void
show_portal(struct json *j, const struct gst3b_info *info,
    const struct recon_credit *portal)
{
	struct gst3b_figure figure = { 0 };

	if (!portal->here || info->table[0] != '4' ||
	    strcmp(info->table, "4B") == 0)
		return;
	memcpy(figure.tax, portal->cells[info->cell].tax,
	    sizeof figure.tax);
	json_key(j, "portal");
	json_open(j, '{');
	show_figure(j, info, &figure);
	json_close(j, '}');
}

static void
show_cell(struct json *j, const struct gst3b *f,
    const struct gst3b_info *info, const struct recon_credit *portal)
{
	json_open(j, '{');
	json_kstr(j, "table", info->table);
	json_kstr(j, "cell", gst3b_name(info));
	json_kstr(j, "title", info->title);
	json_kstr(j, "path", info->path[0] != '\0' ? info->path : NULL);
	json_key(j, "entry");
	json_bool(j, info->entry);
	if (info->cell == GST_CELL_NONE)
		show_extra(j, f, info);
	else
		show_computed(j, f, info);
	show_portal(j, info, portal);
	if (by_place(info->cell))
		show_places(j, f, info->cell);
	if (info->cell == GST_5_GST || info->cell == GST_5_NONGST) {
		const int64_t *exempt =
		    f->exempt[info->cell == GST_5_NONGST];

		show_amount(j, "inter", exempt[1], INR);
		show_amount(j, "intra", exempt[0], INR);
	}
	json_close(j, '}');
}

/* ---- table 6.1 -------------------------------------------------------- */

static void
show_used(struct json *j, const struct gst3b *f, int head)
{
	json_key(j, "credit_used");
	json_open(j, '{');
	for (int h = 0; h < GST_HEADS; h++)
		if (f->paid.paid[h][head] != 0)
			show_amount(j, gst_head_name((enum gst_head)h),
			    f->paid.paid[h][head], INR);
	json_close(j, '}');
}

/* `brought`: what the period began with. */
static void
show_payment(struct json *j, const struct gst3b *f, int h)
{
	const int64_t *brought = f->said[GST3B_CREDIT] ?
	    f->extra[GST3B_CREDIT] : f->credit;
	int64_t interest = f->extra[GST3B_INTEREST][h];
	int64_t fee = f->extra[GST3B_FEE][h];

	json_open(j, '{');
	json_kstr(j, "head", gst_head_name((enum gst_head)h));
	show_amount(j, "output", f->output[h], INR);
	show_amount(j, "reverse_charge", f->reverse[h], INR);
	show_amount(j, "below_before", f->below[h], INR);
	show_amount(j, "payable", f->due[h], INR);
	show_amount(j, "credit_before", brought[h], INR);
	show_amount(j, "credit", f->net[h], INR);
	show_used(j, f, h);
	show_amount(j, "cash", f->paid.cash[h], INR);
	show_amount(j, "interest", interest, INR);
	show_amount(j, "late_fee", fee, INR);
	show_amount(j, "cash_total", f->paid.cash[h] + f->paid.reverse[h] + interest +
	    fee, INR);
	show_amount(j, "credit_after", f->paid.left[h], INR);
	show_amount(j, "below_after", f->below_after[h], INR);
	json_close(j, '}');
}

static void
show_payments(struct json *j, const struct gst3b *f)
{
	json_key(j, "payment");
	json_open(j, '[');
	for (int h = 0; h < GST_HEADS; h++)
		show_payment(j, f, h);
	json_close(j, ']');
}

static void
show_credit(struct json *j, const struct gst3b *f)
{
	json_key(j, "itc");
	json_open(j, '{');
	json_key(j, "available");
	json_open(j, '{');
	show_heads(j, f->available);
	json_close(j, '}');
	json_key(j, "reversed");
	json_open(j, '{');
	show_heads(j, f->reversed);
	json_close(j, '}');
	json_key(j, "net");
	json_open(j, '{');
	show_heads(j, f->net);
	json_close(j, '}');
	json_close(j, '}');
}

bool
view_gst3b(struct db *db, const struct reference *reference,
    const char *gstin, int64_t period, struct arena *arena, struct json *j,
    struct err *e)
{
	struct gst3b_form *form = arena_alloc(arena, sizeof *form);
	struct recon_credit *portal = arena_alloc(arena, sizeof *portal);
	const struct gst3b_info *info;
	size_t at = 0;

	if (!gst3b_read(db, reference, gstin, period, form, e) ||
	    !recon_credit(db, gstin, form->first, form->period, portal,
	    e))
		return false;
	json_open(j, '{');
	if (!show_head(db, arena, form, gstin, j, e))
		return false;
	json_kstr(j, "credit_from", "books");
	json_key(j, "portal");
	json_bool(j, portal->here);
	json_key(j, "items");
	json_open(j, '[');
	while ((info = gst3b_next(&at)) != NULL)
		show_cell(j, &form->figures, info, portal);
	json_close(j, ']');
	show_credit(j, &form->figures);
	show_payments(j, &form->figures);
	json_close(j, '}');
	return true;
}

/* ---- what is owed ----------------------------------------------------- */

static bool
show_due_form(struct db *db, const struct reference *reference,
    struct arena *arena, const struct gst3b_form *form, const char *name,
    int64_t month, struct day today, struct json *j, struct err *e)
{
	const char *filed;
	struct day due;

	if (!gst_form_due(name, form->own, month) ||
	    !gst_due_day(reference, name, form->own, month, &due))
		return true;
	if (!gst_filed_day(db, arena, form->own->gstin, name, month, &filed,
	    e))
		return false;
	json_open(j, '{');
	json_kstr(j, "form", name);
	show_period(j, "period", month);
	json_kstr(j, "date", due.text);
	json_kint(j, "days", day_between(today, due));
	json_kstr(j, "filed", filed);
	json_close(j, '}');
	return true;
}

/* Of a quarter its months have theirs, too. */
static bool
show_due(struct db *db, const struct reference *reference,
    struct arena *arena, const struct gst3b_form *form, struct day today,
    struct json *j, struct err *e)
{
	json_key(j, "due");
	json_open(j, '[');
	for (int64_t month = form->first; month <= form->period;
	    month = gst_period_add(month, 1))
		for (int i = 0; gst_forms[i] != NULL; i++)
			if (!show_due_form(db, reference, arena, form,
			    gst_forms[i], month, today, j, e))
				return false;
	json_close(j, ']');
	return true;
}

static void
show_total(struct json *j, const struct gst3b *f)
{
	int64_t tax = 0, cash = 0, after = 0, credit = 0;

	for (int h = 0; h < GST_HEADS; h++) {
		tax += f->output[h] + f->reverse[h];
		credit += f->net[h];
		cash += f->paid.cash[h] + f->paid.reverse[h] +
		    f->extra[GST3B_INTEREST][h] + f->extra[GST3B_FEE][h];
		after += f->paid.left[h];
	}
	json_key(j, "total");
	json_open(j, '{');
	show_amount(j, "tax", tax, INR);
	show_amount(j, "credit", credit, INR);
	show_amount(j, "cash", cash, INR);
	show_amount(j, "credit_after", after, INR);
	json_close(j, '}');
}

bool
view_gst_liability(struct db *db, const struct reference *reference,
    const char *gstin, int64_t period, struct day today, struct arena *arena,
    struct json *j, struct err *e)
{
	struct gst3b_form *form = arena_alloc(arena, sizeof *form);

	if (!gst3b_read(db, reference, gstin, period, form, e))
		return false;
	json_open(j, '{');
	if (!show_head(db, arena, form, gstin, j, e))
		return false;
	show_payments(j, &form->figures);
	show_total(j, &form->figures);
	if (!show_due(db, reference, arena, form, today, j, e))
		return false;
	json_close(j, '}');
	return true;
}

/* ---- entries ---------------------------------------------------------- */

void
show_gst_entry(struct json *j, const struct gst_entry *entry)
{
	json_open(j, '{');
	json_kstr(j, "gstin", entry->gstin);
	show_period(j, "period", entry->period);
	json_kstr(j, "cell", entry->cell);
	show_heads(j, entry->amount);
	json_kstr(j, "reason", entry->reason);
	json_kstr(j, "by", entry->actor);
	show_time(j, "at", entry->at);
	show_id(j, "decision", 'D', entry->seq);
	json_close(j, '}');
}

bool
view_gst_entries(struct db *db, const char *gstin, int64_t period,
    struct arena *arena, struct json *j, struct err *e)
{
	struct gst_entry *all;
	size_t n;

	if (!gst_entries_read(db, arena, gstin, period, &all, &n, e))
		return false;
	json_open(j, '{');
	json_key(j, "items");
	json_open(j, '[');
	for (size_t i = 0; i < n; i++)
		show_gst_entry(j, &all[i]);
	json_close(j, ']');
	json_close(j, '}');
	return true;
}

/* ---- when ------------------------------------------------------------- */

struct calendar {
	struct db *db;
	const struct reference *reference;
	const struct registration *own;
	struct day today;
	struct json *json;
};

static void
show_form(struct calendar *c, const char *form, int64_t period,
    struct day due)
{
	int days = day_between(c->today, due);

	json_open(c->json, '{');
	json_kstr(c->json, "gstin", c->own->gstin);
	json_kstr(c->json, "entity", c->own->entity);
	json_kstr(c->json, "form", form);
	show_period(c->json, "period", period);
	json_kstr(c->json, "date", due.text);
	json_kint(c->json, "days", days);
	json_key(c->json, "overdue");
	json_bool(c->json, days < 0);
	json_close(c->json, '}');
}

static bool
show_next_form(struct calendar *c, const char *form, struct err *e)
{
	struct day due;
	int64_t period;
	bool any;

	if (!gst_next_due(c->db, c->reference, c->own, form, c->today,
	    &period, &due, &any, e))
		return false;
	if (any)
		show_form(c, form, period, due);
	return true;
}

bool
view_gst_calendar(struct db *db, const struct reference *reference,
    const char *gstin, struct day today, struct json *j, struct err *e)
{
	struct calendar c = { db, reference, NULL, today, j };
	size_t at = 0;
	bool sees;

	json_open(j, '{');
	json_kstr(j, "today", today.text);
	json_key(j, "items");
	json_open(j, '[');
	while ((c.own = reference_next_registration(reference, &at)) != NULL) {
		if ((gstin != NULL && strcmp(gstin, c.own->gstin) != 0) ||
		    reference_registration(reference, c.own->gstin, today) !=
		    c.own)
			continue;
		if (!show_sees_gstin(db, c.own->gstin, &sees, e))
			return false;
		for (int i = 0; sees && gst_forms[i] != NULL; i++)
			if (!show_next_form(&c, gst_forms[i], e))
				return false;
	}
	json_close(j, ']');
	json_close(j, '}');
	return true;
}
