/* Master data as it is in force. */
#include "store/show.h"

#include "store/master.h"
#include "store/master_table.h"

static void
show_row(const struct master_table *table, struct stmt *s, struct json *j)
{
	json_open(j, '{');
	for (size_t c = 0; c < master_table_columns(table); c++)
		json_kstr(j, table->columns[c], col_text(s, (int)c));
	json_close(j, '}');
}

bool
view_reference(struct db *db, const char *name, struct json *j,
    bool *found, struct err *e)
{
	const struct master_table *table = master_table_find(name);
	int64_t version;
	struct stmt *s;
	enum step step;

	*found = table != NULL;
	if (table == NULL)
		return true;
	if (!master_version(db, name, &version, e))
		return false;
	json_open(j, '{');
	show_id(j, "version", 'R', version);
	json_key(j, "items");
	json_open(j, '[');
	s = master_table_all(db, table, name);
	while ((step = stmt_step(s, e)) == STEP_ROW)
		show_row(table, s, j);
	json_close(j, ']');
	json_close(j, '}');
	return step == STEP_DONE;
}

bool
view_reference_csv(struct db *db, const char *name, bool sheet,
    struct str *out, bool *found, struct err *e)
{
	const struct master_table *table = master_table_find(name);
	struct stmt *s;
	enum step step;

	*found = table != NULL;
	if (table == NULL)
		return true;
	master_table_head(table, out);
	str_addc(out, '\n');
	s = master_table_all(db, table, name);
	while ((step = stmt_step(s, e)) == STEP_ROW)
		master_table_line(table, s, sheet, out);
	return step == STEP_DONE;
}
