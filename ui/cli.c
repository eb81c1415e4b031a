/*
 * One function a verb, one table. Each asks the daemon itself, not the cache,
 * so a script never acts on old data; --json passes the answer through.
 */
#include "ui/cli.h"

#include <stdlib.h>
#include <unistd.h>

#include "core/i18n.h"
#include "core/json.h"
#include "core/utf8.h"
#include "ui/cli_inside.h"
#include "ui/options.h"

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

	if (!wire_get(job->wire, path, job->arena, &body, e))
		return false;
	while (body.n > 0 && body.p[body.n - 1] == '\n')
		body.n--;
	if (isatty(STDOUT_FILENO))
		puts(text_tame(job->arena, shape_pretty(body, job->arena)));
	else
		printf("%.*s\n", (int)body.n, body.p);
	return true;
}

/* ---- events ------------------------------------------------------------ */

static const char *
first_sentence(struct job *job, const struct wire_findings *findings)
{
	return findings->n > 0 ? tame(job, findings->items[0].sentence) : "";
}

static void
print_events(struct job *job, const struct wire_events *events)
{
	static const char *const heads[] = {
		N_("Event"), N_("State"), N_("Source"), N_("Received"),
		N_("Document"), N_("Amount"), N_("Cur"), N_("Finding"),
		NULL
	};
	struct table table;

	table_start(&table, "<<<<<><<", heads);
	for (size_t i = 0; i < events->n; i++) {
		const struct wire_event *ev = &events->items[i];

		table_add(&table, (const char *const []){
		    tame(job, ev->id), text_state(job->arena, ev->state),
		    tame(job, ev->source), text_time(job->arena, ev->received),
		    tame(job, ev->document),
		    text_money(job->arena, ev->currency, ev->amount),
		    tame(job, ev->currency),
		    first_sentence(job, &ev->findings) });
	}
	table_print(&table, stdout);
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
			err_set(e, ERR_USAGE, "%.60s", job->argv[i]);
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

static bool
run_events(struct job *job, int *status, struct err *e)
{
	static const char *const names[] = {
		"state", "source", "code", "signature", "q", "after",
		"limit", "assignee", "snoozed", NULL
	};
	struct wire_events events;
	const char *query;

	if (!cli_query(job, 0, names, &query, e))
		return false;
	if (job->json)
		return cli_print_json(job, arena_printf(job->arena,
		    "/v1/events%s%s", query[0] ? "?" : "", query), e);
	if (!wire_events_get(job->wire, query, job->arena, &events, e))
		return false;
	print_events(job, &events);
	if (events.next[0] != '\0')
		printf(_("More: bahi events after=%s\n"),
		    tame(job, events.next));
	*status = events.n == 0;
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

		table_add(&table, (const char *const []){
		    tame(job, one->id), text_count(job->arena, one->count),
		    text_age(job->arena, one->oldest),
		    text_amounts(job->arena, &one->amounts),
		    tame(job, one->source), tame(job, one->sentence) });
	}
	table_print(&table, stdout);
}

static bool
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

/* ---- ledger ------------------------------------------------------------ */

static void
add_balance(struct job *job, struct table *table,
    const struct wire_balance *one, const char *name)
{
	struct arena *arena = job->arena;

	table_add(table, (const char *const []){ tame(job, one->account),
	    name, tame(job, one->currency),
	    text_money(arena, one->currency, one->debit),
	    text_money(arena, one->currency, one->credit),
	    text_money(arena, one->currency, one->balance) });
}

static void
print_trial(struct job *job, const struct wire_trial *trial)
{
	static const char *const heads[] = {
		N_("Account"), N_("Name"), N_("Cur"), N_("Debit"),
		N_("Credit"), N_("Balance"), NULL
	};
	struct table table;

	table_start(&table, "<<<>>>", heads);
	for (size_t i = 0; i < trial->n; i++)
		add_balance(job, &table, &trial->items[i],
		    tame(job, trial->items[i].name));
	for (size_t i = 0; i < trial->n_totals; i++)
		add_balance(job, &table, &trial->totals[i], _("Total"));
	table_print(&table, stdout);
}

static bool
run_ledger(struct job *job, int *status, struct err *e)
{
	struct wire_trial trial;

	if (job->json)
		return cli_print_json(job, "/v1/trial-balance", e);
	if (!wire_balance_get(job->wire, "", "", job->arena, &trial, e))
		return false;
	print_trial(job, &trial);
	*status = trial.n == 0;
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
	table_print(&table, stdout);
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
}

