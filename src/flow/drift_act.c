/* Acts on drift: judged, made into events where they need one, and kept. */
#include "flow/drift_act.h"

#include <string.h>

#include "core/clock.h"
#include "flow/contest.h"
#include "flow/inside.h"
#include "flow/intake.h"
#include "store/outbox.h"

#define PIECE 20		/* rows between two groups of deliveries */

static bool
is(const char *a, const char *b)
{
	return strcmp(a, b) == 0;
}

/* ---- what may be said ------------------------------------------------- */

const char *
drift_refuses(const char *act, enum drift_kind kind, int64_t journal,
    const struct adapter *adapter)
{
	bool stranger = kind == DRIFT_UNKNOWN && journal == 0;

	if (is(act, "ignore"))
		return NULL;
	if (kind == DRIFT_DOUBLED)
		return "one of the two is to be deleted there";
	if (is(act, "adopt"))
		return kind == DRIFT_UNKNOWN ? NULL : "it is ours already";
	if (is(act, "theirs") && kind == DRIFT_CONFLICT)
		return "amend the document, then skip or retry the commit";
	if (is(act, "theirs"))
		return kind != DRIFT_UNKNOWN ? NULL : "adopt takes it over";
	if (stranger)
		return "we have nothing of it";
	if ((kind == DRIFT_CHANGED || kind == DRIFT_CANCELLED) &&
	    adapter->restore == NULL)
		return "what is booked there cannot be changed from here";
	return NULL;
}

/* ---- the document that takes it ---------------------------------------- */

struct taking {
	struct drift_order *order;
	struct drift_pick *pick;
	struct db *db;
	const struct reference *reference;
	struct side ours, theirs;
	struct arena *arena;
};

/* Ours for one of theirs; of several the one that ours has in this posting. */
static bool
map_back(struct taking *t, const char *dimension, const char *theirs,
    const char *hint, const char **out, struct err *e)
{
	const char **all;
	size_t n;

	*out = NULL;
	if (theirs == NULL || *theirs == '\0')
		return true;
	if (!mapped_back(t->db, t->order->target, dimension, theirs,
	    t->arena, &all, &n, e))
		return false;
	for (size_t i = 0; i < n; i++)
		if (n == 1 || (hint != NULL && is(hint, all[i])))
			*out = all[i];
	if (*out == NULL)
		t->pick->why = n == 0 ? arena_printf(t->arena, "no %s of ours"
		    " stands for %.80s", dimension, theirs) :
		    arena_printf(t->arena, "several of ours stand for %s "
		    "%.80s", dimension, theirs);
	return true;
}

static bool
take_line(struct taking *t, const struct posting_line *from,
    struct document_line *line, struct err *e)
{
	*line = (struct document_line){ .type = "entry",
	    .amount = from->amount,
	    .memo = from->memo != NULL && *from->memo != '\0' ? from->memo :
	    NULL };
	if (!map_back(t, "account", from->account, from->ours,
	    &line->account, e) ||
	    !map_back(t, "party", from->party, NULL, &line->party, e) ||
	    !map_back(t, "cost_centre", from->cost_centre, NULL,
	    &line->cost_centre, e) ||
	    !map_back(t, "tax_code", from->tax_code, NULL, &line->tax_code,
	    e) || !map_back(t, "item", from->item, NULL, &line->item, e) ||
	    !map_back(t, "location", from->location, NULL, &line->location,
	    e))
		return false;
	if (line->cost_centre == NULL)
		line->cost_centre = t->order->cost_centre;
	return true;
}

/* What would make ours theirs. What is not there, or counts for nothing, is
 * nothing. */
static void
find_delta(struct taking *t, struct posting_line **lines, size_t *n)
{
	const struct drift_row *row = &t->pick->row;
	bool counts = *row->theirs != '\0' && is(t->theirs.state, "booked");

	side_delta(*row->ours != '\0' ? &t->ours : NULL,
	    counts ? &t->theirs : NULL, t->arena, lines, n);
}

