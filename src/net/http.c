/*
 * The calls of our own API. Called by wire/ only; never follows a redirect,
 * never speaks anything but HTTP, and never keeps more than HTTP_ANSWER_MAX
 * bytes.
 */
#include "net/http.h"

#include <openssl/crypto.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>
#include <stdlib.h>
#include <string.h>

#include "net/curl.h"
#include "net/login.h"

#define SECONDS 30
#define LOGIN_SECONDS 10
#define HEADER_MAX ((size_t)512 << 10)

struct http {
	CURL *curl;
	CURLM *multi;	/* only so that a send can be interrupted */
	atomic_bool interrupted;
	char *socket, *base, *token, *ca, *pin, *cert, *key;
	char why[CURL_ERROR_SIZE];
	bool asked;	/* on this connection, for our certificate */
	struct login *login;
};

/* "" is none. */
static char *
copy(const char *s)
{
	char *p = s != NULL && s[0] != '\0' ? strdup(s) : NULL;

	if (s != NULL && s[0] != '\0' && p == NULL)
		bug("out of memory");
	return p;
}

/* A token, and all that it opens, is heard by whoever stands between. */
static bool
judge_url(const char *text, struct err *e)
{
	CURLU *url = curl_url();
	char *scheme = NULL, *host = NULL;
	bool ok, safe;

	if (url == NULL)
		bug("out of memory");
	ok = curl_url_set(url, CURLUPART_URL, text,
	    CURLU_NON_SUPPORT_SCHEME) == CURLUE_OK &&
	    curl_url_get(url, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK &&
	    curl_url_get(url, CURLUPART_HOST, &host, 0) == CURLUE_OK;
	safe = ok && (strcmp(scheme, "https") == 0 ||
	    (strcmp(scheme, "http") == 0 && host_is_loopback(host)));
	curl_free(scheme);
	curl_free(host);
	curl_url_cleanup(url);
	if (!ok)
		return err_set(e, ERR_CONFIG, "url: %.200s is no URL", text);
	return safe || err_set(e, ERR_PLAIN, "url: %.200s", text);
}

bool
http_open(struct http **out, const struct http_place *place, struct err *e)
{
	struct http *http;

	curl_begin();
	if (place->socket == NULL && place->url == NULL)
		return err_set(e, ERR_CONFIG, "neither socket nor url");
	if (place->socket == NULL && !judge_url(place->url, e))
		return false;
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
	http->ca = copy(place->ca);
	http->pin = copy(place->pin);
	http->cert = copy(place->cert);
	http->key = copy(place->key);
	*out = http;
	return true;
}

static void
free_secret(char *s)
{
	if (s != NULL)
		OPENSSL_cleanse(s, strlen(s));
	free(s);
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
	free_secret(http->token);
	free(http->ca);
	free(http->pin);
	free(http->cert);
	free_secret(http->key);
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
	if (call->proof != NULL)
		list = add_header(list, "Second-Factor", call->proof);
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

/* Called when the server asks for our certificate. */
static int
note_asked(SSL *ssl, void *arg)
{
	struct http *http = arg;

	(void)ssl;
	http->asked = true;
	return 1;
}

static CURLcode
watch_tls(CURL *curl, void *context, void *arg)
{
	(void)curl;
	SSL_CTX_set_cert_cb(context, note_asked, arg);
	return CURLE_OK;
}

/* Chain and name are always judged; a pin comes on top. */
static void
prepare_tls(struct http *http)
{
	CURL *curl = http->curl;

	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(curl, CURLOPT_SSLVERSION,
	    (long)CURL_SSLVERSION_TLSv1_3);
	curl_easy_setopt(curl, CURLOPT_SSL_CTX_FUNCTION, watch_tls);
	curl_easy_setopt(curl, CURLOPT_SSL_CTX_DATA, http);
	curl_easy_setopt(curl, CURLOPT_SHARE, curl_sessions());
	if (http->ca != NULL) {
		curl_easy_setopt(curl, CURLOPT_CAINFO, http->ca);
		curl_easy_setopt(curl, CURLOPT_CAPATH, NULL);
	}
	if (http->pin != NULL)
		curl_easy_setopt(curl, CURLOPT_PINNEDPUBLICKEY, http->pin);
	if (http->cert != NULL)
		curl_easy_setopt(curl, CURLOPT_SSLCERT, http->cert);
	if (http->key != NULL) {
		struct curl_blob key = { http->key, strlen(http->key),
		    CURL_BLOB_NOCOPY };

		curl_easy_setopt(curl, CURLOPT_SSLKEY_BLOB, &key);
	}
}

static void
prepare(struct http *http, const struct http_call *call, const char *url,
    struct curl_slist *list, struct taking *to)
{
	CURL *curl = http->curl;
	long seconds = call->seconds > 0 ? call->seconds : SECONDS;

	curl_easy_reset(curl);
	http->why[0] = '\0';
	http->asked = false;
	curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, http->why);
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
	else
		prepare_tls(http);
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

/* What the chain was found to be. */
static enum err_code
verified(CURL *curl)
{
	long result = X509_V_OK;

	curl_easy_getinfo(curl, CURLINFO_SSL_VERIFYRESULT, &result);
	switch (result) {
	case X509_V_ERR_CERT_HAS_EXPIRED:
	case X509_V_ERR_CERT_NOT_YET_VALID:
		return ERR_TLS_EXPIRED;
	/* libcurl looks at the name first and leaves these two. */
	case X509_V_OK:
	case X509_V_ERR_UNSPECIFIED:
	case X509_V_ERR_HOSTNAME_MISMATCH:
	case X509_V_ERR_IP_ADDRESS_MISMATCH:
		return ERR_TLS_NAME;
	default:
		return ERR_TLS_AUTHORITY;
	}
}

/* A server refuses a certificate after our side of the handshake is done: it
 * closes, and what we had sent by then may cost us its last word. */
static enum err_code
reason(CURLcode code, const struct http *http)
{
	long status = 0;

	switch (code) {
	case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
		return ERR_TLS_PIN;
	case CURLE_PEER_FAILED_VERIFICATION:
		return verified(http->curl);
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_SSL_CERTPROBLEM:
		return ERR_CONFIG;
	case CURLE_SSL_CONNECT_ERROR:
	case CURLE_SSL_CIPHER:
		/* Cut off in the middle: it may just be stopping. */
		if (strstr(http->why, "SSL_ERROR_SYSCALL") != NULL)
			return ERR_UNREACHABLE;
		return http->asked ? ERR_TLS_OURS : ERR_TLS;
	case CURLE_SEND_ERROR:
	case CURLE_RECV_ERROR:
	case CURLE_GOT_NOTHING:
		curl_easy_getinfo(http->curl, CURLINFO_RESPONSE_CODE,
		    &status);
		return http->asked && status == 0 ? ERR_TLS_OURS :
		    ERR_UNREACHABLE;
	default:
		return ERR_UNREACHABLE;
	}
}

static bool
explain(CURLcode code, const struct http *http, const struct str *body,
    struct err *e)
{
	const char *place = http->socket ? http->socket : http->base;

	if (body->over)
		return err_set(e, ERR_TOO_LARGE, "answer of %.200s is larger "
		    "than %zu bytes", place, body->max);
	return err_set(e, reason(code, http), "%.200s: %.200s", place,
	    http->socket == NULL && http->why[0] != '\0' ? http->why :
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
