/*
 * The API's routes, one function each. The only user of net/http; the only
 * way of the console to the daemon. It never retries: whether asking again
 * is right is the caller's to say.
 */
#include "wire/wire.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/json.h"

#define PATH_MAX_BYTES 8192
#define REQUEST_MAX ((size_t)16 << 20)

struct wire {
	struct http *http;
	struct str body;	/* last answer */
	bool read_only;
	wire_gate *gate;
	void *ctx;
	struct wire_copy copy;
	struct http_call *caught;	/* instead of sending; NULL: sends */
	struct arena *catcher;
};

bool
wire_open(struct wire **out, const struct http_place *place, struct err *e)
{
	struct wire *wire = calloc(1, sizeof *wire);

	if (wire == NULL)
		bug("out of memory");
	if (!http_open(&wire->http, place, e)) {
		free(wire);
		return false;
	}
	str_init(&wire->body, HTTP_ANSWER_MAX);
	wire->read_only = place->read_only;
	*out = wire;
	return true;
}

void
wire_close(struct wire **wp)
{
	struct wire *wire = *wp;

	if (wire == NULL)
		return;
	http_close(&wire->http);
	str_free(&wire->body);
	free(wire);
	*wp = NULL;
}

void
wire_interrupt(struct wire *wire)
{
	http_interrupt(wire->http);
}

void
wire_guard(struct wire *wire, wire_gate *gate, void *ctx)
{
	wire->gate = gate;
	wire->ctx = ctx;
}

void
wire_remember(struct wire *wire, const struct wire_copy *copy)
{
	wire->copy = *copy;
}

static bool
is_get(const struct http_call *call)
{
	return strcmp(call->method, "GET") == 0;
}

bool
wire_harmless(const struct http_call *call)
{
	const char *end = strrchr(call->path, '/');

	return is_get(call) || strcmp(call->path, "/v1/plans") == 0 ||
	    (end != NULL && strcmp(end, "/preview") == 0) ||
	    strstr(call->path, "?dry_run=1") != NULL;
}

static bool
allowed(struct wire *wire, const struct http_call *call, struct err *e)
{
	if (wire_harmless(call))
		return true;
	if (wire->read_only)
		return err_set(e, ERR_REFUSED, "read-only: %s %.100s is not "
		    "sent", call->method, call->path);
	return wire->gate == NULL || wire->gate(wire->ctx, call, e);
}

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char code[WIRE_CODE];	/* of the next change, on any wire */

void
wire_prove(const char *said)
{
	pthread_mutex_lock(&lock);
	snprintf(code, sizeof code, "%s", said);
	pthread_mutex_unlock(&lock);
}

/* It is good once, so it goes once. */
static void
take_code(char out[WIRE_CODE])
{
	pthread_mutex_lock(&lock);
	memcpy(out, code, WIRE_CODE);
	explicit_bzero(code, sizeof code);
	pthread_mutex_unlock(&lock);
}

static bool
send_proved(struct wire *wire, const struct http_call *call, int *status,
    struct err *e)
{
	struct http_call with = *call;
	char proof[WIRE_CODE] = "";
	bool ok;

	if (!wire_harmless(call))
		take_code(proof);
	if (proof[0] != '\0')
		with.proof = proof;
	ok = http_send(wire->http, &with, status, &wire->body, e);
	explicit_bzero(proof, sizeof proof);
	return ok;
}

/* Kept as it came, or found as it was. */
static bool
exchange(struct wire *wire, const struct http_call *call, int *status,
    struct err *e)
{
	bool plain = is_get(call) && call->accept == NULL &&
	    call->sink == NULL && wire->copy.find != NULL;

	if (send_proved(wire, call, status, e)) {
		if (plain && *status == 200)
			wire->copy.keep(wire->copy.ctx, call->path,
			    str_span(&wire->body));
		return true;
	}
	if (!plain || e == NULL || e->code != ERR_UNREACHABLE ||
	    !wire->copy.find(wire->copy.ctx, call->path, &wire->body))
		return false;
	*e = (struct err){ 0 };
	*status = 200;
	return true;
}

