/*
 * The console's loop: waits, takes keys, draws. Only it draws; nothing in it
 * waits for the network or reads more rows than the screen has.
 */
#include "ui/console.h"

#include <libintl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/clock.h"
#include "core/file.h"
#include "core/i18n.h"
#include "ui/actions.h"
#include "ui/age.h"
#include "ui/bulk.h"
#include "ui/closing.h"
#include "ui/correcting.h"
#include "ui/counting.h"
#include "ui/draft.h"
#include "ui/draw.h"
#include "ui/keyset.h"
#include "ui/marks.h"
#include "ui/may.h"
#include "ui/finding.h"
#include "ui/looking.h"
#include "ui/messages.h"
#include "ui/options.h"
#include "ui/paged.h"
#include "ui/palette.h"
#include "ui/queued.h"
#include "ui/banking.h"
#include "ui/reconciling.h"
#include "ui/resolve.h"
#include "ui/returns.h"
#include "ui/session.h"
#include "ui/targeting.h"
#include "ui/sharing.h"
#include "ui/text.h"
#include "ui/typing.h"

#define HEADINGS 8	/* one after the other */
#define SETTLE 250000	/* microseconds that opening waits for a filter */
#define CALM 250000	/* microseconds between two reloads */
#define CALM_SLOW 4000000
#define REST 200000	/* after the last move: what may wait is drawn */
#define REST_SLOW 1500000
#define HEARD 3000000	/* news behind a key; read aloud, none later */
#define WHEEL 3		/* rows */

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
	console->lost = false;
	messages_add(bad, console->message);
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

static void
fit(struct view *view)
{
	view_size(view, term_rows() - DRAW_FRAME - draw_lower_lines(view));
}

void
console_load(struct console *console)
{
	struct view *view = console_view(console);

	fit(view);
	view_load(view);
	marks_prune(console, view);
	view->old = false;
	view->generation = console->seen.generation;
	console->loaded = clock_mono();
	fetch_missing(console, view);
	returns_seen(console);
}

bool
console_filter(struct console *console, const char *text)
{
	struct view *view = console_view(console);
	struct filter_column columns[GRID_CELLS];
	size_t n = grid_columns(&view->grid, columns);
	struct err e = { 0 };
	struct filter *filter = NULL;

	if (text[strspn(text, " \t")] != '\0' &&
	    !filter_parse(text, columns, n, &filter, &e)) {
		console_say(console, true, e.why);
		return false;
	}
	snprintf(view->filter, sizeof view->filter, "%s", filter ? text : "");
	grid_filter(&view->grid, filter);
	return true;
}

static void
push(struct console *console, const struct place *place)
{
	console->stack[console->depth++] = view_new(console->cache, place);
	finding_opened(console, console_view(console));
	console_load(console);
	if (place->filter[0] != '\0')
		console_filter(console, place->filter);
}

void
console_push(struct console *console, const struct place *place)
{
	if (console->depth == CONSOLE_DEPTH)
		return;
	finding_leaves(console);
	push(console, place);
}

void
console_turn(struct console *console, const struct place *place)
{
	finding_leaves(console);
	view_free(&console->stack[--console->depth]);
	push(console, place);
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
	finding_leaves(console);
	view_free(&console->stack[--console->depth]);
	console_return(console);
}

void
console_return(struct console *console)
{
	fit(console_view(console));
	if (console_view(console)->old || console_view(console)->generation !=
	    console->seen.generation)
		console_load(console);
}

void
console_top(struct console *console, const struct pane *pane,
    const char *key)
{
	struct place place;

	finding_leaves(console);
	while (console->depth > 0)
		view_free(&console->stack[--console->depth]);
	place_set(&place, pane, key, _(pane->title));
	console_push(console, &place);
}

static void
go_top(struct console *console, const struct pane *pane)
{
	console_top(console, pane, "");
	finding_topped(console);
}

/* ---- what is read for the frame ------------------------------------------ */

