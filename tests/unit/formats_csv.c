/* CSV and JSON Lines as files: rows in, records out, the same in pieces. */
#include "unit/formats_feed.h"

static void
csv_reads(void **state)
{
	static const struct {
		struct span in;
		const char *out;
	} rows[] = {
		{ SPAN(""), "end: there is no row that names the columns" },
		{ SPAN("\r\n\n"),
		    "end: there is no row that names the columns" },
		{ SPAN("a,b\n"), "end" },
		{ SPAN("a,b\n1,2\n"), "2 row {\"a\":\"1\",\"b\":\"2\"}\nend" },
		{ SPAN("a,b\r\n1,2\r\n\r\n3,4"),
		    "2 row {\"a\":\"1\",\"b\":\"2\"}\n"
		    "4 row {\"a\":\"3\",\"b\":\"4\"}\nend" },
		{ SPAN("\xef\xbb\xbf" "a\n1"), "2 row {\"a\":\"1\"}\nend" },
		{ SPAN("\xef\xbb" "a\n1"),
		    "2 row {\"\xc3\xaf\xc2\xbb" "a\":\"1\"}\nend" },
		{ SPAN("\xef\xbb"), "end" },
		{ SPAN("a;b,c\n1;2,3\n"),
		    "2 row {\"a\":\"1\",\"b,c\":\"2,3\"}\nend" },
		{ SPAN("\"a,b\"\tc\n\"1\t2\"\t3\n"),
		    "2 row {\"a,b\":\"1\\t2\",\"c\":\"3\"}\nend" },
		/* quotes */
		{ SPAN("a,b\n\"x\ny\",\"say \"\"z\"\"\"\n5,6\n"),
		    "2 row {\"a\":\"x\\ny\",\"b\":\"say \\\"z\\\"\"}\n"
		    "4 row {\"a\":\"5\",\"b\":\"6\"}\nend" },
		{ SPAN("a\n\"\"\n"), "2 row {\"a\":\"\"}\nend" },
		{ SPAN("a,b\n,\n"), "2 row {\"a\":\"\",\"b\":\"\"}\nend" },
		{ SPAN("a\n\"x\" y\nz\n"), "!text after a closing quote: "
		    "2 row {\"a\":\"x y\","
		    "\"wrong\":\"text after a closing quote\"}\n"
		    "3 row {\"a\":\"z\"}\nend" },
		{ SPAN("a\nx\n\"y\n"), "2 row {\"a\":\"x\"}\n"
		    "!a quote is not closed: 3 row {\"a\":\"y\\n\","
		    "\"wrong\":\"a quote is not closed\"}\nend" },
		/* fields */
		{ SPAN("a,b\n1\n1,2,3,4\n"),
		    "!1 fields where the first row has 2: 2 row {\"a\":\"1\","
		    "\"wrong\":\"1 fields where the first row has 2\"}\n"
		    "!4 fields where the first row has 2: 3 row "
		    "{\"a\":\"1\",\"b\":\"2\",\"rest\":[\"3\",\"4\"],"
		    "\"wrong\":\"4 fields where the first row has 2\"}\nend" },
		{ SPAN(" a ,a,,wrong,a_2\n1,2,3,4,5\n"),
		    "2 row {\"a\":\"1\",\"a_2\":\"2\",\"column_3\":\"3\","
		    "\"wrong_4\":\"4\",\"a_2_5\":\"5\"}\nend" },
		/* ISO 8859-1, row by row; a NUL, and other controls */
		{ SPAN("a\nM\xfcller\nM\xc3\xbcller\n"),
		    "2 row {\"a\":\"M\xc3\xbcller\"}\n"
		    "3 row {\"a\":\"M\xc3\xbcller\"}\nend" },
		{ SPAN("a\nx\0y\n\x1b[2J\n"),
		    "!a NUL in the text: 2 row {\"a\":\"x\\u001ay\","
		    "\"wrong\":\"a NUL in the text\"}\n"
		    "3 row {\"a\":\"\\u001b[2J\"}\nend" },
		{ SPAN("a\0\nx\ny\n"), "end: line 1: the row of names cannot "
		    "be used: a NUL in the text" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		feed_equal(format_find("csv"), rows[i].in, rows[i].out);
}

static void
csv_bounds(void **state)
{
	struct str text, out;

	(void)state;
	str_init(&text, 8 << 20);
	str_init(&out, PICTURE_MAX);
	/* a quote that is never closed takes one row, not the file */
	str_adds(&text, "a\n\"");
	for (int i = 0; i < RECORD_MAX / 2 + 2; i++)
		str_adds(&text, "x\n");
	feed_pieces(format_find("csv"), str_span(&text), 4096, &out);
	assert_non_null(strstr(out.p, "!the row is too large: 2 row "
	    "{\"wrong\":\"the row is too large\"}\n"));
	assert_non_null(strstr(out.p, "row {\"a\":\"x\"}\nend"));
	/* fits as text, not as JSON */
	str_clear(&text);
	str_adds(&text, "a\n");
	for (int i = 0; i < RECORD_MAX / 2; i++)
		str_addc(&text, '\x01');
	str_adds(&text, "\ny\n");
	feed_pieces(format_find("csv"), str_span(&text), 4096, &out);
	assert_string_equal(out.p, "!the row is too large: 2 row "
	    "{\"wrong\":\"the row is too large\"}\n3 row {\"a\":\"y\"}\nend");
	/* columns */
	str_clear(&text);
	for (int i = 0; i < 256; i++)
		str_adds(&text, ",");
	feed_pieces(format_find("csv"), str_span(&text), 4096, &out);
	assert_string_equal(out.p, "end: line 1: the row of names cannot be "
	    "used: too many fields");
	str_free(&text);
	str_free(&out);
}

static void
csv_broken(void **state)
{
	(void)state;
	feed_broken(format_find("csv"), SPAN("\xef\xbb\xbf" "a,b,c\r\n"
	    "1,\"x \"\"y\"\"\",M\xfc\r\n\"2\r\n\",,\r\n\r\n3,4,5"));
}

static void
jsonl_reads(void **state)
{
	static const struct {
		struct span in;
		const char *out;
	} rows[] = {
		{ SPAN(""), "end" },
		{ SPAN("\n \r\n"), "end" },
		{ SPAN("{\"a\": 1.50}\r\n\n{\"type\":\"x.y\"}"),
		    "1 row {\"a\": 1.50}\n3 x.y {\"type\":\"x.y\"}\nend" },
		{ SPAN("{\"event\":\"e\",\"topic\":\"t\"}\n"),
		    "1 e {\"event\":\"e\",\"topic\":\"t\"}\nend" },
		{ SPAN("{\"event\":{},\"topic\":\"t\"}\n"),
		    "1 t {\"event\":{},\"topic\":\"t\"}\nend" },
		{ SPAN("{\"type\":\"\"}\n"), "1 row {\"type\":\"\"}\nend" },
		{ SPAN("[1]\n{}\n"), "!it is no JSON object: 1 row [1]\n"
		    "2 row {}\nend" },
		{ SPAN("{\"a\":1\n"), "!json.syntax at byte 6: 1 row "
		    "{\"a\":1\nend" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		feed_equal(format_find("jsonl"), rows[i].in, rows[i].out);
	feed_broken(format_find("jsonl"),
	    SPAN("\xef\xbb\xbf{\"type\":\"x\",\"a\":[1,{}]}\n\n{\"b\":2}"));
}

static void
jsonl_bounds(void **state)
{
	struct str text, out;

	(void)state;
	str_init(&text, 8 << 20);
	str_init(&out, PICTURE_MAX);
	str_adds(&text, "{\"a\":\"");
	for (int i = 0; i < RECORD_MAX; i++)
		str_addc(&text, 'x');
	str_adds(&text, "\"}\n{\"b\":1}\n");
	feed_pieces(format_find("jsonl"), str_span(&text), 4096, &out);
	assert_string_equal(out.p, "!the line is too large: 1 row "
	    "{\"wrong\":\"the line is too large\"}\n2 row {\"b\":1}\nend");
	str_free(&text);
	str_free(&out);
}

static void
finds(void **state)
{
	(void)state;
	assert_null(format_find("nothing"));
	assert_null(format_of_file("csv"));
	assert_null(format_of_file("a.c"));
	assert_null(format_of_file("a."));
	assert_string_equal(format_of_file("a.b/Sales.CSV")->name, "csv");
	assert_string_equal(format_of_file("x.ndjson")->name, "jsonl");
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(csv_reads),
		cmocka_unit_test(csv_bounds),
		cmocka_unit_test(csv_broken),
		cmocka_unit_test(jsonl_reads),
		cmocka_unit_test(jsonl_bounds),
		cmocka_unit_test(finds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
