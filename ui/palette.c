#include "ui/palette.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/i18n.h"
#include "ui/actions.h"
#include "ui/cli.h"
#include "ui/finding.h"
#include "ui/may.h"
#include "ui/restricted.h"
#include "ui/running.h"
#include "ui/text.h"

#define RECENT 8
#define NAMES_MOST 4		/* views that a why-not names */

static char recent[RECENT][40];

const char *
palette_recent(size_t i)
{
	return i < RECENT && recent[i][0] != '\0' ? recent[i] : NULL;
}

static void
remember(const char *key)
{
	size_t at = 0;

	if (strlen(key) >= sizeof recent[0])
		return;
	while (at < RECENT - 1 && strcmp(recent[at], key) != 0)
		at++;
	memmove(recent[1], recent[0], at * sizeof recent[0]);
	memcpy(recent[0], key, strlen(key) + 1);
}

/* ---- of what ----------------------------------------------------------- */

struct palette_of
palette_of(const struct view *view)
{
	struct palette_of of = { .row = "" };
	char *rest;

	of.can = strtoull(view->place.key, &rest, 16);
	of.version = strtoll(rest, &rest, 10);
	of.row = rest + (*rest == ' ');
	return of;
}

/* What the row stands for, by the name that verbs have for it. */
static const char *
row_name(struct arena *arena, struct view *view, const struct row *row)
{
	struct subject subject = { .kind = SUBJECT_NONE };

	if (view->place.pane->subject != NULL &&
	    view->place.pane->subject(view, row, &subject)) {
		const char *name = subject.event[0] != '\0' ? subject.event :
		    subject.signature[0] != '\0' ? subject.signature :
		    subject.source;

		if (name[0] != '\0')
			return arena_strdup(arena, name);
	}
	return row->key;
}

static const char *
key_of(struct arena *arena, struct view *view)
{
	const struct row *row = grid_row(&view->grid);

	return arena_printf(arena, "%llx %lld %s",
	    (unsigned long long)view->place.pane->can,
	    row != NULL ? (long long)row->version : 0,
	    row != NULL ? row_name(arena, view, row) : "");
}

/* As a word of a line: quoted when it needs to be. */
static const char *
quoted(struct arena *arena, const char *word)
{
	bool plain = word[0] != '\0' && strspn(word, "ABCDEFGHIJKLMNOPQRSTUV"
	    "WXYZabcdefghijklmnopqrstuvwxyz0123456789._-/:=@+,") ==
	    strlen(word);

	return plain || strchr(word, '\'') != NULL ? word :
	    arena_printf(arena, "'%s'", word);
}

const char *
palette_verb(struct arena *arena, enum act act, const char *row)
{
	const char *verb = key_info(act)->verb;
	const char *at = strstr(verb, "ROW");

	if (verb[0] == '\0')
		return "";
	if (at == NULL || row[0] == '\0')
		return arena_printf(arena, "bahi %s", verb);
	return arena_printf(arena, "bahi %.*s%s%s", (int)(at - verb), verb,
	    quoted(arena, text_cut(arena, row, 80)), at + 3);
}

const char *
palette_why_not(struct arena *arena, enum act act, key_can can)
{
	key_can needs = key_info(act)->needs;
	const char *out = "";
	size_t n = 0;

	if (!may_act(act))
		return may_why(arena);
	if ((needs & ~can) == 0)
		return NULL;
	for (size_t i = 0; panes[i] != NULL; i++) {
		if ((needs & ~panes[i]->can) != 0)
			continue;
		if (n < NAMES_MOST)
			out = arena_printf(arena, "%s%s%s", out,
			    n > 0 ? ", " : "", _(panes[i]->title));
		n++;
	}
	return arena_printf(arena, n > NAMES_MOST ?
	    _("not here; in %s, ...") : _("not here; in %s"), out);
}

/* ---- opening ----------------------------------------------------------- */

static void
open_list(struct console *console, const struct pane *pane,
    const char *prompt)
{
	struct arena *arena = arena_new();
	struct place place;

	if (console->depth < CONSOLE_DEPTH) {
		place_set(&place, pane, key_of(arena,
		    console_view(console)), _(pane->title));
		console_push(console, &place);
		console_view(console)->data = (void *)finding_views(console);
		console_load(console);
		console->mode = MODE_PICK;
		console->input[0] = '\0';
		snprintf(console->prompt, sizeof console->prompt, "%s",
		    prompt);
	}
	arena_free(&arena);
}

void
palette_type(struct console *console, const char *typed)
{
	open_list(console, &pane_palette, ":");
	snprintf(console->input, sizeof console->input, "%s", typed);
	console_load(console);
}

