/*
 * Events in and out: signed hooks, CloudEvents in their three modes, pages
 * and one event.  A delivery is judged here, on the request's own thread,
 * and answered from the writer's after its commit.
 */
#include "api/inside.h"

#include <stdlib.h>

#include "core/clock.h"
#include "core/log.h"
#include "flow/cloudevent.h"
#include "flow/intake.h"
#include "flow/work.h"
#include "store/scope.h"

#define ANSWER_MAX (8 << 20)

static int
status_of(const struct work *work)
{
	return work->replayed ? 200 :
	    work->event.state == EVENT_POSTED ? 201 : 202;
}

void
answer_work(struct work *work)
{
	struct request *request = work->owner;
	struct str out;

	if (work->err.code != ERR_NONE) {
		request_fail(request, &work->err);
		work_free(&work);
		return;
	}
	str_init(&out, ANSWER_MAX);
	work_answer(work, &out);
	if (work->replayed)
		request_say(request, "Idempotent-Replayed", "true");
	request_answer(request, status_of(work), "application/json",
	    str_span(&out));
	str_free(&out);
	work_free(&work);
}

/* Who sends for some entities makes documents of no other. What could not be
 * judged yet is kept, and waits for a person of that entity. */
static bool
own_entities(const struct call *call, const struct work *work, struct err *e)
{
	struct scope scope = caller_scope(&call->caller);

	for (size_t i = 0; i < work->n_pieces; i++) {
		const char *entity = work->pieces[i].document.entity;

		if (entity != NULL && !scope_names(scope.entities, entity))
			return err_set(e, ERR_NOT_FOUND, "no entity %.60s",
			    entity);
	}
	return true;
}

void
offer_work(struct call *call, struct work *work)
{
	struct err e = { 0 };

	work->owner = call->request;
	work->done = answer_work;
	if (own_entities(call, work, &e) && pump_offer(api_pump(call->api), work, &e))
		return;
	request_fail(call->request, &e);
	work_free(&work);
}

/* ---- hooks ------------------------------------------------------------ */

static void
refuse(struct call *call, const char *name, const struct err *why)
{
	struct err e = { .code = why->code };

	atomic_fetch_add(&api_counts(call->api)->unauthentic, 1);
	if (!limit_forged(call, name))
		return;
	/* The reason is for our log; a forger learns nothing. */
	log_line(LOG_WARN, "hook.refused", "source=%s why=\"%s\"", name,
	    why->why);
	request_fail(call->request, &e);
}

static bool
verify(const struct source *source, const struct delivery *delivery,
    struct arena *arena, struct verified *out, struct err *e)
{
	const struct scheme *scheme = scheme_of(source);

	*out = (struct verified){ 0 };
	*e = (struct err){ 0 };
	if (scheme == NULL)
		return err_set(e, ERR_CONFIG, "source %s: no scheme %s",
		    source->name, source->scheme);
	return scheme->verify(source, delivery, arena, out, e);
}

void
hooks_post(struct call *call)
{
	struct delivery delivery = delivery_of(call->request);
	const char *name = call->args[0];
	const struct source *source;
	struct verified verified;
	struct held *held;
	struct err e = { 0 };
	bool ok;

	source = source_find(call->api, name, &held);
	if (source == NULL) {
		answer_absent(call, "such source");
		return;
	}
	if (!limit_admits(call, name)) {
		held_drop(&held);
		return;
	}
	ok = verify(source, &delivery, call->arena, &verified, &e);
	if (!ok && e.code == ERR_UNAUTHENTIC && sources_refresh(call->api)) {
		held_drop(&held);	/* a secret may have been rotated in */
		source = source_find(call->api, name, &held);
		ok = source != NULL && verify(source, &delivery, call->arena,
		    &verified, &e);
	}
	if (!ok)
		refuse(call, name, &e);
	else if (verified.ping)
		request_answer(call->request, 200, "application/json",
		    SPAN("{}"));
	else if (limit_takes(call, name, 1))
		offer_work(call, intake_take(api_pump(call->api), source,
		    &delivery, &verified));
	held_drop(&held);
}

/* ---- CloudEvents ------------------------------------------------------ */

struct batch {
	struct request *request;
	struct work **works;
	size_t n, left;
};

static void
write_item(const struct work *work, struct json *j)
{
	if (work->err.code != ERR_NONE) {
		json_open(j, '{');
		json_kstr(j, "error", err_info(work->err.code)->name);
		json_kstr(j, "key", work->event.key);
		json_kstr(j, "detail", work->err.why);
		json_close(j, '}');
	} else {
		json_raw(j, SPAN(""));	/* the comma */
		work_answer(work, j->out);
	}
}

static void
answer_batch(struct batch *batch)
{
	const struct err *failed = NULL;
	int status = 200;
	struct str out;
	struct json j;

	str_init(&out, ANSWER_MAX);
	json_start(&j, &out);
	json_open(&j, '{');
	json_key(&j, "items");
	json_open(&j, '[');
	for (size_t i = 0; i < batch->n; i++) {
		struct work *work = batch->works[i];

		write_item(work, &j);
		if (work->err.code != ERR_NONE &&
		    work->err.code != ERR_KEY_REUSE)
			failed = &work->err;
		else if (status_of(work) > status)
			status = status_of(work);
	}
	json_close(&j, ']');
	json_close(&j, '}');
	if (failed != NULL)
		request_fail(batch->request, failed);
	else
		request_answer(batch->request, status, "application/json",
		    str_span(&out));
	str_free(&out);
	for (size_t i = 0; i < batch->n; i++)
		work_free(&batch->works[i]);
	free(batch->works);
	free(batch);
}

