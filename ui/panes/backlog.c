/* Every event not posted, oldest first; and those of one signature. */
#include "core/i18n.h"
#include "ui/panes.h"

static size_t
fetch_all(void *ctx, struct arena *arena, const struct row *anchor,
    bool backward, struct row *out, size_t n)
{
	return events_fetch(ctx, NULL, arena, anchor, backward, out, n);
}

static size_t
fetch_members(void *ctx, struct arena *arena, const struct row *anchor,
    bool backward, struct row *out, size_t n)
{
	struct view *view = ctx;

	return events_fetch(view, view->place.key, arena, anchor, backward,
	    out, n);
}

static int64_t
count_all(struct view *view)
{
	return cache_open_count(view->cache);
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
	CAN_APPROVE)

const struct pane pane_backlog = {
	"backlog", N_("backlog"), events_columns, 9, CAN, NULL, fetch_all,
	count_all, events_open, events_subject, NULL
};

const struct pane pane_members = {
	"members", N_("members"), events_columns, 9, CAN, NULL,
	fetch_members, count_members, events_open, events_subject, NULL
};
