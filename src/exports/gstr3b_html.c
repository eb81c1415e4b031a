/*
 * GSTR-3B as a page to print and sign: A4, nothing but itself, so that it
 * reads the same in ten years.
 */
#include "exports/gstr3b.h"

#include <stdio.h>
#include <string.h>

#include "book/money.h"
#include "gst/due.h"

static const char STYLE[] =
    "@page{size:A4;margin:14mm 12mm}"
    "body{font:9pt/1.35 'Liberation Sans',Arial,sans-serif;color:#000;"
    "margin:0 auto;max-width:186mm}"
    "h1{font-size:14pt;text-align:center;margin:0}"
    "p.rule{text-align:center;margin:0 0 4mm}"
    "h2{font-size:9.5pt;margin:4mm 0 1mm;break-after:avoid}"
    "table{border-collapse:collapse;width:100%;break-inside:avoid}"
    "th,td{border:.2mm solid #444;padding:.8mm 1.4mm;vertical-align:top}"
    "th{background:#eee;font-weight:bold;text-align:center}"
    "td.n{text-align:right;white-space:nowrap;"
    "font-variant-numeric:tabular-nums}"
    "td.x{background:#ddd}tr.t td{font-weight:bold}"
    "table.who{margin-bottom:2mm}table.who td:first-child{width:38mm}"
    ".draft{color:#a00;font-weight:bold}"
    ".sign{margin-top:8mm;break-inside:avoid}"
    ".sign div{margin-top:10mm;display:flex;justify-content:space-between}"
    "@media screen{body{padding:8mm}}"
    "@media print{th,td.x{print-color-adjust:exact;"
    "-webkit-print-color-adjust:exact}}";

static const struct {
	const char *table, *title;
} tables[] = {
	{ "3.1", "Outward supplies, and inward supplies liable to reverse"
	    " charge (other than those in 3.1.1)" },
	{ "3.1.1", "Supplies under section 9(5) of the CGST Act" },
	{ "3.2", "Of the supplies in 3.1(a) and 3.1.1(i), inter-state supplies"
	    " to unregistered persons, composition dealers and UIN holders" },
	{ "4", "Eligible input tax credit" },
	{ "5", "Exempt, nil rated and non-GST inward supplies" },
	{ "5.1", "Interest and late fee" },
	{ "6.1", "Payment of tax" },
};

static const char *const head_titles[GST_HEADS] = {
	[GST_IGST] = "Integrated tax", [GST_CGST] = "Central tax",
	[GST_SGST] = "State/UT tax", [GST_CESS] = "Cess",
};

static void
add_cell(struct str *out, const char *text)
{
	str_adds(out, "<td>");
	str_add_html(out, text);
	str_adds(out, "</td>");
}

static void
add_amount(struct str *out, int64_t paise)
{
	str_adds(out, "<td class=n>");
	money_grouped((struct money){ paise, "INR" }, out);
	str_adds(out, "</td>");
}

/* What the form has not is shaded. */
static void
add_heads(struct str *out, unsigned some, const int64_t tax[GST_HEADS])
{
	for (int h = 0; h < GST_HEADS; h++) {
		if ((some & 1u << h) != 0)
			add_amount(out, tax[h]);
		else
			str_adds(out, "<td class=x></td>");
	}
}

static void
open_table(struct str *out, const char *table, const char *first,
    const char *second)
{
	for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
		if (strcmp(tables[i].table, table) != 0)
			continue;
		str_addf(out, "<h2>%s ", table);
		str_add_html(out, tables[i].title);
		str_adds(out, "</h2>\n");
	}
	str_addf(out, "<table><tr><th>%s</th>", first);
	if (second != NULL)
		str_addf(out, "<th>%s</th>", second);
}

static void
add_head_titles(struct str *out)
{
	for (int h = 0; h < GST_HEADS; h++)
		str_addf(out, "<th>%s</th>", head_titles[h]);
	str_adds(out, "</tr>\n");
}

/* ---- the tables ------------------------------------------------------- */

