/*
 * Master data in and out of the database.  Import is the only writer; the
 * snapshot is made by one pass over each table.
 */
#include "store/master.h"

#include "book/money.h"
#include "core/clock.h"
#include "core/json.h"
#include "core/utf8.h"
#include "store/master_gst.h"
#include "store/master_row.h"
#include "store/master_said.h"
#include "store/gst_read.h"
#include "store/mutual.h"
#include "store/views.h"

const char *const master_tables[] = {
	"currency", "entity", "cost_centre", "account", "tax_code", "party",
	"item", "location", "mapping", "rate", "period", "pair", "limit",
	"cost", "flow", "grant", "intercompany", "close", "tolerance",
	"policy", "bank_rule",
	"gst_state", "gst_unit", "gst_rate", "gst_limit", "gst_due",
	"gst_level", "hsn", "gst_item", "registration", "taxpayer",
	"restricted", "access", NULL
};

/* ---- loading ---------------------------------------------------------- */

static void
load_day(struct stmt *s, int at, struct day *out)
{
	if (!day_parse(col_span(s, at), out))
		*out = (struct day){ "" };
}

static bool
load_masters(struct db *db, struct reference *r, struct err *e)
{
	static const char SQL[] = "SELECT tab, code, name, entity, kind,"
	    " extra, first, last FROM master";
	struct stmt *s = db_stmt(db, SQL);
	enum reference_table table;
	enum step step;

	while ((step = stmt_step(s, e)) == STEP_ROW) {
		struct master row = { col_text(s, 1), col_text(s, 2),
		    col_text(s, 3), col_text(s, 4), col_text(s, 5),
		    { "" }, { "" } };

		load_day(s, 6, &row.from);
		load_day(s, 7, &row.to);
		if (reference_table_find(col_text(s, 0), &table))
			reference_add(r, table, &row);
	}
	return step == STEP_DONE;
}

static bool
load_mappings(struct db *db, struct reference *r, struct err *e)
{
	/* What targets are told is no rule's matter. */
	static const char SQL[] = "SELECT source, dimension, from_value,"
	    " to_value FROM mapping WHERE source NOT GLOB 'to:*'";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	while ((step = stmt_step(s, e)) == STEP_ROW)
		reference_add_mapping(r, col_text(s, 0), col_text(s, 1),
		    col_text(s, 2), col_text(s, 3));
	return step == STEP_DONE;
}

static bool
load_rates(struct db *db, struct reference *r, struct err *e)
{
	static const char SQL[] = "SELECT from_currency, to_currency, first,"
	    " rate FROM rate";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	while ((step = stmt_step(s, e)) == STEP_ROW) {
		struct day first;

		load_day(s, 2, &first);
		reference_add_rate(r, col_text(s, 0), col_text(s, 1), first,
		    col_int(s, 3));
	}
	return step == STEP_DONE;
}

static bool
load_periods(struct db *db, struct reference *r, struct err *e)
{
	static const char SQL[] = "SELECT entity, period, state FROM period";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	while ((step = stmt_step(s, e)) == STEP_ROW)
		reference_add_period(r, col_text(s, 0), col_text(s, 1),
		    col_text(s, 2));
	return step == STEP_DONE;
}

static bool
load_pairs(struct db *db, struct reference *r, struct err *e)
{
	static const char SQL[] = "SELECT account, cost_centre FROM pair";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	while ((step = stmt_step(s, e)) == STEP_ROW)
		reference_add_pair(r, col_text(s, 0), col_text(s, 1));
	return step == STEP_DONE;
}

static bool
load_grants(struct db *db, struct reference *r, struct err *e)
{
	static const char SQL[] = "SELECT client, account FROM account_grant";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	while ((step = stmt_step(s, e)) == STEP_ROW)
		reference_add_grant(r, col_text(s, 0), col_text(s, 1));
	return step == STEP_DONE;
}

static bool
load_limits(struct db *db, struct reference *r, struct err *e)
{
	static const char SQL[] =
	    "SELECT source, rate, burst, body, allow FROM source_limit";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	while ((step = stmt_step(s, e)) == STEP_ROW) {
		const struct source_limit limit = { col_int(s, 1),
		    col_int(s, 2), col_int(s, 3), col_text(s, 4) };

		reference_add_limit(r, col_text(s, 0), &limit);
	}
	return step == STEP_DONE;
}

