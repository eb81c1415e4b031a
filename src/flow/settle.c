/*
 * Settling: the replay check, the document's version, the journal, findings,
 * audit, counts, all in the group's one transaction.  What needs the ledger's
 * state is asked here; everything else was judged before.
 */
#include "flow/inside.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/clock.h"
#include "store/audit.h"
#include "store/bank.h"
#include "store/figure.h"
#include "store/master.h"

void
crash_point(const char *name)
{
	static const char *wanted;
	static bool asked;

	if (!asked) {
		wanted = getenv("BAHI_CRASH");
		asked = true;
	}
	if (wanted != NULL && strcmp(wanted, name) == 0)
		kill(getpid(), SIGKILL);
}

/* ---- opening ---------------------------------------------------------- */

bool
settler_open(struct settler **out, const char *path, settle_remap *remap,
    void *arg, struct err *e)
{
	struct settler *settler = calloc(1, sizeof *settler);

	if (settler == NULL)
		bug("out of memory");
	settler->remap = remap;
	settler->arg = arg;
	settler->arena = arena_new();
	vec_init(&settler->ready, sizeof(struct ready), READY_MAX);
	if (!books_open(&settler->books, path, false, e) ||
	    !keeper_open(&settler->keeper, path, e) ||
	    !master_load(settler->books->db, &settler->reference, e)) {
		settler_close(&settler);
		return false;
	}
	*out = settler;
	return true;
}

void
settler_close(struct settler **sp)
{
	struct settler *settler = *sp;

	if (settler == NULL)
		return;
	reference_drop(&settler->reference);
	keeper_close(&settler->keeper);
	books_close(&settler->books);
	vec_free(&settler->ready);
	arena_free(&settler->arena);
	free(settler);
	*sp = NULL;
}

struct books *
settler_books(struct settler *settler)
{
	return settler->books;
}

void
settler_personal(struct settler *settler, const struct personal *personal)
{
	settler->personal = personal;
}

struct reference *
settler_reference(struct settler *settler)
{
	return reference_hold(settler->reference);
}

bool
settler_reload(struct settler *settler, struct err *e)
{
	struct reference *fresh;

	if (!master_load(settler->books->db, &fresh, e))
		return false;
	reference_drop(&settler->reference);
	settler->reference = fresh;
	return true;
}

bool
settler_rules(struct settler *settler, const char *digest,
    struct span files, struct err *e)
{
	struct books *books = settler->books;
	int64_t seq;

	if (strcmp(books->rules, digest) == 0)
		return true;
	if (!books_begin(books, e))
		return false;
	if (!rules_keep(books, digest, files, e) ||
	    !log_add(books, "rules", clock_now(), "bahid", span_of(digest),
	    &seq, e) ||
	    !audit_add(books, "bahid", "rules", arena_printf(books->arena,
	    "L%lld", (long long)seq), books->rules, digest, e) ||
	    !books_commit(books, e)) {
		books_rollback(books);
		return false;
	}
	snprintf(books->rules_text, sizeof books->rules_text, "%s", digest);
	return true;
}

void
settler_rest(struct settler *settler)
{
	keeper_rest(settler->keeper, settler->books->db);
}

/* Of what posts: what people said of it. */
static void
describe_words(const struct work *work, struct str *audit)
{
	char digest[SHA256_HEX];

	if (work->n_approvals > 0) {
		digest_hex(work->hold.digest, SHA256_SIZE, digest);
		str_addf(audit, " content=%s", digest);
		audit_approvals_digest(work->approvals, work->n_approvals,
		    digest);
		str_addf(audit, " approvals=%s", digest);
	}
	if (work->n_rulings > 0) {
		audit_rulings_digest(work->rulings, work->n_rulings, digest);
		str_addf(audit, " rulings=%s", digest);
	}
}

/* What the audit keeps of this step. Ids of journals are only known after
 * posting, so the text is begun before and ended by post. */