static bool
run_status(struct job *job, int *code, struct err *e)
{
	struct wire_signatures failures;
	struct wire_numbers numbers;
	struct wire_status status;
	struct wire_trial trial;

	if (job->json)
		return cli_print_json(job, "/v1/status", e);
	if (!wire_status_get(job->wire, job->arena, &status, e) ||
	    !wire_numbers_get(job->wire, job->arena, &numbers, e) ||
	    !wire_signatures_get(job->wire, job->arena, &failures, e) ||
	    !wire_balance_get(job->wire, "", "", job->arena, &trial, e))
		return false;
	print_status(job, &status);
	cli_print_numbers(job, &numbers);
	printf(_("\nFailures by signature\n"));
	print_signatures(job, &failures);
	printf(_("\nTrial balance\n"));
	print_trial(job, &trial);
	*code = !status.conservation || numbers.differences > 0;
	return true;
}

/* ---- the table --------------------------------------------------------- */

const struct cli_verb cli_verbs[] = {
	{ "status", "", N_("events by state, numbers, failures, trial balance"),
	    0, 0 },
	{ "events", "[NAME=VALUE ...]",
	    N_("list events; names: state source code signature q after "
	    "limit assignee snoozed"), 0, 9 },
	{ "failures", "[--history [NAME=VALUE ...]]",
	    N_("failures by signature, with amounts; --history: what was "
	    "settled, by whom and why; names: source assignee q after limit"),
	    0, 5 },
	{ "retry", "E12|SIGNATURE|--where WHERE [--dry-run]",
	    N_("process again with today's rules and master data"), 0, 1 },
	{ "fix", "SIGNATURE TO",
	    N_("map the missing value, then retry all that share it"),
	    2, 2 },
	{ "dismiss", "E12|SIGNATURE|--where WHERE REASON [--dry-run]",
	    N_("not for the books: take it off the backlog"), 1, 2 },
	{ "trace", "ID", N_("one errand from its bytes to its journals: E12, "
	    "J9, ENTITY/KIND/NUMBER, correlation or key"), 1, 1 },
	{ "ledger", "", N_("trial balance with totals"), 0, 0 },
	{ "reference", "TABLE [--csv|--sheet]",
	    N_("master data; --csv: as import takes it; --sheet: for a "
	    "spreadsheet"), 1, 1 },
	{ "set", "TABLE CODE COLUMN=VALUE ...",
	    N_("change or add one row; to=DAY closes it"), 3, 12 },
	{ "remove", "TABLE KEY",
	    N_("take away a mapping, rate or pair"), 2, 2 },
	{ "import", "TABLE FILE [--dry-run]",
	    N_("read a CSV into a table; --dry-run: only say what would be"),
	    2, 2 },
	{ "drift", "",
	    N_("values that master data lacks, codes closed while in use"),
	    0, 0 },
	{ "alerts", "[sent] [NAME=VALUE ...]",
	    N_("what is wrong with the system, or what was sent of it; "
	    "names: state after limit"), 0, 4 },
	{ "files", "[F12|NAME=VALUE ...]",
	    N_("files of the inbox and what became of their records; names: "
	    "source state after limit"), 0, 4 },
	{ "proposals", "[P3]",
	    N_("changes that wait for a second person; one with all it says"),
	    0, 1 },
	{ "propose", "TABLE|rules FILE REASON",
	    N_("propose a CSV of a table, or rule files as JSON"), 3, 3 },
	{ "backtest", "P3 [FROM [TO]]",
	    N_("what would post differently, of the last 30 days"), 1, 3 },
	{ "accept", "P3 [REASON]",
	    N_("put somebody else's proposal in force"), 1, 2 },
	{ "decline", "P3 REASON", N_("turn a proposal down"), 2, 2 },
	{ "rules", "[OLD NEW]",
	    N_("versions of the rules, or what differs between two"), 0, 2 },
	{ "flows", "",
	    N_("flows with window, objective and owner; what is late first"),
	    0, 0 },
	{ "orders", "[NUMBER] [NAME=VALUE ...]",
	    N_("from order to cash; one order with its items and backorders; "
	    "names: number after limit"), 0, 3 },
	{ "stock", "[LOCATION] [NAME=VALUE ...]",
	    N_("quantity and value by item, short first; names: location q "
	    "after limit"), 0, 4 },
	{ "batches", "[NAME=VALUE ...]",
	    N_("batches that gather, and those closed last; names: after "
	    "limit"), 0, 2 },
	{ "dead", "[CLASS] [NAME=VALUE ...]",
	    N_("what failed, by class: data, reference or system; names: "
	    "class after limit"), 0, 3 },
	{ "clearing", "",
	    N_("money captured and not settled, since when; money only "
	    "authorised"), 0, 0 },
	{ "explain", "ACCOUNT [PERIOD] [after=J9]",
	    N_("what a balance is made of, of all time or of 2026-10"), 1, 3 },
	{ "replay", "SOURCE|E12 [FROM [TO]]",
	    N_("judge again what came, a day or time to a day or time; "
	    "changes nothing that is right"), 1, 3 },
	{ "approve", "E12 ...|--where WHERE [--totp-file FILE|-] "
	    "[--for NAME] [--dry-run]",
	    N_("release held events; a second person's"), 0, 500 },
	{ "pause", "SOURCE REASON",
	    N_("keep what the source sends and post nothing of it"), 2, 2 },
	{ "resume", "SOURCE",
	    N_("post what the paused source has sent, and go on"), 1, 1 },
	{ "runs", "[show|cancel|retry R7] [NAME=VALUE ...]",
	    N_("actions on many events: how far, receipt, stop, what failed "
	    "once more; names: state after limit"), 0, 4 },
	{ "intercompany", "[adjust HERE/THERE NAME] [NAME=VALUE ...] "
	    "[--dry-run]",
	    N_("what companies of the group owe each other and where they "
	    "differ (names: entity period all); adjust: post the entry that "
	    "makes them agree (names: in against period reason version)"),
	    0, 8 },
	{ "conflicts", "[show E12|resolve E12 --take SIDE|--document FILE "
	    "--reason TEXT [--dry-run]]",
	    N_("what two sides changed; show it field by field; decide it"),
	    0, 8 },
	{ "close", "status|sign LINE|soft|period|reopen REASON|approve "
	    "[--period 2026-10] [--entity CODE]",
	    N_("the close of a period: what is open, sign a line off, close "
	    "softly or for good, open again with a second person"), 1, 7 },
	{ "assign", "E12|SIGNATURE|--where WHERE WHO [--dry-run]",
	    N_("give it to somebody; me: to you, -: to nobody; --reason TEXT"),
	    1, 4 },
	{ "snooze", "E12|SIGNATURE|--where WHERE UNTIL [--dry-run]",
	    N_("put it off: 4h, 3d, tomorrow, monday, a day or time; now: "
	    "wake it; --reason TEXT"), 1, 4 },
	{ "comment", "E12 TEXT", N_("say something of it; it stays open"),
	    2, 2 },
	{ "reopen", "E12 REASON",
	    N_("what was dismissed is to be done after all"), 2, 2 },
	{ "undo", "[D12|R7|E12]",
	    N_("take back what you decided last: of all, of an event, or that "
	    "decision or run; --reason TEXT"), 0, 3 },
	{ "approvals", "[show E12|NAME=VALUE ...]",
	    N_("what waits for an approval; show why and what it changes; "
	    "names: after limit"), 0, 3 },
	{ "reject", "E12 ... --reason TEXT",
	    N_("turn down what waits for an approval"), 2, 500 },
	{ "delegate", "[NAME --until DAY --reason TEXT [--limit AMOUNT]]",
	    N_("let somebody approve for you; alone: who may for whom"),
	    0, 7 },
	{ "undelegate", "NAME REASON",
	    N_("take such a right back before its time"), 2, 2 },
	{ "carry", "E12|SIGNATURE|--where WHERE REASON [--dry-run]",
	    N_("of a closed period: post it into the first open one"), 1, 2 },
	{ "reverse", "E12 REASON",
	    N_("undo what is posted by another version: as it was before, "
	    "or void"), 2, 2 },
	{ "gst", "WORD [--gstin GSTIN] [--period 102026] [--out DIR] "
	    "[NAME=VALUE ...]",
	    N_("returns of GST: summary gstr1 gstr3b hsn issued changes cells "
	    "documents check liability recon followup import file unfile "
	    "enter calendar filings exports stop registrations"), 1, 500 },
	{ "keys", "[--check [FILE]]",
	    N_("the keys of the console; --check: what is wrong with them, "
	    "or with those of a file"), 0, 2 },
};

