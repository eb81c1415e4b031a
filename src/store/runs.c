/* Plans and runs: what is picked, how far it went, the receipt. */
#include "store/runs.h"

#include <stdlib.h>

#include "core/clock.h"
#include "store/show.h"

/* ---- picking -------------------------------------------------------- */

/* Each takes $1 state or signature, $2 source, $3 code, $4 entity, $5 kind,
 * $6 text, $7 and $8 the time it came, $9 how many. */
#define FILTER " AND ($2 IS NULL OR e.source = $2)" \
	" AND ($3 IS NULL OR EXISTS (SELECT 1 FROM finding f" \
	" WHERE f.event = e.seq AND f.code = $3))" \
	" AND ($4 IS NULL OR e.entity = $4)" \
	" AND ($5 IS NULL OR e.kind = $5)" \
	" AND ($6 IS NULL OR instr(e.key || ' ' ||" \
	" coalesce(e.number, '') || ' ' || coalesce(e.party, ''), $6))" \
	" AND e.received >= $7 AND e.received < $8" \
	" ORDER BY e.seq LIMIT $9"

static struct stmt *
where_stmt(struct db *db, const struct run_where *w)
{
	static const char OPEN[] = "SELECT e.seq, e.version FROM event e"
	    " WHERE e.state <> 'posted' AND e.state IN"
	    " ('failed', 'held', 'conflict', 'waiting')" FILTER;
	static const char BY_STATE[] = "SELECT e.seq, e.version FROM event e"
	    " WHERE e.state <> 'posted' AND e.state = $1" FILTER;
	static const char POSTED[] = "SELECT e.seq, e.version FROM event e"
	    " WHERE e.state = 'posted'" FILTER;
	static const char BY_SIGNATURE[] = "SELECT DISTINCT e.seq, e.version"
	    " FROM finding n JOIN event e ON e.seq = n.event"
	    " WHERE n.signature = $1 AND e.state IN"
	    " ('failed', 'held', 'conflict', 'waiting')" FILTER;
	struct stmt *s;

	if (w->signature == NULL && (w->state == NULL ||
	    strcmp(w->state, "open") == 0))
		return db_stmt(db, OPEN);
	if (w->signature == NULL && strcmp(w->state, "posted") == 0)
		return db_stmt(db, POSTED);
	s = db_stmt(db, w->signature ? BY_SIGNATURE : BY_STATE);
	stmt_text(s, 1, w->signature ? w->signature : w->state);
	return s;
}

bool
run_where(struct db *db, const struct run_where *w, struct arena *arena,
    struct pick **out, size_t *n, struct err *e)
{
	struct stmt *s = where_stmt(db, w);
	enum step step;

	*n = 0;
	*out = arena_alloc(arena, (PICKS_MAX + 1) * sizeof **out);
	stmt_text(s, 2, w->source);
	stmt_text(s, 3, w->code);
	stmt_text(s, 4, w->entity);
	stmt_text(s, 5, w->kind);
	stmt_text(s, 6, w->q);
	stmt_int(s, 7, w->from);
	stmt_int(s, 8, w->to);
	stmt_int(s, 9, PICKS_MAX + 1);
	while ((step = stmt_step(s, e)) == STEP_ROW)
		(*out)[(*n)++] = (struct pick){ col_int(s, 0),
		    (int)col_int(s, 1) };
	if (step == STEP_DONE && *n > PICKS_MAX)
		return err_set(e, ERR_TOO_LARGE,
		    "more than %d events; take fewer", PICKS_MAX);
	return step == STEP_DONE;
}

