/* The verbs that show a list of ui/lists.c: one function for all. */
#include <string.h>

#include "core/i18n.h"
#include "core/str.h"
#include "net/http.h"
#include "ui/cli_inside.h"
#include "ui/lists.h"

void
cli_print_list(struct job *job, const struct list *list,
    const struct list_rows *rows)
{
	const char *heads[LIST_COLUMNS + 1] = { NULL };
	char align[LIST_COLUMNS + 1] = { 0 };
	size_t n = list_width(list);
	struct table table;

	(void)job;
	for (size_t i = 0; i < n; i++) {
		heads[i] = list->columns[i].head;
		align[i] = list_right(list->columns[i].form) ? '>' : '<';
	}
	table_start(&table, align, heads);
	for (size_t r = 0; r < rows->n; r++)
		table_add(&table, rows->items[r].cells);
	table_print(&table, stdout);
}

/* A bare word in front is the value of the first name: bahi stock MUM. */
static bool
path_of(struct job *job, const struct list *list, const char **out,
    struct err *e)
{
	const char *path = arena_printf(job->arena, "%s?", list->path);
	const char *query;
	int from = 0;

	if (job->argc > 0 && list->names[0] != NULL &&
	    strchr(job->argv[0], '=') == NULL) {
		path = wire_path(job->arena, arena_printf(job->arena,
		    "%s%s=", path, list->names[0]), job->argv[0], "&");
		from = 1;
	}
	if (!cli_query(job, from, list->names, &query, e))
		return false;
	*out = arena_printf(job->arena, "%s%s", path, query);
	return true;
}

bool
cli_list_get(struct job *job, const struct list *list, const char *path,
    struct list_rows *out, struct err *e)
{
	struct span body;

	if (!wire_get(job->wire, path, job->arena, &body, e))
		return false;
	return list_read(list, body, job->arena, out) ||
	    err_set(e, ERR_JSON, "the answer to %.100s", path);
}

bool
run_list(struct job *job, int *status, struct err *e)
{
	const struct list *list = list_find(job->verb);
	struct list_rows rows;
	const char *path;

	if (!path_of(job, list, &path, e))
		return false;
	if (job->json)
		return cli_print_json(job, path, e);
	if (!cli_list_get(job, list, path, &rows, e))
		return false;
	cli_print_list(job, list, &rows);
	if (rows.next[0] != '\0')
		printf(_("More: bahi %s after=%s\n"), list->name,
		    cli_tame(job, rows.next));
	*status = rows.n == 0;
	return true;
}

/* One order with what is still to come of each of its items. */
bool
run_orders(struct job *job, int *status, struct err *e)
{
	bool one = job->argc == 1 && strchr(job->argv[0], '=') == NULL;
	const struct list *items = list_find("order");
	struct list_rows rows;
	const char *path;

	if (!run_list(job, status, e))
		return false;
	if (!one || job->json || *status != 0)
		return true;
	path = wire_path(job->arena, "/v1/orders?number=", job->argv[0], "");
	if (!cli_list_get(job, items, path, &rows, e))
		return false;
	puts("");
	cli_print_list(job, items, &rows);
	return true;
}

/* What was captured and not yet settled; below, what was only authorised. */
bool
run_clearing(struct job *job, int *status, struct err *e)
{
	const struct list *authorised = list_find("authorised");
	struct list_rows rows;

	if (!run_list(job, status, e) || job->json)
		return e->code == ERR_NONE;
	if (!cli_list_get(job, authorised, authorised->path, &rows, e))
		return false;
	if (rows.n > 0) {
		puts("");
		cli_print_list(job, authorised, &rows);
		*status = 0;
	}
	return true;
}

/* Account, and a month: from the balance back to what made it. */
bool
run_explain(struct job *job, int *status, struct err *e)
{
	const struct list *by = list_find("by"), *why = list_find("why");
	const char *path = wire_path(job->arena, "/v1/accounts/",
	    job->argv[0], "/explain?limit=500");
	struct list_rows rows;
	struct span body;

	for (int i = 1; i < job->argc; i++)
		path = arena_printf(job->arena, "%s%s", path,
		    wire_path(job->arena, strncmp(job->argv[i], "after=", 6)
		    == 0 ? "&after=" : "&period=", job->argv[i] + (strncmp(
		    job->argv[i], "after=", 6) == 0 ? 6 : 0), ""));
	if (job->json)
		return cli_print_json(job, path, e);
	if (!wire_get(job->wire, path, job->arena, &body, e))
		return false;
	if (!list_read(by, body, job->arena, &rows))
		return err_set(e, ERR_JSON, "the answer to %.100s", path);
	cli_print_list(job, by, &rows);
	*status = rows.n == 0;
	if (!list_read(why, body, job->arena, &rows))
		return err_set(e, ERR_JSON, "the answer to %.100s", path);
	puts("");
	cli_print_list(job, why, &rows);
	if (rows.next[0] != '\0')
		printf(_("More: bahi explain %s after=%s\n"),
		    cli_tame(job, job->argv[0]), cli_tame(job, rows.next));
	return true;
}
