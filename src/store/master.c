/*
 * Master data in and out of the database.  Import is the only writer; the
 * snapshot is made by one pass over each table.
 */
#include "store/master.h"

#include <stdio.h>

#include "book/money.h"
#include "core/clock.h"
#include "core/csv.h"
#include "core/json.h"
#include "core/utf8.h"

#define CODE_MAX 128

const char *const master_tables[] = {
	"currency", "entity", "cost_centre", "account", "tax_code", "party",
	"item", "location", "mapping", "rate", "period", "pair", NULL
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
	static const char SQL[] = "SELECT source, dimension, from_value,"
	    " to_value FROM mapping";
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
	    !load_pairs(db, r, e)) {
		reference_drop(&r);
		return false;
	}
	*out = r;
	return true;
}

/* ---- writing ---------------------------------------------------------- */

struct row {
	struct books *books;
	const char *table;
	const struct csv *csv;
	struct err *e;
};

static const char *
field(const struct row *row, size_t i)
{
	return csv_field(row->csv, i);
}

static bool
refuse(const struct row *row, const char *what, size_t i)
{
	return err_set(row->e, ERR_REQUEST, "%s, line %u: %s: %.80s",
	    row->table, row->csv->line, what, field(row, i));
}

static bool
judge_code(const struct row *row, size_t i)
{
	struct span code = span_of(field(row, i));

	if (code.n == 0 || code.n > CODE_MAX || !utf8_valid(code))
		return refuse(row, "not a code of 1 to 128 bytes", i);
	for (size_t at = 0; at < code.n; at++)
		if ((unsigned char)code.p[at] < 0x20)
			return refuse(row, "control characters", i);
	return true;
}

static bool
judge_day(const struct row *row, size_t i)
{
	struct day day;

	return field(row, i)[0] == '\0' ||
	    day_parse(span_of(field(row, i)), &day) ||
	    refuse(row, "not a day", i);
}

/* Amounts are kept in the smallest unit; another exponent would move every
 * decimal point there is. */
static bool
judge_currency(const struct row *row)
{
	int exponent = money_exponent(field(row, 0));
	const char places[2] = { (char)('0' + exponent), '\0' };

	if (exponent < 0)
		return refuse(row, "not a currency known here", 0);
	return field(row, 4)[0] == '\0' ||
	    strcmp(field(row, 4), places) == 0 ||
	    refuse(row, "not its number of decimals", 4);
}

/* What is posted was turned into the base currency of its day. */
static bool
judge_entity(const struct row *row)
{
	static const char SQL[] = "SELECT 1 FROM master m WHERE"
	    " m.tab = 'entity' AND m.code = $1 AND m.extra <> $2"
	    " AND EXISTS (SELECT 1 FROM balance b WHERE b.entity = $1)";
	struct stmt *s;
	enum step step;

	if (money_exponent(field(row, 4)) < 0)
		return refuse(row, "not a base currency known here", 4);
	s = db_stmt(row->books->db, SQL);
	stmt_text(s, 1, field(row, 0));
	stmt_text(s, 2, field(row, 4));
	step = stmt_step(s, row->e);
	if (step != STEP_ROW)
		return step == STEP_DONE;
	stmt_reset(s);
	return refuse(row, "the books are kept in another base currency", 4);
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
	struct stmt *s = db_stmt(row->books->db, SQL);

	if (!judge_code(row, 0) || !judge_day(row, 5) || !judge_day(row, 6))
		return false;
	if (strcmp(row->table, "currency") == 0 && !judge_currency(row))
		return false;
	if (strcmp(row->table, "entity") == 0 && !judge_entity(row))
		return false;
	stmt_text(s, 1, row->table);
	for (int i = 0; i < 7; i++)
		stmt_text(s, i + 2, field(row, (size_t)i));
	return stmt_run(s, row->e);
}

static bool
write_mapping(const struct row *row)
{
	static const char SQL[] = "INSERT INTO mapping VALUES"
	    " ($1, $2, $3, $4)"
	    " ON CONFLICT DO UPDATE SET to_value = excluded.to_value";
	struct stmt *s = db_stmt(row->books->db, SQL);

	for (size_t i = 0; i < 4; i++) {
		if (!judge_code(row, i))
			return false;
		stmt_text(s, (int)i + 1, field(row, i));
	}
	return stmt_run(s, row->e);
}

static bool
write_rate(const struct row *row)
{
	static const char SQL[] = "INSERT INTO rate VALUES ($1, $2, $3, $4)"
	    " ON CONFLICT DO UPDATE SET rate = excluded.rate";
	struct stmt *s = db_stmt(row->books->db, SQL);
	int64_t rate;

	if (money_exponent(field(row, 0)) < 0)
		return refuse(row, "not a currency known here", 0);
	if (money_exponent(field(row, 1)) < 0)
		return refuse(row, "not a currency known here", 1);
	if (field(row, 2)[0] == '\0' || !judge_day(row, 2))
		return refuse(row, "not a day", 2);
	if (!money_rate_parse(span_of(field(row, 3)), &rate))
		return refuse(row, "not a rate", 3);
	for (int i = 0; i < 3; i++)
		stmt_text(s, i + 1, field(row, (size_t)i));
	stmt_int(s, 4, rate);
	return stmt_run(s, row->e);
}

