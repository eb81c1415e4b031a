/* What suppliers filed: files in, both sides side by side, why, and what
 * people say of them. */
#include "api/inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "flow/pump.h"
#include "flow/recon.h"
#include "gst/due.h"
#include "store/view_recon.h"

#define ANSWER_MAX (16 << 20)
#define NAME_MAX_BYTES 200
#define GSTIN_SIZE 15

/* ---- reading ---------------------------------------------------------- */

static bool
query_period(struct call *call, bool must, int64_t *out, struct err *e)
{
	const char *text = call_query(call, "period");

	*out = 0;
	if (text == NULL && !must)
		return true;
	return (text != NULL && gst_period_parse(span_of(text), out)) ||
	    err_set(e, ERR_REQUEST, "period: MMYYYY, as 102026");
}

void
gst_recon_get(struct call *call)
{
	struct recon_filter filter = { .gstin = call_query(call, "gstin"),
	    .status = call_query(call, "status"),
	    .party = call_query(call, "party"),
	    .after = call_query(call, "after"),
	    .credit = call_query(call, "credit") != NULL };
	struct answer a;
	bool ok;

	if (!limit_of(call, &filter.limit))
		return;
	answer_start(&a, ANSWER_MAX);
	ok = filter.gstin != NULL || err_set(&a.e, ERR_REQUEST, "gstin");
	ok = ok && query_period(call, true, &filter.period, &a.e) &&
	    view_recon(call->db, &filter, call->arena, &a.j, &a.e);
	answer_end(call, &a, ok);
}

void
gst_recon_item_get(struct call *call)
{
	int64_t inward = 0, version = 0;
	struct answer a;
	bool found, ok;

	if (!parse_id(call->args[0], 'R', &inward) &&
	    !parse_id(call->args[0], 'B', &version)) {
		answer_absent(call, "such item");
		return;
	}
	answer_start(&a, ANSWER_MAX);
	ok = view_recon_why(call->db, inward, version, call->arena, &a.j,
	    &found, &a.e);
	answer_end_found(call, &a, ok, found, "such item");
}

void
gst_followup_get(struct call *call)
{
	const char *gstin = call_query(call, "gstin");
	struct answer a;
	int64_t period;
	int limit;
	bool ok;

	if (!limit_of(call, &limit))
		return;
	answer_start(&a, ANSWER_MAX);
	ok = gstin != NULL || err_set(&a.e, ERR_REQUEST, "gstin");
	ok = ok && query_period(call, false, &period, &a.e) &&
	    view_followup(call->db, gstin, period, call_query(call,
	    "after"), limit, &a.j, &a.e);
	answer_end(call, &a, ok);
}

/* ---- files ------------------------------------------------------------ */

static void
write_totals(struct json *j, const struct inward *file)
{
	json_key(j, "warnings");
	json_open(j, '[');
	for (size_t i = 0; i < file->n_warnings; i++)
		json_str(j, file->warnings[i]);
	json_close(j, ']');
	json_kint(j, "more_warnings", (int64_t)file->n_more);
}

static void
show_taken(struct json *j, const void *what)
{
	const struct recon_import *i = what;
	char period[GST_PERIOD_SIZE], id[32];

	gst_period_text(i->inward.period, period);
	snprintf(id, sizeof id, "D%lld", (long long)i->seq);
	json_open(j, '{');
	json_kstr(j, "decision", id);
	json_key(j, "repeated");
	json_bool(j, i->repeated);
	json_kstr(j, "form", inward_form_name(i->inward.form));
	json_kstr(j, "gstin", i->gstin);
	json_kstr(j, "period", i->inward.period != 0 ? period : NULL);
	json_kstr(j, "generated", i->inward.generated.text);
	json_kint(j, "documents", (int64_t)i->inward.n_rows);
	json_kint(j, "added", i->counts.added);
	json_kint(j, "changed", i->counts.changed);
	json_kint(j, "same", i->counts.same);
	json_kint(j, "back", i->counts.back);
	json_kint(j, "gone", i->counts.gone);
	json_kint(j, "files", i->counts.joined);
	write_totals(j, &i->inward);
	json_close(j, '}');
}

static bool
take(struct settler *settler, void *what, struct err *e)
{
	return recon_take(settler, what, e);
}

static bool
read_file(struct call *call, struct recon_import *in, struct err *e)
{
	struct reference *reference;
	bool ok;

	in->name = call_query(call, "name");
	if (in->name == NULL)
		in->name = "";
	if (strlen(in->name) > NAME_MAX_BYTES)
		return err_set(e, ERR_REQUEST, "name: at most %d bytes",
		    NAME_MAX_BYTES);
	if (!query_period(call, false, &in->period, e))
		return false;
	reference = pump_reference(api_pump(call->api));
	ok = recon_read(in, reference, e);
	reference_drop(&reference);
	return ok;
}

