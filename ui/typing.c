/*
 * Keys while a line is typed or a question is open: each mode takes them its
 * own way until it is browsing again.
 */
#include "ui/typing.h"

#include <stdio.h>
#include <string.h>

#include "core/i18n.h"
#include "ui/actions.h"
#include "ui/bulk.h"
#include "ui/finding.h"
#include "ui/palette.h"
#include "ui/resolve.h"

/* Typed characters, as UTF-8. False: the key is not for the line. */
static bool
edit(char *input, size_t room, int key)
{
	size_t n = strlen(input);
	char bytes[8];
	size_t more;

	if (key == TERM_BACKSPACE) {
		while (n > 0 && (input[--n] & 0xc0) == 0x80)
			;
		input[n] = '\0';
		return true;
	}
	if (key == 'U' - '@') {
		input[0] = '\0';
		return true;
	}
	if (key < ' ' || key >= 0x110000)
		return false;
	more = key < 0x80 ? 1 : key < 0x800 ? 2 : key < 0x10000 ? 3 : 4;
	bytes[0] = (char)(more == 1 ? key : more == 2 ? 0xc0 | key >> 6 :
	    more == 3 ? 0xe0 | key >> 12 : 0xf0 | key >> 18);
	for (size_t i = 1; i < more; i++)
		bytes[i] = (char)(0x80 | (key >> (6 * (more - 1 - i)) &
		    0x3f));
	if (n + more < room) {
		memcpy(input + n, bytes, more);
		input[n + more] = '\0';
	}
	return true;
}

/* The rows follow what is typed; while it is wrong the last good ones stay,
 * and the line below says what is. */
static void
key_filter(struct console *console, int key)
{
	struct view *view = console_view(console);

	if (key == TERM_ESCAPE) {
		console->mode = MODE_BROWSE;
		console->message[0] = '\0';
		if (strcmp(view->filter, console->before) != 0)
			(void)console_filter(console, console->before);
	} else if (key == TERM_ENTER) {
		console->mode = MODE_BROWSE;
		if (console_filter(console, console->input)) {
			grid_keep(&view->grid);
			finding_filtered(console, console->input);
		}
	} else if (finding_recalled(console, key) ||
	    edit(console->input, sizeof console->input, key)) {
		console->message[0] = '\0';
		(void)console_filter(console, console->input);
	}
}

static void
key_reason(struct console *console, int key)
{
	if (key == TERM_ESCAPE)
		console->mode = MODE_BROWSE;
	else if (key == TERM_ENTER)
		actions_reason(console);
	else if (!actions_offered(console, key))
		edit(console->input, sizeof console->input, key);
}

static void
key_edit(struct console *console, int key)
{
	if (key == TERM_ESCAPE)
		console->mode = MODE_BROWSE;
	else if (key == TERM_ENTER && console_view(console)->place.pane ==
	    &pane_review)
		resolve_written(console);
	else if (key == TERM_ENTER)
		actions_edited(console);
	else
		edit(console->input, sizeof console->input, key);
}

static void
key_count(struct console *console, int key)
{
	if (key == TERM_ESCAPE)
		console->mode = MODE_BROWSE;
	else if (key == TERM_ENTER)
		bulk_counted(console);
	else
		edit(console->input, sizeof console->input, key);
}

static void
key_line(struct console *console, int key)
{
	if (key == TERM_ESCAPE) {
		actions_drop(console);
		console_say(console, false, _("Nothing was done."));
	} else if (key == TERM_ENTER) {
		console->mode = MODE_BROWSE;
		console->pending.typed(console);
	} else {
		edit(console->input, sizeof console->input, key);
	}
}

static bool
is_named(const struct console *console)
{
	const struct pane *pane =
	    console->stack[console->depth - 1]->place.pane;

	return pane == &pane_palette || pane == &pane_help;
}

static void
narrow(struct console *console)
{
	struct view *view = console_view(console);

	const struct row *row;

	snprintf(view->needle, sizeof view->needle, "%s", console->input);
	view_load(view);
	grid_first(&view->grid);
	row = grid_row(&view->grid);
	if (is_named(console) && row != NULL && row->key[0] == '\0')
		grid_move(&view->grid, 1);	/* a heading */
}

static void
key_pick(struct console *console, int key)
{
	struct grid *grid = &console_view(console)->grid;

	if (is_named(console))
		console->message[0] = '\0';
	if (key == TERM_ESCAPE || palette_leaves(console, key)) {
		console->mode = MODE_BROWSE;
		console_pop(console);
	} else if (key == TERM_ENTER && is_named(console)) {
		palette_take(console);
	} else if (key == TERM_ENTER) {
		actions_picked(console);
	} else if (key == TERM_HOME) {
		grid_first(grid);
	} else if (key == TERM_END) {
		grid_last(grid, console_view(console)->total);
	} else if (key == TERM_DOWN || key == TERM_UP) {
		grid_move(grid, key == TERM_DOWN ? 1 : -1);
	} else if (key == TERM_PAGE_DOWN || key == TERM_PAGE_UP) {
		grid_move(grid, key == TERM_PAGE_DOWN ? (int)grid->height :
		    -(int)grid->height);
	} else if (edit(console->input, sizeof console->input, key)) {
		narrow(console);
	}
}

void
typing_filter(struct console *console)
{
	console->mode = MODE_FILTER;
	snprintf(console->prompt, sizeof console->prompt, "/");
	snprintf(console->before, sizeof console->before, "%s",
	    console_view(console)->filter);
	console->input[0] = '\0';
}

bool
typing_key(struct console *console, int key)
{
	switch (console->mode) {
	case MODE_FILTER: key_filter(console, key); break;
	case MODE_PICK: key_pick(console, key); break;
	case MODE_REASON: key_reason(console, key); break;
	case MODE_EDIT: key_edit(console, key); break;
	case MODE_CONFIRM: actions_answer(console, key); break;
	case MODE_COUNT: key_count(console, key); break;
	case MODE_LINE: key_line(console, key); break;
	case MODE_COLUMNS: finding_columns_key(console, key); break;
	case MODE_BROWSE: return false;
	}
	return true;
}

void
typing_paste(struct console *console, int key)
{
	switch (console->mode) {
	case MODE_FILTER: case MODE_PICK: case MODE_EDIT: case MODE_COUNT:
	case MODE_LINE:
		typing_key(console, key);
		break;
	case MODE_REASON:	/* a digit would take one of the last */
		edit(console->input, sizeof console->input, key);
		break;
	case MODE_CONFIRM: case MODE_COLUMNS: case MODE_BROWSE:
		break;
	}
}
