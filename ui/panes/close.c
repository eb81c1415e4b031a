/*
 * The close board of one entity and period: the periods on top, then what
 * must be so before it closes, line by line.  Each line leads to where it is
 * worked on.
 */
#include "ui/panes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/digest.h"
#include "core/i18n.h"
#include "ui/activity.h"
#include "ui/may.h"
#include "ui/gst.h"
#include "ui/sheet.h"
#include "ui/text.h"
#include "wire/close.h"

#define BEFORE 2		/* periods shown beside the one */
#define AFTER 2

static const struct column columns[] = {
	{ N_("Line"), 12, false, false, 0 },
	{ N_("Figures"), 17, true, false, 0 },
	{ N_("State"), 10, false, false, 0 },
	{ N_("Count"), 5, false, true, 4 },
	{ N_("Owner"), 10, false, false, 3 },
	{ N_("Due"), 10, false, false, 2 },
	{ N_("Left"), 4, false, true, 0 },
	{ N_("Signed by"), 9, false, false, 1 },
};

bool
close_find(struct cache *cache, struct arena *arena, const char *key,
    struct wire_close *out)
{
	struct span json;

	return cache_find(cache, arena, "close", key, &json) &&
	    shape_close(json, arena, out);
}

int
close_at(const struct wire_close *board)
{
	for (size_t i = 0; i < board->n_periods; i++)
		if (strcmp(board->periods[i].period, board->period) == 0)
			return (int)i;
	return -1;
}

/* The figures are what a person signs: a row whose figures moved is another
 * one than was on the screen. */
static int64_t
version_of(const struct wire_close_line *line)
{
	unsigned char digest[SHA256_SIZE];
	int64_t out = 0;

	digest_sha256v((struct span[]){ span_of(line->state),
	    span_of(line->figures) }, 2, digest);
	for (int i = 0; i < 7; i++)
		out = out * 256 + digest[i];
	return out + 1;
}

/* ---- above the lines --------------------------------------------------- */

static void
add_head(struct view *view, enum tone tone, const char *text)
{
	view_add(view, tone, "", (const char *const []){ text, NULL });
}

static const char *
period_text(struct arena *arena, const struct wire_close_period *p,
    bool here)
{
	const char *name = text_month(arena, p->period);

	if (here)
		return arena_printf(arena, "[%s %s]", name,
		    text_period(p->state));
	return strcmp(p->state, "open") == 0 ? name : arena_printf(arena,
	    "%s %s", name, text_period(p->state));
}

static void
add_periods(struct view *view, const struct wire_close *board)
{
	struct arena *arena = view->arena;
	const char *out = text_cut(arena, board->entity, 40);
	int at = close_at(board);

	if (at < 0)
		out = arena_printf(arena, "%s  [%s %s]", out,
		    text_month(arena, board->period), text_period(""));
	for (int i = at - BEFORE; at >= 0 && i <= at + AFTER; i++)
		if (i >= 0 && i < (int)board->n_periods)
			out = arena_printf(arena, "%s  %s", out, period_text(
			    arena, &board->periods[i], i == at));
	add_head(view, TONE_HEAD, out);
}

static void
add_state(struct view *view, const struct wire_close *board)
{
	struct arena *arena = view->arena;

	if (board->asked_by[0] != '\0')
		add_head(view, TONE_BAD, arena_printf(arena,
		    _("%s asks to open it again: %s"),
		    text_cut(arena, board->asked_by, 60),
		    text_cut(arena, board->reason, 200)));
	else if (strcmp(board->state, "closed") == 0)
		add_head(view, TONE_HEAD, _("It is closed."));
	else if (board->ready)
		add_head(view, TONE_STRONG, _("It may be closed."));
	else
		add_head(view, TONE_HEAD, arena_printf(arena,
		    _("%s open, %s not signed off"),
		    text_number(arena, board->open),
		    text_number(arena, board->unsigned_lines)));
}

/* ---- the lines --------------------------------------------------------- */

static void
add_line(struct view *view, const struct wire_close_line *line)
{
	struct arena *arena = view->arena;
	bool moved = strcmp(line->state, "suspended") == 0;
	const char *what = line->note[0] != '\0' ? _(line->note) :
	    line->figures[0] != '\0' ? line->figures : line->sentence[0] !=
	    '\0' ? _(line->sentence) : "";

	view_add_version(view, !line->ok || moved ? TONE_BAD : TONE_PLAIN,
	    line->line, version_of(line), (const char *const []){
	    text_line(arena, line->line), text_figures(arena, what),
	    text_close(line->state),
	    strcmp(line->count, "0") == 0 ? "." : text_number(arena,
	    line->count), text_cut(arena, line->owner, 40),
	    text_day(arena, line->due), text_cut(arena, line->days_left,
	    8), text_cut(arena, line->signer, 40), NULL });
}

/* The month's postings, two cells a day. */
static void
add_strip(struct view *view, const char *period, bool again)
{
	struct arena *arena = view->arena;
	const char *key = arena_printf(arena, "activity/%s", period);
	struct activity activity;
	bool known = activity_find(view->cache, arena, period, &activity);

	if ((again || !known) && may_get("/v1/activity"))
		view_want(view, JOB_VIEW, key);
	if (!known)
		return;
	add_head(view, TONE_HEAD, arena_printf(arena,
	    _("Journals by day of %s"), text_month(arena, period)));
	add_head(view, TONE_PLAIN, activity_scale(arena, &activity));
	add_head(view, TONE_PLAIN, activity_strip(arena, &activity));
	add_head(view, TONE_PLAIN, activity_legend(arena, &activity));
}

