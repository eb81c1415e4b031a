/* Stock counts, and one of them beside stock, line by line. */
#include "ui/panes.h"

#include <stdio.h>
#include <string.h>

#include "core/digest.h"
#include "core/i18n.h"
#include "ui/saying.h"

static bool
open_count(struct view *view, const struct row *row, struct place *out)
{
	(void)view;
	if (row->key[0] == '\0' || strlen(row->key) >= VIEW_KEY)
		return false;
	place_set(out, &pane_count, row->key, row->key);
	return true;
}

const struct pane pane_counts = {
	.name = "counts", .title = N_("counts"), .act = ACT_COUNTS,
	.list = "counts", .can = CAN_OPEN | CAN_FILTER, .load = list_load,
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

const struct pane pane_count = {
	.name = "count", .title = N_("count"), .list = "count_lines",
	.can = CAN_OPEN | CAN_FILTER | CAN_MARK | CAN_COUNT,
	.load = list_load, .open = open_line, .subject = subject
};
