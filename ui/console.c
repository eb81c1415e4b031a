/*
 * The console's loop: waits, takes keys, draws. Only it draws; nothing in it
 * waits for the network or reads more rows than the screen has.
 */
#include "ui/console.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/clock.h"
#include "core/i18n.h"
#include "core/utf8.h"
#include "ui/actions.h"
#include "ui/bulk.h"
#include "ui/closing.h"
#include "ui/options.h"
#include "ui/reasons.h"
#include "ui/reconciling.h"
#include "ui/resolve.h"
#include "ui/returns.h"
#include "ui/sharing.h"
#include "ui/text.h"

#define FRAME 5		/* lines that are not rows */
#define HEADINGS 8	/* one after the other */
#define LOWER_LEAST 5	/* lines of a lower half, and the most */
#define LOWER_MOST 14
#define CALM 250000	/* microseconds between two reloads */

/* ---- views ------------------------------------------------------------- */

struct view *
console_view(struct console *console)
{
	return console->stack[console->depth - 1];
}

void
console_say(struct console *console, bool bad, const char *text)
{
	struct arena *arena = arena_new();

	snprintf(console->message, sizeof console->message, "%s",
	    text_tame(arena, text));
	console->bad = bad;
	arena_free(&arena);
}

static void
fetch_missing(struct console *console, struct view *view)
{
	bool live = console->jobs && console->seen.link == LINK_LIVE;

	if (!view->wants)
		return;
	view->wants = false;
	view->asked = live;
	if (live && view->want == JOB_PREVIEW)
		jobs_preview(console->jobs, view->want_key, view->want_body);
	else if (live)
		jobs_fetch(console->jobs, view->want, view->want_key);
	else if (console->seen.link == LINK_OFFLINE &&
	    (view->want == JOB_GST ? !view->placed :
	    view->want != JOB_VIEW || view->known_seq < 0))
		console_say(console, true, _("Not all of this is in the "
		    "local copy; it comes when the daemon is back."));
}

/* How many lines the lower half has. */
static int
lower(const struct view *view)
{
	int rows = term_rows() - FRAME;

	if (view->place.pane->below == NULL || rows < 2 * LOWER_LEAST)
		return 0;
	return rows / 2 < LOWER_MOST ? rows / 2 : LOWER_MOST;
}

static void
fit(struct view *view)
{
	view_size(view, term_rows() - FRAME - lower(view));
}

void
console_load(struct console *console)
{
	struct view *view = console_view(console);

	fit(view);
	view_load(view);
	actions_prune(view);
	view->generation = console->seen.generation;
	console->loaded = clock_mono();
	fetch_missing(console, view);
	returns_seen(console);
}

static void
set_filter(struct console *console, const char *pattern)
{
	struct view *view = console_view(console);
	struct err e = { 0 };
	struct rx *rx = NULL;

	if (pattern[0] != '\0' && !rx_new(&rx, span_of(pattern), true, &e)) {
		console_say(console, true, e.why);
		return;
	}
	snprintf(view->filter, sizeof view->filter, "%s", pattern);
	grid_filter(&view->grid, rx);
	grid_first(&view->grid);
}

void
console_push(struct console *console, const struct place *place)
{
	if (console->depth == CONSOLE_DEPTH)
		return;
	console->stack[console->depth++] = view_new(console->cache, place);
	console_load(console);
	if (place->filter[0] != '\0')
		set_filter(console, place->filter);
}

void
console_turn(struct console *console, const struct place *place)
{
	view_free(&console->stack[--console->depth]);
	console_push(console, place);
}

void
console_line(struct console *console, const char *prompt, const char *input,
    void (*typed)(struct console *))
{
	snprintf(console->prompt, sizeof console->prompt, "%s", prompt);
	snprintf(console->input, sizeof console->input, "%s", input);
	console->pending.typed = typed;
	console->mode = MODE_LINE;
}

