/* Called by the loop.  What is filed is named in full and asked about twice:
 * it locks a period. */
#include "ui/returns.h"

#include <stdio.h>
#include <string.h>

#include "core/clock.h"
#include "core/i18n.h"
#include "ui/actions.h"
#include "ui/panes_gst.h"
#include "ui/text.h"
#include "wire/gst_export.h"

static bool
is_gst(const struct view *view)
{
	return (view->place.pane->can & CAN_GST) != 0;
}

static const char *
key_of(struct console *console)
{
	return console_view(console)->place.key;
}

/* ---- what is looked at -------------------------------------------------- */

static void
go(struct console *console, const char *key)
{
	struct view *view = console_view(console);

	if (strlen(key) >= sizeof view->place.key)
		return;
	memmove(view->place.key, key, strlen(key) + 1);
	view->asked = view->placed = false;
	view->pages = 0;
	view->want_key[0] = '\0';
	console_load(console);
	grid_first(&view->grid);
}

void
returns_seen(struct console *console)
{
	struct arena *arena = arena_new();
	const char *key = key_of(console);

	if (is_gst(console_view(console)) &&
	    gst_word(arena, key, 1)[0] != '\0')
		snprintf(console->gst, sizeof console->gst, "%s %s",
		    gst_word(arena, key, 0), gst_word(arena, key, 1));
	arena_free(&arena);
}

/* Three of whom files by the quarter. */
static int
step_of(struct console *console, struct arena *arena)
{
	static const char *const paths[] = { "gstin", "filing" };
	const char *gstin = gst_word(arena, key_of(console), 0);
	struct wire_rows rows;
	struct span json;

	if (cache_find(console->cache, arena, "gst", "registrations", &json)
	    && shape_rows(json, "items", paths, 2, arena, &rows))
		for (size_t i = 0; i < rows.n; i++)
			if (strcmp(rows.texts[2 * i], gstin) == 0 &&
			    strcmp(rows.texts[2 * i + 1], "quarterly") == 0)
				return 3;
	return 1;
}

static void
go_period(struct console *console, int way)
{
	struct arena *arena = arena_new();
	const char *key = key_of(console);
	const char *period = gst_word(arena, key, 1);

	if (period[0] != '\0')
		go(console, gst_with(arena, key, 1, gst_period_step(arena,
		    period, way * step_of(console, arena))));
	arena_free(&arena);
}

/* 2026-10, as periods of books are written, or 102026, as GST does. */
static bool
month_of(const char *text, char out[8])
{
	size_t n = strspn(text, "0123456789");

	if (n == 6 && text[6] == '\0')
		memcpy(out, text, 7);
	else if (n == 4 && text[4] == '-' && strlen(text) == 7 &&
	    strspn(text + 5, "0123456789") == 2)
		snprintf(out, 8, "%.2s%.4s", text + 5, text);
	else
		return false;
	return strncmp(out, "01", 2) >= 0 && strncmp(out, "12", 2) <= 0;
}

static void
typed_period(struct console *console)
{
	struct arena *arena = arena_new();
	char month[8];

	if (!is_gst(console_view(console)))
		;
	else if (month_of(console->input, month))
		go(console, gst_with(arena, key_of(console), 1, month));
	else
		console_say(console, true, _("There is no such period."));
	arena_free(&arena);
}

/* Of the next one, what is to be filed there next. */
static void
go_gstin(struct console *console)
{
	static const char *const path[] = { "gstin" };
	struct arena *arena = arena_new();
	const char *gstin = gst_word(arena, key_of(console), 0);
	struct wire_rows rows;
	struct span json;
	size_t at = 0;

	if (cache_find(console->cache, arena, "gst", "registrations", &json)
	    && shape_rows(json, "items", path, 1, arena, &rows) &&
	    rows.n > 1) {
		while (at < rows.n && strcmp(rows.texts[at], gstin) != 0)
			at++;
		go(console, gst_with(arena, key_of(console), 0,
		    rows.texts[(at + 1) % rows.n]));
	} else {
		console_say(console, false, _("There is no other GSTIN."));
	}
	arena_free(&arena);
}

