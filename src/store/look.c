/* Our side of a look. Reads only, but for what it notes of a commit. */
#include "store/look.h"

#include <stdio.h>
#include <string.h>

#define KNOWN "o.journal, o.entity, o.state, o.remote, o.remote_number," \
	" o.remote_version, o.held, o.at, j.date, coalesce(j.reverses, 0)" \
	" FROM outbox o JOIN journal j ON j.id = o.journal"
#define OF(entities, column) "(" entities " = '[]' OR " column \
	" IN (SELECT value FROM json_each(" entities ")))"

/* ---- what we know it to have ------------------------------------------ */

static bool
read_known(struct stmt *s, struct arena *arena, struct known *known,
    struct err *e)
{
	*known = (struct known){ .journal = col_int(s, 0),
	    .entity = arena_strdup(arena, col_text(s, 1)),
	    .remote = arena_strdup(arena, col_text(s, 3)),
	    .number = arena_strdup(arena, col_text(s, 4)),
	    .version = arena_strdup(arena, col_text(s, 5)),
	    .held = arena_strdup(arena, col_text(s, 6)),
	    .at = col_int(s, 7), .undoes = col_int(s, 9) };
	snprintf(known->day.text, sizeof known->day.text, "%s",
	    col_text(s, 8));
	return commit_state_read(col_text(s, 2), &known->state) ||
	    err_set(e, ERR_CORRUPT, "a state of a commit");
}

static bool
read_one(struct stmt *s, struct arena *arena, struct known *known,
    bool *found, struct err *e)
{
	enum step step = stmt_step(s, e);
	bool ok = step != STEP_FAILED;

	*found = step == STEP_ROW;
	if (*found) {
		ok = read_known(s, arena, known, e);
		stmt_reset(s);
	}
	return ok;
}

static bool
read_all(struct stmt *s, size_t n, struct arena *arena, struct known **out,
    size_t *n_out, struct err *e)
{
	enum step step;

	*out = arena_alloc(arena, (n + 1) * sizeof **out);
	*n_out = 0;
	while ((step = stmt_step(s, e)) == STEP_ROW)
		if (!read_known(s, arena, &(*out)[(*n_out)++], e)) {
			stmt_reset(s);
			return false;
		}
	return step == STEP_DONE;
}

bool
known_load(struct db *db, const char *target, int64_t journal,
    struct arena *arena, struct known *known, bool *found, struct err *e)
{
	static const char SQL[] = "SELECT " KNOWN
	    " WHERE o.target = $1 AND o.journal = $2";
	struct stmt *s = db_stmt(db, SQL);

	stmt_text(s, 1, target);
	stmt_int(s, 2, journal);
	return read_one(s, arena, known, found, e);
}

bool
known_of_event(struct db *db, const char *target, int64_t event,
    struct arena *arena, struct known *known, bool *found, struct err *e)
{
	static const char SQL[] = "SELECT " KNOWN " JOIN event v"
	    " ON v.journal = j.id WHERE v.seq = $2 AND o.target = $1";
	struct stmt *s = db_stmt(db, SQL);

	stmt_text(s, 1, target);
	stmt_int(s, 2, event);
	return read_one(s, arena, known, found, e);
}

bool
known_taken(struct db *db, const char *target, int64_t journal,
    bool *taken, struct err *e)
{
	static const char SQL[] = "SELECT 1 FROM outbox_try"
	    " WHERE target = $1 AND journal = $2 AND act = 'take'";
	struct stmt *s = db_stmt(db, SQL);

	stmt_text(s, 1, target);
	stmt_int(s, 2, journal);
	return stmt_found(s, taken, e);
}

bool
known_current(struct db *db, int64_t journal, int64_t *out, struct err *e)
{
	static const char SQL[] = "SELECT d.journal FROM journal j"
	    " JOIN document d ON d.entity = j.entity AND d.kind = j.kind"
	    " AND d.number = j.number WHERE j.id = $1";
	struct stmt *s = db_stmt(db, SQL);

	stmt_int(s, 1, journal);
	return stmt_number(s, out, e);
}

