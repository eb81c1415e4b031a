/*
 * The table of commits.  Written by the one writer; each target's thread reads
 * what is next, and nothing here looks at all that is done.
 */
#include "store/outbox.h"

#include <string.h>

#include "store/sums.h"

/* ---- states ----------------------------------------------------------- */

static const char *const names[COMMIT_STATES] = {
	[COMMIT_WAITING] = "waiting", [COMMIT_SENDING] = "sending",
	[COMMIT_RETRYING] = "retrying", [COMMIT_DONE] = "done",
	[COMMIT_FAILED] = "failed", [COMMIT_DEAD] = "dead",
	[COMMIT_SKIPPED] = "skipped"
};

const char *
commit_state_name(enum commit_state state)
{
	return names[state];
}

bool
commit_state_read(const char *name, enum commit_state *out)
{
	for (unsigned i = 0; i < COMMIT_STATES; i++)
		if (strcmp(names[i], name) == 0) {
			*out = (enum commit_state)i;
			return true;
		}
	return false;
}

#define TO(state) (1u << COMMIT_##state)

/* What is on its way is nobody's to decide before its outcome is known, but
 * where nobody is left to learn it: its target is gone. Only a person has what
 * is done, refused, dead or skipped go again, at once or, behind another of its
 * document, in its turn; so what waits may have been tried before. */
bool
commit_state_moves(enum commit_state from, enum commit_state to)
{
	static const unsigned moves[COMMIT_STATES] = {
		[COMMIT_WAITING] = TO(SENDING) | TO(RETRYING) | TO(DONE) |
		    TO(FAILED) | TO(DEAD) | TO(SKIPPED),
		[COMMIT_SENDING] = TO(RETRYING) | TO(DONE) | TO(FAILED) |
		    TO(DEAD) | TO(SKIPPED),
		[COMMIT_RETRYING] = TO(WAITING) | TO(SENDING) | TO(DONE) |
		    TO(FAILED) | TO(DEAD) | TO(SKIPPED),
		[COMMIT_DONE] = TO(WAITING) | TO(RETRYING),
		[COMMIT_FAILED] = TO(WAITING) | TO(RETRYING) | TO(SKIPPED),
		[COMMIT_DEAD] = TO(WAITING) | TO(RETRYING) | TO(SKIPPED),
		[COMMIT_SKIPPED] = TO(WAITING) | TO(RETRYING),
	};

	return (moves[from] >> to & 1) != 0;
}

/* ---- reading ---------------------------------------------------------- */

/* SQLite takes an index of some rows only where what they are stands in the
 * query word for word, and, knowing nothing of what the rows are like, the
 * primary key rather than that of the document: an expression hides the key
 * from it. tests/erp/test_outbox_plan.py. */
#define OPEN_OF(o) o ".state NOT IN ('done', 'skipped')"
#define OPEN "state NOT IN ('done', 'skipped')"

#define COLUMNS "target, journal, entity, kind, number, version, state," \
	" asked, apart, attempts, next_at, refusal, cause, words, remote," \
	" remote_number, remote_version, sent, held, actor, reason, first, at," \
	" moved"

static bool
read_row(struct stmt *s, struct arena *arena, struct commit_row *row,
    struct err *e)
{
	const char **const texts[] = { &row->refusal, &row->cause,
		&row->words, &row->remote, &row->remote_number,
		&row->remote_version, &row->sent, &row->held, &row->actor,
		&row->reason };

	row->target = arena_strdup(arena, col_text(s, 0));
	row->journal = col_int(s, 1);
	row->entity = arena_strdup(arena, col_text(s, 2));
	row->kind = arena_strdup(arena, col_text(s, 3));
	row->number = arena_strdup(arena, col_text(s, 4));
	row->version = col_int(s, 5);
	row->asked = col_int(s, 7) != 0;
	row->apart = col_int(s, 8) != 0;
	row->attempts = col_int(s, 9);
	row->next_at = col_int(s, 10);
	for (int i = 0; i < 10; i++)
		*texts[i] = arena_strdup(arena, col_text(s, 11 + i));
	row->first = col_int(s, 21);
	row->at = col_int(s, 22);
	row->moved = col_int(s, 23);
	return commit_state_read(col_text(s, 6), &row->state) ||
	    err_set(e, ERR_CORRUPT, "a commit in state %.20s",
	    col_text(s, 6));
}

