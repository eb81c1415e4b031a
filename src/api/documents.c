/*
 * One document: what it is and was, and how a person changes it.  A change
 * names the version that was read; it is an event like any other, so a stale
 * one is kept as a conflict and nothing of it is lost.
 */
#include "api/inside.h"

#include <stdio.h>

#include <cjson/cJSON.h>

#include "flow/intake.h"
#include "flow/work.h"
#include "store/books.h"

#define BOOKS_MAX (256 << 20)

/* ---- reading ---------------------------------------------------------- */

static bool
name_document(struct call *call, struct document *out)
{
	*out = (struct document){ .entity = call->args[0],
	    .number = call->args[2] };
	return document_kind_find(call->args[1], &out->kind);
}

static void
say_version(struct call *call, int64_t version)
{
	request_say(call->request, "ETag", arena_printf(call->arena,
	    "\"%lld\"", (long long)version));
}

void
document_get(struct call *call)
{
	const char *text = call_query(call, "version");
	struct document name;
	struct err e = { 0 };
	int64_t version = 0, shown;
	struct str out;
	struct json j;
	bool ok;

	if (!name_document(call, &name) || (text != NULL &&
	    (!parse_id(text, '\0', &version) || version < 1))) {
		answer_absent(call, "such document");
		return;
	}
	str_init(&out, BOOKS_MAX);
	json_start(&j, &out);
	ok = view_document(call->db, &name, version, &j, &shown, &e);
	if (ok && shown == 0) {
		answer_absent(call, "such document");
	} else {
		say_version(call, shown);
		answer_view(call, ok, &out, &e);
	}
	str_free(&out);
}

/* ---- changing --------------------------------------------------------- */

struct change {			/* in the request's arena */
	struct request *request;
	struct arena *arena;
	int64_t base;		/* that the person saw; 0: none */
	int64_t current;	/* when the request came */
};

/* One strong tag: any version at all would be the last write winning. */
static bool
read_match(const char *text, int64_t *out)
{
	size_t n = strlen(text);
	char digits[20];

	if (n < 3 || n - 2 >= sizeof digits || text[0] != '"' ||
	    text[n - 1] != '"')
		return false;
	memcpy(digits, text + 1, n - 2);
	digits[n - 2] = '\0';
	return parse_id(digits, '\0', out) && *out > 0;
}

static bool
read_base(struct call *call, int64_t *base, struct err *e)
{
	bool twice = false, other = false;
	const char *match = request_header(call->request, "If-Match", &twice);
	const char *none = request_header(call->request, "If-None-Match",
	    &other);

	*base = 0;
	if (twice || other || (match != NULL && none != NULL))
		return err_set(e, ERR_REQUEST,
		    "If-Match or If-None-Match, once");
	if (match == NULL && none == NULL)
		return err_set(e, ERR_NO_VERSION, "If-Match with the ETag of "
		    "the document that you read; If-None-Match: * for a new "
		    "one");
	if (none != NULL)
		return strcmp(none, "*") == 0 || err_set(e, ERR_REQUEST,
		    "If-None-Match is *");
	return read_match(match, base) || err_set(e, ERR_REQUEST,
	    "If-Match is one ETag, as \"6\"");
}

static bool
judge_document(struct call *call, const cJSON *tree,
    const struct document *name, struct err *e)
{
	struct document document;
	const char *wrong;

	if (!document_read(tree, call->arena, &document, &wrong))
		return err_set(e, ERR_REQUEST, "not a document: %.200s",
		    wrong[0] != '\0' ? wrong : "no object");
	return document_same(&document, name) || err_set(e, ERR_REQUEST,
	    "entity, kind and number are those of the address");
}

static bool
judge_body(struct call *call, const struct document *name, struct err *e)
{
	cJSON *tree = json_strict(request_body(call->request), e);
	bool ok = tree != NULL && judge_document(call, tree, name, e);

	cJSON_Delete(tree);
	return ok;
}

/* ---- its answer ------------------------------------------------------- */