void
wire_catch(struct wire *wire, struct http_call *out, struct arena *arena)
{
	wire->caught = out;
	wire->catcher = arena;
}

static bool
catch_call(struct wire *wire, const struct http_call *call)
{
	struct arena *arena = wire->catcher;
	struct http_call *out = wire->caught;

	*out = *call;
	out->path = arena_strdup(arena, call->path);
	out->key = arena_strdup(arena, call->key);
	out->match = arena_strdup(arena, call->match);
	if (call->body.n > 0)
		out->body.p = arena_strndup(arena, call->body.p,
		    call->body.n);
	return false;
}

static enum err_code
code_of(const char *name, int status)
{
	enum err_code code = err_named(name);

	if (code != ERR_NONE)
		return code;
	for (int i = 1; i < ERR_COUNT; i++)
		if (err_info((enum err_code)i)->http == status)
			return (enum err_code)i;
	return ERR_SYSTEM;
}

/* What the daemon says, and beside it what it was asked; what stands between
 * us and it may say nothing. */
static bool
refused(struct err *e, enum err_code code, const char *asked,
    const char *detail)
{
	bool first = e != NULL && e->code == ERR_NONE;

	if (!err_set(e, code, "%s", *detail != '\0' ? detail : asked) &&
	    first)
		snprintf(e->asked, sizeof e->asked, "%s", asked);
	return false;
}

static bool
send_call(struct wire *wire, const struct http_call *call,
    struct arena *arena, struct err *e)
{
	const char *code, *detail;
	int status;

	if (!allowed(wire, call, e))
		return false;
	if (wire->caught != NULL)
		return catch_call(wire, call);
	if (!exchange(wire, call, &status, e))
		return false;
	if (status >= 200 && status < 300)
		return true;
	shape_problem(str_span(&wire->body), arena, &code, &detail);
	return refused(e, code_of(code, status), arena_printf(arena,
	    "%s %.100s: %d", call->method, call->path, status), detail);
}

static bool
fetch(struct wire *wire, const char *path, struct arena *arena,
    struct err *e)
{
	struct http_call call = { .method = "GET", .path = path };

	return send_call(wire, &call, arena, e);
}

static bool
strange(const char *path, struct err *e)
{
	return err_set(e, ERR_JSON, "answer to %.100s is not as documented",
	    path);
}

bool
wire_ask(struct wire *wire, const struct http_call *call,
    struct arena *arena, struct span *body, struct err *e)
{
	if (!send_call(wire, call, arena, e))
		return false;
	body->p = arena_strndup(arena, wire->body.p, wire->body.n);
	body->n = wire->body.n;
	return true;
}

bool
wire_get(struct wire *wire, const char *path, struct arena *arena,
    struct span *body, struct err *e)
{
	struct http_call call = { .method = "GET", .path = path };

	return wire_ask(wire, &call, arena, body, e);
}

bool
wire_status_get(struct wire *wire, struct arena *arena,
    struct wire_status *out, struct err *e)
{
	if (!fetch(wire, "/v1/status", arena, e))
		return false;
	return shape_status(str_span(&wire->body), arena, out) ||
	    strange("/v1/status", e);
}

bool
wire_numbers_get(struct wire *wire, struct arena *arena,
    struct wire_numbers *out, struct err *e)
{
	static const char path[] = "/v1/numbers";

	if (!fetch(wire, path, arena, e))
		return false;
	return shape_numbers(str_span(&wire->body), arena, out) ||
	    strange(path, e);
}

bool
wire_events_get(struct wire *wire, const char *query, struct arena *arena,
    struct wire_events *out, struct err *e)
{
	const char *path = arena_printf(arena, "/v1/events%s%s",
	    query[0] ? "?" : "", query);

	if (!fetch(wire, path, arena, e))
		return false;
	return shape_events(str_span(&wire->body), arena, out) ||
	    strange(path, e);
}