/* At most n rows, all in one block; the statement is bound. */
static bool
read_rows(struct stmt *s, size_t n, struct arena *arena,
    struct commit_row **out, size_t *n_out, struct err *e)
{
	enum step step;

	*n_out = 0;
	*out = arena_alloc(arena, (n > 0 ? n : 1) * sizeof **out);
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		if (*n_out == n || !read_row(s, arena, &(*out)[*n_out], e)) {
			stmt_reset(s);
			return *n_out == n;
		}
		(*n_out)++;
	}
	return step == STEP_DONE;
}

bool
commit_load(struct db *db, const char *target, int64_t journal,
    struct arena *arena, struct commit_row *row, bool *found, struct err *e)
{
	static const char SQL[] = "SELECT " COLUMNS " FROM outbox"
	    " WHERE target = $1 AND journal = $2";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;
	bool ok;

	stmt_text(s, 1, target);
	stmt_int(s, 2, journal);
	step = stmt_step(s, e);
	*found = step == STEP_ROW;
	if (!*found)
		return step == STEP_DONE;
	ok = read_row(s, arena, row, e);
	stmt_reset(s);
	return ok;
}

bool
outbox_next(struct db *db, const struct target_row *row, int64_t after,
    size_t n, struct arena *arena, struct journal_mark **out, size_t *n_out,
    int64_t *seen, struct err *e)
{
	static const char SQL[] = "SELECT j.id, j.entity, j.kind, j.number,"
	    " j.version, j.date >= $4 AND ($3 = '[]' OR j.entity IN"
	    " (SELECT value FROM json_each($3))) AND NOT EXISTS"
	    " (SELECT 1 FROM outbox o WHERE o.target = $1"
	    " AND o.journal = j.id) FROM journal j WHERE j.id > $2"
	    " ORDER BY j.id LIMIT $5";
	struct stmt *s = db_stmt(db, SQL);
	enum step step = STEP_DONE;

	*n_out = 0;
	*seen = after;
	*out = arena_alloc(arena, (n > 0 ? n : 1) * sizeof **out);
	stmt_text(s, 1, row->name);
	stmt_int(s, 2, after);
	stmt_text(s, 3, row->entities);
	stmt_text(s, 4, row->first);
	stmt_int(s, 5, OUTBOX_LOOK);
	while (*n_out < n && (step = stmt_step(s, e)) == STEP_ROW) {
		*seen = col_int(s, 0);
		if (col_int(s, 5) == 0)
			continue;
		(*out)[(*n_out)++] = (struct journal_mark){
		    .journal = *seen,
		    .entity = arena_strdup(arena, col_text(s, 1)),
		    .kind = arena_strdup(arena, col_text(s, 2)),
		    .number = arena_strdup(arena, col_text(s, 3)),
		    .version = col_int(s, 4),
		};
	}
	if (step == STEP_ROW)
		stmt_reset(s);
	return step != STEP_FAILED;
}

bool
outbox_due(struct db *db, const char *target, int64_t now, size_t n,
    struct arena *arena, struct commit_row **out, size_t *n_out,
    struct err *e)
{
	static const char SQL[] = "SELECT * FROM (SELECT " COLUMNS
	    " FROM outbox WHERE target = $1 AND state = 'retrying'"
	    " AND " OPEN " AND next_at <= $2"
	    " ORDER BY next_at, journal LIMIT $3)"
	    " UNION ALL SELECT * FROM (SELECT " COLUMNS
	    " FROM outbox WHERE target = $1 AND state = 'waiting'"
	    " AND " OPEN " AND next_at > 0 AND next_at <= $2"
	    " ORDER BY next_at, journal LIMIT $3)"
	    " UNION ALL SELECT * FROM (SELECT " COLUMNS
	    " FROM outbox WHERE target = $1 AND state = 'retrying'"
	    " AND " OPEN " AND next_at > $4"
	    " ORDER BY next_at, journal LIMIT $3)"
	    " UNION ALL SELECT * FROM (SELECT " COLUMNS
	    " FROM outbox WHERE target = $1 AND state = 'waiting'"
	    " AND " OPEN " AND next_at > $4"
	    " ORDER BY next_at, journal LIMIT $3)"
	    " ORDER BY next_at, journal LIMIT $3";
	struct stmt *s = db_stmt(db, SQL);

	stmt_text(s, 1, target);
	stmt_int(s, 2, now);
	stmt_int(s, 3, (int64_t)n);
	stmt_int(s, 4, now + OUTBOX_AHEAD);
	return read_rows(s, n, arena, out, n_out, e);
}