static void
answer_stale(struct change *c, struct work *work)
{
	int64_t current = work->present != 0 ? work->present : c->current;
	struct err e = { 0 };

	err_set(&e, ERR_STALE, "it is at version %lld, you saw %lld; yours "
	    "waits as E%lld", (long long)current, (long long)c->base,
	    (long long)work->event.seq);
	request_say(c->request, "ETag", arena_printf(c->arena, "\"%lld\"",
	    (long long)current));
	request_fail_with(c->request, &e, span_of(arena_printf(c->arena,
	    "\"current_version\":%lld,\"event\":\"E%lld\"",
	    (long long)current, (long long)work->event.seq)));
}

static void
answer_kept(struct change *c, struct work *work)
{
	bool posted = work->event.state == EVENT_POSTED;
	int64_t version = work->placing.doc_version;
	struct str out;

	str_init(&out, 8 << 20);
	work_answer(work, &out);
	if (work->replayed)
		request_say(c->request, "Idempotent-Replayed", "true");
	if (posted)
		request_say(c->request, "ETag", arena_printf(c->arena,
		    "\"%lld\"", (long long)version));
	request_answer(c->request, !posted ? 202 : version == 1 ? 201 : 200,
	    "application/json", str_span(&out));
	str_free(&out);
}

/* A change that cannot be used is kept; made against an old version it is
 * stale all the same. */
static bool
is_stale(const struct change *c, const struct work *work)
{
	return work->event.state == EVENT_CONFLICT ||
	    (work->event.state == EVENT_FAILED && c->base != c->current);
}

static void
answer_change(struct work *work)
{
	struct change *c = work->owner;

	if (work->err.code != ERR_NONE)
		request_fail(c->request, &work->err);
	else if (is_stale(c, work))
		answer_stale(c, work);
	else
		answer_kept(c, work);
	work_free(&work);
}

/* ---- the event -------------------------------------------------------- */

static struct work *
make_event(struct call *call, const char *source, const char *key,
    int64_t base)
{
	struct delivery delivery = delivery_of(call->request);
	struct str body;
	struct work *work;

	str_init(&body, delivery.body.n + 64);
	str_addf(&body, "{\"documents\":[{\"base_version\":%lld,"
	    "\"document\":", (long long)base);
	str_add(&body, delivery.body.p, delivery.body.n);
	str_adds(&body, "}]}");
	work = intake_arrival(api_pump(call->api), &(struct arrival){
	    .source = source, .key = key, .topic = DESK_TOPIC,
	    .received = delivery.now, .body = str_span(&body) });
	str_free(&body);
	return work;
}

static bool
prepare(struct call *call, struct change *c, const char **key,
    struct err *e)
{
	struct document name;
	struct document_row row;
	bool found;

	*c = (struct change){ .request = call->request,
	    .arena = call->arena };
	if (!name_document(call, &name))
		return err_set(e, ERR_NOT_FOUND, "no such kind of document");
	if (!read_base(call, &c->base, e) ||
	    !call_key(call, "put", arena_printf(call->arena, "%lld %s\n",
	    (long long)c->base, request_path(call->request)), key, e) ||
	    !judge_body(call, &name, e) || !document_look(call->db, &name,
	    call->arena, &row, &found, e))
		return false;
	c->current = row.version;
	return found || c->base == 0 || err_set(e, ERR_NOT_FOUND,
	    "no such document");
}

void
document_write(struct call *call)
{
	struct change *c = arena_alloc(call->arena, sizeof *c);
	const char *source = arena_printf(call->arena, DESK "%s",
	    call->caller.name), *key = NULL;
	struct err e = { 0 };
	struct work *work;

	if (!prepare(call, c, &key, &e)) {
		request_fail(call->request, &e);
		return;
	}
	if (!limit_takes(call, source, 1))
		return;		/* and answered */
	work = make_event(call, source, key, c->base);
	work->owner = c;
	work->done = answer_change;
	if (pump_offer(api_pump(call->api), work, &e))
		return;
	request_fail(call->request, &e);
	work_free(&work);
}
