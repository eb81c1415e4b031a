/* POST /v1/events/E12/correct: a person has the payload right. */
#include "api/inside.h"

#include <limits.h>

#include <cjson/cJSON.h>

#include "core/clock.h"
#include "flow/decide.h"
#include "flow/intake.h"
#include "flow/work.h"

#define ANSWER_MAX (256 << 20)

struct correcting {
	struct call *call;
	struct decision *d;
	int64_t event, version;
	bool dry;
};

/* Events are JSON, whatever they came in. */
static bool
read_payload(struct correcting *c, const cJSON *tree, struct err *e)
{
	const char *type = json_text(tree, "content_type");
	const char *body = json_text(tree, "body");
	struct err fault = { 0 };
	cJSON *payload;

	if (body == NULL || body[0] == '\0')
		return err_set(e, ERR_REQUEST, "body is the payload, a text");
	if (type != NULL && strcmp(type, "application/json") != 0)
		return err_set(e, ERR_REQUEST,
		    "content_type: application/json");
	payload = json_strict(span_of(body), &fault);
	if (payload == NULL)
		return err_set(e, ERR_REQUEST, "the payload: %.200s",
		    fault.why);
	cJSON_Delete(payload);
	c->d->body = span_of(arena_strdup(c->d->arena, body));
	return true;
}

static bool
read_tree(struct correcting *c, const cJSON *tree, struct err *e)
{
	const char *version = json_text(tree, "version");

	c->dry = call_query(c->call, "dry_run") != NULL;
	if (!body_reason(tree, c->d->arena, &c->d->reason, e))
		return false;
	if (!c->dry && c->d->reason[0] == '\0')
		return err_set(e, ERR_REQUEST, "this needs a reason");
	if (version == NULL || !parse_id(version, '\0', &c->version) ||
	    c->version > INT_MAX)
		return err_set(e, ERR_REQUEST,
		    "version: of the event that was seen");
	return read_payload(c, tree, e);
}

/* The log names the payload by its digest; its bytes are the event's. */
static bool
name_payload(struct correcting *c)
{
	unsigned char digest[SHA256_SIZE];
	char hex[SHA256_HEX];

	digest_sha256(c->d->body, digest);
	digest_hex(digest, SHA256_SIZE, hex);
	c->d->with = cJSON_CreateObject();
	if (cJSON_AddStringToObject(c->d->with, "sha256", hex) == NULL)
		bug("out of memory");
	return true;
}

static bool
read_request(struct correcting *c, struct err *e)
{
	struct request *request = c->call->request;
	struct decision *d = c->d;
	bool twice = false, ok;
	const char *key = request_header(request, "Idempotency-Key", &twice);
	cJSON *tree;

	if (!parse_id(c->call->args[0], 'E', &c->event))
		return err_set(e, ERR_NOT_FOUND, "no such event");
	if (twice || (key != NULL && strlen(key) > 255))
		return err_set(e, ERR_REQUEST, "Idempotency-Key");
	tree = json_strict(request_body(request), e);
	ok = tree != NULL && read_tree(c, tree, e) && name_payload(c);
	cJSON_Delete(tree);
	d->key = arena_strdup(d->arena, key);
	d->actor = arena_strdup(d->arena, c->call->caller.name);
	d->act = act_find("correct");
	d->picks = arena_alloc(d->arena, sizeof *d->picks);
	d->picks[0] = (struct pick){ c->event, (int)c->version };
	d->n_picks = 1;
	digest_sha256v((struct span[]){ span_of(request_path(request)),
	    request_body(request) }, 2, d->digest);
	return ok;
}

/* ---- what would come of it -------------------------------------------- */

static bool
judge(struct correcting *c, struct work **out, struct err *e)
{
	struct arena *arena = c->call->arena;
	struct placing placing;
	struct event event;
	bool found;

	if (!event_load(c->call->db, c->event, arena, &event, &placing,
	    &found, e))
		return false;
	if (!found)
		return err_set(e, ERR_NOT_FOUND, "no such event");
	*out = intake_arrival(api_pump(c->call->api), &(struct arrival){
	    .source = event.source, .key = event.key, .topic = event.topic,
	    .received = clock_now(), .occurred = event.occurred,
	    .body = c->d->body });
	return true;
}

static bool
preview(struct correcting *c, struct err *e)
{
	struct work *work;
	struct str out;
	struct json j;
	bool ok;

	if (!judge(c, &work, e))
		return false;
	str_init(&out, ANSWER_MAX);
	json_start(&j, &out);
	json_open(&j, '{');
	ok = show_judged(c->call, work, &j, e);
	json_close(&j, '}');
	if (ok)
		answer_view(c->call, true, &out, e);
	str_free(&out);
	work_free(&work);
	return ok;
}

void
event_correct(struct call *call)
{
	struct correcting c = { .call = call, .d = decision_new() };
	struct err e = { 0 };
	bool ok = read_request(&c, &e);

	if (ok && !c.dry && decision_hand_over(call, c.d, &e))
		return;
	if (!ok || !c.dry || !preview(&c, &e))
		request_fail(call->request, &e);
	decision_free(&c.d);
}
