/*
 * One row for all that share a column. The rows behind it are walked by the
 * thread that counts; what is done to a group is done to all of it, through
 * the plan, as if its rows had been marked.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/i18n.h"
#include "ui/actions.h"
#include "ui/finding_inside.h"
#include "ui/text.h"

/* Of a view of pane_groups. */
struct groups {
	struct place base;	/* whose rows they are */
	char filter[256];
	bool put_off_too;
	int column;
	char head[80];		/* as a filter calls the column */
	bool day;
	uint64_t ticket;
	bool known;
	uint64_t counted;	/* generation */
	struct tally_answer answer;
	struct tally *tally;
};

static const struct column columns[] = {
	{ N_("Group"), 20, true, false, 0 },
	{ N_("Rows"), 9, false, true, 0 },
	{ N_("Money"), 24, false, true, 1 },
	{ N_("Oldest"), 6, false, true, 2 },
};

bool
groups_base(const struct view *view)
{
	return view->place.pane == &pane_groups;
}

const char *
groups_column(const struct view *view)
{
	const struct groups *groups = view->data;

	return groups != NULL ? groups->head : "";
}

/* ---- the pane ---------------------------------------------------------- */

static void
load(struct view *view)
{
	const struct groups *groups = view->data;
	struct arena *arena = view->arena;

	if (groups == NULL || !groups->known) {
		view_add(view, TONE_HEAD, "", (const char *const []){
		    _("Counting."), NULL });
		return;
	}
	for (size_t i = 0; i < groups->answer.n_groups; i++) {
		const struct tally_group *one = &groups->answer.groups[i];

		view_add(view, TONE_PLAIN, arena_printf(arena, "=%s",
		    one->raw), (const char *const []){
		    one->value[0] != '\0' ? text_tame(arena, one->value) :
		    _("(none)"), text_count(arena, one->sum.n),
		    tally_text(arena, &one->sum), one->sum.oldest[0] != '\0'
		    ? text_age(arena, one->sum.oldest) : "", NULL });
	}
	if (groups->answer.cut)
		view_add(view, TONE_HEAD, "", (const char *const []){
		    _("There are more groups than these."), NULL });
}

const struct pane pane_groups = {
	.name = "groups", .title = N_("groups"), .columns = columns,
	.n_columns = sizeof columns / sizeof *columns,
	.can = CAN_OPEN | CAN_FILTER | CAN_RETRY | CAN_APPROVE | CAN_SHARE,
	.load = load
};

static void
drop(struct view *view)
{
	struct groups *groups = view->data;

	if (groups->ticket != 0 && groups->tally != NULL)
		tally_drop(groups->tally, groups->ticket);
	tally_free(&groups->answer);
	free(groups);
}

static void
count(struct console *console, struct groups *groups)
{
	struct tally_ask ask = { .kind = TALLY_GROUP, .place = groups->base,
	    .put_off_too = groups->put_off_too, .column = groups->column };

	groups->tally = finding_tally(console);
	if (groups->tally == NULL)
		return;
	memcpy(ask.filter, groups->filter, sizeof ask.filter);
	groups->ticket = tally_ask(groups->tally, &ask);
	groups->counted = console->seen.generation;
}

void
groups_hear(struct console *console)
{
	struct view *view = console_view(console);
	struct groups *groups = view->data;
	struct tally_answer answer;

	if (!groups_base(view) || groups == NULL)
		return;
	if (groups->ticket != 0 && tally_take(groups->tally, groups->ticket,
	    &answer)) {
		tally_free(&groups->answer);
		groups->answer = answer;
		groups->ticket = 0;
		groups->known = true;
		console_load(console);
	}
	if (groups->ticket == 0 &&
	    groups->counted != console->seen.generation)
		count(console, groups);
}

/* ---- grouping ---------------------------------------------------------- */

/* As it may be typed: without case and blanks. */
static bool
named(const char *head, const char *text)
{
	for (; *text != '\0'; text++) {
		if (*text == ' ' || *text == '_')
			continue;
		while (*head == ' ' || *head == '_')
			head++;
		if ((*head | 32) != (*text | 32))
			return false;
		head++;
	}
	return true;
}

static int
column_of(const struct view *view, const char *text)
{
	for (size_t i = 0; text[0] != '\0' && i < view->grid.n_columns; i++) {
		const char *head = view->grid.columns[i].head;

		if (head[0] != '\0' && (named(head, text) ||
		    named(_(head), text)))
			return (int)i;
	}
	return -1;
}