const char *
wire_path(struct arena *arena, const char *before, const char *part,
    const char *behind)
{
	struct str path;
	const char *out;

	str_init(&path, PATH_MAX_BYTES);
	str_adds(&path, before);
	http_encode(&path, span_of(part));
	str_adds(&path, behind);
	out = arena_strdup(arena, path.p);
	str_free(&path);
	return out;
}

const char *
wire_page(struct arena *arena, const char *path, const char *after)
{
	return *after == '\0' ? path : wire_path(arena, arena_printf(arena,
	    "%s%cafter=", path, strchr(path, '?') != NULL ? '&' : '?'), after,
	    "");
}

bool
wire_event_get(struct wire *wire, const char *id, struct arena *arena,
    struct wire_event *out, struct err *e)
{
	const char *path = wire_path(arena, "/v1/events/", id, "");

	if (!fetch(wire, path, arena, e))
		return false;
	return shape_event(str_span(&wire->body), arena, out) ||
	    strange(path, e);
}

bool
wire_signatures_get(struct wire *wire, struct arena *arena,
    struct wire_signatures *out, struct err *e)
{
	if (!fetch(wire, "/v1/signatures", arena, e))
		return false;
	return shape_signatures(str_span(&wire->body), arena, out) ||
	    strange("/v1/signatures", e);
}

bool
wire_balance_get(struct wire *wire, const char *entity, const char *to,
    struct arena *arena, struct wire_trial *out, struct err *e)
{
	const char *path = "/v1/trial-balance";

	if (entity[0] != '\0')
		path = wire_path(arena, "/v1/trial-balance?entity=", entity,
		    "");
	if (to[0] != '\0')
		path = arena_printf(arena, "%s%sto=%s", path,
		    entity[0] ? "&" : "?", wire_path(arena, "", to, ""));
	if (!fetch(wire, path, arena, e))
		return false;
	return shape_trial(str_span(&wire->body), arena, out) ||
	    strange(path, e);
}

bool
wire_account_get(struct wire *wire, const char *account, const char *after,
    struct arena *arena, struct wire_entries *out, struct err *e)
{
	const char *path = wire_path(arena, "/v1/accounts/", account,
	    "/entries?limit=500");

	if (after[0] != '\0')
		path = arena_printf(arena, "%s&after=%s", path,
		    wire_path(arena, "", after, ""));
	if (!fetch(wire, path, arena, e))
		return false;
	return shape_entries(str_span(&wire->body), arena, out) ||
	    strange(path, e);
}

bool
wire_files_get(struct wire *wire, const char *query, struct arena *arena,
    struct wire_files *out, struct err *e)
{
	const char *path = arena_printf(arena, "/v1/files%s%s",
	    query[0] ? "?" : "", query);

	if (!fetch(wire, path, arena, e))
		return false;
	return shape_files(str_span(&wire->body), arena, out) ||
	    strange(path, e);
}

bool
wire_file_get(struct wire *wire, const char *id, struct arena *arena,
    struct wire_file *out, struct err *e)
{
	const char *path = wire_path(arena, "/v1/files/", id, "");

	if (!fetch(wire, path, arena, e))
		return false;
	return shape_file(str_span(&wire->body), arena, out) ||
	    strange(path, e);
}

bool
wire_journal_get(struct wire *wire, const char *id, struct arena *arena,
    struct wire_journal *out, struct err *e)
{
	const char *path = wire_path(arena, "/v1/journals/", id, "");

	if (!fetch(wire, path, arena, e))
		return false;
	return shape_journal(str_span(&wire->body), arena, out) ||
	    strange(path, e);
}

bool
wire_reference_get(struct wire *wire, const char *table,
    struct arena *arena, struct wire_masters *out, struct err *e)
{
	const char *path = wire_path(arena, "/v1/reference/", table, "");

	if (!fetch(wire, path, arena, e))
		return false;
	return shape_masters(str_span(&wire->body), arena, out) ||
	    strange(path, e);
}