void
describe(const struct work *work, struct str *audit)
{
	char digest[SHA256_HEX];

	digest_hex(work->event.digest, SHA256_SIZE, digest);
	str_adds(audit, "state=");
	str_adds(audit, event_state_name(work->event.state));
	str_adds(audit, " event=");
	str_adds(audit, digest);
	if (work->event.redacted) {
		digest_hex(work->event.kept, SHA256_SIZE, digest);
		str_adds(audit, " kept=");
		str_adds(audit, digest);
	}
	if (work->rule_digest != NULL) {
		str_adds(audit, " rules=");
		str_adds(audit, work->rule_digest);
		str_adds(audit, " generation=");
		str_addi(audit, work->generation);
	}
	for (size_t i = 0; i < work->findings.n; i++) {
		str_adds(audit, " finding=");
		str_adds(audit,
		    finding_info(work->findings.items[i].code)->name);
	}
	if (work->event.state == EVENT_POSTED)
		describe_words(work, audit);
}

const char *
event_name(const struct work *work)
{
	return arena_id(work->arena, 'E', work->event.seq);
}

/* ---- new events ------------------------------------------------------- */

/* The first answer is told again: from what is kept of it. */
static bool
replay(struct settler *settler, struct work *work, int64_t seq,
    struct err *e)
{
	struct event first;
	struct placing placing;
	bool found;

	if (!event_load(settler->books->db, seq, work->arena, &first,
	    &placing, &found, e))
		return false;
	if (!found)
		return err_set(e, ERR_CORRUPT, "event E%lld is missing",
		    (long long)seq);
	if (memcmp(first.digest, work->event.digest, SHA256_SIZE) != 0) {
		work->replayed = false;
		return true;
	}
	work->replayed = true;
	work->came = arena_alloc(work->arena, sizeof *work->came);
	*work->came = work->event;
	work->event = first;
	work->placing = placing;
	if (placing.answer == NULL &&
	    !findings_load(settler->books->db, seq, work->arena,
	    &work->findings, e))
		return false;
	books_tally(settler->books, first.source, "received", 1);
	books_tally(settler->books, first.source, "duplicate", 1);
	return true;
}

static void
judge_reuse(struct work *work, int64_t first)
{
	work_clear(work);
	finding_add(&work->findings, work->arena, FIND_KEY_REUSE,
	    work->event.key, "", arena_printf(work->arena,
	    "first seen as E%lld", (long long)first));
}

/* Same key, other bytes: both are kept, the first one stands. */
static bool
reuse(struct settler *settler, struct work *work, int64_t first,
    struct err *e)
{
	struct books *books = settler->books;
	int64_t seq;

	if (!event_find_reuse(books, &work->event, &seq, e))
		return false;
	books_tally(books, work->event.source, "received", 1);
	if (seq != 0) {
		work->event.seq = seq;
		books_tally(books, work->event.source, "duplicate", 1);
	} else {
		struct str audit;
		bool ok;

		judge_reuse(work, first);
		work->event.state = EVENT_FAILED;
		work->placing = (struct placing){ 0 };
		str_init(&audit, 65536);
		describe(work, &audit);
		ok = event_add(books, &work->event, &work->placing, true,
		    e) && findings_add(books, &work->event, &work->placing,
		    &work->findings, e) &&
		    audit_add(books, work->event.source, "failed",
		    event_name(work), "", audit.p, e);
		str_free(&audit);
		if (!ok)
			return false;
		books_tally(books, work->event.source, "failed", 1);
		if (!figures_move(books, &work->event, &work->placing,
		    &work->findings, EVENT_RECEIVED, true, e))
			return false;
	}
	err_set(&work->err, ERR_KEY_REUSE, "key %.80s came before as E%lld",
	    work->event.key, (long long)first);
	return true;
}

/* ---- senders ---------------------------------------------------------- */

#define FAILING_MAX 1000	/* in a row, and the source is paused */

/* A source that sends only failures is kept but paused. Counted in the order
 * of the log, so that a rebuild pauses it at the same event. */
