/*
 * A draft is the views, the action that asked, the lines that were typed for
 * it, and of a review its choices, all bound to the versions that were on the
 * screen.
 */
#include "ui/draft.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "core/i18n.h"
#include "ui/actions.h"
#include "ui/review.h"
#include "ui/session.h"
#include "ui/text.h"

#define TEXT_MAX ((size_t)4 << 20)

/* ---- what there is to note --------------------------------------------- */

static struct review *
reviewed(struct console *console)
{
	struct view *view = console_view(console);

	return view->place.pane == &pane_review ? view->data : NULL;
}

static bool
chosen(const struct review *review, size_t field)
{
	const struct merge_field *f = review_at(review, field);

	return f->take != f->first || f->take == MERGE_OWN;
}

static size_t
choices(const struct review *review)
{
	size_t n = 0;

	for (size_t i = 0; i < review->n; i++)
		n += chosen(review, i);
	return n;
}

/* Typed words that are worth keeping; a one-time code never is. */
static bool
typing(const struct console *console)
{
	const struct choice *choice = console->pending.choice;

	switch (console->mode) {
	case MODE_REASON: return choice == NULL || !choice->code;
	case MODE_EDIT: return true;
	case MODE_LINE: return console->draft.act == ACT_ENTER;
	default: return false;
	}
}

/* What the question is about, as it was on the screen. */
static void
version_of(struct console *console, char out[80])
{
	const struct row *row = grid_row(&console_view(console)->grid);
	const struct pending *pending = &console->pending;

	if (console->mode == MODE_EDIT && pending->arena != NULL &&
	    pending->edit.etag != NULL)
		snprintf(out, 80, "%s", pending->edit.etag);
	else
		snprintf(out, 80, "%lld", (long long)(console->mode ==
		    MODE_REASON && pending->choice != NULL &&
		    !console->on_marks ? console->subject.version :
		    row != NULL ? row->version : 0));
}

/* ---- writing ----------------------------------------------------------- */

static void
write_choices(struct json *j, const struct review *review)
{
	struct arena *arena = arena_new();

	json_kint(j, "whole", (int64_t)review->whole);
	json_kint(j, "version", review->conflict.version);
	json_key(j, "fields");
	json_open(j, '[');
	for (size_t i = 0; i < review->n; i++) {
		const struct merge_field *f = review_at(review, i);

		if (!chosen(review, i))
			continue;
		json_open(j, '{');
		json_kint(j, "part", (int64_t)review->fields[i].part);
		json_kstr(j, "path", f->path);
		json_kint(j, "take", (int64_t)f->take);
		json_kstr(j, "base", f->base);
		json_kstr(j, "current", f->current);
		json_kstr(j, "incoming", f->incoming);
		json_kstr(j, "own", f->take == MERGE_OWN ? review_result(
		    review, i, arena) : NULL);
		json_close(j, '}');
	}
	json_close(j, ']');
	arena_free(&arena);
}

static void
note(struct console *console)
{
	struct draft *draft = &console->draft;
	struct review *review = reviewed(console);
	struct json j;
	struct str out;

	str_init(&out, TEXT_MAX);
	json_start(&j, &out);
	json_open(&j, '{');
	session_write(console, &j);
	if (review != NULL) {
		json_key(&j, "review");
		json_open(&j, '{');
		json_kstr(&j, "event", review->conflict.event);
		write_choices(&j, review);
		json_close(&j, '}');
	}
	if (typing(console)) {
		json_kstr(&j, "act", key_info(draft->act)->name);
		json_kstr(&j, "version", draft->version);
		json_key(&j, "steps");
		json_open(&j, '[');
		for (size_t i = 0; i < draft->n_steps; i++)
			json_str(&j, draft->steps[i]);
		json_close(&j, ']');
		json_kstr(&j, "prompt", console->prompt);
		json_kstr(&j, "input", console->input);
	}
	json_close(&j, '}');
	if (!out.over)
		queue_note(console->queue, "draft", out.p);
	str_free(&out);
	draft->noted = true;
}

static void
forget(struct console *console)
{
	console->draft.n_steps = 0;
	if (console->draft.noted)
		queue_note(console->queue, "draft", NULL);
	console->draft.noted = false;
}

