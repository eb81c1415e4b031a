/* Commits: what is at which target, why not, and what people say of it. */
#include "api/inside.h"

#include <string.h>

#include <cjson/cJSON.h>

#include "core/clock.h"
#include "flow/commits.h"
#include "flow/committing.h"

#define COMMITS_ANSWER (8 << 20)

/* ---- reading ---------------------------------------------------------- */

static bool
read_state(const char *state, struct err *e)
{
	enum commit_state any;

	return state == NULL || strcmp(state, "open") == 0 ||
	    strcmp(state, "exception") == 0 || commit_state_read(state,
	    &any) || err_set(e, ERR_REQUEST, "state: %.40s is none; open, "
	    "exception, waiting, sending, retrying, done, failed, dead or "
	    "skipped", state);
}

/* An empty list of a name that is nobody's looks as if all were well. */
static bool
know_target(struct call *call, const char *name, struct err *e)
{
	struct target_row row;
	bool found;

	return name == NULL || (target_load(call->db, name, call->arena, &row,
	    &found, e) && (found || err_set(e, ERR_NOT_FOUND, "no target "
	    "%.60s", name)));
}

/* TARGET/J12, the last one seen. */
static bool
read_after(struct call *call, struct commit_filter *filter, struct err *e)
{
	const char *after = call_query(call, "after");
	const char *slash = after != NULL ? strrchr(after, '/') : NULL;

	if (after == NULL)
		return true;
	if (slash == NULL || !parse_id(slash + 1, 'J', &filter->after))
		return err_set(e, ERR_REQUEST, "after: TARGET/J12");
	filter->after_target = arena_strndup(call->arena, after,
	    (size_t)(slash - after));
	return true;
}

/* In one word: TARGET, TARGET/CAUSE as a list of causes names it, or
 * =ENTITY/KIND/NUMBER. */
static bool
read_of(struct call *call, const char *of, struct commit_filter *filter,
    struct err *e)
{
	size_t n = of != NULL ? strcspn(of, "/") : 0;
	const char *rest;

	if (of == NULL)
		return true;
	if (of[0] == '=') {
		rest = of[n] == '/' ? of + n + 1 : "";
		filter->entity = arena_strndup(call->arena, of + 1, n - 1);
		n = strcspn(rest, "/");
		filter->kind = arena_strndup(call->arena, rest, n);
		filter->number = arena_strdup(call->arena, rest + n +
		    (rest[n] == '/'));
		return *filter->number != '\0' || err_set(e, ERR_REQUEST,
		    "of: =ENTITY/KIND/NUMBER");
	}
	filter->target = arena_strndup(call->arena, of, n);
	if (of[n] == '\0')
		return true;
	if (!commit_cause(call->db, filter->target, of + n + 1, call->arena,
	    &filter->cause, e))
		return false;
	/* What nothing has any more finds nothing. */
	if (filter->cause == NULL)
		filter->cause = "\n";
	return true;
}

void
commits_get(struct call *call)
{
	struct commit_filter filter = {
		.target = call_query(call, "target"),
		.state = call_query(call, "state"),
		.cause = call_query(call, "cause"),
		.entity = call_query(call, "entity"),
		.kind = call_query(call, "kind"),
		.number = call_query(call, "number"),
	};
	struct answer a;
	bool ok;

	if (!limit_of(call, &filter.limit))
		return;
	answer_start(&a, COMMITS_ANSWER);
	ok = read_state(filter.state, &a.e) &&
	    read_of(call, call_query(call, "of"), &filter, &a.e) &&
	    know_target(call, filter.target, &a.e) &&
	    query_kind(filter.kind, &a.e) &&
	    read_after(call, &filter, &a.e) && view_commits(call->db,
	    &filter, call->arena, &a.j, &a.e);
	answer_end(call, &a, ok);
}

void
commit_get(struct call *call)
{
	struct answer a;
	int64_t journal;
	bool found, ok;

	if (!parse_id(call->args[1], 'J', &journal)) {
		answer_absent(call, "such commit");
		return;
	}
	answer_start(&a, COMMITS_ANSWER);
	ok = view_commit(call->db, call->args[0], journal, call->arena, &a.j,
	    &found, &a.e);
	answer_end_found(call, &a, ok, found, "such commit");
}

void
commit_causes_get(struct call *call)
{
	const char *target = call_query(call, "target");
	struct answer a;
	bool ok;

	answer_start(&a, COMMITS_ANSWER);
	ok = know_target(call, target, &a.e) &&
	    view_commit_causes(call->db, target, &a.j, &a.e);
	answer_end(call, &a, ok);
}

/* ---- deciding --------------------------------------------------------- */

static bool
read_seen(const cJSON *row, int64_t *at, struct err *e)
{
	const char *text = json_text(row, "at");

	return text == NULL || clock_parse(span_of(text), at) ||
	    err_set(e, ERR_REQUEST, "rows: at: no time: %.40s", text);
}

