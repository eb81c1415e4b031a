/*
 * From a request to its route: match, authenticate, authorise, read snapshot,
 * handler.  Default is deny: a route says which roles may, and only the signed
 * hooks and the health check are open.
 */
#include "api/inside.h"

#include "api/denials.h"
#include "api/guess.h"

#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include <cjson/cJSON.h>

#include "core/cidr.h"
#include "core/clock.h"
#include "core/log.h"
#include "flow/plan.h"
#include "flow/witness.h"
#include "store/scope.h"

struct api {
	struct api_options options;
	struct pump *pump;
	struct counts counts;
	struct waiters *waiters;
	pthread_key_t reader;
	struct sources *sources;
	struct limits *limits;
	struct plans *plans;
	struct denials *denials;
	struct guess *guess;
	pthread_mutex_t guessing;
};

/* ---- opening ---------------------------------------------------------- */

bool
api_open(struct api **out, const struct api_options *options,
    struct err *e)
{
	struct api *api = calloc(1, sizeof *api);

	if (api == NULL)
		bug("out of memory");
	api->options = *options;
	if (pthread_key_create(&api->reader, readers_free) != 0) {
		free(api);
		return err_set(e, ERR_SYSTEM, "no thread key");
	}
	api->sources = sources_new();
	api->limits = limits_new();
	api->plans = plans_new();
	api->denials = denials_new();
	api->guess = guess_new();
	pthread_mutex_init(&api->guessing, NULL);
	api->waiters = waiters_new(api);
	*out = api;
	return true;
}

void
api_start(struct api *api, struct pump *pump)
{
	api->pump = pump;
}

void
api_changed(void *arg)
{
	struct api *api = arg;

	waiters_wake(api->waiters);
}

void
api_stop(struct api *api)
{
	waiters_stop(api->waiters);
}

void
api_close(struct api **ap)
{
	struct api *api = *ap;

	if (api == NULL)
		return;
	waiters_free(&api->waiters);
	sources_free(&api->sources);
	limits_free(&api->limits);
	plans_free(&api->plans);
	denials_free(&api->denials);
	guess_free(&api->guess);
	pthread_mutex_destroy(&api->guessing);
	stepup_forget();
	pthread_key_delete(api->reader);
	free(api);
	*ap = NULL;
}

struct pump *
api_pump(struct api *api)
{
	return api->pump;
}

const struct api_options *
api_options(struct api *api)
{
	return &api->options;
}

struct counts *
api_counts(struct api *api)
{
	return &api->counts;
}

struct waiters *
api_waiters(struct api *api)
{
	return api->waiters;
}

struct readers *
api_readers(struct api *api)
{
	return pthread_getspecific(api->reader);
}

struct db *
api_reader(struct api *api, struct err *e)
{
	struct readers *before = api_readers(api), *readers = before;
	struct db *db = readers_whole(&readers, api->options.store, e);

	if (readers != before)
		pthread_setspecific(api->reader, readers);
	return db;
}

/* ---- routing ---------------------------------------------------------- */

/* {} takes one segment, the last one all the rest but its last slash. */
static bool
match(const char *pattern, const char *path, struct call *call)
{
	size_t n = 0;

	while (*pattern != '\0') {
		if (*pattern != '{') {
			if (*pattern++ != *path++)
				return false;
			continue;
		}
		pattern += 2;
		if (n < ARGS_MAX) {
			size_t length = *pattern == '\0' ? strlen(path) :
			    strcspn(path, "/");

			if (length == 0)
				return false;
			call->args[n++] = arena_strndup(call->arena, path,
			    length);
			path += length;
		}
	}
	return *path == '\0';
}

static const struct route *
find_route(struct call *call, bool *other)
{
	const char *method = request_method(call->request);
	const char *path = request_path(call->request);

	*other = false;
	for (size_t i = 0; i < n_routes; i++) {
		if (!match(routes[i].path, path, call))
			continue;
		if (strcmp(routes[i].method, method) == 0)
			return &routes[i];
		*other = true;
	}
	return NULL;
}

