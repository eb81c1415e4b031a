/* Where everything stands: entities, states, sources, conservation. */
#include "store/show.h"

#include <string.h>

#include "store/backups.h"
#include "store/books.h"
#include "store/numbers.h"

bool
view_tally(struct db *db, void (*each)(void *, const char *source,
    const char *state, int64_t n), void *arg, struct err *e)
{
	static const char SQL[] = "SELECT source, state, n FROM tally"
	    " ORDER BY source, state";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	while ((step = stmt_step(s, e)) == STEP_ROW)
		each(arg, col_text(s, 0), col_text(s, 1), col_int(s, 2));
	return step == STEP_DONE;
}

static bool
write_entities(struct db *db, struct json *j, struct err *e)
{
	static const char SQL[] = "SELECT code, name, extra FROM master"
	    " WHERE tab = 'entity' ORDER BY code";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	json_key(j, "entities");
	json_open(j, '[');
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		json_open(j, '{');
		json_kstr(j, "code", col_text(s, 0));
		json_kstr(j, "name", col_text(s, 1));
		json_kstr(j, "base", col_text(s, 2));
		json_close(j, '}');
	}
	json_close(j, ']');
	return step == STEP_DONE;
}

/* One source's counts; true while received is the sum of the rest. */
static bool
write_source(struct db *db, struct json *j, const char *name,
    const char *scheme, bool *holds, struct err *e)
{
	static const char SQL[] =
	    "SELECT state, n FROM tally WHERE source = $1 ORDER BY state";
	struct stmt *s = db_stmt(db, SQL);
	int64_t received = 0, sum = 0;
	enum step step;

	json_open(j, '{');
	json_kstr(j, "name", name);
	json_kstr(j, "scheme", scheme);
	json_key(j, "states");
	json_open(j, '{');
	stmt_text(s, 1, name);
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		if (strcmp(col_text(s, 0), "received") == 0) {
			received = col_int(s, 1);
			continue;
		}
		sum += col_int(s, 1);
		json_kint(j, col_text(s, 0), col_int(s, 1));
	}
	json_close(j, '}');
	json_kint(j, "received", received);
	json_key(j, "holds");
	json_bool(j, received == sum);
	json_close(j, '}');
	*holds = *holds && received == sum;
	return step == STEP_DONE;
}

static bool
write_sources(struct db *db, struct json *j, bool *holds, struct err *e)
{
	static const char SQL[] = "SELECT name, scheme FROM source UNION"
	    " SELECT source, 'api' FROM tally WHERE NOT EXISTS"
	    " (SELECT 1 FROM source WHERE name = tally.source) ORDER BY 1";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;
	bool ok = true;

	json_key(j, "sources");
	json_open(j, '[');
	while ((step = stmt_step(s, e)) == STEP_ROW)
		ok = ok && write_source(db, j, col_text(s, 0),
		    col_text(s, 1), holds, e);
	json_close(j, ']');
	return ok && step == STEP_DONE;
}

static bool
write_states(struct db *db, struct json *j, struct err *e)
{
	static const char SQL[] =
	    "SELECT coalesce(sum(n), 0) FROM tally WHERE state = $1";
	enum step step;

	json_key(j, "states");
	json_open(j, '{');
	for (int i = 0; i < EVENT_STATES; i++) {
		const char *name = event_state_name((enum event_state)i);
		struct stmt *s = db_stmt(db, SQL);

		stmt_text(s, 1, name);
		step = stmt_step(s, e);
		if (step != STEP_ROW)
			return false;
		json_kint(j, name, col_int(s, 0));
		stmt_reset(s);
	}
	json_close(j, '}');
	return true;
}

static bool
write_unposted(struct db *db, struct json *j, struct err *e)
{
	static const char SQL[] =
	    "SELECT currency, sum(n), sum(amount) FROM backlog"
	    " GROUP BY currency ORDER BY currency";
	struct stmt *s = db_stmt(db, SQL);
	struct sums sums = { .n = 0 };
	int64_t count = 0;
	enum step step;

	while ((step = stmt_step(s, e)) == STEP_ROW) {
		count += col_int(s, 1);
		if (col_text(s, 0)[0] != '\0')
			sums_add(&sums, col_text(s, 0), col_int(s, 2));
	}
	json_key(j, "unposted");
	json_open(j, '{');
	json_kint(j, "count", count);
	json_key(j, "amounts");
	show_sums(j, &sums);
	json_close(j, '}');
	return step == STEP_DONE;
}

bool
view_status(struct db *db, const struct numbers *numbers,
    const struct backup_plan *plan, struct json *j, struct err *e)
{
	bool holds = true;

	json_open(j, '{');
	if (!show_as_of(db, j, e) || !write_entities(db, j, e) ||
	    !write_states(db, j, e) || !write_sources(db, j, &holds, e) ||
	    !write_unposted(db, j, e))
		return false;
	if (numbers != NULL)
		view_numbers_brief(j, numbers);
	json_key(j, "polls");
	if (!view_polls(db, j, e))
		return false;
	json_key(j, "backup");
	if (!view_backups(db, plan, j, e))
		return false;
	json_key(j, "conservation");
	json_bool(j, holds);
	json_close(j, '}');
	return true;
}
