/* One event from its bytes to its journal, as text to scroll through. */
#include "core/i18n.h"
#include "core/utf8.h"
#include "ui/sheet.h"
#include "ui/text.h"

#include <stdio.h>
#include <stdlib.h>

static const struct column columns[] = {
	{ "", 20, true, false, 0 },
};

static void
add_summary(struct sheet *sheet, const struct wire_event *ev)
{
	struct arena *arena = sheet->arena;

	sheet_pair(sheet, _("State"), text_state(arena, ev->state));
	sheet_pair(sheet, _("Document"), ev->document);
	sheet_pair(sheet, _("Party"), ev->party);
	sheet_pair(sheet, _("Amount"), ev->amount[0] ? arena_printf(arena,
	    "%s %s", text_money(arena, ev->currency, ev->amount),
	    ev->currency) : "");
	sheet_pair(sheet, _("Received"), text_time(arena, ev->received));
	sheet_pair(sheet, _("Source"), ev->source);
	sheet_pair(sheet, _("Topic"), ev->topic);
	sheet_pair(sheet, _("Key"), ev->key);
	sheet_pair(sheet, _("Correlation"), ev->correlation);
	sheet_pair(sheet, _("Attempts"), text_count(arena, ev->attempts));
	sheet_pair(sheet, _("SHA-256"), ev->digest);
	sheet_pair(sheet, _("Who"), ev->assignee[0] != '\0' ? ev->assignee :
	    ev->owner[0] != '\0' ? arena_printf(arena,
	    _("%s, whose flow it is"), ev->owner) : "");
	sheet_pair(sheet, _("Put off until"), text_time(arena, ev->snoozed));
}

static void
add_findings(struct sheet *sheet, const struct wire_findings *findings)
{
	if (findings->n > 0)
		sheet_text(sheet, TONE_HEAD, _("Findings"));
	for (size_t i = 0; i < findings->n; i++) {
		const struct wire_finding *f = &findings->items[i];
		bool block = strcmp(f->level, "warn") != 0;

		sheet_text(sheet, block ? TONE_BAD : TONE_STRONG, arena_printf(
		    sheet->arena, "  %s %s", block ? "!" : "~",
		    text_tame(sheet->arena, f->sentence)));
		sheet_pair(sheet, _("What to do"), f->hint);
		sheet_pair(sheet, _("Where"), f->field);
		sheet_pair(sheet, _("Code"), f->code);
	}
}

static void
add_entry(struct sheet *sheet, const struct map *names,
    const struct wire_entry *en)
{
	struct arena *arena = sheet->arena;
	const char *name = map_find(names, span_of(en->account));
	const char *what = arena_printf(arena, "%s %s",
	    text_tame(arena, en->account), name ? name : "");
	int pad = 28 - utf8_width(span_of(what));

	sheet_text(sheet, TONE_PLAIN, arena_printf(arena,
	    "  %s%*s %18s %s  %-12s %-8s %s", what, pad > 0 ? pad : 0, "",
	    text_money(arena, en->currency, en->amount),
	    text_tame(arena, en->currency),
	    text_tame(arena, en->cost_centre),
	    text_tame(arena, en->tax_code), text_tame(arena, en->memo)));
}

static void
add_journal(struct sheet *sheet, const struct wire_journal *journal)
{
	struct map *names = view_names(sheet->view, "account");
	struct arena *arena = sheet->arena;

	sheet_text(sheet, TONE_HEAD, arena_printf(arena, _("Journal %s of %s"),
	    text_tame(arena, journal->id), text_tame(arena, journal->date)));
	for (size_t i = 0; i < journal->entries.n; i++)
		add_entry(sheet, names, &journal->entries.items[i]);
	map_free(&names, NULL);
}

static void
add_history(struct sheet *sheet, const struct wire_event *ev)
{
	struct arena *arena = sheet->arena;

	if (ev->n_history > 0)
		sheet_text(sheet, TONE_HEAD, _("History"));
	for (size_t i = 0; i < ev->n_history; i++) {
		const struct wire_step *step = &ev->history[i];

		sheet_text(sheet, TONE_PLAIN, arena_printf(arena,
		    "  %s  %-12s %-10s %s -> %s",
		    text_time(arena, step->at),
		    text_cut(arena, step->actor, 60),
		    text_cut(arena, step->action, 60),
		    text_cut(arena, step->old, 200),
		    text_cut(arena, step->now, 200)));
	}
}

static void
add_thread(struct sheet *sheet, const struct wire_event *ev)
{
	struct arena *arena = sheet->arena;

	if (ev->n_thread > 0)
		sheet_text(sheet, TONE_HEAD, _("Comments"));
	for (size_t i = 0; i < ev->n_thread; i++) {
		const struct wire_step *step = &ev->thread[i];
		const char *line = arena_printf(arena, "%s  %s: %s",
		    text_time(arena, step->at), step->actor, step->now);

		sheet_wrapped(sheet, line, strlen(line));
	}
}