static bool
write_period(const struct row *row)
{
	static const char SQL[] = "INSERT INTO period VALUES ($1, $2, $3)"
	    " ON CONFLICT DO UPDATE SET state = excluded.state";
	struct stmt *s = db_stmt(row->books->db, SQL);
	const char *state = field(row, 2);
	char day[16];
	struct day parsed;

	snprintf(day, sizeof day, "%.8s-01", field(row, 1));
	if (!judge_code(row, 0))
		return false;
	if (!day_parse(span_of(day), &parsed))
		return refuse(row, "not a period YYYY-MM", 1);
	if (strcmp(state, "open") != 0 && strcmp(state, "soft") != 0 &&
	    strcmp(state, "closed") != 0)
		return refuse(row, "not open, soft or closed", 2);
	for (int i = 0; i < 3; i++)
		stmt_text(s, i + 1, field(row, (size_t)i));
	return stmt_run(s, row->e);
}

static bool
write_pair(const struct row *row)
{
	static const char SQL[] = "INSERT INTO pair VALUES ($1, $2)"
	    " ON CONFLICT DO NOTHING";
	struct stmt *s = db_stmt(row->books->db, SQL);

	for (size_t i = 0; i < 2; i++) {
		if (!judge_code(row, i))
			return false;
		stmt_text(s, (int)i + 1, field(row, i));
	}
	return stmt_run(s, row->e);
}

static const struct table {
	const char *name, *columns;
	size_t n;
	bool (*write)(const struct row *);
} tables[] = {
	{ "mapping", "source,dimension,from,to", 4, write_mapping },
	{ "rate", "from,to,first,rate", 4, write_rate },
	{ "period", "entity,period,state", 3, write_period },
	{ "pair", "account,cost_centre", 2, write_pair },
};
static const struct table master_table = {
	"", "code,name,entity,kind,extra,from,to", 7, write_master
};

static const struct table *
table_find(const char *name)
{
	enum reference_table any;

	for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
		if (strcmp(tables[i].name, name) == 0)
			return &tables[i];
	return reference_table_find(name, &any) ? &master_table : NULL;
}

/* The first record must be the column names, so that a file with columns in
 * another order is refused rather than read wrongly. */
static bool
judge_columns(const struct table *table, const struct row *row)
{
	struct str names;
	bool same;

	str_init(&names, 1024);
	for (size_t i = 0; i < row->csv->n; i++) {
		str_adds(&names, i > 0 ? "," : "");
		str_adds(&names, field(row, i));
	}
	same = strcmp(names.p, table->columns) == 0;
	str_free(&names);
	return same || err_set(row->e, ERR_REQUEST,
	    "%s: the first line must be %s", row->table, table->columns);
}

static bool
apply(struct books *books, const char *name, struct span text,
    struct err *e)
{
	const struct table *table = table_find(name);
	struct csv csv;
	struct row row = { books, name, &csv, e };
	bool ok, first = true;

	if (table == NULL)
		return err_set(e, ERR_NOT_FOUND, "no table %.60s", name);
	csv_open(&csv, text);
	for (ok = true; ok && csv_next(&csv, e); first = false) {
		if (first)
			ok = judge_columns(table, &row);
		else if (csv.n != table->n)
			ok = err_set(e, ERR_REQUEST,
			    "%s, line %u: %zu fields, not %zu", name,
			    csv.line, csv.n, table->n);
		else
			ok = table->write(&row);
	}
	csv_close(&csv);
	if (ok && first)
		ok = err_set(e, ERR_REQUEST, "%s: empty", name);
	return ok && e->code == ERR_NONE;
}

static bool
add_audit(struct books *books, const char *actor, const char *table,
    struct span csv, int64_t seq, struct err *e)
{
	unsigned char digest[SHA256_SIZE];
	char hex[SHA256_HEX];

	digest_sha256(csv, digest);
	digest_hex(digest, SHA256_SIZE, hex);
	return audit_add(books, actor, "reference",
	    arena_printf(books->arena, "R%lld", (long long)seq), "",
	    arena_printf(books->arena, "table=%s csv=%s", table, hex), e);
}

bool
master_import(struct books *books, const char *actor, const char *table,
    struct span csv, int64_t *seq, struct err *e)
{
	struct str body;
	struct json j;
	bool ok;

	if (!utf8_valid(csv) || csv.n > MASTER_CSV_MAX)
		return err_set(e, ERR_REQUEST, "%s: not UTF-8 text", table);
	if (!apply(books, table, csv, e))
		return false;
	str_init(&body, MASTER_CSV_MAX * 2);
	json_start(&j, &body);
	json_open(&j, '{');
	json_kstr(&j, "table", table);
	json_key(&j, "csv");
	json_span(&j, csv);
	json_close(&j, '}');
	ok = log_add(books, "reference", clock_now(), actor, str_span(&body),
	    seq, e);
	str_free(&body);
	if (!ok)
		return false;
	books->generation = *seq;
	books_touch(books, "reference", table);
	return add_audit(books, actor, table, csv, *seq, e);
}
