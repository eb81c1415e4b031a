/*
 * Changes that need a second person: proposing, looking, back-testing,
 * approving.  Whatever writes goes to the writer; see flow/govern.h.
 */
#include "api/inside.h"

#include <stdlib.h>

#include <cjson/cJSON.h>

#include "core/clock.h"
#include "flow/backtester.h"
#include "flow/decide.h"
#include "flow/govern.h"
#include "rules/rules.h"
#include "store/master.h"

#define ANSWER_MAX (128 << 20)
#define DAY_US INT64_C(86400000000)
#define BACKTEST_DAYS 30

/* ---- looking ---------------------------------------------------------- */

void
proposals_get(struct call *call)
{
	const char *state = request_query(call->request, "state");
	const char *text = request_query(call->request, "before");
	int64_t before = 0, unused;
	struct answer a = { 0 };
	int limit;
	bool ok;

	if (!page_of(call, 'P', &unused, &limit))
		return;
	if (text != NULL && *text != '\0' && !parse_id(text, 'P', &before)) {
		err_set(&a.e, ERR_REQUEST, "before: %.40s", text);
		request_fail(call->request, &a.e);
		return;
	}
	answer_start(&a, ANSWER_MAX);
	ok = view_proposals(call->db, state != NULL && *state != '\0' ?
	    state : NULL, before, limit, &a.j, &a.e);
	answer_end(call, &a, ok);
}

static bool
show(struct api *api, struct db *db, int64_t id, struct json *j,
    bool *found, struct err *e)
{
	if (!view_proposal(db, id, j, found, e))
		return false;
	if (*found)
		backtester_show(api_options(api)->backtester, id, j);
	return true;
}

void
proposal_get(struct call *call)
{
	struct err e = { 0 };
	struct str out;
	struct json j;
	int64_t id;
	bool found = false, ok;

	if (!parse_id(call->args[0], 'P', &id)) {
		answer_absent(call, "such proposal");
		return;
	}
	str_init(&out, ANSWER_MAX);
	json_start(&j, &out);
	ok = show(call->api, call->db, id, &j, &found, &e);
	if (ok && !found) {
		answer_absent(call, "such proposal");
	} else {
		if (ok)
			json_close(&j, '}');
		answer_view(call, ok, &out, &e);
	}
	str_free(&out);
}

/* ---- proposing -------------------------------------------------------- */

struct proposing {
	struct request *request;
	struct arena *arena;
	struct proposal p;
	struct rulebook *rules;		/* NULL: of reference */
};

static void
answer_proposal(struct request *request, struct arena *arena, int64_t id)
{
	request_say(request, "Location", arena_printf(arena,
	    "/v1/proposals/P%lld", (long long)id));
	request_answer(request, 201, "application/json", span_of(
	    arena_printf(arena, "{\"proposal\":\"P%lld\"}", (long long)id)));
}

/* On the writer's thread. */
static bool
propose(struct settler *settler, void *arg)
{
	struct proposing *job = arg;
	struct books *books = settler_books(settler);
	struct rulebook *rules = job->rules;
	struct err e = { 0 };
	bool ok = books_begin(books, &e);

	if (ok && !((rules != NULL ? govern_propose_rules(settler, &job->p,
	    rules, &e) : govern_propose_reference(settler, &job->p, &e)) &&
	    books_commit(books, &e))) {
		books_rollback(books);
		ok = false;
	}
	rulebook_drop(&rules);
	if (ok)
		answer_proposal(job->request, job->arena, job->p.id);
	else
		request_fail(job->request, &e);
	return false;
}

static bool
read_reference(struct proposing *job, const cJSON *tree, struct err *e)
{
	const char *table = json_text(tree, "table");
	const char *csv = json_text(tree, "csv");

	if (table == NULL || csv == NULL)
		return err_set(e, ERR_REQUEST, "table and csv");
	job->p.table = arena_strdup(job->arena, table);
	job->p.body = span_of(arena_strdup(job->arena, csv));
	job->p.remove = cJSON_IsTrue(json_at(tree, "remove"));
	return true;
}

static int
by_name(const void *a, const void *b)
{
	return strcmp((*(const cJSON *const *)a)->string,
	    (*(const cJSON *const *)b)->string);
}

/* Sorted, as a folder is read: the same files have the same digest. */
static void
write_files(struct arena *arena, const cJSON *all, struct str *out)
{
	size_t n = 0;
	const cJSON **files = arena_alloc(arena,
	    ((size_t)cJSON_GetArraySize(all) + 1) * sizeof *files);
	const cJSON *file;
	struct json j;

	cJSON_ArrayForEach(file, all)
		files[n++] = file;
	qsort(files, n, sizeof *files, by_name);
	json_start(&j, out);
	json_open(&j, '{');
	for (size_t i = 0; i < n; i++)
		json_kstr(&j, files[i]->string, files[i]->valuestring);
	json_close(&j, '}');
}

