/* One event from its bytes to its journal, as text to scroll through. */
#include "core/i18n.h"
#include "core/utf8.h"
#include "ui/panes.h"
#include "ui/text.h"

#include <stdio.h>
#include <stdlib.h>

static const struct column columns[] = {
	{ "", 20, true, false, 0 },
};

static void
add(struct view *view, enum tone tone, const char *text)
{
	view_add(view, tone, "", (const char *const []){ text, NULL });
}

/* A long line goes on below, indented, so that nothing is out of reach. */
static void
add_wrapped(struct view *view, const char *line, size_t n)
{
	const char *tame = text_tame(view->arena, arena_strndup(view->arena,
	    line, n));
	int room = term_columns() - 6, used;

	while (utf8_width(span_of(tame)) > room && room > 10) {
		size_t fit = utf8_fit(span_of(tame), room, &used);

		add(view, TONE_PLAIN, arena_printf(view->arena, "  %.*s",
		    (int)fit, tame));
		tame += fit;
	}
	add(view, TONE_PLAIN, arena_printf(view->arena, "  %s", tame));
}

static void
add_lines(struct view *view, const char *text)
{
	while (*text != '\0') {
		size_t n = strcspn(text, "\n");

		add_wrapped(view, text, n);
		text += n + (text[n] == '\n');
	}
}

static void
add_pair(struct view *view, const char *name, const char *value)
{
	struct arena *arena = view->arena;
	int pad = 14 - utf8_width(span_of(name));

	if (value[0] == '\0')
		return;
	add(view, TONE_PLAIN, arena_printf(arena, "  %s%*s  %s", name,
	    pad > 0 ? pad : 0, "", text_tame(arena, value)));
}

static void
add_summary(struct view *view, const struct wire_event *ev)
{
	struct arena *arena = view->arena;

	add_pair(view, _("State"), text_state(arena, ev->state));
	add_pair(view, _("Document"), ev->document);
	add_pair(view, _("Party"), ev->party);
	add_pair(view, _("Amount"), ev->amount[0] ? arena_printf(arena,
	    "%s %s", text_money(arena, ev->currency, ev->amount),
	    ev->currency) : "");
	add_pair(view, _("Received"), text_time(arena, ev->received));
	add_pair(view, _("Source"), ev->source);
	add_pair(view, _("Topic"), ev->topic);
	add_pair(view, _("Key"), ev->key);
	add_pair(view, _("Correlation"), ev->correlation);
	add_pair(view, _("Attempts"), text_count(arena, ev->attempts));
	add_pair(view, _("SHA-256"), ev->digest);
	add_pair(view, _("Who"), ev->assignee[0] != '\0' ? ev->assignee :
	    ev->owner[0] != '\0' ? arena_printf(arena,
	    _("%s, whose flow it is"), ev->owner) : "");
	add_pair(view, _("Put off until"), text_time(arena, ev->snoozed));
}

static void
add_findings(struct view *view, const struct wire_findings *findings)
{
	if (findings->n > 0)
		add(view, TONE_HEAD, _("Findings"));
	for (size_t i = 0; i < findings->n; i++) {
		const struct wire_finding *f = &findings->items[i];
		bool block = strcmp(f->level, "warn") != 0;

		add(view, block ? TONE_BAD : TONE_STRONG, arena_printf(
		    view->arena, "  %s %s", block ? "!" : "~",
		    text_tame(view->arena, f->sentence)));
		add_pair(view, _("What to do"), f->hint);
		add_pair(view, _("Where"), f->field);
		add_pair(view, _("Code"), f->code);
	}
}

static void
add_entry(struct view *view, const struct map *names,
    const struct wire_entry *en)
{
	struct arena *arena = view->arena;
	const char *name = map_find(names, span_of(en->account));
	const char *what = arena_printf(arena, "%s %s",
	    text_tame(arena, en->account), name ? name : "");
	int pad = 28 - utf8_width(span_of(what));

	add(view, TONE_PLAIN, arena_printf(arena,
	    "  %s%*s %18s %s  %-12s %-8s %s", what, pad > 0 ? pad : 0, "",
	    text_money(arena, en->currency, en->amount),
	    text_tame(arena, en->currency),
	    text_tame(arena, en->cost_centre),
	    text_tame(arena, en->tax_code), text_tame(arena, en->memo)));
}

