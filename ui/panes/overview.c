/* Where the books stand: what is not posted, by problem and age, with money;
 * then events by state and by source. */
#include "core/i18n.h"
#include "ui/activity.h"
#include "ui/panes.h"
#include "ui/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CONFLICT "conflict"	/* key of that state's row */
#define PROBLEMS 200	/* shown; the rest are in the failures pane */

static const struct column columns[] = {
	{ N_("Problem"), 16, true, false, 0 },
	{ N_("Source"), 9, false, false, 4 },
	{ N_("0-2d"), 5, false, true, 2 },
	{ N_("3-7d"), 5, false, true, 2 },
	{ N_("8-15d"), 5, false, true, 2 },
	{ N_("16-30d"), 6, false, true, 2 },
	{ N_("30+d"), 5, false, true, 2 },
	{ N_("Events"), 7, false, true, 0 },
	{ N_("Amounts"), 18, false, true, 1 },
};

#define BAR 12		/* cells of the bar of ages */

static int64_t
count_named(const struct wire_counts *counts, const char *name)
{
	for (size_t i = 0; i < counts->n; i++)
		if (strcmp(counts->items[i].name, name) == 0)
			return counts->items[i].count;
	return 0;
}

static const char *
count_or_dot(struct arena *arena, int64_t n)
{
	return n == 0 ? "." : text_count(arena, n);
}

static void
add_head(struct view *view, const char *text)
{
	view_add(view, TONE_HEAD, "", (const char *const []){ text, NULL });
}

static void
add_problem(struct view *view, const struct wire_signature *one)
{
	struct arena *arena = view->arena;
	const char *cells[GRID_CELLS + 1] = {
		text_cut(arena, one->sentence, 300),
		text_cut(arena, one->source, 60)
	};

	for (size_t i = 0; i < ACTIVITY_AGES; i++)
		cells[2 + i] = count_or_dot(arena, count_named(&one->ages,
		    activity_ages[i]));
	cells[7] = text_count(arena, one->count);
	cells[8] = text_amounts(arena, &one->amounts);
	view_add(view, TONE_PLAIN, one->id, cells);
}

static void
add_text(struct view *view, const char *text)
{
	if (text != NULL)
		view_add(view, TONE_PLAIN, "", (const char *const []){ text,
		    NULL });
}

/* How old all of them are together. */
static void
add_ages(struct view *view, const struct wire_signature *all, size_t n)
{
	int64_t sums[ACTIVITY_AGES] = { 0 };

	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < ACTIVITY_AGES; k++)
			sums[k] += count_named(&all[i].ages, activity_ages[k]);
	add_text(view, arena_printf(view->arena, _("By age  %s"),
	    activity_bar(view->arena, sums, BAR)));
}

static void
add_activity(struct view *view)
{
	struct activity activity;

	if (!activity_find(view->cache, view->arena, "", &activity))
		return;
	add_text(view, activity_open(view->arena, &activity));
	add_text(view, activity_posted(view->arena, &activity));
}

static void
add_problems(struct view *view)
{
	struct wire_signature *all = arena_alloc(view->arena,
	    PROBLEMS * sizeof *all);
	size_t n = cache_signatures(view->cache, view->arena, 0, NULL, false,
	    all, PROBLEMS);

	if (n > 0) {
		add_head(view, _("Problems"));
		add_ages(view, all, n);
	}
	for (size_t i = 0; i < n; i++)
		add_problem(view, &all[i]);
	if (n == 0)
		add_head(view, _("Nothing fails."));
	if (n == PROBLEMS)
		add_head(view, _("More in the failures pane (3)."));
}

static void
add_unposted(struct view *view, const struct wire_status *status)
{
	struct arena *arena = view->arena;

	view_add(view, TONE_STRONG, "", (const char *const []){
	    _("Not posted"), "", "", "", "", "", "",
	    text_count(arena, status->unposted),
	    text_amounts(arena, &status->amounts), NULL });
	if (!status->conservation)
		view_add(view, TONE_BAD, "", (const char *const []){
		    _("EVENTS ARE MISSING: received and accounted for "
		    "differ"), NULL });
}

static void
add_count(struct view *view, const char *name, const char *source,
    int64_t n)
{
	view_add(view, TONE_PLAIN, "", (const char *const []){
	    name, source, "", "", "", "", "", text_count(view->arena, n),
	    NULL });
}

static void
add_state(struct view *view, const struct wire_count *state)
{
	view_add(view, TONE_PLAIN, strcmp(state->name, CONFLICT) == 0 ?
	    state->name : "", (const char *const []){
	    text_state(view->arena, state->name), "", "", "", "", "", "",
	    text_count(view->arena, state->count), NULL });
}

