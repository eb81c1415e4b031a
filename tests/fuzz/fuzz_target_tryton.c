/*
 * libFuzzer target of what a Tryton answers: the first byte chooses the
 * protocol. What is read and written again is read as the same, by either
 * protocol; a move is read whole or not at all, and all texts are clean.
 */
#include "fuzz.h"

#include "targets/tryton.h"

static void
clean(const char *text)
{
	fuzz_clean(text, TARGET_WORDS + 3);
}

static bool
is_plain(const char *text)
{
	if (text == NULL)
		return true;
	for (; *text != '\0'; text++)
		if ((unsigned char)*text < ' ' || *text == 0x7f)
			return false;
	return true;
}

/* XML has no words for controls, nor for what is no character of its. */
static bool
can_be_xml(const struct tv *value)
{
	for (const struct tv *one = value->first; one != NULL;
	    one = one->next)
		if (!can_be_xml(one))
			return false;
	return is_plain(value->text) && is_plain(value->key) &&
	    (value->text == NULL || strstr(value->text, "\xef\xbf") == NULL) &&
	    (value->key == NULL || strstr(value->key, "\xef\xbf") == NULL);
}

static bool
same(const struct tv *a, const struct tv *b)
{
	const struct tv *x = a->first, *y = b->first;

	if (a->kind != b->kind || a->yes != b->yes ||
	    strcmp(a->text == NULL ? "" : a->text,
	    b->text == NULL ? "" : b->text) != 0)
		return false;
	for (; x != NULL && y != NULL; x = x->next, y = y->next)
		if ((x->key == NULL) != (y->key == NULL) ||
		    (x->key != NULL && strcmp(x->key, y->key) != 0) ||
		    !same(x, y))
			return false;
	return x == NULL && y == NULL;
}

static void
again(const struct tv *value, const struct tryton_protocol *protocol,
    struct arena *arena)
{
	bool xml = protocol == &tryton_xml;
	struct tryton_answer answer;
	struct err e = { 0 };
	struct str text;

	str_init(&text, ANSWER_MAX);
	str_adds(&text, xml ? "<methodResponse><params><param>" :
	    "{\"id\":1,\"result\":");
	protocol->value(value, &text);
	str_adds(&text, xml ? "</param></params></methodResponse>" : "}");
	must(protocol->answer(str_span(&text), arena, &answer, &e));
	must(answer.result != NULL && same(value, answer.result));
	str_free(&text);
}

static void
judge_rows(const struct tv *rows, struct arena *arena)
{
	static const struct tryton t = { .currency = "INR", .party = "" };

	for (const struct tv *row = rows->first; row != NULL;
	    row = row->next) {
		struct err e = { 0 };
		struct remote r;

		if (!tryton_remote(&t, row, arena, &r, &e)) {
			must(e.code != ERR_NONE);
			continue;
		}
		must(*r.remote != '\0' && r.lined);
		must(*r.reference == '\0' || posting_journal(r.reference) > 0);
		clean(r.narration);
		clean(r.number);
		clean(r.version);
		clean(r.changed_by);
		for (size_t i = 0; i < r.n_lines; i++) {
			must(r.lines[i].amount != 0);
			clean(r.lines[i].account);
			clean(r.lines[i].party);
		}
	}
}

static void
judge_fault(const struct tryton_answer *answer, struct arena *arena)
{
	struct tryton_said said = { .fault = answer->fault,
	    .words = words_of(span_of(answer->words), arena) };

	must(answer->fault >= TRYTON_USER && answer->fault <= TRYTON_OTHER);
	must(tryton_refusal(&said) != REFUSAL_NONE);
	clean(said.words);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span in = fuzz_span(data, size);
	const struct tryton_protocol *protocol = &tryton_json;
	struct arena *arena = arena_new();
	struct tryton_answer answer;
	struct err e = { 0 };

	if (in.n > 0) {
		protocol = in.p[0] == 'x' ? &tryton_xml : &tryton_json;
		in.p++;
		in.n--;
	}
	if (!protocol->answer(in, arena, &answer, &e))
		must(e.code != ERR_NONE);
	else if (answer.result == NULL)
		judge_fault(&answer, arena);
	else {
		judge_rows(answer.result, arena);
		if (protocol == &tryton_json)
			again(answer.result, &tryton_json, arena);
		if (can_be_xml(answer.result))
			again(answer.result, &tryton_xml, arena);
	}
	arena_free(&arena);
	return 0;
}
