/*
 * GSTR-3B: the documents of a month, its figures by hand, and what carries
 * from one period into the next.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "gst/gstr3b.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

/* ---- the worked example ----------------------------------------------- */

static const struct {
	const char *number;
	enum gst_cell cell;
	const char *place;
	int64_t taxable, igst, cgst, sgst;
} example[] = {
	{ "0001", GST_3_1A, "27", 10000000, 0, 900000, 900000 },
	{ "0002", GST_3_1A, "27", 1000000, 0, 0, 0 },
	{ "0003", GST_3_1A, "29", 5000000, 900000, 0, 0 },
	{ "0003", GST_3_1A, "29", 476190, 23810, 0, 0 },
	{ "0004", GST_3_1B, "29", 2000000, 0, 0, 0 },
	{ "0005", GST_3_1A, "07", 10000000, 1800000, 0, 0 },
	{ "0005", GST_3_2_UNREG, "07", 10000000, 1800000, 0, 0 },
	{ "0006", GST_3_1B, "96", 5000000, 900000, 0, 0 },
	{ "0007", GST_3_1B, "96", 3000000, 0, 0, 0 },
	{ "0008", GST_3_1A, "27", 200000, 0, 5000, 5000 },
	{ "0009", GST_3_1C, "27", 10000, 0, 0, 0 },
	{ "0009", GST_3_1C, "27", 20000, 0, 0, 0 },
	{ "CN1", GST_3_1A, "27", -100000, 0, -9000, -9000 },
	{ "CN2", GST_3_1A, "07", -1000000, -180000, 0, 0 },
	{ "CN2", GST_3_2_UNREG, "07", -1000000, -180000, 0, 0 },
	{ "CN3", GST_3_1B, "96", -500000, 0, 0, 0 },
	{ "CN4", GST_3_1A, "24", -100000, -18000, 0, 0 },
	{ "CN4", GST_3_2_UNREG, "24", -100000, -18000, 0, 0 },
	{ "RV1", GST_3_1A, "27", 1000000, 0, 90000, 90000 },
	{ "RV31", GST_3_1A, "29", -500000, -90000, 0, 0 },
	{ "RV31", GST_3_2_UNREG, "29", -500000, -90000, 0, 0 },
};

static void
add(struct gst3b *f, enum gst_cell cell, int64_t taxable, int64_t igst,
    int64_t cgst, int64_t sgst, int64_t cess)
{
	gst3b_add(f, cell, "27", false, &(struct gst3b_figure){ taxable,
	    { igst, cgst, sgst, cess } });
}

static void
add_example(struct gst3b *f)
{
	for (size_t i = 0; i < COUNT(example); i++)
		gst3b_add(f, example[i].cell, example[i].place, false,
		    &(struct gst3b_figure){ example[i].taxable,
		    { example[i].igst, example[i].cgst, example[i].sgst } });
}

static void
assert_heads(const int64_t *is, int64_t igst, int64_t cgst, int64_t sgst,
    int64_t cess)
{
	assert_int_equal(is[GST_IGST], igst);
	assert_int_equal(is[GST_CGST], cgst);
	assert_int_equal(is[GST_SGST], sgst);
	assert_int_equal(is[GST_CESS], cess);
}

static void
test_example(void **state)
{
	struct gst3b f = { 0 };
	struct gst3b_figure a, b;

	(void)state;
	add_example(&f);
	gst3b_end(&f);
	a = gst3b_cell(&f, GST_3_1A);
	assert_int_equal(a.taxable, 25976190);
	assert_heads(a.tax, 2435810, 986000, 986000, 0);
	b = gst3b_cell(&f, GST_3_1B);
	assert_int_equal(b.taxable, 9500000);
	assert_heads(b.tax, 900000, 0, 0, 0);
	assert_int_equal(gst3b_cell(&f, GST_3_1C).taxable, 30000);
	assert_heads(f.output, 3335810, 986000, 986000, 0);
	assert_heads(f.due, 3335810, 986000, 986000, 0);
	assert_heads(f.paid.cash, 3335810, 986000, 986000, 0);
}

static void
test_places(void **state)
{
	struct gst3b f = { 0 };

	(void)state;
	add_example(&f);
	assert_int_equal(f.n_places, 3);
	assert_string_equal(f.places[0].place, "07");
	assert_int_equal(f.places[0].taxable, 9000000);
	assert_int_equal(f.places[0].igst, 1620000);
	assert_string_equal(f.places[1].place, "24");
	assert_int_equal(f.places[1].igst, -18000);
	assert_string_equal(f.places[2].place, "29");
	assert_int_equal(f.places[2].taxable, -500000);
}

/* ---- credit ----------------------------------------------------------- */

