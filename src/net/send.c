/*
 * libcurl's use for what the daemon sends of itself.  Called by flow/ only.
 */
#include "net/send.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/digest.h"
#include "core/secret.h"
#include "core/str.h"
#include "net/curl.h"

#define CONNECT_SECONDS 10L
#define SECONDS 30L
#define KEY_MAX 64

struct transfer {
	CURL *curl;
	const struct send_place *place;
	struct arena *arena;
	struct curl_slist *list;	/* headers, or recipients */
	struct span rest;		/* of a mail, not read yet */
	char why[CURL_ERROR_SIZE];
};

/* ---- URLs ------------------------------------------------------------- */

static const char *
part_of(CURLU *url, CURLUPart part, struct arena *arena)
{
	char *text = NULL;
	const char *out = "";

	if (curl_url_get(url, part, &text, 0) == CURLUE_OK)
		out = arena_strdup(arena, text);
	curl_free(text);
	return out;
}

static bool
judge_parts(CURLU *url, enum send_kind kind, struct arena *arena,
    const char **origin, struct err *e)
{
	const char *scheme = part_of(url, CURLUPART_SCHEME, arena);
	const char *host = part_of(url, CURLUPART_HOST, arena);
	const char *port = part_of(url, CURLUPART_PORT, arena);

	if (*part_of(url, CURLUPART_USER, arena) != '\0' ||
	    *part_of(url, CURLUPART_PASSWORD, arena) != '\0')
		return err_set(e, ERR_CONFIG,
		    "a password belongs into its secret file, not the URL");
	*origin = arena_printf(arena, "%s://%s%s%s", scheme, host,
	    *port ? ":" : "", port);
	if (kind == SEND_MAIL)
		return strcmp(scheme, "smtp") == 0 ||
		    strcmp(scheme, "smtps") == 0 || err_set(e, ERR_CONFIG,
		    "%.100s: mail goes to smtp:// or smtps://", *origin);
	return strcmp(scheme, "https") == 0 || (strcmp(scheme, "http") == 0 &&
	    host_is_loopback(host)) || err_set(e, ERR_CONFIG,
	    "%.100s: a webhook goes to https://, or http:// on loopback",
	    *origin);
}

bool
send_judge(const char *text, enum send_kind kind, struct arena *arena,
    const char **origin, struct err *e)
{
	CURLU *url;
	bool ok;

	curl_begin();
	if ((url = curl_url()) == NULL)
		bug("out of memory");
	ok = curl_url_set(url, CURLUPART_URL, text,
	    CURLU_NON_SUPPORT_SCHEME) == CURLUE_OK;
	if (!ok)
		err_set(e, ERR_CONFIG, "not a URL");
	ok = ok && judge_parts(url, kind, arena, origin, e);
	curl_url_cleanup(url);
	return ok;
}

static bool
url_loopback(const char *text, struct arena *arena)
{
	CURLU *url = curl_url();
	bool yes;

	if (url == NULL)
		bug("out of memory");
	yes = curl_url_set(url, CURLUPART_URL, text,
	    CURLU_NON_SUPPORT_SCHEME) == CURLUE_OK &&
	    host_is_loopback(part_of(url, CURLUPART_HOST, arena));
	curl_url_cleanup(url);
	return yes;
}

/* ---- one transfer ----------------------------------------------------- */

static int
watch(void *arg, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
	const struct send_place *place = arg;

	(void)a;
	(void)b;
	(void)c;
	(void)d;
	return atomic_load(place->stop) ? 1 : 0;
}

/* An answer's body says nothing that we need. */
static size_t
drop(char *p, size_t size, size_t n, void *arg)
{
	(void)p;
	(void)arg;
	return size * n;
}

static size_t
give(char *p, size_t size, size_t n, void *arg)
{
	struct transfer *t = arg;
	size_t room = size * n;

	if (room > t->rest.n)
		room = t->rest.n;
	memcpy(p, t->rest.p, room);
	t->rest.p += room;
	t->rest.n -= room;
	return room;
}

