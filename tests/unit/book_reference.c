/*
 * The snapshot of master data: which mapping wins, which rate is in force,
 * which period and which pair, and that the last user frees it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "book/reference.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static struct day
day(const char *text)
{
	struct day d = { "" };

	snprintf(d.text, sizeof d.text, "%s", text);
	return d;
}

static void
tables_have_names(void **state)
{
	static const char *const names[REF_TABLES] = {
		"entity", "account", "cost_centre", "tax_code", "currency",
		"party", "item", "location",
	};
	enum reference_table found;

	(void)state;
	for (int i = 0; i < REF_TABLES; i++) {
		assert_string_equal(reference_table_name(
		    (enum reference_table)i), names[i]);
		assert_true(reference_table_find(names[i], &found));
		assert_int_equal(found, i);
	}
	assert_false(reference_table_find("mapping", &found));
	assert_false(reference_table_find("", &found));
}

static void
rows_are_copied(void **state)
{
	struct reference *r = reference_new(7);
	char code[] = "4010";
	struct master row = { .code = code, .name = "Sales",
	    .from = day("2026-04-01"), .entity = "IN01", .kind = "income",
	    .extra = "Income:Sales" };
	const struct master *found;

	(void)state;
	assert_int_equal(reference_generation(r), 7);
	reference_add(r, REF_ACCOUNT, &row);
	code[0] = '9';
	found = reference_find(r, REF_ACCOUNT, "4010");
	assert_non_null(found);
	assert_string_equal(found->code, "4010");
	assert_string_equal(found->name, "Sales");
	assert_string_equal(found->entity, "IN01");
	assert_string_equal(found->kind, "income");
	assert_string_equal(found->extra, "Income:Sales");
	assert_string_equal(found->from.text, "2026-04-01");
	assert_string_equal(found->to.text, "");
	assert_null(reference_find(r, REF_ACCOUNT, "9010"));
	assert_null(reference_find(r, REF_ACCOUNT, "401"));
	assert_null(reference_find(r, REF_ACCOUNT, ""));
	assert_null(reference_find(r, REF_ACCOUNT, NULL));
	assert_null(reference_find(r, REF_PARTY, "4010"));
	reference_add(r, REF_PARTY, &(struct master){ .code = "C1" });
	found = reference_find(r, REF_PARTY, "C1");
	assert_string_equal(found->name, "");
	assert_null(found->entity);
	assert_string_equal(found->kind, "");
	assert_string_equal(found->extra, "");
	reference_drop(&r);
	assert_null(r);
	reference_drop(&r);
}

static void
validity(void **state)
{
	static const struct {
		const char *from, *to, *day;
		bool valid;
	} rows[] = {
		{ "", "", "2026-10-05", true },
		{ "2026-10-05", "", "2026-10-05", true },
		{ "2026-10-05", "", "2026-10-04", false },
		{ "", "2026-10-05", "2026-10-05", true },
		{ "", "2026-10-05", "2026-10-06", false },
		{ "2026-04-01", "2027-03-31", "2026-03-31", false },
		{ "2026-04-01", "2027-03-31", "2026-04-01", true },
		{ "2026-04-01", "2027-03-31", "2027-03-31", true },
		{ "2026-04-01", "2027-03-31", "2027-04-01", false },
		{ "2026-10-05", "2026-10-05", "2026-10-05", true },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct master row = { .code = "x", .from = day(rows[i].from),
		    .to = day(rows[i].to) };

		if (master_valid(&row, day(rows[i].day)) != rows[i].valid)
			fail_msg("row %zu", i);
	}
}

static void
lookups(void **state)
{
	static const struct {
		const char *source, *dimension, *value, *to;
	} rows[] = {
		/* the source's own beats everybody's, which beats the code */
		{ "shopify", "account", "SKU-1", "4010" },
		{ "pos", "account", "SKU-1", "4020" },
		{ "", "account", "SKU-1", "4020" },
		/* then its family's, by the whole first word */
		{ "shopify-pune", "account", "SKU-1", "4010" },
		{ "shopify-goa", "account", "SKU-1", "4030" },
		{ "shopify-goa", "account", "5000", "5001" },
		{ "shopify2-goa", "account", "SKU-1", "4020" },
		{ "-shopify", "account", "SKU-1", "4020" },
		{ "*", "account", "SKU-1", "4020" },
		{ "shopify", "account", "5000", "5001" },
		{ "pos", "account", "5000", "5000" },
		{ "pos", "account", "4010", "4010" },
		{ "pos", "account", "SKU-2", NULL },
		{ "pos", "account", "sku-1", NULL },
		{ "pos", "account", "SKU-1 ", NULL },
		{ "pos", "account", "", NULL },
		{ "shopify", "item", "SKU-1", NULL },
		{ "shopify", "item", "4010", NULL },
		/* any word may be a dimension; a mapping is all it has */
		{ "pos", "gateway", "rzp", "1150" },
		{ "pos", "gateway", "1150", NULL },
		{ "pos", "", "rzp", NULL },
		/* parts do not run together */
		{ "shop", "ifyaccount", "SKU-1", NULL },
		{ "shopify", "accountSKU-1", "", NULL },
		/* the later of two is in force */
		{ "pos", "tax_code", "GST", "GST-18" },
	};
	struct reference *r = reference_new(1);

	(void)state;
	reference_add(r, REF_ACCOUNT, &(struct master){ .code = "4010" });
	reference_add(r, REF_ACCOUNT, &(struct master){ .code = "5000" });
	reference_add_mapping(r, "*", "account", "SKU-1", "4020");
	reference_add_mapping(r, "shopify", "account", "SKU-1", "4010");
	reference_add_mapping(r, "shopify", "account", "5000", "5001");
	reference_add_mapping(r, "shopify-goa", "account", "SKU-1", "4030");
	reference_add_mapping(r, "*", "gateway", "rzp", "1150");
	reference_add_mapping(r, "pos", "tax_code", "GST", "GST-12");
	reference_add_mapping(r, "pos", "tax_code", "GST", "GST-18");
	for (size_t i = 0; i < COUNT(rows); i++) {
		const char *to = reference_lookup(r, rows[i].source,
		    rows[i].dimension, rows[i].value);

		if ((to == NULL) != (rows[i].to == NULL) ||
		    (to != NULL && strcmp(to, rows[i].to) != 0))
			fail_msg("row %zu: %s", i, to != NULL ? to : "none");
	}
	reference_drop(&r);
}