bool
run_event(struct db *db, int64_t seq, struct arena *arena,
    struct run_event *out, bool *found, struct err *e)
{
	static const char SQL[] = "SELECT e.version, e.state, e.source,"
	    " e.received, e.amount, e.currency, EXISTS (SELECT 1 FROM"
	    " finding f JOIN period p ON p.entity = e.entity"
	    " AND p.period = f.value WHERE f.event = e.seq"
	    " AND f.code = 'period.closed' AND p.state <> 'open')"
	    " FROM event e WHERE e.seq = $1";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	stmt_int(s, 1, seq);
	step = stmt_step(s, e);
	*found = step == STEP_ROW;
	if (step != STEP_ROW)
		return step == STEP_DONE;
	*out = (struct run_event){ .version = (int)col_int(s, 0),
	    .source = arena_strdup(arena, col_text(s, 2)),
	    .received = col_int(s, 3), .amount = col_int(s, 4),
	    .currency = arena_strdup(arena, col_text(s, 5)),
	    .locked = col_int(s, 6) != 0 };
	if (!event_state_find(col_text(s, 1), &out->state))
		bug("state %s", col_text(s, 1));
	stmt_reset(s);
	return true;
}

/* ---- what a plan adds up -------------------------------------------- */

struct run_part {
	int64_t n, oldest, newest;
	struct sums sums;
};

struct run_sum {
	struct run_part parts[SKIPS];
};

struct run_sum *
run_sum_new(struct arena *arena)
{
	return arena_alloc(arena, sizeof(struct run_sum));
}

void
run_sum_add(struct run_sum *sum, enum skip skip,
    const struct run_event *event)
{
	struct run_part *part = &sum->parts[skip];

	part->n++;
	if (event == NULL)
		return;
	if (part->oldest == 0 || event->received < part->oldest)
		part->oldest = event->received;
	if (event->received > part->newest)
		part->newest = event->received;
	if (event->currency != NULL)
		sums_add(&part->sums, event->currency, event->amount);
}

int64_t
run_sum_count(const struct run_sum *sum, enum skip skip)
{
	return sum->parts[skip].n;
}

static void
write_part(struct json *j, const struct run_part *part)
{
	json_kint(j, "events", part->n);
	json_key(j, "amounts");
	show_sums(j, &part->sums);
}

static void
write_skip(struct json *j, enum skip skip)
{
	const struct skip_info *info = skip_info(skip);

	json_kstr(j, "code", info->name);
	json_kstr(j, "sentence", info->what);
	json_kstr(j, "hint", info->hint);
}

void
run_sum_encode(const struct run_sum *sum, struct json *j)
{
	int64_t skips = 0;

	write_part(j, &sum->parts[SKIP_NONE]);
	show_time(j, "oldest", sum->parts[SKIP_NONE].oldest);
	show_time(j, "newest", sum->parts[SKIP_NONE].newest);
	json_key(j, "skipped");
	json_open(j, '[');
	for (int i = SKIP_NONE + 1; i < SKIPS; i++) {
		if (sum->parts[i].n == 0)
			continue;
		skips += sum->parts[i].n;
		json_open(j, '{');
		write_skip(j, (enum skip)i);
		write_part(j, &sum->parts[i]);
		json_close(j, '}');
	}
	json_close(j, ']');
	json_kint(j, "skips", skips);
}

/* ---- picks as they are kept ----------------------------------------- */

void
run_picks_encode(const struct pick *picks, size_t n, struct str *out)
{
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			str_addc(out, ' ');
		str_addi(out, picks[i].event);
		str_addc(out, ':');
		str_addi(out, picks[i].version);
	}
}

size_t
run_picks_decode(struct span text, struct pick *out, size_t max)
{
	const char *p = text.p;
	size_t n = 0;
	char *end;

	while (text.n > 0 && n < max && p < text.p + text.n) {
		out[n].event = strtoll(p, &end, 10);
		out[n].version = (int)strtol(end + 1, &end, 10);
		n++;
		p = end + 1;
	}
	return n;
}

/* ---- runs ----------------------------------------------------------- */

static bool
next_id(struct db *db, int64_t *out, struct err *e)
{
	static const char SQL[] = "SELECT coalesce(max(id), 0) + 1 FROM run";
	struct stmt *s = db_stmt(db, SQL);
	enum step step = stmt_step(s, e);

	if (step == STEP_ROW) {
		*out = col_int(s, 0);
		stmt_reset(s);
	}
	return step == STEP_ROW;
}

