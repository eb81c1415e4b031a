/* Eleven rules in their order, one by one, and what is left over. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "gst/match.h"

#define OWN "27AAAAA0000A1Z2"
#define OWN_TOO "29AAAAA0000A1ZY"
#define SUPPLIER "24AAACC4175D1Z4"
#define SUPPLIER_TOO "27AAACC4175D1ZY"	/* the same PAN */
#define STRANGER "27AAPFU0939F1ZV"

static struct bill
bill(const char *number, const char *date, int64_t taxable)
{
	struct bill b = { .class = BILL_B2B, .own = OWN, .party = SUPPLIER,
	    .number = number, .place = "27", .taxable = taxable };

	snprintf(b.date.text, sizeof b.date.text, "%s", date);
	b.tax[GST_IGST] = taxable * 18 / 100;
	return b;
}

static int
rule_of(struct bill books, struct bill portal)
{
	struct arena *arena = arena_new();
	struct matching m = { .books = &books, .portal = &portal,
	    .n_books = 1, .n_portal = 1 };
	struct match_look look;
	int rule;

	match_run(arena, &m);
	rule = m.of_books[0].rule;
	assert_int_equal(m.of_portal[0].rule, rule);
	/* The words about a pair and what is done with it are the same. */
	for (int i = 1; i <= MATCH_RULES; i++) {
		match_look(i, &books, &portal, &look);
		assert_true(i != rule || look.fits);
		assert_true((rule != 0 && i >= rule) || !look.fits);
	}
	arena_free(&arena);
	return rule;
}

static void
test_rules(void **state)
{
	struct bill a = bill("BH/26-27/0412", "2026-10-03", 100000), b = a;

	(void)state;
	assert_int_equal(rule_of(a, b), 1);
	b.date = (struct day){ "2026-06-03" };	/* dates are not compared */
	assert_int_equal(rule_of(a, b), 1);
	b = a;
	b.number = "0412";
	assert_int_equal(rule_of(a, b), 2);
	b.date = (struct day){ "2026-10-13" };
	assert_int_equal(rule_of(a, b), 2);
	b.date = (struct day){ "2026-10-14" };	/* but for likeness: ten days */
	assert_int_equal(rule_of(a, b), 0);
	b = a;
	b.taxable += 100;
	b.tax[GST_IGST] -= 100;
	b.tax[GST_CESS] += 100;
	assert_int_equal(rule_of(a, b), 3);
	b.number = "412";
	assert_int_equal(rule_of(a, b), 4);
	b.taxable += 1;
	assert_int_equal(rule_of(a, b), 6);
	b.number = a.number;
	assert_int_equal(rule_of(a, b), 5);
	b = a;
	b.place = "29";
	assert_int_equal(rule_of(a, b), 5);
	b = a;
	b.reverse_charge = true;
	assert_int_equal(rule_of(a, b), 5);
	b = a;
	b.own = OWN_TOO;
	assert_int_equal(rule_of(a, b), 5);
	b.number = "412";
	assert_int_equal(rule_of(a, b), 6);
	b = a;
	b.number = "ZZ/1";
	assert_int_equal(rule_of(a, b), 7);
	b.date = (struct day){ "2026-10-14" };
	assert_int_equal(rule_of(a, b), 0);
	a.class = b.class = BILL_CDNR;		/* notes: whatever their dates */
	assert_int_equal(rule_of(a, b), 7);
	b.credit = true;
	assert_int_equal(rule_of(a, b), 0);
}

static void
test_pan(void **state)
{
	struct bill a = bill("BH/26-27/0412", "2026-10-03", 100000), b = a;

	(void)state;
	b.party = SUPPLIER_TOO;
	assert_int_equal(rule_of(a, b), 8);
	b.tax[GST_CGST] = b.tax[GST_SGST] = b.tax[GST_IGST] / 2;
	b.tax[GST_IGST] = 0;			/* the sum alone counts */
	assert_int_equal(rule_of(a, b), 8);
	b.number = "0412";
	assert_int_equal(rule_of(a, b), 9);
	b.taxable += 101;
	assert_int_equal(rule_of(a, b), 10);
	b.taxable -= 1;
	b.number = "ZZ/1";
	assert_int_equal(rule_of(a, b), 11);
	b.party = STRANGER;
	assert_int_equal(rule_of(a, b), 0);
	/* The same number of two suppliers is not one bill. */
	b = a;
	b.party = STRANGER;
	assert_int_equal(rule_of(a, b), 0);
}

static void
test_year_and_class(void **state)
{
	struct bill a = bill("INV-7", "2026-03-31", 100000), b = a;

	(void)state;
	b.date = (struct day){ "2026-04-01" };
	assert_int_equal(rule_of(a, b), 0);
	b = a;
	b.class = BILL_ISD;
	assert_int_equal(rule_of(a, b), 0);
	a.class = b.class = BILL_IMPG;
	a.party = b.party = "";
	b.place = "96";				/* imports have none */
	assert_int_equal(rule_of(a, b), 1);
	b.number = "9";
	b.taxable += 5000;
	assert_int_equal(rule_of(a, b), 0);
	a.party = b.party = "";
	a.class = b.class = BILL_B2B;		/* no PAN is no supplier */
	a.own = OWN_TOO;
	b.number = "8";
	assert_int_equal(rule_of(a, b), 0);
}

/* A rule is tried over all before the next one: who fits better is not taken
 * by who comes first. */
