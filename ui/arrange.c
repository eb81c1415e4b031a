/*
 * Columns and the order of rows, by hand. What is kept with Enter is of the
 * pane, for good; < and > are of the view, for now.
 */
#include <stdio.h>
#include <string.h>

#include "core/i18n.h"
#include "ui/finding_inside.h"
#include "ui/text.h"

#define FILE_NAME "columns"

void
arrange_read(struct console *console)
{
	struct finding *finding = console->finding;
	struct arena *arena = arena_new();
	const char *path = finding_file(console, arena, FILE_NAME);

	if (path != NULL)
		stanzas_read(path, finding->arena, &finding->layouts);
	if (finding->layouts.bad > 0)
		console_say(console, true, arena_printf(arena,
		    _("%s:%u is not understood and left out."), FILE_NAME,
		    finding->layouts.bad));
	arena_free(&arena);
}

static bool
can_arrange(const struct view *view)
{
	return !view->grid.marked &&
	    view->layout.n == view->grid.n_columns && view->layout.n > 1;
}

void
arrange_open(struct console *console, struct view *view)
{
	const struct stanza *kept = stanzas_find(&console->finding->layouts,
	    view->place.pane->name);

	layout_reset(&view->layout, view->grid.n_columns);
	view->grid.layout = &view->layout;
	if (kept != NULL && can_arrange(view) && !layout_read(&view->layout,
	    view->grid.columns, stanza_value(kept, "columns"),
	    stanza_value(kept, "sort")))
		console_say(console, false, _("The columns of this pane are "
		    "others now: shown as at first."));
	if (view->layout.sort >= 0)
		arrange_apply(console, view);
}

void
arrange_apply(struct console *console, struct view *view)
{
	(void)console;
	grid_sort(&view->grid, view->layout.sort, view->layout.down);
}

/* ---- the order of rows ------------------------------------------------- */

static void
say_order(struct console *console, const struct view *view)
{
	struct arena *arena = arena_new();
	const char *head;

	if (view->layout.sort < 0) {
		console_say(console, false, _("In the pane's own order."));
	} else {
		head = view->grid.columns[view->layout.sort].head;
		console_say(console, false, arena_printf(arena,
		    view->layout.down ? _("By %s, the largest first.") :
		    _("By %s, the smallest first."), head[0] != '\0' ?
		    _(head) : "-"));
	}
	arena_free(&arena);
}

static void
sort_by(struct console *console, struct view *view, int column, bool down)
{
	view->layout.sort = column;
	view->layout.down = down && column >= 0;
	arrange_apply(console, view);
	say_order(console, view);
}

/* The column beside the one that the rows stand by, of those that are shown;
 * past either end they are in their own order again. */
static void
step_sort(struct console *console, struct view *view, int step)
{
	struct layout_fit shown;
	int at = step > 0 ? -1 : (int)view->layout.n;

	layout_fit(&view->layout, view->grid.columns, term_columns() - 2,
	    &shown);
	if (step < 0)
		at = (int)shown.n;
	for (int i = 0; i < (int)shown.n; i++)
		if (shown.column[i] == view->layout.sort)
			at = i;
	at += step;
	sort_by(console, view, at < 0 || at >= (int)shown.n ? -1 :
	    shown.column[at], view->layout.down);
}

/* ---- news -------------------------------------------------------------- */

static bool
mark_changed(struct view *view)
{
	bool any = false;

	for (size_t i = 0; i < view->grid.n; i++) {
		struct row *row = view->grid.rows[i];
		struct subject subject;

		row->changed = !view->place.pane->subject(view, row,
		    &subject) || subject.kind == SUBJECT_MOVED_ON;
		any |= row->changed;
	}
	return any;
}

bool
finding_holds(struct console *console, struct view *view)
{
	int64_t total = view->total;

	if (view->layout.sort < 0 || view->grid.n == 0 ||
	    view->place.pane->subject == NULL ||
	    view->grid.columns != events_columns)
		return false;
	view->generation = console->seen.generation;
	if (view->place.pane->count != NULL)
		view->total = view->place.pane->count(view);
	if ((mark_changed(view) || total != view->total) && !view->old) {
		view->old = true;
		console_say(console, false, _("News: the rows stay as they "
		    "stand, ~ has changed. Ctrl-R: in their new order."));
	}
	marks_prune(console, view);
	return true;
}

/* ---- columns mode ------------------------------------------------------ */

static void
start_columns(struct console *console, struct view *view)
{
	console->finding->before = view->layout;
	view->layout.chosen = 0;
	console->mode = MODE_COLUMNS;
	snprintf(console->prompt, sizeof console->prompt, "%s",
	    _("Columns: arrows choose, < > move, Space shows, + - width, "
	    "s sorts, 0 as at first"));
}

