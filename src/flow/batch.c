/*
 * Many documents as one balanced entry: a day's sales, a payout's payments.
 * Members wait until the batch is complete: when its control document says
 * what it must add up to and it does, or when its hour has come.
 */
#include "flow/inside.h"

#include "book/money.h"
#include "core/clock.h"
#include "flow/sum.h"
#include "store/bank.h"

const char *
batch_key(struct work *work)
{
	const struct document *d = &work->pieces[0].document;

	return arena_printf(work->arena, "%s/%s/%s", d->entity,
	    work->event.source, d->batch != NULL ? d->batch : d->date.text);
}

static bool
is_control(const struct document *d)
{
	return d->kind == DOC_SETTLEMENT && d->has_control;
}

/* Money in is counted, money out taken off, unless the rule says better. */
static int64_t
weight(const struct document *d)
{
	if (d->has_control)
		return d->control_total;
	switch (d->kind) {
	case DOC_REFUND:
	case DOC_CREDIT_NOTE:
	case DOC_PURCHASE_INVOICE:
		return -d->total;
	default:
		return d->total;
	}
}

static bool
may_count(const struct work *work, size_t part)
{
	const struct document *d = &work->pieces[part].document;

	return !is_control(d) && strcmp(d->entity,
	    work->pieces[0].document.entity) == 0;
}

/* Of an event with several documents those count for which the rule says what
 * they add; when it says so of none, those whose kind goes by batches. What
 * is in another entity is not of this batch. */
static bool
counts(struct settler *settler, const struct work *work, size_t part)
{
	const struct document *d = &work->pieces[part].document;
	const struct flow *flow;

	if (!may_count(work, part))
		return false;
	for (size_t i = 0; i < work->n_pieces; i++)
		if (may_count(work, i) && work->pieces[i].document.has_control)
			return d->has_control;
	if (part == 0)
		return true;
	flow = reference_flow(settler->reference, work->event.source,
	    document_kind_name(d->kind), d->entity);
	return flow != NULL && flow->pattern == FLOW_BATCH;
}

void
batch_weigh(struct settler *settler, struct work *work)
{
	const struct document *first = &work->pieces[0].document;
	struct waiting *w = &work->waiting;

	w->weight = w->documents = 0;
	w->control = is_control(first);
	w->document = document_key(work->arena, first);
	for (size_t i = 0; !w->control && i < work->n_pieces; i++) {
		if (!counts(settler, work, i))
			continue;
		w->weight += weight(&work->pieces[i].document);
		w->documents++;
	}
}

/* What counts in another currency than that of the batch, unless the rule
 * says what it adds; NULL: nothing. */
static const char *
foreign(struct settler *settler, const struct work *work,
    const char *currency)
{
	for (size_t i = 0; i < work->n_pieces; i++) {
		const struct document *d = &work->pieces[i].document;

		if (!d->has_control && counts(settler, work, i) &&
		    strcmp(d->currency, currency) != 0)
			return d->currency;
	}
	return NULL;
}

static bool
bounded(int64_t total)
{
	return total >= -MONEY_MAX && total <= MONEY_MAX;
}

/* Nothing adds up to zero before the first member came as well as after the
 * last: then the control must say that there is none, or its hour be over. */
static bool
complete(const struct batch_row *batch, bool hour)
{
	return batch->control != 0 &&
	    batch->total == batch->control_total &&
	    (batch->control_count < 0 ? batch->n > 0 || hour :
	    batch->control_count == batch->n);
}

static bool
load(struct settler *settler, int64_t seq, struct work *work, struct err *e)
{
	bool found;

	return event_load(settler->books->db, seq, work->arena, &work->event,
	    &work->placing, &found, e) && (found || err_set(e, ERR_CORRUPT,
	    "event E%lld is missing", (long long)seq));
}

static bool
revision_of(struct settler *settler, int64_t seq, struct arena *arena,
    const char **out, struct err *e)
{
	struct work *work = work_new();
	bool ok = load(settler, seq, work, e) &&
	    remap_kept(settler, work, e);

	*out = NULL;
	if (ok && work->n_pieces > 0)
		*out = arena_strdup(arena,
		    work->pieces[0].document.revision);
	work_free(&work);
	return ok;
}

