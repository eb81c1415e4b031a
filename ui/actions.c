/*
 * Decisions. Called by the loop; reads the cache for what a decision touches
 * and hands it over to be written down and sent. While offline only what is
 * bound to a version is decided: it waits.
 */
#include "ui/actions.h"

#include <inttypes.h>
#include <libintl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "book/money.h"
#include "core/i18n.h"
#include "core/json.h"
#include "ui/reasons.h"
#include "ui/review.h"
#include "ui/bulk.h"
#include "ui/marks.h"
#include "ui/text.h"

#define PICKS_MAX 5000
#define OFFLINE_MAX 500	/* each is a request of its own */
#define SUMS 6		/* currencies */
#define WITH_MAX ((size_t)4 << 20)

struct wire_decide *
actions_new(struct console *console)
{
	arena_free(&console->pending.arena);
	console->pending.arena = arena_new();
	console->pending.decide = (struct wire_decide){ 0 };
	console->pending.edit = (struct edit){ 0 };
	console->pending.adjust = (struct wire_adjust){ .dry = false };
	console->pending.close = (struct wire_close_word){ .what = NULL };
	console->pending.gst = (struct wire_gst_word){ .what = NULL };
	console->pending.word = (struct wire_word){ .what = NULL };
	console->pending.bank = (struct wire_bank_word){ .act = NULL };
	console->pending.choice = NULL;
	console->pending.question = NULL;
	console->pending.run[0] = '\0';
	console->pending.undo = false;
	console->pending.yes = NULL;
	console->pending.withs = NULL;
	console->pending.entry = 0;
	return &console->pending.decide;
}

void
actions_drop(struct console *console)
{
	arena_free(&console->pending.arena);
	console->mode = MODE_BROWSE;
	console->prompt[0] = '\0';
}

/* Without a disk to write it down there is no decision. */
static bool
kept(struct console *console)
{
	const char *why = console->jobs != NULL ? queue_why(console->queue) :
	    _("Still starting.");

	if (why != NULL)
		console_say(console, true, why);
	return why == NULL;
}

bool
actions_online(struct console *console)
{
	if (!kept(console))
		return false;
	if (console->seen.link == LINK_LIVE)
		return true;
	console_say(console, true, console->seen.link == LINK_COMING ?
	    _("Still loading: what is here is not the latest.") :
	    _("Offline: look around. This needs the daemon as it is now; it "
	    "is not queued."));
	return false;
}

bool
actions_may(struct console *console)
{
	return console->seen.link == LINK_COMING ? actions_online(console) :
	    kept(console);
}

/* ---- asking ------------------------------------------------------------ */

void
actions_ask(struct console *console, const char *question)
{
	snprintf(console->prompt, sizeof console->prompt, "%s", question);
	console->mode = MODE_CONFIRM;
}

/* What waits for the daemon is said by who has written it down. */
static void
sent(struct console *console)
{
	if (console->seen.link == LINK_LIVE)
		console_say(console, false,
		    _("Sent; the outcome follows here."));
	actions_drop(console);
}

/* Each by itself, so that one that has changed meanwhile does not hold up the
 * others. */
static void
decide_each(struct console *console)
{
	struct pending *pending = &console->pending;
	struct wire_decide one = pending->decide;

	one.n_events = 1;
	for (size_t i = 0; i < pending->decide.n_events; i++) {
		one.events = &pending->decide.events[i];
		one.with = pending->withs[i];
		jobs_decide(console->jobs, &one);
	}
}

static void
perform_events(struct console *console)
{
	struct view *view = console_view(console);

	if (console->pending.withs != NULL)
		decide_each(console);
	else
		jobs_decide(console->jobs, &console->pending.decide);
	if (console->pending.decide.n_events > 0)
		marks_clear(console, view);
	if (view->place.pane == &pane_review && view->data != NULL)
		((struct review *)view->data)->sent = true;
}

