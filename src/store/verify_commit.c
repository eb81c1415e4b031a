/*
 * The part of the walk that looks at targets: each journal that one has taken
 * has a row there, and the sums of what is open are what there is.
 */
#include "store/verify_inside.h"

#include <stdio.h>

static bool
last_of(struct verify *v, int rows, int64_t *last, int *n, struct err *e)
{
	static const char SQL[] = "SELECT max(id), count(*) FROM (SELECT id"
	    " FROM journal WHERE id > $1 ORDER BY id LIMIT $2)";
	struct stmt *s = db_stmt(v->db, SQL);

	stmt_int(s, 1, v->after);
	stmt_int(s, 2, rows);
	if (stmt_step(s, e) != STEP_ROW)
		return false;
	*last = col_int(s, 0);
	*n = (int)col_int(s, 1);
	stmt_reset(s);
	return true;
}

bool
verify_taken(struct verify *v, int rows, bool *end, struct err *e)
{
	static const char SQL[] = "SELECT t.name, j.id FROM target t"
	    " JOIN journal j ON j.id > $1 AND j.id <= min($2, t.taken)"
	    " WHERE t.state <> 'removed' AND j.date >= t.first"
	    " AND (t.entities = '[]' OR j.entity IN"
	    " (SELECT value FROM json_each(t.entities))) AND NOT EXISTS"
	    " (SELECT 1 FROM outbox o WHERE o.target = t.name"
	    " AND o.journal = j.id)";
	int64_t last;
	struct stmt *s;
	char name[24];
	enum step step;
	int n;

	if (!last_of(v, rows, &last, &n, e))
		return false;
	s = db_stmt(v->db, SQL);
	stmt_int(s, 1, v->after);
	stmt_int(s, 2, last);
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		verify_id('J', col_int(s, 1), name);
		verify_say(v, "commit.missing", name, "the target %.60s has "
		    "taken it, and there is no commit", col_text(s, 0));
	}
	v->after = last;
	*end = n < rows;
	return step == STEP_DONE;
}

bool
verify_commit_sums(struct verify *v, int rows, bool *end, struct err *e)
{
	static const char SQL[] = "SELECT target, state, sum(n), (SELECT"
	    " count(*) FROM outbox o WHERE o.target = s.target"
	    " AND o.state = s.state AND o.state NOT IN ('done', 'skipped'))"
	    " AS m FROM outbox_sum s WHERE state NOT IN ('done', 'skipped')"
	    " GROUP BY target, state HAVING sum(n) <> m";
	struct stmt *s = db_stmt(v->db, SQL);
	char name[80];
	enum step step;

	(void)rows;
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		snprintf(name, sizeof name, "%.60s", col_text(s, 0));
		verify_say(v, "commit.sum", name, "it says that %lld are "
		    "%s, there are %lld", (long long)col_int(s, 2),
		    col_text(s, 1), (long long)col_int(s, 3));
	}
	*end = true;
	return step == STEP_DONE;
}
