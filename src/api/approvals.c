/* What waits for an approval, and who may give it for whom. */
#include "api/inside.h"

#include "flow/contest.h"

#define ANSWER_MAX (64 << 20)

void
approvals_get(struct call *call)
{
	struct answer a;
	int64_t after;
	int limit;
	bool ok;

	if (!page_of(call, 'E', &after, &limit))
		return;
	answer_start(&a, ANSWER_MAX);
	ok = view_approvals(call->db, call->caller.name, after, limit, &a.j,
	    &a.e);
	answer_end(call, &a, ok);
}

/* What it would post, judged as of now, and what that changes. */
static bool
show_documents(struct call *call, struct work *work,
    const struct contest *contests, struct json *j, struct err *e)
{
	json_key(j, "documents");
	json_open(j, '[');
	for (size_t i = 0; i < work->n_pieces; i++)
		json_raw(j, document_body(&work->pieces[i].document,
		    work->arena));
	json_close(j, ']');
	show_findings(work, j);
	return show_effects(call, work, contests, j, e);
}

void
approval_get(struct call *call)
{
	struct contest *contests;
	struct err e = { 0 };
	struct work *work;
	struct str out;
	struct json j;
	int64_t seq;
	bool ok, found = false;

	if (!parse_id(call->args[0], 'E', &seq)) {
		answer_absent(call, "such event");
		return;
	}
	if (!judged_event(call, seq, &work, &contests))
		return;
	str_init(&out, ANSWER_MAX);
	json_start(&j, &out);
	ok = view_approval(call->db, seq, call->caller.name, call->arena, &j,
	    &found, &e);
	if (ok && !found) {
		answer_absent(call, "event that waits for an approval");
	} else {
		ok = ok && show_documents(call, work, contests, &j, &e);
		json_close(&j, '}');
		answer_view(call, ok, &out, &e);
	}
	str_free(&out);
	work_free(&work);
}

void
delegations_get(struct call *call)
{
	struct answer a;
	int64_t after;
	int limit;
	bool ok;

	if (!page_of(call, 'D', &after, &limit))
		return;
	answer_start(&a, ANSWER_MAX);
	ok = view_delegations(call->db, after, limit, &a.j, &a.e);
	answer_end(call, &a, ok);
}