bool
wire_record_patch(struct wire *wire, const char *path, const char *etag,
    const char *column, const char *value, struct arena *arena,
    const char **proposal, struct err *e)
{
	struct http_call call = { .method = "PATCH", .path = path,
	    .match = etag };
	struct json json;
	struct str body;
	bool ok;

	str_init(&body, REQUEST_MAX);
	json_start(&json, &body);
	json_open(&json, '{');
	json_kstr(&json, column, value);
	json_close(&json, '}');
	call.body = str_span(&body);
	ok = send_call(wire, &call, arena, e);
	str_free(&body);
	if (ok)
		*proposal = shape_proposal(str_span(&wire->body), arena);
	return ok;
}

bool
wire_alerts_get(struct wire *wire, const char *query, struct arena *arena,
    struct wire_alerts *out, struct err *e)
{
	const char *path = arena_printf(arena, "/v1/alerts?%s", query);

	if (!fetch(wire, path, arena, e))
		return false;
	return shape_alerts(str_span(&wire->body), arena, out) ||
	    strange(path, e);
}

bool
wire_sendings_get(struct wire *wire, const char *query,
    struct arena *arena, struct wire_sendings *out, struct err *e)
{
	const char *path = arena_printf(arena, "/v1/alerts/sent?%s", query);

	if (!fetch(wire, path, arena, e))
		return false;
	return shape_sendings(str_span(&wire->body), arena, out) ||
	    strange(path, e);
}

bool
wire_rows_get(struct wire *wire, const char *path, const char *items,
    const char *const *paths, size_t n_paths, struct arena *arena,
    struct wire_rows *out, struct err *e)
{
	if (!fetch(wire, path, arena, e))
		return false;
	return shape_rows(str_span(&wire->body), items, paths, n_paths,
	    arena, out) || strange(path, e);
}

bool
wire_trace_get(struct wire *wire, const char *id, struct arena *arena,
    struct wire_trace *out, struct err *e)
{
	const char *path = wire_path(arena, "/v1/trace/", id, "");

	if (!fetch(wire, path, arena, e))
		return false;
	return shape_trace(str_span(&wire->body), arena, out) ||
	    strange(path, e);
}

static void
write_picks(struct json *json, const struct wire_decide *decide)
{
	json_key(json, "events");
	json_open(json, '[');
	for (size_t i = 0; i < decide->n_events; i++) {
		json_open(json, '{');
		json_kstr(json, "id", decide->events[i].id);
		json_kint(json, "version", decide->events[i].version);
		json_close(json, '}');
	}
	json_close(json, ']');
}

static void
write_fix(struct json *json, const struct wire_decide *decide)
{
	json_key(json, "fix");
	json_open(json, '{');
	json_kstr(json, "dimension", decide->dimension);
	json_kstr(json, "source", decide->source);
	json_kstr(json, "value", decide->value);
	json_kstr(json, "to", decide->to);
	json_close(json, '}');
	json_key(json, "retry");
	json_bool(json, decide->retry);
}

static void
write_range(struct json *json, const struct wire_decide *decide)
{
	json_key(json, "range");
	json_open(json, '{');
	if (decide->source != NULL)
		json_kstr(json, "source", decide->source);
	if (decide->since != NULL)
		json_kstr(json, "from", decide->since);
	if (decide->until != NULL)
		json_kstr(json, "to", decide->until);
	json_close(json, '}');
}

/* NAME=VALUE pairs, by commas. */
static void
write_where(struct json *json, const char *where)
{
	json_key(json, "where");
	json_open(json, '{');
	for (const char *p = where; *p != '\0';) {
		size_t n = strcspn(p, ","), name = strcspn(p, "=");
		size_t value = name < n ? name + 1 : n;
		char key[40];

		snprintf(key, sizeof key, "%.*s", (int)(name < n ? name :
		    n), p);
		json_key(json, key);
		json_span(json, (struct span){ p + value, n - value });
		p += n + (p[n] == ',');
	}
	json_close(json, '}');
}

