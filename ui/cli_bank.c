/* bahi bank: lines of statements beside the ledger, and what is said of
 * them. */
#include "ui/cli_inside.h"

#include <string.h>

#include "core/i18n.h"

#include "ui/bank.h"
#include "ui/cli_args.h"
#include "ui/lists.h"
#include "ui/text.h"
#include "wire/bank.h"
#include "wire/gst.h"

/* ---- what is shown ------------------------------------------------------ */

static const struct {
	const char *word, *list;
} lists_of[] = {
	{ "lines", "bank" }, { "entries", "bank_entries" },
	{ "accounts", "bank_accounts" }, { "ages", "bank_ages" },
	{ "statement", "bank_statement" }, { "tills", "bank_tills" },
	{ "payouts", "bank_payouts" }, { "payout", "bank_payout" },
};

/* What the parts of a reconciliation statement lie between. */
static void
print_balances(struct job *job, struct span body, bool before)
{
	static const char *const paths[] = { "account", "currency", "day",
		"bank", "unexplained", "ledger" };
	const char *t[6], *opening = bank_opening(job->arena, body);

	if (job->csv || !shape_texts(body, paths, 6, job->arena, t))
		return;
	if (before) {
		printf("%s  %s  %s  %s\n", cli_tame(job, t[2]), cli_tame(job,
		    t[0]), _("Balance as the bank has it"), text_money(
		    job->arena, t[1], t[3]));
		if (*opening != '\0')
			puts(cli_tame(job, opening));
		return;
	}
	if (!text_is_zero(t[4]))
		printf("%s  %s\n", _("what no statement told of"),
		    text_money(job->arena, t[1], t[4]));
	printf("%s  %s  %s  %s\n", cli_tame(job, t[2]), cli_tame(job, t[0]),
	    _("Balance as the ledger has it"), text_money(job->arena, t[1],
	    t[5]));
}

/* For who reads: what a script reads keeps its names. */
static void
name_parts(struct list_rows *rows)
{
	for (size_t i = 0; i < rows->n; i++)
		rows->items[i].cells[0] = bank_part(rows->items[i].key);
}

static bool
show_pages(struct job *job, const struct list *list, const char *path,
    struct err *e)
{
	struct list_rows rows;
	bool between = strcmp(list->name, "bank_statement") == 0;
	const char *after = "";
	struct span body;

	if (job->json)
		return cli_print_json(job, path, e);
	do {
		const char *page = wire_page(job->arena, path, after);

		if (!wire_get(job->wire, page, job->arena, &body, e))
			return false;
		if (!list_read(list, body, job->arena, &rows))
			return err_set(e, ERR_JSON, "the answer to %.100s",
			    page);
		if (between) {
			name_parts(&rows);
			print_balances(job, body, true);
		}
		if (rows.n > 0 || after[0] == '\0')
			cli_print_list(job, list, &rows);
		if (between)
			print_balances(job, body, false);
		after = job->limit >= 0 ? "" : rows.next;
	} while (after[0] != '\0');
	return true;
}

#define NO_AS_OF "--as-of goes with lines, entries, ages, statement"

/* --as-of is on=DAY, where a list takes it. */
static bool
as_of(struct job *job, const struct list *list, const char **query,
    struct err *e)
{
	size_t i = 0;

	if (job->as_of == NULL)
		return true;
	while (list->names[i] != NULL && strcmp(list->names[i], "on") != 0)
		i++;
	if (list->names[i] == NULL)
		return err_set(e, ERR_USAGE, "%s", NO_AS_OF);
	*query = wire_path(job->arena, arena_printf(job->arena, "%s%son=",
	    *query, **query != '\0' ? "&" : ""), job->as_of, "");
	return true;
}

