/*
 * What every verb goes through, and the verbs that show the whole. Each asks
 * the daemon itself; only what is looked at may come from the cache, and then
 * says so, so that a script never acts on old data.
 */
#include <config.h>

#include "ui/cli.h"

#include <stdlib.h>

#include "core/i18n.h"
#include "core/json.h"
#include "core/utf8.h"
#include "ui/cli_args.h"
#include "ui/options.h"
#include "ui/restricted.h"

const char *
cli_tame(struct job *job, const char *s)
{
	return text_tame(job->arena, s);
}

static const char *
tame(struct job *job, const char *s)
{
	return cli_tame(job, s);
}

bool
cli_print_json(struct job *job, const char *path, struct err *e)
{
	struct span body;

	if (job->limit >= 0 && (job->takes & TAKES_PAGES) &&
	    strstr(path, "limit=") == NULL)
		path = arena_printf(job->arena, "%s%slimit=%lld", path,
		    strchr(path, '?') == NULL ? "?" :
		    path[strlen(path) - 1] == '?' ? "" : "&",
		    (long long)job->limit);
	if (!wire_get(job->wire, path, job->arena, &body, e))
		return false;
	cli_put_json(job, body);
	return true;
}

/* ---- events ------------------------------------------------------------ */

static const char *
first_sentence(struct job *job, const struct wire_findings *findings)
{
	return findings->n > 0 ? tame(job, findings->items[0].sentence) : "";
}

static void
start_events(struct table *table)
{
	static const char *const heads[] = {
		N_("Event"), N_("State"), N_("Source"), N_("Received"),
		N_("Document"), N_("Amount"), N_("Cur"), N_("Finding"),
		NULL
	};

	table_start(table, "<<<<<><<", heads);
}

static void
add_events(struct job *job, struct table *table,
    const struct wire_events *events)
{
	for (size_t i = 0; i < events->n; i++) {
		const struct wire_event *ev = &events->items[i];

		table_add_raw(table, (const char *const []){
		    tame(job, ev->id), text_state(job->arena, ev->state),
		    tame(job, ev->source), text_time(job->arena, ev->received),
		    tame(job, ev->document),
		    text_money(job->arena, ev->currency, ev->amount),
		    tame(job, ev->currency),
		    first_sentence(job, &ev->findings) },
		    (const char *const []){ NULL, tame(job, ev->state), NULL,
		    tame(job, ev->received), NULL, tame(job, ev->amount),
		    NULL, NULL });
	}
}

bool
cli_query(struct job *job, int from, const char *const names[],
    const char **out, struct err *e)
{
	struct str query;
	bool ok = true;

	str_init(&query, 8192);
	for (int i = from; i < job->argc && ok; i++) {
		size_t n = strcspn(job->argv[i], "=");

		ok = false;
		for (size_t k = 0; names[k] != NULL; k++)
			ok |= job->argv[i][n] == '=' && span_is((struct span){
			    job->argv[i], n }, names[k]);
		if (!ok) {
			err_set(e, ERR_USAGE, "%.60s is not understood here", job->argv[i]);
			break;
		}
		str_addf(&query, "%s%.*s=", i > from ? "&" : "", (int)n,
		    job->argv[i]);
		http_encode(&query, span_of(job->argv[i] + n + 1));
	}
	*out = arena_strdup(job->arena, query.p);
	str_free(&query);
	return ok;
}

bool
run_events(struct job *job, int *status, struct err *e)
{
	static const char *const names[] = {
		"state", "source", "code", "signature", "q", "after",
		"limit", "assignee", "snoozed", NULL
	};
	struct wire_events events = { .next = "" };
	const char *query, *first, *path;
	struct table table;

	if (!cli_query(job, 0, names, &query, e))
		return false;
	if (job->json)
		return cli_print_json(job, arena_printf(job->arena,
		    "/v1/events%s%s", query[0] ? "?" : "", query), e);
	path = first = arena_printf(job->arena, "/v1/events%s%s",
	    query[0] ? "?" : "", query);
	start_events(&table);
	do {
		struct span body;

		if (!wire_get(job->wire, path, job->arena, &body, e))
			break;
		if (!shape_events(body, job->arena, &events)) {
			err_set(e, ERR_JSON, "the answer to %.100s", path);
			break;
		}
		add_events(job, &table, &events);
	} while (cli_next(job, first, &path, table.rows.n, events.next));
	if (e->code != ERR_NONE) {
		vec_free(&table.rows);
		return false;
	}
	*status = table.rows.n == 0;
	cli_table(job, &table);
	cli_more(job, "events", events.next);
	return true;
}

/* ---- failures ---------------------------------------------------------- */

