/* Where the books stand: what is not posted, by problem and age, with money;
 * then events by state and by source. */
#include "core/i18n.h"
#include "ui/activity.h"
#include "ui/sheet.h"
#include "ui/text.h"

#include <libintl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CONFLICT "conflict"	/* keys of rows that are no problem's */
#define BACKLOG "backlog"
#define FLOWS "flows"
#define ALERTS "alerts"
#define PROBLEMS 200	/* shown; the rest are in the failures pane */

static const struct column columns[] = {
	{ N_("Problem"), 16, true, false, 0 },
	{ N_("Source"), 9, false, false, 4 },
	{ N_("0-2d"), 5, false, true, 2 },
	{ N_("3-7d"), 5, false, true, 2 },
	{ N_("8-15d"), 5, false, true, 2 },
	{ N_("16-30d"), 6, false, true, 2 },
	{ N_("30+d"), 5, false, true, 2 },
	{ N_("Events"), 7, false, true, 0 },
	{ N_("Amounts"), 19, false, true, 1 },
	{ N_("Blocks"), 6, false, true, 3 },
	{ N_("What"), 10, false, false, 5 },
};

/* Columns that have cells, from the left, and what each opens. */
static const struct {
	int column;
	const char *name, *words;	/* words: N_() */
} cells[] = {
	{ 2, "0-2", N_("0 to 2 days old") },
	{ 3, "3-7", N_("3 to 7 days old") },
	{ 4, "8-15", N_("8 to 15 days old") },
	{ 5, "16-30", N_("16 to 30 days old") },
	{ 6, "30+", N_("more than 30 days old") },
	{ 7, "all", N_("all") },
	{ 9, "blocks", N_("keep the GST return from being complete") },
};

#define CELLS (sizeof cells / sizeof *cells)

static const char *const facts[] = {
	"id", "sentence", "source", "kind", "hint", "code", "fixable",
	"waiting", "next", "attempts", "owner", "snoozed", "note",
	"fixed.event", "fixed.by", "fixed.action", "fixed.at",
	"fixed.reason", "fixed.to", "fixed.state", "oldest",
	"ages.0-2.count", "ages.3-7.count", "ages.8-15.count",
	"ages.16-30.count", "ages.30+.count", "all.count", "blocks.count",
#define MONEY(of) of ".amounts.0.amount", of ".amounts.0.currency", \
	of ".amounts.1.amount", of ".amounts.1.currency"
	MONEY("ages.0-2"), MONEY("ages.3-7"), MONEY("ages.8-15"),
	MONEY("ages.16-30"), MONEY("ages.30+"), MONEY("all"),
	MONEY("blocks")
};

enum { ID, SENTENCE, SOURCE, KIND, HINT, CODE, FIXABLE, WAITING, NEXT,
	ATTEMPTS, OWNER, SNOOZED, NOTE, F_EVENT, F_BY, F_ACTION, F_AT,
	F_REASON, F_TO, F_STATE, OLDEST, COUNTS, AMOUNTS = COUNTS + CELLS,
	FACTS = AMOUNTS + 4 * CELLS };

_Static_assert(sizeof facts / sizeof *facts == FACTS, "facts of a problem");

#define BAR 12		/* cells of the bar of ages */

static int64_t
count_named(const struct wire_counts *counts, const char *name)
{
	for (size_t i = 0; i < counts->n; i++)
		if (strcmp(counts->items[i].name, name) == 0)
			return counts->items[i].count;
	return 0;
}

static const char *
count_or_dot(struct arena *arena, int64_t n, size_t column)
{
	return n == 0 ? "." : text_count_in(arena, n, columns[column].width);
}

static void
add_head(struct view *view, const char *text)
{
	view_add(view, TONE_HEAD, "", (const char *const []){ text, NULL });
}

/* What kind of thing is in the way. */
static const char *
problem_kind(const char *name)
{
	static const char *const known[] = {
		N_("data"), N_("mapping"), N_("rights"), N_("connection"),
		N_("limit"), N_("duplicate"), N_("waiting")
	};

	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (strcmp(known[i], name) == 0)
			return _(known[i]);
	return "";
}

