/*
 * libcurl's use for polls and targets.  The multi handle is
 * there so that a get can be stopped at once, and keeps the connections.
 */
#include "net/fetch.h"

#include <stdio.h>
#include <stdlib.h>

#include "net/curl.h"
#include "net/http.h"

#define CONNECT_SECONDS 10L
#define HOPS 3			/* redirects in a row */

struct fetch {
	CURL *curl;
	CURLM *multi;
	char *ca;
	char why[CURL_ERROR_SIZE];
	atomic_bool stopped;
};

struct fetch *
fetch_new(const char *ca)
{
	struct fetch *fetch = calloc(1, sizeof *fetch);

	curl_begin();
	if (fetch == NULL || (fetch->ca = strdup(ca)) == NULL ||
	    (fetch->curl = curl_easy_init()) == NULL ||
	    (fetch->multi = curl_multi_init()) == NULL)
		bug("out of memory");
	return fetch;
}

void
fetch_free(struct fetch **fp)
{
	struct fetch *fetch = *fp;

	if (fetch == NULL)
		return;
	*fp = NULL;
	curl_easy_cleanup(fetch->curl);
	curl_multi_cleanup(fetch->multi);
	free(fetch->ca);
	free(fetch);
}

void
fetch_stop(struct fetch *fetch)
{
	atomic_store(&fetch->stopped, true);
	curl_multi_wakeup(fetch->multi);
}

/* ---- addresses -------------------------------------------------------- */

#define PART_MAX 256

struct origin {
	char scheme[PART_MAX], host[PART_MAX], port[PART_MAX];
};

static bool
part_of(CURLU *url, CURLUPart part, char out[PART_MAX])
{
	char *text = NULL;
	bool ok = curl_url_get(url, part, &text, CURLU_DEFAULT_PORT) ==
	    CURLUE_OK && strlen(text) < PART_MAX;

	if (ok)
		memcpy(out, text, strlen(text) + 1);
	curl_free(text);
	return ok;
}

static bool
origin_of(CURLU *url, struct origin *out)
{
	char any[PART_MAX];

	return part_of(url, CURLUPART_SCHEME, out->scheme) &&
	    part_of(url, CURLUPART_HOST, out->host) &&
	    part_of(url, CURLUPART_PORT, out->port) &&
	    !part_of(url, CURLUPART_USER, any) &&
	    !part_of(url, CURLUPART_PASSWORD, any);
}

static CURLU *
new_url(void)
{
	CURLU *url = curl_url();

	if (url == NULL)
		bug("out of memory");
	return url;
}

/* The guesses of a browser's address bar are none for a daemon. */
static bool
set_url(CURLU *url, const char *text)
{
	for (const char *p = text; *p != '\0'; p++)
		if ((unsigned char)*p <= ' ' || *p == '\\' || *p == 0x7f)
			return false;
	return curl_url_set(url, CURLUPART_URL, text, 0) == CURLUE_OK;
}

static bool
judge_origin(const struct origin *o, struct err *e)
{
	return strcmp(o->scheme, "https") == 0 ||
	    (strcmp(o->scheme, "http") == 0 && host_is_loopback(o->host)) ||
	    err_set(e, ERR_CONFIG, "%.100s is asked over https only",
	    o->host);
}

bool
fetch_judge(const char *text, struct err *e)
{
	CURLU *url = new_url();
	struct origin o;
	bool ok = set_url(url, text) && origin_of(url, &o);

	curl_url_cleanup(url);
	return ok ? judge_origin(&o, e) : err_set(e, ERR_CONFIG,
	    "not a URL like https://erp.example/, without user and password");
}

static bool
same_origin(const struct origin *a, const struct origin *b)
{
	return strcasecmp(a->scheme, b->scheme) == 0 &&
	    strcasecmp(a->host, b->host) == 0 && strcmp(a->port, b->port) == 0;
}

bool
fetch_join(const char *base, const char *next, struct str *out,
    struct err *e)
{
	CURLU *url = new_url();
	struct origin home, there;
	char *text = NULL;
	bool ok = set_url(url, base) && origin_of(url, &home);

	if (ok && !(set_url(url, next) && origin_of(url, &there) &&
	    curl_url_get(url, CURLUPART_URL, &text, 0) == CURLUE_OK))
		ok = err_set(e, ERR_UNREACHABLE, "not an address to go to");
	if (ok && !same_origin(&home, &there))
		ok = err_set(e, ERR_UNREACHABLE,
		    "sent to another host, %.100s", there.host);
	str_clear(out);
	if (ok)
		str_adds(out, text);
	curl_free(text);
	curl_url_cleanup(url);
	return ok && !out->over;
}

void
fetch_query(struct str *url, const char *name, struct span value)
{
	str_addc(url, strchr(url->p, '?') != NULL ? '&' : '?');
	http_encode(url, span_of(name));
	str_addc(url, '=');
	http_encode(url, value);
}

/* ---- one get ---------------------------------------------------------- */

static struct curl_slist *
add_header(struct curl_slist *list, const char *line)
{
	list = curl_slist_append(list, line);
	if (list == NULL)
		bug("out of memory");
	return list;
}

static void
prepare(struct fetch *fetch, const struct fetch_call *call, const char *url,
    struct curl_slist *list, struct str *body)
{
	CURL *curl = fetch->curl;

	curl_easy_reset(curl);
	fetch->why[0] = '\0';
	curl_easy_setopt(curl, CURLOPT_URL, url);
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_PROXY, "");
	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, CONNECT_SECONDS);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)call->seconds);
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, list);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, curl_take);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, body);
	curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, fetch->why);
	if (fetch->ca[0] != '\0')
		curl_easy_setopt(curl, CURLOPT_CAINFO, fetch->ca);
}

