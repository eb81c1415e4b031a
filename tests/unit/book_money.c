/*
 * Money: what passes is exact, what is not exact is refused; bounds hold on
 * both sides of zero.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "book/money.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static void
exponents(void **state)
{
	(void)state;
	assert_int_equal(money_exponent("INR"), 2);
	assert_int_equal(money_exponent("USD"), 2);
	assert_int_equal(money_exponent("JPY"), 0);
	assert_int_equal(money_exponent("KWD"), 3);
	assert_int_equal(money_exponent("inr"), -1);
	assert_int_equal(money_exponent(""), -1);
	assert_int_equal(money_exponent("IN"), -1);
	assert_int_equal(money_exponent("INRX"), -1);
	assert_int_equal(money_exponent("XXX"), -1);
}

static void
parses(void **state)
{
	static const struct {
		const char *text, *currency;
		int64_t minor;
	} rows[] = {
		{ "0", "INR", 0 },
		{ "-0", "INR", 0 },
		{ "-0.00", "INR", 0 },
		{ "0.1", "INR", 10 },
		{ "0.01", "INR", 1 },
		{ "-0.01", "INR", -1 },
		{ "1", "INR", 100 },
		{ "1180.00", "INR", 118000 },
		{ "-5", "INR", -500 },
		{ "150.00", "USD", 15000 },
		{ "12.50", "USD", 1250 },
		{ "007", "INR", 700 },
		{ "100.000", "INR", 10000 },
		{ "100.5000000000", "INR", 10050 },
		{ "0.000000000000000000000", "INR", 0 },
		{ "000000000000000000000000001", "INR", 100 },
		{ "100", "JPY", 100 },
		{ "100.00", "JPY", 100 },
		{ "0.001", "KWD", 1 },
		{ "1.5", "KWD", 1500 },
		{ "-1.5000", "KWD", -1500 },
		/* 17 digits of minor units, however they are placed */
		{ "999999999999999.99", "INR", MONEY_MAX },
		{ "-999999999999999.99", "INR", -MONEY_MAX },
		{ "999999999999999", "INR", INT64_C(99999999999999900) },
		{ "99999999999999999", "JPY", MONEY_MAX },
		{ "99999999999999.999", "KWD", MONEY_MAX },
		{ "999999999999999.990", "INR", MONEY_MAX },
	};
	struct money m;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		if (!money_parse(span_of(rows[i].text), rows[i].currency, &m))
			fail_msg("%s refused", rows[i].text);
		assert_true(m.minor == rows[i].minor);
		assert_string_equal(m.currency, rows[i].currency);
	}
}

static void
refuses(void **state)
{
	static const struct {
		struct span text;
		const char *currency;
	} rows[] = {
		{ SPAN(""), "INR" }, { SPAN("-"), "INR" },
		{ SPAN("."), "INR" }, { SPAN("-."), "INR" },
		{ SPAN(".5"), "INR" }, { SPAN("-.5"), "INR" },
		{ SPAN("5."), "INR" }, { SPAN("5."), "JPY" },
		{ SPAN("5.."), "INR" }, { SPAN("1.2.3"), "INR" },
		{ SPAN("0.0."), "INR" }, { SPAN("0.00."), "INR" },
		{ SPAN("+5"), "INR" }, { SPAN("--5"), "INR" },
		{ SPAN("5-"), "INR" }, { SPAN("5.-1"), "INR" },
		{ SPAN("1e2"), "INR" }, { SPAN("1E2"), "INR" },
		{ SPAN("1.5e2"), "INR" }, { SPAN("1.00e0"), "INR" },
		{ SPAN("0x10"), "INR" }, { SPAN("NaN"), "INR" },
		{ SPAN(" 5"), "INR" }, { SPAN("5 "), "INR" },
		{ SPAN("5\n"), "INR" }, { SPAN("5\0"), "INR" },
		{ SPAN("5.0\0"), "INR" }, { SPAN("5.00\0"), "INR" },
		{ SPAN("1,000"), "INR" }, { SPAN("1,00"), "INR" },
		{ SPAN("\xe2\x82\xb9" "5"), "INR" },
		{ SPAN("\xe0\xa5\xa7"), "INR" },
		/* finer than the currency: never rounded in silence */
		{ SPAN("0.001"), "INR" }, { SPAN("1.005"), "INR" },
		{ SPAN("1.0000000001"), "INR" }, { SPAN("0.1"), "JPY" },
		{ SPAN("0.0001"), "KWD" },
		/* 18 digits */
		{ SPAN("1000000000000000.00"), "INR" },
		{ SPAN("1000000000000000"), "INR" },
		{ SPAN("-1000000000000000"), "INR" },
		{ SPAN("9999999999999999.99"), "INR" },
		{ SPAN("100000000000000000"), "JPY" },
		{ SPAN("100000000000000"), "KWD" },
		{ SPAN("9223372036854775807"), "JPY" },
		{ SPAN("9223372036854775808"), "JPY" },
		{ SPAN("18446744073709551617"), "JPY" },
		{ SPAN("99999999999999999999999999999999999"), "INR" },
		/* currencies */
		{ SPAN("5"), "XXX" }, { SPAN("5"), "" },
		{ SPAN("5"), "inr" }, { SPAN("5"), "INRX" },
	};
	struct money m;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		size_t n = rows[i].text.n;
		char *copy = malloc(n + (n == 0));

		memcpy(copy, rows[i].text.p, n);
		if (money_parse((struct span){ copy, n }, rows[i].currency,
		    &m))
			fail_msg("row %zu passes: %s %s", i,
			    rows[i].text.p, rows[i].currency);
		assert_int_equal(m.minor, 0);
		free(copy);
	}
}

