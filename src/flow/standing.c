/*
 * What may become of an event: how its documents stand to the ledger, and
 * what it must still wait for.  Everything that needs the ledger's state is
 * asked here, in the settling transaction.
 */
#include "flow/policy.h"

#include "core/clock.h"
#include "store/bank.h"

#define HOUR INT64_C(3600000000)
#define WAIT_HOURS 72	/* where no flow says another limit */

const char *
document_key(struct arena *arena, const struct document *document)
{
	return arena_printf(arena, "%s/%s/%s", document->entity,
	    document_kind_name(document->kind), document->number);
}

const char *
stock_key(struct arena *arena, const char *entity, const char *item,
    const char *location)
{
	return arena_printf(arena, "%s/%s/%s", entity, item, location);
}

/* ---- one document ----------------------------------------------------- */

static void
refuse_version(struct work *work, const struct document *document,
    struct standing *standing)
{
	standing->state = EVENT_CONFLICT;
	work->present = standing->row.version;
	finding_add(&work->findings, work->arena, FIND_VERSION,
	    arena_printf(work->arena, "%lld",
	    (long long)document->base_version), "base_version",
	    arena_printf(work->arena, "present version is %lld",
	    (long long)standing->row.version));
}

bool
standing_newer(const char *revision, const char *than)
{
	int64_t a, b;

	if (clock_parse(span_of(revision), &a) &&
	    clock_parse(span_of(than), &b))
		return a > b;
	return strcmp(revision, than) > 0;
}

static void
refuse_revision(struct work *work, const struct document *document,
    struct standing *standing)
{
	standing->state = EVENT_CONFLICT;
	work->present = standing->row.version;
	finding_add(&work->findings, work->arena, FIND_VERSION,
	    document->revision, "revision", "amended by someone else");
}

static void
judge_revision(struct work *work, const struct document *document,
    struct standing *standing)
{
	const struct document_row *row = &standing->row;

	if (row->revision != NULL &&
	    !standing_newer(document->revision, row->revision)) {
		standing->state = EVENT_STALE;
		return;
	}
	if (!row->sole)
		refuse_revision(work, document, standing);
}

/* Somebody else wrote last; what this source knows is its own last one. */
static bool
judge_amended(struct settler *settler, struct work *work,
    const struct document *document, struct standing *standing,
    struct err *e)
{
	const struct document_row *row = &standing->row;
	struct version own;
	bool found = false;

	if (document->revision != NULL && !version_find(settler->books->db,
	    VERSION_ID(row->event, row->part), VERSION_SENT,
	    work->event.source,
	    work->arena, &own, &found, e))
		return false;
	if (!found) {
		standing->state = EVENT_FAILED;
		finding_add(&work->findings, work->arena, FIND_NUMBER_USED,
		    document->number, "number", arena_printf(work->arena,
		    "written by %s, event E%lld", row->source,
		    (long long)row->event));
	} else if (own.document.revision != NULL && !standing_newer(
	    document->revision, own.document.revision)) {
		standing->state = EVENT_STALE;
	} else {
		refuse_revision(work, document, standing);
	}
	return true;
}

static bool
find_standing(struct settler *settler, struct work *work,
    const struct document *document, struct standing *standing,
    struct err *e)
{
	struct document_row *row = &standing->row;

	standing->state = EVENT_POSTED;
	if (!document_find(settler->books, document, work->arena, row,
	    &standing->found, e))
		return false;
	if (!standing->found) {
		*row = (struct document_row){ .sole = true };
		if (document->base_version > 0)
			refuse_version(work, document, standing);
	} else if (document->base_version >= 0) {
		if (document->base_version != row->version)
			refuse_version(work, document, standing);
	} else if (document->revision != NULL &&
	    strcmp(row->source, work->event.source) == 0) {
		judge_revision(work, document, standing);
	} else {
		return judge_amended(settler, work, document, standing, e);
	}
	return true;
}

/* All or nothing: what keeps one document from posting keeps them all. */
static bool
find_standings(struct settler *settler, struct work *work,
    struct standing *standings, enum event_state *state, struct err *e)
{
	*state = EVENT_POSTED;
	for (size_t i = 0; i < work->n_pieces; i++) {
		enum event_state one;

		if (!find_standing(settler, work,
		    &work->pieces[i].document, &standings[i], e))
			return false;
		one = standings[i].state;
		if (one != EVENT_POSTED && (*state == EVENT_POSTED ||
		    one == EVENT_FAILED))
			*state = one;
	}
	return true;
}

