/*
 * One line that somebody types, looked for wherever it can stand: numbers of
 * events, journals, documents, bills, orders and returns, keys, correlations,
 * GSTINs, amounts, names. Each is a few probes of an index, at most EACH rows
 * a kind; only names of master data are read through.
 */
#include "store/show.h"

#include <stdlib.h>
#include <string.h>

#include "book/document.h"
#include "core/map.h"
#include "store/search.h"

#define EACH 20			/* rows of one probe */
#define EVENTS 100		/* by the beginning of a number */
#define ENTITIES 100

struct search {
	struct db *db;
	struct arena *arena;
	struct json *j;
	const char *q, *upper;
	struct map *seen;	/* events that were written */
	bool cut;		/* some kind has more */
};

/* ---- writing ----------------------------------------------------------- */

static void
open_item(struct search *search, const char *kind, const char *id,
    const char *why)
{
	json_open(search->j, '{');
	json_kstr(search->j, "kind", kind);
	json_kstr(search->j, "id", id);
	json_kstr(search->j, "why", why);
}

static bool
seen(struct search *search, int64_t event)
{
	struct span key = span_of(arena_id(search->arena, 'E', event));

	if (map_find(search->seen, key) != NULL)
		return true;
	map_set(search->seen, key, search);
	return false;
}

static bool
write_event(struct search *search, int64_t event, const char *why,
    struct err *e)
{
	static const char SQL[] = "SELECT state, source, entity, kind, number,"
	    " party, amount, currency, received FROM event WHERE seq = $1";
	struct stmt *s = db_stmt(search->db, SQL);
	const char *currency;
	enum step step;

	stmt_int(s, 1, event);
	step = stmt_step(s, e);
	if (step != STEP_ROW || seen(search, event)) {
		if (step == STEP_ROW)
			stmt_reset(s);
		return step != STEP_FAILED;
	}
	currency = col_text(s, 7);
	open_item(search, "event", arena_id(search->arena, 'E', event), why);
	json_kstr(search->j, "state", col_text(s, 0));
	json_kstr(search->j, "text", col_text(s, 1));
	show_name(search->j, col_text(s, 2), col_text(s, 3), col_text(s, 4));
	json_kstr(search->j, "party", col_text(s, 5));
	if (currency != NULL)
		show_amount(search->j, "amount", col_int(s, 6), currency);
	else
		json_kstr(search->j, "amount", NULL);
	json_kstr(search->j, "currency", currency);
	show_time(search->j, "at", col_int(s, 8));
	json_close(search->j, '}');
	stmt_reset(s);
	return true;
}

/* Each row's first column is an event. A page is read before anything is
 * written of it: writing uses statements too. */
static bool
write_events(struct search *search, struct stmt *s, const char *why,
    struct err *e)
{
	int64_t events[EACH];
	size_t n = 0;
	enum step step;
	bool ok;

	while ((step = stmt_step(s, e)) == STEP_ROW && n < EACH)
		events[n++] = col_int(s, 0);
	if (step == STEP_ROW) {
		search->cut = true;
		stmt_reset(s);
	}
	ok = step != STEP_FAILED;
	for (size_t i = 0; ok && i < n; i++)
		ok = write_event(search, events[i], why, e);
	return ok;
}

/* Rows of code, name, extra. */
static bool
write_named(struct search *search, struct stmt *s, const char *kind,
    const char *why, struct err *e)
{
	enum step step;
	size_t n = 0;

	while ((step = stmt_step(s, e)) == STEP_ROW && n++ < EACH) {
		open_item(search, kind, col_text(s, 0), why);
		json_kstr(search->j, "text", col_text(s, 1));
		json_kstr(search->j, "party", col_text(s, 2));
		json_close(search->j, '}');
	}
	if (step == STEP_ROW) {
		search->cut = true;
		stmt_reset(s);
	}
	return step != STEP_FAILED;
}

/* ---- numbers ----------------------------------------------------------- */

/* 12 and E12; 12 and J12. */
static bool
number_of(const char *q, char letter, int64_t *out)
{
	const char *digits = q[0] == letter || q[0] == letter + 32 ? q + 1 :
	    q;
	size_t n = strlen(digits);

	if (n == 0 || n > 18 || strspn(digits, "0123456789") != n)
		return false;
	*out = strtoll(digits, NULL, 10);
	return true;
}

static bool
by_event(struct search *search, struct err *e)
{
	int64_t event;

	return !number_of(search->q, 'E', &event) ||
	    write_event(search, event, "number", e);
}

