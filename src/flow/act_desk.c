/*
 * Sharing the work: an event is given to somebody, put off until a time, or
 * talked about. It stays in its queue and at its version: nobody's decision
 * becomes stale by it.
 */
#include "flow/act.h"

#include <cjson/cJSON.h>

#include "core/clock.h"
#include "core/json.h"
#include "flow/decide.h"
#include "flow/inside.h"
#include "store/desk.h"

#define NAME_MAX_BYTES 128
#define SNOOZE_MAX (INT64_C(366) * 24 * 3600 * 1000000)

static bool
keep(struct saying *s, struct work *work, const struct desk *desk,
    const char *what, const char *old, const char *new, struct err *e)
{
	struct books *books = settler_books(s->settler);

	s->done = true;
	return desk_put(books, work->event.seq, desk, e) &&
	    audit_add(books, s->actor, what, event_name(work), old, new, e);
}

static bool
load(struct saying *s, struct work *work, struct desk *desk, struct err *e)
{
	return desk_load(settler_books(s->settler)->db, work->event.seq,
	    work->arena, desk, e);
}

/* ---- to whom ---------------------------------------------------------- */

bool
judge_assign(struct decision *d, const struct event *event,
    const struct placing *placing, struct settler *settler, struct err *e)
{
	const char *to = json_text(d->with, "to");

	(void)event;
	(void)placing;
	(void)settler;
	return (to != NULL && strlen(to) <= NAME_MAX_BYTES) ||
	    err_set(e, ERR_REQUEST, "assign says to whom; \"\" to nobody");
}

bool
act_assign(struct saying *s, struct work *work, struct err *e)
{
	const char *to = json_text(s->with, "to"), *old;
	struct desk desk;

	if (!load(s, work, &desk, e))
		return false;
	old = desk.assignee != NULL ? desk.assignee : "-";
	s->old = desk.assignee;
	if (to != NULL && strcmp(to, "me") == 0)
		to = s->actor;
	desk.assignee = to != NULL && to[0] != '\0' ? to : NULL;
	return keep(s, work, &desk, "assigned", old,
	    arena_printf(work->arena, "to=%s reason=%s", to != NULL ? to : "",
	    s->reason), e);
}

/* ---- not now ---------------------------------------------------------- */

/* "" wakes it at once. */
static bool
read_until(const cJSON *with, int64_t now, int64_t *out)
{
	const char *until = json_text(with, "until");

	*out = 0;
	return until != NULL && (until[0] == '\0' ||
	    (clock_parse(span_of(until), out) && *out > now &&
	    *out <= now + SNOOZE_MAX));
}

bool
judge_snooze(struct decision *d, const struct event *event,
    const struct placing *placing, struct settler *settler, struct err *e)
{
	int64_t until;

	(void)event;
	(void)placing;
	(void)settler;
	return read_until(d->with, clock_now(), &until) || err_set(e,
	    ERR_REQUEST, "snooze says until when, within a year; \"\" wakes");
}

bool
act_snooze(struct saying *s, struct work *work, struct err *e)
{
	const char *until = json_text(s->with, "until");
	struct desk desk;
	int64_t old;

	if (!load(s, work, &desk, e))
		return false;
	old = desk.snoozed;
	s->old = arena_printf(work->arena, "%lld", (long long)old);
	(void)read_until(s->with, s->at, &desk.snoozed);
	return keep(s, work, &desk, "snoozed", old != 0 ?
	    arena_printf(work->arena, "until=%lld", (long long)old) : "-",
	    arena_printf(work->arena, "until=%s reason=%s",
	    until != NULL ? until : "", s->reason), e);
}

/* ---- talked about ----------------------------------------------------- */

bool
act_comment(struct saying *s, struct work *work, struct err *e)
{
	struct desk desk;

	if (!load(s, work, &desk, e))
		return false;
	if (desk.comments == COMMENTS_MAX) {
		s->verdict = "refused";
		return true;
	}
	desk.comments++;
	s->old = arena_printf(work->arena, "%lld", (long long)desk.comments);
	return comment_add(settler_books(s->settler), work->event.seq,
	    desk.comments, s->at, s->actor, s->reason, e) &&
	    keep(s, work, &desk, "commented", "-", s->reason, e);
}
