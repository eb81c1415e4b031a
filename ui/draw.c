/*
 * What the screen looks like around the rows: the top line, the tabs, the
 * lower half, the question and the bar. Reads the console, changes nothing.
 */
#include "ui/draw.h"

#include "core/clock.h"
#include "core/i18n.h"
#include "core/utf8.h"
#include "ui/age.h"
#include "ui/marks.h"
#include "ui/may.h"
#include "ui/paged.h"
#include "ui/reasons.h"
#include "ui/text.h"

#define LOWER_LEAST 5	/* lines of a lower half, and the most */
#define LOWER_MOST 14
#define LEAST_COLUMNS 40
#define LEAST_ROWS 8

bool
draw_too_small(void)
{
	return term_columns() < LEAST_COLUMNS || term_rows() < LEAST_ROWS;
}

static void
draw_polite(void)
{
	int y = term_rows() / 2;

	term_put(y, 0, term_columns(), TONE_PLAIN, false,
	    _("Too small for bahi."));
	if (term_rows() > 1)
		term_put(y > 0 ? y - 1 : 1, 0, term_columns(), TONE_PLAIN,
		    false, _("40 x 8 will do."));
	term_cursor(y, 0);
}

/* Read aloud, a bar is not heard and a border is noise. */
static enum tone
bar_tone(void)
{
	return term_reads() ? TONE_PLAIN : TONE_BAR;
}

#define WIDE 140	/* columns from which the detail is beside the rows */
#define ROWS_LEAST 82	/* cells that the rows keep, and the most for it */
#define BESIDE_MOST 72
#define TALL 48		/* lines from which a pane that may has a lower half */

int
draw_beside_cells(const struct view *view)
{
	int cells = term_columns() - ROWS_LEAST;

	/* A line or two have all their room below. */
	bool few = view->place.pane->lower > 0 &&
	    view->place.pane->lower < LOWER_LEAST;

	if (view->place.pane->below == NULL || few ||
	    term_columns() < WIDE || term_reads())
		return 0;
	return cells < BESIDE_MOST ? cells : BESIDE_MOST;
}

/* How many lines the lower half has. */
int
draw_lower_lines(const struct view *view)
{
	int rows = term_rows() - DRAW_FRAME;
	int most = view->place.pane->lower;

	if (draw_beside_cells(view) > 0 || (most < 0 && term_rows() < TALL))
		return 0;
	most = most > 0 ? most : LOWER_MOST;
	if (view->place.pane->below == NULL || rows < 2 * LOWER_LEAST)
		return 0;
	return rows / 2 < most ? rows / 2 : most;
}

static const char *
link_text(const struct console *console, struct arena *arena)
{
	const char *old = age_text(console_age(console));

	switch (console->seen.link) {
	case LINK_TRYING:
		return arena_printf(arena, "%s%s", _("connecting"), old);
	case LINK_COMING:
		return arena_printf(arena, "%s%s", _("loading"), old);
	case LINK_LIVE:
		return old[0] == '\0' ? _("live") : arena_printf(arena,
		    "%s%s", _("no answer"), old);
	case LINK_OFFLINE:
		return arena_printf(arena, "%s%s", _("OFFLINE"), old);
	}
	return "";
}

/* Decisions that wait here, and those that somebody must look at. */
static const char *
queue_text(const struct console *console, struct arena *arena)
{
	const char *out = "";

	if (console->seen.queued > 0)
		out = arena_printf(arena, _("  %lld queued"),
		    (long long)console->seen.queued);
	if (console->seen.failed > 0)
		out = arena_printf(arena, _("%s  %lld FAILED: Q"), out,
		    (long long)console->seen.failed);
	return out;
}