static void
adds(void **state)
{
	static const struct {
		int64_t a, b;
		bool ok;
	} rows[] = {
		{ 0, 0, true }, { 1, -1, true }, { 10, 20, true },
		{ MONEY_MAX, 0, true }, { MONEY_MAX - 1, 1, true },
		{ MONEY_MAX, -MONEY_MAX, true }, { -MONEY_MAX, 0, true },
		{ MONEY_MAX, 1, false }, { -MONEY_MAX, -1, false },
		{ MONEY_MAX, MONEY_MAX, false },
		{ INT64_MAX, INT64_MAX, false },
		{ INT64_MIN, INT64_MIN, false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct money a = { rows[i].a, "INR" };
		struct money b = { rows[i].b, "INR" };

		if (money_add(&a, b) != rows[i].ok)
			fail_msg("row %zu", i);
		assert_true(a.minor == (rows[i].ok ? rows[i].a + rows[i].b :
		    rows[i].a));
	}
}

static bool
dies_adding(const char *a, const char *b)
{
	int status = 0;
	pid_t child = fork();

	if (child == 0) {
		struct money x = { 1, "" }, y = { 1, "" };

		close(STDERR_FILENO);
		memcpy(x.currency, a, 4);
		memcpy(y.currency, b, 4);
		_exit(money_add(&x, y));
	}
	assert_true(child > 0 && waitpid(child, &status, 0) == child);
	return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}

static void
two_currencies_never_add(void **state)
{
	(void)state;
	assert_true(dies_adding("INR", "USD"));
	assert_false(dies_adding("INR", "INR"));
}

static void
converts(void **state)
{
	static const struct {
		int64_t minor;
		const char *from, *to;
		int64_t rate, out;
	} rows[] = {
		{ 15000, "USD", "INR", 83125000, 1246875 },
		{ 0, "USD", "INR", 83125000, 0 },
		{ 12345, "INR", "INR", 1000000, 12345 },
		{ -12345, "INR", "INR", 1000000, -12345 },
		/* halves go away from zero, on both sides */
		{ 1, "USD", "INR", 500000, 1 },
		{ 1, "USD", "INR", 499999, 0 },
		{ 1, "USD", "INR", 1500000, 2 },
		{ 1, "USD", "INR", 2500000, 3 },
		{ 1, "USD", "INR", 2499999, 2 },
		{ -1, "USD", "INR", 500000, -1 },
		{ -1, "USD", "INR", 499999, 0 },
		{ -1, "USD", "INR", 2500000, -3 },
		{ -1, "USD", "INR", 2499999, -2 },
		{ 3, "USD", "INR", 500000, 2 },
		/* other exponents: per whole unit, not per minor unit */
		{ 100, "JPY", "INR", 550000, 5500 },
		{ 1, "JPY", "INR", 555000, 56 },
		{ 10000, "INR", "JPY", 1800000, 180 },
		{ 50, "INR", "JPY", 1000000, 1 },
		{ 49, "INR", "JPY", 1000000, 0 },
		{ -50, "INR", "JPY", 1000000, -1 },
		{ 1000, "KWD", "INR", 270500000, 27050 },
		{ 1, "KWD", "INR", 270500000, 27 },
		{ 100, "INR", "KWD", 3700, 4 },
		{ 1, "JPY", "KWD", 2000, 2 },
		{ 1000, "KWD", "JPY", 490000000, 490 },
		{ 1, "USD", "INR", 1, 0 },
		{ 1000000, "USD", "INR", 1, 1 },
		/* the bounds */
		{ MONEY_MAX, "INR", "INR", 1000000, MONEY_MAX },
		{ -MONEY_MAX, "INR", "INR", 1000000, -MONEY_MAX },
		{ MONEY_MAX, "INR", "INR", 1, INT64_C(100000000000) },
		{ 1000000, "INR", "INR", MONEY_MAX, MONEY_MAX },
	};
	struct money out;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct money m = { rows[i].minor, "" };

		memcpy(m.currency, rows[i].from, 4);
		if (!money_convert(m, rows[i].to, rows[i].rate, &out) ||
		    out.minor != rows[i].out)
			fail_msg("row %zu: %lld", i, (long long)out.minor);
		assert_string_equal(out.currency, rows[i].to);
	}
}

