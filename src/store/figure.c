/*
 * What an event that moves means for the figures, and writing it once a
 * commit.  Counts belong to the day received, so that a rebuild comes to the
 * same; only latencies are of our own clock.
 */
#include "store/figure.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/clock.h"
#include "store/closing.h"
#include "store/sums.h"

#define MS INT64_C(1000)
#define S INT64_C(1000000)
#define MINUTE (60 * S)

const int64_t latency_bounds[LATENCY_BUCKETS] = {
	1 * MS, 2 * MS, 5 * MS, 10 * MS, 20 * MS, 50 * MS, 100 * MS,
	200 * MS, 500 * MS, 1 * S, 2 * S, 5 * S, 10 * S, 20 * S, 50 * S,
	100 * S, 200 * S, 500 * S, 1000 * S, 2000 * S, 5000 * S, 10000 * S,
	20000 * S, 50000 * S, 100000 * S, 200000 * S, 500000 * S,
	1000000 * S, 2000000 * S, 5000000 * S,
};

int
latency_bucket(int64_t micros)
{
	int at = 0;

	while (at < LATENCY_BUCKETS && micros > latency_bounds[at])
		at++;
	return at;
}

int64_t
latency_quantile(const int64_t n[LATENCY_BUCKETS + 1], int64_t part,
    int64_t whole)
{
	int64_t total = 0, rank, below = 0, low, width;
	int at = 0;

	for (int i = 0; i <= LATENCY_BUCKETS; i++)
		total += n[i];
	if (total == 0)
		return -1;
	rank = total / whole * part + (total % whole * part + whole - 1) /
	    whole;
	while (below + n[at] < rank)
		below += n[at++];
	if (at == LATENCY_BUCKETS)
		return -1;
	low = at > 0 ? latency_bounds[at - 1] : 0;
	width = latency_bounds[at] - low;
	rank -= below;
	/* width * rank / n[at], in an order that stays inside 64 bits */
	return low + width / n[at] * rank + width % n[at] * rank / n[at];
}

int64_t
latency_start(const struct event *event)
{
	int64_t at = event->occurred;

	if (at == 0)
		return event->received;
	if (at % S == 0)
		at += S - 1;
	return at < event->received ? at : event->received;
}

/* ---- gathering -------------------------------------------------------- */

struct taken {			/* ends with the commit */
	struct taken *next;
	const char *what, *source;
	int64_t start;
};

struct stand {
	const char *entity, *account, *currency;
	int64_t balance, base, last, since;
	int64_t before;		/* `since` when `last` first moved it */
};

static void
take(struct books *books, const char *what, const char *source,
    int64_t start)
{
	struct taken *taken;

	if (books->replaying)
		return;
	taken = arena_alloc(books->arena, sizeof *taken);
	taken->what = what;
	taken->source = arena_strdup(books->arena, source);
	taken->start = start;
	taken->next = books->taken;
	books->taken = taken;
}

static void
sum_latency(struct books *books, const char *what, const char *source,
    struct day day, int64_t micros)
{
	int at = latency_bucket(micros);
	const char bucket[] = { (char)('0' + at / 10), (char)('0' + at % 10),
	    '\0' };
	const char *const part[4] = { what, source, day.text,
	    bucket + (at < 10) };
	struct delta *delta = delta_of(books, books->latencies, part);

	delta->n[0]++;
	delta->n[1] += micros;
}

static void
sum_figure(struct books *books, const char *what, const char *detail,
    const char *source, int64_t received, int64_t n)
{
	struct day day = day_from_time(received);
	const char *const part[4] = { what, detail, source, day.text };

	delta_of(books, books->figures, part)->n[0] += n;
}

static void
count(struct books *books, const char *what, const char *detail,
    const struct event *event)
{
	sum_figure(books, what, detail, event->source, event->received, 1);
}

