/* Words and digits that differ: kept and gone make the old text, kept and new
 * the new one, and no character is ever cut. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/str.h"
#include "core/utf8.h"
#include "core/worddiff.h"

static void
mark(void *arg, enum word_op op, struct span text)
{
	static const char *const marks[][2] = {
		{ "", "" }, { "[-", "-]" }, { "{+", "+}" } };

	str_addf(arg, "%s%.*s%s", marks[op][0], (int)text.n, text.p,
	    marks[op][1]);
}

static const char *const rows[][3] = {
	{ "", "", "" },
	{ "same", "same", "same" },
	{ "", "new", "{+new+}" },
	{ "old", "", "[-old-]" },
	{ "C-1", "C-2", "C-[-1-]{+2+}" },
	{ "Asha Traders", "Asha Textiles", "Asha [-Traders-]{+Textiles+}" },
	{ "1180.00", "1280.00", "1[-1-]{+2+}80.00" },
	{ "999.00", "1,000.00", "[-999-]{+1,000+}.00" },
	{ "1,18,000.00", "1,81,000.00", "1,[-18-]{+81+},000.00" },
	{ "118.00", "1920.00", "1[-18-]{+920+}.00" },
	{ "-5.00", "5.00", "[---]5.00" },
	{ "2026-10-02", "2026-11-02", "2026-1[-0-]{+1+}-02" },
	{ "pay by 3 May, late", "pay by 13 May", "pay by {+1+}3 May[-, late-]"
	},
	{ "INV-0012", "INV/0012", "INV[---]{+/+}0012" },
	/* Devanagari: whole words with their signs, digits as digits */
	{ "\xe0\xa4\xb0\xe0\xa4\xbe\xe0\xa4\xae 12",
	    "\xe0\xa4\xb0\xe0\xa5\x80\xe0\xa4\xae 12",
	    "[-\xe0\xa4\xb0\xe0\xa4\xbe\xe0\xa4\xae-]"
	    "{+\xe0\xa4\xb0\xe0\xa5\x80\xe0\xa4\xae+} 12" },
	{ "\xe0\xa5\xa7\xe0\xa5\xa8", "\xe0\xa5\xa7\xe0\xa5\xa9",
	    "\xe0\xa5\xa7[-\xe0\xa5\xa8-]{+\xe0\xa5\xa9+}" },
	{ "1.", "1", "1[-.-]" },
};

static void
test_rows(void **state)
{
	struct str out;

	(void)state;
	str_init(&out, 10000);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		str_clear(&out);
		word_diff(span_of(rows[i][0]), span_of(rows[i][1]), mark,
		    &out);
		assert_string_equal(out.p, rows[i][2]);
	}
	str_free(&out);
}

static void
sides(void *arg, enum word_op op, struct span text)
{
	struct str *both = arg;

	assert_true(text.n > 0);
	assert_true(utf8_valid(text));
	if (op != WORD_NEW)
		str_add(&both[0], text.p, text.n);
	if (op != WORD_GONE)
		str_add(&both[1], text.p, text.n);
}

static void
any_text(struct str *out)
{
	static const char *const parts[] = { "a", "b", "1", "2", "0", ".",
	    ",", "-", " ", "\xe0\xa5\xa7", "\xe0\xa5\xa8", "\xe0\xa4\x95",
	    "\xe0\xa4\xbe", "\xf0\x9f\x99\x82", "\xe2\x82\xb9" };
	size_t most = rand() % 200 == 0 ? 1000 : 20;

	str_clear(out);
	for (size_t n = (size_t)rand() % most; n > 0; n--)
		str_adds(out, parts[(size_t)rand() % (sizeof parts /
		    sizeof *parts)]);
}

static void
test_any(void **state)
{
	struct str old, new, both[2];

	(void)state;
	srand(11);
	str_init(&old, 10000);
	str_init(&new, 10000);
	str_init(&both[0], 10000);
	str_init(&both[1], 10000);
	for (int i = 0; i < 4000; i++) {
		any_text(&old);
		any_text(&new);
		str_clear(&both[0]);
		str_clear(&both[1]);
		word_diff(str_span(&old), str_span(&new), sides, both);
		assert_true(span_equal(str_span(&old), str_span(&both[0])));
		assert_true(span_equal(str_span(&new), str_span(&both[1])));
	}
	str_free(&old);
	str_free(&new);
	str_free(&both[0]);
	str_free(&both[1]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_any),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
