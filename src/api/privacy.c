/*
 * What is held about a person: found, given out, erased. Whom it is about
 * stands in the body, never in a path or query that others log; every look is
 * in the audit, by the number of the person alone.
 */
#include "api/inside.h"

#include <cjson/cJSON.h>

#include "core/clock.h"
#include "flow/erase.h"
#include "store/expiry.h"
#include "store/person.h"

#define WHO_MAX 320
#define EXPORT_MAX (64 << 20)

struct look {
	struct request *request;
	const char *actor, *action;
	const char *reason;
	struct person person;
	const char *parties[PERSON_MAX];
	struct erasure erasure;
	struct str out;
	struct json j;
	struct span text;	/* the answer, in the request's memory */
};

/* ---- reading what is asked --------------------------------------------- */

static bool
ask(struct call *call, struct look *look, cJSON **tree, struct err *e)
{
	const char *who;

	*tree = json_strict(request_body(call->request), e);
	if (*tree == NULL)
		return false;
	who = json_text(*tree, "who");
	if (who == NULL || *who == '\0' || strlen(who) > WHO_MAX)
		return err_set(e, ERR_REQUEST, "who: a code, an address, a "
		    "number or a name");
	if (!person_find(call->db, who, call->arena, &look->person, e))
		return false;
	return look->person.n_subjects > 0 || look->person.n_parties > 0 ||
	    err_set(e, ERR_NOT_FOUND, "nothing is held about such a person");
}

static struct look *
begin(struct call *call, const char *action)
{
	struct look *look = arena_alloc(call->arena, sizeof *look);

	look->request = call->request;
	look->actor = call->caller.name;
	look->action = action;
	str_init(&look->out, EXPORT_MAX);
	json_start(&look->j, &look->out);
	json_open(&look->j, '{');
	return look;
}

static bool
finish(struct call *call, struct look *look, struct err *e)
{
	json_close(&look->j, '}');
	if (look->out.over)
		return err_set(e, ERR_TOO_LARGE, "more than %d MiB",
		    EXPORT_MAX >> 20);
	look->text = (struct span){ arena_strndup(call->arena, look->out.p,
	    look->out.n), look->out.n };
	str_free(&look->out);
	return true;
}

/* The outermost object begins with who it is. */
static void
say_subjects(struct look *look, struct arena *arena)
{
	json_key(&look->j, "subjects");
	json_open(&look->j, '[');
	for (size_t i = 0; i < look->person.n_subjects; i++)
		json_str(&look->j, arena_id(arena, 'S',
		    look->person.subjects[i]));
	json_close(&look->j, ']');
}

/* ---- looking ----------------------------------------------------------- */

static bool
note_look(struct books *books, void *arg, struct err *e)
{
	struct look *look = arg;

	for (size_t i = 0; i < look->person.n_subjects; i++)
		if (!audit_add(books, look->actor, look->action,
		    arena_id(books->arena, 'S', look->person.subjects[i]), "",
		    "", e))
			return false;
	for (size_t i = 0; i < look->person.n_parties; i++)
		if (!audit_add(books, look->actor, look->action,
		    look->person.parties[i].code, "", "", e))
			return false;
	return true;
}

static void
answer_look(struct request *request, void *arg)
{
	struct look *look = arg;

	request_answer(request, 200, "application/json", look->text);
}

/* Who looked is known before anything leaves. */
static void
offer_look(struct call *call, struct look *look)
{
	writing_offer(call, &(struct writing){ .what = look,
	    .write = note_look, .answer = answer_look });
}

static void
refuse(struct call *call, struct look *look, cJSON *tree, struct err *e)
{
	cJSON_Delete(tree);
	str_free(&look->out);
	request_fail(call->request, e);
}

void
privacy_find(struct call *call)
{
	struct look *look = begin(call, "privacy.find");
	struct err e = { 0 };
	cJSON *tree = NULL;

	if (!ask(call, look, &tree, &e) || !person_plan(call->db,
	    &look->person, pump_retention(api_pump(call->api)), call->arena,
	    &look->j, &e) || !finish(call, look, &e)) {
		refuse(call, look, tree, &e);
		return;
	}
	cJSON_Delete(tree);
	offer_look(call, look);
}

