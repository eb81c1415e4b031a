/* Rows that are marked become one request. */
#include "ui/saying.h"

#include <stdio.h>
#include <string.h>

#include "core/i18n.h"
#include "ui/actions.h"
#include "ui/marks.h"
#include "ui/text.h"

#define BODY_MAX ((size_t)2 << 20)

const char *
saying_raw(const struct view *view, const struct row *row, const char *path)
{
	const struct list *list = view->place.pane->list != NULL ?
	    list_find(view->place.pane->list) : NULL;

	for (size_t i = 0; list != NULL && i < list_width(list); i++)
		if (strcmp(list->columns[i].path, path) == 0)
			return row->raw[i] != NULL ? row->raw[i] : "";
	return "";
}

/* ---- which rows --------------------------------------------------------- */

static size_t
gather(struct console *console, bool (*fits)(const struct subject *),
    const struct subject **out)
{
	struct view *view = console_view(console);
	const struct row *row = grid_row(&view->grid);
	struct arena *arena = console->pending.arena;
	struct subject *own = arena_alloc(arena, sizeof *own);
	size_t at = 0, n = 0;
	struct span key;
	void *value;

	if (!marks_any(view)) {
		if (row == NULL || !view->place.pane->subject(view, row,
		    own) || !fits(own))
			return 0;
		out[0] = own;
		return 1;
	}
	while (view->marks != NULL && map_next(view->marks, &at, &key,
	    &value)) {
		const struct subject *mark = value;

		if (mark->kind == SUBJECT_ROW && fits(mark)) {
			own = arena_alloc(arena, sizeof *own);
			*own = *mark;
			out[n++] = own;
		}
	}
	return n;
}

const struct subject **
saying_collect(struct console *console, const struct saying *saying,
    bool (*fits)(const struct subject *), size_t *n)
{
	struct view *view = console_view(console);
	size_t most = saying->most > 0 ? saying->most : SAYING_ROWS;
	const struct subject **out;

	*n = 0;
	if (!(saying->waits ? actions_may(console) :
	    actions_online(console)))
		return NULL;
	actions_new(console);
	out = arena_alloc(console->pending.arena, (marks_single(view) + 1) *
	    sizeof *out);
	if (!marks_swept(view))
		*n = gather(console, fits, out);
	if (*n > 0 && *n <= most)
		return out;
	console_say(console, true, marks_swept(view) ?
	    _("Too many marked at once.") : *n > most ? arena_printf(
	    console->pending.arena, _("%zu are marked, and %zu is the most "
	    "at once."), *n, most) : _(saying->nothing));
	actions_drop(console);
	return NULL;
}

/* ---- saying ------------------------------------------------------------- */

static const char *
members_of(struct arena *arena, const struct saying *saying,
    const char *head, const struct subject **all, size_t n,
    saying_row *write)
{
	const char *text;
	struct str out;
	struct json j;

	str_init(&out, BODY_MAX);
	json_start(&j, &out);
	json_open(&j, '[');
	for (size_t i = 0; i < n; i++) {
		json_open(&j, '{');
		write(&j, all[i]);
		json_close(&j, '}');
	}
	json_close(&j, ']');
	text = arena_printf(arena, "\"act\":\"%s\",%s\"rows\":%s",
	    saying->what, head, out.p);
	str_free(&out);
	return text;
}

void
saying_word(struct console *console, const struct saying *saying,
    const char *path, const char *members, const char *about,
    const char *again, const char *question)
{
	struct pending *pending = &console->pending;

	pending->word = (struct wire_word){ .what = saying->what,
	    .path = path, .members = members, .about = about,
	    .again = again };
	if (saying->because != NULL) {
		actions_why(console, _(saying->because), NULL, question);
	} else if (question != NULL) {
		actions_ask(console, question);
	} else {
		actions_answer(console, 'y');
	}
}

void
saying_say(struct console *console, const struct saying *saying,
    const char *path, const char *head, const char *about,
    const char *again, const struct subject **all, size_t n,
    saying_row *write)
{
	struct arena *arena = console->pending.arena;
	const char *sum = actions_sum(arena, all, n), *question = NULL;

	if (sum == NULL || sum[0] == '\0')
		sum = _("no amounts");
	if (n > 1 && saying->many != NULL)
		question = arena_printf(arena, _(saying->many), n, sum);
	else if (n == 1 && saying->one != NULL)
		question = arena_printf(arena, _(saying->one), sum);
	saying_word(console, saying, path, members_of(arena, saying, head,
	    all, n, write), about, again, question);
}