static void
perform(struct console *console)
{
	struct view *view = console_view(console);
	struct pending *pending = &console->pending;

	pending->close.reason = pending->gst.reason = pending->word.reason =
	    pending->bank.reason = pending->decide.reason;
	if (pending->adjust.name != NULL) {
		jobs_adjust(console->jobs, &pending->adjust);
		sent(console);
		console_pop(console);	/* what it showed is over */
		return;
	}
	if (pending->close.what != NULL) {
		jobs_close(console->jobs, &pending->close, view->place.key);
	} else if (pending->gst.what != NULL) {
		jobs_gst(console->jobs, &pending->gst, pending->again);
		marks_clear(console, view);
	} else if (pending->word.what != NULL) {
		jobs_say(console->jobs, &pending->word);
		marks_clear(console, view);
	} else if (pending->bank.act != NULL) {
		jobs_bank(console->jobs, &pending->bank);
		marks_clear(console, view);
	} else if (pending->edit.record != NULL) {
		jobs_edit(console->jobs, &pending->edit);
	} else if (pending->undo) {
		jobs_run(console->jobs, JOB_UNDO, "");
	} else if (pending->run[0] != '\0') {
		jobs_run(console->jobs, pending->run_job, pending->run);
	} else {
		perform_events(console);
	}
	sent(console);
}

static const char *
events_text(struct arena *arena, int64_t n)
{
	return arena_printf(arena, ngettext("%s event", "%s events",
	    (unsigned long)n), text_count(arena, n));
}

/* ---- retry, dismiss ----------------------------------------------------- */

static const struct choice choices[] = {
	{ .action = "retry", .nothing = N_("Nothing here to retry.") },
	{ .action = "dismiss", .nothing = N_("Nothing here to dismiss."),
	    .because = N_("Dismiss, because: ") },
	{ .action = "approve", .nothing = N_("Nothing here to approve.") },
	{ .action = "replay", .nothing = N_("Nothing here to replay.") },
	{ .action = "carry", .nothing = N_("Nothing here to fix."),
	    .because = N_("Post into the open period, because: ") },
	{ .action = "approve", .nothing = N_("Nothing here to approve."),
	    .code = true },
	{ .action = "reject", .nothing = N_("Nothing here to reject."),
	    .because = N_("Reject, because: ") },
};

enum { RETRY, DISMISS, APPROVE, REPLAY, CARRY, APPROVE_CODE, REJECT };

void
actions_changed(struct console *console)
{
	console_say(console, true,
	    _("It changed as you pressed; look at it, then press again."));
}

/* In the memory of the decision, which actions_new has just made. */
static struct wire_decide *
decide_new(struct console *console, const struct choice *choice)
{
	struct wire_decide *decide = actions_new(console);

	decide->action = choice->action;
	if (choice->because != NULL && choice->word == NULL)
		decide->reason = arena_strdup(console->pending.arena,
		    console->input);
	return decide;
}

static void
write_seen(struct json *j, const struct subject *const *subjects, size_t n)
{
	json_key(j, "seen");
	json_open(j, '{');
	for (size_t i = 0; i < n; i++)
		json_kstr(j, subjects[i]->document, subjects[i]->seen);
	json_close(j, '}');
}

/* Of a conflict: the side, and the versions that were on the screen. */
static const char *
with_of(struct console *console, const struct choice *choice,
    const struct subject *const *subjects, size_t n)
{
	struct arena *arena = console->pending.arena;
	const char *text;
	struct json j;
	struct str out;

	if (choice->take == NULL && choice->word == NULL && !choice->code)
		return NULL;
	str_init(&out, WITH_MAX);
	json_start(&j, &out);
	json_open(&j, '{');
	if (choice->code)
		json_kstr(&j, "totp", console->input);
	else if (choice->word != NULL)
		json_kstr(&j, choice->word, choice->read(arena,
		    console->input));
	else
		json_kstr(&j, "take", choice->take);
	/* Of many, what can not be merged is skipped; of one, or where a side
	 * is lost, it must be what was seen. */
	if (choice->take != NULL && (n == 1 ||
	    strcmp(choice->take, "merge") != 0))
		write_seen(&j, subjects, n);
	json_close(&j, '}');
	text = arena_strdup(arena, out.p);
	str_free(&out);
	return text;
}

