/* GSTR-3B as JSON and CSV; gst.md 3.1 has the keys. */
#include "exports/gstr3b.h"

#include <stdio.h>
#include <string.h>

#include "book/money.h"
#include "core/csv.h"
#include "core/json.h"
#include "gst/due.h"

static const char *const heads[GST_HEADS] = {
	[GST_IGST] = "iamt", [GST_CGST] = "camt", [GST_SGST] = "samt",
	[GST_CESS] = "csamt",
};

static void
add_plain(struct str *out, int64_t paise)
{
	money_plain((struct money){ paise, "INR" }, out);
}

/* ---- JSON ------------------------------------------------------------- */

/* A number, with two decimals. */
static void
add_amount(struct json *j, const char *key, int64_t paise)
{
	struct str text;

	str_init(&text, 40);
	add_plain(&text, paise);
	json_key(j, key);
	json_raw(j, str_span(&text));
	str_free(&text);
}

static void
add_tax(struct json *j, unsigned some, const int64_t tax[GST_HEADS])
{
	for (int h = 0; h < GST_HEADS; h++)
		if ((some & 1u << h) != 0)
			add_amount(j, heads[h], tax[h]);
}

static void
add_cell(struct json *j, const struct gst3b_info *info,
    const struct gst3b *f)
{
	struct gst3b_figure figure = gst3b_cell(f, info->cell);

	json_key(j, strrchr(info->path, '.') + 1);
	json_open(j, '{');
	add_amount(j, "txval", figure.taxable);
	add_tax(j, info->heads, figure.tax);
	json_close(j, '}');
}

static void
add_cells(struct json *j, const char *group, const char *table,
    const struct gst3b *f)
{
	const struct gst3b_info *info;
	size_t at = 0;

	json_key(j, group);
	json_open(j, '{');
	while ((info = gst3b_next(&at)) != NULL)
		if (strcmp(info->table, table) == 0)
			add_cell(j, info, f);
	json_close(j, '}');
}

static void
add_places(struct json *j, const char *key, enum gst_cell cell,
    const struct gst3b *f)
{
	json_key(j, key);
	json_open(j, '[');
	for (size_t i = 0; i < f->n_places; i++) {
		const struct gst3b_place *one = &f->places[i];

		if (one->cell != cell || (one->taxable == 0 &&
		    one->igst == 0))
			continue;
		json_open(j, '{');
		json_kstr(j, "pos", one->place);
		add_amount(j, "txval", one->taxable);
		add_amount(j, "iamt", one->igst);
		json_close(j, '}');
	}
	json_close(j, ']');
}

/* Of table 4 each with its `ty`, and all heads. */
static void
add_credit(struct json *j, const char *key, const char *table,
    const struct gst3b *f)
{
	const struct gst3b_info *info;
	size_t at = 0;

	json_key(j, key);
	json_open(j, '[');
	while ((info = gst3b_next(&at)) != NULL) {
		struct gst3b_figure figure;

		if (strcmp(info->table, table) != 0)
			continue;
		figure = gst3b_cell(f, info->cell);
		json_open(j, '{');
		json_kstr(j, "ty", strrchr(info->path, '.') + 1);
		add_tax(j, ~0u, figure.tax);
		json_close(j, '}');
	}
	json_close(j, ']');
}

static void
add_exempt(struct json *j, const struct gst3b *f)
{
	static const char *const types[2] = { "GST", "NONGST" };

	json_key(j, "inward_sup");
	json_open(j, '{');
	json_key(j, "isup_details");
	json_open(j, '[');
	for (int i = 0; i < 2; i++) {
		json_open(j, '{');
		json_kstr(j, "ty", types[i]);
		add_amount(j, "inter", f->exempt[i][1]);
		add_amount(j, "intra", f->exempt[i][0]);
		json_close(j, '}');
	}
	json_close(j, ']');
	json_close(j, '}');
}

/* Late fee and table 6.1 are the portal's own: it only shows them. */
void
gstr3b_json(const struct gstr3b_head *head, const struct gst3b *f,
    struct str *out)
{
	char period[GST_PERIOD_SIZE];
	struct json j;

	gst_period_text(head->period, period);
	json_start(&j, out);
	json_open(&j, '{');
	json_kstr(&j, "gstin", head->gstin);
	json_kstr(&j, "ret_period", period);
	add_cells(&j, "sup_details", "3.1", f);
	add_cells(&j, "eco_dtls", "3.1.1", f);
	json_key(&j, "inter_sup");
	json_open(&j, '{');
	add_places(&j, "unreg_details", GST_3_2_UNREG, f);
	add_places(&j, "comp_details", GST_3_2_COMP, f);
	add_places(&j, "uin_details", GST_3_2_UIN, f);
	json_close(&j, '}');
	json_key(&j, "itc_elg");
	json_open(&j, '{');
	add_credit(&j, "itc_avl", "4A", f);
	add_credit(&j, "itc_rev", "4B", f);
	json_key(&j, "itc_net");
	json_open(&j, '{');
	add_tax(&j, ~0u, f->net);
	json_close(&j, '}');
	add_credit(&j, "itc_inelg", "4D", f);
	json_close(&j, '}');
	add_exempt(&j, f);
	json_key(&j, "intr_ltfee");
	json_open(&j, '{');
	json_key(&j, "intr_details");
	json_open(&j, '{');
	add_tax(&j, ~0u, f->extra[GST3B_INTEREST]);
	json_close(&j, '}');
	json_close(&j, '}');
	json_close(&j, '}');
	str_addc(out, '\n');
}

