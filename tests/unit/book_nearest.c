/* Which code was meant: letter case and punctuation aside, or not at all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "book/nearest.h"

static struct reference *
items(void)
{
	static const char *const rows[][2] = {
		{ "KUR-COT-S", "Cotton kurta S" },
		{ "KUR-COT-M", "Cotton kurta M" },
		{ "SAR-SIL-R", "Silk saree red" },
		{ "X1", "" },
	};
	struct reference *r = reference_new(1);

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct master row = { .code = rows[i][0],
		    .name = rows[i][1] };

		reference_add(r, REF_ITEM, &row);
	}
	return r;
}

static void
test_meant(void **state)
{
	static const char *const cases[][2] = {
		{ "kur cot s", "KUR-COT-S" }, { "KUR-COTT-M", "KUR-COT-M" },
		{ "silk saree, RED", "SAR-SIL-R" }, { "SARSILR", "SAR-SIL-R" },
		{ "x1", "X1" }, { "COMPLETELY-OTHER", "" }, { "", "" },
		{ "---", "" },
		{ "a value that is far longer than any code could ever be", "" },
	};
	struct reference *r = items();

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		int64_t budget = 100000;
		const struct master *row = nearest_master(r, REF_ITEM,
		    cases[i][0], &budget);

		assert_string_equal(row != NULL ? row->code : "",
		    cases[i][1]);
	}
	reference_drop(&r);
}

static void
test_budget(void **state)
{
	struct reference *r = items();
	int64_t budget = 0, spent = 1000000;

	(void)state;
	assert_null(nearest_master(r, REF_ITEM, "KUR-COT-S", &budget));
	assert_non_null(nearest_master(r, REF_ITEM, "KUR-COT-Z", &spent));
	assert_true(spent < 1000000);
	reference_drop(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_meant),
		cmocka_unit_test(test_budget),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
