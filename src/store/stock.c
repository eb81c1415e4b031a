/*
 * Stock by item and location, and how far each order has come.  Sums only:
 * what is added in any order gives the same rows.
 */
#include "store/books.h"

bool
stock_find(struct books *books, const char *entity, const char *item,
    const char *location, struct stock_row *row, struct err *e)
{
	static const char SQL[] = "SELECT on_hand, reserved, value, tracked"
	    " FROM stock WHERE entity = $1 AND item = $2 AND location = $3";
	struct stmt *s = db_stmt(books->db, SQL);
	enum step step;

	*row = (struct stock_row){ 0 };
	stmt_text(s, 1, entity);
	stmt_text(s, 2, item);
	stmt_text(s, 3, location);
	step = stmt_step(s, e);
	if (step != STEP_ROW)
		return step == STEP_DONE;
	row->on_hand = col_int(s, 0);
	row->reserved = col_int(s, 1);
	row->value = col_int(s, 2);
	row->tracked = col_int(s, 3) != 0;
	stmt_reset(s);
	return true;
}

bool
stock_put(struct books *books, const char *entity, const char *item,
    const char *location, const struct stock_row *row, struct err *e)
{
	static const char SQL[] = "INSERT OR REPLACE INTO stock VALUES"
	    " ($1, $2, $3, $4, $5, $6, $7)";
	struct stmt *s = db_stmt(books->db, SQL);

	stmt_text(s, 1, entity);
	stmt_text(s, 2, item);
	stmt_text(s, 3, location);
	stmt_int(s, 4, row->on_hand);
	stmt_int(s, 5, row->reserved);
	stmt_int(s, 6, row->value);
	stmt_int(s, 7, row->tracked);
	return stmt_run(s, e);
}

bool
ordering_item_find(struct books *books, const char *entity,
    const char *number, const char *item, struct arena *arena,
    struct ordering_item *row, struct err *e)
{
	static const char SQL[] = "SELECT location, ordered, shipped,"
	    " invoiced, returned FROM ordering_item"
	    " WHERE entity = $1 AND number = $2 AND item = $3";
	struct stmt *s = db_stmt(books->db, SQL);
	enum step step;

	*row = (struct ordering_item){ 0 };
	stmt_text(s, 1, entity);
	stmt_text(s, 2, number);
	stmt_text(s, 3, item);
	step = stmt_step(s, e);
	if (step != STEP_ROW)
		return step == STEP_DONE;
	row->location = arena_strdup(arena, col_text(s, 0));
	row->ordered = col_int(s, 1);
	row->shipped = col_int(s, 2);
	row->invoiced = col_int(s, 3);
	row->returned = col_int(s, 4);
	stmt_reset(s);
	return true;
}

bool
ordering_item_put(struct books *books, const char *entity,
    const char *number, const char *item, const struct ordering_item *row,
    struct err *e)
{
	static const char SQL[] = "INSERT OR REPLACE INTO ordering_item"
	    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
	struct stmt *s = db_stmt(books->db, SQL);

	stmt_text(s, 1, entity);
	stmt_text(s, 2, number);
	stmt_text(s, 3, item);
	stmt_text(s, 4, row->location);
	stmt_int(s, 5, row->ordered);
	stmt_int(s, 6, row->shipped);
	stmt_int(s, 7, row->invoiced);
	stmt_int(s, 8, row->returned);
	return stmt_run(s, e);
}

static void
bind_time(struct stmt *s, int at, int64_t time)
{
	if (time != 0)
		stmt_int(s, at, time);
}

#define EARLIER(column) #column " = CASE WHEN " #column " IS NULL OR" \
	" excluded." #column " < " #column " THEN excluded." #column \
	" ELSE " #column " END"

bool
ordering_add(struct books *books, const char *entity, const char *number,
    const struct ordering *o, struct err *e)
{
	static const char SQL[] = "INSERT INTO ordering VALUES"
	    " ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"
	    " ON CONFLICT DO UPDATE SET"
	    " party = coalesce(excluded.party, party),"
	    " currency = coalesce(currency, excluded.currency),"
	    " ordered = ordered + excluded.ordered,"
	    " invoiced = invoiced + excluded.invoiced,"
	    " paid = paid + excluded.paid,"
	    " credited = credited + excluded.credited,"
	    " refunded = refunded + excluded.refunded, "
	    EARLIER(ordered_at) ", " EARLIER(shipped_at) ", "
	    EARLIER(invoiced_at) ", " EARLIER(paid_at);
	struct stmt *s = db_stmt(books->db, SQL);

	stmt_text(s, 1, entity);
	stmt_text(s, 2, number);
	stmt_text(s, 3, o->party);
	stmt_text(s, 4, o->currency);
	stmt_int(s, 5, o->ordered);
	stmt_int(s, 6, o->invoiced);
	stmt_int(s, 7, o->paid);
	stmt_int(s, 8, o->credited);
	stmt_int(s, 9, o->refunded);
	bind_time(s, 10, o->ordered_at);
	bind_time(s, 11, o->shipped_at);
	bind_time(s, 12, o->invoiced_at);
	bind_time(s, 13, o->paid_at);
	return stmt_run(s, e);
}

bool
ordering_note(struct books *books, const char *entity, const char *number,
    int64_t version, struct err *e)
{
	static const char SQL[] =
	    "INSERT INTO ordering_document VALUES ($1, $2, $3)";
	struct stmt *s = db_stmt(books->db, SQL);

	stmt_text(s, 1, entity);
	stmt_text(s, 2, number);
	stmt_int(s, 3, version);
	return stmt_run(s, e);
}
