/* The verbs of what needs a second person: propose, back-test, accept. */
#include "ui/cli_inside.h"
#include "ui/restricted.h"

#include <cjson/cJSON.h>
#include <time.h>
#include <unistd.h>

#include "core/file.h"
#include "core/i18n.h"
#include "core/json.h"

#define FILE_MAX ((size_t)16 << 20)
#define REQUEST_MAX ((size_t)64 << 20)

static const char *
text(struct job *job, const cJSON *item, const char *name)
{
	const char *value = json_text(item, name);

	return value != NULL ? cli_tame(job, value) : "";
}

static int64_t
number(const cJSON *item, const char *name)
{
	return (int64_t)cJSON_GetNumberValue(json_at(item, name));
}

static const char *
join(struct job *job, const char *before, const char *id,
    const char *behind)
{
	struct str path;
	const char *out;

	str_init(&path, 4096);
	str_adds(&path, before);
	http_encode(&path, span_of(id));
	str_adds(&path, behind);
	out = arena_strdup(job->arena, path.p);
	str_free(&path);
	return out;
}

static const char *
path_of(struct job *job, const char *id, const char *behind)
{
	return join(job, "/v1/proposals/", id, behind);
}

static const char *
diff_path(struct job *job, const char *old, const char *new)
{
	return join(job, join(job, "/v1/rules/", new, "?against="), old, "");
}

/* NULL: err says why. */
static cJSON *
ask(struct job *job, const struct http_call *call, struct err *e)
{
	struct span body;
	cJSON *tree = NULL;

	if (wire_ask(job->wire, call, job->arena, &body, e) &&
	    (tree = json_parse(body)) == NULL)
		err_set(e, ERR_JSON, "answer to %.100s", call->path);
	return tree;
}

static cJSON *
get(struct job *job, const char *path, struct err *e)
{
	return ask(job, &(struct http_call){ .method = "GET",
	    .path = path }, e);
}

/* ---- looking ---------------------------------------------------------- */

static const char *
subject(struct job *job, const cJSON *item)
{
	const char *table = text(job, item, "table");

	return table[0] != '\0' ? table : text(job, item, "kind");
}

static void
print_list(struct job *job, const cJSON *tree)
{
	static const char *const heads[] = { N_("Proposal"), N_("State"),
		N_("Subject"), N_("Author"), N_("At"), N_("Tested"),
		N_("Decided by"), N_("Reason"), NULL };
	const cJSON *item;
	struct table table;

	table_start(&table, "<<<<<<<<", heads);
	cJSON_ArrayForEach(item, json_at(tree, "items"))
		table_add(&table, (const char *const []){
		    text(job, item, "id"), text(job, item, "state"),
		    subject(job, item), text(job, item, "author"),
		    text_time(job->arena, text(job, item, "at")),
		    cJSON_IsTrue(json_at(item, "tested")) ? _("yes") :
		    _("no"), text(job, item, "decided_by"),
		    text(job, item, "reason") });
	cli_table(job, &table);
}

static void
print_accounts(struct job *job, const cJSON *list)
{
	static const char *const heads[] = { N_("Account"), N_("Cur"),
		N_("Now"), N_("Then"), N_("Difference"), NULL };
	const cJSON *item;
	struct table table;

	if (cJSON_GetArraySize(list) == 0)
		return;
	table_start(&table, "<<>>>", heads);
	cJSON_ArrayForEach(item, list) {
		const char *currency = text(job, item, "currency");

		table_add(&table, (const char *const []){
		    text(job, item, "account"), currency,
		    text_money(job->arena, currency, text(job, item, "old")),
		    text_money(job->arena, currency, text(job, item, "new")),
		    text_money(job->arena, currency,
		    text(job, item, "difference")) });
	}
	cli_table(job, &table);
}

