/* The table of targets.  Written by the one writer, read by whoever asks. */
#include "store/outbox.h"

#define COLUMNS "name, kind, entities, first, state, why, actor, reason," \
	" breaker, config, books, product, company, at, taken, rate, tried," \
	" good, next_at, looked, until, older_from, older_to"

static void
read_row(struct stmt *s, struct arena *arena, struct target_row *row)
{
	const char **const texts[] = { &row->name, &row->kind,
		&row->entities, &row->first, &row->state, &row->why,
		&row->actor, &row->reason, &row->breaker, &row->config,
		&row->books, &row->product, &row->company };
	int64_t *const numbers[] = { &row->at, &row->taken, &row->rate,
		&row->tried, &row->good, &row->next_at, &row->looked,
		&row->until, &row->older_from, &row->older_to };
	int at = 0;

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		*texts[i] = arena_strdup(arena, col_text(s, at++));
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
		*numbers[i] = col_int(s, at++);
}

bool
target_load(struct db *db, const char *name, struct arena *arena,
    struct target_row *row, bool *found, struct err *e)
{
	static const char SQL[] = "SELECT " COLUMNS " FROM target"
	    " WHERE name = $1";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	*row = (struct target_row){ .name = name, .kind = "",
	    .entities = "[]", .first = "", .state = "", .why = "",
	    .actor = "", .reason = "", .breaker = "closed", .config = "",
	    .books = "", .product = "", .company = "" };
	stmt_text(s, 1, name);
	step = stmt_step(s, e);
	*found = step == STEP_ROW;
	if (!*found)
		return step == STEP_DONE;
	read_row(s, arena, row);
	stmt_reset(s);
	return true;
}

bool
target_put(struct books *books, const struct target_row *row, bool changed,
    struct err *e)
{
	static const char SQL[] = "INSERT OR REPLACE INTO target (" COLUMNS
	    ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12,"
	    " $13, $14, $15, $16, $17, $18, $19, max($20, coalesce((SELECT"
	    " looked FROM target WHERE name = $1), 0)), $21, $22, $23)";
	const char *const texts[] = { row->name, row->kind, row->entities,
		row->first, row->state, row->why, row->actor, row->reason,
		row->breaker, row->config, row->books, row->product,
		row->company };
	const int64_t numbers[] = { row->at, row->taken, row->rate,
		row->tried, row->good, row->next_at, row->looked, row->until,
		row->older_from, row->older_to };
	struct stmt *s = db_stmt(books->db, SQL);
	int at = 1;

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		stmt_text(s, at++, texts[i]);
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
		stmt_int(s, at++, numbers[i]);
	if (changed)
		books_touch(books, "target", row->name);
	return stmt_run(s, e);
}

bool
target_all(struct db *db, struct arena *arena, struct target_row **out,
    size_t *n, struct err *e)
{
	static const char SQL[] = "SELECT " COLUMNS ", (SELECT count(*)"
	    " FROM target WHERE state <> 'removed') FROM target"
	    " WHERE state <> 'removed' ORDER BY name";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	*n = 0;
	*out = NULL;
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		if (*out == NULL)
			*out = arena_alloc(arena, (size_t)col_int(s, 23) *
			    sizeof **out);
		read_row(s, arena, &(*out)[(*n)++]);
	}
	return step == STEP_DONE;
}

/* Each row says also how many there are at most. */
static bool
read_codes(struct stmt *s, struct arena *arena, const char ***out, size_t *n,
    struct err *e)
{
	enum step step;

	*n = 0;
	*out = NULL;
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		if (*out == NULL)
			*out = arena_alloc(arena, (size_t)col_int(s, 1) *
			    sizeof **out);
		(*out)[(*n)++] = arena_strdup(arena, col_text(s, 0));
	}
	return step == STEP_DONE;
}

bool
target_entities(struct db *db, struct arena *arena, const char ***out,
    size_t *n, struct err *e)
{
	static const char SQL[] = "SELECT code, (SELECT count(*) FROM master"
	    " WHERE tab = 'entity') FROM master WHERE tab = 'entity'"
	    " ORDER BY code";

	return read_codes(db_stmt(db, SQL), arena, out, n, e);
}

bool
target_strange(struct db *db, const char *entities, struct arena *arena,
    const char ***out, size_t *n, struct err *e)
{
	static const char SQL[] = "SELECT c.value, json_array_length($1)"
	    " FROM json_each($1) c WHERE NOT EXISTS (SELECT 1 FROM master m"
	    " WHERE m.tab = 'entity' AND m.code = c.value)";
	struct stmt *s = db_stmt(db, SQL);

	stmt_text(s, 1, entities);
	return read_codes(s, arena, out, n, e);
}

/* ---- sums ------------------------------------------------------------- */

static bool
sum_states(struct db *db, const struct target_row *row,
    struct target_sums *sums, struct err *e)
{
	static const char SQL[] = "SELECT state, sum(n) FROM outbox_sum"
	    " WHERE target = $1 GROUP BY state";
	struct stmt *s = db_stmt(db, SQL);
	enum commit_state state;
	enum step step;

