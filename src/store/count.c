/* What settling and people write of stock counts. */
#include "store/count.h"

static void
bind_key(struct stmt *s, const struct count_key *key)
{
	stmt_text(s, 1, key->entity);
	stmt_text(s, 2, key->count);
	stmt_text(s, 3, key->location);
	stmt_text(s, 4, key->item);
	stmt_text(s, 5, key->day);
}

bool
stock_day_add(struct books *books, const char *entity, const char *item,
    const char *location, struct day day, const struct stock_row *by,
    struct err *e)
{
	static const char SQL[] = "INSERT INTO stock_day VALUES"
	    " ($1, $2, $3, $4, $5, $6) ON CONFLICT DO UPDATE SET"
	    " quantity = quantity + excluded.quantity,"
	    " value = value + excluded.value";
	struct stmt *s = db_stmt(books->db, SQL);

	stmt_text(s, 1, entity);
	stmt_text(s, 2, location);
	stmt_text(s, 3, item);
	stmt_text(s, 4, day.text);
	stmt_int(s, 5, by->on_hand);
	stmt_int(s, 6, by->value);
	return stmt_run(s, e);
}

/* ---- what was counted --------------------------------------------------- */

bool
count_line_add(struct books *books, const struct count_key *key,
    int64_t counted, const char *counter, const char *memo, int64_t event,
    struct err *e)
{
	static const char SQL[] = "INSERT INTO count_line VALUES"
	    " ($1, $2, $3, $4, $5, $6, coalesce((SELECT sum(quantity) FROM"
	    " stock_day WHERE entity = $1 AND location = $3 AND item = $4"
	    " AND day <= $5), 0) - coalesce((SELECT sum(quantity) FROM"
	    " count_adjusted WHERE entity = $1 AND count = $2"
	    " AND location = $3 AND item = $4 AND day = $5), 0),"
	    " 1, $7, $8, $9)"
	    " ON CONFLICT DO UPDATE SET"
	    " counted = counted + excluded.counted,"
	    " expected = excluded.expected, parts = parts + 1,"
	    " event = excluded.event,"
	    " counter = coalesce(excluded.counter, counter),"
	    " memo = coalesce(excluded.memo, memo)";
	struct stmt *s = db_stmt(books->db, SQL);

	bind_key(s, key);
	stmt_int(s, 6, counted);
	stmt_int(s, 7, event);
	stmt_text(s, 8, counter);
	stmt_text(s, 9, memo);
	return stmt_run(s, e);
}

bool
count_line_drop(struct books *books, const struct count_key *key,
    int64_t counted, struct err *e)
{
	static const char TAKE[] = "UPDATE count_line SET"
	    " counted = counted - $6, parts = parts - 1 WHERE entity = $1"
	    " AND count = $2 AND location = $3 AND item = $4 AND day = $5";
	static const char EMPTY[] = "DELETE FROM count_line WHERE entity = $1"
	    " AND count = $2 AND location = $3 AND item = $4 AND day = $5"
	    " AND parts = 0";
	struct stmt *s = db_stmt(books->db, TAKE);

	bind_key(s, key);
	stmt_int(s, 6, counted);
	if (!stmt_run(s, e))
		return false;
	s = db_stmt(books->db, EMPTY);
	bind_key(s, key);
	return stmt_run(s, e);
}

/* ---- what was adjusted to it -------------------------------------------- */

bool
count_adjusted_add(struct books *books, const struct count_key *key,
    const char *number, const struct stock_row *by, int64_t event,
    struct err *e)
{
	static const char SQL[] = "INSERT INTO count_adjusted VALUES"
	    " ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
	    " ON CONFLICT DO UPDATE SET"
	    " quantity = quantity + excluded.quantity,"
	    " value = value + excluded.value, event = excluded.event";
	struct stmt *s = db_stmt(books->db, SQL);

	bind_key(s, key);
	stmt_text(s, 6, number);
	stmt_int(s, 7, by->on_hand);
	stmt_int(s, 8, by->value);
	stmt_int(s, 9, event);
	return stmt_run(s, e);
}

bool
count_adjusted_drop(struct books *books, const struct count_key *key,
    const char *number, struct err *e)
{
	static const char SQL[] = "DELETE FROM count_adjusted"
	    " WHERE entity = $1 AND count = $2 AND location = $3"
	    " AND item = $4 AND day = $5 AND number = $6";
	struct stmt *s = db_stmt(books->db, SQL);

	bind_key(s, key);
	stmt_text(s, 6, number);
	return stmt_run(s, e);
}

/* ---- what people said of it --------------------------------------------- */

bool
count_word_put(struct books *books, const struct count_key *key,
    const struct count_word *word, struct err *e)
{
	static const char SQL[] = "INSERT OR REPLACE INTO count_word VALUES"
	    " ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
	struct stmt *s = db_stmt(books->db, SQL);

	bind_key(s, key);
	stmt_int(s, 6, word->difference);
	stmt_text(s, 7, word->actor);
	stmt_text(s, 8, word->reason);
	stmt_int(s, 9, word->at);
	stmt_int(s, 10, word->seq);
	return stmt_run(s, e);
}

bool
count_word_drop(struct books *books, const struct count_key *key, bool *any,
    struct err *e)
{
	static const char SQL[] = "DELETE FROM count_word WHERE entity = $1"
	    " AND count = $2 AND location = $3 AND item = $4 AND day = $5"
	    " RETURNING seq";
	struct stmt *s = db_stmt(books->db, SQL);
	enum step step;

	bind_key(s, key);
	*any = false;
	while ((step = stmt_step(s, e)) == STEP_ROW)
		*any = true;
	return step == STEP_DONE;
}
