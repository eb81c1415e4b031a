/*
 * What documents are under GST: every row of the table of sections in its
 * order, every cell of GSTR-3B, and the documents of the worked example.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "gst/supply.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define OWN "27AAAAA0000A1Z2"
#define THERE "29AAAAA0000A1ZY"
#define HERE "27CCCCC2222C1Z8"
#define OPERATOR "29AABCF8078M1C8"
#define UIN "2717UNO00012UN2"

static struct day
day(const char *text)
{
	struct day d = { "" };

	snprintf(d.text, sizeof d.text, "%s", text);
	return d;
}

static void
add_codes(struct reference *r)
{
	static const struct master codes[] = {
		{ .code = "GST0", .kind = "gst", .extra = "0" },
		{ .code = "GST5", .kind = "gst", .extra = "5" },
		{ .code = "GST18", .kind = "gst", .extra = "18" },
		{ .code = "GEMS", .kind = "gst", .extra = "0.25" },
	};
	static const struct master accounts[] = {
		{ .code = "CGST", .kind = "liability", .extra = "L:CGST" },
		{ .code = "SGST", .kind = "liability", .extra = "L:UTGST" },
		{ .code = "IGST", .kind = "liability", .extra = "L:IGST" },
		{ .code = "OTHER", .kind = "liability", .extra = "L:GST" },
		{ .code = "COST", .kind = "expense", .extra = "E:Goods" },
	};

	for (size_t i = 0; i < COUNT(codes); i++)
		reference_add(r, REF_TAX_CODE, &codes[i]);
	for (size_t i = 0; i < COUNT(accounts); i++)
		reference_add(r, REF_ACCOUNT, &accounts[i]);
}

static void
add_states(struct reference *r)
{
	static const char *const states[][2] = { { "27", "MH" },
	    { "29", "KA" }, { "07", "DL" }, { "24", "GJ" }, { "96", "" } };

	for (size_t i = 0; i < COUNT(states); i++)
		reference_add_gst_state(r, &(struct gst_state){
		    .code = states[i][0], .name = states[i][0],
		    .alpha = states[i][1], .pins = "", .group = "A",
		    .gstin = true, .place = true });
}

static struct reference *
law(void)
{
	static const int64_t rates[] = { 0, 250, 5000, 18000, 40000 };
	struct reference *r = reference_new(1);

	add_codes(r);
	add_states(r);
	for (size_t i = 0; i < COUNT(rates); i++)
		reference_add_gst_rate(r, &(struct gst_rate){
		    .rate = rates[i], .hsn = "", .goods = true,
		    .services = true, .from = day("2017-07-01") });
	reference_add_gst_limit(r, "b2cl", day("2017-07-01"), 25000000);
	reference_add_gst_limit(r, "b2cl", day("2024-08-01"), 10000000);
	reference_add_registration(r, &(struct registration){ OWN, "IN01",
	    "regular", "monthly", 0, day("2017-07-01"), day("") });
	reference_add_registration(r, &(struct registration){
	    "29AAAAA0000A1ZY", "IN01", "regular", "monthly", 0,
	    day("2026-10-01"), day("") });
	reference_add_rate(r, "USD", "INR", day("2026-01-01"), 83125000);
	reference_add(r, REF_ITEM, &(struct master){ .code = "LAPTOP",
	    .kind = "GST18", .extra = "8471" });
	reference_add_gst_item(r, "LAPTOP", "84713010", "NOS");
	reference_add(r, REF_PARTY, &(struct master){ .code = "DELHI",
	    .name = "A shop in Delhi", .extra = "DL" });
	reference_add_taxpayer(r, &(struct taxpayer){ .party = "SMALL",
	    .gstin = HERE, .category = "composition", .state = "27" });
	return r;
}

/* ---- one line, one place ---------------------------------------------- */

struct paper {
	enum document_kind kind;
	const char *category, *gstin, *place, *supply;
	const char *treatment, *code;	/* of the line */
	int64_t taxable, tax;
	struct document_gst more;
	const char *hsn;
	/* what it must come to */
	enum gst_section section;
	const char *type;
	enum gst_cell cell;
};

