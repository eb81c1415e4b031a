/*
 * One errand from bytes to entries, and from a balance back: what belongs
 * together by correlation, by order, by document.
 */
#include "store/show.h"
#include "store/view_gst.h"
#include "store/view_target.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "book/tax.h"
#include "store/books.h"

#define TRACE_MAX 200		/* events of one trace */

struct found {
	int64_t events[TRACE_MAX];
	size_t n;
	bool cut;
};

static void
note(struct found *found, int64_t event)
{
	for (size_t i = 0; i < found->n; i++)
		if (found->events[i] == event)
			return;
	if (found->n < TRACE_MAX)
		found->events[found->n++] = event;
	else
		found->cut = true;
}

static bool
note_all(struct stmt *s, struct found *found, struct err *e)
{
	enum step step;

	while ((step = stmt_step(s, e)) == STEP_ROW && !found->cut)
		note(found, col_int(s, 0));
	if (step == STEP_ROW)
		stmt_reset(s);
	return step != STEP_FAILED;
}

/* ENTITY/KIND/NUMBER. */
static bool
by_document(struct db *db, const char *name, struct found *found,
    struct err *e)
{
	static const char SQL[] = "SELECT event FROM document WHERE"
	    " entity = $1 AND kind = $2 AND number = $3";
	const char *kind = strchr(name, '/'), *number;
	struct stmt *s;

	number = kind != NULL ? strchr(kind + 1, '/') : NULL;
	if (number == NULL)
		return true;
	s = db_stmt(db, SQL);
	stmt_span(s, 1, (struct span){ name, (size_t)(kind - name) });
	stmt_span(s, 2, (struct span){ kind + 1,
	    (size_t)(number - kind) - 1 });
	stmt_text(s, 3, number + 1);
	return note_all(s, found, e);
}

static bool
by_id(struct db *db, const char *sql, int64_t id, struct found *found,
    struct err *e)
{
	struct stmt *s = db_stmt(db, sql);

	stmt_int(s, 1, id);
	return note_all(s, found, e);
}

static bool
by_text(struct db *db, const char *sql, const char *text,
    struct found *found, struct err *e)
{
	struct stmt *s = db_stmt(db, sql);

	stmt_text(s, 1, text);
	return note_all(s, found, e);
}

static bool
find_start(struct db *db, const char *id, struct found *found, struct err *e)
{
	static const char EVENT[] = "SELECT seq FROM event WHERE seq = $1";
	/* The journal of a batch is of all its members. */
	static const char JOURNAL[] = "SELECT event FROM journal WHERE id = $1"
	    " UNION SELECT id / 128 FROM document_version"
	    " WHERE journal = $1 AND id / 128 IN (SELECT version / 128"
	    " FROM share)";
	static const char CORRELATION[] = "SELECT seq FROM event"
	    " WHERE correlation = $1 ORDER BY seq";
	static const char ORDER[] = "SELECT o.version / 128 FROM master m"
	    " JOIN ordering_document o ON o.entity = m.code"
	    " AND o.number = $1 WHERE m.tab = 'entity'";
	static const char KEY[] =
	    "SELECT seq FROM idem WHERE key = $1 LIMIT 10";
	bool digits = strlen(id) > 1 && strlen(id) < 19 &&
	    strspn(id + 1, "0123456789") == strlen(id + 1);

	if (digits && id[0] == 'E')
		return by_id(db, EVENT, strtoll(id + 1, NULL, 10), found, e);
	if (digits && id[0] == 'J')
		return by_id(db, JOURNAL, strtoll(id + 1, NULL, 10), found,
		    e);
	return by_document(db, id, found, e) &&
	    by_text(db, CORRELATION, id, found, e) &&
	    by_text(db, ORDER, id, found, e) &&
	    (found->n > 0 || by_text(db, KEY, id, found, e));
}

/* Who shares a correlation or an order with what was found; what stands in
 * its place. */
