/* The verb of the alerts: what is wrong with the system, what was sent. */
#include <string.h>

#include "core/i18n.h"
#include "ui/cli_inside.h"

static void
print_alerts(struct job *job, const struct wire_alerts *all)
{
	static const char *const heads[] = {
		N_("Alert"), N_("State"), N_("Since"), N_("Over"),
		N_("Sentence"), NULL
	};
	struct table table;

	table_start(&table, "<<<<<", heads);
	for (size_t i = 0; i < all->n; i++) {
		const struct wire_alert *one = &all->items[i];

		table_add(&table, (const char *const []){
		    cli_tame(job, one->id),
		    strcmp(one->state, "raised") == 0 ? _("raised") :
		    _("over"), text_time(job->arena, one->since),
		    text_time(job->arena, one->recovered),
		    cli_tame(job, one->sentence[0] != '\0' ? one->sentence :
		    one->code) });
	}
	cli_table(job, &table);
}

static void
print_sendings(struct job *job, const struct wire_sendings *all)
{
	static const char *const heads[] = {
		N_("When"), N_("Channel"), N_("Sent to"), N_("Signature"),
		N_("Outcome"), NULL
	};
	struct table table;

	table_start(&table, "<<<<<", heads);
	for (size_t i = 0; i < all->n; i++) {
		const struct wire_sending *one = &all->items[i];

		table_add(&table, (const char *const []){
		    text_time(job->arena, one->at), cli_tame(job, one->channel),
		    cli_tame(job, one->to), cli_tame(job, one->signature),
		    cli_tame(job, one->outcome) });
	}
	cli_table(job, &table);
}

static bool
run_sendings(struct job *job, int *status, struct err *e)
{
	static const char *const names[] = { "after", "limit", NULL };
	struct wire_sendings all;
	const char *query;

	if (!cli_query(job, 1, names, &query, e))
		return false;
	if (job->json)
		return cli_print_json(job, arena_printf(job->arena,
		    "/v1/alerts/sent?%s", query), e);
	if (!wire_sendings_get(job->wire, query, job->arena, &all, e))
		return false;
	print_sendings(job, &all);
	cli_more(job, "alerts sent", all.next);
	*status = all.n == 0;
	return true;
}

bool
run_alerts(struct job *job, int *status, struct err *e)
{
	static const char *const names[] = {
		"state", "after", "limit", NULL
	};
	struct wire_alerts all;
	const char *query;

	if (job->argc > 0 && strcmp(job->argv[0], "sent") == 0)
		return run_sendings(job, status, e);
	if (!cli_query(job, 0, names, &query, e))
		return false;
	if (job->json)
		return cli_print_json(job, arena_printf(job->arena,
		    "/v1/alerts?%s", query), e);
	if (!wire_alerts_get(job->wire, query, job->arena, &all, e))
		return false;
	print_alerts(job, &all);
	cli_more(job, "alerts", all.next);
	*status = all.n == 0;
	return true;
}
