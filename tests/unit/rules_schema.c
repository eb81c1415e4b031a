/* The schema validator: what each keyword accepts, and what it refuses. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#include "core/json.h"
#include "rules/schema.h"

/* Faults as "path rule, path rule"; refused schemas as "!". */
static char *
judge(const char *text, const char *body)
{
	struct schema *schema = NULL;
	struct arena *arena = arena_new();
	struct schema_faults faults;
	struct json_where where;
	struct err e = { 0 };
	struct json_tape tape;
	struct str out;
	char *copy;

	str_init(&out, 1 << 20);
	if (!schema_new(&schema, span_of(text), &e)) {
		assert_int_not_equal(e.why[0], '\0');
		str_adds(&out, "!");
	} else {
		assert_int_equal(json_read(span_of(body), JSON_DEPTH_MAX,
		    arena, &tape, &where), JSON_OK);
		schema_check(schema, &tape, NULL, "", arena, &faults);
		for (size_t i = 0; i < faults.n; i++)
			str_addf(&out, "%s%s %s", i > 0 ? ", " : "",
			    faults.items[i].path, faults.items[i].rule);
		str_adds(&out, faults.shape ? " #" : "");
	}
	copy = strdup(out.n > 0 ? out.p : "");
	str_free(&out);
	schema_free(&schema);
	arena_free(&arena);
	return copy;
}

