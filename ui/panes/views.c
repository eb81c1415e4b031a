/* The saved views, with how many rows each has now. */
#include "core/i18n.h"
#include "ui/panes.h"
#include "ui/saved.h"
#include "ui/text.h"

static const struct column columns[] = {
	{ N_("View"), 26, false, false, 0 },
	{ N_("Rows"), 9, false, true, 0 },
	{ N_("Money"), 20, false, true, 2 },
	{ N_("Pane"), 10, false, false, 1 },
	{ N_("Filter"), 12, true, false, 3 },
	{ N_("At first"), 8, false, false, 0 },
};

/* view->data is of the console, which has them counted. */
static void
load(struct view *view)
{
	const struct saved_views *all = view->data;

	for (size_t i = 0; all != NULL && i < all->n; i++) {
		const struct saved *one = &all->items[i];

		view_add(view, TONE_PLAIN, one->id,
		    (const char *const []){
		    text_tame(view->arena, one->name),
		    !one->known ? "..." : one->unread ? "?" :
		    text_count(view->arena, one->sum.n),
		    one->known ? tally_text(view->arena, &one->sum) : "",
		    _(one->pane->title),
		    text_tame(view->arena, one->filter),
		    one->first ? _("yes") : "", NULL });
	}
}

const struct pane pane_views = {
	.name = "views", .title = N_("saved views"), .act = ACT_SAVED,
	.columns = columns, .n_columns = sizeof columns / sizeof *columns,
	.can = CAN_OPEN | CAN_FILTER | CAN_VIEWS, .load = load
};
