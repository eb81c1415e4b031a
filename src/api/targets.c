/* Targets: how they do, and what people say of them. */
#include "api/inside.h"

#include <string.h>

#include <cjson/cJSON.h>

#include "flow/commits.h"
#include "flow/committing.h"

#define TARGETS_ANSWER (1 << 20)

static struct committing *
committing_of(struct call *call)
{
	return api_options(call->api)->committing;
}

/* ---- reading ---------------------------------------------------------- */

static bool
show_one(struct call *call, const struct target_row *row, struct json *j,
    struct err *e)
{
	bool ok;

	json_open(j, '{');
	ok = view_target(call->db, row, j, e);
	json_key(j, "check");
	committing_view(committing_of(call), row->name, j);
	json_close(j, '}');
	return ok;
}

void
targets_get(struct call *call)
{
	struct target_row *rows;
	struct answer a;
	size_t n;
	bool ok;

	answer_start(&a, TARGETS_ANSWER);
	ok = target_all(call->db, call->arena, &rows, &n, &a.e);
	json_open(&a.j, '{');
	json_key(&a.j, "items");
	json_open(&a.j, '[');
	for (size_t i = 0; ok && i < n; i++)
		ok = show_one(call, &rows[i], &a.j, &a.e);
	json_close(&a.j, ']');
	json_close(&a.j, '}');
	answer_end(call, &a, ok);
}

void
target_get(struct call *call)
{
	struct target_row row;
	struct answer a;
	bool found, ok;

	answer_start(&a, TARGETS_ANSWER);
	ok = target_load(call->db, call->args[0], call->arena, &row, &found,
	    &a.e);
	if (ok && found)
		ok = show_one(call, &row, &a.j, &a.e);
	answer_end_found(call, &a, ok, found, "such target");
}

/* ---- saying ----------------------------------------------------------- */

struct target_word {
	struct committing *committing;
	const char *name, *actor, *reason;
	bool (*say)(struct books *, const char *name, const char *actor,
	    const char *reason, struct err *);
};

static bool
say(struct books *books, void *arg, struct err *e)
{
	const struct target_word *word = arg;

	return word->say(books, word->name, word->actor, word->reason, e);
}

static void
said(struct request *request, void *arg)
{
	const struct target_word *word = arg;

	committing_hurry(word->committing, word->name);
	request_answer(request, 200, "application/json", span_of("{}"));
}

static bool
read_reason(struct call *call, const char **reason, struct err *e)
{
	cJSON *tree = body_read(call, e);
	bool ok = tree != NULL && body_reason(tree, call->arena, reason, e);

	cJSON_Delete(tree);
	return ok;
}

static void
offer_word(struct call *call, bool needs_reason, bool (*fn)(struct books *,
    const char *, const char *, const char *, struct err *))
{
	struct target_word *word = arena_alloc(call->arena, sizeof *word);
	struct writing writing = { .write = say, .answer = said,
	    .what = word };
	struct err e = { 0 };

	*word = (struct target_word){ .committing = committing_of(call),
	    .name = call->args[0], .actor = call->caller.name, .say = fn };
	if (!read_reason(call, &word->reason, &e) || (needs_reason &&
	    *word->reason == '\0' && !err_set(&e, ERR_REQUEST, "reason: who "
	    "reads this later wants to know why")))
		request_fail(call->request, &e);
	else
		writing_offer(call, &writing);
}

void
target_pause_post(struct call *call)
{
	offer_word(call, true, target_pause);
}

void
target_fail(struct call *call, const struct err *why)
{
	struct err e = { 0 };
	struct target_row row;
	bool found;

	if (why->code != ERR_NOT_FOUND)
		e = *why;
	else if (!target_load(call->db, call->args[0], call->arena, &row,
	    &found, &e))
		;
	else if (found && strcmp(row.state, "stopped") == 0)
		err_set(&e, ERR_REFUSED, "%.60s does not run: %s", row.name,
		    row.why);
	else
		err_set(&e, ERR_NOT_FOUND, "no target %.60s", row.name);
	request_fail(call->request, &e);
}

/* One whose file is of no use does not run whatever is said. */
static bool
may_resume(struct call *call, struct err *e)
{
	struct committer_figures figures;
	struct target_row row;
	bool found;

	return target_load(call->db, call->args[0], call->arena, &row,
	    &found, e) && (!found || strcmp(row.state, "stopped") != 0 ||
	    committing_figures(committing_of(call), row.name, &figures) ||
	    err_set(e, ERR_REFUSED, "%.60s does not run, whoever says so: %s",
	    row.name, row.why));
}

void
target_resume_post(struct call *call)
{
	struct err e = { 0 };

	if (may_resume(call, &e))
		offer_word(call, false, target_resume);
	else
		request_fail(call->request, &e);
}

/* In the hours in which it is not spoken to only for who says so. */
void
target_check_post(struct call *call)
{
	struct err e = { 0 };
	cJSON *tree = body_read(call, &e);
	bool now = cJSON_IsTrue(json_at(tree, "now"));

	cJSON_Delete(tree);
	if (e.code == ERR_NONE && committing_check(committing_of(call),
	    call->args[0], now, &e))
		request_answer(call->request, 202, "application/json",
		    span_of("{}"));
	else
		target_fail(call, &e);
}