static void
refuse(struct work *work, enum finding_code code, const char *value,
    int64_t other, enum event_state *state)
{
	*state = EVENT_FAILED;
	finding_add(&work->findings, work->arena, code, value, "",
	    other != 0 ? arena_id(work->arena, 'E', other) : "");
}

/* One number waits in a batch once: of two revisions the newer. */
static bool
judge_twin(struct settler *settler, struct work *work, int64_t twin,
    enum event_state *state, struct err *e)
{
	const struct document *d = &work->pieces[0].document;
	const char *revision;

	if (!revision_of(settler, twin, work->arena, &revision, e))
		return false;
	if (revision == NULL || d->revision == NULL)
		refuse(work, FIND_NUMBER_USED, d->number, twin, state);
	else if (!standing_newer(d->revision, revision))
		*state = EVENT_STALE;
	return true;
}

static void
refuse_size(struct work *work, int64_t amount)
{
	struct money m = { .minor = amount };
	struct str text;

	str_init(&text, 64);
	memcpy(m.currency, work->pieces[0].document.currency, 4);
	money_plain(m, &text);
	finding_add(&work->findings, work->arena, FIND_AMOUNT, text.p,
	    "entries", "too large in the sum of its batch");
	str_free(&text);
}

/* One document says what a batch must add up to, and in which currency. */
static void
judge_control(struct settler *settler, struct work *work,
    const struct batch_row *batch, int64_t twin, enum event_state *state)
{
	const struct document *d = &work->pieces[0].document;
	const char *other;

	if (batch->control == 0 || batch->control == twin ||
	    batch->control == work->event.seq)
		return;
	if (is_control(d))
		refuse(work, FIND_CONTROL, d->number, batch->control, state);
	else if ((other = foreign(settler, work, batch->currency)) != NULL)
		refuse(work, FIND_CONTROL, other, batch->control, state);
}

bool
batch_admit(struct settler *settler, struct work *work,
    enum event_state *state, struct err *e)
{
	const struct document *d = &work->pieces[0].document;
	const char *key = batch_key(work);
	struct batch_row batch;
	int64_t twin;

	if (!wait_member(settler->books, key, document_key(work->arena, d),
	    work->event.seq, &twin, e) ||
	    !batch_find(settler->books, key, work->arena, &batch, e) ||
	    (twin != 0 && !judge_twin(settler, work, twin, state, e)))
		return false;
	if (*state == EVENT_POSTED)
		judge_control(settler, work, &batch, twin, state);
	if (*state != EVENT_POSTED)
		return true;
	batch_weigh(settler, work);
	if (!bounded(batch.total + work->waiting.weight)) {
		*state = EVENT_FAILED;
		refuse_size(work, work->waiting.weight);
	}
	return true;
}

static void
note_complete(struct settler *settler, const struct batch_row *batch)
{
	if (complete(batch, false))
		release_note(settler, WAIT_BATCH, arena_strdup(
		    settler->arena, batch->key));
}

/* What a newer revision came for is not posted any more. */
static bool
outdate(struct settler *settler, int64_t seq, struct err *e)
{
	struct work *work = work_new();
	struct placing old;
	bool ok = load(settler, seq, work, e);

	if (ok) {
		old = work->placing;
		ok = settle_leave_batch(settler, work, e) &&
		    leave(settler, work, EVENT_WAITING, &old, e);
	}
	if (ok) {
		work->event.state = EVENT_STALE;
		ok = arrive(settler, work, EVENT_WAITING, "bahid",
		    "state=stale reason=newer", e);
	}
	work_free(&work);
	return ok;
}

/* Its twin goes; who follows it may come into the same batch. */
static bool
take_place(struct settler *settler, struct work *work, struct err *e)
{
	const struct waiting *w = &work->waiting;
	int64_t twin;

	if (!wait_member(settler->books, w->key, w->document,
	    work->event.seq, &twin, e) ||
	    (twin != 0 && !outdate(settler, twin, e)))
		return false;
	release_note(settler, WAIT_DOCUMENT, arena_strdup(settler->arena,
	    w->document));
	return true;
}

