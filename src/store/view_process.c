/* Stock, orders, batches and flows: how far things have come. */
#include "store/show.h"

#include <string.h>

#include "book/quantity.h"
#include "book/reference.h"
#include "core/clock.h"
#include "core/map.h"
#include "store/books.h"

/* "A/B/C": the parts of a page's last key. */
static void
bind_after(struct stmt *s, int at, int n, const char *after)
{
	after = after != NULL ? after : "";
	for (int i = 0; i < n; i++) {
		size_t length = i < n - 1 ? strcspn(after, "/") :
		    strlen(after);

		stmt_span(s, at + i, (struct span){ after, length });
		after += length + (after[length] != '\0');
	}
}

/* ---- stock ------------------------------------------------------------ */

static void
write_stock(struct json *j, struct stmt *s)
{
	int64_t available = col_int(s, 3) - col_int(s, 4);

	json_open(j, '{');
	json_kstr(j, "entity", col_text(s, 0));
	json_kstr(j, "item", col_text(s, 1));
	json_kstr(j, "location", col_text(s, 2));
	show_quantity(j, "on_hand", col_int(s, 3));
	show_quantity(j, "reserved", col_int(s, 4));
	show_quantity(j, "available", available);
	show_amount(j, "value", col_int(s, 5), col_text(s, 7));
	json_kstr(j, "currency", col_text(s, 7));
	json_key(j, "tracked");
	json_bool(j, col_int(s, 6) != 0);
	json_key(j, "short");
	json_bool(j, col_int(s, 6) != 0 && available < 0);
	json_close(j, '}');
}

bool
view_stock(struct db *db, const char *location, const char *q,
    const char *after, int limit, struct json *j, struct err *e)
{
	static const char SQL[] = "SELECT s.entity, s.item, s.location,"
	    " s.on_hand, s.reserved, s.value, s.tracked,"
	    " coalesce(m.extra, 'INR') FROM stock s LEFT JOIN master m"
	    " ON m.tab = 'entity' AND m.code = s.entity"
	    " WHERE ($1 IS NULL OR s.location = $1)"
	    " AND ($2 IS NULL OR instr(s.item, $2))"
	    " AND (s.entity, s.item, s.location) > ($3, $4, $5)"
	    " ORDER BY s.entity, s.item, s.location LIMIT $6";
	struct stmt *s = db_stmt(db, SQL);
	struct str last;
	enum step step;
	int n = 0;

	str_init(&last, 4096);
	stmt_text(s, 1, location);
	stmt_text(s, 2, q);
	bind_after(s, 3, 3, after);
	stmt_int(s, 6, limit + 1);
	json_open(j, '{');
	json_key(j, "items");
	json_open(j, '[');
	while ((step = stmt_step(s, e)) == STEP_ROW && n++ < limit) {
		write_stock(j, s);
		str_clear(&last);
		str_addf(&last, "%s/%s/%s", col_text(s, 0), col_text(s, 1),
		    col_text(s, 2));
	}
	json_close(j, ']');
	json_kstr(j, "next", step == STEP_ROW ? last.p : NULL);
	if (step == STEP_ROW)
		stmt_reset(s);
	json_close(j, '}');
	str_free(&last);
	return step != STEP_FAILED;
}

/* ---- orders ----------------------------------------------------------- */

struct progress {
	int64_t ordered, shipped, invoiced, returned;
};

static void
write_item(struct json *j, struct stmt *s, struct progress *all)
{
	int64_t rest = col_int(s, 2) - col_int(s, 3);

	all->ordered += col_int(s, 2);
	all->shipped += col_int(s, 3);
	all->invoiced += col_int(s, 4);
	all->returned += col_int(s, 5);
	json_open(j, '{');
	json_kstr(j, "item", col_text(s, 0));
	json_kstr(j, "location", col_text(s, 1));
	show_quantity(j, "ordered", col_int(s, 2));
	show_quantity(j, "shipped", col_int(s, 3));
	show_quantity(j, "invoiced", col_int(s, 4));
	show_quantity(j, "returned", col_int(s, 5));
	show_quantity(j, "backorder", rest > 0 ? rest : 0);
	json_close(j, '}');
}

