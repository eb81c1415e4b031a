/*
 * Balances between companies of the group: what they are, where they differ,
 * and the entry that makes two of them agree.
 */
#include <string.h>

#include "core/i18n.h"
#include "ui/cli_inside.h"
#include "wire/intercompany.h"

/* ---- what there is ---------------------------------------------------- */

static const char *
money(struct job *job, const char *currency, const char *amount)
{
	return text_money(job->arena, currency, amount);
}

static void
print_pairs(struct job *job, const struct wire_intercompany *all)
{
	static const char *const heads[] = { N_("Pair"), N_("Cur"),
		N_("Here"), N_("There"), N_("Difference"),
		N_("Mismatches"), NULL };
	struct table table;

	table_start(&table, "<<>>>>", heads);
	for (size_t i = 0; i < all->n_pairs; i++) {
		const struct wire_pair *pair = &all->pairs[i];

		for (size_t k = 0; k < pair->n; k++) {
			const struct wire_pair_balance *b =
			    &pair->balances[k];

			table_add(&table, (const char *const []){
			    cli_tame(job, pair->pair),
			    cli_tame(job, b->currency),
			    money(job, b->currency, b->here),
			    money(job, b->currency, b->there),
			    money(job, b->currency, b->difference),
			    cli_tame(job, pair->mismatches) });
		}
	}
	cli_table(job, &table);
}

/* The documents of one side, or a dash. */
static const char *
documents(struct job *job, const struct wire_mutual_side *side)
{
	const char *out = "";

	for (size_t i = 0; i < side->n; i++)
		out = arena_printf(job->arena, "%s%s%s", out, i > 0 ? " " :
		    "", text_document(job->arena,
		    side->documents[i].document));
	return side->n == 0 ? "-" : side->more ? arena_printf(job->arena,
	    "%s ...", out) : out;
}

static const char *
entry_of(struct job *job, const struct wire_mismatch *m)
{
	if (m->adjusting[0] != '\0')
		return cli_tame(job, m->adjusting);
	if (m->missing[0] != '\0' || m->entity[0] == '\0')
		return "-";
	return arena_printf(job->arena, "%s %s/%s",
	    cli_tame(job, m->entity), cli_tame(job, m->lines[0].account),
	    cli_tame(job, m->lines[1].account));
}

static void
print_items(struct job *job, const struct wire_intercompany *all)
{
	static const char *const heads[] = { N_("Pair"), N_("Name"),
		N_("Why"), N_("Difference"), N_("Cur"), N_("Version"),
		N_("Entry"), N_("Here"), N_("There"), NULL };
	struct table table;

	table_start(&table, "<<<><<<<<", heads);
	for (size_t i = 0; i < all->n; i++) {
		const struct wire_mismatch *m = &all->items[i];

		table_add(&table, (const char *const []){
		    cli_tame(job, m->pair), cli_tame(job, m->name),
		    text_mismatch(job->arena, m->why),
		    money(job, m->currency, m->difference),
		    cli_tame(job, m->currency), cli_tame(job, m->version),
		    entry_of(job, m), documents(job, &m->side[0]),
		    documents(job, &m->side[1]) });
	}
	cli_table(job, &table);
}

static void
print_unnamed(struct job *job, const struct wire_intercompany *all)
{
	for (size_t i = 0; i < all->n_unnamed; i++) {
		const struct wire_unnamed *one = &all->unnamed[i];

		printf(_("%s %s: %s %s names no company of the group\n"),
		    cli_tame(job, one->entity), cli_tame(job, one->account),
		    money(job, one->currency, one->amount),
		    cli_tame(job, one->currency));
	}
}

static bool
show(struct job *job, int *status, struct err *e)
{
	static const char *const names[] = { "entity", "period", "all",
		NULL };
	struct wire_intercompany all;
	const char *query, *path;
	struct span body;

	if (!cli_query(job, 0, names, &query, e))
		return false;
	path = arena_printf(job->arena, "/v1/intercompany?%s", query);
	if (!wire_get(job->wire, path, job->arena, &body, e))
		return false;
	if (!shape_intercompany(body, job->arena, &all))
		return err_set(e, ERR_JSON, "the answer to %.100s", path);
	if (job->json) {
		cli_put_json(job, body);
	} else {
		print_pairs(job, &all);
		if (all.n > 0)
			puts("");
		print_items(job, &all);
		print_unnamed(job, &all);
	}
	*status = all.n_unnamed > 0;
	for (size_t i = 0; i < all.n; i++)
		*status |= all.items[i].why[0] != '\0';
	return true;
}

/* ---- adjusting -------------------------------------------------------- */

