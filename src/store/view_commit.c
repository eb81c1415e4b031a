/*
 * Commits in pages, one by one, and by what stands in their way.  What is
 * settled is the bulk, so what is open is found by its own index.
 */
#include "store/view_target.h"

#include <string.h>

#include "store/show.h"

/* What is first to be there or skipped, of what waits behind it; hidden from
 * the primary key as in outbox.c. */
#define BEHIND ", CASE WHEN state = 'waiting' THEN (SELECT min(o.journal)" \
	" FROM outbox o WHERE o.number = outbox.number" \
	" AND o.kind = outbox.kind AND o.entity = outbox.entity" \
	" AND o.target || '' = outbox.target" \
	" AND o.journal + 0 < outbox.journal" \
	" AND o.state NOT IN ('done', 'skipped')) END"

#define COLUMNS "target, journal, entity, kind, number, version, state," \
	" asked, apart, attempts, next_at, refusal, cause, words, remote," \
	" remote_number, remote_version, sent, held, actor, reason, first, at"

static void
show_row(struct json *j, struct stmt *s)
{
	static const char *const texts[] = { "refusal", "cause", "words",
		"remote", "remote_number", "remote_version", "sent", "held",
		"actor", "reason" };

	struct str id;

	str_init(&id, 4096);
	str_addf(&id, "%s/J%lld", col_text(s, 0), (long long)col_int(s, 1));
	json_kstr(j, "id", id.p);
	str_free(&id);
	json_kstr(j, "target", col_text(s, 0));
	show_id(j, "journal", 'J', col_int(s, 1));
	show_name(j, col_text(s, 2), col_text(s, 3), col_text(s, 4));
	json_kstr(j, "entity", col_text(s, 2));
	json_kstr(j, "kind", col_text(s, 3));
	json_kstr(j, "number", col_text(s, 4));
	json_kint(j, "version", col_int(s, 5));
	json_kstr(j, "state", col_text(s, 6));
	json_key(j, "asked");
	json_bool(j, col_int(s, 7) != 0);
	json_key(j, "apart");
	json_bool(j, col_int(s, 8) != 0);
	json_kint(j, "attempts", col_int(s, 9));
	show_time(j, "next_at", col_int(s, 10));
	for (int i = 0; i < 10; i++)
		json_kstr(j, texts[i], col_text(s, 11 + i));
	show_time(j, "first", col_int(s, 21));
	show_time(j, "at", col_int(s, 22));
	show_id(j, "behind", 'J', col_int(s, 23));
}

/* ---- which ------------------------------------------------------------ */

#define WANTED "($1 IS NULL OR target = $1)" \
	" AND ($2 IS NULL OR state = $2 OR $2 = 'open' OR" \
	" ($2 = 'exception' AND state IN ('failed', 'dead', 'retrying')))" \
	" AND ($3 IS NULL OR cause = $3)" \
	" AND ($4 IS NULL OR entity = $4) AND ($5 IS NULL OR kind = $5)" \
	" AND ($6 IS NULL OR number = $6)" \
	" AND (target, journal) > ($7, $8) ORDER BY target, journal LIMIT $9"

/* Rows that are not settled, found by their own index, which is asked with one
 * target and state after the other: no other way does SQLite take it. */
#define OPEN_ROWS "(SELECT x.target AS of_target, x.journal AS of_journal" \
	" FROM target t CROSS JOIN (VALUES ('waiting'), ('sending')," \
	" ('retrying'), ('failed'), ('dead')) v CROSS JOIN outbox x" \
	" ON x.target = t.name AND x.state = v.column1" \
	" WHERE x.state NOT IN ('done', 'skipped')) CROSS JOIN outbox" \
	" ON target = of_target AND journal = of_journal"