static void
say_allow(struct call *call)
{
	struct str allow;

	str_init(&allow, 256);
	for (size_t i = 0; i < n_routes; i++)
		if (match(routes[i].path, request_path(call->request), call))
			str_addf(&allow, "%s%s", allow.n > 0 ? ", " : "",
			    routes[i].method);
	request_say(call->request, "Allow", allow.p);
	str_free(&allow);
}

/* One snapshot for all statements of a reading call. */
static bool
begin_reading(struct call *call, struct err *e)
{
	struct scope scope = caller_scope(&call->caller);

	call->db = api_scoped(call->api, &scope, call->arena, &call->narrow,
	    e);
	return call->db != NULL && db_begin_read(call->db, e);
}

/* Who sees all, or names nothing, pays for none of this. */
static void
read_and_handle(const struct route *route, struct call *call,
    struct err *e)
{
	bool ok = begin_reading(call, e);

	ok = ok && scope_admits(call, route, e);
	if (ok && route->reads)
		route->handle(call);
	if (call->db != NULL)
		db_rollback(call->db);
	if (ok && !route->reads)
		route->handle(call);
	if (!ok)
		request_fail(call->request, e);
}

bool
route_open(const struct route *route)
{
	return strcmp(route->roles, "open") == 0;
}

bool
caller_may(const struct call *call, const char *roles, struct err *e)
{
	char who[ROLES_SIZE];

	if (role_may(call->caller.role, roles))
		return true;
	roles_say(roles, " or ", who);
	return err_set(e, ERR_FORBIDDEN, "this is for %s, you are %s", who,
	    role_name(call->caller.role));
}

bool
route_may(const struct call *call, const struct route *route, struct err *e)
{
	if (call->caller.reads_only && strcmp(route->method, "GET") != 0)
		return err_set(e, ERR_FORBIDDEN, "you may only read");
	if (route->reach == REACH_ALL && !scope_all(&call->caller))
		return err_set(e, ERR_FORBIDDEN,
		    "this is of all entities, you are of some");
	return caller_may(call, route->roles, e);
}

struct note {			/* of a request, should it be refused */
	struct api *api;
	const struct route *route;
	const char *name;	/* NULL: its address is all we know */
	bool local;
};

const char *
request_who(struct api *api, struct request *request)
{
	const struct peer *peer = request_peer(request);
	struct arena *arena = request_arena(request);
	struct span sender;

	if (peer->local)
		return arena_printf(arena, "uid %u", (unsigned)peer->uid);
	sender = sender_of(api, request);
	return arena_strndup(arena, sender.p, sender.n);
}

static void
refused(struct request *request, const struct err *e, void *arg)
{
	const struct note *note = arg;
	int status = err_info(e->code)->http;

	if (status == 403 && !note->local)
		request_say(request, "WWW-Authenticate", "Bearer "
		    "realm=\"bahi\", error=\"insufficient_scope\"");
	denials_note(note->api->denials, note->api->pump, status,
	    note->name != NULL ? note->name : request_who(note->api, request),
	    note->route->path, e->why[0] != '\0' ? e->why :
	    err_info(e->code)->name);
}

void
refused_note(struct call *call, const char *who, const char *route,
    const char *why)
{
	denials_note(call->api->denials, call->api->pump, 401, who, route,
	    why);
}

int64_t
refused_count(struct api *api, int status)
{
	return denials_count(api->denials, status);
}

static bool
admit(const struct route *route, struct call *call, struct err *e)
{
	struct note *note = arena_alloc(call->arena, sizeof *note);

	*note = (struct note){ call->api, route, NULL,
	    request_peer(call->request)->local };
	request_watch(call->request, refused, note);
	if (route_open(route))
		return true;
	if (!caller_find(call->api, call->request, &call->caller, e)) {
		note->name = call->caller.name;
		return false;
	}
	note->name = call->caller.name;
	return route_may(call, route, e) && (call->args[0] == NULL ||
	    strncmp(route->path, "/v1/reference/", 14) != 0 ||
	    table_may(call, call->args[0], strcmp(route->method, "GET") != 0,
	    e));
}

/* ---- guessing --------------------------------------------------------- */

static struct span
address_of(struct api *api, struct request *request, unsigned char space[16])
{
	struct span text = span_of(request_who(api, request));

	return cidr_sender(text, space) ?
	    (struct span){ (const char *)space, 16 } : text;
}

