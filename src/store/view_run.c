/* Runs as the API shows them, and their receipts row by row. */
#include "store/runs.h"

#include <stdio.h>

#include "store/show.h"

#define RUN_COLUMNS "id, actor, action, reason, parameters, plan, total," \
	" done, failed, skipped, state, cancelled_by, started, ended"

static void
show_maybe(struct json *j, const char *key, struct stmt *s, int at)
{
	if (!col_null(s, at)) {
		show_time(j, key, col_int(s, at));
		return;
	}
	json_key(j, key);
	json_null(j);
}

static void
write_run(struct json *j, struct stmt *s)
{
	int64_t total = col_int(s, 6), done = col_int(s, 7);
	int64_t failed = col_int(s, 8), skipped = col_int(s, 9);

	json_open(j, '{');
	show_id(j, "id", 'R', col_int(s, 0));
	json_kstr(j, "actor", col_text(s, 1));
	json_kstr(j, "action", col_text(s, 2));
	json_kstr(j, "reason", col_text(s, 3));
	json_key(j, "with");
	json_raw(j, col_span(s, 4));
	json_kstr(j, "plan", col_text(s, 5));
	json_kint(j, "total", total);
	json_kint(j, "done", done);
	json_kint(j, "failed", failed);
	json_kint(j, "skipped", skipped);
	json_kint(j, "left", total - done - failed - skipped);
	json_kstr(j, "state", col_text(s, 10));
	json_kstr(j, "cancelled_by", col_text(s, 11));
	show_time(j, "started", col_int(s, 12));
	show_maybe(j, "ended", s, 13);
	json_close(j, '}');
}

bool
view_runs(struct db *db, const char *state, int64_t after, int limit,
    struct json *j, struct err *e)
{
	static const char SQL[] = "SELECT " RUN_COLUMNS " FROM run"
	    " WHERE id < $1 AND ($3 IS NULL OR state = $3)"
	    " ORDER BY id DESC LIMIT $2";
	struct stmt *s = db_stmt(db, SQL);

	stmt_int(s, 1, after > 0 ? after : INT64_MAX);
	stmt_int(s, 2, limit + 1);
	stmt_text(s, 3, state);
	return show_page(j, s, limit, 'R', write_run, e);
}

bool
view_run(struct db *db, int64_t id, struct json *j, bool *found,
    struct err *e)
{
	static const char SQL[] = "SELECT " RUN_COLUMNS " FROM run"
	    " WHERE id = $1";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	stmt_int(s, 1, id);
	step = stmt_step(s, e);
	*found = step == STEP_ROW;
	if (step == STEP_ROW) {
		write_run(j, s);
		stmt_reset(s);
	}
	return step != STEP_FAILED;
}

/* Why it was left out, or what is still in its way. */
static void
write_why(struct json *j, const char *code, struct finding *f)
{
	struct str sentence;
	enum skip skip;
	bool known = skip_find(code, &skip);

	json_kstr(j, "code", code[0] != '\0' ? code : NULL);
	json_key(j, "sentence");
	if (known && skip != SKIP_NONE) {
		json_str(j, skip_info(skip)->what);
		json_kstr(j, "hint", skip_info(skip)->hint);
	} else if (finding_find(code, &f->code)) {
		str_init(&sentence, 4096);
		finding_sentence(f, &sentence);
		json_span(j, str_span(&sentence));
		str_free(&sentence);
		json_kstr(j, "hint", finding_info(f->code)->hint);
	} else if (strcmp(code, err_info(ERR_REFUSED)->name) == 0) {
		json_str(j, f->value);
		json_kstr(j, "hint", err_info(ERR_REFUSED)->hint);
	} else {
		json_null(j);
		json_kstr(j, "hint", NULL);
	}
	json_kstr(j, "value", f->value[0] != '\0' ? f->value : NULL);
}

static void
write_row(struct json *j, struct stmt *s)
{
	struct finding f = { .value = col_text(s, 8),
	    .field = col_text(s, 9), .detail = col_text(s, 10) };

	json_open(j, '{');
	json_kint(j, "row", col_int(s, 0));
	show_id(j, "event", 'E', col_int(s, 1));
	json_kint(j, "version", col_int(s, 2));
	json_kstr(j, "outcome", col_text(s, 3));
	json_kstr(j, "from", col_text(s, 4));
	json_kstr(j, "to", col_text(s, 5));
	json_kint(j, "to_version", col_int(s, 6));
	show_name(j, col_text(s, 11), col_text(s, 12), col_text(s, 13));
	if (!col_null(s, 15))
		show_amount(j, "amount", col_int(s, 14), col_text(s, 15));
	else
		json_kstr(j, "amount", NULL);
	json_kstr(j, "currency", col_text(s, 15));
	write_why(j, col_text(s, 7), &f);
	json_close(j, '}');
}

bool
view_run_rows(struct db *db, int64_t run, const char *outcome,
    int64_t after, int limit, struct json *j, struct err *e)
{
	static const char SQL[] = "SELECT r.n, r.event, r.version, r.outcome,"
	    " r.from_state, r.to_state, r.to_version, r.code, r.value,"
	    " r.field, r.detail, e.entity, e.kind, e.number, e.amount,"
	    " e.currency FROM run_row r LEFT JOIN event e ON e.seq = r.event"
	    " WHERE r.run = $1 AND r.n > $2 AND ($3 IS NULL OR"
	    " r.outcome = $3) ORDER BY r.n LIMIT $4";
	struct stmt *s = db_stmt(db, SQL);
	int64_t last = 0;
	char next[24];
	enum step step;
	int n = 0;

	stmt_int(s, 1, run);
	stmt_int(s, 2, after);
	stmt_text(s, 3, outcome);
	stmt_int(s, 4, limit + 1);
	json_open(j, '{');
	json_key(j, "items");
	json_open(j, '[');
	while ((step = stmt_step(s, e)) == STEP_ROW && n++ < limit) {
		last = col_int(s, 0);
		write_row(j, s);
	}
	json_close(j, ']');
	snprintf(next, sizeof next, "%lld", (long long)last);
	json_kstr(j, "next", step == STEP_ROW ? next : NULL);
	json_close(j, '}');
	if (step == STEP_ROW)
		stmt_reset(s);
	return step != STEP_FAILED;
}