static bool
count_sender(struct settler *settler, struct work *work, struct err *e)
{
	struct books *books = settler->books;
	struct sender *sender = books_sender(books, work->event.source);

	if (sender->paused)
		return true;
	if (work->event.state != EVENT_FAILED) {
		sender->changed = sender->changed || !sender->good ||
		    sender->failing > 0;
		sender->good = true;
		sender->failing = 0;
		return true;
	}
	sender->changed = true;
	sender->failing++;
	if (sender->failing < FAILING_MAX)
		return true;
	sender->paused = true;
	sender->since = work->event.received;
	return audit_add(books, "bahid", "paused", work->event.source, "",
	    arena_printf(work->arena, "failures=%lld",
	    (long long)sender->failing), e);
}

/* ---- waiting ---------------------------------------------------------- */

static bool
begin_waiting(struct settler *settler, struct work *work, struct err *e)
{
	if (work->event.state == EVENT_HELD)
		return hold_put(settler->books, work->event.seq, &work->hold,
		    e);
	if (work->event.state != EVENT_WAITING)
		return true;
	return wait_add(settler->books, work->event.seq, &work->waiting,
	    work->event.received, e) &&
	    (work->waiting.reason != WAIT_BATCH ||
	    batch_join(settler, work, e));
}

static bool
end_waiting(struct settler *settler, struct work *work, struct err *e)
{
	bool found;

	if (!wait_load(settler->books, work->event.seq, work->arena,
	    &work->waiting, &found, e))
		return false;
	if (!found)
		return err_set(e, ERR_CORRUPT, "E%lld waits for nothing",
		    (long long)work->event.seq);
	return wait_remove(settler->books, work->event.seq, e);
}

/* ---- new events ------------------------------------------------------- */

static bool
add(struct settler *settler, struct work *work,
    const struct standing *standings, struct err *e)
{
	struct books *books = settler->books;
	struct placing *placing = &work->placing;
	bool posts = work->event.state == EVENT_POSTED, ok;
	struct str audit, answer;

	/* The event is written before its journals, which name it; what
	 * posting finds out is foreseen, as only this thread numbers. */
	if (posts)
		post_foresee(settler, work, standings);
	str_init(&answer, 1 << 20);
	if (!posts) {
		/* Only now: a later answer would tell of a later state. */
		work->event.seq = books->seq + 1;
		work_answer(work, &answer);
		placing->answer = arena_strndup(work->arena, answer.p,
		    answer.n);
	}
	str_free(&answer);
	str_init(&audit, 65536);
	describe(work, &audit);
	crash_point("settle.before_event");
	ok = event_add(books, &work->event, placing, false, e);
	crash_point("settle.after_event");
	ok = ok && (!posts || post_pieces(settler, work, standings, &audit,
	    e)) &&
	    findings_add(books, &work->event, placing, &work->findings, e) &&
	    audit_add(books, work->event.source,
	    event_state_name(work->event.state), event_name(work), "",
	    audit.p, e);
	str_free(&audit);
	books_tally(books, work->event.source, "received", 1);
	books_tally(books, work->event.source,
	    event_state_name(work->event.state), 1);
	books_stands(books, work->event.source, placing,
	    event_state_name(work->event.state), 1);
	books_misses(books, &work->event, &work->findings);
	return ok && bank_put(books, work->event.seq, work->event.source,
	    work->bank, work->n_bank, placing, e) &&
	    figures_move(books, &work->event, placing,
	    &work->findings, EVENT_RECEIVED, true, e) &&
	    count_sender(settler, work, e) &&
	    begin_waiting(settler, work, e) &&
	    (!event_state_open(work->event.state) ||
	    batch_arrive(settler, work, e));
}

static bool
moved_on(const struct settler *settler, const struct work *work)
{
	return work->rule_digest != NULL &&
	    (work->generation != settler->books->generation ||
	    strcmp(work->rule_digest, settler->books->rules) != 0);
}

/* It may have waited for a moment only: the batch that it completed is
 * closed. */