/* On its own day while that is open. */
static bool
find_day(struct taking *t, struct document *document)
{
	const struct side *side = *t->pick->row.theirs != '\0' ? &t->theirs :
	    &t->ours;
	const char *state;

	document->date = side->date;
	state = reference_period(t->reference, document->entity,
	    document->date);
	return (state != NULL && is(state, "open")) || reference_next_open(
	    t->reference, document->entity, document->date,
	    &document->posting);
}

static void
fill(struct taking *t, struct document *document)
{
	const struct drift_row *row = &t->pick->row;

	*document = (struct document){ .kind = DOC_JOURNAL_VOUCHER,
	    .entity = row->entity, .currency = row->currency,
	    .number = arena_printf(t->arena, "%s-T%lld-%lld", row->target,
	    (long long)row->id, (long long)row->version),
	    .reference = *row->remote_number != '\0' ? row->remote_number :
	    *row->remote != '\0' ? row->remote : NULL,
	    .memo = arena_printf(t->arena, "%s %s%s%s", row->target,
	    t->order->act, *t->order->reason != '\0' ? ": " : "",
	    t->order->reason) };
	t->pick->number = document->number;
}

static void
write_body(struct taking *t, const struct document *document)
{
	struct str body;
	struct json j;

	str_init(&body, (size_t)16 << 20);
	json_start(&j, &body);
	json_open(&j, '{');
	json_kstr(&j, "reason", t->order->reason);
	json_kstr(&j, "target", t->order->target);
	json_kstr(&j, "drift", arena_id(t->arena, 'T', t->pick->id));
	json_key(&j, "documents");
	json_open(&j, '[');
	json_open(&j, '{');
	json_kint(&j, "base_version", 0);
	json_key(&j, "document");
	json_raw(&j, document_body(document, t->arena));
	json_close(&j, '}');
	json_close(&j, ']');
	json_close(&j, '}');
	t->pick->body = (struct span){ arena_strndup(t->arena, body.p,
	    body.n), body.n };
	str_free(&body);
}

static bool
take_lines(struct taking *t, struct document *document,
    const struct posting_line *lines, size_t n, struct err *e)
{
	document->lines = arena_alloc(t->arena, (n + 1) *
	    sizeof *document->lines);
	for (size_t i = 0; i < n && t->pick->why == NULL; i++) {
		if (!take_line(t, &lines[i],
		    &document->lines[document->n_lines++], e))
			return false;
		if (lines[i].amount > 0)
			document->total += lines[i].amount;
	}
	return true;
}

static bool
make_event(struct taking *t, struct err *e)
{
	struct drift_row *row = &t->pick->row;
	struct posting_line *lines;
	struct document document;
	size_t n;

	if ((*row->ours != '\0' && !side_decode(span_of(row->ours), t->arena,
	    &t->ours, e)) || (*row->theirs != '\0' &&
	    !side_decode(span_of(row->theirs), t->arena, &t->theirs, e)))
		return false;
	find_delta(t, &lines, &n);
	if (*row->entity == '\0' && t->order->entity != NULL)
		row->entity = t->order->entity;
	if (n == 0 && is(t->ours.date.text, t->theirs.date.text))
		return true;	/* the same sums in other lines */
	if (*row->entity == '\0')
		t->pick->why = "it is not said of which entity it is";
	else if (n == 0)
		t->pick->why = "only the day differs: amend the document's, "
		    "or correct it there";
	else if (n > DOCUMENT_LINES_MAX)
		t->pick->why = "too many lines for one document";
	if (t->pick->why != NULL)
		return true;
	fill(t, &document);
	if (!take_lines(t, &document, lines, n, e))
		return false;
	if (t->pick->why == NULL && !find_day(t, &document))
		t->pick->why = "no period is open for it";
	if (t->pick->why == NULL)
		write_body(t, &document);
	return true;
}

/* ---- before the writer ------------------------------------------------- */

