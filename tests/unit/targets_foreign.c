/*
 * Numbers of programs that have floats, and words of programs that have HTML:
 * exact to the minor unit, or refused.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "book/money.h"
#include "targets/foreign.h"

static void
floats_become_paise(void **state)
{
	static const struct { const char *text, *currency; int64_t minor; }
	    cases[] = {
		{ "0", "INR", 0 }, { "0.0", "INR", 0 }, { "-0.0", "INR", 0 },
		{ "1180.0", "INR", 118000 }, { "-1180.05", "INR", -118005 },
		{ "0.30000000000000004", "INR", 30 },
		{ "0.29999999999999999", "INR", 30 },
		{ "2.675", "INR", 268 }, { "-2.675", "INR", -268 },
		{ "0.005", "INR", 1 }, { "0.0049999", "INR", 0 },
		{ "0.001", "INR", 0 }, { "9.995", "INR", 1000 },
		{ "1e+2", "INR", 10000 }, { "1.5E3", "INR", 150000 },
		{ "1.25e-1", "INR", 13 }, { "5e-3", "INR", 1 },
		{ "1e-30", "INR", 0 }, { "0e40", "INR", 0 },
		{ "12345", "JPY", 12345 }, { "0.5", "JPY", 1 },
		{ "1.2345", "KWD", 1235 },
		{ "999999999999999.99", "INR", 99999999999999999 },
		{ "00012.50", "INR", 1250 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		int64_t minor = -77;

		if (!foreign_amount(cases[i].text, cases[i].currency, &minor))
			fail_msg("%s is refused", cases[i].text);
		if (minor != cases[i].minor)
			fail_msg("%s is %lld", cases[i].text,
			    (long long)minor);
	}
}

static void
no_number_is_none(void **state)
{
	static const char *const texts[] = { "", "-", ".", "1.", ".5", "1e",
	    "1e+", "e5", "1,000", " 1", "1 ", "+1", "0x10", "NaN", "Infinity",
	    "--1", "1.2.3", "1e41", "1e99999999999", "1000000000000000.00",
	    "1e15", "99999999999999999999999999999999999999999",
	    "999999999999999.995" };
	int64_t minor;

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		if (foreign_amount(texts[i], "INR", &minor))
			fail_msg("\"%s\" is taken as %lld", texts[i],
			    (long long)minor);
	assert_false(foreign_amount(NULL, "INR", &minor));
	assert_false(foreign_amount("1", "???", &minor));
}

static void
a_rate_brings_back_the_amount(void **state)
{
	int64_t rate;

	(void)state;
	assert_true(foreign_rate(834567, "INR", 10000, "USD", &rate));
	assert_int_equal(rate, INT64_C(83456700000));
	assert_true(foreign_rate(-834567, "INR", -10000, "USD", &rate));
	assert_true(foreign_rate(10000, "INR", 30000, "USD", &rate));
	assert_int_equal(rate, 333333333);
	assert_true(foreign_rate(8300, "INR", 150, "JPY", &rate));
	assert_int_equal(rate, 553333333);
	assert_true(foreign_rate(1, "INR", MONEY_MAX / 1000, "KWD", &rate) ==
	    false);
	assert_false(foreign_rate(100, "INR", -100, "USD", &rate));
	assert_false(foreign_rate(0, "INR", 100, "USD", &rate));
	assert_false(foreign_rate(100, "INR", 0, "USD", &rate));
	/* Nine decimals are too few for a billion. */
	assert_false(foreign_rate(900000000002, "INR", 900000000001, "USD",
	    &rate));
	assert_false(foreign_rate(MONEY_MAX, "INR", 1, "USD", &rate));
}

static void
words_without_their_dress(void **state)
{
	static const struct { const char *html, *plain; } cases[] = {
		{ "Row #1: <strong>ACME</strong> is gone",
		    "Row #1: ACME is gone" },
		{ "till 2026</br >You cannot", "till 2026 You cannot" },
		{ "<p>one</p><p>two</p>", "one  two" },
		{ "a &amp; b &lt;c&gt; &quot;d&quot; &#39;e&#39;",
		    "a & b <c> \"d\" 'e'" },
		{ "1 < 2 and 3 > 2", "1 < 2 and 3 > 2" },
		{ "cut <b", "cut <b" }, { "&", "&" }, { "&unknown;",
		    "&unknown;" },
		{ "", "" }, { "<br>", "" },
		{ "<span class=\"x\">y</span>", "y" },
	};
	struct arena *arena = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_string_equal(foreign_plain(cases[i].html, arena),
		    cases[i].plain);
	assert_string_equal(foreign_plain(NULL, arena), "");
	assert_string_equal(foreign_html("<b>\"a\" & 'b'", arena),
	    "&lt;b&gt;&quot;a&quot; &amp; &#39;b&#39;");
	assert_string_equal(foreign_plain(foreign_html("<b>\"a\" & 'b'",
	    arena), arena), "<b>\"a\" & 'b'");
	arena_free(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(floats_become_paise),
		cmocka_unit_test(no_number_is_none),
		cmocka_unit_test(a_rate_brings_back_the_amount),
		cmocka_unit_test(words_without_their_dress),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
