/* Called by the loop. What is acted on is what was drawn: by the row's own
 * name, and not when it is drawn as it no longer is. */
#include "ui/reconciling.h"

#include <libintl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/i18n.h"
#include "ui/actions.h"
#include "ui/marks.h"
#include "ui/gst.h"
#include "ui/recon.h"
#include "ui/text.h"

static const char *
key_of(struct console *console)
{
	return console_view(console)->place.key;
}

/* ---- what is shown ------------------------------------------------------- */

static void
go(struct console *console, const char *key)
{
	struct view *view = console_view(console);

	if (strlen(key) >= sizeof view->place.key)
		return;
	memmove(view->place.key, key, strlen(key) + 1);
	view->asked = view->placed = false;
	view->pages = 0;
	console_load(console);
	grid_first(&view->grid);
}

/* All, then each state, then all again. */
static void
next_status(struct console *console)
{
	struct arena *arena = arena_new();
	const char *key = key_of(console), *now = gst_word(arena, key, 2);
	size_t at = 0;

	if (now[0] != '\0') {
		while (recon_statuses[at] != NULL &&
		    strcmp(recon_statuses[at], now) != 0)
			at++;
		at += recon_statuses[at] != NULL;
	}
	go(console, gst_with(arena, key, 2, recon_statuses[at] != NULL ?
	    recon_statuses[at] : ""));
	arena_free(&arena);
}

/* Of the row, as it was fetched. */
static bool
find_row(struct console *console, struct arena *arena,
    struct recon_row *out)
{
	struct view *view = console_view(console);
	const struct row *row = grid_row(&view->grid);
	struct recon_rows rows;
	struct span json;

	for (int page = 0; row != NULL && page <= view->pages; page++) {
		const char *one = page == 0 ? "recon" : arena_printf(arena,
		    "recon@%d", page);

		if (!cache_find(console->cache, arena, "gst", gst_stored(
		    arena, one, view->place.key), &json) ||
		    !recon_read(json, arena, &rows))
			break;
		for (size_t i = 0; i < rows.n; i++)
			if (strcmp(rows.items[i].id, row->key) == 0) {
				*out = rows.items[i];
				return true;
			}
	}
	return false;
}

static void
turn_supplier(struct console *console)
{
	struct arena *arena = arena_new();
	const char *key = key_of(console);
	struct recon_row row;

	if (gst_word(arena, key, 3)[0] != '\0')
		go(console, gst_with(arena, key, 3, ""));
	else if (find_row(console, arena, &row) && row.party[0] != '\0')
		go(console, gst_with(arena, key, 3, row.party));
	arena_free(&arena);
}

static void
show_followup(struct console *console)
{
	struct arena *arena = arena_new();
	const char *key = key_of(console);
	struct place place;

	place_set(&place, &pane_followup, arena_printf(arena, "%s %s",
	    gst_word(arena, key, 0), gst_word(arena, key, 1)),
	    _("follow up"));
	console_push(console, &place);
	arena_free(&arena);
}

/* ---- what is said -------------------------------------------------------- */

struct saying {
	const char *action;
	const char *one, *many;	/* N_(): asked of so many */
	const char *because;	/* N_(): why; NULL: not asked */
};

static const struct saying accept = {
	"accept", NULL, N_("Accept %zu rows?"), NULL
};
static const struct saying ignore = {
	"ignore", N_("Ignore this row?"), N_("Ignore %zu rows?"),
	N_("Ignore, because: ")
};
static const struct saying pending = {
	"pending", NULL, N_("Leave %zu rows pending?"), NULL
};
static const struct saying reset = {
	"reset", N_("Forget what was said of this row?"),
	N_("Forget what was said of %zu rows?"), NULL
};
static const struct saying unlink_rows = {
	"unlink", N_("Take this pair apart?"),
	N_("Take %zu pairs apart?"), N_("Apart, because: ")
};
static const struct saying ims_accept = {
	"ims.accept", N_("IMS: accept this row?"), N_("IMS: accept %zu rows?"),
	NULL
};
static const struct saying ims_reject = {
	"ims.reject", N_("IMS: reject this row?"), N_("IMS: reject %zu rows?"),
	N_("Reject in IMS, because: ")
};
static const struct saying ims_pending = {
	"ims.pending", N_("IMS: keep this row pending?"),
	N_("IMS: keep %zu rows pending?"), NULL
};

/* The marked rows, or the one under the cursor. */
static size_t
collect(struct console *console, struct wire_gst_word *word)
{
	struct view *view = console_view(console);
	const struct row *row = grid_row(&view->grid);
	struct arena *arena = console->pending.arena;
	size_t n = marks_single(view), at = 0;
	const char **items = arena_alloc(arena, (n + 1) * sizeof *items);
	struct subject subject;
	struct span key;
	void *value;

	word->items = items;
	while (n > 0 && map_next(view->marks, &at, &key, &value)) {
		const struct subject *mark = value;

		if (mark->kind == SUBJECT_ROW)
			items[word->n_items++] = arena_strdup(arena,
			    mark->source);
	}
	if (n == 0 && row != NULL && view->place.pane->subject(view, row,
	    &subject))
		items[word->n_items++] = arena_strdup(arena,
		    subject.source);
	return word->n_items;
}

