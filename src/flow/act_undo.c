/*
 * Taking back: what was dismissed is open again, who had it has it again.
 * What is posted stays; there the act is reverse, a new version.
 */
#include "flow/act.h"

#include <stdlib.h>

#include "core/json.h"
#include "flow/decide.h"
#include "flow/inside.h"
#include "store/approval.h"
#include "store/deed.h"
#include "store/desk.h"

static bool
is(const struct deed *d, const char *action)
{
	return strcmp(d->action, action) == 0;
}

static bool
of_the_desk(const struct deed *d)
{
	return is(d, "assign") || is(d, "snooze") || is(d, "comment");
}

static bool
moves(const struct deed *d)
{
	return is(d, "dismiss") || is(d, "reject") || is(d, "reopen") ||
	    is(d, "approve");
}

/* Why it can not be taken back, into `why`; that is no fault. */
static bool
judge(struct db *db, const struct deed *d, const struct event *event,
    struct err *why, struct err *e)
{
	const char *of = d->of;
	long long seq = (long long)event->seq;
	bool again = false;

	if (d->undone != 0) {
		err_set(why, ERR_FINAL, "%s was taken back by D%lld", of,
		    (long long)d->undone);
	} else if (event->state == EVENT_POSTED && !of_the_desk(d)) {
		err_set(why, ERR_FINAL, "E%lld is posted and stays posted; "
		    "reverse undoes it by a new version", seq);
	} else if (!of_the_desk(d) && !moves(d)) {
		err_set(why, ERR_FINAL, "%s has left nothing to take back",
		    d->action);
	} else if (moves(d) && event->version != d->version) {
		err_set(why, ERR_FINAL, "E%lld has moved on since %s", seq,
		    of);
	} else if (!is(d, "comment") && of_the_desk(d)) {
		if (!deed_again(db, d, &again, e))
			return false;
		if (again)
			err_set(why, ERR_FINAL, "somebody has decided the "
			    "same of E%lld since %s", seq, of);
	}
	return true;
}

bool
judge_undo(struct decision *d, const struct event *event,
    const struct placing *placing, struct settler *settler, struct err *e)
{
	const char *of = json_text(d->with, "of");
	struct db *db = settler_books(settler)->db;
	struct err why = { 0 };
	struct deed deed;
	bool found = false;

	(void)placing;
	if (of == NULL || !deed_find(db, of, event->seq, d->arena, &deed,
	    &found, e))
		return err_set(e, ERR_REQUEST, "undo says of what");
	if (!found)
		return err_set(e, ERR_NOT_FOUND, "%.40s did nothing to "
		    "E%lld", of, (long long)event->seq);
	if (strcmp(deed.actor, d->actor) != 0)
		return err_set(e, ERR_FORBIDDEN, "%s is a decision of %s",
		    deed.of, deed.actor);
	if (!judge(db, &deed, event, &why, e))
		return false;
	/* Of many, what moved on is left as it is. */
	return why.code == ERR_NONE || d->n_picks > 1 ||
	    err_set(e, why.code, "%s", why.why);
}

/* ---- doing it --------------------------------------------------------- */

static bool
undo_desk(struct saying *s, struct work *work, const struct deed *d,
    struct err *e)
{
	struct books *books = settler_books(s->settler);
	char *end;
	long long old = strtoll(d->old, &end, 10);
	struct desk desk;

	if (!desk_load(books->db, work->event.seq, work->arena, &desk, e))
		return false;
	if (is(d, "comment") && !comment_remove(books, work->event.seq, old,
	    e))
		return false;
	if (is(d, "assign"))
		desk.assignee = d->old[0] != '\0' ? d->old : NULL;
	else if (is(d, "snooze"))
		desk.snoozed = old;
	return desk_put(books, work->event.seq, &desk, e);
}

static bool
take_back(struct saying *s, struct work *work, const struct deed *d,
    struct err *e)
{
	struct books *books = settler_books(s->settler);

	if (of_the_desk(d))
		return undo_desk(s, work, d, e);
	if (is(d, "reopen"))
		return settle_move(s->settler, work, EVENT_DISMISSED,
		    s->actor, s->reason[0] != '\0' ? s->reason : d->of, e);
	if (is(d, "approve"))
		return approval_withdraw(books, work->event.seq, d->seq, e) &&
		    event_touch(books, work->event.seq, e);
	return settle_again(s->settler, work, s->actor, e);
}

bool
act_undo(struct saying *s, struct work *work, struct err *e)
{
	struct books *books = settler_books(s->settler);
	const char *of = json_text(s->with, "of");
	struct err why = { 0 };
	struct deed deed;
	bool found;

	if (of == NULL)
		return err_set(e, ERR_CORRUPT, "an undo of the log");
	if (!deed_find(books->db, of, work->event.seq, work->arena, &deed,
	    &found, e))
		return false;
	if (found && !judge(books->db, &deed, &work->event, &why, e))
		return false;
	if (!found || why.code != ERR_NONE ||
	    strcmp(deed.actor, s->actor) != 0) {
		s->verdict = "stale";
		return true;
	}
	s->done = true;
	return take_back(s, work, &deed, e) &&
	    deed_undo(books, &deed, s->seq, e) &&
	    audit_add(books, s->actor, "undone", event_name(work),
	    deed.action, arena_printf(work->arena, "of=%s reason=%s", of,
	    s->reason), e);
}
