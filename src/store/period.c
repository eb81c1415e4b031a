/* Keeps the way round the close board shut. */
#include "store/period.h"

#include <string.h>

#include "core/csv.h"

static int
rank(const char *state)
{
	return strcmp(state, "closed") == 0 ? 2 : strcmp(state, "soft") == 0;
}

static bool
find_posted(struct db *db, const char *entity, const char *period, int *now,
    bool *found, struct err *e)
{
	static const char SQL[] = "SELECT state FROM period WHERE"
	    " entity = $1 AND period = $2 AND EXISTS (SELECT 1 FROM balance b"
	    " WHERE b.entity = $1 AND b.period = $2)";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	stmt_text(s, 1, entity);
	stmt_text(s, 2, period);
	step = stmt_step(s, e);
	*found = step == STEP_ROW;
	if (*found) {
		*now = rank(col_text(s, 0));
		stmt_reset(s);
	}
	return step != STEP_FAILED;
}

static bool
judge(struct db *db, const struct csv *csv, bool setting_up, struct err *e)
{
	const char *entity = csv_field(csv, 0), *period = csv_field(csv, 1);
	int now, then = rank(csv_field(csv, 2));
	bool found;

	if (!find_posted(db, entity, period, &now, &found, e))
		return false;
	if (!found || then == now || (then > now && setting_up))
		return true;
	return err_set(e, ERR_REFUSED, then < now ?
	    "%.60s %.7s is opened on the close board, by two people" :
	    "%.60s %.7s is closed on the close board", entity, period);
}

bool
period_guard(struct db *db, const char *table, struct span text,
    bool setting_up, struct err *e)
{
	struct err ignored = { 0 };
	struct csv csv;
	bool ok = true, first = true;

	if (strcmp(table, "period") != 0)
		return true;
	csv_open(&csv, text);
	for (; ok && csv_next(&csv, &ignored); first = false)
		ok = first || csv.n != 3 || judge(db, &csv, setting_up, e);
	csv_close(&csv);
	return ok;
}