void
figures_journal(struct books *books, const char *entity, struct day date)
{
	const char *const part[4] = { "journal", "", entity, date.text };

	delta_of(books, books->figures, part)->n[0]++;
}

void
figures_adjusted(struct books *books, const struct event *event,
    const char *entity, const char *location, int64_t value, int sign)
{
	sum_figure(books, "adjusted", location, entity, event->received,
	    sign * (value < 0 ? -value : value));
}

/* An exception wants a person; what waits comes by itself. */
static bool
is_exception(enum event_state state)
{
	return state == EVENT_FAILED || state == EVENT_HELD ||
	    state == EVENT_CONFLICT;
}

/* Once an event and dimension, however many values are missing. */
static void
count_dimensions(struct books *books, const struct event *event,
    const struct findings *findings)
{
	const char *done[FINDINGS_MAX];
	size_t n = 0;

	for (size_t i = 0; i < findings->n; i++) {
		const struct finding_info *info =
		    finding_info(findings->items[i].code);
		size_t k = 0;

		if (findings->items[i].level != FINDING_BLOCK ||
		    info->dimension[0] == '\0')
			continue;
		while (k < n && strcmp(done[k], info->dimension) != 0)
			k++;
		if (k < n)
			continue;
		done[n++] = info->dimension;
		count(books, "dimension", info->dimension, event);
	}
}

/* Of what moves goods out: how much of it wants a person. */
static void
count_order(struct books *books, const struct event *event,
    const struct placing *placing, const struct findings *findings)
{
	bool wrong = is_exception(event->state);

	if (placing->kind == NULL || (strcmp(placing->kind,
	    document_kind_name(DOC_SALES_ORDER)) != 0 &&
	    strcmp(placing->kind, document_kind_name(DOC_SHIPMENT)) != 0))
		return;
	for (size_t i = 0; i < findings->n; i++) {
		enum finding_code code = findings->items[i].code;

		wrong = wrong || code == FIND_OVERSOLD ||
		    code == FIND_ORDER_EXCEEDED || code == FIND_WAIT_STOCK;
	}
	count(books, "order", "", event);
	if (wrong)
		count(books, "order_exception", "", event);
}

static void
count_posted(struct books *books, const struct event *event,
    const struct placing *placing, bool alone)
{
	count(books, "posted", "", event);
	if (alone)
		count(books, "touchless", "", event);
	if (placing->kind != NULL && strcmp(placing->kind,
	    document_kind_name(DOC_JOURNAL_VOUCHER)) == 0)
		count(books, "manual", "", event);
	take(books, "sync", event->source, latency_start(event));
}

/* A person had a hand in it, whatever comes of it. */
static bool
note_decided(struct books *books, int64_t event, struct err *e)
{
	static const char SQL[] =
	    "INSERT INTO decided VALUES ($1) ON CONFLICT DO NOTHING";
	struct stmt *s = db_stmt(books->db, SQL);

	stmt_int(s, 1, event);
	return stmt_run(s, e);
}

static bool
find_decided(struct books *books, int64_t event, bool *found, struct err *e)
{
	static const char SQL[] = "SELECT 1 FROM decided WHERE event = $1";
	struct stmt *s = db_stmt(books->db, SQL);

	stmt_int(s, 1, event);
	return stmt_found(s, found, e);
}

static const char *
known(const char *text)
{
	return text != NULL ? text : "";
}

/* The minute stands behind the currency, which has no space in it. */
static void
count_open(struct books *books, enum event_state state,
    const struct placing *placing, int64_t received, int n)
{
	char last[48];
	const char *const part[4] = { event_state_name(state),
	    known(placing->entity), known(placing->kind), last };
	struct delta *delta;

	if (!event_state_open(state))
		return;
	snprintf(last, sizeof last, "%.3s %lld", known(placing->currency),
	    (long long)(received / MINUTE));
	delta = delta_of(books, books->backlog, part);
	delta->n[0] += n;
	if (placing->currency != NULL)
		delta->n[1] += n * placing->amount;
}

