/* libFuzzer target of message schemas: a schema, an empty line, a message.
 * A schema is taken or refused with a reason; faults have path and rule. */
#include "fuzz.h"

#include "rules/schema.h"

#define END "\n\n"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span in = fuzz_span(data, size), text = in;
	const char *end = memmem(in.p, in.n, END, strlen(END));
	struct arena *arena = arena_new();
	struct schema_faults faults = { 0 };
	struct schema *schema = NULL;
	struct json_where where;
	struct json_tape tape;
	struct err e = { 0 };

	if (end != NULL) {
		text.n = (size_t)(end - in.p);
		in.p = end + strlen(END);
		in.n = size - text.n - strlen(END);
	}
	if (!schema_new(&schema, text, &e)) {
		must(e.code != ERR_NONE && e.why[0] != '\0');
	} else if (json_read(in, JSON_DEPTH_MAX, arena, &tape, &where) ==
	    JSON_OK) {
		schema_check(schema, &tape, NULL, "", arena, &faults);
		must(faults.n <= SCHEMA_FAULTS_MAX);
		for (size_t i = 0; i < faults.n; i++)
			must(faults.items[i].path != NULL &&
			    faults.items[i].rule[0] != '\0');
	}
	schema_free(&schema);
	arena_free(&arena);
	return 0;
}