static struct supply *
read_paper(const struct paper *p, const struct reference *r, struct arena *a)
{
	bool bought = p->kind == DOC_PURCHASE_INVOICE ||
	    p->kind == DOC_DEBIT_NOTE;
	struct document_gst gst = p->more;
	struct document_line lines[2] = {
		{ .type = bought ? "purchase" : "sale",
		    .tax_code = p->code != NULL ? p->code : "GST18",
		    .supply = p->treatment, .hsn = p->hsn,
		    .amount = p->taxable },
		{ .type = "tax", .account = "OTHER", .tax_code = "GST18",
		    .amount = p->tax },
	};
	struct document d = { .kind = p->kind, .entity = "IN01",
	    .number = "N/1", .currency = "INR", .date = day("2026-10-05"),
	    .total = p->taxable + p->tax, .gst = &gst, .lines = lines,
	    .n_lines = p->tax != 0 ? 2 : 1 };

	gst.gstin = OWN;
	gst.category = p->category;
	gst.party_gstin = p->gstin;
	gst.place = p->place;
	gst.supply = p->supply;
	return supply_read(&d, r, a);
}

#define R "regular"
#define U "unregistered"
#define O "overseas"
#define LARGE 8500000, 1530000	/* 1,00,300.00 with its tax */
#define SMALL_ 1000000, 180000
#define EXEMPT 1000000, 0
#define INV DOC_SALES_INVOICE
#define CN DOC_CREDIT_NOTE
#define BUY DOC_PURCHASE_INVOICE
#define NO { 0 }, NULL

