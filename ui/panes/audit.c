/*
 * What was decided, by whom and why; and the trace of one errand: its story in
 * the order of time, its journals, its place in returns, its bytes.
 */
#include <stdlib.h>
#include <string.h>

#include "core/i18n.h"
#include "ui/sheet.h"
#include "ui/story.h"
#include "ui/text.h"

#define EVENT_COLUMN 4		/* of the list of decisions */

static bool
open_decision(struct view *view, const struct row *row, struct place *out)
{
	const char *event = row->cells[EVENT_COLUMN];

	(void)view;
	if (event == NULL || event[0] != 'E')
		return false;
	place_set(out, &pane_trace, event, event);
	return true;
}

const struct pane pane_decisions = {
	.name = "decisions", .title = N_("decisions"), .act = ACT_DECISIONS,
	.list = "decisions", .can = CAN_OPEN | CAN_FILTER,
	.load = list_load, .open = open_decision
};

/* ---- the trace --------------------------------------------------------- */

static const struct column columns[] = {
	{ "", 20, true, false, 0 },
};

static void
add_step(struct sheet *sheet, const struct told *told)
{
	struct arena *arena = sheet->arena;
	const struct wire_step *step = told->step;
	const char *line = arena_printf(arena, "%s  %s  %s: %s  %s%s%s",
	    text_time(arena, step->at), told->event->id, step->actor,
	    step->action, step->old, step->old[0] ? " -> " : "", step->now);

	sheet_wrapped(sheet, line, strlen(line));
}

static void
add_story(struct sheet *sheet, const struct wire_trace *trace)
{
	size_t n;
	const struct told *all = story_of(trace, sheet->arena, &n);

	sheet_head(sheet, _("What happened, in the order of time"));
	for (size_t i = 0; i < n; i++)
		add_step(sheet, &all[i]);
}

static void
add_entries(struct sheet *sheet, const struct wire_journal *journal)
{
	struct arena *arena = sheet->arena;

	for (size_t i = 0; i < journal->entries.n; i++) {
		const struct wire_entry *en = &journal->entries.items[i];

		sheet_row(sheet, TONE_PLAIN, journal->id, text_tame(arena,
		    arena_printf(arena,
		    "      %-10.10s %-14.14s %-9.9s %18s %s", en->account,
		    en->cost_centre, en->tax_code, text_money(arena,
		    en->currency, en->amount), en->currency)));
	}
}

static void
add_event(struct sheet *sheet, const struct wire_event *ev)
{
	struct arena *arena = sheet->arena;

	sheet_row(sheet, TONE_STRONG, ev->id, text_tame(arena, arena_printf(
	    arena, "%s  %s  %s  %s  %s %s", ev->id, text_state(arena,
	    ev->state), ev->source, ev->document[0] ? ev->document : "-",
	    text_money(arena, ev->currency, ev->amount), ev->currency)));
	for (size_t i = 0; i < ev->findings.n; i++)
		sheet_text(sheet, TONE_BAD, arena_printf(arena, "    ! %s",
		    text_tame(arena, ev->findings.items[i].sentence)));
	for (size_t i = 0; i < ev->n_journals; i++) {
		const struct wire_journal *journal = &ev->journals[i];

		sheet_row(sheet, TONE_PLAIN, journal->id, text_tame(arena,
		    arena_printf(arena, "    %s %s %s", _("journal"),
		    journal->id, journal->date)));
		add_entries(sheet, journal);
	}
	for (size_t i = 0; i < ev->n_returns; i++) {
		const struct wire_return *row = &ev->returns[i];

		sheet_text(sheet, TONE_PLAIN, text_tame(arena, arena_printf(
		    arena, "    %s %s %s %s  %s %s", row->form, row->period,
		    row->table, row->tax_code, text_money(arena,
		    row->currency, row->tax), row->currency)));
	}
}

static void
add_bytes(struct sheet *sheet, const struct wire_event *ev)
{
	sheet_head(sheet, arena_printf(sheet->arena,
	    _("The bytes of %s, as they came"), text_tame(sheet->arena,
	    ev->id)));
	sheet_pair(sheet, _("SHA-256"), ev->digest);
	sheet_lines(sheet, ev->payload[0] ? shape_pretty(span_of(ev->payload),
	    sheet->arena) : ev->payload_base64);
}

static void
load_trace(struct view *view)
{
	const char *key = arena_printf(view->arena, "trace/%s",
	    view->place.key);
	struct sheet sheet = sheet_rows(view);
	struct wire_trace trace;
	struct span json;

	if (!sheet_find(view, key, &json) || !shape_trace(json, view->arena,
	    &trace)) {
		sheet_text(&sheet, TONE_PLAIN,
		    _("  It is with the daemon and is being asked for."));
		return;
	}
	sheet_head(&sheet, _("Events, journals, returns (Enter opens)"));
	for (size_t i = 0; i < trace.n; i++)
		add_event(&sheet, &trace.events[i]);
	if (trace.cut)
		sheet_text(&sheet, TONE_BAD,
		    _("There is more than is shown here."));
	add_story(&sheet, &trace);
	for (size_t i = 0; i < trace.n; i++)
		if (trace.n == 1 || strcmp(trace.events[i].id,
		    view->place.key) == 0)
			add_bytes(&sheet, &trace.events[i]);
}

const struct pane pane_trace = {
	.name = "trace", .title = N_("trace"), .columns = columns,
	.n_columns = 1, .can = CAN_OPEN | CAN_FILTER, .load = load_trace,
	.open = sheet_open
};
