/* Called by the loop; what changes the queue is done by its keeper. */
#include "ui/queued.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/i18n.h"
#include "ui/actions.h"
#include "ui/text.h"

static bool
here(struct console *console, struct keep_entry *out)
{
	const struct row *row = grid_row(&console_view(console)->grid);

	actions_new(console);
	if (row != NULL && queued_find(console->pending.arena, row, out))
		return true;
	console_say(console, true, _("Nothing waits here."));
	actions_drop(console);
	return false;
}

static void
changed(struct console *console)
{
	queue_change(console->queue, console->pending.entry, console->input);
	actions_drop(console);
}

static void
change(struct console *console)
{
	struct keep_entry entry;

	if (!here(console, &entry))
		return;
	if (entry.state != KEEP_WAITING || entry.member[0] == '\0' ||
	    strlen(entry.value) >= sizeof console->input) {
		console_say(console, true, _("Nothing of this one can be "
		    "changed: remove it, or open the row and decide anew."));
		actions_drop(console);
		return;
	}
	console->pending.entry = entry.n;
	console_line(console, arena_printf(console->pending.arena, "%s: ",
	    text_cut(console->pending.arena, entry.member, 40)), entry.value,
	    changed);
}

static void
dropped(struct console *console)
{
	queue_drop(console->queue, console->pending.entry);
	actions_drop(console);
}

static void
drop(struct console *console)
{
	struct keep_entry entry;
	struct arena *arena;

	if (!here(console, &entry))
		return;
	if (entry.state != KEEP_WAITING) {
		queue_drop(console->queue, entry.n);
		actions_drop(console);
		return;
	}
	arena = console->pending.arena;
	console->pending.entry = entry.n;
	console->pending.yes = dropped;
	snprintf(console->prompt, sizeof console->prompt,
	    _("Remove this decision before it is sent: %s %s?"),
	    text_cut(arena, entry.what, 40), text_cut(arena, entry.about,
	    80));
	console->mode = MODE_CONFIRM;
}

static void
proved(struct console *console)
{
	wire_prove(console->input);
	console->proved = console->pending.entry;
	explicit_bzero(console->input, sizeof console->input);
	queue_again(console->queue, console->pending.entry);
	actions_drop(console);
}

void
queued_prove(struct console *console, int64_t entry)
{
	actions_new(console);
	console->pending.entry = entry;
	console_line(console, entry == console->proved ?
	    _("Wrong, or used before. One-time or recovery code: ") :
	    _("One-time or recovery code: "), "", proved);
}

bool
queued_act(struct console *console, enum act act)
{
	switch ((int)act) {
	case ACT_QUEUE_CHANGE: change(console); break;
	case ACT_QUEUE_DROP: drop(console); break;
	case ACT_QUEUE_CLEAR: queue_clear(console->queue); break;
	default: return false;
	}
	return true;
}