static bool
load_costs(struct db *db, struct reference *r, struct err *e)
{
	static const char SQL[] =
	    "SELECT item, first, cost, currency FROM cost";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	while ((step = stmt_step(s, e)) == STEP_ROW) {
		struct money cost;
		struct day first;

		load_day(s, 1, &first);
		if (money_parse(col_span(s, 2), col_text(s, 3), &cost))
			reference_add_cost(r, col_text(s, 0), first,
			    cost.minor);
	}
	return step == STEP_DONE;
}

static bool
load_flows(struct db *db, struct reference *r, struct err *e)
{
	static const char SQL[] = "SELECT source, kind, entity, pattern,"
	    " window, latency, owner, objective, wait, control FROM flow"
	    " ORDER BY source, kind, entity";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	while ((step = stmt_step(s, e)) == STEP_ROW) {
		struct flow flow = { .source = col_text(s, 0),
		    .kind = col_text(s, 1), .entity = col_text(s, 2),
		    .latency = col_int(s, 5), .owner = col_text(s, 6),
		    .objective = col_int(s, 7), .wait = col_int(s, 8),
		    .control = col_text(s, 9) };

		if (flow_pattern_find(col_text(s, 3), &flow.pattern) &&
		    hours_parse(col_span(s, 4), &flow.window))
			reference_add_flow(r, &flow);
	}
	return step == STEP_DONE;
}

static bool
load_policies(struct db *db, struct reference *r, struct err *e)
{
	static const char SQL[] = "SELECT policy, kind, entity, amount,"
	    " second, third, role, expires FROM policy"
	    " ORDER BY policy, kind, entity";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	while ((step = stmt_step(s, e)) == STEP_ROW) {
		struct policy policy = { .name = col_text(s, 0),
		    .kind = col_text(s, 1), .entity = col_text(s, 2),
		    .amount = col_text(s, 3), .second = col_text(s, 4),
		    .third = col_text(s, 5), .expires = col_int(s, 7) };

		if (role_find(col_text(s, 6), &policy.role))
			reference_add_policy(r, &policy);
	}
	return step == STEP_DONE;
}

static bool
generation_of(struct db *db, int64_t *out, struct err *e)
{
	static const char SQL[] =
	    "SELECT max(seq) FROM log WHERE kind = 'reference'";
	struct stmt *s = db_stmt(db, SQL);
	enum step step = stmt_step(s, e);

	*out = 0;
	if (step == STEP_ROW) {
		*out = col_int(s, 0);
		stmt_reset(s);
	}
	return step != STEP_FAILED;
}

bool
master_load(struct db *db, struct reference **out, struct err *e)
{
	struct reference *r;
	int64_t generation;

	if (!generation_of(db, &generation, e))
		return false;
	r = reference_new(generation);
	if (!load_masters(db, r, e) || !load_mappings(db, r, e) ||
	    !load_rates(db, r, e) || !load_periods(db, r, e) ||
	    !load_pairs(db, r, e) || !load_grants(db, r, e) ||
	    !load_limits(db, r, e) || !load_costs(db, r, e) ||
	    !load_flows(db, r, e) || !load_policies(db, r, e) ||
	    !master_gst_load(db, r, e)) {
		reference_drop(&r);
		return false;
	}
	*out = r;
	return true;
}

/* ---- writing ---------------------------------------------------------- */

static bool
run_with_fields(const struct row *row, const char *sql, int first, int n)
{
	struct stmt *s = db_stmt(row->db, sql);

	if (first > 1)
		stmt_text(s, 1, row->name);
	for (int i = 0; i < n; i++)
		stmt_text(s, first + i, row_field(row, (size_t)i));
	return stmt_run(s, row->e);
}

static bool
write_master(const struct row *row)
{
	static const char SQL[] = "INSERT INTO master VALUES"
	    " ($1, $2, $3, nullif($4, ''), $5, $6, $7, $8)"
	    " ON CONFLICT DO UPDATE SET name = excluded.name,"
	    " entity = excluded.entity, kind = excluded.kind,"
	    " extra = excluded.extra, first = excluded.first,"
	    " last = excluded.last";

	return run_with_fields(row, SQL, 2, 7);
}