static void
go_page(struct console *console)
{
	struct view *view = console_view(console);
	struct place place;
	const struct pane *next = panes_gst[0];

	for (const struct pane *const *p = panes_gst; *p != NULL; p++)
		if (*p == view->place.pane && p[1] != NULL)
			next = p[1];
	place_set(&place, next, view->place.key, _(next->title));
	console_turn(console, &place);
}

/* ---- filing ------------------------------------------------------------- */

static void
filed_sure(struct console *console)
{
	const struct wire_gst_word *word = &console->pending.gst;

	if (!actions_online(console))
		return;
	if (strcmp(console->input, word->period) != 0) {
		console_say(console, true,
		    _("That is another period: nothing was done."));
		actions_drop(console);
		return;
	}
	jobs_gst(console->jobs, word, console->pending.again);
	console_say(console, false, _("Sent; the outcome follows here."));
	actions_drop(console);
}

static void
filed_arn(struct console *console)
{
	struct wire_gst_word *word = &console->pending.gst;
	struct arena *arena = console->pending.arena;
	size_t n = strcspn(console->input, " ");
	const char *day = console->input + n + strspn(console->input + n,
	    " ");
	struct day parsed;

	word->arn = arena_strndup(arena, console->input, n);
	word->filed = arena_strdup(arena, day[0] != '\0' ? day :
	    day_from_time(clock_now()).text);
	if (n == 0 || !day_parse(span_of(word->filed), &parsed)) {
		console_say(console, true, _("That is not understood."));
		actions_drop(console);
		return;
	}
	console_line(console, arena_printf(arena, _("%s %s, %s, %s: "
	    "locked. Type %s: "), gst_text(arena, word->form),
	    gst_period_text(arena, word->period), text_cut(arena, word->arn,
	    20), word->filed, word->period), "", filed_sure);
}

static void
file_return(struct console *console, const char *form)
{
	struct wire_gst_word *word = &console->pending.gst;
	struct arena *arena;
	const char *key = key_of(console);

	if (!actions_online(console))
		return;
	actions_new(console);
	arena = console->pending.arena;
	*word = (struct wire_gst_word){ .what = "filings", .form = form,
	    .gstin = gst_word(arena, key, 0),
	    .period = gst_word(arena, key, 1) };
	if (word->period[0] == '\0') {
		actions_drop(console);
		return;
	}
	console->pending.again = arena_printf(arena, "summary+filings %s %s",
	    word->gstin, word->period);
	console_line(console, arena_printf(arena,
	    _("ARN of %s %s [day]: "), gst_text(arena,
	    form), gst_period_text(arena, word->period)), "", filed_arn);
}

/* ---- entering ----------------------------------------------------------- */

static void
entered(struct console *console)
{
	struct wire_gst_word *word = &console->pending.gst;
	struct arena *arena = console->pending.arena;
	const char *typed = console->input;

	word->remove = strcmp(typed, "-") == 0;
	for (int i = 0; !word->remove && i < WIRE_GST_HEADS; i++) {
		size_t n;

		typed += strspn(typed, " ");
		n = strcspn(typed, " ");
		word->heads[i] = n > 0 ? arena_strndup(arena, typed, n) :
		    "0.00";
		typed += n;
	}
	actions_why(console, _("Because: "), NULL, arena_printf(arena,
	    word->remove ? _("%s of %s: leave it to the documents?") :
	    _("%s of %s: IGST %s CGST %s SGST %s cess %s?"), word->cell,
	    gst_period_text(arena, word->period), word->heads[0],
	    word->heads[1], word->heads[2], word->heads[3]));
}

/* What stands there now, of what was entered. */
static const char *
entry_now(struct console *console, const char *key, const char *cell)
{
	static const char *const paths[] = { "cell", "manual.igst",
	    "manual.cgst", "manual.sgst", "manual.cess" };
	struct arena *arena = console->pending.arena;
	struct wire_rows rows;
	struct span json;

	if (cache_find(console->cache, arena, "gst", gst_stored(arena,
	    "gstr3b", key), &json) && shape_rows(json, "items", paths, 5,
	    arena, &rows))
		for (size_t i = 0; i < rows.n; i++) {
			const char **t = rows.texts + 5 * i;

			if (strcmp(t[0], cell) == 0 && t[1][0] != '\0')
				return arena_printf(arena, "%s %s %s %s",
				    t[1], t[2], t[3], t[4]);
		}
	return "";
}

