/* The API's JSON as structs: what is absent, what is odd, what is exact. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "wire/conflict.h"
#include "wire/gst.h"
#include "wire/gst_export.h"
#include "wire/shapes.h"
#include "wire/word.h"

static int
set_up(void **state)
{
	*state = arena_new();
	return 0;
}

static int
tear_down(void **state)
{
	struct arena *arena = *state;

	arena_free(&arena);
	return 0;
}

static void
event_keeps_amounts_as_text(void **state)
{
	struct wire_event ev;

	assert_true(shape_event(SPAN("{\"id\":\"E12\",\"seq\":12,"
	    "\"version\":3,\"amount\":\"0.10\",\"currency\":\"INR\","
	    "\"document\":null,\"findings\":[{\"code\":\"x\","
	    "\"fixable\":true,\"signature\":\"ab\"}],\"new\":[1]}"),
	    *state, &ev));
	assert_int_equal(ev.seq, 12);
	assert_int_equal(ev.version, 3);
	assert_string_equal(ev.amount, "0.10");
	assert_string_equal(ev.document, "");
	assert_int_equal(ev.findings.n, 1);
	assert_true(ev.findings.items[0].fixable);
	assert_int_equal(ev.n_journals, 0);
}

static void
what_is_not_of_the_shape_is_refused(void **state)
{
	struct wire_event ev;
	struct wire_events events;
	struct wire_status status;
	struct wire_change change;

	assert_false(shape_event(SPAN("{}"), *state, &ev));
	assert_false(shape_event(SPAN("[1,"), *state, &ev));
	assert_false(shape_event(SPAN(""), *state, &ev));
	assert_false(shape_events(SPAN("{\"items\":7}"), *state, &events));
	assert_false(shape_status(SPAN("null"), *state, &status));
	assert_false(shape_change(SPAN("{\"seq\":1}"), *state, &change));
}

static void
signature_has_ages_and_money(void **state)
{
	struct wire_signature one;

	assert_true(shape_signature(SPAN("{\"id\":\"0a\",\"count\":500,"
	    "\"amounts\":[{\"currency\":\"INR\",\"amount\":\"1.00\"},"
	    "{\"currency\":\"USD\",\"amount\":\"2.00\"}],"
	    "\"ages\":{\"0-2\":3,\"30+\":497}}"), *state, &one));
	assert_int_equal(one.count, 500);
	assert_int_equal(one.amounts.n, 2);
	assert_string_equal(one.amounts.items[1].currency, "USD");
	assert_int_equal(one.ages.n, 2);
	assert_string_equal(one.ages.items[1].name, "30+");
	assert_int_equal(one.ages.items[1].count, 497);
}

static void
change_carries_its_value_or_none(void **state)
{
	struct wire_change change;
	struct wire_event ev;

	assert_true(shape_change(SPAN("{\"seq\":7,\"topic\":\"event\","
	    "\"key\":\"E7\",\"value\":{\"id\":\"E7\",\"seq\":7}}"), *state,
	    &change));
	assert_int_equal(change.seq, 7);
	assert_true(shape_event(change.value, *state, &ev));
	assert_int_equal(ev.seq, 7);
	assert_true(shape_change(SPAN("{\"seq\":8,\"topic\":\"event\","
	    "\"key\":\"E7\",\"value\":null}"), *state, &change));
	assert_int_equal(change.value.n, 0);
}

static void
problem_says_code_and_detail(void **state)
{
	const char *code, *detail;

	shape_problem(SPAN("{\"code\":\"version.stale\",\"title\":\"t\"}"),
	    *state, &code, &detail);
	assert_string_equal(code, "version.stale");
	assert_string_equal(detail, "t");
	shape_problem(SPAN("<html>"), *state, &code, &detail);
	assert_string_equal(code, "");
	assert_string_equal(detail, "");
}

static void
pretty_changes_no_token(void **state)
{
	assert_string_equal(shape_pretty(SPAN("{\"a\":150.00,\"b\":[],"
	    "\"c\":\"x,\\\"{y\\u001b\"}"), *state), "{\n  \"a\": 150.00,\n"
	    "  \"b\": [],\n  \"c\": \"x,\\\"{y\\u001b\"\n}");
	assert_string_equal(shape_pretty(SPAN("not json"), *state),
	    "not json");
}

static void
rows_are_texts_of_paths(void **state)
{
	static const char *const paths[] = { "a.b", "n", "yes", "list.0.x",
	    "names", "a", "list.7.x", "list.-1.x" };
	struct wire_rows rows;

	assert_true(shape_rows(SPAN("{\"items\":[{\"a\":{\"b\":\"x\"},"
	    "\"n\":-7.50,\"yes\":true,\"list\":[{\"x\":\"first\"}],"
	    "\"names\":[\"p\",\"q\"]},{\"yes\":false,\"n\":null}],"
	    "\"next\":\"k\"}"), "items", paths, 8, *state, &rows));
	assert_int_equal(rows.n, 2);
	assert_string_equal(rows.next, "k");
	assert_string_equal(rows.texts[0], "x");
	assert_string_equal(rows.texts[1], "-7.50");
	assert_string_equal(rows.texts[2], "yes");
	assert_string_equal(rows.texts[3], "first");
	assert_string_equal(rows.texts[4], "p q");
	for (int i = 5; i < 16; i++)
		assert_string_equal(rows.texts[i], "");
	assert_false(shape_rows(SPAN("{\"items\":{}}"), "items", paths, 8,
	    *state, &rows));
	assert_false(shape_rows(SPAN("[]"), "items", paths, 8, *state,
	    &rows));
}

static void
rows_of_inner_lists_follow_each_other(void **state)
{
	static const char *const paths[] = { "i" };
	struct wire_rows rows;

	assert_true(shape_rows(SPAN("{\"items\":[{\"lines\":[{\"i\":1},"
	    "{\"i\":2}]},{},{\"lines\":[{\"i\":3}]}],\"next\":null}"),
	    "items/lines", paths, 1, *state, &rows));
	assert_int_equal(rows.n, 3);
	assert_string_equal(rows.texts[0], "1");
	assert_string_equal(rows.texts[2], "3");
	assert_string_equal(rows.next, "");
}

static void
record_has_its_etag_or_is_none(void **state)
{
	struct wire_record record;

	assert_true(shape_record(SPAN("{\"table\":\"account\",\"key\":"
	    "\"1\",\"etag\":\"\\\"R1\\\"\",\"row\":{\"name\":\"n\","
	    "\"to\":null}}"), *state, &record));
	assert_string_equal(record.etag, "\"R1\"");
	assert_int_equal(record.n, 2);
	assert_string_equal(record.fields[1].value, "");
	assert_false(shape_record(SPAN("{\"row\":{\"a\":\"b\"}}"), *state,
	    &record));
}

#define DOC(number) "{\"kind\":\"sales_invoice\",\"entity\":\"IN01\"," \
	"\"number\":\"" number "\",\"date\":\"2026-10-02\"," \
	"\"currency\":\"INR\",\"total\":100,\"tax\":0,\"lines\":[]}"
#define PART(number, contested, incoming) "{\"part\":0," \
	"\"entity\":\"IN01\",\"current_version\":2,\"base_version\":null," \
	"\"base\":null,\"current\":" DOC(number) ",\"contested\":" \
	contested ",\"incoming\":" incoming "}"

static void
conflict_is_of_what_is_contested(void **state)
{
	struct wire_conflict c;

	assert_true(shape_conflict(SPAN("{\"event\":\"E1\",\"version\":3,"
	    "\"findings\":[],\"documents\":["
	    PART("A", "false", DOC("A")) "," PART("B", "true", DOC("B"))
	    "]}"), *state, &c));
	assert_int_equal(c.version, 3);
	assert_int_equal(c.n, 1);
	assert_string_equal(c.parts[0].incoming->number, "B");
	assert_null(c.parts[0].base);
	assert_int_equal(c.parts[0].current->total, 100);
	assert_string_equal(c.parts[0].current_version, "2");
	assert_string_equal(c.parts[0].base_version, "");
	assert_true(shape_conflict(SPAN("{\"documents\":["
	    PART("A", "false", DOC("A")) "]}"), *state, &c));
	assert_int_equal(c.n, 1);
	assert_false(shape_conflict(SPAN("{\"documents\":["
	    PART("A", "true", "null") "]}"), *state, &c));
	assert_false(shape_conflict(SPAN("{\"documents\":["
	    PART("A", "true", "{\"kind\":\"x\"}") "]}"), *state, &c));
	assert_false(shape_conflict(SPAN("{\"documents\":[]}"), *state, &c));
	assert_false(shape_conflict(SPAN("{"), *state, &c));
}

static void
preview_has_effects_and_findings(void **state)
{
	struct wire_preview p;

	assert_true(shape_preview(SPAN("{\"documents\":[],\"findings\":["
	    "{\"code\":\"x\",\"level\":\"block\"}],\"effect\":["
	    "{\"entity\":\"IN01\",\"account\":\"4000\",\"currency\":"
	    "\"INR\",\"before\":\"-1.00\",\"after\":\"-2.00\","
	    "\"change\":\"-1.00\"}],\"tax\":[{\"tax_code\":\"GST18\","
	    "\"change\":\"0.18\"}]}"), *state, &p));
	assert_int_equal(p.findings.n, 1);
	assert_int_equal(p.n_effects, 1);
	assert_string_equal(p.effects[0].account, "4000");
	assert_string_equal(p.effects[0].change, "-1.00");
	assert_string_equal(p.taxes[0].account, "GST18");
	assert_string_equal(p.taxes[0].before, "");
	assert_false(shape_preview(SPAN("{\"effect\":null}"), *state, &p));
}

static void
summary_of_a_return(void **state)
{
	struct wire_gst_summary s;

	assert_true(shape_gst_summary(SPAN("{\"gstin\":\"27X\","
	    "\"period\":\"102026\",\"state\":\"open\",\"sections\":[],"
	    "\"due\":[{\"form\":\"gstr1\",\"date\":\"2026-11-11\","
	    "\"days\":-2}],\"unplaced\":{\"documents\":3},"
	    "\"changed\":{\"since\":null,\"documents\":0}}"), *state, &s));
	assert_string_equal(s.period, "102026");
	assert_int_equal(s.n_due, 1);
	assert_string_equal(s.due[0].days, "-2");
	assert_string_equal(s.unplaced, "3");
	assert_string_equal(s.filing, "");
	assert_false(shape_gst_summary(SPAN("{\"sections\":null}"), *state,
	    &s));
	assert_false(shape_gst_summary(SPAN("[]"), *state, &s));
}

static void
receipt_of_an_export(void **state)
{
	struct wire_gst_export x;

	assert_true(shape_gst_export(SPAN("{\"export\":\"X3\","
	    "\"state\":\"running\",\"done\":7,\"total\":0,"
	    "\"files\":null,\"warnings\":[]}"), *state, &x));
	assert_false(x.ended);
	assert_int_equal(x.done, 7);
	assert_int_equal(x.n_files, 0);
	assert_true(shape_gst_export(SPAN("{\"export\":\"X3\","
	    "\"state\":\"done\",\"files\":[{\"name\":\"a.csv\","
	    "\"bytes\":9007199254740993,\"rows\":2,\"sha256\":\"ab\"}],"
	    "\"warnings\":[{\"sentence\":\"Odd.\",\"count\":4}]}"),
	    *state, &x));
	assert_true(x.ended);
	assert_true(x.files[0].bytes == INT64_C(9007199254740993));
	assert_string_equal(x.warnings[0].sentence, "Odd.");
	assert_false(shape_gst_export(SPAN("{\"state\":\"done\"}"), *state,
	    &x));
}

static void
what_was_said_of_rows(void **state)
{
	static const char *const paths[] = { "a.b", "c", "d" };
	struct wire_gst_said said;
	const char *t[3];

	assert_true(shape_gst_said(SPAN("{\"decision\":\"D9\",\"done\":2,"
	    "\"skipped\":1,\"items\":[{\"item\":\"R1\","
	    "\"why\":\"filed\"}]}"), *state, &said));
	assert_string_equal(said.decision, "D9");
	assert_int_equal(said.done, 2);
	assert_string_equal(said.why, "filed");
	assert_false(shape_gst_said(SPAN("{\"done\":2}"), *state, &said));
	assert_true(shape_texts(SPAN("{\"a\":{\"b\":1.50},\"c\":true}"),
	    paths, 3, *state, t));
	assert_string_equal(t[0], "1.50");
	assert_string_equal(t[1], "yes");
	assert_string_equal(t[2], "");
}

/* Said by a number and a sentence, or row by row; nothing is kept quiet. */
static void
what_was_left_out(void **state)
{
	struct wire_said said;

	assert_true(shape_said(SPAN("{\"done\":4,\"refused\":2,"
	    "\"why\":\"J1 is done\",\"unknown\":0}"), *state, &said));
	assert_string_equal(said.done, "4");
	assert_string_equal(said.refused, "2");
	assert_string_equal(said.why, "J1 is done");
	assert_string_equal(said.unknown, "");
	assert_true(shape_said(SPAN("{\"done\":1,\"held\":1,\"refused\":"
	    "[{\"id\":\"T4\",\"why\":\"it is under way\"},"
	    "{\"id\":\"T5\",\"why\":\"it is closed\"}]}"), *state,
	    &said));
	assert_string_equal(said.refused, "2");
	assert_string_equal(said.why, "it is under way");
	assert_string_equal(said.held, "1");
	assert_true(shape_said(SPAN("{\"done\":1,\"refused\":1,"
	    "\"skipped\":[{\"why\":\"it has moved on\"}],\"adjusting\":"
	    "{\"event\":\"E7\",\"state\":\"held\"}}"), *state, &said));
	assert_string_equal(said.refused, "1");
	assert_string_equal(said.why, "it has moved on");
	assert_string_equal(said.event, "E7");
	assert_true(shape_said(SPAN("{\"done\":2,\"refused\":[]}"), *state,
	    &said));
	assert_string_equal(said.refused, "");
	assert_string_equal(said.why, "");
	assert_string_equal(said.held, "");
	assert_false(shape_said(SPAN("[]"), *state, &said));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(event_keeps_amounts_as_text),
		cmocka_unit_test(what_is_not_of_the_shape_is_refused),
		cmocka_unit_test(signature_has_ages_and_money),
		cmocka_unit_test(change_carries_its_value_or_none),
		cmocka_unit_test(problem_says_code_and_detail),
		cmocka_unit_test(pretty_changes_no_token),
		cmocka_unit_test(rows_are_texts_of_paths),
		cmocka_unit_test(rows_of_inner_lists_follow_each_other),
		cmocka_unit_test(record_has_its_etag_or_is_none),
		cmocka_unit_test(conflict_is_of_what_is_contested),
		cmocka_unit_test(preview_has_effects_and_findings),
		cmocka_unit_test(summary_of_a_return),
		cmocka_unit_test(receipt_of_an_export),
		cmocka_unit_test(what_was_said_of_rows),
		cmocka_unit_test(what_was_left_out),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
