/* Every event not posted, oldest first; and those of one signature. */
#include "core/clock.h"
#include "core/i18n.h"
#include "ui/sheet.h"

#define LOOK 30000000	/* microseconds until one may be back */

static void
load_all(struct view *view)
{
	view->put_off = cache_snoozed_count(view->cache,
	    view_awake(view->arena));
	view->again = view->put_off > 0 ? clock_mono() + LOOK : 0;
}

static int64_t
count_all(struct view *view)
{
	int64_t all = cache_open_count(view->cache);

	return view->put_off_too ? all : all - view->put_off;
}

static int64_t
count_members(struct view *view)
{
	struct arena *arena = arena_new();
	struct wire_signature one;
	int64_t n = cache_signature(view->cache, arena, view->place.key,
	    &one) ? one.count : 0;

	arena_free(&arena);
	return n;
}

#define CAN (CAN_OPEN | CAN_FILTER | CAN_MARK | CAN_RETRY | CAN_FIX | \
	CAN_APPROVE | CAN_SHARE | CAN_COMMENT | CAN_HISTORY | CAN_UNDO)

const struct pane pane_backlog = {
	.name = "backlog", .title = N_("backlog"), .act = ACT_BACKLOG,
	.columns = events_columns, .n_columns = EVENTS_COLUMNS,
	.can = CAN | CAN_PUT_OFF, .load = load_all,
	.count = count_all, .open = events_open, .subject = events_subject,
	.below = event_below, .about = event_about, .lower = -1
};

const struct pane pane_members = {
	.name = "members", .title = N_("members"), .columns = events_columns,
	.n_columns = EVENTS_COLUMNS, .can = CAN,
	.count = count_members, .open = events_open,
	.subject = events_subject, .below = event_below,
	.about = event_about, .lower = -1
};
