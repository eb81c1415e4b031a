/* The verbs of master data: a table out, a file in, one row changed. */
#include "ui/cli_inside.h"
#include "ui/restricted.h"

#include <cjson/cJSON.h>

#include "core/csv.h"
#include "core/file.h"
#include "core/i18n.h"
#include "core/json.h"

#define FILE_MAX ((size_t)64 << 20)
#define PATH_MAX_BYTES 8192

/* ---- out -------------------------------------------------------------- */

static const char *
table_path(struct job *job, const char *key, const char *query)
{
	struct str path;
	const char *out;

	str_init(&path, PATH_MAX_BYTES);
	str_adds(&path, "/v1/reference/");
	http_encode(&path, span_of(job->argv[0]));
	if (key != NULL) {
		str_addc(&path, '/');
		http_encode(&path, span_of(key));
	}
	str_adds(&path, query);
	out = arena_strdup(job->arena, path.p);
	str_free(&path);
	return out;
}

static bool
ask_csv(struct job *job, const char *query, struct span *out,
    struct err *e)
{
	struct http_call call = { .method = "GET", .accept = "text/csv",
	    .path = table_path(job, NULL, query), .seconds = 120 };

	return wire_ask(job->wire, &call, job->arena, out, e);
}

static void
add_record(struct job *job, struct table *table, const struct csv *csv)
{
	const char *cells[TABLE_COLUMNS] = { NULL };

	for (size_t i = 0; i < table->n; i++)
		cells[i] = cli_tame(job, arena_strdup(job->arena,
		    csv_field(csv, i)));
	table_add(table, cells);
}

static bool
print_table(struct job *job, struct span text, size_t *rows, struct err *e)
{
	const char *heads[TABLE_COLUMNS] = { NULL };
	struct table table;
	struct csv csv;

	*rows = 0;
	csv_open(&csv, text);
	if (csv_next(&csv, e)) {
		for (size_t i = 0; i < csv.n && i + 1 < TABLE_COLUMNS; i++)
			heads[i] = arena_strdup(job->arena,
			    csv_field(&csv, i));
		table_start(&table, "<<<<<<<", heads);
		for (; csv_next(&csv, e); ++*rows)
			add_record(job, &table, &csv);
		cli_table(job, &table);
	}
	csv_close(&csv);
	return e->code == ERR_NONE;
}

bool
run_reference(struct job *job, int *status, struct err *e)
{
	struct span csv;
	size_t rows;

	if (job->json)
		return cli_print_json(job, table_path(job, NULL, ""), e);
	if (!ask_csv(job, job->sheet ? "?sheet=1" : "", &csv, e))
		return false;
	if ((job->csv || job->sheet) && job->columns == NULL &&
	    job->sort == NULL && job->where == NULL && job->limit < 0 &&
	    !job->no_header)
		return fwrite(csv.p, 1, csv.n, job->out) == csv.n ||
		    err_set(e, ERR_SYSTEM, "standard output");
	if (!print_table(job, csv, &rows, e))
		return false;
	*status = rows == 0;
	return true;
}

/* ---- one row ---------------------------------------------------------- */

static bool
write_columns(struct job *job, struct str *body, struct err *e)
{
	struct json j;

	json_start(&j, body);
	json_open(&j, '{');
	for (int i = 2; i < job->argc; i++) {
		size_t n = strcspn(job->argv[i], "=");

		if (job->argv[i][n] == '\0')
			return err_set(e, ERR_USAGE, "%.60s is not "
			    "COLUMN=VALUE", job->argv[i]);
		json_kstr(&j, arena_strndup(job->arena, job->argv[i], n),
		    job->argv[i] + n + 1);
	}
	json_close(&j, '}');
	return true;
}

/* The row as it is now; what is sent says so, and is refused when somebody
 * was quicker. *tag NULL: there is none yet. */