static void
test_credit(void **state)
{
	struct gst3b f = { 0 };

	(void)state;
	add(&f, GST_4A_IMPG, 0, 400000, 0, 0, 5000);
	add(&f, GST_4A_OTH, 0, 100000, 70000, 70000, 0);
	add(&f, GST_4A_ISRC, 0, 0, 9000, 9000, 0);
	add(&f, GST_4B_RUL, 0, 0, 2000, 2000, 0);
	assert_true(gst3b_enter(&f, "4(B)(2)",
	    (int64_t[]){ 1000, 0, 0, 0 }));
	assert_true(gst3b_enter(&f, "4(A)(4)",
	    (int64_t[]){ 0, 500, 500, 0 }));
	add(&f, GST_4D_OTH, 0, 99900, 0, 0, 0);
	gst3b_end(&f);
	assert_heads(f.available, 500000, 79500, 79500, 5000);
	assert_heads(f.reversed, 1000, 2000, 2000, 0);
	assert_heads(f.net, 499000, 77500, 77500, 5000);
	assert_heads(f.paid.left, 499000, 77500, 77500, 5000);
	assert_heads(f.paid.cash, 0, 0, 0, 0);
}

/* IGST credit first pays IGST, then the others; SGST pays no CGST. */
static void
test_set_off(void **state)
{
	struct gst3b f = { 0 };

	(void)state;
	add_example(&f);
	add(&f, GST_4A_OTH, 0, 4000000, 500000, 100000, 0);
	gst3b_end(&f);
	assert_int_equal(f.paid.paid[GST_IGST][GST_IGST], 3335810);
	assert_int_equal(f.paid.paid[GST_IGST][GST_CGST] +
	    f.paid.paid[GST_IGST][GST_SGST], 664190);
	assert_int_equal(f.paid.paid[GST_CGST][GST_CGST], 500000);
	assert_int_equal(f.paid.paid[GST_SGST][GST_SGST], 100000);
	assert_int_equal(f.paid.cash[GST_CGST] + f.paid.cash[GST_SGST],
	    2 * 986000 - 664190 - 600000);
	assert_heads(f.paid.left, 0, 0, 0, 0);
}

static void
test_reverse_charge_is_paid_in_cash(void **state)
{
	struct gst3b f = { 0 };

	(void)state;
	add(&f, GST_3_1D, 50000, 0, 4500, 4500, 0);
	add(&f, GST_4A_ISRC, 0, 0, 4500, 4500, 0);
	add(&f, GST_3_1_1I, 10000, 500, 0, 0, 0);
	add(&f, GST_4A_OTH, 0, 90000, 0, 0, 0);
	gst3b_end(&f);
	assert_heads(f.reverse, 500, 4500, 4500, 0);
	assert_heads(f.paid.reverse, 500, 4500, 4500, 0);
	assert_heads(f.due, 0, 0, 0, 0);
	assert_heads(f.paid.left, 90000, 4500, 4500, 0);
}

static void
test_cess_is_apart(void **state)
{
	struct gst3b f = { 0 };

	(void)state;
	add(&f, GST_3_1A, 10000, 2800, 0, 0, 1200);
	add(&f, GST_4A_OTH, 0, 9000, 0, 0, 200);
	gst3b_end(&f);
	assert_heads(f.paid.cash, 0, 0, 0, 1000);
	assert_heads(f.paid.left, 6200, 0, 0, 0);
}

/* ---- from period to period -------------------------------------------- */

static void
test_carried_forward(void **state)
{
	struct gst3b f = { 0 }, after = { 0 };

	(void)state;
	add(&f, GST_3_1A, 0, 0, 5000, 5000, 0);
	add(&f, GST_4A_OTH, 0, 3000, 4000, 6000, 0);
	gst3b_end(&f);
	/* IGST is used up before any other (section 49A). */
	assert_heads(f.paid.cash, 0, 0, 0, 0);
	assert_int_equal(f.paid.left[GST_IGST], 0);
	assert_int_equal(f.paid.left[GST_CGST] + f.paid.left[GST_SGST],
	    3000);
	gst3b_follow(&after, &f);
	assert_memory_equal(after.credit, f.paid.left, sizeof after.credit);
	add(&after, GST_4A_OTH, 0, 200, 0, 0, 0);
	gst3b_end(&after);
	assert_int_equal(after.paid.left[GST_IGST], 200);
	assert_int_equal(after.paid.left[GST_CGST] +
	    after.paid.left[GST_SGST], 3000);
}

static void
test_said_credit_counts(void **state)
{
	struct gst3b f = { .credit = { 1, 2, 3, 4 } };

	(void)state;
	assert_true(gst3b_enter(&f, "6.1(credit)",
	    (int64_t[]){ 9000, 0, 0, 0 }));
	gst3b_end(&f);
	assert_heads(f.paid.left, 9000, 0, 0, 0);
}

