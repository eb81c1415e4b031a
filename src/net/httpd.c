/*
 * libmicrohttpd behind httpd.h; the only file that knows it.  A request is
 * suspended while its answer is made elsewhere and resumed by the answer,
 * from whatever thread.
 */
#include "net/httpd.h"

#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "core/json.h"
#include "core/str.h"
#include "net/gate.h"

struct httpd {
	struct MHD_Daemon *daemon;
	struct httpd_options options;
	char unix_path[108];
	httpd_handler *handler;
	void *arg;
	int fd;
	unsigned port;
	bool quiet;		/* no longer listening */
};

enum phase { READING, RUNNING, SUSPENDED, ANSWERED };

struct extra {
	struct extra *next;
	const char *name, *value;
};

struct request {
	struct httpd *httpd;
	struct MHD_Connection *connection;
	struct arena *arena;
	const char *method, *path, *uri;
	struct str body;
	bool judged;
	_Atomic enum phase phase;
	struct peer peer;
	struct extra *extras;
	struct MHD_Response *response;
	int status;
};

/* ---- what a request says --------------------------------------------------------- */

struct arena *
request_arena(struct request *r)
{
	return r->arena;
}

const char *
request_method(const struct request *r)
{
	return r->method;
}

const char *
request_path(const struct request *r)
{
	return r->path;
}

const char *
request_query(struct request *r, const char *name)
{
	return MHD_lookup_connection_value(r->connection,
	    MHD_GET_ARGUMENT_KIND, name);
}

struct search {
	const char *name, *value;
	size_t n;
};

static enum MHD_Result
look(void *arg, enum MHD_ValueKind kind, const char *name,
    const char *value)
{
	struct search *search = arg;

	(void)kind;
	if (strcasecmp(name, search->name) == 0 && search->n++ == 0)
		search->value = value != NULL ? value : "";
	return MHD_YES;
}

const char *
request_header(struct request *r, const char *name, bool *twice)
{
	struct search search = { .name = name };

	MHD_get_connection_values(r->connection, MHD_HEADER_KIND, look,
	    &search);
	if (twice != NULL)
		*twice = search.n > 1;
	return search.value;
}

struct span
request_body(const struct request *r)
{
	return str_span(&r->body);
}

const struct peer *
request_peer(const struct request *r)
{
	return &r->peer;
}

/* ---- answering --------------------------------------------------------------------- */

void
request_say(struct request *r, const char *name, const char *value)
{
	struct extra *extra = arena_alloc(r->arena, sizeof *extra);

	extra->name = arena_strdup(r->arena, name);
	extra->value = arena_strdup(r->arena, value);
	extra->next = r->extras;
	r->extras = extra;
}

void
request_answer(struct request *r, int status, const char *media,
    struct span body)
{
	struct MHD_Connection *connection = r->connection;
	struct MHD_Response *response = MHD_create_response_from_buffer(
	    body.n, (void *)(uintptr_t)body.p, MHD_RESPMEM_MUST_COPY);

	if (response == NULL)
		bug("out of memory");
	if (media != NULL)
		MHD_add_response_header(response, "Content-Type", media);
	MHD_add_response_header(response, "Cache-Control", "no-store");
	MHD_add_response_header(response, "X-Content-Type-Options",
	    "nosniff");
	for (const struct extra *x = r->extras; x != NULL; x = x->next)
		MHD_add_response_header(response, x->name, x->value);
	r->response = response;
	r->status = status;
	if (atomic_exchange(&r->phase, ANSWERED) == SUSPENDED)
		MHD_resume_connection(connection);
}

void
request_fail(struct request *r, const struct err *e)
{
	const struct err_info *info = err_info(e->code);
	struct str out, type;
	struct json j;

	str_init(&out, 4096);
	str_init(&type, 128);
	str_addf(&type, "/errors/%s", info->name);
	json_start(&j, &out);
	json_open(&j, '{');
	json_kstr(&j, "type", type.p);
	json_kstr(&j, "title", info->what);
	json_kint(&j, "status", info->http);
	if (info->http < 500)
		json_kstr(&j, "detail", e->why);
	json_kstr(&j, "code", info->name);
	json_kstr(&j, "hint", info->hint);
	json_close(&j, '}');
	if (info->http == 429 || info->http == 503)
		request_say(r, "Retry-After", "1");
	if (info->http == 401)
		request_say(r, "WWW-Authenticate", "Bearer");
	request_answer(r, info->http, "application/problem+json",
	    str_span(&out));
	str_free(&out);
	str_free(&type);
}

/* ---- receiving ----------------------------------------------------------------------- */

struct gathering {
	struct gate_header headers[GATE_HEADERS_MAX];
	size_t n;
};

static enum MHD_Result
gather(void *arg, enum MHD_ValueKind kind, const char *name,
    size_t name_size, const char *value, size_t value_size)
{
	struct gathering *g = arg;

	(void)kind;
	if (g->n == GATE_HEADERS_MAX)
		return MHD_NO;
	g->headers[g->n].name = (struct span){ name, name_size };
	g->headers[g->n++].value = (struct span){ value != NULL ? value : "",
	    value_size };
	return MHD_YES;
}

