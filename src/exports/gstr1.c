/* What both forms of GSTR-1 share: how things are written, and what the
 * portal refuses (its save schema, and what the offline tool adds). */
#include "exports/gstr1.h"

#include "core/i18n.h"
#include "gst/docnumber.h"
#include "gst/gstin.h"

#define MONEY11 INT64_C(9999999999999)		/* 11+2 digits */
#define MONEY13 INT64_C(999999999999999)	/* 13+2 digits */
#define SPLIT_FROM 202505
#define NUMBER_MAX 16

/* ---- writing ---------------------------------------------------------- */

/* `scale` units to one; without zeros at the end. */
static void
decimal(int64_t n, int64_t scale, struct str *out)
{
	uint64_t whole = n < 0 ? -(uint64_t)n : (uint64_t)n;
	uint64_t rest = whole % (uint64_t)scale;

	if (n < 0)
		str_addc(out, '-');
	str_addi(out, (int64_t)(whole / (uint64_t)scale));
	if (rest == 0)
		return;
	str_addc(out, '.');
	for (uint64_t unit = (uint64_t)scale / 10; rest > 0; unit /= 10) {
		str_addc(out, (char)('0' + rest / unit));
		rest %= unit;
	}
}

void
gstr1_amount(int64_t paise, struct str *out)
{
	decimal(paise, 100, out);
}

void
gstr1_quantity(int64_t n, struct str *out)
{
	decimal((n + (n < 0 ? -5 : 5)) / 10, 100, out);
}

bool
gstr1_hsn_split(int64_t period)
{
	return period >= SPLIT_FROM;
}

/* ---- judging ---------------------------------------------------------- */

static const struct {
	const char *name, *sentence;
} faults[GSTR1_FAULTS] = {
	[GSTR1_FINE] = { "", "" },
	[GSTR1_NUMBER] = { "number",
	    N_("Left out: a number of a document that is not 1 to 16 letters,"
	    " digits, - and /.") },
	[GSTR1_GSTIN] = { "gstin",
	    N_("Left out: without a GSTIN, or with one of a wrong form.") },
	[GSTR1_PLACE] = { "place",
	    N_("Left out: without a place of supply that this section"
	    " takes.") },
	[GSTR1_DATE] = { "date",
	    N_("Left out: dated before 1 July 2017 or after the period.") },
	[GSTR1_NEGATIVE] = { "negative",
	    N_("Left out: a negative amount in an invoice or note.") },
	[GSTR1_LARGE] = { "large",
	    N_("Left out: an amount larger than the portal takes.") },
	[GSTR1_HEADS] = { "heads",
	    N_("Left out: central tax where there can be integrated tax"
	    " alone.") },
	[GSTR1_RATE] = { "rate",
	    N_("Left out: of no known rate of tax.") },
	[GSTR1_ORIGINAL] = { "original",
	    N_("Left out: an amendment that names no original.") },
	[GSTR1_HSN] = { "hsn",
	    N_("Left out of table 12: without an HSN of 4 to 8 digits, or"
	    " without a unit.") },
};

const char *
gstr1_fault_name(enum gstr1_fault fault)
{
	return faults[fault].name;
}

const char *
gstr1_fault_sentence(enum gstr1_fault fault)
{
	return faults[fault].sentence;
}

/* One that begins with - would be a formula in a sheet, and the rule has none
 * that does. */
static bool
is_number(const char *number)
{
	return number != NULL && docnumber_valid(number, NUMBER_MAX);
}

static bool
is_place(const char *place, bool abroad)
{
	int n;

	if (place == NULL || strlen(place) != 2 ||
	    strspn(place, "0123456789") != 2)
		return false;
	n = (place[0] - '0') * 10 + place[1] - '0';
	return (n >= 1 && n <= 38) || n == 97 || (abroad && n == 96);
}

static bool
is_gstin(const char *gstin)
{
	return gstin != NULL && gstin_kind(gstin) != GSTIN_NONE;
}

static bool
amounts_fit(const struct listed *row)
{
	bool fits = row->taxable >= -MONEY11 && row->taxable <= MONEY11 &&
	    row->value >= -MONEY13 && row->value <= MONEY13;

	for (int head = 0; head < GST_HEADS; head++)
		fits = fits && row->tax[head] >= -MONEY11 &&
		    row->tax[head] <= MONEY11;
	return fits;
}

static bool
is_negative(const struct listed *row)
{
	bool negative = row->taxable < 0 || row->value < 0;

	for (int head = 0; head < GST_HEADS; head++)
		negative |= row->tax[head] < 0;
	return negative;
}

static bool
needs_ctin(enum listed_section section)
{
	return section == R1_B2B || section == R1_B2BA ||
	    section == R1_CDNR || section == R1_CDNRA;
}

static bool
is_amended(enum listed_section section)
{
	return section == R1_B2BA || section == R1_B2CLA ||
	    section == R1_CDNRA || section == R1_CDNURA ||
	    section == R1_EXPA || section == R1_ECOMA;
}

