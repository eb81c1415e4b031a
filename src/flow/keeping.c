/*
 * What a committer keeps, in one write that shares the commit of the next
 * group of events: what was said of postings before, and those that are on
 * their way now.  Runs on the writer's thread while the committer waits; it
 * may run again from its start, so it leaves only marks that each run sets
 * anew.
 */
#include "flow/delivery.h"

#include <string.h>

#include "core/clock.h"
#include "flow/aside.h"
#include "flow/settle.h"

struct keeping {
	struct committer *c;
	bool running;		/* out: the target takes new ones */
	struct str done;	/* of the audit */
};

/* ---- one row ---------------------------------------------------------- */

/* A decision may leave the state as it is, and the time of what was sent. */
static bool
is_moved(const struct commit_row *was, const struct commit_row *now)
{
	return now->state != was->state || now->at != was->at ||
	    now->next_at != was->next_at ||
	    strcmp(now->actor, was->actor) != 0 ||
	    strcmp(now->reason, was->reason) != 0;
}

/* People and other threads of ours may have moved it since it was read. */
static bool
is_ours(struct books *books, struct slot *slot, struct err *e)
{
	struct commit_row now;
	bool found;

	if (slot->kept)
		return true;
	if (!commit_load(books->db, slot->row.target, slot->row.journal,
	    books->arena, &now, &found, e))
		return false;
	slot->gone = slot->fresh ? found : !found ||
	    is_moved(&slot->was, &now);
	return true;
}

static const char *
said_of(const struct books *books, const struct commit_row *row)
{
	return arena_printf(books->arena, "target=%s refusal=%s sent=%s "
	    "words=%s", row->target, row->refusal, row->sent,
	    *row->reason != '\0' && *row->words == '\0' ? row->reason :
	    row->words);
}

/* Those that are there are named together: one row of the chain a write. */
static bool
note_said(struct keeping *k, struct books *books, const struct slot *slot,
    struct err *e)
{
	const struct commit_row *row = &slot->row;
	const char *action = NULL;

	switch (row->state) {
	case COMMIT_DONE:
		str_addf(&k->done, "%sJ%lld=%s", k->done.n > 0 ? " " : "",
		    (long long)row->journal, row->sent);
		return true;
	case COMMIT_FAILED:
		action = "commit.failed";
		break;
	case COMMIT_DEAD:
		action = "commit.dead";
		break;
	case COMMIT_SKIPPED:
		action = "commit.skipped";
		break;
	case COMMIT_WAITING:
	case COMMIT_SENDING:
	case COMMIT_RETRYING:
	case COMMIT_STATES:
		return true;
	}
	return audit_add(books, "bahid", action,
	    arena_id(books->arena, 'J', row->journal), "",
	    said_of(books, row), e);
}

/* A first try that went well is all in the row; of others each word is
 * noted. */
static bool
note_try(struct books *books, const struct slot *slot, struct err *e)
{
	const struct commit_try try = { .at = clock_now(), .act = slot->act,
	    .outcome = slot->outcome, .actor = "",
	    .words = slot->verdict.words != NULL ? slot->verdict.words :
		slot->row.words };

	if (slot->act == NULL || (slot->plain &&
	    slot->row.state == COMMIT_DONE))
		return true;
	return commit_try_add(books, &slot->row, &try, e);
}

static bool
keep_said(struct keeping *k, struct books *books, struct slot *slot,
    struct err *e)
{
	return is_ours(books, slot, e) && (slot->gone ||
	    (commit_put(books, &slot->row, e) &&
	    note_try(books, slot, e) && note_said(k, books, slot, e)));
}

static bool
keep_waiting(struct books *books, struct slot *slot, struct err *e)
{
	struct journal_mark mark = { .journal = slot->row.journal,
	    .entity = slot->row.entity, .kind = slot->row.kind,
	    .number = slot->row.number };
	bool behind;

	if (!is_ours(books, slot, e) ||
	    !outbox_behind(books->db, slot->row.target, &mark, &behind, e))
		return false;
	slot->row.next_at = behind ? 0 : slot->row.at;
	return slot->gone || commit_put(books, &slot->row, e);
}

/* A new one was looked at when it was taken. One that goes again may stand
 * behind another by now: a person has an earlier one of its document go again,
 * too. */
static bool
is_late(struct books *books, struct slot *slot, struct commit_row *row,
    int64_t now, struct err *e)
{
	return slot->fresh || slot->gone ||
	    commit_in_turn(books, row, now, &slot->late, e);
}

static bool
keep_sending(struct books *books, struct slot *slot, struct err *e)
{
	struct commit_row row = slot->row;
	int64_t now = clock_now();

	if (!is_ours(books, slot, e) ||
	    !is_late(books, slot, &row, now, e))
		return false;
	if (!slot->late) {
		row.state = COMMIT_SENDING;
		row.asked = true;
		row.next_at = 0;
		row.at = now;
	}
	return slot->gone || commit_put(books, &row, e);
}