static bool
by_journal(struct search *search, struct err *e)
{
	static const char SQL[] = "SELECT id, entity, date, kind, number,"
	    " event FROM journal WHERE id = $1";
	struct stmt *s;
	enum step step;
	int64_t id;

	if (!number_of(search->q, 'J', &id))
		return true;
	s = db_stmt(search->db, SQL);
	stmt_int(s, 1, id);
	step = stmt_step(s, e);
	if (step == STEP_ROW) {
		open_item(search, "journal", arena_id(search->arena, 'J', id),
		    "number");
		show_name(search->j, col_text(s, 1), col_text(s, 3),
		    col_text(s, 4));
		json_kstr(search->j, "at", col_text(s, 2));
		json_close(search->j, '}');
		stmt_reset(s);
	}
	return step != STEP_FAILED;
}

/* Behind the last character there is. */
#define END "\xf4\x8f\xbf\xbf"

static bool
by_number_of(struct search *search, const char *entity, const char *q,
    struct err *e)
{
	static const char SQL[] = "SELECT event FROM document"
	    " WHERE entity = $1 AND kind = $2 AND number >= $3"
	    " AND number < $3 || '" END "' ORDER BY number LIMIT 21";
	bool ok = true;

	for (int kind = 0; ok && kind < DOC_KINDS; kind++) {
		struct stmt *s;

		if (map_count(search->seen) >= EVENTS) {
			search->cut = true;
			break;
		}
		s = db_stmt(search->db, SQL);
		stmt_text(s, 1, entity);
		stmt_text(s, 2, document_kind_name((enum document_kind)kind));
		stmt_text(s, 3, q);
		ok = write_events(search, s, "document", e);
	}
	return ok;
}

static bool
entities(struct search *search, const char **out, size_t *n, struct err *e)
{
	static const char SQL[] = "SELECT code FROM master"
	    " WHERE tab = 'entity' LIMIT 100";
	struct stmt *s = db_stmt(search->db, SQL);
	enum step step;

	*n = 0;
	while ((step = stmt_step(s, e)) == STEP_ROW && *n < ENTITIES)
		out[(*n)++] = arena_strdup(search->arena, col_text(s, 0));
	if (step == STEP_ROW)
		stmt_reset(s);
	return step != STEP_FAILED;
}

/* As it was typed, and in capitals, as most numbers are. */
static bool
by_document(struct search *search, struct err *e)
{
	const char *codes[ENTITIES];
	bool both = strcmp(search->q, search->upper) != 0, ok;
	size_t n;

	ok = entities(search, codes, &n, e);
	for (size_t i = 0; ok && i < n; i++)
		ok = by_number_of(search, codes[i], search->q, e) &&
		    (!both || by_number_of(search, codes[i], search->upper,
		    e));
	return ok;
}

static bool
by_text(struct search *search, const char *sql, const char *text,
    const char *why, struct err *e)
{
	struct stmt *s = db_stmt(search->db, sql);

	stmt_text(s, 1, text);
	return write_events(search, s, why, e);
}

/* A supplier's own number of a bill, as in the books and as in GSTR-2B. */
static bool
by_bill(struct search *search, struct err *e)
{
	static const char BOOKS[] = "SELECT version / 128 FROM gst_document"
	    " WHERE inward = 1 AND bill_number = $1 LIMIT 21";
	static const char PORTAL[] = "SELECT number, name, party"
	    " FROM inward_row WHERE number = $1 LIMIT 21";
	struct stmt *s;

	if (!by_text(search, BOOKS, search->q, "bill", e))
		return false;
	s = db_stmt(search->db, PORTAL);
	stmt_text(s, 1, search->q);
	return write_named(search, s, "gstr2b", "bill", e);
}

static bool
by_order(struct search *search, struct err *e)
{
	static const char SQL[] = "SELECT o.number, m.name, m.code"
	    " FROM master m JOIN ordering o ON o.entity = m.code"
	    " AND o.number = $1 WHERE m.tab = 'entity' LIMIT 21";
	struct stmt *s = db_stmt(search->db, SQL);

	stmt_text(s, 1, search->q);
	return write_named(search, s, "order", "number", e);
}

static bool
by_sign(struct search *search, struct err *e)
{
	static const char CORRELATION[] = "SELECT seq FROM event"
	    " WHERE correlation = $1 ORDER BY seq LIMIT 21";
	static const char KEY[] = "SELECT i.seq FROM source s"
	    " JOIN idem i ON i.source = s.name AND i.key = $1 LIMIT 21";
	static const char ARN[] = "SELECT arn, form || ' ' || period, gstin"
	    " FROM gst_filing WHERE upper(arn) = $1 LIMIT 21";
	struct stmt *s;

	if (!by_text(search, CORRELATION, search->q, "correlation", e) ||
	    !by_text(search, KEY, search->q, "key", e))
		return false;
	s = db_stmt(search->db, ARN);
	stmt_text(s, 1, search->upper);
	return write_named(search, s, "filing", "arn", e);
}

