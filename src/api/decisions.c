/* What a person decided, to the writer and back; and what was said so far. */
#include "api/inside.h"

#include <limits.h>
#include <stdlib.h>

#include <cjson/cJSON.h>

#include "core/clock.h"
#include "flow/decide.h"
#include "store/runs.h"

#define DECISIONS_MAX (64 << 20)

/* ---- reading what was said -------------------------------------------- */

/* A day means all of it, as `since` from its begin, as `until` to its end. */
static bool
moment_of(struct call *call, const char *name, int64_t absent, bool end,
    int64_t *out, struct err *e)
{
	const char *text = call_query(call, name);

	*out = absent;
	if (text == NULL)
		return true;
	if (!day_moment(span_of(text), out))
		return err_set(e, ERR_REQUEST, "%s: 2026-10-05, or a time",
		    name);
	if (end && strlen(text) == strlen("2026-10-05"))
		*out += INT64_C(86400000000);
	return true;
}

static bool
read_said(struct call *call, struct said_filter *f, struct err *e)
{
	const char *event = call_query(call, "event");

	f->actor = call_query(call, "actor");
	f->action = call_query(call, "action");
	if (event != NULL && !parse_id(event, 'E', &f->event))
		return err_set(e, ERR_REQUEST, "event: %.40s", event);
	return moment_of(call, "since", 0, false, &f->from, e) &&
	    moment_of(call, "until", INT64_MAX, true, &f->to, e);
}

void
decisions_get(struct call *call)
{
	struct said_filter filter = { 0 };
	struct answer a = { 0 };
	bool ok;

	if (!page_of(call, 'D', &filter.before, &filter.limit))
		return;
	if (!read_said(call, &filter, &a.e)) {
		request_fail(call->request, &a.e);
		return;
	}
	answer_start(&a, DECISIONS_MAX);
	ok = view_decisions(call->db, &filter, &a.j, &a.e);
	answer_end(call, &a, ok);
}

/* ---- saying ----------------------------------------------------------- */

static const char *
text(struct decision *d, const cJSON *tree, const char *path)
{
	return arena_strdup(d->arena, json_text(tree, path));
}

static bool
read_fix(struct decision *d, const cJSON *tree, struct err *e)
{
	d->fix.dimension = text(d, tree, "fix.dimension");
	d->fix.source = text(d, tree, "fix.source");
	d->fix.value = text(d, tree, "fix.value");
	d->fix.to = text(d, tree, "fix.to");
	d->retry = cJSON_IsTrue(json_at(tree, "retry"));
	return (d->fix.dimension != NULL && d->fix.source != NULL &&
	    d->fix.value != NULL && d->fix.to != NULL) ||
	    err_set(e, ERR_REQUEST,
	    "a fix names dimension, source, value and to");
}

static bool
read_moment(struct decision *d, const cJSON *tree, const char *path,
    int64_t absent, int64_t *out, struct err *e)
{
	const char *value = text(d, tree, path);

	*out = absent;
	return value == NULL || clock_parse(span_of(value), out) ||
	    err_set(e, ERR_REQUEST, "%s is no RFC 3339 time", path);
}

static bool
read_range(struct decision *d, const cJSON *tree, struct err *e)
{
	d->range.source = text(d, tree, "range.source");
	d->range.topic = text(d, tree, "range.topic");
	return read_moment(d, tree, "range.from", 0, &d->range.from, e) &&
	    read_moment(d, tree, "range.to", INT64_MAX, &d->range.to, e);
}

/* A source is named alone; it needs no events. */
static bool
read_source(struct decision *d, const cJSON *tree, struct err *e)
{
	d->range.source = text(d, tree, "source");
	return d->range.source != NULL || err_set(e, ERR_REQUEST,
	    "this names a source");
}

static bool
read_with(struct call *call, struct decision *d, cJSON *tree, struct err *e)
{
	d->with = cJSON_DetachItemFromObjectCaseSensitive(tree, "with");
	return with_vouch(call, d->act, &d->with, e);
}

static bool
read_decision(struct call *call, struct decision *d, cJSON *tree,
    struct err *e)
{
	const char *action = json_text(tree, "action");
	const cJSON *events = json_at(tree, "events");