static const struct paper papers[] = {
	/* 1: untaxed lines, of invoices and of notes, but exports */
	{ INV, R, HERE, "27", NULL, "nil", NULL, EXEMPT, NO, GST_NILSUP,
	    "INTRAB2B/nil", GST_3_1C },
	{ INV, R, THERE, "29", NULL, "exempt", NULL, EXEMPT, NO, GST_NILSUP,
	    "INTRB2B/exempt", GST_3_1C },
	{ INV, U, NULL, "27", NULL, "non_gst", NULL, EXEMPT, NO, GST_NILSUP,
	    "INTRAB2C/non_gst", GST_3_1E },
	{ CN, U, NULL, "07", NULL, "nil", NULL, EXEMPT, NO, GST_NILSUP,
	    "INTRB2C/nil", GST_3_1C },
	{ INV, U, NULL, "27", NULL, NULL, "GST0", EXEMPT, NO, GST_NILSUP,
	    "INTRAB2C/nil", GST_3_1C },
	/* 2: notes to registered */
	{ CN, R, HERE, "27", NULL, NULL, NULL, SMALL_, NO, GST_CDNR, "R",
	    GST_3_1A },
	{ CN, "sez", THERE, "29", "without_payment", NULL, NULL, EXEMPT, NO,
	    GST_CDNR, "SEWOP", GST_3_1B },
	{ CN, "uin", UIN, "27", NULL, NULL, NULL, SMALL_, NO, GST_CDNR, "R",
	    GST_3_1A },
	/* 3: notes of exports */
	{ CN, O, NULL, "96", "with_payment", NULL, NULL, SMALL_, NO,
	    GST_CDNUR, "EXPWP", GST_3_1B },
	{ CN, O, NULL, NULL, "without_payment", NULL, NULL, EXEMPT, NO,
	    GST_CDNUR, "EXPWOP", GST_3_1B },
	/* 4: notes above the limit, between states */
	{ CN, U, NULL, "07", NULL, NULL, NULL, LARGE, NO, GST_CDNUR, "B2CL",
	    GST_3_1A },
	{ CN, U, NULL, "07", NULL, NULL, NULL, SMALL_, NO, GST_B2CS, "OE",
	    GST_3_1A },
	{ CN, U, NULL, "27", NULL, NULL, NULL, LARGE, NO, GST_B2CS, "OE",
	    GST_3_1A },
	/* 5: invoices to registered */
	{ INV, R, THERE, NULL, NULL, NULL, NULL, SMALL_, NO, GST_B2B, "R",
	    GST_3_1A },
	{ INV, "sez", THERE, "29", "with_payment", NULL, NULL, SMALL_, NO,
	    GST_B2B, "SEWP", GST_3_1B },
	{ INV, "sez", THERE, "29", NULL, NULL, NULL, EXEMPT, NO, GST_B2B,
	    "SEWOP", GST_3_1B },
	{ INV, "deemed_export", HERE, "27", NULL, NULL, NULL, SMALL_, NO,
	    GST_B2B, "DE", GST_3_1A },
	{ INV, R, HERE, "27", "cbw", NULL, NULL, SMALL_, NO, GST_B2B, "CBW",
	    GST_3_1A },
	{ INV, R, HERE, "27", NULL, NULL, NULL, EXEMPT,
	    { .reverse_charge = true }, NULL, GST_B2B, "R", GST_3_1A },
	{ INV, R, HERE, "27", NULL, NULL, NULL, EXEMPT,
	    { .reverse_charge = true, .operator = OPERATOR }, NULL, GST_B2B,
	    "R", GST_3_1_1II },
	/* 6: exports, nil and exempt lines too */
	{ INV, O, NULL, "96", "with_payment", NULL, NULL, SMALL_, NO,
	    GST_EXP, "WPAY", GST_3_1B },
	{ INV, O, NULL, "96", "without_payment", NULL, "GST0", EXEMPT, NO,
	    GST_EXP, "WOPAY", GST_3_1B },
	{ INV, O, NULL, "96", NULL, "exempt", NULL, EXEMPT, NO, GST_EXP,
	    "WOPAY", GST_3_1C },
	/* an Indian number does not make an export anything else */
	{ INV, O, "3318FRA00021NRS", "96", NULL, NULL, NULL, EXEMPT, NO,
	    GST_EXP, "WOPAY", GST_3_1B },
	/* 7: large ones to unregistered, between states */
	{ INV, U, NULL, "07", NULL, NULL, NULL, LARGE, NO, GST_B2CL, "",
	    GST_3_1A },
	/* 8: all else */
	{ INV, U, NULL, "07", NULL, NULL, NULL, SMALL_, NO, GST_B2CS, "OE",
	    GST_3_1A },
	{ INV, U, NULL, "27", NULL, NULL, NULL, LARGE, NO, GST_B2CS, "OE",
	    GST_3_1A },
	{ INV, U, NULL, "27", NULL, NULL, NULL, SMALL_,
	    { .reduced = true }, NULL, GST_B2CS, "OE65", GST_3_1A },
	{ DOC_ADVANCE, U, NULL, "27", NULL, NULL, NULL, SMALL_, NO, GST_AT,
	    "", GST_3_1A },
	{ DOC_ADVANCE_ADJUSTMENT, U, NULL, "29", NULL, NULL, NULL, SMALL_,
	    NO, GST_TXPD, "", GST_3_1A },
	/* an operator's own: table 15 */
	{ INV, R, HERE, "27", NULL, NULL, NULL, SMALL_,
	    { .seller = THERE }, NULL, GST_ECOM, "b2b", GST_3_1_1I },
	{ INV, U, NULL, "27", NULL, NULL, NULL, SMALL_,
	    { .seller = "URP" }, NULL, GST_ECOM, "urp2c", GST_3_1_1I },
	/* bought */
	{ BUY, R, HERE, NULL, NULL, NULL, NULL, SMALL_, NO, GST_INWARD,
	    "4(A)(5)", GST_4A_OTH },
	{ BUY, R, HERE, NULL, NULL, NULL, NULL, SMALL_,
	    { .reverse_charge = true }, NULL, GST_INWARD, "4(A)(3)",
	    GST_4A_ISRC },
	{ BUY, O, NULL, NULL, NULL, NULL, NULL, SMALL_,
	    { .bill = "1234567" }, NULL, GST_INWARD, "4(A)(1)",
	    GST_4A_IMPG },
	{ BUY, O, NULL, NULL, NULL, NULL, NULL, SMALL_,
	    { .reverse_charge = true }, "998313", GST_INWARD, "4(A)(2)",
	    GST_4A_IMPS },
	{ BUY, "sez", THERE, NULL, NULL, NULL, NULL, SMALL_,
	    { .bill = "1234567" }, NULL, GST_INWARD, "4(A)(1)",
	    GST_4A_IMPG },
	{ BUY, "distributor", THERE, NULL, NULL, NULL, NULL, SMALL_, NO,
	    GST_INWARD, "4(A)(4)", GST_4A_ISD },
	{ BUY, R, HERE, NULL, NULL, NULL, NULL, SMALL_,
	    { .credit = "blocked" }, NULL, GST_INWARD, "4(A)(5)",
	    GST_4B_RUL },
	{ BUY, R, HERE, NULL, NULL, NULL, NULL, SMALL_,
	    { .credit = "reversed" }, NULL, GST_INWARD, "4(A)(5)",
	    GST_4B_OTH },
	{ BUY, R, HERE, NULL, NULL, NULL, NULL, SMALL_,
	    { .credit = "reclaimed" }, NULL, GST_INWARD, "4(A)(5)",
	    GST_4D_RUL },
	{ BUY, R, HERE, NULL, NULL, NULL, NULL, SMALL_,
	    { .credit = "restricted" }, NULL, GST_INWARD, "4(A)(5)",
	    GST_4D_OTH },
	{ BUY, R, HERE, NULL, NULL, "nil", NULL, EXEMPT, NO, GST_INWARD,
	    "5(gst)", GST_5_GST },
	{ BUY, "composition", HERE, NULL, NULL, NULL, NULL, EXEMPT, NO,
	    GST_INWARD, "5(gst)", GST_5_GST },
	{ BUY, R, HERE, NULL, NULL, "non_gst", NULL, EXEMPT, NO, GST_INWARD,
	    "5(non_gst)", GST_5_NONGST },
	{ DOC_DEBIT_NOTE, R, HERE, NULL, NULL, NULL, NULL, SMALL_, NO,
	    GST_INWARD, "4(A)(5)", GST_4A_OTH },
};