bool
known_done(struct db *db, const char *target, struct day from,
    struct day to, int64_t after, size_t n, struct arena *arena,
    struct known **out, size_t *n_out, struct err *e)
{
	static const char SQL[] = "SELECT " KNOWN " WHERE o.target = $1"
	    " AND o.journal > $2 AND o.state = 'done'"
	    " AND j.date BETWEEN $3 AND $4 ORDER BY o.journal LIMIT $5";
	struct stmt *s = db_stmt(db, SQL);

	stmt_text(s, 1, target);
	stmt_int(s, 2, after);
	stmt_text(s, 3, from.text);
	stmt_text(s, 4, to.text);
	stmt_int(s, 5, (int64_t)n);
	return read_all(s, n, arena, out, n_out, e);
}

bool
known_conflicts(struct db *db, const char *target, int64_t after, size_t n,
    struct arena *arena, struct known **out, size_t *n_out, struct err *e)
{
	static const char SQL[] = "SELECT " KNOWN " WHERE o.target = $1"
	    " AND o.state NOT IN ('done', 'skipped') AND o.state = 'failed'"
	    " AND o.refusal = 'conflict' AND o.journal > $2"
	    " ORDER BY o.journal LIMIT $3";
	struct stmt *s = db_stmt(db, SQL);

	stmt_text(s, 1, target);
	stmt_int(s, 2, after);
	stmt_int(s, 3, (int64_t)n);
	return read_all(s, n, arena, out, n_out, e);
}

bool
known_undone(struct db *db, const char *target, int64_t journal,
    bool *undone, struct err *e)
{
	static const char SQL[] = "SELECT 1 FROM journal j JOIN outbox o"
	    " ON o.entity = j.entity AND o.kind = j.kind"
	    " AND o.number = j.number AND o.target || '' = $1"
	    " AND o.state = 'done'"
	    " JOIN journal r ON r.id = o.journal AND r.reverses = j.id"
	    " WHERE j.id = $2";
	struct stmt *s = db_stmt(db, SQL);

	stmt_text(s, 1, target);
	stmt_int(s, 2, journal);
	return stmt_found(s, undone, e);
}

bool
known_note(struct books *books, const char *target,
    const struct known *known, struct err *e)
{
	static const char SQL[] = "UPDATE outbox SET remote = $3,"
	    " remote_number = $4, remote_version = $5, held = $6"
	    " WHERE target = $1 AND journal = $2 AND state = 'done'";
	struct stmt *s = db_stmt(books->db, SQL);

	stmt_text(s, 1, target);
	stmt_int(s, 2, known->journal);
	stmt_text(s, 3, known->remote);
	stmt_text(s, 4, known->number);
	stmt_text(s, 5, known->version);
	stmt_text(s, 6, known->held);
	return stmt_run(s, e);
}

/* ---- days and codes --------------------------------------------------- */

bool
look_period(struct db *db, const char *entities, struct day *from,
    struct day *to, bool *found, struct err *e)
{
	static const char SQL[] = "SELECT min(period) || '-01',"
	    " date(max(period) || '-01', '+1 month', '-1 day')"
	    " FROM period WHERE state <> 'closed' AND "
	    OF("$1", "entity");
	struct stmt *s = db_stmt(db, SQL);

	stmt_text(s, 1, entities);
	if (stmt_step(s, e) != STEP_ROW)
		return false;
	*found = !col_null(s, 0);
	if (*found) {
		snprintf(from->text, sizeof from->text, "%s",
		    col_text(s, 0));
		snprintf(to->text, sizeof to->text, "%s", col_text(s, 1));
	}
	stmt_reset(s);
	return true;
}

bool
look_entity(struct db *db, const char *entities, struct arena *arena,
    const char **entity, const char **currency, struct err *e)
{
	static const char SQL[] = "SELECT CASE count(*) WHEN 1 THEN min(code)"
	    " ELSE '' END, coalesce(min(extra), 'INR') FROM master"
	    " WHERE tab = 'entity' AND " OF("$1", "code");
	struct stmt *s = db_stmt(db, SQL);

	stmt_text(s, 1, entities);
	if (stmt_step(s, e) != STEP_ROW)
		return false;
	*entity = arena_strdup(arena, col_text(s, 0));
	*currency = arena_strdup(arena, col_text(s, 1));
	stmt_reset(s);
	return true;
}

#define BACK_MAX 100