static bool
write_mapping(const struct row *row)
{
	static const char SQL[] = "INSERT INTO mapping VALUES"
	    " ($1, $2, $3, $4)"
	    " ON CONFLICT DO UPDATE SET to_value = excluded.to_value";

	return run_with_fields(row, SQL, 1, 4);
}

static bool
write_rate(const struct row *row)
{
	static const char SQL[] = "INSERT INTO rate VALUES ($1, $2, $3, $4)"
	    " ON CONFLICT DO UPDATE SET rate = excluded.rate";
	struct stmt *s = db_stmt(row->db, SQL);
	int64_t rate;

	if (!money_rate_parse(span_of(row_field(row, 3)), &rate))
		bug("a rate that was judged");
	for (int i = 0; i < 3; i++)
		stmt_text(s, i + 1, row_field(row, (size_t)i));
	stmt_int(s, 4, rate);
	return stmt_run(s, row->e);
}

static bool
write_period(const struct row *row)
{
	static const char SQL[] = "INSERT INTO period VALUES ($1, $2, $3)"
	    " ON CONFLICT DO UPDATE SET state = excluded.state";

	return run_with_fields(row, SQL, 1, 3);
}

static bool
write_pair(const struct row *row)
{
	static const char SQL[] = "INSERT INTO pair VALUES ($1, $2)"
	    " ON CONFLICT DO NOTHING";

	return run_with_fields(row, SQL, 1, 2);
}

static bool
write_grant(const struct row *row)
{
	static const char SQL[] = "INSERT INTO account_grant VALUES ($1, $2)"
	    " ON CONFLICT DO NOTHING";

	return run_with_fields(row, SQL, 1, 2);
}

static bool
write_limit(const struct row *row)
{
	static const char SQL[] = "INSERT INTO source_limit VALUES ($1,"
	    " coalesce(CAST(nullif($2, '') AS INTEGER), 0),"
	    " coalesce(CAST(nullif($3, '') AS INTEGER),"
	    " CAST(nullif($2, '') AS INTEGER), 0),"
	    " coalesce(CAST(nullif($4, '') AS INTEGER), 0), $5)"
	    " ON CONFLICT DO UPDATE SET"
	    " rate = excluded.rate, burst = excluded.burst,"
	    " body = excluded.body, allow = excluded.allow";

	return run_with_fields(row, SQL, 1, 5);
}

static bool
write_cost(const struct row *row)
{
	static const char SQL[] = "INSERT INTO cost VALUES ($1, $2, $3, $4)"
	    " ON CONFLICT DO UPDATE SET cost = excluded.cost,"
	    " currency = excluded.currency";

	return run_with_fields(row, SQL, 1, 4);
}

static bool
write_flow(const struct row *row)
{
	static const char SQL[] = "INSERT INTO flow VALUES"
	    " ($1, $2, $3, $4, $5, CAST($6 AS INTEGER), $7,"
	    " CAST($8 AS INTEGER), CAST($9 AS INTEGER), $10)"
	    " ON CONFLICT DO UPDATE SET pattern = excluded.pattern,"
	    " window = excluded.window, latency = excluded.latency,"
	    " owner = excluded.owner, objective = excluded.objective,"
	    " wait = excluded.wait, control = excluded.control";

	return run_with_fields(row, SQL, 1, 10);
}

static bool
write_intercompany(const struct row *row)
{
	static const char SQL[] = "INSERT INTO intercompany VALUES"
	    " ($1, $2, $3, $4) ON CONFLICT DO UPDATE SET"
	    " counter_account = excluded.counter_account";

	return run_with_fields(row, SQL, 1, 4);
}

static bool
write_close(const struct row *row)
{
	static const char SQL[] = "INSERT INTO close_task VALUES"
	    " ($1, $2, $3, CAST($4 AS INTEGER)) ON CONFLICT DO UPDATE SET"
	    " owner = excluded.owner, due = excluded.due";

	return run_with_fields(row, SQL, 1, 4);
}