bool
batch_join(struct settler *settler, struct work *work, struct err *e)
{
	const struct document *d = &work->pieces[0].document;
	const struct flow *flow = reference_flow(settler->reference,
	    work->event.source, document_kind_name(d->kind), d->entity);
	struct batch_row batch;

	if (!take_place(settler, work, e) || !batch_find(settler->books,
	    work->waiting.key, work->arena, &batch, e))
		return false;
	if (work->waiting.control) {
		batch.control = work->event.seq;
		batch.control_total = d->control_total;
		batch.control_count = d->control_count;
		batch.currency = d->currency;
		batch.failed = 0;
	} else {
		batch.n += work->waiting.documents;
		batch.total += work->waiting.weight;
		if (batch.control == 0)
			batch.currency = d->currency;
	}
	if (batch.due == 0 && flow != NULL && flow->window.to != HOURS_NONE)
		batch.due = flow_window_next(flow, work->event.received);
	note_complete(settler, &batch);
	return batch_put(settler->books, &batch, e);
}

bool
batch_leave(struct settler *settler, struct work *work, struct err *e)
{
	struct batch_row batch;

	if (!batch_find(settler->books, work->waiting.key, work->arena,
	    &batch, e))
		return false;
	if (work->waiting.control) {
		batch.control = 0;
		batch.control_count = -1;
		batch.failed = work->event.seq;	/* until it comes back */
	} else {
		batch.n -= work->waiting.documents;
		batch.total -= work->waiting.weight;
	}
	note_complete(settler, &batch);
	return batch_put(settler->books, &batch, e);
}

/* ---- without its control ---------------------------------------------- */

/* A control that cannot be used says nonetheless that there is one. */
static bool
miss_control(struct settler *settler, struct work *work, struct err *e)
{
	const struct document *d = &work->pieces[0].document;
	const struct flow *flow = reference_flow(settler->reference,
	    work->event.source, document_kind_name(d->kind), d->entity);
	struct batch_row batch;

	if (flow == NULL || flow->pattern != FLOW_BATCH)
		return true;
	if (!batch_find(settler->books, batch_key(work), work->arena, &batch,
	    e))
		return false;
	if (batch.control != 0 || batch.failed != 0)
		return true;
	batch.failed = work->event.seq;
	return batch_put(settler->books, &batch, e);
}

/* It goes by its hour again; when that is over, at once. */
static bool
forget_control(struct settler *settler, struct work *work, struct err *e)
{
	const struct placing *p = &work->placing;
	const struct flow *flow;
	struct batch_row batch;
	const char *key;

	if (!batch_failed(settler->books, work->event.seq, work->arena, &key,
	    e))
		return false;
	if (key == NULL)
		return true;
	if (!batch_find(settler->books, key, work->arena, &batch, e))
		return false;
	flow = p->kind == NULL ? NULL : reference_flow(settler->reference,
	    work->event.source, p->kind, p->entity);
	batch.failed = 0;
	if (batch.due == 0 && batch.n > 0 && flow != NULL &&
	    flow->window.to != HOURS_NONE)
		batch.due = flow_window_next(flow, work->event.received);
	return batch_put(settler->books, &batch, e);
}

bool
batch_arrive(struct settler *settler, struct work *work, struct err *e)
{
	switch (work->event.state) {
	case EVENT_WAITING:
		return true;
	case EVENT_FAILED:
	case EVENT_HELD:
	case EVENT_CONFLICT:
		return work->n_pieces == 0 ||
		    !is_control(&work->pieces[0].document) ||
		    miss_control(settler, work, e);
	default:
		return forget_control(settler, work, e);
	}
}

/* ---- closing ---------------------------------------------------------- */

struct closing {
	struct settler *settler;
	const char *key;
	struct arena *arena;
	struct batch_row batch;
	struct work **works;	/* those that can post */
	size_t n;
	bool moved;		/* some were weighed again */
	struct sum trial;	/* of them, to see whether one entry may be it */
	struct sum sum;
	struct journal journal;
	struct journal_head head;
	const char *reference;	/* of its control; NULL: none */
};

static bool
load_member(struct closing *c, int64_t seq, struct work *work,
    struct err *e)
{
	struct standing *ignored;
	struct placing kept;
	bool ok;