bool
guess_admits(struct api *api, struct request *request, const char *name,
    struct err *e)
{
	unsigned char space[16];
	struct span address = address_of(api, request, space);
	int64_t wait;
	char text[24];

	pthread_mutex_lock(&api->guessing);
	wait = guess_wait(api->guess, address, span_of(name), clock_mono());
	pthread_mutex_unlock(&api->guessing);
	if (wait == 0)
		return true;
	atomic_fetch_add(&api->counts.slowed, 1);
	snprintf(text, sizeof text, "%lld", (long long)(wait / 1000000 + 1));
	request_say(request, "Retry-After", text);
	return err_set(e, ERR_LIMIT, "too many wrong secrets or tokens; "
	    "wait %s seconds", text);
}

void
guess_tell(struct api *api, struct request *request, const char *name,
    bool proved)
{
	unsigned char space[16];
	struct span address = address_of(api, request, space);

	pthread_mutex_lock(&api->guessing);
	if (proved)
		guess_proved(api->guess, address, span_of(name));
	else
		guess_failed(api->guess, address, span_of(name),
		    clock_mono());
	pthread_mutex_unlock(&api->guessing);
}

/* What tells nothing of the books, and is asked all the time. */
static const char *const unnoted[] = { "/v1/changes", "/v1/status", "/v1/me",
	"/v1/consistency", "/v1/schemas", "/v1/schemas/{}", "/metrics",
	NULL };

/* What it is of, in codes: what the path names, or what the list is of. */
static const char *
read_of(const struct route *route, struct call *call)
{
	static const char *const names[] = { "entity", "gstin", "period",
		"account", NULL };
	const char *of = "", *arg = route->path;

	for (int i = 0; (arg = strchr(arg, '{')) != NULL; i++, arg++)
		of = arena_printf(call->arena, "%s%s%s", of, i > 0 ? "/" : "",
		    call->args[i]);
	for (int i = 0; of[0] == '\0' && names[i] != NULL; i++) {
		const char *value = call_query(call, names[i]);

		if (value != NULL)
			of = arena_printf(call->arena, "%s=%s", names[i],
			    value);
	}
	return of;
}

/* Before it is answered. */
static void
note_read(const struct route *route, struct call *call)
{
	if (strcmp(route->method, "GET") != 0 || route_open(route))
		return;
	for (int i = 0; unnoted[i] != NULL; i++)
		if (strcmp(route->path, unnoted[i]) == 0)
			return;
	witness_note(call->api->options.witness, call->caller.name, "read",
	    route->path, read_of(route, call));
}

void
api_handle(struct request *request, void *arg)
{
	struct call call = { .api = arg, .request = request,
	    .arena = request_arena(request) };
	const struct route *route;
	struct err e = { 0 };
	bool other;

	atomic_fetch_add(&call.api->counts.requests, 1);
	route = find_route(&call, &other);
	if (route == NULL && other) {
		say_allow(&call);
		err_set(&e, ERR_METHOD, "%s", request_method(request));
	} else if (route == NULL) {
		err_set(&e, ERR_NOT_FOUND, "%.200s", request_path(request));
	} else if (admit(route, &call, &e) &&
	    stepup_check(&call, route, &e) &&
	    query_check(&call, route, &e)) {
		note_read(route, &call);
		if (route->reads || (!route_open(route) &&
		    route->reach == REACH_NAMED))
			read_and_handle(route, &call, &e);
		else
			route->handle(&call);
		return;
	}
	request_fail(request, &e);
}

void
api_dump(FILE *out)
{
	static const char *const reaches[] = { [REACH_ALL] = "all",
	    [REACH_ROWS] = "rows", [REACH_NAMED] = "named", [REACH_SENT] = "sent" };

	for (size_t i = 0; i < n_routes; i++) {
		char who[ROLES_SIZE];

		roles_say(routes[i].roles, ",", who);
		fprintf(out, "%s\t%s\t%s\t%s\t%s\n", routes[i].method,
		    routes[i].path, route_open(&routes[i]) ? "open" : who,
		    reaches[routes[i].reach], route_names(&routes[i]));
	}
}