static void
print_signatures(struct job *job, const struct wire_signatures *all)
{
	static const char *const heads[] = {
		N_("Signature"), N_("Count"), N_("Oldest"),
		N_("Amounts"), N_("Source"), N_("Sentence"), NULL
	};
	struct table table;

	table_start(&table, "<><><<", heads);
	for (size_t i = 0; i < all->n; i++) {
		const struct wire_signature *one = &all->items[i];

		table_add_raw(&table, (const char *const []){
		    tame(job, one->id), text_count(job->arena, one->count),
		    text_age(job->arena, one->oldest),
		    text_amounts(job->arena, &one->amounts),
		    tame(job, one->source), tame(job, one->sentence) },
		    (const char *const []){ NULL, NULL,
		    tame(job, one->oldest), NULL, NULL, NULL });
	}
	cli_table(job, &table);
}

bool
run_failures(struct job *job, int *status, struct err *e)
{
	struct wire_signatures all;

	if (job->history)
		return run_history(job, status, e);
	if (job->json)
		return cli_print_json(job, "/v1/signatures", e);
	if (!wire_signatures_get(job->wire, job->arena, &all, e))
		return false;
	print_signatures(job, &all);
	*status = all.n == 0;
	return true;
}

/* ---- status ------------------------------------------------------------ */

static void
print_states(struct job *job, const struct wire_status *status)
{
	static const char *const heads[] = {
		N_("State"), N_("Events"), NULL
	};
	struct table table;

	table_start(&table, "<>", heads);
	for (size_t i = 0; i < status->states.n; i++)
		table_add(&table, (const char *const []){
		    text_state(job->arena, status->states.items[i].name),
		    text_count(job->arena, status->states.items[i].count) });
	cli_table(job, &table);
}

/* What would be lost, were this machine lost now. */
static void
print_backup(struct job *job, const struct wire_backup *b)
{
	if (b->at[0] == '\0')
		puts(_("There is no backup yet."));
	else
		printf(_("Last backup: %s, with all up to the event received "
		    "%s; %s\n"), text_time(job->arena, b->at),
		    b->event_at[0] != '\0' ? text_time(job->arena,
		    b->event_at) : "-", tame(job, b->place));
	if (b->late)
		puts(_("THE BACKUP IS LATE: were this machine lost now, what "
		    "came since would be lost with it."));
	if (b->why[0] != '\0')
		printf(_("The last try of a backup failed: %s\n"),
		    tame(job, b->why));
	if (b->tried_at[0] != '\0')
		printf(_("Last restored on trial: %s, in %lld seconds\n"),
		    text_time(job->arena, b->tried_at),
		    (long long)b->restore_seconds);
	if (b->tried_why[0] != '\0')
		printf(_("The last trial of a backup failed: %s\n"),
		    tame(job, b->tried_why));
}

static void
print_status(struct job *job, const struct wire_status *status)
{
	for (size_t i = 0; i < status->n_entities; i++)
		printf(_("%s %s, books in %s\n"),
		    tame(job, status->entities[i].code),
		    tame(job, status->entities[i].name),
		    tame(job, status->entities[i].base));
	printf(_("As of %s\n\n"), text_time(job->arena, status->at));
	print_states(job, status);
	printf(_("\nNot posted: %lld events, %s\n"),
	    (long long)status->unposted,
	    status->amounts.n ? text_amounts(job->arena, &status->amounts) :
	    _("no amounts"));
	puts(status->conservation ?
	    _("Every event received is accounted for.") :
	    _("EVENTS ARE MISSING: received and accounted for differ."));
	print_backup(job, &status->backup);
}

/* The console's own copy need not have all that is shown, and a role may not
 * see all of it. */
static bool
left_out(const struct job *job, struct err *e)
{
	if (e->code != ERR_FORBIDDEN &&
	    (cli_stale(job) == NULL || e->code != ERR_UNREACHABLE))
		return false;
	*e = (struct err){ 0 };
	return true;
}

bool
run_status(struct job *job, int *code, struct err *e)
{
	bool counted, grouped, balanced;
	struct wire_signatures failures;
	struct wire_numbers numbers;
	struct wire_status status;
	struct wire_trial trial;

	if (job->json)
		return cli_print_json(job, "/v1/status", e);
	if (!wire_status_get(job->wire, job->arena, &status, e))
		return false;
	counted = wire_numbers_get(job->wire, job->arena, &numbers, e);
	if (!counted && !left_out(job, e))
		return false;
	grouped = wire_signatures_get(job->wire, job->arena, &failures, e);
	if (!grouped && !left_out(job, e))
		return false;
	balanced = wire_balance_get(job->wire, "", "", job->arena, &trial, e);
	if (!balanced && !left_out(job, e))
		return false;
	print_status(job, &status);
	if (counted)
		cli_print_numbers(job, &numbers);
	if (grouped) {
		printf(_("\nFailures by signature\n"));
		print_signatures(job, &failures);
	}
	if (balanced) {
		printf(_("\nTrial balance\n"));
		cli_print_trial(job, &trial);
	}
	if (cli_stale(job) != NULL && (!counted || !grouped || !balanced))
		cli_say(job, "%s\n", _("Not all of this is in the local copy; "
		    "it comes when the daemon is back."));
	*code = !status.conservation || (counted && numbers.differences > 0);
	return true;
}

