/* Plan, run, receipt: called by the loop; whatever asks is a job. */
#include "ui/bulk.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/digest.h"
#include "core/i18n.h"
#include "ui/actions.h"
#include "ui/marks.h"
#include "ui/text.h"

/* ---- the plan -------------------------------------------------------- */

static bool
plan_of(struct view *view, struct arena *arena, struct wire_plan *out)
{
	struct span json;

	return cache_find(view->cache, arena, "plan", view->place.key,
	    &json) && shape_plan(json, arena, out);
}

void
bulk_plan(struct console *console)
{
	struct place place;
	unsigned char random[8];
	char key[17];

	digest_random(random, sizeof random);
	digest_hex(random, sizeof random, key);
	if (console->on_marks && marks_swept(console_view(console)))
		marks_plan(console, console_view(console), key);
	else
		jobs_plan(console->jobs, &console->pending.decide, key);
	place_set(&place, &pane_plan, key, _("plan"));
	actions_drop(console);
	console_push(console, &place);
}

static void
run_plan(struct console *console, const struct wire_plan *plan)
{
	jobs_run(console->jobs, JOB_RUN, plan->id);
	console_say(console, false, _("Sent; the outcome follows here."));
	console_pop(console);
	marks_planned(console, console_view(console));
}

/* Many are not done by one key: the number must be typed. */
void
bulk_confirm(struct console *console)
{
	struct view *view = console_view(console);
	struct arena *arena = arena_new();
	struct wire_plan plan;

	if (!actions_online(console))
		;
	else if (!plan_of(view, arena, &plan))
		console_say(console, true, _("It is still being planned."));
	else if (plan.acts.events == 0)
		console_say(console, true, _("Nothing would be done."));
	else if (plan.acts.events <= console->type_count)
		run_plan(console, &plan);
	else {
		snprintf(console->prompt, sizeof console->prompt,
		    _("Type how many events (%lld): "),
		    (long long)plan.acts.events);
		console->input[0] = '\0';
		console->mode = MODE_COUNT;
	}
	arena_free(&arena);
}

/* "5000", or as it is shown: "5,000". */
static bool
says_count(struct arena *arena, const char *typed, int64_t count)
{
	struct str digits;
	bool same;

	str_init(&digits, 64);
	for (typed = text_plain(arena, typed); *typed != '\0'; typed++)
		if (*typed != ',' && *typed != ' ')
			str_addc(&digits, *typed);
	same = strcmp(digits.p, arena_printf(arena, "%lld",
	    (long long)count)) == 0;
	str_free(&digits);
	return same;
}

void
bulk_counted(struct console *console)
{
	struct arena *arena = arena_new();
	struct wire_plan plan;

	console->mode = MODE_BROWSE;
	if (!plan_of(console_view(console), arena, &plan))
		console_say(console, true, _("It is still being planned."));
	else if (says_count(arena, console->input, plan.acts.events))
		run_plan(console, &plan);
	else
		console_say(console, true,
		    _("That is another number: nothing was done."));
	arena_free(&arena);
}

void
bulk_leave(struct console *console)
{
	console_pop(console);
	console_say(console, false, _("Nothing was done."));
}

/* ---- runs ------------------------------------------------------------ */

static const char *
run_id(struct console *console)
{
	struct view *view = console_view(console);
	const struct row *row = grid_row(&view->grid);

	if (view->place.pane == &pane_receipt)
		return view->place.key;
	return row != NULL ? row->key : "";
}

static void
ask(struct console *console, enum job_kind kind, const char *question)
{
	const char *id = run_id(console);

	if (!actions_online(console))
		return;
	if (id[0] != 'R') {
		console_say(console, true, _("No run here."));
		return;
	}
	actions_new(console);
	console->pending.run_job = kind;
	snprintf(console->pending.run, sizeof console->pending.run, "%.20s",
	    id);
	snprintf(console->prompt, sizeof console->prompt, question,
	    console->pending.run);
	console->mode = MODE_CONFIRM;
}

void
bulk_cancel(struct console *console)
{
	ask(console, JOB_RUN_CANCEL,
	    _("Stop %s? What is done stays done."));
}

void
bulk_again(struct console *console)
{
	ask(console, JOB_RUN_AGAIN, _("Try again what failed in %s?"));
}

/* One that was over when the console was opened is no news. */
void
bulk_hear(struct console *console)
{
	struct arena *arena = arena_new();
	struct wire_run run;
	struct span json;
	bool known = cache_find(console->cache, arena, "run", "now",
	    &json) && shape_run(json, arena, &run);
	bool runs = known && strcmp(run.state, "running") == 0;

	console->progress[0] = '\0';
	if (runs)
		snprintf(console->progress, sizeof console->progress,
		    _("%s %s %s/%s, %s failed"),
		    text_tame(arena, run.id), text_tame(arena, run.action),
		    text_count(arena, run.total - run.left),
		    text_count(arena, run.total), text_count(arena,
		    run.failed));
	else if (known && console->run_read &&
	    strcmp(console->run_told, run.id) != 0)
		console_say(console, run.failed > 0, arena_printf(arena,
		    strcmp(run.state, "cancelled") == 0 ?
		    _("%s %s stopped: %s done, %s failed, %s skipped, "
		    "%s left. J: receipt.") :
		    _("%s %s: %s done, %s failed, %s skipped, %s "
		    "left. J: receipt."), text_tame(arena, run.id),
		    text_tame(arena, run.action), text_count(arena, run.done),
		    text_count(arena, run.failed), text_count(arena,
		    run.skipped), text_count(arena, run.left)));
	if (known && !runs)
		snprintf(console->run_told, sizeof console->run_told, "%s",
		    run.id);
	console->run_read = true;
	arena_free(&arena);
}
