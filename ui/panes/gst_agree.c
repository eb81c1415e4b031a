/*
 * GSTR-1, GSTR-3B and the ledger side by side, and the documents where they
 * part.
 */
#include "ui/panes_gst.h"

#include <string.h>

#include "core/i18n.h"
#include "ui/text.h"
#include "wire/gst.h"

static const struct {
	const char *path, *text;	/* text: N_() */
} sides[] = {
	{ "gstr1", N_("GSTR-1") }, { "gstr3b", N_("GSTR-3B") },
	{ "reverse_charge", N_("Reverse charge") },
	{ "ledger", N_("Ledger") }, { "difference", N_("Difference") },
};

#define SIDES (sizeof sides / sizeof *sides)

/* In the columns of the list: "output.igst" of "output.ledger.igst". */
static void
add_side(struct view *view, struct span json, size_t side)
{
	const struct list *list = list_find("gst_agree");
	size_t n = list_width(list);
	const char *paths[LIST_COLUMNS], *t[LIST_COLUMNS];
	const char *cells[GRID_CELLS + 1] = { "", _(sides[side].text) };
	bool any = false;

	for (size_t i = 2; i < n; i++) {
		const char *path = list->columns[i].path;
		size_t dot = strcspn(path, ".");

		paths[i] = arena_printf(view->arena, "%.*s.%s%s", (int)dot,
		    path, sides[side].path, path + dot);
	}
	if (!shape_texts(json, paths + 2, n - 2, view->arena, t + 2))
		return;
	for (size_t i = 2; i < n; i++) {
		cells[i] = text_money(view->arena, "INR", t[i]);
		any |= strspn(t[i], "0.") != strlen(t[i]);
	}
	view_add(view, side + 1 < SIDES ? TONE_PLAIN : any ? TONE_BAD :
	    TONE_STRONG, "", cells);
}

bool
gst_sides(struct view *view, bool *agrees)
{
	static const char *const path[] = { "agrees" };
	const char *text;
	struct span json;

	if (!gst_find(view, "agree", &json) || !shape_texts(json, path, 1,
	    view->arena, &text))
		return false;
	*agrees = text[0] != '\0';
	if (view->place.pane == &pane_gst_agree)
		for (size_t i = 0; i < SIDES; i++)
			add_side(view, json, i);
	gst_line(view, *agrees ? TONE_STRONG : TONE_BAD, *agrees ?
	    _("GSTR-1, GSTR-3B and the ledger agree.") :
	    _("GSTR-1, GSTR-3B AND THE LEDGER DO NOT AGREE: see the page "
	    "agreement."));
	return true;
}

static void
load(struct view *view)
{
	struct list_rows rows;
	struct span json;
	bool agrees;

	if (!gst_head(view))
		return;
	gst_sides(view, &agrees);
	if (gst_find(view, "agree", &json) && list_read(list_find(
	    "gst_agree"), json, view->arena, &rows))
		gst_rows_add(view, &rows, NULL);
	gst_fit(view);
	gst_want(view, "agree");
}

static bool
open_document(struct view *view, const struct row *row, struct place *out)
{
	(void)view;
	if (row->key[0] != 'E')
		return false;
	place_set(out, &pane_event, row->key, row->cells[1]);
	return true;
}

const struct pane pane_gst_agree = {
	.name = "gst-agree", .title = N_("agreement"), .list = "gst_agree",
	.can = CAN_OPEN | CAN_FILTER | CAN_PERIOD | CAN_GST, .load = load,
	.open = open_document
};