/* More notes than invoices: nothing is due, nor lost. */
static void
test_output_below_zero(void **state)
{
	struct gst3b f = { 0 }, after = { 0 };

	(void)state;
	add(&f, GST_3_1A, -10000, -1800, 0, 0, 0);
	gst3b_end(&f);
	assert_heads(f.output, -1800, 0, 0, 0);
	assert_heads(f.due, 0, 0, 0, 0);
	assert_heads(f.below_after, 1800, 0, 0, 0);
	gst3b_follow(&after, &f);
	add(&after, GST_3_1A, 20000, 3600, 0, 0, 0);
	gst3b_end(&after);
	assert_heads(after.due, 1800, 0, 0, 0);
	assert_heads(after.below_after, 0, 0, 0, 0);
}

/* More reversed than there is: what lacks is owed. */
static void
test_credit_below_zero(void **state)
{
	struct gst3b f = { .credit = { 0, 300, 0, 0 } };

	(void)state;
	add(&f, GST_4B_RUL, 0, 0, 1000, 1000, 0);
	gst3b_end(&f);
	assert_heads(f.net, 0, -1000, -1000, 0);
	assert_heads(f.due, 0, 700, 1000, 0);
	assert_heads(f.paid.cash, 0, 700, 1000, 0);
	assert_heads(f.paid.left, 0, 0, 0, 0);
}

/* ---- the rest --------------------------------------------------------- */

static void
test_exempt_purchases(void **state)
{
	struct gst3b f = { 0 };

	(void)state;
	gst3b_add(&f, GST_5_GST, "27", true,
	    &(struct gst3b_figure){ .taxable = 100 });
	gst3b_add(&f, GST_5_GST, "27", false,
	    &(struct gst3b_figure){ .taxable = 20 });
	gst3b_add(&f, GST_5_NONGST, "27", false,
	    &(struct gst3b_figure){ .taxable = 3 });
	assert_int_equal(f.exempt[0][1], 100);
	assert_int_equal(f.exempt[0][0], 20);
	assert_int_equal(f.exempt[1][0], 3);
	assert_int_equal(gst3b_cell(&f, GST_5_GST).taxable, 120);
}

static void
test_what_is_entered(void **state)
{
	static const struct {
		const char *cell;
		enum gst_head head;
		bool may;
	} rows[] = {
		{ "4(A)(1)", GST_IGST, true }, { "4(A)(1)", GST_CGST, false },
		{ "4(A)(4)", GST_SGST, true }, { "4(B)(1)", GST_CESS, true },
		{ "4(D)(2)", GST_CGST, true },
		{ "5.1(interest)", GST_IGST, true },
		{ "5.1(late_fee)", GST_CGST, true },
		{ "5.1(late_fee)", GST_IGST, false },
		{ "6.1(credit)", GST_CESS, true },
		{ "3.1(a)", GST_IGST, false }, { "3.1(d)", GST_CGST, false },
		{ "", GST_IGST, false }, { "b2b", GST_IGST, false },
	};
	struct gst3b f = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_int_equal(gst3b_enterable(rows[i].cell, rows[i].head),
		    rows[i].may);
	assert_false(gst3b_enter(&f, "3.1(a)", (int64_t[]){ 1, 0, 0, 0 }));
	assert_true(gst3b_enter(&f, "5.1(late_fee)",
	    (int64_t[]){ 0, 2500, 2500, 0 }));
	gst3b_end(&f);
	assert_heads(f.extra[GST3B_FEE], 0, 2500, 2500, 0);
	assert_heads(f.paid.cash, 0, 0, 0, 0);
}

/* Each cell of the form once, and each name leads back to it. */
static void
test_the_form(void **state)
{
	const struct gst3b_info *info, *other;
	bool seen[GST_CELLS] = { false };

	(void)state;
	for (size_t at = 0; (info = gst3b_next(&at)) != NULL;) {
		for (size_t more = at; (other = gst3b_next(&more)) != NULL;)
			assert_string_not_equal(gst3b_name(info),
			    gst3b_name(other));
		seen[info->cell] = true;
	}
	for (int cell = GST_CELL_NONE; cell < GST_CELLS; cell++)
		assert_true(seen[cell]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_example),
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_credit),
		cmocka_unit_test(test_set_off),
		cmocka_unit_test(test_reverse_charge_is_paid_in_cash),
		cmocka_unit_test(test_cess_is_apart),
		cmocka_unit_test(test_carried_forward),
		cmocka_unit_test(test_said_credit_counts),
		cmocka_unit_test(test_output_below_zero),
		cmocka_unit_test(test_credit_below_zero),
		cmocka_unit_test(test_exempt_purchases),
		cmocka_unit_test(test_what_is_entered),
		cmocka_unit_test(test_the_form),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
