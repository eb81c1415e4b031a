/*
 * GSTR-1 as CSV, a file each section, as the offline tool imports it: it finds
 * columns by their header, so these are to the letter.
 *
 * Spreadsheets run cells that begin with = + - @.  Of all columns only names
 * and descriptions are free text, and the tool sends neither anywhere: these
 * get an apostrophe before them.  What it does read - numbers of documents,
 * GSTINs, codes, days - cannot begin so, as gstr1_judge has left such out; and
 * amounts, of which some are negative, stay bare numbers, which run nothing.
 */
#include <stdio.h>
#include <stdlib.h>

#include "core/csv.h"
#include "exports/gstr1.h"
#include "gst/rate.h"

#define NAME_CHARACTERS 99
#define COLUMNS_MAX 16

enum column {
	C_END, C_CTIN, C_NAME, C_NUMBER, C_DATE, C_ONUMBER, C_ODATE, C_VALUE,
	C_PLACE, C_REVERSE, C_APPLICABLE, C_SUPPLY, C_OPERATOR, C_RATE,
	C_TAXABLE, C_CESS, C_NOTE, C_TYPE, C_PORT, C_BILL, C_BILL_DATE, C_OE,
	C_NONE, C_YEAR, C_MONTH, C_EXEMP, C_NIL, C_EXEMPT, C_NON_GST, C_HSN,
	C_DESCRIPTION, C_UNIT, C_QUANTITY, C_IGST, C_CGST, C_SGST, C_NATURE,
	C_FROM, C_TO, C_ISSUED, C_CANCELLED, C_LIABLE, C_OPERATOR_NAME,
	C_OOPERATOR, C_SELLER, C_SELLER_NAME, C_REGULAR
};

struct cell {
	const char *header;
	enum column column;
};

struct sheet {
	const char *file;
	struct cell cells[COLUMNS_MAX];
};

#define APPLICABLE { "Applicable % of Tax Rate", C_APPLICABLE }
#define PLACE { "Place Of Supply", C_PLACE }
#define AMOUNTS { "Rate", C_RATE }, { "Taxable Value", C_TAXABLE }, \
	{ "Cess Amount", C_CESS }
#define OPERATOR { "E-Commerce GSTIN", C_OPERATOR }
#define RECIPIENT { "GSTIN/UIN of Recipient", C_CTIN }, \
	{ "Receiver Name", C_NAME }
#define ORIGINAL(what, day) { "Original " what " Number", C_ONUMBER }, \
	{ "Original " what " " day, C_ODATE }, \
	{ "Revised " what " Number", C_NUMBER }, \
	{ "Revised " what " " day, C_DATE }
#define OF_PERIOD(month) { "Financial Year", C_YEAR }, { month, C_MONTH }
#define ADVANCE(what) APPLICABLE, { "Rate", C_RATE }, \
	{ "Gross Advance " what, C_TAXABLE }, { "Cess Amount", C_CESS }
#define HSN_CELLS { "HSN", C_HSN }, { "Description", C_DESCRIPTION }, \
	{ "UQC", C_UNIT }, { "Total Quantity", C_QUANTITY }, \
	{ "Total Value", C_VALUE }, { "Rate", C_RATE }, \
	{ "Taxable Value", C_TAXABLE }, \
	{ "Integrated Tax Amount", C_IGST }, \
	{ "Central Tax Amount", C_CGST }, \
	{ "State/UT Tax Amount", C_SGST }, { "Cess Amount", C_CESS }
#define HEADS { "Integrated tax", C_IGST }, { "Central tax", C_CGST }, \
	{ "State/UT tax", C_SGST }, { "Cess", C_CESS }
#define SHIPPED { "Port Code", C_PORT }, { "Shipping Bill Number", C_BILL }, \
	{ "Shipping Bill Date", C_BILL_DATE }
#define ECO_DOCUMENT { "Recipient GSTIN/UIN", C_CTIN }, \
	{ "Recipient Name", C_NAME }, { "Document Number", C_NUMBER }, \
	{ "Document Date", C_DATE }, { "Value of supplies made", C_VALUE }, \
	PLACE, { "Document type", C_REGULAR }, AMOUNTS

