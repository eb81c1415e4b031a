/* Which events are conflicts; what each is about is judged afresh. */
#include "store/views.h"

bool
view_conflicts(struct db *db, const char *entity, int64_t after,
    int64_t *out, size_t max, size_t *n, struct err *e)
{
	/* The index is of all but posted ones. */
	static const char SQL[] = "SELECT seq FROM event"
	    " WHERE state = 'conflict' AND state <> 'posted' AND seq > $1"
	    " AND ($2 IS NULL OR entity = $2) ORDER BY seq LIMIT $3";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	*n = 0;
	stmt_int(s, 1, after);
	stmt_text(s, 2, entity);
	stmt_int(s, 3, (int64_t)max);
	while ((step = stmt_step(s, e)) == STEP_ROW)
		out[(*n)++] = col_int(s, 0);
	return step == STEP_DONE;
}
