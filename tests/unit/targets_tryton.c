/*
 * What a Tryton says, by either protocol: values, amounts as databases write
 * them, faults and whose matter they are, moves as postings.
 */
#include "targets/tryton.h"
#include "own_arena.h"

static const struct tryton books = { .currency = "INR", .party = "" };

static struct tryton_answer
heard(const struct tryton_protocol *protocol, const char *text)
{
	struct tryton_answer answer;
	struct err e = { 0 };

	assert_true(protocol->answer(span_of(text), arena, &answer, &e));
	return answer;
}

static void
not_heard(const struct tryton_protocol *protocol, const char *text)
{
	struct tryton_answer answer;
	struct err e = { 0 };

	assert_false(protocol->answer(span_of(text), arena, &answer, &e));
	assert_int_equal(e.code, ERR_UNREACHABLE);
	assert_true(e.why[0] != '\0');
}

/* ---- amounts and days ------------------------------------------------- */

static void
amounts_are_digits_however_they_are_written(void **state)
{
	static const struct {
		const char *said, *is;	/* NULL: none */
	} all[] = {
		{ "1180.00", "1180.00" }, { "-0.01", "-0.01" },
		{ "0", "0" }, { "1E+3", "1000" }, { "1.5E+1", "15" },
		{ "1.180E+3", "1180" }, { "9999999999999.99",
		    "9999999999999.99" }, { "1E-2", "0.01" },
		{ "12e-3", "0.012" }, { "-1.5e2", "-150" },
		{ "", NULL }, { "-", NULL }, { ".", NULL }, { "1.2.3", NULL },
		{ "1e", NULL }, { "1e999", NULL }, { "NaN", NULL },
		{ "Infinity", NULL }, { "1 000", NULL }, { "0x10", NULL },
		{ "1E+99", NULL },
		{ "11111111111111111111111111111111111111111", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		struct tv *group = tv_new(arena, TV_GROUP);
		const char *text;

		tv_put(group, "debit", tv_decimal(arena, all[i].said));
		text = tv_amount(group, "debit", arena);
		if (all[i].is == NULL)
			assert_null(text);
		else
			assert_string_equal(text, all[i].is);
	}
}

static void
days_are_real_days(void **state)
{
	struct tv *group = tv_new(arena, TV_GROUP);
	struct tv *wrong = tv_new(arena, TV_GROUP);
	struct day day, read;

	(void)state;
	assert_true(day_parse(SPAN("2028-02-29"), &day));
	tv_put(group, "date", tv_day(arena, day));
	assert_true(tv_date(group, "date", &read));
	assert_string_equal(read.text, "2028-02-29");
	tv_put(wrong, "__class__", tv_text(arena, "date"));
	tv_put(wrong, "year", tv_int(arena, 2027));
	tv_put(wrong, "month", tv_int(arena, 2));
	tv_put(wrong, "day", tv_int(arena, 29));
	tv_put(group, "wrong", wrong);
	assert_false(tv_date(group, "wrong", &read));
	assert_false(tv_date(group, "absent", &read));
}

/* ---- both protocols --------------------------------------------------- */

static void
both_read_the_same_values(void **state)
{
	const struct tv *a = heard(&tryton_json, "{\"id\":1,\"result\":[{"
	    "\"id\":7,\"name\":\"a & <b>\",\"on\":true,\"none\":null,\"l\":"
	    "[1,[2]]}]}").result->first;
	const struct tv *b = heard(&tryton_xml, "<?xml version='1.0'?>"
	    "<methodResponse><params><param><value><array><data><value>"
	    "<struct><member><name>id</name><value><int>7</int></value>"
	    "</member><member><name>name</name><value>a &amp; &lt;b&gt;"
	    "</value></member><member><name>on</name><value><boolean>1"
	    "</boolean></value></member><member><name>none</name><value>"
	    "<nil/></value></member><member><name>l</name><value><array>"
	    "<data><value><i8>1</i8></value><value><array><data><value><int>2"
	    "</int></value></data></array></value></data></array></value>"
	    "</member></struct></value></data></array></value></param>"
	    "</params></methodResponse>").result->first;
	const struct tv *each[] = { a, b };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(tv_id(each[i], "id"), 7);
		assert_string_equal(tv_word(each[i], "name"), "a & <b>");
		assert_true(tv_true(each[i], "on"));
		assert_int_equal(tv_get(each[i], "none")->kind, TV_NIL);
		assert_int_equal(tv_number(tv_get(each[i], "l")->first), 1);
		assert_int_equal(tv_number(
		    tv_get(each[i], "l")->last->first), 2);
		assert_int_equal(tv_id(each[i], "name"), 0);
		assert_string_equal(tv_word(each[i], "absent"), "");
	}
}

