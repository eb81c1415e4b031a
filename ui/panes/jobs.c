/* What goes on in the daemon: runs, files that are read, returns that are
 * written, what is fetched from others. What is under way stands first. */
#include <stdlib.h>
#include <string.h>

#include "core/i18n.h"
#include "ui/sheet.h"
#include "ui/text.h"

#define LISTS "runs+files+gst_exports+polls"
#define BAR 20		/* cells of a bar of progress */

static const struct column columns[] = {
	{ N_("Job"), 8, false, false, 0 },
	{ N_("What"), 20, true, false, 0 },
	{ N_("State"), 10, false, false, 0 },
	{ N_("Progress"), 28, false, false, 1 },
	{ N_("Since"), 5, false, true, 2 },
	{ N_("Who"), 12, false, false, 3 },
};

struct job_kind_row {
	const char *list, *items, *head;	/* head: N_() */
	/* id, what, what more, state, done, of, since, who */
	const char *paths[8];
};

static const struct job_kind_row kinds[] = {
	{ "runs", "items", N_("Actions on many events"), { "id", "action",
	    "reason", "state", "left", "total", "started", "actor" } },
	{ "files", "items", N_("Files that are read"), { "id", "name",
	    "why", "state", "read", "of", "started", "source" } },
	{ "gst_exports", "items", N_("Returns that are written"),
	    { "export", "form", "why", "state", "-", "-", "at", "actor" } },
	{ "polls", "polls", N_("Fetched from others"), { "name", "source",
	    "why", "state", "-", "-", "last_success", "breaker" } },
};

enum { AT_ID, AT_WHAT, AT_MORE, AT_STATE, AT_DONE, AT_OF, AT_SINCE,
	AT_WHO, CELLS };

/* Of runs the API says what is left. */
static const char *
progress(struct arena *arena, const char *const *of, bool left)
{
	char *end, bar[BAR + 1];
	int64_t all = strtoll(of[AT_OF], &end, 10);
	int64_t done = strtoll(of[AT_DONE], &end, 10);
	size_t n;

	if (all <= 0)
		return "";
	done = left ? all - done : done;
	done = done < 0 ? 0 : done > all ? all : done;
	n = (size_t)(done * BAR / all);
	memset(bar, '.', BAR);
	memset(bar, '#', n);
	bar[BAR] = '\0';
	return arena_printf(arena, "%s %lld%%", bar,
	    (long long)(done * 100 / all));
}

static bool
under_way(const char *state)
{
	return strcmp(state, "running") == 0 || strcmp(state, "reading") == 0
	    || strcmp(state, "writing") == 0;
}

static void
add_job(struct view *view, const struct job_kind_row *kind,
    const char *const *of)
{
	struct arena *arena = view->arena;

	view_add(view, under_way(of[AT_STATE]) ? TONE_STRONG : TONE_PLAIN,
	    text_tame(arena, of[AT_ID]), (const char *const []){
	    text_cut(arena, of[AT_ID], 60), text_cut(arena, arena_printf(
	    arena, "%s%s%s", of[AT_WHAT], of[AT_MORE][0] ? ": " : "",
	    of[AT_MORE]), 300), text_state(arena, of[AT_STATE]),
	    progress(arena, of, kind == &kinds[0]),
	    of[AT_SINCE][0] ? text_age(arena, of[AT_SINCE]) : "",
	    text_cut(arena, of[AT_WHO], 60), NULL });
}

static void
add_kind(struct view *view, const struct job_kind_row *kind)
{
	struct wire_rows rows;
	struct span json;

	if (!cache_find(view->cache, view->arena, "view", kind->list, &json)
	    || !shape_rows(json, kind->items, kind->paths, CELLS,
	    view->arena, &rows) || rows.n == 0)
		return;
	view_add(view, TONE_HEAD, "", (const char *const []){
	    _(kind->head), NULL });
	for (int first = 1; first >= 0; first--)
		for (size_t i = 0; i < rows.n; i++)
			if (under_way(rows.texts[i * CELLS + AT_STATE])
			    == (first == 1))
				add_job(view, kind, rows.texts +
				    i * CELLS);
}

static void
load(struct view *view)
{
	view_freshen(view, LISTS);
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		add_kind(view, &kinds[i]);
}

static bool
open_row(struct view *view, const struct row *row, struct place *out)
{
	(void)view;
	if (row->key[0] != 'R')
		return false;
	place_set(out, &pane_receipt, row->key, row->key);
	return true;
}

const struct pane pane_jobs = {
	.name = "jobs", .title = N_("jobs"), .act = ACT_JOBS,
	.columns = columns, .n_columns = sizeof columns / sizeof *columns,
	.can = CAN_OPEN | CAN_FILTER | CAN_RERUN, .load = load,
	.open = open_row
};