static bool
forget(struct books *books, int64_t upto, struct err *e)
{
	static const char ROWS[] = "DELETE FROM run_row WHERE run IN"
	    " (SELECT id FROM run WHERE id <= $1 AND state <> 'running')";
	static const char RUNS[] = "DELETE FROM run WHERE id <= $1"
	    " AND state <> 'running'";
	struct stmt *s = db_stmt(books->db, ROWS);

	stmt_int(s, 1, upto);
	if (!stmt_run(s, e))
		return false;
	s = db_stmt(books->db, RUNS);
	stmt_int(s, 1, upto);
	return stmt_run(s, e);
}

static void
touch(struct books *books, int64_t id)
{
	books_touch(books, "run", arena_id(books->arena, 'R', id));
}

bool
run_add(struct books *books, struct run *run, struct err *e)
{
	static const char SQL[] = "INSERT INTO run VALUES ($1, $2, $3, $4,"
	    " $5, $6, $7, $8, 0, 0, 0, 'running', NULL, $9, NULL)";
	static const char PICKS[] = "INSERT INTO run_pick VALUES ($1, $2)";
	struct stmt *s;

	if (!next_id(books->db, &run->id, e))
		return false;
	s = db_stmt(books->db, SQL);
	stmt_int(s, 1, run->id);
	stmt_text(s, 2, run->actor);
	stmt_text(s, 3, run->key);
	stmt_text(s, 4, run->plan);
	stmt_text(s, 5, run->action);
	stmt_text(s, 6, run->reason);
	stmt_text(s, 7, run->parameters);
	stmt_int(s, 8, run->total);
	stmt_int(s, 9, clock_now());
	run->state = "running";
	touch(books, run->id);
	if (!stmt_run(s, e))
		return false;
	s = db_stmt(books->db, PICKS);
	stmt_int(s, 1, run->id);
	stmt_span(s, 2, run->picks);
	return stmt_run(s, e) && forget(books, run->id - RUNS_KEPT, e);
}

bool
run_load(struct db *db, int64_t id, struct arena *arena, struct run *out,
    bool *found, struct err *e)
{
	static const char SQL[] = "SELECT actor, key, plan, action, reason,"
	    " parameters, picks, total, done, failed, skipped, state"
	    " FROM run LEFT JOIN run_pick ON run = id WHERE id = $1";
	struct stmt *s = db_stmt(db, SQL);
	struct span picks;
	enum step step;

	stmt_int(s, 1, id);
	step = stmt_step(s, e);
	*found = step == STEP_ROW;
	if (step != STEP_ROW)
		return step == STEP_DONE;
	picks = col_span(s, 6);
	*out = (struct run){ .id = id,
	    .actor = arena_strdup(arena, col_text(s, 0)),
	    .key = arena_strdup(arena, col_text(s, 1)),
	    .plan = arena_strdup(arena, col_text(s, 2)),
	    .action = arena_strdup(arena, col_text(s, 3)),
	    .reason = arena_strdup(arena, col_text(s, 4)),
	    .parameters = arena_strdup(arena, col_text(s, 5)),
	    .picks = { arena_strndup(arena, picks.n > 0 ? picks.p : "",
	    picks.n), picks.n },
	    .total = col_int(s, 7), .done = col_int(s, 8),
	    .failed = col_int(s, 9), .skipped = col_int(s, 10),
	    .state = arena_strdup(arena, col_text(s, 11)) };
	stmt_reset(s);
	return true;
}

bool
run_find_key(struct db *db, const char *actor, const char *key,
    const char *plan, int64_t *id, struct err *e)
{
	static const char SQL[] =
	    "SELECT id, plan FROM run WHERE actor = $1 AND key = $2";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;
	bool same;

	*id = 0;
	stmt_text(s, 1, actor);
	stmt_text(s, 2, key);
	step = stmt_step(s, e);
	if (step != STEP_ROW)
		return step == STEP_DONE;
	*id = col_int(s, 0);
	same = strcmp(col_text(s, 1), plan) == 0;
	stmt_reset(s);
	return same || err_set(e, ERR_KEY_REUSE, "%.80s", key);
}

