/*
 * libmicrohttpd behind httpd.h; the only file that knows it.  A request is
 * suspended while its answer is made elsewhere and resumed by the answer,
 * from whatever thread.  It must never read a body that the gate refused,
 * nor touch a request after it was answered.
 */
#include "net/httpd.h"

#include <arpa/inet.h>
#include <errno.h>
#include <gnutls/abstract.h>
#include <microhttpd.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "core/cidr.h"
#include "core/json.h"
#include "core/mask.h"
#include "core/str.h"
#include "core/utf8.h"
#include "net/crowd.h"
#include "net/gate.h"
#include "net/tls.h"

/* A connection's memory: its head fits in it. libmicrohttpd clears all of it
 * for each request, so no larger than any vendor's head needs. */
#define POOL (16 * 1024)
#define BODY_FIRST 4096		/* of a body that does not tell its length */
#define BODY_DRAIN (64LL * 1024 * 1024)	/* read off at most */
#define ANSWER_SMALL 4096	/* copied into the request's own memory */
#define CLOSE_WAIT 5000		/* ms for answers still on their way */
#define GREETING 10		/* seconds for a handshake and a first head */
/* Several threads ask it: the one that comes late must not wait. */
#define LISTENER (SOCK_CLOEXEC | SOCK_NONBLOCK)

struct httpd {
	struct MHD_Daemon *daemon;
	struct httpd_options options;
	char unix_path[108];
	httpd_handler *handler;
	void *arg;
	int fd;
	unsigned port;
	bool whole;		/* heads can be added up, see heads_add_up */
	atomic_bool quiet;	/* no longer listening */
	atomic_uint live;	/* given to the handler, not yet done */
	struct crowd *crowd;
	dev_t dev;		/* of the socket file that we made */
	ino_t ino;
};

static struct {
	atomic_llong connections, handshakes, resumed, crowded;
} figures;

struct client {
	struct peer peer;
	char address[INET6_ADDRSTRLEN];
	struct crowd_peer member;
	bool counted;
	void *session;		/* of TLS; NULL: plain */
	struct tls_face *face;
	struct arena *arena;	/* of the names; NULL: none yet */
	bool heard;		/* had a request */
};

enum phase { READING, RUNNING, SUSPENDED, ANSWERED };

struct extra {
	struct extra *next;
	const char *name, *value;
};

struct body {
	char *p;
	size_t n, cap, expected;
	long long dropped;	/* bytes read off; > 0: too large */
};

struct request {
	struct httpd *httpd;
	struct MHD_Connection *connection;
	struct arena *arena;
	const char *method, *path, *uri;
	struct body body;
	bool judged, handled;
	_Atomic enum phase phase;
	const struct client *client;
	struct extra *extras;
	void (*refused)(struct request *, const struct err *, void *);
	void *refused_arg;
	struct MHD_Response *response;
	int status;
};

void
httpd_figures(struct httpd_figures *out)
{
	out->connections = atomic_load(&figures.connections);
	out->handshakes = atomic_load(&figures.handshakes);
	out->resumed = atomic_load(&figures.resumed);
	out->crowded = atomic_load(&figures.crowded);
}

/* ---- what a request says ---- */

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

struct other {
	bool (*known)(void *, const char *name);
	void *arg;
	const char *name;
};

static enum MHD_Result
look_other(void *arg, enum MHD_ValueKind kind, const char *name,
    const char *value)
{
	struct other *other = arg;

	(void)kind;
	(void)value;
	if (other->name == NULL && !other->known(other->arg, name))
		other->name = name;
	return MHD_YES;
}

const char *
request_query_other(struct request *r, bool (*known)(void *, const char *),
    void *arg)
{
	struct other other = { .known = known, .arg = arg };

	MHD_get_connection_values(r->connection, MHD_GET_ARGUMENT_KIND,
	    look_other, &other);
	return other.name;
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
	return (struct span){ r->body.p != NULL ? r->body.p : "",
	    r->body.n };
}

const struct peer *
request_peer(const struct request *r)
{
	return &r->client->peer;
}

/* ---- answering ---- */

