/* How far things have come: stock, orders, batches, flows, and traces. */
#include "api/inside.h"

#define PROCESS_MAX (64 << 20)

static const char *
query(struct call *call, const char *name)
{
	const char *value = request_query(call->request, name);

	return value != NULL && *value != '\0' ? value : NULL;
}

/* limit, and after as text. */
static bool
text_page(struct call *call, int *limit)
{
	const char *text = query(call, "limit");
	struct err e = { 0 };
	int64_t n = 100;

	if (text != NULL && (!parse_id(text, '\0', &n) || n < 1 ||
	    n > VIEW_LIMIT)) {
		err_set(&e, ERR_REQUEST, "limit: 1 to %d", VIEW_LIMIT);
		request_fail(call->request, &e);
		return false;
	}
	*limit = (int)n;
	return true;
}

void
stock_get(struct call *call)
{
	struct err e = { 0 };
	struct str out;
	struct json j;
	int limit;
	bool ok;

	if (!text_page(call, &limit))
		return;
	str_init(&out, PROCESS_MAX);
	json_start(&j, &out);
	ok = view_stock(call->db, query(call, "location"), query(call, "q"),
	    query(call, "after"), limit, &j, &e);
	answer_view(call, ok, &out, &e);
	str_free(&out);
}

void
orders_get(struct call *call)
{
	struct err e = { 0 };
	struct str out;
	struct json j;
	int limit;
	bool ok;

	if (!text_page(call, &limit))
		return;
	str_init(&out, PROCESS_MAX);
	json_start(&j, &out);
	ok = view_orders(call->db, query(call, "number"),
	    query(call, "after"), limit, &j, &e);
	answer_view(call, ok, &out, &e);
	str_free(&out);
}

void
batches_get(struct call *call)
{
	struct err e = { 0 };
	struct str out;
	struct json j;
	int limit;
	bool ok;

	if (!text_page(call, &limit))
		return;
	str_init(&out, PROCESS_MAX);
	json_start(&j, &out);
	ok = view_batches(call->db, query(call, "after"), limit, &j, &e);
	answer_view(call, ok, &out, &e);
	str_free(&out);
}

void
flows_get(struct call *call)
{
	struct reference *reference = pump_reference(api_pump(call->api));
	struct err e = { 0 };
	struct str out;
	struct json j;
	bool ok;

	str_init(&out, PROCESS_MAX);
	json_start(&j, &out);
	ok = view_flows(call->db, reference, &j, &e);
	answer_view(call, ok, &out, &e);
	str_free(&out);
	reference_drop(&reference);
}

void
clearing_get(struct call *call)
{
	struct err e = { 0 };
	struct str out;
	struct json j;
	bool ok;

	str_init(&out, PROCESS_MAX);
	json_start(&j, &out);
	ok = view_clearing(call->db, &j, &e);
	answer_view(call, ok, &out, &e);
	str_free(&out);
}

void
dead_letters_get(struct call *call)
{
	struct err e = { 0 };
	struct str out;
	struct json j;
	int64_t after;
	int limit;
	bool ok;

	if (!page_of(call, 'E', &after, &limit))
		return;
	str_init(&out, PROCESS_MAX);
	json_start(&j, &out);
	ok = view_dead(call->db, query(call, "class"), after, limit, &j, &e);
	answer_view(call, ok, &out, &e);
	str_free(&out);
}

void
trace_get(struct call *call)
{
	struct err e = { 0 };
	struct str out;
	struct json j;
	bool found = false, ok;

	str_init(&out, PROCESS_MAX);
	json_start(&j, &out);
	ok = view_trace(call->db, call->args[0], &j, &found, &e);
	if (ok && !found)
		answer_absent(call, "such event, journal, document or "
		    "correlation");
	else
		answer_view(call, ok, &out, &e);
	str_free(&out);
}

void
explain_get(struct call *call)
{
	struct err e = { 0 };
	struct str out;
	struct json j;
	int64_t after;
	int limit;
	bool ok;

	if (!page_of(call, 'J', &after, &limit))
		return;
	str_init(&out, PROCESS_MAX);
	json_start(&j, &out);
	ok = view_explain(call->db, call->args[0], query(call, "entity"),
	    query(call, "period"), after, limit, &j, &e);
	answer_view(call, ok, &out, &e);
	str_free(&out);
}