static void
rates(void **state)
{
	static const struct {
		const char *from, *to, *day;
		int64_t rate;		/* 0: none */
	} rows[] = {
		{ "USD", "INR", "2026-09-30", 0 },
		{ "USD", "INR", "2026-10-01", 83 },
		{ "USD", "INR", "2026-10-04", 83 },
		{ "USD", "INR", "2026-10-05", 84 },
		{ "USD", "INR", "2026-10-09", 84 },
		{ "USD", "INR", "2026-10-10", 86 },	/* corrected */
		{ "USD", "INR", "2199-12-31", 86 },
		{ "INR", "USD", "2026-10-05", 0 },	/* never turned over */
		{ "USD", "EUR", "2026-10-05", 0 },
		{ "USDI", "NR", "2026-10-05", 0 },
		{ "", "", "2026-10-05", 0 },
		{ "EUR", "INR", "2026-10-05", 90 },
	};
	struct reference *r = reference_new(1);

	(void)state;
	/* in no order */
	reference_add_rate(r, "USD", "INR", day("2026-10-05"), 84);
	reference_add_rate(r, "USD", "INR", day("2026-10-10"), 85);
	reference_add_rate(r, "USD", "INR", day("2026-10-01"), 83);
	reference_add_rate(r, "USD", "INR", day("2026-10-10"), 86);
	reference_add_rate(r, "EUR", "INR", day("2020-01-01"), 90);
	for (size_t i = 0; i < COUNT(rows); i++) {
		int64_t rate = 0;

		if (reference_rate(r, rows[i].from, rows[i].to,
		    day(rows[i].day), &rate) != (rows[i].rate != 0) ||
		    rate != rows[i].rate)
			fail_msg("row %zu: %lld", i, (long long)rate);
	}
	reference_drop(&r);
}