static void
draw_top(const struct console *console)
{
	struct arena *arena = arena_new();
	int columns = term_columns();
	const char *queue = queue_text(console, arena);
	const char *link = term_slow() ? arena_printf(arena, "%s %s",
	    link_text(console, arena), _("slow")) : link_text(console, arena);
	const char *at = console->at[0] ? console->at : _("never");
	const char *right = arena_printf(arena, _("%s%s  data of %s  %s "),
	    console->progress, queue, at, link);
	int width = utf8_width(span_of(right));

	/* What is old, or waits, goes before the rest. */
	if (width > columns)
		right = arena_printf(arena, _("%s  data of %s  %s "), queue,
		    at, link);
	width = utf8_width(span_of(right));
	term_put(0, 0, columns, bar_tone(), false, "");
	term_put(0, 0, width < columns ? columns - width : columns,
	    bar_tone(), false, arena_printf(arena, " bahi  %s",
	    console->entity));
	if (width <= columns)
		term_put(0, columns - width, width, bar_tone(), true, right);
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

	for (; n < PANES_DIGITS; n++)
		if (bottom == panes[n])
			mine = utf8_width(span_of(_(panes[n]->title)));
	if (mine == 0)
		out = arena_printf(arena, "[%s]", _(bottom->title));
	for (i = 0; i < n; i++) {
		bool here = bottom == panes[i];
		const char *one = arena_printf(arena, here ? "[%d %s]" :
		    " %d %s ", (i + 1) % 10, _(panes[i]->title));

		if (!here && ((console->depth > 1 && term_columns() < 130) ||
		    !may_act(panes[i]->act)))
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

/* A list that is older than all the rest; while the daemon answers it is asked
 * for each minute. */
static const char *
list_old(const struct console *console, const struct view *view)
{
	int64_t age = clock_now() - view->answered;
	int64_t least = console->seen.link == LINK_LIVE ? 5 : 1;

	return view->answered == 0 || age < least * 60000000 ||
	    age < console_age(console) + 60000000 ? "" : age_text(age);
}

/* Where we are among how many: "12/300". */
static const char *
position(const struct console *console, struct view *view,
    struct arena *arena)
{
	const char *out = "", *old = list_old(console, view);
	char at[25];

	if (view->filter[0] != '\0')
		out = arena_printf(arena, "/%s/ ", text_middle(arena,
		    view->filter, term_columns() / 3));
	if (old[0] != '\0') {
		clock_format(view->answered, at);
		out = arena_printf(arena, _("%slist of %s%s "), out,
		    text_time(arena, at), old);
	}
	if (view->put_off > 0)
		out = arena_printf(arena, _("%s%s put off "), out,
		    text_count(arena, view->put_off));
	out = arena_printf(arena, "%s%s", out, marks_text(view, arena));
	if (view->grid.n > 0 && view->grid.first >= 0 && !term_reads())
		out = arena_printf(arena, "%s%s", out, text_count(arena,
		    view->spot));
	if (view->filter[0] != '\0' && view->grid.total >= 0)
		out = arena_printf(arena, _("%s/%s of"), out,
		    text_count(arena, view->grid.total));
	if (view->total >= 0)
		out = arena_printf(arena, view->filter[0] == '\0' ?
		    "%s/%s" : view->grid.total >= 0 ? "%s %s" : "%s",
		    out, text_count(arena, view->total));
	if (view->paged != NULL && paged_more(view->paged))
		out = arena_printf(arena, "%s+", out);
	if (grid_searching(&view->grid))
		out = arena_printf(arena, "%s ...", out);
	return out;
}

/* The number moves when the cursor rests: sent with every move it would cost
 * as much as the move. */
static void
count_row(struct console *console)
{
	struct view *view = console_view(console);

	if (!console->moving || term_reads() || view->spot == 0)
		view->spot = view->grid.first + 1 +
		    (int64_t)view->grid.cursor;
}

static void
draw_title(struct console *console)
{
	struct arena *arena = arena_new();
	const char *right = position(console,
	    console_view(console), arena);
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

static const char *
bar_one(struct arena *arena, enum act act, const char *label)
{
	const char *names = key_names(act);

	return names[0] == '\0' ? "" : arena_printf(arena, " %.*s %s ",
	    (int)strcspn(names, " "), names, label);
}

/* What the row offers, as far as whole words fit; how to go on from here has
 * its place in any case. */
static const char *
keys_bar(struct console *console, struct arena *arena)
{
	key_can can = console_view(console)->place.pane->can;
	const char *bar = "", *one, *end;
	int left = term_columns();

	end = arena_printf(arena, "%s%s%s%s", (can & CAN_FILTER) == 0 ? "" :
	    bar_one(arena, ACT_FILTER, _("filter")), bar_one(arena,
	    ACT_PALETTE, _("all")), bar_one(arena, ACT_HELP, _("help")),
	    bar_one(arena, ACT_BACK, console->depth == 1 ? _("quit") :
	    _("back")));
	left -= utf8_width(span_of(end));
	/* Opening, then what changes something, then what only shows. */
	for (int i = 0; i < 3 * ACT_COUNT; i++) {
		enum act act = (enum act)(i % ACT_COUNT);
		const struct key_info *info = key_info(act);
		int turn = act == ACT_OPEN ? 0 : info->kind == KEY_ACTS ? 1 :
		    2;

		if (turn != i / ACT_COUNT || info->label[0] == '\0' ||
		    info->needs == 0 || (info->needs & ~can) != 0 ||
		    act == ACT_FILTER || !may_act(act))
			continue;
		one = bar_one(arena, act, _(info->label));
		left -= utf8_width(span_of(one));
		if (left < 0)
			break;
		bar = arena_printf(arena, "%s%s", bar, one);
	}
	return arena_printf(arena, "%s%s", bar, end);
}

/* Where something is looked up by its name: the verb of it, in full; or why
 * it was not taken. */
static const char *
named_bar(struct console *console, struct arena *arena)
{
	struct view *view = console_view(console);
	const struct row *row = grid_row(&view->grid);
	bool named = view->place.pane == &pane_palette ||
	    view->place.pane == &pane_help;

	if (named && console->message[0] != '\0')
		return arena_printf(arena, " %s", console->message);
	return !named || row == NULL || row->key[0] == '\0' ?
	    _(" Enter take  Esc cancel ") : arena_printf(arena,
	    _(" Enter take  Esc cancel   %s"), row->cells[2]);
}

static void
draw_bar(struct console *console)
{
	struct arena *arena = arena_new();
	const char *bar;

	/* Not behind the question, which may be wider than the screen. */
	if (console->mode == MODE_BROWSE)
		bar = console->standing[0] != '\0' ? console->standing :
		    keys_bar(console, arena);
	else if (console->mode == MODE_CONFIRM)
		bar = console->pending.decide.to != NULL ?
		    _(" y yes  m map only  n no ") : _(" y yes  n no ");
	else if (console->mode == MODE_FILTER && console->message[0] != '\0')
		bar = arena_printf(arena, " %s", console->message);
	else if (console->mode == MODE_PICK)
		bar = named_bar(console, arena);
	else
		bar = offers(console, arena, _(" Enter take  Esc cancel "));
	term_put(term_rows() - 1, 0, term_columns(), bar_tone(), false, bar);
	arena_free(&arena);
}

/* Of a line longer than its room, what is being typed stays in sight. */
static const char *
tail_of(const char *text, int room)
{
	int width;
	bool sure;

	while (*text != '\0' && room > 0 &&
	    utf8_width(span_of(text)) > room)
		text += utf8_cluster(span_of(text), &width, &sure);
	return text;
}

/* The one line that speaks of itself when the screen is read aloud. */
static void
announce(const struct console *console, int y)
{
	const struct view *view = console->stack[console->depth - 1];
	struct arena *arena = arena_new();
	const char *out = "";

	if (view->grid.n > 0 && view->grid.first >= 0)
		out = view->total >= 0 && view->filter[0] == '\0' ?
		    arena_printf(arena, _("row %lld of %lld"),
		    (long long)view->spot, (long long)view->total) :
		    arena_printf(arena, _("row %lld"),
		    (long long)view->spot);
	if (view->generation != console->seen.generation)
		out = arena_printf(arena, _("%s  there is news: Ctrl-R"),
		    out);
	term_put(y, 0, term_columns(), TONE_PLAIN, false, out);
	arena_free(&arena);
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
		if (console->message[0] == '\0' && term_reads())
			announce(console, y);
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
	int n = draw_lower_lines(view), y = term_rows() - 2 - n, x = 0;
	int cells = draw_beside_cells(view);
	struct vec lines;

	if (cells > 0) {
		n = term_rows() - DRAW_FRAME + 2;
		x = term_columns() - cells;
		y = 1;
	}
	if (n == 0 || row == NULL)
		return;
	arena_reset(view->lower);
	vec_init(&lines, sizeof(struct below), (size_t)n - 1);
	view->lower_room = term_columns() - x - 2;
	view->place.pane->below(view, row, &lines);
	if (cells > 0)
		for (int at = y + 1; at < term_rows() - 2; at++)
			term_put(at, x - 1, 1, TONE_HEAD, false, "|");
	else
		for (int at = 0; at < term_columns() && !term_reads(); at++)
			term_put(y, at, 1, TONE_HEAD, false, "-");
	for (size_t i = 0; i < lines.n; i++) {
		const struct below *line = vec_at(&lines, i);

		term_marked(y + 1 + (int)i, x + (cells > 0 ? 0 : 2),
		    view->lower_room, line->tone, line->text);
	}
	vec_free(&lines);
}

/* Where sending is dear, and where changes are heard, the lower half waits
 * until the cursor rests. True: it is left as it stands. */
static bool
lower_waits(const struct console *console, const struct view *view)
{
	return console->moving && console->lower_of == view;
}

/* All but what is left as it stands. */
static void
clear_around(const struct view *view)
{
	int from = term_rows() - 2 - draw_lower_lines(view);
	int cells = draw_beside_cells(view);

	for (int y = 0; y < from; y++)
		if (cells == 0 || y < 2)
			term_clear_line(y);
		else
			term_put(y, 0, term_columns() - cells - 1,
			    TONE_PLAIN, false, "");
	term_clear_line(term_rows() - 2);
	term_clear_line(term_rows() - 1);
}

static void
draw_rows(struct console *console, struct view *view)
{
	bool waits = lower_waits(console, view);
	/* Else the cursor is in the rows, or on the head that is arranged. */
	bool at_line = console->mode != MODE_BROWSE &&
	    console->mode != MODE_COLUMNS;

	if (waits)
		clear_around(view);
	else
		term_clear();
	draw_top(console);
	count_row(console);
	draw_title(console);
	draw_bar(console);
	if (!at_line)
		draw_prompt(console);
	view->grid.coming = console->seen.link != LINK_OFFLINE &&
	    (console->seen.link != LINK_LIVE || view->unread);
	view->grid.absent = console->seen.link == LINK_OFFLINE &&
	    (view->unread || console->at_time == 0);
	if (!waits)
		draw_lower(view);
	console->lower_of = view;
	view->grid.width = draw_beside_cells(view) > 0 ? term_columns() -
	    draw_beside_cells(view) - 1 : 0;
	grid_draw(&view->grid, 2, marks_row, view);
	if (at_line)
		draw_prompt(console);
}

void
draw_all(struct console *console)
{
	if (draw_too_small()) {
		term_clear();
		draw_polite();
		console->lower_of = NULL;
	} else {
		draw_rows(console, console_view(console));
	}
	term_flush(console->news);
	console->news = false;
}
