/*
 * Journals as values: balance by currency and in base, rounding, reversal;
 * and the canonical text of documents.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "book/document.h"
#include "book/journal.h"
#include "book/money.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

#define E(cur, amt, bas) { .currency = cur, .amount = amt, .base = bas }
#define ENTRIES 6

static void
balances(void **state)
{
	static const struct {
		struct entry entries[ENTRIES];
		size_t n;
		const char *currency;	/* "": balanced */
		int64_t rest;
	} rows[] = {
		{ { E("INR", 0, 0) }, 0, "", 0 },
		{ { E("INR", 0, 0) }, 1, "", 0 },
		{ { E("INR", 100, 0) }, 1, "INR", 100 },
		{ { E("INR", 100, 0), E("INR", -100, 0) }, 2, "", 0 },
		{ { E("INR", 100, 0), E("INR", -99, 0) }, 2, "INR", 1 },
		{ { E("INR", 100, 0), E("INR", -101, 0) }, 2, "INR", -1 },
		/* two currencies never make up for each other */
		{ { E("INR", 100, 0), E("USD", -100, 0) }, 2, "INR", 100 },
		{ { E("USD", 5, 0), E("INR", 7, 0), E("USD", -5, 0),
		    E("INR", -7, 0) }, 4, "", 0 },
		{ { E("USD", 5, 0), E("INR", 7, 0), E("USD", -5, 0),
		    E("INR", -6, 0) }, 4, "INR", 1 },
		{ { E("USD", 5, 0), E("USD", -6, 0), E("INR", 1, 0) }, 3,
		    "USD", -1 },
		{ { E("INR", MONEY_MAX, 0), E("INR", MONEY_MAX, 0),
		    E("INR", -MONEY_MAX, 0), E("INR", -MONEY_MAX, 0) }, 4,
		    "", 0 },
		{ { E("INR", MONEY_MAX, 0), E("INR", MONEY_MAX, 0) }, 2,
		    "INR", MONEY_MAX },
		{ { E("INR", -MONEY_MAX, 0), E("INR", -1, 0) }, 2, "INR",
		    -MONEY_MAX },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct entry entries[ENTRIES];
		struct journal j = { .entries = entries,
		    .n_entries = rows[i].n };
		char currency[4] = "";
		int64_t rest = 0;

		memcpy(entries, rows[i].entries, sizeof entries);
		if (journal_balanced(&j, currency, &rest) !=
		    (rows[i].currency[0] == '\0'))
			fail_msg("row %zu", i);
		assert_string_equal(currency, rows[i].currency);
		assert_true(rest == rows[i].rest);
	}
}

/* What no 64 bits hold is still seen as out of balance. */
static void
balance_does_not_wrap(void **state)
{
	enum { MANY = 400 };
	struct entry entries[MANY];
	struct journal j = { .entries = entries, .n_entries = MANY };
	char currency[4];
	int64_t rest;

	(void)state;
	memset(entries, 0, sizeof entries);
	for (int i = 0; i < MANY; i++) {
		memcpy(entries[i].currency, "INR", 4);
		entries[i].amount = MONEY_MAX;
	}
	assert_false(journal_balanced(&j, currency, &rest));
	assert_true(rest == MONEY_MAX);
}

static void
rounds_in_base(void **state)
{
	static const struct {
		int64_t before[ENTRIES], after[ENTRIES];
		size_t n;
		bool ok;
	} rows[] = {
		{ { 0 }, { 0 }, 0, true },
		{ { 0 }, { 0 }, 1, true },
		{ { 1 }, { 0 }, 1, true },
		{ { 2 }, { 2 }, 1, false },
		{ { 100, -100 }, { 100, -100 }, 2, true },
		{ { 100, -99 }, { 99, -99 }, 2, true },
		{ { 99, -100 }, { 99, -99 }, 2, true },
		{ { 102, -100 }, { 100, -100 }, 2, true },
		{ { 103, -100 }, { 103, -100 }, 2, false },
		{ { -103, 100 }, { -103, 100 }, 2, false },
		/* the first largest, whichever side it is on */
		{ { 50, 50, -101 }, { 50, 50, -100 }, 3, true },
		{ { 10, 90, -97 }, { 10, 90, -100 }, 3, true },
		{ { 10, 90, -98 }, { 10, 90, -100 }, 3, true },
		{ { 60, 60, -123 }, { 60, 60, -120 }, 3, true },
		{ { 60, 60, -124 }, { 60, 60, -124 }, 3, false },
		{ { MONEY_MAX, -MONEY_MAX, 1 },
		    { MONEY_MAX - 1, -MONEY_MAX, 1 }, 3, true },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct entry entries[ENTRIES] = { 0 };
		struct journal j = { .entries = entries,
		    .n_entries = rows[i].n };

		for (size_t k = 0; k < rows[i].n; k++)
			entries[k].base = rows[i].before[k];
		if (journal_balance_base(&j) != rows[i].ok)
			fail_msg("row %zu", i);
		for (size_t k = 0; k < rows[i].n; k++)
			assert_true(entries[k].base == rows[i].after[k]);
	}
}