/* By what is kept of it: that is what was counted. */
bool
figures_leave(struct books *books, int64_t event, struct err *e)
{
	static const char SQL[] = "SELECT state, entity, kind, currency,"
	    " amount, received FROM event WHERE seq = $1";
	struct stmt *s = db_stmt(books->db, SQL);
	struct placing placing = { .doc_version = 0 };
	enum event_state state;
	enum step step;

	stmt_int(s, 1, event);
	step = stmt_step(s, e);
	if (step != STEP_ROW)
		return step == STEP_DONE;
	placing.entity = col_text(s, 1);
	placing.kind = col_text(s, 2);
	placing.currency = col_text(s, 3);
	placing.amount = col_int(s, 4);
	if (event_state_find(col_text(s, 0), &state))
		count_open(books, state, &placing, col_int(s, 5), -1);
	stmt_reset(s);
	return closing_leave(books, event, e);
}

bool
figures_move(struct books *books, const struct event *event,
    const struct placing *placing, const struct findings *findings,
    enum event_state from, bool alone, struct err *e)
{
	bool decided = false;

	if (from == EVENT_RECEIVED) {
		const char *const part[4] = { event->source, "", "", "" };

		delta_of(books, books->heard, part)->n[0] = event->seq;
		count_dimensions(books, event, findings);
		count_order(books, event, placing, findings);
	} else if (!alone) {
		if (!note_decided(books, event->seq, e))
			return false;
	} else if (event->state == EVENT_POSTED &&
	    !find_decided(books, event->seq, &decided, e)) {
		return false;
	}
	count_open(books, event->state, placing, event->received, 1);
	if (!closing_note(books, event, placing, findings, e))
		return false;
	if (event->state == EVENT_POSTED)
		count_posted(books, event, placing, alone && !decided);
	if (is_exception(from) && !is_exception(event->state))
		take(books, "resolve", event->source, event->received);
	return true;
}

/* ---- orders ----------------------------------------------------------- */

static void
take_invoicing(struct books *books, const struct event *event,
    int64_t micros)
{
	if (!books->replaying)
		sum_latency(books, "invoice", event->source,
		    day_from_time(event->received), micros > 0 ? micros : 0);
}

/* From the first shipment to the first invoice, once both have come. */
bool
figures_order(struct books *books, const struct event *event,
    const char *entity, const char *number, const struct ordering *by,
    struct err *e)
{
	static const char SQL[] = "SELECT coalesce(shipped_at, 0),"
	    " coalesce(invoiced_at, 0) FROM ordering"
	    " WHERE entity = $1 AND number = $2";
	struct stmt *s;
	enum step step;

	if (by->shipped_at == 0 && by->invoiced_at == 0)
		return true;
	s = db_stmt(books->db, SQL);
	stmt_text(s, 1, entity);
	stmt_text(s, 2, number);
	step = stmt_step(s, e);
	if (step != STEP_ROW)
		return step == STEP_DONE;
	if (by->invoiced_at != 0 && col_int(s, 0) != 0 && col_int(s, 1) == 0)
		take_invoicing(books, event, by->invoiced_at - col_int(s, 0));
	else if (by->shipped_at != 0 && col_int(s, 0) == 0 &&
	    col_int(s, 1) != 0)
		take_invoicing(books, event, col_int(s, 1) - by->shipped_at);
	stmt_reset(s);
	return true;
}

/* ---- where accounts stand --------------------------------------------- */