static void
decide_signature(struct console *console, const struct choice *choice,
    const char *id)
{
	struct wire_decide *decide = decide_new(console, choice);
	struct arena *arena = console->pending.arena;
	struct wire_signature one;

	if (!cache_signature(console->cache, arena, id, &one)) {
		console_say(console, true, _("This problem is gone."));
		actions_drop(console);
		return;
	}
	decide->signature = one.id;
	if (choice->word != NULL)
		decide->with = with_of(console, choice, NULL, 0);
	if (console->seen.link != LINK_LIVE) {
		console_say(console, true, _("Offline: what is done to a whole "
		    "problem, the daemon plans. Open it and mark its rows: "
		    "those are queued."));
		actions_drop(console);
	} else if (one.count <= 1)
		perform(console);
	else
		bulk_plan(console);
}

static void
decide_event(struct console *console, const struct choice *choice,
    const struct subject *subject)
{
	struct wire_decide *decide = decide_new(console, choice);
	struct wire_pick *pick = arena_alloc(console->pending.arena,
	    sizeof *pick);

	pick->id = arena_strdup(console->pending.arena, subject->event);
	pick->version = subject->version;
	decide->events = pick;
	decide->n_events = 1;
	decide->with = with_of(console, choice, &subject, 1);
	if (choice->one != NULL)
		actions_ask(console, arena_printf(console->pending.arena,
		    _(choice->one), pick->id));
	else
		perform(console);
}

static struct money *
sum_of(struct money sums[SUMS], const char *currency)
{
	for (size_t i = 0; i < SUMS; i++) {
		if (sums[i].currency[0] == '\0')
			snprintf(sums[i].currency, sizeof sums[i].currency,
			    "%s", currency);
		if (strcmp(sums[i].currency, currency) == 0)
			return &sums[i];
	}
	return NULL;
}

const char *
actions_sum(struct arena *arena, const struct subject *const *all, size_t n)
{
	struct money sums[SUMS] = { { .minor = 0 } }, one, *sum;
	const char *text = "";
	struct str amount;

	for (size_t i = 0; i < n; i++) {
		if (all[i]->amount[0] == '\0')
			continue;
		sum = sum_of(sums, all[i]->currency);
		if (sum == NULL || !money_parse(span_of(all[i]->amount),
		    all[i]->currency, &one) || !money_add(sum, one))
			return NULL;
	}
	for (size_t i = 0; i < SUMS && sums[i].currency[0] != '\0'; i++) {
		str_init(&amount, 64);
		money_grouped(sums[i], &amount);
		text = arena_printf(arena, "%s%s%s %s", text, i > 0 ? " + " :
		    "", amount.p, sums[i].currency);
		str_free(&amount);
	}
	return text;
}

/* The daemon can not plan it: how many and how much is told from here. */
static void
ask_each(struct console *console, const struct choice *choice,
    const struct subject *const *all, size_t n)
{
	struct arena *arena = console->pending.arena;
	const char *sum = actions_sum(arena, all, n);

	console->pending.withs = arena_alloc(arena, n *
	    sizeof *console->pending.withs);
	for (size_t i = 0; i < n; i++)
		console->pending.withs[i] = with_of(console, choice, &all[i],
		    1);
	actions_ask(console, arena_printf(arena, ngettext(
	    "Offline: queue %s of %zu event, %s, as it is shown?",
	    "Offline: queue %s of %zu events, %s, each as it is shown?", n),
	    choice->action, n, sum != NULL ? sum : _("no amounts")));
}