/* Has it moved since the person saw it? */
static const char *
judge(const struct drift_order *order, const struct drift_pick *pick,
    const struct drift_row *row, bool found)
{
	if (!found || !is(row->target, order->target))
		return "there is none";
	if (row->version != pick->version)
		return "it has changed since";
	if (is(row->state, "asked"))
		return "it is under way";
	if (is(row->state, "closed"))
		return "it is closed";
	return drift_refuses(order->act, row->kind, row->journal,
	    order->adapter);
}

static bool
prepare_one(struct drift_order *order, struct drift_pick *pick,
    struct db *db, const struct reference *reference, struct err *e)
{
	struct taking t = { .order = order, .pick = pick, .db = db,
	    .reference = reference, .arena = order->arena };
	bool found;

	if (!drift_load(db, pick->id, order->arena, &pick->row, &found, e))
		return false;
	pick->why = judge(order, pick, &pick->row, found);
	if (pick->why != NULL)
		return true;
	if (is(order->act, "theirs") || (is(order->act, "adopt") &&
	    pick->row.journal == 0))
		return make_event(&t, e);
	return true;
}

bool
drift_prepare(struct drift_order *order, struct db *db,
    const struct reference *reference, struct err *e)
{
	for (size_t i = 0; i < order->n; i++)
		if (!prepare_one(order, &order->picks[i], db, reference, e))
			return false;
	return true;
}

/* ---- on the writer's thread -------------------------------------------- */

static void
say(const struct drift_order *order, struct drift_row *row)
{
	row->act = order->act;
	row->actor = order->actor;
	row->reason = order->reason;
	row->words = "";
	row->at = clock_now();
}

static bool
audit(struct books *books, const struct drift_order *order,
    const struct drift_row *row, struct err *e)
{
	return audit_add(books, order->actor, arena_printf(books->arena,
	    "target.drift.%s", order->act), arena_printf(books->arena,
	    "%s/T%lld", row->target, (long long)row->id),
	    drift_kind_name(row->kind), arena_printf(books->arena,
	    "journal=J%lld remote=%s version=%lld event=E%lld reason=%s",
	    (long long)row->journal, row->remote, (long long)row->version,
	    (long long)row->event, row->reason), e);
}

/* It goes again, and is asked for first: if it is there it is done. Its time
 * stays that of the last word on it, since nothing went after that. */
static bool
send_again(struct books *books, const struct drift_order *order,
    const struct drift_row *row, struct err *e)
{
	struct commit_try try = { .at = clock_now(), .act = "resend",
	    .actor = order->actor, .words = order->reason };
	struct commit_row commit;
	bool found, behind;

	if (!commit_load(books->db, row->target, row->journal, books->arena,
	    &commit, &found, e))
		return false;
	if (!found || commit.state == COMMIT_SENDING ||
	    commit.state == COMMIT_RETRYING || commit.state == COMMIT_WAITING)
		return true;
	commit.asked = true;
	commit.attempts = 0;
	commit.actor = order->actor;
	commit.reason = order->reason;
	if (!commit_in_turn(books, &commit, try.at, &behind, e))
		return false;
	try.outcome = commit_state_name(commit.state);
	return commit_put(books, &commit, e) &&
	    commit_try_add(books, &commit, &try, e);
}

/* The commit that met a change goes again, made against what is there now. */
static bool
note_met(struct books *books, const struct drift_row *row, struct err *e)
{
	struct known met;
	bool found;

	if (!known_load(books->db, row->target, row->journal, books->arena,
	    &met, &found, e))
		return false;
	if (!found || met.undoes == 0 || *row->remote_version == '\0')
		return true;
	if (!known_load(books->db, row->target, met.undoes, books->arena,
	    &met, &found, e))
		return false;
	met.remote = row->remote;
	met.version = row->remote_version;
	return !found || known_note(books, row->target, &met, e);
}

/* Of the commit that it corrects: what is there now is what we know of. Where
 * that is nothing, whatever comes back there is a change. */
static bool
note_accepted(struct books *books, const struct drift_row *row,
    const char *held, bool booked, struct err *e)
{
	struct known known;
	bool found;

	if (row->journal == 0)
		return true;
	if (!known_load(books->db, row->target, row->journal, books->arena,
	    &known, &found, e))
		return false;
	if (!found || (!booked && *row->remote != '\0' &&
	    !is(row->remote, known.remote)))
		return true;
	known.version = booked ? row->remote_version : "";
	known.held = booked ? held : "";
	return known_note(books, row->target, &known, e);
}

