/* Birth, death and answer of a work. */
#include "flow/work.h"

#include "core/json.h"

struct work *
work_new(void)
{
	struct arena *arena = arena_new();
	struct work *work = arena_alloc(arena, sizeof *work);

	work->arena = arena;
	return work;
}

void
work_free(struct work **wp)
{
	struct arena *arena;

	if (*wp == NULL)
		return;
	arena = (*wp)->arena;
	arena_free(&arena);
	*wp = NULL;
}

void
work_clear(struct work *work)
{
	work->findings.n = work->findings.n_misses = 0;
	work->findings.cut = false;
	work->pieces = NULL;
	work->n_pieces = 0;
	work->reasons = NULL;
	work->n_reasons = 0;
	work->ignored = false;
	work->bank = NULL;
	work->n_bank = 0;
	work->rule_digest = NULL;
}

static void
kid(struct json *j, const char *key, struct arena *arena, char letter,
    int64_t id)
{
	json_kstr(j, key, id != 0 ? arena_id(arena, letter, id) : NULL);
}

static void
answer_document(const struct placing *placing, struct json *j)
{
	struct str name;

	json_key(j, "document");
	if (placing->entity == NULL || placing->number == NULL) {
		json_null(j);
	} else {
		str_init(&name, 1024);
		str_adds(&name, placing->entity);
		str_addc(&name, '/');
		str_adds(&name, placing->kind);
		str_addc(&name, '/');
		str_adds(&name, placing->number);
		json_span(j, str_span(&name));
		str_free(&name);
	}
	json_key(j, "version");
	if (placing->doc_version > 0)
		json_int(j, placing->doc_version);
	else
		json_null(j);
}

void
work_answer(const struct work *work, struct str *out)
{
	const struct event *event = &work->event;
	const struct placing *placing = &work->placing;
	struct json j;
	struct str status;

	if (work->replayed && placing->answer != NULL) {
		str_adds(out, placing->answer);
		return;
	}
	json_start(&j, out);
	json_open(&j, '{');
	kid(&j, "event", work->arena, 'E', event->seq);
	json_kstr(&j, "state", event_state_name(event->state));
	json_kstr(&j, "source", event->source);
	json_kstr(&j, "key", event->key);
	answer_document(placing, &j);
	kid(&j, "journal", work->arena, 'J', placing->journal);
	json_key(&j, "findings");
	json_open(&j, '[');
	for (size_t i = 0; i < work->findings.n; i++)
		finding_encode(&work->findings.items[i], event->source, &j);
	json_close(&j, ']');
	str_init(&status, 64);
	str_adds(&status, "/v1/events/E");
	str_addi(&status, event->seq);
	json_kstr(&j, "status", status.p);
	str_free(&status);
	json_close(&j, '}');
}