static bool
is_open(const struct commit_filter *f)
{
	return f->cause != NULL || (f->state != NULL &&
	    strcmp(f->state, commit_state_name(COMMIT_DONE)) != 0 &&
	    strcmp(f->state, commit_state_name(COMMIT_SKIPPED)) != 0);
}

static struct stmt *
select_rows(struct db *db, const struct commit_filter *f, int64_t limit)
{
	static const char OPEN[] = "SELECT " COLUMNS BEHIND " FROM " OPEN_ROWS
	    " WHERE " WANTED;
	static const char NUMBER[] = "SELECT " COLUMNS BEHIND " FROM outbox"
	    " WHERE number = $6 AND " WANTED;
	static const char ALL[] = "SELECT " COLUMNS BEHIND " FROM outbox WHERE "
	    WANTED;
	struct stmt *s = f->number != NULL ? db_stmt(db, NUMBER) :
	    is_open(f) ? db_stmt(db, OPEN) : db_stmt(db, ALL);

	stmt_text(s, 1, f->target);
	stmt_text(s, 2, f->state);
	stmt_text(s, 3, f->cause);
	stmt_text(s, 4, f->entity);
	stmt_text(s, 5, f->kind);
	stmt_text(s, 6, f->number);
	stmt_text(s, 7, f->after_target != NULL ? f->after_target : "");
	stmt_int(s, 8, f->after);
	stmt_int(s, 9, limit);
	return s;
}

bool
view_commits(struct db *db, const struct commit_filter *f,
    struct arena *arena, struct json *j, struct err *e)
{
	struct stmt *s = select_rows(db, f, (int64_t)f->limit + 1);
	const char *next = NULL;
	enum step step;
	int n = 0;

	json_open(j, '{');
	json_key(j, "items");
	json_open(j, '[');
	while ((step = stmt_step(s, e)) == STEP_ROW && n++ < f->limit) {
		json_open(j, '{');
		show_row(j, s);
		json_close(j, '}');
		if (n == f->limit)
			next = arena_printf(arena, "%s/J%lld",
			    col_text(s, 0), (long long)col_int(s, 1));
	}
	json_close(j, ']');
	json_kstr(j, "next", step == STEP_ROW ? next : NULL);
	json_close(j, '}');
	if (step == STEP_ROW)
		stmt_reset(s);
	return step != STEP_FAILED;
}

bool
commit_picks(struct db *db, const struct commit_filter *f, size_t n,
    struct arena *arena, struct commit_pick **out, size_t *n_out,
    struct err *e)
{
	struct commit_filter all = *f;
	struct stmt *s;
	enum step step;

	all.after_target = NULL;
	all.after = 0;
	s = select_rows(db, &all, (int64_t)n);
	*out = arena_alloc(arena, (n > 0 ? n : 1) * sizeof **out);
	*n_out = 0;
	while ((step = stmt_step(s, e)) == STEP_ROW)
		(*out)[(*n_out)++] = (struct commit_pick){
		    .target = arena_strdup(arena, col_text(s, 0)),
		    .journal = col_int(s, 1) };
	return step == STEP_DONE;
}

/* ---- one -------------------------------------------------------------- */

static bool
show_tries(struct db *db, const char *target, int64_t journal,
    struct arena *arena, struct json *j, struct err *e)
{
	struct commit_try *tries;
	size_t n;

	if (!commit_tries(db, target, journal, arena, &tries, &n, e))
		return false;
	json_key(j, "tries");
	json_open(j, '[');
	for (size_t i = 0; i < n; i++) {
		json_open(j, '{');
		show_time(j, "at", tries[i].at);
		json_kstr(j, "act", tries[i].act);
		json_kstr(j, "outcome", tries[i].outcome);
		json_kstr(j, "actor", tries[i].actor);
		json_kstr(j, "words", tries[i].words);
		json_close(j, '}');
	}
	json_close(j, ']');
	return true;
}

