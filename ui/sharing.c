/* The keys of a shared queue: most are a choice like retry and dismiss. */
#include "ui/sharing.h"

#include <stdio.h>
#include <string.h>

#include "core/clock.h"
#include "core/i18n.h"
#include "ui/actions.h"
#include "ui/until.h"

static const char *
read_name(struct arena *arena, const char *text)
{
	(void)arena;
	return strcmp(text, "-") == 0 ? "" : text;
}

static const char *
read_until(struct arena *arena, const char *text)
{
	return until_read(arena, text, clock_now());
}

static const struct choice assign = {
	.action = "assign", .nothing = N_("Nothing here to give away."),
	.because = N_("Give it to (me; -: nobody): "), .word = "to",
	.read = read_name
};

static const struct choice snooze = {
	.action = "snooze", .nothing = N_("Nothing here to put off."),
	.because = N_("Until (4h 3d tomorrow monday 2026-10-31; now): "),
	.word = "until", .read = read_until
};

static const struct choice comment = {
	.action = "comment", .nothing = N_("Nothing here to talk about."),
	.because = N_("Say: "), .talk = true
};

static const struct choice reopen = {
	.action = "reopen", .nothing = N_("Nothing here to reopen."),
	.because = N_("Reopen, because: ")
};

/* ---- taking back ------------------------------------------------------ */

static const struct choice reverse = {
	.action = "reverse", .nothing = N_("Nothing here to take back."),
	.because = N_("Posted, so it stays. Reverse it by a new version, "
	    "because: "),
	.one = N_("Reverse %s by a new version of its documents?")
};

static void
undo_last(struct console *console)
{
	if (!actions_online(console))
		return;
	actions_new(console);
	console->pending.run_job = JOB_UNDO;
	console->pending.undo = true;
	actions_ask(console, _("Take back what you decided last?"));
}

/* Of an event it is done at once: what it was follows, and can be said
 * again. */
static void
undo(struct console *console)
{
	struct view *view = console_view(console);
	const struct row *row = grid_row(&view->grid);
	struct subject subject = { .kind = SUBJECT_NONE };

	if (row == NULL || view->place.pane->subject == NULL ||
	    !view->place.pane->subject(view, row, &subject) ||
	    subject.event[0] == '\0') {
		undo_last(console);
	} else if (subject.posted) {
		actions_choose(console, &reverse);
	} else if (actions_online(console)) {
		jobs_run(console->jobs, JOB_UNDO, subject.event);
		console_say(console, false,
		    _("Sent; the outcome follows here."));
	}
}

/* ---- looking ---------------------------------------------------------- */

static void
turn_put_off(struct console *console)
{
	struct view *view = console_view(console);

	view->put_off_too = !view->put_off_too;
	console_load(console);
	grid_first(&view->grid);
}

static void
turn_history(struct console *console)
{
	struct place place;

	if (console_view(console)->place.pane == &pane_history) {
		console_pop(console);
		return;
	}
	place_set(&place, &pane_history, "", _("history"));
	console_push(console, &place);
}

bool
sharing_act(struct console *console, enum act act)
{
	switch ((int)act) {
	case ACT_ASSIGN: actions_choose(console, &assign); break;
	case ACT_SNOOZE: actions_choose(console, &snooze); break;
	case ACT_COMMENT: actions_choose(console, &comment); break;
	case ACT_UNSETTLE: actions_choose(console, &reopen); break;
	case ACT_UNDO: undo(console); break;
	case ACT_UNDO_LAST: undo_last(console); break;
	case ACT_PUT_OFF: turn_put_off(console); break;
	case ACT_HISTORY: turn_history(console); break;
	default: return false;
	}
	return true;
}