static void
add_supplies(struct str *out, const char *table, const struct gst3b *f)
{
	const struct gst3b_info *info;
	size_t at = 0;

	open_table(out, table, "Nature of supplies", "Taxable value");
	add_head_titles(out);
	while ((info = gst3b_next(&at)) != NULL) {
		struct gst3b_figure figure;

		if (strcmp(info->table, table) != 0)
			continue;
		figure = gst3b_cell(f, info->cell);
		str_adds(out, "<tr><td>");
		str_add_html(out, strchr(gst3b_name(info), '('));
		str_addc(out, ' ');
		str_add_html(out, info->title);
		str_adds(out, "</td>");
		add_amount(out, figure.taxable);
		add_heads(out, info->heads, figure.tax);
		str_adds(out, "</tr>\n");
	}
	str_adds(out, "</table>\n");
}

static void
add_place(struct str *out, const struct gstr3b_head *head, const char *code)
{
	const struct gst_state *state = reference_gst_state(head->reference,
	    code);

	str_adds(out, "<td>");
	str_add_html(out, code);
	if (state != NULL) {
		str_addc(out, '-');
		str_add_html(out, state->name);
	}
	str_adds(out, "</td>");
}

static void
add_places(struct str *out, const struct gstr3b_head *head,
    const struct gst3b *f)
{
	const struct gst3b_info *info;
	size_t at = 0;
	bool any = false;

	open_table(out, "3.2", "Nature of supplies", "Place of supply");
	str_adds(out, "<th>Taxable value</th><th>Integrated tax</th></tr>\n");
	while ((info = gst3b_next(&at)) != NULL)
		for (size_t i = 0; i < f->n_places; i++) {
			const struct gst3b_place *one = &f->places[i];

			if (info->cell != one->cell)
				continue;
			any = true;
			str_adds(out, "<tr>");
			add_cell(out, info->title);
			add_place(out, head, one->place);
			add_amount(out, one->taxable);
			add_amount(out, one->igst);
			str_adds(out, "</tr>\n");
		}
	if (!any)
		str_adds(out, "<tr><td colspan=4>None</td></tr>\n");
	str_adds(out, "</table>\n");
}

static void
add_row(struct str *out, const char *mark, const char *title, bool total,
    const int64_t tax[GST_HEADS])
{
	str_adds(out, total ? "<tr class=t><td>" : "<tr><td>");
	str_add_html(out, mark);
	str_addc(out, ' ');
	str_add_html(out, title);
	str_adds(out, "</td>");
	add_heads(out, ~0u, tax);
	str_adds(out, "</tr>\n");
}

static void
add_part(struct str *out, const char *table, const char *title,
    const struct gst3b *f)
{
	const struct gst3b_info *info;
	size_t at = 0;
	int n = 0;

	str_adds(out, "<tr class=t><td colspan=5>");
	str_add_html(out, title);
	str_adds(out, "</td></tr>\n");
	while ((info = gst3b_next(&at)) != NULL) {
		struct gst3b_figure figure;
		char mark[16];

		if (strcmp(info->table, table) != 0)
			continue;
		figure = gst3b_cell(f, info->cell);
		snprintf(mark, sizeof mark, "(%d)", ++n);
		add_row(out, mark, info->title, false, figure.tax);
	}
}

static void
add_credit(struct str *out, const struct gst3b *f)
{
	open_table(out, "4", "Details", NULL);
	add_head_titles(out);
	add_part(out, "4A", "(A) Credit available (whether in full or part)",
	    f);
	add_part(out, "4B", "(B) Credit reversed", f);
	add_row(out, "(C)", "Net credit available (A) - (B)", true, f->net);
	add_part(out, "4D", "(D) Other details", f);
	str_adds(out, "</table>\n");
}

static void
add_exempt(struct str *out, const struct gst3b *f)
{
	static const char *const titles[2] = {
		"From composition dealers, nil rated and exempted",
		"Non-GST supplies"
	};

	open_table(out, "5", "Nature of supplies", "Inter-state");
	str_adds(out, "<th>Intra-state</th></tr>\n");
	for (int i = 0; i < 2; i++) {
		str_adds(out, "<tr>");
		add_cell(out, titles[i]);
		add_amount(out, f->exempt[i][1]);
		add_amount(out, f->exempt[i][0]);
		str_adds(out, "</tr>\n");
	}
	str_adds(out, "</table>\n");
}

static void
add_interest(struct str *out, const struct gst3b *f)
{
	open_table(out, "5.1", "Description", NULL);
	add_head_titles(out);
	add_row(out, "", "Interest", false, f->extra[GST3B_INTEREST]);
	str_adds(out, "<tr><td>Late fee</td>");
	add_heads(out, 1u << GST_CGST | 1u << GST_SGST,
	    f->extra[GST3B_FEE]);
	str_adds(out, "</tr>\n</table>\n");
}