bool
outbox_left(struct db *db, const char *target, size_t n, struct arena *arena,
    struct commit_row **out, size_t *n_out, struct err *e)
{
	static const char SQL[] = "SELECT " COLUMNS " FROM outbox"
	    " WHERE target = $1 AND state = 'sending' AND " OPEN
	    " ORDER BY next_at, journal LIMIT $2";
	struct stmt *s = db_stmt(db, SQL);

	stmt_text(s, 1, target);
	stmt_int(s, 2, (int64_t)n);
	return read_rows(s, n, arena, out, n_out, e);
}

bool
outbox_unheard(struct db *db, const struct target_row *row, int64_t *at,
    struct err *e)
{
	static const char SQL[] = "SELECT coalesce(max(o.at), 0) FROM"
	    " (SELECT 'sending' AS state UNION ALL SELECT 'retrying') s"
	    " CROSS JOIN target t CROSS JOIN outbox o ON o.target = t.name"
	    " AND o.state = s.state AND " OPEN_OF("o")
	    " AND o.asked <> 0 WHERE t.name <> $1 AND t.books = $2"
	    " AND t.state IN ('removed', 'stopped')";
	struct stmt *s = db_stmt(db, SQL);

	stmt_text(s, 1, row->name);
	stmt_text(s, 2, row->books);
	return stmt_number(s, at, e);
}

bool
outbox_behind(struct db *db, const char *target,
    const struct journal_mark *mark, bool *behind, struct err *e)
{
	static const char SQL[] = "SELECT 1 FROM outbox WHERE number = $1"
	    " AND kind = $2 AND entity = $3 AND target || '' = $4"
	    " AND journal + 0 < $5 AND " OPEN " LIMIT 1";
	struct stmt *s = db_stmt(db, SQL);

	stmt_text(s, 1, mark->number);
	stmt_text(s, 2, mark->kind);
	stmt_text(s, 3, mark->entity);
	stmt_text(s, 4, target);
	stmt_int(s, 5, mark->journal);
	return stmt_found(s, behind, e);
}

bool
outbox_is_of(struct db *db, int64_t journal, const struct commit_row *row,
    bool *is, struct err *e)
{
	static const char SQL[] = "SELECT 1 FROM journal j WHERE j.id = $1"
	    " AND j.entity = $2 AND j.kind = $3 AND j.number = $4";
	struct stmt *s = db_stmt(db, SQL);

	stmt_int(s, 1, journal);
	stmt_text(s, 2, row->entity);
	stmt_text(s, 3, row->kind);
	stmt_text(s, 4, row->number);
	return stmt_found(s, is, e);
}

bool
outbox_received(struct db *db, int64_t journal, int64_t *at, struct err *e)
{
	static const char SQL[] = "SELECT v.received FROM journal j"
	    " JOIN event v ON v.seq = j.event WHERE j.id = $1";
	struct stmt *s = db_stmt(db, SQL);

	stmt_int(s, 1, journal);
	return stmt_number(s, at, e);
}

bool
outbox_soonest(struct db *db, const char *target, int64_t *at,
    struct err *e)
{
	static const char SQL[] = "SELECT min(at) FROM ("
	    "SELECT min(next_at) AS at FROM outbox WHERE target = $1"
	    " AND state = 'retrying' AND " OPEN
	    " UNION ALL SELECT min(next_at) FROM outbox WHERE target = $1"
	    " AND state = 'waiting' AND " OPEN " AND next_at > 0) s";
	struct stmt *s = db_stmt(db, SQL);

	stmt_text(s, 1, target);
	return stmt_number(s, at, e);
}

/* ---- writing ---------------------------------------------------------- */

static bool
state_before(struct books *books, const struct commit_row *row,
    enum commit_state *before, bool *found, struct err *e)
{
	static const char SQL[] = "SELECT state FROM outbox"
	    " WHERE target = $1 AND journal = $2";
	struct stmt *s = db_stmt(books->db, SQL);
	enum step step;
	bool ok;

	stmt_text(s, 1, row->target);
	stmt_int(s, 2, row->journal);
	step = stmt_step(s, e);
	*found = step == STEP_ROW;
	if (!*found)
		return step == STEP_DONE;
	ok = commit_state_read(col_text(s, 0), before) ||
	    err_set(e, ERR_CORRUPT, "a commit in state %.20s",
	    col_text(s, 0));
	stmt_reset(s);
	return ok;
}

