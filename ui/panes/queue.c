/* Decisions that wait on this side, and what became of those that went out
 * behind somebody's back. */
#include "ui/queued.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/i18n.h"
#include "ui/text.h"

#define SHOWN 2000

static const struct column columns[] = {
	{ .head = N_("No"), .width = 5, .right = true },
	{ .head = N_("Decided"), .width = 16, .drop = 3 },
	{ .head = N_("State"), .width = 9 },
	{ .head = N_("What"), .width = 9 },
	{ .head = N_("Of"), .width = 18 },
	{ .head = N_("With"), .width = 22, .drop = 2 },
	{ .head = N_("What came of it"), .width = 20, .stretch = true },
};

static struct keep *reads;

void
queued_reads(struct keep *keep)
{
	reads = keep;
}

bool
queued_find(struct arena *arena, const struct row *row,
    struct keep_entry *out)
{
	char *end;

	return reads != NULL && row->key[0] != '\0' && keep_find(reads, arena,
	    strtoll(row->key, &end, 10), out);
}

static const char *
state_text(enum keep_state state)
{
	switch (state) {
	case KEEP_WAITING: return _("waiting");
	case KEEP_APPLIED: return _("applied");
	case KEEP_REFUSED: return _("REFUSED");
	case KEEP_CONFLICT: return _("CONFLICT");
	}
	return "";
}

static enum tone
tone_of(enum keep_state state)
{
	return state == KEEP_APPLIED ? TONE_GOOD : state == KEEP_WAITING ?
	    TONE_PLAIN : TONE_BAD;
}

static void
load(struct view *view)
{
	struct arena *arena = view->arena;
	struct keep_entry *all = arena_alloc(arena, SHOWN * sizeof *all);
	size_t n = reads != NULL ? keep_list(reads, arena, all, SHOWN) : 0;

	for (size_t i = 0; i < n; i++)
		view_add(view, tone_of(all[i].state), arena_printf(arena,
		    "%lld", (long long)all[i].n), (const char *const []){
		    text_count(arena, all[i].n), text_time(arena, all[i].at),
		    state_text(all[i].state), text_cut(arena, all[i].what,
		    40), text_cut(arena, all[i].about, 80),
		    text_cut(arena, all[i].value, 80), text_cut(arena,
		    all[i].said, 300), NULL });
}

static bool
is_event(const char *about)
{
	return about[0] == 'E' && about[1] != '\0' &&
	    about[1 + strspn(about + 1, "0123456789")] == '\0';
}

/* To what it was about, as it is now: where a conflict is decided. */
static bool
open_row(struct view *view, const struct row *row, struct place *out)
{
	struct arena *arena = view->arena;
	struct keep_entry entry;
	const char *key;

	if (!queued_find(arena, row, &entry) || strlen(entry.about) >=
	    VIEW_KEY)
		return false;
	key = text_tame(arena, entry.about);
	if (is_event(entry.about))
		place_set(out, strcmp(entry.what, "resolve") == 0 &&
		    entry.state != KEEP_APPLIED ? &pane_review : &pane_event,
		    entry.about, key);
	else if (strcmp(entry.kind, "edit") == 0)
		place_set(out, &pane_record, entry.about, key);
	else if (strcmp(entry.kind, "close") == 0)
		place_set(out, &pane_close, arena_strndup(arena, entry.about,
		    strcspn(entry.about, " ")), key);
	else if (strcmp(entry.kind, "decide") == 0)
		place_set(out, &pane_members, entry.about, key);
	else
		return false;
	return true;
}

const struct pane pane_queue = {
	.name = "queue", .title = N_("queue"), .act = ACT_QUEUE,
	.columns = columns, .n_columns = 7,
	.can = CAN_OPEN | CAN_FILTER | CAN_QUEUE, .load = load,
	.open = open_row
};
