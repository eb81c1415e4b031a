/*
 * The table `line` that post rules read: the lines of the one document at
 * hand, straight from its struct.  Text of JSON would have to be parsed again
 * for every column of every line.
 */
#include "rules/sandbox.h"

#include <stdlib.h>

static const char SHAPE[] = "CREATE TABLE line(n INTEGER, type TEXT,"
    " account TEXT, party TEXT, cost_centre TEXT, tax_code TEXT, item TEXT,"
    " location TEXT, memo TEXT, quantity TEXT, amount INTEGER,"
    " cost INTEGER)";

enum { N, TYPE, ACCOUNT, PARTY, COST_CENTRE, TAX_CODE, ITEM, LOCATION, MEMO,
	QUANTITY, AMOUNT, COST };

struct table {
	sqlite3_vtab base;
	struct sandbox *sandbox;
};

struct cursor {
	sqlite3_vtab_cursor base;
	size_t at;
};

static const struct document *
document_of(const struct cursor *cursor)
{
	return ((struct table *)cursor->base.pVtab)->sandbox->document;
}

static int
open_table(sqlite3 *db, void *arg, int argc, const char *const *argv,
    sqlite3_vtab **out, char **why)
{
	struct table *table;

	(void)argc;
	(void)argv;
	(void)why;
	if (sqlite3_declare_vtab(db, SHAPE) != SQLITE_OK)
		return SQLITE_ERROR;
	table = calloc(1, sizeof *table);
	if (table == NULL)
		bug("out of memory");
	table->sandbox = arg;
	*out = &table->base;
	return SQLITE_OK;
}

static int
close_table(sqlite3_vtab *table)
{
	free(table);
	return SQLITE_OK;
}

static int
plan(sqlite3_vtab *table, sqlite3_index_info *info)
{
	(void)table;
	info->estimatedCost = 10;
	info->estimatedRows = 10;
	return SQLITE_OK;
}

static int
open_cursor(sqlite3_vtab *table, sqlite3_vtab_cursor **out)
{
	struct cursor *cursor = calloc(1, sizeof *cursor);

	(void)table;
	if (cursor == NULL)
		bug("out of memory");
	*out = &cursor->base;
	return SQLITE_OK;
}

static int
close_cursor(sqlite3_vtab_cursor *cursor)
{
	free(cursor);
	return SQLITE_OK;
}

static int
rewind_cursor(sqlite3_vtab_cursor *base, int n, const char *text, int argc,
    sqlite3_value **argv)
{
	(void)n;
	(void)text;
	(void)argc;
	(void)argv;
	((struct cursor *)base)->at = 0;
	return SQLITE_OK;
}

static int
next_line(sqlite3_vtab_cursor *base)
{
	((struct cursor *)base)->at++;
	return SQLITE_OK;
}

static int
at_end(sqlite3_vtab_cursor *base)
{
	const struct cursor *cursor = (struct cursor *)base;
	const struct document *document = document_of(cursor);

	return document == NULL || cursor->at >= document->n_lines;
}

static const char *
text_of(const struct document_line *line, int column)
{
	switch (column) {
	case TYPE: return line->type;
	case ACCOUNT: return line->account;
	case PARTY: return line->party;
	case COST_CENTRE: return line->cost_centre;
	case TAX_CODE: return line->tax_code;
	case ITEM: return line->item;
	case LOCATION: return line->location;
	case MEMO: return line->memo;
	case QUANTITY: return line->quantity;
	}
	return NULL;
}

/* The document outlives the statement's run, so texts are not copied. */
static int
give_column(sqlite3_vtab_cursor *base, sqlite3_context *ctx, int column)
{
	const struct cursor *cursor = (struct cursor *)base;
	const struct document_line *line =
	    &document_of(cursor)->lines[cursor->at];
	const char *text;

	if (column == N)
		sqlite3_result_int64(ctx, (sqlite3_int64)cursor->at);
	else if (column == AMOUNT)
		sqlite3_result_int64(ctx, line->amount);
	else if (column == COST)
		sqlite3_result_int64(ctx, line->cost);
	else if ((text = text_of(line, column)) != NULL)
		sqlite3_result_text(ctx, text, -1, SQLITE_STATIC);
	return SQLITE_OK;
}

static int
give_rowid(sqlite3_vtab_cursor *base, sqlite3_int64 *out)
{
	*out = (sqlite3_int64)((struct cursor *)base)->at;
	return SQLITE_OK;
}

static const sqlite3_module module = {
	.xConnect = open_table,
	.xDisconnect = close_table,
	.xBestIndex = plan,
	.xOpen = open_cursor,
	.xClose = close_cursor,
	.xFilter = rewind_cursor,
	.xNext = next_line,
	.xEof = at_end,
	.xColumn = give_column,
	.xRowid = give_rowid,
};

void
line_add(struct sandbox *sandbox)
{
	if (sqlite3_create_module_v2(sandbox->db, "line", &module, sandbox,
	    NULL) != SQLITE_OK)
		bug("the table line");
}