bool
mapped_back(struct db *db, const char *target, const char *dimension,
    const char *theirs, struct arena *arena, const char ***out, size_t *n,
    struct err *e)
{
	static const char SQL[] = "SELECT from_value FROM mapping WHERE"
	    " source = 'to:' || $1 AND dimension = $2 AND to_value = $3"
	    " UNION SELECT code FROM master m WHERE m.tab = $2 AND m.code = $3"
	    " AND NOT EXISTS (SELECT 1 FROM mapping p WHERE"
	    " p.source = 'to:' || $1 AND p.dimension = $2"
	    " AND p.from_value = $3) ORDER BY 1 LIMIT $4";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	*out = arena_alloc(arena, BACK_MAX * sizeof **out);
	*n = 0;
	stmt_text(s, 1, target);
	stmt_text(s, 2, dimension);
	stmt_text(s, 3, theirs);
	stmt_int(s, 4, BACK_MAX);
	while ((step = stmt_step(s, e)) == STEP_ROW)
		(*out)[(*n)++] = arena_strdup(arena, col_text(s, 0));
	return step == STEP_DONE;
}

/* ---- balances --------------------------------------------------------- */

/* Whole months from the kept balances, the last one from its entries. What is
 * not there: rows that are not settled, rows that somebody skipped, and
 * journals that the target has not taken; of those that take what it has
 * itself, nothing. */
static const char SUMS[] = "WITH own (account, amount, state) AS ("
    "SELECT account, base_debit - base_credit, '' FROM balance"
    " WHERE period < substr($3, 1, 7) AND " OF("$2", "entity")
    " UNION ALL SELECT n.account, n.base, '' FROM journal j JOIN entry n"
    " ON n.journal = j.id WHERE j.date BETWEEN substr($3, 1, 7) || '-01'"
    " AND $3 AND " OF("$2", "j.entity")
    " UNION ALL SELECT n.account, n.base, o.state FROM outbox o"
    " JOIN journal j ON j.id = o.journal AND j.date <= $3"
    " JOIN entry n ON n.journal = j.id WHERE o.target = $1"
    " AND o.state NOT IN ('done', 'skipped') AND " OF("$2", "o.entity")
    " UNION ALL SELECT n.account, n.base, 'skipped' FROM outbox o"
    " JOIN journal j ON j.id = o.journal AND j.date <= $3"
    " JOIN entry n ON n.journal = j.id WHERE o.target = $1"
    " AND o.state = 'skipped' AND " OF("$2", "o.entity")
    " UNION ALL SELECT n.account, n.base, 'waiting' FROM journal j"
    " JOIN entry n ON n.journal = j.id WHERE j.id > $4 AND j.date <= $3"
    " AND j.date >= $5 AND " OF("$2", "j.entity")
    " AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.target = $1"
    " AND o.journal = j.id) AND NOT EXISTS (SELECT 1 FROM target_drift d"
    " WHERE d.event = j.event AND d.event <> 0 AND d.target = $1))"
    " SELECT own.account, coalesce(m.name, ''),"
    " coalesce(p.to_value, own.account),"
    " coalesce(sum(amount) FILTER (WHERE state = ''), 0),"
    " coalesce(sum(amount) FILTER (WHERE state IN ('waiting', 'sending',"
    " 'retrying')), 0),"
    " coalesce(sum(amount) FILTER (WHERE state IN ('failed', 'dead')), 0),"
    " coalesce(sum(amount) FILTER (WHERE state = 'skipped'), 0)"
    " FROM own LEFT JOIN master m ON m.tab = 'account'"
    " AND m.code = own.account LEFT JOIN mapping p"
    " ON p.source = 'to:' || $1 AND p.dimension = 'account'"
    " AND p.from_value = own.account GROUP BY own.account"
    " ORDER BY own.account";

#define SUMS_AT_MOST 20000	/* accounts */

bool
standing_sums(struct db *db, const char *target, const char *entities,
    const char *first, int64_t taken, struct day day, struct arena *arena,
    struct standing_sum **out, size_t *n, struct err *e)
{
	struct stmt *s = db_stmt(db, SUMS);
	enum step step;

	*out = arena_alloc(arena, SUMS_AT_MOST * sizeof **out);
	*n = 0;
	stmt_text(s, 1, target);
	stmt_text(s, 2, entities);
	stmt_text(s, 3, day.text);
	stmt_int(s, 4, taken);
	stmt_text(s, 5, first);
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		struct standing_sum *sum = &(*out)[*n];
		const char *theirs = col_text(s, 2);

