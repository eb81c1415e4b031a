/* What is found of one line: in the local copy at once, in all books when the
 * daemon has answered. Opened on what was typed. */
#include <stdlib.h>

#include "core/clock.h"
#include "core/i18n.h"
#include "ui/lists.h"
#include "ui/panes.h"
#include "ui/text.h"

#define LOCAL_MOST 20
#define PATIENCE 40000		/* microseconds for the local copy */
#define KIND 0			/* columns of the list */
#define ID 1
#define NAME 8

static const char *
kind_text(const char *kind)
{
	static const char *const known[][2] = {
		{ "event", N_("event") }, { "journal", N_("journal") },
		{ "gstr2b", N_("in 2B") }, { "order", N_("order") },
		{ "filing", N_("filing") }, { "gstin", N_("our GSTIN") },
		{ "party", N_("party") }, { "account", N_("account") }
	};

	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (strcmp(known[i][0], kind) == 0)
			return _(known[i][1]);
	return kind;
}

static bool
known(const struct view *view, const char *key)
{
	for (size_t i = 0; i < view->list.n; i++)
		if (strcmp(((struct row *)vec_at(&view->list, i))->key,
		    key) == 0)
			return true;
	return false;
}

static void
add_local(struct view *view, const struct row *row)
{
	const char *key = arena_printf(view->arena, "event E%lld",
	    (long long)row->id);

	if (!known(view, key))
		view_add(view, TONE_PLAIN, key, (const char *const []){
		    kind_text("event"), arena_strdup(view->arena,
		    row->cells[0]), arena_strdup(view->arena, row->cells[4]),
		    arena_strdup(view->arena, row->cells[5]),
		    arena_strdup(view->arena, row->cells[6]),
		    arena_strdup(view->arena, row->cells[7]),
		    arena_strdup(view->arena, row->cells[1]),
		    _("open"), NULL });
}

/* Open events that have it anywhere, as the backlog would show them. */
static void
add_open(struct view *view)
{
	struct row rows[LOCAL_MOST];
	struct grid_stretch stretch = { .out = rows, .n = LOCAL_MOST,
	    .deadline = clock_mono() + PATIENCE };
	struct filter_column columns[GRID_CELLS];
	struct filter *filter = NULL;
	struct err e = { 0 };
	struct place place;
	struct view *all;
	const char *text = arena_printf(view->arena, "\"%s\"",
	    view->place.key);

	place_set(&place, &pane_backlog, "", "");
	all = view_new(view->cache, &place);
	if (strchr(view->place.key, '"') == NULL && filter_parse(text,
	    columns, grid_columns(&all->grid, columns), &filter, &e)) {
		all->put_off_too = true;
		all->grid.filter = filter;
		grid_reach(&all->grid, &stretch);
		for (size_t i = 0; i < stretch.got; i++)
			add_local(view, &rows[i]);
	}
	view_free(&all);
}

/* Until the daemon has answered: journals that are here. */
static void
add_kept(struct view *view)
{
	struct wire_entry found[LOCAL_MOST];
	size_t n = cache_documents(view->cache, view->arena, view->place.key,
	    clock_mono() + PATIENCE, found, LOCAL_MOST);

	for (size_t i = 0; i < n; i++)
		view_add(view, TONE_PLAIN, arena_printf(view->arena,
		    "journal %s", found[i].journal), (const char *const []){
		    kind_text("journal"), found[i].journal,
		    text_document(view->arena, found[i].document), "", "", "",
		    "", "", text_tame(view->arena, found[i].narration),
		    NULL });
}

static void
add_found(struct view *view, const struct list_row *row)
{
	const char *cells[LIST_COLUMNS + 1];
	const char *key = arena_printf(view->arena, "%s %s", row->raw[KIND],
	    row->raw[ID]);

	if (known(view, key))
		return;
	memcpy(cells, row->cells, sizeof row->cells);
	cells[LIST_COLUMNS] = NULL;
	cells[KIND] = kind_text(row->raw[KIND]);
	view_add(view, TONE_PLAIN, key, cells);
}

static void
load(struct view *view)
{
	const struct list *list = list_find(view->place.pane->list);
	const char *key = arena_printf(view->arena, "%s/%s", list->name,
	    view->place.key);
	struct list_rows rows;
	struct span json;

	add_open(view);
	if (cache_find(view->cache, view->arena, "view", key, &json) &&
	    list_read(list, json, view->arena, &rows))
		for (size_t i = 0; i < rows.n; i++)
			add_found(view, &rows.items[i]);
	else
		add_kept(view);
	view_freshen(view, key);
}

static const char *
name_of(const struct row *row, const char *id)
{
	return row->cells[NAME] != NULL && row->cells[NAME][0] != '\0' ?
	    row->cells[NAME] : id;
}

/* To the pane that shows such a thing. */
static bool
open_row(struct view *view, const struct row *row, struct place *out)
{
	const char *id = strchr(row->key, ' ');
	size_t n = id != NULL ? (size_t)(id - row->key) : 0;
	struct span kind = { row->key, n };

	(void)view;
	if (id == NULL || strlen(++id) >= VIEW_KEY - 1)
		return false;
	if (span_is(kind, "event"))
		place_set(out, &pane_event, id, id);
	else if (span_is(kind, "journal"))
		place_set(out, &pane_journal, id, id);
	else if (span_is(kind, "order"))
		place_set(out, &pane_order, id, id);
	else if (span_is(kind, "account"))
		place_set(out, &pane_entries, id, name_of(row, id));
	else if (span_is(kind, "filing"))
		place_set(out, &pane_gst_filings, "", id);
	else if (span_is(kind, "party") && strlen(id) < 40) {
		place_set(out, &pane_backlog, "", name_of(row, id));
		snprintf(out->filter, sizeof out->filter, "party:\"%s\"",
		    id);
	} else
		return false;
	return true;
}

const struct pane pane_search = {
	.name = "search", .title = N_("search"), .list = "search",
	.can = CAN_OPEN | CAN_FILTER, .load = load, .open = open_row
};