static bool
explain(const struct fetch *fetch, CURLcode code, const struct str *body,
    struct err *e)
{
	if (body->over)
		return err_set(e, ERR_TOO_LARGE,
		    "the answer is larger than %zu bytes", body->max);
	/* What libcurl would send again, and cannot: see fetch_send. */
	if (code == CURLE_SEND_FAIL_REWIND)
		return err_set(e, ERR_UNREACHABLE,
		    "the connection was closed before an answer came");
	return err_set(e, ERR_UNREACHABLE, "%.200s", fetch->why[0] != '\0' ?
	    fetch->why : curl_easy_strerror(code));
}

/* What does not fit was not said: half a tag is another one. */
static void
read_header(CURL *curl, const char *name, char *out, size_t size)
{
	struct curl_header *header;

	out[0] = '\0';
	if (curl_easy_header(curl, name, 0, CURLH_HEADER, -1, &header) ==
	    CURLHE_OK && strlen(header->value) < size)
		memcpy(out, header->value, strlen(header->value) + 1);
}

static void
read_answer(CURL *curl, struct fetch_answer *answer)
{
	long status = 0;

	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
	answer->status = (int)status;
	read_header(curl, "Retry-After", answer->retry_after,
	    sizeof answer->retry_after);
	read_header(curl, "ETag", answer->etag, sizeof answer->etag);
}

/* True: *url is where to ask next. */
static bool
redirected(CURL *curl, int status, const struct fetch_call *call,
    struct str *url, struct err *e)
{
	char *there = NULL;

	if (status != 301 && status != 302 && status != 303 &&
	    status != 307 && status != 308)
		return false;
	curl_easy_getinfo(curl, CURLINFO_REDIRECT_URL, &there);
	if (there == NULL)
		return err_set(e, ERR_UNREACHABLE, "sent on, but not where");
	return fetch_join(call->url, there, url, e);
}

bool
fetch_get(struct fetch *fetch, const struct fetch_call *call,
    struct fetch_answer *answer, struct str *body, struct err *e)
{
	struct curl_slist *list = add_header(NULL, "Accept: application/json");
	CURLcode code = CURLE_OK;
	struct str url;
	bool again = true;

	for (size_t i = 0; i < call->n_headers; i++)
		list = add_header(list, call->headers[i]);
	str_init(&url, 65536);
	str_adds(&url, call->url);
	*answer = (struct fetch_answer){ 0 };
	for (int hop = 0; again; hop++) {
		if (hop > HOPS || url.over) {
			err_set(e, ERR_UNREACHABLE, "sent on and on");
			break;
		}
		str_clear(body);
		prepare(fetch, call, url.p, list, body);
		code = curl_run(fetch->multi, fetch->curl,
		    &fetch->stopped);
		if (code != CURLE_OK)
			explain(fetch, code, body, e);
		else
			read_answer(fetch->curl, answer);
		again = code == CURLE_OK && redirected(fetch->curl,
		    answer->status, call, &url, e);
	}
	curl_slist_free_all(list);
	str_free(&url);
	return e->code == ERR_NONE;
}

/* ---- one that changes something --------------------------------------- */

struct giving {
	struct span left;
	bool begun;
};

static size_t
give(char *to, size_t size, size_t n, void *arg)
{
	struct giving *giving = arg;
	size_t some = size * n;

	giving->begun = true;
	if (some > giving->left.n)
		some = giving->left.n;
	memcpy(to, giving->left.p, some);
	giving->left.p += some;
	giving->left.n -= some;
	return some;
}

/* It is read from a function that cannot go back: so libcurl, which tries
 * again by itself where a kept connection turns out dead, cannot send it
 * twice. */
bool
fetch_send(struct fetch *fetch, const struct fetch_call *call,
    struct fetch_answer *answer, struct str *body, struct err *e)
{
	char type[128];
	struct giving giving = { call->body, false };
	struct curl_slist *list = add_header(NULL, "Expect:");
	CURLcode code;

	snprintf(type, sizeof type, "Content-Type: %s",
	    call->type != NULL ? call->type : "application/json");
	list = add_header(list, type);
	for (size_t i = 0; i < call->n_headers; i++)
		list = add_header(list, call->headers[i]);
	*answer = (struct fetch_answer){ 0 };
	str_clear(body);
	prepare(fetch, call, call->url, list, body);
	curl_easy_setopt(fetch->curl, CURLOPT_POST, 1L);
	curl_easy_setopt(fetch->curl, CURLOPT_CUSTOMREQUEST, call->method);
	curl_easy_setopt(fetch->curl, CURLOPT_READFUNCTION, give);
	curl_easy_setopt(fetch->curl, CURLOPT_READDATA, &giving);
	curl_easy_setopt(fetch->curl, CURLOPT_POSTFIELDSIZE_LARGE,
	    (curl_off_t)call->body.n);
	curl_easy_setopt(fetch->curl, CURLOPT_MAXAGE_CONN, 30L);
	/* Without a body there is nothing that it could not send again. */
	curl_easy_setopt(fetch->curl, CURLOPT_FRESH_CONNECT,
	    call->body.n == 0 ? 1L : 0L);
	code = curl_run(fetch->multi, fetch->curl, &fetch->stopped);
	answer->sent = giving.begun || (call->body.n == 0 &&
	    code != CURLE_COULDNT_CONNECT &&
	    code != CURLE_COULDNT_RESOLVE_HOST);
	if (code != CURLE_OK)
		explain(fetch, code, body, e);
	else
		read_answer(fetch->curl, answer);
	curl_slist_free_all(list);
	return code == CURLE_OK;
}
