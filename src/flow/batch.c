/*
 * Many documents as one balanced entry: a day's sales, a payout's payments.
 * Members wait until the batch is complete: when its control document says
 * what it must add up to and it does, or when its hour has come.
 */
#include "flow/inside.h"

#include "core/clock.h"
#include "flow/sum.h"

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

void
batch_weigh(struct work *work)
{
	const struct document *d = &work->pieces[0].document;

	work->waiting.weight = weight(d);
	work->waiting.control = is_control(d);
}

static bool
complete(const struct batch_row *batch)
{
	return batch->control != 0 &&
	    batch->total == batch->control_total &&
	    (batch->control_count < 0 || batch->control_count == batch->n);
}

bool
batch_join(struct settler *settler, struct work *work, struct err *e)
{
	const struct document *d = &work->pieces[0].document;
	const struct flow *flow = reference_flow(settler->reference,
	    work->event.source, document_kind_name(d->kind), d->entity);
	struct batch_row batch;

	if (!batch_find(settler->books, work->waiting.key, work->arena,
	    &batch, e))
		return false;
	if (work->waiting.control) {
		batch.control = work->event.seq;
		batch.control_total = d->control_total;
		batch.control_count = d->control_count;
	} else {
		batch.n++;
		batch.total += work->waiting.weight;
		batch.currency = d->currency;
	}
	if (batch.due == 0 && flow != NULL && flow->to != FLOW_NO_TIME)
		batch.due = flow_window_next(flow, work->event.received);
	return batch_put(settler->books, &batch, e) && (!complete(&batch) ||
	    batch_close(settler, work->waiting.key, e));
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
	} else {
		batch.n--;
		batch.total -= work->waiting.weight;
	}
	return batch_put(settler->books, &batch, e);
}

/* ---- closing ---------------------------------------------------------- */

struct closing {
	struct settler *settler;
	const char *key;
	struct arena *arena;
	struct batch_row batch;
	struct work **works;	/* those that can post */
	size_t n;
	struct sum sum;
	struct journal journal;
	struct journal_head head;
};

static bool
load_member(struct closing *c, int64_t seq, struct work *work,
    struct err *e)
{
	struct standing *ignored;
	bool found;

	if (!event_load(c->settler->books->db, seq, work->arena,
	    &work->event, &work->placing, &found, e))
		return false;
	if (!found)
		return err_set(e, ERR_CORRUPT, "event E%lld is missing",
		    (long long)seq);
	work->batched = true;
	c->settler->remap(work, c->settler->arg);
	return standing_judge(c->settler, work, &ignored, e);
}

/* Judged as of now; what cannot post any more leaves the batch. */
static bool
load_members(struct closing *c, struct err *e)
{
	int64_t *events;
	size_t n;

	if (!wait_events(c->settler->books, WAIT_BATCH, c->key, c->arena,
	    &events, &n, e))
		return false;
	c->works = arena_alloc(c->arena, (n + 1) * sizeof *c->works);
	for (size_t i = 0; i < n; i++) {
		struct work *work = work_new();
		bool ok = load_member(c, events[i], work, e);

		if (ok && work->event.state == EVENT_POSTED) {
			c->works[c->n++] = work;
			continue;
		}
		if (ok) {
			work->event.state = EVENT_WAITING;
			work->batched = true;
			ok = settle_once_more(c->settler, work, "bahid", e);
		}
		work_free(&work);
		if (!ok)
			return false;
	}
	return true;
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
	    work, standings, c->journal.id, &c->sum, &audit, e)) &&
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

	sum_entries(&c->sum, &c->journal.entries, &c->journal.n_entries);
	entries_digest(&c->journal, entries);
	str_init(&audit, 65536);
	str_addf(&audit, "part=%lld documents=%zu",
	    (long long)c->batch.part, c->n);
	say_journal(&c->journal, &c->head, entries, &audit);
	ok = journal_add(books, &c->journal, &c->head, e) &&
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
	    .journal = c->journal.id, .closed = clock_now() };

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

bool
batch_close(struct settler *settler, const char *key, struct err *e)
{
	struct closing c = { .settler = settler, .key = key,
	    .arena = arena_new() };
	bool ok;

	sum_open(&c.sum);
	ok = load_members(&c, e) &&
	    batch_find(settler->books, key, c.arena, &c.batch, e);
	/* A control that no longer fits waits on; an hour closes what there
	 * is. */
	if (ok && c.n > 0 && (c.batch.control == 0 || complete(&c.batch)))
		ok = post_members(&c, e);
	else if (ok && c.batch.due != 0)
		ok = no_more_due(&c, e);
	for (size_t i = 0; i < c.n; i++)
		work_free(&c.works[i]);
	sum_close(&c.sum);
	arena_free(&c.arena);
	return ok;
}