static bool
keep_slot(struct keeping *k, struct books *books, struct slot *slot,
    struct err *e)
{
	slot->gone = slot->late = false;
	switch (slot->stage) {
	case STAGE_SAID:
		return (slot->fresh && !slot->kept && !k->running) ||
		    keep_said(k, books, slot, e);
	case STAGE_SEND:
		return !k->running || keep_sending(books, slot, e);
	case STAGE_WAIT:
		return !k->running || keep_waiting(books, slot, e);
	case STAGE_WRITTEN:
	case STAGE_OVER:
		break;
	}
	return true;
}

static bool
keep_group(struct keeping *k, struct books *books, struct group *group,
    struct err *e)
{
	for (size_t i = 0; i < group->n; i++)
		if (!keep_slot(k, books, &group->slots[i], e))
			return false;
	return true;
}

/* ---- the target ------------------------------------------------------- */

static bool
same(const struct target_row *a, const struct target_row *b)
{
	return strcmp(a->state, b->state) == 0 &&
	    strcmp(a->why, b->why) == 0 &&
	    strcmp(a->breaker, b->breaker) == 0 &&
	    strcmp(a->product, b->product) == 0 &&
	    strcmp(a->company, b->company) == 0;
}

static int64_t
taken(const struct committer *c, int64_t kept)
{
	int64_t most = c->now->seen > c->row.taken ? c->now->seen :
	    c->row.taken;

	return most > kept ? most : kept;
}

/* What a person said of it stands as it is; the rest is the committer's. */
static bool
keep_target(struct keeping *k, struct books *books,
    const struct target_row *was, struct err *e)
{
	const struct committer *c = k->c;
	struct target_row row = *was;

	row.breaker = c->row.breaker;
	row.product = c->row.product;
	row.company = c->row.company;
	row.tried = c->row.tried;
	row.good = c->row.good;
	row.next_at = c->row.next_at;
	row.until = c->row.until;
	row.older_from = c->row.older_from;
	row.older_to = c->row.older_to;
	if (k->running) {
		row.why = c->row.why;
		row.books = c->row.books;
		row.taken = taken(c, row.taken);
	}
	if (k->running && c->stopping) {
		row.state = "stopped";
		row.at = clock_now();
		if (!audit_add(books, "bahid", "target.stopped", row.name,
		    "running", row.why, e))
			return false;
	}
	return target_put(books, &row, !same(&row, was), e);
}

static bool
keep(struct books *books, void *arg, struct err *e)
{
	struct keeping *k = arg;
	struct committer *c = k->c;
	struct target_row row;
	bool found;

	crash_point("commit.before_write");
	str_clear(&k->done);
	if (!target_load(books->db, c->row.name, books->arena, &row, &found,
	    e))
		return false;
	k->running = found && strcmp(row.state, "running") == 0;
	return keep_group(k, books, c->before, e) &&
	    keep_group(k, books, c->now, e) &&
	    (k->done.n == 0 || audit_add(books, "bahid", "committed",
	    c->row.name, "", k->done.p, e)) &&
	    (!found || keep_target(k, books, &row, e));
}

/* ---- afterwards ------------------------------------------------------- */

bool
group_unkept(const struct group *group)
{
	for (size_t i = 0; i < group->n; i++)
		if (group->slots[i].stage == STAGE_SAID)
			return true;
	return false;
}

static void
move_on(struct group *group, bool running)
{
	bool written = false;

	for (size_t i = 0; i < group->n; i++) {
		struct slot *slot = &group->slots[i];

		if (slot->stage == STAGE_SEND && running && !slot->gone &&
		    !slot->late) {
			slot->stage = STAGE_WRITTEN;
			slot->kept = written = true;
		} else if (slot->stage != STAGE_WRITTEN) {
			slot->stage = STAGE_OVER;
		}
	}
	if (written)
		crash_point("commit.after_write");
}

bool
group_keep(struct committer *c, struct err *e)
{
	struct keeping k = { .c = c };
	bool ok;

	committer_note(c);
	str_init(&k.done, (size_t)1 << 20);
	ok = aside_join(c->pump, keep, &k, e);
	str_free(&k.done);
	if (!ok)
		return false;
	if (c->said_at != 0)
		crash_point("commit.after_verdict");
	move_on(c->before, k.running);
	move_on(c->now, k.running);
	c->said_at = 0;
	c->kept_at = clock_mono();
	c->running = k.running && !c->stopping;
	if (k.running)
		c->row.taken = taken(c, 0);
	return true;
}
