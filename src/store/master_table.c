/* The one list of master tables that import, export and views agree on. */
#include "store/master_table.h"

#include "book/reference.h"

static const struct master_table tables[] = {
	{ "mapping", { "source", "dimension", "from", "to" }, 3,
	    "SELECT source, dimension, from_value, to_value FROM mapping"
	    " ORDER BY 1, 2, 3",
	    "SELECT source, dimension, from_value, to_value FROM mapping"
	    " WHERE source = $1 AND dimension = $2 AND from_value = $3",
	    "DELETE FROM mapping"
	    " WHERE source = $1 AND dimension = $2 AND from_value = $3" },
	{ "rate", { "from", "to", "first", "rate" }, 3,
	    "SELECT from_currency, to_currency, first,"
	    " (rate / 1000000) || '.' ||"
	    " substr('000000' || (rate % 1000000), -6)"
	    " FROM rate ORDER BY 1, 2, 3",
	    "SELECT from_currency, to_currency, first,"
	    " (rate / 1000000) || '.' ||"
	    " substr('000000' || (rate % 1000000), -6) FROM rate"
	    " WHERE from_currency = $1 AND to_currency = $2 AND first = $3",
	    "DELETE FROM rate"
	    " WHERE from_currency = $1 AND to_currency = $2 AND first = $3" },
	{ "period", { "entity", "period", "state" }, 2,
	    "SELECT entity, period, state FROM period ORDER BY 1, 2",
	    "SELECT entity, period, state FROM period"
	    " WHERE entity = $1 AND period = $2", NULL },
	{ "pair", { "account", "cost_centre" }, 2,
	    "SELECT account, cost_centre FROM pair ORDER BY 1, 2",
	    "SELECT account, cost_centre FROM pair"
	    " WHERE account = $1 AND cost_centre = $2",
	    "DELETE FROM pair WHERE account = $1 AND cost_centre = $2" },
	{ "limit", { "source", "per_second", "burst", "body", "allow" }, 1,
	    "SELECT source, nullif(rate, 0), nullif(burst, 0),"
	    " nullif(body, 0), allow FROM source_limit ORDER BY 1",
	    "SELECT source, nullif(rate, 0), nullif(burst, 0),"
	    " nullif(body, 0), allow FROM source_limit WHERE source = $1",
	    "DELETE FROM source_limit WHERE source = $1" },
	{ "cost", { "item", "first", "cost", "currency" }, 2,
	    "SELECT item, first, cost, currency FROM cost ORDER BY 1, 2",
	    "SELECT item, first, cost, currency FROM cost"
	    " WHERE item = $1 AND first = $2",
	    "DELETE FROM cost WHERE item = $1 AND first = $2" },
	{ "flow", { "source", "kind", "entity", "pattern", "window",
	    "latency", "owner", "objective", "wait", "control" }, 3,
	    "SELECT source, kind, entity, pattern, window, latency, owner,"
	    " objective, wait, control FROM flow ORDER BY 1, 2, 3",
	    "SELECT source, kind, entity, pattern, window, latency, owner,"
	    " objective, wait, control FROM flow"
	    " WHERE source = $1 AND kind = $2 AND entity = $3",
	    "DELETE FROM flow"
	    " WHERE source = $1 AND kind = $2 AND entity = $3" },
	{ "grant", { "client", "account" }, 2,
	    "SELECT client, account FROM account_grant ORDER BY 1, 2",
	    "SELECT client, account FROM account_grant"
	    " WHERE client = $1 AND account = $2",
	    "DELETE FROM account_grant WHERE client = $1 AND account = $2" },
	{ "intercompany", { "entity", "account", "counterparty",
	    "counter_account" }, 3,
	    "SELECT entity, account, counterparty, counter_account"
	    " FROM intercompany ORDER BY 1, 2, 3",
	    "SELECT entity, account, counterparty, counter_account"
	    " FROM intercompany"
	    " WHERE entity = $1 AND account = $2 AND counterparty = $3",
	    "DELETE FROM intercompany"
	    " WHERE entity = $1 AND account = $2 AND counterparty = $3" },
	{ "close", { "entity", "line", "owner", "due" }, 2,
	    "SELECT entity, line, owner, due FROM close_task ORDER BY 1, 2",
	    "SELECT entity, line, owner, due FROM close_task"
	    " WHERE entity = $1 AND line = $2",
	    "DELETE FROM close_task WHERE entity = $1 AND line = $2" },
	{ "bank_rule", { "account", "tolerance", "days", "auto",
	    "opening" }, 1,
	    "SELECT account, tolerance, days, auto, opening FROM bank_rule"
	    " ORDER BY 1",
	    "SELECT account, tolerance, days, auto, opening FROM bank_rule"
	    " WHERE account = $1",
	    "DELETE FROM bank_rule WHERE account = $1" },
	{ "tolerance", { "entity", "location", "percent", "value" }, 2,
	    "SELECT entity, location, percent, value FROM tolerance"
	    " ORDER BY 1, 2",
	    "SELECT entity, location, percent, value FROM tolerance"
	    " WHERE entity = $1 AND location = $2",
	    "DELETE FROM tolerance WHERE entity = $1 AND location = $2" },
	{ "policy", { "policy", "kind", "entity", "amount", "second", "third",
	    "role", "expires" }, 3,
	    "SELECT policy, kind, entity, amount, second, third, role,"
	    " nullif(expires, 0) FROM policy ORDER BY 1, 2, 3",
	    "SELECT policy, kind, entity, amount, second, third, role,"
	    " nullif(expires, 0) FROM policy"
	    " WHERE policy = $1 AND kind = $2 AND entity = $3",
	    "DELETE FROM policy"
	    " WHERE policy = $1 AND kind = $2 AND entity = $3" },
	{ "registration", { "gstin", "from", "entity", "kind", "filing",
	    "turnover", "to" }, 2,
	    "SELECT gstin, first, entity, kind, filing, turnover, last"
	    " FROM registration ORDER BY 1, 2",
	    "SELECT gstin, first, entity, kind, filing, turnover, last"
	    " FROM registration WHERE gstin = $1 AND first = $2",
	    "DELETE FROM registration WHERE gstin = $1 AND first = $2" },
	{ "taxpayer", { "party", "gstin", "category", "state", "pin",
	    "address", "status", "since" }, 1,
	    "SELECT party, gstin, category, state, pin, address,"
	    " status, since FROM taxpayer ORDER BY 1",
	    "SELECT party, gstin, category, state, pin, address,"
	    " status, since FROM taxpayer WHERE party = $1",
	    "DELETE FROM taxpayer WHERE party = $1" },
	{ "gst_state", { "code", "name", "alpha", "pins", "group", "utgst",
	    "gstin", "place", "from", "to" }, 1,
	    "SELECT code, name, alpha, pins, due_group, utgst, gstin,"
	    " place, first, last FROM gst_state ORDER BY 1",
	    "SELECT code, name, alpha, pins, due_group, utgst, gstin,"
	    " place, first, last FROM gst_state WHERE code = $1",
	    "DELETE FROM gst_state WHERE code = $1" },
	{ "gst_unit", { "code", "name", "goods" }, 1,
	    "SELECT code, name, goods FROM gst_unit ORDER BY 1",
	    "SELECT code, name, goods FROM gst_unit WHERE code = $1",
	    "DELETE FROM gst_unit WHERE code = $1" },
	{ "gst_rate", { "rate", "from", "hsn", "goods", "services", "to",
	    "note" }, 2,
	    "SELECT rate, first, hsn, goods, services, last, note FROM"
	    " gst_rate ORDER BY 1, 2",
	    "SELECT rate, first, hsn, goods, services, last, note FROM"
	    " gst_rate WHERE rate = $1 AND first = $2",
	    "DELETE FROM gst_rate WHERE rate = $1 AND first = $2" },
	{ "gst_limit", { "name", "from", "value" }, 2,
	    "SELECT name, first, value FROM gst_limit ORDER BY 1, 2",
	    "SELECT name, first, value FROM gst_limit WHERE name = $1"
	    " AND first = $2",
	    "DELETE FROM gst_limit WHERE name = $1 AND first = $2" },
	{ "gst_due", { "form", "filing", "group", "period", "months", "day",
	    "due" }, 4,
	    "SELECT form, filing, due_group, period, months, day, due"
	    " FROM gst_due ORDER BY 1, 2, 3, 4",
	    "SELECT form, filing, due_group, period, months, day, due"
	    " FROM gst_due WHERE form = $1 AND filing = $2 AND"
	    " due_group = $3 AND period = $4",
	    "DELETE FROM gst_due WHERE form = $1 AND filing = $2 AND"
	    " due_group = $3 AND period = $4" },
	{ "gst_level", { "check", "entity", "level" }, 2,
	    "SELECT code, entity, level FROM gst_level ORDER BY 1, 2",
	    "SELECT code, entity, level FROM gst_level WHERE code = $1"
	    " AND entity = $2",
	    "DELETE FROM gst_level WHERE code = $1 AND entity = $2" },
	{ "hsn", { "code", "name" }, 1,
	    "SELECT code, name FROM hsn ORDER BY 1",
	    "SELECT code, name FROM hsn WHERE code = $1",
	    "DELETE FROM hsn WHERE code = $1" },
	{ "gst_item", { "item", "hsn", "unit" }, 1,
	    "SELECT item, hsn, unit FROM gst_item ORDER BY 1",
	    "SELECT item, hsn, unit FROM gst_item WHERE item = $1",
	    "DELETE FROM gst_item WHERE item = $1" },
	{ "restricted", { "what", "code", "topic" }, 2,
	    "SELECT what, code, topic FROM restricted ORDER BY 1, 2",
	    "SELECT what, code, topic FROM restricted"
	    " WHERE what = $1 AND code = $2",
	    "DELETE FROM restricted WHERE what = $1 AND code = $2" },
	{ "access", { "subject", "name", "role", "entities", "sees" }, 2,
	    "SELECT subject, name, role, entities, sees FROM access"
	    " ORDER BY 1, 2",
	    "SELECT subject, name, role, entities, sees FROM access"
	    " WHERE subject = $1 AND name = $2",
	    "DELETE FROM access WHERE subject = $1 AND name = $2" },
	{ "", { "code", "name", "entity", "kind", "extra", "from", "to" }, 1,
	    "SELECT code, name, entity, kind, extra, first, last"
	    " FROM master WHERE tab = $1 ORDER BY code",
	    "SELECT code, name, entity, kind, extra, first, last"
	    " FROM master WHERE tab = $1 AND code = $2", NULL },
};