static const struct {
	const char *schema, *body, *faults;
} cases[] = {
	{ "{}", "17", "" },
	{ "{\"type\":\"object\"}", "{}", "" },
	{ "{\"type\":\"object\"}", "[]", " type #" },
	{ "{\"type\":\"string\"}", "\"1\"", "" },
	{ "{\"type\":\"string\"}", "1", " type" },
	{ "{\"type\":\"number\"}", "\"1\"", " type" },
	{ "{\"type\":\"number\"}", "1.5e3", "" },
	{ "{\"type\":\"integer\"}", "1.0", "" },
	{ "{\"type\":\"integer\"}", "1.5", " type" },
	{ "{\"type\":\"integer\"}",
	    "9007199254740993", "" },
	{ "{\"type\":[\"null\",\"boolean\"]}", "null", "" },
	{ "{\"type\":[\"null\",\"boolean\"]}", "false", "" },
	{ "{\"type\":[\"null\",\"boolean\"]}", "\"\"", " type" },
	{ "{\"required\":[\"a\",\"b\"]}", "{\"b\":1}", "a required" },
	{ "{\"required\":[\"a\"],\"properties\":{\"a\":{\"type\":\"array\"}}}",
	    "{}", "a required #" },
	{ "{\"required\":[\"a\"]}", "[]", "" },
	{ "{\"properties\":{\"a\":{\"type\":\"string\"}},"
	    "\"additionalProperties\":false}", "{\"a\":\"\",\"b\":1}",
	    "b additionalProperties" },
	{ "{\"additionalProperties\":{\"type\":\"string\"}}",
	    "{\"a\":\"\",\"b\":1}", "b type" },
	{ "{\"items\":{\"required\":[\"a\"]}}", "[{},{\"a\":1},{}]",
	    "a required at [0].a" },
	{ "{\"properties\":{\"l\":{\"items\":{\"maxLength\":2}}}}",
	    "{\"l\":[\"ab\",\"abc\"]}", "l maxLength at l[1]" },
	{ "{\"minItems\":1}", "[]", " minItems" },
	{ "{\"maxItems\":1}", "[1,2]", " maxItems" },
	{ "{\"minLength\":2}", "\"a\"", " minLength" },
	{ "{\"maxLength\":2}", "\"\xe0\xa4\x95\xe0\xa4\x96\"", "" },
	{ "{\"maxLength\":2}", "12345", "" },
	{ "{\"pattern\":\"^[A-Z]{3}$\"}", "\"INR\"", "" },
	{ "{\"pattern\":\"^[A-Z]{3}$\"}", "\"inr\"", " pattern" },
	{ "{\"pattern\":\"[\"}", "1", "!" },
	{ "{\"enum\":[\"a\",\"b\"]}", "\"b\"", "" },
	{ "{\"enum\":[\"a\",\"b\"]}", "\"c\"", " enum" },
	{ "{\"enum\":[\"1\"]}", "1", " enum" },
	{ "{\"const\":\"a\"}", "\"a\"", "" },
	{ "{\"const\":\"a\"}", "\"b\"", " const" },
	{ "{\"format\":\"date\"}", "\"2028-02-29\"", "" },
	{ "{\"format\":\"date\"}", "\"2026-02-29\"", " format" },
	{ "{\"format\":\"date-time\"}", "\"2026-10-05T14:00:00+05:30\"", "" },
	{ "{\"format\":\"date-time\"}", "\"2026-10-05\"", " format" },
	{ "{\"minimum\":1,\"maximum\":60}", "60", "" },
	{ "{\"minimum\":1,\"maximum\":60}", "60.5", " maximum" },
	{ "{\"minimum\":1,\"maximum\":60}", "0.5", " minimum" },
	{ "{\"minimum\":0}", "-0.5", " minimum" },
	{ "{\"maximum\":60}", "99999999999999999999", " maximum" },
	{ "{\"maximum\":60}", "-99999999999999999999", "" },
	{ "{\"$ref\":\"#/$defs/a\",\"$defs\":{\"a\":{\"const\":\"x\"}}}",
	    "\"y\"", " const" },
	{ "{\"$ref\":\"#/$defs/b\"}", "1", "!" },
	{ "{\"$ref\":\"other.json\"}", "1", "!" },
	/* escapes are no part of a text or a name */
	{ "{\"const\":\"a\\n\\\"\\u0001\\u20b9\"}",
	    "\"\\u0061\\n\\\"\\u0001\\u20B9\"", "" },
	{ "{\"const\":\"a\\n\"}", "\"a\\\\n\"", " const" },
	{ "{\"maxLength\":3}", "\"\\n\\u0001\\/\"", "" },
	{ "{\"maxLength\":2}", "\"\\n\\u0001\\/\"", " maxLength" },
	{ "{\"required\":[\"a\\tb\",\"a\\\\\"]}",
	    "{\"a\\u0009b\":1,\"a\\\\x\":1}", "a\\ required" },
	{ "{\"properties\":{\"a\\\"b\":{\"type\":\"string\"}}}",
	    "{\"a\\u0022b\":1}", "a\"b type" },
	/* one message, numbers and groups of all sorts beside one another */
	{ "{\"properties\":{\"n\":{\"type\":\"integer\"},\"l\":{"
	    "\"maxItems\":2,\"items\":{\"type\":[\"array\",\"null\"]}},"
	    "\"z\":{\"const\":\"\"}},\"required\":[\"z\"]}",
	    " { \"l\" : [ [ 1 , {} ] , null ] , \"n\" : -1.00 , "
	    "\"o\" : { \"z\" : [ ] } , \"z\" : \"\" } ", "" },
	{ "{\"properties\":{\"n\":{\"type\":\"integer\"}}}",
	    "{\"n\":1e2}", "n type" },
	{ "{\"type\":\"number\",\"maximum\":1}", "1E0", " maximum" },
	{ "{\"anyOf\":[{\"type\":\"string\"},{\"type\":\"null\"}]}", "null",
	    "" },
	{ "{\"anyOf\":[{\"type\":\"string\"},{\"type\":\"null\"}]}", "1",
	    " anyOf" },
	{ "{\"oneOf\":[{\"required\":[\"a\"]},{\"required\":[\"b\"]}]}",
	    "{\"a\":1}", "" },
	{ "{\"oneOf\":[{\"required\":[\"a\"]},{\"required\":[\"b\"]}]}",
	    "{\"a\":1,\"b\":1}", " oneOf" },
	{ "{\"oneOf\":[{\"required\":[\"a\"]},{\"required\":[\"b\"]}]}",
	    "{}", " oneOf" },
	/* what is not judged is refused, not passed over */
	{ "{\"multipleOf\":2}", "1", "!" },
	{ "{\"format\":\"uri\"}", "1", "!" },
	{ "{\"type\":\"thing\"}", "1", "!" },
	{ "{\"enum\":[1]}", "1", "!" },
	{ "{\"items\":{\"const\":2}}", "1", "!" },
	{ "{\"maxItems\":\"many\"}", "1", "!" },
	{ "[]", "1", "!" },
	{ "{", "1", "!" },
	{ "{\"title\":\"t\",\"description\":\"d\",\"examples\":[1]}", "1",
	    "" },
	/* a circle ends */
	{ "{\"$ref\":\"#/$defs/a\",\"$defs\":{\"a\":{\"$ref\":\"#/$defs/b\"},"
	    "\"b\":{\"$ref\":\"#/$defs/a\"}}}", "1", " too much to judge" },
	{ "{\"$ref\":\"#/$defs/a\",\"$defs\":{\"a\":{\"anyOf\":["
	    "{\"$ref\":\"#/$defs/a\"},{\"$ref\":\"#/$defs/a\"}]}}}", "1",
	    " anyOf" },
};