/* ---- waiting ---------------------------------------------------------- */

struct asking {
	struct settler *settler;
	struct work *work;
	const struct flow *flow;	/* NULL: none configured */
	const struct standing *standings;
	enum event_state state;
};

static int64_t
limit_of(const struct asking *a)
{
	int64_t hours = a->flow != NULL && a->flow->wait > 0 ?
	    a->flow->wait : WAIT_HOURS;
	int64_t from = a->work->event.received;

	/* Of a batch with an hour from that hour on. */
	if (a->flow != NULL && a->flow->pattern == FLOW_BATCH)
		from = flow_window_next(a->flow, from);
	return from + hours * HOUR;
}

static void
wait_for(struct asking *a, enum wait_reason reason, const char *key,
    int64_t until, enum finding_code code, const char *value)
{
	struct work *work = a->work;

	a->state = EVENT_WAITING;
	work->waiting = (struct waiting){ .reason = reason, .key = key,
	    .until = until };
	finding_add(&work->findings, work->arena, code, value, "", "");
}

/* What waits in the batch that this one goes to will be there with it. */
static bool
in_our_batch(struct asking *a, const char *key, bool *found, struct err *e)
{
	struct work *work = a->work;
	int64_t member;

	if (a->flow == NULL || a->flow->pattern != FLOW_BATCH)
		return true;
	if (!wait_member(a->settler->books, batch_key(work), key,
	    work->event.seq, &member, e))
		return false;
	*found = member != 0;
	return true;
}

/* A document that follows another: an invoice its order, a payment its
 * invoice. One of the same event counts as there. */
static bool
ask_after(struct asking *a, const struct document *document, struct err *e)
{
	struct work *work = a->work;
	struct document before = { .entity = document->entity,
	    .number = document->after_number };
	struct document_row row;
	const char *key;
	bool found;

	if (document->after_kind == NULL || !document_kind_find(
	    document->after_kind, &before.kind))
		return true;
	for (size_t i = 0; i < work->n_pieces; i++) {
		const struct document *own = &work->pieces[i].document;

		if (own->kind == before.kind &&
		    strcmp(own->entity, before.entity) == 0 &&
		    strcmp(own->number, before.number) == 0)
			return true;
	}
	if (!document_find(a->settler->books, &before, work->arena, &row,
	    &found, e))
		return false;
	key = document_key(work->arena, &before);
	if (!found && !in_our_batch(a, key, &found, e))
		return false;
	if (found)
		return true;
	wait_for(a, WAIT_DOCUMENT, key, limit_of(a), FIND_WAIT_DOCUMENT,
	    key + strlen(before.entity) + 1);
	return true;
}

static bool
ask_stock(struct asking *a, const struct document *document, struct err *e)
{
	struct waiting w;
	const char *item;

	if (document->kind != DOC_SALES_ORDER)
		return true;
	if (!track_short(a->settler, a->work, document, &item, &w, e))
		return false;
	if (item == NULL)
		return true;
	wait_for(a, WAIT_STOCK, w.key, limit_of(a), FIND_WAIT_STOCK, item);
	a->work->waiting.weight = w.weight;
	a->work->waiting.document = w.document;
	return true;
}

static bool
ask_batch(struct asking *a, struct err *e)
{
	struct work *work = a->work;
	const char *key = batch_key(work);

	if (!batch_admit(a->settler, work, &a->state, e))
		return false;
	if (a->state != EVENT_POSTED)
		return true;
	wait_for(a, WAIT_BATCH, key, limit_of(a), FIND_WAIT_BATCH, key);
	batch_weigh(a->settler, work);
	return true;
}

static bool
ask_flow(struct asking *a, struct err *e)
{
	struct work *work = a->work;
	const struct flow *flow = a->flow;
	bool held;

	if (a->state != EVENT_POSTED)
		return true;
	if (!policy_hold(a->settler, work, a->standings, flow, &held, e))
		return false;
	if (held)
		a->state = EVENT_HELD;
	if (held || flow == NULL)
		return true;
	if (flow->pattern == FLOW_BATCH && !work->batched) {
		return ask_batch(a, e);
	} else if (flow->pattern != FLOW_BATCH && !work->in_window &&
	    !work->approved &&
	    !flow_window_open(flow, work->event.received)) {
		int64_t opens = flow_window_next(flow, work->event.received);
		char window[HOURS_SIZE];

		hours_text(&flow->window, window);
		wait_for(a, WAIT_WINDOW, flow->source, opens,
		    FIND_WAIT_WINDOW, arena_strdup(work->arena, window));
	}
	return true;
}