static void
decide_marks(struct console *console, const struct choice *choice,
    const struct view *view, size_t n)
{
	struct wire_decide *decide = decide_new(console, choice);
	struct arena *arena = console->pending.arena;
	struct wire_pick *picks = arena_alloc(arena, n * sizeof *picks);
	const struct subject **all = arena_alloc(arena, n * sizeof *all);
	size_t at = 0;
	struct span key;
	void *value;

	while (map_next(view->marks, &at, &key, &value)) {
		const struct subject *mark = value;
		struct wire_pick *pick;

		if (mark->kind == SUBJECT_NONE)
			continue;
		all[decide->n_events] = mark;
		pick = &picks[decide->n_events++];
		pick->id = arena_strdup(arena, mark->event);
		pick->version = mark->version;
	}
	decide->events = picks;
	decide->with = with_of(console, choice, all, n);
	if (console->seen.link != LINK_LIVE)
		ask_each(console, choice, all, n);
	else if (n == 1 && choice->one == NULL)
		perform(console);
	else
		bulk_plan(console);
}

/* Of all that matches: which events those are is found by the thread. */
static void
decide_swept(struct console *console, const struct choice *choice)
{
	struct wire_decide *decide = decide_new(console, choice);

	decide->with = with_of(console, choice, NULL, 0);
	bulk_plan(console);
}

/* What an action would be of now, kept for when it is asked about. */
static bool
take_subject(struct console *console, const struct choice *choice)
{
	struct view *view = console_view(console);
	const struct row *row = grid_row(&view->grid);
	struct subject *subject = &console->subject;

	*subject = (struct subject){ 0 };
	console->on_marks = marks_any(view);
	if (choice->code ? !actions_online(console) : !actions_may(console))
		return false;
	if (console->on_marks)
		return true;
	if (row == NULL || !view->place.pane->subject(view, row, subject)) {
		console_say(console, true, _(choice->nothing));
		return false;
	}
	if (subject->kind == SUBJECT_MOVED_ON)
		actions_changed(console);
	return subject->kind != SUBJECT_MOVED_ON;
}

static void
decide(struct console *console, const struct choice *choice)
{
	struct view *view = console_view(console);
	size_t marks = marks_single(view);

	if (!console->on_marks && console->subject.kind == SUBJECT_SIGNATURE)
		decide_signature(console, choice, console->subject.signature);
	else if (!console->on_marks)
		decide_event(console, choice, &console->subject);
	else if (marks_swept(view) && console->seen.link != LINK_LIVE)
		console_say(console, true, _("Offline: what is done to all "
		    "that match, the daemon plans. Mark the rows: those are "
		    "queued."));
	else if (marks_swept(view))
		decide_swept(console, choice);
	else if (marks > (console->seen.link == LINK_LIVE ? PICKS_MAX :
	    OFFLINE_MAX))
		console_say(console, true, _("Too many marked at once."));
	else if (marks > 0)
		decide_marks(console, choice, view, marks);
	else
		console_say(console, true, _(choice->nothing));
}

void
actions_why(struct console *console, const char *prompt,
    const struct choice *choice, const char *question)
{
	console->mode = MODE_REASON;
	console->pending.choice = choice;
	console->pending.question = question;
	console->offer = choice == NULL ||
	    (choice->word == NULL && !choice->talk && !choice->code);
	console->input[0] = '\0';
	snprintf(console->prompt, sizeof console->prompt, "%s", prompt);
}

void
actions_choose(struct console *console, const struct choice *choice)
{
	if (!take_subject(console, choice))
		return;
	if (choice->because != NULL)
		actions_why(console, _(choice->because), choice, NULL);
	else if (choice->code)
		actions_why(console, _("One-time code: "), choice, NULL);
	else
		decide(console, choice);
}

void
actions_retry(struct console *console)
{
	actions_choose(console, &choices[RETRY]);
}

/* Does the row, or any that is marked, take a one-time code? */
static bool
wants_code(struct view *view)
{
	const struct row *row = grid_row(&view->grid);
	struct subject subject = { .code = false };
	struct span key;
	size_t at = 0;
	void *value;

	while (view->marks && map_next(view->marks, &at, &key, &value)) {
		const struct subject *mark = value;

		if (mark->kind != SUBJECT_NONE && mark->code)
			return true;
	}
	return !marks_any(view) && row != NULL &&
	    view->place.pane->subject(view, row, &subject) && subject.code;
}

