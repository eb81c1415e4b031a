/*
 * GSTR-1 as the JSON of the offline tool: keys, order and numbers as its own
 * files have them.  A file that would grow past the limit ends between two
 * units with all its brackets, and the next one begins with the same header;
 * a document is never cut in two.
 */
#include <stdio.h>
#include <stdlib.h>

#include "core/json.h"
#include "exports/gstr1.h"
#include "gst/rate.h"

#define UNIT_MAX (4 << 20)
#define ENDING 256		/* all that may come behind a unit */
#define KEY_MAX 64

struct gstr1_writer {
	struct gstr1_head head;
	struct out *out;
	struct json j;
	struct str unit;	/* the JSON of the present one */
	int part;		/* files begun */
	int num;		/* rows of the present part of table 12, or of
				 * the present nature of table 13 */
	bool open;		/* a section */
	enum listed_section section;
	const char *sub;	/* its open member; NULL: none */
	char group[KEY_MAX];	/* its open group; "": none */
};

static struct gstr1_writer *
json_new(const struct gstr1_head *head, struct out *out)
{
	struct gstr1_writer *w = calloc(1, sizeof *w);

	if (w == NULL)
		bug("out of memory");
	w->head = *head;
	w->out = out;
	str_init(&w->unit, UNIT_MAX);
	return w;
}

static void
json_free(struct gstr1_writer **wp)
{
	if (*wp == NULL)
		return;
	str_free(&(*wp)->unit);
	free(*wp);
	*wp = NULL;
}

/* ---- members ---------------------------------------------------------- */

static void
add_raw(struct json *j, const char *key, struct str *text)
{
	json_key(j, key);
	json_raw(j, str_span(text));
	str_free(text);
}

static void
add_amount(struct json *j, const char *key, int64_t paise)
{
	struct str text;

	str_init(&text, 32);
	gstr1_amount(paise, &text);
	add_raw(j, key, &text);
}

static void
add_rate(struct json *j, int64_t rate)
{
	char text[GST_RATE_SIZE];

	gst_rate_text(rate, text);
	json_key(j, "rt");
	json_raw(j, span_of(text));
}

/* 31-10-2026 of 2026-10-31. */
static void
add_day(struct json *j, const char *key, struct day day)
{
	char text[11];

	snprintf(text, sizeof text, "%.2s-%.2s-%.4s", day.text + 8,
	    day.text + 5, day.text);
	json_kstr(j, key, text);
}

static void
add_period(struct json *j, const char *key, int64_t period)
{
	char text[8];

	snprintf(text, sizeof text, "%02d%04d", (int)(period % 100),
	    (int)(period / 100));
	json_kstr(j, key, text);
}

static void
add_some(struct json *j, const char *key, const char *text)
{
	if (text != NULL && text[0] != '\0')
		json_kstr(j, key, text);
}

/* Sections of what is between states or abroad: no other tax has room. */
static bool
integrated_alone(enum listed_section section)
{
	return section == R1_EXP || section == R1_EXPA ||
	    section == R1_B2CL || section == R1_B2CLA ||
	    section == R1_CDNUR || section == R1_CDNURA;
}

/* Of the kind that it is; what should not be there is not hidden. Integrated
 * tax within a state is an inv_typ of its own (CBW). */
static void
add_tax(struct json *j, const struct listed *row)
{
	bool central = row->tax[GST_CGST] != 0 || row->tax[GST_SGST] != 0;
	bool integrated = row->inter || row->tax[GST_IGST] != 0 ||
	    integrated_alone(row->section);

	if (integrated)
		add_amount(j, "iamt", row->tax[GST_IGST]);
	if (central || !integrated) {
		add_amount(j, "camt", row->tax[GST_CGST]);
		add_amount(j, "samt", row->tax[GST_SGST]);
	}
	add_amount(j, "csamt", row->tax[GST_CESS]);
}

static void
add_inter(struct json *j, const struct listed *row)
{
	json_kstr(j, "sply_ty", row->inter ? "INTER" : "INTRA");
}

static void
add_reduced(struct json *j, const struct listed *row)
{
	if (row->reduced) {
		json_key(j, "diff_percent");
		json_raw(j, SPAN("0.65"));
	}
}