/* Other lines, the same sums: there is nothing to post. */
static bool
accept_plain(struct books *books, const struct drift_row *row, struct err *e)
{
	char held[SHA256_HEX];
	struct side theirs;

	if (!side_decode(span_of(row->theirs), books->arena, &theirs, e))
		return false;
	side_held(&theirs, held);
	return note_accepted(books, row, held, true, e);
}

/* What the looker asks of the target itself stays asked until it has. */
static bool
do_plain(struct books *books, const struct drift_order *order,
    struct drift_row *row, struct err *e)
{
	bool sends = row->kind == DRIFT_MISSING || row->kind ==
	    DRIFT_CONFLICT || row->kind == DRIFT_UNKNOWN;

	say(order, row);
	row->state = is(order->act, "ignore") || is(order->act, "theirs") ?
	    "closed" : "asked";
	if (is(order->act, "theirs") && !accept_plain(books, row, e))
		return false;
	if (is(row->state, "asked") && ((row->kind == DRIFT_CONFLICT &&
	    !note_met(books, row, e)) ||
	    (sends && !send_again(books, order, row, e))))
		return false;
	return drift_put(books, row, e) && audit(books, order, row, e);
}

static struct work *
make_work(const struct drift_order *order, const struct drift_pick *pick)
{
	struct work *work = work_new();
	struct event *event = &work->event;

	event->source = arena_printf(work->arena, DESK "%s", order->actor);
	event->key = arena_printf(work->arena, "target-%s", pick->number);
	event->topic = DESK_TOPIC;
	event->received = clock_now();
	event->body = (struct span){ arena_strndup(work->arena, pick->body.p,
	    pick->body.n), pick->body.n };
	event->version = event->attempts = 1;
	digest_sha256(event->body, event->digest);
	return work;
}

/* The link stands before the journal, so that posting finds it. What cannot
 * post is not kept: the one who asks is there. */
static bool
settle(struct settler *settler, struct drift_order *order,
    struct drift_pick *pick, struct work *work, struct err *e)
{
	struct books *books = settler_books(settler);
	struct drift_row *row = &pick->row;

	say(order, row);
	row->state = "asked";
	row->event = books->seq + 1;
	if (!drift_put(books, row, e))
		return false;
	settler->remap(work, settler->arg);
	if (!settle_new(settler, work, e))
		return false;
	if (work->replayed || work->event.seq != row->event ||
	    work->event.state == EVENT_FAILED ||
	    work->event.state == EVENT_CONFLICT) {
		pick->why = arena_printf(order->arena, "it would not post: "
		    "%s %.120s", work->findings.n > 0 ? finding_info(
		    work->findings.items[0].code)->name : "",
		    work->findings.n > 0 ? work->findings.items[0].value :
		    "");
		return false;
	}
	pick->event = row->event;
	pick->held = work->event.state == EVENT_HELD;
	return audit(books, order, row, e);
}

static void
do_event(struct settler *settler, struct drift_order *order,
    struct drift_pick *pick)
{
	struct books *books = settler_books(settler);
	struct work *work = make_work(order, pick);
	struct err e = { 0 };

	crash_point("drift.before_event");
	if (books_begin(books, &e)) {
		if (settle(settler, order, pick, work, &e) &&
		    books_commit(books, &e)) {
			crash_point("drift.after_event");
			work_free(&work);
			return;
		}
		release_forget(settler);
		books_rollback(books);
	}
	pick->event = 0;
	if (pick->why == NULL)
		pick->why = arena_strdup(order->arena, e.why);
	work_free(&work);
}

/* As the writer sees it now. */
static void
look_again(struct books *books, struct drift_order *order,
    struct drift_pick *pick)
{
	struct drift_row row;
	struct err e = { 0 };
	bool found;