static void
test_order(void **state)
{
	struct bill books[2] = { bill("INV-17", "2026-10-01", 100000),
	    bill("INV-7", "2026-10-02", 100000) };
	struct bill portal[2] = { bill("7", "2026-10-02", 100000),
	    bill("INV-7", "2026-10-02", 100000) };

	(void)state;
	for (int turn = 0; turn < 2; turn++) {
		struct arena *arena = arena_new();
		struct matching m = { .books = books, .portal = portal,
		    .n_books = 2, .n_portal = 2 };
		size_t exact = turn == 0;

		match_run(arena, &m);
		assert_int_equal(m.of_books[exact].rule, 1);
		assert_int_equal(m.of_books[exact].other, exact);
		assert_int_equal(m.of_books[!exact].rule, 2);
		assert_false(m.cut);
		arena_free(&arena);
		/* In any order of arrival the same. */
		books[0] = bill("INV-7", "2026-10-02", 100000);
		books[1] = bill("INV-17", "2026-10-01", 100000);
		portal[0] = portal[1];
		portal[1] = bill("7", "2026-10-02", 100000);
	}
}

static void
test_twins(void **state)
{
	struct bill books[3] = { bill("INV-7", "2026-10-01", 90000),
	    bill("INV-7", "2026-10-02", 100000),
	    bill("INV-8", "2026-10-02", 100000) };
	struct bill portal = bill("INV-7", "2026-10-02", 100000);
	struct arena *arena = arena_new();
	struct matching m = { .books = books, .portal = &portal,
	    .n_books = 3, .n_portal = 1 };

	(void)state;
	match_run(arena, &m);
	assert_int_equal(m.of_books[1].rule, 1);
	assert_int_equal(m.of_books[1].twin, 0);
	assert_int_equal(m.of_books[0].rule, 0);
	assert_int_equal(m.of_books[0].twin, 2);
	assert_int_equal(m.of_books[2].twin, 0);
	m.n_portal = 0;
	match_run(arena, &m);
	assert_int_equal(m.of_books[0].twin, 0);
	assert_int_equal(m.of_books[1].twin, 1);
	arena_free(&arena);
}

static void
test_by_hand(void **state)
{
	struct bill books = bill("INV-7", "2026-10-01", 90000);
	struct bill portal[2] = { bill("INV-7", "2026-10-01", 90000),
	    bill("X", "2026-01-02", 1) };
	struct match_part part = { 5, 6 };
	struct arena *arena = arena_new();
	struct matching m = { .books = &books, .portal = portal,
	    .n_books = 1, .n_portal = 2 };

	(void)state;
	books.id = 5;
	portal[0].id = 6;
	books.link = 2;
	match_run(arena, &m);
	assert_int_equal(m.of_books[0].rule, MATCH_BY_HAND);
	assert_int_equal(m.of_books[0].other, 1);
	assert_int_equal(m.of_portal[0].rule, 0);
	books.link = 0;
	m.parted = &part;
	m.n_parted = 1;
	match_run(arena, &m);
	assert_int_equal(m.of_books[0].rule, 0);
	assert_int_equal(match_nearest(&books, portal, 2), 0);
	portal[0].party = STRANGER;
	assert_int_equal(match_nearest(&books, portal, 2), 2);
	arena_free(&arena);
}

/* ---- many ------------------------------------------------------------- */

#define MANY 100000

static void
test_many(void **state)
{
	struct bill *books = calloc(MANY, sizeof *books);
	struct bill *portal = calloc(MANY, sizeof *portal);
	char (*text)[24] = calloc(MANY, sizeof *text);
	struct arena *arena = arena_new();
	struct matching m = { .books = books, .portal = portal,
	    .n_books = MANY, .n_portal = MANY };

	(void)state;
	assert_true(books != NULL && portal != NULL && text != NULL);
	/* One supplier, one amount: what an index by supplier cannot help. */
	for (size_t i = 0; i < MANY; i++) {
		snprintf(text[i], sizeof *text, "TX/26-27/%06zu", i);
		books[i] = bill(text[i], "2026-10-03", 100000);
		portal[i] = bill(text[i] + 9, "2026-10-03", 100000);
		portal[i].id = books[i].id = (int64_t)i;
		if (i % 3 == 0)
			portal[i].number = text[i];
	}
	match_run(arena, &m);
	for (size_t i = 0; i < MANY; i += 3) {
		assert_int_equal(m.of_books[i].rule, 1);
		assert_int_equal(m.of_books[i].other, i);
	}
	arena_free(&arena);
	free(books);
	free(portal);
	free(text);
}

/* So many that nobody fits: it ends, and says that it did not try all. */
static void
test_cut(void **state)
{
	enum { N = 4000 };
	struct bill *books = calloc(N, sizeof *books);
	struct bill *portal = calloc(N, sizeof *portal);
	char (*text)[2][24] = calloc(N, sizeof *text);
	struct arena *arena = arena_new();
	struct matching m = { .books = books, .portal = portal,
	    .n_books = N, .n_portal = N };

	(void)state;
	assert_true(books != NULL && portal != NULL && text != NULL);
	for (size_t i = 0; i < N; i++) {
		snprintf(text[i][0], sizeof *text[i], "ABCD%c%c",
		    (int)('A' + i % 26), (int)('A' + i / 26 % 26));
		snprintf(text[i][1], sizeof *text[i], "7%05zu", i);
		books[i] = bill(text[i][0], "2026-10-03",
		    (int64_t)i * 1000000);
		portal[i] = bill(text[i][1], "2026-10-03",
		    (int64_t)i * 1000000 + 500000);
	}
	match_run(arena, &m);
	assert_true(m.cut);
	for (size_t i = 0; i < N; i++)
		assert_int_equal(m.of_books[i].rule, 0);
	arena_free(&arena);
	free(books);
	free(portal);
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rules),
		cmocka_unit_test(test_pan),
		cmocka_unit_test(test_year_and_class),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_twins),
		cmocka_unit_test(test_by_hand),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
