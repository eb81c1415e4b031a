/* Which addresses a list means, and which lists mean nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/cidr.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static const struct {
	const char *list, *address;
	bool has;
} cases[] = {
	{ "203.0.113.0/24", "203.0.113.0", true },
	{ "203.0.113.0/24", "203.0.113.255", true },
	{ "203.0.113.0/24", "203.0.114.0", false },
	{ "203.0.113.77/24", "203.0.113.1", true },
	{ "10.1.2.3", "10.1.2.3", true },
	{ "10.1.2.3", "10.1.2.4", false },
	{ "10.0.0.0/9", "10.127.255.255", true },
	{ "10.0.0.0/9", "10.128.0.0", false },
	{ "192.0.2.4/31", "192.0.2.5", true },
	{ "192.0.2.4/31", "192.0.2.6", false },
	{ "0.0.0.0/0", "255.255.255.255", true },
	{ "0.0.0.0/0", "2001:db8::1", false },
	{ "::/0", "2001:db8::1", true },
	{ "2001:db8::/33", "2001:db8:7fff::1", true },
	{ "2001:db8::/33", "2001:db8:8000::1", false },
	{ "::ffff:10.0.0.0/104", "10.9.9.9", true },
	{ "10.0.0.0/8", "::ffff:10.9.9.9", true },
	{ "10.0.0.0/8, 192.0.2.1\t2001:db8::/32", "192.0.2.1", true },
	{ "10.0.0.0/8, 192.0.2.1\t2001:db8::/32", "2001:db8::9", true },
	{ "10.0.0.0/8, 192.0.2.1\t2001:db8::/32", "192.0.2.2", false },
	{ "", "10.0.0.1", false },
	{ "10.0.0.0/8", "", false },
	{ "10.0.0.0/8", "10.0.0.1 ", false },
	{ "10.0.0.0/8", "10.0.0", false },
	{ "10.0.0.0/8", "10.0.0.1:80", false },
};

static void
finds_addresses(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		assert_true(cidr_valid(cases[i].list));
		if (cidr_has(cases[i].list, span_of(cases[i].address)) !=
		    cases[i].has)
			fail_msg("%s: %s", cases[i].list, cases[i].address);
	}
	assert_false(cidr_has("10.0.0.0/8", (struct span){ "10.0.0.1\0", 9 }));
}

static void
refuses_what_is_no_range(void **state)
{
	static const char *const bad[] = {
		"10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/8/8",
		"10.0.0.0/1e1", "10.0.0/8", "2001:db8::/129", "host",
		"010.0.0.1", "/8", "10.0.0.0/8 x", "10.0.0.0/0008"
	};

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++)
		if (cidr_valid(bad[i]))
			fail_msg("%s", bad[i]);
}

static void
knows_a_sender_again(void **state)
{
	unsigned char a[16], b[16];

	(void)state;
	assert_true(cidr_sender(SPAN("2001:db8:1:2::1"), a));
	assert_true(cidr_sender(SPAN("2001:db8:1:2:ffff::9"), b));
	assert_memory_equal(a, b, 16);
	assert_true(cidr_sender(SPAN("10.0.0.1"), a));
	assert_true(cidr_sender(SPAN("10.0.0.2"), b));
	assert_memory_not_equal(a, b, 16);
	assert_true(cidr_sender(SPAN("::ffff:10.0.0.1"), b));
	assert_memory_equal(a, b, 16);
	assert_false(cidr_sender(SPAN("unknown"), a));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_addresses),
		cmocka_unit_test(refuses_what_is_no_range),
		cmocka_unit_test(knows_a_sender_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