static void
converts_back(void **state)
{
	static const struct {
		int64_t minor;
		const char *from, *to;
		int64_t rate, out;
	} rows[] = {
		{ 1246875, "INR", "USD", 83125000, 15000 },
		{ 0, "INR", "USD", 83125000, 0 },
		{ 8840250, "INR", "USD", 88402500, 100000 },
		{ -8840250, "INR", "USD", 88402500, -100000 },
		{ 44, "INR", "USD", 88402500, 0 },
		{ 45, "INR", "USD", 88402500, 1 },
		{ -45, "INR", "USD", 88402500, -1 },
		{ 5500, "INR", "JPY", 550000, 100 },
		{ 27050, "INR", "KWD", 270500000, 1000 },
		{ MONEY_MAX, "INR", "INR", 1000000, MONEY_MAX },
	};
	struct money out;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct money m = { rows[i].minor, "" };

		memcpy(m.currency, rows[i].from, 4);
		if (!money_convert_back(m, rows[i].to, rows[i].rate, &out) ||
		    out.minor != rows[i].out)
			fail_msg("row %zu: %lld", i, (long long)out.minor);
		assert_string_equal(out.currency, rows[i].to);
	}
	assert_false(money_convert_back((struct money){ MONEY_MAX, "INR" },
	    "USD", 1, &out));
	assert_false(money_convert_back((struct money){ 1, "INR" }, "USD", 0,
	    &out));
	assert_false(money_convert_back((struct money){ 1, "INR" }, "XXX",
	    1000000, &out));
}

static void
convert_refuses(void **state)
{
	static const struct {
		int64_t minor;
		const char *from, *to;
		int64_t rate;
	} rows[] = {
		{ 1, "XXX", "INR", 1000000 },
		{ 1, "INR", "XXX", 1000000 },
		{ 1, "INR", "", 1000000 },
		{ MONEY_MAX, "INR", "INR", 1000001 },
		{ -MONEY_MAX, "INR", "INR", 1000001 },
		{ MONEY_MAX, "JPY", "KWD", 1000000 },
		{ MONEY_MAX, "JPY", "KWD", MONEY_MAX },
		{ -MONEY_MAX, "JPY", "KWD", MONEY_MAX },
		/* no rate is zero, negative or past the bound */
		{ 1, "USD", "INR", 0 },
		{ 1, "USD", "INR", -1 },
		{ 1, "USD", "INR", INT64_MIN },
		{ 1, "USD", "INR", INT64_MAX },
		{ INT64_MAX, "JPY", "KWD", INT64_MAX },
		{ INT64_MIN, "JPY", "KWD", INT64_MAX },
	};
	struct money out;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct money m = { rows[i].minor, "" };

		memcpy(m.currency, rows[i].from, 4);
		if (money_convert(m, rows[i].to, rows[i].rate, &out))
			fail_msg("row %zu passes", i);
	}
}

