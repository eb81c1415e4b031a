/*
 * Choices change the review alone; only applying it is a decision, with the
 * versions that were on the screen.
 */
#include "ui/resolve.h"

#include <libintl.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/i18n.h"
#include "ui/actions.h"
#include "ui/review.h"
#include "ui/text.h"

static const struct choice sides[] = {
	{ .action = "resolve", .take = "merge",
	    .nothing = N_("Nothing here to merge."),
	    .because = N_("Merge, because: "),
	    .one = N_("Merge both changes of %s?") },
	{ .action = "resolve", .take = "current",
	    .nothing = N_("Nothing here to keep."),
	    .because = N_("Keep the books, because: "),
	    .one = N_("Keep the books as they are, drop %s?") },
	{ .action = "resolve", .take = "incoming",
	    .nothing = N_("Nothing here to take."),
	    .because = N_("Take what came, because: "),
	    .one = N_("Replace what is in the books by %s?") },
};

enum { MERGE, KEEP, TAKE };

/* ---- places --------------------------------------------------------- */

/* Rows of field n have the key f and n. */
static bool
field_of(const struct row *row, size_t *out)
{
	char *end;

	if (row == NULL || row->key[0] != 'f')
		return false;
	*out = strtoul(row->key + 1, &end, 10);
	return true;
}

static void
go_to(struct view *view, size_t to)
{
	const struct row *row = grid_row(&view->grid);

	if (row != NULL)
		grid_move(&view->grid, (int)((int64_t)to - row->id));
}

/* The first row of the next field, or of the one before. */
static void
go_field(struct view *view, bool back)
{
	const struct row *row = grid_row(&view->grid);
	size_t n = view->list.n, here = n, field;

	if (row == NULL)
		return;
	if (!field_of(row, &here))
		here = n;
	for (int64_t at = row->id + (back ? -1 : 1); at >= 0 &&
	    at < (int64_t)n; at += back ? -1 : 1) {
		const struct row *one = vec_at(&view->list, (size_t)at);

		if (!field_of(one, &field) || field == here)
			continue;
		while (back && at > 0 && strcmp(((struct row *)vec_at(
		    &view->list, (size_t)at - 1))->key, one->key) == 0)
			at--;
		go_to(view, (size_t)at);
		return;
	}
}

/* To a field that is not chosen yet: this one, one behind it, or else from
 * the start. */
static void
go_open(struct view *view, const struct review *review)
{
	const struct row *row = grid_row(&view->grid);
	size_t n = view->list.n, from = row != NULL ? (size_t)row->id : 0;
	size_t field;

	for (size_t i = 0; i < n; i++) {
		size_t at = (from + i) % n;

		if (field_of(vec_at(&view->list, at), &field) &&
		    review_at(review, field)->take == MERGE_NONE) {
			if (i > 0)
				go_to(view, at);
			return;
		}
	}
}

/* ---- choosing ------------------------------------------------------- */

static void
choose_side(struct console *console, struct review *review,
    enum merge_side side)
{
	struct view *view = console_view(console);
	size_t field;

	if (!field_of(grid_row(&view->grid), &field)) {
		console_say(console, true, _("No field here: n goes to one."));
		return;
	}
	review_take(review, field, side);
	console_load(console);
	go_open(view, review);
}

static void
write_own(struct console *console, const struct review *review)
{
	struct view *view = console_view(console);
	struct arena *arena;
	const char *text;
	size_t field;

	if (!field_of(grid_row(&view->grid), &field) ||
	    review_at(review, field)->member == NULL) {
		console_say(console, true, _("Only a field is written here; a "
		    "whole line is taken or not."));
		return;
	}
	arena = arena_new();
	text = review_result(review, field, arena);
	snprintf(console->input, sizeof console->input, "%s",
	    text != NULL ? text : "");
	snprintf(console->prompt, sizeof console->prompt, "%s: ",
	    review_at(review, field)->path);
	console->mode = MODE_EDIT;
	arena_free(&arena);
}

