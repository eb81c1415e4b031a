/*
 * The verbs that decide. Each names its own key of idempotence, so that one
 * call is one decision whatever the line does.
 */
#include <stdlib.h>
#include <string.h>

#include "core/clock.h"
#include "core/digest.h"
#include "core/i18n.h"
#include "core/json.h"
#include "ui/cli_inside.h"

#define PICKS_MAX 100000	/* of one decision, as the daemon takes */

static void
json_decision(const struct wire_decision *decision)
{
	struct json json;
	struct str out;

	str_init(&out, (size_t)64 << 20);
	json_start(&json, &out);
	json_open(&json, '{');
	json_kstr(&json, "decision", decision->id);
	if (decision->undone[0] != '\0')
		json_kstr(&json, "undone", decision->undone);
	json_kint(&json, "done", decision->done);
	json_kint(&json, "failed", decision->failed);
	json_kint(&json, "same", decision->same);
	json_kint(&json, "differs", decision->differs);
	json_key(&json, "results");
	json_open(&json, '[');
	for (size_t i = 0; i < decision->n_results; i++) {
		json_open(&json, '{');
		json_kstr(&json, "event", decision->results[i].event);
		json_kstr(&json, "state", decision->results[i].state);
		if (decision->results[i].verdict[0] != '\0')
			json_kstr(&json, "verdict",
			    decision->results[i].verdict);
		if (decision->results[i].made[0] != '\0') {
			json_kstr(&json, "corrected_as",
			    decision->results[i].made);
			json_kstr(&json, "became",
			    decision->results[i].became);
		}
		json_close(&json, '}');
	}
	json_close(&json, ']');
	json_close(&json, '}');
	puts(out.p);
	str_free(&out);
}

/* Of a replay only what is not as it was: it may be of a whole year. */
static bool
worth_a_line(const struct wire_result *one)
{
	return strcmp(one->verdict, "same") != 0;
}

static void
print_decision(struct job *job, const struct wire_decision *decision)
{
	if (decision->id[0] == 'P')
		printf(_("%s waits for the approval of somebody else\n"),
		    cli_tame(job, decision->id));
	else
		printf(_("%s: %lld done, %lld failed\n"),
		    cli_tame(job, decision->id), (long long)decision->done,
		    (long long)decision->failed);
	if (decision->same + decision->differs > 0)
		printf(_("%lld as they were posted, %lld differ\n"),
		    (long long)decision->same, (long long)decision->differs);
	for (size_t i = 0; i < decision->n_results; i++) {
		const struct wire_result *one = &decision->results[i];
		const struct wire_findings *found = &one->findings;

		if (one->made[0] != '\0')
			printf(_("%s  corrected as %s: %s\n"), cli_tame(job,
			    one->event), cli_tame(job, one->made),
			    text_state(job->arena, one->became));
		if (worth_a_line(one))
			printf("%s  %s  %s%s\n", cli_tame(job, one->event),
			    text_state(job->arena, one->state),
			    one->verdict[0] != '\0' ? _("would post "
			    "differently today  ") : "", found->n > 0 ?
			    cli_tame(job, found->items[0].sentence) : "");
	}
}

void
cli_print_decision(struct job *job, const struct wire_decision *decision)
{
	if (job->json)
		json_decision(decision);
	else
		print_decision(job, decision);
}

bool
cli_decide(struct job *job, struct wire_decide *what, int *status,
    struct err *e)
{
	struct wire_decision decision;
	unsigned char random[16];
	char key[33];

	digest_random(random, sizeof random);
	digest_hex(random, sizeof random, key);
	what->key = key;
	if (!wire_decide_post(job->wire, what, job->arena, &decision, e)) {
		if (!job->queue || e->code != ERR_UNREACHABLE)
			return false;
		*e = (struct err){ 0 };
		*status = 0;
		return cli_queue_put(job, what, e);
	}
	cli_print_decision(job, &decision);
	*status = decision.id[0] != 'P' &&
	    (decision.failed > 0 || decision.done == 0);
	return true;
}

