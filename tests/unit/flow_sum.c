/* Many journals as one, up to what one journal may be. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "book/money.h"
#include "flow/sum.h"

static struct journal
two(struct entry entries[2], const char *debit, const char *credit,
    int64_t amount)
{
	memset(entries, 0, 2 * sizeof *entries);
	entries[0].account = debit;
	entries[1].account = credit;
	for (int i = 0; i < 2; i++) {
		memcpy(entries[i].currency, "INR", 4);
		entries[i].amount = entries[i].base = i ? -amount : amount;
	}
	return (struct journal){ .entries = entries, .n_entries = 2 };
}

static void
assert_entries(struct sum *sum, size_t want, int64_t first)
{
	struct entry *entries;
	size_t n;

	sum_entries(sum, &entries, &n);
	assert_int_equal(n, want);
	if (n > 0) {
		assert_string_equal(entries[0].account, "1000");
		assert_int_equal(entries[0].amount, first);
		assert_int_equal(entries[0].base, first);
	}
}

static void
adds_up_what_is_alike(void **state)
{
	struct entry entries[2];
	struct journal a = two(entries, "1000", "3000", 300);
	struct sum sum;

	(void)state;
	sum_open(&sum);
	assert_true(sum_add(&sum, &a));
	assert_true(sum_add(&sum, &a));
	assert_entries(&sum, 2, 600);
	a = two(entries, "3000", "1000", 600);
	assert_true(sum_add(&sum, &a));
	assert_entries(&sum, 0, 0);
	sum_close(&sum);
}

static void
refuses_what_no_journal_may_be(void **state)
{
	struct entry entries[2];
	struct journal large = two(entries, "1000", "3000", AMOUNT_MAX);
	struct entry more[2];
	struct journal one = two(more, "1000", "3000", 1);
	struct sum sum;

	(void)state;
	sum_open(&sum);
	assert_true(sum_add(&sum, &large));
	/* Ten thousand of them would be more than 64 bits. */
	for (int i = 0; i < 10000; i++)
		assert_false(sum_add(&sum, &large));
	assert_false(sum_add(&sum, &one));
	assert_entries(&sum, 2, AMOUNT_MAX);
	one = two(more, "3000", "1000", 1);
	assert_true(sum_add(&sum, &one));
	assert_entries(&sum, 2, AMOUNT_MAX - 1);
	sum_close(&sum);
}

static void
counts_what_is_in_other_accounts(void **state)
{
	struct entry entries[2], more[2];
	struct journal large = two(entries, "1000", "3000", AMOUNT_MAX);
	struct journal other = two(more, "1001", "3001", 1);
	struct sum sum;

	(void)state;
	sum_open(&sum);
	assert_true(sum_add(&sum, &large));
	assert_false(sum_add(&sum, &other));
	assert_entries(&sum, 2, AMOUNT_MAX);
	sum_close(&sum);
}

static void
bounds_base_amounts_too(void **state)
{
	struct entry entries[2];
	struct journal large = two(entries, "1000", "3000", AMOUNT_MAX);
	struct sum sum;

	(void)state;
	entries[0].amount = 5;
	entries[1].amount = -5;
	sum_open(&sum);
	assert_true(sum_add(&sum, &large));
	assert_false(sum_add(&sum, &large));
	sum_close(&sum);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(adds_up_what_is_alike),
		cmocka_unit_test(refuses_what_no_journal_may_be),
		cmocka_unit_test(counts_what_is_in_other_accounts),
		cmocka_unit_test(bounds_base_amounts_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