static bool
read_rows(struct commit_order *order, const cJSON *rows, struct err *e)
{
	int n = cJSON_GetArraySize(rows);
	const cJSON *row;

	if (n > COMMIT_PICKS_MAX)
		return err_set(e, ERR_TOO_LARGE, "at most %d commits",
		    COMMIT_PICKS_MAX);
	order->picks = arena_alloc(order->arena, ((size_t)n + 1) *
	    sizeof *order->picks);
	cJSON_ArrayForEach(row, rows) {
		struct commit_pick *pick = &order->picks[order->n_picks++];

		pick->target = arena_strdup(order->arena, json_word(row,
		    "target"));
		if (!parse_id(json_word(row, "journal"), 'J',
		    &pick->journal))
			return err_set(e, ERR_REQUEST, "rows: [{\"target\": "
			    "..., \"journal\": \"J12\"}, ...]");
		if (!read_seen(row, &pick->at, e))
			return false;
	}
	return true;
}

/* What the caller does not see is not there for him. */
static bool
keep_seen(struct call *call, struct commit_order *order, struct err *e)
{
	size_t kept = 0;

	for (size_t i = 0; i < order->n_picks; i++) {
		const struct commit_pick pick = order->picks[i];
		struct commit_row row;
		bool found;

		if (!commit_load(call->db, pick.target, pick.journal,
		    call->arena, &row, &found, e))
			return false;
		if (found)
			order->picks[kept++] = pick;
	}
	order->refused = (int64_t)(order->n_picks - kept);
	if (order->refused > 0)
		order->why = "no such commit";
	order->n_picks = kept;
	return true;
}

static const char *
text_or_null(const cJSON *tree, const char *key, struct arena *arena)
{
	return arena_strdup(arena, json_text(tree, key));
}

/* The last change of what was seen; what moved since is not for who saw it
 * before. */
static bool
read_change(const cJSON *where, int64_t *out, struct err *e)
{
	const char *text = json_text(where, "change");

	*out = 0;
	return json_at(where, "change") == NULL || (text != NULL &&
	    parse_id(text, '\0', out) && *out > 0) || err_set(e, ERR_REQUEST,
	    "where: change: a number, as the list of causes has it");
}

static bool
read_where(struct call *call, struct commit_order *order, const cJSON *where,
    struct err *e)
{
	struct commit_filter filter = {
		.target = text_or_null(where, "target", call->arena),
		.state = text_or_null(where, "state", call->arena),
		.cause = text_or_null(where, "cause", call->arena),
	};
	int64_t change;

	if (!read_change(where, &change, e) || !read_of(call,
	    text_or_null(where, "of", call->arena), &filter, e))
		return false;
	if (filter.state == NULL && filter.cause == NULL)
		return err_set(e, ERR_REQUEST, "where: a cause or a state");
	if (!read_state(filter.state, e) || !commit_picks(call->db, &filter,
	    COMMIT_PICKS_MAX, order->arena, &order->picks, &order->n_picks,
	    e))
		return false;
	for (size_t i = 0; i < order->n_picks; i++)
		order->picks[i].change = change;
	return true;
}

static bool
read_order(struct call *call, struct commit_order *order, const cJSON *tree,
    struct err *e)
{
	const cJSON *rows = cJSON_GetObjectItemCaseSensitive(tree, "rows");
	const cJSON *where = cJSON_GetObjectItemCaseSensitive(tree, "where");

	order->act = arena_strdup(order->arena, json_word(tree, "act"));
	if (!body_reason(tree, order->arena, &order->reason, e) ||
	    !commit_order_judge(order, e) ||
	    !caller_may(call, commit_act_roles(order->act), e))
		return false;
	if (cJSON_IsArray(rows) == cJSON_IsObject(where))
		return err_set(e, ERR_REQUEST, "rows or where");
	return cJSON_IsArray(rows) ? read_rows(order, rows, e) &&
	    keep_seen(call, order, e) : read_where(call, order, where, e);
}

struct acting {
	struct request *request;
	struct committing *committing;
};

static void
acted(struct commit_order *order)
{
	struct acting *acting = order->owner;
	struct str out;
	struct json j;

	if (order->err.code != ERR_NONE) {
		request_fail(acting->request, &order->err);
	} else {
		for (size_t i = 0; i < order->n_picks; i++)
			if (i == 0 || strcmp(order->picks[i].target,
			    order->picks[i - 1].target) != 0)
				committing_hurry(acting->committing,
				    order->picks[i].target);
		str_init(&out, 4096);
		json_start(&j, &out);
		json_open(&j, '{');
		json_kint(&j, "done", order->done);
		json_kint(&j, "refused", order->refused);
		json_kint(&j, "unknown", order->unknown);
		json_kstr(&j, "why", order->why);
		json_close(&j, '}');
		request_answer(acting->request, 200, "application/json",
		    str_span(&out));
		str_free(&out);
	}
	commit_order_free(&order);
}

void
commits_act_post(struct call *call)
{
	struct commit_order *order = commit_order_new();
	struct acting *acting = arena_alloc(order->arena, sizeof *acting);
	struct err e = { 0 };
	cJSON *tree = json_strict(request_body(call->request), &e);
	bool ok;

	*acting = (struct acting){ call->request,
	    api_options(call->api)->committing };
	order->actor = arena_strdup(order->arena, call->caller.name);
	order->owner = acting;
	order->finished = acted;
	ok = tree != NULL && read_order(call, order, tree, &e);
	cJSON_Delete(tree);
	if (ok && pump_call(api_pump(call->api), commit_order_run, order,
	    &e))
		return;
	request_fail(call->request, &e);
	commit_order_free(&order);
}