static bool
find_kin(struct db *db, struct found *found, struct err *e)
{
	static const char CORRELATION[] = "SELECT b.seq FROM event a"
	    " JOIN event b ON b.correlation = a.correlation"
	    " WHERE a.seq = $1 AND a.correlation IS NOT NULL ORDER BY b.seq";
	static const char ORDER[] = "SELECT DISTINCT o.version / 128"
	    " FROM ordering_document o, ordering_document mine"
	    " WHERE mine.version BETWEEN $1 * 128 AND $1 * 128 + 127"
	    " AND o.entity = mine.entity AND o.number = mine.number"
	    " ORDER BY 1";
	static const char CORRECTION[] = "SELECT original FROM correction"
	    " WHERE event = $1 UNION SELECT event FROM correction"
	    " WHERE original = $1 ORDER BY 1";

	for (size_t i = 0; i < found->n; i++)
		if (!by_id(db, CORRELATION, found->events[i], found, e) ||
		    !by_id(db, ORDER, found->events[i], found, e) ||
		    !by_id(db, CORRECTION, found->events[i], found, e))
			return false;
	return true;
}

static int
compare(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static bool
write_versions(struct db *db, int64_t event, struct json *j, struct err *e)
{
	static const char SQL[] = "SELECT entity, kind, number, version,"
	    " rule_digest, generation, journal, actor, ruling"
	    " FROM document_version"
	    " WHERE id BETWEEN $1 * 128 AND $1 * 128 + 127 ORDER BY id";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	stmt_int(s, 1, event);
	json_key(j, "versions");
	json_open(j, '[');
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		json_open(j, '{');
		show_name(j, col_text(s, 0), col_text(s, 1), col_text(s, 2));
		json_kint(j, "version", col_int(s, 3));
		json_kstr(j, "rules", col_text(s, 4));
		show_id(j, "generation", 'R', col_int(s, 5));
		show_id(j, "journal", 'J', col_int(s, 6));
		json_kstr(j, "by", maker_of(col_text(s, 7)));
		show_id(j, "ruling", 'D', col_int(s, 8));
		json_close(j, '}');
	}
	json_close(j, ']');
	return step == STEP_DONE;
}

/* ---- to the return ---------------------------------------------------- */

#define CODES_MAX 64	/* tax codes of one document that are told apart */

struct return_row {
	const char *tax_code;
	int64_t tax;
};

static size_t
sum_codes(const struct document *document, const struct reference *reference,
    struct return_row *rows)
{
	size_t n = 0, at;

	for (size_t i = 0; i < document->n_lines; i++) {
		const struct document_line *line = &document->lines[i];
		const char *code = line->tax_code != NULL ? line->tax_code :
		    "";
		int64_t tax = tax_of_line(document, line, reference);

		for (at = 0; at < n && strcmp(rows[at].tax_code, code) != 0;)
			at++;
		if (tax == 0 || at == CODES_MAX)
			continue;
		if (at == n)
			rows[n++] = (struct return_row){ code, 0 };
		rows[at].tax += tax;
	}
	return n;
}

/* Output tax is a debt, so it is shown with its own sign. */
static void
write_rows(const struct document *document,
    const struct reference *reference, struct json *j)
{
	struct return_row rows[CODES_MAX];
	size_t n = sum_codes(document, reference, rows);
	const char *form, *table;

	if (!tax_return(document->kind, &form, &table))
		return;
	for (size_t i = 0; i < n; i++) {
		char period[8], month[8];

		day_period(document->date, period);
		snprintf(month, sizeof month, "%.2s%.4s", period + 5, period);
		json_open(j, '{');
		show_name(j, document->entity, document_kind_name(
		    document->kind), document->number);
		json_kstr(j, "return", form);
		json_kstr(j, "table", table);
		json_kstr(j, "period", month);
		json_kstr(j, "tax_code", rows[i].tax_code[0] != '\0' ?
		    rows[i].tax_code : NULL);
		show_amount(j, "tax", strcmp(form, "GSTR-1") == 0 ?
		    -rows[i].tax : rows[i].tax, document->currency);
		json_kstr(j, "currency", document->currency);
		json_close(j, '}');
	}
}

