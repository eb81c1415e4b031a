/*
 * Approve, reject, delegate.  That nobody approves what he made, nor twice,
 * nor beyond his right, is judged here, in the transaction that would post it;
 * what a person was when he said it (role, code proved) is in the row of the
 * log, so that a rebuild judges the same.
 */
#include "flow/act_approve.h"

#include <cjson/cJSON.h>

#include "book/money.h"
#include "core/clock.h"
#include "core/json.h"
#include "flow/decide.h"
#include "flow/policy.h"

/* Why somebody may not. */
enum bar { BAR_NONE, BAR_OWN, BAR_GIVEN, BAR_ROLE, BAR_CODE };

static const struct {
	enum skip skip;
	const char *why;
} bars[] = {
	[BAR_OWN] = { SKIP_OWN, "is your own, or of whom you act for; "
	    "somebody else approves it" },
	[BAR_GIVEN] = { SKIP_GIVEN, "has your approval already; it waits for "
	    "another person's" },
	[BAR_ROLE] = { SKIP_RIGHT, "needs another role or a higher limit" },
	[BAR_CODE] = { SKIP_CODE, "needs a one-time code" },
};

struct who {
	const char *actor;
	enum role role;
	bool proved;		/* by a one-time code */
	const char *giver;	/* for whom he wants to act; NULL: any */
	int64_t at;
};

bool
approve_vouched(const struct act *act)
{
	return act->run == approve_run || act->run == reject_run ||
	    act->run == delegate_run;
}

static struct who
who_of(const char *actor, const struct cJSON *with, int64_t at)
{
	const char *role = json_text(with, "role");
	struct who who = { .actor = actor, .at = at,
	    .proved = json_text(with, "proved") != NULL,
	    .giver = json_text(with, "for") };

	if (role == NULL || !role_find(role, &who.role))
		who.role = ROLE_NONE;
	return who;
}

struct asked {
	struct settler *settler;
	const struct event *event;
	struct arena *arena;
	struct hold hold;
	struct approval *given;
	size_t n;
};

static bool
load_asked(struct settler *settler, const struct event *event,
    struct arena *arena, struct asked *out, struct err *e)
{
	struct db *db = settler->books->db;
	bool found;

	*out = (struct asked){ .settler = settler, .event = event,
	    .arena = arena };
	if (!hold_find(db, event->seq, arena, &out->hold, &found, e))
		return false;
	if (!found)
		return err_set(e, ERR_CORRUPT, "E%lld is held for nothing",
		    (long long)event->seq);
	return approvals_load(db, event->seq, out->hold.digest, arena,
	    &out->given, &out->n, e);
}

/* ---- whose right ------------------------------------------------------ */

static bool
counted(const struct asked *a, const char *name)
{
	for (size_t i = 0; i < a->n; i++)
		if (strcmp(a->given[i].actor, name) == 0 ||
		    (a->given[i].giver != NULL &&
		    strcmp(a->given[i].giver, name) == 0))
			return true;
	return false;
}

static bool
bar_person(const struct asked *a, const char *name, enum bar *bar,
    struct err *e)
{
	bool ruled;

	if (!ruling_by(a->settler->books->db, a->event->seq, name, &ruled, e))
		return false;
	*bar = ruled || made_by(a->event->source, name) ? BAR_OWN :
	    counted(a, name) ? BAR_GIVEN : BAR_NONE;
	return true;
}

static bool
within(const struct hold *hold, const struct delegation *d)
{
	struct money limit;

	return d->limit[0] == '\0' || (money_parse(span_of(d->limit),
	    hold->currency, &limit) && hold->base <= limit.minor);
}

/* The right of somebody who lent it to him; the first that will do. */
static bool
find_giver(const struct asked *a, const struct who *who, const char **giver,
    enum bar *bar, struct err *e)
{
	struct delegation *all;
	size_t n;