	if (!load(c->settler, seq, work, e))
		return false;
	kept = work->placing;
	work->batched = true;
	ok = remap_kept(c->settler, work, e) &&
	    standing_judge(c->settler, work, &ignored, e);
	work->placing = kept;	/* until it leaves, it is what it was */
	return ok;
}

/* Does it still add what it did when it joined? Rules may have changed. */
static bool
still_fits(struct closing *c, struct work *work, bool *fits, struct err *e)
{
	const struct document *d = &work->pieces[0].document;
	const struct waiting *now = &work->waiting;
	struct waiting then;

	if (!wait_load(c->settler->books, work->event.seq, work->arena,
	    &then, fits, e))
		return false;
	batch_weigh(c->settler, work);
	*fits = *fits && strcmp(batch_key(work), c->key) == 0 &&
	    then.weight == now->weight && then.control == now->control &&
	    then.documents == now->documents &&
	    strcmp(then.document, now->document) == 0 &&
	    (now->control ? d->control_count == c->batch.control_count :
	    c->batch.control == 0 || foreign(c->settler, work,
	    c->batch.currency) == NULL);
	return true;
}

/* In the entity of its batch; what is in another is posted by itself. */
static bool
try_sum(struct closing *c, const struct work *work)
{
	const char *entity = work->pieces[0].document.entity;

	for (size_t i = 0; i < work->n_pieces; i++) {
		const struct piece *piece = &work->pieces[i];

		if (piece->has_journal && strcmp(piece->document.entity,
		    entity) == 0 && !sum_add(&c->trial, &piece->journal))
			return false;
	}
	return true;
}

/* One entry cannot be as large as they are together: this one stays out. */
static bool
put_out(struct closing *c, struct work *work, struct err *e)
{
	struct placing old = work->placing;

	work->event.state = EVENT_WAITING;
	if (!settle_leave_batch(c->settler, work, e) ||
	    !leave(c->settler, work, EVENT_WAITING, &old, e))
		return false;
	work->event.state = EVENT_FAILED;
	refuse_size(work, work->pieces[0].document.total);
	return arrive(c->settler, work, EVENT_WAITING, "bahid",
	    "state=failed reason=size", e);
}

static bool
load_one(struct closing *c, int64_t seq, struct err *e)
{
	struct work *work = work_new();
	bool ok = load_member(c, seq, work, e);
	bool posts = ok && work->event.state == EVENT_POSTED, fits = false;

	if (posts)
		ok = still_fits(c, work, &fits, e);
	if (ok && fits && try_sum(c, work)) {
		c->works[c->n++] = work;
		return true;
	}
	if (ok && fits) {
		c->moved = true;
		ok = put_out(c, work, e);
	} else if (ok) {
		work->event.state = EVENT_WAITING;
		work->batched = !posts;
		c->moved = c->moved || posts;
		ok = settle_once_more(c->settler, work, "bahid", e);
	}
	work_free(&work);
	return ok;
}

static void
drop_members(struct closing *c)
{
	for (size_t i = 0; i < c->n; i++)
		work_free(&c->works[i]);
	c->n = 0;
	sum_close(&c->trial);
}

/* Judged as of now; what cannot post any more leaves the batch. */
static bool
load_members(struct closing *c, struct err *e)
{
	struct books *books = c->settler->books;
	int64_t *events;
	size_t n;

	drop_members(c);
	sum_open(&c->trial);
	c->moved = false;
	if (!batch_find(books, c->key, c->arena, &c->batch, e) ||
	    !wait_events(books, WAIT_BATCH, c->key, c->arena, &events, &n,
	    e))
		return false;
	c->works = arena_alloc(c->arena, (n + 1) * sizeof *c->works);
	for (size_t i = 0; i < n; i++)
		if (!load_one(c, events[i], e))
			return false;
	return batch_find(books, c->key, c->arena, &c->batch, e);
}

static bool
post_member(struct closing *c, struct work *work, struct err *e)
{
	struct standing *standings;
	struct placing old = work->placing;
	struct str audit;
	bool ok;

	work->event.state = EVENT_WAITING;
	if (!leave(c->settler, work, EVENT_WAITING, &old, e) ||
	    !standing_judge(c->settler, work, &standings, e))
		return false;
	str_init(&audit, 65536);
	describe(work, &audit);
	ok = (work->event.state != EVENT_POSTED || post_shares(c->settler,
	    work, standings, &c->journal, &c->sum, &audit, e)) &&
	    arrive(c->settler, work, EVENT_WAITING, "bahid", audit.p, e);
	str_free(&audit);
	return ok;
}