static void
read_top(struct console *console)
{
	struct arena *arena = arena_new();
	struct wire_status status;
	struct span json;
	const char *at;

	console->entity[0] = '\0';
	if (cache_find(console->cache, arena, "status", "", &json) &&
	    shape_status(json, arena, &status) && status.n_entities > 0)
		snprintf(console->entity, sizeof console->entity, "%s %s",
		    text_cut(arena, status.entities[0].code, 40),
		    text_cut(arena, status.entities[0].name, 120));
	if (cache_find(console->cache, arena, "me", "", &json))
		may_read(json);
	at = cache_at(console->cache, arena);
	snprintf(console->at, sizeof console->at, "%s",
	    text_time(arena, at));
	if (!clock_parse(span_of(at), &console->at_time))
		console->at_time = 0;
	console->top = console->seen.generation;
	console->topped = clock_mono();
	arena_free(&arena);
	bulk_hear(console);
}

/* Since the daemon answered last; before it did, since the copy was made. */
int64_t
console_age(const struct console *console)
{
	int64_t age = console->seen.heard != 0 ?
	    clock_mono() - console->seen.heard :
	    console->at_time != 0 ? clock_now() - console->at_time : -1;

	return console->at_time == 0 ? -1 : age < 0 ? 0 : age;
}

static void
ask_lower(struct console *console)
{
	struct view *view = console_view(console);
	const struct row *row = grid_row(&view->grid);
	const char *key;

	struct arena *arena;

	/* Not per key: what is passed over is of no interest. */
	if (view->place.pane->about == NULL || row == NULL ||
	    console->seen.link != LINK_LIVE ||
	    (console->moving && !term_reads()) ||
	    (draw_lower_lines(view) == 0 && draw_beside_cells(view) == 0))
		return;
	arena = arena_new();
	key = arena_printf(arena, "%lld %lld %s", (long long)row->version,
	    (long long)row->id, row->key);
	if (strcmp(view->below, key) != 0 &&
	    strlen(key) < sizeof view->below) {
		memcpy(view->below, key, strlen(key) + 1);
		key = view->place.pane->about(view, row);
		if (key[0] != '\0')
			jobs_about(console->jobs, key);
	}
	arena_free(&arena);
}

/* ---- keys -------------------------------------------------------------- */

/* While a filter's rows are looked for those before it are on the screen; who
 * typed it and opens at once means its own. */
static bool
settled(struct grid *grid)
{
	int64_t until = clock_mono() + SETTLE;

	while (grid->building && grid_searching(grid) &&
	    clock_mono() < until)
		grid_step(grid);
	return !grid->building || !grid_searching(grid);
}

static void
open_row(struct console *console)
{
	struct view *view = console_view(console);
	const struct row *row;
	struct place place;

	if (!settled(&view->grid)) {
		console_say(console, false,
		    _("Still searching; open it when it is there."));
		return;
	}
	row = grid_row(&view->grid);
	if (row != NULL && view->place.pane->open != NULL &&
	    view->place.pane->open(view, row, &place)) {
		console_push(console, &place);
		return;
	}
	if (!view->wants && !view->unread)
		console_say(console, false,
		    _("There is nothing behind this row."));
	fetch_missing(console, view);
}

static void
leave(struct console *console)
{
	if (finding_left(console))
		return;
	if (console_view(console)->filter[0] != '\0')
		console_filter(console, "");
	else
		console_pop(console);
}

static void
quit(struct console *console)
{
	console->quit = true;
}

