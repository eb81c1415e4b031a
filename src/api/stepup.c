/*
 * A second factor for what master data says needs one (policy second_factor):
 * the table of such acts, the header that carries the code, and for how long
 * one is enough. Approvals of documents ask for themselves (vouch.c).
 */
#include "api/inside.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include <cjson/cJSON.h>

#include "core/clock.h"
#include "core/log.h"
#include "core/map.h"
#include "core/totp.h"
#include "flow/settle.h"
#include "store/books.h"

#define MINUTE INT64_C(60000000)

static const struct {
	const char *method, *path, *act;
} guarded[] = {
	{ "POST", "/v1/close/soft", "close" },
	{ "POST", "/v1/close/close", "close" },
	{ "POST", "/v1/close/reopen", "reopen" },
	{ "POST", "/v1/close/reopen/approve", "reopen" },
	{ "POST", "/v1/gst/filings", "file" },
	{ "POST", "/v1/gst/filings/withdraw", "file" },
	{ "POST", "/v1/gst/exports", "export" },
	{ "POST", "/v1/privacy/export", "personal" },
	{ "POST", "/v1/privacy/erase", "erase" },
	{ "POST", "/v1/reference/{}", "reference" },
	{ "PATCH", "/v1/reference/{}/{}", "reference" },
	{ "DELETE", "/v1/reference/{}/{}", "reference" },
	{ "POST", "/v1/proposals/{}/approve", "approve_change" },
};

static const char *
act_of(const struct route *route)
{
	for (size_t i = 0; i < sizeof guarded / sizeof *guarded; i++)
		if (strcmp(guarded[i].path, route->path) == 0 &&
		    strcmp(guarded[i].method, route->method) == 0)
			return guarded[i].act;
	return NULL;
}

/* ---- a code ----------------------------------------------------------- */

struct spent {			/* of a recovery code */
	char *person;
	int left;
};

/* On the writer. */
static bool
note_spent(struct settler *settler, void *arg)
{
	struct books *books = settler_books(settler);
	struct spent *spent = arg;
	struct err e = { 0 };

	if (books_begin(books, &e) && !(audit_add(books, spent->person,
	    "recovery_code", spent->person, "", arena_printf(books->arena,
	    "used left=%d", spent->left), &e) && books_commit(books, &e)))
		books_rollback(books);
	if (e.code != ERR_NONE)
		log_line(LOG_ERROR, "totp.unsaid", "why=\"%s\"", e.why);
	free(spent->person);
	free(spent);
	return false;
}

static void
tell_spent(struct call *call, int left)
{
	struct spent *spent = calloc(1, sizeof *spent);
	struct err e = { 0 };

	if (spent == NULL || (spent->person = strdup(call->caller.name)) ==
	    NULL)
		bug("out of memory");
	spent->left = left;
	log_line(LOG_WARN, "totp.recovery", "person=%s left=%d",
	    spent->person, left);
	if (pump_call(api_pump(call->api), note_spent, spent, &e))
		return;
	free(spent->person);
	free(spent);
}

bool
stepup_prove(struct call *call, const char *code, struct err *e)
{
	int left = -1;

	if (!totp_use(api_options(call->api)->totp, call->caller.name, code,
	    clock_now() / 1000000, &left, e))
		return false;
	if (left >= 0)
		tell_spent(call, left);
	return true;
}

/* ---- for how long ----------------------------------------------------- */

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct map *proved;	/* "local ACT NAME" -> when, of this run */

static const char *
who_of(struct call *call, const char *act)
{
	return arena_printf(call->arena, "%s %s %s", call->caller.local ?
	    "local" : "remote", act, call->caller.name);
}

static bool
is_proved(struct call *call, const char *act, int64_t minutes)
{
	const int64_t *at;
	bool good;

	if (minutes == 0)
		return false;
	pthread_mutex_lock(&lock);
	at = proved != NULL ? map_find(proved, span_of(who_of(call, act))) :
	    NULL;
	good = at != NULL && clock_mono() - *at < minutes * MINUTE;
	pthread_mutex_unlock(&lock);
	return good;
}

static void
set_proved(struct call *call, const char *act)
{
	int64_t *at;

	pthread_mutex_lock(&lock);
	if (proved == NULL)
		proved = map_new();
	at = map_find(proved, span_of(who_of(call, act)));
	if (at == NULL) {
		at = malloc(sizeof *at);
		if (at == NULL)
			bug("out of memory");
		map_set(proved, span_of(who_of(call, act)), at);
	}
	*at = clock_mono();
	pthread_mutex_unlock(&lock);
}

void
stepup_forget(void)
{
	pthread_mutex_lock(&lock);
	map_free(&proved, free);
	pthread_mutex_unlock(&lock);
}

/* ---- judging ---------------------------------------------------------- */

/* As the request names it; NULL: it does not. */
static const char *
entity_of(struct call *call)
{
	struct err ignored = { 0 };
	cJSON *root = json_strict(request_body(call->request), &ignored);
	const char *entity = root != NULL ? arena_strdup(call->arena,
	    json_text(root, "entity")) : NULL;

	cJSON_Delete(root);
	return entity;
}

static bool
ask(struct call *call, const char *act, int64_t minutes, struct err *e)
{
	bool twice = false;
	const char *code = request_header(call->request, "Second-Factor",
	    &twice);
	struct err why = { 0 };

	if (is_proved(call, act, minutes))
		return true;
	if (code == NULL || twice)
		return err_set(e, ERR_FACTOR, "%s needs a one-time code", act);
	if (!stepup_prove(call, code, &why))
		return err_set(e, why.code == ERR_FORBIDDEN ? ERR_FACTOR :
		    why.code, "%s", why.why);
	set_proved(call, act);
	return true;
}

bool
stepup_check(struct call *call, const struct route *route, struct err *e)
{
	const char *act = act_of(route);
	const struct policy *policy;
	struct reference *r;
	int64_t minutes = 0;

	if (act == NULL)
		return true;
	r = pump_reference(api_pump(call->api));
	policy = reference_factor(r, act, NULL);
	if (policy != NULL)
		policy = reference_factor(r, act, entity_of(call));
	if (policy != NULL)
		minutes = policy->expires;
	reference_drop(&r);
	return policy == NULL || ask(call, act, minutes, e);
}
