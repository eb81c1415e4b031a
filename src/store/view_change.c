/* The change feed: what to look at again, each with its present value. */
#include "store/show.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/runs.h"

bool
view_last_change(struct db *db, int64_t *seq, struct err *e)
{
	static const char SQL[] = "SELECT max(seq) FROM main.change";
	struct stmt *s = db_stmt(db, SQL);
	enum step step = stmt_step(s, e);

	if (step != STEP_ROW)
		return false;
	*seq = col_int(s, 0);
	stmt_reset(s);
	return true;
}

bool
view_changed(struct db *db, int64_t after, bool *news, struct err *e)
{
	static const char SQL[] = "SELECT EXISTS (SELECT 1 FROM change"
	    " WHERE seq > $1 AND topic <> 'status')";
	struct stmt *s = db_stmt(db, SQL);

	stmt_int(s, 1, after);
	if (stmt_step(s, e) != STEP_ROW)
		return false;
	*news = col_int(s, 0) != 0;
	stmt_reset(s);
	return true;
}

bool
view_last_seq(struct db *db, int64_t *seq, struct err *e)
{
	static const char SQL[] = "SELECT max("
	    "coalesce((SELECT seq FROM event ORDER BY seq DESC LIMIT 1), 0),"
	    " coalesce((SELECT seq FROM log ORDER BY seq DESC LIMIT 1), 0))";
	struct stmt *s = db_stmt(db, SQL);

	return stmt_number(s, seq, e);
}

struct line {
	struct db *db;
	struct str *out;
	struct json json;
	int64_t seq;
	struct arena *arena;
};

static void
open_line(struct line *line, const char *topic, const char *key)
{
	json_start(&line->json, line->out);
	json_open(&line->json, '{');
	json_kint(&line->json, "seq", line->seq);
	json_kstr(&line->json, "topic", topic);
	json_kstr(&line->json, "key", key);
	json_key(&line->json, "value");
}

static void
close_line(struct line *line)
{
	json_close(&line->json, '}');
	str_addc(line->out, '\n');
}

static bool
line_journal(struct db *db, int64_t id, void *arg, struct err *e)
{
	struct line *line = arg;
	char key[32];
	bool found, ok;

	snprintf(key, sizeof key, "J%lld", (long long)id);
	open_line(line, "journal", key);
	ok = view_journal(db, id, &line->json, &found, e);
	close_line(line);
	return ok;
}

static bool
line_event(struct line *line, const char *key, struct err *e)
{
	int64_t seq = strtoll(key + 1, NULL, 10), journal, journals;
	bool found, ok;

	open_line(line, "event", key);
	ok = show_event(line->db, seq, line->arena, &line->json, &journal,
	    &journals, &found, e);
	if (!found)
		json_null(&line->json);
	close_line(line);
	return ok && show_journals(line->db, journal, journals, line_journal,
	    line, e);
}

static bool
line_balance(struct line *line, const char *key, struct err *e)
{
	bool found, ok;

	open_line(line, "balance", key);
	ok = show_balance(line->db, key, &line->json, &found, e);
	if (!found)
		json_null(&line->json);
	close_line(line);
	return ok;
}

static bool
line_signature(struct line *line, const char *key, struct err *e)
{
	int64_t n;
	bool ok;

	open_line(line, "signature", key);
	ok = show_problem(line->db, key, &line->json, &n, e);
	if (n == 0)
		json_null(&line->json);
	close_line(line);
	return ok;
}

static bool
line_status(struct line *line, const char *key, struct err *e)
{
	bool ok;

	open_line(line, "status", key);
	ok = view_status(line->db, NULL, NULL, &line->json, e);
	close_line(line);
	return ok;
}

static bool
line_file(struct line *line, const char *key, struct err *e)
{
	bool found, ok;

	open_line(line, "file", key);
	ok = view_file(line->db, strtoll(key + 1, NULL, 10), &line->json,
	    &found, e);
	if (!found)
		json_null(&line->json);
	close_line(line);
	return ok;
}

static bool
line_run(struct line *line, const char *key, struct err *e)
{
	bool found, ok;

	open_line(line, "run", key);
	ok = view_run(line->db, strtoll(key + 1, NULL, 10), &line->json,
	    &found, e);
	if (!found)
		json_null(&line->json);
	close_line(line);
	return ok;
}

static bool
write_line(struct line *line, const char *topic, const char *key,
    struct err *e)
{
	if (strcmp(topic, "event") == 0)
		return line_event(line, key, e);
	if (strcmp(topic, "signature") == 0)
		return line_signature(line, key, e);
	if (strcmp(topic, "balance") == 0)
		return line_balance(line, key, e);
	if (strcmp(topic, "status") == 0)
		return line_status(line, key, e);
	if (strcmp(topic, "file") == 0)
		return line_file(line, key, e);
	if (strcmp(topic, "run") == 0)
		return line_run(line, key, e);
	open_line(line, topic, key);
	json_null(&line->json);
	close_line(line);
	return true;
}

bool
view_changes(struct db *db, int64_t after, int limit, struct str *out,
    size_t *n, struct err *e)
{
	static const char SQL[] = "SELECT seq, topic, key FROM change"
	    " WHERE seq > $1 ORDER BY seq LIMIT $2";
	struct stmt *s = db_stmt(db, SQL);
	struct line line = { .db = db, .out = out };
	bool ok = true;
	enum step step;

	line.arena = arena_new();
	line.seq = after;
	*n = 0;
	stmt_int(s, 1, after);
	stmt_int(s, 2, limit);
	while (ok && (step = stmt_step(s, e)) == STEP_ROW) {
		line.seq = col_int(s, 0);
		ok = write_line(&line, col_text(s, 1), col_text(s, 2), e);
		++*n;
		arena_reset(line.arena);
	}
	if (!ok)
		stmt_reset(s);
	/* The end: where to ask from next. */
	if (ok && *n == 0)
		ok = view_last_change(db, &line.seq, e);
	json_start(&line.json, out);
	json_open(&line.json, '{');
	json_kint(&line.json, "seq", line.seq);
	json_kstr(&line.json, "topic", "end");
	json_close(&line.json, '}');
	str_addc(out, '\n');
	arena_free(&line.arena);
	return ok && step != STEP_FAILED;
}
