/*
 * Lines of a stock count: what was open of each as it was drawn goes with
 * them, so that what has moved on meanwhile is left out by the daemon, and so
 * they may wait while it is away.
 */
#include "ui/counting.h"

#include <string.h>

#include "core/i18n.h"
#include "ui/marks.h"
#include "ui/saying.h"
#include "ui/text.h"

#define PATH "/v1/counts/act"

static bool
is_state(const struct subject *subject, const char *state)
{
	return strcmp(subject->document, state) == 0;
}

static bool
open_line(const struct subject *subject)
{
	return is_state(subject, "small") || is_state(subject, "confirmed") ||
	    is_state(subject, "differs") || is_state(subject, "moved");
}

static bool
rejected(const struct subject *subject)
{
	return is_state(subject, "rejected");
}

static const struct saying approve = {
	.what = "approve", .one = N_("Adjust stock to this line, %s?"),
	.many = N_("Adjust stock to %zu lines, %s?"),
	.nothing = N_("Nothing here to adjust."), .waits = true
};
static const struct saying explain = {
	.what = "approve", .one = N_("Adjust stock to this line, %s?"),
	.many = N_("Adjust stock to %zu lines, %s?"),
	.because = N_("More than is tolerated, and counted once. Adjust, "
	    "because: "),
	.nothing = N_("Nothing here to adjust."), .waits = true
};
static const struct saying reject = {
	.what = "reject", .one = N_("Leave stock as it is, against %s?"),
	.many = N_("Leave stock as it is at %zu lines, against %s?"),
	.because = N_("Counted wrong, because: "),
	.nothing = N_("Nothing here to reject."), .waits = true
};
static const struct saying undo = {
	.what = "undo",
	.many = N_("Decide %zu lines anew, %s?"),
	.nothing = N_("Nobody has said no to this."), .waits = true
};

/* What is posted is taken back where it is. */
static const char *
no_undo(struct console *console)
{
	struct view *view = console_view(console);
	const struct row *row = grid_row(&view->grid);
	struct subject subject;

	if (marks_any(view) || row == NULL || !view->place.pane->subject(view,
	    row, &subject))
		return undo.nothing;
	if (is_state(&subject, "adjusted") || is_state(&subject, "moved"))
		return N_("Stock is adjusted: Enter goes to what adjusted it, "
		    "u there takes it back.");
	return open_line(&subject) ? N_("Nothing is decided yet. Entered "
	    "wrongly: count it again, the later count stands.") :
	    undo.nothing;
}

/* DAY/LOCATION/ITEM, as the row is called. */
static void
write_row(struct json *j, const struct subject *subject)
{
	const char *place = strchr(subject->source, '/');
	const char *item = place != NULL ? strchr(place + 1, '/') : NULL;

	if (item == NULL)
		return;
	json_key(j, "day");
	json_span(j, (struct span){ subject->source,
	    (size_t)(place - subject->source) });
	json_key(j, "location");
	json_span(j, (struct span){ place + 1, (size_t)(item - place - 1) });
	json_kstr(j, "item", item + 1);
	json_kstr(j, "open", subject->seen);
}

/* Of the view's count, ENTITY/COUNT. */
static const char *
head_of(struct arena *arena, const char *of)
{
	size_t n = strcspn(of, "/");
	const char *text;
	struct str out;
	struct json j;

	str_init(&out, 4096);
	json_start(&j, &out);
	json_open(&j, '{');
	json_key(&j, "entity");
	json_span(&j, (struct span){ of, n });
	json_kstr(&j, "count", of + n + (of[n] == '/'));
	json_close(&j, '}');
	/* Without its braces. */
	text = arena_printf(arena, "%.*s,", (int)out.n - 2, out.p + 1);
	str_free(&out);
	return text;
}

static void
say(struct console *console, const struct saying *saying,
    bool (*fits)(const struct subject *))
{
	const char *of = console_view(console)->place.key;
	size_t n;
	const struct subject **all = saying_collect(console, saying, fits,
	    &n);
	struct arena *arena = console->pending.arena;

	if (all == NULL)
		return;
	for (size_t i = 0; saying == &approve && i < n; i++)
		if (is_state(all[i], "differs"))
			saying = &explain;
	saying_say(console, saying, PATH, head_of(arena, of),
	    arena_strdup(arena, of), arena_printf(arena, "count_lines/%s",
	    of), all, n, write_row);
}

static void
take_back(struct console *console)
{
	struct saying saying = undo;

	saying.nothing = no_undo(console);
	say(console, &saying, rejected);
}

bool
counting_act(struct console *console, enum act act)
{
	switch ((int)act) {
	case ACT_COUNT_APPROVE: say(console, &approve, open_line); break;
	case ACT_COUNT_REJECT: say(console, &reject, open_line); break;
	case ACT_COUNT_UNDO: take_back(console); break;
	default: return false;
	}
	return true;
}
