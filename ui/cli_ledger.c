/* The verbs of the ledger: balances, what is behind one, one journal. */
#include <string.h>

#include "core/i18n.h"
#include "ui/cli_inside.h"

/* ---- balances ---------------------------------------------------------- */

static void
add_balance(struct job *job, struct table *table,
    const struct wire_balance *one, const char *name)
{
	struct arena *arena = job->arena;

	table_add(table, (const char *const []){ cli_tame(job, one->account),
	    name, cli_tame(job, one->entity), cli_tame(job, one->currency),
	    text_money(arena, one->currency, one->debit),
	    text_money(arena, one->currency, one->credit),
	    text_money(arena, one->currency, one->balance) });
}

void
cli_print_trial(struct job *job, const struct wire_trial *trial)
{
	static const char *const heads[] = {
		N_("Account"), N_("Name"), N_("Entity"), N_("Cur"),
		N_("Debit"), N_("Credit"), N_("Balance"), NULL
	};
	struct table table;

	table_start(&table, "<<<<>>>", heads);
	for (size_t i = 0; i < trial->n; i++)
		add_balance(job, &table, &trial->items[i],
		    cli_tame(job, trial->items[i].name));
	for (size_t i = 0; i < trial->n_totals; i++)
		add_balance(job, &table, &trial->totals[i], _("Total"));
	cli_table(job, &table);
}

static bool
print_balances(struct job *job, int *status, struct err *e)
{
	const char *to = job->as_of != NULL ? job->as_of : "";
	struct wire_trial trial;

	if (job->json)
		return cli_print_json(job, to[0] == '\0' ?
		    "/v1/trial-balance" : wire_path(job->arena,
		    "/v1/trial-balance?to=", to, ""), e);
	if (!wire_balance_get(job->wire, "", to, job->arena, &trial, e))
		return false;
	cli_print_trial(job, &trial);
	*status = trial.n == 0;
	return true;
}

/* ---- entries ------------------------------------------------------------ */

static void
add_entries(struct job *job, struct table *table,
    const struct wire_entries *entries)
{
	for (size_t i = 0; i < entries->n; i++) {
		const struct wire_entry *one = &entries->items[i];

		table_add_raw(table, (const char *const []){
		    cli_tame(job, one->journal), cli_tame(job, one->date),
		    text_document(job->arena, one->document),
		    cli_tame(job, one->party),
		    text_money(job->arena, one->currency, one->amount),
		    cli_tame(job, one->currency),
		    cli_tame(job, one->narration) },
		    (const char *const []){ NULL, NULL,
		    cli_tame(job, one->document), NULL,
		    cli_tame(job, one->amount), NULL, NULL });
	}
}

/* Those of one account, the newest first. */
static bool
print_account(struct job *job, int *status, struct err *e)
{
	static const char *const heads[] = { N_("Journal"), N_("Date"),
		N_("Document"), N_("Party"), N_("Amount"), N_("Cur"),
		N_("Narration"), NULL };
	const char *first = wire_path(job->arena, "/v1/accounts/",
	    job->argv[0], "/entries?limit=500"), *path = first;
	struct wire_entries entries = { .next = "" };
	struct table table;
	struct span body;

	if (job->as_of != NULL)
		return err_set(e, ERR_USAGE, "--as-of goes with all "
		    "balances, not with an account");
	if (job->json)
		return cli_print_json(job, first, e);
	table_start(&table, "<<<<><<", heads);
	do {
		if (!wire_get(job->wire, path, job->arena, &body, e) ||
		    (!shape_entries(body, job->arena, &entries) &&
		    !err_set(e, ERR_JSON, "the answer to %.100s", path))) {
			vec_free(&table.rows);
			return false;
		}
		add_entries(job, &table, &entries);
	} while (cli_next(job, first, &path, table.rows.n, entries.next));
	*status = table.rows.n == 0;
	cli_table(job, &table);
	if (entries.next[0] != '\0' && job->limit < 0)
		cli_say(job, _("There are more; --all has them.\n"));
	return true;
}

bool
run_ledger(struct job *job, int *status, struct err *e)
{
	return job->argc > 0 ? print_account(job, status, e) :
	    print_balances(job, status, e);
}

/* ---- one journal -------------------------------------------------------- */

bool
run_journal(struct job *job, int *status, struct err *e)
{
	static const char *const heads[] = { N_("Line"), N_("Account"),
		N_("Party"), N_("Cost centre"), N_("Tax code"), N_("Amount"),
		N_("Cur"), N_("Memo"), NULL };
	struct wire_journal journal;
	struct table table;

	(void)status;
	if (job->json)
		return cli_print_json(job, wire_path(job->arena,
		    "/v1/journals/", job->argv[0], ""), e);
	if (!wire_journal_get(job->wire, job->argv[0], job->arena, &journal,
	    e))
		return false;
	printf(_("%s of %s, %s: %s\n"), cli_tame(job, journal.id),
	    cli_tame(job, journal.entity), cli_tame(job, journal.date),
	    cli_tame(job, journal.narration));
	printf(_("Document %s, event %s\n"), cli_tame(job,
	    journal.document), cli_tame(job, journal.event));
	table_start(&table, "><<<<><<", heads);
	for (size_t i = 0; i < journal.entries.n; i++) {
		const struct wire_entry *one = &journal.entries.items[i];

		table_add(&table, (const char *const []){
		    text_count(job->arena, one->line),
		    cli_tame(job, one->account), cli_tame(job, one->party),
		    cli_tame(job, one->cost_centre),
		    cli_tame(job, one->tax_code),
		    text_money(job->arena, one->currency, one->amount),
		    cli_tame(job, one->currency),
		    cli_tame(job, one->memo) });
	}
	cli_table(job, &table);
	return true;
}
