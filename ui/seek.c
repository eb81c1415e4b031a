/*
 * To one row or one thing: the next row that the last filter would show, and
 * what is typed with Ctrl-G, which is looked for everywhere.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/clock.h"
#include "core/i18n.h"
#include "ui/actions.h"
#include "ui/finding_inside.h"
#include "ui/text.h"

#define BATCH 128
#define PATIENCE 250000		/* microseconds */
#define STEP 400		/* rows that the grid is moved by at once */

/* ---- the next row that matches ----------------------------------------- */

/* How many rows away it is; 0: it is not, or not so near. */
static int
distance(struct view *view, const struct filter *filter, bool backward,
    bool *end)
{
	struct row batch[BATCH], *from = row_copy(grid_row(&view->grid));
	struct grid_stretch stretch = { .backward = backward, .out = batch,
	    .n = BATCH };
	int64_t until = clock_mono() + PATIENCE;
	int away = 0, found = 0;

	while (found == 0 && !stretch.end && clock_mono() < until) {
		stretch.from = from;
		stretch.got = 0;
		stretch.deadline = until;
		grid_reach(&view->grid, &stretch);
		for (size_t i = 0; i < stretch.got && found == 0; i++) {
			away++;
			if (row_passes(filter, &batch[i]))
				found = away;
		}
		if (found == 0 && !stretch.end) {
			free(from);
			from = row_copy(&stretch.last);
		}
	}
	*end = stretch.end;
	free(from);
	return found;
}

static void
go(struct grid *grid, int rows)
{
	while (rows != 0) {
		int step = rows > STEP ? STEP : rows < -STEP ? -STEP : rows;

		grid_move(grid, step);
		while (grid_searching(grid))
			grid_step(grid);
		rows -= step;
	}
}

static void
match(struct console *console, bool backward)
{
	struct view *view = console_view(console);
	const char *text = console->finding->sought;
	struct filter_column columns[GRID_CELLS];
	size_t n = grid_columns(&view->grid, columns);
	struct filter *filter = NULL;
	struct err e = { 0 };
	bool end;
	int rows;

	if (text[0] == '\0' || grid_row(&view->grid) == NULL) {
		console_say(console, false, _("Nothing was looked for yet: "
		    "/ or %."));
		return;
	}
	if (!filter_parse(text, columns, n, &filter, &e)) {
		console_say(console, true, e.why);
		return;
	}
	rows = distance(view, filter, backward, &end);
	if (rows > 0)
		go(&view->grid, backward ? -rows : rows);
	else
		console_say(console, false, !end ? _("Not among the rows "
		    "near by: / shows only those that match.") : backward ?
		    _("None above matches.") : _("None below matches."));
	filter_free(&filter);
}

/* ---- Ctrl-G ------------------------------------------------------------ */

/* 4711 and E4711 of an event that is here. */
static bool
jump(struct console *console, const char *text)
{
	const char *digits = text[0] == 'E' || text[0] == 'e' ? text + 1 :
	    text;
	size_t n = strlen(digits);
	struct arena *arena;
	struct cache_event ev;
	struct place place;
	char id[24];
	bool found;

	if (n == 0 || n > 18 || strspn(digits, "0123456789") != n)
		return false;
	arena = arena_new();
	found = cache_event(console->cache, arena, strtoll(digits, NULL, 10),
	    &ev);
	arena_free(&arena);
	if (!found)
		return false;
	snprintf(id, sizeof id, "E%.18s", digits);
	place_set(&place, &pane_event, id, id);
	console_push(console, &place);
	return true;
}

static void
typed_search(struct console *console)
{
	char text[VIEW_KEY];
	struct place place;

	snprintf(text, sizeof text, "%.120s", console->input +
	    strspn(console->input, " "));
	actions_drop(console);
	for (size_t n = strlen(text); n > 0 && text[n - 1] == ' ';)
		text[--n] = '\0';
	if (text[0] == '\0' || jump(console, text))
		return;
	place_set(&place, &pane_search, text, text);
	console_push(console, &place);
}

void
finding_search(struct console *console, const char *text)
{
	actions_new(console);
	snprintf(console->input, sizeof console->input, "%s", text);
	typed_search(console);
}

bool
seek_act(struct console *console, enum act act)
{
	switch ((int)act) {
	case ACT_MATCH_NEXT: match(console, false); break;
	case ACT_MATCH_BEFORE: match(console, true); break;
	case ACT_SEARCH:
		actions_new(console);
		console_line(console, _("Search everywhere: "), "",
		    typed_search);
		break;
	default: return false;
	}
	return true;
}