static const struct sheet b2b = { "b2b,sez,de", { RECIPIENT,
	{ "Invoice Number", C_NUMBER }, { "Invoice date", C_DATE },
	{ "Invoice Value", C_VALUE }, PLACE, { "Reverse Charge", C_REVERSE },
	APPLICABLE, { "Invoice Type", C_SUPPLY }, OPERATOR, AMOUNTS } };
static const struct sheet b2ba = { "b2ba", { RECIPIENT,
	ORIGINAL("Invoice", "date"), { "Invoice Value", C_VALUE }, PLACE,
	{ "Reverse Charge", C_REVERSE }, APPLICABLE,
	{ "Invoice Type", C_SUPPLY }, OPERATOR, AMOUNTS } };
static const struct sheet b2cl = { "b2cl", {
	{ "Invoice Number", C_NUMBER }, { "Invoice date", C_DATE },
	{ "Invoice Value", C_VALUE }, PLACE, APPLICABLE, AMOUNTS, OPERATOR } };
static const struct sheet b2cla = { "b2cla", {
	{ "Original Invoice Number", C_ONUMBER },
	{ "Original Invoice date", C_ODATE },
	{ "Original Place Of Supply", C_PLACE },
	{ "Revised Invoice Number", C_NUMBER },
	{ "Revised Invoice date", C_DATE }, { "Invoice Value", C_VALUE },
	APPLICABLE, AMOUNTS, OPERATOR } };
/* The tool takes type OE alone, and no operator with it. */
static const struct sheet b2cs = { "b2cs", { { "Type", C_OE }, PLACE,
	APPLICABLE, AMOUNTS, { "E-Commerce GSTIN", C_NONE } } };
static const struct sheet b2csa = { "b2csa", { OF_PERIOD("Original Month"),
	PLACE, { "Type", C_OE }, APPLICABLE, AMOUNTS,
	{ "E-Commerce GSTIN", C_NONE } } };
static const struct sheet cdnr = { "cdnr", { RECIPIENT,
	{ "Note Number", C_NUMBER }, { "Note Date", C_DATE },
	{ "Note Type", C_NOTE }, PLACE, { "Reverse Charge", C_REVERSE },
	{ "Note Supply Type", C_SUPPLY }, { "Note Value", C_VALUE },
	APPLICABLE, AMOUNTS } };
static const struct sheet cdnra = { "cdnra", { RECIPIENT,
	ORIGINAL("Note", "Date"), { "Note Type", C_NOTE }, PLACE,
	{ "Reverse Charge", C_REVERSE }, { "Note Supply Type", C_SUPPLY },
	{ "Note Value", C_VALUE }, APPLICABLE, AMOUNTS } };
static const struct sheet cdnur = { "cdnur", { { "UR Type", C_TYPE },
	{ "Note Number", C_NUMBER }, { "Note Date", C_DATE },
	{ "Note Type", C_NOTE }, PLACE, { "Note Value", C_VALUE },
	APPLICABLE, AMOUNTS } };
static const struct sheet cdnura = { "cdnura", { { "UR Type", C_TYPE },
	ORIGINAL("Note", "Date"), { "Note Type", C_NOTE }, PLACE,
	{ "Note Value", C_VALUE }, APPLICABLE, AMOUNTS } };
static const struct sheet exported = { "exp", { { "Export Type", C_TYPE },
	{ "Invoice Number", C_NUMBER }, { "Invoice date", C_DATE },
	{ "Invoice Value", C_VALUE }, SHIPPED, AMOUNTS } };
static const struct sheet expa = { "expa", { { "Export Type", C_TYPE },
	ORIGINAL("Invoice", "date"), { "Invoice Value", C_VALUE }, SHIPPED,
	AMOUNTS } };
static const struct sheet at = { "at", { PLACE, ADVANCE("Received") } };
static const struct sheet ata = { "ata", { OF_PERIOD("Original Month"),
	{ "Original Place Of Supply", C_PLACE }, ADVANCE("Received") } };
static const struct sheet atadj = { "atadj", { PLACE, ADVANCE("Adjusted") } };
static const struct sheet atadja = { "atadja", { OF_PERIOD("Original Month"),
	{ "Original Place Of Supply", C_PLACE }, ADVANCE("Adjusted") } };
static const struct sheet exemp = { "exemp", { { "Description", C_EXEMP },
	{ "Nil Rated Supplies", C_NIL },
	{ "Exempted(other than nil rated/non GST supply)", C_EXEMPT },
	{ "Non-GST Supplies", C_NON_GST } } };