static bool
is_event(const char *id)
{
	return id[0] == 'E' && id[1] != '\0' &&
	    id[strspn(id + 1, "0123456789") + 1] == '\0';
}

/* As the local copy has it, when it may wait and the daemon is away. */
static bool
event_of(struct job *job, const char *id, struct wire_event *out,
    struct err *e)
{
	if (wire_event_get(job->wire, id, job->arena, out, e))
		return true;
	if (!job->queue || e->code != ERR_UNREACHABLE)
		return false;
	*e = (struct err){ 0 };
	*out = (struct wire_event){ .id = id };
	return cli_queue_version(job, id, &out->version, e);
}

bool
cli_decide_on(struct job *job, struct wire_decide *what, int *status,
    struct err *e)
{
	struct wire_event event;
	struct wire_pick pick;

	if (what->where != NULL)
		return cli_run_many(job, what, status, e);
	if (job->argc == 0)
		return err_set(e, ERR_USAGE,
		    "an event, a signature, or --where");
	if (!is_event(job->argv[0])) {
		what->signature = job->argv[0];
		/* Who is there sees the plan of so many first. */
		return job->dry || (!job->yes && cli_may_ask(job)) ?
		    cli_run_many(job, what, status, e) :
		    cli_decide(job, what, status, e);
	}
	if (!event_of(job, job->argv[0], &event, e))
		return false;
	pick = (struct wire_pick){ event.id, event.version };
	what->events = &pick;
	what->n_events = 1;
	return job->dry ? cli_run_many(job, what, status, e) :
	    cli_decide(job, what, status, e);
}

bool
run_retry(struct job *job, int *status, struct err *e)
{
	struct wire_decide what = { .action = "retry",
	    .where = job->where };

	if (job->where != NULL && job->argc == 0)
		return cli_run_many(job, &what, status, e);
	return job->where != NULL ? err_set(e, ERR_USAGE, "%.60s",
	    job->argv[0]) : cli_decide_on(job, &what, status, e);
}

static bool
with_reason(struct job *job, const char *action, int *status, struct err *e)
{
	bool many = job->where != NULL;
	struct wire_decide what = { .action = action, .where = job->where,
	    .reason = job->argc > 0 ? job->argv[job->argc - 1] : "" };

	if (job->argc != (many ? 1 : 2))
		return err_set(e, ERR_USAGE, "an event, a signature or "
		    "--where, and a reason");
	return many ? cli_run_many(job, &what, status, e) :
	    cli_decide_on(job, &what, status, e);
}

bool
run_dismiss(struct job *job, int *status, struct err *e)
{
	return with_reason(job, "dismiss", status, e);
}

bool
run_carry(struct job *job, int *status, struct err *e)
{
	return with_reason(job, "carry", status, e);
}

bool
run_fix(struct job *job, int *status, struct err *e)
{
	struct wire_signatures all;
	const struct wire_signature *one = NULL;
	struct wire_decide what = { .action = "fix", .retry = true };

	if (!wire_signatures_get(job->wire, job->arena, &all, e))
		return false;
	for (size_t i = 0; i < all.n; i++)
		if (strcmp(all.items[i].id, job->argv[0]) == 0)
			one = &all.items[i];
	if (one == NULL)
		return err_set(e, ERR_NOT_FOUND, "signature %.40s",
		    job->argv[0]);
	if (!one->fixable)
		return err_set(e, ERR_REFUSED,
		    "%.60s is not mended by a mapping", one->code);
	what.signature = one->id;
	what.dimension = one->dimension;
	what.source = one->source;
	what.value = one->value;
	what.to = job->argv[1];
	return cli_decide(job, &what, status, e);
}

/* ---- pause, resume --------------------------------------------- */