static void
done(struct console *console)
{
	struct draft *draft = &console->draft;

	if (draft->tree == NULL)
		return;
	cJSON_Delete(draft->tree);
	draft->tree = NULL;
	draft->noted = true;
	draft->waits = false;
	draft->chosen = NULL;
	draft->offered = OFFER_NONE;
	console->standing[0] = '\0';
}

/* Enter took a line, and asks for another one. */
static void
follow(struct console *console, enum act act)
{
	struct draft *draft = &console->draft;

	if (act != ACT_NONE) {
		draft->act = act;
		draft->n_steps = 0;
		version_of(console, draft->version);
	} else if (strcmp(draft->prompt, console->prompt) != 0 &&
	    draft->prompt[0] != '\0' && draft->n_steps < DRAFT_STEPS) {
		snprintf(draft->steps[draft->n_steps++],
		    sizeof draft->steps[0], "%s", draft->input);
	}
}

static uint64_t
sum_of(const struct review *review)
{
	uint64_t sum = (uint64_t)review->whole;

	for (size_t i = 0; i < review->n; i++) {
		const struct merge_field *f = review_at(review, i);

		sum = sum * 31 + (uint64_t)f->take;
		for (const char *p = f->take == MERGE_OWN && f->own != NULL ?
		    f->own : ""; *p != '\0'; p++)
			sum = sum * 31 + (unsigned char)*p;
	}
	return sum;
}

void
draft_watch(struct console *console, enum act act)
{
	struct draft *draft = &console->draft;
	struct review *review = reviewed(console);
	bool types, merges;
	uint64_t sum;

	if (queue_why(console->queue) != NULL)
		return;
	if (act != ACT_NONE)
		draft->act = act;
	/* From the next key on it is this one's work, not that of before. */
	if (draft->waits && draft->chosen != NULL && !draft->asked)
		done(console);
	draft->asked = false;
	types = typing(console);
	merges = review != NULL && !review->sent && choices(review) > 0;
	/* One of before is offered again until there is another. */
	if (draft->tree != NULL && (draft->waits || (!types && !merges)))
		return;
	done(console);
	if (types)
		follow(console, act);
	sum = review != NULL ? sum_of(review) : 0;
	if (!types && !merges) {
		forget(console);
	} else if (types != draft->typed || sum != draft->sum ||
	    (types && (strcmp(draft->input, console->input) != 0 ||
	    strcmp(draft->prompt, console->prompt) != 0))) {
		note(console);
	}
	draft->typed = types;
	draft->sum = sum;
	snprintf(draft->input, sizeof draft->input, "%s", types ?
	    console->input : "");
	snprintf(draft->prompt, sizeof draft->prompt, "%s", types ?
	    console->prompt : "");
}

/* ---- going on ---------------------------------------------------------- */

static bool
same(const char *a, const char *b)
{
	return (a == NULL) == (b == NULL) &&
	    (a == NULL || strcmp(a, b) == 0);
}

/* The same field of the same part, when nothing of it has moved. */
static bool
choose(struct review *review, const cJSON *at)
{
	for (size_t i = 0; i < review->n; i++) {
		const struct merge_field *f = review_at(review, i);
		enum merge_side take = (enum merge_side)json_digits(at, "take");

		if (json_digits(at, "part") != (int64_t)review->fields[i].part ||
		    strcmp(f->path, json_word(at, "path")) != 0)
			continue;
		if (!same(f->base, json_text(at, "base")) ||
		    !same(f->current, json_text(at, "current")) ||
		    !same(f->incoming, json_text(at, "incoming")))
			return false;
		if (take == MERGE_OWN)
			return review_own(review, i, json_word(at, "own"));
		if (take >= MERGE_BASE && take <= MERGE_INCOMING)
			review_take(review, i, take);
		return take <= MERGE_INCOMING;
	}
	return false;
}

/* Asks as the key did, and types what had been typed; the last line is left
 * to the person. What would decide is not gone over. */