static int64_t
cash_of(const struct gst3b *f, int h)
{
	return f->paid.cash[h] + f->paid.reverse[h] +
	    f->extra[GST3B_INTEREST][h] + f->extra[GST3B_FEE][h];
}

static void
add_payment(struct str *out, const struct gst3b *f)
{
	const struct { const char *title; const int64_t *tax; } rows[] = {
		{ "Tax payable, other than reverse charge", f->due },
		{ "Paid by credit of integrated tax", f->paid.paid[GST_IGST] },
		{ "Paid by credit of central tax", f->paid.paid[GST_CGST] },
		{ "Paid by credit of State/UT tax", f->paid.paid[GST_SGST] },
		{ "Paid by credit of cess", f->paid.paid[GST_CESS] },
		{ "Tax paid in cash", f->paid.cash },
		{ "Reverse charge and section 9(5), paid in cash",
		    f->paid.reverse },
	};
	int64_t all[GST_HEADS];

	open_table(out, "6.1", "Description", NULL);
	add_head_titles(out);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		add_row(out, "", rows[i].title, i == 0, rows[i].tax);
	for (int h = 0; h < GST_HEADS; h++)
		all[h] = cash_of(f, h);
	add_row(out, "", "All cash, with interest and late fee", true, all);
	add_row(out, "", "Credit carried forward", false, f->paid.left);
	str_adds(out, "</table>\n");
}

/* ---- the page --------------------------------------------------------- */

static void
add_fact(struct str *out, const char *name, const char *value)
{
	str_adds(out, "<tr>");
	add_cell(out, name);
	add_cell(out, value);
	str_adds(out, "</tr>\n");
}

static const char *
month_name(int64_t period)
{
	static const char *const names[12] = { "January", "February",
	    "March", "April", "May", "June", "July", "August", "September",
	    "October", "November", "December" };
	int64_t month = period % 100;

	return month >= 1 && month <= 12 ? names[month - 1] : "";
}

static void
add_who(struct str *out, const struct gstr3b_head *head)
{
	char year[8], text[64];

	day_year(gst_period_first(head->period), year);
	str_adds(out, "<table class=who>\n");
	add_fact(out, "GSTIN", head->gstin);
	add_fact(out, "Legal name", head->name);
	add_fact(out, "State", head->state);
	add_fact(out, "Financial year", year);
	if (head->first == head->period)
		snprintf(text, sizeof text, "%s %d",
		    month_name(head->period), (int)(head->period / 100));
	else
		snprintf(text, sizeof text, "%s - %s %d",
		    month_name(head->first), month_name(head->period),
		    (int)(head->period / 100));
	add_fact(out, "Tax period", text);
	if (head->filed != NULL)
		add_fact(out, "Filed on", head->filed);
	else
		str_adds(out, "<tr><td>Status</td><td class=draft>Draft from "
		    "the books, not filed</td></tr>\n");
	str_adds(out, "</table>\n");
}

static const char ENDING[] =
    "<div class=sign><b>Verification</b><br>I hereby solemnly affirm and "
    "declare that the information given above is true and correct to the "
    "best of my knowledge and belief and nothing has been concealed "
    "therefrom.<div><span>Place: ____________________<br>Date: "
    "____________________</span><span>Signature: ____________________<br>"
    "Name and designation: ____________________</span></div></div>\n"
    "</body></html>\n";

void
gstr3b_html(const struct gstr3b_head *head, const struct gst3b *f,
    struct str *out)
{
	str_adds(out, "<!doctype html>\n<html lang=en><head>"
	    "<meta charset=utf-8><title>GSTR-3B ");
	str_add_html(out, head->gstin);
	str_addf(out, " %02d%04d</title>\n<style>%s</style></head><body>\n"
	    "<h1>Form GSTR-3B</h1><p class=rule>[See rule 61(5)] Amounts in "
	    "rupees</p>\n", (int)(head->period % 100),
	    (int)(head->period / 100), STYLE);
	add_who(out, head);
	add_supplies(out, "3.1", f);
	add_supplies(out, "3.1.1", f);
	add_places(out, head, f);
	add_credit(out, f);
	add_exempt(out, f);
	add_interest(out, f);
	add_payment(out, f);
	str_adds(out, ENDING);
}