void
request_say(struct request *r, const char *name, const char *value)
{
	struct extra *extra = arena_alloc(r->arena, sizeof *extra);

	extra->name = arena_strdup(r->arena, name);
	extra->value = arena_strdup(r->arena, value);
	extra->next = r->extras;
	r->extras = extra;
}

static bool
said(const struct request *r, const char *name)
{
	for (const struct extra *x = r->extras; x != NULL; x = x->next)
		if (strcasecmp(x->name, name) == 0)
			return true;
	return false;
}

/* A small answer lives as long as the request, which outlives its sending. */
static struct MHD_Response *
make_response(struct request *r, struct span body)
{
	struct MHD_Response *response;
	char *copy;

	if (body.n == 0 || body.n > ANSWER_SMALL) {
		response = MHD_create_response_from_buffer(body.n,
		    (void *)(uintptr_t)body.p, MHD_RESPMEM_MUST_COPY);
	} else {
		copy = arena_strndup(r->arena, body.p, body.n);
		response = MHD_create_response_from_buffer(body.n, copy,
		    MHD_RESPMEM_PERSISTENT);
	}
	if (response == NULL)
		bug("out of memory");
	return response;
}

/* Once the phase is ANSWERED another thread may free the request. */
static void
answer(struct request *r, int status, const char *media,
    struct MHD_Response *response)
{
	struct MHD_Connection *connection = r->connection;

	if (media != NULL)
		MHD_add_response_header(response, "Content-Type", media);
	MHD_add_response_header(response, "Cache-Control", "no-store");
	MHD_add_response_header(response, "X-Content-Type-Options",
	    "nosniff");
	if (r->client->session != NULL)
		MHD_add_response_header(response,
		    "Strict-Transport-Security", "max-age=31536000");
	if (atomic_load_explicit(&r->httpd->quiet, memory_order_relaxed))
		MHD_add_response_header(response, "Connection", "close");
	for (const struct extra *x = r->extras; x != NULL; x = x->next)
		MHD_add_response_header(response, x->name, x->value);
	r->response = response;
	r->status = status;
	if (atomic_exchange(&r->phase, ANSWERED) == SUSPENDED)
		MHD_resume_connection(connection);
}

void
request_answer(struct request *r, int status, const char *media,
    struct span body)
{
	answer(r, status, media, make_response(r, body));
}

void
request_answer_file(struct request *r, int status, const char *media, int fd,
    int64_t size)
{
	struct MHD_Response *response = MHD_create_response_from_fd64(
	    (uint64_t)size, fd);

	if (response == NULL)
		bug("out of memory");
	answer(r, status, media, response);
}

void
request_watch(struct request *r, void (*refused)(struct request *,
    const struct err *, void *), void *arg)
{
	r->refused = refused;
	r->refused_arg = arg;
}

void
request_fail(struct request *r, const struct err *e)
{
	request_fail_with(r, e, SPAN(""));
}

void
request_fail_with(struct request *r, const struct err *e,
    struct span members)
{
	const struct err_info *info = err_info(e->code);
	struct str out, type;
	struct json j;
	struct err told = *e;

	mask_personal(told.why);
	str_init(&out, 4096 + members.n);
	str_init(&type, 128);
	str_addf(&type, "/errors/%s", info->name);
	json_start(&j, &out);
	json_open(&j, '{');
	json_kstr(&j, "type", type.p);
	json_kstr(&j, "title", info->what);
	json_kint(&j, "status", info->http);
	if (info->http < 500)
		json_kstr(&j, "detail", told.why[0] != '\0' ? told.why :
		    info->what);
	json_kstr(&j, "code", info->name);
	json_kstr(&j, "hint", info->hint);
	if (members.n > 0) {
		str_addc(&out, ',');
		str_add(&out, members.p, members.n);
	}
	json_close(&j, '}');
	if ((info->http == 429 || info->http == 503) &&
	    !said(r, "Retry-After"))
		request_say(r, "Retry-After", "1");
	if (r->refused != NULL && (info->http == 401 || info->http == 403))
		r->refused(r, e, r->refused_arg);
	if (info->http == 401 && !said(r, "WWW-Authenticate"))
		request_say(r, "WWW-Authenticate", "Bearer");
	request_answer(r, info->http, "application/problem+json",
	    str_span(&out));
	str_free(&out);
	str_free(&type);
}

