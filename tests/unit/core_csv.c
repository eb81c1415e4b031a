/*
 * CSV in and out: what RFC 4180 says is read, anything else is a fault that
 * names its line, and no cell that is written can start a formula.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/csv.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define NEXT "|"		/* between fields of the picture */

/* All records as one picture: "LINE:a|b;" each, and the fault at the end. */
static void
picture(struct span text, struct str *out)
{
	struct err e = { 0 };
	struct csv csv;

	str_clear(out);
	csv_open(&csv, text);
	while (csv_next(&csv, &e)) {
		str_addf(out, "%u:", csv.line);
		for (size_t i = 0; i < csv.n; i++) {
			str_adds(out, i > 0 ? NEXT : "");
			str_adds(out, csv_field(&csv, i));
		}
		str_addc(out, ';');
		assert_string_equal(csv_field(&csv, csv.n), "");
		assert_string_equal(csv_field(&csv, SIZE_MAX), "");
	}
	if (e.code != ERR_NONE)
		str_addf(out, "!%s", e.why);
	csv_close(&csv);
}

static void
reads(void **state)
{
	static const struct {
		struct span in;
		const char *out;
	} rows[] = {
		{ SPAN(""), "" },
		{ SPAN("\n\r\n\n"), "" },
		{ SPAN("a"), "1:a;" },
		{ SPAN("a,b\nc,d"), "1:a|b;2:c|d;" },
		{ SPAN("a,b\r\nc,d\r\n"), "1:a|b;2:c|d;" },
		{ SPAN("a\rb"), "1:a;1:b;" },
		{ SPAN(","), "1:|;" },
		{ SPAN(",,\n"), "1:||;" },
		{ SPAN("a,\n,b\n"), "1:a|;2:|b;" },
		{ SPAN(" a , b \n"), "1: a | b ;" },
		{ SPAN("a\n\n\nb\n"), "1:a;4:b;" },
		/* quotes */
		{ SPAN("\"a\",\"b\"\n"), "1:a|b;" },
		{ SPAN("\"\"\n"), "1:;" },
		{ SPAN("\"\",\"\""), "1:|;" },
		{ SPAN("\"a,b\",c"), "1:a,b|c;" },
		{ SPAN("\"a\"\"b\""), "1:a\"b;" },
		{ SPAN("\"\"\"\""), "1:\";" },
		{ SPAN("\"\"\"a\"\"\""), "1:\"a\";" },
		{ SPAN("\"a\nb\",c\nd"), "1:a\nb|c;3:d;" },
		{ SPAN("\"a\r\nb\"\r\nd"), "1:a\r\nb;3:d;" },
		{ SPAN("a,\"b\"\r\n\"c\""), "1:a|b;2:c;" },
		/* mark of byte order: once, at the start only */
		{ SPAN("\xef\xbb\xbf" "a,b"), "1:a|b;" },
		{ SPAN("\xef\xbb\xbf\"a\""), "1:a;" },
		{ SPAN("\xef\xbb\xbf"), "" },
		{ SPAN("\xef\xbb" "a"), "1:\xef\xbb" "a;" },
		{ SPAN("a\n\xef\xbb\xbf" "b"), "1:a;2:\xef\xbb\xbf" "b;" },
		/* faults */
		{ SPAN("\"a"), "!line 1: quote not closed" },
		{ SPAN("\""), "!line 1: quote not closed" },
		{ SPAN("\"a\"\""), "!line 1: quote not closed" },
		{ SPAN("x\n\"a\n\n"), "1:x;!line 2: quote not closed" },
		{ SPAN("\"a\"b"), "!line 1: text after a closing quote" },
		{ SPAN("\"a\" ,b"), "!line 1: text after a closing quote" },
		{ SPAN("a\n\"a\" \"b\""),
		    "1:a;!line 2: text after a closing quote" },
		{ SPAN("a\0b,c"), "!line 1: NUL in the text" },
		{ SPAN("a\n\"b\0\",c"), "1:a;!line 2: NUL in the text" },
	};
	struct str out;

	(void)state;
	str_init(&out, 4096);
	for (size_t i = 0; i < COUNT(rows); i++) {
		char *copy = malloc(rows[i].in.n + (rows[i].in.n == 0));

		memcpy(copy, rows[i].in.p, rows[i].in.n);
		picture((struct span){ copy, rows[i].in.n }, &out);
		free(copy);
		assert_string_equal(out.p, rows[i].out);
	}
	str_free(&out);
}

static bool
reads_one(const struct str *text, size_t *fields)
{
	struct err e = { 0 };
	struct csv csv;
	bool ok;

	csv_open(&csv, str_span(text));
	ok = csv_next(&csv, &e);
	*fields = csv.n;
	assert_int_equal(e.code, ok ? ERR_NONE : ERR_REQUEST);
	csv_close(&csv);
	return ok;
}