static void
add_problem(struct view *view, const struct wire_signature *one)
{
	struct arena *arena = view->arena;
	const char *cells[GRID_CELLS + 1] = {
		text_cut(arena, one->sentence, 300),
		text_cut(arena, one->source, 60)
	};

	for (size_t i = 0; i < ACTIVITY_AGES; i++)
		cells[2 + i] = count_or_dot(arena, count_named(&one->ages,
		    activity_ages[i]), 2 + i);
	cells[7] = text_count(arena, one->count);
	cells[8] = text_amounts_in(arena, &one->amounts,
	    columns[8].width);
	view_add(view, TONE_PLAIN, one->id, cells);
}

static void
add_text(struct view *view, const char *text)
{
	if (text != NULL)
		view_add(view, TONE_PLAIN, "", (const char *const []){ text,
		    NULL });
}

/* How old all of them are together. */
static void
add_ages(struct view *view, const struct wire_signature *all, size_t n)
{
	int64_t sums[ACTIVITY_AGES] = { 0 };

	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < ACTIVITY_AGES; k++)
			sums[k] += count_named(&all[i].ages, activity_ages[k]);
	add_text(view, arena_printf(view->arena, _("By age  %s"),
	    activity_bar(view->arena, sums, BAR)));
}

static void
add_activity(struct view *view)
{
	struct activity activity;

	if (!activity_find(view->cache, view->arena, "", &activity))
		return;
	add_text(view, activity_open(view->arena, &activity));
	add_text(view, activity_posted(view->arena, &activity));
}

/* ---- by cell ------------------------------------------------------------ */

static const char *
money_of(struct arena *arena, const char *const *of, size_t cell)
{
	const char *const *at = of + AMOUNTS + 4 * cell;
	const char *out = "";

	for (int i = 0; i < 4; i += 2)
		if (at[i][0] != '\0')
			out = arena_printf(arena, "%s%s%s %s", out, i > 0 ?
			    "  " : "", text_money(arena, at[i + 1], at[i]),
			    text_tame(arena, at[i + 1]));
	return out;
}

static const char *
count_text(struct arena *arena, const char *count, int column)
{
	char *end;

	return count_or_dot(arena, strtoll(count, &end, 10), (size_t)column);
}

static void
add_celled(struct view *view, const char *const *of)
{
	struct arena *arena = view->arena;
	const char *row[GRID_CELLS + 1] = {
		of[ID][0] != '\0' && of[SENTENCE][0] != '\0' ?
		    text_cut(arena, of[SENTENCE], 300) :
		    _("Nothing was found wrong; it waits."),
		text_cut(arena, of[SOURCE], 60)
	};

	for (size_t i = 0; i < CELLS; i++)
		row[cells[i].column] = count_text(arena, of[COUNTS + i],
		    cells[i].column);
	row[8] = money_of(arena, of, 5);
	row[10] = problem_kind(of[KIND]);
	view_add(view, TONE_PLAIN, of[ID], row);
}

static int
by_count(const void *a, const void *b)
{
	const char *const *x = *(const char *const *const *)a;
	const char *const *y = *(const char *const *const *)b;
	char *end;
	int64_t n = strtoll(y[COUNTS + 5], &end, 10) -
	    strtoll(x[COUNTS + 5], &end, 10);

	return n != 0 ? (n > 0) - (n < 0) : strcmp(x[ID], y[ID]);
}

/* False: they are not here yet. */
static bool
find_cells(struct view *view, struct arena *arena, struct wire_rows *rows)
{
	struct span json;

	return cache_find(view->cache, arena, "view", "problems", &json) &&
	    shape_rows(json, "items", facts, FACTS, arena, rows);
}

static bool
add_cells(struct view *view)
{
	struct wire_rows rows;
	const char *const **all;

	if (!find_cells(view, view->arena, &rows))
		return false;
	all = arena_alloc(view->arena, (rows.n + 1) * sizeof *all);
	for (size_t i = 0; i < rows.n; i++)
		all[i] = rows.texts + i * FACTS;
	if (rows.n > 0)
		qsort(all, rows.n, sizeof *all, by_count);
	add_head(view, rows.n > 0 ? _("Problems") : _("Nothing fails."));
	for (size_t i = 0; i < rows.n && i < PROBLEMS; i++)
		add_celled(view, all[i]);
	if (rows.n > PROBLEMS)
		add_head(view, _("More in the failures pane (3)."));
	return true;
}

void
overview_step(struct view *view, int step)
{
	int at = -1;

	for (size_t i = 0; i < CELLS; i++)
		if (cells[i].column == view->grid.cell)
			at = (int)i;
	at += step;
	view->grid.cell = at < 0 || at >= (int)CELLS ? 0 : cells[at].column;
}

