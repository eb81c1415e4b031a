/*
 * Looking at an event again without changing it: would it post today what it
 * posted then?  And the moments that the clock brings: a window opens, a
 * batch's hour comes, somebody waited too long.
 */
#include "flow/inside.h"

#include <stdio.h>

#include "book/money.h"
#include "core/clock.h"
#include "core/json.h"
#include "flow/due.h"

/* ---- the same or not -------------------------------------------------- */

static bool
load_kept(struct settler *settler, struct work *work, size_t part,
    struct span *body, struct journal *journal, struct err *e)
{
	static const char SQL[] =
	    "SELECT body, journal FROM document_version WHERE id = $1";
	struct books *books = settler->books;
	int64_t version = VERSION_ID(work->event.seq, (int64_t)part), id;
	struct stmt *s = db_stmt(books->db, SQL);
	struct journal_head head;
	enum step step;
	bool found;

	*journal = (struct journal){ 0 };
	*body = (struct span){ NULL, 0 };
	stmt_int(s, 1, version);
	step = stmt_step(s, e);
	if (step != STEP_ROW)
		return step == STEP_DONE;
	*body = col_span(s, 0);
	body->p = arena_strndup(work->arena, body->p, body->n);
	id = col_int(s, 1);
	stmt_reset(s);
	if (!share_load(books->db, version, work->arena, journal, e))
		return false;
	return id == 0 || journal->n_entries > 0 || journal_load(books->db,
	    id, work->arena, journal, &head, &found, e);
}

static bool
same_piece(struct settler *settler, struct work *work, size_t part,
    bool *same, struct err *e)
{
	const struct piece *piece = &work->pieces[part];
	unsigned char entries[SHA256_SIZE];
	struct journal kept;
	struct span body;

	if (!load_kept(settler, work, part, &body, &kept, e))
		return false;
	*same = body.p != NULL && span_equal(body, piece->body);
	if (*same && piece->has_journal) {
		entries_digest(&kept, entries);
		*same = digest_equal(entries, piece->entries, SHA256_SIZE);
	}
	return true;
}

bool
settle_compare(struct settler *settler, struct work *work, bool *same,
    struct err *e)
{
	if (!remap_kept(settler, work, e))
		return false;
	*same = work->n_pieces > 0 && !findings_block(&work->findings);
	for (size_t i = 0; *same && i < work->n_pieces; i++)
		if (!same_piece(settler, work, i, same, e))
			return false;
	return true;
}

/* ---- what the clock brings -------------------------------------------- */

static bool wake(struct settler *, int64_t seq, struct err *);

/* The control of a batch goes first: it says by how much it failed while all
 * its members are still there. */
static bool
expire_control(struct settler *settler, const struct waiting *w,
    const struct batch_row *batch, struct err *e)
{
	return w->reason != WAIT_BATCH || w->control || batch->control == 0 ||
	    wake(settler, batch->control, e);
}

static bool
expire(struct settler *settler, struct work *work, struct err *e)
{
	enum event_state from = work->event.state;
	struct placing old = work->placing;
	const struct waiting *w = &work->waiting;
	struct batch_row batch;
	struct str rest;

	if (!batch_find(settler->books, w->key, work->arena, &batch, e) ||
	    !expire_control(settler, w, &batch, e) ||
	    !settle_leave_batch(settler, work, e) ||
	    !leave(settler, work, from, &old, e))
		return false;
	work->event.state = EVENT_FAILED;
	if (w->reason == WAIT_BATCH && w->control) {
		struct money m = { .minor = batch.total -
		    batch.control_total };

		str_init(&rest, 64);
		memcpy(m.currency, batch.currency, strnlen(batch.currency, 3));
		money_plain(m, &rest);
		finding_add(&work->findings, work->arena, FIND_CONTROL,
		    rest.p, "", arena_printf(work->arena,
		    "%lld documents", (long long)batch.n));
		str_free(&rest);
	} else {
		finding_add(&work->findings, work->arena, FIND_WAIT_EXPIRED,
		    w->key, "", wait_reason_name(w->reason));
	}
	return arrive(settler, work, from, "bahid", "state=failed reason=time",
	    e);
}

