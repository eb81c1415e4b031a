/* GET /v1/drift: what senders and master data no longer agree on. */
#include "flow/drift.h"

#include "api/inside.h"

void
drift_get(struct call *call)
{
	struct reference *reference = pump_reference(api_pump(call->api));
	struct answer a;
	bool ok;

	answer_start(&a, 16 << 20);
	ok = drift_view(api_options(call->api)->drift, call->db, reference,
	    &a.j, &a.e);
	answer_end(call, &a, ok);
	reference_drop(&reference);
}