static void
print_events(struct job *job, const cJSON *list)
{
	static const char *const heads[] = { N_("Event"), N_("Source"),
		N_("Document"), N_("Now"), N_("Then"), N_("Field"),
		N_("Was"), N_("Becomes"), NULL };
	const cJSON *item;
	struct table table;

	table_start(&table, "<<<<<<<<", heads);
	cJSON_ArrayForEach(item, list) {
		const cJSON *field = cJSON_GetArrayItem(json_at(item,
		    "fields"), 0);

		table_add(&table, (const char *const []){
		    text(job, item, "event"), text(job, item, "source"),
		    text(job, item, "document"), text(job, item, "old"),
		    text(job, item, "new"), text(job, field, "field"),
		    text(job, field, "old"), text(job, field, "new") });
	}
	cli_table(job, &table);
}

static void
print_backtest(struct job *job, const cJSON *result)
{
	printf(_("%lld events judged, %lld would post differently\n"),
	    (long long)number(result, "judged"),
	    (long long)number(result, "changed"));
	if (cJSON_IsTrue(json_at(result, "cancelled")))
		puts(_("It was cancelled before its end."));
	if (number(result, "changed") == 0)
		return;
	print_events(job, json_at(result, "events"));
	if (cJSON_IsTrue(json_at(result, "cut")))
		puts(_("There are more."));
	print_accounts(job, json_at(result, "accounts"));
}

static void
print_rules(struct job *job, const cJSON *tree)
{
	const cJSON *file, *line;

	cJSON_ArrayForEach(file, json_at(tree, "changes")) {
		printf("%s %s\n", text(job, file, "what"),
		    text(job, file, "file"));
		cJSON_ArrayForEach(line, json_at(file, "lines"))
			printf("%c%5lld %s\n", strcmp(text(job, line,
			    "what"), "added") == 0 ? '+' : '-',
			    (long long)number(line, "line"),
			    text(job, line, "text"));
	}
}

/* What it says, line by line. */
static bool
print_content(struct job *job, const cJSON *tree, struct err *e)
{
	const char *csv = json_text(tree, "csv");
	cJSON *diff;

	if (csv != NULL) {
		for (size_t n; *csv != '\0'; csv += n + (csv[n] == '\n')) {
			n = strcspn(csv, "\n");
			printf("  %s\n", cli_tame(job, arena_strndup(
			    job->arena, csv, n)));
		}
		return true;
	}
	diff = get(job, diff_path(job, text(job, tree, "base"),
	    text(job, tree, "digest")), e);
	if (diff != NULL)
		print_rules(job, diff);
	cJSON_Delete(diff);
	return diff != NULL;
}

static bool
show_one(struct job *job, struct err *e)
{
	cJSON *tree = get(job, path_of(job, job->argv[0], ""), e);
	bool ok = tree != NULL;

	if (ok) {
		printf(_("%s %s: %s of %s, version %lld, by %s, %s\n"),
		    text(job, tree, "id"), text(job, tree, "state"),
		    cJSON_IsTrue(json_at(tree, "remove")) ? _("removal") :
		    _("change"), subject(job, tree),
		    (long long)number(tree, "version"),
		    text(job, tree, "author"),
		    text_time(job->arena, text(job, tree, "at")));
		printf("%s\n", text(job, tree, "reason"));
		ok = print_content(job, tree, e);
	}
	if (ok && cJSON_IsObject(json_at(tree, "backtest")))
		print_backtest(job, json_at(tree, "backtest"));
	cJSON_Delete(tree);
	return ok;
}

bool
run_proposals(struct job *job, int *status, struct err *e)
{
	cJSON *tree;

	if (job->json)
		return cli_print_json(job, job->argc > 0 ? path_of(job,
		    job->argv[0], "") : "/v1/proposals", e);
	if (job->argc > 0)
		return show_one(job, e);
	tree = get(job, "/v1/proposals", e);
	if (tree == NULL)
		return false;
	print_list(job, tree);
	*status = cJSON_GetArraySize(json_at(tree, "items")) == 0;
	cJSON_Delete(tree);
	return true;
}