static void
sections_in_their_order(void **state)
{
	struct reference *r = law();
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < COUNT(papers); i++) {
		struct supply *s = read_paper(&papers[i], r, a);

		if (s == NULL || s->n_rows != 1 ||
		    s->rows[0].section != papers[i].section ||
		    s->rows[0].cell != papers[i].cell ||
		    strcmp(supply_type(s, s->rows), papers[i].type) != 0)
			fail_msg("row %zu: %zu rows, %s %s %s", i,
			    s == NULL ? 0 : s->n_rows,
			    s == NULL ? "" : gst_section_name(
			    s->rows[0].section), s == NULL ? "" :
			    supply_type(s, s->rows), s == NULL ? "" :
			    gst_cell_name(s->rows[0].cell));
	}
	arena_free(&a);
	reference_drop(&r);
}

/* A note that names its invoice is as large as that. */
static void
original_decides(void **state)
{
	struct paper p = { CN, U, NULL, "07", NULL, NULL, NULL, SMALL_,
	    { .original = "N/0" }, NULL, GST_B2CS, "", GST_3_1A };
	struct reference *r = law();
	struct arena *a = arena_new();
	struct supply *s = read_paper(&p, r, a);

	(void)state;
	assert_int_equal(s->rows[0].section, GST_B2CS);
	s->original_total = 10000000;	/* not above it */
	supply_place(s, r, a);
	assert_int_equal(s->rows[0].section, GST_B2CS);
	s->original_total++;
	supply_place(s, r, a);
	assert_int_equal(s->rows[0].section, GST_CDNUR);
	assert_int_equal(s->n_rows, 1);
	/* by the limit of the invoice's day */
	p.more.original_date = day("2024-07-31");
	s = read_paper(&p, r, a);
	s->original_total = 20000000;
	supply_place(s, r, a);
	assert_int_equal(s->rows[0].section, GST_B2CS);
	arena_free(&a);
	reference_drop(&r);
}

static void
other_cells(void **state)
{
	static const struct {
		struct paper paper;
		enum gst_cell cells[SUPPLY_CELLS];
	} rows[] = {
		{ { INV, U, NULL, "07", NULL, NULL, NULL, SMALL_, NO, 0, "",
		    0 }, { GST_3_1A, GST_3_2_UNREG } },
		{ { INV, U, NULL, "27", NULL, NULL, NULL, SMALL_, NO, 0, "",
		    0 }, { GST_3_1A } },
		{ { INV, "composition", THERE, NULL, NULL, NULL, NULL, SMALL_,
		    NO, 0, "", 0 }, { GST_3_1A, GST_3_2_COMP } },
		{ { INV, "uin", UIN, "07", NULL, NULL, NULL, SMALL_, NO, 0,
		    "", 0 }, { GST_3_1A, GST_3_2_UIN } },
		{ { INV, O, NULL, "96", NULL, NULL, NULL, SMALL_, NO, 0, "",
		    0 }, { GST_3_1B } },
		{ { BUY, R, HERE, NULL, NULL, NULL, NULL, SMALL_,
		    { .reverse_charge = true }, NULL, 0, "", 0 },
		    { GST_4A_ISRC, GST_3_1D } },
		{ { BUY, R, HERE, NULL, NULL, NULL, NULL, SMALL_,
		    { .credit = "blocked" }, NULL, 0, "", 0 },
		    { GST_4B_RUL, GST_4A_OTH } },
		{ { BUY, R, HERE, NULL, NULL, NULL, NULL, SMALL_,
		    { .credit = "restricted" }, NULL, 0, "", 0 },
		    { GST_4D_OTH } },
	};
	struct reference *r = law();
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct supply *s = read_paper(&rows[i].paper, r, a);
		enum gst_cell cells[SUPPLY_CELLS] = { 0 };

		(void)supply_cells(s, s->rows, cells);
		for (size_t n = 0; n < SUPPLY_CELLS; n++)
			if (cells[n] != rows[i].cells[n])
				fail_msg("row %zu: %s is %s", i,
				    gst_cell_name(rows[i].cells[n]),
				    gst_cell_name(cells[n]));
	}
	arena_free(&a);
	reference_drop(&r);
}

/* ---- lines and taxes -------------------------------------------------- */

