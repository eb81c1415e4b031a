/* The keys, from the one table of keys. */
#include "core/i18n.h"
#include "ui/panes.h"

static const struct column columns[] = {
	{ N_("Keys"), 18, false, false, 0 },
	{ N_("What they do"), 30, true, false, 0 },
};

static void
load(struct view *view)
{
	for (int act = 1; act < ACT_COUNT; act++)
		view_add(view, TONE_PLAIN, "", (const char *const []){
		    key_names((enum act)act),
		    _(key_info((enum act)act)->help), NULL });
}

const struct pane pane_help = {
	.name = "help", .title = N_("help"), .columns = columns,
	.n_columns = sizeof columns / sizeof *columns, .can = CAN_FILTER,
	.load = load
};
