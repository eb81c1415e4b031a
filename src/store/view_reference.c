/* Master data as it is in force. */
#include "store/show.h"

#include "store/master.h"

static const struct {
	const char *name, *sql;
	const char *columns[8];
} lists[] = {
	{ "mapping", "SELECT source, dimension, from_value, to_value"
	    " FROM mapping ORDER BY 1, 2, 3",
	    { "source", "dimension", "from", "to" } },
	{ "rate", "SELECT from_currency, to_currency, first,"
	    " (rate / 1000000) || '.' ||"
	    " substr('000000' || (rate % 1000000), -6)"
	    " FROM rate ORDER BY 1, 2, 3",
	    { "from", "to", "first", "rate" } },
	{ "period", "SELECT entity, period, state FROM period ORDER BY 1, 2",
	    { "entity", "period", "state" } },
	{ "pair", "SELECT account, cost_centre FROM pair ORDER BY 1, 2",
	    { "account", "cost_centre" } },
	{ "", "SELECT code, name, entity, kind, extra, first, last"
	    " FROM master WHERE tab = $1 ORDER BY code",
	    { "code", "name", "entity", "kind", "extra", "from", "to" } },
};

bool
view_reference(struct db *db, const char *table, struct json *j,
    bool *found, struct err *e)
{
	enum reference_table any;
	size_t i = 0;
	struct stmt *s;
	enum step step;

	*found = true;
	while (lists[i].name[0] != '\0' && strcmp(lists[i].name, table) != 0)
		i++;
	if (lists[i].name[0] == '\0' && !reference_table_find(table, &any)) {
		*found = false;
		return true;
	}
	s = db_stmt(db, lists[i].sql);
	if (lists[i].name[0] == '\0')
		stmt_text(s, 1, table);
	json_open(j, '{');
	json_key(j, "items");
	json_open(j, '[');
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		json_open(j, '{');
		for (int c = 0; c < 8 && lists[i].columns[c] != NULL; c++)
			json_kstr(j, lists[i].columns[c], col_text(s, c));
		json_close(j, '}');
	}
	json_close(j, ']');
	json_close(j, '}');
	return step == STEP_DONE;
}
