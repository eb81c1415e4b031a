#include "ui/marks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/i18n.h"
#include "ui/actions.h"
#include "ui/finding_inside.h"
#include "ui/tally.h"
#include "ui/text.h"

#define SINGLE_MAX 5000		/* marked one by one */
#define RANGE_MAX 100000	/* rows looked at for the other end */
#define BATCH 200

/* Of a view; NULL until something is swept or a range begun. */
struct marking {
	struct swept swept;
	struct filter *text[SWEEPS], *within[SWEEPS];
	uint64_t ticket;	/* of the count; 0: none is on its way */
	bool stale;		/* it is to be counted again */
	bool known;
	struct tally_sum sum;
	struct row *anchor;	/* of a range; NULL: none is begun */
	/* Of a plan: how many of how many, and where the next begins. */
	uint64_t planning;
	int64_t planned;
};

static struct marking *
marking(struct view *view)
{
	if (view->marking == NULL) {
		view->marking = calloc(1, sizeof *view->marking);
		if (view->marking == NULL)
			bug("out of memory");
	}
	return view->marking;
}

/* ---- what is marked ---------------------------------------------------- */

static struct subject *
single(const struct view *view, const struct row *row)
{
	char key[24];

	return view->marks == NULL ? NULL :
	    map_find(view->marks, tally_key(row, key));
}

static bool
swept_row(const struct marking *m, const struct row *row)
{
	for (size_t i = 0; m != NULL && i < m->swept.n; i++)
		if (row_passes(m->text[i], row) && row_passes(m->within[i], row) &&
		    row->id > m->swept.behind)
			return true;
	return false;
}

bool
marks_row(void *ctx, const struct row *row)
{
	const struct view *view = ctx;
	const struct subject *mark = single(view, row);

	return mark != NULL ? mark->kind != SUBJECT_NONE :
	    swept_row(view->marking, row);
}

bool
marks_swept(const struct view *view)
{
	return view->marking != NULL && view->marking->swept.n > 0;
}

size_t
marks_single(const struct view *view)
{
	size_t at = 0, n = 0;
	struct span key;
	void *value;

	while (view->marks && map_next(view->marks, &at, &key, &value))
		n += ((struct subject *)value)->kind != SUBJECT_NONE;
	return n;
}

bool
marks_any(const struct view *view)
{
	return marks_swept(view) || marks_single(view) > 0;
}

/* ---- changing it ------------------------------------------------------- */

static void
count_again(struct view *view)
{
	if (view->marking != NULL)
		view->marking->stale = true;
}

/* NULL: such a row cannot be marked, or there are too many. */
static struct subject *
put(struct view *view, const struct row *row, bool on)
{
	struct subject subject, *mark;
	char key[24];

	if (view->place.pane->subject == NULL ||
	    !view->place.pane->subject(view, row, &subject) ||
	    subject.kind == SUBJECT_MOVED_ON)
		return NULL;
	if (view->marks == NULL)
		view->marks = map_new();
	mark = single(view, row);
	if (mark == NULL) {
		if (map_count(view->marks) >= SINGLE_MAX)
			return NULL;
		mark = malloc(sizeof *mark);
		if (mark == NULL)
			bug("out of memory");
		map_set(view->marks, tally_key(row, key), mark);
	}
	*mark = subject;
	if (!on)
		mark->kind = SUBJECT_NONE;
	count_again(view);
	return mark;
}

static void
mark_row(struct console *console, int step)
{
	struct view *view = console_view(console);
	const struct row *row = grid_row(&view->grid);

	if (row == NULL)
		return;
	put(view, row, step != 0 || !marks_row(view, row));
	grid_move(&view->grid, step == 0 ? 1 : step);
}

void
marks_free(struct view *view)
{
	struct marking *m = view->marking;

	map_free(&view->marks, free);
	if (m == NULL)
		return;
	for (size_t i = 0; i < SWEEPS; i++) {
		filter_free(&m->text[i]);
		filter_free(&m->within[i]);
	}
	free(m->anchor);
	free(m);
	view->marking = NULL;
}

void
marks_clear(struct console *console, struct view *view)
{
	if (view->marking != NULL && view->marking->ticket != 0)
		tally_drop(finding_tally(console), view->marking->ticket);
	marks_free(view);
}

/* ---- a range ----------------------------------------------------------- */

/* Rows from one to another, in the order they are shown in. Nobody knows which
 * is above: both ways are walked by turns. */