void
actions_approve(struct console *console)
{
	actions_choose(console, &choices[wants_code(console_view(console)) ?
	    APPROVE_CODE : APPROVE]);
}

void
actions_reject(struct console *console)
{
	actions_choose(console, &choices[REJECT]);
}

void
actions_replay(struct console *console)
{
	actions_choose(console, &choices[REPLAY]);
}

/* All that a source has sent meanwhile is posted: that is asked about. */
void
actions_resume(struct console *console)
{
	struct view *view = console_view(console);
	const struct row *row = grid_row(&view->grid);
	struct wire_decide *decide;
	struct subject subject;

	if (!actions_online(console))
		return;
	if (row == NULL || !view->place.pane->subject(view, row, &subject)) {
		console_say(console, true, _("This source is not paused."));
		return;
	}
	decide = actions_new(console);
	decide->action = "resume";
	decide->source = arena_strdup(console->pending.arena,
	    subject.source);
	actions_ask(console, arena_printf(console->pending.arena,
	    _("Resume %s and post what it has sent?"),
	    text_tame(console->pending.arena, subject.source)));
}

/* What is dismissed leaves the backlog for good: the audit wants to know
 * why. */
void
actions_dismiss(struct console *console)
{
	actions_choose(console, &choices[DISMISS]);
}

/* A space in front makes a digit no choice of a reason. */
static void
trim(char *line)
{
	size_t n = strspn(line, " ");

	memmove(line, line + n, strlen(line + n) + 1);
}

static bool
understood(struct console *console)
{
	const struct choice *choice = console->pending.choice;
	struct arena *arena = arena_new();
	bool good = choice == NULL || choice->word == NULL ||
	    choice->read(arena, console->input) != NULL;

	arena_free(&arena);
	if (!good)
		console_say(console, true, _("That is not understood."));
	return good;
}

static void
remember(struct console *console)
{
	struct err e = { 0 };

	if (console->offer && !reasons_add(console->input, &e))
		console_say(console, true, e.why);
}

bool
actions_offered(struct console *console, int key)
{
	struct arena *arena = arena_new();
	struct reasons reasons = { .n = 0 };
	bool taken;

	if (console->offer && console->input[0] == '\0')
		reasons_read(arena, &reasons);
	taken = key >= '1' && key < '1' + (int)reasons.n;
	if (taken)
		snprintf(console->input, sizeof console->input, "%s",
		    reasons.items[key - '1']);
	arena_free(&arena);
	return taken;
}

/* Pressed twice, and Enter: nobody said why. */
static bool
is_trigger(const struct console *console)
{
	const char key[2] = { (char)console->trigger };

	return console->trigger > ' ' && console->trigger < 0x7f &&
	    strspn(console->input, key) == strlen(console->input);
}

void
actions_reason(struct console *console)
{
	struct pending *pending = &console->pending;

	trim(console->input);
	if (console->input[0] == '\0')
		return;
	if (is_trigger(console)) {
		console->input[0] = '\0';	/* it did not say anything */
		return;
	}
	console->mode = MODE_BROWSE;
	if (!(pending->choice != NULL && pending->choice->code ?
	    actions_online(console) : actions_may(console)) ||
	    !understood(console))
		return;
	remember(console);
	if (pending->choice != NULL) {
		decide(console, pending->choice);
		return;
	}
	pending->decide.reason = arena_strdup(pending->arena,
	    console->input);
	actions_ask(console, pending->question);
}

/* ---- master data -------------------------------------------------------- */

