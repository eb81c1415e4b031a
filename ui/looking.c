/* The trace of what is under the cursor, and what was said so far. */
#include "ui/looking.h"

#include <stdio.h>
#include <string.h>

#include "core/i18n.h"

/* Rows are called by what they stand for: an event, a journal, a document. */
static bool
name_of(struct view *view, const struct row *row, char out[VIEW_KEY])
{
	static const char *const digits = "0123456789";
	const char *key = view->place.key;
	struct subject subject;

	if (row != NULL && view->place.pane->subject != NULL &&
	    view->place.pane->subject(view, row, &subject) &&
	    subject.event[0] == 'E') {
		snprintf(out, VIEW_KEY, "%s", subject.event);
		return true;
	}
	if (row != NULL && (row->key[0] == 'E' || row->key[0] == 'J') &&
	    row->key[1] != '\0' &&
	    strspn(row->key + 1, digits) == strlen(row->key + 1))
		key = row->key;
	else if (row != NULL && view->place.pane == &pane_documents)
		key = row->key;
	else if (view->place.pane != &pane_journal &&
	    view->place.pane != &pane_event &&
	    view->place.pane != &pane_document)
		return false;
	snprintf(out, VIEW_KEY, "%s", key);
	return key[0] != '\0' && strlen(key) < VIEW_KEY - strlen("trace/");
}

static void
show_trace(struct console *console, const char *of)
{
	struct place place;

	place_set(&place, &pane_trace, of, of);
	console_push(console, &place);
}

static void
typed(struct console *console)
{
	console->mode = MODE_BROWSE;
	if (console->input[0] != '\0' &&
	    strlen(console->input) < VIEW_KEY - strlen("trace/"))
		show_trace(console, console->input);
}

bool
looking_act(struct console *console, enum act act)
{
	struct view *view = console_view(console);
	char name[VIEW_KEY];
	struct place place;

	switch ((int)act) {
	case ACT_TRACE:
		if (name_of(view, grid_row(&view->grid), name))
			show_trace(console, name);
		else
			console_line(console, _("Trace (E12, J9, a document, "
			    "an order, a correlation): "), "", typed);
		return true;
	case ACT_CELL_LEFT:
	case ACT_CELL_RIGHT:
		overview_step(view, act == ACT_CELL_RIGHT ? 1 : -1);
		return true;
	case ACT_MESSAGES:
		if (view->place.pane == &pane_messages)
			return true;
		place_set(&place, &pane_messages, "", _("messages"));
		console_push(console, &place);
		return true;
	}
	return false;
}
