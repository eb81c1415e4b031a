/* The filter language: what it lets through, and what it says when it is
 * typed wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/clock.h"
#include "ui/filter.h"

static const struct filter_column columns[] = {
	{ "Event", "id", FILTER_TEXT }, { "State", "state", FILTER_STATE },
	{ "Age", "received", FILTER_TIME }, { "Party", NULL, FILTER_TEXT },
	{ "Amount", NULL, FILTER_NUMBER }, { "Cur", "currency", FILTER_TEXT },
	{ "On hand", "on_hand", FILTER_NUMBER },
	{ "Finding", "sentence", FILTER_TEXT },
};

#define N (sizeof columns / sizeof *columns)

/* Three days and two hours old. */
static const char *const row[N] = { "E12", "failed",
	"2026-10-05T07:41:07.123Z", "Sharma Traders", "1234567.89", "INR",
	"12", "No account is known for \"SKU-1\"." };

static bool
lets(const char *text)
{
	struct filter *filter;
	struct err e = { 0 };
	bool yes;

	clock_fix(INT64_C(1791452467) * 1000000);	/* 2026-10-08T09:41:07Z */
	if (!filter_parse(text, columns, N, &filter, &e))
		fail_msg("%s: %s", text, e.why);
	yes = filter_match(filter, row);
	filter_free(&filter);
	return yes;
}

static void
test_lets(void **state)
{
	static const char *const good[] = {
		"", " ", "sharma", "SHARMA traders", "\"sharma traders\"",
		"\"Sharma Tr", "E1", "e12 failed", "sku-1", "12,34,567",
		"1234567", "12,34,567.89", "party:sharma", "PARTY:traders",
		"party:\"sharma traders\"", "party=\"sharma traders\"", "par:sha",
		"event=e12", "id=e12", "-posted", "-party:patel",
		"-party=sharma", "amount>10000", "amount>=1234567.89",
		"amount<12,34,568", "amount:12,34,567.89", "amount:10L..15L",
		"amount:1000..", "amount:..2cr", "amount>10k", "-amount>1cr",
		"amount:5|1234567.89", "onhand:12", "on_hand>11", "age>2d",
		"age>3d", "age<4d", "age:3d", "age<80h", "age:1d..5d",
		"age:1w|3d", "-age<4h", "received>2026-10-04",
		"received>=2026-10-05", "received<2026-10-06",
		"received:2026-10-05", "received:2026-10", "received:2026",
		"age:2026-10-01..2026-10-05", "received<2026-10-05T13:12",
		"received>2026-10-05T07:41:06Z", "state:failed,held",
		"state=held,failed", "state:held|fai", "state:failed, ",
		"patel|sharma", "party:patel|sharma", "/sku-\\d/",
		"/failed.*sharma/", "/no account is/", "E1[0-9]",
		"^E12", "party:^sharma", "party:/^sharma traders$/",
		"-party:/^traders/", "finding:\"known for\"", "sent:known",
		"amount>1 age>1d -state:held known|unknown cur=inr",
		"\"state:held\"|failed",
	};

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof *good; i++)
		if (!lets(good[i]))
			fail_msg("does not let through: %s", good[i]);
}

static void
test_keeps_out(void **state)
{
	static const char *const bad[] = {
		"patel", "sharma patel", "\"traders sharma\"", "party:E12",
		"party=sharma", "-sharma", "-party:sharma", "amount>1234567.89",
		"amount<1000", "amount:1234567", "amount:1000..5000",
		"amount>=1cr", "onhand:12.5", "age>4d", "age<3d", "age>74h",
		"age:2d", "age<4h", "received>2026-10-05",
		"received:2026-10-04", "received:2026-09", "received:2025",
		"received<2026-10-05", "state:held,posted", "state=fail",
		"patel|verma", "/sku-\\d\\d/", "E1[013-9]", "^12",
		"party:traders$ patel", "-/sku/", "E12 -E12", "cur=in",
	};

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		if (lets(bad[i]))
			fail_msg("lets through: %s", bad[i]);
}