static void
write_decide(struct str *out, const struct wire_decide *decide)
{
	struct json json;

	json_start(&json, out);
	json_open(&json, '{');
	json_kstr(&json, "action", decide->action);
	if (decide->signature != NULL)
		json_kstr(&json, "signature", decide->signature);
	else if (decide->where != NULL)
		write_where(&json, decide->where);
	else if (decide->range)
		write_range(&json, decide);
	else if (decide->n_events > 0)
		write_picks(&json, decide);
	else if (decide->source != NULL)
		json_kstr(&json, "source", decide->source);
	if (decide->reason != NULL)
		json_kstr(&json, "reason", decide->reason);
	if (decide->to != NULL)
		write_fix(&json, decide);
	if (decide->with != NULL) {
		json_key(&json, "with");
		json_raw(&json, span_of(decide->with));
	}
	json_close(&json, '}');
}

struct http_call
wire_correct_call(const struct wire_decide *decide, bool dry,
    struct arena *arena)
{
	struct http_call call = { .method = "POST", .key = decide->key,
	    .path = wire_path(arena, "/v1/events/", decide->events[0].id,
	    dry ? "/correct?dry_run=1" : "/correct"), .seconds = 600 };
	struct json json;
	struct str body;

	str_init(&body, REQUEST_MAX);
	json_start(&json, &body);
	json_open(&json, '{');
	json_kint(&json, "version", decide->events[0].version);
	json_kstr(&json, "content_type", "application/json");
	json_kstr(&json, "body", decide->body);
	if (decide->reason != NULL)
		json_kstr(&json, "reason", decide->reason);
	json_close(&json, '}');
	call.body = (struct span){ arena_strndup(arena, body.p, body.n),
	    body.n };
	str_free(&body);
	return call;
}

static bool
correct_post(struct wire *wire, const struct wire_decide *decide,
    struct arena *arena, struct wire_decision *out, struct err *e)
{
	struct http_call call = wire_correct_call(decide, false, arena);
	struct span answer;

	return wire_ask(wire, &call, arena, &answer, e) &&
	    (shape_decision(answer, arena, out) || strange(call.path, e));
}

bool
wire_decide_post(struct wire *wire, const struct wire_decide *decide,
    struct arena *arena, struct wire_decision *out, struct err *e)
{
	struct http_call call = {
		.method = "POST", .path = "/v1/decisions",
		.key = decide->key, .seconds = 600
	};
	struct str body;
	bool ok;

	if (decide->body != NULL)
		return correct_post(wire, decide, arena, out, e);
	str_init(&body, REQUEST_MAX);
	write_decide(&body, decide);
	call.body = str_span(&body);
	ok = body.over ?
	    err_set(e, ERR_TOO_LARGE, "%zu events at once",
		decide->n_events) :
	    send_call(wire, &call, arena, e);
	str_free(&body);
	if (!ok)
		return false;
	return shape_decision(str_span(&wire->body), arena, out) ||
	    strange(call.path, e);
}

bool
wire_undo_post(struct wire *wire, const char *of, const char *event,
    const char *reason, const char *key, struct arena *arena,
    struct wire_decision *out, struct err *e)
{
	struct http_call call = { .method = "POST", .key = key,
	    .path = wire_path(arena, "/v1/decisions/", of, "/undo"),
	    .seconds = 600 };
	struct span answer;
	struct json json;
	struct str body;
	bool ok;

	str_init(&body, REQUEST_MAX);
	json_start(&json, &body);
	json_open(&json, '{');
	if (event[0] != '\0')
		json_kstr(&json, "event", event);
	json_kstr(&json, "reason", reason);
	json_close(&json, '}');
	call.body = str_span(&body);
	ok = wire_ask(wire, &call, arena, &answer, e);
	str_free(&body);
	return ok && (shape_decision(answer, arena, out) ||
	    strange(call.path, e));
}

static bool
read_changes(struct wire *wire, wire_each *each, void *ctx, int64_t *end,
    struct err *e)
{
	struct span rest = str_span(&wire->body);
	struct arena *arena = arena_new();
	bool ok = true, ended = false;

