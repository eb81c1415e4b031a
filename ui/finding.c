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

void
finding_start(struct console *console, const struct options *options,
    const char *cache, const char *place)
{
	struct finding *finding = calloc(1, sizeof *finding);

	if (finding == NULL)
		bug("out of memory");
	console->finding = finding;
	finding->options = options;
	finding->arena = arena_new();
	finding->views_arena = arena_new();
	finding->cache = arena_strdup(finding->arena, cache);
	finding->place = arena_strdup(finding->arena, place);
	arrange_read(console);
	history_read(console);
}

void
finding_stop(struct console *console)
{
	struct finding *finding = console->finding;

	if (finding == NULL)
		return;
	tally_stop(&finding->tally);
	history_free(finding);
	arena_free(&finding->views_arena);
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
	return marks_left(console);
}

struct tally *
finding_tally(struct console *console)
{
	struct finding *finding = console->finding;
	struct err e = { 0 };

	if (finding->tally == NULL && !tally_start(&finding->tally,
	    finding->cache, finding->place, &console->shared, &e))
		console_say(console, true, e.why);
	if (finding->tally != NULL)
		tally_jobs(finding->tally, console->jobs);
	return finding->tally;
}

void
finding_hear(struct console *console)
{
	for (size_t i = 0; i < console->depth; i++)
		marks_hear(console, console->stack[i]);
	views_hear(console);
	groups_hear(console);
}

bool
finding_act(struct console *console, enum act act)
{
	if (key_info(act)->kind == KEY_ACTS)
		marks_end_range(console);
	return marks_act(console, act) || arrange_act(console, act) ||
	    history_act(console, act) || views_act(console, act) ||
	    groups_act(console, act) || seek_act(console, act);
}