/* "bank statement IN01/1000", "bank lines state=matched". */
static bool
show(struct job *job, const struct list *list, int from, struct err *e)
{
	const char *path = list->path, *query, *hole = strstr(path, "{}");
	bool bare = from < job->argc && strchr(job->argv[from], '=') == NULL;
	char glue = '?';

	if (hole != NULL && !bare)
		return err_set(e, ERR_USAGE, "bank payout NAME");
	if (hole != NULL) {
		path = wire_path(job->arena, arena_strndup(job->arena, path,
		    (size_t)(hole - path)), job->argv[from++], hole + 2);
	} else if (bare && list->names[0] != NULL) {
		path = wire_path(job->arena, arena_printf(job->arena, "%s?%s=",
		    path, list->names[0]), job->argv[from++], "");
		glue = '&';
	}
	if (!cli_query(job, from, list->names, &query, e) || !as_of(job,
	    list, &query, e))
		return false;
	return show_pages(job, list, arena_printf(job->arena, "%s%c%s", path,
	    glue, query), e);
}

/* With no word: those that are open, and 1 when there are some. */
static bool
show_open(struct job *job, int *status, struct err *e)
{
	const struct list *list = list_find("bank");
	const char *path, *query = "";
	struct bank_rows rows;
	struct span body;

	if (!as_of(job, list, &query, e))
		return false;
	path = arena_printf(job->arena, "%s?%s", list->path, query);
	if (!wire_get(job->wire, path, job->arena, &body, e))
		return false;
	if (!bank_read(body, job->arena, &rows))
		return err_set(e, ERR_JSON, "the answer to %.100s", path);
	*status = rows.n > 0;
	return show_pages(job, list, path, e);
}

/* The word alone says why. */
static bool
show_why(struct job *job, const char *id, struct err *e)
{
	static const char *const paths[] = { "number", "day", "amount",
		"party" };
	const char *path = wire_path(job->arena, "/v1/bank/lines/", id, "");
	struct wire_rows entries;
	struct bank_rows rows;
	struct span body;

	if (job->json)
		return cli_print_json(job, path, e);
	if (!wire_get(job->wire, path, job->arena, &body, e))
		return false;
	if (!bank_read(span_of(arena_printf(job->arena, "{\"items\":[%.*s]}",
	    (int)body.n, body.p)), job->arena, &rows) || rows.n != 1)
		return err_set(e, ERR_JSON, "the answer to %.100s", path);
	printf("%s  %s  %s\n%s\n", cli_tame(job, rows.items[0].day),
	    text_money(job->arena, rows.items[0].currency,
	    rows.items[0].amount), cli_tame(job, rows.items[0].text),
	    strcmp(rows.items[0].state, "open") == 0 ?
	    bank_why(job->arena, &rows.items[0]) :
	    bank_settled(job->arena, &rows.items[0]));
	if (rows.items[0].before[0] != '\0') {
		printf(_("Another statement said the same, word by word: "
		    "%s."), cli_tame(job, rows.items[0].before));
		putchar('\n');
	}
	if (!shape_rows(body, strcmp(rows.items[0].state, "matched") == 0 ?
	    "with.entries" : "suggestions/entries", paths, 4, job->arena,
	    &entries))
		return true;
	for (size_t i = 0; i < entries.n; i++) {
		const char **t = entries.texts + 4 * i;

		printf("  %s  %s  %s  %s\n", cli_tame(job, t[1]),
		    text_money(job->arena, rows.items[0].currency, t[2]),
		    cli_tame(job, t[0]), cli_tame(job, t[3]));
	}
	return true;
}

/* ---- what is said ------------------------------------------------------- */

static bool
put_name(struct job *job, struct wire_bank_word *word, const char *text,
    struct err *e)
{
	const struct {
		const char *name;
		const char **to;
	} names[] = { { "rule", &word->rule }, { "account", &word->of },
		{ "entity", &word->entity }, { "party", &word->party },
		{ "cost_centre", &word->cost_centre },
		{ "memo", &word->memo }, { "gst", &word->gst },
		{ "supply", &word->supply }, { "into", &word->into } };
	size_t n = strcspn(text, "=");

	(void)job;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strlen(names[i].name) == n && memcmp(names[i].name, text,
		    n) == 0) {
			*names[i].to = text + n + 1;
			return true;
		}
	return err_set(e, ERR_USAGE, "%.60s is not understood here", text);
}