static void
periods(void **state)
{
	static const struct {
		const char *entity, *day, *is;
	} rows[] = {
		{ "IN01", "2026-10-01", "open" },
		{ "IN01", "2026-10-31", "open" },
		{ "IN01", "2026-09-30", "closed" },
		{ "IN01", "2026-11-01", NULL },
		{ "IN02", "2026-10-05", "soft" },
		{ "IN02", "2026-09-30", NULL },
		{ "IN0", "2026-10-05", NULL },
		{ "", "2026-10-05", NULL },
		{ "IN01", "", NULL },
	};
	struct reference *r = reference_new(1);

	(void)state;
	reference_add_period(r, "IN01", "2026-10", "closed");
	reference_add_period(r, "IN01", "2026-10", "open");	/* reopened */
	reference_add_period(r, "IN01", "2026-09", "closed");
	reference_add_period(r, "IN02", "2026-10", "soft");
	for (size_t i = 0; i < COUNT(rows); i++) {
		const char *is = reference_period(r, rows[i].entity,
		    day(rows[i].day));

		if ((is == NULL) != (rows[i].is == NULL) ||
		    (is != NULL && strcmp(is, rows[i].is) != 0))
			fail_msg("row %zu: %s", i, is != NULL ? is : "none");
	}
	reference_drop(&r);
}

static void
pairs(void **state)
{
	static const struct {
		const char *account, *cost_centre;
		bool may;
	} rows[] = {
		{ "4010", "MUM", true },
		{ "4010", "PUN", true },
		{ "4010", "ONLINE", false },
		{ "4010", "", false },
		{ "4010", NULL, false },
		{ "4020", "ONLINE", true },	/* not listed: free */
		{ "4020", NULL, true },
		{ "5000", "MUM", false },
		{ "5000", "PUN", true },
		{ "", "MUM", true },
	};
	struct reference *r = reference_new(1);

	(void)state;
	reference_add_pair(r, "4010", "MUM");
	reference_add_pair(r, "4010", "PUN");
	reference_add_pair(r, "5000", "PUN");
	for (size_t i = 0; i < COUNT(rows); i++)
		if (reference_pair(r, rows[i].account, rows[i].cost_centre) !=
		    rows[i].may)
			fail_msg("row %zu", i);
	reference_drop(&r);
}

/* A name longer than any key can hold finds nothing, and no such name is
 * taken for another one. */
static void
names_too_long(void **state)
{
	struct reference *r = reference_new(1);
	char a[2001], b[2001];
	int64_t rate = 0;

	(void)state;
	memset(a, 'a', sizeof a - 1);
	memset(b, 'b', sizeof b - 1);
	a[sizeof a - 1] = b[sizeof b - 1] = '\0';
	reference_add_mapping(r, "pos", "account", a, "4010");
	assert_null(reference_lookup(r, "pos", "account", a));
	assert_null(reference_lookup(r, "pos", "account", b));
	reference_add_rate(r, a, "INR", day("2026-10-05"), 1);
	assert_false(reference_rate(r, a, "INR", day("2026-10-05"), &rate));
	assert_false(reference_rate(r, b, "INR", day("2026-10-05"), &rate));
	reference_add_period(r, a, "2026-10", "open");
	assert_null(reference_period(r, a, day("2026-10-05")));
	assert_null(reference_period(r, b, day("2026-10-05")));
	reference_add_pair(r, "4010", a);
	assert_false(reference_pair(r, "4010", a));
	assert_false(reference_pair(r, "4010", b));
	reference_drop(&r);
}