static bool
take_values(struct job *job, struct wire_adjust *a, struct err *e)
{
	const struct {
		const char *name, **at;
	} known[] = {
		{ "in=", &a->in }, { "against=", &a->against },
		{ "period=", &a->period }, { "reason=", &a->reason },
		{ "version=", &a->version },
	};

	for (int i = 3; i < job->argc; i++) {
		size_t k = 0, n = sizeof known / sizeof *known;

		while (k < n && strncmp(job->argv[i], known[k].name,
		    strlen(known[k].name)) != 0)
			k++;
		if (k == n)
			return err_set(e, ERR_USAGE, "%.60s is not understood here", job->argv[i]);
		*known[k].at = job->argv[i] + strlen(known[k].name);
	}
	return true;
}

/* Of this moment, when the caller names no version that was seen. */
static bool
find_version(struct job *job, struct wire_adjust *a, struct err *e)
{
	const char *path = wire_path(job->arena,
	    "/v1/intercompany?entity=", a->entity, "");
	struct wire_intercompany all;
	struct span body;

	if (a->version != NULL)
		return true;
	if (a->period != NULL)
		path = wire_path(job->arena, arena_printf(job->arena,
		    "%s&period=", path), a->period, "");
	if (!wire_get(job->wire, path, job->arena, &body, e))
		return false;
	if (!shape_intercompany(body, job->arena, &all))
		return err_set(e, ERR_JSON, "the answer to %.100s", path);
	for (size_t i = 0; i < all.n; i++) {
		const struct wire_mismatch *m = &all.items[i];

		if (strcmp(m->name, a->name) != 0 ||
		    strcmp(m->side[1].entity, a->party) != 0)
			continue;
		a->version = m->version;
		if (a->period == NULL && m->period[0] != '\0')
			a->period = m->period;
		return true;
	}
	return err_set(e, ERR_NOT_FOUND, "%.60s and %.60s agree on %.60s",
	    a->entity, a->party, a->name);
}

static void
print_entry(struct job *job, const struct wire_mismatch *m)
{
	static const char *const heads[] = { N_("Account"), N_("Name"),
		N_("Party"), N_("Debit"), N_("Credit"), NULL };
	struct table table;

	printf(_("%s in %s on %s, difference %s %s\n"),
	    cli_tame(job, m->number), cli_tame(job, m->entity),
	    cli_tame(job, m->date),
	    money(job, m->currency, m->difference),
	    cli_tame(job, m->currency));
	if (m->reverse_on[0] != '\0')
		printf(_("Taken back on %s\n"),
		    cli_tame(job, m->reverse_on));
	table_start(&table, "<<<>>", heads);
	for (int i = 0; i < 2; i++) {
		const struct wire_adjust_line *line = &m->lines[i];

		table_add(&table, (const char *const []){
		    cli_tame(job, line->account), cli_tame(job, line->name),
		    cli_tame(job, line->party),
		    money(job, m->proposed, line->debit),
		    money(job, m->proposed, line->credit) });
	}
	cli_table(job, &table);
}

static bool
print_posted(struct job *job, struct span body, int *status, struct err *e)
{
	struct wire_adjusted done;

	if (!shape_adjusted(body, job->arena, &done))
		return err_set(e, ERR_JSON, "the answer to adjust");
	printf("%s  %s  %s\n", cli_tame(job, done.event),
	    text_state(job->arena, done.state),
	    cli_tame(job, done.sentence));
	*status = strcmp(done.state, "posted") != 0;
	return true;
}

static bool
adjust(struct job *job, int *status, struct err *e)
{
	struct wire_adjust a = { .dry = job->dry };
	const char *slash;
	struct wire_mismatch m;
	struct span body;

	if (job->argc < 3 || (slash = strchr(job->argv[1], '/')) == NULL)
		return err_set(e, ERR_USAGE, "adjust HERE/THERE NAME");
	a.entity = arena_strndup(job->arena, job->argv[1],
	    (size_t)(slash - job->argv[1]));
	a.party = slash + 1;
	a.name = job->argv[2];
	if (!take_values(job, &a, e) || !find_version(job, &a, e) ||
	    !wire_adjust_post(job->wire, &a, job->arena, &body, e))
		return false;
	if (job->json) {
		cli_put_json(job, body);
		return true;
	}
	if (!job->dry)
		return print_posted(job, body, status, e);
	if (!shape_mismatch(body, job->arena, &m))
		return err_set(e, ERR_JSON, "the answer to adjust");
	print_entry(job, &m);
	return true;
}

bool
run_intercompany(struct job *job, int *status, struct err *e)
{
	if (job->argc > 0 && strcmp(job->argv[0], "adjust") == 0)
		return adjust(job, status, e);
	return show(job, status, e);
}
