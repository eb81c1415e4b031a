/*
 * All of libcurl's use. Called by wire/ only; never follows a redirect, never
 * speaks anything but HTTP, and never keeps more than HTTP_ANSWER_MAX bytes.
 */
#include "net/http.h"

#include <curl/curl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#define SECONDS 30
#define TURN 60000	/* ms; an interrupt wakes it sooner */

struct http {
	CURL *curl;
	CURLM *multi;	/* only so that a send can be interrupted */
	atomic_bool interrupted;
	char *socket, *base, *token;
};

static void
start(void)
{
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		bug("libcurl does not start");
}

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
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	struct http *http;

	pthread_once(&once, start);
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

static size_t
take(char *p, size_t size, size_t n, void *to)
{
	struct str *body = to;

	str_add(body, p, size * n);
	return body->over ? 0 : size * n;
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

static void
prepare(struct http *http, const struct http_call *call, const char *url,
    struct curl_slist *list, struct str *body)
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
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, body);
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

static CURLcode
result_of(CURLM *multi)
{
	CURLMsg *message;
	int left;

	while ((message = curl_multi_info_read(multi, &left)) != NULL)
		if (message->msg == CURLMSG_DONE)
			return message->data.result;
	return CURLE_RECV_ERROR;
}

static CURLcode
run(struct http *http)
{
	CURLcode code = CURLE_FAILED_INIT;
	int running = 1;

	if (curl_multi_add_handle(http->multi, http->curl) != CURLM_OK)
		return code;
	while (running > 0) {
		if (atomic_exchange(&http->interrupted, false)) {
			code = CURLE_ABORTED_BY_CALLBACK;
			break;
		}
		if (curl_multi_perform(http->multi, &running) != CURLM_OK)
			break;
		if (running > 0 && curl_multi_poll(http->multi, NULL, 0,
		    TURN, NULL) != CURLM_OK)
			break;
	}
	if (running == 0)
		code = result_of(http->multi);
	curl_multi_remove_handle(http->multi, http->curl);
	return code;
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
	struct str url;
	CURLcode code;
	long answer = 0;

	str_init(&url, 65536);
	str_addf(&url, "%s%s", http->base, call->path);
	str_clear(body);
	prepare(http, call, url.p, list, body);
	code = run(http);
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

void
http_encode(struct str *out, struct span s)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~";

	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (c != '\0' && strchr(plain, c) != NULL)
			str_addc(out, (char)c);
		else
			str_addf(out, "%%%02X", c);
	}
}