	if (!drift_load(books->db, pick->id, order->arena, &row, &found, &e))
		pick->why = arena_strdup(order->arena, e.why);
	else
		pick->why = judge(order, pick, &row, found);
}

static bool
do_rows(struct books *books, struct drift_order *order, size_t end,
    struct err *e)
{
	for (size_t i = order->at; i < end; i++) {
		struct drift_pick *pick = &order->picks[i];

		if (pick->why == NULL && pick->body.n == 0 &&
		    !do_plain(books, order, &pick->row, e))
			return false;
	}
	return true;
}

static void
do_piece(struct settler *settler, struct drift_order *order, size_t end)
{
	struct books *books = settler_books(settler);
	struct err e = { 0 };
	bool ok;

	for (size_t i = order->at; i < end; i++)
		if (order->picks[i].why == NULL)
			look_again(books, order, &order->picks[i]);
	for (size_t i = order->at; i < end; i++)
		if (order->picks[i].why == NULL && order->picks[i].body.n > 0)
			do_event(settler, order, &order->picks[i]);
	ok = books_begin(books, &e);
	if (ok && !(do_rows(books, order, end, &e) &&
	    books_commit(books, &e))) {
		books_rollback(books);
		ok = false;
	}
	for (size_t i = order->at; !ok && i < end; i++)
		if (order->picks[i].why == NULL &&
		    order->picks[i].body.n == 0)
			order->picks[i].why = arena_strdup(order->arena,
			    e.why);
}

bool
drift_step(struct settler *settler, void *arg)
{
	struct drift_order *order = arg;
	size_t end = order->at + PIECE < order->n ? order->at + PIECE :
	    order->n;

	do_piece(settler, order, end);
	for (; order->at < end; order->at++)
		order->done += order->picks[order->at].why == NULL;
	if (order->at < order->n)
		return true;
	order->finished(order);
	return false;
}

/* ---- once it posts ----------------------------------------------------- */

static bool
link_commit(struct books *books, const struct drift_row *row,
    const struct piece *piece, const char *held, struct err *e)
{
	const struct document *document = &piece->document;
	int64_t now = clock_now();
	const struct commit_row commit = { .target = row->target,
	    .journal = piece->journal.id, .entity = document->entity,
	    .kind = document_kind_name(document->kind),
	    .number = document->number, .version = 1,
	    .state = COMMIT_DONE, .refusal = "", .cause = "", .words = "",
	    .remote = row->remote, .remote_number = row->remote_number,
	    .remote_version = row->remote_version, .sent = "",
	    .held = held, .actor = row->actor, .reason = row->reason,
	    .first = now, .at = now };
	const struct commit_try try = { .at = now, .act = "take",
	    .outcome = commit_state_name(COMMIT_DONE), .actor = row->actor,
	    .words = row->reason };

	return commit_put(books, &commit, e) &&
	    commit_try_add(books, &commit, &try, e);
}

static bool
link_row(struct books *books, struct drift_row *row,
    const struct piece *piece, struct err *e)
{
	char held[SHA256_HEX] = "";
	struct side theirs = { .state = "" };

	if (*row->theirs != '\0') {
		if (!side_decode(span_of(row->theirs), books->arena, &theirs,
		    e))
			return false;
		side_held(&theirs, held);
	}
	row->state = "closed";
	row->at = clock_now();
	return link_commit(books, row, piece, row->journal == 0 ? held : "",
	    e) && note_accepted(books, row, held,
	    is(theirs.state, "booked"), e) &&
	    drift_put(books, row, e);
}

bool
drift_posted(struct settler *settler, const struct work *work,
    struct err *e)
{
	struct books *books = settler_books(settler);
	struct drift_row row;
	bool found;

	if (books->replaying || strncmp(work->event.source, DESK,
	    sizeof DESK - 1) != 0)
		return true;
	if (!drift_linked(books->db, NULL, work->event.seq, books->arena,
	    &row, &found, e))
		return false;
	return !found || !is(row.state, "asked") ||
	    !work->pieces[0].has_journal ||
	    link_row(books, &row, &work->pieces[0], e);
}