static void
head_journal(struct closing *c)
{
	const struct work *last = c->works[c->n - 1];
	const struct document *d = &last->pieces[0].document;
	const char *name = strchr(strchr(c->key, '/') + 1, '/') + 1;

	c->journal.id = ++c->settler->books->journal;
	c->journal.entity = d->entity;
	c->journal.date = d->date;
	c->head.event = last->event.seq;
	for (size_t i = 0; i < c->n; i++) {
		d = &c->works[i]->pieces[0].document;
		if (is_control(d)) {
			c->journal.date = d->date;
			c->reference = d->reference;
			c->head.event = c->works[i]->event.seq;
			break;
		}
		if (strcmp(d->date.text, c->journal.date.text) > 0)
			c->journal.date = d->date;
	}
	c->head.kind = document_kind_name(DOC_SETTLEMENT);
	c->head.version = c->batch.part;
	c->head.number = arena_strdup(c->arena, name);
	c->journal.narration = arena_printf(c->arena,
	    "%s: %zu documents", c->key, c->n);
}

static bool
write_journal(struct closing *c, struct err *e)
{
	struct books *books = c->settler->books;
	unsigned char entries[SHA256_SIZE];
	struct str audit;
	bool ok;

	crash_point("batch.before_journal");
	sum_entries(&c->sum, &c->journal.entries, &c->journal.n_entries);
	entries_digest(&c->journal, entries);
	str_init(&audit, 65536);
	str_addf(&audit, "part=%lld documents=%zu",
	    (long long)c->batch.part, c->n);
	say_journal(&c->journal, &c->head, entries, &audit);
	ok = journal_add(books, &c->journal, &c->head, e) &&
	    bank_note(books, &c->journal, &c->head, c->reference, NULL, e) &&
	    audit_add(books, "bahid", "batch", c->key, "", audit.p, e);
	str_free(&audit);
	return ok;
}

/* Late ones make another part, under the same name. */
static bool
end_part(struct closing *c, struct err *e)
{
	struct batch_row next = { .key = c->key, .part = c->batch.part + 1,
	    .currency = c->batch.currency, .control_count = -1,
	    .journal = c->journal.id, .closed = clock_now(),
	    .last_n = c->batch.n, .last_total = c->batch.total };

	return batch_put(c->settler->books, &next, e);
}

static bool
post_members(struct closing *c, struct err *e)
{
	head_journal(c);
	for (size_t i = 0; i < c->n; i++)
		if (!post_member(c, c->works[i], e))
			return false;
	return write_journal(c, e) && end_part(c, e);
}

static bool
no_more_due(struct closing *c, struct err *e)
{
	c->batch.due = 0;
	return batch_put(c->settler->books, &c->batch, e);
}

/* What was weighed again fits the second time. A batch that had a control
 * never closes without it, even if only now that cannot post. */
static bool
close_now(struct closing *c, bool hour, struct err *e)
{
	bool controlled = c->batch.control != 0;

	if (!load_members(c, e) || (c->moved && !load_members(c, e)))
		return false;
	controlled = controlled || c->batch.control != 0 ||
	    c->batch.failed != 0;
	if (c->n > 0 && !c->moved && (complete(&c->batch, hour) ||
	    (hour && !controlled)))
		return post_members(c, e);
	return !hour || c->batch.due == 0 || no_more_due(c, e);
}

bool
batch_close(struct settler *settler, const char *key, bool hour,
    struct err *e)
{
	struct closing c = { .settler = settler, .key = key,
	    .arena = arena_new() };
	bool ok;

	sum_open(&c.trial);
	sum_open(&c.sum);
	ok = batch_find(settler->books, key, c.arena, &c.batch, e);
	if (ok && (hour || complete(&c.batch, false)))
		ok = close_now(&c, hour, e);
	drop_members(&c);
	sum_close(&c.sum);
	arena_free(&c.arena);
	return ok;
}