	while (ok && !ended && rest.n > 0) {
		const char *newline = memchr(rest.p, '\n', rest.n);
		size_t n = newline ? (size_t)(newline - rest.p) : rest.n;
		struct wire_change change;

		arena_reset(arena);
		if (n == 0)
			;
		else if (!shape_change((struct span){ rest.p, n }, arena,
		    &change))
			ok = strange("/v1/changes", e);
		else if ((ended = strcmp(change.topic, "end") == 0))
			*end = change.seq;
		else
			ok = each(ctx, &change, e);
		n += newline != NULL;
		rest.p += n;
		rest.n -= n;
	}
	arena_free(&arena);
	if (ok && !ended)
		return err_set(e, ERR_UNREACHABLE, "changes were cut off");
	return ok;
}

bool
wire_changes_get(struct wire *wire, int64_t after, int limit, int wait,
    wire_each *each, void *ctx, int64_t *end, struct err *e)
{
	struct arena *arena = arena_new();
	struct http_call call = {
		.method = "GET", .seconds = wait + 30
	};
	bool ok;

	call.path = arena_printf(arena,
	    "/v1/changes?after=%lld&limit=%d&wait=%d", (long long)after,
	    limit, wait);
	ok = send_call(wire, &call, arena, e) &&
	    read_changes(wire, each, ctx, end, e);
	arena_free(&arena);
	return ok;
}

/* ---- plans and runs ------------------------------------------------- */

bool
wire_plan_post(struct wire *wire, const struct wire_decide *decide,
    struct arena *arena, struct wire_plan *out, struct span *json,
    struct err *e)
{
	struct http_call call = { .method = "POST", .path = "/v1/plans",
	    .seconds = 300 };
	struct str body;
	bool ok;

	str_init(&body, REQUEST_MAX);
	write_decide(&body, decide);
	call.body = str_span(&body);
	ok = wire_ask(wire, &call, arena, json, e);
	str_free(&body);
	return ok && (shape_plan(*json, arena, out) ||
	    strange(call.path, e));
}

static bool
ask_run(struct wire *wire, const struct http_call *call,
    struct arena *arena, struct wire_run *out, struct span *json,
    struct err *e)
{
	return wire_ask(wire, call, arena, json, e) &&
	    (shape_run(*json, arena, out) || strange(call->path, e));
}

bool
wire_run_post(struct wire *wire, const char *plan, struct arena *arena,
    struct wire_run *out, struct err *e)
{
	struct http_call call = { .method = "POST", .path = "/v1/runs" };
	struct json json;
	struct span answer;
	struct str body;
	bool ok;

	str_init(&body, 4096);
	json_start(&json, &body);
	json_open(&json, '{');
	json_kstr(&json, "plan", plan);
	json_close(&json, '}');
	call.body = str_span(&body);
	ok = ask_run(wire, &call, arena, out, &answer, e);
	str_free(&body);
	return ok;
}

bool
wire_run_get(struct wire *wire, const char *id, struct arena *arena,
    struct wire_run *out, struct span *json, struct err *e)
{
	struct http_call call = { .method = "GET",
	    .path = wire_path(arena, "/v1/runs/", id, "") };

	return ask_run(wire, &call, arena, out, json, e);
}

bool
wire_run_retry(struct wire *wire, const char *id, const char *key,
    struct arena *arena, struct wire_run *out, struct err *e)
{
	struct http_call call = { .method = "POST", .key = key,
	    .path = wire_path(arena, "/v1/runs/", id, "/retry") };
	struct span answer;

	return ask_run(wire, &call, arena, out, &answer, e);
}

bool
wire_run_cancel(struct wire *wire, const char *id, struct arena *arena,
    struct wire_run *out, struct err *e)
{
	struct http_call call = { .method = "DELETE",
	    .path = wire_path(arena, "/v1/runs/", id, "") };
	struct span answer;

	return ask_run(wire, &call, arena, out, &answer, e);
}
