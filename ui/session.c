/* Written by the keeper seconds behind the person; read once, at the start. */
#include "ui/session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "core/clock.h"
#include "core/i18n.h"
#include "ui/marks.h"
#include "ui/text.h"

#define TEXT_MAX ((size_t)4 << 20)

/* ---- writing ----------------------------------------------------------- */

static void
write_mark(struct json *j, struct span key, const struct subject *mark)
{
	json_open(j, '{');
	json_key(j, "key");
	json_span(j, key);
	json_kint(j, "kind", mark->kind);
	json_kint(j, "version", mark->version);
	json_kstr(j, "event", mark->event);
	json_kstr(j, "currency", mark->currency);
	json_kstr(j, "amount", mark->amount);
	json_kstr(j, "signature", mark->signature);
	json_kstr(j, "source", mark->source);
	json_kstr(j, "document", mark->document);
	json_kstr(j, "seen", mark->seen);
	json_kint(j, "flags", mark->conflict + 2 * mark->posted +
	    4 * mark->code);
	json_close(j, '}');
}

static void
write_marks(struct json *j, const struct view *view)
{
	struct span key;
	size_t at = 0;
	void *mark;

	json_key(j, "marks");
	json_open(j, '[');
	while (view->marks != NULL && map_next(view->marks, &at, &key, &mark))
		if (((struct subject *)mark)->kind != SUBJECT_NONE)
			write_mark(j, key, mark);
	json_close(j, ']');
}

static void
write_view(struct json *j, const struct view *view)
{
	const struct row *row = grid_row(&view->grid);

	json_open(j, '{');
	json_kstr(j, "pane", view->place.pane->name);
	json_kstr(j, "key", view->place.key);
	json_kstr(j, "title", view->place.title);
	json_kstr(j, "filter", view->filter);
	json_kint(j, "id", row != NULL ? row->id : 0);
	json_kstr(j, "row", row != NULL ? row->key : "");
	json_kstr(j, "shown", row != NULL ? row->cells[0] : "");
	write_marks(j, view);
	json_close(j, '}');
}

void
session_write(struct console *console, struct json *j)
{
	json_key(j, "views");
	json_open(j, '[');
	for (size_t i = 0; i < console->depth; i++)
		write_view(j, console->stack[i]);
	json_close(j, ']');
}

/* ---- going back -------------------------------------------------------- */

static void
copy(char *to, size_t room, const char *from)
{
	snprintf(to, room, "%s", from);
}

static void
put_mark(struct view *view, const cJSON *at)
{
	struct subject *mark = calloc(1, sizeof *mark);
	int64_t flags = json_digits(at, "flags");

	if (mark == NULL)
		bug("out of memory");
	mark->kind = (enum subject_kind)json_digits(at, "kind");
	mark->version = json_digits(at, "version");
	copy(mark->event, sizeof mark->event, json_word(at, "event"));
	copy(mark->currency, sizeof mark->currency, json_word(at, "currency"));
	copy(mark->amount, sizeof mark->amount, json_word(at, "amount"));
	copy(mark->signature, sizeof mark->signature, json_word(at, "signature"));
	copy(mark->source, sizeof mark->source, json_word(at, "source"));
	copy(mark->document, sizeof mark->document, json_word(at, "document"));
	copy(mark->seen, sizeof mark->seen, json_word(at, "seen"));
	mark->conflict = (flags & 1) != 0;
	mark->posted = (flags & 2) != 0;
	mark->code = (flags & 4) != 0;
	if (view->marks == NULL)
		view->marks = map_new();
	map_set(view->marks, span_of(json_word(at, "key")), mark);
}

/* A question that was open is asked anew, not gone back to. */
static bool
lasting(const struct pane *pane)
{
	return pane != NULL && pane != &pane_pick && pane != &pane_plan &&
	    pane != &pane_adjust;
}

static bool
go_view(struct console *console, const cJSON *at)
{
	const struct pane *pane = pane_named(json_word(at, "pane"));
	struct row row = { .id = json_digits(at, "id"), .key = json_word(at, "row") };
	struct place place;
	struct view *view;
	const cJSON *one;

	if (!lasting(pane) || console->depth == CONSOLE_DEPTH)
		return false;
	place_set(&place, pane, json_word(at, "key"), json_word(at, "title"));
	console_push(console, &place);
	view = console_view(console);
	if (json_word(at, "filter")[0] != '\0' &&
	    !console_filter(console, json_word(at, "filter")))
		return false;
	grid_go(&view->grid, &row);
	cJSON_ArrayForEach(one, json_at(at, "marks"))
		put_mark(view, one);
	marks_prune(console, view);
	return true;
}