	*bar = BAR_ROLE;
	if (!delegations_load(a->settler->books->db, who->actor, who->at,
	    a->arena, &all, &n, e))
		return false;
	for (size_t i = 0; i < n && *bar != BAR_NONE; i++) {
		enum bar his;

		if (all[i].role < a->hold.role || !within(&a->hold, &all[i]) ||
		    (who->giver != NULL &&
		    strcmp(who->giver, all[i].giver) != 0))
			continue;
		if (!bar_person(a, all[i].giver, &his, e))
			return false;
		*bar = his;
		*giver = all[i].giver;
	}
	return true;
}

static bool
find_right(const struct asked *a, const struct who *who, const char **giver,
    enum bar *bar, struct err *e)
{
	*giver = NULL;
	if (!bar_person(a, who->actor, bar, e))
		return false;
	if (*bar != BAR_NONE)
		return true;
	if ((who->role < a->hold.role || who->giver != NULL) &&
	    !find_giver(a, who, giver, bar, e))
		return false;
	if (*bar == BAR_NONE && a->hold.totp && !who->proved)
		*bar = BAR_CODE;
	return true;
}

static bool
refuse(struct decision *d, const struct event *event, enum bar bar,
    struct err *e)
{
	d->skip = bars[bar].skip;
	return err_set(e, ERR_FORBIDDEN, "E%lld %s", (long long)event->seq,
	    bars[bar].why);
}

bool
approve_judge(struct decision *d, const struct event *event,
    const struct placing *placing, struct settler *settler, struct err *e)
{
	struct who who = who_of(d->actor, d->with, clock_now());
	struct arena *arena = arena_new();
	struct asked asked;
	const char *giver;
	enum bar bar = BAR_NONE;
	bool ok;

	(void)placing;
	ok = load_asked(settler, event, arena, &asked, e) &&
	    find_right(&asked, &who, &giver, &bar, e);
	if (ok && bar != BAR_NONE)
		ok = refuse(d, event, bar, e);
	arena_free(&arena);
	return ok;
}

/* ---- approving -------------------------------------------------------- */

static bool
note_approval(const struct asked *a, const struct saying *s,
    const struct who *who, const char *giver, struct err *e)
{
	struct books *books = a->settler->books;
	struct approval approval = { who->actor, giver, who->proved, s->at,
	    s->seq };

	return approval_add(books, a->event->seq, &approval, a->hold.digest,
	    e) && audit_add(books, s->actor, "approved",
	    arena_id(a->arena, 'E', a->event->seq), "held",
	    arena_printf(a->arena, "for=%s code=%s %zu of %lld reason=%s",
	    giver != NULL ? giver : s->actor, who->proved ? "yes" : "no",
	    a->n + 1, (long long)a->hold.needed, s->reason), e);
}

bool
approve_run(struct saying *s, struct work *work, struct err *e)
{
	struct who who = who_of(s->actor, s->with, s->at);
	struct asked asked;
	const char *giver;
	enum bar bar;

	if (!load_asked(s->settler, &work->event, work->arena, &asked, e) ||
	    !find_right(&asked, &who, &giver, &bar, e))
		return false;
	if (bar != BAR_NONE) {
		s->verdict = "refused";
		return true;
	}
	s->done = true;		/* though it may wait for a second person */
	return note_approval(&asked, s, &who, giver, e) &&
	    settle_again(s->settler, work, s->actor, e);
}

/* ---- rejecting -------------------------------------------------------- */

/* Whoever may approve may reject; and who made it may take it back. */
static bool
may_reject(const struct asked *a, const struct who *who, bool *may,
    struct err *e)
{
	enum bar bar;
	const char *giver;

	if (!bar_person(a, who->actor, &bar, e))
		return false;
	*may = bar == BAR_OWN || who->role >= a->hold.role;
	if (*may)
		return true;
	if (!find_giver(a, who, &giver, &bar, e))
		return false;
	*may = bar != BAR_ROLE;
	return true;
}