/* Of an order that is not here yet, what it waits for. The text of the key
 * ends with the location, after the item that the finding names. */
static bool
write_short(struct db *db, int64_t event, struct json *j, struct err *e)
{
	static const char SQL[] = "SELECT f.value, substr(w.key,"
	    " length(e.entity) + length(f.value) + 3), w.weight FROM wait w"
	    " JOIN event e ON e.seq = w.event JOIN finding f"
	    " ON f.event = w.event AND f.code = 'wait.stock'"
	    " WHERE w.event = $1 AND w.reason = 'stock'";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	stmt_int(s, 1, event);
	step = stmt_step(s, e);
	if (step != STEP_ROW)
		return step == STEP_DONE;
	json_open(j, '{');
	json_kstr(j, "item", col_text(s, 0));
	json_kstr(j, "location", col_text(s, 1));
	show_quantity(j, "ordered", col_int(s, 2));
	show_quantity(j, "shipped", 0);
	show_quantity(j, "invoiced", 0);
	show_quantity(j, "returned", 0);
	show_quantity(j, "backorder", col_int(s, 2));
	json_close(j, '}');
	stmt_reset(s);
	return true;
}

static bool
write_items(struct db *db, const char *entity, const char *number,
    int64_t waits, struct json *j, struct progress *all, struct err *e)
{
	static const char SQL[] = "SELECT item, location, ordered, shipped,"
	    " invoiced, returned FROM ordering_item"
	    " WHERE entity = $1 AND number = $2 ORDER BY item";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	*all = (struct progress){ 0 };
	stmt_text(s, 1, entity);
	stmt_text(s, 2, number);
	json_key(j, "items");
	json_open(j, '[');
	while ((step = stmt_step(s, e)) == STEP_ROW)
		write_item(j, s, all);
	if (step == STEP_DONE && waits != 0 && !write_short(db, waits, j, e))
		return false;
	json_close(j, ']');
	return step == STEP_DONE;
}

enum { ORDERED = 4, INVOICED, PAID, CREDITED, REFUNDED, ORDERED_AT,
	SHIPPED_AT, INVOICED_AT, PAID_AT, WAITS };

/* The furthest step that is done in full; before that, how far. */
static const char *
order_state(struct stmt *s, const struct progress *all)
{
	int64_t owed = col_int(s, INVOICED) - col_int(s, CREDITED);

	if (col_null(s, ORDERED_AT))
		return col_null(s, WAITS) ? "no order" : "waiting";
	if (col_int(s, INVOICED) > 0 &&
	    col_int(s, INVOICED) >= col_int(s, ORDERED))
		return col_int(s, PAID) - col_int(s, REFUNDED) >= owed ?
		    "paid" : "invoiced";
	if (all->shipped == 0)
		return "ordered";
	return all->shipped < all->ordered ? "part shipped" : "shipped";
}

static bool
write_order(struct db *db, struct stmt *s, struct json *j, struct err *e)
{
	static const char *const sums[] = { "ordered", "invoiced", "paid",
	    "credited", "refunded" };
	static const char *const times[] = { "ordered_at", "shipped_at",
	    "invoiced_at", "paid_at" };
	const char *currency = col_text(s, 3);
	struct progress all;
	bool ok;

	json_open(j, '{');
	json_kstr(j, "entity", col_text(s, 0));
	json_kstr(j, "number", col_text(s, 1));
	json_kstr(j, "party", col_text(s, 2));
	json_kstr(j, "currency", currency);
	for (int i = 0; i < 5; i++)
		show_amount(j, sums[i], col_int(s, ORDERED + i),
		    currency != NULL ? currency : "INR");
	for (int i = 0; i < 4; i++)
		show_time(j, times[i], col_int(s, ORDERED_AT + i));
	show_id(j, "waiting", 'E', col_int(s, WAITS));
	ok = write_items(db, col_text(s, 0), col_text(s, 1),
	    col_null(s, ORDERED_AT) ? col_int(s, WAITS) : 0, j, &all, e);
	json_kstr(j, "state", order_state(s, &all));
	json_close(j, '}');
	return ok;
}

