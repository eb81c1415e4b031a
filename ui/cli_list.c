/* The verbs that show a list of ui/lists.c: one function for all. */
#include <string.h>

#include "core/i18n.h"
#include "core/str.h"
#include "net/http.h"
#include "ui/cli_inside.h"
#include "ui/lists.h"

#define LIST_MAX 1000000

void
cli_print_list(struct job *job, const struct list *list,
    const struct list_rows *rows)
{
	const char *heads[LIST_COLUMNS + 1] = { NULL };
	char align[LIST_COLUMNS + 1] = { 0 };
	size_t n = list_width(list);
	struct table table;

	for (size_t i = 0; i < n; i++) {
		heads[i] = list->columns[i].head;
		align[i] = list_right(list->columns[i].form) ? '>' : '<';
	}
	table_start(&table, align, heads);
	for (size_t i = 0; i < n; i++) {
		enum form form = list->columns[i].form;

		table.names[i] = list->columns[i].path;
		table.times[i] = form == FORM_TIME || form == FORM_AGE;
	}
	for (size_t r = 0; r < rows->n; r++)
		table_add_raw(&table, rows->items[r].cells,
		    rows->items[r].raw);
	cli_table(job, &table);
	/* Heads alone leave a person in doubt; a script has none. */
	if (rows->n == 0 && !job->json && !job->csv && job->screen)
		cli_say(job, "%s\n", _("Nothing here."));
}

/* A bare word in front is the value of the first name: bahi stock MUM. */
static bool
path_of(struct job *job, const struct list *list, const char **out,
    struct err *e)
{
	const char *path = arena_printf(job->arena, "%s%c", list->path,
	    strchr(list->path, '?') != NULL ? '&' : '?');
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

/* Rows of the next page behind those that there are. */
static void
append(struct job *job, struct list_rows *all, size_t *room,
    const struct list_rows *more)
{
	if (all->n + more->n > *room) {
		struct list_row *items;

		*room = (all->n + more->n) * 2;
		items = arena_alloc(job->arena, *room * sizeof *items);
		if (all->n > 0)
			memcpy(items, all->items, all->n * sizeof *items);
		all->items = items;
	}
	if (more->n > 0)
		memcpy(all->items + all->n, more->items, more->n *
		    sizeof *all->items);
	all->n += more->n;
	all->next = more->next;
}

/* What is sorted or filtered must be whole; so many rows are so many. */
bool
cli_next(struct job *job, const char *first, const char **path, size_t n,
    const char *after)
{
	const char *glue = strchr(first, '?') == NULL ? "?" :
	    first[strlen(first) - 1] == '?' ? "" : "&";

	if (after[0] == '\0' || n >= LIST_MAX || !(job->all ||
	    job->sort != NULL || job->where != NULL ||
	    (job->limit >= 0 && (int64_t)n < job->limit)))
		return false;
	*path = wire_path(job->arena, arena_printf(job->arena, "%s%safter=",
	    first, glue), after, "");
	return true;
}

bool
cli_list_get(struct job *job, const struct list *list, const char *path,
    struct list_rows *out, struct err *e)
{
	const char *page = path;
	struct list_rows rows;
	size_t room = 0;
	struct span body;

	*out = (struct list_rows){ .next = "" };
	do {
		if (!wire_get(job->wire, page, job->arena, &body, e))
			return false;
		if (!list_read(list, body, job->arena, &rows))
			return err_set(e, ERR_JSON, "the answer to %.100s",
			    page);
		append(job, out, &room, &rows);
	} while (cli_next(job, path, &page, out->n, out->next));
	return true;
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
	cli_more(job, job->verb, rows.next);
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
	cli_more(job, arena_printf(job->arena, "explain %s", cli_tame(job,
	    job->argv[0])), rows.next);
	return true;
}