/* *found: it is there, and waits. */
static bool
load_waiting(struct settler *settler, int64_t seq, struct work *work,
    bool *found, struct err *e)
{
	if (!event_load(settler->books->db, seq, work->arena, &work->event,
	    &work->placing, found, e))
		return false;
	*found = *found && work->event.state == EVENT_WAITING;
	return !*found || wait_load(settler->books, seq, work->arena,
	    &work->waiting, found, e);
}

/* Too late: what was approved so far is no more. It names the policies. */
static bool
expire_hold(struct settler *settler, struct work *work, struct err *e)
{
	enum event_state from = work->event.state;
	struct placing old = work->placing;
	struct findings held;

	if (!findings_load(settler->books->db, work->event.seq, work->arena,
	    &held, e) || !leave(settler, work, from, &old, e) ||
	    !approvals_forget(settler->books, work->event.seq, e))
		return false;
	work->event.state = EVENT_FAILED;
	work->findings.n = 0;
	for (size_t i = 0; i < held.n; i++)
		if (held.items[i].code == FIND_APPROVAL)
			finding_add(&work->findings, work->arena,
			    FIND_APPROVAL_EXPIRED, held.items[i].value, "",
			    held.items[i].detail);
	return arrive(settler, work, from, "bahid", "state=failed reason=time",
	    e);
}

static bool
wake(struct settler *settler, int64_t seq, struct err *e)
{
	struct work *work = work_new();
	bool found, ok;

	ok = load_waiting(settler, seq, work, &found, e);
	if (ok && work->event.state == EVENT_HELD)
		ok = expire_hold(settler, work, e);
	/* A control that nothing came for may be right. */
	if (ok && found && work->waiting.reason == WAIT_BATCH &&
	    work->waiting.control)
		ok = batch_close(settler, work->waiting.key, true, e) &&
		    load_waiting(settler, seq, work, &found, e);
	if (ok && found) {
		work->in_window = work->waiting.reason == WAIT_WINDOW;
		ok = work->in_window ?
		    settle_again(settler, work, "bahid", e) :
		    expire(settler, work, e);
	}
	work_free(&work);
	return ok;
}

bool
due_wake(struct settler *settler, const int64_t *events, size_t n,
    struct err *e)
{
	for (size_t i = 0; i < n; i++)
		if (!wake(settler, events[i], e))
			return false;
	return release_all(settler, e);
}

bool
due_close(struct settler *settler, const char *batch, struct err *e)
{
	return batch_close(settler, batch, true, e) &&
	    release_all(settler, e);
}

/* The log names what was done, so that a rebuild needs no clock. */
static bool
log_due(struct settler *settler, const char *batch, const int64_t *events,
    size_t n, struct err *e)
{
	struct str body;
	struct json j;
	int64_t seq;
	bool ok;

	settler->now = clock_now();
	str_init(&body, 1 << 20);
	json_start(&j, &body);
	json_open(&j, '{');
	json_kstr(&j, "action", batch != NULL ? "close" : "wake");
	if (batch != NULL)
		json_kstr(&j, "batch", batch);
	json_key(&j, "events");
	json_open(&j, '[');
	for (size_t i = 0; i < n; i++)
		json_int(&j, events[i]);
	json_close(&j, ']');
	json_close(&j, '}');
	ok = log_add(settler->books, "decision", settler->now, "bahid",
	    str_span(&body), &seq, e) && audit_add(settler->books, "bahid",
	    "clock", arena_printf(settler->books->arena, "D%lld",
	    (long long)seq), "", body.p, e);
	str_free(&body);
	return ok;
}

#define AT_ONCE 200	/* events of one commit */
#define BATCHES 20	/* that cannot be closed, of one turn */

