/*
 * The panes that are a list of ui/lists.c. What they show is fetched when
 * somebody looks, kept whole, and fetched again when the feed has moved on.
 */
#include "core/i18n.h"
#include "core/map.h"
#include "ui/activity.h"
#include "ui/paged.h"
#include "ui/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *
key_of(struct view *view)
{
	const char *name = view->place.pane->list;

	return view->place.key[0] == '\0' ? name : arena_printf(view->arena,
	    "%s/%s", name, view->place.key);
}

static void
add_rows(struct view *view, const struct list_rows *rows, int alarm)
{
	/* Where all is amiss a colour says nothing, and costs at each move. */
	bool plain = view->place.pane == &pane_causes ||
	    view->place.pane == &pane_drift;

	for (size_t i = 0; i < rows->n; i++)
		if (rows->items[i].alarm == alarm)
			view_add_raw(view, alarm > 0 && !plain ? TONE_BAD :
			    TONE_PLAIN, rows->items[i].key,
			    rows->items[i].version, rows->items[i].cells,
			    rows->items[i].raw);
}

/* Of each source once: a source has a row for each of its flows. */
static void
add_pictures(struct view *view, const struct list_rows *rows)
{
	struct activity activity;
	struct map *done = map_new();

	if (activity_find(view->cache, view->arena, "", &activity))
		for (size_t i = 0; i < rows->n; i++) {
			const char *source = rows->items[i].key, *text;

			if (map_find(done, span_of(source)) != NULL)
				continue;
			map_set(done, span_of(source), view);
			text = activity_source(view->arena, &activity,
			    source);
			if (text != NULL)
				view_add(view, TONE_PLAIN, "",
				    (const char *const []){ text, NULL });
		}
	map_free(&done, NULL);
}

/* The other end of it: one line each; T has the rest. */
static void
add_targets(struct view *view)
{
	static const char *const paths[] = { "name", "state", "backlog",
		"states.failed", "states.dead", "states.retrying" };
	struct arena *arena = view->arena;
	struct wire_rows rows;
	struct span json;

	if (!cache_find(view->cache, arena, "view", "targets", &json) ||
	    !shape_rows(json, "items", paths, 6, arena, &rows))
		return;
	for (size_t i = 0; i < rows.n; i++) {
		const char **t = rows.texts + i * 6;
		bool bad = strcmp(t[1], "running") != 0 ||
		    strcmp(t[3], "0") != 0 || strcmp(t[4], "0") != 0;

		view_add(view, bad ? TONE_BAD : TONE_PLAIN, "",
		    (const char *const []){ text_tame(arena, arena_printf(
		    arena, _("target %s, %s: %s to go, %s failed, %s dead, "
		    "%s retrying; T shows it"), t[0], list_word(arena, t[1]),
		    t[2], t[3],
		    t[4], t[5])), NULL });
	}
}

void
list_load(struct view *view)
{
	const struct list *list = list_find(view->place.pane->list);
	struct list_rows pages[VIEW_PAGES];
	const char *key = key_of(view), *next;
	struct span json;
	int n = paged_kept(view->cache, view->arena, key, &next);

	if (n > VIEW_PAGES || (n == VIEW_PAGES && next[0] != '\0')) {
		paged_load(view, list, key, n, next[0] != '\0');
		if (!view->asked)
			view_freshen(view, key);
		return;
	}
	n = 0;

	while (n < VIEW_PAGES && (n == 0 || pages[n - 1].next[0] != '\0') &&
	    cache_find(view->cache, view->arena, "view",
	    view_page(view->arena, key, n), &json) &&
	    list_read(list, json, view->arena, &pages[n]))
		n++;
	for (int alarm = LIST_ALARMS; alarm >= 0; alarm--)
		for (int i = 0; i < n; i++)
			add_rows(view, &pages[i], alarm);
	if (view->place.pane == &pane_sync && n > 0) {
		add_pictures(view, &pages[0]);
		add_targets(view);
		key = "flows+activity+targets";
	}
	view_freshen(view, key);
}

/* ---- what a row leads to ------------------------------------------------ */

