/*
 * The keys of saved views: opening, saving, renaming, deleting, and which one
 * a pane opens with. The file is read anew each time, since another console
 * may have written it.
 */
#include <stdio.h>
#include <string.h>

#include "core/i18n.h"
#include "ui/actions.h"
#include "ui/finding_inside.h"
#include "ui/text.h"

#define FILE_NAME "views"

/* ---- the file ---------------------------------------------------------- */

static void
read_views(struct console *console)
{
	struct finding *finding = console->finding;
	struct arena *arena = arena_new();
	const char *path = finding_file(console, arena, FILE_NAME);

	for (size_t i = 0; i < finding->views.n; i++)
		if (finding->views.items[i].ticket != 0)
			tally_drop(finding->tally,
			    finding->views.items[i].ticket);
	arena_reset(finding->views_arena);
	saved_read(path != NULL ? path : "", finding->views_arena,
	    &finding->views);
	if (finding->views.bad > 0)
		console_say(console, true, arena_printf(arena,
		    _("%s:%u is not understood and left out."), FILE_NAME,
		    finding->views.bad));
	arena_free(&arena);
}

/* The file as it is now, to be changed and written. */
static bool
change_file(struct console *console, void (*change)(struct console *,
    struct stanzas *, struct arena *))
{
	struct arena *arena = arena_new();
	struct stanzas *file = arena_alloc(arena, sizeof *file);
	const char *path = finding_file(console, arena, FILE_NAME);
	struct err e = { 0 };
	bool ok = path != NULL;

	if (ok) {
		stanzas_read(path, arena, file);
		change(console, file, arena);
		ok = stanzas_write(path, file, &e);
		if (!ok)
			console_say(console, true, e.why);
	}
	arena_free(&arena);
	return ok;
}

/* ---- the list ---------------------------------------------------------- */

static void
count_all(struct console *console)
{
	struct finding *finding = console->finding;
	struct tally *tally = finding_tally(console);

	finding->counted = console->seen.generation;
	for (size_t i = 0; tally != NULL && i < finding->views.n; i++)
		if (finding->views.items[i].ticket == 0)
			saved_ask(tally, &finding->views.items[i]);
}

static void
show(struct console *console)
{
	struct view *view = console_view(console);

	read_views(console);
	view->data = &console->finding->views;
	console_load(console);
	count_all(console);
}

static void
open_list(struct console *console)
{
	struct place place;

	if (console_view(console)->place.pane == &pane_views) {
		console_pop(console);
		return;
	}
	place_set(&place, &pane_views, "", _("saved views"));
	console_push(console, &place);
	if (console_view(console)->place.pane == &pane_views)
		show(console);
}

static struct saved *
chosen(struct console *console)
{
	struct saved_views *all = &console->finding->views;
	const struct row *row = grid_row(&console_view(console)->grid);

	for (size_t i = 0; row != NULL && i < all->n; i++)
		if (strcmp(all->items[i].id, row->key) == 0)
			return &all->items[i];
	console_say(console, false, _("No view here."));
	return NULL;
}

/* As it was saved, in the view on top. */
static void
dress(struct console *console, const struct saved *one)
{
	struct view *view = console_view(console);

	if ((one->columns[0] != '\0' || one->sort[0] != '\0') &&
	    (!layout_read(&view->layout, view->grid.columns, one->columns,
	    one->sort)))
		console_say(console, false, _("The columns of this pane are "
		    "others now: shown as at first."));
	arrange_apply(console, view);
	if (one->filter[0] != '\0')
		console_filter(console, one->filter);
	grid_first(&view->grid);
	if (one->group[0] != '\0')
		groups_open(console, one->group);
}

static void
open_chosen(struct console *console)
{
	const struct saved *one = chosen(console);
	struct place place;

	if (one == NULL)
		return;
	saved_place(one, &place);
	console_turn(console, &place);
	dress(console, one);
}

const struct saved_views *
finding_views(struct console *console)
{
	read_views(console);
	return &console->finding->views;
}

void
finding_view_open(struct console *console, const char *id)
{
	struct saved_views *all = &console->finding->views;
	struct place place;

	for (size_t i = 0; i < all->n; i++) {
		if (strcmp(all->items[i].id, id) != 0)
			continue;
		saved_place(&all->items[i], &place);
		console_push(console, &place);
		dress(console, &all->items[i]);
		return;
	}
}

void
finding_topped(struct console *console)
{
	struct saved_views *all = &console->finding->views;
	const struct view *view = console_view(console);

	if (!console->finding->views_read)
		read_views(console);
	console->finding->views_read = true;
	for (size_t i = 0; i < all->n; i++)
		if (all->items[i].first && all->items[i].pane ==
		    view->place.pane && strcmp(all->items[i].key,
		    view->place.key) == 0) {
			dress(console, &all->items[i]);
			return;
		}
}

/* ---- changing ---------------------------------------------------------- */

static void
write_saved(struct console *console, struct stanzas *file,
    struct arena *arena)
{
	const struct view *view = console->stack[console->depth - 2];
	const struct view *rows = groups_base(view) ?
	    console->stack[console->depth - 3] : view;
	struct stanza *one = stanzas_add(file, arena_strdup(arena,
	    console->input));