static void
find_peer(struct request *r)
{
	const union MHD_ConnectionInfo *info;
	struct ucred cred = { .uid = (uid_t)-1 };
	socklen_t n = sizeof cred;

	r->peer = (struct peer){ .uid = (uid_t)-1, .gid = (gid_t)-1 };
	if (r->httpd->options.unix_path == NULL) {
		r->peer.address = r->httpd->options.address;
		return;
	}
	info = MHD_get_connection_info(r->connection,
	    MHD_CONNECTION_INFO_CONNECTION_FD);
	if (info == NULL || getsockopt(info->connect_fd, SOL_SOCKET,
	    SO_PEERCRED, &cred, &n) != 0)
		return;
	r->peer.local = true;
	r->peer.uid = cred.uid;
	r->peer.gid = cred.gid;
	r->peer.pid = cred.pid;
}

static bool
judge(struct request *r, const char *version, struct err *e)
{
	struct gathering g = { .n = 0 };
	struct gate_request request = { r->method, version, r->uri,
	    g.headers, 0 };
	long long length;

	MHD_get_connection_values_n(r->connection, MHD_HEADER_KIND, gather,
	    &g);
	request.n_headers = g.n;
	if (!gate_judge(&request, e))
		return false;
	length = gate_length(&request);
	if (length > (long long)r->httpd->options.body_max)
		return err_set(e, ERR_TOO_LARGE, "%lld bytes", length);
	find_peer(r);
	return true;
}

static enum MHD_Result
queue(struct request *r)
{
	return MHD_queue_response(r->connection, (unsigned)r->status,
	    r->response);
}

static enum MHD_Result
begin(struct request *r, const char *url, const char *method,
    const char *version)
{
	struct err e = { 0 };

	r->judged = true;
	r->method = arena_strdup(r->arena, method);
	r->path = arena_strdup(r->arena, url);
	if (!judge(r, version, &e)) {
		request_fail(r, &e);
		return queue(r);
	}
	if (strcmp(r->method, "HEAD") == 0)
		r->method = "GET";
	return MHD_YES;
}

/* Suspended first and then looked at again: an answer between the two finds
 * RUNNING and leaves the resuming to us. */
static enum MHD_Result
finish(struct request *r)
{
	enum phase running = RUNNING;
	struct err e = { 0 };

	atomic_store(&r->phase, RUNNING);
	if (r->body.over) {
		err_set(&e, ERR_TOO_LARGE, "more than %zu bytes",
		    r->httpd->options.body_max);
		request_fail(r, &e);
		return queue(r);
	}
	r->httpd->handler(r, r->httpd->arg);
	if (atomic_load(&r->phase) == ANSWERED)
		return queue(r);
	MHD_suspend_connection(r->connection);
	if (!atomic_compare_exchange_strong(&r->phase, &running, SUSPENDED))
		MHD_resume_connection(r->connection);
	return MHD_YES;
}

static enum MHD_Result
take(void *arg, struct MHD_Connection *connection, const char *url,
    const char *method, const char *version, const char *data,
    size_t *n, void **slot)
{
	struct request *r = *slot;

	(void)arg;
	r->connection = connection;
	if (!r->judged)
		return begin(r, url, method, version);
	if (*n > 0) {
		str_add(&r->body, data, *n);
		*n = 0;
		return MHD_YES;
	}
	if (atomic_load(&r->phase) == ANSWERED)
		return queue(r);
	return finish(r);
}

static void *
born(void *arg, const char *uri, struct MHD_Connection *connection)
{
	struct httpd *httpd = arg;
	struct arena *arena = arena_new();
	struct request *r = arena_alloc(arena, sizeof *r);

	r->httpd = httpd;
	r->connection = connection;
	r->arena = arena;
	r->uri = arena_strdup(arena, uri);
	str_init(&r->body, httpd->options.body_max);
	return r;
}

static void
done(void *arg, struct MHD_Connection *connection, void **slot,
    enum MHD_RequestTerminationCode code)
{
	struct request *r = *slot;
	struct arena *arena;

	(void)arg;
	(void)connection;
	(void)code;
	if (r == NULL)
		return;
	*slot = NULL;
	if (r->response != NULL)
		MHD_destroy_response(r->response);
	str_free(&r->body);
	arena = r->arena;
	arena_free(&arena);
}

/* ---- listening --------------------------------------------------------------------------- */

static bool
refuse(struct err *e, const char *what, const char *where)
{
	return err_set(e, ERR_SYSTEM, "%s %s: %s", what, where,
	    strerror(errno));
}

