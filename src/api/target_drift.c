/* What targets hold otherwise than we do: the list, what people say of it, and
 * a look on demand. */
#include "api/inside.h"

#include <string.h>

#include <cjson/cJSON.h>

#include "flow/drift_act.h"
#include "flow/looker.h"

#define ANSWER_MAX (256 << 20)

static bool
find_target(struct call *call, struct target_row *row, struct err *e)
{
	bool found;

	return target_load(call->db, call->args[0], call->arena, row, &found,
	    e) && (found || err_set(e, ERR_NOT_FOUND, "no such target"));
}

/* ---- the list --------------------------------------------------------- */

static bool
read_filter(struct call *call, struct drift_filter *filter, struct err *e)
{
	enum drift_kind kind;

	*filter = (struct drift_filter){ .target = call->args[0],
	    .kind = call_query(call, "kind"),
	    .state = call_query(call, "state") };
	if (filter->kind != NULL && !drift_kind_read(filter->kind, &kind))
		return err_set(e, ERR_REQUEST, "kind: changed, missing, "
		    "cancelled, doubled, unknown or conflict");
	if (filter->state == NULL)
		filter->state = "open";
	else if (strcmp(filter->state, "all") == 0)
		filter->state = NULL;
	else if (strcmp(filter->state, "open") != 0 &&
	    strcmp(filter->state, "ignored") != 0 &&
	    strcmp(filter->state, "closed") != 0)
		return err_set(e, ERR_REQUEST, "state: open, ignored, closed "
		    "or all");
	return true;
}

void
target_drift_get(struct call *call)
{
	struct drift_filter filter;
	struct target_row row;
	struct look_row now;
	struct answer a;
	int64_t after;
	int limit;
	bool ok;

	if (!page_of(call, 'T', &after, &limit))
		return;
	answer_start(&a, ANSWER_MAX);
	ok = find_target(call, &row, &a.e) &&
	    read_filter(call, &filter, &a.e);
	if (ok && lookers_now(api_options(call->api)->lookers, row.name,
	    call->arena, &now))
		filter.looking = &now;
	ok = ok && view_target_drift(call->db, &filter, after, limit, &a.j,
	    &a.e);
	answer_end(call, &a, ok);
}

/* ---- acts ------------------------------------------------------------- */

struct acting {
	struct request *request;
	struct lookers *lookers;
	struct drift_order order;
};

static void
write_refused(struct json *j, const struct drift_pick *pick,
    struct arena *arena)
{
	json_open(j, '{');
	json_kstr(j, "id", arena_id(arena, 'T', pick->id));
	json_kstr(j, "why", pick->why);
	json_close(j, '}');
}

static void
write_done(struct json *j, const struct drift_order *order)
{
	int64_t held = 0;

	for (size_t i = 0; i < order->n; i++)
		held += order->picks[i].held;
	json_open(j, '{');
	json_kstr(j, "act", order->act);
	json_kint(j, "done", order->done);
	json_kint(j, "held", held);
	json_key(j, "refused");
	json_open(j, '[');
	for (size_t i = 0; i < order->n; i++)
		if (order->picks[i].why != NULL)
			write_refused(j, &order->picks[i], order->arena);
	json_close(j, ']');
	json_key(j, "events");
	json_open(j, '[');
	for (size_t i = 0; i < order->n; i++)
		if (order->picks[i].event != 0)
			json_str(j, arena_id(order->arena, 'E',
			    order->picks[i].event));
	json_close(j, ']');
	json_close(j, '}');
}

/* On the writer's thread. */
static void
answer_acts(struct drift_order *order)
{
	struct acting *acting = order->owner;
	struct err e = { 0 };
	struct str out;
	struct json j;

	if (order->done > 0)
		lookers_wake(acting->lookers, order->target);
	if (order->n == 1 && order->done == 0) {
		err_set(&e, strcmp(order->picks[0].why, "it has changed "
		    "since") == 0 ? ERR_STALE : ERR_REFUSED, "T%lld: %s",
		    (long long)order->picks[0].id, order->picks[0].why);
		request_fail(acting->request, &e);
		return;
	}
	str_init(&out, ANSWER_MAX);
	json_start(&j, &out);
	write_done(&j, order);
	request_answer(acting->request, 200, "application/json",
	    str_span(&out));
	str_free(&out);
}

