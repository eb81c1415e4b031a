/* Plans, runs and receipts: one action on many events. */
#include "api/inside.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include <cjson/cJSON.h>

#include "core/clock.h"
#include "core/digest.h"
#include "flow/plan.h"
#include "flow/run.h"

#define ANSWER_MAX (64 << 20)
#define DAY_US INT64_C(86400000000)

/* ---- reading a plan ------------------------------------------------- */

static const char *
word(const cJSON *tree, const char *path)
{
	const char *text = json_text(tree, path);

	return text != NULL && text[0] != '\0' ? text : NULL;
}

/* Midnight (IST) of that many days ago. */
static int64_t
days_ago(int64_t days)
{
	int64_t at = clock_now();

	day_moment(span_of(day_from_time(at).text), &at);
	return at - days * DAY_US;
}

/* How many days ago it came: "3-7", or "30+" for thirty and more. */
static bool
read_age(const char *text, struct run_where *w, struct err *e)
{
	size_t n = strspn(text, "0123456789");
	char *end;
	long first, last;

	w->from = 0;
	w->to = INT64_MAX;
	if (n == 0 || n > 5)
		return err_set(e, ERR_REQUEST, "age: 3-7, or 30+");
	first = strtol(text, &end, 10);
	w->to = days_ago(first - 1);
	if (strcmp(end, "+") == 0)
		return true;
	n = strspn(end + (*end == '-'), "0123456789");
	if (*end != '-' || n == 0 || n > 5 || end[n + 1] != '\0')
		return err_set(e, ERR_REQUEST, "age: 3-7, or 30+");
	last = strtol(end + 1, &end, 10);
	w->from = days_ago(last);
	return last >= first || err_set(e, ERR_REQUEST, "age: 3-7, or 30+");
}

static bool
read_where(const cJSON *tree, struct run_where *w, struct err *e)
{
	const char *age = word(tree, "where.age");
	const cJSON *item;
	enum event_state state;

	*w = (struct run_where){ .to = INT64_MAX,
	    .state = word(tree, "where.state"),
	    .source = word(tree, "where.source"),
	    .code = word(tree, "where.code"),
	    .entity = word(tree, "where.entity"),
	    .kind = word(tree, "where.kind"), .q = word(tree, "where.q") };
	cJSON_ArrayForEach(item, json_at(tree, "where")) {
		static const char *const known[] = { "state", "source",
		    "code", "entity", "kind", "q", "age" };
		bool good = false;

		for (size_t i = 0; i < sizeof known / sizeof *known; i++)
			good |= strcmp(known[i], item->string) == 0;
		if (!good || !cJSON_IsString(item))
			return err_set(e, ERR_REQUEST, "where.%.40s",
			    item->string);
	}
	if (w->state != NULL && strcmp(w->state, "open") != 0 &&
	    !event_state_find(w->state, &state))
		return err_set(e, ERR_REQUEST, "where.state: %.40s",
		    w->state);
	return age == NULL || read_age(age, w, e);
}

/* Found in the memory of the call, kept in that of the plan. */
static bool
find_events(struct call *call, struct plan *plan, const cJSON *tree,
    struct err *e)
{
	struct run_where w = { .signature = word(tree, "signature"),
	    .to = INT64_MAX };
	struct pick *found;

	if (w.signature == NULL && !read_where(tree, &w, e))
		return false;
	if (w.signature != NULL && !plan->act->shared)
		return err_set(e, ERR_REQUEST,
		    "%s names its events; it is not said of a signature",
		    plan->act->name);
	if (!run_where(call->db, &w, call->arena, &found, &plan->n_picks, e))
		return false;
	plan->picks = arena_alloc(plan->arena, (plan->n_picks + 1) *
	    sizeof *plan->picks);
	if (plan->n_picks > 0)
		memcpy(plan->picks, found, plan->n_picks *
		    sizeof *plan->picks);
	return true;
}

