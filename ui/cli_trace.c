/*
 * The story of one errand: what came, what was decided, what was posted, in
 * the order of time; then each event with its journals, and the bytes of the
 * one that was named. Fits 80 columns.
 */
#include <stdlib.h>
#include <string.h>

#include "core/i18n.h"
#include "core/utf8.h"
#include "ui/cli_inside.h"
#include "ui/story.h"

#define WIDTH 80
#define INDENT 20	/* below the event, behind the time */

static const char *
cut(struct job *job, const char *s, int cells)
{
	return text_middle(job->arena, cli_tame(job, s), cells);
}

static void
print_indented(struct job *job, const char *text)
{
	while (*text != '\0') {
		size_t n = strcspn(text, "\n");

		printf("  %s\n", cli_tame(job, arena_strndup(job->arena, text,
		    n)));
		text += n + (text[n] == '\n');
	}
}

static void
print_journal(struct job *job, const struct wire_journal *journal)
{
	static const char *const heads[] = {
		N_("Account"), N_("Cost centre"), N_("Tax"),
		N_("Party"), N_("Amount"), N_("Cur"), N_("Memo"), NULL
	};
	struct table table;

	printf(_("\nJournal %s of %s: %s\n"), cli_tame(job, journal->id),
	    cli_tame(job, journal->date), cli_tame(job, journal->narration));
	table_start(&table, "<<<<><<", heads);
	for (size_t i = 0; i < journal->entries.n; i++) {
		const struct wire_entry *en = &journal->entries.items[i];

		table_add(&table, (const char *const []){
		    cli_tame(job, en->account), cut(job, en->cost_centre, 10),
		    cut(job, en->tax_code, 9), cut(job, en->party, 14),
		    text_money(job->arena, en->currency, en->amount),
		    cli_tame(job, en->currency), cut(job, en->memo, 16) });
	}
	cli_table(job, &table);
}

static void
print_returns(struct job *job, const struct wire_event *ev)
{
	static const char *const heads[] = { N_("Document"), N_("Return"),
		N_("Period"), N_("Table"), N_("Tax code"), N_("Tax"),
		N_("Cur"), NULL };
	struct table table;

	if (ev->n_returns == 0)
		return;
	printf(_("\nIn the GST return\n"));
	table_start(&table, "<<<<<><", heads);
	for (size_t i = 0; i < ev->n_returns; i++) {
		const struct wire_return *row = &ev->returns[i];

		table_add(&table, (const char *const []){
		    cut(job, row->document, 28), cli_tame(job, row->form),
		    cli_tame(job, row->period), cli_tame(job, row->table),
		    cut(job, row->tax_code, 9), text_money(job->arena,
		    row->currency, row->tax), cli_tame(job, row->currency) });
	}
	cli_table(job, &table);
}

static void
print_findings(struct job *job, const struct wire_findings *findings)
{
	for (size_t i = 0; i < findings->n; i++) {
		const struct wire_finding *f = &findings->items[i];

		printf("  %s  %s\n      %s\n", cli_tame(job, f->code),
		    cli_tame(job, f->sentence), cli_tame(job, f->hint));
	}
}

/* ---- the story ---------------------------------------------------------- */

/* A digest says enough with its first letters; all of it is in --json. */
static const char *
word_of(struct job *job, const char *s, size_t n)
{
	const char *word = cli_tame(job, arena_strndup(job->arena, s, n));
	const char *value = strchr(word, '=');

	value = value != NULL ? value + 1 : word;
	if (strlen(value) < 40 || strspn(value, "0123456789abcdef") !=
	    strlen(value))
		return word;
	return arena_printf(job->arena, "%.*s\xe2\x80\xa6",
	    (int)(value - word) + 12, word);
}

/* As many words to a line as fit behind the indent. */
static void
print_wrapped(struct job *job, const char *text)
{
	int room = 0;

	for (size_t n; *text != '\0'; text += n + (text[n] != '\0')) {
		const char *word;
		int width;

		n = strcspn(text, " \n");
		if (n == 0)
			continue;
		word = word_of(job, text, n);
		width = utf8_width(span_of(word));
		if (width + 1 > room) {
			printf("%s%*s", room > 0 ? "\n" : "", INDENT, "");
			room = WIDTH - INDENT;
		} else {
			putchar(' ');
			room--;
		}
		fputs(word, stdout);
		room -= width;
		if (room < 1)
			room = 1;
	}
	if (room > 0)
		putchar('\n');
}

static void
print_step(struct job *job, const struct told *told)
{
	const struct wire_step *step = told->step;

	printf("  %s  %-6s %s: %s\n", text_time(job->arena, step->at),
	    cli_tame(job, told->event->id), cut(job, step->actor, 20),
	    cut(job, step->action, 24));
	if (step->old[0] != '\0')
		print_wrapped(job, arena_printf(job->arena, "%s ->",
		    step->old));
	print_wrapped(job, step->now);
}

static void
print_story(struct job *job, const struct wire_trace *trace)
{
	size_t n;
	const struct told *all = story_of(trace, job->arena, &n);

	puts(_("History"));
	for (size_t i = 0; i < n; i++)
		print_step(job, &all[i]);
}

static void
print_event(struct job *job, const struct wire_event *ev)
{
	printf(_("\n%s %s, version %lld, received %s\n"),
	    cli_tame(job, ev->id), text_state(job->arena, ev->state),
	    (long long)ev->version, text_time(job->arena, ev->received));
	printf(_("From %s (%s)\n"), cut(job, ev->source, 24),
	    cut(job, ev->topic, 40));
	printf(_("Document %s  %s %s\n"), ev->document[0] ?
	    cli_tame(job, ev->document) : "-", text_money(job->arena,
	    ev->currency, ev->amount), cli_tame(job, ev->currency));
	if (ev->correlation[0] != '\0')
		printf(_("Correlation %s\n"), cli_tame(job,
		    ev->correlation));
	if (ev->findings.n > 0)
		printf(_("\nFindings\n"));
	print_findings(job, &ev->findings);
	for (size_t i = 0; i < ev->n_journals; i++)
		print_journal(job, &ev->journals[i]);
	print_returns(job, ev);
}

static void
print_payload(struct job *job, const struct wire_event *ev)
{
	printf(_("\nPayload, SHA-256\n  %s\n"), cli_tame(job, ev->digest));
	print_indented(job, ev->payload[0] ? shape_pretty(span_of(
	    ev->payload), job->arena) : ev->payload_base64);
}

bool
run_trace(struct job *job, int *status, struct err *e)
{
	const char *id = job->argv[0];
	struct wire_trace trace;

	(void)status;
	if (job->json)
		return cli_print_json(job, wire_path(job->arena,
		    "/v1/trace/", id, ""), e);
	if (!wire_trace_get(job->wire, id, job->arena, &trace, e))
		return false;
	print_story(job, &trace);
	for (size_t i = 0; i < trace.n; i++)
		print_event(job, &trace.events[i]);
	for (size_t i = 0; i < trace.n; i++)
		if (trace.n == 1 || strcmp(trace.events[i].id, id) == 0)
			print_payload(job, &trace.events[i]);
	if (trace.cut)
		puts(_("\nThere is more than is shown here."));
	return true;
}
