/* Master data to choose from, narrowed while typing. Opened on a table. */
#include "core/i18n.h"
#include "ui/panes.h"
#include "ui/text.h"

static const struct column columns[] = {
	{ N_("Code"), 20, false, false, 0 },
	{ N_("Name"), 30, true, false, 0 },
};

static bool
fits(const struct wire_master *one, const char *needle)
{
	return strcasestr(one->code, needle) != NULL ||
	    strcasestr(one->name, needle) != NULL;
}

static void
load(struct view *view)
{
	struct wire_masters all;
	struct span json;

	if (!cache_find(view->cache, view->arena, "reference",
	    view->place.key, &json) || !shape_masters(json, view->arena,
	    &all))
		return;
	for (size_t i = 0; i < all.n; i++)
		if (fits(&all.items[i], view->needle))
			view_add(view, TONE_PLAIN, all.items[i].code,
			    (const char *const []){
			    text_cut(view->arena, all.items[i].code, 80),
			    text_cut(view->arena, all.items[i].name, 200),
			    NULL });
}

const struct pane pane_pick = {
	.name = "pick", .title = N_("choose"), .columns = columns,
	.n_columns = sizeof columns / sizeof *columns, .load = load
};
