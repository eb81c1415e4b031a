/* The rules in force, file by file; and the text of one. */
#include <string.h>

#include "core/i18n.h"
#include "ui/sheet.h"
#include "ui/text.h"
#include "wire/gst.h"

static bool
open_row(struct view *view, const struct row *row, struct place *out)
{
	(void)view;
	if (row->key[0] == '\0' || strlen(row->key) >= VIEW_KEY)
		return false;
	place_set(out, &pane_rule, row->key, row->key);
	return true;
}

const struct pane pane_rulebook = {
	.name = "rulebook", .title = N_("rules"), .act = ACT_RULEBOOK,
	.list = "rulebook", .can = CAN_OPEN | CAN_FILTER,
	.load = list_load, .open = open_row
};

static const struct column columns[] = {
	{ "", 20, true, false, 0 },
};

/* The list says of which version; that one has the text. */
static const char *
version_of(struct view *view)
{
	static const char *const path = "digest";
	const char *digest = "";
	struct span json;

	if (!cache_find(view->cache, view->arena, "view", "rulebook", &json)
	    || !shape_texts(json, &path, 1, view->arena, &digest))
		return "";
	return digest;
}

static void
load(struct view *view)
{
	const char *digest = version_of(view), *text = NULL;
	struct sheet sheet = sheet_rows(view);
	struct span json;

	if (digest[0] != '\0' && sheet_find(view, arena_printf(view->arena,
	    "rules/%.64s", digest), &json))
		text = shape_member(json, "files", view->place.key,
		    view->arena);
	sheet_pair(&sheet, _("File"), view->place.key);
	sheet_pair(&sheet, _("Rules"), digest);
	if (text == NULL)
		sheet_text(&sheet, TONE_PLAIN,
		    _("  It is with the daemon and is being asked for."));
	else
		sheet_lines(&sheet, text);
}

const struct pane pane_rule = {
	.name = "rule", .title = N_("rule"), .columns = columns,
	.n_columns = 1, .can = CAN_FILTER, .load = load
};