static void
test_keywords(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char *got = judge(cases[i].schema, cases[i].body);

		if (strcmp(got, cases[i].faults) != 0)
			print_message("%s of %s\n", cases[i].schema,
			    cases[i].body);
		assert_string_equal(got, cases[i].faults);
		free(got);
	}
}

/* A thousand lines with one mistake are one fault; twenty are told. */
static void
test_bounds(void **state)
{
	char *got;
	size_t commas = 0;
	struct str body;

	(void)state;
	str_init(&body, 1 << 20);
	str_addc(&body, '[');
	for (int i = 0; i < 1000; i++)
		str_addf(&body, "%s{\"k\":1}", i > 0 ? "," : "");
	str_addc(&body, ']');
	got = judge("{\"items\":{\"required\":[\"a\"]}}", body.p);
	assert_string_equal(got, "a required at [0].a");
	free(got);
	str_clear(&body);
	for (int i = 0; i < 30; i++)
		str_addf(&body, "%s\"k%d\":1", i > 0 ? "," : "{", i);
	str_addc(&body, '}');
	got = judge("{\"additionalProperties\":false}", body.p);
	for (const char *p = got; *p != '\0'; p++)
		commas += *p == ',';
	assert_int_equal(commas + 1, SCHEMA_FAULTS_MAX);
	free(got);
	str_free(&body);
}

static void
test_members(void **state)
{
	static const char BODY[] = "{\"data\":{\"n\":1,\"x\":2}}";
	struct arena *arena = arena_new();
	struct schema *schema = NULL;
	struct schema_faults faults;
	struct json_where where;
	struct json_tape tape;
	struct err e = { 0 };

	(void)state;
	assert_true(schema_new(&schema, SPAN("{\"properties\":{\"n\":{"
	    "\"type\":\"integer\"}},\"additionalProperties\":false}"), &e));
	assert_int_equal(json_read(span_of(BODY), JSON_DEPTH_MAX, arena,
	    &tape, &where), JSON_OK);
	schema_check(schema, &tape, "data", "data", arena, &faults);
	assert_int_equal(faults.n, 1);
	assert_string_equal(faults.items[0].path, "data.x");
	assert_int_equal(json_read(SPAN("{}"), JSON_DEPTH_MAX, arena, &tape,
	    &where), JSON_OK);
	schema_check(schema, &tape, "data", "data", arena, &faults);
	assert_int_equal(faults.n, 1);
	assert_string_equal(faults.items[0].path, "data");
	assert_string_equal(faults.items[0].rule, "required");
	assert_true(faults.shape);
	schema_free(&schema);
	arena_free(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_keywords),
		cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_members),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
