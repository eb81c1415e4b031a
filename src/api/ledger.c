/* The books as the API shows them: balances, entries, journals, documents. */
#include "api/inside.h"

#define BOOKS_MAX (256 << 20)

static bool
is_period(struct call *call, const char *text)
{
	struct day first;

	return day_parse(span_of(arena_printf(call->arena, "%.20s-01",
	    text)), &first);
}

void
trial_balance_get(struct call *call)
{
	const char *to = call_query(call, "to");
	struct answer a = { 0 };
	bool ok;

	if (to != NULL && !is_period(call, to)) {
		err_set(&a.e, ERR_REQUEST, "to: a period is YYYY-MM");
		request_fail(call->request, &a.e);
		return;
	}
	answer_start(&a, BOOKS_MAX);
	ok = view_trial_balance(call->db, call_query(call, "entity"), to, &a.j,
	    &a.e);
	answer_end(call, &a, ok);
}

void
account_entries_get(struct call *call)
{
	struct answer a;
	int64_t after;
	int limit;
	bool ok;

	if (!page_of(call, 'J', &after, &limit))
		return;
	answer_start(&a, BOOKS_MAX);
	ok = view_entries(call->db, call->args[0], call_query(call, "entity"),
	    after, limit, &a.j, &a.e);
	answer_end(call, &a, ok);
}

void
journal_get(struct call *call)
{
	struct answer a;
	int64_t id;
	bool found, ok;

	if (!parse_id(call->args[0], 'J', &id)) {
		answer_absent(call, "such journal");
		return;
	}
	answer_start(&a, BOOKS_MAX);
	ok = view_journal(call->db, id, &a.j, &found, &a.e);
	answer_end_found(call, &a, ok, found, "such journal");
}

void
documents_get(struct call *call)
{
	struct answer a = { 0 };
	const char *order = call_query(call, "order");
	const char *kind = call_query(call, "kind");
	int64_t before = 0;
	int limit;
	bool ok;

	if (order != NULL && strcmp(order, "newest") != 0) {
		err_set(&a.e, ERR_REQUEST, "order: newest, or none");
		request_fail(call->request, &a.e);
		return;
	}
	if (!query_kind(kind, &a.e)) {
		request_fail(call->request, &a.e);
		return;
	}
	if (order != NULL ? !page_of(call, 'V', &before, &limit) :
	    !limit_of(call, &limit))
		return;
	answer_start(&a, BOOKS_MAX);
	ok = order != NULL ? view_documents_newest(call->db, kind,
	    call_query(call, "q"), before, limit, &a.j, &a.e) :
	    view_documents(call->db, kind, call_query(call, "q"),
	    call_query(call, "after"), limit, &a.j, &a.e);
	answer_end(call, &a, ok);
}