const size_t n_cli_verbs = sizeof(cli_verbs) / sizeof(cli_verbs[0]);

static run_fn *const runs[] = {
	run_status, run_events, run_failures, run_retry, run_fix,
	run_dismiss, run_trace, run_ledger,
	run_reference, run_set, run_remove, run_import, run_drift,
	run_alerts, run_files,
	run_proposals, run_propose, run_backtest, run_accept, run_decline,
	run_rules, run_list, run_orders, run_list, run_list,
	run_list, run_clearing, run_explain, run_replay, run_approve, run_pause,
	run_resume,
	run_runs,
	run_intercompany, run_conflicts,
	run_close,
	run_assign, run_snooze, run_comment, run_reopen, run_undo,
	run_approvals, run_reject, run_delegate, run_undelegate,
	run_carry, run_reverse, run_gst, run_keys
};

_Static_assert(sizeof(runs) / sizeof(*runs) ==
    sizeof(cli_verbs) / sizeof(*cli_verbs), "one function a verb");

int
cli_fail(const struct err *e)
{
	const struct err_info *info = err_info(e->code);
	struct arena *arena = arena_new();

	fprintf(stderr, "bahi: %s\n  %s\n", _(info->what),
	    text_tame(arena, e->why));
	if (info->hint[0] != '\0')
		fprintf(stderr, "  %s\n", _(info->hint));
	arena_free(&arena);
	return info->verb;
}