static void
retype(struct console *console, const cJSON *tree)
{
	enum act act = key_named(json_word(tree, "act"));
	const cJSON *step;
	char now[80], said[400];

	if (act == ACT_NONE)
		return;
	console->draft.act = act;
	console_do(console, act);
	version_of(console, now);
	cJSON_ArrayForEach(step, json_at(tree, "steps")) {
		if (console->mode != MODE_LINE || !cJSON_IsString(step))
			break;
		snprintf(console->input, sizeof console->input, "%s",
		    step->valuestring);
		console->mode = MODE_BROWSE;
		console->pending.typed(console);
	}
	if (!typing(console)) {
		snprintf(said, sizeof said, _("This can be said no more; it "
		    "was: %.200s"), json_word(tree, "input"));
		console_say(console, true, said);
		return;
	}
	snprintf(console->input, sizeof console->input, "%s", json_word(tree,
	    "input"));
	if (strcmp(now, json_word(tree, "version")) != 0)
		console_say(console, true, _("It has changed since you typed "
		    "this: look at it first."));
}

void
draft_arrived(struct console *console)
{
	struct draft *draft = &console->draft;
	struct review *review;
	const cJSON *of, *at;
	size_t n = 0, kept = 0;
	char said[200];

	if (!draft->waits || (review = reviewed(console)) == NULL ||
	    review == draft->chosen)
		return;
	draft->chosen = review;
	of = json_at(draft->tree, "review");
	cJSON_ArrayForEach(at, json_at(of, "fields")) {
		n++;
		kept += choose(review, at);
	}
	if (kept == n && json_digits(of, "whole") != WHOLE_NOT &&
	    json_digits(of, "version") == review->conflict.version)
		review->whole = (enum review_whole)json_digits(of, "whole");
	snprintf(said, sizeof said, kept == n && json_digits(of, "version") ==
	    review->conflict.version ? _("You go on merging: %zu of %zu "
	    "choices are as you made them.") : _("It has changed meanwhile: "
	    "%zu of %zu choices still fit, look at the others."), kept, n);
	console_load(console);
	console_say(console, kept < n, said);
	if (console->mode == MODE_BROWSE)
		retype(console, draft->tree);
}

static void
go_on(struct console *console)
{
	struct draft *draft = &console->draft;

	if (!session_go(console, draft->tree))
		console_say(console, true, _("What you were at is there no "
		    "more."));
	else if (json_at(draft->tree, "review") == NULL)
		retype(console, draft->tree);
	draft->asked = true;
	draft->waits = json_at(draft->tree, "review") != NULL &&
	    console_view(console)->place.pane == &pane_review;
	if (draft->waits)
		draft_arrived(console);	/* or when it has come */
	else
		done(console);
}

static const char *
offer_text(struct arena *arena, const cJSON *tree)
{
	const cJSON *of = json_at(tree, "review");
	int n = cJSON_GetArraySize(json_at(of, "fields"));

	if (of != NULL)
		return arena_printf(arena, _(" You were merging %s, %d chosen:"
		    " y go on, n drop it"), text_cut(arena, json_word(of,
		    "event"), 24), n);
	return arena_printf(arena, _(" You were typing \"%s%s\" at %s: y go "
	    "on, n drop it"), text_cut(arena, json_word(tree, "prompt"), 60),
	    text_cut(arena, json_word(tree, "input"), 60), session_text(arena,
	    tree));
}

bool
draft_offer(struct console *console)
{
	struct draft *draft = &console->draft;
	struct arena *arena = arena_new();
	struct err e = { 0 };
	const char *found;

	if (queue_reader(console->queue) != NULL && keep_found(queue_reader(
	    console->queue), arena, "draft", &found))
		draft->tree = json_strict(span_of(found), &e);
	if (draft->tree != NULL) {
		draft->offered = OFFER_DRAFT;
		snprintf(console->standing, sizeof console->standing, "%s",
		    text_tame(arena, offer_text(arena, draft->tree)));
	}
	arena_free(&arena);
	return draft->tree != NULL;
}

/* Whoever does something else has not dropped it: it is offered at the next
 * start. */
bool
draft_key(struct console *console, int key)
{
	struct draft *draft = &console->draft;

	if (draft->offered == OFFER_NONE)
		return false;
	draft->offered = OFFER_NONE;
	console->standing[0] = '\0';
	if (key != 'y' && key != 'n')
		return false;
	console->message[0] = '\0';
	if (key == 'y') {
		go_on(console);
		return true;
	}
	done(console);
	forget(console);
	console_say(console, false, _("It is dropped."));
	return true;
}

void
draft_end(struct console *console, bool left)
{
	if (left && console->queue != NULL && console->draft.tree == NULL &&
	    queue_why(console->queue) == NULL)
		forget(console);
	cJSON_Delete(console->draft.tree);
	console->draft.tree = NULL;
}