/* The files in force with those given put in; null takes one away. */
static bool
merge_files(struct call *call, const cJSON *files, struct rulebook **out,
    struct err *e)
{
	struct rulebook *now = pump_rules(api_pump(call->api));
	cJSON *all = json_parse(rulebook_files(now));
	const cJSON *file;
	struct str text;
	bool ok = all != NULL;

	rulebook_drop(&now);
	cJSON_ArrayForEach(file, files) {
		if (!cJSON_IsString(file) && !cJSON_IsNull(file))
			ok = err_set(e, ERR_REQUEST, "files.%.80s: text or "
			    "null", file->string);
		cJSON_DeleteItemFromObjectCaseSensitive(all, file->string);
		if (cJSON_IsString(file))
			cJSON_AddStringToObject(all, file->string,
			    file->valuestring);
	}
	str_init(&text, ANSWER_MAX);
	if (ok)
		write_files(call->arena, all, &text);
	ok = ok && rulebook_parse(out, str_span(&text), e);
	str_free(&text);
	cJSON_Delete(all);
	return ok;
}

static bool
read_rules(struct call *call, struct proposing *job, const cJSON *tree,
    struct err *e)
{
	const cJSON *files = json_at(tree, "files");

	if (!api_options(call->api)->govern)
		return err_set(e, ERR_REFUSED, "the rules in force are those "
		    "of the folder; set govern = yes");
	if (!cJSON_IsObject(files) || cJSON_GetArraySize(files) == 0)
		return err_set(e, ERR_REQUEST, "files: an object of texts");
	job->p.body = span_of("");
	return merge_files(call, files, &job->rules, e);
}

static bool
read_proposal(struct call *call, struct proposing *job, struct err *e)
{
	cJSON *tree = body_read(call, e);
	const char *kind = json_text(tree, "kind");
	bool ok = tree != NULL && body_reason(tree, call->arena,
	    &job->p.reason, e);

	if (ok && kind != NULL && strcmp(kind, "reference") == 0)
		ok = read_reference(job, tree, e) &&
		    table_may(call, job->p.table, true, e);
	else if (ok && kind != NULL && strcmp(kind, "rules") == 0)
		ok = read_rules(call, job, tree, e);
	else if (ok)
		ok = err_set(e, ERR_REQUEST, "kind is reference or rules");
	cJSON_Delete(tree);
	return ok;
}

void
proposals_post(struct call *call)
{
	struct proposing *job = arena_alloc(call->arena, sizeof *job);
	struct err e = { 0 };

	job->request = call->request;
	job->arena = call->arena;
	job->p.author = call->caller.name;
	if (read_proposal(call, job, &e) &&
	    pump_call(api_pump(call->api), propose, job, &e))
		return;
	rulebook_drop(&job->rules);
	request_fail(call->request, &e);
}

/* ---- deciding --------------------------------------------------------- */

struct deciding {
	struct api *api;
	struct request *request;
	struct arena *arena;
	struct verdict verdict;
	struct decision *retry;		/* of what it was made for */
	bool done;
};

static void
answer_decided(struct deciding *job, struct db *db,
    const struct decision *retry)
{
	struct err e = { 0 };
	struct str out;
	struct json j;
	bool found = false;

	str_init(&out, ANSWER_MAX);
	json_start(&j, &out);
	if (show(job->api, db, job->verdict.id, &j, &found, &e) && found) {
		json_key(&j, "retried");
		if (retry != NULL && retry->err.code == ERR_NONE) {
			json_open(&j, '{');
			json_kint(&j, "done", retry->done);
			json_kint(&j, "failed", retry->failed);
			json_close(&j, '}');
		} else {
			json_null(&j);
		}
		json_close(&j, '}');
		request_answer(job->request, 200, "application/json",
		    str_span(&out));
	} else {
		request_fail(job->request, &e);
	}
	str_free(&out);
}

static void
retried(struct decision *retry)
{
	(void)retry;	/* looked at by whoever made the step */
}

static struct decision *
new_retry(const struct verdict *v, const struct proposal *p)
{
	struct decision *retry = decision_new();

	retry->act = act_find("retry");
	retry->actor = arena_strdup(retry->arena, v->by);
	retry->reason = arena_printf(retry->arena, "P%lld approved",
	    (long long)p->id);
	retry->signature = arena_strdup(retry->arena, p->signature);
	retry->finished = retried;
	return retry;
}

