/* bahi drift: what senders and master data no longer agree on. */
#include "ui/cli_inside.h"

#include <cjson/cJSON.h>

#include "core/i18n.h"
#include "core/json.h"

static const char *
text(struct job *job, const cJSON *item, const char *name)
{
	const char *value = json_text(item, name);

	return value != NULL ? cli_tame(job, value) : "";
}

static const char *
number(struct job *job, const cJSON *item, const char *name)
{
	return arena_printf(job->arena, "%lld",
	    (long long)cJSON_GetNumberValue(json_at(item, name)));
}

static const char *
sources(struct job *job, const cJSON *item)
{
	const cJSON *one;
	const char *out = "";

	cJSON_ArrayForEach(one, json_at(item, "sources"))
		out = arena_printf(job->arena, "%s%s%.40s", out,
		    out[0] != '\0' ? " " : "", cJSON_GetStringValue(one));
	return cli_tame(job, out);
}

static int
print_missing(struct job *job, const cJSON *list)
{
	static const char *const heads[] = { N_("Dimension"), N_("Sent value"),
		N_("Open"), N_("Unseen"), N_("First"), N_("Last"),
		N_("Sources"), N_("Meant?"), NULL };
	struct table table;
	const cJSON *item;

	if (cJSON_GetArraySize(list) == 0)
		return 0;
	puts(_("Sent, and not in the master data"));
	table_start(&table, "<<>><<<<", heads);
	cJSON_ArrayForEach(item, list)
		table_add(&table, (const char *const []){
		    text(job, item, "dimension"), text(job, item, "value"),
		    number(job, item, "open"), number(job, item, "unseen"),
		    text(job, item, "first"), text(job, item, "last"),
		    sources(job, item), text(job, item, "suggestion") });
	cli_table(job, &table);
	return 1;
}

static int
print_closed(struct job *job, const cJSON *list)
{
	static const char *const heads[] = { N_("Table"), N_("Code"),
		N_("State"), N_("To"), N_("Entries"), N_("Last"),
		N_("Mappings"), N_("One of them"), NULL };
	struct table table;
	const cJSON *item;

	if (cJSON_GetArraySize(list) == 0)
		return 0;
	puts(_("Closed or soon to be, and still used"));
	table_start(&table, "<<<<><><", heads);
	cJSON_ArrayForEach(item, list)
		table_add(&table, (const char *const []){
		    text(job, item, "table"), text(job, item, "code"),
		    text(job, item, "state"), text(job, item, "to"),
		    number(job, item, "entries"), text(job, item, "last"),
		    number(job, item, "mappings"),
		    text(job, item, "mapping") });
	cli_table(job, &table);
	return 1;
}

static int
print_behind(struct job *job, const cJSON *tree)
{
	const cJSON *item;
	int n = 0;

	cJSON_ArrayForEach(item, json_at(tree, "periods")) {
		printf(_("%s: the period %s is not set up\n"),
		    text(job, item, "entity"), text(job, item, "period"));
		n = 1;
	}
	cJSON_ArrayForEach(item, json_at(tree, "rates")) {
		const char *last = text(job, item, "last");

		printf(_("%s: the last rate of %s in %s is of %s\n"),
		    text(job, item, "entity"), text(job, item, "from"),
		    text(job, item, "to"), last[0] != '\0' ? last : "-");
		n = 1;
	}
	return n;
}

bool
run_drift(struct job *job, int *status, struct err *e)
{
	struct span body;
	cJSON *tree;
	int some;

	if (job->json)
		return cli_print_json(job, "/v1/drift", e);
	if (!wire_get(job->wire, "/v1/drift", job->arena, &body, e))
		return false;
	tree = json_parse(body);
	if (tree == NULL)
		return err_set(e, ERR_JSON, "the answer to /v1/drift");
	some = print_missing(job, json_at(tree, "missing"));
	some |= print_closed(job, json_at(tree, "closed"));
	some |= print_behind(job, tree);
	if (!some)
		puts(_("Senders and master data agree."));
	if (!cJSON_IsTrue(json_at(tree, "complete")))
		puts(_("The journals are still being read; ask again."));
	*status = some;
	cJSON_Delete(tree);
	return true;
}