static void
add_journal(struct view *view, const struct wire_journal *journal)
{
	struct map *names = view_names(view, "account");
	struct arena *arena = view->arena;

	add(view, TONE_HEAD, arena_printf(arena, _("Journal %s of %s"),
	    text_tame(arena, journal->id), text_tame(arena, journal->date)));
	for (size_t i = 0; i < journal->entries.n; i++)
		add_entry(view, names, &journal->entries.items[i]);
	map_free(&names, NULL);
}

static void
add_history(struct view *view, const struct wire_event *ev)
{
	struct arena *arena = view->arena;

	if (ev->n_history > 0)
		add(view, TONE_HEAD, _("History"));
	for (size_t i = 0; i < ev->n_history; i++) {
		const struct wire_step *step = &ev->history[i];

		add(view, TONE_PLAIN, arena_printf(arena,
		    "  %s  %-12s %-10s %s -> %s",
		    text_time(arena, step->at),
		    text_cut(arena, step->actor, 60),
		    text_cut(arena, step->action, 60),
		    text_cut(arena, step->old, 200),
		    text_cut(arena, step->now, 200)));
	}
}

static void
add_thread(struct view *view, const struct wire_event *ev)
{
	struct arena *arena = view->arena;

	if (ev->n_thread > 0)
		add(view, TONE_HEAD, _("Comments"));
	for (size_t i = 0; i < ev->n_thread; i++) {
		const struct wire_step *step = &ev->thread[i];
		const char *line = arena_printf(arena, "%s  %s: %s",
		    text_time(arena, step->at), step->actor, step->now);

		add_wrapped(view, line, strlen(line));
	}
}

static void
add_detail(struct view *view, const struct wire_event *ev)
{
	for (size_t i = 0; i < ev->n_journals; i++)
		add_journal(view, &ev->journals[i]);
	add(view, TONE_HEAD, _("Payload, as it came"));
	if (ev->payload[0] != '\0')
		add_lines(view, shape_pretty(span_of(ev->payload),
		    view->arena));
	else
		add_lines(view, ev->payload_base64);
	if (ev->document_body[0] != '\0') {
		add(view, TONE_HEAD, _("Document, amounts in minor units"));
		add_lines(view, ev->document_body);
	}
	add_history(view, ev);
}

/* Until the whole has come, what the list knew. */
static void
add_known(struct view *view, int64_t seq)
{
	struct cache_event ev;

	if (cache_event(view->cache, view->arena, seq, &ev)) {
		view->version = ev.version;
		add_pair(view, _("State"), text_state(view->arena, ev.state));
		add_pair(view, _("Document"), ev.document);
		add_pair(view, _("Party"), ev.party);
		add_pair(view, _("Amount"), text_money(view->arena,
		    ev.currency, ev.amount));
		add_pair(view, _("Received"), text_time(view->arena,
		    ev.received));
		add_pair(view, _("Finding"), ev.sentence);
	}
	add(view, TONE_PLAIN,
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
	struct wire_event ev;
	struct span json, mark;

	if (!cache_find(view->cache, view->arena, "event", view->place.key,
	    &json) || !shape_event(json, view->arena, &ev)) {
		if (!view->asked)
			view_want(view, JOB_EVENT, view->place.key);
		add_known(view, seq_of(view));
		return;
	}
	if (!cache_find(view->cache, view->arena, "moved", view->place.key,
	    &mark))
		view->asked = false;
	else if (!view->asked)
		view_want(view, JOB_EVENT, view->place.key);
	view->version = ev.version;
	view->posted = strcmp(ev.state, "posted") == 0;
	add_summary(view, &ev);
	add_findings(view, &ev.findings);
	add_thread(view, &ev);
	add_detail(view, &ev);
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
	    CAN_APPROVE | CAN_SHARE | CAN_COMMENT | CAN_UNDO,
	.load = load, .subject = subject
};