static void
end_columns(struct console *console, struct view *view)
{
	view->layout.chosen = -1;
	console->mode = MODE_BROWSE;
}

static bool
keep(struct console *console, const struct view *view, struct err *e)
{
	struct finding *finding = console->finding;
	struct arena *arena = arena_new();
	const char *path = finding_file(console, arena, FILE_NAME);
	struct stanza *kept;
	bool ok;

	/* What another console has kept meanwhile stays. */
	if (path != NULL)
		stanzas_read(path, finding->arena, &finding->layouts);
	stanzas_drop(&finding->layouts, view->place.pane->name);
	kept = layout_own(&view->layout) ? stanzas_add(&finding->layouts,
	    view->place.pane->name) : NULL;
	if (kept != NULL) {
		stanza_set(kept, "columns", layout_columns_text(
		    finding->arena, &view->layout, view->grid.columns));
		stanza_set(kept, "sort", layout_sort_text(finding->arena,
		    &view->layout, view->grid.columns));
	}
	ok = path == NULL || stanzas_write(path, &finding->layouts, e);
	arena_free(&arena);
	return ok;
}

static void
take(struct console *console, struct view *view)
{
	struct err e = { 0 };

	end_columns(console, view);
	if (keep(console, view, &e))
		console_say(console, false, layout_own(&view->layout) ?
		    _("Kept: this pane opens so from now on.") :
		    _("This pane opens as at first again."));
	else
		console_say(console, true, e.why);
}

static void
give_up(struct console *console, struct view *view)
{
	struct layout now = view->layout;

	view->layout = console->finding->before;
	end_columns(console, view);
	if (now.sort != view->layout.sort || now.down != view->layout.down)
		arrange_apply(console, view);
}

/* The place of the next column that is there or could be. */
static void
arrange_columns(struct console *console, struct view *view, int key)
{
	struct layout *layout = &view->layout;
	const struct column *columns = view->grid.columns;
	int chosen = layout->chosen, sort = layout->sort;
	bool down = layout->down;

	switch (key) {
	case TERM_LEFT: case 'h': layout_choose(layout, -1); break;
	case TERM_RIGHT: case 'l': layout_choose(layout, 1); break;
	case '<': layout_shift(layout, -1); break;
	case '>': layout_shift(layout, 1); break;
	case ' ':
		layout_turn(layout, columns, term_columns() - 2);
		break;
	case '+': case '=': layout_widen(layout, columns, 1); break;
	case '-': layout_widen(layout, columns, -1); break;
	case 's': layout_sort(layout, layout->order[chosen]); break;
	case '0':
		layout_reset(layout, layout->n);
		layout->chosen = chosen;
		break;
	}
	if (sort != layout->sort || down != layout->down)
		arrange_apply(console, view);
}

void
finding_columns_key(struct console *console, int key)
{
	struct view *view = console_view(console);

	if (view->layout.chosen < 0)
		console->mode = MODE_BROWSE;
	else if (key == TERM_ENTER)
		take(console, view);
	else if (key == TERM_ESCAPE || key == 'q')
		give_up(console, view);
	else
		arrange_columns(console, view, key);
}

/* ---- all of a row ------------------------------------------------------ */

static void
show_cells(struct console *console, const struct view *view)
{
	const struct row *row = grid_row(&view->grid);
	struct place place;

	if (row == NULL || view->place.pane == &pane_cells) {
		console_say(console, false, _("No row here."));
		return;
	}
	place_set(&place, &pane_cells, "", row->cells[0] != NULL &&
	    row->cells[0][0] != '\0' ? row->cells[0] : _("all cells"));
	console_push(console, &place);
	if (console_view(console)->place.pane == &pane_cells) {
		cells_of(console_view(console), &view->grid, row);
		console_load(console);
	}
}

bool
arrange_act(struct console *console, enum act act)
{
	struct view *view = console_view(console);

	if (act == ACT_CELLS) {
		show_cells(console, view);
		return true;
	}
	if (act != ACT_SORT_LEFT && act != ACT_SORT_RIGHT &&
	    act != ACT_SORT_TURN && act != ACT_COLUMNS)
		return false;
	if (!can_arrange(view)) {
		console_say(console, true, _("No columns to arrange here."));
		return true;
	}
	switch ((int)act) {
	case ACT_SORT_LEFT: step_sort(console, view, -1); break;
	case ACT_SORT_RIGHT: step_sort(console, view, 1); break;
	case ACT_SORT_TURN:
		sort_by(console, view, view->layout.sort,
		    !view->layout.down);
		break;
	case ACT_COLUMNS: start_columns(console, view); break;
	}
	return true;
}
