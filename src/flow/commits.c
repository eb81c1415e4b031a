/*
 * Decisions on targets and commits.  Nothing here speaks to a target: a commit
 * that goes again is due, and what may be there already is asked for first.
 */
#include "flow/commits.h"

#include <string.h>

#include "core/clock.h"
#include "flow/settle.h"

#define PIECE 500
#define MILLI 1000

/* ---- one commit ------------------------------------------------------- */

static bool
may_retry(enum commit_state state)
{
	return state == COMMIT_FAILED || state == COMMIT_DEAD ||
	    state == COMMIT_RETRYING;
}

static bool
may_resend(enum commit_state state)
{
	return may_retry(state) || state == COMMIT_DONE ||
	    state == COMMIT_SKIPPED;
}

/* SENDING only where its target is gone: decide(). */
static bool
may_skip(enum commit_state state)
{
	return may_retry(state) || state == COMMIT_WAITING ||
	    state == COMMIT_SENDING;
}

/* With a reason it goes even where nothing can be asked; without one it is a
 * retry. */
static bool
again(struct books *books, struct commit_row *row, const char *reason,
    struct err *e)
{
	int64_t now = clock_now();
	bool behind;

	row->attempts = 0;
	row->reason = reason;
	/* how long ago it was sent says when it may go again */
	if (!row->asked)
		row->at = now;
	return commit_in_turn(books, row, now, &behind, e);
}

static bool
retry(struct books *books, struct commit_order *order,
    struct commit_row *row, struct err *e)
{
	(void)order;
	return again(books, row, "", e);
}

static bool
resend(struct books *books, struct commit_order *order,
    struct commit_row *row, struct err *e)
{
	return again(books, row, order->reason, e);
}

/* What was sent and brought no word may be there, whoever skips it. */
static bool
skip(struct books *books, struct commit_order *order,
    struct commit_row *row, struct err *e)
{
	(void)books;
	(void)e;
	if (row->state == COMMIT_SENDING)
		row->words = "it was on its way when its target was removed: "
		    "whether it is there is not known";
	order->unknown += row->asked;
	row->state = COMMIT_SKIPPED;
	row->next_at = 0;
	row->at = clock_now();
	row->reason = order->reason;
	return true;
}

static const struct act_of {
	const char *name;
	const char *roles;	/* who may, as book/role.h has them */
	bool reason;		/* it needs one */
	bool (*may)(enum commit_state);
	bool (*act)(struct books *, struct commit_order *,
	    struct commit_row *, struct err *);
} acts[] = {
	{ "retry", "-cpka--", false, may_retry, retry },
	{ "resend", "---ka--", true, may_resend, resend },
	{ "skip", "---ka--", true, may_skip, skip },
};

static const struct act_of *
act_of(const char *name)
{
	for (size_t i = 0; i < sizeof acts / sizeof *acts; i++)
		if (strcmp(acts[i].name, name) == 0)
			return &acts[i];
	return NULL;
}

const char *
commit_act(size_t i, const char **roles)
{
	if (i >= sizeof acts / sizeof *acts)
		return NULL;
	*roles = acts[i].roles;
	return acts[i].name;
}

const char *
commit_act_roles(const char *name)
{
	const struct act_of *act = act_of(name);

	return act != NULL ? act->roles : "";
}

static void
refuse(struct commit_order *order, const char *why)
{
	order->refused++;
	if (*order->why == '\0')
		order->why = arena_strdup(order->arena, why);
}

/* What is on its way is let alone: its committer soon knows more. */
static bool
is_left_alone(struct books *books, const struct commit_row *row, bool *alone,
    struct err *e)
{
	struct target_row target;
	bool found;

	*alone = false;
	if (row->state != COMMIT_SENDING)
		return true;
	if (!target_load(books->db, row->target, books->arena, &target,
	    &found, e))
		return false;
	*alone = found && strcmp(target.state, "removed") != 0;
	return true;
}

static const char *
why_not(struct books *books, const struct commit_row *row)
{
	return arena_printf(books->arena, row->state == COMMIT_WAITING ?
	    "J%lld is waiting for an earlier journal of its document" :
	    "J%lld is %s", (long long)row->journal,
	    commit_state_name(row->state));
}

/* Two may have looked there and found nothing: only one has it go again. */
static bool
is_stale(const struct commit_pick *pick, const struct commit_row *row)
{
	return (pick->at != 0 && pick->at / MILLI != row->at / MILLI) ||
	    (pick->change != 0 && row->moved > pick->change);
}

static const char *
since(struct books *books, const struct commit_row *row)
{
	return arena_printf(books->arena, "J%lld has changed since you looked: "
	    "it is %s", (long long)row->journal,
	    commit_state_name(row->state));
}

static bool
do_act(struct books *books, struct commit_order *order,
    const struct act_of *act, struct commit_row *row, struct str *named,
    struct err *e)
{
	struct commit_try try = { .at = clock_now(), .act = act->name,
	    .actor = order->actor, .words = order->reason };
	const int64_t unknown = order->unknown;

