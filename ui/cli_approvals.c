/*
 * What waits for an approval without a screen: the list, one with what it
 * would change, yes, no, and who may say it for whom.
 */
#include <stdio.h>
#include <string.h>

#include "book/money.h"
#include "core/digest.h"
#include "core/file.h"
#include "core/i18n.h"
#include "core/json.h"
#include "ui/cli.h"
#include "ui/cli_inside.h"
#include "ui/restricted.h"
#include "wire/approval.h"

#define CODE_MAX 100		/* bytes of a file with a one-time code */
#define MAKER 3			/* exit status of who approves his own */

/* ---- words ---------------------------------------------------------- */

struct word {
	const char *name;	/* "--reason" */
	const char **at;
};

/* Takes `--name VALUE` out of the arguments; what is left stays in order. */
static bool
take_words(struct job *job, const struct word *words, size_t n,
    struct err *e)
{
	int left = 0;

	for (int i = 0; i < job->argc; i++) {
		size_t k = 0;

		while (k < n && strcmp(words[k].name, job->argv[i]) != 0)
			k++;
		if (k < n && i + 1 == job->argc)
			return err_set(e, ERR_USAGE, "%s wants a value",
			    words[k].name);
		if (k < n)
			*words[k].at = job->argv[++i];
		else if (strncmp(job->argv[i], "--", 2) == 0)
			return err_set(e, ERR_USAGE, "%.60s is not understood here", job->argv[i]);
		else
			job->argv[left++] = job->argv[i];
	}
	job->argc = left;
	return true;
}

/* ---- show ----------------------------------------------------------- */

static void
print_reasons(struct job *job, const struct wire_approval *a)
{
	printf("%s  %s  %s %s\n", cli_tame(job, a->event),
	    text_document(job->arena, a->document), text_money(job->arena,
	    a->currency, a->amount), cli_tame(job, a->currency));
	for (size_t i = 0; i < a->n_policies; i++)
		printf("  %s: %s\n", cli_tame(job, a->policies[i].policy),
		    cli_tame(job, a->policies[i].why));
	puts(arena_printf(job->arena, a->totp ?
	    _("approved by %zu of %lld, each with a one-time code") :
	    _("approved by %zu of %lld"), a->n_given,
	    (long long)a->needed));
	for (size_t i = 0; i < a->n_given; i++)
		printf("  %s  %s  %s\n", cli_tame(job, a->given[i].by),
		    text_time(job->arena, a->given[i].at),
		    cli_tame(job, a->given[i].whose));
	puts(arena_printf(job->arena, _("made by %s"),
	    cli_tame(job, a->maker)));
	if (a->expires[0] != '\0')
		puts(arena_printf(job->arena, _("until %s"),
		    text_time(job->arena, a->expires)));
}

static void
print_effects(struct job *job, const struct wire_effect *items, size_t n,
    const char *head)
{
	const char *const heads[] = { head, N_("Name"), N_("Before"),
		N_("Change"), N_("After"), NULL };
	struct table table;

	if (n == 0)
		return;
	puts("");
	table_start(&table, "<<>>>", heads);
	for (size_t i = 0; i < n; i++) {
		const struct wire_effect *f = &items[i];
		bool whole = f->balance[0] != '\0';

		table_add(&table, (const char *const []){
		    cli_tame(job, f->account), cli_tame(job, f->name),
		    text_money(job->arena, f->currency, whole ? f->balance :
		    f->before), text_money(job->arena, f->currency,
		    f->change), text_money(job->arena, f->currency, whole ?
		    f->then : f->after) });
	}
	cli_table(job, &table);
}

static bool
get(struct job *job, const char *id, struct wire_approval *out,
    struct err *e)
{
	const char *path = wire_path(job->arena, "/v1/approvals/", id, "");
	struct span body;

	return wire_get(job->wire, path, job->arena, &body, e) &&
	    (shape_approval(body, job->arena, out) ||
	    err_set(e, ERR_JSON, "the answer to %.100s", path));
}

static bool
show(struct job *job, struct err *e)
{
	struct wire_approval a;

	if (job->argc != 2)
		return err_set(e, ERR_USAGE, "show E12");
	if (job->json)
		return cli_print_json(job, wire_path(job->arena,
		    "/v1/approvals/", job->argv[1], ""), e);
	if (!get(job, job->argv[1], &a, e))
		return false;
	print_reasons(job, &a);
	print_effects(job, a.preview.effects, a.preview.n_effects,
	    N_("Account"));
	print_effects(job, a.preview.taxes, a.preview.n_taxes,
	    N_("Tax code"));
	return true;
}

bool
run_approvals(struct job *job, int *status, struct err *e)
{
	if (job->argc > 0 && strcmp(job->argv[0], "show") == 0)
		return show(job, e);
	return run_list(job, status, e);
}

/* ---- yes and no ------------------------------------------------------ */

/* Of a file, or of standard input for `-`. Never an argument: those are seen
 * by everybody on the machine. */
bool
cli_code(struct job *job, const char *path, const char **code,
    struct err *e)
{
	struct span text;
	char line[CODE_MAX];