/* "itms" of a document: num and itm_det. */
static void
add_items(struct json *j, const struct listed *rows, size_t n)
{
	json_key(j, "itms");
	json_open(j, '[');
	for (size_t i = 0; i < n; i++) {
		json_open(j, '{');
		json_kint(j, "num", (int64_t)i + 1);
		json_key(j, "itm_det");
		json_open(j, '{');
		add_amount(j, "txval", rows[i].taxable);
		add_rate(j, rows[i].rate);
		add_tax(j, &rows[i]);
		json_close(j, '}');
		json_close(j, '}');
	}
	json_close(j, ']');
}

/* The same flat, as exports have them. */
static void
add_flat(struct json *j, const struct listed *rows, size_t n,
    const char *amount, bool rate_first)
{
	json_key(j, "itms");
	json_open(j, '[');
	for (size_t i = 0; i < n; i++) {
		json_open(j, '{');
		if (rate_first)
			add_rate(j, rows[i].rate);
		add_amount(j, amount, rows[i].taxable);
		if (!rate_first)
			add_rate(j, rows[i].rate);
		add_tax(j, &rows[i]);
		json_close(j, '}');
	}
	json_close(j, ']');
}

static void
add_numbers(struct json *j, const struct listed *row, bool note)
{
	if (note)
		json_kstr(j, "ntty", row->debit ? "D" : "C");
	if (row->original != NULL) {
		json_kstr(j, note ? "ont_num" : "oinum", row->original);
		add_day(j, note ? "ont_dt" : "oidt", row->original_date);
	}
	json_kstr(j, note ? "nt_num" : "inum", row->number);
	add_day(j, note ? "nt_dt" : "idt", row->date);
	add_amount(j, "val", row->value);
}

/* ---- units ------------------------------------------------------------ */

static void
unit_registered(struct json *j, const struct listed *row, size_t n)
{
	bool note = row->section == R1_CDNR || row->section == R1_CDNRA;

	add_numbers(j, row, note);
	json_kstr(j, "pos", row->place);
	json_kstr(j, "rchrg", row->reverse_charge ? "Y" : "N");
	add_some(j, "etin", row->operator);
	add_reduced(j, row);
	json_kstr(j, "inv_typ", row->type);
	add_items(j, row, n);
}

static void
unit_large(struct json *j, const struct listed *row, size_t n)
{
	add_numbers(j, row, false);
	add_some(j, "etin", row->operator);
	add_reduced(j, row);
	add_items(j, row, n);
}

/* An export has no place of supply here. */
static void
unit_note(struct json *j, const struct listed *row, size_t n)
{
	json_kstr(j, "typ", row->type);
	add_numbers(j, row, true);
	if (strcmp(row->type, "B2CL") == 0)
		json_kstr(j, "pos", row->place);
	add_reduced(j, row);
	add_items(j, row, n);
}

static void
unit_export(struct json *j, const struct listed *row, size_t n)
{
	add_numbers(j, row, false);
	if (gstr1_bill_fits(row)) {
		add_some(j, "sbpcode", row->port);
		if (row->bill != NULL && row->bill[0] != '\0') {
			json_kstr(j, "sbnum", row->bill);
			add_day(j, "sbdt", row->bill_date);
		}
	}
	add_flat(j, row, n, "txval", false);
}

static void
unit_small(struct json *j, const struct listed *row)
{
	json_kstr(j, "typ", "OE");
	add_inter(j, row);
	json_kstr(j, "pos", row->place);
	add_reduced(j, row);
	add_rate(j, row->rate);
	add_amount(j, "txval", row->taxable);
	add_tax(j, row);
}

static void
unit_small_amended(struct json *j, const struct listed *row, size_t n)
{
	add_period(j, "omon", row->of_period);
	json_kstr(j, "typ", "OE");
	add_inter(j, row);
	json_kstr(j, "pos", row->place);
	add_reduced(j, row);
	add_flat(j, row, n, "txval", true);
}

static void
unit_advance(struct json *j, const struct listed *row, size_t n)
{
	if (row->of_period != 0)
		add_period(j, "omon", row->of_period);
	json_kstr(j, "pos", row->place);
	add_inter(j, row);
	add_reduced(j, row);
	add_flat(j, row, n, "ad_amt", true);
}

static void
unit_nil(struct json *j, const struct listed *row)
{
	json_kstr(j, "sply_ty", row->type);
	add_amount(j, "nil_amt", row->nil);
	add_amount(j, "expt_amt", row->exempt);
	add_amount(j, "ngsup_amt", row->non_gst);
}