static void
what_is_no_answer_is_not_heard(void **state)
{
	(void)state;
	not_heard(&tryton_json, "");
	not_heard(&tryton_json, "{\"id\":1}");
	not_heard(&tryton_json, "<html>");
	not_heard(&tryton_xml, "");
	not_heard(&tryton_xml, "<methodResponse></methodResponse>");
	not_heard(&tryton_xml, "<methodResponse><params><param><value>1");
	not_heard(&tryton_xml, "<!DOCTYPE a [<!ENTITY b 'c'>]><methodResponse>"
	    "<params><param><value>&b;</value></param></params>"
	    "</methodResponse>");
	not_heard(&tryton_xml, "<methodResponse><params><param><value>"
	    "<struct><member><value>1</value></member></struct></value>"
	    "</param></params></methodResponse>");
}

/* ---- faults ----------------------------------------------------------- */

static void
faults_are_whose_matter_they_are(void **state)
{
	static const struct {
		const char *error;	/* of JSON */
		enum tryton_fault fault;
		enum refusal refusal;
		const char *words;
	} all[] = {
		{ "[\"UserError\",[\"The date of move \\\"3\\\" is outside "
		    "the period.\",\"\",null]]", TRYTON_USER, REFUSAL_PERIOD,
		    "The date of move \"3\" is outside the period." },
		{ "[\"UserError\",[\"A value is required for field "
		    "\\\"Party\\\" in \\\"Account Move Line\\\".\",\"\",null]]",
		    TRYTON_USER, REFUSAL_MAPPING, "A value is required for "
		    "field \"Party\" in \"Account Move Line\"." },
		{ "[\"UserError\",[\"To create a line on account \\\"Prior "
		    "period\\\", you must unclose it.\",\"\",null]]",
		    TRYTON_USER, REFUSAL_MAPPING, "To create a line on account "
		    "\"Prior period\", you must unclose it." },
		{ "[\"UserError\",[\"You are not allowed to access "
		    "\\\"Period\\\".\",\"\",null]]", TRYTON_USER,
		    REFUSAL_RIGHTS,
		    "You are not allowed to access \"Period\"." },
		{ "[\"UserError\",[\"To post move, you must balance.\",\"\","
		    "null]]", TRYTON_USER, REFUSAL_DATA,
		    "To post move, you must balance." },
		{ "[\"UserWarning\",[\"move_1\",\"Sure?\",\"\"]]",
		    TRYTON_WARNING, REFUSAL_RIGHTS, "Sure?" },
		{ "[\"ConcurrencyException\",\"Records were modified in the "
		    "meanwhile\"]", TRYTON_CONCURRENCY, REFUSAL_CONFLICT,
		    "Records were modified in the meanwhile" },
		{ "[\"LoginException\",[\"password\",\"Again\",\"password\"]]",
		    TRYTON_LOGIN, REFUSAL_RIGHTS, "Again" },
		{ "[\"'no.such'\",\"Traceback ..\"]", TRYTON_OTHER,
		    REFUSAL_CONNECTION, "'no.such'" },
		{ "[]", TRYTON_OTHER, REFUSAL_CONNECTION, "" },
		{ "\"no\"", TRYTON_OTHER, REFUSAL_CONNECTION, "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		struct tryton_answer answer = heard(&tryton_json,
		    arena_printf(arena, "{\"id\":1,\"error\":%s}",
		    all[i].error));
		struct tryton_said said = { .fault = answer.fault,
		    .words = answer.words };

		assert_null(answer.result);
		assert_int_equal(answer.fault, all[i].fault);
		assert_string_equal(answer.words, all[i].words);
		assert_int_equal(tryton_refusal(&said), all[i].refusal);
	}
}

