/* The table of polls.  Written by the one writer, read by whoever asks. */
#include "store/poll.h"

static void
read_row(struct stmt *s, struct poll_row *row)
{
	*row = (struct poll_row){
	    .name = col_text(s, 0), .source = col_text(s, 1),
	    .cursor = col_text(s, 2), .state = col_text(s, 3),
	    .breaker = col_text(s, 4), .config = col_text(s, 5),
	    .meaning = col_text(s, 6), .why = col_text(s, 7),
	    .attempts = col_int(s, 8), .failures = col_int(s, 9),
	    .pages = col_int(s, 10), .items = col_int(s, 11),
	    .at = col_int(s, 12), .good = col_int(s, 13),
	    .next_at = col_int(s, 14),
	};
}

bool
poll_load(struct db *db, const char *name, struct arena *arena,
    struct poll_row *row, bool *found, struct err *e)
{
	static const char SQL[] = "SELECT name, source, cursor, state,"
	    " breaker, config, meaning, why, attempts, failures, pages,"
	    " items, at, good, next_at FROM poll WHERE name = $1";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	*row = (struct poll_row){ .name = name, .source = "", .cursor = "",
	    .state = "", .breaker = "", .config = "", .meaning = "",
	    .why = "" };
	stmt_text(s, 1, name);
	step = stmt_step(s, e);
	*found = step == STEP_ROW;
	if (!*found)
		return step == STEP_DONE;
	read_row(s, row);
	row->name = arena_strdup(arena, row->name);
	row->source = arena_strdup(arena, row->source);
	row->cursor = arena_strdup(arena, row->cursor);
	row->state = arena_strdup(arena, row->state);
	row->breaker = arena_strdup(arena, row->breaker);
	row->config = arena_strdup(arena, row->config);
	row->meaning = arena_strdup(arena, row->meaning);
	row->why = arena_strdup(arena, row->why);
	stmt_reset(s);
	return true;
}

bool
poll_put(struct books *books, const struct poll_row *row, struct err *e)
{
	static const char SQL[] = "INSERT INTO poll (name, source, cursor,"
	    " state, breaker, config, meaning, why, attempts, failures, pages,"
	    " items, at, good, next_at) VALUES ($1, $2, $3, $4, $5, $6, $7,"
	    " $8, $9, $10, $11, $12, $13, $14, $15) ON CONFLICT DO UPDATE SET"
	    " source = excluded.source, cursor = excluded.cursor,"
	    " state = excluded.state, breaker = excluded.breaker,"
	    " config = excluded.config, meaning = excluded.meaning,"
	    " why = excluded.why,"
	    " attempts = excluded.attempts, failures = excluded.failures,"
	    " pages = excluded.pages, items = excluded.items,"
	    " at = excluded.at, good = excluded.good,"
	    " next_at = excluded.next_at";
	struct stmt *s = db_stmt(books->db, SQL);

	stmt_text(s, 1, row->name);
	stmt_text(s, 2, row->source);
	stmt_text(s, 3, row->cursor);
	stmt_text(s, 4, row->state);
	stmt_text(s, 5, row->breaker);
	stmt_text(s, 6, row->config);
	stmt_text(s, 7, row->meaning);
	stmt_text(s, 8, row->why);
	stmt_int(s, 9, row->attempts);
	stmt_int(s, 10, row->failures);
	stmt_int(s, 11, row->pages);
	stmt_int(s, 12, row->items);
	stmt_int(s, 13, row->at);
	stmt_int(s, 14, row->good);
	stmt_int(s, 15, row->next_at);
	return stmt_run(s, e);
}

bool
poll_all(struct db *db, void (*each)(void *, const struct poll_row *),
    void *arg, struct err *e)
{
	static const char SQL[] = "SELECT name, source, cursor, state,"
	    " breaker, config, meaning, why, attempts, failures, pages,"
	    " items, at, good, next_at FROM poll WHERE state <> 'removed'"
	    " ORDER BY name";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	while ((step = stmt_step(s, e)) == STEP_ROW) {
		struct poll_row row;

		read_row(s, &row);
		each(arg, &row);
	}
	return step == STEP_DONE;
}
