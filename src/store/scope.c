/* Row-level security: see scope.h; what each table shows is scope_views.inc. */
#include "store/scope.h"

#include <stdlib.h>
#include <string.h>

#include "book/document.h"

struct view {
	const char *name, *class, *sql;
};

#define VIEW(name, select) { #name, "rows", \
	"CREATE TEMP VIEW " #name " AS " select },
#define HIDDEN(name) { #name, "hidden", \
	"CREATE TEMP VIEW " #name " AS SELECT * FROM main." #name \
	" WHERE 0" },
#define COMMON(name) { #name, "common", NULL },

#define MINE(column) "(" column " IN (SELECT code FROM scope_entity))"
#define MY_TAX(column) "(" column " IN (SELECT gstin FROM registration))"
#define MY_KIND(column) \
	" AND coalesce(" column ", '') NOT IN (SELECT code FROM scope_kind)"
#define MY_JOURNAL(column) \
	" AND NOT EXISTS (SELECT 1 FROM scope_account a CROSS JOIN" \
	" main.entry n WHERE n.account = a.code AND n.journal = " column ")"

/* Some entities. */
#define IN(column) MINE(column)
#define TAXED(column) MY_TAX(column)
#define KIND(column) ""
#define POSTED(column) ""
#define LOOKS(plain, hiding) plain
#define SOME(some, all) some
static const struct view of_some[] = {
#include "store/scope_views.inc"
};
#undef KIND
#undef POSTED
#undef LOOKS
/* And something of those is hidden. */
#define KIND(column) MY_KIND(column)
#define POSTED(column) MY_JOURNAL(column)
#define LOOKS(plain, hiding) hiding
static const struct view of_some_hiding[] = {
#include "store/scope_views.inc"
};
#undef IN
#undef TAXED
#undef SOME
/* All entities, but something is hidden. */
#define IN(column) "1"
#define TAXED(column) "1"
#define SOME(some, all) all
static const struct view of_all_hiding[] = {
#include "store/scope_views.inc"
};

#define N_VIEWS (sizeof of_some / sizeof *of_some)
_Static_assert(sizeof of_some == sizeof of_some_hiding &&
    sizeof of_some == sizeof of_all_hiding, "one list");

/* ---- lists of codes ---------------------------------------------------- */

/* The next word of a list; 0: none is left. */
static size_t
word(const char **at)
{
	*at += strspn(*at, " ");
	return strcspn(*at, " ");
}

bool
scope_names(const char *list, const char *code)
{
	size_t n = strlen(code), length;

	if (strcmp(list, "*") == 0)
		return true;
	for (; (length = word(&list)) > 0; list += length)
		if (length == n && strncmp(list, code, n) == 0)
			return true;
	return false;
}

const char *
scope_meet(struct arena *arena, const char *a, const char *b)
{
	const char *out = "";
	size_t n;

	if (strcmp(a, "*") == 0)
		return b;
	if (strcmp(b, "*") == 0)
		return a;
	for (; (n = word(&a)) > 0; a += n) {
		const char *code = arena_strndup(arena, a, n);

		if (scope_names(b, code))
			out = arena_printf(arena, "%s%s%s", out,
			    out[0] != '\0' ? " " : "", code);
	}
	return out;
}

/* ---- what is hidden ---------------------------------------------------- */

bool
scope_whole(struct db *db, const struct scope *scope, bool *whole,
    struct err *e)
{
	static const char SQL[] = "SELECT topic FROM restricted";
	struct stmt *s;
	enum step step;

	*whole = strcmp(scope->entities, "*") == 0 && !scope->goods;
	if (!*whole || strcmp(scope->sees, "*") == 0)
		return true;
	s = db_stmt(db, SQL);
	while ((step = stmt_step(s, e)) == STEP_ROW)
		*whole = *whole && scope_names(scope->sees, col_text(s, 0));
	return step == STEP_DONE;
}

bool
scope_key(struct db *db, const struct scope *scope, struct arena *arena,
    const char **key, struct err *e)
{
	/* What is hidden is looked up when the connection is made. */
	static const char SQL[] = "SELECT coalesce(max(seq), 0) FROM"
	    " master_version WHERE tab IN ('restricted', 'account')";
	struct stmt *s = db_stmt(db, SQL);

	if (stmt_step(s, e) != STEP_ROW)
		return false;
	*key = arena_printf(arena, "%lld/%d/%s/%s", (long long)col_int(s, 0),
	    scope->goods, scope->sees, scope->entities);
	stmt_reset(s);
	return true;
}

/* ---- opening ----------------------------------------------------------- */