static void
reverses(void **state)
{
	struct arena *arena = arena_new();
	struct entry entries[] = {
		{ .account = "1100", .party = "P", .cost_centre = "C",
		    .tax_code = "T", .item = "I", .location = "L",
		    .memo = "M", .currency = "USD", .amount = 100,
		    .base = 8300 },
		{ .account = "4000", .currency = "USD", .amount = -100,
		    .base = -8300 },
		{ .account = "9999", .currency = "INR" },
	};
	struct journal j = { .id = 9, .reverses = 3, .entity = "IN01",
	    .narration = "sale", .date = { "2026-10-05" },
	    .entries = entries, .n_entries = 3 };
	struct journal r = journal_reverse(&j, arena), back, none = { 0 };
	char currency[4];
	int64_t rest;

	(void)state;
	assert_int_equal(r.id, 0);
	assert_int_equal(r.reverses, 9);
	assert_string_equal(r.entity, "IN01");
	assert_string_equal(r.date.text, "2026-10-05");
	assert_int_equal(r.n_entries, 3);
	assert_ptr_not_equal(r.entries, entries);
	for (int i = 0; i < 3; i++) {
		assert_true(r.entries[i].amount == -entries[i].amount);
		assert_true(r.entries[i].base == -entries[i].base);
		assert_string_equal(r.entries[i].account, entries[i].account);
		assert_string_equal(r.entries[i].currency,
		    entries[i].currency);
	}
	assert_string_equal(r.entries[0].party, "P");
	assert_string_equal(r.entries[0].cost_centre, "C");
	assert_string_equal(r.entries[0].tax_code, "T");
	assert_string_equal(r.entries[0].item, "I");
	assert_string_equal(r.entries[0].location, "L");
	assert_string_equal(r.entries[0].memo, "M");
	assert_int_equal(entries[0].amount, 100);	/* the first stays */
	assert_int_equal(j.id, 9);
	assert_true(journal_balanced(&r, currency, &rest));
	back = journal_reverse(&r, arena);
	assert_true(back.entries[0].amount == 100);
	assert_int_equal(journal_reverse(&none, arena).n_entries, 0);
	arena_free(&arena);
}

/* ---- documents ----------------------------------------------------------- */

static void
kinds_go_round(void **state)
{
	static const char *const names[DOC_KINDS] = {
		"sales_order", "purchase_order", "sales_invoice",
		"credit_note", "debit_note", "purchase_invoice", "payment",
		"refund", "settlement", "shipment", "inventory_move",
		"payroll", "journal_voucher", "authorisation", "advance",
		"advance_adjustment", "stock_count",
	};
	enum document_kind found;

	(void)state;
	for (int i = 0; i < DOC_KINDS; i++) {
		assert_string_equal(document_kind_name((enum document_kind)i),
		    names[i]);
		assert_true(document_kind_find(names[i], &found));
		assert_int_equal(found, i);
	}
	found = DOC_REFUND;
	assert_false(document_kind_find("", &found));
	assert_false(document_kind_find("invoice", &found));
	assert_int_equal(found, DOC_REFUND);
	assert_string_equal(document_kind_name(DOC_KINDS), "?");
}

static void
encodes_in_one_order(void **state)
{
	struct document_line lines[] = {
		{ .type = "sale", .account = "4010", .party = "p",
		    .cost_centre = "c", .tax_code = "t", .item = "i",
		    .location = "l", .memo = "m", .quantity = "1.5",
		    .amount = -100000 },
		{ .type = "tax", .amount = MONEY_MAX },
	};
	struct document d = {
		.kind = DOC_SALES_INVOICE, .entity = "IN01",
		.number = "INV/\"1\"", .party = "C1", .currency = "INR",
		.channel = "web", .reference = "R", .memo = "\xe2\x82\xb9\n",
		.date = { "2026-10-05" }, .total = 118000, .tax = 18000,
		.base_version = 0, .control_count = -1, .revision = "7", .lines = lines,
		.n_lines = 2,
	};
	struct str out, again;

	(void)state;
	str_init(&out, 4096);
	str_init(&again, 4096);
	document_encode(&d, &out);
	assert_string_equal(out.p, "{\"kind\":\"sales_invoice\","
	    "\"entity\":\"IN01\",\"number\":\"INV/\\\"1\\\"\","
	    "\"date\":\"2026-10-05\",\"party\":\"C1\",\"currency\":\"INR\","
	    "\"total\":118000,\"tax\":18000,\"channel\":\"web\","
	    "\"reference\":\"R\",\"memo\":\"\xe2\x82\xb9\\n\","
	    "\"base_version\":0,\"revision\":\"7\",\"lines\":["
	    "{\"type\":\"sale\",\"account\":\"4010\",\"party\":\"p\","
	    "\"cost_centre\":\"c\",\"tax_code\":\"t\",\"item\":\"i\","
	    "\"location\":\"l\",\"memo\":\"m\",\"quantity\":\"1.5\","
	    "\"amount\":-100000},"
	    "{\"type\":\"tax\",\"amount\":99999999999999999}]}");
	document_encode(&d, &again);
	assert_string_equal(out.p, again.p);
	str_free(&out);
	str_free(&again);
}

static void
leaves_out_what_is_absent(void **state)
{
	struct document d = { .kind = DOC_PAYMENT, .base_version = -1,
	    .control_count = -1,
	    .number = "" };
	struct str out;

	(void)state;
	str_init(&out, 4096);
	document_encode(&d, &out);
	assert_string_equal(out.p, "{\"kind\":\"payment\",\"number\":\"\","
	    "\"date\":\"\",\"total\":0,\"tax\":0,\"lines\":[]}");
	str_free(&out);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(balances),
		cmocka_unit_test(balance_does_not_wrap),
		cmocka_unit_test(rounds_in_base),
		cmocka_unit_test(reverses),
		cmocka_unit_test(kinds_go_round),
		cmocka_unit_test(encodes_in_one_order),
		cmocka_unit_test(leaves_out_what_is_absent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