static bool
see_again(struct settler *settler, struct work *work, struct err *e)
{
	bool found;

	return work->event.state != EVENT_WAITING ||
	    (event_load(settler->books->db, work->event.seq, work->arena,
	    &work->event, &work->placing, &found, e) &&
	    findings_load(settler->books->db, work->event.seq, work->arena,
	    &work->findings, e));
}

/* What it is told now it is told each time that it comes again. */
static bool
answer_again(struct settler *settler, struct work *work, struct err *e)
{
	enum event_state before = work->event.state;
	struct str answer;
	bool ok;

	if (!see_again(settler, work, e))
		return false;
	if (work->event.state == before)
		return true;
	str_init(&answer, 1 << 20);
	work_answer(work, &answer);
	ok = event_answered(settler->books, work->event.seq,
	    str_span(&answer), e);
	str_free(&answer);
	return ok;
}

bool
settle_new(struct settler *settler, struct work *work, struct err *e)
{
	struct standing *standings;
	int64_t seq;

	settler->now = work->event.received;
	if (!event_find_key(settler->books, work->event.source,
	    work->event.key, &seq, e))
		return false;
	if (seq != 0) {
		if (!replay(settler, work, seq, e))
			return false;
		return work->replayed || reuse(settler, work, seq, e);
	}
	if (moved_on(settler, work))
		settler->remap(work, settler->arg);
	return standing_judge(settler, work, &standings, e) &&
	    add(settler, work, standings, e) && release_all(settler, e) &&
	    answer_again(settler, work, e);
}

bool
settle_keep(struct settler *settler, struct work *work, const char *why,
    struct err *e)
{
	struct standing *standings;

	work->event.wrong = arena_printf(work->arena, EVENT_OURS "%s", why);
	if (!books_begin(settler->books, e))
		return false;
	settler->remap(work, settler->arg);
	if (standing_judge(settler, work, &standings, e) &&
	    add(settler, work, standings, e) &&
	    books_commit(settler->books, e))
		return true;
	books_rollback(settler->books);
	return false;
}

bool
settler_ready(struct settler *settler, struct err *e)
{
	*e = (struct err){ 0 };
	if (!books_begin(settler->books, e))
		return false;
	books_rollback(settler->books);
	return true;
}

bool
settle_group(struct settler *settler, struct work *list, struct ride *rides,
    struct err *e)
{
	struct books *books = settler->books;

	if (!books_begin(books, e))
		return false;
	for (struct work *work = list; work != NULL; work = work->next)
		if (!settle_new(settler, work, e))
			goto fail;
	if (!rides_write(rides, books, e))
		goto fail;
	crash_point("settle.before_commit");
	if (!books_commit(books, e))
		goto fail;
	crash_point("settle.after_commit");
	return true;
fail:
	release_forget(settler);
	books_rollback(books);
	return false;
}

/* ---- events that are kept --------------------------------------------- */

static bool
leave_hold(struct settler *settler, struct work *work, struct err *e)
{
	bool found;

	return hold_find(settler->books->db, work->event.seq, work->arena,
	    &work->hold, &found, e) &&
	    hold_remove(settler->books, work->event.seq, e);
}

bool
leave(struct settler *settler, struct work *work, enum event_state from,
    const struct placing *old, struct err *e)
{
	struct event event = work->event;

	event.state = from;
	books_tally(settler->books, event.source, event_state_name(from),
	    -1);
	books_stands(settler->books, event.source, old,
	    event_state_name(from), -1);
	return figures_leave(settler->books, event.seq, e) &&
	    findings_remove(settler->books, &event, old, e) &&
	    (from != EVENT_HELD || leave_hold(settler, work, e)) &&
	    (from != EVENT_WAITING || end_waiting(settler, work, e));
}