/* ---- CSV -------------------------------------------------------------- */

struct sheet {
	struct str *out;
	int64_t rows;
};

struct line {
	const char *table, *cell, *title, *place;
	bool valued;		/* `taxable` is of it */
	int64_t taxable;
	unsigned heads;
	const int64_t *tax;
};

static void
add_text(struct sheet *s, const char *text)
{
	csv_write(s->out, span_of(text));
	str_addc(s->out, ',');
}

/* What the form has not of a line stays empty. */
static void
add_line(struct sheet *s, const struct line *line)
{
	add_text(s, line->table);
	add_text(s, line->cell);
	add_text(s, line->title);
	add_text(s, line->place);
	if (line->valued)
		add_plain(s->out, line->taxable);
	for (int h = 0; h < GST_HEADS; h++) {
		str_addc(s->out, ',');
		if ((line->heads & 1u << h) != 0)
			add_plain(s->out, line->tax[h]);
	}
	str_adds(s->out, "\r\n");
	s->rows++;
}

static void
add_place_lines(struct sheet *s, const struct gst3b_info *info,
    const struct gst3b *f)
{
	for (size_t i = 0; i < f->n_places; i++) {
		const struct gst3b_place *one = &f->places[i];
		const int64_t tax[GST_HEADS] = { [GST_IGST] = one->igst };

		if (one->cell == info->cell)
			add_line(s, &(struct line){ info->table,
			    gst3b_name(info), info->title, one->place, true,
			    one->taxable, info->heads, tax });
	}
}

static void
add_exempt_lines(struct sheet *s, const struct gst3b_info *info,
    const struct gst3b *f)
{
	const int64_t *exempt = f->exempt[info->cell == GST_5_NONGST];

	for (int inter = 1; inter >= 0; inter--)
		add_line(s, &(struct line){ info->table, gst3b_name(info),
		    info->title, inter ? "inter-state" : "intra-state", true,
		    exempt[inter], 0, NULL });
}

static void
add_info_line(struct sheet *s, const struct gst3b_info *info,
    const struct gst3b *f)
{
	struct gst3b_figure figure = gst3b_cell(f, info->cell);
	const int64_t *tax = figure.tax;

	if (info->cell == GST_CELL_NONE)
		tax = info->extra == GST3B_CREDIT && !f->said[info->extra] ?
		    f->credit : f->extra[info->extra];
	add_line(s, &(struct line){ info->table, gst3b_name(info),
	    info->title, "", info->taxable, figure.taxable, info->heads,
	    tax });
}

static void
add_lines(struct sheet *s, const struct gst3b_info *info,
    const struct gst3b *f)
{
	switch (info->cell) {
	case GST_3_2_UNREG:
	case GST_3_2_COMP:
	case GST_3_2_UIN:
		add_place_lines(s, info, f);
		break;
	case GST_5_GST:
	case GST_5_NONGST:
		add_exempt_lines(s, info, f);
		break;
	default:
		add_info_line(s, info, f);
	}
}

static void
add_payment_lines(struct sheet *s, const struct gst3b *f)
{
	const struct { const char *cell, *title; const int64_t *tax; }
	lines[] = {
		{ "4C", "Net input tax credit", f->net },
		{ "6.1(payable)", "Tax payable other than reverse charge",
		    f->due },
		{ "6.1(igst)", "Paid by IGST credit", f->paid.paid[GST_IGST] },
		{ "6.1(cgst)", "Paid by CGST credit", f->paid.paid[GST_CGST] },
		{ "6.1(sgst)", "Paid by SGST credit", f->paid.paid[GST_SGST] },
		{ "6.1(cess)", "Paid by cess credit", f->paid.paid[GST_CESS] },
		{ "6.1(cash)", "Tax paid in cash", f->paid.cash },
		{ "6.1(reverse)", "Reverse charge paid in cash",
		    f->paid.reverse },
		{ "6.1(forward)", "Credit carried forward", f->paid.left },
	};

	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
		add_line(s, &(struct line){ i == 0 ? "4C" : "6.1",
		    lines[i].cell, lines[i].title, "", false, 0, ~0u,
		    lines[i].tax });
}

void
gstr3b_csv(const struct gst3b *f, struct str *out, int64_t *rows)
{
	struct sheet s = { out, 0 };
	const struct gst3b_info *info;
	size_t at = 0;

	str_adds(out, "table,cell,description,place,taxable,igst,cgst,sgst,"
	    "cess\r\n");
	while ((info = gst3b_next(&at)) != NULL)
		add_lines(&s, info, f);
	add_payment_lines(&s, f);
	*rows = s.rows;
}