/* All on the writer's thread, one after the other. */
static void
batch_done(struct work *work)
{
	struct batch *batch = work->owner;

	if (--batch->left == 0)
		answer_batch(batch);
}

static bool
judge_items(struct call *call, const struct json_item *items, size_t n,
    struct verified *verified, struct err *e)
{
	for (size_t i = 0; i < n; i++) {
		struct err one = { 0 };

		if (!cloudevent_structured(&items[i], call->arena,
		    &verified[i], &one))
			return err_set(e, one.code, "event %zu: %s", i + 1,
			    one.why);
	}
	return n > 0 || err_set(e, ERR_REQUEST, "an empty batch");
}

void
offer_works(struct call *call, struct work **works, size_t n)
{
	struct batch *batch = calloc(1, sizeof *batch);
	struct err e = { 0 };
	bool own = true;

	if (batch == NULL || (batch->works = calloc(n, sizeof *batch->works))
	    == NULL)
		bug("out of memory");
	batch->request = call->request;
	batch->n = batch->left = n;
	for (size_t i = 0; i < n; i++) {
		own = own && own_entities(call, works[i], &e);
		batch->works[i] = works[i];
		works[i]->owner = batch;
		works[i]->done = batch_done;
		works[i]->next = i + 1 < n ? works[i + 1] : NULL;
	}
	if (own && pump_offer(api_pump(call->api), works[0], &e))
		return;
	request_fail(call->request, &e);
	for (size_t i = 0; i < n; i++)
		work_free(&works[i]);
	free(batch->works);
	free(batch);
}

static void
take_batch(struct call *call, const struct source *source,
    const struct delivery *delivery, const struct json_item *items, size_t n,
    const struct verified *verified)
{
	struct work **works = arena_alloc(call->arena, n * sizeof *works);

	for (size_t i = 0; i < n; i++) {
		struct delivery one = *delivery;

		one.body = items[i].text;
		works[i] = intake_take(api_pump(call->api), source, &one,
		    &verified[i]);
	}
	offer_works(call, works, n);
}

static bool
post_batch(struct call *call, const struct source *source,
    const struct delivery *delivery, struct err *e)
{
	struct verified *verified;
	struct json_item *items;
	size_t n;

	if (!cloudevent_split(delivery->body, call->arena, &items, &n, e))
		return false;
	verified = arena_alloc(call->arena, (n + 1) * sizeof *verified);
	if (!judge_items(call, items, n, verified, e))
		return false;
	if (!limit_takes(call, source->name, n))
		return true;	/* and answered */
	take_batch(call, source, delivery, items, n, verified);
	return true;
}

void
events_post(struct call *call)
{
	struct delivery delivery = delivery_of(call->request);
	/* Each token is a source of its own; local senders share one. */
	struct source source = { .name = call->caller.local ? "events" :
	    call->caller.name };
	struct verified verified = { 0 };
	enum cloudevent_mode mode;
	struct json_item item;
	struct err e = { 0 };
	bool ok = cloudevent_mode(&delivery, &mode, &e);

	if (ok && mode == CLOUDEVENT_BATCH) {
		if (!post_batch(call, &source, &delivery, &e))
			request_fail(call->request, &e);
		return;
	}
	ok = ok && (mode == CLOUDEVENT_BINARY ?
	    cloudevent_binary(&delivery, call->arena, &verified, &e) :
	    cloudevent_read(delivery.body, call->arena, &item, &e) &&
	    cloudevent_structured(&item, call->arena, &verified, &e));
	if (!ok)
		request_fail(call->request, &e);
	else if (limit_takes(call, source.name, 1))
		offer_work(call, intake_take(api_pump(call->api), &source,
		    &delivery, &verified));
}

/* ---- reading ---------------------------------------------------------- */

void
events_get(struct call *call)
{
	struct event_filter filter = {
		.state = call_query(call, "state"),
		.source = call_query(call, "source"),
		.code = call_query(call, "code"),
		.signature = call_query(call, "signature"),
		.q = call_query(call, "q"),
		.assignee = call_query(call, "assignee"),
		.snoozed = call_query(call, "snoozed"),
		.now = clock_now(),
	};
	enum event_state any;
	struct answer a = { 0 };
	bool ok;

	if (filter.assignee != NULL && strcmp(filter.assignee, "me") == 0)
		filter.assignee = call->caller.name;
	if (!page_of(call, 'E', &filter.after, &filter.limit))
		return;
	if (filter.state != NULL && strcmp(filter.state, "open") != 0 &&
	    strcmp(filter.state, "resolved") != 0 &&
	    !event_state_find(filter.state, &any)) {
		err_set(&a.e, ERR_REQUEST, "state: %.40s", filter.state);
		request_fail(call->request, &a.e);
		return;
	}
	answer_start(&a, 64 << 20);
	ok = view_events(call->db, &filter, &a.j, &a.e);
	answer_end(call, &a, ok);
}

void
event_get(struct call *call)
{
	/* A sender follows what it sent; other senders' are none of it. */
	const char *source = call->caller.role == ROLE_INTEGRATION ?
	    call->caller.name : NULL;
	struct answer a;
	int64_t seq;
	bool found, ok;

	if (!parse_id(call->args[0], 'E', &seq)) {
		answer_absent(call, "such event");
		return;
	}
	answer_start(&a, 256 << 20);
	ok = view_event(call->db, seq, source, &a.j, &found, &a.e);
	answer_end_found(call, &a, ok, found, "such event");
}