static bool
place_fits(const struct listed *row)
{
	switch (row->section) {
	case R1_B2B: case R1_B2BA: case R1_CDNR: case R1_CDNRA:
		return is_place(row->place, true);
	case R1_B2CL: case R1_B2CLA: case R1_B2CS: case R1_B2CSA:
	case R1_AT: case R1_ATA: case R1_TXPD: case R1_TXPDA:
		return is_place(row->place, false);
	case R1_ECOM: case R1_ECOMA:
		return is_place(row->place, row->ctin != NULL);
	case R1_CDNUR: case R1_CDNURA:
		return strcmp(row->type, "B2CL") != 0 ||
		    is_place(row->place, false);
	case R1_EXP: case R1_EXPA: case R1_NIL: case R1_SUPECO:
	case R1_SUPECOA: case R1_HSN: case R1_DOCS: case LISTED_SECTIONS:
		break;
	}
	return true;
}

/* What is between states or abroad has no room for anything else. */
static bool
heads_fit(const struct listed *row)
{
	bool abroad = row->section == R1_B2CL || row->section == R1_B2CLA ||
	    row->section == R1_EXP || row->section == R1_EXPA ||
	    row->section == R1_CDNUR || row->section == R1_CDNURA;

	return !abroad || (row->tax[GST_CGST] == 0 &&
	    row->tax[GST_SGST] == 0);
}

static enum gstr1_fault
judge_document(const struct listed *row)
{
	if (!is_number(row->number))
		return GSTR1_NUMBER;
	if ((needs_ctin(row->section) && !is_gstin(row->ctin)) ||
	    (row->operator != NULL && !is_gstin(row->operator)) ||
	    (row->seller != NULL && !is_gstin(row->seller)))
		return GSTR1_GSTIN;
	if (strcmp(row->date.text, "2017-07-01") < 0)
		return GSTR1_DATE;
	if (is_amended(row->section) && (!is_number(row->original) ||
	    row->original_date.text[0] == '\0'))
		return GSTR1_ORIGINAL;
	return is_negative(row) ? GSTR1_NEGATIVE : heads_fit(row) ?
	    GSTR1_FINE : GSTR1_HEADS;
}

static enum gstr1_fault
judge_hsn(const struct listed *row)
{
	size_t n = row->hsn != NULL ? strlen(row->hsn) : 0;

	return n >= 4 && n <= 8 && strspn(row->hsn, "0123456789") == n &&
	    row->unit != NULL ? GSTR1_FINE : GSTR1_HSN;
}

static enum gstr1_fault
judge_row(const struct listed *row)
{
	enum gstr1_fault fault = GSTR1_FINE;

	if (row->section == R1_DOCS)
		return is_number(row->from) && is_number(row->to) ?
		    GSTR1_FINE : GSTR1_NUMBER;
	if (row->section == R1_HSN)
		fault = judge_hsn(row);
	else if (row->section == R1_SUPECO || row->section == R1_SUPECOA)
		fault = is_gstin(row->operator) ? GSTR1_FINE : GSTR1_GSTIN;
	else if (row->document != 0)
		fault = judge_document(row);
	else if ((row->section == R1_TXPD || row->section == R1_TXPDA) &&
	    is_negative(row))
		fault = GSTR1_NEGATIVE;
	if (fault == GSTR1_FINE && !place_fits(row))
		fault = GSTR1_PLACE;
	if (fault == GSTR1_FINE && row->rate < 0)
		fault = GSTR1_RATE;
	return fault == GSTR1_FINE && !amounts_fit(row) ? GSTR1_LARGE :
	    fault;
}

enum gstr1_fault
gstr1_judge(const struct listed *rows, size_t n)
{
	enum gstr1_fault fault = GSTR1_FINE;

	for (size_t i = 0; i < n && fault == GSTR1_FINE; i++)
		fault = judge_row(&rows[i]);
	return fault;
}

bool
gstr1_bill_fits(const struct listed *row)
{
	static const char alnum[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789";
	size_t n = row->bill != NULL ? strlen(row->bill) : 0;
	size_t port = row->port != NULL ? strlen(row->port) : 0;

	if (port > 6 || (port > 0 && strspn(row->port, alnum) != port))
		return false;
	if (n == 0)
		return row->bill_date.text[0] == '\0';
	return n >= 3 && n <= 7 && row->bill_date.text[0] != '\0' &&
	    strspn(row->bill, "0123456789") == n;
}

/* ---- the tool's own arithmetic ---------------------------------------- */

/* taxable x rate / of, half away from zero. */
static int64_t
part(int64_t taxable, int64_t rate, int64_t of)
{
	int64_t sign = taxable < 0 ? -1 : 1;
	int64_t whole = taxable * sign / of, rest = taxable * sign % of;

	return sign * (whole * rate + (rest * rate + of / 2) / of);
}

void
gstr1_tool_tax(const struct listed *row, int64_t tax[GST_HEADS])
{
	/* In hundredths of thousandths of a percent, as 65% may be asked. */
	int64_t rate = row->rate * (row->reduced ? 65 : 100);
	const int64_t all = 10000000;
	bool untaxed = row->type != NULL && (strcmp(row->type, "SEWOP") ==
	    0 || strcmp(row->type, "WOPAY") == 0 ||
	    strcmp(row->type, "EXPWOP") == 0);

	for (int head = 0; head < GST_HEADS; head++)
		tax[head] = 0;
	tax[GST_CESS] = row->tax[GST_CESS];
	if (untaxed)
		return;
	if (row->inter)
		tax[GST_IGST] = part(row->taxable, rate, all);
	else
		tax[GST_CGST] = tax[GST_SGST] = part(row->taxable, rate,
		    2 * all);
}
