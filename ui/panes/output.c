/* What a verb printed that was typed in the console, line by line. */
#include <string.h>

#include "core/i18n.h"
#include "ui/panes.h"
#include "ui/running.h"
#include "ui/text.h"

#define TEXT_MAX ((size_t)9 << 20)
#define LINES_MAX 100000

static const struct column columns[] = {
	{ N_("What it printed"), 20, true, false, 0 },
};

static void
add_line(struct view *view, enum tone tone, const char *text)
{
	view_add(view, tone, "", (const char *const []){ text, NULL });
}

static void
add_end(struct view *view, int status)
{
	static const char *const words[] = { N_("Done."),
	    N_("Done; something is left open, or nothing was found."),
	    N_("That is not how it is called."),
	    N_("Refused."), N_("Somebody else changed it meanwhile."),
	    N_("The daemon cannot be reached.") };

	add_line(view, TONE_HEAD, status >= 0 && status < (int)(sizeof words /
	    sizeof *words) ? _(words[status]) : arena_printf(view->arena,
	    _("It ended with %d."), status));
}

static void
load(struct view *view)
{
	struct running *running = view->data;
	struct str text;
	const char *next;
	int status = 0;
	bool ended;

	if (running == NULL)
		return;
	str_init(&text, TEXT_MAX);
	ended = running_read(running, &text, &status);
	next = text.p;
	for (int n = 0; next != NULL && *next != '\0' && n < LINES_MAX; n++) {
		size_t length = strcspn(next, "\n");

		add_line(view, TONE_PLAIN, text_tame(view->arena,
		    arena_strndup(view->arena, next, length)));
		next = next[length] == '\0' ? NULL : next + length + 1;
	}
	str_free(&text);
	if (ended)
		add_end(view, status);
	else
		add_line(view, TONE_HEAD, _("It runs ..."));
}

const struct pane pane_output = {
	.name = "output", .title = N_("printed"), .columns = columns,
	.n_columns = sizeof columns / sizeof *columns, .can = CAN_FILTER,
	.load = load
};