void
console_pop(struct console *console)
{
	if (console->depth <= 1)
		return;
	view_free(&console->stack[--console->depth]);
	fit(console_view(console));
	if (console_view(console)->generation != console->seen.generation)
		console_load(console);
}

void
console_top(struct console *console, const struct pane *pane,
    const char *key)
{
	struct place place;

	while (console->depth > 0)
		view_free(&console->stack[--console->depth]);
	place_set(&place, pane, key, _(pane->title));
	console_push(console, &place);
}

static void
go_top(struct console *console, const struct pane *pane)
{
	console_top(console, pane, "");
}

/* ---- drawing ----------------------------------------------------------- */

static void
read_top(struct console *console)
{
	struct arena *arena = arena_new();
	struct wire_status status;
	struct span json;

	console->entity[0] = '\0';
	if (cache_find(console->cache, arena, "status", "", &json) &&
	    shape_status(json, arena, &status) && status.n_entities > 0)
		snprintf(console->entity, sizeof console->entity, "%s %s",
		    text_cut(arena, status.entities[0].code, 40),
		    text_cut(arena, status.entities[0].name, 120));
	snprintf(console->at, sizeof console->at, "%s",
	    text_time(arena, cache_at(console->cache, arena)));
	console->top = console->seen.generation;
	console->topped = clock_mono();
	arena_free(&arena);
	bulk_hear(console);
}

static const char *
link_text(const struct console *console)
{
	switch (console->seen.link) {
	case LINK_TRYING: return _("connecting");
	case LINK_COMING: return _("loading");
	case LINK_LIVE: return _("live");
	case LINK_OFFLINE: return _("OFFLINE");
	}
	return "";
}

static void
draw_top(const struct console *console)
{
	struct arena *arena = arena_new();
	int columns = term_columns();
	const char *right = arena_printf(arena, _("%s  data of %s  %s "),
	    console->progress, console->at[0] ? console->at : _("never"),
	    link_text(console));
	int width = utf8_width(span_of(right));

	term_put(0, 0, columns, TONE_BAR, false, arena_printf(arena,
	    " bahi  %s", console->entity));
	if (width < columns)
		term_put(0, columns - width, width, TONE_BAR, true, right);
	arena_free(&arena);
}

/* Names as far as they fit beside what is on the right, then numbers only:
 * each pane stays in sight. */
static const char *
tabs(struct console *console, struct arena *arena, int room)
{
	const struct pane *bottom = console->stack[0]->place.pane;
	const char *out = "";
	int n = 0, i, left, mine = 0;

	for (; panes_top[n] != NULL; n++)
		if (bottom == panes_top[n])
			mine = utf8_width(span_of(_(panes_top[n]->title)));
	if (mine == 0)
		out = arena_printf(arena, "[%s]", _(bottom->title));
	for (i = 0; i < n; i++) {
		bool here = bottom == panes_top[i];
		const char *one = arena_printf(arena, here ? "[%d %s]" :
		    " %d %s ", (i + 1) % 10, _(panes_top[i]->title));

		if (!here && console->depth > 1 && term_columns() < 130)
			continue;
		left = room - utf8_width(span_of(out)) -
		    utf8_width(span_of(one)) - 3 * (n - i - 1) - mine;
		if (here)
			mine = 0;
		if (!here && left < 0)
			one = arena_printf(arena, " %d ", (i + 1) % 10);
		out = arena_printf(arena, "%s%s", out, one);
	}
	if (console->depth > 1)
		out = arena_printf(arena, "%s> %s", out,
		    console_view(console)->place.title);
	return out;
}