bool
palette_act(struct console *console, enum act act)
{
	switch ((int)act) {
	case ACT_PALETTE: open_list(console, &pane_palette, ":"); break;
	case ACT_HELP:
		open_list(console, &pane_help, _("Keys, type to narrow: "));
		break;
	default: return false;
	}
	return true;
}

bool
palette_leaves(const struct console *console, int key)
{
	return console->input[0] == '\0' &&
	    console->stack[console->depth - 1]->place.pane == &pane_help &&
	    (key == 'q' || key == '?' || key == TERM_F1);
}

/* ---- doing ------------------------------------------------------------- */

static void
leave(struct console *console)
{
	console->mode = MODE_BROWSE;
	console->prompt[0] = '\0';
	console_pop(console);
}

/* Of the row as it was when the list was opened, or not at all. */
static void
take_act(struct console *console, enum act act)
{
	struct arena *arena = arena_new();
	struct view *view = console_view(console);
	const char *was = arena_strdup(arena, view->place.key);
	const char *why = palette_why_not(arena, act, palette_of(view).can);
	struct place place;

	if (why != NULL) {
		console_say(console, true, why);
		arena_free(&arena);
		return;
	}
	leave(console);
	place_set(&place, &pane_palette, key_of(arena,
	    console_view(console)), "");
	if (key_info(act)->kind == KEY_ACTS && strcmp(place.key, was) != 0)
		actions_changed(console);
	else
		console_act(console, act);
	arena_free(&arena);
}

static void
drop_running(struct view *view)
{
	struct running *running = view->data;

	running_stop(&running);
	view->data = NULL;
}

/* line: a verb and what is typed behind it. */
static void
take_line(struct console *console, const char *line)
{
	struct arena *arena = arena_new();
	struct running *running = NULL;
	struct split words;
	struct err e = { 0 };
	struct place place;

	if (!split_line(arena, line, &words, &e) ||
	    !restricted_words(&words, &e)) {
		console_say(console, true, e.why);
		arena_free(&arena);
		return;
	}
	leave(console);
	place_set(&place, &pane_output, "", arena_printf(arena, "bahi %s",
	    text_cut(arena, line, 100)));
	if (console->depth == CONSOLE_DEPTH) {
		console_say(console, true, _("Go back first: too many views "
		    "are open."));
	} else if (!running_start(&running, &words, &console->shared, &e)) {
		console_say(console, true, e.why);
	} else {
		console_push(console, &place);
		console_view(console)->data = running;
		console_view(console)->drop = drop_running;
		console_load(console);
	}
	arena_free(&arena);
}

static const struct cli_verb *
verb_named(const char *name)
{
	for (size_t i = 0; i < n_cli_verbs; i++)
		if (strcmp(cli_verbs[i].name, name) == 0)
			return &cli_verbs[i];
	return NULL;
}

/* What needs words behind it gets them typed. */
static void
take_verb(struct console *console, const char *name)
{
	const struct cli_verb *verb = verb_named(name);
	struct view *view = console_view(console);

	if (verb == NULL)
		return;
	if (verb->arguments[0] == '\0' || verb->arguments[0] == '[') {
		take_line(console, name);
		return;
	}
	snprintf(console->input, sizeof console->input, "%s ", name);
	snprintf(view->needle, sizeof view->needle, "%s", console->input);
	console_load(console);
	grid_first(&view->grid);
}

static void
take_record(struct console *console, const char *id)
{
	struct place place;

	place_set(&place, id[0] == 'J' ? &pane_journal : id[0] == 'R' ?
	    &pane_receipt : &pane_event, id, id);
	leave(console);
	console_push(console, &place);
}

static void
take_view(struct console *console, const char *id)
{
	leave(console);
	finding_view_open(console, id);
}

static void
take_search(struct console *console)
{
	char text[sizeof console->input];

	snprintf(text, sizeof text, "%s", console->input);
	leave(console);
	finding_search(console, text);
}

void
palette_take(struct console *console)
{
	const struct row *row = grid_row(&console_view(console)->grid);
	char key[VIEW_KEY + 8];
	const char *what;

	if (row == NULL || row->key[0] == '\0') {
		console_say(console, true, _("Nothing is called that."));
		return;
	}
	snprintf(key, sizeof key, "%s", row->key);
	what = strchr(key, ':');
	what = what != NULL ? what + 1 : "";
	if (strncmp(key, "run:", 4) == 0) {
		take_line(console, console->input);
		return;
	}
	if (strncmp(key, "search:", 7) == 0) {
		take_search(console);
		return;
	}
	if (strncmp(key, "go:", 3) != 0)
		remember(key);
	if (strncmp(key, "act:", 4) == 0)
		take_act(console, key_named(what));
	else if (strncmp(key, "verb:", 5) == 0)
		take_verb(console, what);
	else if (strncmp(key, "view:", 5) == 0)
		take_view(console, what);
	else
		take_record(console, what);
}
