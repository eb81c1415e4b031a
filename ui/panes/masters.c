/*
 * Master data: the tables, the rows of one, and one row as a form of which
 * each line is changed by itself, as of the version that is on the screen.
 */
#include "core/i18n.h"
#include "ui/panes.h"
#include "ui/text.h"

#include <stdio.h>
#include <string.h>

static const struct column table_columns[] = {
	{ N_("Table"), 16, true, false, 0 },
	{ N_("Rows"), 8, false, true, 0 },
};

static const struct column record_columns[] = {
	{ N_("Column"), 16, false, false, 0 },
	{ N_("Value"), 30, true, false, 0 },
};

/* What the feed keeps, see feed.c. */
static const char *const tables[] = {
	"account", "cost_centre", "tax_code", "party", "entity", "item",
	"location", "currency"
};

static void
load_tables(struct view *view)
{
	for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
		struct wire_masters all;
		struct span json;

		if (cache_find(view->cache, view->arena, "reference",
		    tables[i], &json) &&
		    shape_masters(json, view->arena, &all))
			view_add(view, TONE_PLAIN, tables[i],
			    (const char *const []){ tables[i], text_count(
			    view->arena, (int64_t)all.n), NULL });
	}
}

static bool
open_table(struct view *view, const struct row *row, struct place *out)
{
	(void)view;
	place_set(out, &pane_rows, row->key, row->cells[0]);
	return true;
}

static void
load_rows(struct view *view)
{
	struct list_rows rows;
	struct span json;

	if (!cache_find(view->cache, view->arena, "reference",
	    view->place.key, &json) ||
	    !list_read(list_find("masters"), json, view->arena, &rows))
		return;
	for (size_t i = 0; i < rows.n; i++)
		view_add(view, TONE_PLAIN, rows.items[i].key,
		    rows.items[i].cells);
}

static bool
open_record(struct view *view, const struct row *row, struct place *out)
{
	const char *key = arena_printf(view->arena, "%s/%s", view->place.key,
	    row->key);

	if (strlen(key) >= VIEW_KEY)
		return false;
	place_set(out, &pane_record, key, row->cells[0]);
	return true;
}

/* Fetched each time that it is opened: only so its version is today's. */
static void
load_record(struct view *view)
{
	struct wire_record record;
	struct span json;

	if (!view->asked)
		view_want(view, JOB_RECORD, view->place.key);
	if (!cache_find(view->cache, view->arena, "record", view->place.key,
	    &json) || !shape_record(json, view->arena, &record))
		return;
	for (size_t i = 0; i < record.n; i++)
		view_add(view, TONE_PLAIN, record.fields[i].name,
		    (const char *const []){
		    text_cut(view->arena, record.fields[i].name, 40),
		    text_cut(view->arena, record.fields[i].value, 300),
		    NULL });
}

const struct pane pane_masters = {
	.name = "masters", .title = N_("masters"), .act = ACT_MASTERS,
	.columns = table_columns, .n_columns = 2,
	.can = CAN_OPEN | CAN_FILTER, .load = load_tables,
	.open = open_table
};

const struct pane pane_rows = {
	.name = "rows", .title = N_("rows"), .list = "masters",
	.can = CAN_OPEN | CAN_FILTER, .load = load_rows, .open = open_record
};

const struct pane pane_record = {
	.name = "record", .title = N_("row"), .columns = record_columns,
	.n_columns = 2, .can = CAN_EDIT | CAN_FILTER, .load = load_record
};