static struct supply *
read_lines(struct document_line *lines, size_t n, const char *place,
    const char *currency, const struct reference *r, struct arena *a)
{
	struct document_gst gst = { .place = place, .gstin = OWN };
	struct document d = { .kind = INV, .entity = "IN01", .number = "N",
	    .currency = currency, .date = day("2026-10-05"), .gst = &gst,
	    .lines = lines, .n_lines = n };

	return supply_read(&d, r, a);
}

/* To the paisa, whatever the shares. */
static void
tax_is_split(void **state)
{
	struct document_line lines[] = {
		{ .type = "sale", .tax_code = "GST18", .amount = 3333 },
		{ .type = "sale", .tax_code = "GST18", .amount = 3333 },
		{ .type = "sale", .tax_code = "GST18", .amount = 3334 },
		{ .type = "sale", .tax_code = "GST5", .amount = 10000 },
		{ .type = "tax", .tax_code = "GST18", .account = "CGST",
		    .amount = 899 },
		{ .type = "tax", .tax_code = "GST18", .account = "SGST",
		    .amount = 901 },
		{ .type = "tax", .tax_code = "GST5", .amount = 501 },
		{ .type = "tax", .tax_code = "GST18", .head = "cess",
		    .amount = 100 },
	};
	struct reference *r = law();
	struct arena *a = arena_new();
	struct supply *s = read_lines(lines, COUNT(lines), "27", "INR", r, a);

	(void)state;
	assert_int_equal(s->n_lines, 4);
	assert_int_equal(s->n_rows, 2);
	assert_int_equal(s->rows[0].tax[GST_CGST], 899);
	assert_int_equal(s->rows[0].tax[GST_SGST], 901);
	assert_int_equal(s->rows[0].tax[GST_CESS], 100);
	assert_int_equal(s->rows[1].tax[GST_CGST], 251);
	assert_int_equal(s->rows[1].tax[GST_SGST], 250);
	assert_int_equal(s->lines[0].tax[GST_CGST], 300);
	assert_int_equal(s->lines[1].tax[GST_CGST], 300);
	assert_int_equal(s->lines[2].tax[GST_CGST], 299);
	assert_int_equal(s->lines[2].tax[GST_CESS], 34);
	arena_free(&a);
	reference_drop(&r);
}

static void
extras_are_folded(void **state)
{
	struct document_line lines[] = {
		{ .type = "sale", .item = "LAPTOP", .quantity = "2",
		    .amount = 100000 },
		{ .type = "sale", .tax_code = "GST5", .hsn = "48201010",
		    .unit = "NOS", .quantity = "1.5", .amount = 50000 },
		{ .type = "shipping", .tax_code = "GST18", .amount = 10000 },
		{ .type = "discount", .amount = 16000 },
		{ .type = "settled", .amount = 1 },
	};
	struct reference *r = law();
	struct arena *a = arena_new();
	struct supply *s = read_lines(lines, COUNT(lines), "27", "INR", r, a);

	(void)state;
	assert_int_equal(s->n_lines, 2);
	assert_string_equal(s->lines[0].hsn, "84713010");
	assert_string_equal(s->lines[0].unit, "NOS");
	assert_int_equal(s->lines[0].quantity, 2000);
	assert_int_equal(s->lines[1].quantity, 1500);
	assert_int_equal(s->lines[0].rate, 18000);
	assert_int_equal(s->lines[0].taxable, 99000);
	assert_int_equal(s->lines[1].taxable, 45000);
	arena_free(&a);
	reference_drop(&r);
}

static void
rates_are_told(void **state)
{
	struct document_line lines[] = {
		{ .type = "sale", .amount = 12345 },
		{ .type = "tax", .account = "IGST", .amount = 2222 },
	};
	struct reference *r = law();
	struct arena *a = arena_new();
	struct supply *s = read_lines(lines, 2, "29", "INR", r, a);

	(void)state;
	/* by the amounts */
	assert_int_equal(s->rows[0].rate, 18000);
	assert_int_equal(s->rows[0].tax[GST_IGST], 2222);
	/* by the tax's own code */
	lines[1].tax_code = "GST5";
	s = read_lines(lines, 2, "29", "INR", r, a);
	assert_int_equal(s->rows[0].rate, 5000);
	/* by nothing */
	s = read_lines(lines, 1, "29", "INR", r, a);
	assert_int_equal(s->rows[0].section, GST_NOWHERE);
	/* in rupees */
	lines[0].tax_code = "GST18";
	s = read_lines(lines, 1, "29", "USD", r, a);
	assert_int_equal(s->rows[0].taxable, 1026178);
	lines[0].tax_code = "GEMS";
	s = read_lines(lines, 1, "29", "INR", r, a);
	assert_int_equal(s->rows[0].rate, 250);
	arena_free(&a);
	reference_drop(&r);
}