/* Ours, with the account and the party as they are called there. */
static bool
show_lines(struct db *db, const char *target, int64_t journal,
    struct arena *arena, struct json *j, struct err *e)
{
	static const char SQL[] = "SELECT n.line, n.account, coalesce("
	    "(SELECT to_value FROM mapping WHERE source = $2"
	    " AND dimension = 'account' AND from_value = n.account),"
	    " n.account), n.party, coalesce((SELECT to_value FROM mapping"
	    " WHERE source = $2 AND dimension = 'party'"
	    " AND from_value = n.party), n.party), n.cost_centre, n.memo,"
	    " n.base, m.extra FROM entry n JOIN journal v ON v.id = n.journal"
	    " JOIN master m ON m.tab = 'entity' AND m.code = v.entity"
	    " WHERE n.journal = $1 AND n.base <> 0 ORDER BY n.line";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	stmt_int(s, 1, journal);
	stmt_text(s, 2, arena_printf(arena, "to:%s", target));
	json_key(j, "lines");
	json_open(j, '[');
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		json_open(j, '{');
		json_kint(j, "line", col_int(s, 0));
		json_kstr(j, "account", col_text(s, 1));
		json_kstr(j, "there", col_text(s, 2));
		json_kstr(j, "party", col_text(s, 3));
		json_kstr(j, "party_there", col_text(s, 4));
		json_kstr(j, "cost_centre", col_text(s, 5));
		json_kstr(j, "memo", col_text(s, 6));
		json_kstr(j, "currency", col_text(s, 8));
		show_amount(j, "amount", col_int(s, 7), col_text(s, 8));
		json_close(j, '}');
	}
	json_close(j, ']');
	return step == STEP_DONE;
}

static bool
show_posted(struct db *db, int64_t journal, struct json *j, struct err *e)
{
	static const char SQL[] = "SELECT " OUTBOX_POSTED " FROM journal j"
	    " JOIN event v ON v.seq = j.event WHERE j.id = $1";
	struct stmt *s = db_stmt(db, SQL);
	int64_t at;

	stmt_int(s, 1, journal);
	if (!stmt_number(s, &at, e))
		return false;
	show_time(j, "posted", at);
	return true;
}

bool
view_commit(struct db *db, const char *target, int64_t journal,
    struct arena *arena, struct json *j, bool *found, struct err *e)
{
	static const char SQL[] = "SELECT " COLUMNS BEHIND " FROM outbox"
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
	json_open(j, '{');
	show_row(j, s);
	stmt_reset(s);
	ok = show_posted(db, journal, j, e) &&
	    show_tries(db, target, journal, arena, j, e) &&
	    show_lines(db, target, journal, arena, j, e);
	json_close(j, '}');
	return ok;
}

/* ---- by cause --------------------------------------------------------- */

#define GROUP_SIZE 17		/* hex and a NUL */

/* A name for a cause, which may be long. */
static void
name_cause(const char *cause, char out[SHA256_HEX])
{
	unsigned char digest[SHA256_SIZE];

	digest_sha256(span_of(cause), digest);
	digest_hex(digest, GROUP_SIZE / 2, out);
}

bool
commit_cause(struct db *db, const char *target, const char *group,
    struct arena *arena, const char **cause, struct err *e)
{
	static const char SQL[] = "SELECT DISTINCT cause FROM "
	    OPEN_ROWS " WHERE target = $1";
	struct stmt *s = db_stmt(db, SQL);
	enum step step = STEP_DONE;

	*cause = NULL;
	stmt_text(s, 1, target);
	while (*cause == NULL && (step = stmt_step(s, e)) == STEP_ROW) {
		char name[SHA256_HEX];

		name_cause(col_text(s, 0), name);
		if (strcmp(name, group) == 0)
			*cause = arena_strdup(arena, col_text(s, 0));
	}
	if (*cause != NULL)
		stmt_reset(s);
	return *cause != NULL || step == STEP_DONE;
}