/* ---- proposing -------------------------------------------------------- */

static bool
write_proposal(struct job *job, struct span file, struct str *body)
{
	struct json j;
	bool rules = strcmp(job->argv[0], "rules") == 0;

	json_start(&j, body);
	json_open(&j, '{');
	json_kstr(&j, "kind", rules ? "rules" : "reference");
	json_kstr(&j, "reason", job->argv[2]);
	if (rules) {
		json_key(&j, "files");
		json_raw(&j, file);
	} else {
		json_kstr(&j, "table", job->argv[0]);
		json_key(&j, "csv");
		json_span(&j, file);
	}
	json_close(&j, '}');
	return !body->over;
}

bool
run_propose(struct job *job, int *status, struct err *e)
{
	struct http_call call = { .method = "POST",
	    .path = "/v1/proposals" };
	struct span file, answer;
	struct str body;
	bool ok;

	(void)status;
	if (!restricted_read(job->argv[1], FILE_MAX, job->arena, &file, e))
		return false;
	str_init(&body, REQUEST_MAX);
	ok = write_proposal(job, file, &body) ||
	    err_set(e, ERR_TOO_LARGE, "%.100s", job->argv[1]);
	call.body = str_span(&body);
	ok = ok && wire_ask(job->wire, &call, job->arena, &answer, e);
	str_free(&body);
	return ok && cli_print_change(job, answer, e);
}

static int
count(const cJSON *tree, const char *name)
{
	return (int)cJSON_GetNumberValue(json_at(tree, name));
}

bool
cli_print_change(struct job *job, struct span answer, struct err *e)
{
	cJSON *tree;

	if (job->json) {
		cli_put_json(job, answer);
		return true;
	}
	tree = json_parse(answer);
	if (tree == NULL)
		return err_set(e, ERR_JSON, "the answer");
	if (json_text(tree, "proposal") != NULL)
		printf(_("%s waits for the approval of somebody else\n"),
		    text(job, tree, "proposal"));
	else if (json_at(tree, "rows") != NULL)
		printf(ngettext("done: %d row; master data is at version "
		    "R%d\n", "done: %d rows; master data is at version R%d\n",
		    (unsigned long)count(tree, "rows")), count(tree, "rows"),
		    count(tree, "generation"));
	cJSON_Delete(tree);
	return true;
}

/* ---- deciding --------------------------------------------------------- */

/* Of the version as it is now: what happens between shows. */
static bool
decide(struct job *job, const char *what, struct err *e)
{
	struct http_call call = { .method = "POST", .seconds = 600,
	    .path = path_of(job, job->argv[0], what) };
	cJSON *tree = get(job, path_of(job, job->argv[0], ""), e);
	struct span answer;
	struct json j;
	struct str body;
	bool ok;

	if (tree == NULL)
		return false;
	call.match = arena_printf(job->arena, "\"%lld\"",
	    (long long)number(tree, "version"));
	cJSON_Delete(tree);
	str_init(&body, 1 << 20);
	json_start(&j, &body);
	json_open(&j, '{');
	json_kstr(&j, "reason", job->argc > 1 ? job->argv[1] : "");
	json_close(&j, '}');
	call.body = str_span(&body);
	ok = wire_ask(job->wire, &call, job->arena, &answer, e);
	str_free(&body);
	if (!ok)
		return false;
	if (job->json) {
		cli_put_json(job, answer);
		return true;
	}
	if ((tree = json_parse(answer)) == NULL)
		return err_set(e, ERR_JSON, "answer to %.100s", call.path);
	printf("%s %s\n", text(job, tree, "id"), text(job, tree, "state"));
	if (cJSON_IsObject(json_at(tree, "retried")))
		printf(_("%lld done, %lld failed\n"),
		    (long long)number(json_at(tree, "retried"), "done"),
		    (long long)number(json_at(tree, "retried"), "failed"));
	cJSON_Delete(tree);
	return true;
}