static bool
write_bank_rule(const struct row *row)
{
	static const char SQL[] = "INSERT INTO bank_rule VALUES"
	    " ($1, $2, CAST($3 AS INTEGER), $4, $5)"
	    " ON CONFLICT DO UPDATE SET"
	    " tolerance = excluded.tolerance, days = excluded.days,"
	    " auto = excluded.auto, opening = excluded.opening";
	/* What they are told by the rule is looked at again. */
	static const char AGAIN[] = "INSERT INTO bank_dirty SELECT entity,"
	    " account, 0 FROM bank_account WHERE true"
	    " ON CONFLICT DO NOTHING";

	return run_with_fields(row, SQL, 1, 5) &&
	    stmt_run(db_stmt(row->db, AGAIN), row->e);
}

static bool
write_tolerance(const struct row *row)
{
	static const char SQL[] = "INSERT INTO tolerance VALUES"
	    " ($1, $2, $3, $4) ON CONFLICT DO UPDATE SET"
	    " percent = excluded.percent, value = excluded.value";

	return run_with_fields(row, SQL, 1, 4);
}

static bool
write_policy(const struct row *row)
{
	static const char SQL[] = "INSERT INTO policy VALUES"
	    " ($1, $2, $3, $4, $5, $6, $7, CAST($8 AS INTEGER))"
	    " ON CONFLICT DO UPDATE SET amount = excluded.amount,"
	    " second = excluded.second, third = excluded.third,"
	    " role = excluded.role, expires = excluded.expires";

	return run_with_fields(row, SQL, 1, 8);
}

static bool
write_restricted(const struct row *row)
{
	static const char SQL[] = "INSERT INTO restricted VALUES ($1, $2, $3)"
	    " ON CONFLICT DO UPDATE SET topic = excluded.topic";

	return run_with_fields(row, SQL, 1, 3);
}

static bool
write_access(const struct row *row)
{
	static const char SQL[] = "INSERT INTO access VALUES"
	    " ($1, $2, $3, $4, $5) ON CONFLICT DO UPDATE SET"
	    " role = excluded.role, entities = excluded.entities,"
	    " sees = excluded.sees";

	return run_with_fields(row, SQL, 1, 5);
}

static const struct {
	const char *name;
	bool (*write)(const struct row *);
} writers[] = {
	{ "mapping", write_mapping },
	{ "rate", write_rate },
	{ "period", write_period },
	{ "pair", write_pair },
	{ "limit", write_limit },
	{ "cost", write_cost },
	{ "flow", write_flow },
	{ "grant", write_grant },
	{ "intercompany", write_intercompany },
	{ "close", write_close },
	{ "bank_rule", write_bank_rule },
	{ "tolerance", write_tolerance },
	{ "policy", write_policy },
	{ "restricted", write_restricted },
	{ "access", write_access },
};

static bool
write_row(const struct row *row)
{
	if (!row_judge(row))
		return false;
	for (size_t i = 0; i < sizeof writers / sizeof *writers; i++)
		if (strcmp(writers[i].name, row->name) == 0)
			return writers[i].write(row);
	return master_gst_has(row->name) ? master_gst_write(row) :
	    write_master(row);
}

static bool
remove_row(const struct row *row)
{
	return row_judge_key(row) && run_with_fields(row, row->table->remove,
	    1, (int)row->table->keys);
}

static bool
apply(struct db *db, const char *name, struct span text, bool remove,
    struct err *e)
{
	struct csv csv;
	struct row row = { db, name, master_table_find(name), &csv, e };
	bool ok, first = true;

	if (row.table == NULL)
		return err_set(e, ERR_NOT_FOUND, "no table %.60s", name);
	if (remove && row.table->remove == NULL)
		return err_set(e, ERR_REFUSED, "a row of %.60s is closed by "
		    "its day, not removed", name);
	csv_open(&csv, text);
	for (ok = true; ok && csv_next(&csv, e); first = false) {
		if (first)
			ok = row_judge_head(&row, remove);
		else
			ok = remove ? remove_row(&row) : write_row(&row);
	}
	csv_close(&csv);
	if (ok && first)
		ok = err_set(e, ERR_REQUEST, "%s: empty", name);
	return ok && e->code == ERR_NONE;
}

static bool
put_version(struct books *books, const char *table, int64_t seq,
    struct err *e)
{
	static const char SQL[] = "INSERT INTO master_version VALUES ($1, $2)"
	    " ON CONFLICT DO UPDATE SET seq = excluded.seq";
	struct stmt *s = db_stmt(books->db, SQL);