void
resolve_written(struct console *console)
{
	struct view *view = console_view(console);
	struct review *review = view->data;
	size_t field;

	console->mode = MODE_BROWSE;
	if (review == NULL || !field_of(grid_row(&view->grid), &field))
		return;
	if (!review_own(review, field, console->input))
		console_say(console, true,
		    _("That can not be written there."));
	console_load(console);
}

static void
whole(struct console *console, struct review *review,
    enum review_whole whole)
{
	review_take_all(review, whole);
	console_load(console);
	console_say(console, false, whole == WHOLE_CURRENT ?
	    _("The books stay as they are; a applies that.") :
	    _("What came is taken whole; a applies that."));
}

/* ---- applying ------------------------------------------------------- */

/* Keeping the books as they are writes nothing that could be wrong. */
static bool
valid(struct console *console, const struct review *review,
    struct arena *arena)
{
	struct wire_preview preview;
	const char *why;

	if (review->whole == WHOLE_CURRENT)
		return true;
	if (!review_judged(console_view(console), review, arena, &preview)) {
		console_say(console, true, _("Not checked yet: apply it when "
		    "the effect is shown."));
		return false;
	}
	why = review_objection(&preview);
	if (why != NULL)
		console_say(console, true, arena_printf(arena,
		    _("Not valid yet: %s"), text_tame(arena, why)));
	return why == NULL;
}

static void
apply(struct console *console, struct review *review)
{
	struct view *view = console_view(console);
	struct wire_decide *decide;
	struct wire_pick *pick;
	struct arena *arena;
	size_t open = review_open(review);

	if (!actions_may(console))
		return;
	decide = actions_new(console);
	arena = console->pending.arena;
	if (open > 0) {
		console_say(console, true, arena_printf(arena, ngettext(
		    "%zu field overlaps: choose 1, 2 or 3, or e to write it.",
		    "%zu fields overlap: choose 1, 2 or 3, or e to write it.",
		    open), open));
		go_open(view, review);
		return;
	}
	if (!valid(console, review, arena))
		return;
	pick = arena_alloc(arena, sizeof *pick);
	pick->id = arena_strdup(arena, review->conflict.event);
	pick->version = review->conflict.version;
	decide->action = "resolve";
	decide->events = pick;
	decide->n_events = 1;
	decide->with = review_with(review, arena);
	actions_why(console, _("Apply, because: "), NULL, arena_printf(arena,
	    _("Write the result of %s into the books?"), pick->id));
}

static void
merge(struct console *console, struct review *review)
{
	if (review->n == 0) {
		console_say(console, true, _("There is nothing to merge: T "
		    "takes what came, K drops it."));
		return;
	}
	if (!review_clean(review)) {
		console_say(console, true, _("The changes overlap: choose "
		    "field by field, then a applies the result."));
		go_open(console_view(console), review);
		return;
	}
	review_take_all(review, WHOLE_MERGE);
	console_load(console);
	apply(console, review);
}

static void
act_review(struct console *console, struct review *review, enum act act)
{
	struct view *view = console_view(console);

	switch ((int)act) {
	case ACT_NEXT: go_field(view, false); break;
	case ACT_PREVIOUS: go_field(view, true); break;
	case ACT_BASE: choose_side(console, review, MERGE_BASE); break;
	case ACT_CURRENT: choose_side(console, review, MERGE_CURRENT); break;
	case ACT_INCOMING:
		choose_side(console, review, MERGE_INCOMING);
		break;
	case ACT_REVISE: write_own(console, review); break;
	case ACT_MERGE: merge(console, review); break;
	case ACT_KEEP: whole(console, review, WHOLE_CURRENT); break;
	case ACT_TAKE: whole(console, review, WHOLE_INCOMING); break;
	case ACT_APPLY: apply(console, review); break;
	}
}

void
resolve_act(struct console *console, enum act act)
{
	struct view *view = console_view(console);

	if (view->place.pane == &pane_review) {
		if (view->data != NULL)
			act_review(console, view->data, act);
		return;
	}
	actions_choose(console, &sides[act == ACT_MERGE ? MERGE :
	    act == ACT_KEEP ? KEEP : TAKE]);
}