	if (strcmp(path, "-") == 0) {
		if (fgets(line, sizeof line, stdin) == NULL)
			return err_set(e, ERR_USAGE, "no code on standard "
			    "input");
		text = span_of(arena_strdup(job->arena, line));
	} else if (!restricted_read(path, CODE_MAX, job->arena, &text, e)) {
		return false;
	}
	*code = arena_strndup(job->arena, text.p, strcspn(text.p, " \r\n"));
	return true;
}

static const char *
object(struct job *job, const char *const *pairs)
{
	const char *out;
	struct str text;
	struct json j;

	str_init(&text, 65536);
	json_start(&j, &text);
	json_open(&j, '{');
	for (; pairs[0] != NULL; pairs += 2)
		if (pairs[1] != NULL)
			json_kstr(&j, pairs[0], pairs[1]);
	json_close(&j, '}');
	out = arena_strdup(job->arena, text.p);
	str_free(&text);
	return out;
}

/* Each as it is now: the version says that it was this that was meant. */
static bool
pick(struct job *job, struct wire_decide *what, bool *mine, struct err *e)
{
	struct wire_pick *picks = arena_alloc(job->arena,
	    ((size_t)job->argc + 1) * sizeof *picks);
	struct wire_event event;
	struct wire_approval a;

	*mine = false;
	for (int i = 0; i < job->argc; i++) {
		struct err none = { 0 };

		if (job->argv[i][0] != 'E')
			return err_set(e, ERR_USAGE, "%.60s is not understood here", job->argv[i]);
		if (!wire_event_get(job->wire, job->argv[i], job->arena,
		    &event, e))
			return false;
		*mine = *mine || (get(job, job->argv[i], &a, &none) &&
		    a.mine);
		picks[i] = (struct wire_pick){ event.id, event.version };
	}
	what->events = picks;
	what->n_events = (size_t)job->argc;
	return true;
}

/* Who made it is told so by an exit status of its own. */
static bool
decide(struct job *job, const struct wire_decide *decide, bool mine,
    int *status, struct err *e)
{
	struct wire_decide what = *decide;

	if (cli_decide(job, &what, status, e))
		return true;
	if (!mine || e->code != ERR_FORBIDDEN)
		return false;
	cli_fail(e);
	*e = (struct err){ 0 };
	*status = MAKER;
	return true;
}

bool
run_approve(struct job *job, int *status, struct err *e)
{
	const char *giver = NULL, *reason = NULL, *code = NULL;
	const struct word words[] = { { "--for", &giver },
		{ "--reason", &reason } };
	struct wire_decide what = { .action = "approve",
	    .where = job->where };
	bool mine = false;

	if (!take_words(job, words, 2, e))
		return false;
	if ((job->where != NULL) == (job->argc > 0))
		return err_set(e, ERR_USAGE, "events, or --where");
	if (job->code_file != NULL &&
	    !cli_code(job, job->code_file, &code, e))
		return false;
	what.reason = reason;
	if (code != NULL || giver != NULL)
		what.with = object(job, (const char *const []){ "totp", code,
		    "for", giver, NULL });
	if (job->where != NULL)
		return cli_run_many(job, &what, status, e);
	if (!pick(job, &what, &mine, e))
		return false;
	return job->dry ? cli_run_many(job, &what, status, e) :
	    decide(job, &what, mine, status, e);
}

bool
run_reject(struct job *job, int *status, struct err *e)
{
	const char *reason = NULL;
	const struct word words[] = { { "--reason", &reason } };
	struct wire_decide what = { .action = "reject" };
	bool mine = false;

	if (!take_words(job, words, 1, e))
		return false;
	if (job->argc == 0)
		return err_set(e, ERR_USAGE, "events, and --reason");
	if (!cli_reason(job, &reason, e))
		return false;
	what.reason = reason;
	return pick(job, &what, &mine, e) &&
	    decide(job, &what, false, status, e);
}

/* ---- for somebody else ------------------------------------------------ */

bool
run_delegate(struct job *job, int *status, struct err *e)
{
	const char *until = NULL, *limit = NULL, *reason = NULL;
	const struct word words[] = { { "--until", &until },
		{ "--limit", &limit }, { "--reason", &reason } };
	struct wire_decide what = { .action = "delegate" };
	const char *moment = until;

	if (job->argc == 0) {
		job->verb = "delegations";
		return run_list(job, status, e);
	}
	if (!take_words(job, words, 3, e))
		return false;
	if (job->argc != 1 || until == NULL)
		return err_set(e, ERR_USAGE, "a person, --until and "
		    "--reason");
	if (!cli_reason(job, &reason, e))
		return false;
	/* A day is all of it, in Indian time. */
	moment = strlen(until) != 10 ? until : arena_printf(job->arena,
	    "%sT23:59:59+05:30", until);
	what.reason = reason;
	what.with = object(job, (const char *const []){ "to", job->argv[0],
	    "until", moment, "limit", limit, NULL });
	return cli_decide(job, &what, status, e);
}

bool
run_undelegate(struct job *job, int *status, struct err *e)
{
	struct wire_decide what = { .action = "delegate",
	    .reason = job->argv[1] };

	what.with = object(job, (const char *const []){ "to", job->argv[0],
	    "revoke", "yes", NULL });
	return cli_decide(job, &what, status, e);
}