static const struct sheet hsn = { "hsn", { HSN_CELLS } };
static const struct sheet hsn_b2b = { "hsn(b2b)", { HSN_CELLS } };
static const struct sheet hsn_b2c = { "hsn(b2c)", { HSN_CELLS } };
static const struct sheet docs = { "docs", {
	{ "Nature of Document", C_NATURE }, { "Sr. No. From", C_FROM },
	{ "Sr. No. To", C_TO }, { "Total Number", C_ISSUED },
	{ "Cancelled", C_CANCELLED } } };
static const struct sheet eco = { "eco", { { "Nature of Supply", C_LIABLE },
	{ "GSTIN of E-Commerce Operator", C_OPERATOR },
	{ "E-Commerce Operator Name", C_OPERATOR_NAME },
	{ "Net value of supplies", C_TAXABLE }, HEADS } };
static const struct sheet ecoa = { "ecoa", { { "Nature of Supply", C_LIABLE },
	OF_PERIOD("Original Month/Quarter"),
	{ "Original GSTIN of E-Commerce Operator", C_OOPERATOR },
	{ "Revised GSTIN of E-Commerce Operator", C_OPERATOR },
	{ "E-Commerce Operator Name", C_OPERATOR_NAME },
	{ "Revised Net value of supplies", C_TAXABLE }, HEADS } };
static const struct sheet ecob2b = { "ecob2b", {
	{ "Supplier GSTIN/UIN", C_SELLER }, { "Supplier Name", C_SELLER_NAME },
	ECO_DOCUMENT } };
static const struct sheet ecourp2b = { "ecourp2b", { ECO_DOCUMENT } };
static const struct sheet ecob2c = { "ecob2c", {
	{ "Supplier GSTIN/UIN", C_SELLER }, { "Supplier Name", C_SELLER_NAME },
	PLACE, AMOUNTS } };
static const struct sheet ecourp2c = { "ecourp2c", { PLACE, AMOUNTS } };

struct gstr1_writer {
	struct gstr1_head head;
	struct out *out;
	const struct sheet *sheet;	/* whose file is open */
};

/* NULL: the tool knows no CSV of it. */
static const struct sheet *
sheet_of(const struct gstr1_writer *w, const struct listed *row)
{
	static const struct sheet *const sheets[LISTED_SECTIONS] = {
		[R1_B2B] = &b2b, [R1_B2BA] = &b2ba, [R1_B2CL] = &b2cl,
		[R1_B2CLA] = &b2cla, [R1_B2CS] = &b2cs, [R1_B2CSA] = &b2csa,
		[R1_CDNR] = &cdnr, [R1_CDNRA] = &cdnra, [R1_CDNUR] = &cdnur,
		[R1_CDNURA] = &cdnura, [R1_EXP] = &exported,
		[R1_EXPA] = &expa, [R1_AT] = &at, [R1_ATA] = &ata,
		[R1_TXPD] = &atadj, [R1_TXPDA] = &atadja, [R1_NIL] = &exemp,
		[R1_SUPECO] = &eco, [R1_SUPECOA] = &ecoa, [R1_DOCS] = &docs,
	};

	if (row->section == R1_HSN)
		return !gstr1_hsn_split(w->head.period) ? &hsn :
		    strcmp(row->part, "b2b") == 0 ? &hsn_b2b : &hsn_b2c;
	if (row->section == R1_ECOM)
		return row->ctin != NULL ? row->seller != NULL ? &ecob2b :
		    &ecourp2b : row->seller != NULL ? &ecob2c : &ecourp2c;
	return sheets[row->section];
}

/* ---- cells ------------------------------------------------------------ */

/* Without control characters and leading blanks, cut, and defused. */
static void
free_text(const char *text, struct str *out)
{
	struct str tame;
	size_t n = 0, at = 0;

	str_init(&tame, 4096);
	for (; text != NULL && *text != '\0'; text++) {
		unsigned char c = (unsigned char)*text;

		if (tame.n == 0 && c <= ' ')
			continue;
		str_addc(&tame, c < ' ' || c == 0x7f ? ' ' : (char)c);
	}
	while (at < tame.n && n < NAME_CHARACTERS) {
		at++;
		while (at < tame.n && ((unsigned char)tame.p[at] & 0xc0) ==
		    0x80)
			at++;
		n++;
	}
	csv_write(out, (struct span){ tame.p != NULL ? tame.p : "", at });
	str_free(&tame);
}