/* Where we are among how many: "12/300". */
static const char *
position(struct view *view, struct arena *arena)
{
	const char *out = "";
	size_t marks = actions_marks(view);

	if (view->filter[0] != '\0')
		out = arena_printf(arena, "/%s/ ", view->filter);
	if (view->put_off > 0)
		out = arena_printf(arena, _("%s%lld put off "), out,
		    (long long)view->put_off);
	if (marks > 0)
		out = arena_printf(arena, _("%s%zu marked "), out, marks);
	if (view->grid.n > 0 && view->grid.first >= 0)
		out = arena_printf(arena, "%s%lld", out,
		    (long long)(view->grid.first + 1) +
		    (long long)view->grid.cursor);
	if (view->filter[0] == '\0' && view->total >= 0)
		out = arena_printf(arena, "%s/%lld", out,
		    (long long)view->total);
	return out;
}

static void
draw_title(struct console *console)
{
	struct arena *arena = arena_new();
	const char *right = position(console_view(console), arena);
	int width = utf8_width(span_of(right)), columns = term_columns();

	term_put(1, 0, columns - width - 1, TONE_HEAD, false,
	    tabs(console, arena, columns - width - 1));
	term_put(1, columns - width, width, TONE_PLAIN, true, right);
	arena_free(&arena);
}

/* Behind what Enter and Esc do: what a digit takes. */
static const char *
offers(const struct console *console, struct arena *arena, const char *bar)
{
	struct reasons reasons;

	if (console->mode != MODE_REASON || !console->offer ||
	    console->input[0] != '\0')
		return bar;
	reasons_read(arena, &reasons);
	for (size_t i = 0; i < reasons.n; i++)
		bar = arena_printf(arena, "%s %zu %s ", bar, i + 1,
		    text_tame(arena, reasons.items[i]));
	return bar;
}

static void
draw_bar(struct console *console)
{
	struct arena *arena = arena_new();
	const char *bar = "", *one;
	int left = term_columns();

	for (int act = 1; act < ACT_COUNT; act++) {
		const struct key_info *info = key_info((enum act)act);
		const char *names = key_names((enum act)act);
		bool quits = act == ACT_BACK && console->depth == 1;

		if (info->label[0] == '\0' || (info->needs &
		    ~console_view(console)->place.pane->can) != 0)
			continue;
		one = arena_printf(arena, " %.*s %s ",
		    (int)strcspn(names, " "), names,
		    quits ? _("quit") : _(info->label));
		left -= utf8_width(span_of(one));
		if (left >= 0)
			bar = arena_printf(arena, "%s%s", bar, one);
	}
	/* Not behind the question, which may be wider than the screen. */
	if (console->mode == MODE_CONFIRM)
		bar = console->pending.decide.to != NULL ?
		    _(" y yes  m map only  n no ") : _(" y yes  n no ");
	else if (console->mode != MODE_BROWSE)
		bar = offers(console, arena, _(" Enter take  Esc cancel "));
	term_put(term_rows() - 1, 0, term_columns(), TONE_BAR, false, bar);
	arena_free(&arena);
}

/* Of a line longer than its room, what is being typed stays in sight. */
static const char *
tail_of(const char *text, int room)
{
	uint32_t cp;

	while (*text != '\0' && room > 0 &&
	    utf8_width(span_of(text)) > room)
		text += utf8_next(span_of(text), &cp);
	return text;
}

static void
draw_prompt(const struct console *console)
{
	int y = term_rows() - 2, x;
	struct arena *arena;
	const char *input;
	bool typing = console->mode == MODE_FILTER ||
	    console->mode == MODE_PICK || console->mode == MODE_REASON ||
	    console->mode == MODE_EDIT || console->mode == MODE_COUNT ||
	    console->mode == MODE_LINE;

	if (console->mode == MODE_BROWSE) {
		term_put(y, 0, term_columns(), console->bad ? TONE_BAD :
		    TONE_PLAIN, false, console->message);
		return;
	}
	term_put(y, 0, term_columns(), TONE_STRONG, false, console->prompt);
	x = utf8_width(span_of(console->prompt));
	/* What is edited came from elsewhere. */
	arena = arena_new();
	input = text_tame(arena, console->input);
	if (typing) {
		input = tail_of(input, term_columns() - x - 1);
		term_put(y, x, term_columns() - x, TONE_PLAIN, false, input);
		x += utf8_width(span_of(input));
	}
	arena_free(&arena);
	term_cursor(y, x < term_columns() ? x : term_columns() - 1);
}