static void
xml_says_the_same_of_a_fault(void **state)
{
	struct tryton_answer answer;

	(void)state;
	for (int code = 1; code <= 5; code++) {
		answer = heard(&tryton_xml, arena_printf(arena,
		    "<methodResponse><fault><value><struct><member><name>"
		    "faultCode</name><value><int>%d</int></value></member>"
		    "<member><name>faultString</name><value><string>Words - "
		    "</string></value></member></struct></value></fault>"
		    "</methodResponse>", code));
		assert_null(answer.result);
		assert_int_equal(answer.fault, code);
		assert_string_equal(answer.words, "Words");
	}
}

/* ---- moves ------------------------------------------------------------ */

static const char move[] = "{\"id\":1,\"result\":[{\"id\":12,"
    "\"number\":\"4\",\"post_number\":%s,\"state\":\"%s\",\"_timestamp\":"
    "\"1795233712.573597\",\"date\":{\"__class__\":\"date\",\"year\":2026,"
    "\"month\":10,\"day\":5},\"description\":\"%s\",\"write_uid.\":"
    "{\"rec_name\":\"Asha\"},\"lines.\":[{\"account.\":{\"code\":\"1000\","
    "\"name\":\"Bank\"},\"party.\":null,\"debit\":{\"__class__\":"
    "\"Decimal\",\"decimal\":\"118\"},\"credit\":{\"__class__\":"
    "\"Decimal\",\"decimal\":\"%s\"}}]}]}";

static bool
read_move(const char *number, const char *state, const char *description,
    const char *credit, struct remote *out)
{
	struct str text;
	struct tryton_answer answer;
	struct err e = { 0 };
	bool ok;

	str_init(&text, 4096);
	str_addf(&text, move, number, state, description, credit);
	answer = heard(&tryton_json, text.p);
	ok = tryton_remote(&books, answer.result->first, arena, out, &e);
	assert_true(ok || e.code == ERR_UNREACHABLE);
	str_free(&text);
	return ok;
}

static void
a_move_is_read_whole_or_not_at_all(void **state)
{
	struct remote r;

	(void)state;
	assert_true(read_move("\"P-1\"", "posted",
	    "bahi-IN01-000000000012 sale", "0", &r));
	assert_string_equal(r.reference, "bahi-IN01-000000000012");
	assert_string_equal(r.remote, "12");
	assert_string_equal(r.number, "P-1");
	assert_string_equal(r.version, "1795233712.573597");
	assert_string_equal(r.date.text, "2026-10-05");
	assert_string_equal(r.changed_by, "Asha");
	assert_int_equal(r.state, REMOTE_BOOKED);
	assert_int_equal(r.n_lines, 1);
	assert_int_equal(r.lines[0].amount, 11800);
	assert_string_equal(r.lines[0].party, "");
	assert_true(read_move("null", "draft", "bahi- of another", "118.0",
	    &r));
	assert_string_equal(r.reference, "");
	assert_string_equal(r.number, "4");
	assert_int_equal(r.state, REMOTE_DRAFT);
	assert_int_equal(r.n_lines, 0);		/* it comes to nothing */
	assert_false(read_move("null", "draft", "x", "0.001", &r));
	assert_false(read_move("null", "draft", "x", "1E+40", &r));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(amounts_are_digits_however_they_are_written),
		cmocka_unit_test(days_are_real_days),
		cmocka_unit_test(both_read_the_same_values),
		cmocka_unit_test(what_is_no_answer_is_not_heard),
		cmocka_unit_test(faults_are_whose_matter_they_are),
		cmocka_unit_test(xml_says_the_same_of_a_fault),
		cmocka_unit_test(a_move_is_read_whole_or_not_at_all),
	};

	return cmocka_run_group_tests(tests, open_arena, close_arena);
}