/* 03-Oct-2026; "" is empty. */
static void
write_day(struct day day, struct str *out)
{
	static const char months[12][4] = { "Jan", "Feb", "Mar", "Apr", "May",
	    "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
	int month = (day.text[5] - '0') * 10 + day.text[6] - '0';

	if (day.text[0] != '\0' && month >= 1 && month <= 12)
		str_addf(out, "%.2s-%s-%.4s", day.text + 8, months[month - 1],
		    day.text);
}

static void
write_month(int64_t period, struct str *out)
{
	static const char *const months[12] = { "January", "February",
	    "March", "April", "May", "June", "July", "August", "September",
	    "October", "November", "December" };

	if (period % 100 >= 1 && period % 100 <= 12)
		str_adds(out, months[period % 100 - 1]);
}

static void
write_year(int64_t period, struct str *out)
{
	int year = (int)(period / 100) - (period % 100 < 4);

	str_addf(out, "%d-%02d", year, (year + 1) % 100);
}

static const char *
supply_text(const char *type)
{
	static const struct {
		const char *type, *text;
	} texts[] = {
		{ "SEWP", "SEZ supplies with payment" },
		{ "SEWOP", "SEZ supplies without payment" },
		{ "DE", "Deemed Exp" },
		{ "CBW", "Intra-State supplies attracting IGST" },
	};

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		if (strcmp(texts[i].type, type) == 0)
			return texts[i].text;
	return "Regular B2B";
}

static const char *
exemp_text(const char *type)
{
	return strcmp(type, "INTRB2B") == 0 ?
	    "Inter-State supplies to registered persons" :
	    strcmp(type, "INTRAB2B") == 0 ?
	    "Intra-State supplies to registered persons" :
	    strcmp(type, "INTRB2C") == 0 ?
	    "Inter-State supplies to unregistered persons" :
	    "Intra-State supplies to unregistered persons";
}

/* 27-Maharashtra: a code, and its name when that is known. */
static void
coded(const char *code, const char *name, struct str *out)
{
	struct str text;

	str_init(&text, 256);
	str_adds(&text, code);
	if (name != NULL)
		str_addf(&text, "-%s", name);
	csv_write(out, str_span(&text));
	str_free(&text);
}

static void
write_place(const struct listed *row, struct str *out)
{
	/* Exports to nobody's place: the tool wants it empty. */
	if ((row->section == R1_CDNUR || row->section == R1_CDNURA) &&
	    strcmp(row->type, "B2CL") != 0)
		return;
	coded(row->place, row->place_name, out);
}

static void
write_rate(int64_t rate, struct str *out)
{
	char text[GST_RATE_SIZE];

	gst_rate_text(rate, text);
	str_adds(out, text);
}

static void
write_unit(const struct listed *row, struct str *out)
{
	coded(row->unit, strcmp(row->unit, "NA") == 0 ? NULL :
	    row->unit_name, out);
}

static void
plain(const char *text, struct str *out)
{
	if (text != NULL)
		csv_write(out, span_of(text));
}

static void
write_cell(const struct listed *row, enum column column, struct str *out)
{
	bool bill = gstr1_bill_fits(row);

	switch (column) {
	case C_CTIN: plain(row->ctin, out); break;
	case C_NAME: free_text(row->name, out); break;
	case C_NUMBER: plain(row->number, out); break;
	case C_DATE: write_day(row->date, out); break;
	case C_ONUMBER: plain(row->original, out); break;
	case C_ODATE: write_day(row->original_date, out); break;
	case C_VALUE: gstr1_amount(row->value, out); break;
	case C_PLACE: write_place(row, out); break;
	case C_REVERSE: str_addc(out, row->reverse_charge ? 'Y' : 'N'); break;
	case C_APPLICABLE: str_adds(out, row->reduced ? "65" : ""); break;
	case C_SUPPLY: str_adds(out, supply_text(row->type)); break;
	case C_OPERATOR: plain(row->operator, out); break;
	case C_RATE: write_rate(row->rate, out); break;
	case C_TAXABLE: gstr1_amount(row->taxable, out); break;
	case C_CESS: gstr1_amount(row->tax[GST_CESS], out); break;
	case C_NOTE: str_addc(out, row->debit ? 'D' : 'C'); break;
	case C_TYPE: plain(row->type, out); break;
	case C_PORT: plain(bill ? row->port : NULL, out); break;
	case C_BILL: plain(bill ? row->bill : NULL, out); break;
	case C_BILL_DATE:
		if (bill)
			write_day(row->bill_date, out);
		break;
	case C_OE: str_adds(out, "OE"); break;
	case C_YEAR: write_year(row->of_period, out); break;
	case C_MONTH: write_month(row->of_period, out); break;
	case C_EXEMP: str_adds(out, exemp_text(row->type)); break;
	case C_NIL: gstr1_amount(row->nil, out); break;
	case C_EXEMPT: gstr1_amount(row->exempt, out); break;
	case C_NON_GST: gstr1_amount(row->non_gst, out); break;
	case C_HSN: plain(row->hsn, out); break;
	case C_DESCRIPTION: free_text(row->description, out); break;
	case C_UNIT: write_unit(row, out); break;
	case C_QUANTITY: gstr1_quantity(row->quantity, out); break;
	case C_IGST: gstr1_amount(row->tax[GST_IGST], out); break;
	case C_CGST: gstr1_amount(row->tax[GST_CGST], out); break;
	case C_SGST: gstr1_amount(row->tax[GST_SGST], out); break;
	case C_NATURE: plain(listed_nature(row->nature), out); break;
	case C_FROM: plain(row->from, out); break;
	case C_TO: plain(row->to, out); break;
	case C_ISSUED: str_addi(out, row->issued); break;
	case C_CANCELLED: str_addi(out, row->cancelled); break;
	case C_LIABLE:
		str_adds(out, row->reverse_charge ?
		    "Liable to pay tax u/s 9(5)" :
		    "Liable to collect tax u/s 52(TCS)");
		break;
	case C_OPERATOR_NAME: free_text(row->name, out); break;
	case C_OOPERATOR: plain(row->original, out); break;
	case C_SELLER: plain(row->seller, out); break;
	case C_SELLER_NAME: break;	/* not ours to know */
	case C_REGULAR: str_adds(out, "Regular"); break;
	case C_NONE: case C_END: break;
	}
}

/* ---- files ------------------------------------------------------------ */

static struct gstr1_writer *
csv_new(const struct gstr1_head *head, struct out *out)
{
	struct gstr1_writer *w = calloc(1, sizeof *w);

	if (w == NULL)
		bug("out of memory");
	w->head = *head;
	w->out = out;
	return w;
}

static void
csv_free(struct gstr1_writer **wp)
{
	free(*wp);
	*wp = NULL;
}

static bool
begin_sheet(struct gstr1_writer *w, const struct sheet *sheet, struct err *e)
{
	char name[OUT_NAME_MAX];
	struct str *text = out_text(w->out);

	w->sheet = sheet;
	snprintf(name, sizeof name, "%s.csv", sheet->file);
	if (!out_open(w->out, name, e))
		return false;
	for (const struct cell *c = sheet->cells; c->column != C_END; c++) {
		if (c != sheet->cells)
			str_addc(text, ',');
		csv_write(text, span_of(c->header));
	}
	str_addc(text, '\n');
	return true;
}

static bool
csv_unit(struct gstr1_writer *w, const struct listed *rows, size_t n,
    struct err *e)
{
	const struct sheet *sheet = sheet_of(w, rows);
	struct str *text = out_text(w->out);

	if (sheet == NULL)
		return true;
	if (sheet != w->sheet && !begin_sheet(w, sheet, e))
		return false;
	for (size_t i = 0; i < n; i++) {
		for (const struct cell *c = sheet->cells;
		    c->column != C_END; c++) {
			if (c != sheet->cells)
				str_addc(text, ',');
			write_cell(&rows[i], c->column, text);
		}
		str_addc(text, '\n');
	}
	out_rows(w->out, (int64_t)n);
	return out_flush(w->out, e);
}

static bool
csv_end(struct gstr1_writer *w, struct err *e)
{
	(void)w;
	(void)e;
	return true;
}

const struct gstr1_format gstr1_csv = {
	csv_new, csv_unit, csv_end, csv_free
};