static bool
read_with(struct call *call, struct plan *plan, cJSON *tree, struct err *e)
{
	char *text;

	plan->with = cJSON_DetachItemFromObjectCaseSensitive(tree, "with");
	if (!with_vouch(call, plan->act, &plan->with, e))
		return false;
	if (plan->with == NULL)
		return true;
	text = cJSON_PrintUnformatted(plan->with);
	if (text == NULL)
		bug("out of memory");
	plan->parameters = arena_strdup(plan->arena, text);
	cJSON_free(text);
	return true;
}

static bool
read_plan(struct call *call, struct plan *plan, cJSON *tree, struct err *e)
{
	const char *action = word(tree, "action");
	const cJSON *events = json_at(tree, "events");
	int ways = (events != NULL) + (json_at(tree, "signature") != NULL) +
	    (json_at(tree, "where") != NULL);

	plan->act = action != NULL ? act_find(action) : NULL;
	if (plan->act == NULL || plan->act->source ||
	    act_alone(plan->act) ||
	    strcmp(action, "fix") == 0)
		return err_set(e, ERR_REQUEST,
		    "no such action on many events");
	if (!body_reason(tree, plan->arena, &plan->reason, e))
		return false;
	if (plan->act->reasoned && plan->reason[0] == '\0')
		return err_set(e, ERR_REQUEST, "this needs a reason");
	if (ways != 1)
		return err_set(e, ERR_REQUEST,
		    "either events, or a signature, or where");
	return read_with(call, plan, tree, e) && (events != NULL ?
	    read_picks(events, plan->arena, &plan->picks, &plan->n_picks, e) :
	    find_events(call, plan, tree, e));
}

static void
planned(struct plan *plan)
{
	struct call *call = plan->owner;
	struct str out;

	if (plan->err.code != ERR_NONE) {
		request_fail(call->request, &plan->err);
		plan_free(&plan);
		return;
	}
	str_init(&out, ANSWER_MAX);
	plan_encode(plan, &out);
	plans_keep(api_plans(call->api), plan);
	request_answer(call->request, 200, "application/json",
	    str_span(&out));
	str_free(&out);
}

/* What a call is until its answer: it is gone when its handler returns. */
static struct call *
kept(struct call *call)
{
	struct call *copy = arena_alloc(call->arena, sizeof *copy);

	*copy = *call;
	copy->db = NULL;
	return copy;
}

void
plans_post(struct call *call)
{
	struct plan *plan = plan_new();
	struct err e = { 0 };
	cJSON *tree = json_strict(request_body(call->request), &e);
	bool ok;

	plan->actor = arena_strdup(plan->arena, call->caller.name);
	plan->role = call->caller.role;
	plan->owner = kept(call);
	plan->finished = planned;
	ok = tree != NULL && read_plan(call, plan, tree, &e);
	cJSON_Delete(tree);
	if (ok && plan_judge(plan, api_pump(call->api), &e))
		return;
	request_fail(call->request, &e);
	plan_free(&plan);
}

/* ---- starting and stopping ------------------------------------------ */

static void
answer_run(struct request *request, const struct run *run, int status)
{
	int64_t left = run->total - run->done - run->failed - run->skipped;
	struct str out;
	struct json j;
	char id[32], path[48];

	snprintf(id, sizeof id, "R%lld", (long long)run->id);
	snprintf(path, sizeof path, "/v1/runs/%s", id);
	str_init(&out, 65536);
	json_start(&j, &out);
	json_open(&j, '{');
	json_kstr(&j, "id", id);
	json_kstr(&j, "action", run->action);
	json_kint(&j, "total", run->total);
	json_kint(&j, "done", run->done);
	json_kint(&j, "failed", run->failed);
	json_kint(&j, "skipped", run->skipped);
	json_kint(&j, "left", left);
	json_kstr(&j, "state", run->state);
	json_close(&j, '}');
	request_say(request, "Location", path);
	request_answer(request, status, "application/json", str_span(&out));
	str_free(&out);
}

static void
ordered(struct run_order *order)
{
	struct request *request = order->owner;

	if (order->absent)
		err_set(&order->err, ERR_NOT_FOUND, "no such run");
	if (order->err.code != ERR_NONE)
		request_fail(request, &order->err);
	else
		answer_run(request, &order->run, 202);
	run_order_free(&order);
}