static void
add_status(struct view *view, const struct wire_status *status)
{
	struct arena *arena = view->arena;

	add_head(view, _("Events by state"));
	for (size_t i = 0; i < status->states.n; i++)
		if (status->states.items[i].count != 0)
			add_state(view, &status->states.items[i]);
	add_head(view, _("Events by source"));
	for (size_t i = 0; i < status->n_sources; i++) {
		const struct wire_source *source = &status->sources[i];

		add_count(view, arena_printf(arena, source->holds ?
		    _("received, all accounted for (%s)") :
		    _("received, SOME MISSING (%s)"),
		    text_cut(arena, source->scheme, 40)),
		    text_cut(arena, source->name, 60), source->received);
	}
}

/* ---- the numbers -------------------------------------------------------- */

static void
add_number(struct view *view, enum tone tone, const char *name,
    const char *count, const char *text)
{
	view_add(view, tone, "", (const char *const []){
	    name, "", "", "", "", "", "", count, text, NULL });
}

/* How many alarms a kept list has; -1: it is not kept. */
static int
count_alarms(struct view *view, const char *name)
{
	struct list_rows rows;
	struct span json;
	int n = 0;

	if (!cache_find(view->cache, view->arena, "view", name, &json) ||
	    !list_read(list_find(name), json, view->arena, &rows))
		return -1;
	for (size_t i = 0; i < rows.n; i++)
		n += rows.items[i].alarm == LIST_ALARMS;
	return n;
}

static void
add_alarms(struct view *view, const char *list, const char *name)
{
	int n = count_alarms(view, list);

	if (n >= 0)
		add_number(view, n > 0 ? TONE_BAD : TONE_PLAIN, name,
		    count_or_dot(view->arena, n), "");
}

static void
add_positions(struct view *view, const struct wire_numbers *numbers)
{
	struct arena *arena = view->arena;

	for (size_t i = 0; i < numbers->n_positions && i < 3; i++) {
		const struct wire_position *one = &numbers->positions[i];

		add_number(view, TONE_PLAIN, arena_printf(arena,
		    _("Cash of %s"), text_cut(arena, one->entity, 20)), "",
		    arena_printf(arena, "%s %s", text_money(arena,
		    one->currency, one->cash), text_cut(arena,
		    one->currency, 8)));
	}
}

static void
add_numbers(struct view *view)
{
	struct arena *arena = view->arena;
	struct wire_numbers numbers;
	struct span json;

	if (cache_find(view->cache, arena, "view", "numbers", &json) &&
	    shape_numbers(json, arena, &numbers)) {
		add_head(view, arena_printf(arena, _("As of %lld"),
		    (long long)numbers.seq));
		add_alarms(view, "flows", _("Late flows"));
		add_alarms(view, "alerts", _("Alerts raised"));
		if (count_alarms(view, "intercompany") > 0)
			add_alarms(view, "intercompany",
			    _("Intercompany mismatches (I)"));
		add_number(view, TONE_PLAIN, _("Sync p95 today"), "",
		    text_duration(arena, numbers.total.p95));
		add_number(view, TONE_PLAIN, _("Touchless"), "",
		    text_percent(arena, numbers.total.touchless));
		add_positions(view, &numbers);
		if (numbers.differences > 0)
			add_number(view, TONE_BAD, _("THE BOOKS DIFFER"),
			    text_count(arena, numbers.differences), "");
	}
	view_freshen(view, "numbers+flows+alerts+intercompany+activity");
}

static void
load(struct view *view)
{
	struct wire_status status;
	struct span json;
	bool known = cache_find(view->cache, view->arena, "status", "",
	    &json) && shape_status(json, view->arena, &status);

	if (known)
		add_unposted(view, &status);
	add_numbers(view);
	add_activity(view);
	add_problems(view);
	if (known)
		add_status(view, &status);
}

static bool
open_row(struct view *view, const struct row *row, struct place *out)
{
	(void)view;
	if (row->key[0] == '\0')
		return false;
	if (strcmp(row->key, CONFLICT) == 0)
		place_set(out, &pane_conflicts, "", _(pane_conflicts.title));
	else
		place_set(out, &pane_members, row->key, row->cells[0]);
	return true;
}

static bool
subject(struct view *view, const struct row *row, struct subject *out)
{
	(void)view;
	*out = (struct subject){ .kind = SUBJECT_SIGNATURE };
	snprintf(out->signature, sizeof out->signature, "%s", row->key);
	return row->key[0] != '\0' && strcmp(row->key, CONFLICT) != 0;
}

const struct pane pane_overview = {
	.name = "overview", .title = N_("overview"), .act = ACT_OVERVIEW,
	.columns = columns, .n_columns = sizeof columns / sizeof *columns,
	.can = CAN_OPEN | CAN_FILTER | CAN_RETRY | CAN_FIX | CAN_APPROVE,
	.load = load, .open = open_row, .subject = subject
};