static const char *const tables[] = {
	"CREATE TEMP TABLE scope_entity (code TEXT PRIMARY KEY) WITHOUT ROWID",
	"CREATE TEMP TABLE scope_account (code TEXT PRIMARY KEY) WITHOUT ROWID",
	"CREATE TEMP TABLE scope_kind (code TEXT PRIMARY KEY) WITHOUT ROWID",
	"CREATE TEMP TABLE scope_report (code TEXT PRIMARY KEY) WITHOUT ROWID",
	/* What hidden journals put on each account, hidden or not. */
	"CREATE TEMP VIEW scope_unseen AS SELECT j.entity AS entity,"
	" n.account AS account, n.currency AS currency,"
	" substr(j.date, 1, 7) AS period, sum(max(n.amount, 0)) AS debit,"
	" sum(max(- n.amount, 0)) AS credit, sum(max(n.base, 0)) AS base_debit,"
	" sum(max(- n.base, 0)) AS base_credit FROM (SELECT DISTINCT h.journal"
	" AS journal FROM scope_account a CROSS JOIN main.entry h"
	" WHERE h.account = a.code) u CROSS JOIN main.journal j"
	" ON j.id = u.journal CROSS JOIN main.entry n ON n.journal = u.journal"
	" GROUP BY 1, 2, 3, 4",
};

/* Documents that a warehouse has to do with. */
static const enum document_kind of_goods[] = { DOC_SALES_ORDER,
	DOC_PURCHASE_ORDER, DOC_SHIPMENT, DOC_INVENTORY_MOVE,
	DOC_STOCK_COUNT };

static bool
run(struct db *db, const char *sql, struct err *e)
{
	return stmt_run(db_stmt(db, sql), e);
}

static bool
put(struct db *db, const char *sql, const char *code, size_t n,
    struct err *e)
{
	struct stmt *s = db_stmt(db, sql);

	stmt_span(s, 1, (struct span){ code, n });
	return stmt_run(s, e);
}

static bool
put_list(struct db *db, const char *sql, const char *list, struct err *e)
{
	size_t n;

	for (; (n = word(&list)) > 0; list += n)
		if (!put(db, sql, list, n, e))
			return false;
	return true;
}

static bool
is_of_goods(enum document_kind kind)
{
	for (size_t i = 0; i < sizeof of_goods / sizeof *of_goods; i++)
		if (of_goods[i] == kind)
			return true;
	return false;
}

/* Those of which we do not know yet what they are, too. */
static bool
hide_all_but_goods(struct db *db, struct err *e)
{
	static const char KIND[] = "INSERT INTO scope_kind VALUES ($1)"
	    " ON CONFLICT DO NOTHING";

	for (int i = 0; i < DOC_KINDS; i++) {
		const char *name = document_kind_name((enum document_kind)i);

		if (!is_of_goods((enum document_kind)i) &&
		    !put(db, KIND, name, strlen(name), e))
			return false;
	}
	return put(db, KIND, "", 0, e);
}

/* Topics come as rows of scope_report first, then make way for reports. */
static bool
hide(struct db *db, const struct scope *scope, struct err *e)
{
	static const char TOPIC[] = "INSERT INTO scope_report VALUES ($1)"
	    " ON CONFLICT DO NOTHING";
	static const char ACCOUNT[] = "INSERT INTO scope_account"
	    " SELECT DISTINCT m.code FROM main.master m JOIN main.restricted r"
	    " ON r.what = 'account' AND (m.code = r.code OR"
	    " (substr(r.code, -1) = '*' AND substr(m.code, 1,"
	    " length(r.code) - 1) = substr(r.code, 1, length(r.code) - 1)))"
	    " WHERE m.tab = 'account' AND r.topic NOT IN"
	    " (SELECT code FROM scope_report)";
	static const char KIND[] = "INSERT INTO scope_kind SELECT code FROM"
	    " main.restricted WHERE what = 'kind' AND topic NOT IN"
	    " (SELECT code FROM scope_report)";
	static const char REPORT[] = "INSERT INTO scope_report SELECT 'no ' ||"
	    " code FROM main.restricted WHERE what = 'report' AND topic NOT IN"
	    " (SELECT code FROM scope_report)";

	return strcmp(scope->sees, "*") == 0 ||
	    (put_list(db, TOPIC, scope->sees, e) && run(db, ACCOUNT, e) &&
	    run(db, KIND, e) && run(db, REPORT, e));
}

static bool
hides(struct db *db, bool *out, struct err *e)
{
	static const char SQL[] = "SELECT EXISTS (SELECT 1 FROM scope_account)"
	    " OR EXISTS (SELECT 1 FROM scope_kind)";
	struct stmt *s = db_stmt(db, SQL);

	if (stmt_step(s, e) != STEP_ROW)
		return false;
	*out = col_int(s, 0) != 0;
	stmt_reset(s);
	return true;
}

const char *
scope_class(const char *table)
{
	for (size_t i = 0; i < N_VIEWS; i++)
		if (strcmp(of_some[i].name, table) == 0)
			return of_some[i].class;
	return NULL;
}

/* Default is hidden: with a table that nobody thought of nothing is shown. */
static bool
all_classified(struct db *db, struct err *e)
{
	static const char SQL[] = "SELECT name FROM main.sqlite_master"
	    " WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%'";
	struct stmt *s = db_stmt(db, SQL);
	bool ok = true;
	enum step step;

	while ((step = stmt_step(s, e)) == STEP_ROW)
		if (ok && scope_class(col_text(s, 0)) == NULL)
			ok = err_set(e, ERR_STORE, "table %.60s has no scope",
			    col_text(s, 0));
	return ok && step == STEP_DONE;
}