/* Nobody means it who only went back once too often. */
static void
ask_quit(struct console *console)
{
	actions_new(console);
	console->pending.yes = quit;
	actions_ask(console, _("Leave the console?"));
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
	    i < HEADINGS && row != NULL && row->key[0] == '\0' &&
	    row->version == 0; i++) {
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

/* What the row is known by, into the clipboard of who looks at it. */
static void
copy_row(struct console *console)
{
	struct view *view = console_view(console);
	const struct row *row = grid_row(&view->grid);
	struct arena *arena = arena_new();
	struct subject subject = { .kind = SUBJECT_NONE };
	const char *what;

	if (row == NULL) {
		arena_free(&arena);
		return;
	}
	if (view->place.pane->subject != NULL &&
	    !view->place.pane->subject(view, row, &subject))
		subject.kind = SUBJECT_NONE;
	what = subject.kind == SUBJECT_EVENT ? subject.event :
	    subject.kind == SUBJECT_SIGNATURE ? subject.signature :
	    row->key[0] != '\0' ? row->key : row->cells[0];
	what = text_tame(arena, what);
	if (what[0] != '\0') {
		term_copy(what);
		console_say(console, false, arena_printf(arena,
		    _("Copied: %s"), what));
	}
	arena_free(&arena);
}

static void
say_why(struct console *console)
{
	struct arena *arena = arena_new();

	console_say(console, true, may_why(arena));
	arena_free(&arena);
}

void
console_do(struct console *console, enum act act)
{
	struct view *view = console_view(console);

	console->acted = act;
	if (!may_act(act)) {
		say_why(console);
		return;
	}
	if ((key_info(act)->needs & ~view->place.pane->can) != 0 ||
	    finding_act(console, act) ||
	    sharing_act(console, act) || returns_act(console, act) ||
	    reconciling_act(console, act) || banking_act(console, act) ||
	    palette_act(console, act) ||
	    looking_act(console, act) || queued_act(console, act) ||
	    correcting_act(console, act) || counting_act(console, act) ||
	    targeting_act(console, act))
		return;
	switch ((int)act) {
	case ACT_OPEN: open_row(console); break;
	case ACT_BACK:
		if (console->depth == 1)
			ask_quit(console);
		console_pop(console);
		break;
	case ACT_QUIT: ask_quit(console); break;
	case ACT_LEAVE: leave(console); break;
	case ACT_ADJUST: actions_adjust(console); break;
	case ACT_SIGN: case ACT_SOFT: case ACT_SHUT: case ACT_REOPEN:
	case ACT_AGREE: case ACT_EARLIER: case ACT_LATER: case ACT_COMPANY:
	case ACT_PERIOD:
		closing_act(console, act);
		break;
	case ACT_FILTER: typing_filter(console); break;
	case ACT_RETRY: actions_retry(console); break;
	case ACT_FIX: actions_fix(console); break;
	case ACT_DISMISS: actions_dismiss(console); break;
	case ACT_APPROVE: actions_approve(console); break;
	case ACT_REJECT: actions_reject(console); break;
	case ACT_REPLAY: actions_replay(console); break;
	case ACT_RESUME: actions_resume(console); break;
	case ACT_EDIT: actions_edit(console); break;
	case ACT_CONFLICTS: go_conflicts(console); break;
	case ACT_NEXT: case ACT_PREVIOUS: case ACT_BASE: case ACT_CURRENT:
	case ACT_INCOMING: case ACT_REVISE: case ACT_MERGE: case ACT_KEEP:
	case ACT_TAKE: case ACT_APPLY:
		resolve_act(console, act);
		break;
	case ACT_RUN: bulk_confirm(console); break;
	case ACT_RUN_NOT: bulk_leave(console); break;
	case ACT_STOP: bulk_cancel(console); break;
	case ACT_AGAIN: bulk_again(console); break;
	case ACT_REFRESH: refresh_now(console); break;
	case ACT_REDRAW: term_redraw(); break;
	case ACT_COPY: copy_row(console); break;
	default:
		if (pane_of(act) != NULL) {
			go_top(console, pane_of(act));
			break;
		}
		move_cursor(&view->grid, act, view->total);
		paged_moved(view, act == ACT_LAST);
		pass_headings(view, act);
		fetch_missing(console, view);
	}
}

/* A key that was pressed before its row was drawn, or drawn anew, was meant
 * for what stood there before. Marks and a result that is being put together
 * are looked at again before anything is done. */
static bool
hits_unseen(struct console *console, enum act act)
{
	const struct row *row = grid_row(&console_view(console)->grid);

	if ((key_info(act)->needs & CAN_ACT) == 0)
		return false;
	if (console->news || term_unseen() || draw_too_small())
		return true;
	return key_info(act)->needs != CAN_MARK &&
	    key_info(act)->needs != CAN_REVIEW && row != NULL &&
	    !row->painted;
}

static bool
moves(enum act act)
{
	return act == ACT_DOWN || act == ACT_UP || act == ACT_HALF_DOWN ||
	    act == ACT_HALF_UP || act == ACT_PAGE_DOWN ||
	    act == ACT_PAGE_UP || act == ACT_FIRST || act == ACT_LAST;
}

void
console_act(struct console *console, enum act act)
{
	if (act != ACT_NONE)
		console->message[0] = '\0';
	console->moving = moves(act);
	console->pressed = clock_mono();
	if (hits_unseen(console, act))
		actions_changed(console);
	else
		console_do(console, act);
}

/* Of two keys the first waits in sight, for as long as it takes. */
static void
wait_second(struct console *console, int key)
{
	struct arena *arena = arena_new();
	char name[8];

	console->prefix = key;
	console_say(console, false, arena_printf(arena, _("%s-%s  Esc leave "
	    "it"), key_name(key, name), key_follow(arena, key,
	    console_view(console)->place.pane->can)));
	arena_free(&arena);
}

static void
stroke(struct console *console, int key)
{
	key_can can = console_view(console)->place.pane->can;
	int first = console->prefix;

	console->prefix = 0;
	if (first != 0)
		console->message[0] = '\0';
	if (first != 0 && key == TERM_ESCAPE)
		return;
	if (first == 0 && key_begins(key, can)) {
		wait_second(console, key);
	} else {
		console->trigger = key;
		console_act(console, key_act(first, key, can));
	}
}

/* A click only goes to a row, the wheel only scrolls. */
static void
mouse(struct console *console, int key)
{
	struct grid *grid = &console_view(console)->grid;
	int row = term_row() - DRAW_ROWS;

	if (console->mode != MODE_BROWSE)
		return;
	console->moving = true;
	console->pressed = clock_mono();
	if (key != TERM_CLICK)
		grid_move(grid, key == TERM_WHEEL_UP ? -WHEEL : WHEEL);
	else if (row >= 0 && row < (int)grid->n)
		grid_move(grid, row - (int)grid->cursor);
}

/* Alt and a letter is Esc and the letter, unless the pane knows it. */
static bool
alt(struct console *console, int key)
{
	int letter = key - TERM_ALT;
	int upper = letter >= 'a' && letter <= 'z' ? letter - 32 : letter;

	return console->mode == MODE_BROWSE && key_act(0, TERM_ALT + upper,
	    console_view(console)->place.pane->can) != ACT_NONE;
}

static void
take(struct console *console, int key)
{
	if (console->mode == MODE_BROWSE && (draft_key(console, key) ||
	    session_key(console, key)))
		return;
	if (!typing_key(console, key))
		stroke(console, key);
}

static void
key(struct console *console, int key)
{
	console->acted = ACT_NONE;
	if (key == TERM_HANGUP) {
		console->quit = console->hung = true;
		return;
	}
	if (key == TERM_RESIZE) {
		console->moving = false;
		console_load(console);
		return;
	}
	if (key >= TERM_PASTED) {
		typing_paste(console, key - TERM_PASTED);
		return;
	}
	if (key >= TERM_CLICK) {
		mouse(console, key);
		return;
	}
	if (key >= TERM_ALT && alt(console, key)) {
		int letter = key - TERM_ALT;

		stroke(console, TERM_ALT + (letter >= 'a' && letter <= 'z' ?
		    letter - 32 : letter));
		return;
	}
	if (key >= TERM_ALT) {
		take(console, TERM_ESCAPE);
		take(console, key - TERM_ALT);
		return;
	}
	take(console, key);
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

/* Read aloud, nothing moves while one listens: news come behind a key, or
 * when there was nothing yet. */
static bool
may_load(const struct console *console)
{
	const struct view *view = console->stack[console->depth - 1];

	return !term_reads() || view->grid.n == 0 || view->unread ||
	    clock_mono() - console->pressed < HEARD;
}

static int64_t
calm(void)
{
	return term_slow() ? CALM_SLOW : CALM;
}

static int64_t
rest(void)
{
	return term_slow() ? REST_SLOW : REST;
}

static int
patience(struct console *console)
{
	const struct view *view = console_view(console);
	int64_t until = INT64_MAX, left, step;
	int due = term_due();

	if (grid_busy(&view->grid))
		return 0;
	if (due > 0)
		return due;
	if (stale(console) && may_load(console))
		until = console->loaded + calm();
	else if (view->again != 0 && may_load(console))
		until = view->again;
	if (top_stale(console) && may_load(console) &&
	    console->topped + calm() < until)
		until = console->topped + calm();
	if (console->moving && !term_reads() &&
	    console->pressed + rest() < until)
		until = console->pressed + rest();
	step = age_next(console_age(console));
	if (step != INT64_MAX && clock_mono() + step < until)
		until = clock_mono() + step;
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

	*marks = marks_single(view);
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

	if (finding_holds(console, console_view(console)))
		return;
	console_load(console);
	now = target(console, &marks_now);
	console->news = console->news || marks != marks_now ||
	    was.version != now.version ||
	    strcmp(was.event, now.event) != 0 ||
	    strcmp(was.seen, now.seen) != 0 ||
	    (now.event[0] == '\0' && strcmp(was.signature,
	    now.signature) != 0) || strcmp(was.source, now.source) != 0;
}

/* What waits goes out; or what is on its way waits. */
static void
turn_link(struct console *console)
{
	if (console->lost && console->seen.link != LINK_OFFLINE)
		console->message[0] = '\0';
	if (console->seen.link == LINK_LIVE) {
		jobs_ring(console->jobs);
	} else if (console->seen.link == LINK_OFFLINE) {
		jobs_cut(console->jobs);
		queue_release(console->queue);
	}
}

static void
hear(struct console *console)
{
	enum link_state was = console->seen.link;

	shared_take(&console->shared, &console->seen);
	if (console->seen.link != was)
		turn_link(console);
	if (console->seen.message[0] != '\0') {
		console_say(console, console->seen.bad,
		    console->seen.message);
		console->lost = console->seen.bad &&
		    console->seen.link == LINK_OFFLINE;
	}
	/* Not while a frame is on its way: it would not show them. */
	if (term_due() == 0 && may_load(console)) {
		if (top_stale(console) &&
		    clock_mono() - console->topped >= calm())
			read_top(console);
		if (stale(console) &&
		    clock_mono() - console->loaded >= calm())
			load_news(console);
	}
	finding_hear(console);
	if (console->seen.factor != 0)
		console->factor = console->seen.factor;
	if (console->factor != 0 && console->mode == MODE_BROWSE) {
		queued_prove(console, console->factor);
		console->factor = 0;
	}
	if (console_view(console)->done && console->mode == MODE_BROWSE)
		console_pop(console);
	draft_arrived(console);
	session_watch(console);
}

static void
loop(struct console *console)
{
	while (!console->quit) {
		int pressed;

		if (!term_reads() && console->moving &&
		    clock_mono() - console->pressed >= rest())
			console->moving = false;
		if (term_due() == 0)
			draw_all(console);
		term_wait(console->shared.wake, patience(console));
		/* Keys first: they were meant for what is drawn. */
		while (!console->quit &&
		    (pressed = term_key()) != TERM_NONE) {
			key(console, pressed);
			draft_watch(console, console->acted);
		}
		hear(console);
		ask_lower(console);
		grid_step(&console_view(console)->grid);
		fetch_missing(console, console_view(console));
	}
}

/* With a fault in them the console opens none the less. */
static bool
read_keys(struct console *console, const struct options *options,
    struct err *e)
{
	struct key_report report;
	size_t n;
	bool ok;

	key_report_open(&report);
	ok = keyset_open(options, &report, e);
	n = key_report_count(&report, KEY_WARNING);
	if (n > 0)
		console_say(console, true, arena_printf(report.arena,
		    ngettext("%zu line of the keys is amiss: bahi keys "
		    "--check says it.", "%zu lines of the keys are amiss: "
		    "bahi keys --check says which.", n), n));
	key_report_close(&report);
	return ok;
}

static bool
start(struct console *console, const struct options *options,
    struct arena *arena, struct http_place *place, const char **path,
    struct err *e)
{
	console->options = options;
	console->type_count = options_count(options, "type_count");
	console->session.asks = strcmp(options_text(options, "restore"),
	    "yes") != 0;
	console->session.keeps = strcmp(options_text(options, "restore"),
	    "no") != 0;
	return read_keys(console, options, e) &&
	    options_place(options, arena, place, e) &&
	    options_cache(options, arena, path, e) &&
	    cache_open(&console->cache, *path,
	    place->socket ? place->socket : place->url, e);
}

/* Where nothing can be kept the console is for looking only, and says so. */
static void
keep_state(struct console *console, const struct options *options,
    const struct http_place *place, struct arena *arena, const char **kept)
{
	const char *folder;
	struct err e = { 0 };

	*kept = NULL;
	if (options_state(options, arena, "queue", &folder, &e) &&
	    file_mkdir(folder, 0700, &e))
		*kept = queue_file(arena, folder, place->socket ?
		    place->socket : place->url);
	console->queue = queue_start(*kept, &console->shared, e.why);
	queued_reads(queue_reader(console->queue));
	if (queue_why(console->queue) != NULL)
		shared_say(&console->shared, true,
		    queue_why(console->queue));
}

/* The first screen comes from the cache, before any thread is started. */
static bool
show(struct console *console, const struct term_wish *wish,
    const struct http_place *place, const char *path, const char *kept,
    struct err *e)
{
	bool ok;

	if (!term_open(wish, e))
		return false;
	read_top(console);
	console->topped = 0;	/* what is newer than the cache: at once */
	go_top(console, panes[0]);
	if (!draft_offer(console))
		session_offer(console);
	draw_all(console);
	ok = feed_start(&console->feed, place, path, &console->shared, e) &&
	    jobs_start(&console->jobs, place, path, kept, console->queue,
	    &console->shared, e);
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
	struct term_wish wish;
	const char *path, *kept;
	bool ok;

	options_wish(options, &wish);
	if (strcmp(options_text(options, "read_only"), "yes") == 0)
		may_only_read();
	shared_open(&console.shared);
	ok = start(&console, options, arena, &place, &path, e);
	if (ok) {
		finding_start(&console, options, path, place.socket ?
		    place.socket : place.url);
		keep_state(&console, options, &place, arena, &kept);
	}
	ok = ok && show(&console, &wish, &place, path, kept, e);
	finding_stop(&console);
	session_end(&console, !console.hung);
	draft_end(&console, !console.hung);
	feed_stop(&console.feed);
	if (console.queue != NULL)
		queue_bell(console.queue, NULL, NULL);
	jobs_stop(&console.jobs);
	queued_reads(NULL);
	queue_stop(&console.queue);
	while (console.depth > 0)
		view_free(&console.stack[--console.depth]);
	arena_free(&console.pending.arena);
	cache_close(&console.cache);
	may_end();
	shared_close(&console.shared);
	arena_free(&arena);
	term_end();
	return ok;
}