	if (one == NULL) {
		console_say(console, true, _("There are too many views."));
		return;
	}
	stanza_set(one, "pane", rows->place.pane->name);
	stanza_set(one, "key", rows->place.key);
	stanza_set(one, "title", rows->place.title);
	stanza_set(one, "filter", rows->filter);
	if (layout_own(&rows->layout)) {
		stanza_set(one, "columns", layout_columns_text(arena,
		    &rows->layout, rows->grid.columns));
		stanza_set(one, "sort", layout_sort_text(arena,
		    &rows->layout, rows->grid.columns));
	}
	if (rows != view)
		stanza_set(one, "group", groups_column(view));
}

/* What a name may be, so that the file can hold it. */
static bool
good_name(struct console *console)
{
	size_t n = strlen(console->input);

	if (n > 0 && n <= 60 && strpbrk(console->input, "[]\n\t") == NULL &&
	    console->input[0] != '#')
		return true;
	console_say(console, true, _("A name of 1 to 60 letters, without "
	    "brackets."));
	return false;
}

static void
typed_save(struct console *console)
{
	if (good_name(console) && change_file(console, write_saved)) {
		console_say(console, false, _("Saved."));
		show(console);
	}
	actions_drop(console);
}

static void
save(struct console *console)
{
	const struct view *under = console->depth > 1 ?
	    console->stack[console->depth - 2] : NULL;

	if (under == NULL || (under->place.pane->can & CAN_FILTER) == 0 ||
	    under->place.pane == &pane_cells ||
	    (groups_base(under) && console->depth < 3)) {
		console_say(console, true, _("Nothing below the list that "
		    "can be saved."));
		return;
	}
	actions_new(console);
	console_line(console, _("Save what was looked at as: "), "",
	    typed_save);
}

static bool
own(struct console *console, const struct saved *one)
{
	if (one != NULL && one->ready)
		console_say(console, false, _("This one came with bahi and "
		    "stays as it is."));
	return one != NULL && !one->ready;
}

static void
rename_saved(struct console *console, struct stanzas *file,
    struct arena *arena)
{
	struct saved *old = chosen(console);
	struct stanza *one = old ? stanzas_find(file, old->id) : NULL;

	if (one != NULL && stanzas_find(file, console->input) == NULL)
		one->name = arena_strdup(arena, console->input);
}

static void
typed_name(struct console *console)
{
	if (good_name(console) && change_file(console, rename_saved))
		show(console);
	actions_drop(console);
}

static void
delete_saved(struct console *console, struct stanzas *file,
    struct arena *arena)
{
	struct saved *old = chosen(console);

	(void)arena;
	if (old != NULL)
		stanzas_drop(file, old->id);
}

static void
typed_delete(struct console *console)
{
	if (strcmp(console->input, "y") != 0)
		console_say(console, false, _("Nothing was done."));
	else if (change_file(console, delete_saved))
		show(console);
	actions_drop(console);
}

/* Of a pane one view is the first; once more: none. */
static void
turn_first(struct console *console, struct stanzas *file,
    struct arena *arena)
{
	struct saved_views *all = &console->finding->views;
	struct saved *it = chosen(console);
	bool on = !it->first;
	struct stanza *said;

	for (size_t i = 0; i < all->n; i++) {
		said = stanzas_find(file, all->items[i].id);
		if (all->items[i].pane == it->pane && said != NULL)
			stanza_set(said, "first", "");
	}
	said = stanzas_find(file, it->id);
	if (said == NULL)
		said = stanzas_add(file, arena_strdup(arena, it->id));
	if (said == NULL)
		return;
	stanza_set(said, "pane", it->pane->name);
	stanza_set(said, "first", on ? "yes" : "");
}

bool
views_act(struct console *console, enum act act)
{
	struct saved *one;

	if (act == ACT_SAVED) {
		open_list(console);
		return true;
	}
	if (console_view(console)->place.pane != &pane_views)
		return false;
	switch ((int)act) {
	case ACT_OPEN: open_chosen(console); break;
	case ACT_VIEW_SAVE: save(console); break;
	case ACT_VIEW_NAME:
		one = chosen(console);
		if (!own(console, one))
			break;
		actions_new(console);
		console_line(console, _("Call it: "), one->name, typed_name);
		break;
	case ACT_VIEW_DROP:
		if (!own(console, chosen(console)))
			break;
		actions_new(console);
		console_line(console, _("Delete this view? Type y: "), "",
		    typed_delete);
		break;
	case ACT_VIEW_FIRST:
		if (chosen(console) != NULL &&
		    change_file(console, turn_first))
			show(console);
		break;
	default: return false;
	}
	return true;
}

void
views_hear(struct console *console)
{
	struct finding *finding = console->finding;
	bool news = false, waits = false;

	for (size_t i = 0; i < finding->views.n; i++) {
		struct saved *one = &finding->views.items[i];
		struct tally_answer answer;

		if (one->ticket == 0)
			continue;
		if (!tally_take(finding->tally, one->ticket, &answer)) {
			waits = true;
			continue;
		}
		one->ticket = 0;
		one->known = news = true;
		one->sum = answer.sum;
		one->unread = answer.unread;
		tally_free(&answer);
	}
	if (console_view(console)->place.pane != &pane_views)
		return;
	if (news)
		console_load(console);
	if (!waits && finding->counted != console->seen.generation)
		count_all(console);
}