	stmt_text(s, 1, table);
	stmt_int(s, 2, seq);
	return stmt_run(s, e);
}

bool
master_version(struct db *db, const char *table, int64_t *seq,
    struct err *e)
{
	static const char SQL[] =
	    "SELECT seq FROM master_version WHERE tab = $1";
	struct stmt *s = db_stmt(db, SQL);

	stmt_text(s, 1, table);
	return stmt_number(s, seq, e);
}

static bool
log_change(struct books *books, const struct master_change *c, int64_t *seq,
    struct err *e)
{
	struct str body;
	struct json j;
	bool ok;

	str_init(&body, MASTER_CSV_MAX * 2);
	json_start(&j, &body);
	json_open(&j, '{');
	json_kstr(&j, "table", c->table);
	if (c->remove)
		json_kstr(&j, "do", "remove");
	json_key(&j, "csv");
	json_span(&j, c->csv);
	json_close(&j, '}');
	ok = log_add(books, "reference", clock_now(), c->actor,
	    str_span(&body), seq, e);
	str_free(&body);
	return ok;
}

static bool
change_rows(struct books *books, struct master_change *c,
    const struct str *was, struct err *e)
{
	if (!apply(books->db, c->table, c->csv, c->remove, e) ||
	    (strcmp(c->table, "intercompany") == 0 &&
	    !mutual_again(books->db, e)) ||
	    !log_change(books, c, &c->seq, e) ||
	    !put_version(books, c->table, c->seq, e) ||
	    (strcmp(c->table, "registration") == 0 &&
	    !gst_read_ask(books, c->seq, e)))
		return false;
	books->generation = c->seq;
	books_touch(books, "reference", c->table);
	return master_say(books, c, was, e);
}

static bool
change(struct books *books, struct master_change *c, int64_t *seq,
    struct err *e)
{
	struct str was;
	bool ok;

	if (!utf8_valid(c->csv) || c->csv.n > MASTER_CSV_MAX)
		return err_set(e, ERR_REQUEST, "%s: not UTF-8 text",
		    c->table);
	str_init(&was, (size_t)MASTER_CSV_MAX * 8);
	ok = master_rows_now(books->db, c->table, c->csv, &was, e) &&
	    change_rows(books, c, &was, e);
	str_free(&was);
	*seq = c->seq;
	return ok;
}

bool
master_import(struct books *books, const char *actor, const char *table,
    struct span csv, int64_t *seq, struct err *e)
{
	struct master_change c = { actor, table, csv, false, 0 };

	return change(books, &c, seq, e);
}

bool
master_remove(struct books *books, const char *actor, const char *table,
    struct span csv, int64_t *seq, struct err *e)
{
	struct master_change c = { actor, table, csv, true, 0 };

	return change(books, &c, seq, e);
}

/* ---- as it would be --------------------------------------------------- */

static bool
copy_table(struct db *from, struct db *to, const char *name, struct err *e)
{
	struct str csv;
	bool found, ok;

	str_init(&csv, (size_t)MASTER_CSV_MAX * 8);
	ok = view_reference_csv(from, name, false, &csv, &found, e) &&
	    (!csv.over || err_set(e, ERR_TOO_LARGE, "%s", name)) &&
	    apply(to, name, str_span(&csv), false, e);
	str_free(&csv);
	return ok;
}

static bool
copy_all(struct db *from, struct db *to, struct err *e)
{
	for (size_t i = 0; master_tables[i] != NULL; i++)
		if (!copy_table(from, to, master_tables[i], e))
			return false;
	return true;
}

bool
master_load_with(struct db *db, const char *table, struct span csv,
    bool remove, struct reference **out, struct err *e)
{
	struct db *scratch = NULL;
	bool ok;

	if (table == NULL)
		return master_load(db, out, e);
	ok = db_open(&scratch, ":memory:", DB_CREATE, e) &&
	    db_migrate(scratch, e) && db_begin(scratch, e) &&
	    copy_all(db, scratch, e) &&
	    apply(scratch, table, csv, remove, e) &&
	    master_load(scratch, out, e);
	db_close(&scratch);
	return ok;
}
