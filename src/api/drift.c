/* GET /v1/drift: what senders and master data no longer agree on. */
#include "flow/drift.h"

#include "api/inside.h"

void
drift_get(struct call *call)
{
	struct reference *reference = pump_reference(api_pump(call->api));
	struct err e = { 0 };
	struct str out;
	struct json j;
	bool ok;

	str_init(&out, 16 << 20);
	json_start(&j, &out);
	ok = drift_view(api_options(call->api)->drift, call->db, reference,
	    &j, &e);
	answer_view(call, ok, &out, &e);
	str_free(&out);
	reference_drop(&reference);
}