static void
sum(struct books *books, const struct commit_row *row,
    enum commit_state state, int n)
{
	const char *const part[4] = { row->target, row->entity,
	    names[state], "" };

	delta_of(books, books->commits, part)->n[0] += n;
}

/* Whoever reads after this commit has seen it, and nobody before. */
static int64_t
next_change(const struct books *books)
{
	return books->change + 1;
}

static bool
insert(struct books *books, const struct commit_row *row, struct err *e)
{
	static const char SQL[] = "INSERT INTO outbox (" COLUMNS ") VALUES"
	    " ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14,"
	    " $15, $16, $17, $18, $19, $20, $21, $22, $23, $24)";
	const char *const texts[] = { row->refusal, row->cause, row->words,
		row->remote, row->remote_number, row->remote_version,
		row->sent, row->held, row->actor, row->reason };
	struct stmt *s = db_stmt(books->db, SQL);

	stmt_text(s, 1, row->target);
	stmt_int(s, 2, row->journal);
	stmt_text(s, 3, row->entity);
	stmt_text(s, 4, row->kind);
	stmt_text(s, 5, row->number);
	stmt_int(s, 6, row->version);
	stmt_text(s, 7, names[row->state]);
	stmt_int(s, 8, row->asked);
	stmt_int(s, 9, row->apart);
	stmt_int(s, 10, row->attempts);
	stmt_int(s, 11, row->next_at);
	for (int i = 0; i < 10; i++)
		stmt_text(s, 12 + i, texts[i]);
	stmt_int(s, 22, row->first);
	stmt_int(s, 23, row->at);
	stmt_int(s, 24, next_change(books));
	return stmt_run(s, e);
}

static bool
update(struct books *books, const struct commit_row *row, struct err *e)
{
	static const char SQL[] = "UPDATE outbox SET state = $3, asked = $4,"
	    " apart = $5, attempts = $6, next_at = $7, refusal = $8,"
	    " cause = $9, words = $10, remote = $11, remote_number = $12,"
	    " remote_version = $13, sent = $14, held = $15, actor = $16,"
	    " reason = $17, at = $18, moved = $19 WHERE target = $1 AND journal = $2";
	const char *const texts[] = { row->refusal, row->cause, row->words,
		row->remote, row->remote_number, row->remote_version,
		row->sent, row->held, row->actor, row->reason };
	struct stmt *s = db_stmt(books->db, SQL);

	stmt_text(s, 1, row->target);
	stmt_int(s, 2, row->journal);
	stmt_text(s, 3, names[row->state]);
	stmt_int(s, 4, row->asked);
	stmt_int(s, 5, row->apart);
	stmt_int(s, 6, row->attempts);
	stmt_int(s, 7, row->next_at);
	for (int i = 0; i < 10; i++)
		stmt_text(s, 8 + i, texts[i]);
	stmt_int(s, 18, row->at);
	stmt_int(s, 19, next_change(books));
	return stmt_run(s, e);
}

/* The next of its document, once nothing is before it. */
static bool
release(struct books *books, const struct commit_row *row, struct err *e)
{
	static const char SQL[] = "UPDATE outbox SET next_at = $5"
	    " WHERE target = $4 AND state = 'waiting' AND next_at = 0"
	    " AND journal = (SELECT o.journal FROM outbox o"
	    " WHERE o.number = $1 AND o.kind = $2 AND o.entity = $3"
	    " AND o.target || '' = $4 AND o." OPEN
	    " ORDER BY o.journal LIMIT 1)";
	struct stmt *s = db_stmt(books->db, SQL);

	stmt_text(s, 1, row->number);
	stmt_text(s, 2, row->kind);
	stmt_text(s, 3, row->entity);
	stmt_text(s, 4, row->target);
	stmt_int(s, 5, row->at);
	return stmt_run(s, e);
}

bool
commit_put(struct books *books, const struct commit_row *row, struct err *e)
{
	enum commit_state before = row->state;
	bool found;

	if (!state_before(books, row, &before, &found, e))
		return false;
	if (found && before != row->state &&
	    !commit_state_moves(before, row->state))
		return err_set(e, ERR_CORRUPT, "J%lld at %.60s is %s, and "
		    "does not become %s", (long long)row->journal,
		    row->target, names[before], names[row->state]);
	if (!(found ? update(books, row, e) : insert(books, row, e)))
		return false;
	books_touch(books, "commit", row->target);
	if (found && before == row->state)
		return true;
	if (found)
		sum(books, row, before, -1);
	sum(books, row, row->state, 1);
	if (row->state != COMMIT_DONE && row->state != COMMIT_SKIPPED)
		return true;
	return !found || release(books, row, e);
}