bool
run_next(struct db *db, int64_t after, int64_t *id, struct err *e)
{
	static const char SQL[] = "SELECT id FROM run WHERE id > $1"
	    " AND state = 'running' ORDER BY id LIMIT 1";
	struct stmt *s = db_stmt(db, SQL);

	stmt_int(s, 1, after);
	return stmt_number(s, id, e);
}

bool
run_goes(struct db *db, int64_t id, bool *goes, struct err *e)
{
	static const char SQL[] = "SELECT 1 FROM run WHERE id = $1"
	    " AND state = 'running'";
	struct stmt *s = db_stmt(db, SQL);

	stmt_int(s, 1, id);
	return stmt_found(s, goes, e);
}

/* Nobody asks any more what was picked: the receipt says it. */
static bool
forget_picks(struct books *books, int64_t id, struct err *e)
{
	static const char SQL[] = "DELETE FROM run_pick WHERE run = $1";
	struct stmt *s = db_stmt(books->db, SQL);

	stmt_int(s, 1, id);
	return stmt_run(s, e);
}

bool
run_put(struct books *books, const struct run *run, struct err *e)
{
	static const char SQL[] = "UPDATE run SET done = $2, failed = $3,"
	    " skipped = $4, state = $5,"
	    " ended = CASE $5 WHEN 'running' THEN NULL ELSE $6 END"
	    " WHERE id = $1";
	struct stmt *s = db_stmt(books->db, SQL);

	stmt_int(s, 1, run->id);
	stmt_int(s, 2, run->done);
	stmt_int(s, 3, run->failed);
	stmt_int(s, 4, run->skipped);
	stmt_text(s, 5, run->state);
	stmt_int(s, 6, clock_now());
	touch(books, run->id);
	return stmt_run(s, e) && (strcmp(run->state, "running") == 0 ||
	    forget_picks(books, run->id, e));
}

bool
run_cancel(struct books *books, int64_t id, const char *by, struct err *e)
{
	static const char SQL[] = "UPDATE run SET state = 'cancelled',"
	    " cancelled_by = $2, ended = $3 WHERE id = $1"
	    " AND state = 'running'";
	struct stmt *s = db_stmt(books->db, SQL);

	stmt_int(s, 1, id);
	stmt_text(s, 2, by);
	stmt_int(s, 3, clock_now());
	touch(books, id);
	return stmt_run(s, e) && forget_picks(books, id, e);
}

/* ---- the receipt ---------------------------------------------------- */

bool
run_row_add(struct books *books, int64_t run, const struct run_row *row,
    struct err *e)
{
	static const char SQL[] = "INSERT INTO run_row VALUES ($1, $2, $3,"
	    " $4, $5, $6, $7, $8, $9, $10, $11, $12)";
	struct stmt *s = db_stmt(books->db, SQL);

	stmt_int(s, 1, run);
	stmt_int(s, 2, row->n);
	stmt_int(s, 3, row->pick.event);
	stmt_int(s, 4, row->pick.version);
	stmt_text(s, 5, row->outcome);
	stmt_text(s, 6, row->from);
	stmt_text(s, 7, row->to);
	stmt_int(s, 8, row->to_version);
	stmt_text(s, 9, row->code);
	stmt_text(s, 10, row->value);
	stmt_text(s, 11, row->field);
	stmt_text(s, 12, row->detail);
	return stmt_run(s, e);
}

bool
run_failed(struct db *db, int64_t run, struct arena *arena,
    struct pick **out, size_t *n, struct err *e)
{
	static const char SQL[] = "SELECT event, to_version FROM run_row"
	    " WHERE run = $1 AND outcome = 'failed' ORDER BY n LIMIT $2";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	*n = 0;
	*out = arena_alloc(arena, PICKS_MAX * sizeof **out);
	stmt_int(s, 1, run);
	stmt_int(s, 2, PICKS_MAX);
	while ((step = stmt_step(s, e)) == STEP_ROW)
		(*out)[(*n)++] = (struct pick){ col_int(s, 0),
		    (int)col_int(s, 1) };
	return step == STEP_DONE;
}