static void
begin(struct transfer *t, const struct send_place *place)
{
	*t = (struct transfer){ .place = place };
	t->curl = curl_easy_init();
	if (t->curl == NULL)
		bug("out of memory");
	t->arena = arena_new();
	curl_easy_setopt(t->curl, CURLOPT_URL, place->url);
	curl_easy_setopt(t->curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(t->curl, CURLOPT_PROXY, "");
	curl_easy_setopt(t->curl, CURLOPT_CONNECTTIMEOUT, CONNECT_SECONDS);
	curl_easy_setopt(t->curl, CURLOPT_TIMEOUT, SECONDS);
	curl_easy_setopt(t->curl, CURLOPT_ERRORBUFFER, t->why);
	curl_easy_setopt(t->curl, CURLOPT_WRITEFUNCTION, drop);
	curl_easy_setopt(t->curl, CURLOPT_NOPROGRESS, 0L);
	curl_easy_setopt(t->curl, CURLOPT_XFERINFOFUNCTION, watch);
	curl_easy_setopt(t->curl, CURLOPT_XFERINFODATA, place);
	if (place->ca[0] != '\0')
		curl_easy_setopt(t->curl, CURLOPT_CAINFO, place->ca);
}

static void
end(struct transfer *t)
{
	curl_easy_cleanup(t->curl);
	curl_slist_free_all(t->list);
	arena_free(&t->arena);
}

static void
add(struct transfer *t, const char *text)
{
	t->list = curl_slist_append(t->list, text);
	if (t->list == NULL)
		bug("out of memory");
}

static enum send_result
perform(struct transfer *t, bool (*refused)(long status), struct err *e)
{
	CURLcode code = curl_easy_perform(t->curl);
	long status = 0;

	if (code == CURLE_ABORTED_BY_CALLBACK)
		return SEND_STOPPED;
	curl_easy_getinfo(t->curl, CURLINFO_RESPONSE_CODE, &status);
	if (code == CURLE_OK && status >= 200 && status < 300)
		return SEND_DONE;
	if (code != CURLE_OK)
		err_set(e, ERR_UNREACHABLE, "%s", t->why[0] != '\0' ? t->why :
		    curl_easy_strerror(code));
	else
		err_set(e, ERR_UNREACHABLE, "answer %ld", status);
	return refused(status) ? SEND_REFUSED : SEND_LATER;
}

/* ---- mail ------------------------------------------------------------- */

/* No such mailbox and the like; a wrong password (535) may be put right. */
static bool
mail_refused(long status)
{
	return status >= 550 && status < 560;
}

static bool
log_in(struct transfer *t, struct err *e)
{
	struct span secret;
	const char *colon;

	if (!secret_read(t->place->secret, t->arena, &secret, e))
		return false;
	colon = memchr(secret.p, ':', secret.n);
	if (colon == NULL)
		return err_set(e, ERR_CONFIG, "%s: not NAME:PASSWORD",
		    t->place->secret);
	curl_easy_setopt(t->curl, CURLOPT_USERNAME, arena_strndup(t->arena,
	    secret.p, (size_t)(colon - secret.p)));
	curl_easy_setopt(t->curl, CURLOPT_PASSWORD, colon + 1);
	return true;
}

enum send_result
send_mail(const struct send_place *place, const char *from, const char *to,
    struct span text, struct err *e)
{
	enum send_result result = SEND_LATER;
	bool secret = place->secret[0] != '\0';
	struct transfer t;

	begin(&t, place);
	t.rest = text;
	add(&t, to);
	/* For smtps it says nothing more: that is TLS from the start. */
	curl_easy_setopt(t.curl, CURLOPT_USE_SSL, (long)(!secret &&
	    url_loopback(place->url, t.arena) ? CURLUSESSL_NONE :
	    CURLUSESSL_ALL));
	curl_easy_setopt(t.curl, CURLOPT_MAIL_FROM, from);
	curl_easy_setopt(t.curl, CURLOPT_MAIL_RCPT, t.list);
	curl_easy_setopt(t.curl, CURLOPT_UPLOAD, 1L);
	curl_easy_setopt(t.curl, CURLOPT_READFUNCTION, give);
	curl_easy_setopt(t.curl, CURLOPT_READDATA, &t);
	if (!secret || log_in(&t, e))
		result = perform(&t, mail_refused, e);
	end(&t);
	return result;
}

/* ---- webhooks --------------------------------------------------------- */

static bool
hook_refused(long status)
{
	return status >= 400 && status < 500 && status != 401 &&
	    status != 403 && status != 404 && status != 408 && status != 429;
}

bool
send_sign(struct span secret, const char *message, const char *now,
    struct span body, struct str *out)
{
	const struct span parts[] = { span_of(message), SPAN("."),
	    span_of(now), SPAN("."), body };
	unsigned char key[KEY_MAX], mac[SHA256_SIZE];
	size_t n = sizeof key;

	if (secret.n < 6 || memcmp(secret.p, "whsec_", 6) != 0 ||
	    !digest_unbase64((struct span){ secret.p + 6, secret.n - 6 }, key,
	    &n) || n < 16)
		return false;
	digest_hmac((struct span){ (char *)key, n }, parts, 5, mac);
	str_adds(out, "v1,");
	digest_base64(mac, sizeof mac, out);
	return true;
}

static bool
sign(struct transfer *t, const char *message, int64_t now, struct span body,
    struct err *e)
{
	char at[24];
	struct span secret;
	struct str line;
	bool ok;

	if (!secret_read(t->place->secret, t->arena, &secret, e))
		return false;
	snprintf(at, sizeof at, "%lld", (long long)(now / 1000000));
	str_init(&line, 256);
	str_adds(&line, "webhook-signature: ");
	ok = send_sign(secret, message, at, body, &line) ||
	    err_set(e, ERR_CONFIG, "%s: not whsec_ and base64",
	    t->place->secret);
	add(t, line.p);
	add(t, arena_printf(t->arena, "webhook-timestamp: %s", at));
	str_free(&line);
	return ok;
}

enum send_result
send_hook(const struct send_place *place, const char *message, int64_t now,
    struct span body, struct err *e)
{
	enum send_result result = SEND_LATER;
	struct transfer t;

	begin(&t, place);
	add(&t, "Content-Type: application/json");
	add(&t, "Expect:");
	add(&t, arena_printf(t.arena, "webhook-id: %s", message));
	curl_easy_setopt(t.curl, CURLOPT_POSTFIELDSIZE_LARGE,
	    (curl_off_t)body.n);
	curl_easy_setopt(t.curl, CURLOPT_POSTFIELDS, body.p);
	if (sign(&t, message, now, body, e)) {
		curl_easy_setopt(t.curl, CURLOPT_HTTPHEADER, t.list);
		result = perform(&t, hook_refused, e);
	}
	end(&t);
	return result;
}
