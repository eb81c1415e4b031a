/* One row a problem: all events that fail for the same reason. */
#include "core/i18n.h"
#include "ui/sheet.h"
#include "ui/text.h"

#include <stdio.h>

static const struct column columns[] = {
	{ N_("Events"), 7, false, true, 0 },
	{ N_("Oldest"), 6, false, true, 1 },
	{ N_("Amounts"), 22, false, true, 2 },
	{ N_("Source"), 9, false, false, 3 },
	{ N_("Problem"), 24, true, false, 0 },
	{ N_("Fix"), 3, false, false, 4 },
	{ N_("Code"), 18, false, false, 6 },
};

static void
fill(struct arena *arena, const struct wire_signature *one, struct row *row)
{
	*row = (struct row){ .id = one->count, .key = one->id };
	row->cells[0] = text_count(arena, one->count);
	row->cells[1] = text_age(arena, one->oldest);
	row->cells[2] = text_amounts_in(arena, &one->amounts,
	    columns[2].width);
	row->cells[3] = text_cut(arena, one->source, 60);
	row->cells[4] = text_cut(arena, one->sentence, 300);
	row->cells[5] = one->fixable ? _("yes") : "";
	row->cells[6] = text_cut(arena, one->code, 60);
}

static size_t
fetch(void *ctx, struct arena *arena, const struct row *anchor,
    bool backward, struct row *out, size_t n)
{
	struct view *view = ctx;
	struct wire_signature *all = arena_alloc(arena, n * sizeof *all);
	size_t got = cache_signatures(view->cache, arena,
	    anchor ? anchor->id : 0, anchor ? anchor->key : NULL, backward,
	    all, n);

	for (size_t i = 0; i < got; i++)
		fill(arena, &all[i], &out[i]);
	return got;
}

static int64_t
count(struct view *view)
{
	return cache_signature_count(view->cache);
}

static bool
open_row(struct view *view, const struct row *row, struct place *out)
{
	(void)view;
	place_set(out, &pane_members, row->key, row->cells[4]);
	return true;
}

static bool
subject(struct view *view, const struct row *row, struct subject *out)
{
	(void)view;
	*out = (struct subject){ .kind = SUBJECT_SIGNATURE };
	snprintf(out->signature, sizeof out->signature, "%s", row->key);
	return true;
}

/* What stands beside the rows; they themselves are of the copy. */
static void
freshen(struct view *view)
{
	if (term_columns() >= 140)
		view_freshen(view, "problems");
}

const struct pane pane_failures = {
	.name = "failures", .title = N_("failures"), .act = ACT_FAILURES,
	.columns = columns, .n_columns = sizeof columns / sizeof *columns,
	.can = CAN_OPEN | CAN_FILTER | CAN_RETRY | CAN_FIX | CAN_APPROVE |
	    CAN_SHARE | CAN_HISTORY | CAN_UNDO,
	.load = freshen, .fetch = fetch, .count = count, .open = open_row,
	.subject = subject, .below = problem_below, .lower = -1
};