static void
enter_cell(struct console *console)
{
	struct view *view = console_view(console);
	const struct row *row = grid_row(&view->grid);
	struct wire_gst_word *word = &console->pending.gst;
	const char *key = view->place.key;
	struct arena *arena;

	if (!actions_online(console))
		return;
	if (row == NULL || row->key[0] == '\0' || row->cells[3][0] == '\0') {
		console_say(console, true,
		    _("This cell follows from documents alone."));
		return;
	}
	actions_new(console);
	arena = console->pending.arena;
	*word = (struct wire_gst_word){ .what = "entries",
	    .gstin = gst_word(arena, key, 0),
	    .period = gst_word(arena, key, 1),
	    .cell = arena_strdup(arena, row->key) };
	console->pending.again = arena_printf(arena,
	    "gstr3b+liability %s %s", word->gstin, word->period);
	console_line(console, arena_printf(arena,
	    _("%s: IGST CGST SGST cess (-: none): "), word->cell),
	    entry_now(console, key, word->cell), entered);
}

/* ---- writing ------------------------------------------------------------- */

static void
show_export(struct console *console)
{
	struct arena *arena = arena_new();
	const char *key = key_of(console);
	struct place place;

	if (gst_word(arena, key, 1)[0] != '\0') {
		place_set(&place, &pane_gst_export, arena_printf(arena,
		    "%s %s", gst_word(arena, key, 0), gst_word(arena, key,
		    1)), _("export"));
		console_push(console, &place);
	}
	arena_free(&arena);
}

static void
write_into(struct console *console)
{
	const struct wire_gst_word *word = &console->pending.gst;

	if (console->input[0] != '\0' && actions_online(console))
		jobs_export(console->jobs, key_of(console), word->form,
		    console->pending.format, console->input);
	actions_drop(console);
}

static void
write_form(struct console *console)
{
	const struct row *row = grid_row(&console_view(console)->grid);
	const char *key = key_of(console);
	struct arena *arena;

	if (row == NULL || row->key[0] == '\0' || !actions_online(console))
		return;
	actions_new(console);
	arena = console->pending.arena;
	console->pending.gst.form = gst_word(arena, row->key, 0);
	console->pending.format = gst_word(arena, row->key, 1);
	console_line(console, _("Into the folder: "), arena_printf(arena,
	    "~/gst/%s/%s", gst_word(arena, key, 0), gst_word(arena, key,
	    1)), write_into);
}

static void
stop_writing(struct console *console)
{
	struct arena *arena = arena_new();
	struct wire_gst_export export;
	struct span json;

	if (!cache_find(console->cache, arena, "gst", arena_printf(arena,
	    "export %s", key_of(console)), &json) ||
	    !shape_gst_export(json, arena, &export) || export.ended)
		console_say(console, true, _("Nothing is being written."));
	else if (actions_online(console))
		jobs_fetch(console->jobs, JOB_EXPORT_STOP, key_of(console));
	arena_free(&arena);
}

/* ---- keys --------------------------------------------------------------- */

bool
returns_act(struct console *console, enum act act)
{
	struct view *view = console_view(console);

	switch ((int)act) {
	case ACT_GST: console_top(console, &pane_gst, console->gst); break;
	case ACT_EARLIER: case ACT_LATER:
		if (!is_gst(view))
			return false;
		go_period(console, act == ACT_LATER ? 1 : -1);
		break;
	case ACT_PERIOD:
		if (!is_gst(view))
			return false;
		console_line(console, _("Period (2026-10): "), "",
		    typed_period);
		break;
	case ACT_GSTIN: go_gstin(console); break;
	case ACT_TAB: go_page(console); break;
	case ACT_FILE:
		file_return(console, view->place.pane == &pane_gst_3b ?
		    "gstr3b" : "gstr1");
		break;
	case ACT_EXPORT: show_export(console); break;
	case ACT_WRITE: write_form(console); break;
	case ACT_WRITE_NOT: stop_writing(console); break;
	case ACT_ENTER: enter_cell(console); break;
	default: return false;
	}
	return true;
}