static int
perform(const struct options *options, run_fn *run, struct job *job)
{
	struct http_place place;
	struct err e = { 0 };
	int status = 0;
	bool ok;

	job->arena = arena_new();
	ok = options_place(options, job->arena, &place, &e) &&
	    wire_open(&job->wire, &place, &e) &&
	    run(job, &status, &e);
	if (ok && (fflush(stdout) != 0 || ferror(stdout)))
		ok = err_set(&e, ERR_SYSTEM, "standard output");
	wire_close(&job->wire);
	arena_free(&job->arena);
	return ok ? status : cli_fail(&e);
}

static int
misused(const struct cli_verb *verb)
{
	fprintf(stderr, _("usage: bahi [--config FILE] %s %s [--json]\n"),
	    verb->name, verb->arguments);
	return 2;
}

/* --json goes with every verb, the others with those that name them. */
static bool
take_flag(struct job *job, const struct cli_verb *verb, const char *word)
{
	const struct {
		const char *name;
		bool *flag;
	} flags[] = {
		{ "--json", &job->json }, { "--csv", &job->csv },
		{ "--sheet", &job->sheet }, { "--dry-run", &job->dry },
		{ "--history", &job->history },
	};

	for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
		if (strcmp(flags[i].name, word) != 0 || (i > 0 &&
		    strstr(verb->arguments, word) == NULL))
			continue;
		*flags[i].flag = true;
		return true;
	}
	return false;
}

/* --where WHERE, with the verbs that name it; never without WHERE. */
static bool
take_where(struct job *job, const struct cli_verb *verb, char **argv, int *k)
{
	if (strcmp(argv[*k], "--where") != 0 || argv[*k + 1] == NULL ||
	    strstr(verb->arguments, "--where") == NULL)
		return false;
	job->where = argv[++*k];
	return true;
}

int
cli_run(const struct options *options, int argc, char **argv)
{
	struct job job = { .verb = argv[0], .argv = argv + 1,
	    .options = options };

	for (size_t i = 0; i < n_cli_verbs; i++) {
		const struct cli_verb *verb = &cli_verbs[i];

		if (strcmp(verb->name, argv[0]) != 0)
			continue;
		for (int k = 1; k < argc; k++)
			if (!take_where(&job, verb, argv, &k) &&
			    !take_flag(&job, verb, argv[k]))
				job.argv[job.argc++] = argv[k];
		if (job.argc < verb->least || job.argc > verb->most ||
		    strcmp(argv[argc - 1], "--where") == 0)
			return misused(verb);
		return perform(options, runs[i], &job);
	}
	bug("verb %s", argv[0]);
}