void
privacy_export(struct call *call)
{
	struct look *look = begin(call, "privacy.export");
	struct err e = { 0 };
	cJSON *tree = NULL;
	bool ok = ask(call, look, &tree, &e);

	if (ok)
		say_subjects(look, call->arena);
	if (!ok || !person_export(call->db, &look->person,
	    pump_personal(api_pump(call->api)), call->arena, &look->j, &e) ||
	    !finish(call, look, &e)) {
		refuse(call, look, tree, &e);
		return;
	}
	cJSON_Delete(tree);
	offer_look(call, look);
}

/* ---- erasing ----------------------------------------------------------- */

static bool
read_erasure(struct call *call, struct look *look, const cJSON *tree,
    struct err *e)
{
	const char *reason = json_text(tree, "reason");
	const char *plan = json_text(tree, "plan");
	struct erasure *a = &look->erasure;
	char now[SHA256_HEX];

	if (reason == NULL || *reason == '\0' || strlen(reason) > REASON_MAX)
		return err_set(e, ERR_REQUEST, "reason: 1 to %d bytes, and "
		    "without names", REASON_MAX);
	if (look->person.several)
		return err_set(e, ERR_REFUSED, "several people have that "
		    "name; name one by his number or code");
	person_digest(&look->person, now);
	if (plan == NULL)
		return err_set(e, ERR_NO_VERSION, "plan: as privacy find "
		    "gives it");
	if (strcmp(plan, now) != 0)
		return err_set(e, ERR_STALE, "what is held has changed since "
		    "the plan; look again");
	for (size_t i = 0; i < look->person.n_parties; i++)
		if (look->person.parties[i].goes)
			look->parties[a->n_parties++] =
			    look->person.parties[i].code;
	a->subjects = look->person.subjects;
	a->n_subjects = look->person.n_subjects;
	a->parties = look->parties;
	a->actor = look->actor;
	a->reason = arena_strdup(call->arena, reason);
	return a->n_subjects + a->n_parties > 0 || err_set(e, ERR_REFUSED,
	    "nothing of it may go: see what stays, and until when");
}

/* On the writer's thread; the receipt is the plan with its decision. */
static bool
erase(struct settler *settler, void *arg)
{
	struct look *look = arg;
	struct err e = { 0 };
	struct str out;

	if (!erase_say(settler, &look->erasure, &e)) {
		request_fail(look->request, &e);
		return false;
	}
	str_init(&out, look->text.n + 64);
	str_add(&out, look->text.p, look->text.n - 1);
	str_addf(&out, ",\"decision\":\"D%lld\"}",
	    (long long)look->erasure.seq);
	request_answer(look->request, 200, "application/json",
	    str_span(&out));
	str_free(&out);
	return false;
}

void
privacy_erase(struct call *call)
{
	struct look *look = begin(call, "privacy.erase");
	struct err e = { 0 };
	cJSON *tree = NULL;
	bool ok = ask(call, look, &tree, &e) && read_erasure(call, look,
	    tree, &e) && person_plan(call->db, &look->person, pump_retention(
	    api_pump(call->api)), call->arena, &look->j, &e) &&
	    finish(call, look, &e);

	cJSON_Delete(tree);
	if (ok)
		ok = pump_call(api_pump(call->api), erase, look, &e);
	if (!ok)
		refuse(call, look, NULL, &e);
}

/* ---- retention --------------------------------------------------------- */

void
privacy_retention(struct call *call)
{
	struct answer a;
	bool ok;

	answer_start(&a, 65536);
	json_open(&a.j, '{');
	ok = expiry_show(call->db, pump_retention(api_pump(call->api)),
	    clock_now(), &a.j, &a.e);
	json_close(&a.j, '}');
	answer_end(call, &a, ok);
}
