/* libFuzzer target of CloudEvents: binary, structured and batch, as the
 * content type says. What is taken has a sound key and a topic. */
#include "fuzz.h"

#include "flow/cloudevent.h"
#include "sources/list.h"

static void
judge(const struct verified *v, bool ok, const struct err *e)
{
	must(ok == (e->code == ERR_NONE));
	must(ok || e->why[0] != '\0');
	if (ok)
		must(v->key != NULL && v->key[0] != '\0' &&
		    v->topic != NULL && v->topic[0] != '\0');
}

static void
judge_item(const struct json_item *item, struct arena *arena)
{
	struct verified v = { 0 };
	struct err e = { 0 };
	bool ok = cloudevent_structured(item, arena, &v, &e);

	judge(&v, ok, &e);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_request request = { 0 };
	enum cloudevent_mode mode;
	struct json_item one, *items;
	struct verified v = { 0 };
	struct delivery d;
	struct err e = { 0 };
	size_t n;
	bool ok;

	request.arena = arena_new();
	fuzz_delivery(fuzz_span(data, size), &request, &d);
	if (!cloudevent_mode(&d, &mode, &e)) {
		must(e.code != ERR_NONE);
	} else if (mode == CLOUDEVENT_BINARY) {
		ok = cloudevent_binary(&d, request.arena, &v, &e);
		judge(&v, ok, &e);
	} else if (mode == CLOUDEVENT_STRUCTURED) {
		if (cloudevent_read(d.body, request.arena, &one, &e))
			judge_item(&one, request.arena);
	} else if (cloudevent_split(d.body, request.arena, &items, &n, &e)) {
		must(n <= CLOUDEVENTS_MAX);
		for (size_t i = 0; i < n; i++)
			judge_item(&items[i], request.arena);
	}
	arena_free(&request.arena);
	return 0;
}