/* Done, though no event may have been touched. */
static bool
turn(struct job *job, struct wire_decide *what, int *status, struct err *e)
{
	if (!cli_decide(job, what, status, e))
		return false;
	*status = 0;
	return true;
}

bool
run_pause(struct job *job, int *status, struct err *e)
{
	struct wire_decide what = { .action = "pause",
	    .source = job->argv[0], .reason = job->argv[1] };

	if (!turn(job, &what, status, e))
		return false;
	if (!job->json)
		printf(_("%s is paused: what it sends is kept, and not "
		    "posted.\n"), cli_tame(job, job->argv[0]));
	return true;
}

bool
run_resume(struct job *job, int *status, struct err *e)
{
	struct wire_decide what = { .action = "resume",
	    .source = job->argv[0] };

	if (!turn(job, &what, status, e))
		return false;
	if (!job->json)
		printf(_("%s goes on.\n"), cli_tame(job, job->argv[0]));
	return true;
}

/* ---- replay ------------------------------------------------------------ */

/* A day is all of it, in Indian time; a time is taken as it stands. */
static bool
moment(struct job *job, int at, bool end, const char **out, struct err *e)
{
	int64_t micros;

	*out = NULL;
	if (job->argc <= at)
		return true;
	*out = strlen(job->argv[at]) != 10 ? job->argv[at] : arena_printf(
	    job->arena, "%sT%s+05:30", job->argv[at], end ?
	    "23:59:59.999999" : "00:00:00");
	return clock_parse(span_of(*out), &micros) ||
	    err_set(e, ERR_USAGE, "%.60s is no day and no time",
	    job->argv[at]);
}

static bool
add_page(struct job *job, int64_t *at, int64_t last,
    struct wire_decide *what, struct wire_pick *picks, struct err *e)
{
	struct wire_events page;
	const char *query = arena_printf(job->arena,
	    "after=E%lld&limit=500", (long long)*at);

	if (!wire_events_get(job->wire, query, job->arena, &page, e))
		return false;
	*at = last;
	for (size_t i = 0; i < page.n; i++) {
		const struct wire_event *event = &page.items[i];

		if (event->seq > last)
			return true;
		if (what->n_events == PICKS_MAX)
			return err_set(e, ERR_TOO_LARGE, "at most %d events",
			    PICKS_MAX);
		picks[what->n_events++] = (struct wire_pick){ event->id,
		    event->version };
	}
	if (page.next[0] != '\0')
		*at = page.items[page.n - 1].seq;
	return true;
}

/* E12, or E12 to E20. */
static bool
replay_events(struct job *job, struct wire_decide *what, int *status,
    struct err *e)
{
	const char *end = job->argv[job->argc - 1];
	struct wire_pick *picks;
	int64_t at, last;
	char *rest;

	if (job->argc > 2 || !is_event(end))
		return err_set(e, ERR_USAGE, "%.60s is not understood here", end);
	at = strtoll(job->argv[0] + 1, &rest, 10) - 1;
	last = strtoll(end + 1, &rest, 10);
	picks = arena_alloc(job->arena, PICKS_MAX * sizeof *picks);
	while (at < last)
		if (!add_page(job, &at, last, what, picks, e))
			return false;
	if (what->n_events == 0)
		return err_set(e, ERR_NOT_FOUND, "%.60s", job->argv[0]);
	what->events = picks;
	return cli_decide(job, what, status, e);
}

bool
run_replay(struct job *job, int *status, struct err *e)
{
	struct wire_decide what = { .action = "replay" };

	if (is_event(job->argv[0]))
		return replay_events(job, &what, status, e);
	what.range = true;
	if (strcmp(job->argv[0], "all") != 0)
		what.source = job->argv[0];
	return moment(job, 1, false, &what.since, e) &&
	    moment(job, 2, true, &what.until, e) &&
	    cli_decide(job, &what, status, e);
}