void
gst_inward_post(struct call *call)
{
	static const struct wording wording = { NULL, take, show_taken };
	struct recon_import *in = arena_alloc(call->arena, sizeof *in);
	struct err e = { 0 };

	*in = (struct recon_import){ .arena = call->arena,
	    .body = request_body(call->request), .actor = call->caller.name,
	    .gstin = call_query(call, "gstin") };
	if (read_file(call, in, &e))
		wording_offer(call, &wording, in);
	else
		request_fail(call->request, &e);
}

/* ---- saying ----------------------------------------------------------- */

static void
write_item(struct json *j, const struct recon_item *item)
{
	char id[32];

	snprintf(id, sizeof id, "%c%lld", item->inward != 0 ? 'R' : 'B',
	    (long long)(item->inward != 0 ? item->inward : item->version));
	json_kstr(j, "item", id);
}

static void
show_said(struct json *j, const void *what)
{
	const struct recon_saying *said = what;
	char id[32];

	snprintf(id, sizeof id, "D%lld", (long long)said->seq);
	json_open(j, '{');
	json_kstr(j, "decision", said->seq != 0 ? id : NULL);
	json_kstr(j, "action", said->action);
	json_kint(j, "done", said->done);
	json_kint(j, "skipped", said->n_skipped);
	json_key(j, "more");
	json_bool(j, said->more);
	json_key(j, "items");
	json_open(j, '[');
	for (int64_t i = 0; i < said->n_skipped && i < RECON_SKIPPED_MAX &&
	    said->skipped[i].why != NULL; i++) {
		json_open(j, '{');
		write_item(j, &said->skipped[i].item);
		json_kstr(j, "why", said->skipped[i].why);
		json_close(j, '}');
	}
	json_close(j, ']');
	json_close(j, '}');
}

static bool
say(struct settler *settler, void *what, struct err *e)
{
	return recon_say(settler, what, e);
}

static bool
read_items(struct recon_saying *said, const cJSON *list, struct err *e)
{
	int n = cJSON_GetArraySize(list);
	const cJSON *one;

	if (n < 1 || n > RECON_ITEMS_MAX)
		return err_set(e, ERR_REQUEST, "items: 1 to %d of them",
		    RECON_ITEMS_MAX);
	said->items = arena_alloc(said->arena, (size_t)n *
	    sizeof *said->items);
	cJSON_ArrayForEach(one, list) {
		struct recon_item *item = &said->items[said->n_items++];

		if (!cJSON_IsString(one) || (!parse_id(one->valuestring,
		    'R', &item->inward) && !parse_id(one->valuestring, 'B',
		    &item->version)))
			return err_set(e, ERR_REQUEST,
			    "items: R12 or B34");
	}
	return true;
}

static bool
read_filter(struct recon_saying *said, const cJSON *tree, struct err *e)
{
	struct recon_choice *filter = &said->filter;
	const char *period = json_text(tree, "period");

	if (!body_text(tree, "gstin", GSTIN_SIZE, said->arena,
	    &filter->gstin, e) || !body_text(tree, "status", 20, said->arena,
	    &filter->status, e) || !body_text(tree, "party", GSTIN_SIZE,
	    said->arena, &filter->party, e))
		return false;
	if (filter->gstin == NULL || filter->status == NULL ||
	    period == NULL || !gst_period_parse(span_of(period),
	    &filter->period))
		return err_set(e, ERR_REQUEST, "filter: gstin, period and "
		    "status");
	return true;
}

static bool
read_said(struct call *call, const cJSON *tree, void *what, struct err *e)
{
	struct recon_saying *said = what;
	const cJSON *items = json_at(tree, "items");
	const cJSON *filter = json_at(tree, "filter");
	const char *with = json_text(tree, "with");
	const char *of = json_text(tree, "decision");

	if (!body_text(tree, "action", 20, call->arena, &said->action, e) ||
	    !body_reason(tree, call->arena, &said->reason, e))
		return false;
	if (said->action == NULL || !recon_action(said->action))
		return err_set(e, ERR_REQUEST, "action: there is no such");
	if (strcmp(said->action, "undo") == 0)
		return (of != NULL && parse_id(of, 'D', &said->of)) ||
		    err_set(e, ERR_REQUEST, "decision: D12");
	if (strcmp(said->action, "link") == 0 && (with == NULL ||
	    !parse_id(with, 'B', &said->with) ||
	    cJSON_GetArraySize(items) != 1))
		return err_set(e, ERR_REQUEST, "a link is of one item, with "
		    "one purchase (B34)");
	if ((items == NULL) == (filter == NULL))
		return err_set(e, ERR_REQUEST, "items, or a filter");
	return items != NULL ? read_items(said, items, e) :
	    read_filter(said, filter, e);
}

void
gst_recon_post(struct call *call)
{
	static const struct wording wording = { read_said, say, show_said };
	struct recon_saying *said = arena_alloc(call->arena, sizeof *said);

	said->arena = call->arena;
	said->actor = call->caller.name;
	wording_offer(call, &wording, said);
}
