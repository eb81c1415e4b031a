/* How often a record came, over a growing table and against a plain count. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "flow/seen.h"

static void
digest_of(unsigned n, unsigned char out[SHA256_SIZE])
{
	digest_sha256((struct span){ (const char *)&n, sizeof n }, out);
}

static void
counts_each_by_itself(void **state)
{
	enum { KINDS = 5000 };
	static uint32_t counts[KINDS];
	struct seen *seen = seen_new();
	unsigned char digest[SHA256_SIZE];
	unsigned next = 1;

	(void)state;
	for (int i = 0; i < 40000; i++) {
		unsigned n = (next = next * 1103515245 + 12345) >> 8;

		digest_of(n % KINDS, digest);
		assert_int_equal(seen_count(seen, digest),
		    ++counts[n % KINDS]);
	}
	seen_free(&seen);
	assert_null(seen);
	seen_free(&seen);
}

/* The place that is free is marked by 0: such a digest is one, too. */
static void
a_digest_of_zeros(void **state)
{
	struct seen *seen = seen_new();
	unsigned char zeros[SHA256_SIZE] = { 0 };

	(void)state;
	assert_int_equal(seen_count(seen, zeros), 1);
	assert_int_equal(seen_count(seen, zeros), 2);
	seen_free(&seen);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counts_each_by_itself),
		cmocka_unit_test(a_digest_of_zeros),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