bool
arrive(struct settler *settler, struct work *work, enum event_state from,
    const char *actor, const char *audit, struct err *e)
{
	struct books *books = settler->books;
	struct event *event = &work->event;

	if (!event_state_may(from, event->state))
		bug("E%lld from %s to %s", (long long)event->seq,
		    event_state_name(from), event_state_name(event->state));
	event->version++;
	books_tally(books, event->source, event_state_name(event->state), 1);
	books_stands(books, event->source, &work->placing,
	    event_state_name(event->state), 1);
	return figures_move(books, event, &work->placing, &work->findings,
	    from, strcmp(actor, "bahid") == 0, e) &&
	    event_move(books, event, &work->placing, e) &&
	    findings_add(books, event, &work->placing, &work->findings, e) &&
	    audit_add(books, actor, event_state_name(event->state),
	    event_name(work), event_state_name(from), audit, e) &&
	    begin_waiting(settler, work, e) && batch_arrive(settler, work, e);
}

/* No rule or mapping makes a used key a new one: it never posts. */
static bool
stay_reused(struct settler *settler, struct work *work, struct err *e)
{
	int64_t seq, first;

	if (!event_find_reuse(settler->books, &work->event, &seq, e))
		return false;
	if (seq != work->event.seq)
		return true;
	if (!event_find_key(settler->books, work->event.source,
	    work->event.key, &first, e))
		return false;
	judge_reuse(work, first);
	return true;
}

bool
settle_leave_batch(struct settler *settler, struct work *work, struct err *e)
{
	struct waiting *w = &work->waiting;
	bool found;

	if (work->event.state != EVENT_WAITING)
		return true;
	return wait_load(settler->books, work->event.seq, work->arena, w,
	    &found, e) && (!found || w->reason != WAIT_BATCH ||
	    batch_leave(settler, work, e));
}

bool
remap_kept(struct settler *settler, struct work *work, struct err *e)
{
	if (!rulings_load(settler->books->db, work->event.seq, work->arena,
	    &work->rulings, &work->n_rulings, e))
		return false;
	settler->remap(work, settler->arg);
	return true;
}

bool
settle_once_more(struct settler *settler, struct work *work,
    const char *actor, struct err *e)
{
	enum event_state from = work->event.state;
	struct placing old = work->placing;
	struct standing *standings;
	struct str audit;
	bool ok;

	/* What was our own fault then is judged like any other now. */
	if (event_ours(&work->event))
		work->event.wrong = NULL;
	if (!remap_kept(settler, work, e) || !stay_reused(settler, work, e) ||
	    !settle_leave_batch(settler, work, e) ||
	    !leave(settler, work, from, &old, e) ||
	    !standing_judge(settler, work, &standings, e))
		return false;
	work->event.attempts++;
	str_init(&audit, 65536);
	describe(work, &audit);
	ok = (work->event.state != EVENT_POSTED ||
	    post_pieces(settler, work, standings, &audit, e)) &&
	    bank_unsay(settler->books, work->event.seq, work->bank,
	    work->n_bank, e) &&
	    bank_put(settler->books, work->event.seq, work->event.source,
	    work->bank, work->n_bank, &work->placing, e) &&
	    arrive(settler, work, from, actor, audit.p, e);
	str_free(&audit);
	return ok;
}

bool
settle_again(struct settler *settler, struct work *work, const char *actor,
    struct err *e)
{
	return settle_once_more(settler, work, actor, e) &&
	    release_all(settler, e) && see_again(settler, work, e);
}

bool
move_once(struct settler *settler, struct work *work,
    enum event_state state, const char *actor, const char *reason,
    struct err *e)
{
	enum event_state from = work->event.state;
	struct placing old = work->placing;

	if (!settle_leave_batch(settler, work, e) ||
	    !findings_load(settler->books->db, work->event.seq, work->arena,
	    &work->findings, e) || !leave(settler, work, from, &old, e))
		return false;
	work->event.state = state;
	return arrive(settler, work, from, actor,
	    arena_printf(work->arena, "state=%s reason=%s",
	    event_state_name(state), reason), e);
}

bool
settle_move(struct settler *settler, struct work *work,
    enum event_state state, const char *actor, const char *reason,
    struct err *e)
{
	return move_once(settler, work, state, actor, reason, e) &&
	    release_all(settler, e);
}