#define N (sizeof tables / sizeof *tables)

static bool
shared(const struct master_table *table)
{
	return table->name[0] == '\0';
}

const struct master_table *
master_table_find(const char *name)
{
	enum reference_table any;

	for (size_t i = 0; i < N; i++)
		if (!shared(&tables[i]) && strcmp(tables[i].name, name) == 0)
			return &tables[i];
	return reference_table_find(name, &any) ? &tables[N - 1] : NULL;
}

size_t
master_table_columns(const struct master_table *table)
{
	size_t n = 0;

	while (n < MASTER_COLUMNS_MAX && table->columns[n] != NULL)
		n++;
	return n;
}

void
master_table_head(const struct master_table *table, struct str *out)
{
	for (size_t i = 0; i < master_table_columns(table); i++) {
		str_adds(out, i > 0 ? "," : "");
		str_adds(out, table->columns[i]);
	}
}

struct stmt *
master_table_all(struct db *db, const struct master_table *table,
    const char *name)
{
	struct stmt *s = db_stmt(db, table->all);

	if (shared(table))
		stmt_text(s, 1, name);
	return s;
}

struct stmt *
master_table_one(struct db *db, const struct master_table *table,
    const char *name, const char *const *key)
{
	struct stmt *s = db_stmt(db, table->one);
	int at = 1;

	if (shared(table))
		stmt_text(s, at++, name);
	for (size_t i = 0; i < table->keys; i++)
		stmt_text(s, at++, key[i]);
	return s;
}

void
master_table_line(const struct master_table *table, struct stmt *s,
    bool sheet, struct str *out)
{
	for (size_t i = 0; i < master_table_columns(table); i++) {
		struct span cell = col_span(s, (int)i);

		if (cell.p == NULL)
			cell = span_of("");
		if (i > 0)
			str_addc(out, ',');
		if (sheet)
			csv_write(out, cell);
		else
			csv_write_plain(out, cell);
	}
	str_addc(out, '\n');
}
