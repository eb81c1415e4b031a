/* How things stand: status, signatures, health. */
#include "api/inside.h"

#include "core/clock.h"
#include "store/numbers.h"

void
status_get(struct call *call)
{
	struct numbers numbers;
	struct answer a;
	bool ok;

	answer_start(&a, 4 << 20);
	/* The numbers and the backups are of all entities. */
	if (!scope_all(&call->caller)) {
		answer_end(call, &a, view_status(call->db, NULL,
		    NULL, &a.j, &a.e));
		return;
	}
	ok = numbers_read(call->db, call->arena, clock_now(), &numbers, &a.e);
	if (ok) {
		ok = view_status(call->db, &numbers,
		    &api_options(call->api)->backup, &a.j, &a.e);
		numbers_free(&numbers);
	}
	answer_end(call, &a, ok);
}

void
signatures_get(struct call *call)
{
	struct answer a;
	bool ok;

	answer_start(&a, 64 << 20);
	ok = view_signatures(call->db, &a.j, &a.e);
	answer_end(call, &a, ok);
}

void
health_get(struct call *call)
{
	struct pump_figures figures;
	struct err e = { 0 };

	pump_figures(api_pump(call->api), &figures);
	if (figures.draining) {
		err_set(&e, ERR_BUSY, "shutting down");
		request_fail(call->request, &e);
		return;
	}
	request_answer(call->request, 200, "application/json",
	    SPAN("{\"status\":\"ok\"}"));
}