static void
walks(void **state)
{
	static const char *const codes[] = { "B", "A", "C", "A" };
	const char *source, *dimension, *from, *to;
	struct reference *r = reference_new(1);
	const struct master *row;
	size_t at = 0, n = 0;

	(void)state;
	assert_null(reference_next(r, REF_ITEM, &at));
	assert_false(reference_next_mapping(r, &at, &source, &dimension,
	    &from, &to));
	for (size_t i = 0; i < COUNT(codes); i++)
		reference_add(r, REF_ITEM, &(struct master){
		    .code = codes[i], .name = i == 3 ? "last" : "" });
	while ((row = reference_next(r, REF_ITEM, &at)) != NULL)
		assert_string_equal(row->code, codes[n++]);
	assert_int_equal(n, COUNT(codes));
	assert_null(reference_next(r, REF_ITEM, &at));
	at = 0;
	assert_null(reference_next(r, REF_PARTY, &at));
	assert_string_equal(reference_find(r, REF_ITEM, "A")->name, "last");
	reference_add_mapping(r, "pos", "account", "x", "1");
	reference_add_mapping(r, "*", "item", "y", "2");
	at = 0;
	assert_true(reference_next_mapping(r, &at, &source, &dimension, &from,
	    &to));
	assert_string_equal(source, "pos");
	assert_string_equal(dimension, "account");
	assert_string_equal(from, "x");
	assert_string_equal(to, "1");
	assert_true(reference_next_mapping(r, &at, &source, &dimension, &from,
	    &to));
	assert_string_equal(source, "*");
	assert_string_equal(to, "2");
	assert_false(reference_next_mapping(r, &at, &source, &dimension,
	    &from, &to));
	reference_drop(&r);
}

/* The sanitizer sees a free too early or none at all. */
static void
the_last_user_frees(void **state)
{
	struct reference *a = reference_new(1), *b = reference_hold(a);
	struct reference *c = reference_hold(b);

	(void)state;
	assert_ptr_equal(a, b);
	reference_add(a, REF_ITEM, &(struct master){ .code = "A" });
	reference_drop(&a);
	assert_null(a);
	reference_drop(&c);
	assert_non_null(reference_find(b, REF_ITEM, "A"));
	reference_drop(&b);
}

/* Of each policy the most particular row, kind before entity. */
static void
policies(void **state)
{
	static const struct {
		const char *name, *kind, *entity, *amount;
	} rows[] = {
		{ "amount", "*", "*", "1" }, { "amount", "*", "IN02", "2" },
		{ "amount", "payment", "*", "3" },
		{ "amount", "payment", "IN02", "4" },
		{ "manual", "refund", "*", "5" },
	};
	static const struct {
		const char *kind, *entity, *amounts;
	} cases[] = {
		{ "payment", "IN02", "4" }, { "payment", "IN01", "3" },
		{ "payroll", "IN02", "2" }, { "payroll", "IN01", "1" },
		{ "refund", "IN02", "25" }, { "refund", "IN01", "15" },
	};
	struct reference *r = reference_new(1);

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		reference_add_policy(r, &(struct policy){
		    .name = rows[i].name, .kind = rows[i].kind,
		    .entity = rows[i].entity, .amount = rows[i].amount,
		    .second = "", .third = "", .role = ROLE_APPROVER });
	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct policy *policy;
		char found[8] = "";
		size_t at = 0, n = 0;

		while ((policy = reference_next_policy(r, cases[i].kind,
		    cases[i].entity, &at)) != NULL)
			found[n++] = policy->amount[0];
		assert_string_equal(found, cases[i].amounts);
	}
	reference_drop(&r);
	r = reference_new(2);
	assert_null(reference_next_policy(r, "payment", "IN01",
	    &(size_t){ 0 }));
	reference_drop(&r);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(tables_have_names),
		cmocka_unit_test(rows_are_copied),
		cmocka_unit_test(validity),
		cmocka_unit_test(lookups),
		cmocka_unit_test(rates),
		cmocka_unit_test(periods),
		cmocka_unit_test(pairs),
		cmocka_unit_test(names_too_long),
		cmocka_unit_test(walks),
		cmocka_unit_test(policies),
		cmocka_unit_test(the_last_user_frees),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