static bool
load_stand(struct books *books, struct stand *stand, struct err *e)
{
	static const char SQL[] = "SELECT balance, base, last, since"
	    " FROM standing WHERE entity = $1 AND account = $2"
	    " AND currency = $3";
	struct stmt *s = db_stmt(books->db, SQL);
	enum step step;

	stmt_text(s, 1, stand->entity);
	stmt_text(s, 2, stand->account);
	stmt_text(s, 3, stand->currency);
	step = stmt_step(s, e);
	if (step == STEP_ROW) {
		stand->balance = col_int(s, 0);
		stand->base = col_int(s, 1);
		stand->last = col_int(s, 2);
		stand->since = col_int(s, 3);
		stmt_reset(s);
	}
	return step != STEP_FAILED;
}

static struct stand *
stand_of(struct books *books, const char *entity, const struct entry *entry,
    struct err *e)
{
	const char *const part[4] = { entity, entry->account,
	    entry->currency, "" };
	struct delta *delta = delta_of(books, books->standings, part);
	struct stand *stand = delta->owned;

	if (stand != NULL)
		return stand;
	stand = arena_alloc(books->arena, sizeof *stand);
	stand->entity = delta->part[0];
	stand->account = delta->part[1];
	stand->currency = delta->part[2];
	if (!load_stand(books, stand, e))
		return NULL;
	delta->owned = stand;
	return stand;
}

/* Zero counts between events, not between the lines of one. */
bool
figures_stand(struct books *books, const char *entity,
    const struct entry *entry, int64_t event, struct err *e)
{
	struct stand *stand = stand_of(books, entity, entry, e);

	if (stand == NULL)
		return false;
	if (stand->last != event)
		stand->before = stand->since;
	stand->last = event;
	stand->balance += entry->amount;
	stand->base += entry->base;
	stand->since = stand->balance == 0 ? 0 : stand->before != 0 ?
	    stand->before : event;
	return true;
}

/* ---- once a commit ---------------------------------------------------- */

/* As late as can be known in the commit itself: just before its write. */
static void
sum_latencies(struct books *books)
{
	int64_t now = clock_now();
	struct day today = day_from_time(now);

	for (struct taken *t = books->taken; t != NULL; t = t->next)
		sum_latency(books, t->what, t->source, today,
		    now > t->start ? now - t->start : 0);
}

static bool
flush_latency(struct books *books, const struct delta *delta,
    const char *day, struct err *e)
{
	static const char SQL[] = "INSERT INTO latency VALUES"
	    " ($1, $2, $3, $4, $5, $6) ON CONFLICT DO UPDATE SET"
	    " n = n + excluded.n, micros = micros + excluded.micros";
	struct stmt *s = db_stmt(books->db, SQL);

	stmt_text(s, 1, delta->part[0]);
	stmt_text(s, 2, delta->part[1]);
	stmt_text(s, 3, day);
	stmt_text(s, 4, delta->part[3]);
	stmt_int(s, 5, delta->n[0]);
	stmt_int(s, 6, delta->n[1]);
	return stmt_run(s, e);
}

/* Of its day, and of all days: that row has none. */
static bool
flush_latencies(struct books *books, struct err *e)
{
	struct span key;
	void *value;

	sum_latencies(books);
	for (size_t at = 0; map_next(books->latencies, &at, &key, &value);) {
		const struct delta *delta = value;

		if (!flush_latency(books, delta, delta->part[2], e) ||
		    !flush_latency(books, delta, "", e))
			return false;
	}
	return true;
}

static bool
flush_figure(struct books *books, const struct delta *delta,
    const char *day, struct err *e)
{
	static const char SQL[] = "INSERT INTO figure VALUES"
	    " ($1, $2, $3, $4, $5) ON CONFLICT DO UPDATE SET"
	    " n = n + excluded.n";
	struct stmt *s = db_stmt(books->db, SQL);

	for (int i = 0; i < 3; i++)
		stmt_text(s, i + 1, delta->part[i]);
	stmt_text(s, 4, day);
	stmt_int(s, 5, delta->n[0]);
	return stmt_run(s, e);
}

