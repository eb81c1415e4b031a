/* A document as it is kept, and as somebody writes it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>
#include <cmocka.h>

#include "book/document.h"
#include "core/json.h"

#define HEAD "\"kind\":\"payment\",\"entity\":\"IN01\",\"number\":\"P\"," \
	"\"date\":\"2026-10-05\",\"currency\":\"INR\",\"total\":5"
#define LINES "\"lines\":[{\"type\":\"entry\",\"amount\":5}]"

static bool
read_text(const char *text, struct arena *arena, struct document *out,
    const char **wrong)
{
	struct json_where where;
	struct str quoted;
	cJSON *tree;
	bool ok;

	str_init(&quoted, 1 << 20);
	assert_int_equal(json_quote(span_of(text), JSON_DEPTH_MAX, &quoted,
	    &where), JSON_OK);
	tree = json_parse(str_span(&quoted));
	assert_non_null(tree);
	ok = document_read(tree, arena, out, wrong);
	cJSON_Delete(tree);
	str_free(&quoted);
	return ok;
}

/* Whatever is kept can be read, edited and sent back. */
static void
test_same_way_back(void **state)
{
	static const char text[] = "{\"kind\":\"sales_invoice\","
	    "\"entity\":\"IN01\",\"number\":\"A\",\"date\":\"2026-09-30\","
	    "\"posting_date\":\"2026-10-01\",\"void\":true,\"party\":\"C\","
	    "\"currency\":\"INR\",\"total\":-5,\"tax\":1,\"channel\":\"c\","
	    "\"reference\":\"r\",\"memo\":\"m \\\"q\\\"\","
	    "\"order_number\":\"O\",\"after_kind\":\"payment\","
	    "\"after_number\":\"P\",\"batch\":\"B\",\"control_total\":7,"
	    "\"control_count\":2,\"base_version\":3,\"revision\":\"x\","
	    "\"gst\":{\"gstin\":\"g\",\"party_gstin\":\"pg\","
	    "\"party_name\":\"n\",\"category\":\"sez\",\"place\":\"27\","
	    "\"pin\":\"400001\",\"supply\":\"cbw\",\"operator\":\"o\","
	    "\"seller\":\"s\",\"original\":\"I\","
	    "\"original_date\":\"2026-08-01\",\"port\":\"INNSA1\","
	    "\"bill\":\"77\",\"bill_date\":\"2026-10-02\","
	    "\"credit\":\"blocked\",\"reverse_charge\":true,"
	    "\"reduced\":true,\"counter\":true,\"debit_note\":true},"
	    "\"lines\":[{\"type\":\"sale\",\"account\":\"1\",\"party\":\"p\","
	    "\"cost_centre\":\"cc\",\"tax_code\":\"t\",\"item\":\"i\","
	    "\"location\":\"l\",\"memo\":\"m\",\"quantity\":\"1.5\","
	    "\"amount\":-999999999999999,\"cost\":4,\"hsn\":\"6205\","
	    "\"unit\":\"PCS\",\"supply\":\"nil\",\"head\":\"igst\"},"
	    "{\"type\":\"tax\",\"amount\":0}]}";
	struct arena *arena = arena_new();
	struct document d;
	const char *wrong;
	struct str out;

	(void)state;
	for (int decoded = 0; decoded < 2; decoded++) {
		if (decoded)
			assert_true(document_decode(span_of(text), arena,
			    &d));
		else
			assert_true(read_text(text, arena, &d, &wrong));
		str_init(&out, 1 << 20);
		document_encode(&d, &out);
		assert_string_equal(out.p, text);
		str_free(&out);
		assert_string_equal(document_posting(&d).text, "2026-10-01");
	}
	arena_free(&arena);
}

static void
test_refused(void **state)
{
	static const struct {
		const char *text, *wrong;
	} cases[] = {
		{ "[]", "" },
		{ "{}", "kind" },
		{ "{" HEAD "}", "lines" },
		{ "{" HEAD ",\"lines\":{}}", "lines" },
		{ "{" HEAD ",\"lines\":[1]}", "lines[0]" },
		{ "{" HEAD ",\"lines\":[{\"type\":\"a\",\"amount\":1},"
		    "{\"amount\":1}]}", "lines[1].type" },
		{ "{" HEAD ",\"lines\":[{\"type\":\"a\"}]}",
		    "lines[0].amount" },
		{ "{" HEAD ",\"lines\":[{\"type\":\"a\",\"amount\":1,"
		    "\"x\":\"y\"}]}", "lines[0].x" },
		{ "{" HEAD "," LINES ",\"tax\":1.0}", "tax" },
		{ "{" HEAD "," LINES ",\"tax\":1e3}", "tax" },
		{ "{" HEAD "," LINES ",\"tax\":1000000000000000}", "tax" },
		{ "{" HEAD "," LINES ",\"tax\":true}", "tax" },
		{ "{" HEAD "," LINES ",\"memo\":{}}", "memo" },
		{ "{" HEAD "," LINES ",\"void\":\"true\"}", "void" },
		{ "{" HEAD "," LINES ",\"posting_date\":\"2026-02-30\"}",
		    "posting_date" },
		{ "{" HEAD "," LINES ",\"base\":1}", "base" },
		{ "{" HEAD "," LINES ",\"gst\":1}", "gst" },
		{ "{" HEAD "," LINES ",\"gst\":{\"x\":1}}", "gst.x" },
		{ "{" HEAD "," LINES ",\"gst\":{\"place\":true}}",
		    "gst.place" },
		{ "{" HEAD "," LINES ",\"gst\":{\"reduced\":\"true\"}}",
		    "gst.reduced" },
		{ "{" HEAD "," LINES ",\"gst\":{\"bill_date\":\"2.10.26\"}}",
		    "gst.bill_date" },
	};
	struct arena *arena = arena_new();
	struct document d;
	const char *wrong;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		if (read_text(cases[i].text, arena, &d, &wrong))
			fail_msg("taken: %s", cases[i].text);
		assert_string_equal(wrong, cases[i].wrong);
	}
	assert_true(read_text("{" HEAD "," LINES ",\"memo\":null,"
	    "\"party\":\"\"}", arena, &d, &wrong));
	assert_null(d.memo);
	assert_null(d.party);
	assert_true(read_text("{" HEAD "," LINES ",\"gst\":{\"place\":null,"
	    "\"pin\":\"\",\"counter\":false}}", arena, &d, &wrong));
	assert_null(d.gst);
	assert_int_equal(d.base_version, -1);
	assert_int_equal(d.control_count, -1);
	assert_false(d.voided || d.has_control);
	arena_free(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_same_way_back),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