	if (!act->act(books, order, row, e))
		return false;
	row->actor = order->actor;
	try.outcome = commit_state_name(row->state);
	order->done++;
	str_addf(named, " %s/J%lld%s", row->target, (long long)row->journal,
	    order->unknown > unknown ? " (outcome unknown)" : "");
	return commit_put(books, row, e) &&
	    commit_try_add(books, row, &try, e);
}

static bool
decide(struct books *books, struct commit_order *order,
    const struct act_of *act, const struct commit_pick *pick,
    struct str *named, struct err *e)
{
	struct commit_row row;
	bool found, stale, alone = false;

	if (!commit_load(books->db, pick->target, pick->journal,
	    books->arena, &row, &found, e) || (found &&
	    !is_left_alone(books, &row, &alone, e)))
		return false;
	stale = found && is_stale(pick, &row);
	if (found && !alone && !stale && act->may(row.state))
		return do_act(books, order, act, &row, named, e);
	refuse(order, !found ? "no such commit" : stale ?
	    since(books, &row) : why_not(books, &row));
	return true;
}

/* ---- many ------------------------------------------------------------- */

static bool
run_piece(struct books *books, struct commit_order *order, size_t end,
    struct err *e)
{
	const struct act_of *act = act_of(order->act);
	struct str named;
	bool ok = true;

	str_init(&named, (size_t)1 << 20);
	for (size_t i = order->at; ok && i < end; i++)
		ok = decide(books, order, act, &order->picks[i], &named, e);
	if (ok && named.n > 0)
		ok = audit_add(books, order->actor, arena_printf(
		    books->arena, "commit.%s", act->name), "commits",
		    "", arena_printf(books->arena, "reason=%s of%s",
		    order->reason, named.p), e);
	str_free(&named);
	return ok;
}

bool
commit_order_run(struct settler *settler, void *arg)
{
	struct books *books = settler_books(settler);
	struct commit_order *order = arg;
	const int64_t done = order->done, refused = order->refused;
	const int64_t unknown = order->unknown;
	size_t end = order->n_picks - order->at > PIECE ? order->at + PIECE :
	    order->n_picks;

	if (!books_begin(books, &order->err)) {
		order->finished(order);
		return false;
	}
	if (!run_piece(books, order, end, &order->err) ||
	    !books_commit(books, &order->err)) {
		books_rollback(books);
		order->done = done;
		order->refused = refused;
		order->unknown = unknown;
		order->finished(order);
		return false;
	}
	crash_point("commit.after_act");
	order->at = end;
	if (end < order->n_picks)
		return true;
	order->finished(order);
	return false;
}

bool
commit_order_judge(const struct commit_order *order, struct err *e)
{
	const struct act_of *act = act_of(order->act);

	if (act == NULL)
		return err_set(e, ERR_REQUEST, "act: retry, resend or skip");
	return !act->reason || *order->reason != '\0' ||
	    err_set(e, ERR_REQUEST, "reason: who reads this later wants to "
	    "know why");
}

struct commit_order *
commit_order_new(void)
{
	struct arena *arena = arena_new();
	struct commit_order *order = arena_alloc(arena, sizeof *order);

	order->arena = arena;
	order->why = order->reason = "";
	return order;
}

void
commit_order_free(struct commit_order **op)
{
	struct arena *arena;

	if (*op == NULL)
		return;
	arena = (*op)->arena;
	*op = NULL;
	arena_free(&arena);
}

/* ---- targets ---------------------------------------------------------- */

static bool
load_target(struct books *books, const char *name, struct target_row *row,
    struct err *e)
{
	bool found;

	if (!target_load(books->db, name, books->arena, row, &found, e))
		return false;
	return (found && strcmp(row->state, "removed") != 0) ||
	    err_set(e, ERR_NOT_FOUND, "no target %.60s", name);
}

bool
target_pause(struct books *books, const char *name, const char *actor,
    const char *reason, struct err *e)
{
	struct target_row row;
	const char *before;

	if (!load_target(books, name, &row, e))
		return false;
	before = row.state;
	/* What is stopped stays so; once its fault is mended it is paused.
	 * What is amiss beside that is still said. */
	if (strcmp(before, "running") == 0 || strcmp(row.why,
	    row.reason) == 0)
		row.why = reason;
	if (strcmp(before, "stopped") != 0)
		row.state = "paused";
	row.reason = reason;
	row.actor = actor;
	row.at = clock_now();
	return target_put(books, &row, true, e) && audit_add(books, actor,
	    "target.paused", name, before, reason, e);
}

bool
target_resume(struct books *books, const char *name, const char *actor,
    const char *reason, struct err *e)
{
	struct target_row row;
	const char *before;

	if (!load_target(books, name, &row, e))
		return false;
	before = row.state;
	row.state = "running";
	if (strcmp(row.why, row.reason) != 0)
		row.books = "";		/* they are the same ones */
	row.why = row.actor = row.reason = "";
	row.at = clock_now();
	return target_put(books, &row, true, e) && audit_add(books, actor,
	    "target.resumed", name, before, reason, e);
}
