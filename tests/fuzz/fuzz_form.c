/* libFuzzer target of what a client sends to get a token: the form, and the
 * scope in it, which reads again as the same once it is written. */
#include "fuzz.h"

#include "book/mandate.h"
#include "core/form.h"

static void
judge_scope(struct span text, struct arena *arena)
{
	struct mandate m, back;
	struct err e = { 0 };
	const char *again;

	if (!mandate_parse(text, arena, &m, &e))
		return;
	must(m.role != ROLE_NONE && m.n <= MANDATE_ENTITIES);
	again = mandate_text(&m, arena);
	must(mandate_parse(span_of(again), arena, &back, &e));
	must(strcmp(again, mandate_text(&back, arena)) == 0);
	must(mandate_covers(&m, &back) && mandate_covers(&back, &m));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new();
	struct span in = fuzz_span(data, size);
	struct form form;
	struct err e = { 0 };
	const char *scope;

	if (form_read(in, arena, &form, &e)) {
		must(form.n <= FORM_MAX);
		for (size_t i = 0; i < form.n; i++)
			must(strlen(form.names[i]) <= size);
		scope = form_value(&form, "scope");
		judge_scope(span_of(scope), arena);
	} else {
		must(e.code == ERR_REQUEST);
	}
	judge_scope(in, arena);
	(void)form_decode(in, arena);
	arena_free(&arena);
	return 0;
}
