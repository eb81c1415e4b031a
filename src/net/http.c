/*
 * The calls of our own API. Called by wire/ only; never follows a redirect,
 * never speaks anything but HTTP, and never keeps more than HTTP_ANSWER_MAX
 * bytes.
 */
#include "net/http.h"

#include <stdlib.h>

#include "net/curl.h"

#define SECONDS 30

struct http {
	CURL *curl;
	CURLM *multi;	/* only so that a send can be interrupted */
	atomic_bool interrupted;
	char *socket, *base, *token;
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

	str_init(&line, 4096);
	str_addf(&line, "%s: %s", name, value);
	list = curl_slist_append(list, line.p);
	str_free(&line);
	if (list == NULL)
		bug("out of memory");
	return list;
}

static struct curl_slist *
headers(const struct http *http, const struct http_call *call)
{
	struct curl_slist *list = NULL;
	struct str bearer;

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
	if (http->token != NULL) {
		str_init(&bearer, 4096);
		str_addf(&bearer, "Bearer %s", http->token);
		list = add_header(list, "Authorization", bearer.p);
		str_free(&bearer);
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

bool
http_send(struct http *http, const struct http_call *call, int *status,
    struct str *body, struct err *e)
{
	struct curl_slist *list = headers(http, call);
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