/* Of the row under the cursor; what is not known of it yet is asked for once
 * no key is waiting. */
static void
draw_lower(struct view *view)
{
	const struct row *row = grid_row(&view->grid);
	int n = lower(view), y = term_rows() - 2 - n;
	struct vec lines;

	if (n == 0 || row == NULL)
		return;
	arena_reset(view->lower);
	vec_init(&lines, sizeof(struct below), (size_t)n - 1);
	view->place.pane->below(view, row, &lines);
	for (int x = 0; x < term_columns(); x++)
		term_put(y, x, 1, TONE_HEAD, false, "-");
	for (size_t i = 0; i < lines.n; i++) {
		const struct below *line = vec_at(&lines, i);

		term_marked(y + 1 + (int)i, 2, term_columns() - 2,
		    line->tone, line->text);
	}
	vec_free(&lines);
}

static void
ask_lower(struct console *console)
{
	struct view *view = console_view(console);
	const struct row *row = grid_row(&view->grid);
	const char *key;

	if (view->place.pane->about == NULL || row == NULL ||
	    console->seen.link != LINK_LIVE)
		return;
	arena_reset(view->lower);
	key = arena_printf(view->lower, "%lld %s", (long long)row->version,
	    row->key);
	if (strcmp(view->below, key) == 0 ||
	    strlen(key) >= sizeof view->below)
		return;
	memcpy(view->below, key, strlen(key) + 1);
	key = view->place.pane->about(view, row);
	if (key[0] != '\0')
		jobs_about(console->jobs, key);
}

static void
draw(struct console *console)
{
	struct view *view = console_view(console);

	term_clear();
	draw_top(console);
	draw_title(console);
	draw_bar(console);
	if (console->mode == MODE_BROWSE)
		draw_prompt(console);
	view->grid.coming = console->seen.link != LINK_OFFLINE &&
	    (console->seen.link != LINK_LIVE || view->unread);
	draw_lower(view);
	grid_draw(&view->grid, 2, actions_marked, view);
	if (console->mode != MODE_BROWSE)
		draw_prompt(console);
	term_flush();
	if (console->news)
		term_ask();
	console->news = false;
}

/* ---- keys -------------------------------------------------------------- */

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

