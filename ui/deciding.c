/*
 * The loop's side of decisions: each becomes the request that it is, with its
 * key, and goes to the keeper. Asks nobody.
 */
#include <stdio.h>
#include <string.h>

#include "core/clock.h"
#include "core/digest.h"
#include "core/i18n.h"
#include "ui/jobs_inside.h"

struct deciding {
	struct jobs *jobs;
	struct arena *arena;
	struct keep_entry entry;
	struct http_call call;
	struct err e;
};

static void
start(struct deciding *d, struct jobs *jobs, const char *kind)
{
	unsigned char random[16];
	char key[33], at[25];

	*d = (struct deciding){ .jobs = jobs, .arena = arena_new() };
	digest_random(random, sizeof random);
	digest_hex(random, sizeof random, key);
	clock_format(clock_now(), at);
	d->entry.kind = kind;
	d->entry.key = arena_strdup(d->arena, key);
	d->entry.at = arena_strdup(d->arena, at);
	wire_catch(jobs->catcher, &d->call, d->arena);
}

static void
finish(struct deciding *d)
{
	const char *why = queue_why(d->jobs->queue);

	if (d->call.path == NULL || why != NULL) {
		shared_say(d->jobs->shared, true, why != NULL ? why :
		    d->e.why);
	} else {
		d->entry.method = d->call.method;
		d->entry.path = d->call.path;
		d->entry.match = d->call.match;
		d->entry.body = d->call.body.n > 0 ? d->call.body.p : "";
		d->entry.live = shared_now(d->jobs->shared) == LINK_LIVE;
		queue_put(d->jobs->queue, &d->entry);
	}
	arena_free(&d->arena);
}

void
jobs_decide(struct jobs *jobs, const struct wire_decide *from)
{
	struct wire_decide decide = *from;
	struct wire_decision answer;
	struct deciding d;

	start(&d, jobs, "decide");
	decide.key = d.entry.key;
	d.entry.what = from->action;
	d.entry.about = from->n_events == 1 ? from->events[0].id :
	    from->signature != NULL ? from->signature : from->source;
	if (from->n_events == 0 && from->signature == NULL)
		d.entry.again = "flows";
	if (from->reason != NULL && from->reason[0] != '\0') {
		d.entry.member = "reason";
		d.entry.value = from->reason;
	}
	if (wire_decide_post(jobs->catcher, &decide, d.arena, &answer, &d.e))
		bug("a request was sent");
	finish(&d);
}

void
jobs_run(struct jobs *jobs, enum job_kind kind, const char *key)
{
	struct wire_decision undone;
	struct wire_run run;
	struct deciding d;
	bool sent;

	start(&d, jobs, kind == JOB_UNDO ? "undo" : "run");
	d.entry.about = key;
	d.entry.what = kind == JOB_UNDO ? "undo" : kind == JOB_RUN ? "run" :
	    kind == JOB_RUN_AGAIN ? "run again" : "stop";
	if (kind == JOB_UNDO)
		sent = wire_undo_post(jobs->catcher, "last", key, "",
		    d.entry.key, d.arena, &undone, &d.e);
	else if (kind == JOB_RUN)
		sent = wire_run_post(jobs->catcher, key, d.arena, &run, &d.e);
	else if (kind == JOB_RUN_AGAIN)
		sent = wire_run_retry(jobs->catcher, key, d.entry.key,
		    d.arena, &run, &d.e);
	else
		sent = wire_run_cancel(jobs->catcher, key, d.arena, &run,
		    &d.e);
	if (sent)
		bug("a request was sent");
	finish(&d);
}

/* TABLE/CODE; only the code may have a slash in it. */
static const char *
record_path(struct arena *arena, const char *record)
{
	size_t n = strcspn(record, "/");

	return wire_path(arena, arena_printf(arena, "/v1/reference/%.*s/",
	    (int)n, record), record + n + (record[n] != '\0'), "");
}

void
jobs_edit(struct jobs *jobs, const struct edit *from)
{
	const char *proposal;
	struct deciding d;

	start(&d, jobs, "edit");
	d.entry.what = "edit";
	d.entry.about = d.entry.again = from->record;
	d.entry.member = from->column;
	d.entry.value = from->value;
	if (wire_record_patch(jobs->catcher, record_path(d.arena,
	    from->record), from->etag, from->column, from->value, d.arena,
	    &proposal, &d.e))
		bug("a request was sent");
	finish(&d);
}

void
jobs_adjust(struct jobs *jobs, const struct wire_adjust *from)
{
	struct deciding d;
	struct span body;

	start(&d, jobs, "adjust");
	d.entry.what = "adjust";
	d.entry.about = from->name;
	if (wire_adjust_post(jobs->catcher, from, d.arena, &body, &d.e))
		bug("a request was sent");
	finish(&d);
}

void
jobs_close(struct jobs *jobs, const struct wire_close_word *from,
    const char *board)
{
	struct deciding d;
	const char *state;
	struct span body;

	start(&d, jobs, "close");
	d.entry.what = from->what;
	d.entry.about = arena_printf(d.arena, "%s/%s%s%s", from->entity,
	    from->period, from->line != NULL ? " " : "",
	    from->line != NULL ? from->line : "");
	d.entry.again = board;
	if (from->reason != NULL && from->reason[0] != '\0') {
		d.entry.member = "reason";
		d.entry.value = from->reason;
	}
	if (wire_close_post(jobs->catcher, from, d.arena, &state, &body,
	    &d.e))
		bug("a request was sent");
	finish(&d);
}

void
jobs_gst(struct jobs *jobs, const struct wire_gst_word *from,
    const char *again)
{
	struct deciding d;
	struct span answer;

	start(&d, jobs, "gst");
	d.entry.what = from->action != NULL ? from->action : from->what;
	d.entry.about = from->cell != NULL ? from->cell : from->form != NULL ?
	    from->form : from->n_items == 1 ? from->items[0] : from->gstin;
	d.entry.again = again;
	if (from->reason != NULL && from->reason[0] != '\0') {
		d.entry.member = "reason";
		d.entry.value = from->reason;
	}
	if (wire_gst_post(jobs->catcher, from, d.entry.key, d.arena, &answer,
	    &d.e))
		bug("a request was sent");
	finish(&d);
}

void
jobs_say(struct jobs *jobs, const struct wire_word *from)
{
	struct deciding d;
	struct span answer;

	start(&d, jobs, "say");
	d.entry.what = from->what;
	d.entry.about = from->about;
	d.entry.again = from->again;
	if (from->reason != NULL && from->reason[0] != '\0') {
		d.entry.member = "reason";
		d.entry.value = from->reason;
	}
	if (wire_word_post(jobs->catcher, from, d.entry.key, d.arena,
	    &answer, &d.e))
		bug("a request was sent");
	finish(&d);
}

void
jobs_bank(struct jobs *jobs, const struct wire_bank_word *from)
{
	struct deciding d;
	struct span answer;

	start(&d, jobs, "bank");
	d.entry.what = from->act;
	d.entry.about = from->n_lines == 1 ? from->lines[0] :
	    from->decision != NULL ? from->decision : "";
	d.entry.again = "bank+bank_entries+bank_ages";
	if (from->reason != NULL && from->reason[0] != '\0') {
		d.entry.member = "reason";
		d.entry.value = from->reason;
	}
	if (wire_bank_post(jobs->catcher, from, d.entry.key, d.arena, &answer,
	    &d.e))
		bug("a request was sent");
	finish(&d);
}
