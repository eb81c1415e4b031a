/*
 * One action on many events: what it would do, doing it, and its receipt.
 * The run is the daemon's; whoever waits here may stop waiting.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "core/digest.h"
#include "core/i18n.h"
#include "core/json.h"
#include "ui/cli.h"
#include "ui/cli_inside.h"
#include "ui/lists.h"

#define RECEIPT_MAX ((size_t)256 << 20)

/* ---- plans ---------------------------------------------------------- */

static void
print_part(struct job *job, const struct wire_part *part, const char *what,
    FILE *out)
{
	fprintf(out, _("%8lld  %s  %s\n"), (long long)part->events,
	    cli_tame(job, what), part->amounts.n > 0 ?
	    text_amounts(job->arena, &part->amounts) : "");
}

static void
print_plan(struct job *job, const struct wire_plan *plan, FILE *out)
{
	print_part(job, &plan->acts, plan->action, out);
	if (plan->acts.events > 0)
		fprintf(out, _("oldest %s, newest %s\n"),
		    text_time(job->arena, plan->oldest),
		    text_time(job->arena, plan->newest));
	for (size_t i = 0; i < plan->n_skipped; i++)
		print_part(job, &plan->skipped[i], arena_printf(job->arena,
		    _("left out: %s"), plan->skipped[i].sentence), out);
}

/* ---- receipts -------------------------------------------------------- */

static const char *
rows_path(struct job *job, const char *id, const char *outcome,
    const char *after)
{
	const char *path = wire_path(job->arena, "/v1/runs/", id,
	    "/rows?limit=500");

	if (outcome[0] != '\0')
		path = arena_printf(job->arena, "%s&outcome=%s", path,
		    outcome);
	return wire_page(job->arena, path, after);
}

static bool
print_rows(struct job *job, const char *id, const char *outcome,
    struct err *e)
{
	const struct list *list = list_find("receipt");
	struct list_rows rows = { .next = "" };
	bool any = false;

	do {
		if (!cli_list_get(job, list, rows_path(job, id, outcome,
		    rows.next), &rows, e))
			return false;
		if (rows.n > 0 || any)
			cli_print_list(job, list, &rows);
		any = true;
	} while (rows.next[0] != '\0');
	return true;
}

static bool
add_rows(struct job *job, const char *id, struct json *j, struct err *e)
{
	struct wire_rows page = { .next = "" };
	struct span body, *items;
	size_t n;

	do {
		if (!wire_get(job->wire, rows_path(job, id, "", page.next),
		    job->arena, &body, e))
			return false;
		if (!shape_items(body, job->arena, &items, &n) ||
		    !shape_rows(body, "items", NULL, 0, job->arena, &page))
			return err_set(e, ERR_JSON, "the receipt of %.20s",
			    id);
		for (size_t i = 0; i < n; i++)
			json_raw(j, items[i]);
	} while (page.next[0] != '\0');
	return true;
}

/* The run as the daemon has it, and its rows. */
static bool
json_receipt(struct job *job, const char *id, struct err *e)
{
	struct wire_run run;
	struct span body;
	struct json j;
	struct str out;
	bool ok;

	if (!wire_run_get(job->wire, id, job->arena, &run, &body, e))
		return false;
	str_init(&out, RECEIPT_MAX);
	json_start(&j, &out);
	json_open(&j, '{');
	json_key(&j, "run");
	json_raw(&j, body);
	json_key(&j, "rows");
	json_open(&j, '[');
	ok = add_rows(job, id, &j, e);
	json_close(&j, ']');
	json_close(&j, '}');
	if (ok)
		cli_put_json(job, str_span(&out));
	str_free(&out);
	return ok;
}

static void
print_run(struct job *job, const struct wire_run *run)
{
	printf(_("%s %s: %lld done, %lld failed, %lld skipped, %lld left\n"),
	    cli_tame(job, run->id), cli_tame(job, run->action),
	    (long long)run->done, (long long)run->failed,
	    (long long)run->skipped, (long long)run->left);
}

/* Something is left open: a script must look. */
static int
status_of(const struct wire_run *run)
{
	return run->failed + run->skipped + run->left > 0 || run->done == 0;
}

static bool
receipt(struct job *job, const struct wire_run *run, bool all,
    struct err *e)
{
	if (job->json)
		return json_receipt(job, run->id, e);
	print_run(job, run);
	return all ? print_rows(job, run->id, "", e) :
	    print_rows(job, run->id, "failed", e) &&
	    print_rows(job, run->id, "skipped", e);
}

