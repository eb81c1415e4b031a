/*
 * What was bought, whom to ask, and what IMS is to be told, as files: line by
 * line, so that a year of purchases takes no more memory than a day's.
 */
#include <stdio.h>
#include <string.h>

#include "book/money.h"
#include "core/csv.h"
#include "core/i18n.h"
#include "core/json.h"
#include "flow/exporting.h"
#include "gst/due.h"
#include "store/recon_list.h"
#include "store/view_recon.h"

struct work {
	struct exporting *ing;
	struct export_total total;
	struct json json;
	const char *category;	/* of IMS, that is open; "": none */
};

/* ---- cells ------------------------------------------------------------ */

static void
head(struct str *out, const char *const *names, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		str_adds(out, i > 0 ? "," : "");
		csv_write(out, span_of(names[i]));
	}
	str_adds(out, "\r\n");
}

static void
cell(struct str *out, const char *text)
{
	csv_write(out, span_of(text));
	str_addc(out, ',');
}

static void
amount(struct str *out, int64_t paise)
{
	money_plain((struct money){ paise, "INR" }, out);
}

static void
amounts(struct str *out, const int64_t *paise, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		amount(out, paise[i]);
		str_adds(out, i + 1 < n ? "," : "\r\n");
	}
}

static bool
open_file(struct work *work, const char *what, const char *ending,
    struct err *e)
{
	char name[OUT_NAME_MAX + 1], period[GST_PERIOD_SIZE];

	gst_period_text(work->ing->period, period);
	snprintf(name, sizeof name, "%s_%.15s_%s.%s", what,
	    work->ing->gstin, period, ending);
	return out_open(work->ing->out, name, e);
}

static void
add_up(struct work *work, int sign, int64_t value, int64_t taxable,
    const int64_t tax[GST_HEADS])
{
	work->total.documents++;
	work->total.rows++;
	work->total.value += sign * value;
	work->total.taxable += sign * taxable;
	for (int h = 0; h < GST_HEADS; h++)
		work->total.tax[h] += sign * tax[h];
	out_rows(work->ing->out, 1);
}

/* ---- the purchase register -------------------------------------------- */

static const char *
place_said(const char *status)
{
	if (strcmp(status, "only_books") == 0)
		return "only in books";
	if (strcmp(status, "exact") == 0)
		return "in both, equal";
	return *status == '\0' ? "" : "in both, differs";
}

static bool
write_purchase(void *arg, const struct purchase_line *line, struct err *e)
{
	struct work *work = arg;
	struct str *out = out_text(work->ing->out);
	int sign = line->credit ? -1 : 1;
	int64_t all[7] = { sign * line->value, sign * line->taxable,
	    sign * line->exempt };
	char filed[GST_PERIOD_SIZE] = "";

	if (line->filed != 0)
		gst_period_text(line->filed, filed);
	cell(out, line->ctin);
	cell(out, line->name);
	cell(out, line->party);
	cell(out, line->bill);
	cell(out, line->date);
	cell(out, line->credit ? "credit note" : "invoice");
	cell(out, line->place);
	cell(out, line->reverse_charge ? "Y" : "N");
	cell(out, line->category);
	cell(out, line->itc);
	cell(out, place_said(line->status));
	cell(out, filed);
	cell(out, line->document);
	for (int h = 0; h < GST_HEADS; h++)
		all[3 + h] = sign * line->tax[h];
	amounts(out, all, 7);
	add_up(work, sign, line->value, line->taxable, line->tax);
	return out_flush(work->ing->out, e) &&
	    exporting_step(work->ing, 1, e);
}

static bool
write_purchases(struct exporting *ing, struct err *e)
{
	static const char *const names[] = { "GSTIN of Supplier",
		"Supplier Name", "Party", "Invoice Number", "Invoice date",
		"Document Type", "Place Of Supply", "Reverse Charge",
		"Category", "Input Tax Credit", "GSTR-2B", "GSTR-2B Period",
		"Document", "Invoice Value", "Taxable Value", "Exempt Value",
		"Integrated Tax", "Central Tax", "State/UT Tax", "Cess" };
	struct work work = { .ing = ing, .total = { .section =
	    "purchases" } };
	int64_t n;

	if (!purchases_count(ing->db, ing->gstin, ing->period, &n, e))
		return false;
	exporting_expect(ing, n);
	if (!open_file(&work, "purchases", "csv", e))
		return false;
	head(out_text(ing->out), names, sizeof names / sizeof *names);
	if (!purchases_walk(ing->db, ing->gstin, ing->period, write_purchase,
	    &work, e))
		return false;
	exporting_total(ing, &work.total);
	return out_flush(ing->out, e);
}

const struct export_form export_purchases_csv = {
	"purchases", "csv", write_purchases
};

/* ---- whom to ask ------------------------------------------------------ */