bool
view_orders(struct db *db, const char *number, const char *after, int limit,
    struct json *j, struct err *e)
{
	/* Those that are here, and those that wait for stock: the last of
	 * each number that came. */
	static const char SQL[] = "SELECT * FROM (SELECT entity, number,"
	    " party, currency, ordered, invoiced, paid, credited, refunded,"
	    " ordered_at, shipped_at, invoiced_at, paid_at, (SELECT"
	    " max(event) FROM wait WHERE document ="
	    " entity || '/sales_order/' || number AND reason = 'stock')"
	    " FROM ordering WHERE ($1 IS NULL OR number = $1)"
	    " AND (entity, number) > ($2, $3)"
	    " ORDER BY entity, number LIMIT $4)"
	    " UNION ALL SELECT * FROM (SELECT e.entity, e.number, e.party,"
	    " e.currency, e.amount, 0, 0, 0, 0, NULL, NULL, NULL, NULL,"
	    " max(w.event) FROM wait w JOIN event e ON e.seq = w.event"
	    " WHERE w.reason = 'stock' AND e.kind = 'sales_order'"
	    " AND ($1 IS NULL OR e.number = $1)"
	    " AND (e.entity, e.number) > ($2, $3) AND NOT EXISTS (SELECT 1"
	    " FROM ordering o WHERE o.entity = e.entity"
	    " AND o.number = e.number) GROUP BY e.entity, e.number"
	    " ORDER BY e.entity, e.number LIMIT $4)"
	    " ORDER BY 1, 2 LIMIT $4";
	struct stmt *s = db_stmt(db, SQL);
	struct str last;
	enum step step;
	bool ok = true;
	int n = 0;

	str_init(&last, 4096);
	stmt_text(s, 1, number);
	bind_after(s, 2, 2, after);
	stmt_int(s, 4, limit + 1);
	json_open(j, '{');
	json_key(j, "items");
	json_open(j, '[');
	while (ok && (step = stmt_step(s, e)) == STEP_ROW && n++ < limit) {
		ok = write_order(db, s, j, e);
		str_clear(&last);
		str_addf(&last, "%s/%s", col_text(s, 0), col_text(s, 1));
	}
	json_close(j, ']');
	json_kstr(j, "next", ok && step == STEP_ROW ? last.p : NULL);
	json_close(j, '}');
	if (!ok || step == STEP_ROW)
		stmt_reset(s);
	str_free(&last);
	return ok && step != STEP_FAILED;
}

/* ---- batches ---------------------------------------------------------- */

static void
write_batch(struct json *j, struct stmt *s)
{
	const char *currency = col_text(s, 4);
	bool control = !col_null(s, 6);
	bool open = col_int(s, 2) > 0 || control || !col_null(s, 13);

	/* Of one that is closed, what its last part had. */
	json_open(j, '{');
	json_kstr(j, "key", col_text(s, 0));
	json_kint(j, "part", col_int(s, 1) - !open);
	json_kstr(j, "state", open ? "open" : "closed");
	json_kint(j, "documents", col_int(s, open ? 2 : 11));
	json_kstr(j, "currency", currency[0] != '\0' ? currency : NULL);
	if (currency[0] != '\0')
		show_amount(j, "total", col_int(s, open ? 3 : 12), currency);
	else
		json_kstr(j, "total", NULL);
	show_time(j, "due", col_int(s, 5));
	show_id(j, "control", 'E', col_int(s, 6));
	if (control && currency[0] != '\0')
		show_amount(j, "control_total", col_int(s, 7), currency);
	if (!col_null(s, 8))
		json_kint(j, "control_count", col_int(s, 8));
	show_id(j, "journal", 'J', col_int(s, 9));
	show_time(j, "closed", col_int(s, 10));
	show_id(j, "failed_control", 'E', col_int(s, 13));
	json_close(j, '}');
}