/* One batch, or some events, in a transaction of their own. */
static bool
do_due(struct settler *settler, const char *batch, const int64_t *events,
    size_t n, struct err *e)
{
	if (!books_begin(settler->books, e))
		return false;
	if (log_due(settler, batch, events, n, e) &&
	    (batch != NULL ? due_close(settler, batch, e) :
	    due_wake(settler, events, n, e))) {
		crash_point("due.before_commit");
		if (books_commit(settler->books, e))
			return true;
	}
	release_forget(settler);
	books_rollback(settler->books);
	return false;
}

struct turn {
	struct settler *settler;
	int64_t now;
	struct due_mark *mark;
	struct arena *arena;
	bool more;
};

/* One that cannot be closed keeps no other from it. */
static bool
close_due(struct turn *t, struct err *e)
{
	struct due_mark *mark = t->mark;
	bool ok = true;

	for (int i = 0; i < BATCHES && !t->more; i++) {
		struct err again = { 0 };
		const char *batch;

		if (!batch_due(t->settler->books, t->now, mark->batch,
		    t->arena, &batch, e))
			return false;
		snprintf(mark->batch, sizeof mark->batch, "%s",
		    batch != NULL ? batch : "");
		if (batch == NULL)
			break;
		t->more = do_due(t->settler, batch, NULL, 0,
		    ok ? e : &again);
		ok = ok && t->more;
	}
	return ok;
}

/* Nor does one that cannot be woken, or many: those behind them are next. */
static bool
wake_these(struct turn *t, const int64_t *events, size_t n, struct err *e)
{
	if (n == 0 || do_due(t->settler, NULL, events, n, e)) {
		t->more = n == AT_ONCE;
		return true;
	}
	for (size_t i = 0; n > 1 && i < n; i++) {
		struct err again = { 0 };

		t->more = do_due(t->settler, NULL, &events[i], 1, &again) ||
		    t->more;
	}
	return false;
}

static bool
wake_due(struct turn *t, struct err *e)
{
	int64_t *events;
	size_t n;

	if (!wait_due(t->settler->books, t->now, &t->mark->wait, t->arena,
	    &events, &n, AT_ONCE, e))
		return false;
	if (n < AT_ONCE)
		t->mark->wait = (struct wait_mark){ 0 };
	return wake_these(t, events, n, e);
}

/* Nobody approved them in time. */
static bool
expire_due(struct turn *t, struct err *e)
{
	int64_t *events;
	size_t n;

	if (!hold_due(t->settler->books, t->now, t->mark->hold, t->arena,
	    &events, &n, AT_ONCE, e))
		return false;
	t->mark->hold = n < AT_ONCE ? 0 : events[n - 1];
	return wake_these(t, events, n, e);
}

bool
due_settle(struct settler *settler, int64_t now, struct due_mark *mark,
    bool *more, struct err *e)
{
	struct turn t = { .settler = settler, .now = now, .mark = mark,
	    .arena = arena_new() };
	struct err again = { 0 };
	bool ok;

	ok = close_due(&t, e);
	if (!t.more)
		ok = wake_due(&t, ok ? e : &again) && ok;
	if (!t.more)
		ok = expire_due(&t, ok ? e : &again) && ok;
	*more = t.more;
	arena_free(&t.arena);
	return ok;
}

bool
due_any(struct db *db, int64_t now, bool *any, struct err *e)
{
	static const char SQL[] = "SELECT"
	    " EXISTS (SELECT 1 FROM wait WHERE until <= $1) OR"
	    " EXISTS (SELECT 1 FROM hold WHERE expires <= $1) OR"
	    " EXISTS (SELECT 1 FROM batch WHERE due <= $1)";
	struct stmt *s = db_stmt(db, SQL);

	stmt_int(s, 1, now);
	if (stmt_step(s, e) != STEP_ROW)
		return false;
	*any = col_int(s, 0) != 0;
	stmt_reset(s);
	return true;
}
