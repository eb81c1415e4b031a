/*
 * libFuzzer target of what a REST ERP answers: the first line is the status,
 * the rest the body, heard by every section of the shipped rule. Whatever it
 * is, nothing counts as booked without its id, and all texts are clean.
 */
#include "fuzz.h"

#include "rules/rules.h"
#include "targets/rest.h"

#define RULE "data/targets/rest/example.sql"

static struct rest rest;
static struct target target;
static struct targetconf conf;

static void
begin(void)
{
	struct err e = { 0 };

	rules_setup();
	conf.company = conf.database = conf.user = "";
	rest.currency = "INR";
	str_init(&rest.body, ANSWER_MAX);
	str_init(&rest.quoted, ANSWER_MAX);
	target.conf = &conf;
	target.state = &rest;
	must(phrases_open(&rest.phrases, RULE, rest_shapes, rest_n_shapes,
	    &e));
}

static void
clean(const char *text)
{
	fuzz_clean(text, TARGET_WORDS + 3);
}

static void
judge_verdict(struct talk *talk, const char *section,
    const struct posting *posting)
{
	struct verdict verdict = { .words = "", .remote = "", .number = "",
	    .version = "" };
	struct phrase_row *rows;
	struct err e = { 0 };
	size_t n;

	if (!verdict_of_status(&talk->raw, &verdict))
		verdict.kind = VERDICT_DONE;
	must(talk_rows(talk, section, 1, &rows, &n, &e));
	rest_verdict(n > 0 ? rows : NULL, &talk->answer, posting,
	    talk->arena, &verdict);
	clean(verdict.words);
	clean(verdict.remote);
	clean(verdict.number);
	clean(verdict.version);
	must(verdict.kind == VERDICT_DONE ? *verdict.remote != '\0' &&
	    verdict.refusal == REFUSAL_NONE : *verdict.words != '\0' &&
	    verdict.refusal != REFUSAL_NONE);
}

static void
judge_remotes(struct talk *talk, const char *section)
{
	struct phrase_row *rows;
	struct err e = { 0 };
	size_t n;

	if (!talk_rows(talk, section, REST_ROWS_MAX, &rows, &n, &e)) {
		must(e.code == ERR_RULE);
		return;
	}
	for (size_t i = 0; i < n; i++) {
		struct err own = { 0 };
		struct remote r;

		if (!rest_remote(&rows[i], "INR", talk->arena, &r, &own)) {
			must(own.code != ERR_NONE);
			continue;
		}
		must(*r.remote != '\0' && r.n_lines <= REST_LINES_MAX);
		clean(r.remote);
		clean(r.narration);
		for (size_t k = 0; k < r.n_lines; k++)
			must(r.lines[k].amount != 0 &&
			    *r.lines[k].account != '\0');
	}
}

static void
judge_balances(struct talk *talk)
{
	struct phrase_row *rows;
	struct remote_balance one;
	struct err e = { 0 };
	size_t n;

	if (!talk_rows(talk, "balanced", REST_ROWS_MAX, &rows, &n, &e))
		return;
	for (size_t i = 0; i < n; i++) {
		struct err own = { 0 };

		if (rest_balance(&rows[i], "INR", talk->arena, &one, &own))
			clean(one.name);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span in = fuzz_span(data, size), line = fuzz_cut(&in, '\n');
	struct posting posting = { .reference = "bahi-IN01-000000000007",
	    .currency = "INR" };
	struct arena *arena = arena_new();
	struct talk talk;

	if (rest.phrases == NULL)
		begin();
	talk = talk_new(&target, arena);
	for (size_t i = 0; i < line.n && i < 3; i++)
		talk.raw.status = talk.raw.status * 10 + (line.p[i] & 7);
	str_clear(&rest.body);
	str_add(&rest.body, in.p, in.n);
	talk_hear(&talk);
	judge_verdict(&talk, "sent", &posting);
	judge_verdict(&talk, "finished", &posting);
	judge_verdict(&talk, "restored", &posting);
	judge_remotes(&talk, "found");
	judge_remotes(&talk, "listed");
	judge_balances(&talk);
	arena_free(&arena);
	return 0;
}