static bool
make(struct db *db, const struct scope *scope, struct err *e)
{
	static const char ENTITY[] = "INSERT INTO scope_entity VALUES ($1)"
	    " ON CONFLICT DO NOTHING";
	bool all = strcmp(scope->entities, "*") == 0, hiding = false;
	const struct view *views;

	for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
		if (!run(db, tables[i], e))
			return false;
	if (all && !put(db, ENTITY, "*", 1, e))
		return false;
	if (!hide(db, scope, e) ||
	    (scope->goods && !hide_all_but_goods(db, e)) ||
	    (!all && !put_list(db, ENTITY, scope->entities, e)) ||
	    !hides(db, &hiding, e))
		return false;
	views = all ? of_all_hiding : hiding ? of_some_hiding : of_some;
	for (size_t i = 0; i < N_VIEWS; i++)
		if (views[i].sql != NULL && !run(db, views[i].sql, e))
			return false;
	return true;
}

bool
scope_open(struct db *db, const struct scope *scope, struct err *e)
{
	static const char WRITE[] = "PRAGMA query_only = OFF";
	static const char READ[] = "PRAGMA query_only = ON";

	return all_classified(db, e) && run(db, WRITE, e) &&
	    make(db, scope, e) && run(db, READ, e);
}

/* ---- asking ------------------------------------------------------------ */

bool
scope_has(struct db *db, enum scope_thing thing, const char *name,
    int64_t id, bool *has, struct err *e)
{
	static const char *const sql[SCOPE_THINGS] = {
		[SCOPE_ENTITY] = "SELECT EXISTS (SELECT 1 FROM scope_entity"
		    " WHERE code IN ($1, '*')) AND $2 = 0",
		[SCOPE_GSTIN] = "SELECT EXISTS (SELECT 1 FROM registration"
		    " WHERE gstin = $1) AND $2 = 0",
		[SCOPE_EVENT] = "SELECT EXISTS (SELECT 1 FROM event"
		    " WHERE seq = $2) AND $1 IS NOT NULL",
		[SCOPE_RUN] = "SELECT EXISTS (SELECT 1 FROM run"
		    " WHERE id = $2) AND $1 IS NOT NULL",
		[SCOPE_DECISION] = "SELECT EXISTS (SELECT 1 FROM log"
		    " WHERE seq = $2) AND $1 IS NOT NULL",
		[SCOPE_EXPORT] = "SELECT EXISTS (SELECT 1 FROM gst_export"
		    " WHERE id = $2) AND $1 IS NOT NULL",
		[SCOPE_ROW] = "SELECT EXISTS (SELECT 1 FROM inward_row"
		    " WHERE id = $2) AND $1 IS NOT NULL",
		[SCOPE_PURCHASE] = "SELECT EXISTS (SELECT 1 FROM purchase"
		    " WHERE version = $2) AND $1 IS NOT NULL",
		[SCOPE_BANK_LINE] = "SELECT EXISTS (SELECT 1 FROM bank_line"
		    " WHERE id = $2) AND $1 IS NOT NULL",
		[SCOPE_BANK_ENTRY] = "SELECT EXISTS (SELECT 1 FROM bank_item"
		    " WHERE id = $2) AND $1 IS NOT NULL",
		[SCOPE_REPORT] = "SELECT NOT EXISTS (SELECT 1 FROM"
		    " scope_report WHERE code = 'no ' || $1) AND $2 = 0",
		[SCOPE_CODE] = "SELECT EXISTS (SELECT 1 FROM master"
		    " WHERE tab = 'entity' AND code = $1) AND $2 = 0",
		[SCOPE_ACCOUNT] = "SELECT EXISTS (SELECT 1 FROM master"
		    " WHERE tab = 'account' AND code = $1) AND $2 = 0",
		[SCOPE_LOCATION] = "SELECT EXISTS (SELECT 1 FROM master"
		    " WHERE tab = 'location' AND code = $1) AND $2 = 0",
		[SCOPE_SOURCE] = "SELECT (EXISTS (SELECT 1 FROM source"
		    " WHERE name = $1) OR EXISTS (SELECT 1 FROM tally"
		    " WHERE source = $1) OR EXISTS (SELECT 1 FROM file"
		    " WHERE source = $1)) AND $2 = 0",
	};
	struct stmt *s = db_stmt(db, sql[thing]);

	stmt_text(s, 1, name);
	stmt_int(s, 2, id);
	if (stmt_step(s, e) != STEP_ROW)
		return false;
	*has = col_int(s, 0) != 0;
	stmt_reset(s);
	return true;
}

bool
scope_hidden(struct db *db, int64_t *n, struct err *e)
{
	/* On a connection without a scope there is no such table. */
	static const char NARROW[] = "SELECT EXISTS (SELECT 1 FROM"
	    " temp.sqlite_master WHERE name = 'scope_account')";
	static const char SQL[] = "SELECT count(*) FROM scope_account";

	return stmt_number(db_stmt(db, NARROW), n, e) && (*n == 0 ||
	    stmt_number(db_stmt(db, SQL), n, e));
}