static void
load(struct view *view)
{
	bool again = view_ages(view);
	struct wire_close board;

	if (close_find(view->cache, view->arena, view->place.key, &board)) {
		add_periods(view, &board);
		add_state(view, &board);
		for (size_t i = 0; i < board.n; i++)
			add_line(view, &board.lines[i]);
		add_strip(view, board.period, again);
	}
	if (again)
		view_want(view, JOB_BOARD, view->place.key);
}

/* ---- where a line leads ------------------------------------------------ */

/* A row that shows the word is one of that line. */
static const struct {
	const char *line;
	const struct pane *pane;
	const char *state, *word;
} ways[] = {
	{ "backlog", &pane_backlog, "waiting", NULL },
	{ "failures", &pane_failures, NULL, NULL },
	{ "conflicts", &pane_conflicts, NULL, NULL },
	{ "approvals", &pane_approvals, NULL, NULL },
	{ "intercompany", &pane_intercompany, NULL, NULL },
	{ "settlement", &pane_ledger, NULL, "clearing" },
	{ "gst", &pane_ledger, NULL, "GST" },
	{ "targets", &pane_sync, NULL, NULL },
	{ "consistency", &pane_ledger, NULL, NULL },
	{ "audit", &pane_overview, NULL, NULL },
};

/* The returns of the entity and its month, when it is registered and they have
 * been looked at. */
static bool
open_returns(struct view *view, struct place *out)
{
	static const char *const paths[] = { "gstin", "entity" };
	const char *period;
	struct wire_close board;
	struct wire_rows rows;
	struct span json;

	if (!close_find(view->cache, view->arena, view->place.key, &board) ||
	    (period = gst_period(view->arena, board.period)) == NULL ||
	    !cache_find(view->cache, view->arena, "gst", "registrations",
	    &json) || !shape_rows(json, "items", paths, 2, view->arena,
	    &rows))
		return false;
	for (size_t i = 0; i < rows.n; i++) {
		if (strcmp(rows.texts[2 * i + 1], board.entity) != 0)
			continue;
		place_set(out, &pane_gst_agree, arena_printf(view->arena,
		    "%s %s", rows.texts[2 * i], period),
		    _(pane_gst_agree.title));
		return true;
	}
	return false;
}

static bool
open_line(struct view *view, const struct row *row, struct place *out)
{
	if (strcmp(row->key, "gst") == 0 && open_returns(view, out))
		return true;
	for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
		if (strcmp(ways[i].line, row->key) != 0)
			continue;
		place_set(out, ways[i].pane, "", _(ways[i].pane->title));
		snprintf(out->filter, sizeof out->filter, "%s",
		    ways[i].state != NULL ? text_state(view->arena,
		    ways[i].state) : ways[i].word != NULL ? ways[i].word :
		    "");
		return true;
	}
	return false;
}

/* Nothing that a decision takes: only which line a key was meant for. */
static bool
subject(struct view *view, const struct row *row, struct subject *out)
{
	(void)view;
	*out = (struct subject){ .version = row->version };
	snprintf(out->source, sizeof out->source, "%s", row->key);
	return row->key[0] != '\0';
}

/* All of the line: what the row has no room for. */
static void
show_below(struct view *view, const struct row *row, struct vec *lines)
{
	struct sheet sheet = sheet_below(view, lines);
	struct arena *arena = view->lower;
	struct wire_close board;

	if (row->key[0] == '\0' || !close_find(view->cache, arena,
	    view->place.key, &board))
		return;
	for (size_t i = 0; i < board.n; i++) {
		const struct wire_close_line *line = &board.lines[i];

		if (strcmp(line->line, row->key) != 0)
			continue;
		sheet_text(&sheet, TONE_STRONG, arena_printf(arena,
		    "%s: %s", text_line(arena, line->line),
		    text_close(line->state)));
		if (line->sentence[0] != '\0')
			sheet_lines(&sheet, _(line->sentence));
		if (line->note[0] != '\0')
			sheet_lines(&sheet, _(line->note));
		sheet_pair(&sheet, _("Figures"), line->figures);
		sheet_pair(&sheet, _("Count"), text_number(arena,
		    line->count));
		sheet_pair(&sheet, _("Amount"), line->amount[0] == '\0' ? "" :
		    text_money(arena, line->currency, line->amount));
		sheet_pair(&sheet, _("Owner"), line->owner);
		sheet_pair(&sheet, _("Due"), text_day(arena, line->due));
		sheet_pair(&sheet, _("Left"), line->days_left);
		sheet_pair(&sheet, _("Signed by"), line->signer[0] == '\0' ?
		    "" : arena_printf(arena, "%s, %s", line->signer,
		    text_time(arena, line->signed_at)));
	}
}

const struct pane pane_close = {
	.name = "close", .title = N_("close"), .act = ACT_CLOSE, .columns = columns,
	.n_columns = sizeof columns / sizeof *columns,
	.can = CAN_OPEN | CAN_CLOSE | CAN_PERIOD, .load = load, .open = open_line,
	.subject = subject, .below = show_below, .lower = -1
};