/* With the version that is on the screen: who was quicker is not undone. */
void
actions_edit(struct console *console)
{
	struct view *view = console_view(console);
	const struct row *row = grid_row(&view->grid);
	struct wire_record record = { .n = 0 };
	const struct wire_field *field = NULL;
	struct edit *edit;
	struct span json;

	if (!actions_may(console) || row == NULL)
		return;
	actions_new(console);
	if (cache_find(console->cache, console->pending.arena, "record",
	    view->place.key, &json) &&
	    !shape_record(json, console->pending.arena, &record))
		record.n = 0;
	for (size_t i = 0; i < record.n; i++)
		if (strcmp(record.fields[i].name, row->key) == 0)
			field = &record.fields[i];
	/* The code is what the row is found by. */
	if (field == NULL || strcmp(field->name, "code") == 0 ||
	    strlen(field->value) >= sizeof console->input) {
		console_say(console, true, _("Nothing here to change."));
		actions_drop(console);
		return;
	}
	edit = &console->pending.edit;
	edit->record = arena_strdup(console->pending.arena, view->place.key);
	edit->etag = record.etag;
	edit->column = field->name;
	edit->value = field->value;
	snprintf(console->input, sizeof console->input, "%s", field->value);
	snprintf(console->prompt, sizeof console->prompt, "%s: ",
	    text_cut(console->pending.arena, field->name, 40));
	console->mode = MODE_EDIT;
}

void
actions_edited(struct console *console)
{
	struct edit *edit = &console->pending.edit;
	struct arena *arena = console->pending.arena;

	if (strcmp(edit->value, console->input) == 0) {
		actions_drop(console);
		console_say(console, false, _("Nothing was done."));
		return;
	}
	actions_ask(console, arena_printf(arena,
	    _("%s, %s: \"%s\" becomes \"%s\"?"),
	    text_tame(arena, edit->record), text_tame(arena, edit->column),
	    text_tame(arena, edit->value),
	    text_tame(arena, console->input)));
	edit->value = arena_strdup(arena, console->input);
}

/* ---- intercompany ------------------------------------------------------- */

static const char *
amount_of(struct arena *arena, const struct wire_mismatch *m)
{
	const struct wire_adjust_line *line = &m->lines[0];

	return text_money(arena, m->proposed, line->debit[0] != '\0' ?
	    line->debit : line->credit);
}

static void
ask_adjust(struct console *console, const struct wire_mismatch *m)
{
	struct arena *arena = console->pending.arena;
	const char *missing = adjust_missing(arena, m);

	if (missing != NULL) {
		console_say(console, true, missing);
		actions_drop(console);
		return;
	}
	console->pending.adjust = (struct wire_adjust){
		.entity = m->side[0].entity, .party = m->side[1].entity,
		.name = m->name, .version = m->version,
		.period = m->period[0] != '\0' ? m->period : NULL,
	};
	actions_ask(console, arena_printf(arena,
	    _("Post the entry of %s %s in %s?"), amount_of(arena, m),
	    text_cut(arena, m->proposed, 8), text_cut(arena, m->entity,
	    60)));
}

/* The entry is on the screen before it is asked about. */
void
actions_adjust(struct console *console)
{
	struct view *view = console_view(console);
	const struct row *row = grid_row(&view->grid);
	struct wire_mismatch m;
	struct place place;
	int64_t version = view->version;

	if (!actions_online(console))
		return;
	if (view->place.pane != &pane_adjust) {
		if (row == NULL || !view->place.pane->open(view, row,
		    &place)) {
			console_say(console, true,
			    _("Nothing here to adjust."));
			return;
		}
		version = row->version;
		console_push(console, &place);
		view = console_view(console);
	}
	if (view->version == 0 || view->version != version) {
		actions_changed(console);
		return;
	}
	actions_new(console);
	if (adjust_find(console->cache, console->pending.arena,
	    view->place.key, &m) && strcmp(m.version, arena_id(
	    console->pending.arena, 'J', version)) == 0) {
		ask_adjust(console, &m);
		return;
	}
	actions_changed(console);
	actions_drop(console);
}

/* ---- fix --------------------------------------------------------------- */

static bool
find_problem(struct console *console, struct arena *arena,
    struct wire_signature *out)
{
	struct view *view = console_view(console);
	const struct row *row = grid_row(&view->grid);
	struct subject subject;

	if (row != NULL && view->place.pane->subject(view, row, &subject) &&
	    cache_signature(console->cache, arena, subject.signature, out))
		return true;
	console_say(console, true, _("Nothing here to fix."));
	return false;
}