static struct run_order *
order_of(struct call *call)
{
	struct run_order *order = run_order_new();

	order->pump = api_pump(call->api);
	order->actor = arena_strdup(order->arena, call->caller.name);
	order->owner = call->request;
	order->finished = ordered;
	return order;
}

/* The header; else the one that this can only be done by once. */
static bool
key_of(struct call *call, struct run_order *order, const char *usual,
    struct err *e)
{
	bool twice = false;
	const char *key = request_header(call->request, "Idempotency-Key",
	    &twice);

	if (twice || (key != NULL && (strlen(key) > 255 || *key == '\0')))
		return err_set(e, ERR_REQUEST, "Idempotency-Key");
	order->run.key = arena_strdup(order->arena, key != NULL ? key :
	    usual);
	return true;
}

static bool
may_run(struct call *call, const struct run *run, struct err *e)
{
	const struct act *act = act_find(run->action);

	if (act == NULL)
		return err_set(e, ERR_REFUSED, "no action %.40s",
		    run->action);
	return caller_may(call, act->roles, e);
}

/* A plan that is gone may have been run before its answer got lost. */
static bool
find_plan(struct call *call, struct run_order *order, const char *id,
    struct err *e)
{
	struct run *run = &order->run;
	bool found;

	if (plans_find(api_plans(call->api), id, order->actor, order->arena,
	    run))
		return key_of(call, order, id, e) && may_run(call, run, e);
	if (!key_of(call, order, id, e) || !run_find_key(call->db,
	    order->actor, run->key, id, &run->id, e))
		return false;
	if (run->id == 0)
		return err_set(e, ERR_NOT_FOUND,
		    "no such plan, or it is too old; plan again");
	return run_load(call->db, run->id, order->arena, run, &found, e);
}

void
runs_post(struct call *call)
{
	struct run_order *order = order_of(call);
	struct err e = { 0 };
	cJSON *tree = json_strict(request_body(call->request), &e);
	const char *id = tree != NULL ? word(tree, "plan") : NULL;
	bool ok = tree != NULL && (id != NULL ||
	    err_set(&e, ERR_REQUEST, "plan"));

	ok = ok && find_plan(call, order, id, &e);
	cJSON_Delete(tree);
	if (ok && pump_call(order->pump, run_start, order, &e))
		return;
	request_fail(call->request, &e);
	run_order_free(&order);
}

static bool
id_of(struct call *call, int64_t *id)
{
	struct err e = { 0 };

	if (parse_id(call->args[0], 'R', id))
		return true;
	err_set(&e, ERR_NOT_FOUND, "no run %.40s", call->args[0]);
	request_fail(call->request, &e);
	return false;
}

/* What the run was told, but of the role and proof of who asks now. */
static bool
vouch_again(struct call *call, struct run_order *order, struct err *e)
{
	const struct act *act = act_find(order->run.action);
	cJSON *with = json_parse(span_of(order->run.parameters));
	char *text;
	bool ok = with != NULL && with_vouch(call, act, &with, e);

	if (ok) {
		text = cJSON_PrintUnformatted(with);
		if (text == NULL)
			bug("out of memory");
		order->run.parameters = arena_strdup(order->arena, text);
		cJSON_free(text);
	}
	cJSON_Delete(with);
	return ok || err_set(e, ERR_CORRUPT, "R%lld",
	    (long long)order->run.id);
}

/* Only what failed, as it was left: who changed one since decides on it. */
static bool
pick_failed(struct call *call, int64_t id, struct run_order *order,
    struct err *e)
{
	struct run *run = &order->run;
	struct pick *picks;
	struct str text;
	bool found;
	size_t n;

