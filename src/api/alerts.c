/* What people were told about the system: alerts, and what was sent. */
#include "api/inside.h"

#define ALERTS_TEXT (16 << 20)

void
alerts_get(struct call *call)
{
	const char *state = request_query(call->request, "state");
	struct answer a = { 0 };
	int64_t after;
	int limit;
	bool ok;

	if (!page_of(call, 'A', &after, &limit))
		return;
	if (state != NULL && strcmp(state, "raised") != 0 &&
	    strcmp(state, "recovered") != 0) {
		err_set(&a.e, ERR_REQUEST, "state: %.40s", state);
		request_fail(call->request, &a.e);
		return;
	}
	answer_start(&a, ALERTS_TEXT);
	ok = view_alerts(call->db, state, after, limit, &a.j, &a.e);
	answer_end(call, &a, ok);
}

void
alerts_sent_get(struct call *call)
{
	struct answer a;
	int64_t after;
	int limit;
	bool ok;

	if (!page_of(call, 'N', &after, &limit))
		return;
	answer_start(&a, ALERTS_TEXT);
	ok = view_alerts_sent(call->db, after, limit, &a.j, &a.e);
	answer_end(call, &a, ok);
}