bool
reject_judge(struct decision *d, const struct event *event,
    const struct placing *placing, struct settler *settler, struct err *e)
{
	struct who who = who_of(d->actor, d->with, clock_now());
	struct arena *arena = arena_new();
	struct asked asked;
	bool may = false, ok;

	(void)placing;
	ok = load_asked(settler, event, arena, &asked, e) &&
	    may_reject(&asked, &who, &may, e);
	if (ok && !may)
		ok = refuse(d, event, BAR_ROLE, e);
	arena_free(&arena);
	return ok;
}

bool
reject_run(struct saying *s, struct work *work, struct err *e)
{
	struct books *books = s->settler->books;
	struct who who = who_of(s->actor, s->with, s->at);
	struct asked asked;
	bool may;

	if (!load_asked(s->settler, &work->event, work->arena, &asked, e) ||
	    !may_reject(&asked, &who, &may, e))
		return false;
	if (!may) {
		s->verdict = "refused";
		return true;
	}
	return approvals_forget(books, work->event.seq, e) &&
	    audit_add(books, s->actor, "rejected", event_name(work), "held",
	    s->reason, e) && settle_move(s->settler, work, EVENT_DISMISSED,
	    s->actor, s->reason, e);
}

/* ---- delegating ------------------------------------------------------- */

#define LONGEST (366 * 24 * INT64_C(3600000000))

static bool
revokes(const struct cJSON *with)
{
	return json_at(with, "revoke") != NULL;
}

bool
delegate_judge(struct decision *d, const struct event *event,
    const struct placing *placing, struct settler *settler, struct err *e)
{
	const char *to = json_text(d->with, "to");
	const char *until = json_text(d->with, "until");
	const char *limit = json_text(d->with, "limit");
	struct money money;
	int64_t at, now = clock_now();

	(void)event;
	(void)placing;
	(void)settler;
	if (to == NULL || to[0] == '\0' || strlen(to) > 128)
		return err_set(e, ERR_REQUEST, "with.to names somebody");
	if (strcmp(to, d->actor) == 0)
		return err_set(e, ERR_REFUSED, "you have your right already");
	if (revokes(d->with))
		return true;
	if (until == NULL || !clock_parse(span_of(until), &at))
		return err_set(e, ERR_REQUEST,
		    "with.until is an RFC 3339 time");
	if (at <= now || at > now + LONGEST)
		return err_set(e, ERR_REFUSED,
		    "with.until is not within the next year");
	return limit == NULL || (money_parse(span_of(limit), "INR", &money) &&
	    money.minor >= 0) || err_set(e, ERR_REQUEST,
	    "with.limit is not an amount");
}

static bool
give(const struct saying *s, const char *to, struct err *e)
{
	struct books *books = s->settler->books;
	struct who who = who_of(s->actor, s->with, s->at);
	const char *limit = json_text(s->with, "limit");
	const char *until = json_text(s->with, "until");
	struct delegation d = { .id = s->seq, .giver = s->actor, .taker = to,
	    .reason = s->reason, .role = who.role,
	    .limit = limit != NULL ? limit : "", .at = s->at };

	if (until == NULL || !clock_parse(span_of(until), &d.until))
		return err_set(e, ERR_CORRUPT, "a delegation of the log");
	return delegation_add(books, &d, e) && audit_add(books, s->actor,
	    "delegated", to, "", arena_printf(books->arena,
	    "until=%s limit=%s reason=%s", until, d.limit, s->reason), e);
}

bool
delegate_run(struct saying *s, struct work *work, struct err *e)
{
	struct books *books = s->settler->books;
	const char *to = json_text(s->with, "to");
	bool any;

	(void)work;
	if (to == NULL)
		return err_set(e, ERR_CORRUPT, "a delegation of the log");
	if (!revokes(s->with))
		return give(s, to, e);
	if (!delegation_revoke(books, s->actor, to, s->at, &any, e))
		return false;
	if (!any)
		return err_set(e, ERR_NOT_FOUND, "%s has no right of yours",
		    to);
	return audit_add(books, s->actor, "revoked", to, "", s->reason, e);
}