static void
unit_operator(struct json *j, const struct listed *row)
{
	if (row->section == R1_SUPECOA) {
		json_kstr(j, "oetin", row->original);
		add_period(j, "omon", row->of_period);
	}
	json_kstr(j, "etin", row->operator);
	add_amount(j, "suppval", row->taxable);
	add_amount(j, "igst", row->tax[GST_IGST]);
	add_amount(j, "cgst", row->tax[GST_CGST]);
	add_amount(j, "sgst", row->tax[GST_SGST]);
	add_amount(j, "cess", row->tax[GST_CESS]);
}

static void
unit_hsn(struct json *j, const struct listed *row, int num, bool split)
{
	struct str quantity;

	str_init(&quantity, 32);
	gstr1_quantity(row->quantity, &quantity);
	json_kint(j, "num", num);
	json_kstr(j, "hsn_sc", row->hsn);
	/* Split, the portal takes its own words for the code. */
	if (!split)
		add_some(j, "desc", row->description);
	json_kstr(j, "uqc", row->unit);
	add_raw(j, "qty", &quantity);
	add_rate(j, row->rate);
	add_amount(j, "txval", row->taxable);
	add_amount(j, "iamt", row->tax[GST_IGST]);
	add_amount(j, "camt", row->tax[GST_CGST]);
	add_amount(j, "samt", row->tax[GST_SGST]);
	add_amount(j, "csamt", row->tax[GST_CESS]);
}

static void
unit_series(struct json *j, const struct listed *row, int num)
{
	json_kint(j, "num", num);
	json_kstr(j, "from", row->from);
	json_kstr(j, "to", row->to);
	json_kint(j, "totnum", row->issued);
	json_kint(j, "cancel", row->cancelled);
	json_kint(j, "net_issue", row->issued - row->cancelled);
}

static void
unit_ecom(struct json *j, const struct listed *row, size_t n)
{
	if (row->ctin != NULL) {
		add_numbers(j, row, false);
		json_kstr(j, "pos", row->place);
		add_inter(j, row);
		json_kstr(j, "inv_typ", "R");
		add_items(j, row, n);
	} else if (row->section == R1_ECOM) {
		add_some(j, "stin", row->seller);
		json_kstr(j, "pos", row->place);
		add_inter(j, row);
		add_rate(j, row->rate);
		add_amount(j, "txval", row->taxable);
		add_tax(j, row);
	} else {
		add_period(j, "omon", row->of_period);
		if (row->seller != NULL) {
			json_kstr(j, "stin", row->seller);
			json_kstr(j, "ostin", row->seller);
		} else {
			json_kstr(j, "pos", row->place);
		}
		add_inter(j, row);
		add_flat(j, row, n, "txval", true);
	}
	json_kstr(j, "flag", "N");
}

static void
write_unit(struct gstr1_writer *w, struct json *j, const struct listed *row,
    size_t n)
{
	switch (row->section) {
	case R1_B2B: case R1_B2BA: case R1_CDNR: case R1_CDNRA:
		unit_registered(j, row, n);
		break;
	case R1_B2CL: case R1_B2CLA:
		unit_large(j, row, n);
		break;
	case R1_CDNUR: case R1_CDNURA:
		unit_note(j, row, n);
		break;
	case R1_EXP: case R1_EXPA:
		unit_export(j, row, n);
		break;
	case R1_B2CS:
		unit_small(j, row);
		break;
	case R1_B2CSA:
		unit_small_amended(j, row, n);
		break;
	case R1_AT: case R1_ATA: case R1_TXPD: case R1_TXPDA:
		unit_advance(j, row, n);
		break;
	case R1_NIL:
		unit_nil(j, row);
		break;
	case R1_SUPECO: case R1_SUPECOA:
		unit_operator(j, row);
		break;
	case R1_ECOM: case R1_ECOMA:
		unit_ecom(j, row, n);
		break;
	case R1_HSN:
		unit_hsn(j, row, w->num, gstr1_hsn_split(w->head.period));
		break;
	case R1_DOCS:
		unit_series(j, row, w->num);
		break;
	case LISTED_SECTIONS:
		break;
	}
}

/* ---- where a unit stands ---------------------------------------------- */

