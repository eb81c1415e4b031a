/* What people were told about the system: alerts, and what was sent. */
#include "api/inside.h"

#define ALERTS_TEXT (16 << 20)

void
alerts_get(struct call *call)
{
	const char *state = request_query(call->request, "state");
	struct err e = { 0 };
	struct str out;
	struct json j;
	int64_t after;
	int limit;
	bool ok;

	if (!page_of(call, 'A', &after, &limit))
		return;
	if (state != NULL && strcmp(state, "raised") != 0 &&
	    strcmp(state, "recovered") != 0) {
		err_set(&e, ERR_REQUEST, "state: %.40s", state);
		request_fail(call->request, &e);
		return;
	}
	str_init(&out, ALERTS_TEXT);
	json_start(&j, &out);
	ok = view_alerts(call->db, state, after, limit, &j, &e);
	answer_view(call, ok, &out, &e);
	str_free(&out);
}

void
alerts_sent_get(struct call *call)
{
	struct err e = { 0 };
	struct str out;
	struct json j;
	int64_t after;
	int limit;
	bool ok;

	if (!page_of(call, 'N', &after, &limit))
		return;
	str_init(&out, ALERTS_TEXT);
	json_start(&j, &out);
	ok = view_alerts_sent(call->db, after, limit, &j, &e);
	answer_view(call, ok, &out, &e);
	str_free(&out);
}