static void
who_and_where(void **state)
{
	struct document_line line = { .type = "sale", .tax_code = "GST18",
	    .amount = 100 };
	struct document d = { .kind = INV, .entity = "IN01", .number = "N",
	    .party = "DELHI", .currency = "INR", .date = day("2026-10-05"),
	    .lines = &line, .n_lines = 1 };
	struct document_gst gst = { .gstin = "29aaaaa0000a1zy" };
	struct reference *r = law();
	struct arena *a = arena_new();
	struct supply *s = supply_read(&d, r, a);

	(void)state;
	assert_string_equal(s->place, "07");
	assert_string_equal(s->name, "A shop in Delhi");
	assert_string_equal(s->own->gstin, OWN);
	assert_true(s->inter);
	assert_int_equal(s->category, GST_UNREGISTERED);
	assert_int_equal(s->period, 202610);
	d.party = "SMALL";
	d.gst = &gst;
	s = supply_read(&d, r, a);
	assert_string_equal(s->own->gstin, "29AAAAA0000A1ZY");
	assert_string_equal(s->gstin, HERE);
	assert_int_equal(s->category, GST_COMPOSITION);
	assert_string_equal(s->from, "29");
	assert_string_equal(s->place, "27");
	/* bought where the goods are used */
	d.kind = DOC_PURCHASE_INVOICE;
	gst = (struct document_gst){ .place = "KA" };
	s = supply_read(&d, r, a);
	assert_string_equal(s->own->gstin, "29AAAAA0000A1ZY");
	assert_string_equal(s->from, "27");
	assert_true(s->inter);
	/* over the counter */
	d.kind = INV;
	d.party = "DELHI";
	gst = (struct document_gst){ .counter = true };
	s = supply_read(&d, r, a);
	assert_string_equal(s->place, "27");
	/* to ourselves, of another state's registration, is a supply */
	gst = (struct document_gst){ .party_gstin = THERE };
	assert_int_equal(supply_read(&d, r, a)->n_rows, 1);
	gst = (struct document_gst){ .party_gstin = OWN };
	assert_int_equal(supply_read(&d, r, a)->n_rows, 0);
	/* before it was registered, and one that never is */
	d.date = day("2017-06-30");
	assert_null(supply_read(&d, r, a));
	d.date = day("2026-10-05");
	d.entity = "IN02";
	assert_null(supply_read(&d, r, a));
	arena_free(&a);
	reference_drop(&r);
}

/* Nobody charged it; returns show it all the same. */
static void
reverse_charge_is_owed(void **state)
{
	struct paper p = { INV, R, HERE, "27", NULL, NULL, "GST5", 1000001, 0,
	    { .reverse_charge = true }, NULL, GST_B2B, "R", GST_3_1A };
	struct reference *r = law();
	struct arena *a = arena_new();
	struct supply *s = read_paper(&p, r, a);

	(void)state;
	assert_int_equal(s->rows[0].tax[GST_CGST], 25000);
	assert_int_equal(s->rows[0].tax[GST_SGST], 25000);
	assert_int_equal(s->rows[0].tax[GST_IGST], 0);
	assert_int_equal(s->value, 1000001);
	arena_free(&a);
	reference_drop(&r);
}

static void
cost_is_no_credit(void **state)
{
	struct document_line lines[] = {
		{ .type = "purchase", .tax_code = "GST18", .amount = 10000 },
		{ .type = "tax", .tax_code = "GST18", .account = "COST",
		    .amount = 1800 },
		{ .type = "tax", .tax_code = "GST18", .account = "IGST",
		    .amount = 1800 },
	};
	struct document d = { .kind = BUY, .entity = "IN01", .number = "N",
	    .currency = "INR", .date = day("2026-10-05"), .lines = lines,
	    .n_lines = 2 };
	struct reference *r = law();
	struct arena *a = arena_new();
	struct supply *s = supply_read(&d, r, a);

	(void)state;
	assert_int_equal(s->rows[0].cell, GST_4B_RUL);
	assert_int_equal(s->rows[0].tax[GST_CGST], 900);
	d.n_lines = 3;
	s = supply_read(&d, r, a);
	assert_int_equal(s->rows[0].cell, GST_4A_OTH);
	assert_int_equal(s->rows[0].tax[GST_IGST], 1800);
	/* the fee of a gateway, not what its payer paid */
	lines[0].type = "fee";
	lines[1].type = "fee_tax";
	lines[1].account = "OTHER";
	d.kind = DOC_PAYMENT;
	d.party = "SMALL";
	d.n_lines = 2;
	s = supply_read(&d, r, a);
	assert_null(s->gstin);
	assert_int_equal(s->rows[0].cell, GST_4A_OTH);
	assert_int_equal(s->value, 11800);
	lines[1].amount = 0;
	assert_null(supply_read(&d, r, a));
	arena_free(&a);
	reference_drop(&r);
}

