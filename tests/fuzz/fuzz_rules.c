/*
 * libFuzzer target of rule files, hostile ones included: a map rule, an empty
 * line and a message. Whatever the rule tries, it comes back with documents
 * or findings, within its bounds of steps and memory.
 */
#include "fuzz.h"

#include "rules/rules.h"

#define END "\n\n\n"
#define POST "-- name: entries\nSELECT account, party, amount FROM line\n"

static struct reference *reference;
static struct runner *runner;

static void
begin(void)
{
	rules_setup();
	reference = reference_new(1);
	reference_add(reference, REF_ENTITY, &(struct master){
	    .code = "IN01", .name = "House", .extra = "INR" });
	reference_add(reference, REF_CURRENCY, &(struct master){
	    .code = "INR", .name = "Rupee" });
	reference_add(reference, REF_ACCOUNT, &(struct master){
	    .code = "1000", .name = "Cash", .kind = "asset" });
	reference_add_mapping(reference, "*", "account", "cash", "1000");
	runner = runner_new();
}

static struct rulebook *
make(struct span rule, struct err *e)
{
	struct rulebook *book = NULL;
	struct str out;
	struct json j;

	str_init(&out, 1 << 20);
	json_start(&j, &out);
	json_open(&j, '{');
	json_key(&j, "map/x/t.sql");
	json_span(&j, rule);
	json_kstr(&j, "post/journal_voucher.sql", POST);
	json_close(&j, '}');
	if (!rulebook_parse(&book, str_span(&out), e))
		must(e->code != ERR_NONE && e->why[0] != '\0');
	str_free(&out);
	return book;
}

static void
run(struct rulebook *book, struct span body, const struct json_tape *tape,
    struct arena *arena)
{
	struct event event = { .source = "x", .key = "k", .topic = "t",
	    .received = INT64_C(1790000000000000), .body = body };
	struct document *documents = NULL;
	static struct findings findings;
	struct journal journal;
	size_t n = 0;

	memset(&findings, 0, sizeof findings);
	switch (runner_map(runner, book, reference, &event, tape, arena,
	    &documents, &n, &findings)) {
	case MAP_DOCUMENT:
		must(n > 0);
		for (size_t i = 0; i < n && i < 8; i++)
			(void)runner_post(runner, book, reference, "x",
			    &documents[i], arena, &journal, &findings);
		break;
	case MAP_IGNORED:
		break;
	case MAP_FINDINGS:
		must(findings.n > 0);
		break;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span in = fuzz_span(data, size), rule = in;
	const char *end = memmem(in.p, in.n, END, strlen(END));
	struct arena *arena = arena_new();
	struct rulebook *book;
	struct json_where where;
	struct json_tape tape;
	struct err e = { 0 };

	if (runner == NULL)
		begin();
	if (end != NULL) {
		rule.n = (size_t)(end - in.p);
		in.p = end + strlen(END);
		in.n = size - rule.n - strlen(END);
	}
	if (json_read(in, JSON_DEPTH_MAX, arena, &tape, &where) != JSON_OK) {
		in = SPAN("{\"a\":[1,{\"b\":\"x\"}],\"n\":\"1.50\"}");
		must(json_read(in, JSON_DEPTH_MAX, arena, &tape, &where) ==
		    JSON_OK);
	}
	book = make(rule, &e);
	if (book != NULL)
		run(book, in, &tape, arena);
	rulebook_drop(&book);
	arena_free(&arena);
	return 0;
}
