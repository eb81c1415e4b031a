#include "ui/finding.h"

#include <stdlib.h>

#include "ui/finding_inside.h"
#include "ui/options.h"

const char *
finding_file(struct console *console, struct arena *arena, const char *name)
{
	struct err e = { 0 };
	const char *path;

	if (options_state(console->finding->options, arena, name, &path, &e))
		return path;
	console_say(console, true, e.why);
	return NULL;
}

bool
finding_start(struct console *console, const struct options *options,
    const char *cache, const char *place, struct err *e)
{
	struct finding *finding = calloc(1, sizeof *finding);

	(void)cache;
	(void)place;
	(void)e;
	if (finding == NULL)
		bug("out of memory");
	console->finding = finding;
	finding->options = options;
	finding->arena = arena_new();
	arrange_read(console);
	history_read(console);
	return true;
}

void
finding_stop(struct console *console)
{
	struct finding *finding = console->finding;

	if (finding == NULL)
		return;
	history_free(finding);
	arena_free(&finding->arena);
	free(finding);
	console->finding = NULL;
}

void
finding_opened(struct console *console, struct view *view)
{
	arrange_open(console, view);
}

bool
finding_left(struct console *console)
{
	(void)console;
	return false;
}

bool
finding_act(struct console *console, enum act act)
{
	return arrange_act(console, act) || history_act(console, act);
}