/* Of an entity that is registered the rows that are kept. Else of the documents
 * as they are now: what was amended since is in no return by this event. */
static bool
write_returns(struct db *db, int64_t event,
    const struct reference *reference, struct json *j, struct err *e)
{
	static const char SQL[] = "SELECT v.body FROM document_version v"
	    " JOIN document d ON d.entity = v.entity AND d.kind = v.kind"
	    " AND d.number = v.number AND d.version = v.version"
	    " WHERE v.id BETWEEN $1 * 128 AND $1 * 128 + 127 ORDER BY v.id";
	struct arena *arena;
	bool any = false;
	enum step step;
	struct stmt *s;

	json_key(j, "returns");
	json_open(j, '[');
	if (!show_gst_returns(db, event, j, &any, e))
		return false;
	if (any) {
		json_close(j, ']');
		return true;
	}
	arena = arena_new();
	s = db_stmt(db, SQL);
	stmt_int(s, 1, event);
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		struct document document;

		if (document_decode(col_span(s, 0), arena, &document))
			write_rows(&document, reference, j);
		arena_reset(arena);
	}
	json_close(j, ']');
	arena_free(&arena);
	return step == STEP_DONE;
}

static bool
write_commits(struct db *db, int64_t event, struct json *j, struct err *e)
{
	json_key(j, "commits");
	return view_commits_of(db, event, j, e);
}

bool
view_trace(struct db *db, const struct reference *reference, const char *id,
    struct json *j, bool *any, struct err *e)
{
	struct found found = { .n = 0 };
	bool ok = find_start(db, id, &found, e) && find_kin(db, &found, e);

	*any = found.n > 0;
	if (!ok || found.n == 0)
		return ok;
	qsort(found.events, found.n, sizeof *found.events, compare);
	json_open(j, '{');
	json_kstr(j, "of", id);
	json_key(j, "cut");
	json_bool(j, found.cut);
	json_key(j, "events");
	json_open(j, '[');
	for (size_t i = 0; ok && i < found.n; i++) {
		bool there;

		json_open(j, '{');
		json_key(j, "event");
		ok = view_event(db, found.events[i], NULL, j, &there, e) &&
		    write_versions(db, found.events[i], j, e) &&
		    write_returns(db, found.events[i], reference, j, e) &&
		    write_commits(db, found.events[i], j, e);
		json_close(j, '}');
	}
	json_close(j, ']');
	json_close(j, '}');
	return ok;
}

/* ---- from a balance back ---------------------------------------------- */

static bool
write_groups(struct db *db, const char *account, const char *entity,
    const char *period, struct json *j, struct err *e)
{
	static const char SQL[] = "SELECT ev.source, jo.kind, n.currency,"
	    " count(*), sum(CASE WHEN n.amount > 0 THEN n.amount ELSE 0 END),"
	    " sum(CASE WHEN n.amount < 0 THEN - n.amount ELSE 0 END)"
	    " FROM entry n JOIN journal jo ON jo.id = n.journal"
	    " JOIN event ev ON ev.seq = jo.event WHERE n.account = $1"
	    " AND ($2 IS NULL OR jo.entity = $2)"
	    " AND ($3 IS NULL OR substr(jo.date, 1, 7) = $3)"
	    " GROUP BY 1, 2, 3 ORDER BY 1, 2, 3";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	stmt_text(s, 1, account);
	stmt_text(s, 2, entity);
	stmt_text(s, 3, period);
	json_key(j, "by");
	json_open(j, '[');
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		const char *currency = col_text(s, 2);

		json_open(j, '{');
		json_kstr(j, "source", col_text(s, 0));
		json_kstr(j, "kind", col_text(s, 1));
		json_kstr(j, "currency", currency);
		json_kint(j, "entries", col_int(s, 3));
		show_amount(j, "debit", col_int(s, 4), currency);
		show_amount(j, "credit", col_int(s, 5), currency);
		show_amount(j, "balance", col_int(s, 4) - col_int(s, 5),
		    currency);
		json_close(j, '}');
	}
	json_close(j, ']');
	return step == STEP_DONE;
}