struct reach {
	struct view *view;
	const struct row *to;
	struct row *from;	/* where it has come to; owned */
	struct vec rows;	/* struct row *, owned */
	bool backward, end, met;
};

static void
step_reach(struct reach *reach)
{
	struct row batch[BATCH];
	struct grid_stretch stretch = { .from = reach->from,
	    .backward = reach->backward, .out = batch, .n = BATCH,
	    .deadline = INT64_MAX };

	grid_reach(&reach->view->grid, &stretch);
	for (size_t i = 0; i < stretch.got && !reach->met; i++) {
		struct row **kept = vec_add(&reach->rows);

		if (kept == NULL) {
			reach->end = true;
			return;
		}
		*kept = row_copy(&batch[i]);
		reach->met = grid_likeness(&batch[i], reach->to) > 0;
	}
	reach->end |= stretch.end;
	if (!reach->end && !reach->met) {
		free(reach->from);
		reach->from = row_copy(&stretch.last);
	}
}

static void
open_reach(struct reach *reach, struct view *view, const struct row *from,
    const struct row *to, bool backward)
{
	*reach = (struct reach){ .view = view, .to = to,
	    .from = row_copy(from), .backward = backward };
	vec_init(&reach->rows, sizeof(struct row *), RANGE_MAX);
}

static void
close_reach(struct reach *reach)
{
	for (size_t i = 0; i < reach->rows.n; i++)
		free(*(struct row **)vec_at(&reach->rows, i));
	vec_free(&reach->rows);
	free(reach->from);
}

static bool
mark_reach(struct view *view, const struct reach *reach)
{
	bool room = true;

	for (size_t i = 0; i < reach->rows.n; i++)
		if (map_count(view->marks) >= SINGLE_MAX)
			room = false;
		else
			put(view, *(struct row **)vec_at(&reach->rows, i),
			    true);
	return room;
}

static void
take_range(struct console *console, struct view *view)
{
	struct marking *m = marking(view);
	const struct row *to = grid_row(&view->grid);
	struct reach ways[2];
	bool room = true;

	if (to == NULL)
		return;
	put(view, m->anchor, true);
	if (grid_likeness(m->anchor, to) == 0) {
		open_reach(&ways[0], view, m->anchor, to, false);
		open_reach(&ways[1], view, m->anchor, to, true);
		while (!ways[0].met && !ways[1].met &&
		    !(ways[0].end && ways[1].end))
			for (int i = 0; i < 2; i++)
				if (!ways[i].end && !ways[0].met)
					step_reach(&ways[i]);
		for (int i = 0; i < 2; i++) {
			if (ways[i].met && view->marks != NULL)
				room = mark_reach(view, &ways[i]);
			close_reach(&ways[i]);
		}
	}
	if (!room)
		console_say(console, true, _("Not all of that range: so many "
		    "are marked by a filter, with %."));
}

void
marks_end_range(struct console *console)
{
	struct view *view = console_view(console);

	if (view->marking == NULL || view->marking->anchor == NULL)
		return;
	take_range(console, view);
	free(view->marking->anchor);
	view->marking->anchor = NULL;
}

bool
marks_left(struct console *console)
{
	struct view *view = console_view(console);

	if (view->marking == NULL || view->marking->anchor == NULL)
		return false;
	free(view->marking->anchor);
	view->marking->anchor = NULL;
	console_say(console, false, _("No range."));
	return true;
}

static void
range(struct console *console, struct view *view)
{
	const struct row *row = grid_row(&view->grid);

	if (view->marking != NULL && view->marking->anchor != NULL) {
		marks_end_range(console);
	} else if (row != NULL && view->place.pane->subject != NULL) {
		marking(view)->anchor = row_copy(row);
		console_say(console, false, _("From here: move, then v, or "
		    "what is to be done with them. Esc: no range."));
	}
}

/* ---- by what they match ------------------------------------------------ */

static struct filter *
parse(struct console *console, struct view *view, const char *text,
    bool *ok)
{
	struct filter_column columns[GRID_CELLS];
	size_t n = grid_columns(&view->grid, columns);
	struct filter *filter = NULL;
	struct err e = { 0 };

	*ok = text[strspn(text, " \t")] == '\0' ||
	    filter_parse(text, columns, n, &filter, &e);
	if (!*ok)
		console_say(console, true, e.why);
	return filter;
}

