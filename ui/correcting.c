/*
 * What came is never changed: what the editor leaves goes to the daemon as
 * another event, which the reason and a yes come before. What is no JSON is
 * not sent; the line says where it is not.
 */
#include "ui/correcting.h"

#include <stdio.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "book/state.h"
#include "core/i18n.h"
#include "core/json.h"
#include "core/textdiff.h"
#include "ui/actions.h"
#include "ui/editor.h"
#include "ui/term.h"
#include "ui/text.h"

#define PAYLOAD_MAX ((size_t)4 << 20)
#define SHOWN 40		/* cells of the first line that differs */

struct changes {
	int64_t gone, come;
	struct span first;	/* that has come */
};

static void
note(void *arg, char op, unsigned number, struct span text)
{
	struct changes *c = arg;

	(void)number;
	c->gone += op == '-';
	c->come += op == '+';
	if (op == '+' && c->first.p == NULL)
		c->first = text;
}

static struct span
trimmed(struct span line)
{
	while (line.n > 0 && (*line.p == ' ' || *line.p == '\t')) {
		line.p++;
		line.n--;
	}
	return line;
}

/* "-1 +1: "account": "1000"" */
static const char *
short_of(struct arena *arena, struct span before, struct span after)
{
	struct changes c = { .first = { NULL, 0 } };
	struct span line;

	text_diff(before, after, note, &c);
	line = trimmed(c.first);
	return arena_printf(arena, "-%lld +%lld: %s", (long long)c.gone,
	    (long long)c.come, text_cut(arena, arena_strndup(arena, line.p !=
	    NULL ? line.p : "", line.n), SHOWN));
}

static bool
find_event(struct console *console, struct wire_event *ev)
{
	struct view *view = console_view(console);
	enum event_state state;
	struct span json;

	if (!cache_find(console->cache, console->pending.arena, "event",
	    view->place.key, &json) || !shape_event(json,
	    console->pending.arena, ev) || ev->version != view->version ||
	    ev->payload[0] == '\0') {
		console_say(console, true,
		    _("The payload is not here yet, or it is no text."));
		return false;
	}
	if (event_state_find(ev->state, &state) && event_state_open(state))
		return true;
	console_say(console, true, _("Nothing here to correct."));
	return false;
}

/* The editor's own end of the last line is no change. */
static bool
edit(struct console *console, struct span before, struct span *after)
{
	struct err e = { 0 };
	bool ok;

	term_lend();
	ok = editor_change(console->options, console->pending.arena,
	    "payload", before, PAYLOAD_MAX, after, &e);
	term_back();
	while (ok && after->n > before.n && after->p[after->n - 1] == '\n')
		after->n--;
	if (!ok)
		console_say(console, true, text_tame(console->pending.arena,
		    e.why));
	else if (span_equal(*after, before))
		console_say(console, false,
		    _("Nothing was changed; nothing is sent."));
	return ok && !span_equal(*after, before);
}

static bool
is_json(struct console *console, struct span text)
{
	struct err e = { 0 };
	cJSON *tree = json_strict(text, &e);

	if (tree == NULL)
		console_say(console, true, arena_printf(
		    console->pending.arena, _("Not sent, it is no JSON: %s"),
		    text_tame(console->pending.arena, e.why)));
	cJSON_Delete(tree);
	return tree != NULL;
}

static void
prepare(struct console *console, const struct wire_event *ev,
    struct span before, struct span after)
{
	struct pending *pending = &console->pending;
	struct arena *arena = pending->arena;
	struct wire_pick *pick = arena_alloc(arena, sizeof *pick);

	*pick = (struct wire_pick){ ev->id, ev->version };
	pending->decide.action = "correct";
	pending->decide.events = pick;
	pending->decide.n_events = 1;
	pending->decide.body = arena_strndup(arena, after.p, after.n);
	actions_why(console, arena_printf(arena, _("%s. Correct, because: "),
	    short_of(arena, before, after)), NULL, arena_printf(arena,
	    _("Send it instead of %s? What came is kept as it is, "
	    "dismissed."), ev->id));
}

bool
correcting_act(struct console *console, enum act act)
{
	struct wire_event ev;
	struct span before, after;

	if (act != ACT_CORRECT)
		return false;
	if (!actions_may(console))
		return true;
	actions_new(console);
	if (find_event(console, &ev)) {
		before = span_of(shape_pretty(span_of(ev.payload),
		    console->pending.arena));
		if (edit(console, before, &after) && is_json(console, after)) {
			prepare(console, &ev, before, after);
			return true;
		}
	}
	actions_drop(console);
	return true;
}
