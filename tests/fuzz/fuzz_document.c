/* libFuzzer target of documents that people and clients write as JSON: what
 * is taken is written the same again; what is not has a path. */
#include "fuzz.h"

#include <cjson/cJSON.h>

#include "book/document.h"
#include "core/json.h"

static void
judge(const struct document *document, struct arena *arena)
{
	struct document again;
	struct str once, twice;

	str_init(&once, 1 << 22);
	str_init(&twice, 1 << 22);
	document_encode(document, &once);
	must(!once.over);
	must(document_decode(str_span(&once), arena, &again));
	document_encode(&again, &twice);
	must(span_equal(str_span(&once), str_span(&twice)));
	str_free(&once);
	str_free(&twice);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span in = fuzz_span(data, size);
	struct arena *arena = arena_new();
	struct document document;
	const char *wrong = NULL;
	struct err e = { 0 };
	cJSON *tree = json_strict(in, &e);

	if (tree != NULL) {
		if (document_read(tree, arena, &document, &wrong))
			judge(&document, arena);
		else
			must(wrong != NULL);
	}
	if (document_decode(in, arena, &document))
		judge(&document, arena);
	cJSON_Delete(tree);
	arena_free(&arena);
	return 0;
}