bool
session_go(struct console *console, const cJSON *tree)
{
	const cJSON *views = json_at(tree, "views"), *at;
	bool ok = cJSON_GetArraySize(views) > 0;

	while (ok && console->depth > 0)
		view_free(&console->stack[--console->depth]);
	cJSON_ArrayForEach(at, views)
		ok = ok && go_view(console, at);
	if (console->depth == 0)
		console_top(console, panes[0], "");
	return ok;
}

const char *
session_text(struct arena *arena, const cJSON *tree)
{
	const cJSON *views = json_at(tree, "views");
	const cJSON *last = cJSON_GetArrayItem(views,
	    cJSON_GetArraySize(views) - 1);
	const struct pane *pane = pane_named(json_word(last, "pane"));
	int marks = cJSON_GetArraySize(json_at(last, "marks"));
	const char *out = pane != NULL ? _(pane->title) : "";

	if (json_word(last, "filter")[0] != '\0')
		out = arena_printf(arena, "%s /%s/", out, text_cut(arena,
		    json_word(last, "filter"), 40));
	if (json_word(last, "shown")[0] != '\0')
		out = arena_printf(arena, "%s, %s", out, text_cut(arena,
		    json_word(last, "shown"), 40));
	if (marks > 0)
		out = arena_printf(arena, _("%s, %d marked"), out, marks);
	return out;
}

/* ---- noting ------------------------------------------------------------ */

/* Cheap: what a look at the screen would tell. */
static uint64_t
sign(struct console *console)
{
	const struct view *view = console_view(console);
	const struct row *row = grid_row(&view->grid);
	uint64_t sum = console->depth * 31 + (uintptr_t)view->place.pane;

	for (const char *p = view->filter; *p != '\0'; p++)
		sum = sum * 31 + (unsigned char)*p;
	for (const char *p = view->place.key; *p != '\0'; p++)
		sum = sum * 31 + (unsigned char)*p;
	for (const char *p = row != NULL ? row->key : ""; *p != '\0'; p++)
		sum = sum * 31 + (unsigned char)*p;
	return sum * 31 + (row != NULL ? (uint64_t)row->id : 0) +
	    (uint64_t)marks_single(view) * 1000003;
}

static void
note(struct console *console)
{
	struct json j;
	struct str out;

	str_init(&out, TEXT_MAX);
	json_start(&j, &out);
	json_open(&j, '{');
	session_write(console, &j);
	json_close(&j, '}');
	if (!out.over)
		queue_note(console->queue, "session", out.p);
	str_free(&out);
}

/* Nothing is noted while an offer stands: it would be written over. */
void
session_watch(struct console *console)
{
	struct session *session = &console->session;
	uint64_t now;

	if (!session->keeps || session->offered != OFFER_NONE ||
	    queue_why(console->queue) != NULL)
		return;
	now = sign(console);
	if (now == session->signed_as)
		return;
	session->signed_as = now;
	note(console);
}

void
session_end(struct console *console, bool left)
{
	struct session *session = &console->session;

	if (console->queue != NULL && queue_why(console->queue) == NULL &&
	    console->depth > 0 && session->offered == OFFER_NONE) {
		if (left)
			queue_note(console->queue, "session", NULL);
		else if (session->keeps)
			note(console);
	}
	cJSON_Delete(session->tree);
	session->tree = NULL;
}

/* ---- offering ---------------------------------------------------------- */

static void
go_back(struct console *console)
{
	bool whole = session_go(console, console->session.tree);

	console_say(console, !whole, whole ? _("You are where you were.") :
	    _("Not all of it is there any more."));
}

bool
session_offer(struct console *console)
{
	struct session *session = &console->session;
	struct arena *arena = arena_new();
	struct err e = { 0 };
	const char *text;

	if (session->keeps && queue_reader(console->queue) != NULL &&
	    keep_found(queue_reader(console->queue), arena, "session", &text))
		session->tree = json_strict(span_of(text), &e);
	if (session->tree != NULL && session->asks) {
		session->offered = OFFER_SESSION;
		snprintf(console->standing, sizeof console->standing,
		    _(" You were at %s: y go back there, n stay"),
		    session_text(arena, session->tree));
	} else if (session->tree != NULL) {
		go_back(console);
	}
	arena_free(&arena);
	return session->tree != NULL;
}

bool
session_key(struct console *console, int key)
{
	struct session *session = &console->session;

	if (session->offered != OFFER_SESSION)
		return false;
	session->offered = OFFER_NONE;
	console->standing[0] = '\0';
	if (key == 'y')
		go_back(console);
	return key == 'y' || key == 'n';
}