static size_t
cell_of(const struct view *view)
{
	for (size_t i = 0; i < CELLS; i++)
		if (cells[i].column == view->grid.cell)
			return i;
	return 5;		/* all */
}

/* ---- what is known of the one under the cursor ------------------------- */

static void
add_retry(struct sheet *sheet, const char *const *of)
{
	struct arena *arena = sheet->arena;
	long n = strtol(of[ATTEMPTS], NULL, 10);
	const char *tried = arena_printf(arena, ngettext("tried %ld time",
	    "tried %ld times", (unsigned long)n), n);

	if (strcmp(of[WAITING], "0") != 0)
		sheet_pair(sheet, _("By itself"), of[NEXT][0] != '\0' ?
		    arena_printf(arena, _("yes, of %s events the next on %s; "
		    "%s"), of[WAITING], text_time(arena, of[NEXT]), tried) :
		    arena_printf(arena, _("yes, of %s events, when what is "
		    "awaited comes; %s"), of[WAITING], tried));
	else
		sheet_pair(sheet, _("By itself"), arena_printf(arena,
		    _("no; %s. r tries again."), tried));
}

static void
add_past(struct sheet *sheet, const char *const *of)
{
	struct arena *arena = sheet->arena;

	if (of[F_EVENT][0] == '\0')
		return;
	sheet_pair(sheet, _("Last time"), of[F_BY][0] == '\0' ?
	    arena_printf(arena, _("%s went by itself: %s"), of[F_EVENT],
	    text_state(arena, of[F_STATE])) : arena_printf(arena,
	    "%s: %s %s%s%s %s (%s)", of[F_BY], of[F_ACTION], of[F_TO],
	    of[F_REASON][0] ? " " : "", of[F_REASON], text_time(arena,
	    of[F_AT]), of[F_EVENT]));
}

void
problem_below(struct view *view, const struct row *row, struct vec *lines)
{
	struct sheet sheet = sheet_below(view, lines);
	struct arena *arena = view->lower;
	size_t cell = cell_of(view);
	struct wire_rows rows;
	const char *const *of;

	if (!find_cells(view, arena, &rows))
		return;
	for (size_t i = 0; i < rows.n; i++) {
		of = rows.texts + i * FACTS;
		if (strcmp(of[ID], row->key) != 0)
			continue;
		if (view->grid.width > 0)
			sheet_wrapped(&sheet, of[SENTENCE],
			    strlen(of[SENTENCE]));
		sheet_text(&sheet, TONE_STRONG, arena_printf(arena,
		    _("%s: %s events, %s  %s"), _(cells[cell].words),
		    text_tame(arena, of[COUNTS + cell]), money_of(arena, of,
		    cell), problem_kind(of[KIND])));
		sheet_pair(&sheet, _("What to do"), of[HINT]);
		add_retry(&sheet, of);
		sheet_pair(&sheet, _("Who"), of[OWNER]);
		sheet_pair(&sheet, _("Put off until"), text_time(arena,
		    of[SNOOZED]));
		sheet_pair(&sheet, _("Note"), of[NOTE]);
		add_past(&sheet, of);
		return;
	}
}

/* What is raised, a sentence each. */
static void
alerts_below(struct view *view, struct sheet *sheet)
{
	static const char *const fact[] = { "sentence" };
	struct arena *arena = view->lower;
	struct wire_rows rows;
	struct span json;

	if (!cache_find(view->cache, arena, "view", "alerts", &json) ||
	    !shape_rows(json, "items", fact, 1, arena, &rows))
		return;
	for (size_t i = 0; i < rows.n; i++)
		sheet_words(sheet, TONE_BAD, text_tame(arena,
		    rows.texts[i]));
}

/* A problem has a kind. */
static bool
is_problem(const struct row *row)
{
	return row->cells[10] != NULL && row->cells[10][0] != '\0';
}

static void
show_below(struct view *view, const struct row *row, struct vec *lines)
{
	struct sheet sheet = sheet_below(view, lines);

	if (is_problem(row))
		problem_below(view, row, lines);
	else if (strcmp(row->key, BACKLOG) == 0)
		sheet_words(&sheet, TONE_PLAIN, _("Go down to a problem: what "
		    "puts it right stands here then. Enter lists every event "
		    "that is not posted."));
	else if (strcmp(row->key, FLOWS) == 0)
		sheet_words(&sheet, TONE_PLAIN, _("What should be posted by "
		    "now and is not. Enter lists the flows, late ones "
		    "first."));
	else if (strcmp(row->key, ALERTS) == 0)
		alerts_below(view, &sheet);
}