bool
view_batches(struct db *db, const char *after, int limit, struct json *j,
    struct err *e)
{
	static const char SQL[] = "SELECT key, part, n, total, currency, due,"
	    " control, control_total, control_count, journal, closed,"
	    " last_n, last_total, failed FROM batch WHERE key > $1"
	    " ORDER BY key LIMIT $2";
	struct stmt *s = db_stmt(db, SQL);
	struct str last;
	enum step step;
	int n = 0;

	str_init(&last, 4096);
	stmt_text(s, 1, after != NULL ? after : "");
	stmt_int(s, 2, limit + 1);
	json_open(j, '{');
	json_key(j, "items");
	json_open(j, '[');
	while ((step = stmt_step(s, e)) == STEP_ROW && n++ < limit) {
		write_batch(j, s);
		str_clear(&last);
		str_adds(&last, col_text(s, 0));
	}
	json_close(j, ']');
	json_kstr(j, "next", step == STEP_ROW ? last.p : NULL);
	json_close(j, '}');
	if (step == STEP_ROW)
		stmt_reset(s);
	str_free(&last);
	return step != STEP_FAILED;
}

/* ---- flows ------------------------------------------------------------ */

struct seen {			/* open events of one source and kind */
	const char *source, *kind, *entity;
	const struct flow *flow;
	int64_t waiting, held, failed, late, oldest;
};

struct looking {
	const struct reference *reference;
	struct arena *arena;
	struct map *seen;	/* source/kind/entity -> struct seen */
	struct map *paused;	/* source -> since, struct since */
	int64_t now;
};

struct since {
	int64_t at;
};

/* Late: open longer than the flow's latency, or than it may take to recover
 * when it has none. */
static int64_t
allowed(const struct flow *flow)
{
	if (flow == NULL)
		return 0;
	return flow->latency > 0 ? flow->latency * 1000000 :
	    flow->objective * 60000000;
}

static struct seen *
see(struct looking *l, const char *source, const char *kind,
    const char *entity)
{
	const char *key = arena_printf(l->arena, "%s/%s/%s", source, kind,
	    entity);
	struct seen *seen = map_find(l->seen, span_of(key));

	if (seen != NULL)
		return seen;
	seen = arena_alloc(l->arena, sizeof *seen);
	seen->source = arena_strdup(l->arena, source);
	seen->kind = arena_strdup(l->arena, kind);
	seen->entity = arena_strdup(l->arena, entity);
	seen->flow = reference_flow(l->reference, source, kind, entity);
	map_set(l->seen, span_of(key), seen);
	return seen;
}

static bool
look_open(struct looking *l, struct db *db, struct err *e)
{
	static const char SQL[] = "SELECT source, coalesce(kind, '*'),"
	    " coalesce(entity, '*'), state, received FROM event"
	    " WHERE state <> 'posted' AND state IN"
	    " ('failed', 'held', 'conflict', 'waiting')";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	while ((step = stmt_step(s, e)) == STEP_ROW) {
		struct seen *seen = see(l, col_text(s, 0), col_text(s, 1),
		    col_text(s, 2));
		const char *state = col_text(s, 3);
		int64_t received = col_int(s, 4), limit =
		    allowed(seen->flow);

		if (strcmp(state, "waiting") == 0)
			seen->waiting++;
		else if (strcmp(state, "held") == 0)
			seen->held++;
		else
			seen->failed++;
		seen->late += limit > 0 && l->now - received > limit;
		if (seen->oldest == 0 || received < seen->oldest)
			seen->oldest = received;
	}
	return step == STEP_DONE;
}

/* Who is paused is shown, be there a flow of it or not. */
static bool
look_paused(struct looking *l, struct db *db, struct err *e)
{
	static const char SQL[] = "SELECT name, paused FROM sender"
	    " WHERE paused IS NOT NULL ORDER BY name LIMIT 500";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	while ((step = stmt_step(s, e)) == STEP_ROW) {
		struct since *since = arena_alloc(l->arena, sizeof *since);
		struct span source = span_of(arena_strdup(l->arena,
		    col_text(s, 0)));
		bool shown = false;
		struct span key;
		void *value;

		since->at = col_int(s, 1);
		map_set(l->paused, source, since);
		for (size_t at = 0; map_next(l->seen, &at, &key, &value);)
			shown = shown || span_is(source,
			    ((struct seen *)value)->source);
		if (!shown)
			see(l, source.p, "*", "*");
	}
	if (step == STEP_ROW)
		stmt_reset(s);
	return step == STEP_DONE;
}