/* What it must wait for, if anything: in this order, one at a time. */
static bool
ask(struct settler *settler, struct work *work,
    const struct standing *standings, enum event_state *state,
    struct err *e)
{
	const struct document *first = &work->pieces[0].document;
	struct asking a = { settler, work, reference_flow(settler->reference,
	    work->event.source, document_kind_name(first->kind),
	    first->entity), standings, *state };

	for (size_t i = 0; i < work->n_pieces && a.state == EVENT_POSTED; i++)
		if (!ask_after(&a, &work->pieces[i].document, e))
			return false;
	for (size_t i = 0; i < work->n_pieces && a.state == EVENT_POSTED; i++)
		if (!ask_stock(&a, &work->pieces[i].document, e))
			return false;
	if (!ask_flow(&a, e))
		return false;
	*state = a.state;
	return true;
}

/* ---- the event -------------------------------------------------------- */

/* Documents of several companies or months keep each of them from closing. */
static void
place_all(struct work *work)
{
	struct placing *placing = &work->placing;
	char first[8], other[8];

	day_period(placing->day, first);
	for (size_t i = 1; i < work->n_pieces; i++) {
		const struct document *document = &work->pieces[i].document;

		day_period(document_posting(document), other);
		if (strcmp(document->entity, placing->entity) != 0)
			placing->several = true;
		if (strcmp(first, other) != 0)
			placing->day.text[0] = '\0';
	}
}

static void
place(struct work *work)
{
	struct placing *placing = &work->placing;
	const struct document *document;

	*placing = (struct placing){ 0 };
	if (work->n_pieces == 0)
		return;
	document = &work->pieces[0].document;
	placing->entity = document->entity;
	placing->day = document_posting(document);
	placing->kind = document_kind_name(document->kind);
	placing->number = document->number;
	placing->party = document->party;
	placing->amount = document->total;
	placing->currency = document->currency;
	place_all(work);
}

static bool
postable(const struct work *work)
{
	for (size_t i = 0; i < work->n_pieces; i++)
		if (!work->pieces[i].has_journal &&
		    !work->pieces[i].posts_nothing)
			return false;
	return work->n_pieces > 0 && !findings_block(&work->findings);
}

/* A source that only failed is not worked on until somebody looked at it. */
static bool
is_paused(struct settler *settler, struct work *work)
{
	const char *source = work->event.source;

	if (work->resumed || !books_sender(settler->books, source)->paused)
		return false;
	work->findings.n = 0;
	work->waiting = (struct waiting){ .reason = WAIT_PAUSED,
	    .key = source };
	finding_add(&work->findings, work->arena, FIND_WAIT_PAUSED, source,
	    "", "");
	return true;
}

/* What another statement said before is in the books, or will be. */
static bool
ask_bank(struct settler *settler, struct work *work, enum event_state *state,
    struct err *e)
{
	for (size_t i = 0; i < work->n_bank; i++) {
		int64_t before;

		if (!bank_said_before(settler->books->db, &work->bank[i],
		    work->event.seq, work->event.received, &before, e))
			return false;
		if (before == 0)
			continue;
		*state = EVENT_FAILED;
		finding_add(&work->findings, work->arena, FIND_BANK_REPEATED,
		    arena_id(work->arena, 'L', before), "", "");
	}
	return true;
}

bool
standing_judge(struct settler *settler, struct work *work,
    struct standing **out, struct err *e)
{
	enum event_state state = EVENT_FAILED;

	place(work);
	*out = NULL;
	if (is_paused(settler, work)) {
		state = EVENT_WAITING;
	} else if (work->ignored) {
		state = EVENT_IGNORED;
	} else if (postable(work)) {
		*out = arena_alloc(work->arena,
		    work->n_pieces * sizeof **out);
		if (!find_standings(settler, work, *out, &state, e) ||
		    (state == EVENT_POSTED &&
		    !gst_ask(settler, work, &state, e)) ||
		    (state == EVENT_POSTED &&
		    !ask_bank(settler, work, &state, e)) ||
		    (state == EVENT_POSTED &&
		    !ask(settler, work, *out, &state, e)))
			return false;
	}
	work->event.state = state;
	return true;
}