/* As the latencies. */
static bool
flush_figures(struct books *books, struct err *e)
{
	struct span key;
	void *value;

	for (size_t at = 0; map_next(books->figures, &at, &key, &value);) {
		const struct delta *delta = value;

		if (!flush_figure(books, delta, delta->part[3], e) ||
		    !flush_figure(books, delta, "", e))
			return false;
	}
	return true;
}

static bool
flush_standings(struct books *books, struct err *e)
{
	static const char SQL[] = "INSERT INTO standing VALUES"
	    " ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO UPDATE SET"
	    " balance = excluded.balance, base = excluded.base,"
	    " last = excluded.last, since = excluded.since";
	struct span key;
	void *value;

	for (size_t at = 0; map_next(books->standings, &at, &key, &value);) {
		const struct stand *stand = ((struct delta *)value)->owned;
		struct stmt *s = db_stmt(books->db, SQL);

		stmt_text(s, 1, stand->entity);
		stmt_text(s, 2, stand->account);
		stmt_text(s, 3, stand->currency);
		stmt_int(s, 4, stand->balance);
		stmt_int(s, 5, stand->base);
		stmt_int(s, 6, stand->last);
		stmt_int(s, 7, stand->since);
		if (!stmt_run(s, e))
			return false;
	}
	return true;
}

static bool
flush_heard(struct books *books, struct err *e)
{
	static const char SQL[] = "INSERT INTO heard VALUES ($1, $2)"
	    " ON CONFLICT DO UPDATE SET last = excluded.last";
	struct span key;
	void *value;

	for (size_t at = 0; map_next(books->heard, &at, &key, &value);) {
		const struct delta *delta = value;
		struct stmt *s = db_stmt(books->db, SQL);

		stmt_text(s, 1, delta->part[0]);
		stmt_int(s, 2, delta->n[0]);
		if (!stmt_run(s, e))
			return false;
	}
	return true;
}

static void
bind_backlog(struct stmt *s, const struct delta *delta)
{
	const char *space = strchr(delta->part[3], ' ');

	for (int i = 0; i < 3; i++)
		stmt_text(s, i + 1, delta->part[i]);
	stmt_span(s, 4, (struct span){ delta->part[3],
	    (size_t)(space - delta->part[3]) });
	stmt_int(s, 5, strtoll(space, NULL, 10));
}

static bool
drop_empty(struct books *books, const struct delta *delta, struct err *e)
{
	static const char SQL[] = "DELETE FROM backlog WHERE state = $1"
	    " AND entity = $2 AND kind = $3 AND currency = $4"
	    " AND minute = $5 AND n = 0";
	struct stmt *s = db_stmt(books->db, SQL);

	bind_backlog(s, delta);
	return stmt_run(s, e);
}

static bool
flush_backlog(struct books *books, struct err *e)
{
	static const char SQL[] = "INSERT INTO backlog VALUES"
	    " ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO UPDATE SET"
	    " n = n + excluded.n, amount = amount + excluded.amount";
	struct span key;
	void *value;

	for (size_t at = 0; map_next(books->backlog, &at, &key, &value);) {
		const struct delta *delta = value;
		struct stmt *s = db_stmt(books->db, SQL);

		if (delta->n[0] == 0 && delta->n[1] == 0)
			continue;
		bind_backlog(s, delta);
		stmt_int(s, 6, delta->n[0]);
		stmt_int(s, 7, delta->n[1]);
		if (!stmt_run(s, e) || (delta->n[0] < 0 &&
		    !drop_empty(books, delta, e)))
			return false;
	}
	return true;
}

bool
figures_flush(struct books *books, struct err *e)
{
	return flush_figures(books, e) && flush_standings(books, e) &&
	    flush_heard(books, e) && flush_backlog(books, e) &&
	    flush_latencies(books, e);
}

void
figures_clear(struct books *books)
{
	map_clear(books->latencies);
	map_clear(books->figures);
	map_clear(books->standings);
	map_clear(books->heard);
	map_clear(books->backlog);
	books->taken = NULL;
}
