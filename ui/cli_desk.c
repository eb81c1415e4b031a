/*
 * The verbs of sharing the work: who has it, until when it is put off, what
 * is said of it; and what became of what was there.
 */
#include <string.h>

#include "core/clock.h"
#include "core/digest.h"
#include "core/i18n.h"
#include "core/json.h"
#include "ui/cli_inside.h"
#include "ui/until.h"

/* Takes --reason TEXT out of the arguments; "": there is none. */
static bool
take_reason(struct job *job, const char **out, struct err *e)
{
	int n = 0;

	*out = "";
	for (int i = 0; i < job->argc; i++) {
		if (strcmp(job->argv[i], "--reason") != 0) {
			job->argv[n++] = job->argv[i];
			continue;
		}
		if (++i == job->argc)
			return err_set(e, ERR_USAGE, "--reason of what?");
		*out = job->argv[i];
	}
	job->argc = n;
	return true;
}

static const char *
with_one(struct job *job, const char *name, const char *value)
{
	const char *text;
	struct json j;
	struct str out;

	str_init(&out, 65536);
	json_start(&j, &out);
	json_open(&j, '{');
	json_kstr(&j, name, value);
	json_close(&j, '}');
	text = arena_strdup(job->arena, out.p);
	str_free(&out);
	return text;
}

/* What it is said of, and behind it one word. */
static bool
take_word(struct job *job, const char **reason, const char **word,
    struct err *e)
{
	if (!take_reason(job, reason, e))
		return false;
	if (job->argc != (job->where != NULL ? 1 : 2))
		return err_set(e, ERR_USAGE, "an event, a signature or "
		    "--where, and one word more");
	*word = job->argv[--job->argc];
	return true;
}

bool
run_assign(struct job *job, int *status, struct err *e)
{
	struct wire_decide what = { .action = "assign",
	    .where = job->where };
	const char *who;

	if (!take_word(job, &what.reason, &who, e))
		return false;
	what.with = with_one(job, "to", strcmp(who, "-") == 0 ? "" : who);
	return cli_decide_on(job, &what, status, e);
}

bool
run_snooze(struct job *job, int *status, struct err *e)
{
	struct wire_decide what = { .action = "snooze",
	    .where = job->where };
	const char *word, *until;

	if (!take_word(job, &what.reason, &word, e))
		return false;
	until = until_read(job->arena, word, clock_now());
	if (until == NULL)
		return err_set(e, ERR_USAGE, "%.60s: 4h, 3d, tomorrow, "
		    "monday, 2026-10-05, or now", word);
	what.with = with_one(job, "until", until);
	return cli_decide_on(job, &what, status, e);
}

static bool
say(struct job *job, const char *action, int *status, struct err *e)
{
	struct wire_decide what = { .action = action,
	    .reason = job->argv[1] };

	job->argc = 1;
	return cli_decide_on(job, &what, status, e);
}

bool
run_comment(struct job *job, int *status, struct err *e)
{
	return say(job, "comment", status, e);
}

bool
run_reopen(struct job *job, int *status, struct err *e)
{
	return say(job, "reopen", status, e);
}

bool
run_reverse(struct job *job, int *status, struct err *e)
{
	return say(job, "reverse", status, e);
}

bool
run_undo(struct job *job, int *status, struct err *e)
{
	const char *reason, *of = "last", *event = "";
	struct wire_decision decision;
	unsigned char random[16];
	char key[33];

	if (!take_reason(job, &reason, e))
		return false;
	if (job->argc > 1)
		return err_set(e, ERR_USAGE, "%.60s is not understood here", job->argv[1]);
	if (job->argc == 1 && job->argv[0][0] == 'E')
		event = job->argv[0];
	else if (job->argc == 1)
		of = job->argv[0];
	digest_random(random, sizeof random);
	digest_hex(random, sizeof random, key);
	if (!wire_undo_post(job->wire, of, event, reason, key, job->arena,
	    &decision, e))
		return false;
	if (!job->json)
		printf(decision.n_results > 0 ? _("%s is taken back.\n") :
		    _("%s is taken back: its mapping is gone, what posted "
		    "with it stays posted.\n"), cli_tame(job,
		    decision.undone));
	cli_print_decision(job, &decision);
	*status = decision.failed > 0 || decision.done == 0;
	return true;
}

/* ---- what is settled -------------------------------------------------- */

static void
print_settled(struct job *job, const struct wire_events *events)
{
	static const char *const heads[] = {
		N_("Event"), N_("Source"), N_("Document"), N_("Amount"),
		N_("Cur"), N_("Settled"), N_("As"), N_("Who"), N_("Why"),
		NULL
	};
	struct arena *arena = job->arena;
	struct table table;

	table_start(&table, "<<<><<<<<", heads);
	for (size_t i = 0; i < events->n; i++) {
		const struct wire_event *ev = &events->items[i];

		table_add(&table, (const char *const []){
		    cli_tame(job, ev->id), cli_tame(job, ev->source),
		    cli_tame(job, ev->document),
		    text_money(arena, ev->currency, ev->amount),
		    cli_tame(job, ev->currency),
		    text_time(arena, ev->settled.at),
		    text_state(arena, ev->settled.action),
		    cli_tame(job, ev->settled.actor),
		    cli_tame(job, ev->settled.now) });
	}
	cli_table(job, &table);
}

bool
run_history(struct job *job, int *status, struct err *e)
{
	static const char *const names[] = {
		"source", "assignee", "q", "after", "limit", NULL
	};
	struct wire_events events;
	const char *query;

	if (!cli_query(job, 0, names, &query, e))
		return false;
	query = arena_printf(job->arena, "state=resolved%s%s",
	    query[0] != '\0' ? "&" : "", query);
	if (job->json)
		return cli_print_json(job, arena_printf(job->arena,
		    "/v1/events?%s", query), e);
	if (!wire_events_get(job->wire, query, job->arena, &events, e))
		return false;
	print_settled(job, &events);
	cli_more(job, "failures --history", events.next);
	*status = events.n == 0;
	return true;
}
