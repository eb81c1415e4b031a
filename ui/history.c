/*
 * What was looked at, to go back and forward in. A stack of views that is left
 * is kept as it is, so that each comes back with its cursor, filter, order and
 * marks.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/file.h"
#include "core/i18n.h"
#include "core/utf8.h"
#include "ui/finding_inside.h"

#define FILE_MAX 65536
#define FILE_NAME "filters"

/* ---- views ------------------------------------------------------------- */

/* A question that is over when it is left. */
static bool
passing(const struct pane *pane)
{
	return pane == &pane_pick || pane == &pane_plan ||
	    pane == &pane_adjust || pane == &pane_help ||
	    pane == &pane_views;
}

static void
forget(struct visit *visit)
{
	while (visit->depth > 0)
		view_free(&visit->views[--visit->depth]);
}

static void
forget_all(struct visits *visits)
{
	while (visits->n > 0)
		forget(&visits->items[--visits->n]);
}

/* The present views, held. */
static void
put(struct visits *visits, struct console *console)
{
	struct visit *visit;

	if (visits->n == VISITS) {
		forget(&visits->items[0]);
		memmove(visits->items, visits->items + 1,
		    --visits->n * sizeof *visits->items);
	}
	visit = &visits->items[visits->n++];
	visit->depth = console->depth;
	for (size_t i = 0; i < console->depth; i++) {
		visit->views[i] = console->stack[i];
		visit->views[i]->held++;
	}
}

void
finding_leaves(struct console *console)
{
	struct finding *finding = console->finding;

	if (console->depth == 0 || passing(console_view(console)->place.pane))
		return;
	put(&finding->past, console);
	forget_all(&finding->ahead);
}

void
history_free(struct finding *finding)
{
	forget_all(&finding->past);
	forget_all(&finding->ahead);
	for (size_t i = 0; i < finding->n_filters; i++)
		free(finding->filters[i]);
}

static void
travel(struct console *console, struct visits *from, struct visits *to,
    const char *none)
{
	struct visit *visit;

	if (from->n == 0) {
		console_say(console, false, none);
		return;
	}
	if (!passing(console_view(console)->place.pane))
		put(to, console);
	while (console->depth > 0)
		view_free(&console->stack[--console->depth]);
	visit = &from->items[--from->n];
	console->depth = visit->depth;
	memcpy(console->stack, visit->views, sizeof console->stack);
	console_return(console);
}

bool
history_act(struct console *console, enum act act)
{
	struct finding *finding = console->finding;

	if (act == ACT_HISTORY_BACK)
		travel(console, &finding->past, &finding->ahead,
		    _("Nothing was looked at before this."));
	else if (act == ACT_HISTORY_ON)
		travel(console, &finding->ahead, &finding->past,
		    _("This is what was looked at last."));
	else
		return false;
	return true;
}

/* ---- filters ----------------------------------------------------------- */

static void
drop_filter(struct finding *finding, size_t i)
{
	free(finding->filters[i]);
	finding->n_filters--;
	memmove(finding->filters + i, finding->filters + i + 1,
	    (finding->n_filters - i) * sizeof *finding->filters);
}

/* The last one is the newest; each is there once. */
static void
add_filter(struct finding *finding, const char *text)
{
	char *copy = strdup(text);

	if (copy == NULL)
		bug("out of memory");
	for (size_t i = 0; i < finding->n_filters; i++)
		if (strcmp(finding->filters[i], text) == 0)
			drop_filter(finding, i--);
	if (finding->n_filters == FILTERS_MAX)
		drop_filter(finding, 0);
	finding->filters[finding->n_filters++] = copy;
}

static bool
printable(const char *text)
{
	for (; *text != '\0'; text++)
		if ((unsigned char)*text < ' ' || *text == 0x7f)
			return false;
	return true;
}

void
history_read(struct console *console)
{
	struct arena *arena = arena_new();
	const char *path = finding_file(console, arena, FILE_NAME);
	struct err e = { 0 };
	struct span text;
	char *next = NULL;

	if (path != NULL && file_read(path, FILE_MAX, arena, &text, &e) &&
	    utf8_valid(text))
		next = arena_strndup(arena, text.p, text.n);
	while (next != NULL) {
		char *line = next;

		next = strchr(line, '\n');
		if (next != NULL)
			*next++ = '\0';
		if (line[0] != '\0' && strlen(line) <
		    sizeof console->input && printable(line))
			add_filter(console->finding, line);
	}
	arena_free(&arena);
}

static void
write_filters(struct console *console)
{
	struct finding *finding = console->finding;
	struct arena *arena = arena_new();
	const char *path = finding_file(console, arena, FILE_NAME);
	struct err e = { 0 };
	struct str text;

	str_init(&text, FILE_MAX);
	for (size_t i = 0; i < finding->n_filters; i++)
		str_addf(&text, "%s\n", finding->filters[i]);
	if (path != NULL && !text.over &&
	    !file_write(path, str_span(&text), 0600, &e))
		console_say(console, true, e.why);
	str_free(&text);
	arena_free(&arena);
}

void
finding_filtered(struct console *console, const char *text)
{
	struct finding *finding = console->finding;

	finding->filter_at = 0;
	if (text[0] == '\0')
		return;
	snprintf(finding->sought, sizeof finding->sought, "%s", text);
	add_filter(finding, text);
	write_filters(console);
}

/* Up is older; Down behind the newest is what was typed before. */
bool
finding_recalled(struct console *console, int key)
{
	struct finding *finding = console->finding;

	if (key != TERM_UP && key != TERM_DOWN) {
		finding->filter_at = 0;
		return false;
	}
	if (finding->filter_at == 0)
		snprintf(finding->typed, sizeof finding->typed, "%s",
		    console->input);
	if (key == TERM_UP && finding->filter_at < finding->n_filters)
		finding->filter_at++;
	else if (key == TERM_DOWN && finding->filter_at > 0)
		finding->filter_at--;
	snprintf(console->input, sizeof console->input, "%s",
	    finding->filter_at == 0 ? finding->typed :
	    finding->filters[finding->n_filters - finding->filter_at]);
	return true;
}
