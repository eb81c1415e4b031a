/*
 * Plans.  Pieces of a plan stand in line behind the calls of others, since
 * nothing of it must hold to its end: the run judges again.
 */
#include "flow/plan.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "core/clock.h"
#include "core/digest.h"
#include "core/json.h"
#include "flow/decide.h"

#define PIECE 500

struct plan *
plan_new(void)
{
	struct arena *arena = arena_new();
	struct plan *plan = arena_alloc(arena, sizeof *plan);
	unsigned char random[16];

	digest_random(random, sizeof random);
	digest_hex(random, sizeof random, plan->id);
	plan->arena = arena;
	plan->reason = "";
	plan->parameters = "{}";
	plan->sum = run_sum_new(arena);
	return plan;
}

void
plan_free(struct plan **pp)
{
	struct arena *arena;

	if (*pp == NULL)
		return;
	cJSON_Delete((*pp)->with);
	arena = (*pp)->arena;
	arena_free(&arena);
	*pp = NULL;
}

/* ---- judging -------------------------------------------------------- */

/* A retry and an approval post; what only looks or puts aside does not. */
static bool
posts(const struct act *act)
{
	return strcmp(act->name, "retry") == 0 ||
	    strcmp(act->name, "approve") == 0;
}

/* What a refusal of act.judge says, in the words of a plan. */
static enum skip
skip_of(const struct decision *d, const struct err *why,
    const struct run_event *seen)
{
	if (d->skip != SKIP_NONE)
		return d->skip;
	switch (why->code) {
	case ERR_STALE: return SKIP_STALE;
	case ERR_FORBIDDEN: return SKIP_RIGHT;
	default: return seen->state == EVENT_POSTED ? SKIP_POSTED :
	    SKIP_STATE;
	}
}

/* What is asked may be wrong for any event, and the store may fail. */
static bool
of_the_event(enum err_code code)
{
	return code == ERR_STALE || code == ERR_REFUSED ||
	    code == ERR_FORBIDDEN || code == ERR_NOT_FOUND;
}

bool
plan_skip(struct settler *settler, struct decision *d,
    const struct pick *pick, const struct pick *before,
    enum role role, struct arena *arena, enum skip *skip,
    struct run_event *seen, bool *found, struct err *e)
{
	struct err why = { 0 };
	struct event event;
	bool there;

	*skip = SKIP_NONE;
	if (!run_event(settler_books(settler)->db, pick->event, arena, seen,
	    found, e))
		return false;
	if (!*found)
		*skip = SKIP_ABSENT;
	else if (before != NULL && before->event == pick->event &&
	    before->version == pick->version)
		*skip = SKIP_TWICE;
	else if (!role_may(role, d->act->roles))
		*skip = SKIP_RIGHT;
	if (*skip != SKIP_NONE)
		return true;
	d->skip = SKIP_NONE;
	if (!decision_judge(settler, d, pick, arena, &event, &there, &why)) {
		if (!of_the_event(why.code))
			return err_set(e, why.code, "%s", why.why);
		*skip = skip_of(d, &why, seen);
	} else if (seen->locked && posts(d->act)) {
		*skip = SKIP_LOCKED;
	}
	return true;
}

static bool
judge_piece(struct settler *settler, struct plan *plan, struct decision *d)
{
	size_t end = PIECE < plan->n_picks - plan->at ? plan->at + PIECE :
	    plan->n_picks;
	struct arena *arena = arena_new();
	bool ok = true;

	for (; ok && plan->at < end; plan->at++) {
		const struct pick *pick = &plan->picks[plan->at];
		struct run_event seen;
		enum skip skip;
		bool found;

		ok = plan_skip(settler, d, pick, plan->at > 0 ? pick - 1 :
		    NULL, plan->role, arena, &skip, &seen, &found,
		    &plan->err);
		if (ok)
			run_sum_add(plan->sum, skip, found ? &seen : NULL);
		arena_reset(arena);
	}
	arena_free(&arena);
	return ok;
}

