/* How things stand: status, signatures, health. */
#include "api/inside.h"

#include "core/clock.h"
#include "store/numbers.h"

void
status_get(struct call *call)
{
	struct numbers numbers;
	struct err e = { 0 };
	struct str out;
	struct json j;
	bool ok;

	str_init(&out, 4 << 20);
	json_start(&j, &out);
	ok = numbers_read(call->db, call->arena, clock_now(), &numbers, &e);
	if (ok) {
		ok = view_status(call->db, &numbers, &j, &e);
		numbers_free(&numbers);
	}
	answer_view(call, ok, &out, &e);
	str_free(&out);
}

void
signatures_get(struct call *call)
{
	struct err e = { 0 };
	struct str out;
	struct json j;
	bool ok;

	str_init(&out, 64 << 20);
	json_start(&j, &out);
	ok = view_signatures(call->db, &j, &e);
	answer_view(call, ok, &out, &e);
	str_free(&out);
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