void
groups_open(struct console *console, const char *text)
{
	struct view *view = console_view(console);
	int column = column_of(view, text);
	struct groups *groups;
	struct place place;
	char title[240];

	if (column < 0) {
		console_say(console, true, _("No such column here."));
		return;
	}
	groups = calloc(1, sizeof *groups);
	if (groups == NULL)
		bug("out of memory");
	groups->base = view->place;
	groups->put_off_too = view->put_off_too;
	groups->column = column;
	groups->day = view->grid.named[column].kind == FILTER_TIME;
	snprintf(groups->filter, sizeof groups->filter, "%s", view->filter);
	snprintf(groups->head, sizeof groups->head, "%s",
	    view->grid.columns[column].head);
	snprintf(title, sizeof title, _("by %s"),
	    _(view->grid.columns[column].head));
	place_set(&place, &pane_groups, "", title);
	console_push(console, &place);
	if (!groups_base(console_view(console))) {
		free(groups);
		return;
	}
	view = console_view(console);
	view->data = groups;
	view->drop = drop;
	count(console, groups);
	console_load(console);
}

static void
typed_column(struct console *console)
{
	char text[80];

	snprintf(text, sizeof text, "%.70s", console->input);
	actions_drop(console);
	if (text[0] != '\0')
		groups_open(console, text);
}

static void
ask_column(struct console *console)
{
	const struct view *view = console_view(console);
	struct arena *arena = arena_new();
	const char *names = "";

	for (size_t i = 0; i < view->grid.n_columns; i++) {
		const char *head = view->grid.columns[i].head;

		if (head[0] != '\0')
			names = arena_printf(arena, "%s%s%s", names,
			    names[0] != '\0' ? " " : "", _(head));
	}
	actions_new(console);
	console_line(console, arena_printf(arena, _("Group by (%.60s): "),
	    names), "", typed_column);
	arena_free(&arena);
}

/* ---- a group's rows ---------------------------------------------------- */

/* A quote within quotes is doubled. */
static const char *
quoted(struct arena *arena, const char *text)
{
	char *out = arena_alloc(arena, 2 * strlen(text) + 1), *to = out;

	for (; *text != '\0'; text++) {
		if (*text == '"')
			*to++ = '"';
		*to++ = *text;
	}
	return out;
}

/* What lets only these through, behind what was in force. */
static void
filter_of(const struct groups *groups, const struct row *row, char *out,
    size_t room)
{
	struct arena *arena = arena_new();
	const char *raw = row->key + 1;
	char head[80];
	size_t n = 0;

	for (const char *p = groups->head; *p != '\0'; p++)
		if (*p != ' ')
			head[n++] = *p;
	head[n] = '\0';
	snprintf(out, room, groups->day ? "%s%s%s:%s" : "%s%s%s=\"%s\"",
	    groups->filter, groups->filter[0] != '\0' ? " " : "", head,
	    quoted(arena, raw));
	arena_free(&arena);
}

static bool
enter(struct console *console)
{
	struct view *view = console_view(console);
	const struct groups *groups = view->data;
	const struct row *row = grid_row(&view->grid);
	char filter[256];
	struct place place;

	if (groups == NULL || row == NULL || row->key[0] != '=')
		return false;
	filter_of(groups, row, filter, sizeof filter);
	place = groups->base;
	place.filter[0] = '\0';
	snprintf(place.title, sizeof place.title, "%.180s", row->cells[0]);
	console_push(console, &place);
	return console_filter(console, filter);
}

bool
groups_act(struct console *console, enum act act)
{
	struct view *view = console_view(console);
	const struct groups *groups = view->data;

	if (act == ACT_GROUP && !groups_base(view)) {
		ask_column(console);
		return true;
	}
	if (!groups_base(view))
		return false;
	if (act == ACT_GROUP) {
		console_pop(console);
		return true;
	}
	if (act == ACT_OPEN) {
		enter(console);
		return true;
	}
	if (key_info(act)->kind != KEY_ACTS)
		return false;
	if (groups == NULL || (key_info(act)->needs &
	    ~groups->base.pane->can) != 0) {
		console_say(console, true, _("Nothing here to do that to."));
		return true;
	}
	/* From here on it is as if all of the group had been marked. */
	if (!enter(console))
		return true;
	marks_act(console, ACT_MARK_ALL);
	return false;
}