static bool
open_order(struct view *view, const struct row *row, struct place *out)
{
	(void)view;
	if (row->key[0] == '\0' || strlen(row->key) >= VIEW_KEY)
		return false;
	place_set(out, &pane_order, row->key, row->cells[0]);
	return true;
}

static bool
open_event(struct view *view, const struct row *row, struct place *out)
{
	(void)view;
	if (row->key[0] == '\0')
		return false;
	place_set(out, &pane_event, row->key, row->cells[1]);
	return true;
}

/* Only a source that is paused. */
static bool
source_subject(struct view *view, const struct row *row, struct subject *out)
{
	const struct list *list = list_find(view->place.pane->list);
	size_t n = list_width(list);

	*out = (struct subject){ .kind = SUBJECT_SOURCE };
	if (row->key[0] == '\0' || strlen(row->key) >= sizeof out->source ||
	    row->cells[n - 1] == NULL || row->cells[n - 1][0] == '\0')
		return false;
	snprintf(out->source, sizeof out->source, "%s", row->key);
	return true;
}

const struct pane pane_sync = {
	.name = "sync", .title = N_("sync"), .act = ACT_SYNC, .list = "flows",
	.can = CAN_OPEN | CAN_FILTER | CAN_RESUME, .load = list_load,
	.open = source_open, .subject = source_subject
};

const struct pane pane_orders = {
	.name = "orders", .title = N_("orders"), .act = ACT_ORDERS, .list = "orders",
	.can = CAN_OPEN | CAN_FILTER, .load = list_load, .open = open_order
};

const struct pane pane_order = {
	.name = "order", .title = N_("order"), .list = "order",
	.can = CAN_FILTER, .load = list_load
};

const struct pane pane_stock = {
	.name = "stock", .title = N_("stock"), .act = ACT_STOCK, .list = "stock",
	.can = CAN_FILTER, .load = list_load
};

const struct pane pane_files = {
	.name = "files", .title = N_("files"), .act = ACT_FILES, .list = "files",
	.can = CAN_FILTER, .load = list_load
};

const struct pane pane_dead = {
	.name = "dead", .title = N_("dead"), .act = ACT_DEAD, .list = "dead",
	.can = CAN_OPEN | CAN_FILTER | CAN_RETRY |
	    CAN_APPROVE, .load = list_load,
	.open = open_event, .subject = events_keyed
};

static bool
open_run(struct view *view, const struct row *row, struct place *out)
{
	(void)view;
	if (row->key[0] != 'R')
		return false;
	place_set(out, &pane_receipt, row->key, row->key);
	return true;
}

static bool
open_row(struct view *view, const struct row *row, struct place *out)
{
	(void)view;
	if (row->key[0] != 'E')
		return false;
	place_set(out, &pane_event, row->key, row->cells[0]);
	return true;
}

#define AS 2		/* the column of the list that says how */

/* What is settled is not in the cache; the daemon judges what may be said
 * of it. */
static bool
settled_subject(struct view *view, const struct row *row,
    struct subject *out)
{
	if (row->key[0] != 'E' || strlen(row->key) >= sizeof out->event)
		return false;
	*out = (struct subject){ .kind = SUBJECT_EVENT,
	    .version = row->version, .posted = strcmp(row->cells[AS],
	    text_state(view->arena, "posted")) == 0 };
	snprintf(out->event, sizeof out->event, "%s", row->key);
	return true;
}

const struct pane pane_history = {
	.name = "history", .title = N_("history"), .list = "history",
	.can = CAN_OPEN | CAN_FILTER | CAN_COMMENT | CAN_HISTORY |
	    CAN_SETTLED | CAN_UNDO, .load = list_load,
	.open = open_row, .subject = settled_subject
};

const struct pane pane_runs = {
	.name = "runs", .title = N_("runs"), .act = ACT_RUNS, .list = "runs",
	.can = CAN_OPEN | CAN_FILTER | CAN_RERUN, .load = list_load,
	.open = open_run
};

const struct pane pane_receipt = {
	.name = "receipt", .title = N_("receipt"), .list = "receipt",
	.can = CAN_OPEN | CAN_FILTER | CAN_RERUN, .load = list_load,
	.open = open_row
};