static bool
is_id(const char *word, char letter)
{
	return word[0] == letter && word[1] != '\0' &&
	    strspn(word + 1, "0123456789") == strlen(word + 1);
}

static bool
read_word(struct job *job, struct wire_bank_word *word, struct err *e)
{
	const char **lines = arena_alloc(job->arena, ((size_t)job->argc + 1) *
	    sizeof *lines);
	const char **entries = arena_alloc(job->arena, ((size_t)job->argc +
	    1) * sizeof *entries);

	word->lines = lines;
	word->entries = entries;
	for (int i = 1; i < job->argc; i++) {
		const char *one = job->argv[i];

		if (strcmp(one, "--reason") == 0 && i + 1 < job->argc)
			i++;	/* job->reason has it */
		else if (is_id(one, 'L'))
			lines[word->n_lines++] = one;
		else if (is_id(one, 'N'))
			entries[word->n_entries++] = one;
		else if (is_id(one, 'D'))
			word->decision = one;
		else if (strchr(one, '=') != NULL) {
			if (!put_name(job, word, one, e))
				return false;
		} else if (strcmp(word->act, "book") == 0 &&
		    word->account == NULL) {
			word->account = one;
		} else {
			return err_set(e, ERR_USAGE, "%.60s is not understood here", one);
		}
	}
	return true;
}

static bool
judge_word(const struct wire_bank_word *word, struct err *e)
{
	if (strcmp(word->act, "undo") == 0)
		return word->decision != NULL || err_set(e, ERR_USAGE,
		    "bank undo D12");
	if (strcmp(word->act, "accept") == 0 && word->rule != NULL)
		return word->n_lines == 0 || err_set(e, ERR_USAGE,
		    "lines, or rule=RULE");
	if (word->n_lines == 0)
		return err_set(e, ERR_USAGE, "bank %s L12 ...", word->act);
	if (strcmp(word->act, "match") == 0 && word->n_entries == 0 &&
	    word->n_lines < 2)
		return err_set(e, ERR_USAGE, "bank match L12 N34 ...");
	return strcmp(word->act, "book") != 0 || word->account != NULL ||
	    err_set(e, ERR_USAGE, "bank book L12 ACCOUNT");
}

static bool
say(struct job *job, int *status, struct err *e)
{
	struct wire_bank_word word = { .act = job->argv[0],
	    .reason = job->reason };
	const char *text, *decision;
	struct span answer;
	bool bad;

	if (!read_word(job, &word, e) || !judge_word(&word, e) ||
	    (strcmp(word.act, "ignore") == 0 && !cli_reason(job,
	    &word.reason, e)) || !wire_bank_post(job->wire, &word, NULL,
	    job->arena, &answer, e))
		return false;
	text = bank_report(answer, word.act, job->arena, &bad, &decision);
	if (text == NULL)
		return err_set(e, ERR_JSON, "the answer to bank");
	*status = bad;
	if (job->json)
		cli_put_json(job, answer);
	else
		puts(cli_tame(job, text));
	return true;
}

bool
run_bank(struct job *job, int *status, struct err *e)
{
	static const char *const acts[] = { "match", "accept", "unmatch",
		"book", "ignore", "restore", "undo" };
	const char *word = job->argc > 0 ? job->argv[0] : NULL;

	if (word == NULL)
		return show_open(job, status, e);
	for (size_t i = 0; i < sizeof lists_of / sizeof *lists_of; i++)
		if (strcmp(lists_of[i].word, word) == 0)
			return show(job, list_find(lists_of[i].list), 1, e);
	if (job->as_of != NULL)
		return err_set(e, ERR_USAGE, "%s", NO_AS_OF);
	if (is_id(word, 'L') && job->argc > 1)
		return err_set(e, ERR_USAGE, "%.60s is not understood here",
		    job->argv[1]);
	if (is_id(word, 'L'))
		return show_why(job, word, e);
	for (size_t i = 0; i < sizeof acts / sizeof *acts; i++)
		if (strcmp(acts[i], word) == 0)
			return say(job, status, e);
	return err_set(e, ERR_USAGE, "bank %.60s is not understood here",
	    word);
}