/* Lists that the console holds whole are marked row by row. */
static void
mark_each(struct console *console, struct view *view,
    const struct filter *filter)
{
	struct row batch[BATCH], *from = NULL;
	struct grid_stretch stretch = { .out = batch, .n = BATCH };
	size_t n = 0;

	while (!stretch.end && map_count(view->marks) < SINGLE_MAX) {
		stretch.from = from;
		stretch.deadline = INT64_MAX;
		stretch.got = 0;
		grid_reach(&view->grid, &stretch);
		for (size_t i = 0; i < stretch.got; i++)
			if (row_passes(filter, &batch[i]))
				n += put(view, &batch[i], true) != NULL;
		if (!stretch.end) {
			free(from);
			from = row_copy(&stretch.last);
		}
	}
	free(from);
	if (!stretch.end)
		console_say(console, true, _("Not all: so many at once "
		    "are marked no further."));
	else if (n == 0)
		console_say(console, false, _("Nothing matches."));
}

static void
forget_singles(struct view *view)
{
	map_free(&view->marks, free);
}

static void
sweep(struct console *console, struct view *view, const char *text)
{
	struct marking *m = marking(view);
	struct sweep *one;
	bool ok, within;

	if (m->swept.n == SWEEPS) {
		console_say(console, true, _("So many patterns at once are "
		    "not marked: * clears them."));
		return;
	}
	one = &m->swept.items[m->swept.n];
	m->text[m->swept.n] = parse(console, view, text, &ok);
	if (!ok)
		return;
	m->within[m->swept.n] = parse(console, view, view->filter, &within);
	snprintf(one->text, sizeof one->text, "%s", text);
	snprintf(one->within, sizeof one->within, "%s", view->filter);
	m->swept.n++;
	count_again(view);
}

static void
mark_matching(struct console *console, struct view *view, const char *text)
{
	struct filter *filter;
	bool ok;

	if (view->grid.columns == events_columns) {
		sweep(console, view, text);
		return;
	}
	filter = parse(console, view, text, &ok);
	if (ok && view->marks == NULL)
		view->marks = map_new();
	if (ok)
		mark_each(console, view, filter);
	filter_free(&filter);
}

static void
typed_pattern(struct console *console)
{
	char text[256];

	snprintf(text, sizeof text, "%s", console->input);
	actions_drop(console);
	if (text[0] == '\0')
		return;
	mark_matching(console, console_view(console), text);
	finding_filtered(console, text);
}

/* All that the filter shows; when something is marked, nothing is. */
static void
mark_all(struct console *console, struct view *view)
{
	if (marks_any(view)) {
		marks_clear(console, view);
		return;
	}
	forget_singles(view);	/* those that were unmarked by hand */
	mark_matching(console, view, "");
}

bool
marks_act(struct console *console, enum act act)
{
	struct view *view = console_view(console);

	switch ((int)act) {
	case ACT_MARK: mark_row(console, 0); break;
	case ACT_MARK_DOWN: mark_row(console, 1); break;
	case ACT_MARK_UP: mark_row(console, -1); break;
	case ACT_MARK_ALL: mark_all(console, view); break;
	case ACT_RANGE: range(console, view); break;
	case ACT_MARK_LIKE:
		actions_new(console);
		console_line(console, _("Mark what matches: "), "",
		    typed_pattern);
		break;
	default: return false;
	}
	return true;
}

/* ---- how many, how much ------------------------------------------------ */

static void
fill_single(const struct view *view, struct map **out)
{
	struct span key;
	void *value;
	size_t at = 0;

	*out = map_new();
	while (view->marks && map_next(view->marks, &at, &key, &value))
		map_set(*out, key, ((struct subject *)value)->kind !=
		    SUBJECT_NONE ? (void *)"y" : (void *)"n");
}

static void
ask_count(struct console *console, struct view *view)
{
	struct tally *tally = finding_tally(console);
	struct marking *m = view->marking;
	struct tally_ask ask = { .kind = TALLY_COUNT, .place = view->place,
	    .put_off_too = view->put_off_too, .swept = &m->swept };

	if (m->ticket != 0 || tally == NULL)
		return;
	fill_single(view, &m->swept.single);
	m->ticket = tally_ask(tally, &ask);
	map_free(&m->swept.single, NULL);
	m->stale = false;
}

/* What was marked is done by now: there is nothing to be planned. */
static void
nothing_left(struct console *console)
{
	if (console_view(console)->place.pane == &pane_plan)
		console_pop(console);
	console_say(console, false, _("Nothing of that is open any more."));
}