/* ---- the worked example ----------------------------------------------- */

#define ROWS 2

/* gst/gstr1_example_documents.tsv */
static const struct {
	const char *number, *gstin, *category, *place, *zero, *operator;
	enum document_kind kind;
	bool reverse_charge, voided;
	int64_t original_total;
	struct {
		int64_t taxable;
		const char *code, *treatment;
	} lines[ROWS];
	struct {
		enum gst_section section;
		int64_t rate, igst, cgst;
	} rows[ROWS];
	int64_t value;
} documents[] = {
	{ "BH/26-27/0001", HERE, R, "27", NULL, NULL, INV, false, false, -1,
	    { { 10000000, "GST18", NULL } },
	    { { GST_B2B, 18000, 0, 900000 } }, 11800000 },
	{ "BH/26-27/0002", HERE, R, "27", NULL, NULL, INV, true, false, -1,
	    { { 1000000, "GST5", NULL } },
	    { { GST_B2B, 5000, 0, 25000 } }, 1000000 },
	{ "BH/26-27/0003", THERE, R, "29", NULL, NULL, INV, false, false, -1,
	    { { 5000000, "GST18", NULL }, { 476190, "GST5", NULL } },
	    { { GST_B2B, 18000, 900000, 0 }, { GST_B2B, 5000, 23810, 0 } },
	    6400000 },
	{ "BH/26-27/0004", THERE, "sez", "29", "without_payment", NULL, INV,
	    false, false, -1, { { 2000000, "GST18", NULL } },
	    { { GST_B2B, 18000, 0, 0 } }, 2000000 },
	{ "BH/26-27/0005", NULL, U, "07", NULL, NULL, INV, false, false, -1,
	    { { 10000000, "GST18", NULL } },
	    { { GST_B2CL, 18000, 1800000, 0 } }, 11800000 },
	{ "BH/26-27/0006", NULL, O, "96", "with_payment", NULL, INV, false,
	    false, -1, { { 5000000, "GST18", NULL } },
	    { { GST_EXP, 18000, 900000, 0 } }, 5900000 },
	{ "BH/26-27/0007", NULL, O, "96", "without_payment", NULL, INV,
	    false, false, -1, { { 3000000, "GST0", "taxable" } },
	    { { GST_EXP, 0, 0, 0 } }, 3000000 },
	{ "BH/26-27/0008", NULL, U, "27", NULL, OPERATOR, INV, false, false,
	    -1, { { 200000, "GST5", NULL } },
	    { { GST_B2CS, 5000, 0, 5000 } }, 210000 },
	{ "BH/26-27/0009", HERE, R, "27", NULL, NULL, INV, false, false, -1,
	    { { 10000, "GST0", "nil" }, { 20000, "GST0", "exempt" } },
	    { { GST_NILSUP, 0, 0, 0 }, { GST_NILSUP, 0, 0, 0 } }, 30000 },
	{ "BH/26-27/0010", NULL, U, "27", NULL, NULL, INV, false, true, -1,
	    { { 0, NULL, NULL } }, { { GST_NOWHERE, 0, 0, 0 } }, 0 },
	{ "CN/26-27/0001", HERE, R, "27", NULL, NULL, CN, false, false,
	    11800000, { { 100000, "GST18", NULL } },
	    { { GST_CDNR, 18000, 0, 9000 } }, 118000 },
	{ "CN/26-27/0002", NULL, U, "07", NULL, NULL, CN, false, false,
	    11800000, { { 1000000, "GST18", NULL } },
	    { { GST_CDNUR, 18000, 180000, 0 } }, 1180000 },
	{ "CN/26-27/0003", NULL, O, "96", "without_payment", NULL, CN, false,
	    false, 3000000, { { 500000, "GST0", "taxable" } },
	    { { GST_CDNUR, 0, 0, 0 } }, 500000 },
	{ "CN/26-27/0004", NULL, U, "24", NULL, NULL, CN, false, false, -1,
	    { { 100000, "GST18", NULL } },
	    { { GST_B2CS, 18000, 18000, 0 } }, 118000 },
	{ "RV/26-27/0001", NULL, U, "27", NULL, NULL, DOC_ADVANCE, false,
	    false, -1, { { 1000000, "GST18", NULL } },
	    { { GST_AT, 18000, 0, 90000 } }, 1180000 },
	{ "RV/25-26/0031", NULL, U, "29", NULL, NULL, DOC_ADVANCE_ADJUSTMENT,
	    false, false, -1, { { 500000, "GST18", NULL } },
	    { { GST_TXPD, 18000, 90000, 0 } }, 590000 },
};

