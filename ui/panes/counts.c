/* Stock counts, and one of them beside stock, line by line. */
#include "ui/panes.h"

#include <stdio.h>
#include <string.h>

#include "core/digest.h"
#include "core/i18n.h"
#include "ui/may.h"
#include "ui/saying.h"
#include "ui/sheet.h"
#include "ui/text.h"
#include "wire/gst.h"

static bool
open_count(struct view *view, const struct row *row, struct place *out)
{
	(void)view;
	if (row->key[0] == '\0' || strlen(row->key) >= VIEW_KEY)
		return false;
	place_set(out, &pane_count, row->key, row->key);
	return true;
}

static void
load_counts(struct view *view)
{
	list_load(view);
	if (view->list.n == 0 && view->paged == NULL && !view->unread)
		view_add(view, TONE_PLAIN, "", (const char *const []){
		    _("Nothing was counted yet: bahi counts add FILE, or a "
		    "sheet in the inbox."), NULL });
}

const struct pane pane_counts = {
	.name = "counts", .title = N_("counts"), .act = ACT_COUNTS,
	.list = "counts", .can = CAN_OPEN | CAN_FILTER, .load = load_counts,
	.open = open_count
};

/* What adjusted it, or else what said that it was counted. */
static bool
open_line(struct view *view, const struct row *row, struct place *out)
{
	const char *event = saying_raw(view, row, "adjusted_by");

	if (event[0] != 'E')
		event = saying_raw(view, row, "event");
	if (event[0] != 'E')
		return false;
	place_set(out, &pane_event, event, event);
	return true;
}

/* A row is what is drawn of it: its state and what is open. */
static int64_t
version_of(const char *state, const char *open)
{
	unsigned char digest[SHA256_SIZE];
	int64_t out = 0;

	digest_sha256v((struct span[]){ span_of(state), span_of("\n"),
	    span_of(open) }, 3, digest);
	for (int i = 0; i < 7; i++)
		out = out * 256 + digest[i];
	return out + 1;
}

static bool
subject(struct view *view, const struct row *row, struct subject *out)
{
	const char *state = saying_raw(view, row, "state");
	const char *open = saying_raw(view, row, "open");

	if (row->key[0] == '\0' || strlen(row->key) >= sizeof out->source)
		return false;
	*out = (struct subject){ .kind = SUBJECT_ROW,
	    .version = version_of(state, open) };
	snprintf(out->source, sizeof out->source, "%s", row->key);
	snprintf(out->document, sizeof out->document, "%s", state);
	snprintf(out->seen, sizeof out->seen, "%s", open);
	snprintf(out->amount, sizeof out->amount, "%s", saying_raw(view, row,
	    "value"));
	snprintf(out->currency, sizeof out->currency, "%s", saying_raw(view,
	    row, "currency"));
	return true;
}

/* ---- the lower half ----------------------------------------------------- */

static const char *const facts[] = {
	"id", "state", "day", "counter", "memo", "event", "adjusted_by",
	"waits_for", "recounted_in", "rejected.by", "rejected.reason",
	"moved_since"
};

enum { ID, STATE, DAY, COUNTER, MEMO, EVENT, ADJUSTED_BY, WAITS_FOR,
	RECOUNTED, REJECTED_BY, WHY, MOVED, FACTS };

/* What may be done next, in a sentence. */
static const char *
next_step(struct arena *arena, const char *const *f)
{
	static const struct {
		const char *state, *words;
	} steps[] = {
		{ "small", N_("Within what is tolerated: a adjusts stock to "
		    "it.") },
		{ "confirmed", N_("Counted twice alike: a adjusts stock to "
		    "it.") },
		{ "differs", N_("More than is tolerated: count it again, a "
		    "adjusts with a reason, D leaves stock as it is.") },
		{ "moved", N_("Something of before came after it was "
		    "adjusted: a adjusts the rest.") },
		{ "rejected", N_("Stock stays as it is; u takes that back.") },
		{ "not_counted", N_("In stock here, and in no line of this "
		    "count.") },
	};

	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
		if (strcmp(f[STATE], steps[i].state) == 0)
			return _(steps[i].words);
	if (strcmp(f[STATE], "waits") == 0)
		return arena_printf(arena, _("%s adjusts it and is not "
		    "posted yet."), f[WAITS_FOR]);
	if (strcmp(f[STATE], "recounted") == 0)
		return arena_printf(arena, _("%s counted it again: that one "
		    "stands."), f[RECOUNTED]);
	return strcmp(f[STATE], "adjusted") != 0 ? "" : arena_printf(arena,
	    _("%s adjusted it: Enter goes there, u on it takes it back."),
	    f[ADJUSTED_BY]);
}

static void
tell(struct sheet *sheet, const char *const *f)
{
	struct arena *arena = sheet->arena;
	bool may = may_act(ACT_COUNT_APPROVE);

	if (f[REJECTED_BY][0] != '\0')
		sheet_words(sheet, TONE_STRONG, text_tame(arena, arena_printf(
		    arena, _("Counted wrong, says %s: %s"), f[REJECTED_BY],
		    f[WHY])));
	if (may)
		sheet_words(sheet, TONE_STRONG, text_tame(arena,
		    next_step(arena, f)));
	if (f[MOVED][0] != '\0' && strcmp(f[MOVED], "0") != 0)
		sheet_words(sheet, TONE_PLAIN, arena_printf(arena, _("Since "
		    "it came, %s more of that day or before were booked."),
		    text_number(arena, f[MOVED])));
	if (f[COUNTER][0] != '\0')
		sheet_words(sheet, TONE_PLAIN, text_tame(arena, arena_printf(
		    arena, _("Counted by %s on %s. %s"), f[COUNTER],
		    text_day(arena, f[DAY]), f[MEMO])));
	if (may && strcmp(f[STATE], "not_counted") != 0 &&
	    strcmp(f[STATE], "recounted") != 0)
		sheet_words(sheet, TONE_PLAIN, _("Entered wrongly: send the "
		    "item in another count; the later one stands."));
}

static void
show_below(struct view *view, const struct row *row, struct vec *lines)
{
	struct sheet sheet = sheet_below(view, lines);
	const char *key = arena_printf(view->lower, "count_lines/%s",
	    view->place.key);
	struct wire_rows rows;
	struct span json;

	for (int page = 0; row->key[0] != '\0' && page < VIEW_PAGES &&
	    cache_find(view->cache, view->lower, "view", view_page(
	    view->lower, key, page), &json) && shape_rows(json, "items",
	    facts, FACTS, view->lower, &rows); page++)
		for (size_t i = 0; i < rows.n; i++)
			if (strcmp(rows.texts[i * FACTS], row->key) == 0) {
				tell(&sheet, rows.texts + i * FACTS);
				return;
			}
}

const struct pane pane_count = {
	.name = "count", .title = N_("count"), .list = "count_lines",
	.can = CAN_OPEN | CAN_FILTER | CAN_MARK | CAN_COUNT,
	.load = list_load, .open = open_line, .subject = subject,
	.below = show_below, .lower = 6
};