static void
show_group(struct json *j, const char *target, const char *cause)
{
	char name[SHA256_HEX];
	struct str id;

	name_cause(cause, name);
	str_init(&id, 4096);
	str_addf(&id, "%s/%s", target, name);
	json_kstr(j, "id", id.p);
	str_free(&id);
}

bool
view_commit_causes(struct db *db, const char *target, struct json *j,
    struct err *e)
{
	static const char SQL[] = "SELECT c.*, (SELECT " OUTBOX_POSTED
	    " FROM journal j JOIN event v ON v.seq = j.event"
	    " WHERE j.id = c.journal) FROM (SELECT target, cause, refusal,"
	    " count(*) AS n, min(first), max(at), max(words),"
	    " sum(state = 'failed'), sum(state = 'dead'),"
	    " sum(state = 'retrying'), min(journal) AS journal, max(moved)"
	    " FROM " OPEN_ROWS " WHERE state IN ('failed', 'dead',"
	    " 'retrying') AND ($1 IS NULL OR target = $1)"
	    " GROUP BY target, cause, refusal"
	    " ORDER BY count(*) DESC, target, cause LIMIT $2) c"
	    " ORDER BY c.n DESC, c.target, c.cause";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	stmt_text(s, 1, target);
	stmt_int(s, 2, VIEW_LIMIT);
	json_open(j, '{');
	json_key(j, "items");
	json_open(j, '[');
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		json_open(j, '{');
		show_group(j, col_text(s, 0), col_text(s, 1));
		json_kstr(j, "target", col_text(s, 0));
		json_kstr(j, "cause", col_text(s, 1));
		json_kstr(j, "refusal", col_text(s, 2));
		json_kint(j, "n", col_int(s, 3));
		show_time(j, "first", col_int(s, 4));
		show_time(j, "last", col_int(s, 5));
		json_kstr(j, "words", col_text(s, 6));
		json_kint(j, "failed", col_int(s, 7));
		json_kint(j, "dead", col_int(s, 8));
		json_kint(j, "retrying", col_int(s, 9));
		show_id(j, "journal", 'J', col_int(s, 10));
		json_kint(j, "change", col_int(s, 11));
		show_time(j, "since", col_int(s, 12));
		json_close(j, '}');
	}
	json_close(j, ']');
	json_close(j, '}');
	return step == STEP_DONE;
}

/* ---- of an event ------------------------------------------------------ */

bool
view_commits_of(struct db *db, int64_t event, struct json *j, struct err *e)
{
	static const char SQL[] = "SELECT o.target, o.journal, o.state,"
	    " o.attempts, o.refusal, o.words, o.remote, o.remote_number,"
	    " o.sent, o.held, o.first, o.at FROM event v"
	    " CROSS JOIN journal n ON n.id <= v.journal AND n.id > v.journal -"
	    " v.journals CROSS JOIN target t"
	    " CROSS JOIN outbox o ON o.target = t.name"
	    " AND o.journal = n.id WHERE v.seq = $1 ORDER BY o.journal, o.target";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	stmt_int(s, 1, event);
	json_open(j, '[');
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		json_open(j, '{');
		json_kstr(j, "target", col_text(s, 0));
		show_id(j, "journal", 'J', col_int(s, 1));
		json_kstr(j, "state", col_text(s, 2));
		json_kint(j, "attempts", col_int(s, 3));
		json_kstr(j, "refusal", col_text(s, 4));
		json_kstr(j, "words", col_text(s, 5));
		json_kstr(j, "remote", col_text(s, 6));
		json_kstr(j, "remote_number", col_text(s, 7));
		json_kstr(j, "sent", col_text(s, 8));
		json_kstr(j, "held", col_text(s, 9));
		show_time(j, "first", col_int(s, 10));
		show_time(j, "at", col_int(s, 11));
		json_close(j, '}');
	}
	json_close(j, ']');
	return step == STEP_DONE;
}
