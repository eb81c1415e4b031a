/*
 * One source: its flows with window and objective, how fast it is, what is
 * fetched for it and how that goes, its files.
 */
#include <string.h>

#include "core/i18n.h"
#include "ui/sheet.h"
#include "ui/text.h"

#define LISTS "flows+polls+files+numbers"

static const struct column columns[] = {
	{ "", 20, true, false, 0 },
};

typedef void add_fn(struct sheet *, const char *const *of);

/* Each item of a kept list that is of the source. paths[0] says of which. */
static size_t
each_of(struct sheet *sheet, const char *kept, const char *items,
    const char *const *paths, size_t n, const char *head, add_fn *add)
{
	struct view *view = sheet->view;
	struct wire_rows rows;
	struct span json;
	size_t found = 0;

	if (!cache_find(view->cache, sheet->arena, "view", kept, &json) ||
	    !shape_rows(json, items, paths, n, sheet->arena, &rows))
		return 0;
	for (size_t i = 0; i < rows.n; i++) {
		if (strcmp(rows.texts[i * n], view->place.key) != 0)
			continue;
		if (found++ == 0)
			sheet_head(sheet, head);
		add(sheet, rows.texts + i * n);
	}
	return found;
}

static const char *const flow_paths[] = {
	"source", "kind", "entity", "pattern", "window", "latency", "owner",
	"objective", "control", "waiting", "held", "failed", "late",
	"oldest", "paused"
};

static void
add_flow(struct sheet *sheet, const char *const *of)
{
	struct arena *arena = sheet->arena;
	bool bad = strcmp(of[12], "0") != 0 || of[14][0] != '\0';

	sheet_text(sheet, bad ? TONE_BAD : TONE_STRONG, text_tame(arena,
	    arena_printf(arena, "  %s %s  %s", of[1], of[2], of[3])));
	sheet_pair(sheet, _("Window"), of[4][0] ? of[4] : _("any time"));
	sheet_pair(sheet, _("Within"), arena_printf(arena,
	    _("%s seconds; at work again within %s minutes"), of[5],
	    of[7]));
	sheet_pair(sheet, _("Backlog"), arena_printf(arena,
	    _("%s wait, %s held, %s failed, %s late"), of[9], of[10],
	    of[11], of[12]));
	sheet_pair(sheet, _("Oldest"), of[13][0] ? text_age(arena, of[13]) :
	    "");
	sheet_pair(sheet, _("Owner"), of[6]);
	sheet_pair(sheet, _("Paused"), of[14][0] ? arena_printf(arena,
	    _("for %s; u resumes it"), text_age(arena, of[14])) : "");
}

static const char *const number_paths[] = {
	"name", "received", "posted", "duplicates",
	"latency.today.p50_seconds", "latency.today.p95_seconds",
	"latency.30d.p95_seconds", "latency.today.count", "last_received",
	"last_event", "touchless_ratio", "complete_to"
};

static void
add_number(struct sheet *sheet, const char *const *of)
{
	struct arena *arena = sheet->arena;

	sheet_pair(sheet, _("Received"), arena_printf(arena,
	    _("%s, of them %s posted, %s sent twice"), of[1], of[2],
	    of[3]));
	sheet_pair(sheet, _("Rate"), arena_printf(arena, _("%s today"),
	    of[7]));
	sheet_pair(sheet, _("Latency"), of[4][0] ? arena_printf(arena,
	    _("half within %s, 95%% within %s; in 30 days %s"),
	    text_duration(arena, of[4]), text_duration(arena, of[5]),
	    text_duration(arena, of[6])) : "");
	sheet_pair(sheet, _("Last"), of[8][0] ? arena_printf(arena,
	    "%s (%s)", text_time(arena, of[8]), of[9]) : "");
	sheet_pair(sheet, _("Touchless"), text_percent(arena, of[10]));
	sheet_pair(sheet, _("Complete to"), of[11]);
}

static const char *const poll_paths[] = {
	"source", "name", "state", "breaker", "last_attempt",
	"last_success", "next_attempt", "attempts", "failures", "pages",
	"items", "why"
};

static void
add_poll(struct sheet *sheet, const char *const *of)
{
	struct arena *arena = sheet->arena;

	sheet_text(sheet, strcmp(of[8], "0") != 0 ? TONE_BAD : TONE_STRONG,
	    text_tame(arena, arena_printf(arena, "  %s  %s", of[1],
	    text_state(arena, of[2]))));
	sheet_pair(sheet, _("Breaker"), text_state(arena, of[3]));
	sheet_pair(sheet, _("Last try"), text_time(arena, of[4]));
	sheet_pair(sheet, _("Last success"), text_time(arena, of[5]));
	sheet_pair(sheet, _("Next try"), text_time(arena, of[6]));
	sheet_pair(sheet, _("Attempts"), arena_printf(arena,
	    _("%s, of them %s failed"), of[7], of[8]));
	sheet_pair(sheet, _("Fetched"), arena_printf(arena,
	    _("%s pages, %s records"), of[9], of[10]));
	sheet_pair(sheet, _("Last error"), of[11]);
}

static const char *const file_paths[] = {
	"source", "id", "name", "state", "read", "of", "posted", "waiting",
	"failed", "started", "why"
};

static void
add_file(struct sheet *sheet, const char *const *of)
{
	struct arena *arena = sheet->arena;

	sheet_text(sheet, of[10][0] || strcmp(of[8], "0") != 0 ? TONE_BAD :
	    TONE_PLAIN, text_tame(arena, arena_printf(arena,
	    _("  %s  %s  %s/%s read, %s posted, %s wait, %s failed  %s  %s"),
	    of[1], text_state(arena, of[3]), of[4], of[5], of[6], of[7],
	    of[8], of[2], of[10])));
}

#define N(paths) (sizeof paths / sizeof *paths)

static void
add_all(struct sheet *sheet)
{
	size_t n = each_of(sheet, "numbers", "sources", number_paths,
	    N(number_paths), _("How it does"), add_number);

	n += each_of(sheet, "flows", "items", flow_paths, N(flow_paths),
	    _("Flows"), add_flow);
	n += each_of(sheet, "polls", "polls", poll_paths, N(poll_paths),
	    _("Fetched from there"), add_poll);
	n += each_of(sheet, "files", "items", file_paths, N(file_paths),
	    _("Files"), add_file);
	if (n == 0)
		sheet_text(sheet, TONE_PLAIN, sheet->view->unread ?
		    _("  It is with the daemon and is being asked for.") :
		    _("  Nothing is known of it yet."));
}

static void
load(struct view *view)
{
	struct sheet sheet = sheet_rows(view);

	view_freshen(view, LISTS);
	add_all(&sheet);
}

bool
source_open(struct view *view, const struct row *row, struct place *out)
{
	(void)view;
	if (row->key[0] == '\0' || strlen(row->key) >= VIEW_KEY)
		return false;
	place_set(out, &pane_source, row->key, row->key);
	return true;
}

const struct pane pane_source = {
	.name = "source", .title = N_("source"), .columns = columns,
	.n_columns = 1, .can = CAN_FILTER, .load = load
};