/* ---- shared ----------------------------------------------------------- */

void
answer_view(struct call *call, bool ok, const struct str *out,
    struct err *e)
{
	if (ok && !out->over) {
		request_answer(call->request, 200, "application/json",
		    str_span(out));
		return;
	}
	err_set(e, ERR_STORE, "the answer is too large");
	log_line(LOG_ERROR, "api.view", "path=%s why=\"%s\"",
	    request_path(call->request), e->why);
	request_fail(call->request, e);
}

void
answer_start(struct answer *a, size_t most)
{
	a->e = (struct err){ 0 };
	str_init(&a->out, most);
	json_start(&a->j, &a->out);
}

void
answer_end(struct call *call, struct answer *a, bool ok)
{
	answer_view(call, ok, &a->out, &a->e);
	str_free(&a->out);
}

void
answer_end_found(struct call *call, struct answer *a, bool ok, bool found,
    const char *what)
{
	if (!ok || found) {
		answer_end(call, a, ok);
		return;
	}
	answer_absent(call, what);
	str_free(&a->out);
}

void
answer_absent(struct call *call, const char *what)
{
	struct err e = { 0 };

	err_set(&e, ERR_NOT_FOUND, "no %s", what);
	request_fail(call->request, &e);
}

bool
parse_id(const char *text, char letter, int64_t *out)
{
	if (letter != '\0' && *text == letter)
		text++;
	if (strlen(text) > 18 || *text == '\0' ||
	    strspn(text, "0123456789") != strlen(text))
		return false;
	*out = strtoll(text, NULL, 10);
	return true;
}

bool
read_picks(const cJSON *list, struct arena *arena, struct pick **out,
    size_t *n, struct err *e)
{
	const cJSON *item;
	int max = cJSON_GetArraySize(list);

	if (max > PICKS_MAX)
		return err_set(e, ERR_TOO_LARGE, "at most %d events",
		    PICKS_MAX);
	*out = arena_alloc(arena, ((size_t)max + 1) * sizeof **out);
	*n = 0;
	cJSON_ArrayForEach(item, list) {
		struct pick *pick = &(*out)[*n];
		const char *id = json_text(item, "id");
		const char *version = json_text(item, "version");
		int64_t v;

		if (id == NULL || !parse_id(id, 'E', &pick->event))
			return err_set(e, ERR_REQUEST, "events[%zu].id", *n);
		if (version == NULL || !parse_id(version, '\0', &v) ||
		    v > INT_MAX)
			return err_set(e, ERR_NO_VERSION,
			    "events[%zu].version", *n);
		pick->version = (int)v;
		++*n;
	}
	return true;
}

const char *
call_query(struct call *call, const char *name)
{
	const char *value = request_query(call->request, name);

	return value != NULL && *value != '\0' ? value : NULL;
}

bool
limit_of(struct call *call, int *limit)
{
	const char *text = request_query(call->request, "limit");
	struct err e = { 0 };
	int64_t n = 100;

	if (text == NULL || (parse_id(text, '\0', &n) && n >= 1 &&
	    n <= VIEW_LIMIT)) {
		*limit = (int)n;
		return true;
	}
	err_set(&e, ERR_REQUEST, "limit: 1 to %d", VIEW_LIMIT);
	request_fail(call->request, &e);
	return false;
}

bool
page_of(struct call *call, char letter, int64_t *after, int *limit)
{
	const char *a = request_query(call->request, "after");
	struct err e = { 0 };

	*after = 0;
	if (a == NULL || *a == '\0' || parse_id(a, letter, after))
		return limit_of(call, limit);
	err_set(&e, ERR_REQUEST, "after: %.40s", a);
	request_fail(call->request, &e);
	return false;
}

static const char *
header(void *request, const char *name, bool *twice)
{
	return request_header(request, name, twice);
}

struct delivery
delivery_of(struct request *request)
{
	return (struct delivery){ .header = header, .request = request,
	    .body = request_body(request), .now = clock_now() };
}

struct sources *
api_sources(struct api *api)
{
	return api->sources;
}

struct limits *
api_limits(struct api *api)
{
	return api->limits;
}

struct plans *
api_plans(struct api *api)
{
	return api->plans;
}