static void
key_filter(struct console *console, int key)
{
	if (key == TERM_ESCAPE) {
		console->mode = MODE_BROWSE;
	} else if (key == TERM_ENTER) {
		console->mode = MODE_BROWSE;
		set_filter(console, console->input);
	} else {
		edit(console->input, sizeof console->input, key);
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

static void
narrow(struct console *console)
{
	struct view *view = console_view(console);

	snprintf(view->needle, sizeof view->needle, "%s", console->input);
	view_load(view);
	grid_first(&view->grid);
}

static void
key_pick(struct console *console, int key)
{
	struct grid *grid = &console_view(console)->grid;

	if (key == TERM_ESCAPE) {
		console->mode = MODE_BROWSE;
		console_pop(console);
	} else if (key == TERM_ENTER) {
		actions_picked(console);
	} else if (key == TERM_DOWN || key == TERM_UP) {
		grid_move(grid, key == TERM_DOWN ? 1 : -1);
	} else if (key == TERM_PAGE_DOWN || key == TERM_PAGE_UP) {
		grid_move(grid, key == TERM_PAGE_DOWN ? (int)grid->height :
		    -(int)grid->height);
	} else if (edit(console->input, sizeof console->input, key)) {
		narrow(console);
	}
}

static void
open_row(struct console *console)
{
	struct view *view = console_view(console);
	const struct row *row = grid_row(&view->grid);
	struct place place;

	if (row != NULL && view->place.pane->open != NULL &&
	    view->place.pane->open(view, row, &place))
		console_push(console, &place);
	else
		fetch_missing(console, view);
}

static void
leave(struct console *console)
{
	if (console_view(console)->filter[0] != '\0')
		set_filter(console, "");
	else
		console_pop(console);
}

static void
show_help(struct console *console)
{
	struct place place;

	if (console_view(console)->place.pane == &pane_help)
		return;
	place_set(&place, &pane_help, "", _("keys"));
	console_push(console, &place);
}

static void
start_filter(struct console *console)
{
	console->mode = MODE_FILTER;
	snprintf(console->prompt, sizeof console->prompt, "/");
	console->input[0] = '\0';
}

static void
refresh_now(struct console *console)
{
	if (console->feed != NULL)
		feed_refresh(console->feed);
	console_view(console)->asked = false;
	console_load(console);
	term_redraw();
}

static void
move_cursor(struct grid *grid, enum act act, int64_t total)
{
	int height = (int)grid->height, half = height > 1 ? height / 2 : 1;

	switch ((int)act) {
	case ACT_DOWN: grid_move(grid, 1); break;
	case ACT_UP: grid_move(grid, -1); break;
	case ACT_HALF_DOWN: grid_move(grid, half); break;
	case ACT_HALF_UP: grid_move(grid, -half); break;
	case ACT_PAGE_DOWN: grid_move(grid, height); break;
	case ACT_PAGE_UP: grid_move(grid, -height); break;
	case ACT_FIRST: grid_first(grid); break;
	case ACT_LAST: grid_last(grid, total); break;
	}
}

/* Where the lower half is of the row, what is only a heading is passed over;
 * at the end of all it is not. */
static void
pass_headings(struct view *view, enum act act)
{
	int step = act == ACT_DOWN ? 1 : act == ACT_UP ? -1 : 0;
	const struct row *row = grid_row(&view->grid);

	for (int i = 0; view->place.pane->below != NULL && step != 0 &&
	    i < HEADINGS && row != NULL && row->key[0] == '\0'; i++) {
		grid_move(&view->grid, step);
		row = grid_row(&view->grid);
	}
}

/* From an event that is in conflict to its review, else to the list. */
static void
go_conflicts(struct console *console)
{
	struct view *view = console_view(console);
	const struct row *row = grid_row(&view->grid);
	struct subject subject;
	struct place place;

	if (row == NULL || view->place.pane->subject == NULL ||
	    !view->place.pane->subject(view, row, &subject) ||
	    subject.kind != SUBJECT_EVENT || !subject.conflict) {
		go_top(console, &pane_conflicts);
		return;
	}
	place_set(&place, &pane_review, subject.event, subject.event);
	console_push(console, &place);
}

static void
act_on(struct console *console, enum act act)
{
	struct view *view = console_view(console);

	if ((key_info(act)->needs & ~view->place.pane->can) != 0 ||
	    sharing_act(console, act) || returns_act(console, act) ||
	    reconciling_act(console, act))
		return;
	switch ((int)act) {
	case ACT_OPEN: open_row(console); break;
	case ACT_BACK:
		console->quit = console->depth == 1;
		console_pop(console);
		break;
	case ACT_LEAVE: leave(console); break;
	case ACT_OVERVIEW: case ACT_BACKLOG: case ACT_FAILURES:
	case ACT_LEDGER: case ACT_SYNC: case ACT_ORDERS: case ACT_STOCK:
	case ACT_FILES: case ACT_DEAD: case ACT_MASTERS:
		go_top(console, panes_top[act - ACT_OVERVIEW]);
		break;
	case ACT_INTERCOMPANY: go_top(console, &pane_intercompany); break;
	case ACT_ADJUST: actions_adjust(console); break;
	case ACT_CLOSE: go_top(console, &pane_close); break;
	case ACT_SIGN: case ACT_SOFT: case ACT_SHUT: case ACT_REOPEN:
	case ACT_AGREE: case ACT_EARLIER: case ACT_LATER: case ACT_COMPANY:
		closing_act(console, act);
		break;
	case ACT_FILTER: start_filter(console); break;
	case ACT_MARK: actions_mark(console); break;
	case ACT_MARK_ALL: actions_mark_all(console); break;
	case ACT_RETRY: actions_retry(console); break;
	case ACT_FIX: actions_fix(console); break;
	case ACT_DISMISS: actions_dismiss(console); break;
	case ACT_APPROVE: actions_approve(console); break;
	case ACT_REJECT: actions_reject(console); break;
	case ACT_APPROVALS: go_top(console, &pane_approvals); break;
	case ACT_REPLAY: actions_replay(console); break;
	case ACT_RESUME: actions_resume(console); break;
	case ACT_EDIT: actions_edit(console); break;
	case ACT_CONFLICTS: go_conflicts(console); break;
	case ACT_NEXT: case ACT_PREVIOUS: case ACT_BASE: case ACT_CURRENT:
	case ACT_INCOMING: case ACT_REVISE: case ACT_MERGE: case ACT_KEEP:
	case ACT_TAKE: case ACT_APPLY:
		resolve_act(console, act);
		break;
	case ACT_RUNS: go_top(console, &pane_runs); break;
	case ACT_RUN: bulk_confirm(console); break;
	case ACT_RUN_NOT: bulk_leave(console); break;
	case ACT_STOP: bulk_cancel(console); break;
	case ACT_AGAIN: bulk_again(console); break;
	case ACT_REFRESH: refresh_now(console); break;
	case ACT_REDRAW: term_redraw(); break;
	case ACT_HELP: show_help(console); break;
	default:
		move_cursor(&view->grid, act, view->total);
		pass_headings(view, act);
	}
}

/* A key that was pressed before its row was drawn anew was meant for what
 * stood there before. */
static bool
hits_unseen(enum act act)
{
	return (key_info(act)->needs & CAN_ACT) != 0 && term_unseen();
}

static void
press(struct console *console, enum act act)
{
	if (act != ACT_NONE)
		console->message[0] = '\0';
	if (hits_unseen(act))
		actions_changed(console);
	else
		act_on(console, act);
}

static void
key(struct console *console, int key)
{
	if (key == TERM_HANGUP) {
		console->quit = true;
		return;
	}
	if (key == TERM_RESIZE) {
		console_load(console);
		return;
	}
	switch (console->mode) {
	case MODE_FILTER: key_filter(console, key); break;
	case MODE_PICK: key_pick(console, key); break;
	case MODE_REASON: key_reason(console, key); break;
	case MODE_EDIT: key_edit(console, key); break;
	case MODE_CONFIRM: actions_answer(console, key); break;
	case MODE_COUNT: key_count(console, key); break;
	case MODE_LINE: key_line(console, key); break;
	case MODE_BROWSE:
		press(console, key_act(key,
		    console_view(console)->place.pane->can));
	}
}

/* ---- the loop ---------------------------------------------------------- */

static bool
stale(struct console *console)
{
	const struct view *view = console_view(console);

	return view->generation != console->seen.generation ||
	    (view->again != 0 && clock_mono() >= view->again);
}

static bool
top_stale(const struct console *console)
{
	return console->top != console->seen.generation;
}

static int
patience(struct console *console)
{
	const struct view *view = console_view(console);
	int64_t until = INT64_MAX, left;

	if (grid_busy(&view->grid))
		return 0;
	if (stale(console))
		until = console->loaded + CALM;
	else if (view->again != 0)
		until = view->again;
	if (top_stale(console) && console->topped + CALM < until)
		until = console->topped + CALM;
	if (until == INT64_MAX)
		return -1;
	left = (until - clock_mono()) / 1000 + 1;
	return left < 0 ? 0 : (int)left;
}

/* The row that a key would act on now, and how many are marked. */
static struct subject
target(struct console *console, size_t *marks)
{
	struct view *view = console_view(console);
	const struct row *row = grid_row(&view->grid);
	struct subject subject = { .kind = SUBJECT_NONE };

	*marks = actions_marks(view);
	if (row == NULL || view->place.pane->subject == NULL ||
	    !view->place.pane->subject(view, row, &subject))
		return (struct subject){ .kind = SUBJECT_NONE };
	subject.kind = SUBJECT_EVENT;	/* moved on or not: as drawn */
	return subject;
}

static void
load_news(struct console *console)
{
	size_t marks, marks_now;
	struct subject was = target(console, &marks), now;

	console_load(console);
	now = target(console, &marks_now);
	console->news = console->news || marks != marks_now ||
	    was.version != now.version ||
	    strcmp(was.event, now.event) != 0 ||
	    strcmp(was.seen, now.seen) != 0 ||
	    (now.event[0] == '\0' && strcmp(was.signature,
	    now.signature) != 0) || strcmp(was.source, now.source) != 0;
}

static void
hear(struct console *console)
{
	shared_take(&console->shared, &console->seen);
	if (console->seen.message[0] != '\0')
		console_say(console, console->seen.bad,
		    console->seen.message);
	if (top_stale(console) && clock_mono() - console->topped >= CALM)
		read_top(console);
	if (stale(console) && clock_mono() - console->loaded >= CALM)
		load_news(console);
	if (console_view(console)->done && console->mode == MODE_BROWSE)
		console_pop(console);
}

static void
loop(struct console *console)
{
	while (!console->quit) {
		int pressed;

		draw(console);
		term_wait(console->shared.wake, patience(console));
		/* Keys first: they were meant for what is drawn. */
		while (!console->quit && (pressed = term_key()) != TERM_NONE)
			key(console, pressed);
		hear(console);
		ask_lower(console);
		grid_step(&console_view(console)->grid);
	}
}

static bool
start(struct console *console, const struct options *options,
    struct arena *arena, struct http_place *place, const char **path,
    struct err *e)
{
	const char *keys = options_text(options, "keys");

	console->type_count = options_count(options, "type_count");
	return (keys[0] == '\0' || keys_read(keys, e)) &&
	    options_place(options, arena, place, e) &&
	    options_cache(options, arena, path, e) &&
	    cache_open(&console->cache, *path,
	    place->socket ? place->socket : place->url, e);
}

/* The first screen comes from the cache, before any thread is started. */
static bool
show(struct console *console, const struct http_place *place,
    const char *path, struct err *e)
{
	bool ok;

	if (!term_open(e))
		return false;
	read_top(console);
	console->topped = 0;	/* what is newer than the cache: at once */
	go_top(console, panes_top[0]);
	draw(console);
	ok = feed_start(&console->feed, place, path, &console->shared, e) &&
	    jobs_start(&console->jobs, place, path, &console->shared, e);
	if (ok)
		loop(console);
	term_close();
	return ok;
}

bool
console_run(const struct options *options, struct err *e)
{
	struct console console = { .mode = MODE_BROWSE };
	struct arena *arena = arena_new();
	struct http_place place;
	const char *path;
	bool ok;

	shared_open(&console.shared);
	ok = start(&console, options, arena, &place, &path, e) &&
	    show(&console, &place, path, e);
	feed_stop(&console.feed);
	jobs_stop(&console.jobs);
	while (console.depth > 0)
		view_free(&console.stack[--console.depth]);
	arena_free(&console.pending.arena);
	cache_close(&console.cache);
	shared_close(&console.shared);
	arena_free(&arena);
	return ok;
}