/* A socket file that nobody answers on is left from a crash. */
static bool
clear_path(const struct sockaddr_un *at, struct err *e)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool alive = fd >= 0 && connect(fd, (const struct sockaddr *)at,
	    sizeof *at) == 0;

	if (fd >= 0)
		close(fd);
	if (alive)
		return err_set(e, ERR_BUSY, "%s: another bahid listens",
		    at->sun_path);
	unlink(at->sun_path);
	return true;
}

/* Anyone may connect: who it is decides what it may do. */
static bool
listen_unix(struct httpd *httpd, const char *path, struct err *e)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	int n = snprintf(at.sun_path, sizeof at.sun_path, "%s", path);

	if (n < 0 || (size_t)n >= sizeof at.sun_path)
		return err_set(e, ERR_CONFIG, "socket path too long: %s",
		    path);
	snprintf(httpd->unix_path, sizeof httpd->unix_path, "%s", path);
	httpd->options.unix_path = httpd->unix_path;
	if (!clear_path(&at, e))
		return false;
	httpd->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (httpd->fd < 0 || bind(httpd->fd, (struct sockaddr *)&at,
	    sizeof at) != 0 || chmod(path, 0666) != 0 ||
	    listen(httpd->fd, 512) != 0)
		return refuse(e, "listen on", path);
	return true;
}

static bool
listen_inet(struct httpd *httpd, struct err *e)
{
	const struct httpd_options *o = &httpd->options;
	struct sockaddr_in at = { .sin_family = AF_INET,
	    .sin_port = htons((uint16_t)o->port) };
	socklen_t n = sizeof at;
	int on = 1;

	if (inet_pton(AF_INET, o->address, &at.sin_addr) != 1)
		return err_set(e, ERR_CONFIG, "no address: %s", o->address);
	httpd->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (httpd->fd < 0 || setsockopt(httpd->fd, SOL_SOCKET, SO_REUSEADDR,
	    &on, sizeof on) != 0 || bind(httpd->fd, (struct sockaddr *)&at,
	    sizeof at) != 0 || listen(httpd->fd, 512) != 0 ||
	    getsockname(httpd->fd, (struct sockaddr *)&at, &n) != 0)
		return refuse(e, "listen on", o->address);
	httpd->port = ntohs(at.sin_port);
	return true;
}

static bool
start(struct httpd *httpd, struct err *e)
{
	const struct httpd_options *o = &httpd->options;
	struct MHD_OptionItem items[] = {
		{ MHD_OPTION_LISTEN_SOCKET, httpd->fd, NULL },
		{ MHD_OPTION_CONNECTION_LIMIT, o->connections, NULL },
		{ MHD_OPTION_CONNECTION_TIMEOUT, o->idle, NULL },
		{ MHD_OPTION_CONNECTION_MEMORY_LIMIT, 32768, NULL },
		{ MHD_OPTION_STRICT_FOR_CLIENT, 1, NULL },
		{ MHD_OPTION_THREAD_POOL_SIZE,
		    o->threads > 1 ? o->threads : 0, NULL },
		{ MHD_OPTION_END, 0, NULL }
	};

	/* Poll, not epoll: the latter stalls when exactly 128 sockets are
	 * ready (0.9.75 to 1.0.1). */
	httpd->daemon = MHD_start_daemon(MHD_USE_POLL_INTERNAL_THREAD |
	    MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL, take, httpd,
	    MHD_OPTION_URI_LOG_CALLBACK, born, httpd,
	    MHD_OPTION_NOTIFY_COMPLETED, done, httpd,
	    MHD_OPTION_ARRAY, items, MHD_OPTION_END);
	return httpd->daemon != NULL ||
	    err_set(e, ERR_SYSTEM, "cannot start the listener");
}

bool
httpd_open(struct httpd **out, const struct httpd_options *options,
    httpd_handler *handler, void *arg, struct err *e)
{
	struct httpd *httpd = calloc(1, sizeof *httpd);

	if (httpd == NULL)
		bug("out of memory");
	httpd->options = *options;
	httpd->handler = handler;
	httpd->arg = arg;
	httpd->fd = -1;
	if ((options->unix_path != NULL ?
	    listen_unix(httpd, options->unix_path, e) :
	    listen_inet(httpd, e)) && start(httpd, e)) {
		*out = httpd;
		return true;
	}
	if (httpd->fd >= 0)
		close(httpd->fd);
	free(httpd);
	return false;
}

unsigned
httpd_port(const struct httpd *httpd)
{
	return httpd->port;
}

void
httpd_quiesce(struct httpd *httpd)
{
	if (httpd->quiet)
		return;
	httpd->quiet = true;
	MHD_quiesce_daemon(httpd->daemon);
	close(httpd->fd);
	if (httpd->options.unix_path != NULL)
		unlink(httpd->options.unix_path);
}

void
httpd_close(struct httpd **hp)
{
	struct httpd *httpd = *hp;

	if (httpd == NULL)
		return;
	httpd_quiesce(httpd);
	MHD_stop_daemon(httpd->daemon);
	free(httpd);
	*hp = NULL;
}
