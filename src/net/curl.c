/* What http.c, fetch.c and send.c would each write again. */
#include "net/curl.h"

#include <pthread.h>
#include <string.h>

#include "core/err.h"
#include "net/http.h"

#define TURN 60000		/* ms; a wake-up ends it sooner */

static CURLSH *sessions;
static pthread_mutex_t sessions_lock = PTHREAD_MUTEX_INITIALIZER;

static void
lock_sessions(CURL *curl, curl_lock_data data, curl_lock_access access,
    void *arg)
{
	(void)curl;
	(void)data;
	(void)access;
	(void)arg;
	pthread_mutex_lock(&sessions_lock);
}

static void
unlock_sessions(CURL *curl, curl_lock_data data, void *arg)
{
	(void)curl;
	(void)data;
	(void)arg;
	pthread_mutex_unlock(&sessions_lock);
}

static void
start(void)
{
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK ||
	    (sessions = curl_share_init()) == NULL)
		bug("libcurl does not start");
	curl_share_setopt(sessions, CURLSHOPT_LOCKFUNC, lock_sessions);
	curl_share_setopt(sessions, CURLSHOPT_UNLOCKFUNC, unlock_sessions);
	curl_share_setopt(sessions, CURLSHOPT_SHARE,
	    CURL_LOCK_DATA_SSL_SESSION);
}

CURLSH *
curl_sessions(void)
{
	return sessions;
}

void
curl_begin(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, start);
}

size_t
curl_take(char *p, size_t size, size_t n, void *to)
{
	struct str *body = to;

	str_add(body, p, size * n);
	return body->over ? 0 : size * n;
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

CURLcode
curl_run(CURLM *multi, CURL *curl, atomic_bool *stop)
{
	CURLcode code = CURLE_FAILED_INIT;
	int running = 1;

	if (curl_multi_add_handle(multi, curl) != CURLM_OK)
		return code;
	while (running > 0) {
		if (atomic_load(stop)) {
			code = CURLE_ABORTED_BY_CALLBACK;
			break;
		}
		if (curl_multi_perform(multi, &running) != CURLM_OK)
			break;
		if (running > 0 && curl_multi_poll(multi, NULL, 0, TURN,
		    NULL) != CURLM_OK)
			break;
	}
	if (running == 0)
		code = result_of(multi);
	curl_multi_remove_handle(multi, curl);
	return code;
}

bool
host_is_loopback(const char *host)
{
	return strcmp(host, "localhost") == 0 || strcmp(host, "[::1]") == 0 ||
	    (strncmp(host, "127.", 4) == 0 &&
	    strspn(host, "0123456789.") == strlen(host));
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