static bool
fixable(struct console *console, struct arena *arena,
    const struct wire_signature *one)
{
	if (!one->fixable)
		console_say(console, true, arena_printf(arena,
		    _("No mapping mends this. %s"),
		    text_tame(arena, one->hint)));
	return one->fixable;
}

/* What is said of a party or an item itself, not mapped to another. */
static const struct mend {
	const char *dimension, *what, *prompt;
} mends[] = {
	{ "taxpayer", N_("GSTIN"), N_("GSTIN: ") },
	{ "gst_state", N_("Place of supply"),
	    N_("State (two digits): ") },
	{ "hsn", N_("HSN"), N_("HSN: ") },
	{ "gst_unit", N_("Unit"), N_("Unit: ") },
};

static const struct mend *
mend_of(const char *dimension)
{
	for (size_t i = 0; i < sizeof mends / sizeof *mends; i++)
		if (strcmp(mends[i].dimension, dimension) == 0)
			return &mends[i];
	return NULL;
}

void
actions_fix(struct console *console)
{
	struct wire_decide *decide = actions_new(console);
	struct arena *arena = console->pending.arena;
	struct wire_signature one;
	const struct mend *mend;
	struct place place;

	if (!actions_may(console) || !find_problem(console, arena, &one)) {
		actions_drop(console);
		return;
	}
	if (strcmp(one.code, "period.closed") == 0) {
		actions_drop(console);
		actions_choose(console, &choices[CARRY]);
		return;
	}
	if (!fixable(console, arena, &one)) {
		actions_drop(console);
		return;
	}
	mend = mend_of(one.dimension);
	decide->action = "fix";
	decide->signature = one.id;
	decide->dimension = one.dimension;
	decide->source = one.source;
	decide->value = one.value;
	place_set(&place, &pane_pick, one.dimension, arena_printf(arena,
	    _("%s for \"%s\" of %s"), mend != NULL ? _(mend->what) :
	    text_tame(arena, one.dimension),
	    text_tame(arena, one.value), text_tame(arena, one.source)));
	console_push(console, &place);
	console->mode = MODE_PICK;
	console->input[0] = '\0';
	snprintf(console->prompt, sizeof console->prompt, "%s",
	    mend != NULL ? _(mend->prompt) : _("Map to: "));
}

void
actions_picked(struct console *console)
{
	struct view *view = console_view(console);
	const struct row *row = grid_row(&view->grid);
	struct wire_decide *decide = &console->pending.decide;
	struct arena *arena = console->pending.arena;
	struct wire_signature one;
	const char *name = row ? row->cells[1] : "";

	/* Without a list, the daemon judges what was typed. */
	decide->to = arena_strdup(arena, row ? row->key : console->input);
	if (decide->to[0] == '\0')
		return;
	name = arena_strdup(arena, name);
	console_pop(console);
	if (!cache_signature(console->cache, arena, decide->signature, &one))
		one.count = 0;
	if (one.count == 0)
		one.amounts.n = 0;
	actions_ask(console, arena_printf(arena,
	    mend_of(decide->dimension) != NULL ?
	    _("Note for \"%s\": %s %s, and retry %s, %s?") :
	    _("Map \"%s\" to %s %s and retry %s, %s?"),
	    text_tame(arena, decide->value),
	    text_tame(arena, decide->to), name,
	    events_text(arena, one.count),
	    text_amounts(arena, &one.amounts)));
}

void
actions_answer(struct console *console, int key)
{
	bool fix = console->pending.decide.to != NULL;

	void (*yes)(struct console *) = console->pending.yes;

	if (key == 'y' && yes != NULL) {
		actions_drop(console);
		yes(console);
	} else if (key == 'y' || (key == 'm' && fix)) {
		console->pending.decide.retry = fix && key == 'y';
		perform(console);
	} else if (key == 'n' || key == 'q' || key == TERM_ESCAPE) {
		actions_drop(console);
		console_say(console, false, _("Nothing was done."));
	}
}