/* ---- running ----------------------------------------------------------- */

int
cli_fail(const struct err *e)
{
	const struct err_info *info = err_info(e->code);
	struct arena *arena = arena_new();

	fprintf(stderr, "bahi: %s\n  %s", _(info->what),
	    text_tame(arena, e->why));
	/* Only who looks for a fault of ours wants to know the path. */
	if (e->asked[0] != '\0' && info->http >= 500 &&
	    strcmp(e->asked, e->why) != 0)
		fprintf(stderr, " (%s)", text_tame(arena, e->asked));
	fputs("\n", stderr);
	if (info->hint[0] != '\0')
		fprintf(stderr, "  %s\n", _(info->hint));
	arena_free(&arena);
	return info->verb;
}

/* What would be sent, instead of sending it. */
static bool
plan_call(void *ctx, const struct http_call *call, struct err *e)
{
	struct job *job = ctx;
	struct span body = call->body.n > 0 && call->type == NULL ?
	    call->body : span_of("null");
	struct json j;
	struct str out;

	(void)e;
	job->planned = true;
	str_init(&out, (size_t)64 << 20);
	json_start(&j, &out);
	json_open(&j, '{');
	json_kstr(&j, "method", call->method);
	json_kstr(&j, "path", call->path);
	json_kstr(&j, "version", call->match);
	json_key(&j, "body");
	json_raw(&j, body);
	json_close(&j, '}');
	if (job->json)
		cli_put_json(job, str_span(&out));
	else {
		printf(_("Would be sent, and is not: %s %s\n"), call->method,
		    cli_tame(job, call->path));
		cli_put_lines(job, shape_pretty(body, job->arena));
	}
	str_free(&out);
	return false;
}

static bool
reach(const struct cli_verb *verb, struct job *job, struct err *e)
{
	struct http_place place;

	if (!options_place(job->options, job->arena, &place, e) ||
	    !wire_open(&job->wire, &place, e))
		return false;
	if (job->dry)
		wire_guard(job->wire, plan_call, job);
	/* Nothing is decided on what a copy says. */
	if ((verb->takes & TAKES_CHANGE) == 0 || ((verb->takes & TAKES_TABLE)
	    && (verb->takes & TAKES_MANY) == 0))
		cli_copies(job, place.socket ? place.socket : place.url);
	return true;
}

/* Its last word, where it was said otherwise or is to be asked for. */
static bool
complete_reason(const struct cli_verb *verb, struct job *job, struct err *e)
{
	int whole = verb->most - (job->where != NULL);
	const char *reason = NULL;

	if ((verb->takes & TAKES_REASON) == 0 || job->argc != whole - 1 ||
	    (job->argc >= verb->least && job->where == NULL &&
	    verb->least < verb->most && (verb->takes & TAKES_MANY) == 0 &&
	    job->reason == NULL && !job->edit))
		return true;
	if (!cli_reason(job, &reason, e))
		return false;
	job->argv[job->argc++] = (char *)reason;
	return true;
}

/* A verb that takes the reason as an option reads it itself. */
static bool
hand_on_reason(const struct cli_verb *verb, struct job *job, struct err *e)
{
	const char *reason = job->reason;

	if ((verb->takes & TAKES_WHY) == 0 || (reason == NULL && !job->edit))
		return true;
	if (!cli_reason(job, &reason, e))
		return false;
	job->argv[job->argc++] = (char *)"--reason";
	job->argv[job->argc++] = (char *)reason;
	return true;
}

static bool
misused(const struct cli_verb *verb, struct err *e)
{
	return err_set(e, ERR_USAGE, "bahi %s %s", verb->name,
	    verb->arguments);
}

/* How many arguments there are without options and their values. */
static int
count_words(const struct job *job)
{
	int n = 0;

	for (int i = 0; i < job->argc; i++, n++)
		while (i < job->argc && strncmp(job->argv[i], "--", 2) == 0)
			i += 2;
	return n;
}