/* ---- all of it ---------------------------------------------------------- */

static void
add_problems(struct view *view)
{
	struct wire_signature *all = arena_alloc(view->arena,
	    PROBLEMS * sizeof *all);
	size_t n = cache_signatures(view->cache, view->arena, 0, NULL, false,
	    all, PROBLEMS);

	if (n > 0) {
		add_head(view, _("Problems"));
		add_ages(view, all, n);
	}
	for (size_t i = 0; i < n; i++)
		add_problem(view, &all[i]);
	if (n == 0)
		add_head(view, _("Nothing fails."));
	if (n == PROBLEMS)
		add_head(view, _("More in the failures pane (3)."));
}

static void
add_unposted(struct view *view, const struct wire_status *status)
{
	struct arena *arena = view->arena;

	view_add(view, TONE_STRONG, status->unposted > 0 ? BACKLOG : "",
	    (const char *const []){
	    _("Not posted"), "", "", "", "", "", "",
	    text_count(arena, status->unposted),
	    text_amounts_in(arena, &status->amounts, columns[8].width), NULL });
	if (!status->conservation)
		view_add(view, TONE_BAD, "", (const char *const []){
		    _("EVENTS ARE MISSING: received and accounted for "
		    "differ"), NULL });
}

static void
add_count(struct view *view, const char *name, const char *source,
    int64_t n)
{
	view_add(view, TONE_PLAIN, "", (const char *const []){
	    name, source, "", "", "", "", "", text_count(view->arena, n),
	    NULL });
}

static void
add_state(struct view *view, const struct wire_count *state)
{
	view_add(view, TONE_PLAIN, strcmp(state->name, CONFLICT) == 0 ?
	    state->name : "", (const char *const []){
	    text_state(view->arena, state->name), "", "", "", "", "", "",
	    text_count(view->arena, state->count), NULL });
}

static void
add_status(struct view *view, const struct wire_status *status)
{
	struct arena *arena = view->arena;

	add_head(view, _("Events by state"));
	for (size_t i = 0; i < status->states.n; i++)
		if (status->states.items[i].count != 0)
			add_state(view, &status->states.items[i]);
	add_head(view, _("Events by source"));
	for (size_t i = 0; i < status->n_sources; i++) {
		const struct wire_source *source = &status->sources[i];

		add_count(view, arena_printf(arena, source->holds ?
		    _("received, all accounted for (%s)") :
		    _("received, SOME MISSING (%s)"),
		    text_cut(arena, source->scheme, 40)),
		    text_cut(arena, source->name, 60), source->received);
	}
}

/* ---- the numbers -------------------------------------------------------- */

static void
add_number(struct view *view, enum tone tone, const char *key,
    const char *name, const char *count, const char *text)
{
	view_add(view, tone, key, (const char *const []){
	    name, "", "", "", "", "", "", count, text, NULL });
}

/* How many alarms a kept list has; -1: it is not kept. */
static int
count_alarms(struct view *view, const char *name)
{
	struct list_rows rows;
	struct span json;
	int n = 0;

	if (!cache_find(view->cache, view->arena, "view", name, &json) ||
	    !list_read(list_find(name), json, view->arena, &rows))
		return -1;
	for (size_t i = 0; i < rows.n; i++)
		n += rows.items[i].alarm == LIST_ALARMS;
	return n;
}

static void
add_alarms(struct view *view, const char *list, const char *name)
{
	int n = count_alarms(view, list);

	if (n >= 0)
		add_number(view, n > 0 ? TONE_BAD : TONE_PLAIN, n > 0 &&
		    strcmp(list, "intercompany") != 0 ? list : "", name,
		    count_or_dot(view->arena, n, 7), "");
}

static void
add_positions(struct view *view, const struct wire_numbers *numbers)
{
	struct arena *arena = view->arena;

	for (size_t i = 0; i < numbers->n_positions && i < 3; i++) {
		const struct wire_position *one = &numbers->positions[i];

		add_number(view, TONE_PLAIN, "", arena_printf(arena,
		    _("Cash of %s"), text_cut(arena, one->entity, 20)), "",
		    arena_printf(arena, "%s %s", text_money(arena,
		    one->currency, one->cash), text_cut(arena,
		    one->currency, 8)));
	}
}