static void
writes(void **state)
{
	static const struct {
		int64_t minor;
		const char *currency, *plain, *grouped;
	} rows[] = {
		{ 0, "INR", "0.00", "0.00" },
		{ 1, "INR", "0.01", "0.01" },
		{ -1, "INR", "-0.01", "-0.01" },
		{ 10, "INR", "0.10", "0.10" },
		{ 100, "INR", "1.00", "1.00" },
		{ 99999, "INR", "999.99", "999.99" },
		{ -99999, "INR", "-999.99", "-999.99" },
		{ 100000, "INR", "1000.00", "1,000.00" },
		{ 1000000, "INR", "10000.00", "10,000.00" },
		{ 10000000, "INR", "100000.00", "1,00,000.00" },
		{ 123456700, "INR", "1234567.00", "12,34,567.00" },
		{ -123456700, "INR", "-1234567.00", "-12,34,567.00" },
		{ 1234567800, "INR", "12345678.00", "1,23,45,678.00" },
		{ MONEY_MAX, "INR", "999999999999999.99",
		    "99,99,99,99,99,99,999.99" },
		{ 123456700, "USD", "1234567.00", "1,234,567.00" },
		{ 12345678900, "USD", "123456789.00", "123,456,789.00" },
		{ -100000, "EUR", "-1000.00", "-1,000.00" },
		{ 0, "JPY", "0", "0" },
		{ 7, "JPY", "7", "7" },
		{ 999, "JPY", "999", "999" },
		{ 1000, "JPY", "1000", "1,000" },
		{ -1234567, "JPY", "-1234567", "-1,234,567" },
		{ 0, "KWD", "0.000", "0.000" },
		{ 5, "KWD", "0.005", "0.005" },
		{ 1234567, "KWD", "1234.567", "1,234.567" },
		{ INT64_MIN, "JPY", "-9223372036854775808",
		    "-9,223,372,036,854,775,808" },
	};
	struct str out;

	(void)state;
	str_init(&out, 200);
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct money m = { rows[i].minor, "" }, back;

		memcpy(m.currency, rows[i].currency, 4);
		str_clear(&out);
		money_grouped(m, &out);
		assert_string_equal(out.p, rows[i].grouped);
		str_clear(&out);
		money_plain(m, &out);
		assert_string_equal(out.p, rows[i].plain);
		if (m.minor == INT64_MIN)
			continue;
		assert_true(money_parse(str_span(&out), m.currency, &back));
		assert_true(back.minor == m.minor);
	}
	str_free(&out);
}

static void
parses_rates(void **state)
{
	static const struct {
		const char *text;
		int64_t rate;		/* 0: refused */
	} rows[] = {
		{ "83.125", 83125000 }, { "1", 1000000 },
		{ "0.000001", 1 }, { "0.0000010", 1 },
		{ "99999999999.999999", MONEY_MAX },
		{ "0", 0 }, { "0.000000", 0 }, { "-0", 0 }, { "-1", 0 },
		{ "-0.000001", 0 }, { "0.0000001", 0 }, { "1.0000001", 0 },
		{ "100000000000", 0 }, { "", 0 }, { "x", 0 }, { "1e2", 0 },
		{ "83,125", 0 }, { ".5", 0 }, { "5.", 0 }, { "+1", 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		int64_t rate = 0;

		if (money_rate_parse(span_of(rows[i].text), &rate) !=
		    (rows[i].rate != 0))
			fail_msg("%s", rows[i].text);
		if (rows[i].rate != 0)
			assert_true(rate == rows[i].rate);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(exponents),
		cmocka_unit_test(parses),
		cmocka_unit_test(refuses),
		cmocka_unit_test(adds),
		cmocka_unit_test(two_currencies_never_add),
		cmocka_unit_test(converts),
		cmocka_unit_test(converts_back),
		cmocka_unit_test(convert_refuses),
		cmocka_unit_test(writes),
		cmocka_unit_test(parses_rates),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