	stmt_text(s, 1, row->name);
	while ((step = stmt_step(s, e)) == STEP_ROW)
		if (commit_state_read(col_text(s, 0), &state))
			sums->states[state] = col_int(s, 1);
	return step == STEP_DONE;
}

#define NEAR 1000	/* so many that wait are counted one by one */

static bool
is_far_behind(struct db *db, const struct target_row *row, bool *far,
    struct err *e)
{
	static const char SQL[] = "SELECT 1 FROM journal j WHERE j.id > $1"
	    " ORDER BY j.id LIMIT 1 OFFSET $2";
	struct stmt *s = db_stmt(db, SQL);

	stmt_int(s, 1, row->taken);
	stmt_int(s, 2, NEAR);
	return stmt_found(s, far, e);
}

/* All journals that are for it, of all days, less its rows, of both of which
 * there are sums: what waits is none of them. With a first day there may be
 * rows from before it, and who sees a part of the books sees no figures: -1. */
static bool
sum_all(struct db *db, const struct target_row *row, int64_t *n,
    struct err *e)
{
	static const char SQL[] = "SELECT (SELECT sum(f.n) FROM figure f"
	    " WHERE f.what = 'journal' AND f.day = '' AND f.detail = ''"
	    " AND ($2 = '[]' OR f.source IN"
	    " (SELECT value FROM json_each($2)))), coalesce((SELECT sum(u.n)"
	    " FROM outbox_sum u WHERE u.target = $1 AND ($2 = '[]'"
	    " OR u.entity IN (SELECT value FROM json_each($2)))), 0)";
	struct stmt *s = db_stmt(db, SQL);

	stmt_text(s, 1, row->name);
	stmt_text(s, 2, row->entities);
	if (stmt_step(s, e) != STEP_ROW)
		return false;
	*n = *row->first != '\0' || col_int(s, 0) == 0 ? -1 :
	    col_int(s, 0) - col_int(s, 1);
	stmt_reset(s);
	return true;
}

/* A row may be there before its turn: of what came from there. */
static bool
count_backlog(struct db *db, const struct target_row *row,
    struct target_sums *sums, struct err *e)
{
	static const char SQL[] = "SELECT (SELECT count(*) FROM journal j"
	    " WHERE j.id > $2 AND j.date >= $4 AND ($3 = '[]' OR j.entity IN"
	    " (SELECT value FROM json_each($3)))) -"
	    " (SELECT count(*) FROM outbox o WHERE o.target = $1"
	    " AND o.journal > $2)";
	struct stmt *s = db_stmt(db, SQL);

	stmt_text(s, 1, row->name);
	stmt_int(s, 2, row->taken);
	stmt_text(s, 3, row->entities);
	stmt_text(s, 4, row->first);
	if (stmt_step(s, e) != STEP_ROW)
		return false;
	sums->backlog = col_int(s, 0);
	stmt_reset(s);
	return true;
}

static bool
sum_backlog(struct db *db, const struct target_row *row,
    struct target_sums *sums, struct err *e)
{
	bool far;

	if (!is_far_behind(db, row, &far, e))
		return false;
	if (far && !sum_all(db, row, &sums->backlog, e))
		return false;
	return (far && sums->backlog >= 0) ||
	    count_backlog(db, row, sums, e);
}

/* Of rows that are not settled, and of what has none: the first by number came
 * first, or nearly so. */
static bool
find_oldest(struct db *db, const struct target_row *row,
    struct target_sums *sums, struct err *e)
{
	static const char SQL[] = "SELECT min(" OUTBOX_POSTED ") FROM event v"
	    " JOIN journal j ON j.event = v.seq WHERE j.id IN ("
	    "(SELECT min(o.journal) FROM (VALUES ('waiting'), ('sending'),"
	    " ('retrying'), ('failed'), ('dead')) s CROSS JOIN outbox o"
	    " ON o.target = $1 AND o.state = s.column1"
	    " WHERE o.state NOT IN ('done', 'skipped')),"
	    "(SELECT j.id FROM journal j WHERE $5 AND j.id > $2"
	    " AND j.date >= $4 AND ($3 = '[]' OR j.entity IN"
	    " (SELECT value FROM json_each($3))) AND NOT EXISTS"
	    " (SELECT 1 FROM outbox o WHERE o.target = $1"
	    " AND o.journal = j.id) ORDER BY j.id LIMIT 1))";
	struct stmt *s = db_stmt(db, SQL);

	stmt_text(s, 1, row->name);
	stmt_int(s, 2, row->taken);
	stmt_text(s, 3, row->entities);
	stmt_text(s, 4, row->first);
	stmt_int(s, 5, sums->backlog > 0);
	if (stmt_step(s, e) != STEP_ROW)
		return false;
	sums->oldest = col_int(s, 0);
	stmt_reset(s);
	return true;
}

bool
target_sums(struct db *db, const struct target_row *row,
    struct target_sums *sums, struct err *e)
{
	*sums = (struct target_sums){ .backlog = 0 };
	return sum_states(db, row, sums, e) &&
	    sum_backlog(db, row, sums, e) && find_oldest(db, row, sums, e);
}