static struct journal_mark
mark_of(const struct commit_row *row)
{
	return (struct journal_mark){ .journal = row->journal,
	    .entity = row->entity, .kind = row->kind, .number = row->number,
	    .version = row->version };
}

bool
commit_in_turn(struct books *books, struct commit_row *row, int64_t now,
    bool *behind, struct err *e)
{
	const struct journal_mark mark = mark_of(row);

	if (!outbox_behind(books->db, row->target, &mark, behind, e))
		return false;
	row->state = *behind ? COMMIT_WAITING : COMMIT_RETRYING;
	row->next_at = *behind ? 0 : now;
	return true;
}

bool
outbox_flush(struct books *books, struct err *e)
{
	static const char SQL[] = "INSERT INTO outbox_sum VALUES"
	    " ($1, $2, $3, $4) ON CONFLICT DO UPDATE SET n = n + excluded.n";
	struct span key;
	void *value;

	for (size_t at = 0; map_next(books->commits, &at, &key, &value);) {
		const struct delta *delta = value;
		struct stmt *s = db_stmt(books->db, SQL);

		if (delta->n[0] == 0)
			continue;
		for (int i = 0; i < 3; i++)
			stmt_text(s, i + 1, delta->part[i]);
		stmt_int(s, 4, delta->n[0]);
		if (!stmt_run(s, e))
			return false;
	}
	return true;
}

void
outbox_clear(struct books *books)
{
	map_clear(books->commits);
}

/* ---- tries ------------------------------------------------------------ */

/* Of many the first half stays and the latest: one in the middle goes. */
bool
commit_try_add(struct books *books, const struct commit_row *row,
    const struct commit_try *try, struct err *e)
{
	static const char DROP[] = "DELETE FROM outbox_try WHERE target = $1"
	    " AND journal = $2 AND n = (SELECT n FROM outbox_try"
	    " WHERE target = $1 AND journal = $2 ORDER BY n"
	    " LIMIT 1 OFFSET $3) AND (SELECT count(*) FROM outbox_try"
	    " WHERE target = $1 AND journal = $2) >= $3 * 2";
	static const char ADD[] = "INSERT INTO outbox_try SELECT $1, $2,"
	    " (SELECT coalesce(max(n), 0) + 1 FROM outbox_try"
	    " WHERE target = $1 AND journal = $2), $3, $4, $5, $6, $7";
	struct stmt *s = db_stmt(books->db, DROP);

	stmt_text(s, 1, row->target);
	stmt_int(s, 2, row->journal);
	stmt_int(s, 3, COMMIT_TRIES_MAX / 2);
	if (!stmt_run(s, e))
		return false;
	s = db_stmt(books->db, ADD);
	stmt_text(s, 1, row->target);
	stmt_int(s, 2, row->journal);
	stmt_int(s, 3, try->at);
	stmt_text(s, 4, try->act);
	stmt_text(s, 5, try->outcome);
	stmt_text(s, 6, try->actor);
	stmt_text(s, 7, try->words);
	return stmt_run(s, e);
}

bool
commit_tries(struct db *db, const char *target, int64_t journal,
    struct arena *arena, struct commit_try **out, size_t *n, struct err *e)
{
	static const char SQL[] = "SELECT at, act, outcome, actor, words"
	    " FROM outbox_try WHERE target = $1 AND journal = $2"
	    " ORDER BY n LIMIT $3";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	*n = 0;
	*out = arena_alloc(arena, COMMIT_TRIES_MAX * sizeof **out);
	stmt_text(s, 1, target);
	stmt_int(s, 2, journal);
	stmt_int(s, 3, COMMIT_TRIES_MAX);
	while ((step = stmt_step(s, e)) == STEP_ROW)
		(*out)[(*n)++] = (struct commit_try){
		    .at = col_int(s, 0),
		    .act = arena_strdup(arena, col_text(s, 1)),
		    .outcome = arena_strdup(arena, col_text(s, 2)),
		    .actor = arena_strdup(arena, col_text(s, 3)),
		    .words = arena_strdup(arena, col_text(s, 4)),
		};
	return step == STEP_DONE;
}