static size_t
example_lines(size_t i, struct document_line *lines)
{
	size_t n = 0;

	for (size_t k = 0; k < ROWS && documents[i].lines[k].code != NULL;
	    k++) {
		const char *code = documents[i].lines[k].code;
		int64_t igst = documents[i].rows[k].igst;
		int64_t cgst = documents[i].rows[k].cgst;

		lines[n++] = (struct document_line){ .type = "sale",
		    .tax_code = code, .supply =
		    documents[i].lines[k].treatment,
		    .amount = documents[i].lines[k].taxable };
		if (documents[i].reverse_charge)
			continue;
		lines[n++] = (struct document_line){ .type = "tax",
		    .tax_code = code, .head = "igst", .amount = igst };
		lines[n++] = (struct document_line){ .type = "tax",
		    .tax_code = code, .head = "cgst", .amount = cgst };
		lines[n++] = (struct document_line){ .type = "tax",
		    .tax_code = code, .head = "sgst", .amount = cgst };
	}
	return n;
}

static struct supply *
example(size_t i, const struct reference *r, struct arena *a)
{
	struct document_line lines[4 * ROWS];
	struct document_gst gst = { .gstin = OWN,
	    .party_gstin = documents[i].gstin,
	    .category = documents[i].category,
	    .place = documents[i].place, .supply = documents[i].zero,
	    .operator = documents[i].operator,
	    .reverse_charge = documents[i].reverse_charge,
	    .original = documents[i].original_total < 0 ? NULL : "X" };
	struct document d = { .kind = documents[i].kind, .entity = "IN01",
	    .number = documents[i].number, .currency = "INR",
	    .date = day("2026-10-20"), .gst = &gst,
	    .voided = documents[i].voided, .total = documents[i].value,
	    .lines = lines };
	struct supply *s;

	d.n_lines = example_lines(i, lines);
	s = supply_read(&d, r, a);
	s->original_total = documents[i].original_total;
	supply_place(s, r, a);
	return s;
}

static void
worked_example(void **state)
{
	struct reference *r = law();
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < COUNT(documents); i++) {
		struct supply *s = example(i, r, a);
		size_t n = 0;

		while (n < ROWS && documents[i].lines[n].code != NULL)
			n++;
		if (s->n_rows != n)
			fail_msg("%s: %zu rows", documents[i].number,
			    s->n_rows);
		for (size_t k = 0; k < n; k++) {
			const struct supply_row *row = &s->rows[k];

			if (row->section != documents[i].rows[k].section ||
			    row->rate != documents[i].rows[k].rate ||
			    row->taxable != documents[i].lines[k].taxable ||
			    row->tax[GST_IGST] !=
			    documents[i].rows[k].igst ||
			    row->tax[GST_CGST] !=
			    documents[i].rows[k].cgst ||
			    row->tax[GST_SGST] !=
			    documents[i].rows[k].cgst)
				fail_msg("%s: row %zu", documents[i].number,
				    k);
		}
	}
	arena_free(&a);
	reference_drop(&r);
}

static void
names(void **state)
{
	enum gst_section section;
	enum gst_cell cell;
	bool amended;

	(void)state;
	for (int i = 0; i < GST_SECTIONS; i++) {
		assert_true(gst_section_find(gst_section_name(i), &section));
		assert_int_equal(section, i);
	}
	for (int i = 1; i < GST_CELLS; i++) {
		assert_true(gst_cell_find(gst_cell_name(i), &cell));
		assert_int_equal(cell, i);
	}
	assert_false(gst_section_find("b2ba", &section));
	assert_false(gst_cell_find("", &cell));
	assert_string_equal(gst_amended_name(GST_TXPD), "txpda");
	assert_null(gst_amended_name(GST_NILSUP));
	assert_true(gst_section_root("cdnra", &section, &amended));
	assert_true(amended && section == GST_CDNR);
	assert_true(gst_section_root("cdnr", &section, &amended));
	assert_true(!amended && section == GST_CDNR);
	assert_false(gst_section_root("nila", &section, &amended));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sections_in_their_order),
		cmocka_unit_test(original_decides),
		cmocka_unit_test(other_cells),
		cmocka_unit_test(tax_is_split),
		cmocka_unit_test(extras_are_folded),
		cmocka_unit_test(rates_are_told),
		cmocka_unit_test(who_and_where),
		cmocka_unit_test(reverse_charge_is_owed),
		cmocka_unit_test(cost_is_no_credit),
		cmocka_unit_test(worked_example),
		cmocka_unit_test(names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