void
marks_hear(struct console *console, struct view *view)
{
	struct marking *m = view->marking;
	struct tally_answer answer;

	if (m == NULL)
		return;
	if (m->ticket != 0 && tally_take(console->finding->tally, m->ticket,
	    &answer)) {
		m->sum = answer.sum;
		m->known = true;
		m->ticket = 0;
		tally_free(&answer);
	}
	if (m->planning != 0 && tally_take(console->finding->tally,
	    m->planning, &answer)) {
		m->planning = 0;
		m->planned = answer.cut ? answer.last : 0;
		if (answer.sum.n == 0)
			nothing_left(console);
		else if (answer.cut)
			console_say(console, true, _("That is as many as one "
			    "plan takes; the rest stays marked, for the next "
			    "one."));
		tally_free(&answer);
	}
	if (m->stale && marks_swept(view))
		ask_count(console, view);
}

static void
sum_single(const struct view *view, struct tally_sum *sum)
{
	struct span key;
	void *value;
	size_t at = 0;

	*sum = (struct tally_sum){ 0 };
	while (view->marks && map_next(view->marks, &at, &key, &value)) {
		const struct subject *mark = value;

		if (mark->kind != SUBJECT_NONE)
			tally_add(sum, mark->currency, mark->amount);
	}
}

const char *
marks_text(struct view *view, struct arena *arena)
{
	struct marking *m = view->marking;
	const char *range = m != NULL && m->anchor != NULL ? _("range ") :
	    "", *money;
	struct tally_sum sum;

	if (marks_swept(view) && !m->known)
		return arena_printf(arena, _("%scounting what is marked "),
		    range);
	if (marks_swept(view))
		sum = m->sum;
	else
		sum_single(view, &sum);
	if (sum.n == 0 && !marks_swept(view))
		return range;
	money = tally_text(arena, &sum);
	return arena_printf(arena, _("%s%s marked %s%s"), range,
	    text_count(arena, sum.n), money, money[0] != '\0' ? " " : "");
}

/* ---- news -------------------------------------------------------------- */

static void
say_gone(struct console *console, size_t n, const char *which)
{
	struct arena *arena = arena_new();

	if (n > 0)
		console_say(console, false, arena_printf(arena, ngettext(
		    "%zu marked row is no longer open: %s",
		    "%zu marked rows are no longer open: %s", n), n, which));
	arena_free(&arena);
}

void
marks_prune(struct console *console, struct view *view)
{
	struct arena *arena = arena_new(), *names = arena_new();
	struct cache_event ev;
	const char *which = "";
	struct span key;
	size_t at = 0, n = 0;
	void *value;

	while (view->marks && map_next(view->marks, &at, &key, &value)) {
		struct subject *mark = value;
		char *end;

		if (mark->kind != SUBJECT_NONE &&
		    mark->kind != SUBJECT_ROW && !cache_event(view->cache,
		    arena, strtoll(mark->event + 1, &end, 10), &ev)) {
			mark->kind = SUBJECT_NONE;
			if (n++ < 8)
				which = arena_printf(names, "%s%s%s", which,
				    n > 1 ? " " : "", mark->event);
		}
		arena_reset(arena);
	}
	say_gone(console, n, n > 8 ? arena_printf(names, "%s ...", which) :
	    which);
	if (marks_swept(view))
		count_again(view);
	arena_free(&names);
	arena_free(&arena);
}

/* ---- acting ------------------------------------------------------------ */

void
marks_plan(struct console *console, struct view *view, const char *key)
{
	struct tally *tally = finding_tally(console);
	struct marking *m = view->marking;
	struct tally_ask ask = { .kind = TALLY_PICK, .place = view->place,
	    .put_off_too = view->put_off_too, .swept = &m->swept,
	    .decide = &console->pending.decide, .key = key };

	if (tally == NULL)
		return;
	fill_single(view, &m->swept.single);
	if (m->planning != 0)
		tally_drop(tally, m->planning);
	m->planning = tally_ask(tally, &ask);
	m->planned = 0;
	map_free(&m->swept.single, NULL);
}

void
marks_planned(struct console *console, struct view *view)
{
	int64_t behind = view->marking != NULL ? view->marking->planned : 0;

	if (behind == 0) {
		marks_clear(console, view);
		return;
	}
	view->marking->swept.behind = behind;
	view->marking->planned = 0;
	count_again(view);
}
