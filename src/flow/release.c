/*
 * Letting go what waited: each document that is written and each piece of
 * stock that comes in is noted, and told when the event itself is settled.
 * What is let go may let go others; all of it is one transaction.
 */
#include "flow/inside.h"

static void
note(struct settler *settler, const struct ready *what)
{
	struct ready *ready = vec_add(&settler->ready);

	if (ready == NULL)
		bug("more than %d to tell", READY_MAX);
	*ready = *what;
}

void
release_note(struct settler *settler, enum wait_reason reason,
    const char *key)
{
	if (settler->books->waits > 0)
		note(settler, &(struct ready){ .reason = reason,
		    .key = key });
}

void
release_stock(struct settler *settler, const char *entity, const char *item,
    const char *location)
{
	struct arena *arena = settler->arena;

	if (settler->books->waits > 0)
		note(settler, &(struct ready){ .reason = WAIT_STOCK,
		    .key = stock_key(arena, entity, item, location),
		    .entity = arena_strdup(arena, entity),
		    .item = arena_strdup(arena, item),
		    .location = arena_strdup(arena, location) });
}

void
release_order(struct settler *settler, const char *entity,
    const char *number)
{
	const struct document d = { .kind = DOC_SALES_ORDER,
	    .entity = entity, .number = number };

	if (settler->books->waits > 0)
		note(settler, &(struct ready){ .reason = WAIT_STOCK,
		    .key = document_key(settler->arena, &d),
		    .itself = true });
}

void
release_older(struct settler *settler, int64_t event, int64_t by,
    const char *revision)
{
	note(settler, &(struct ready){ .closes = event, .by = by,
	    .key = arena_strdup(settler->arena, revision) });
}

void
release_forget(struct settler *settler)
{
	vec_clear(&settler->ready);
	settler->told = 0;
	arena_reset(settler->arena);
}

static bool
release_one(struct settler *settler, int64_t seq, struct err *e)
{
	struct work *work = work_new();
	bool found, ok;

	ok = event_load(settler->books->db, seq, work->arena, &work->event,
	    &work->placing, &found, e);
	if (ok && !found)
		ok = err_set(e, ERR_CORRUPT, "event E%lld is missing",
		    (long long)seq);
	/* One told before it may have let it go already. */
	if (ok && work->event.state == EVENT_WAITING)
		ok = settle_once_more(settler, work, "bahid", e);
	work_free(&work);
	return ok;
}

/* First come, first served, and only those for whom there is enough: nobody
 * else is judged again. */
static bool
tell_stock(struct settler *settler, const struct ready *ready, struct err *e)
{
	struct stock_row row;
	int64_t event = 0;

	for (;;) {
		if (!stock_find(settler->books, ready->entity, ready->item,
		    ready->location, &row, e) ||
		    !wait_next(settler->books, WAIT_STOCK, ready->key,
		    row.on_hand - row.reserved, event, &event, e))
			return false;
		if (event == 0)
			return true;
		if (!release_one(settler, event, e))
			return false;
	}
}

static bool
tell(struct settler *settler, const struct ready *ready, struct err *e)
{
	struct books *books = settler->books;
	struct arena *arena;
	int64_t *events;
	size_t n;
	bool ok;

	if (ready->closes != 0)
		return older_close(settler, ready, e);
	if (ready->reason == WAIT_BATCH)
		return batch_close(settler, ready->key, false, e);
	if (ready->reason == WAIT_STOCK && !ready->itself)
		return tell_stock(settler, ready, e);
	arena = arena_new();
	ok = (ready->itself ? wait_writers : wait_events)(books,
	    ready->reason, ready->key, arena, &events, &n, e);
	for (size_t i = 0; ok && i < n; i++)
		ok = release_one(settler, events[i], e);
	arena_free(&arena);
	return ok;
}

bool
release_all(struct settler *settler, struct err *e)
{
	bool ok = true;

	while (ok && settler->told < settler->ready.n) {
		struct ready ready = *(struct ready *)vec_at(&settler->ready,
		    settler->told++);

		ok = tell(settler, &ready, e);
		crash_point("release.told");
	}
	release_forget(settler);
	return ok;
}