/* ---- GSTIN, names, amounts --------------------------------------------- */

#define GSTIN 15

static bool
by_gstin(struct search *search, struct err *e)
{
	static const char PARTIES[] = "SELECT t.party, coalesce(m.name, ''),"
	    " t.gstin FROM taxpayer t LEFT JOIN master m ON m.tab = 'party'"
	    " AND m.code = t.party WHERE t.gstin = $1 LIMIT 21";
	static const char OWN[] = "SELECT gstin, kind, entity"
	    " FROM registration WHERE gstin = $1 LIMIT 1";
	static const char BILLS[] = "SELECT g.version / 128"
	    " FROM (SELECT DISTINCT gstin FROM registration) r"
	    " JOIN gst_document g ON g.inward = 1 AND g.gstin = r.gstin"
	    " AND g.ctin = $1 LIMIT 21";
	struct stmt *s;

	if (strlen(search->q) != GSTIN)
		return true;
	s = db_stmt(search->db, PARTIES);
	stmt_text(s, 1, search->upper);
	if (!write_named(search, s, "party", "gstin", e))
		return false;
	s = db_stmt(search->db, OWN);
	stmt_text(s, 1, search->upper);
	return write_named(search, s, "gstin", "gstin", e) &&
	    by_text(search, BILLS, search->upper, "gstin", e);
}

/* By the beginning of its code, or by any part of its name. */
static bool
by_name(struct search *search, const char *table, struct err *e)
{
	static const char SQL[] = "SELECT code, name, kind FROM master"
	    " WHERE tab = $2 AND (substr(code, 1, length($1)) = $1"
	    " OR instr(upper(name), $1) > 0) ORDER BY code LIMIT 21";
	struct stmt *s = db_stmt(search->db, SQL);

	stmt_text(s, 1, search->upper);
	stmt_text(s, 2, table);
	return write_named(search, s, table, "name", e);
}

/* 12,345.00 of any currency: of none is it known beforehand how many digits
 * are behind the point. */
static bool
by_amount(struct search *search, struct err *e)
{
	static const char SQL[] = "SELECT seq FROM event WHERE amount IN"
	    " ($1, -$1) AND currency IS NOT NULL ORDER BY seq DESC LIMIT 21";
	static const char *const like[] = { "INR", "JPY", "KWD" };
	char *plain = arena_strdup(search->arena, search->q), *to = plain;
	struct money money;
	bool ok = true;

	for (const char *p = search->q; *p != '\0'; p++)
		if (*p != ',')
			*to++ = *p;
	*to = '\0';
	for (size_t i = 0; ok && i < sizeof like / sizeof *like; i++) {
		struct stmt *s;

		if (!money_parse(span_of(plain), like[i], &money) ||
		    money.minor == 0)
			continue;
		s = db_stmt(search->db, SQL);
		stmt_int(s, 1, money.minor);
		ok = write_events(search, s, "amount", e);
	}
	return ok;
}

/* ---- all of it --------------------------------------------------------- */

static const char *
upper(struct arena *arena, const char *text)
{
	char *out = arena_strdup(arena, text);

	for (char *p = out; *p != '\0'; p++)
		if (*p >= 'a' && *p <= 'z')
			*p = (char)(*p - 32);
	return out;
}

bool
view_search(struct db *db, const char *q, struct json *j, struct err *e)
{
	struct search search = { .db = db, .j = j, .q = q,
	    .arena = arena_new(), .seen = map_new() };
	bool ok;

	search.upper = upper(search.arena, q);
	json_open(j, '{');
	json_kstr(j, "of", q);
	json_key(j, "items");
	json_open(j, '[');
	ok = by_event(&search, e) && by_journal(&search, e) &&
	    by_document(&search, e) && by_bill(&search, e) &&
	    by_order(&search, e) && by_sign(&search, e) &&
	    by_gstin(&search, e) && by_name(&search, "party", e) &&
	    by_name(&search, "account", e) && by_amount(&search, e);
	json_close(j, ']');
	json_key(j, "cut");
	json_bool(j, search.cut);
	json_close(j, '}');
	map_free(&search.seen, NULL);
	arena_free(&search.arena);
	return ok;
}