	if (!run_load(call->db, id, order->arena, run, &found, e))
		return false;
	if (!found)
		return err_set(e, ERR_NOT_FOUND, "no run R%lld",
		    (long long)id);
	if (strcmp(run->state, "running") == 0)
		return err_set(e, ERR_REFUSED, "R%lld still runs",
		    (long long)id);
	if (!may_run(call, run, e) || !vouch_again(call, order, e) ||
	    !run_failed(call->db, id, call->arena,
	    &picks, &n, e))
		return false;
	if (n == 0)
		return err_set(e, ERR_REFUSED, "nothing of R%lld failed",
		    (long long)id);
	str_init(&text, PICKS_MAX * 40);
	run_picks_encode(picks, n, &text);
	run->picks = (struct span){ arena_strndup(order->arena, text.p,
	    text.n), text.n };
	str_free(&text);
	run->total = (int64_t)n;
	run->plan = arena_id(order->arena, 'R', id);
	return true;
}

void
run_retry(struct call *call)
{
	struct run_order *order;
	struct err e = { 0 };
	unsigned char random[16];
	char usual[33];
	int64_t id;
	bool ok;

	if (!id_of(call, &id))
		return;
	order = order_of(call);
	digest_random(random, sizeof random);
	digest_hex(random, sizeof random, usual);
	ok = pick_failed(call, id, order, &e) && key_of(call, order, usual,
	    &e);
	order->run.actor = order->actor;
	order->run.done = order->run.failed = order->run.skipped = 0;
	if (ok && pump_call(order->pump, run_start, order, &e))
		return;
	request_fail(call->request, &e);
	run_order_free(&order);
}

void
run_delete(struct call *call)
{
	struct run_order *order;
	struct err e = { 0 };
	int64_t id;

	if (!id_of(call, &id))
		return;
	order = order_of(call);
	order->run.id = id;
	if (pump_call(order->pump, run_stop, order, &e))
		return;
	request_fail(call->request, &e);
	run_order_free(&order);
}

/* ---- looking -------------------------------------------------------- */

static bool
one_of(struct call *call, const char *name, const char *const words[],
    const char **out)
{
	struct err e = { 0 };

	*out = call_query(call, name);
	for (size_t i = 0; *out != NULL && words[i] != NULL; i++)
		if (strcmp(words[i], *out) == 0)
			return true;
	if (*out == NULL)
		return true;
	err_set(&e, ERR_REQUEST, "%s: %.40s", name, *out);
	request_fail(call->request, &e);
	return false;
}

void
runs_get(struct call *call)
{
	static const char *const states[] = { "running", "done", "cancelled",
	    NULL };
	const char *state;
	struct answer a;
	int64_t after;
	int limit;
	bool ok;

	if (!page_of(call, 'R', &after, &limit) ||
	    !one_of(call, "state", states, &state))
		return;
	answer_start(&a, ANSWER_MAX);
	ok = view_runs(call->db, state, after, limit, &a.j, &a.e);
	answer_end(call, &a, ok);
}

void
run_get(struct call *call)
{
	struct err e = { 0 };
	struct str out;
	struct json j;
	int64_t id;
	bool found, ok;

	if (!id_of(call, &id))
		return;
	str_init(&out, ANSWER_MAX);
	json_start(&j, &out);
	ok = view_run(call->db, id, &j, &found, &e);
	if (ok && !found)
		answer_absent(call, call->args[0]);
	else
		answer_view(call, ok, &out, &e);
	str_free(&out);
}

void
run_rows_get(struct call *call)
{
	static const char *const outcomes[] = { "done", "failed", "skipped",
	    NULL };
	const char *outcome;
	struct err e = { 0 };
	struct str out;
	struct json j;
	int64_t id, after;
	int limit;
	bool found, ok;

	if (!id_of(call, &id) || !page_of(call, '\0', &after, &limit) ||
	    !one_of(call, "outcome", outcomes, &outcome))
		return;
	str_init(&out, ANSWER_MAX);
	json_start(&j, &out);
	ok = view_run(call->db, id, &j, &found, &e);
	str_clear(&out);
	json_start(&j, &out);
	ok = ok && (!found || view_run_rows(call->db, id, outcome, after,
	    limit, &j, &e));
	if (ok && !found)
		answer_absent(call, call->args[0]);
	else
		answer_view(call, ok, &out, &e);
	str_free(&out);
}
