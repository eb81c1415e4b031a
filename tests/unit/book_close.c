/* Lines and days of the close board, and which accounts are of tax. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "book/close.h"
#include "book/tax.h"

static void
test_lines_are_found_by_name(void **state)
{
	enum close_line line;

	(void)state;
	for (int i = 0; i < CLOSE_LINES; i++) {
		const struct close_info *info =
		    close_info((enum close_line)i);

		assert_true(close_line_find(info->name, &line));
		assert_int_equal(line, i);
		assert_true(info->sentence[0] != '\0');
		assert_true(info->pane[0] != '\0');
	}
	assert_false(close_line_find("", &line));
	assert_false(close_line_find("GST", &line));
}

static void
test_periods(void **state)
{
	static const char *const bad[] = { "", "2026", "2026-1", "2026-13",
	    "2026-00", "2026-10-01", "october", "2026/10", "2026-1x" };

	(void)state;
	assert_true(period_valid("2026-10"));
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_false(period_valid(bad[i]));
}

static void
test_due_is_in_the_month_after(void **state)
{
	static const struct {
		const char *period;
		int day;
		const char *due;
	} cases[] = {
		{ "2026-10", 7, "2026-11-07" },
		{ "2026-10", 31, "2026-11-30" },
		{ "2026-12", 1, "2027-01-01" },
		{ "2027-01", 30, "2027-02-28" },
		{ "2028-01", 31, "2028-02-29" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_string_equal(period_due(cases[i].period,
		    cases[i].day).text, cases[i].due);
}

static void
test_accounts_of_tax(void **state)
{
	(void)state;
	assert_true(tax_account("asset", "Assets:GST Input:CGST"));
	assert_true(tax_account("liability", "Liabilities:VAT"));
	assert_true(tax_account("liability", "gst"));
	assert_false(tax_account("expense", "Expenses:GST"));
	assert_true(tax_account("asset", "Assets:Input UTGST"));
	assert_true(tax_account("asset", "Assets:CGST"));
	assert_false(tax_account("liability", "Liabilities:Amongst:Us"));
	assert_false(tax_account("asset", "Assets:Private:Wallet"));
	assert_false(tax_account("liability", ""));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines_are_found_by_name),
		cmocka_unit_test(test_periods),
		cmocka_unit_test(test_due_is_in_the_month_after),
		cmocka_unit_test(test_accounts_of_tax),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