static bool
read_rows(struct drift_order *order, const cJSON *list, struct err *e)
{
	int n = cJSON_GetArraySize(list);
	const cJSON *one;

	if (n < 1 || n > DRIFT_PICKS_MAX)
		return err_set(e, ERR_REQUEST, "rows: 1 to %d of them",
		    DRIFT_PICKS_MAX);
	order->picks = arena_alloc(order->arena, (size_t)n *
	    sizeof *order->picks);
	cJSON_ArrayForEach(one, list) {
		struct drift_pick *pick = &order->picks[order->n++];
		const char *id = json_text(one, "id");
		const char *version = json_text(one, "version");

		if (id == NULL || !parse_id(id, 'T', &pick->id))
			return err_set(e, ERR_REQUEST, "rows: id, as T12");
		if (version == NULL || !parse_id(version, '\0',
		    &pick->version))
			return err_set(e, ERR_NO_VERSION, "rows: the version "
			    "that you saw of %.20s", id);
		for (size_t i = 0; i + 1 < order->n; i++)
			if (order->picks[i].id == pick->id)
				return err_set(e, ERR_REQUEST, "rows: %.20s "
				    "twice", id);
	}
	return true;
}

#define CODE_MAX 100

static bool
read_code(struct drift_order *order, const cJSON *tree, const char *name,
    const char **out, struct err *e)
{
	const char *text = json_text(tree, name);

	if (text != NULL && (*text == '\0' || strlen(text) > CODE_MAX))
		return err_set(e, ERR_REQUEST, "%s: 1 to %d bytes", name,
		    CODE_MAX);
	*out = arena_strdup(order->arena, text);
	return true;
}

static bool
read_order(struct drift_order *order, const cJSON *tree, struct err *e)
{
	static const char *const acts[] = { "ours", "theirs", "adopt",
		"ignore", NULL };
	const char *act = json_text(tree, "act");

	for (size_t i = 0; act != NULL && acts[i] != NULL; i++)
		if (strcmp(acts[i], act) == 0)
			order->act = acts[i];
	if (order->act == NULL)
		return err_set(e, ERR_REQUEST, "act: ours, theirs, adopt or "
		    "ignore");
	if (!body_reason(tree, order->arena, &order->reason, e))
		return false;
	if (*order->reason == '\0' && strcmp(order->act, "ours") != 0)
		return err_set(e, ERR_REQUEST, "%s takes a reason",
		    order->act);
	return read_code(order, tree, "entity", &order->entity, e) &&
	    read_code(order, tree, "cost_centre", &order->cost_centre, e) &&
	    read_rows(order, json_at(tree, "rows"), e);
}

static bool
prepare(struct call *call, struct drift_order *order, struct err *e)
{
	struct reference *reference;
	struct target_row row;
	bool ok;

	if (!find_target(call, &row, e))
		return false;
	order->adapter = adapter_find(row.kind);
	if (order->adapter == NULL)
		return err_set(e, ERR_REFUSED, "its file cannot be read");
	reference = pump_reference(api_pump(call->api));
	ok = (order->entity == NULL || reference_find(reference, REF_ENTITY,
	    order->entity) != NULL || err_set(e, ERR_REQUEST,
	    "entity: %.60s", order->entity)) &&
	    drift_prepare(order, call->db, reference, e);
	reference_drop(&reference);
	return ok;
}

void
target_drift_act(struct call *call)
{
	struct acting *acting = arena_alloc(call->arena, sizeof *acting);
	struct err e = { 0 };
	cJSON *tree = json_strict(request_body(call->request), &e);
	bool ok;

	*acting = (struct acting){ .request = call->request,
	    .lookers = api_options(call->api)->lookers, .order = {
	    .arena = call->arena, .target = call->args[0],
	    .actor = call->caller.name, .finished = answer_acts,
	    .owner = acting } };
	ok = tree != NULL && read_order(&acting->order, tree, &e) &&
	    prepare(call, &acting->order, &e);
	cJSON_Delete(tree);
	if (!ok || !pump_call(api_pump(call->api), drift_step,
	    &acting->order, &e))
		request_fail(call->request, &e);
}

/* ---- a look ----------------------------------------------------------- */

/* It is asked for; GET of the list says when it was. */
void
target_look_post(struct call *call)
{
	struct err e = { 0 };
	struct str out;
	struct json j;

	if (!lookers_look(api_options(call->api)->lookers, call->args[0],
	    call->caller.name, &e)) {
		target_fail(call, &e);
		return;
	}
	str_init(&out, 4096);
	json_start(&j, &out);
	json_open(&j, '{');
	json_kstr(&j, "target", call->args[0]);
	json_kstr(&j, "look", "asked");
	json_close(&j, '}');
	request_answer(call->request, 202, "application/json",
	    str_span(&out));
	str_free(&out);
}
