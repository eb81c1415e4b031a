/*
 * The calls of our own API. Called by wire/ only; never follows a redirect,
 * never speaks anything but HTTP, and never keeps more than HTTP_ANSWER_MAX
 * bytes.
 */
#include "net/http.h"

#include <stdlib.h>

#include "net/curl.h"
#include "net/login.h"

#define SECONDS 30
#define LOGIN_SECONDS 10
#define HEADER_MAX ((size_t)512 << 10)

struct http {
	CURL *curl;
	CURLM *multi;	/* only so that a send can be interrupted */
	atomic_bool interrupted;
	char *socket, *base, *token;
	struct login *login;
};

static char *
copy(const char *s)
{
	char *p = s ? strdup(s) : NULL;

	if (s != NULL && p == NULL)
		bug("out of memory");
	return p;
}

bool
http_open(struct http **out, const struct http_place *place, struct err *e)
{
	struct http *http;

	curl_begin();
	if (place->socket == NULL && place->url == NULL)
		return err_set(e, ERR_CONFIG, "neither socket nor url");
	http = calloc(1, sizeof *http);
	if (http == NULL)
		bug("out of memory");
	http->curl = curl_easy_init();
	http->multi = curl_multi_init();
	if (http->curl == NULL || http->multi == NULL)
		bug("out of memory");
	http->socket = copy(place->socket);
	http->base = copy(place->socket ? "http://bahid" : place->url);
	http->token = copy(place->token);
	http->login = place->login;
	*out = http;
	return true;
}

void
http_close(struct http **hp)
{
	struct http *http = *hp;

	if (http == NULL)
		return;
	curl_easy_cleanup(http->curl);
	curl_multi_cleanup(http->multi);
	free(http->socket);
	free(http->base);
	free(http->token);
	free(http);
	*hp = NULL;
}

static struct curl_slist *
add_header(struct curl_slist *list, const char *name, const char *value)
{
	struct str line;

	str_init(&line, HEADER_MAX);
	str_addf(&line, "%s: %s", name, value);
	list = curl_slist_append(list, line.p);
	str_free(&line);
	if (list == NULL)
		bug("out of memory");
	return list;
}

/* authorization: scheme and credentials, as "Bearer ", "x"; scheme NULL: none.
 */
static struct curl_slist *
headers(const struct http_call *call, const char *scheme,
    const char *credentials)
{
	struct curl_slist *list = NULL;
	struct str line;

	list = add_header(list, "Accept", call->accept != NULL ?
	    call->accept : "application/json");
	if (call->body.n > 0)
		list = add_header(list, "Content-Type", call->type != NULL ?
		    call->type : "application/json");
	if (call->match != NULL)
		list = add_header(list, "If-Match", call->match);
	if (call->new)
		list = add_header(list, "If-None-Match", "*");
	if (call->key != NULL)
		list = add_header(list, "Idempotency-Key", call->key);
	if (scheme != NULL) {
		str_init(&line, HEADER_MAX);
		str_addf(&line, "%s%s", scheme, credentials);
		list = add_header(list, "Authorization", line.p);
		explicit_bzero(line.p, line.n);
		str_free(&line);
	}
	return list;
}

struct taking {
	CURL *curl;
	const struct http_sink *sink;
	struct str *body;	/* of an answer that is not good */
};

static size_t
take(char *p, size_t size, size_t n, void *ctx)
{
	struct taking *to = ctx;
	long status = 0;

	curl_easy_getinfo(to->curl, CURLINFO_RESPONSE_CODE, &status);
	if (to->sink == NULL || status < 200 || status > 299)
		return curl_take(p, size, n, to->body);
	return to->sink->take(to->sink->ctx, (struct span){ p, size * n }) ?
	    size * n : 0;
}

static void
prepare(struct http *http, const struct http_call *call, const char *url,
    struct curl_slist *list, struct taking *to)
{
	CURL *curl = http->curl;
	long seconds = call->seconds > 0 ? call->seconds : SECONDS;

	curl_easy_reset(curl);
	curl_easy_setopt(curl, CURLOPT_URL, url);
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_PROXY, "");
	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, 5L);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT, seconds);
	curl_easy_setopt(curl, CURLOPT_HTTP_VERSION,
	    (long)CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, list);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, to);
	if (http->socket != NULL)
		curl_easy_setopt(curl, CURLOPT_UNIX_SOCKET_PATH,
		    http->socket);
	if (call->body.n > 0) {
		curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE,
		    (curl_off_t)call->body.n);
		curl_easy_setopt(curl, CURLOPT_POSTFIELDS, call->body.p);
	}
	curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, call->method);
}

void
http_interrupt(struct http *http)
{
	atomic_store(&http->interrupted, true);
	curl_multi_wakeup(http->multi);
}

static bool
explain(CURLcode code, const struct http *http, const struct str *body,
    struct err *e)
{
	const char *place = http->socket ? http->socket : http->base;

	if (body->over)
		return err_set(e, ERR_TOO_LARGE, "answer of %.200s is larger "
		    "than %zu bytes", place, body->max);
	return err_set(e, ERR_UNREACHABLE, "%.200s: %s", place,
	    curl_easy_strerror(code));
}

static bool
exchange(struct http *http, const struct http_call *call, const char *scheme,
    const char *credentials, int *status, struct str *body, struct err *e)
{
	struct curl_slist *list = headers(call, scheme, credentials);
	struct taking to = { http->curl, call->sink, body };
	struct str url;
	CURLcode code;
	long answer = 0;

	str_init(&url, 65536);
	str_addf(&url, "%s%s", http->base, call->path);
	str_clear(body);
	prepare(http, call, url.p, list, &to);
	code = curl_run(http->multi, http->curl, &http->interrupted);
	if (code == CURLE_ABORTED_BY_CALLBACK)
		atomic_store(&http->interrupted, false);
	if (code == CURLE_OK)
		curl_easy_getinfo(http->curl, CURLINFO_RESPONSE_CODE,
		    &answer);
	else if (code != CURLE_ABORTED_BY_CALLBACK)
		explain(code, http, body, e);
	curl_slist_free_all(list);
	str_free(&url);
	*status = (int)answer;
	return code == CURLE_OK;
}

/* ---- logging in -------------------------------------------------------- */

static bool
post_login(void *ctx, const char *path, const char *authorization,
    struct span form, int *status, struct str *body, struct err *e)
{
	const struct http_call call = { .method = "POST", .path = path,
	    .body = form, .type = "application/x-www-form-urlencoded",
	    .seconds = LOGIN_SECONDS };

	return exchange(ctx, &call, "", authorization, status, body, e);
}

/* A token that is no longer good is got anew once, and the call is made once
 * more as it was, its key included. */
static bool
send_logged_in(struct http *http, const struct http_call *call, int *status,
    struct str *body, struct err *e)
{
	const struct login_call login = { post_login, http };
	char token[LOGIN_TOKEN];
	bool ok = false;

	for (int i = 0; i < 2; i++) {
		ok = login_token(http->login, &login, token, e) &&
		    exchange(http, call, "Bearer ", token, status, body, e);
		if (!ok || *status != 401)
			break;
		login_refused(http->login, token);
	}
	explicit_bzero(token, sizeof token);
	return ok;
}

bool
http_send(struct http *http, const struct http_call *call, int *status,
    struct str *body, struct err *e)
{
	if (http->login != NULL)
		return send_logged_in(http, call, status, body, e);
	return exchange(http, call, http->token != NULL ? "Bearer " : NULL,
	    http->token, status, body, e);
}