		if (++*n > SUMS_AT_MOST - 1) {
			stmt_reset(s);
			return err_set(e, ERR_TOO_LARGE, "more than %d "
			    "accounts", SUMS_AT_MOST);
		}
		sum->account = arena_strdup(arena, col_text(s, 0));
		sum->name = arena_strdup(arena, col_text(s, 1));
		sum->theirs = strcmp(theirs, "-") == 0 ? "" :
		    arena_strdup(arena, theirs);
		sum->amount = col_int(s, 3);
		sum->in_flight = col_int(s, 4);
		sum->refused = col_int(s, 5);
		sum->skipped = col_int(s, 6);
	}
	return step == STEP_DONE;
}

/* ---- two targets ------------------------------------------------------ */

#define SIDE(o, d) " coalesce(" o ".state, ''), coalesce(" o ".held, '')," \
	" " d ".id IS NOT NULL"
#define JOIN(o, d, name) " LEFT JOIN outbox " o " ON " o ".target = " name \
	" AND " o ".journal = j.id LEFT JOIN target_drift " d " ON " \
	d ".target = " name " AND " d ".journal = j.id AND " d \
	".journal <> 0 AND " d ".state <> 'closed'"

static void
read_pair(struct stmt *s, struct arena *arena, struct pair_row *row)
{
	row->journal = col_int(s, 0);
	row->version = col_int(s, 1);
	row->entity = arena_strdup(arena, col_text(s, 2));
	row->kind = arena_strdup(arena, col_text(s, 3));
	row->number = arena_strdup(arena, col_text(s, 4));
	row->day = arena_strdup(arena, col_text(s, 5));
	for (int i = 0; i < 2; i++) {
		row->sides[i].state = arena_strdup(arena, col_text(s,
		    6 + 3 * i));
		row->sides[i].held = arena_strdup(arena, col_text(s,
		    7 + 3 * i));
		row->sides[i].drifted = col_int(s, 8 + 3 * i) != 0;
	}
}

bool
pair_page(struct db *db, const struct target_row *a,
    const struct target_row *b, int64_t after, size_t n,
    struct arena *arena, struct pair_row **out, size_t *n_out,
    struct err *e)
{
	static const char SQL[] = "SELECT j.id, j.version, j.entity, j.kind,"
	    " j.number, j.date," SIDE("o", "d") "," SIDE("p", "f")
	    " FROM journal j" JOIN("o", "d", "$1") JOIN("p", "f", "$2")
	    " WHERE j.id > $3 AND j.date >= $6 AND j.date >= $7 AND "
	    OF("$4", "j.entity") " AND " OF("$5", "j.entity")
	    " ORDER BY j.id LIMIT $8";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	*out = arena_alloc(arena, (n + 1) * sizeof **out);
	*n_out = 0;
	stmt_text(s, 1, a->name);
	stmt_text(s, 2, b->name);
	stmt_int(s, 3, after);
	stmt_text(s, 4, a->entities);
	stmt_text(s, 5, b->entities);
	stmt_text(s, 6, a->first);
	stmt_text(s, 7, b->first);
	stmt_int(s, 8, (int64_t)n);
	while ((step = stmt_step(s, e)) == STEP_ROW)
		read_pair(s, arena, &(*out)[(*n_out)++]);
	return step == STEP_DONE;
}

static bool
standing_of(struct db *db, const char *target, const char *state,
    int64_t *out, struct err *e)
{
	static const char SQL[] = "SELECT coalesce(sum(n), 0) FROM outbox_sum"
	    " WHERE target = $1 AND state = $2";
	struct stmt *s = db_stmt(db, SQL);

	stmt_text(s, 1, target);
	stmt_text(s, 2, state);
	return stmt_number(s, out, e);
}

bool
standing_mark(struct db *db, const char *target, int64_t *out,
    struct err *e)
{
	return standing_of(db, target, commit_state_name(COMMIT_DONE), out,
	    e);
}

bool
standing_failed(struct db *db, const char *target, int64_t *out,
    struct err *e)
{
	return standing_of(db, target, commit_state_name(COMMIT_FAILED), out,
	    e);
}
