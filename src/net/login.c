/* Tokens of OAuth, got and kept. */
#include "net/login.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include <cjson/cJSON.h>

#include "core/clock.h"
#include "core/digest.h"
#include "core/json.h"
#include "net/http.h"

#define SECOND INT64_C(1000000)
#define EARLY 60		/* seconds before its end, a fifth at most */
#define AGAIN (5 * SECOND)	/* where the old one is good still */
#define PAIR_MAX ((size_t)256 << 10)	/* name and secret, encoded */
#define PATH "/v1/oauth/token"

struct login {
	struct login *next;
	char *url, *client, *secret;
	pthread_mutex_t lock;
	char token[LOGIN_TOKEN];	/* "": none */
	int64_t renew, until;		/* by clock_mono() */
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct login *logins;		/* a handful, for good */

static char *
copy(const char *text)
{
	char *out = strdup(text);

	if (out == NULL)
		bug("out of memory");
	return out;
}

static struct login *
find(const char *url, const char *client, const char *secret)
{
	struct login *l = logins;

	while (l != NULL && (strcmp(l->url, url) != 0 ||
	    strcmp(l->client, client) != 0 ||
	    strcmp(l->secret, secret) != 0))
		l = l->next;
	return l;
}

struct login *
login_of(const char *url, const char *client, const char *secret)
{
	struct login *l;

	pthread_mutex_lock(&lock);
	l = find(url, client, secret);
	if (l == NULL) {
		l = calloc(1, sizeof *l);
		if (l == NULL)
			bug("out of memory");
		pthread_mutex_init(&l->lock, NULL);
		l->url = copy(url);
		l->client = copy(client);
		l->secret = copy(secret);
		l->next = logins;
		logins = l;
	}
	pthread_mutex_unlock(&lock);
	return l;
}

/* ---- asking ------------------------------------------------------------ */

/* Basic, with name and secret each encoded as in a form (RFC 6749 2.3.1). */
static void
authorize(const struct login *l, struct str *out)
{
	struct str pair;

	str_init(&pair, PAIR_MAX);
	http_encode(&pair, span_of(l->client));
	str_addc(&pair, ':');
	http_encode(&pair, span_of(l->secret));
	str_adds(out, "Basic ");
	digest_base64((const unsigned char *)pair.p, pair.n, out);
	explicit_bzero(pair.p, pair.n);
	str_free(&pair);
}

static bool
take(struct login *l, const cJSON *tree, int64_t now, struct err *e)
{
	const char *token = json_text(tree, "access_token");
	const char *seconds = json_text(tree, "expires_in");
	int64_t n = seconds != NULL ? strtoll(seconds, NULL, 10) : 0;

	if (token == NULL || token[0] == '\0' ||
	    strlen(token) >= sizeof l->token || n < 1 || n > INT32_MAX)
		return err_set(e, ERR_JSON,
		    "answer to " PATH " is not as documented");
	snprintf(l->token, sizeof l->token, "%s", token);
	l->until = now + n * SECOND;
	l->renew = l->until - (n / 5 < EARLY ? n / 5 : EARLY) * SECOND;
	return true;
}

static bool
refused(const struct login *l, int status, const cJSON *tree, struct err *e)
{
	const char *why = json_text(tree, "error_description");

	if (why == NULL)
		why = json_text(tree, "detail");
	if (why == NULL)
		why = "no reason is given";
	if (status == 429)
		return err_set(e, ERR_LIMIT, "no token for %.60s: %.200s",
		    l->client, why);
	if (status >= 500)
		return err_set(e, ERR_UNREACHABLE, "no token for %.60s: %d "
		    "%.200s", l->client, status, why);
	return err_set(e, ERR_UNAUTHENTIC, "no token for %.60s: %.200s; look "
	    "at client and client_secret in bahi.conf", l->client, why);
}

static bool
read_answer(struct login *l, int status, const struct str *body, int64_t now,
    struct err *e)
{
	struct err none = { 0 };
	cJSON *tree = json_strict(str_span(body), &none);
	bool ok = status == 200 ? take(l, tree, now, e) :
	    refused(l, status, tree, e);

	cJSON_Delete(tree);
	return ok;
}

static bool
fetch(struct login *l, const struct login_call *call, struct err *e)
{
	int64_t now = clock_mono();
	struct str header, body;
	int status = 0;
	bool ok;

	str_init(&header, PAIR_MAX * 2);
	str_init(&body, 64 << 10);
	authorize(l, &header);
	ok = call->post(call->ctx, PATH, header.p,
	    SPAN("grant_type=client_credentials"), &status, &body, e) &&
	    read_answer(l, status, &body, now, e);
	explicit_bzero(header.p, header.n);
	if (body.n > 0)
		explicit_bzero(body.p, body.n);
	str_free(&header);
	str_free(&body);
	return ok;
}

/* One asks, the others wait for what it gets. */
bool
login_token(struct login *l, const struct login_call *call,
    char out[LOGIN_TOKEN], struct err *e)
{
	struct err why = { 0 };
	bool ok = true;

	pthread_mutex_lock(&l->lock);
	if (l->token[0] == '\0' || clock_mono() >= l->renew)
		ok = fetch(l, call, &why);
	if (!ok && why.code != ERR_NONE && l->token[0] != '\0' &&
	    clock_mono() < l->until) {
		l->renew = clock_mono() + AGAIN;
		ok = true;
	}
	if (ok)
		memcpy(out, l->token, sizeof l->token);
	pthread_mutex_unlock(&l->lock);
	if (!ok && why.code != ERR_NONE)
		err_set(e, why.code, "%s", why.why);
	return ok;
}

void
login_refused(struct login *l, const char *token)
{
	pthread_mutex_lock(&l->lock);
	if (strcmp(l->token, token) == 0)
		l->token[0] = '\0';
	pthread_mutex_unlock(&l->lock);
}
