/* What was said since the start, the last first. */
#include "core/clock.h"
#include "core/i18n.h"
#include "ui/messages.h"
#include "ui/panes.h"
#include "ui/text.h"

static const struct column columns[] = {
	{ N_("When"), 16, false, false, 0 },
	{ N_("Message"), 30, true, false, 0 },
};

static void
load(struct view *view)
{
	const struct message *one;
	char at[25];

	for (size_t i = 0; (one = messages_at(i)) != NULL; i++) {
		clock_format(one->at, at);
		view_add(view, one->bad ? TONE_BAD : TONE_PLAIN, "",
		    (const char *const []){ text_time(view->arena, at),
		    arena_strdup(view->arena, one->bad ? arena_printf(
		    view->arena, "! %s", one->text) : one->text), NULL });
	}
	if (messages_at(0) == NULL)
		view_add(view, TONE_HEAD, "", (const char *const []){ "",
		    _("Nothing was said yet."), NULL });
}

const struct pane pane_messages = {
	.name = "messages", .title = N_("messages"), .columns = columns,
	.n_columns = sizeof columns / sizeof *columns, .can = CAN_FILTER,
	.load = load
};
