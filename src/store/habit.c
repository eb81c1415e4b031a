/*
 * What was usual: how many documents of a kind there were of each party, and
 * how much.  Counted when a policy first asks and from then on; a kind that no
 * policy asks for costs nothing.
 */
#include "store/approval.h"

/* Sums that no more can be added to stay what they are. */
static int64_t
plus(int64_t a, int64_t b)
{
	int64_t sum;

	return __builtin_add_overflow(a, b, &sum) ? a : sum;
}

static bool
count(struct books *books, const struct document *d, const char *party,
    struct err *e)
{
	static const char SQL[] = "INSERT INTO habit VALUES"
	    " ($1, $2, $3, $4, $5, $6) ON CONFLICT DO UPDATE SET"
	    " n = excluded.n, total = excluded.total";
	struct habit habit;
	struct stmt *s;

	if (!habit_find(books, d, party, &habit, e))
		return false;
	s = db_stmt(books->db, SQL);
	stmt_text(s, 1, d->entity);
	stmt_text(s, 2, document_kind_name(d->kind));
	stmt_text(s, 3, party != NULL ? party : "");
	stmt_text(s, 4, d->currency);
	stmt_int(s, 5, habit.n + 1);
	stmt_int(s, 6, plus(habit.total, d->total < 0 ? - d->total :
	    d->total));
	return stmt_run(s, e);
}

static bool
count_document(struct books *books, const struct document *d, struct err *e)
{
	return count(books, d, NULL, e) && (d->party == NULL ||
	    d->party[0] == '\0' || count(books, d, d->party, e)) &&
	    usual_count(books, d, e);
}

static bool
put_mark(struct books *books, enum document_kind kind, struct err *e)
{
	static const char SQL[] = "INSERT INTO habit_mark VALUES ($1, $2)"
	    " ON CONFLICT DO UPDATE SET last = excluded.last";
	struct stmt *s = db_stmt(books->db, SQL);

	stmt_text(s, 1, document_kind_name(kind));
	stmt_int(s, 2, books->habits[kind]);
	return stmt_run(s, e);
}

static bool
count_row(struct books *books, struct stmt *s, struct err *e)
{
	struct arena *arena = arena_new();
	struct document d;
	bool ok = document_decode(col_span(s, 1), arena, &d) ||
	    err_set(e, ERR_CORRUPT, "document version %lld",
	    (long long)col_int(s, 0));

	ok = ok && count_document(books, &d, e);
	arena_free(&arena);
	return ok;
}

bool
habit_follow(struct books *books, enum document_kind kind, struct err *e)
{
	static const char LAST[] = "SELECT max(id) FROM document_version";
	static const char SQL[] = "SELECT id, body FROM document_version"
	    " WHERE id > $1 AND id <= $2 AND kind = $3 AND version = 1"
	    " ORDER BY id";
	struct stmt *s = db_stmt(books->db, LAST);
	enum step step;
	int64_t last;

	if (stmt_step(s, e) != STEP_ROW)
		return false;
	last = col_int(s, 0);
	stmt_reset(s);
	if (last <= books->habits[kind])
		return true;
	s = db_stmt(books->db, SQL);
	stmt_int(s, 1, books->habits[kind]);
	stmt_int(s, 2, last);
	stmt_text(s, 3, document_kind_name(kind));
	while ((step = stmt_step(s, e)) == STEP_ROW)
		if (!count_row(books, s, e))
			break;
	if (step == STEP_ROW)
		stmt_reset(s);
	books->habits[kind] = last;
	return step == STEP_DONE && put_mark(books, kind, e);
}

bool
habit_late(struct books *books, int64_t version, const struct document *d,
    struct err *e)
{
	return version > books->habits[d->kind] ||
	    count_document(books, d, e);
}

bool
habit_find(struct books *books, const struct document *d, const char *party,
    struct habit *out, struct err *e)
{
	static const char SQL[] = "SELECT n, total FROM habit"
	    " WHERE entity = $1 AND kind = $2 AND party = $3"
	    " AND currency = $4";
	struct stmt *s = db_stmt(books->db, SQL);
	enum step step;

	*out = (struct habit){ 0 };
	stmt_text(s, 1, d->entity);
	stmt_text(s, 2, document_kind_name(d->kind));
	stmt_text(s, 3, party != NULL ? party : "");
	stmt_text(s, 4, d->currency);
	step = stmt_step(s, e);
	if (step != STEP_ROW)
		return step == STEP_DONE;
	*out = (struct habit){ col_int(s, 0), col_int(s, 1) };
	stmt_reset(s);
	return true;
}

bool
habit_any(struct books *books, const struct document *d, bool *any,
    struct err *e)
{
	static const char SQL[] = "SELECT 1 FROM habit"
	    " WHERE entity = $1 AND kind = $2 AND party = $3 LIMIT 1";
	struct stmt *s = db_stmt(books->db, SQL);

	stmt_text(s, 1, d->entity);
	stmt_text(s, 2, document_kind_name(d->kind));
	stmt_text(s, 3, d->party != NULL ? d->party : "");
	return stmt_found(s, any, e);
}

bool
habits_load(struct books *books, struct err *e)
{
	static const char SQL[] = "SELECT kind, last FROM habit_mark";
	struct stmt *s = db_stmt(books->db, SQL);
	enum document_kind kind;
	enum step step;

	memset(books->habits, 0, sizeof books->habits);
	while ((step = stmt_step(s, e)) == STEP_ROW)
		if (document_kind_find(col_text(s, 0), &kind))
			books->habits[kind] = col_int(s, 1);
	return step == STEP_DONE;
}
