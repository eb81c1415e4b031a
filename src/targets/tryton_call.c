/* One call to a Tryton, and its session: renewed when it has expired, since a
 * call that was refused for it has done nothing. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/clock.h"
#include "core/digest.h"
#include "net/http.h"
#include "net/retry.h"
#include "targets/tryton.h"

#define REQUEST_MAX ((size_t)16 << 20)
#define UNAUTHORIZED 401

static struct tryton *
tryton_of(const struct target *target)
{
	return target->state;
}

/* "/DATABASE/", as a part of an address. */
static void
path_of(const struct target *target, struct str *out)
{
	size_t n = strlen(target->conf->url);

	if (n == 0 || target->conf->url[n - 1] != '/')
		str_addc(out, '/');
	http_encode(out, span_of(target->conf->database));
	str_addc(out, '/');
}

/* ---- one request ------------------------------------------------------ */

static bool
read_body(const struct tryton *t, const struct str *body,
    struct arena *arena, struct tryton_said *said, struct err *e)
{
	struct tryton_answer answer;

	if (!t->protocol->answer(str_span(body), arena, &answer, e))
		return false;
	said->result = answer.result;
	said->fault = answer.fault;
	if (said->result != NULL)
		return true;
	said->words = words_of(span_of(answer.words), arena);
	return err_set(e, tryton_refusal(said) == REFUSAL_RIGHTS ?
	    ERR_FORBIDDEN : ERR_UNREACHABLE, "%s", said->words);
}

static bool
judge_status(struct tryton_said *said, struct arena *arena, struct err *e)
{
	int status = said->answer.status;

	if (status == 200)
		return true;
	said->words = arena_printf(arena, "answer %d%s", status,
	    status == UNAUTHORIZED ? ": user or password is not taken" :
	    status == 403 ? ": this is not offered to us" :
	    status == 404 ? ": no such database" :
	    status == 429 ? ": too much in too short a time" : "");
	return err_set(e, status == UNAUTHORIZED ? ERR_UNAUTHENTIC :
	    status == 403 ? ERR_FORBIDDEN : ERR_UNREACHABLE, "%s",
	    said->words);
}

static bool
ask(struct target *target, const char *path, const char *method,
    const struct tv *params, struct arena *arena, struct tryton_said *said,
    struct err *e)
{
	struct tryton *t = tryton_of(target);
	const char *headers[] = { t->session };
	struct str request, body;
	struct target_request call = { .method = "POST", .path = path,
	    .headers = headers, .n_headers = t->session[0] != '\0',
	    .type = t->protocol->type };
	bool ok;

	*said = (struct tryton_said){ .words = "" };
	str_init(&request, REQUEST_MAX);
	str_init(&body, ANSWER_MAX);
	t->protocol->request(method, params, &request);
	call.body = str_span(&request);
	if (request.over)
		ok = err_set(e, ERR_TOO_LARGE,
		    "more than %zu bytes in one call", REQUEST_MAX);
	else
		ok = target_ask(target, &call, &said->answer, &body, e) &&
		    judge_status(said, arena, e) &&
		    read_body(t, &body, arena, said, e);
	if (!ok && *said->words == '\0')
		said->words = words_of(span_of(e->why), arena);
	digest_clean(request.p, request.n);	/* a password, it may be */
	str_free(&request);
	str_free(&body);
	return ok;
}

static bool
ask_database(struct target *target, const char *method,
    const struct tv *params, struct arena *arena, struct tryton_said *said,
    struct err *e)
{
	struct str path;
	bool ok;

	str_init(&path, 4096);
	path_of(target, &path);
	ok = ask(target, path.p, method, params, arena, said, e);
	str_free(&path);
	return ok;
}

const char *
tryton_version(struct target *target, struct arena *arena,
    struct tryton_said *said, struct err *e)
{
	struct tryton *t = tryton_of(target);
	size_t n = strlen(target->conf->url);
	const char *path = n > 0 && target->conf->url[n - 1] == '/' ? "" : "/";

	t->session[0] = '\0';
	return !ask(target, path, "common.server.version",
	    tv_new(arena, TV_LIST), arena, said, e) ? NULL :
	    said->result->text != NULL ?
	    words_of(span_of(said->result->text), arena) : "";
}

/* ---- the session ------------------------------------------------------ */

/* "Session " and LOGIN:USER:KEY in base 64. */
static bool
keep_session(struct tryton *t, const struct targetconf *conf,
    const struct tv *result, struct err *e)
{
	const struct tv *user = result->first;
	char plain[320];
	struct str line;
	int n;
	bool ok;

	if (result->kind != TV_LIST || user == NULL ||
	    tv_number(user) == 0 || user->next == NULL ||
	    user->next->text == NULL)
		return err_set(e, ERR_UNAUTHENTIC,
		    "user or password is not taken");
	t->user = tv_number(user);
	n = snprintf(plain, sizeof plain, "%s:%lld:%s", conf->user,
	    (long long)t->user, user->next->text);
	str_init(&line, sizeof t->session - 1);
	str_adds(&line, "Authorization: Session ");
	if (n > 0 && (size_t)n < sizeof plain)
		digest_base64((unsigned char *)plain, (size_t)n, &line);
	ok = n > 0 && (size_t)n < sizeof plain && !line.over;
	if (ok)
		memcpy(t->session, line.p, line.n + 1);
	str_free(&line);
	digest_clean(plain, sizeof plain);
	return ok || err_set(e, ERR_UNAUTHENTIC, "a session key too long");
}