bool
run_accept(struct job *job, int *status, struct err *e)
{
	(void)status;
	return decide(job, "/approve", e);
}

bool
run_decline(struct job *job, int *status, struct err *e)
{
	(void)status;
	return decide(job, "/reject", e);
}

/* ---- back-test -------------------------------------------------------- */

static bool
start(struct job *job, struct err *e)
{
	struct http_call call = { .method = "POST",
	    .path = path_of(job, job->argv[0], "/backtest") };
	struct span answer;
	struct json j;
	struct str body;
	bool ok;

	str_init(&body, 65536);
	json_start(&j, &body);
	json_open(&j, '{');
	if (job->argc > 1)
		json_kstr(&j, "from", job->argv[1]);
	if (job->argc > 2)
		json_kstr(&j, "to", job->argv[2]);
	json_close(&j, '}');
	call.body = str_span(&body);
	ok = wire_ask(job->wire, &call, job->arena, &answer, e);
	str_free(&body);
	return ok;
}

static bool
running(const cJSON *tree)
{
	const char *state = json_text(tree, "progress.state");

	return state != NULL && strcmp(state, "running") == 0;
}

/* Asks now and then how far it is. */
static cJSON *
await(struct job *job, struct err *e)
{
	const struct timespec pause = { 0, 200000000 };
	cJSON *tree;

	while ((tree = get(job, path_of(job, job->argv[0], ""), e)) != NULL &&
	    running(tree)) {
		if (isatty(STDERR_FILENO) && !job->quiet)
			fprintf(stderr, "\r%lld / %lld",
			    (long long)number(tree, "progress.done"),
			    (long long)number(tree, "progress.of"));
		cJSON_Delete(tree);
		nanosleep(&pause, NULL);
	}
	if (isatty(STDERR_FILENO) && !job->quiet)
		fputs("\r", stderr);
	return tree;
}

bool
run_backtest(struct job *job, int *status, struct err *e)
{
	cJSON *tree;
	const char *why;

	if (!start(job, e) || (tree = await(job, e)) == NULL)
		return false;
	why = json_text(tree, "progress.why");
	if (why != NULL)
		err_set(e, ERR_REFUSED, "%s", text(job, tree,
		    "progress.why"));
	else if (!job->json)
		print_backtest(job, json_at(tree, "backtest"));
	*status = number(tree, "backtest.changed") > 0;
	cJSON_Delete(tree);
	return why == NULL && (!job->json || cli_print_json(job,
	    path_of(job, job->argv[0], ""), e));
}

/* ---- versions --------------------------------------------------------- */

bool
run_rules(struct job *job, int *status, struct err *e)
{
	static const char *const heads[] = { N_("Rules"), N_("Since"),
		N_("By"), N_("Proposal"), NULL };
	const cJSON *item;
	struct table table;
	const char *path = job->argc < 2 ? "/v1/rules" :
	    diff_path(job, job->argv[0], job->argv[1]);
	cJSON *tree;

	(void)status;
	if (job->argc == 1)
		return err_set(e, ERR_USAGE, "rules [OLD NEW]");
	if (job->json)
		return cli_print_json(job, path, e);
	if ((tree = get(job, path, e)) == NULL)
		return false;
	if (job->argc == 2) {
		print_rules(job, tree);
	} else {
		table_start(&table, "<<<<", heads);
		cJSON_ArrayForEach(item, json_at(tree, "items"))
			table_add(&table, (const char *const []){
			    text(job, item, "digest"),
			    text_time(job->arena, text(job, item, "since")),
			    text(job, item, "by"),
			    text(job, item, "proposal") });
		cli_table(job, &table);
	}
	cJSON_Delete(tree);
	return true;
}