struct place {
	const char *sub;	/* member of the section; NULL: it is a list */
	const char *list;	/* of the group; NULL: there are no groups */
	char group[KEY_MAX];	/* its key; "" likewise */
};

static const char *
sub_of(const struct gstr1_writer *w, const struct listed *row)
{
	bool late = row->section == R1_ECOMA;

	switch (row->section) {
	case R1_NIL:
		return "inv";
	case R1_SUPECO:
		return row->reverse_charge ? "paytx" : "clttx";
	case R1_SUPECOA:
		return row->reverse_charge ? "paytxa" : "clttxa";
	case R1_HSN:
		return !gstr1_hsn_split(w->head.period) ? "data" :
		    strcmp(row->part, "b2b") == 0 ? "hsn_b2b" : "hsn_b2c";
	case R1_DOCS:
		return "doc_det";
	case R1_ECOM: case R1_ECOMA:
		if (row->ctin != NULL)
			return row->seller != NULL ? late ? "b2ba" : "b2b" :
			    late ? "urp2ba" : "urp2b";
		return row->seller != NULL ? late ? "b2ca" : "b2c" :
		    late ? "urp2ca" : "urp2c";
	case R1_B2B: case R1_B2BA: case R1_B2CL: case R1_B2CLA:
	case R1_B2CS: case R1_B2CSA: case R1_CDNR: case R1_CDNRA:
	case R1_CDNUR: case R1_CDNURA: case R1_EXP: case R1_EXPA:
	case R1_AT: case R1_ATA: case R1_TXPD: case R1_TXPDA:
	case LISTED_SECTIONS:
		break;
	}
	return NULL;
}

static void
place_of(const struct gstr1_writer *w, const struct listed *row,
    struct place *at)
{
	const char *key = NULL;

	*at = (struct place){ .sub = sub_of(w, row) };
	switch (row->section) {
	case R1_B2B: case R1_B2BA:
		key = row->ctin;
		at->list = "inv";
		break;
	case R1_CDNR: case R1_CDNRA:
		key = row->ctin;
		at->list = "nt";
		break;
	case R1_B2CL: case R1_B2CLA:
		key = row->place;
		at->list = "inv";
		break;
	case R1_EXP: case R1_EXPA:
		key = row->type;
		at->list = "inv";
		break;
	case R1_DOCS:
		snprintf(at->group, sizeof at->group, "%d", row->nature);
		at->list = "docs";
		break;
	case R1_ECOM: case R1_ECOMA:
		if (row->ctin != NULL) {
			snprintf(at->group, sizeof at->group, "%s %s",
			    row->seller != NULL ? row->seller : "",
			    row->ctin);
			at->list = "inv";
		} else if (row->section == R1_ECOMA && row->seller != NULL) {
			key = row->place;
			at->list = "posItms";
		}
		break;
	case R1_B2CS: case R1_B2CSA: case R1_CDNUR: case R1_CDNURA:
	case R1_AT: case R1_ATA: case R1_TXPD: case R1_TXPDA: case R1_NIL:
	case R1_SUPECO: case R1_SUPECOA: case R1_HSN: case LISTED_SECTIONS:
		break;
	}
	if (key != NULL)
		snprintf(at->group, sizeof at->group, "%s", key);
}

static void
open_group(struct json *j, const struct listed *row, const struct place *at)
{
	json_open(j, '{');
	if (row->section == R1_EXP || row->section == R1_EXPA) {
		json_kstr(j, "exp_typ", row->type);
	} else if (row->section == R1_DOCS) {
		json_kint(j, "doc_num", row->nature);
		json_kstr(j, "doc_typ", listed_nature(row->nature));
	} else if (row->section == R1_ECOM || row->section == R1_ECOMA) {
		if (row->ctin == NULL) {
			json_kstr(j, "pos", row->place);
		} else {
			add_some(j, "stin", row->seller);
			json_kstr(j, "rtin", row->ctin);
		}
	} else if (row->ctin != NULL && row->section != R1_B2CL &&
	    row->section != R1_B2CLA) {
		json_kstr(j, "ctin", row->ctin);
	} else {
		json_kstr(j, "pos", row->place);
	}
	json_key(j, at->list);
	json_open(j, '[');
}

static void
close_group(struct gstr1_writer *w)
{
	if (w->group[0] == '\0')
		return;
	json_close(&w->j, ']');
	json_close(&w->j, '}');
	w->group[0] = '\0';
	w->num = 0;
}