bool
tryton_login(struct target *target, struct arena *arena,
    struct tryton_said *said, struct err *e)
{
	struct tryton *t = tryton_of(target);
	struct tv *params = tv_new(arena, TV_LIST);
	struct tv *password = tv_new(arena, TV_GROUP);

	t->session[0] = '\0';
	tv_put(password, "password", tv_text(arena, target->conf->secret));
	tv_add(params, tv_text(arena, target->conf->user));
	tv_add(params, password);
	tv_add(params, tv_text(arena, "en"));
	if (ask_database(target, "common.db.login", params, arena, said, e) &&
	    keep_session(t, target->conf, said->result, e))
		return true;
	said->entering = true;
	return false;
}

/* ---- calls ------------------------------------------------------------ */

static struct tv *
context_of(const struct tryton *t, const struct tv *more,
    struct arena *arena)
{
	struct tv *context = tv_new(arena, TV_GROUP), *copy;
	const struct tv *one = more == NULL ? NULL : more->first;

	if (tryton_company(t) != 0)
		tv_put(context, "company", tv_int(arena, tryton_company(t)));
	tv_put(context, "language", tv_text(arena, "en"));
	for (; one != NULL; one = one->next) {
		copy = tv_new(arena, one->kind);
		*copy = *one;
		copy->next = NULL;
		tv_put(context, one->key, copy);
	}
	return context;
}

bool
tryton_call(struct target *target, const char *method, struct tv *params,
    const struct tv *more, struct arena *arena, struct tryton_said *said,
    struct err *e)
{
	struct tryton *t = tryton_of(target);
	bool renewed = t->session[0] == '\0';

	if (renewed && !tryton_login(target, arena, said, e))
		return false;
	tv_add(params, context_of(t, more, arena));
	if (ask_database(target, method, params, arena, said, e))
		return true;
	if (said->answer.status != UNAUTHORIZED || renewed)
		return false;
	*e = (struct err){ 0 };
	return tryton_login(target, arena, said, e) &&
	    ask_database(target, method, params, arena, said, e);
}

static bool
search(struct target *target, const char *model, struct tv *domain,
    int64_t limit, const char *const *by, const char *const *fields,
    const struct tv *more, struct arena *arena, struct tryton_said *said,
    struct err *e)
{
	struct tv *params = tv_new(arena, TV_LIST);
	struct tv *order = tv_new(arena, TV_LIST);
	const char *method = arena_printf(arena, "model.%s.search_read",
	    model);

	tv_add(order, tv_words(arena, by));
	tv_add(params, domain);
	tv_add(params, tv_int(arena, 0));
	tv_add(params, limit > 0 ? tv_int(arena, limit) :
	    tv_new(arena, TV_NIL));
	tv_add(params, order);
	tv_add(params, tv_words(arena, fields));
	if (!tryton_call(target, method, params, more, arena, said, e))
		return false;
	/* Nothing is an empty list: of anything else nothing is known. */
	return said->result->kind == TV_LIST || err_set(e, ERR_UNREACHABLE,
	    "its answer to a search is no list");
}

bool
tryton_search(struct target *target, const char *model, struct tv *domain,
    int64_t limit, const char *const *fields, const struct tv *more,
    struct arena *arena, struct tryton_said *said, struct err *e)
{
	static const char *const by[] = { "id", "ASC", NULL };

	return search(target, model, domain, limit, by, fields, more, arena,
	    said, e);
}

bool
tryton_search_last(struct target *target, const char *model,
    struct tv *domain, const char *field, struct arena *arena,
    struct tryton_said *said, struct err *e)
{
	const char *const by[] = { field, "DESC", NULL };
	const char *const fields[] = { field, NULL };

	return search(target, model, domain, 1, by, fields, NULL, arena,
	    said, e);
}

/* ---- what it means ---------------------------------------------------- */

/* Substrings of its messages in English, 6.0; the first that is found. */
static const struct {
	const char *part;
	enum refusal refusal;
} parts[] = {
	{ "not allowed", REFUSAL_RIGHTS },
	{ "field \"Party\"", REFUSAL_MAPPING },
	{ "field \"Account\"", REFUSAL_MAPPING },
	{ "field \"Journal\"", REFUSAL_MAPPING },
	{ "field \"Second Currency\"", REFUSAL_MAPPING },
	{ "line on account", REFUSAL_MAPPING },
	{ "period", REFUSAL_PERIOD },
	{ "field \"Period\"", REFUSAL_PERIOD },
	{ "fiscal year", REFUSAL_PERIOD },
	{ "don't exist anymore", REFUSAL_CONFLICT },
};

enum refusal
tryton_refusal(const struct tryton_said *said)
{
	if (said->answer.status == 429)
		return REFUSAL_RATE;
	if (said->answer.status == UNAUTHORIZED ||
	    said->answer.status == 403 || said->fault == TRYTON_LOGIN ||
	    said->fault == TRYTON_WARNING)
		return REFUSAL_RIGHTS;
	if (said->fault == TRYTON_CONCURRENCY)
		return REFUSAL_CONFLICT;
	if (said->fault != TRYTON_USER)
		return REFUSAL_CONNECTION;
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		if (strstr(said->words, parts[i].part) != NULL)
			return parts[i].refusal;
	return REFUSAL_DATA;
}

void
tryton_away(struct verdict *verdicts, size_t n,
    const struct tryton_said *said, const struct err *e,
    struct arena *arena)
{
	int64_t wait;

	verdicts_lost(verdicts, n, false, e, arena);
	if (!retry_after(span_of(said->answer.retry_after), clock_now(),
	    &wait))
		wait = -1;
	for (size_t i = 0; i < n; i++) {
		verdicts[i].refusal = tryton_refusal(said);
		verdicts[i].wait = wait;
	}
}
