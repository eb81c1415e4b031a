/* GSTR-3B of one GSTIN and period, cell by cell, and what is paid of it. */
#include "ui/panes_gst.h"

#include <stdio.h>
#include <string.h>

#include "core/i18n.h"

static void
load(struct view *view)
{
	struct list_rows rows;
	struct span json;

	if (!gst_head(view))
		return;
	if (gst_find(view, "gstr3b", &json) && list_read(list_find(
	    "gst_gstr3b"), json, view->arena, &rows))
		gst_rows_add(view, &rows, NULL);
	gst_liability(view);
	gst_fit(view);
	gst_want(view, "gstr3b+liability");
}

/* A cell opens as a section does. */
static bool
open_cell(struct view *view, const struct row *row, struct place *out)
{
	const char *key = gst_with(view->arena, view->place.key, 2, row->key);

	if (row->key[0] < '0' || row->key[0] > '9' || strlen(key) >= VIEW_KEY)
		return false;
	place_set(out, &pane_gst_cells, key, row->key);
	return true;
}

static bool
subject(struct view *view, const struct row *row, struct subject *out)
{
	(void)view;
	*out = (struct subject){ .version = row->version };
	snprintf(out->source, sizeof out->source, "%s", row->key);
	return row->key[0] != '\0';
}

const struct pane pane_gst_3b = {
	.name = "gst-3b", .title = N_("GSTR-3B"), .list = "gst_gstr3b",
	.can = CAN_OPEN | CAN_FILTER | CAN_PERIOD | CAN_GST | CAN_FILE |
	    CAN_ENTER,
	.load = load, .open = open_cell, .subject = subject
};