	if (action == NULL || (d->act = act_find(action)) == NULL)
		return err_set(e, ERR_REQUEST, "no such action");
	if (!body_reason(tree, d->arena, &d->reason, e))
		return false;
	if (d->act->reasoned && d->reason[0] == '\0')
		return err_set(e, ERR_REQUEST, "this needs a reason");
	if (!read_with(call, d, tree, e))
		return false;
	if (act_alone(d->act))
		return true;
	if (d->act->source)
		return read_source(d, tree, e);
	if (strcmp(action, "replay") == 0 && events == NULL)
		return read_range(d, tree, e);
	d->signature = text(d, tree, "signature");
	if (strcmp(action, "fix") == 0) {
		if (!read_fix(d, tree, e))
			return false;
	} else if (d->signature == NULL && events == NULL) {
		return err_set(e, ERR_REQUEST, "events or a signature");
	}
	if (!d->act->shared && d->signature != NULL)
		return err_set(e, ERR_REQUEST,
		    "%s names its events; it is not said of a signature",
		    action);
	return d->signature != NULL || events == NULL ||
	    read_picks(events, d->arena, &d->picks, &d->n_picks, e);
}

static bool
parse(struct call *call, struct decision *d, struct span body,
    struct err *e)
{
	cJSON *tree = json_strict(body, e);
	bool ok = tree != NULL && read_decision(call, d, tree, e);

	cJSON_Delete(tree);
	return ok;
}

static void
finished(struct decision *d)
{
	struct request *request = d->owner;

	if (d->replayed)
		request_say(request, "Idempotent-Replayed", "true");
	if (d->answer != NULL)
		request_answer(request, 200, "application/json",
		    span_of(d->answer));
	else
		request_fail(request, &d->err);
	decision_free(&d);
}

static bool
allowed(const struct call *call, const struct decision *d, struct err *e)
{
	return caller_may(call, d->act->roles, e);
}

/* What is said of all that share a signature is said of those that he sees;
 * what changes more than those is not for him. */
static bool
narrowed(struct call *call, struct decision *d, struct err *e)
{
	struct run_where w = { .signature = d->signature, .to = INT64_MAX };
	bool fix = d->fix.dimension != NULL, of_source = d->act->source ||
	    (!act_alone(d->act) && d->signature == NULL && d->n_picks == 0 &&
	    !fix);
	struct pick *picks;

	if (!call->narrow)
		return true;
	if (!scope_all(&call->caller) && (of_source || (fix && !d->govern)))
		return err_set(e, ERR_FORBIDDEN, "this changes what is of all "
		    "entities, you are of some");
	if (d->signature == NULL || fix)
		return true;
	if (!run_where(call->db, &w, d->arena, &picks, &d->n_picks, e))
		return false;
	d->picks = picks;
	d->any_version = true;
	d->signature = NULL;
	return d->n_picks > 0 || err_set(e, ERR_NOT_FOUND,
	    "no open event has that problem");
}

bool
decision_hand_over(struct call *call, struct decision *d, struct err *e)
{
	d->owner = call->request;
	d->finished = finished;
	return pump_call(api_pump(call->api), decision_step, d, e);
}

void
decisions_post(struct call *call)
{
	struct span body = request_body(call->request);
	struct decision *d = decision_new();
	const char *key;
	struct err e = { 0 };
	bool twice = false;

	key = request_header(call->request, "Idempotency-Key", &twice);
	if (twice || (key != NULL && strlen(key) > 255))
		err_set(&e, ERR_REQUEST, "Idempotency-Key");
	d->key = arena_strdup(d->arena, key);
	d->actor = arena_strdup(d->arena, call->caller.name);
	d->govern = api_options(call->api)->govern;
	digest_sha256(body, d->digest);
	if (e.code == ERR_NONE && parse(call, d, body, &e) &&
	    allowed(call, d, &e) && narrowed(call, d, &e) &&
	    decision_hand_over(call, d, &e))
		return;
	request_fail(call->request, &e);
	decision_free(&d);
}
