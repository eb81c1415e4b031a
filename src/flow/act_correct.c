/*
 * The payload was wrong, and a person has it right: what came is kept as it
 * is and settled, and the corrected payload comes in beside it as an event of
 * the same source and topic, in the same transaction. Nobody signed it: it is
 * authentic by who decided, and that person does not approve it.
 */
#include "flow/act.h"

#include "core/json.h"
#include "flow/decide.h"
#include "flow/inside.h"
#include "flow/intake.h"
#include "store/bank.h"
#include "store/correction.h"

bool
judge_correct(struct decision *d, const struct event *event,
    const struct placing *placing, struct settler *settler, struct err *e)
{
	unsigned char digest[SHA256_SIZE];

	(void)placing;
	(void)settler;
	if (d->body.p == NULL || d->n_picks != 1)
		return err_set(e, ERR_REQUEST,
		    "POST /v1/events/E%lld/correct takes the payload",
		    (long long)event->seq);
	digest_sha256(d->body, digest);
	return (!span_equal(d->body, event->body) && memcmp(digest,
	    event->digest, SHA256_SIZE) != 0) || err_set(e, ERR_REFUSED,
	    "nothing was changed; retry processes E%lld as it is",
	    (long long)event->seq);
}

bool
judge_reopen(struct decision *d, const struct event *event,
    const struct placing *placing, struct settler *settler, struct err *e)
{
	int64_t by;

	(void)d;
	(void)placing;
	if (!correction_stands(settler_books(settler)->db, event->seq, &by,
	    e))
		return false;
	return by == 0 || err_set(e, ERR_REFUSED, "E%lld was corrected as "
	    "E%lld; dismiss that first", (long long)event->seq,
	    (long long)by);
}

/* ---- doing it --------------------------------------------------------- */

static void
copy(struct work *own, const struct event *from, const struct saying *s)
{
	struct event *event = &own->event;

	event->source = arena_strdup(own->arena, from->source);
	event->topic = arena_strdup(own->arena, from->topic);
	event->correlation = arena_strdup(own->arena, from->correlation);
	event->key = arena_printf(own->arena, "%s~D%lld", from->key,
	    (long long)s->seq);
	event->received = s->at;
	event->occurred = from->occurred;
	event->body = (struct span){ arena_strndup(own->arena, s->body.p,
	    s->body.n), s->body.n };
	event->version = event->attempts = 1;
	digest_sha256(event->body, event->digest);
}

/* What is wrong with it now is what who corrected it wants to know. */
static void
tell(struct saying *s, struct work *work, const struct work *own)
{
	s->made = own->event.seq;
	s->became = own->event.state;
	work->findings = (struct findings){ 0 };
	for (size_t i = 0; i < own->findings.n; i++) {
		const struct finding *f = &own->findings.items[i];

		finding_add(&work->findings, work->arena, f->code, f->value,
		    f->field, f->detail);
	}
}

static bool
send(struct saying *s, struct work *work, struct err *e)
{
	struct work *own = work_new();
	bool ok;

	copy(own, &work->event, s);
	intake_seal(own, s->settler->personal,
	    settler_books(s->settler)->vault);
	if (own->err.code != ERR_NONE) {
		*e = own->err;
		work_free(&own);
		return false;
	}
	s->settler->remap(own, s->settler->arg);
	ok = settle_new(s->settler, own, e);
	/* Somebody sent under that name before. */
	if (ok && own->event.seq != s->seq + 1)
		ok = err_set(e, ERR_KEY_REUSE, "%.80s; try again",
		    own->event.key);
	if (ok)
		tell(s, work, own);
	work_free(&own);
	return ok;
}

bool
act_correct(struct saying *s, struct work *work, struct err *e)
{
	struct books *books = settler_books(s->settler);
	struct correction one = { .event = s->seq + 1,
	    .original = work->event.seq, .decision = s->seq,
	    .actor = s->actor };
	const char *as = arena_id(work->arena, 'E', one.event);

	if (!settle_move(s->settler, work, EVENT_DISMISSED, s->actor,
	    arena_printf(work->arena, "%s; corrected as %s", s->reason, as),
	    e) || !correction_add(books, &one, e) ||
	    /* Else the bank would have said it before, and twice. */
	    !bank_unsay(books, work->event.seq, NULL, 0, e) ||
	    !audit_add(books, s->actor, "corrected", as, event_name(work),
	    arena_printf(work->arena, "signed by nobody; authentic by %s "
	    "reason=%s", s->actor, s->reason), e))
		return false;
	crash_point("correct.between");
	/* Again it is the next row of the log. */
	return books->replaying || send(s, work, e);
}