static void
add_numbers(struct view *view)
{
	struct arena *arena = view->arena;
	struct wire_numbers numbers;
	struct span json;

	if (cache_find(view->cache, arena, "view", "numbers", &json) &&
	    shape_numbers(json, arena, &numbers)) {
		add_head(view, arena_printf(arena, _("As of sequence "
		    "%lld, %s IST"), (long long)numbers.seq,
		    text_time(arena, numbers.at)));
		add_alarms(view, "flows", _("Late flows"));
		add_alarms(view, "alerts", _("Alerts raised"));
		if (count_alarms(view, "intercompany") > 0)
			add_alarms(view, "intercompany",
			    _("Intercompany mismatches (I)"));
		add_number(view, TONE_PLAIN, "", _("Sync p95 today"), "",
		    text_duration(arena, numbers.total.p95));
		add_number(view, TONE_PLAIN, "", _("Touchless"), "",
		    text_percent(arena, numbers.total.touchless));
		add_positions(view, &numbers);
		if (numbers.differences > 0)
			add_number(view, TONE_BAD, "", _("THE BOOKS DIFFER"),
			    text_count(arena, numbers.differences), "");
	}
	view_freshen(view, "problems+numbers+flows+alerts+intercompany+activity");
}

static void
load(struct view *view)
{
	struct wire_status status;
	struct span json;
	bool known = cache_find(view->cache, view->arena, "status", "",
	    &json) && shape_status(json, view->arena, &status);

	if (known)
		add_unposted(view, &status);
	if (!add_cells(view))
		add_problems(view);
	add_numbers(view);
	add_activity(view);
	if (known)
		add_status(view, &status);
}

static void
open_cell(struct view *view, const struct row *row, struct place *out)
{
	size_t cell = cell_of(view);
	struct arena *arena = arena_new();

	place_set(out, &pane_cell, arena_printf(arena, "%s:%s", row->key,
	    cells[cell].name), arena_printf(arena, "%s: %s",
	    _(cells[cell].words), row->cells[0]));
	arena_free(&arena);
}

static bool
open_row(struct view *view, const struct row *row, struct place *out)
{
	if (row->key[0] == '\0' || strcmp(row->key, ALERTS) == 0)
		return false;
	if (strcmp(row->key, BACKLOG) == 0)
		place_set(out, &pane_backlog, "", _(pane_backlog.title));
	else if (strcmp(row->key, FLOWS) == 0)
		place_set(out, &pane_sync, "", _(pane_sync.title));
	else if (strcmp(row->key, CONFLICT) == 0)
		place_set(out, &pane_conflicts, "", _(pane_conflicts.title));
	else if (is_problem(row))
		open_cell(view, row, out);
	else
		place_set(out, &pane_members, row->key, row->cells[0]);
	return true;
}

static bool
subject(struct view *view, const struct row *row, struct subject *out)
{
	(void)view;
	*out = (struct subject){ .kind = SUBJECT_SIGNATURE };
	snprintf(out->signature, sizeof out->signature, "%s", row->key);
	return row->key[0] != '\0' && strcmp(row->key, CONFLICT) != 0 &&
	    strcmp(row->key, BACKLOG) != 0 && strcmp(row->key, FLOWS) != 0 &&
	    strcmp(row->key, ALERTS) != 0;
}

const struct pane pane_overview = {
	.name = "overview", .title = N_("overview"), .act = ACT_OVERVIEW,
	.columns = columns, .n_columns = sizeof columns / sizeof *columns,
	.can = CAN_OPEN | CAN_FILTER | CAN_RETRY | CAN_FIX | CAN_APPROVE |
	    CAN_SHARE | CAN_CELLS,
	.load = load, .open = open_row, .subject = subject,
	.below = show_below, .lower = 7
};

/* ---- the events of a cell ------------------------------------------------ */

static bool
open_event(struct view *view, const struct row *row, struct place *out)
{
	(void)view;
	if (row->key[0] != 'E')
		return false;
	place_set(out, &pane_event, row->key, row->key);
	return true;
}

const struct pane pane_cell = {
	.name = "cell", .title = N_("events"), .list = "cell",
	.can = CAN_OPEN | CAN_FILTER | CAN_MARK | CAN_RETRY | CAN_FIX |
	    CAN_APPROVE | CAN_SHARE | CAN_COMMENT | CAN_UNDO,
	.load = list_load, .open = open_event, .subject = events_keyed
};