/* On the writer's thread: first it is put in force; then, once that is so for
 * all, the events that it was made for are retried. */
static bool
decide(struct settler *settler, void *arg)
{
	struct deciding *job = arg;
	struct db *db = settler_books(settler)->db;
	struct rulebook *rules = NULL;
	struct decision *retry;
	struct proposal p;
	struct err e = { 0 };

	if (job->done) {
		retry = job->retry;
		if (retry != NULL && decision_step(settler, retry))
			return true;
		answer_decided(job, db, retry);	/* and job is gone */
		decision_free(&retry);
		return false;
	}
	if (!govern_decide(settler, &job->verdict, job->arena, &p, &rules,
	    &e)) {
		request_fail(job->request, &e);
		return false;
	}
	if (rules != NULL)
		pump_use(api_pump(job->api), rules);
	rulebook_drop(&rules);
	if (job->verdict.approve && p.signature != NULL)
		job->retry = new_retry(&job->verdict, &p);
	job->done = true;
	return true;
}

/* "3" or 3, as versions are. */
static bool
read_version(struct call *call, int64_t *out, struct err *e)
{
	const char *match = request_header(call->request, "If-Match", NULL);
	size_t n;

	if (match == NULL)
		return err_set(e, ERR_NO_VERSION,
		    "If-Match with the proposal's version");
	n = strlen(match);
	if (n > 2 && match[0] == '"' && match[n - 1] == '"')
		match = arena_strndup(call->arena, match + 1, n - 2);
	return parse_id(match, '\0', out) ||
	    err_set(e, ERR_REQUEST, "If-Match: %.40s", match);
}

static void
hand_over(struct call *call, bool approve)
{
	struct deciding *job = arena_alloc(call->arena, sizeof *job);
	struct err e = { 0 };
	cJSON *tree = NULL;
	bool ok;

	*job = (struct deciding){ .api = call->api,
	    .request = call->request, .arena = call->arena,
	    .verdict = { .by = call->caller.name, .approve = approve } };
	if (!parse_id(call->args[0], 'P', &job->verdict.id)) {
		answer_absent(call, "such proposal");
		return;
	}
	ok = read_version(call, &job->verdict.version, &e) &&
	    (tree = body_read(call, &e)) != NULL &&
	    body_reason(tree, call->arena, &job->verdict.reason, &e);
	if (ok && !approve && job->verdict.reason[0] == '\0')
		ok = err_set(&e, ERR_REQUEST, "this needs a reason");
	cJSON_Delete(tree);
	if (!ok || !pump_call(api_pump(call->api), decide, job, &e))
		request_fail(call->request, &e);
}

void
proposal_approve(struct call *call)
{
	hand_over(call, true);
}

void
proposal_reject(struct call *call)
{
	hand_over(call, false);
}

/* ---- back-test -------------------------------------------------------- */

static bool
read_moment(const cJSON *tree, const char *name, int64_t *out,
    struct err *e)
{
	const char *text = json_text(tree, name);

	return text == NULL || day_moment(span_of(text), out) ||
	    err_set(e, ERR_REQUEST, "%s: a day or an RFC 3339 time", name);
}

void
proposal_backtest(struct call *call)
{
	int64_t id, to = clock_now(), from = to - BACKTEST_DAYS * DAY_US;
	struct proposal p;
	struct err e = { 0 };
	cJSON *tree;
	bool found = false, ok;

	if (!parse_id(call->args[0], 'P', &id) || !proposal_load(call->db,
	    id, call->arena, &p, &found, &e) || !found) {
		answer_absent(call, "such proposal");
		return;
	}
	tree = body_read(call, &e);
	ok = tree != NULL && read_moment(tree, "from", &from, &e) &&
	    read_moment(tree, "to", &to, &e) &&
	    (from < to || err_set(&e, ERR_REQUEST, "from is before to")) &&
	    backtester_start(api_options(call->api)->backtester, id, from,
	    to, &e);
	cJSON_Delete(tree);
	if (ok)
		request_answer(call->request, 202, "application/json",
		    span_of(arena_printf(call->arena,
		    "{\"proposal\":\"P%lld\"}", (long long)id)));
	else
		request_fail(call->request, &e);
}

void
proposal_backtest_delete(struct call *call)
{
	int64_t id;

	if (!parse_id(call->args[0], 'P', &id) ||
	    !backtester_cancel(api_options(call->api)->backtester, id))
		answer_absent(call, "back-test of it under way");
	else
		request_answer(call->request, 202, "application/json",
		    span_of(arena_printf(call->arena,
		    "{\"proposal\":\"P%lld\"}", (long long)id)));
}