/* ---- receiving ---- */

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

/* 0.9.75 cuts a header at a NUL, joins folded lines and takes LF for CR LF,
 * but tells the size of the head. Later releases refuse all three and may
 * keep a head otherwise, so only what is known is added up. */
static bool
heads_add_up(void)
{
	return strcmp(MHD_get_version(), "0.9.75") == 0;
}

static size_t
head_size(const struct request *r)
{
	const union MHD_ConnectionInfo *info = NULL;

	if (r->httpd->whole)
		info = MHD_get_connection_info(r->connection,
		    MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
	return info != NULL ? info->header_size : 0;
}

static size_t
body_max(const struct request *r)
{
	const struct httpd_options *o = &r->httpd->options;

	return o->large_path != NULL && strcmp(r->path, o->large_path) == 0 ?
	    o->large_max : o->body_max;
}

static bool
judge(struct request *r, const char *version, struct err *e)
{
	struct gathering g;
	struct gate_request request = { r->method, version, r->uri,
	    g.headers, 0, head_size(r) };
	long long length;

	g.n = 0;
	MHD_get_connection_values_n(r->connection, MHD_HEADER_KIND, gather,
	    &g);
	request.n_headers = g.n;
	if (!gate_judge(&request, e))
		return false;
	if (!utf8_valid(span_of(r->path)))
		return err_set(e, ERR_REQUEST, "the path is not UTF-8");
	length = gate_length(&request);
	if (length > (long long)body_max(r) &&
	    (length > BODY_DRAIN || request_header(r, "Expect", NULL)))
		return err_set(e, ERR_TOO_LARGE, "%lld bytes", length);
	r->body.expected = length > 0 ? (size_t)length : 0;
	return true;
}

static enum MHD_Result
queue(struct request *r)
{
	return MHD_queue_response(r->connection, (unsigned)r->status,
	    r->response);
}

/* What is refused here is answered before its body is read; the library
 * then closes the connection, as nobody knows where a next request starts. */
static enum MHD_Result
begin(struct request *r, const char *url, const char *method,
    const char *version)
{
	struct err e = { 0 };

	r->judged = true;
	r->method = method;
	r->path = url;
	if (!judge(r, version, &e)) {
		if (e.code == ERR_METHOD)
			request_say(r, "Allow", "GET, HEAD, POST");
		request_say(r, "Connection", "close");
		request_fail(r, &e);
		return queue(r);
	}
	if (strcmp(r->method, "HEAD") == 0)
		r->method = "GET";
	return MHD_YES;
}

static void
body_free(struct body *body)
{
	free(body->p);
	body->p = NULL;
	body->n = body->cap = 0;
}

/* The whole body at once when its length was told: nothing is moved then,
 * and pages not yet sent cost nothing. */
static void
body_grow(struct body *body, size_t need, size_t max)
{
	size_t cap = body->cap > max / 2 ? max : body->cap * 2;

	if (cap < BODY_FIRST)
		cap = BODY_FIRST;
	if (body->expected > 0)
		cap = body->expected;
	if (cap < need)
		cap = need;
	if (cap > max)
		cap = max;
	body->p = realloc(body->p, cap);
	if (body->p == NULL)
		bug("out of memory");
	body->cap = cap;
}

/* A body too large is read off, so that its sender gets to read why. */
static enum MHD_Result
receive(struct request *r, const char *data, size_t n)
{
	struct body *body = &r->body;
	size_t max = body_max(r);

	if (body->dropped > 0 || n > max - body->n || body->expected > max) {
		body->dropped += (long long)(body->n + n);
		body_free(body);
		return body->dropped <= BODY_DRAIN ? MHD_YES : MHD_NO;
	}
	if (n > body->cap - body->n)
		body_grow(body, body->n + n, max);
	memcpy(body->p + body->n, data, n);
	body->n += n;
	return MHD_YES;
}

/* Suspended first and then looked at again: an answer between the two finds
 * RUNNING and leaves the resuming to us. */
static enum MHD_Result
finish(struct request *r)
{
	struct MHD_Connection *connection = r->connection;
	enum phase running = RUNNING;
	struct err e = { 0 };

	atomic_store(&r->phase, RUNNING);
	if (r->body.dropped > 0) {
		err_set(&e, ERR_TOO_LARGE, "more than %zu bytes",
		    body_max(r));
		request_fail(r, &e);
		return queue(r);
	}
	r->handled = true;
	atomic_fetch_add(&r->httpd->live, 1);
	r->httpd->handler(r, r->httpd->arg);
	if (atomic_load(&r->phase) == ANSWERED)
		return queue(r);
	MHD_suspend_connection(connection);
	if (!atomic_compare_exchange_strong(&r->phase, &running, SUSPENDED))
		MHD_resume_connection(connection);
	return MHD_YES;
}

static enum MHD_Result
take(void *arg, struct MHD_Connection *connection, const char *url,
    const char *method, const char *version, const char *data,
    size_t *n, void **slot)
{
	struct request *r = *slot;
	size_t got = *n;

	(void)arg;
	(void)connection;
	if (!r->judged)
		return begin(r, url, method, version);
	if (got > 0) {
		*n = 0;
		return receive(r, data, got);
	}
	if (atomic_load(&r->phase) == ANSWERED)
		return queue(r);
	return finish(r);
}

/* Its first request: the handshake is done. */
static void
hear(const struct httpd *httpd, struct MHD_Connection *connection,
    struct client *client)
{
	client->heard = true;
	if (client->session == NULL)
		return;
	atomic_fetch_add(tls_resumed(client->session) ? &figures.resumed :
	    &figures.handshakes, 1);
	client->arena = arena_new();
	client->peer.names = tls_names(client->session, client->arena);
	client->peer.certificate = tls_certificate(client->session,
	    client->arena);
	MHD_set_connection_option(connection, MHD_CONNECTION_OPTION_TIMEOUT,
	    httpd->options.idle);
}

static void *
born(void *arg, const char *uri, struct MHD_Connection *connection)
{
	struct httpd *httpd = arg;
	struct arena *arena = arena_new();
	struct request *r = arena_alloc(arena, sizeof *r);
	struct client *client;

	r->httpd = httpd;
	r->connection = connection;
	r->arena = arena;
	r->uri = arena_strdup(arena, uri);
	r->client = client = MHD_get_connection_info(connection,
	    MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
	if (!client->heard)
		hear(httpd, connection, client);
	return r;
}

static void
done(void *arg, struct MHD_Connection *connection, void **slot,
    enum MHD_RequestTerminationCode code)
{
	struct httpd *httpd = arg;
	struct request *r = *slot;
	struct arena *arena;

	(void)connection;
	(void)code;
	if (r == NULL)
		return;
	*slot = NULL;
	if (r->response != NULL)
		MHD_destroy_response(r->response);
	if (r->handled)
		atomic_fetch_sub(&httpd->live, 1);
	body_free(&r->body);
	arena = r->arena;
	arena_free(&arena);
}

/* ---- who is there ---- */

/* Over the Unix socket: what the kernel says. When it says nothing, a user
 * that nobody is. */
static void
find_local(struct client *client, int fd)
{
	struct ucred cred = { 0 };
	socklen_t n = sizeof cred;
	struct peer *peer = &client->peer;

	peer->local = true;
	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &cred, &n) != 0)
		return;
	peer->uid = cred.uid;
	peer->gid = cred.gid;
	peer->pid = cred.pid;
}