/* An answer as it came has no columns to choose. */
static bool
judge_json(const struct cli_verb *verb, const struct job *job, struct err *e)
{
	const struct {
		bool given;
		const char *name;
	} shapes[] = {
		{ job->csv, "csv" }, { job->columns != NULL, "columns" },
		{ job->sort != NULL, "sort" }, { job->all, "all" },
		{ job->no_header, "no-header" },
		{ job->where != NULL && !(verb->takes & TAKES_MANY),
		    "where" },
	};

	for (size_t i = 0; job->json && i < sizeof shapes / sizeof *shapes;
	    i++)
		if (shapes[i].given)
			return err_set(e, ERR_USAGE, "--json is the answer "
			    "as it came; it does not go with --%s",
			    shapes[i].name);
	return true;
}

/* A code for what may need a second factor: it goes with the first change. An
 * approval has it in itself, as the log does. */
static bool
prove(const struct cli_verb *verb, struct job *job, struct err *e)
{
	const char *code;

	if (job->code_file == NULL || (verb->takes & TAKES_CODE))
		return true;
	if (!cli_code(job, job->code_file, &code, e))
		return false;
	wire_prove(code);
	return true;
}

static bool
run_verb(const struct cli_verb *verb, struct job *job, int *status,
    struct err *e)
{
	int n = count_words(job);

	if (!judge_json(verb, job, e))
		return false;
	if (n > verb->most)
		return misused(verb, e);
	if (!complete_reason(verb, job, e))
		return false;
	if (n < verb->least && job->argc < verb->least)
		return misused(verb, e);
	return hand_on_reason(verb, job, e) &&
	    ((verb->takes & TAKES_NOBODY) || reach(verb, job, e)) &&
	    prove(verb, job, e) && verb->run(job, status, e);
}

static int
outcome(struct job *job, bool ok, int status, struct err *e)
{
	const char *stale = cli_stale(job);

	if (ok && job->bad.code != ERR_NONE) {
		*e = job->bad;
		ok = false;
	}
	if (job->stopped)
		return EXIT_INTERRUPTED;
	if (!ok && e->code == ERR_NONE)
		return job->planned ? EXIT_DONE : EXIT_OPEN;
	if (!ok)
		return cli_fail(e);
	if (stale == NULL)
		return status;
	fprintf(stderr, _("bahi: no daemon; this is as of %s, %s ago, from "
	    "the cache.\n"), text_time(job->arena, stale),
	    text_age(job->arena, stale));
	return EXIT_CACHE;
}

static int
perform(const struct cli_verb *verb, struct job *job)
{
	struct err e = { 0 };
	int status = EXIT_DONE;
	bool ok, written;

	cli_interrupts(false);
	ok = cli_out_open(job, verb->takes, &e) &&
	    run_verb(verb, job, &status, &e);
	written = cli_out_close(job);
	if (ok && !written)
		ok = err_set(&e, ERR_SYSTEM, "standard output");
	status = outcome(job, ok, status, &e);
	cli_copies_close(job);
	wire_close(&job->wire);
	return status;
}

/* ---- the program ------------------------------------------------------- */

static bool
settle(struct cli_line *line, struct options **options, struct err *e)
{
	const char *config = line->config != NULL ? line->config :
	    getenv("BAHI_CONFIG");
	bool ok = options_open(options, config, e);

	for (size_t i = 0; ok && i < line->n_sets; i++)
		ok = options_say(*options, line->sets[i].name,
		    line->sets[i].value, line->sets[i].who, e);
	/* A program reads it: digits and days as everywhere. */
	if (ok && line->job.csv)
		ok = options_say(*options, "numerals", "latin", "--csv", e) &&
		    options_say(*options, "dates", "iso", "--csv", e);
	ok = ok && restricted_settle(*options, e);
	if (ok)
		text_open(*options);
	else
		options_free(options);
	return ok;
}

static int
start(struct cli_line *line, struct options **options)
{
	struct err e = { 0 };

	if (line->version) {
		printf("bahi %s\n", PACKAGE_VERSION);
		return EXIT_DONE;
	}
	if (line->dump != NULL)
		return cli_dump(line->dump);
	if (line->help && line->verb != NULL)
		cli_print_verb(line->verb, stdout);
	else if (line->help)
		cli_print_help(stdout);
	if (line->help)
		return EXIT_DONE;
	if (!settle(line, options, &e))
		return cli_fail(&e);
	if (line->verb == NULL)
		return CLI_CONSOLE;
	line->job.options = *options;
	return perform(line->verb, &line->job);
}

int
cli_main(int argc, char **argv, struct options **options)
{
	struct arena *arena = arena_new();
	struct cli_line line;
	struct err e = { 0 };
	int status;

	*options = NULL;
	if (argc > 1 && strcmp(argv[1], "--complete") == 0)
		status = cli_complete(argc - 2, argv + 2);
	else if (!cli_parse(&line, arena, argc, argv, &e))
		status = cli_fail(&e);
	else
		status = start(&line, options);
	if (status != CLI_CONSOLE)
		options_free(options);
	arena_free(&arena);
	return status;
}