static void
write_window(struct json *j, const struct flow *flow)
{
	char text[HOURS_SIZE];

	hours_text(&flow->window, text);
	json_kstr(j, "window", text);
}

static void
write_flow(const struct looking *l, struct json *j, const char *source,
    const char *kind, const char *entity, const struct flow *flow,
    const struct seen *seen)
{
	static const struct flow plain = { .pattern = FLOW_REALTIME,
	    .window = { HOURS_NONE, HOURS_NONE }, .owner = "",
	    .control = "normal" };
	static const struct seen none;
	const struct since *paused = map_find(l->paused, span_of(source));

	seen = seen != NULL ? seen : &none;
	json_open(j, '{');
	json_kstr(j, "source", source);
	json_kstr(j, "kind", kind);
	json_kstr(j, "entity", entity);
	json_key(j, "configured");
	json_bool(j, flow != NULL);
	flow = flow != NULL ? flow : &plain;
	json_kstr(j, "pattern", flow_pattern_name(flow->pattern));
	write_window(j, flow);
	json_kint(j, "latency", flow->latency);
	json_kstr(j, "owner", flow->owner);
	json_kint(j, "objective", flow->objective);
	json_kint(j, "wait", flow->wait);
	json_kstr(j, "control", flow->control);
	json_kint(j, "waiting", seen->waiting);
	json_kint(j, "held", seen->held);
	json_kint(j, "failed", seen->failed);
	json_kint(j, "late", seen->late);
	show_time(j, "oldest", seen->oldest);
	show_time(j, "paused", paused != NULL ? paused->at : 0);
	json_close(j, '}');
}

/* Every flow that is configured, then what is open by source and kind. */
/* Whose row is not to be seen counts as shown. */
static bool
flow_seen(struct db *db, const struct flow *flow, bool *shown,
    struct err *e)
{
	static const char SQL[] = "SELECT 1 FROM flow WHERE source = $1"
	    " AND kind = $2 AND entity = $3";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	stmt_text(s, 1, flow->source);
	stmt_text(s, 2, flow->kind);
	stmt_text(s, 3, flow->entity);
	step = stmt_step(s, e);
	*shown = step == STEP_DONE;
	if (step == STEP_ROW)
		stmt_reset(s);
	return step != STEP_FAILED;
}

bool
view_flows(struct db *db, const struct reference *reference, struct json *j,
    struct err *e)
{
	struct looking l = { reference, arena_new(), map_new(), map_new(),
	    clock_now() };
	const struct flow *flow;
	struct span key;
	void *value;
	bool ok = look_open(&l, db, e) && look_paused(&l, db, e);

	json_open(j, '{');
	json_key(j, "items");
	json_open(j, '[');
	for (size_t at = 0; ok && map_next(l.seen, &at, &key, &value);) {
		const struct seen *seen = value;

		write_flow(&l, j, seen->source, seen->kind, seen->entity,
		    seen->flow, seen);
	}
	for (size_t at = 0; ok && (flow = reference_next_flow(reference,
	    &at)) != NULL;) {
		bool shown = false;

		for (size_t k = 0; map_next(l.seen, &k, &key, &value);)
			shown = shown || ((struct seen *)value)->flow == flow;
		if (!shown && !flow_seen(db, flow, &shown, e))
			ok = false;
		else if (!shown)
			write_flow(&l, j, flow->source, flow->kind,
			    flow->entity, flow, NULL);
	}
	json_close(j, ']');
	json_close(j, '}');
	map_free(&l.seen, NULL);
	map_free(&l.paused, NULL);
	arena_free(&l.arena);
	return ok;
}