static bool
see_row(struct job *job, const char *path, const char **tag, struct err *e)
{
	struct err absent = { 0 };
	struct span body;
	cJSON *tree;

	*tag = NULL;
	if (!wire_get(job->wire, path, job->arena, &body, &absent))
		return absent.code == ERR_NOT_FOUND ||
		    err_set(e, absent.code, "%s", absent.why);
	tree = json_parse(body);
	*tag = arena_strdup(job->arena, json_text(tree, "etag"));
	cJSON_Delete(tree);
	return *tag != NULL || err_set(e, ERR_JSON, "%.100s has no etag",
	    path);
}

static bool
send_change(struct job *job, struct http_call *call, struct err *e)
{
	struct span body;

	return wire_ask(job->wire, call, job->arena, &body, e) &&
	    cli_print_change(job, body, e);
}

bool
run_set(struct job *job, int *status, struct err *e)
{
	const char *path = table_path(job, job->argv[1], "");
	struct http_call call = { .method = "PATCH", .path = path };
	struct str body;
	bool ok;

	(void)status;
	str_init(&body, (size_t)1 << 20);
	ok = write_columns(job, &body, e) &&
	    see_row(job, path, &call.match, e);
	call.new = call.match == NULL;
	call.body = str_span(&body);
	ok = ok && send_change(job, &call, e);
	str_free(&body);
	return ok;
}

bool
run_remove(struct job *job, int *status, struct err *e)
{
	struct http_call call = { .method = "DELETE",
	    .path = table_path(job, job->argv[1], "") };

	(void)status;
	if (!see_row(job, call.path, &call.match, e))
		return false;
	if (call.match == NULL)
		return err_set(e, ERR_NOT_FOUND, "%.60s %.60s",
		    job->argv[0], job->argv[1]);
	return send_change(job, &call, e);
}

/* ---- in --------------------------------------------------------------- */

static void
print_trial(struct job *job, const cJSON *tree)
{
	static const char *const heads[] = {
		N_("Line"), N_("What"), N_("Why or old"), N_("New"), NULL
	};
	const cJSON *item;
	struct table table;

	table_start(&table, "><<<", heads);
	cJSON_ArrayForEach(item, json_at(tree, "rows")) {
		const char *why = json_text(item, "why");
		const char *old = json_text(item, "old");
		const char *new = json_text(item, "new");

		table_add(&table, (const char *const []){
		    arena_printf(job->arena, "%d",
		    (int)cJSON_GetNumberValue(json_at(item, "line"))),
		    cli_tame(job, json_text(item, "what")),
		    cli_tame(job, why != NULL ? why : old != NULL ? old :
		    ""), cli_tame(job, new != NULL ? new : "") });
	}
	cli_table(job, &table);
}

static int
count(const cJSON *tree, const char *name)
{
	return (int)cJSON_GetNumberValue(json_at(tree, name));
}

static bool
show_trial(struct job *job, struct span body, int *status, struct err *e)
{
	cJSON *tree = json_parse(body);

	if (tree == NULL)
		return err_set(e, ERR_JSON, "the trial's answer");
	*status = count(tree, "refused") > 0;
	if (job->json) {
		cli_put_json(job, body);
	} else {
		print_trial(job, tree);
		printf(_("%d new, %d changed, %d the same, %d refused; "
		    "nothing was written\n"), count(tree, "added"),
		    count(tree, "changed"), count(tree, "same"),
		    count(tree, "refused"));
	}
	cJSON_Delete(tree);
	return true;
}

bool
run_import(struct job *job, int *status, struct err *e)
{
	struct http_call call = { .method = "POST", .type = "text/csv",
	    .path = table_path(job, NULL, job->dry ? "?dry_run=1" : ""),
	    .seconds = 600 };
	struct span body;

	if (!restricted_read(job->argv[1], FILE_MAX, job->arena, &call.body, e))
		return false;
	if (!job->dry)
		return send_change(job, &call, e);
	return wire_ask(job->wire, &call, job->arena, &body, e) &&
	    show_trial(job, body, status, e);
}