static void
add_detail(struct sheet *sheet, const struct wire_event *ev)
{
	for (size_t i = 0; i < ev->n_journals; i++)
		add_journal(sheet, &ev->journals[i]);
	sheet_text(sheet, TONE_HEAD, _("Payload, as it came"));
	if (ev->payload[0] != '\0')
		sheet_lines(sheet, shape_pretty(span_of(ev->payload),
		    sheet->arena));
	else
		sheet_lines(sheet, ev->payload_base64);
	if (ev->document_body[0] != '\0') {
		sheet_text(sheet, TONE_HEAD, _("Document, amounts in minor units"));
		sheet_lines(sheet, ev->document_body);
	}
	add_history(sheet, ev);
}

/* Until the whole has come, what the list knew. */
static void
add_known(struct view *view, struct sheet *sheet, int64_t seq)
{
	struct cache_event ev;

	if (cache_event(view->cache, sheet->arena, seq, &ev)) {
		if (sheet->lines == NULL)
			view->version = ev.version;
		sheet_pair(sheet, _("State"), text_state(sheet->arena, ev.state));
		sheet_pair(sheet, _("Document"), ev.document);
		sheet_pair(sheet, _("Party"), ev.party);
		sheet_pair(sheet, _("Amount"), text_money(sheet->arena,
		    ev.currency, ev.amount));
		sheet_pair(sheet, _("Received"), text_time(sheet->arena,
		    ev.received));
		sheet_pair(sheet, _("Finding"), ev.sentence);
	}
	sheet_text(sheet, TONE_PLAIN,
	    _("  The rest is with the daemon and is being asked for."));
}

static int64_t
seq_of(const struct view *view)
{
	char *end;

	return strtoll(view->place.key + 1, &end, 10);
}

static void
load(struct view *view)
{
	struct sheet sheet = sheet_rows(view);
	struct wire_event ev;
	struct span json, mark;

	if (!cache_find(view->cache, view->arena, "event", view->place.key,
	    &json) || !shape_event(json, view->arena, &ev)) {
		if (!view->asked)
			view_want(view, JOB_EVENT, view->place.key);
		add_known(view, &sheet, seq_of(view));
		return;
	}
	if (!cache_find(view->cache, view->arena, "moved", view->place.key,
	    &mark))
		view->asked = false;
	else if (!view->asked)
		view_want(view, JOB_EVENT, view->place.key);
	view->version = ev.version;
	view->posted = strcmp(ev.state, "posted") == 0;
	add_summary(&sheet, &ev);
	add_findings(&sheet, &ev.findings);
	add_thread(&sheet, &ev);
	add_detail(&sheet, &ev);
}

/* ---- beside a list of events -------------------------------------------- */

const char *
event_about(struct view *view, const struct row *row)
{
	(void)view;
	return arena_printf(view->arena, "event/E%lld", (long long)row->id);
}

/* What the daemon said of it, of this version; until then what the copy has. */
void
event_below(struct view *view, const struct row *row, struct vec *lines)
{
	struct sheet sheet = sheet_below(view, lines);
	const char *key = arena_printf(view->lower, "event/E%lld",
	    (long long)row->id);
	struct wire_event ev;
	struct span json;

	if (!cache_find(view->cache, view->lower, "sheet", key, &json) ||
	    !shape_event(json, view->lower, &ev) ||
	    ev.version != row->version) {
		add_known(view, &sheet, row->id);
		return;
	}
	sheet_text(&sheet, TONE_STRONG, text_tame(view->lower, ev.id));
	add_findings(&sheet, &ev.findings);
	add_summary(&sheet, &ev);
	add_thread(&sheet, &ev);
	add_history(&sheet, &ev);
	for (size_t i = 0; i < ev.n_journals; i++)
		add_journal(&sheet, &ev.journals[i]);
}

static bool
subject(struct view *view, const struct row *row, struct subject *out)
{
	struct row self = { .id = seq_of(view), .version = view->version };
	struct arena *arena = arena_new();
	struct cache_event ev;
	bool open = cache_event(view->cache, arena, self.id, &ev);

	(void)row;
	arena_free(&arena);
	if (open || view->version == 0)
		return events_subject(view, &self, out);
	/* It is settled; of that, too, something can be said. */
	*out = (struct subject){ .kind = SUBJECT_EVENT,
	    .version = view->version, .posted = view->posted };
	snprintf(out->event, sizeof out->event, "E%lld", (long long)self.id);
	return true;
}

const struct pane pane_event = {
	.name = "event", .title = N_("event"), .columns = columns,
	.n_columns = 1, .can = CAN_FILTER | CAN_RETRY | CAN_FIX |
	    CAN_APPROVE | CAN_SHARE | CAN_COMMENT | CAN_UNDO |
	    CAN_CORRECT,
	.load = load, .subject = subject
};
