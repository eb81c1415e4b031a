/* The keys of the view below, then all others, from the one table of keys.
 * Opened on what that view can and on its row (palette.h). */
#include "core/i18n.h"
#include "ui/may.h"
#include "ui/palette.h"
#include "ui/sheet.h"

static const struct column columns[] = {
	{ N_("Keys"), 14, false, false, 0 },
	{ N_("What they do"), 28, true, false, 0 },
	{ N_("Verb"), 26, false, false, 0 },
};

enum part { PART_OWN, PART_COMMON, PART_ELSEWHERE };

static enum part
part_of(enum act act, key_can can)
{
	key_can needs = key_info(act)->needs;

	return (needs & ~can) != 0 ? PART_ELSEWHERE : needs != 0 ?
	    PART_OWN : PART_COMMON;
}

static bool
says(const char *text, const char *typed)
{
	return strcasestr(text, typed) != NULL;
}

static void
add_part(struct view *view, enum part part, const char *title)
{
	struct palette_of of = palette_of(view);
	bool begun = false;

	for (int act = 1; act < ACT_COUNT; act++) {
		const struct key_info *info = key_info((enum act)act);
		const char *verb = palette_verb(view->arena, (enum act)act,
		    part == PART_OWN ? of.row : "");

		if (part_of((enum act)act, of.can) != part ||
		    !may_act((enum act)act) ||
		    (!says(_(info->help), view->needle) &&
		    !says(verb, view->needle) &&
		    !says(info->name, view->needle) &&
		    !says(key_names((enum act)act), view->needle)))
			continue;
		if (!begun)
			view_add(view, TONE_HEAD, "", (const char *const []){
			    "", title, "", NULL });
		begun = true;
		view_add(view, TONE_PLAIN, arena_printf(view->arena,
		    "act:%s", info->name), (const char *const []){
		    key_names((enum act)act), _(info->help), verb, NULL });
	}
}

static void
load(struct view *view)
{
	if (!view->loaded)
		view->go = 1;	/* behind the heading */
	add_part(view, PART_OWN, _("In this view"));
	add_part(view, PART_COMMON, _("Everywhere"));
	add_part(view, PART_ELSEWHERE, _("In other views"));
}

/* What has no room in its column. */
static void
show_below(struct view *view, const struct row *row, struct vec *lines)
{
	struct sheet sheet = sheet_below(view, lines);

	if (row->key[0] != '\0')
		sheet_words(&sheet, TONE_PLAIN, row->cells[1]);
}

const struct pane pane_help = {
	.name = "help", .title = N_("help"), .act = ACT_HELP,
	.columns = columns, .n_columns = sizeof columns / sizeof *columns,
	.load = load, .below = show_below, .lower = 3
};
