/* How far things have come: stock, orders, batches, flows, and traces. */
#include "api/inside.h"

#define PROCESS_MAX (64 << 20)

/* What a request asks of its view. */
struct asked {
	int64_t after;		/* of pages by number */
	int limit;
	bool found;		/* false: there is no such thing */
};

typedef bool view_fn(struct call *, struct asked *, struct json *,
	struct err *);

static void
show(struct call *call, struct asked *asked, view_fn *view,
    const char *what)
{
	struct err e = { 0 };
	struct str out;
	struct json j;
	bool ok;

	asked->found = true;
	str_init(&out, PROCESS_MAX);
	json_start(&j, &out);
	ok = view(call, asked, &j, &e);
	if (ok && !asked->found)
		answer_absent(call, what);
	else
		answer_view(call, ok, &out, &e);
	str_free(&out);
}

static void
show_page(struct call *call, view_fn *view)
{
	struct asked asked = { 0 };

	if (limit_of(call, &asked.limit))
		show(call, &asked, view, NULL);
}

static void
show_numbered(struct call *call, char letter, view_fn *view,
    const char *what)
{
	struct asked asked = { 0 };

	if (page_of(call, letter, &asked.after, &asked.limit))
		show(call, &asked, view, what);
}

static void
show_whole(struct call *call, view_fn *view, const char *what)
{
	struct asked asked = { 0 };

	show(call, &asked, view, what);
}

/* ---- the views -------------------------------------------------------- */

static bool
stock(struct call *call, struct asked *asked, struct json *j, struct err *e)
{
	return view_stock(call->db, call_query(call, "location"),
	    call_query(call, "q"), call_query(call, "after"), asked->limit, j,
	    e);
}

void
stock_get(struct call *call)
{
	show_page(call, stock);
}

static bool
orders(struct call *call, struct asked *asked, struct json *j, struct err *e)
{
	return view_orders(call->db, call_query(call, "number"),
	    call_query(call, "after"), asked->limit, j, e);
}

void
orders_get(struct call *call)
{
	show_page(call, orders);
}

static bool
batches(struct call *call, struct asked *asked, struct json *j,
    struct err *e)
{
	return view_batches(call->db, call_query(call, "after"), asked->limit,
	    j, e);
}

void
batches_get(struct call *call)
{
	show_page(call, batches);
}

static bool
flows(struct call *call, struct asked *asked, struct json *j, struct err *e)
{
	struct reference *reference = pump_reference(api_pump(call->api));
	bool ok = view_flows(call->db, reference, j, e);

	(void)asked;
	reference_drop(&reference);
	return ok;
}

void
flows_get(struct call *call)
{
	show_whole(call, flows, NULL);
}

static bool
clearing(struct call *call, struct asked *asked, struct json *j,
    struct err *e)
{
	(void)asked;
	return view_clearing(call->db, j, e);
}

void
clearing_get(struct call *call)
{
	show_whole(call, clearing, NULL);
}

static bool
dead_letters(struct call *call, struct asked *asked, struct json *j,
    struct err *e)
{
	return view_dead(call->db, call_query(call, "class"), asked->after,
	    asked->limit, j, e);
}

void
dead_letters_get(struct call *call)
{
	show_numbered(call, 'E', dead_letters, NULL);
}

static bool
problems(struct call *call, struct asked *asked, struct json *j,
    struct err *e)
{
	(void)asked;
	return view_problems(call->db, j, e);
}

void
problems_get(struct call *call)
{
	show_whole(call, problems, NULL);
}

static bool
problem_events(struct call *call, struct asked *asked, struct json *j,
    struct err *e)
{
	const char *cell = call_query(call, "cell");

	return view_problem_events(call->db, cell != NULL ? cell : "",
	    asked->after, asked->limit, j, &asked->found, e);
}

void
problem_events_get(struct call *call)
{
	show_numbered(call, 'E', problem_events, "such cell");
}

static bool
trace(struct call *call, struct asked *asked, struct json *j, struct err *e)
{
	struct reference *reference = pump_reference(api_pump(call->api));
	bool ok = view_trace(call->db, reference, call->args[0], j,
	    &asked->found, e);

	reference_drop(&reference);
	return ok;
}

void
trace_get(struct call *call)
{
	show_whole(call, trace, "such event, journal, document or "
	    "correlation");
}

static bool
explain(struct call *call, struct asked *asked, struct json *j,
    struct err *e)
{
	return view_explain(call->db, call->args[0],
	    call_query(call, "entity"), call_query(call, "period"),
	    asked->after, asked->limit, j, &asked->found, e);
}

void
explain_get(struct call *call)
{
	show_numbered(call, 'J', explain, "such account");
}
