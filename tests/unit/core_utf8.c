/*
 * UTF-8: strict judging, cells, and the gate through which foreign text gets
 * to a terminal.
 */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/utf8.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static void
judges(void **state)
{
	static const struct {
		struct span in;
		bool valid;
	} rows[] = {
		{ SPAN(""), true },
		{ SPAN("abc"), true },
		{ SPAN("\x7f"), true },
		{ SPAN("\xc2\x80"), true },
		{ SPAN("\xdf\xbf"), true },
		{ SPAN("\xe0\xa0\x80"), true },
		{ SPAN("\xed\x9f\xbf"), true },
		{ SPAN("\xee\x80\x80"), true },
		{ SPAN("\xef\xbf\xbf"), true },
		{ SPAN("\xf0\x90\x80\x80"), true },
		{ SPAN("\xf4\x8f\xbf\xbf"), true },
		{ SPAN("\0"), false },
		{ SPAN("a\0b"), false },
		{ SPAN("\x80"), false },
		{ SPAN("\xbf"), false },
		{ SPAN("\xc0\x80"), false },
		{ SPAN("\xc1\xbf"), false },
		{ SPAN("\xc2"), false },
		{ SPAN("\xc2\x41"), false },
		{ SPAN("\xc2\xc2"), false },
		{ SPAN("\xe0\x9f\xbf"), false },
		{ SPAN("\xe2\x82"), false },
		{ SPAN("\xe2\x82\x41"), false },
		{ SPAN("\xed\xa0\x80"), false },
		{ SPAN("\xed\xbf\xbf"), false },
		{ SPAN("\xf0\x8f\xbf\xbf"), false },
		{ SPAN("\xf0\x9f\x98"), false },
		{ SPAN("\xf4\x90\x80\x80"), false },
		{ SPAN("\xf5\x80\x80\x80"), false },
		{ SPAN("\xf8\x88\x80\x80\x80"), false },
		{ SPAN("\xfe"), false },
		{ SPAN("\xff"), false },
		{ SPAN("ok\xe2\x82\xac then \x80"), false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		if (utf8_valid(rows[i].in) != rows[i].valid)
			fail_msg("row %zu", i);
}

static void
steps(void **state)
{
	static const struct {
		struct span in;
		size_t used;
		uint32_t cp;
	} rows[] = {
		{ SPAN("a"), 1, 'a' },
		{ SPAN("\0"), 1, 0 },
		{ SPAN("\xc3\xa9z"), 2, 0xe9 },
		{ SPAN("\xe2\x82\xac"), 3, 0x20ac },
		{ SPAN("\xf0\x9f\x98\x80"), 4, 0x1f600 },
		{ SPAN("\xef\xbf\xbd"), 3, 0xfffd },
		{ SPAN("\xff"), 1, 0xfffd },
		{ SPAN("\xe2\x82"), 1, 0xfffd },
		{ SPAN("\xc3(a"), 1, 0xfffd },
	};
	uint32_t cp = 7;

	(void)state;
	assert_int_equal(utf8_next(SPAN(""), &cp), 0);
	for (size_t i = 0; i < COUNT(rows); i++) {
		assert_int_equal(utf8_next(rows[i].in, &cp), rows[i].used);
		assert_int_equal(cp, rows[i].cp);
	}
}

/* Every code point there is: written by hand, read back. */
static void
steps_over_all(void **state)
{
	(void)state;
	for (uint32_t c = 0x80; c < 0x110000; c++) {
		char b[4];
		size_t n = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
		static const unsigned char lead[] = { 0, 0, 0xc0, 0xe0, 0xf0 };
		uint32_t cp, rest = c;
		bool lone = c >= 0xd800 && c < 0xe000;

		for (size_t i = n - 1; i > 0; i--, rest >>= 6)
			b[i] = (char)(0x80 | (rest & 63));
		b[0] = (char)(lead[n] | rest);
		if (utf8_next((struct span){ b, n }, &cp) != (lone ? 1 : n) ||
		    cp != (lone ? 0xfffd : c) ||
		    utf8_valid((struct span){ b, n }) == lone ||
		    utf8_valid((struct span){ b, n - 1 }))
			fail_msg("U+%04X", c);
	}
}

static const struct {
	const char *in;
	int width;
} widths[] = {
	{ "", 0 },
	{ "abc", 3 },
	{ "\xc3\xa9", 1 },
	{ "e\xcc\x81", 1 },		/* e and a combining acute */
	{ "\xe2\x82\xb9" "100", 4 },	/* the rupee sign */
	{ "\xe6\x97\xa5\xe6\x9c\xac", 4 },	/* two wide ones */
	{ "\xf0\x9f\x98\x80", 2 },
	{ "\xff", 1 },
	{ "\x01", 1 },			/* no printed form: one cell */
	{ "\u0930\u093e\u092e", 3 },	/* spacing vowel sign: the most */
	{ "\u0915\u094d\u0937", 2 },	/* a conjunct of two */
	{ "\u260e\ufe0f", 2 },		/* asked for as a picture */
};

static void
measures(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(widths); i++)
		if (utf8_width(span_of(widths[i].in)) != widths[i].width)
			fail_msg("row %zu: %d", i,
			    utf8_width(span_of(widths[i].in)));
}

static void
fits(void **state)
{
	static const struct {
		const char *in;
		int cells;
		size_t bytes;
		int used;
	} rows[] = {
		{ "abc", 0, 0, 0 },
		{ "abc", -1, 0, 0 },
		{ "abc", 2, 2, 2 },
		{ "abc", 3, 3, 3 },
		{ "abc", 99, 3, 3 },
		{ "", 5, 0, 0 },
		{ "a\xe6\x97\xa5z", 2, 1, 1 },	/* half a wide one: none */
		{ "a\xe6\x97\xa5z", 3, 4, 3 },
		{ "a\xe6\x97\xa5z", 4, 5, 4 },
		{ "e\xcc\x81x", 1, 3, 1 },	/* the accent stays with e */
		{ "\xe2\x82\xac\xe2\x82\xac", 1, 3, 1 },
		{ "\xff\xff", 1, 1, 1 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		int used = 77;
		size_t n = utf8_fit(span_of(rows[i].in), rows[i].cells, &used);

		if (n != rows[i].bytes || used != rows[i].used)
			fail_msg("row %zu: %zu bytes, %d cells", i, n, used);
	}
}

/* Where UAX 29 lets a letter end, by examples of each of its rules. */
static void
clusters(void **state)
{
	static const struct {
		const char *in;		/* one letter, whole, */
		const char *next;	/* and what does not join it */
		bool sure;
	} rows[] = {
		{ "a", "b", true },
		{ "e\u0301", "x", true },
		{ "\u0301", "x", false },
		{ "\u65e5", "\u672c", true },
		{ "\u0915", "\u0916", true },
		{ "\u0915\u093e", "\u092e", false },		/* GB9a */
		{ "\u0915\u094d\u0937", "\u0915", false },	/* GB9c */
		{ "\u0915\u094d\u0937\u094d\u092f\u0902", "\u0915", false },
		{ "\u0915\u094d\u200d\u0937", "a", false },
		{ "\u0915\u094d", "a", false },
		{ "\u0a95\u0acd\u0ab7\u0acb", "\u0a95", false },
		/* Tamil writes its virama: no conjunct */
		{ "\u0b95\u0bcd", "\u0bb7", false },
		{ "\u0b95\u0bc8", "\u0b95", false },
		{ "\u1100\u1161\u11a8", "\u1100", false },	/* GB6-8 */
		{ "\uac00", "\uac00", true },
		{ "\u0600\u0661", "\u0661", false },		/* GB9b */
		{ "\U0001f468\u200d\U0001f469\u200d\U0001f467",
		    "\U0001f467", false },			/* GB11 */
		{ "\U0001f44d\U0001f3fd", "\U0001f44d", false },
		{ "\U0001f600", "\U0001f600", true },
		{ "\u260e", "a", false },	/* text or picture? */
		{ "a\u200d", "\U0001f467", false },
		{ "\U0001f1ee\U0001f1f3", "\U0001f1ee", false },	/* GB12 */
		{ "\xff", "\xff", true },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		char both[128];
		size_t n;
		int width;
		bool sure;

		snprintf(both, sizeof both, "%s%s", rows[i].in, rows[i].next);
		n = utf8_cluster(span_of(both), &width, &sure);
		if (n != strlen(rows[i].in) || sure != rows[i].sure)
			fail_msg("row %zu: %zu bytes, %d", i, n, sure);
	}
}

/* No cut is inside a letter, and a heap of marks is no endless one. */
static void
cuts_whole_letters(void **state)
{
	static const char name[] = "\u0936\u094d\u0930\u0940 "
	    "\u0932\u0915\u094d\u0937\u094d\u092e\u0940 e\u0301 "
	    "\U0001f468\u200d\U0001f467";
	char heap[1000] = "a";
	size_t n;
	int used, width;
	bool sure;

	(void)state;
	for (int cells = 0; cells < 40; cells++) {
		struct span all = span_of(name);
		size_t cut = utf8_fit(all, cells, &used), at = 0;

		assert_true(used <= cells);
		while (at < cut)
			at += utf8_cluster((struct span){ all.p + at,
			    all.n - at }, &width, &sure);
		assert_int_equal(at, cut);
	}
	for (n = 1; n + 3 < sizeof heap; n += 2)
		memcpy(heap + n, "\u0301", 3);
	assert_int_equal(utf8_cluster(span_of(heap), &width, &sure), 63);
}

static void
tames(void **state)
{
	static const struct {
		struct span in;
		const char *out;
	} rows[] = {
		{ SPAN(""), "" },
		{ SPAN("plain ~ text"), "plain ~ text" },
		{ SPAN("\x1b[31mred"), "^[[31mred" },
		{ SPAN("\x1b]0;title\x07"), "^[]0;title^G" },
		{ SPAN("a\nb\tc\r"), "a^Jb^Ic^M" },
		{ SPAN("\0"), "^@" },
		{ SPAN("\x1f"), "^_" },
		{ SPAN("\x7f"), "<007F>" },
		{ SPAN("\xc2\x80"), "<0080>" },
		{ SPAN("\xc2\x9b" "31m"), "<009B>31m" },
		{ SPAN("\xc2\x9f"), "<009F>" },
		{ SPAN("\xc2\xa0"), "\xc2\xa0" },
		{ SPAN("\xc2\xad"), "<00AD>" },
		{ SPAN("\xd8\x9c"), "<061C>" },
		{ SPAN("\xe2\x80\x8b"), "<200B>" },
		{ SPAN("\xe2\x80\x8e"), "<200E>" },
		{ SPAN("\xe2\x80\x8f"), "<200F>" },
		{ SPAN("\xe2\x80\xa8"), "<2028>" },
		{ SPAN("\xe2\x80\xae" "fdp.exe"), "<202E>fdp.exe" },
		{ SPAN("\xe2\x81\xa0"), "<2060>" },
		{ SPAN("\xe2\x81\xa6"), "<2066>" },
		{ SPAN("\xe2\x81\xa9"), "<2069>" },
		{ SPAN("\xef\xbb\xbf"), "<FEFF>" },
		{ SPAN("\xef\xbf\xb9"), "<FFF9>" },
		{ SPAN("\xf3\xa0\x80\x81"), "<E0001>" },
		{ SPAN("\xf3\xa0\x81\xbf"), "<E007F>" },
		/* what scripts of India need stays */
		{ SPAN("\xe0\xa4\x95\xe0\xa5\x8d\xe2\x80\x8d\xe0\xa4\xb7"),
		    "\xe0\xa4\x95\xe0\xa5\x8d\xe2\x80\x8d\xe0\xa4\xb7" },
		{ SPAN("\xe2\x80\x8c"), "\xe2\x80\x8c" },
		{ SPAN("\xe2\x82\xb9"), "\xe2\x82\xb9" },
		{ SPAN("\xef\xbf\xbd"), "\xef\xbf\xbd" },
		{ SPAN("\xff"), "\xef\xbf\xbd" },
		{ SPAN("\xed\xa0\x80"),
		    "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd" },
	};
	struct str out;

	(void)state;
	str_init(&out, 4096);
	for (size_t i = 0; i < COUNT(rows); i++) {
		str_clear(&out);
		utf8_tame(rows[i].in, &out);
		assert_string_equal(out.p, rows[i].out);
	}
	str_free(&out);
}

/* Whatever goes in: no control byte comes out, it is UTF-8, and tame text
 * stays as it is. */
static void
tames_every_byte(void **state)
{
	struct str once, twice;
	char all[512];

	(void)state;
	for (int i = 0; i < 256; i++) {
		all[2 * i] = (char)i;
		all[2 * i + 1] = (char)(255 - i);
	}
	str_init(&once, 8192);
	str_init(&twice, 8192);
	utf8_tame((struct span){ all, sizeof all }, &once);
	for (size_t i = 0; i < once.n; i++)
		assert_true((unsigned char)once.p[i] >= 0x20 &&
		    once.p[i] != 0x7f);
	assert_true(utf8_valid(str_span(&once)));
	utf8_tame(str_span(&once), &twice);
	assert_string_equal(once.p, twice.p);
	str_free(&once);
	str_free(&twice);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(judges),
		cmocka_unit_test(steps),
		cmocka_unit_test(steps_over_all),
		cmocka_unit_test(measures),
		cmocka_unit_test(fits),
		cmocka_unit_test(clusters),
		cmocka_unit_test(cuts_whole_letters),
		cmocka_unit_test(tames),
		cmocka_unit_test(tames_every_byte),
	};

	if (setlocale(LC_CTYPE, "C.UTF-8") == NULL)
		return 77;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