static void
bounds_fields(void **state)
{
	struct str text;
	size_t n;

	(void)state;
	str_init(&text, 4096);
	for (int i = 0; i < CSV_FIELDS_MAX - 1; i++)
		str_adds(&text, "x,");
	str_adds(&text, "x");
	assert_true(reads_one(&text, &n));
	assert_int_equal(n, CSV_FIELDS_MAX);
	str_adds(&text, ",");
	assert_false(reads_one(&text, &n));
	str_free(&text);
}

static void
bounds_record(void **state)
{
	struct str text;
	size_t n;

	(void)state;
	str_init(&text, 4 * CSV_RECORD_MAX);
	while (text.n < CSV_RECORD_MAX - 1)
		str_addc(&text, 'x');
	assert_true(reads_one(&text, &n));
	str_addc(&text, 'x');
	assert_false(reads_one(&text, &n));
	str_clear(&text);
	str_addc(&text, '"');
	while (text.n < 3 * CSV_RECORD_MAX)
		str_addc(&text, '\n');
	str_adds(&text, "\",a");
	assert_false(reads_one(&text, &n));
	str_free(&text);
}

static void
writes(void **state)
{
	static const struct {
		const char *in, *out;
	} rows[] = {
		{ "", "" },
		{ "a", "a" },
		{ "a b", "a b" },
		{ "a,b", "\"a,b\"" },
		{ "a\"b", "\"a\"\"b\"" },
		{ "\"", "\"\"\"\"" },
		{ "a\nb", "\"a\nb\"" },
		{ "a\rb", "\"a\rb\"" },
		{ "a'b", "a'b" },
		/* numbers stay numbers */
		{ "-5", "-5" },
		{ "-1180.00", "-1180.00" },
		{ "+91", "+91" },
		{ "+.5", "+.5" },
		{ "1180.00", "1180.00" },
		/* formulas are disarmed */
		{ "=1+1", "\"'=1+1\"" },
		{ "=HYPERLINK(\"http://x\",\"y\")",
		    "\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\"" },
		{ "+cmd|' /C calc'!A0", "\"'+cmd|' /C calc'!A0\"" },
		{ "-2+3", "\"'-2+3\"" },
		{ "-1.2.3", "\"'-1.2.3\"" },
		{ "-1e5", "\"'-1e5\"" },
		{ "-", "\"'-\"" },
		{ "+", "\"'+\"" },
		{ "-.", "\"'-.\"" },
		{ "--1", "\"'--1\"" },
		{ "@SUM(A1)", "\"'@SUM(A1)\"" },
		{ "\t=1", "\"'\t=1\"" },
		{ "\r=1", "\"'\r=1\"" },
		{ "a=1", "a=1" },
	};
	struct str out;

	(void)state;
	str_init(&out, 4096);
	for (size_t i = 0; i < COUNT(rows); i++) {
		str_clear(&out);
		csv_write(&out, span_of(rows[i].in));
		assert_string_equal(out.p, rows[i].out);
	}
	str_free(&out);
}

/* What was written is read back as it was, but for the apostrophe. */
static void
round_trip(void **state)
{
	static const char *const fields[] = {
		"plain", "a,b", "say \"x\"", "two\nlines", "\r\n", "", " x ",
		"-12.50", "\xe2\x82\xb9 100", "\"", "\"\"", ",", "'",
	};
	struct err e = { 0 };
	struct str out;
	struct csv csv;

	(void)state;
	str_init(&out, 4096);
	for (size_t i = 0; i < COUNT(fields); i++) {
		if (i > 0)
			str_addc(&out, ',');
		csv_write(&out, span_of(fields[i]));
	}
	str_adds(&out, "\r\n");
	csv_open(&csv, str_span(&out));
	assert_true(csv_next(&csv, &e));
	assert_int_equal(csv.n, COUNT(fields));
	for (size_t i = 0; i < COUNT(fields); i++)
		if (strcmp(fields[i], "\r\n") == 0)
			assert_string_equal(csv_field(&csv, i), "'\r\n");
		else
			assert_string_equal(csv_field(&csv, i), fields[i]);
	assert_false(csv_next(&csv, &e));
	assert_int_equal(e.code, ERR_NONE);
	csv_close(&csv);
	str_free(&out);
}

/* For a program nothing is added: an apostrophe would come back as data. */
static void
test_plain(void **state)
{
	static const char *const cases[][2] = {
		{ "=1+1", "=1+1" }, { "-x", "-x" }, { "@a", "@a" },
		{ "a,b", "\"a,b\"" }, { "a\"b", "\"a\"\"b\"" },
		{ "a\nb", "\"a\nb\"" }, { "", "" },
	};
	struct str out;

	(void)state;
	str_init(&out, 4096);
	for (size_t i = 0; i < COUNT(cases); i++) {
		str_clear(&out);
		csv_write_plain(&out, span_of(cases[i][0]));
		assert_string_equal(out.p, cases[i][1]);
	}
	str_free(&out);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads),
		cmocka_unit_test(bounds_fields),
		cmocka_unit_test(bounds_record),
		cmocka_unit_test(writes),
		cmocka_unit_test(round_trip),
		cmocka_unit_test(test_plain),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