static bool
begin(struct console *console, const char *action)
{
	struct wire_gst_word *word;

	if (!actions_online(console))
		return false;
	actions_new(console);
	word = &console->pending.gst;
	word->what = "recon";
	word->action = action;
	console->pending.again = arena_printf(console->pending.arena,
	    "recon %s", key_of(console));
	if (collect(console, word) > 0 && word->n_items <= WIRE_GST_ROWS)
		return true;
	console_say(console, true, word->n_items == 0 ?
	    _("No row is here.") : _("Too many marked at once."));
	actions_drop(console);
	return false;
}

static void
say(struct console *console, const struct saying *saying)
{
	const struct wire_gst_word *word = &console->pending.gst;
	const char *question;

	if (!begin(console, saying->action))
		return;
	question = word->n_items == 1 ? saying->one != NULL ?
	    _(saying->one) : NULL : arena_printf(console->pending.arena,
	    _(saying->many), word->n_items);
	if (saying->because != NULL)
		actions_why(console, _(saying->because), NULL, question);
	else if (question != NULL)
		actions_ask(console, question);
	else
		actions_answer(console, 'y');
}

/* One marked row of each side: that of 2B with the purchase. */
static void
link_rows(struct console *console)
{
	struct wire_gst_word *word = &console->pending.gst;
	const char **items;

	if (!begin(console, "link"))
		return;
	items = arena_alloc(console->pending.arena, sizeof *items);
	if (word->n_items == 2 && word->items[0][0] != word->items[1][0]) {
		bool first = word->items[0][0] == 'R';

		items[0] = word->items[first ? 0 : 1];
		word->with = word->items[first ? 1 : 0];
		word->items = items;
		word->n_items = 1;
		actions_why(console, _("They are one, because: "), NULL,
		    arena_printf(console->pending.arena,
		    _("Link %s with %s?"), word->items[0], word->with));
		return;
	}
	console_say(console, true, _("Mark one row only in books and one "
	    "only in 2B, then link them."));
	actions_drop(console);
}

static void
take_back(struct console *console)
{
	struct wire_gst_word *word = &console->pending.gst;
	struct span said;

	if (!actions_online(console))
		return;
	actions_new(console);
	*word = (struct wire_gst_word){ .what = "recon", .action = "undo" };
	console->pending.again = arena_printf(console->pending.arena,
	    "recon %s", key_of(console));
	if (!cache_find(console->cache, console->pending.arena, "gst",
	    "said", &said)) {
		console_say(console, true, _("You said nothing here yet."));
		actions_drop(console);
		return;
	}
	word->decision = arena_strndup(console->pending.arena, said.p,
	    said.n);
	actions_ask(console, arena_printf(console->pending.arena,
	    _("Take back %s?"), word->decision));
}

/* ---- a file ------------------------------------------------------------- */

static void
take_file(struct console *console)
{
	if (console->input[0] != '\0' && actions_online(console)) {
		jobs_inward(console->jobs, console->input, arena_printf(
		    console->pending.arena, "recon %s", key_of(console)));
		console_say(console, false,
		    _("Sent; the outcome follows here."));
	}
	actions_drop(console);
}

static void
ask_file(struct console *console)
{
	if (!actions_online(console))
		return;
	actions_new(console);
	console_line(console, _("File of GSTR-2B, 2A or IMS: "), "",
	    take_file);
}

/* ---- keys ---------------------------------------------------------------- */

bool
reconciling_act(struct console *console, enum act act)
{
	switch ((int)act) {
	case ACT_MATCHING:
		console_top(console, &pane_recon, console->gst);
		break;
	case ACT_STATUS: next_status(console); break;
	case ACT_SUPPLIER: turn_supplier(console); break;
	case ACT_FOLLOWUP: show_followup(console); break;
	case ACT_ACCEPT: say(console, &accept); break;
	case ACT_IGNORE: say(console, &ignore); break;
	case ACT_PENDING: say(console, &pending); break;
	case ACT_UNLINK: say(console, &unlink_rows); break;
	case ACT_RESET: say(console, &reset); break;
	case ACT_TAKE_BACK: take_back(console); break;
	case ACT_LINK: link_rows(console); break;
	case ACT_IMS_ACCEPT: say(console, &ims_accept); break;
	case ACT_IMS_REJECT: say(console, &ims_reject); break;
	case ACT_IMS_PENDING: say(console, &ims_pending); break;
	case ACT_INWARD: ask_file(console); break;
	default: return false;
	}
	return true;
}