/* ---- running --------------------------------------------------------- */

static void
rest(void)
{
	const struct timespec blink = { 0, 200000000 };

	nanosleep(&blink, NULL);
}

static void
progress(struct job *job, const struct wire_run *run)
{
	if (!isatty(STDERR_FILENO) || job->quiet)
		return;
	fputc('\r', stderr);
	fprintf(stderr, _("%s %s %lld/%lld, %lld failed"),
	    cli_tame(job, run->id), cli_tame(job, run->action),
	    (long long)(run->total - run->left), (long long)run->total,
	    (long long)run->failed);
}

static bool
await_run(struct job *job, struct wire_run *run, int *status, struct err *e)
{
	const char *id = run->id;
	struct span body;

	cli_say(job, _("%s runs; Ctrl-C or bahi runs cancel %s stops it.\n"),
	    cli_tame(job, id), cli_tame(job, id));
	cli_interrupts(true);
	while (strcmp(run->state, "running") == 0) {
		progress(job, run);
		rest();
		if (cli_interrupted() && !job->stopped) {
			job->stopped = true;
			if (!wire_run_cancel(job->wire, id, job->arena, run,
			    e))
				return false;
		}
		if (!wire_run_get(job->wire, id, job->arena, run, &body, e))
			return false;
	}
	progress(job, run);
	if (isatty(STDERR_FILENO) && !job->quiet)
		fputc('\n', stderr);
	*status = status_of(run);
	if (!receipt(job, run, false, e))
		return false;
	if (job->stopped)
		cli_say(job, _("%s is stopped; what is done stays done. The "
		    "same command again does the rest; bahi undo %s takes it "
		    "back.\n"), cli_tame(job, id), cli_tame(job, id));
	return true;
}

/* Of more than type_count the number is typed, as in the console. */
static bool
agreed(struct job *job, const struct wire_plan *plan)
{
	if (job->yes || !cli_may_ask(job))
		return true;
	print_plan(job, plan, stderr);
	return plan->acts.events > options_count(job->options, "type_count") ?
	    cli_confirm_count(job, plan->acts.events) :
	    cli_confirm(job, _("Do it?"));
}

bool
cli_run_many(struct job *job, const struct wire_decide *decide, int *status,
    struct err *e)
{
	struct wire_decide found = *decide, *what = &found;
	struct wire_plan plan;
	struct wire_run run;
	struct span body;

	if (!cli_where(job, what, e) ||
	    !wire_plan_post(job->wire, what, job->arena, &plan, &body, e))
		return false;
	if (job->dry && job->json) {
		cli_put_json(job, body);
	} else if (job->dry || plan.acts.events == 0) {
		print_plan(job, &plan, stdout);
	}
	*status = plan.acts.events == 0;
	if (job->dry || plan.acts.events == 0)
		return true;
	if (!agreed(job, &plan)) {
		*status = EXIT_OPEN;
		return true;
	}
	return wire_run_post(job->wire, plan.id, job->arena, &run, e) &&
	    await_run(job, &run, status, e);
}

/* ---- the verb -------------------------------------------------------- */

static bool
run_show(struct job *job, int *status, struct err *e)
{
	struct wire_run run;
	struct span body;

	if (!wire_run_get(job->wire, job->argv[1], job->arena, &run, &body,
	    e))
		return false;
	*status = status_of(&run);
	return receipt(job, &run, true, e);
}

static bool
run_cancel(struct job *job, int *status, struct err *e)
{
	struct wire_run run;

	if (!wire_run_cancel(job->wire, job->argv[1], job->arena, &run, e))
		return false;
	*status = status_of(&run);
	if (job->json)
		return json_receipt(job, run.id, e);
	print_run(job, &run);
	return true;
}

static bool
run_again(struct job *job, int *status, struct err *e)
{
	struct wire_run run;
	unsigned char random[16];
	char key[33];

	digest_random(random, sizeof random);
	digest_hex(random, sizeof random, key);
	return wire_run_retry(job->wire, job->argv[1], key, job->arena, &run,
	    e) && await_run(job, &run, status, e);
}

bool
run_runs(struct job *job, int *status, struct err *e)
{
	static const struct {
		const char *name;
		run_fn *run;
	} subs[] = { { "show", run_show }, { "cancel", run_cancel },
	    { "retry", run_again } };

	for (size_t i = 0; job->argc == 2 &&
	    i < sizeof subs / sizeof *subs; i++)
		if (strcmp(subs[i].name, job->argv[0]) == 0)
			return subs[i].run(job, status, e);
	return run_list(job, status, e);
}
