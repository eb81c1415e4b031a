/* GET /v1/audit and /v1/audit/verify: the chain, and whether it is whole. */
#include "api/inside.h"
#include "core/clock.h"
#include "store/audit.h"

#define ANSWER_MAX (64 << 20)

/* A time of RFC 3339, or a day of India; absent: *out stays. */
static bool
time_of(struct call *call, const char *name, bool after, int64_t *out,
    struct err *e)
{
	const char *text = call_query(call, name);
	bool day = text != NULL && strlen(text) == 10;

	if (text == NULL)
		return true;
	if (!clock_parse(span_of(day ? arena_printf(call->arena,
	    "%sT00:00:00+05:30", text) : text), out))
		return err_set(e, ERR_REQUEST, "%s: %.40s", name, text);
	if (day && after)
		*out += INT64_C(86400000000);
	return true;
}

void
audit_get(struct call *call)
{
	struct audit_filter filter = { .object = call_query(call, "object"),
		.actor = call_query(call, "actor"),
		.action = call_query(call, "action") };
	struct answer a;
	int limit;
	bool ok;

	if (!page_of(call, '\0', &filter.before, &limit))
		return;
	answer_start(&a, ANSWER_MAX);
	ok = time_of(call, "since", false, &filter.since, &a.e) &&
	    time_of(call, "until", true, &filter.until, &a.e) &&
	    audit_view(call->db, &filter, limit, &a.j, &a.e);
	answer_end(call, &a, ok);
}

static bool
row_of(struct call *call, const char *name, int64_t *out, struct err *e)
{
	const char *text = call_query(call, name);

	return text == NULL || (parse_id(text, '\0', out) && *out > 0) ||
	    err_set(e, ERR_REQUEST, "%s: %.40s", name, text);
}

void
audit_verify_get(struct call *call)
{
	struct audit_range range = { 0 };
	struct answer a;
	bool ok;

	answer_start(&a, ANSWER_MAX);
	ok = row_of(call, "from", &range.from, &a.e) &&
	    row_of(call, "to", &range.to, &a.e) &&
	    audit_view_verify(call->db, &range, call_query(call, "hash"),
	    &a.j, &a.e);
	answer_end(call, &a, ok);
}