static void
close_sub(struct gstr1_writer *w)
{
	close_group(w);
	if (w->sub != NULL)
		json_close(&w->j, ']');
	w->sub = NULL;
	w->num = 0;
}

static void
close_section(struct gstr1_writer *w)
{
	bool list = w->sub == NULL;

	if (!w->open)
		return;
	close_sub(w);
	json_close(&w->j, list ? ']' : '}');
	w->open = false;
}

/* Closes and opens what stands between the last unit and this one. */
static void
go_to(struct gstr1_writer *w, const struct listed *row,
    const struct place *at)
{
	if (w->open && w->section != row->section)
		close_section(w);
	if (w->open && at->sub != NULL && (w->sub == NULL ||
	    strcmp(w->sub, at->sub) != 0))
		close_sub(w);
	if (w->open && strcmp(w->group, at->group) != 0)
		close_group(w);
	if (!w->open) {
		json_key(&w->j, listed_name(row->section));
		json_open(&w->j, at->sub != NULL ? '{' : '[');
		w->section = row->section;
		w->open = true;
	}
	if (at->sub != NULL && w->sub == NULL) {
		json_key(&w->j, at->sub);
		json_open(&w->j, '[');
		w->sub = at->sub;
	}
	if (at->list != NULL && w->group[0] == '\0') {
		open_group(&w->j, row, at);
		snprintf(w->group, sizeof w->group, "%s", at->group);
	}
}

/* ---- files ------------------------------------------------------------ */

static bool
begin_file(struct gstr1_writer *w, struct err *e)
{
	const char *made = w->head.made.text;
	char name[OUT_NAME_MAX], part[16] = "";
	int day = (made[8] - '0') * 10 + made[9] - '0';
	int month = (made[5] - '0') * 10 + made[6] - '0';

	if (++w->part > 1)
		snprintf(part, sizeof part, "_%d", w->part);
	snprintf(name, sizeof name, "returns_%d%d%.4s_%s_%s_offline%s.json",
	    day, month, made, w->head.iff ? "IFF" : "R1", w->head.gstin,
	    part);
	if (!out_open(w->out, name, e))
		return false;
	json_start(&w->j, out_text(w->out));
	json_open(&w->j, '{');
	json_kstr(&w->j, "gstin", w->head.gstin);
	add_period(&w->j, "fp", w->head.period);
	json_kstr(&w->j, "version", "GST3.2.4");
	json_kstr(&w->j, "hash", "hash");
	return true;
}

static void
end_file(struct gstr1_writer *w)
{
	if (w->part == 0)
		return;
	close_section(w);
	json_close(&w->j, '}');
}

static bool
make_room(struct gstr1_writer *w, struct err *e)
{
	if (w->part > 0 && (!w->open || out_bytes(w->out) +
	    (int64_t)w->unit.n + ENDING <= w->head.file_max))
		return true;
	end_file(w);
	return begin_file(w, e);
}

static bool
same_place(const struct gstr1_writer *w, const struct listed *row,
    const struct place *at)
{
	return w->open && w->section == row->section &&
	    (at->sub == NULL || strcmp(at->sub, w->sub) == 0) &&
	    strcmp(at->group, w->group) == 0;
}

static bool
json_unit(struct gstr1_writer *w, const struct listed *rows, size_t n,
    struct err *e)
{
	struct place at;
	struct json j;
	int num;

	place_of(w, rows, &at);
	/* It goes on in the next file. */
	num = w->num = same_place(w, rows, &at) ? w->num + 1 : 1;
	str_clear(&w->unit);
	json_start(&j, &w->unit);
	json_open(&j, '{');
	write_unit(w, &j, rows, n);
	json_close(&j, '}');
	if (w->unit.over)
		return err_set(e, ERR_TOO_LARGE, "a document of %zu rows", n);
	if (!make_room(w, e))
		return false;
	go_to(w, rows, &at);
	w->num = num;
	json_raw(&w->j, str_span(&w->unit));
	out_rows(w->out, (int64_t)n);
	return out_flush(w->out, e);
}

static bool
json_end(struct gstr1_writer *w, struct err *e)
{
	if (w->part == 0 && !begin_file(w, e))
		return false;
	end_file(w);
	return out_flush(w->out, e);
}

const struct gstr1_format gstr1_json = {
	json_new, json_unit, json_end, json_free
};