static bool
step(struct settler *settler, void *arg)
{
	struct plan *plan = arg;
	struct decision *d = decision_new();
	bool ok;

	d->act = plan->act;
	d->actor = plan->actor;
	d->reason = plan->reason;
	d->with = plan->with;
	ok = judge_piece(settler, plan, d);
	d->with = NULL;		/* the plan's */
	decision_free(&d);
	if (ok && plan->at < plan->n_picks &&
	    pump_call(plan->pump, step, plan, &plan->err))
		return false;
	plan->made = clock_now();
	plan->finished(plan);
	return false;
}

static int
by_event(const void *a, const void *b)
{
	const struct pick *x = a, *y = b;

	if (x->event != y->event)
		return x->event < y->event ? -1 : 1;
	return (x->version > y->version) - (x->version < y->version);
}

bool
plan_judge(struct plan *plan, struct pump *pump, struct err *e)
{
	plan->pump = pump;
	if (plan->n_picks > 1)
		qsort(plan->picks, plan->n_picks, sizeof *plan->picks,
		    by_event);
	return pump_call(pump, step, plan, e);
}

void
plan_encode(const struct plan *plan, struct str *out)
{
	char until[25];
	struct json j;

	json_start(&j, out);
	json_open(&j, '{');
	json_kstr(&j, "plan", plan->id);
	json_kstr(&j, "action", plan->act->name);
	json_kstr(&j, "reason", plan->reason);
	json_key(&j, "with");
	json_raw(&j, span_of(plan->parameters));
	json_kint(&j, "picked", (int64_t)plan->n_picks);
	run_sum_encode(plan->sum, &j);
	clock_format(plan->made + PLAN_MINUTES * INT64_C(60000000), until);
	json_kstr(&j, "until", until);
	json_close(&j, '}');
}

/* ---- those that may still be run ------------------------------------ */

struct plans {
	pthread_mutex_t lock;
	struct plan *items[PLANS_MAX];
	size_t next;			/* the oldest, or a free place */
};

struct plans *
plans_new(void)
{
	struct plans *plans = calloc(1, sizeof *plans);

	if (plans == NULL)
		bug("out of memory");
	pthread_mutex_init(&plans->lock, NULL);
	return plans;
}

void
plans_free(struct plans **pp)
{
	struct plans *plans = *pp;

	if (plans == NULL)
		return;
	for (size_t i = 0; i < PLANS_MAX; i++)
		plan_free(&plans->items[i]);
	pthread_mutex_destroy(&plans->lock);
	free(plans);
	*pp = NULL;
}

void
plans_keep(struct plans *plans, struct plan *plan)
{
	pthread_mutex_lock(&plans->lock);
	plan_free(&plans->items[plans->next]);
	plans->items[plans->next] = plan;
	plans->next = (plans->next + 1) % PLANS_MAX;
	pthread_mutex_unlock(&plans->lock);
}

static void
copy_run(const struct plan *plan, struct arena *arena, struct run *out)
{
	struct str picks;

	str_init(&picks, PICKS_MAX * 40);
	run_picks_encode(plan->picks, plan->n_picks, &picks);
	*out = (struct run){ .total = (int64_t)plan->n_picks,
	    .actor = arena_strdup(arena, plan->actor),
	    .plan = arena_strdup(arena, plan->id),
	    .action = plan->act->name,
	    .reason = arena_strdup(arena, plan->reason),
	    .parameters = arena_strdup(arena, plan->parameters),
	    .picks = { arena_strndup(arena, picks.p, picks.n), picks.n } };
	str_free(&picks);
}

bool
plans_find(struct plans *plans, const char *id, const char *actor,
    struct arena *arena, struct run *out)
{
	int64_t since = clock_now() - PLAN_MINUTES * INT64_C(60000000);
	bool found = false;

	pthread_mutex_lock(&plans->lock);
	for (size_t i = 0; i < PLANS_MAX && !found; i++) {
		const struct plan *plan = plans->items[i];

		found = plan != NULL && plan->made >= since &&
		    strcmp(plan->id, id) == 0 &&
		    strcmp(plan->actor, actor) == 0;
		if (found)
			copy_run(plan, arena, out);
	}
	pthread_mutex_unlock(&plans->lock);
	return found;
}