/* An IPv4 address is the same when it came by a socket of IPv6. */
static void
find_remote(struct client *client, const struct sockaddr *from)
{
	struct sockaddr_in in;
	struct sockaddr_in6 in6;
	const unsigned char *at = in6.sin6_addr.s6_addr;

	client->peer.address = client->address;
	if (from == NULL)
		return;
	if (from->sa_family == AF_INET) {
		memcpy(&in, from, sizeof in);
		inet_ntop(AF_INET, &in.sin_addr, client->address,
		    sizeof client->address);
	} else if (from->sa_family == AF_INET6) {
		memcpy(&in6, from, sizeof in6);
		if (IN6_IS_ADDR_V4MAPPED(&in6.sin6_addr))
			inet_ntop(AF_INET, at + 12, client->address,
			    sizeof client->address);
		else
			inet_ntop(AF_INET6, at, client->address,
			    sizeof client->address);
	}
}

/* A handshake gets less time than who waits between two requests. Its tickets
 * are two small writes: the second must not wait for word of the first. */
static void
greet(const struct httpd *httpd, struct MHD_Connection *connection,
    struct client *client)
{
	int fd = MHD_get_connection_info(connection,
	    MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd, on = 1;

	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	client->session = MHD_get_connection_info(connection,
	    MHD_CONNECTION_INFO_GNUTLS_SESSION)->tls_session;
	client->face = tls_greet(httpd->options.tls, client->session);
	MHD_set_connection_option(connection, MHD_CONNECTION_OPTION_TIMEOUT,
	    GREETING);
}

/* One too many is cut off at once: it ends as if its peer had gone. */
static void
count_in(const struct httpd *httpd, struct client *client, int fd)
{
	const struct peer *peer = &client->peer;
	bool free_of_it = peer->local ? peer->uid == geteuid() :
	    cidr_has(httpd->options.fronts, span_of(client->address));

	if (peer->local) {
		client->member.user = true;
		memcpy(client->member.bytes, &peer->uid, sizeof peer->uid);
	} else if (!cidr_sender(span_of(client->address),
	    client->member.bytes)) {
		return;
	}
	client->counted = !free_of_it;
	if (client->counted && !crowd_enter(httpd->crowd, &client->member)) {
		atomic_fetch_add(&figures.crowded, 1);
		shutdown(fd, SHUT_RDWR);
	}
}

static struct client *
client_new(const struct httpd *httpd, struct MHD_Connection *connection)
{
	struct client *client = calloc(1, sizeof *client);
	int fd;

	if (client == NULL)
		bug("out of memory");
	client->peer.uid = (uid_t)-1;
	client->peer.gid = (gid_t)-1;
	fd = MHD_get_connection_info(connection,
	    MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
	if (httpd->options.unix_path != NULL)
		find_local(client, fd);
	else
		find_remote(client, MHD_get_connection_info(connection,
		    MHD_CONNECTION_INFO_CLIENT_ADDRESS)->client_addr);
	count_in(httpd, client, fd);
	if (httpd->options.tls != NULL)
		greet(httpd, connection, client);
	return client;
}

/* The session itself is gone already. */
static void
client_free(const struct httpd *httpd, struct client *client)
{
	if (client->counted)
		crowd_leave(httpd->crowd, &client->member);
	if (client->face != NULL)
		tls_part(httpd->options.tls, &client->face);
	arena_free(&client->arena);
	free(client);
}

static void
meet(void *arg, struct MHD_Connection *connection, void **slot,
    enum MHD_ConnectionNotificationCode code)
{
	if (code == MHD_CONNECTION_NOTIFY_STARTED) {
		atomic_fetch_add(&figures.connections, 1);
		*slot = client_new(arg, connection);
		return;
	}
	client_free(arg, *slot);
	*slot = NULL;
}

/* ---- listening ---- */

static bool
refuse(struct err *e, const char *what, const char *where)
{
	return err_set(e, ERR_SYSTEM, "%s %s: %s", what, where,
	    strerror(errno));
}

/* A socket file that nobody answers on is left from a crash; anything else
 * of that name is somebody's file. */
static bool
clear_path(const struct sockaddr_un *at, struct err *e)
{
	struct stat st;
	int fd;
	bool alive;

	if (lstat(at->sun_path, &st) != 0)
		return errno == ENOENT || refuse(e, "look at", at->sun_path);
	if (!S_ISSOCK(st.st_mode))
		return err_set(e, ERR_CONFIG, "%s: not a socket",
		    at->sun_path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return refuse(e, "socket for", at->sun_path);
	alive = connect(fd, (const struct sockaddr *)at, sizeof *at) == 0 ||
	    errno != ECONNREFUSED;
	close(fd);
	if (alive)
		return err_set(e, ERR_IN_USE, "%s: another bahid listens",
		    at->sun_path);
	return unlink(at->sun_path) == 0 ||
	    refuse(e, "remove", at->sun_path);
}

static void
remove_path(struct httpd *httpd)
{
	const char *path = httpd->options.unix_path;
	struct stat st;

	if (path != NULL && lstat(path, &st) == 0 &&
	    st.st_dev == httpd->dev && st.st_ino == httpd->ino)
		unlink(path);
	httpd->ino = 0;
}

/* Anyone may connect: who it is decides what it may do. */
static bool
listen_unix(struct httpd *httpd, const char *path, struct err *e)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	struct stat st;
	int n = snprintf(at.sun_path, sizeof at.sun_path, "%s", path);

	if (n < 0 || (size_t)n >= sizeof at.sun_path)
		return err_set(e, ERR_CONFIG, "socket path too long: %s",
		    path);
	snprintf(httpd->unix_path, sizeof httpd->unix_path, "%s", path);
	httpd->options.unix_path = httpd->unix_path;
	if (!clear_path(&at, e))
		return false;
	httpd->fd = socket(AF_UNIX, SOCK_STREAM | LISTENER, 0);
	if (httpd->fd < 0 || bind(httpd->fd, (struct sockaddr *)&at,
	    sizeof at) != 0 || lstat(path, &st) != 0)
		return refuse(e, "bind to", path);
	httpd->dev = st.st_dev;
	httpd->ino = st.st_ino;
	/* Not yet listening: nobody meets a mode in between. */
	if (chmod(path, 0666) != 0 || listen(httpd->fd, 512) != 0)
		return refuse(e, "listen on", path);
	return true;
}

/* Of both families; "::" takes what comes to IPv4 addresses, too. */
static bool
find_address(const struct httpd_options *o, struct addrinfo **out,
    struct err *e)
{
	const struct addrinfo hints = { .ai_socktype = SOCK_STREAM,
	    .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE };
	char port[16];

	snprintf(port, sizeof port, "%u", o->port);
	return getaddrinfo(o->address, port, &hints, out) == 0 ||
	    err_set(e, ERR_CONFIG, "no address: %.60s", o->address);
}

static bool
find_port(struct httpd *httpd)
{
	struct sockaddr_storage at;
	socklen_t n = sizeof at;
	struct sockaddr_in in;
	struct sockaddr_in6 in6;

	if (getsockname(httpd->fd, (struct sockaddr *)&at, &n) != 0)
		return false;
	memcpy(&in, &at, sizeof in);
	memcpy(&in6, &at, sizeof in6);
	httpd->port = ntohs(at.ss_family == AF_INET6 ? in6.sin6_port :
	    in.sin_port);
	return true;
}

static bool
listen_inet(struct httpd *httpd, struct err *e)
{
	const struct httpd_options *o = &httpd->options;
	struct addrinfo *at;
	int on = 1, off = 0;
	bool ok;

	if (!find_address(o, &at, e))
		return false;
	httpd->fd = socket(at->ai_family, SOCK_STREAM | LISTENER, 0);
	if (httpd->fd >= 0 && at->ai_family == AF_INET6)
		setsockopt(httpd->fd, IPPROTO_IPV6, IPV6_V6ONLY, &off,
		    sizeof off);
	ok = httpd->fd >= 0 && setsockopt(httpd->fd, SOL_SOCKET,
	    SO_REUSEADDR, &on, sizeof on) == 0 &&
	    bind(httpd->fd, at->ai_addr, at->ai_addrlen) == 0 &&
	    listen(httpd->fd, 512) == 0 && find_port(httpd);
	freeaddrinfo(at);
	return ok || refuse(e, "listen on", o->address);
}

static void
panic(void *arg, const char *file, unsigned line, const char *why)
{
	(void)arg;
	(void)file;
	bug("libmicrohttpd, line %u: %s", line, why != NULL ? why : "");
}

/* The library wants to be given a certificate; each session gets its own. */
static int
no_certificate(gnutls_session_t session, const gnutls_datum_t *authorities,
    int n_authorities, const gnutls_pk_algorithm_t *algorithms,
    int n_algorithms, gnutls_pcert_st **chain, unsigned *n,
    gnutls_privkey_t *key)
{
	(void)session;
	(void)authorities;
	(void)n_authorities;
	(void)algorithms;
	(void)n_algorithms;
	(void)chain;
	(void)n;
	(void)key;
	return -1;
}

static struct MHD_Daemon *
start_daemon(struct httpd *httpd)
{
	const struct httpd_options *o = &httpd->options;
	struct MHD_OptionItem items[] = {
		{ MHD_OPTION_LISTEN_SOCKET, httpd->fd, NULL },
		{ MHD_OPTION_CONNECTION_LIMIT, o->connections, NULL },
		{ MHD_OPTION_CONNECTION_TIMEOUT, o->idle, NULL },
		{ MHD_OPTION_CONNECTION_MEMORY_LIMIT, POOL, NULL },
		{ MHD_OPTION_STRICT_FOR_CLIENT, httpd->whole ? 0 : 1, NULL },
		{ MHD_OPTION_THREAD_POOL_SIZE,
		    o->threads > 1 ? o->threads : 0, NULL },
		{ MHD_OPTION_END, 0, NULL }
	};
	bool plain = o->tls == NULL;

	/* Poll, not epoll: the latter stalls when exactly 128 sockets are
	 * ready (0.9.75 to 1.0.1). Strict, 0.9.75 does no more than refuse a
	 * missing Host and a space in the target, with a head sent twice;
	 * the gate refuses both in good form. */
	return MHD_start_daemon(MHD_USE_POLL_INTERNAL_THREAD |
	    MHD_ALLOW_SUSPEND_RESUME | (plain ? 0u : MHD_USE_TLS), 0, NULL,
	    NULL, take, httpd,
	    MHD_OPTION_URI_LOG_CALLBACK, born, httpd,
	    MHD_OPTION_NOTIFY_COMPLETED, done, httpd,
	    MHD_OPTION_NOTIFY_CONNECTION, meet, httpd,
	    MHD_OPTION_ARRAY, items,
	    plain ? MHD_OPTION_END : MHD_OPTION_HTTPS_PRIORITIES,
	    tls_priorities, MHD_OPTION_HTTPS_CERT_CALLBACK, no_certificate,
	    MHD_OPTION_END);
}

/* Its threads take no signals: those are the caller's. */
static bool
start(struct httpd *httpd, struct err *e)
{
	sigset_t all, before;

	MHD_set_panic_func(panic, NULL);
	httpd->whole = heads_add_up();
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	httpd->daemon = start_daemon(httpd);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
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
	httpd->crowd = crowd_new(options->each);
	if ((options->unix_path != NULL ?
	    listen_unix(httpd, options->unix_path, e) :
	    listen_inet(httpd, e)) && start(httpd, e)) {
		*out = httpd;
		return true;
	}
	if (httpd->fd >= 0)
		close(httpd->fd);
	remove_path(httpd);
	crowd_free(&httpd->crowd);
	free(httpd);
	return false;
}

unsigned
httpd_port(const struct httpd *httpd)
{
	return httpd->port;
}

/* Shut, not closed: a thread may still be asking about it. */
void
httpd_quiesce(struct httpd *httpd)
{
	if (atomic_exchange(&httpd->quiet, true))
		return;
	MHD_quiesce_daemon(httpd->daemon);
	shutdown(httpd->fd, SHUT_RDWR);
	remove_path(httpd);
}

/* Answered is not sent: the last answers get some time to leave. */
static void
wait_sent(struct httpd *httpd)
{
	const struct timespec tick = { 0, 1000000 };

	for (int i = 0; i < CLOSE_WAIT && atomic_load(&httpd->live) > 0; i++)
		nanosleep(&tick, NULL);
}

void
httpd_close(struct httpd **hp)
{
	struct httpd *httpd = *hp;

	if (httpd == NULL)
		return;
	httpd_quiesce(httpd);
	wait_sent(httpd);
	MHD_stop_daemon(httpd->daemon);
	close(httpd->fd);
	crowd_free(&httpd->crowd);
	free(httpd);
	*hp = NULL;
}