static void
write_why(struct json *j, struct stmt *s)
{
	json_open(j, '{');
	show_id(j, "journal", 'J', col_int(s, 0));
	json_kint(j, "line", col_int(s, 1));
	json_kstr(j, "date", col_text(s, 2));
	show_name(j, col_text(s, 3), col_text(s, 4), col_text(s, 5));
	json_kint(j, "version", col_int(s, 6));
	show_id(j, "reverses", 'J', col_int(s, 7));
	show_amount(j, "amount", col_int(s, 9), col_text(s, 8));
	json_kstr(j, "currency", col_text(s, 8));
	show_id(j, "event", 'E', col_int(s, 10));
	json_kstr(j, "source", col_text(s, 11));
	json_kstr(j, "topic", col_text(s, 12));
	json_kstr(j, "key", col_text(s, 13));
	json_kstr(j, "correlation", col_text(s, 14));
	show_time(j, "received", col_int(s, 15));
	json_kstr(j, "rules", col_text(s, 16));
	json_kstr(j, "narration", col_text(s, 17));
	json_close(j, '}');
}

/* One that has no entries is there all the same; so is one that has, and was
 * removed. */
static bool
find_account(struct db *db, const char *account, bool *found, struct err *e)
{
	static const char SQL[] = "SELECT EXISTS (SELECT 1 FROM master"
	    " WHERE tab = 'account' AND code = $1) OR EXISTS"
	    " (SELECT 1 FROM entry WHERE account = $1)";
	struct stmt *s = db_stmt(db, SQL);

	stmt_text(s, 1, account);
	if (stmt_step(s, e) != STEP_ROW)
		return false;
	*found = col_int(s, 0) != 0;
	stmt_reset(s);
	return true;
}

bool
view_explain(struct db *db, const char *account, const char *entity,
    const char *period, int64_t after, int limit, struct json *j,
    bool *found, struct err *e)
{
	static const char SQL[] = "SELECT n.journal, n.line, jo.date,"
	    " jo.entity, jo.kind, jo.number, jo.version, jo.reverses,"
	    " n.currency, n.amount, ev.seq, ev.source, ev.topic, ev.key,"
	    " ev.correlation, ev.received, (SELECT rule_digest FROM"
	    " document_version v WHERE v.id = ev.seq * 128), jo.narration"
	    " FROM entry n JOIN journal jo ON jo.id = n.journal"
	    " JOIN event ev ON ev.seq = jo.event"
	    " WHERE n.account = $1 AND n.journal > $2"
	    " AND ($3 IS NULL OR jo.entity = $3)"
	    " AND ($4 IS NULL OR substr(jo.date, 1, 7) = $4)"
	    " ORDER BY n.journal, n.line";
	struct stmt *s;
	int64_t last = after;
	enum step step;
	int n = 0;

	if (!find_account(db, account, found, e) || !*found)
		return e->code == ERR_NONE;
	json_open(j, '{');
	if (!show_as_of(db, j, e))
		return false;
	json_kstr(j, "account", account);
	json_kstr(j, "period", period);
	if (!write_groups(db, account, entity, period, j, e))
		return false;
	json_key(j, "items");
	json_open(j, '[');
	s = db_stmt(db, SQL);
	stmt_text(s, 1, account);
	stmt_int(s, 2, after);
	stmt_text(s, 3, entity);
	stmt_text(s, 4, period);
	/* A page ends with a whole journal, so that none is torn. */
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		if (n >= limit && col_int(s, 0) != last)
			break;
		last = col_int(s, 0);
		n++;
		write_why(j, s);
	}
	json_close(j, ']');
	show_next(j, step == STEP_ROW, 'J', last);
	json_close(j, '}');
	if (step == STEP_ROW)
		stmt_reset(s);
	return step != STEP_FAILED;
}