static void
test_says_where(void **state)
{
	static const struct {
		const char *text, *says;
	} wrongs[] = {
		{ "amount>", "At 1: " }, { "x amount>y", "At 3: " },
		{ "age>old", "2d" }, { "foo:1", "no column \"foo\"" },
		{ "foo:1", "Party" }, { "a:1", "no column" },
		{ "party>5", "neither a number" }, { "E1[", "missing" },
		{ "x (", "At 3: " }, { "amount:5..1", "before the beginning" },
		{ "party:", "missing" }, { "age:1d..2026-10-01", "age" },
		{ "received>2026-13-01", "day" }, { "received:2026-02-30",
		"day" }, { "state:a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p,q", "many" },
		{ "a b c d e f g h i j k l m n o p q r s t u v w x y", "many" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof wrongs / sizeof *wrongs; i++) {
		struct filter *filter;
		struct err e = { 0 };

		assert_false(filter_parse(wrongs[i].text, columns, N, &filter,
		    &e));
		assert_null(filter);
		if (strstr(e.why, wrongs[i].says) == NULL)
			fail_msg("%s: %s", wrongs[i].text, e.why);
	}
}

/* Never hangs, never reads beyond, whatever is typed. */
static void
test_hostile(void **state)
{
	static char text[10001], value[100001];
	const char *values[N] = { value };
	struct filter *filter;
	struct err e = { 0 };

	(void)state;
	memset(text, 'a', sizeof text - 1);
	assert_false(filter_parse(text, columns, N, &filter, &e));
	memset(value, 'a', sizeof value - 1);
	e = (struct err){ 0 };
	assert_true(filter_parse("/(a+)+b/ | (a|aa)+$ \xff\xfe|\xc0",
	    columns, N, &filter, &e) || e.why[0] != '\0');
	if (filter != NULL)
		assert_false(filter_match(filter, values));
	filter_free(&filter);
	e = (struct err){ 0 };
	assert_true(filter_parse("/(a+)+b/", columns, N, &filter, &e));
	assert_false(filter_match(filter, values));
	filter_free(&filter);
	/* Bytes of a fixed stream, with NUL where they end. */
	for (uint32_t seed = 1; seed < 20000; seed++) {
		static const char letters[] =
		    "ae:=<>-|,\"/.0159dhL()[]*\\ \tstateamountage\xe0\xa4";
		uint32_t x = seed * 2654435761u;
		char some[40];
		size_t n = x % 39;

		for (size_t i = 0; i < n; i++) {
			x = x * 1664525u + 1013904223u;
			some[i] = letters[(x >> 16) % (sizeof letters - 1)];
		}
		some[n] = '\0';
		e = (struct err){ 0 };
		if (filter_parse(some, columns, N, &filter, &e))
			(void)filter_match(filter, row);
		else
			assert_string_not_equal(e.why, "");
		filter_free(&filter);
	}
}

static void
test_numbers_and_order(void **state)
{
	int64_t n;

	(void)state;
	assert_true(filter_number("12,34,567.89", &n));
	assert_int_equal(n, INT64_C(12345678900));
	assert_true(filter_number("-0.5", &n));
	assert_int_equal(n, -5000);
	assert_true(filter_number("99999999999999999999999999", &n));
	assert_false(filter_number("", &n));
	assert_false(filter_number("INR", &n));
	assert_true(filter_compare(FILTER_NUMBER, "9.00", "10.00") < 0);
	assert_true(filter_compare(FILTER_NUMBER, "", "-5") < 0);
	assert_true(filter_compare(FILTER_TEXT, "b", "A") > 0);
	assert_true(filter_compare(FILTER_TEXT, "sku", "SKU") == 0);
	assert_true(filter_compare(FILTER_TIME, "2026-10-01",
	    "2026-10-05T07:41:07.123Z") < 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lets),
		cmocka_unit_test(test_keeps_out),
		cmocka_unit_test(test_says_where),
		cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_numbers_and_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
