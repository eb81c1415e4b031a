/* The table of files and their control totals. */
#include "store/files.h"

static const char *const states[] = { "reading", "done", "failed" };

static bool
find_amounts(struct db *db, struct file_row *row, struct err *e)
{
	static const char SQL[] = "SELECT currency, records, total, posted"
	    " FROM file_amount WHERE file = $1 ORDER BY currency";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	stmt_int(s, 1, row->id);
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		struct file_amount *a = &row->amounts[row->n_amounts];
		struct span currency = col_span(s, 0);

		if (row->n_amounts == FILE_AMOUNTS || currency.n != 3)
			bug("amounts of F%lld", (long long)row->id);
		memcpy(a->currency, currency.p, 3);
		a->records = col_int(s, 1);
		a->total = col_int(s, 2);
		a->posted = col_int(s, 3);
		a->over = col_null(s, 2);
		row->n_amounts++;
	}
	return step == STEP_DONE;
}

static void
load(struct stmt *s, struct arena *arena, struct file_row *row)
{
	const char *state = col_text(s, 2);

	row->id = col_int(s, 0);
	row->format = arena_strdup(arena, col_text(s, 1));
	row->state = strcmp(state, states[FILE_READING]) == 0 ?
	    FILE_READING : strcmp(state, states[FILE_DONE]) == 0 ?
	    FILE_DONE : FILE_FAILED;
	row->first = col_int(s, 3);
	row->at_byte = col_int(s, 4);
	row->of = col_int(s, 5);
	row->records = col_int(s, 6);
	row->posted = col_int(s, 7);
	row->waiting = col_int(s, 8);
	row->failed = col_int(s, 9);
	row->duplicate = col_int(s, 10);
	row->ignored = col_int(s, 11);
	row->started = col_int(s, 12);
	row->ended = col_int(s, 13);
	row->place = arena_strdup(arena, col_text(s, 14));
	row->moved = col_int(s, 15) != 0;
	row->trailer = arena_strdup(arena, col_text(s, 16));
	row->why = arena_strdup(arena, col_text(s, 17));
	row->size = col_int(s, 18);
}

bool
file_find(struct db *db, const char *source, const char *name,
    const unsigned char digest[SHA256_SIZE], struct arena *arena,
    struct file_row *row, bool *found, struct err *e)
{
	static const char SQL[] = "SELECT id, format, state, first, at_byte,"
	    " of_records, records, posted, waiting, failed, duplicate,"
	    " ignored, started, ended, place, moved, trailer, why, size"
	    " FROM file WHERE source = $1 AND name = $2 AND digest = $3"
	    " ORDER BY id DESC LIMIT 1";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	stmt_text(s, 1, source);
	stmt_text(s, 2, name);
	stmt_blob(s, 3, digest, SHA256_SIZE);
	step = stmt_step(s, e);
	*found = step == STEP_ROW;
	if (step != STEP_ROW)
		return step == STEP_DONE;
	*row = (struct file_row){
	    .source = arena_strdup(arena, source),
	    .name = arena_strdup(arena, name) };
	memcpy(row->digest, digest, SHA256_SIZE);
	load(s, arena, row);
	stmt_reset(s);
	return find_amounts(db, row, e);
}

static void
touch(struct books *books, int64_t id)
{
	books_touch(books, "file", arena_id(books->arena, 'F', id));
}

bool
file_add(struct books *books, struct file_row *row, struct err *e)
{
	static const char LAST[] = "SELECT max(id) FROM file";
	static const char SQL[] = "INSERT INTO file (id, source, name,"
	    " digest, size, format, state, first, at_byte, of_records,"
	    " records, posted, waiting, failed, duplicate, ignored, started,"
	    " ended, moved) VALUES ($1, $2, $3, $4, $5, $6, 'reading', $7, 0,"
	    " $8, 0, 0, 0, 0, 0, 0, $9, 0, 0)";
	struct stmt *s = db_stmt(books->db, LAST);

	if (stmt_step(s, e) != STEP_ROW)
		return false;
	row->id = col_int(s, 0) + 1;
	stmt_reset(s);
	row->first = books->seq;
	s = db_stmt(books->db, SQL);
	stmt_int(s, 1, row->id);
	stmt_text(s, 2, row->source);
	stmt_text(s, 3, row->name);
	stmt_blob(s, 4, row->digest, SHA256_SIZE);
	stmt_int(s, 5, row->size);
	stmt_text(s, 6, row->format);
	stmt_int(s, 7, row->first);
	stmt_int(s, 8, row->of);
	stmt_int(s, 9, row->started);
	touch(books, row->id);
	return stmt_run(s, e);
}

static bool
save_amounts(struct books *books, const struct file_row *row, struct err *e)
{
	static const char SQL[] = "INSERT INTO file_amount"
	    " VALUES ($1, $2, $3, $4, $5) ON CONFLICT (file, currency)"
	    " DO UPDATE SET records = excluded.records,"
	    " total = excluded.total, posted = excluded.posted";

	for (size_t i = 0; i < row->n_amounts; i++) {
		const struct file_amount *a = &row->amounts[i];
		struct stmt *s = db_stmt(books->db, SQL);

		stmt_int(s, 1, row->id);
		stmt_text(s, 2, a->currency);
		stmt_int(s, 3, a->records);
		if (a->over) {
			stmt_null(s, 4);
			stmt_null(s, 5);
		} else {
			stmt_int(s, 4, a->total);
			stmt_int(s, 5, a->posted);
		}
		if (!stmt_run(s, e))
			return false;
	}
	return true;
}

bool
file_save(struct books *books, const struct file_row *row, struct err *e)
{
	static const char SQL[] = "UPDATE file SET state = $2, at_byte = $3,"
	    " records = $4, posted = $5, waiting = $6, failed = $7,"
	    " duplicate = $8, ignored = $9, ended = $10, place = $11,"
	    " moved = $12, trailer = $13, why = $14 WHERE id = $1";
	struct stmt *s = db_stmt(books->db, SQL);

	stmt_int(s, 1, row->id);
	stmt_text(s, 2, states[row->state]);
	stmt_int(s, 3, row->at_byte);
	stmt_int(s, 4, row->records);
	stmt_int(s, 5, row->posted);
	stmt_int(s, 6, row->waiting);
	stmt_int(s, 7, row->failed);
	stmt_int(s, 8, row->duplicate);
	stmt_int(s, 9, row->ignored);
	stmt_int(s, 10, row->ended);
	stmt_text(s, 11, row->place);
	stmt_int(s, 12, row->moved);
	stmt_text(s, 13, row->trailer);
	stmt_text(s, 14, row->why);
	touch(books, row->id);
	return stmt_run(s, e) && save_amounts(books, row, e);
}

bool
file_forget(struct books *books, int64_t now, struct err *e)
{
	static const char OPEN[] = "SELECT id FROM file WHERE moved = 0";
	static const char SQL[] = "UPDATE file SET moved = 1,"
	    " why = CASE state WHEN 'reading' THEN"
	    " 'it was taken away while it was read' ELSE why END,"
	    " ended = CASE state WHEN 'reading' THEN $1 ELSE ended END,"
	    " state = CASE state WHEN 'reading' THEN 'failed' ELSE state END"
	    " WHERE moved = 0";
	struct stmt *s = db_stmt(books->db, OPEN);
	enum step step;

	while ((step = stmt_step(s, e)) == STEP_ROW)
		touch(books, col_int(s, 0));
	if (step == STEP_FAILED)
		return false;
	s = db_stmt(books->db, SQL);
	stmt_int(s, 1, now);
	return stmt_run(s, e);
}