static bool
write_asked(void *arg, const struct followup_line *line, struct err *e)
{
	struct work *work = arg;
	struct str *out = out_text(work->ing->out);
	const int64_t all[4] = { line->missing_taxable, line->missing_tax,
	    line->lacking_tax, line->missing_tax + line->lacking_tax };
	char missing[24], lacking[24];

	snprintf(missing, sizeof missing, "%lld", (long long)line->missing);
	snprintf(lacking, sizeof lacking, "%lld", (long long)line->lacking);
	cell(out, line->ctin);
	cell(out, line->name);
	cell(out, line->party);
	cell(out, line->address);
	cell(out, line->registration);
	cell(out, line->oldest);
	cell(out, line->bills);
	cell(out, missing);
	cell(out, lacking);
	amounts(out, all, 4);
	work->total.documents += line->missing + line->lacking;
	work->total.rows++;
	work->total.taxable += line->missing_taxable;
	out_rows(work->ing->out, 1);
	return out_flush(work->ing->out, e) &&
	    exporting_step(work->ing, 1, e);
}

static bool
write_followup(struct exporting *ing, struct err *e)
{
	static const char *const names[] = { "GSTIN of Supplier",
		"Supplier Name", "Party", "Address", "Registration",
		"Oldest", "Invoices", "Not filed", "Filed with less",
		"Taxable not filed", "Tax not filed", "Tax lacking",
		"At stake" };
	struct work work = { .ing = ing, .total = { .section =
	    "followup" } };

	if (!open_file(&work, "followup", "csv", e))
		return false;
	head(out_text(ing->out), names, sizeof names / sizeof *names);
	if (!followup_walk(ing->db, ing->gstin, ing->period, NULL, 0,
	    write_asked, &work, e))
		return false;
	exporting_total(ing, &work.total);
	return out_flush(ing->out, e);
}

const struct export_form export_followup_csv = {
	"followup", "csv", write_followup
};

/* ---- IMS -------------------------------------------------------------- */

static void
put_day(struct json *j, const char *key, struct day day)
{
	char text[32];

	snprintf(text, sizeof text, "%.2s-%.2s-%.4s", day.text + 8,
	    day.text + 5, day.text);
	json_kstr(j, key, day.text[0] != '\0' ? text : "");
}

static void
put_amount(struct json *j, const char *key, int64_t paise)
{
	struct str text;

	str_init(&text, 64);
	amount(&text, paise);
	json_key(j, key);
	json_raw(j, str_span(&text));
	str_free(&text);
}

static void
put_names(struct json *j, const struct ims_line *line)
{
	json_kstr(j, line->note ? "nt_num" : "inum", line->number);
	put_day(j, line->note ? "nt_dt" : "idt", line->date);
	if (!line->amended)
		return;
	json_kstr(j, line->note ? "ont_num" : "oinum", line->original);
	put_day(j, line->note ? "ont_dt" : "oidt", line->original_date);
}

static void
put_amounts(struct json *j, const struct ims_line *line)
{
	static const char *const heads[GST_HEADS] = { [GST_IGST] = "iamt",
		[GST_CGST] = "camt", [GST_SGST] = "samt",
		[GST_CESS] = "cess" };

	put_amount(j, "val", line->value);
	put_amount(j, "txval", line->taxable);
	for (int h = 0; h < GST_HEADS; h++)
		put_amount(j, heads[h], line->tax[h]);
}

static void
open_category(struct work *work, const char *category)
{
	if (strcmp(work->category, category) == 0)
		return;
	if (*work->category != '\0')
		json_close(&work->json, ']');
	work->category = arena_strdup(work->ing->arena, category);
	json_key(&work->json, category);
	json_open(&work->json, '[');
}

static bool
write_ims_line(void *arg, const struct ims_line *line, struct err *e)
{
	struct work *work = arg;
	struct json *j = &work->json;
	char period[GST_PERIOD_SIZE];

	open_category(work, line->category);
	gst_period_text(line->period, period);
	json_open(j, '{');
	json_kstr(j, "stin", line->party);
	put_names(j, line);
	json_kstr(j, "inv_typ", line->type);
	json_kstr(j, "action", line->action);
	json_kstr(j, "prev_status", *line->before != '\0' ? line->before :
	    "N");
	json_kstr(j, "ispendactblocked", line->no_pending ? "Y" : "N");
	json_kstr(j, "srcform", "R1");
	json_kstr(j, "rtnprd", period);
	json_kstr(j, "srcfilstatus", *line->status != '\0' ? line->status :
	    "Filed");
	json_kstr(j, "pos", line->place);
	put_amounts(j, line);
	json_kstr(j, "hash", line->hash);
	json_close(j, '}');
	if (*line->hash == '\0')
		exporting_warn(work->ing, "hash", N_("IMS knows a document by"
		    " a hash that only its own list has; import that list"
		    " first."), line->number);
	add_up(work, strncmp(line->category, "b2bcn", 5) == 0 ? -1 : 1,
	    line->value, line->taxable, line->tax);
	return out_flush(work->ing->out, e) &&
	    exporting_step(work->ing, 1, e);
}

static bool
write_ims(struct exporting *ing, struct err *e)
{
	struct work work = { .ing = ing, .category = "",
	    .total = { .section = "ims" } };

	if (!open_file(&work, "ims", "json", e))
		return false;
	json_start(&work.json, out_text(ing->out));
	json_open(&work.json, '{');
	json_kstr(&work.json, "gstin", ing->gstin);
	if (!ims_walk(ing->db, ing->gstin, ing->period, write_ims_line,
	    &work, e))
		return false;
	if (*work.category != '\0')
		json_close(&work.json, ']');
	json_close(&work.json, '}');
	exporting_total(ing, &work.total);
	return out_flush(ing->out, e);
}

const struct export_form export_ims_json = { "ims", "json", write_ims };
