/* Lines of banks and entries of the ledger, one by one. */
#include "store/view_bank.h"

#include <stdlib.h>
#include <string.h>

#include "book/pairing.h"
#include "core/json.h"
#include "store/bank_inside.h"
#include "store/show.h"

/* ---- lines -------------------------------------------------------------- */

/* Of an open line whose period takes nothing: where the next one begins. */
#define INTO "CASE WHEN l.match = 0 AND NOT EXISTS (SELECT 1 FROM period p" \
	" WHERE p.entity = l.entity AND p.period = substr(l.day, 1, 7)" \
	" AND p.state <> 'closed') THEN (SELECT min(p.period) || '-01'" \
	" FROM period p WHERE p.entity = l.entity AND p.state = 'open'" \
	" AND p.period > substr(l.day, 1, 7)) END"
#define LINE "SELECT l.id, l.event, l.entity, l.account, l.currency, l.day," \
	" l.amount, l.text, l.reference, l.party, l.match, l.number," \
	" l.actor, l.at, l.reason, l.seq, e.state," \
	" g.rule, g.sure, g.off, g.days, g.alike, g.by, g.code," \
	" json_array_length(g.lines), json_array_length(g.items)," \
	" i.id, i.entity, i.kind, i.number, i.day, i.amount, i.party," \
	" m.id, m.rule, m.sure, m.off, m.by, m.actor, m.at, m.reason, m.seq, " \
	BANK_BEFORE ", " INTO ", o.id, o.day, o.text"
#define BESIDE " LEFT JOIN event e ON e.seq = l.event" \
	" LEFT JOIN bank_suggestion g ON g.line = l.id AND g.n = 1" \
	" LEFT JOIN bank_item i ON i.id = g.items ->> '$[0]'" \
	" LEFT JOIN bank_match m ON m.id = l.match" \
	" LEFT JOIN bank_line o ON g.rule = 'reversed' AND o.id =" \
	" iif(g.lines ->> '$[0]' = l.id, g.lines ->> '$[1]'," \
	" g.lines ->> '$[0]')"
#define ONLY " WHERE l.id > $1 AND ($2 IS NULL OR a.entity = $2)" \
	" AND ($3 IS NULL OR a.account = $3)"
#define OF_ACCOUNTS LINE " FROM bank_account a CROSS JOIN bank_line l" \
	" ON l.entity = a.entity AND l.account = a.account"

enum { L_ID, L_EVENT, L_ENTITY, L_ACCOUNT, L_CURRENCY, L_DAY, L_AMOUNT,
	L_TEXT, L_REFERENCE, L_PARTY, L_MATCH, L_NUMBER, L_ACTOR, L_AT,
	L_REASON, L_SEQ, E_STATE,
	G_RULE, G_SURE, G_OFF, G_DAYS, G_ALIKE, G_BY, G_CODE, G_LINES,
	G_ITEMS, I_ID, I_ENTITY, I_KIND, I_NUMBER, I_DAY, I_AMOUNT, I_PARTY,
	M_ID, M_RULE, M_SURE, M_OFF, M_BY, M_ACTOR, M_AT, M_REASON, M_SEQ,
	L_BEFORE, L_INTO, O_ID, O_DAY, O_TEXT };

static const char *
some(struct stmt *s, int at)
{
	const char *text = col_text(s, at);

	return text != NULL && *text != '\0' ? text : NULL;
}

/* An entry, at these columns: id, entity, kind, number, day, amount, party. */
static void
write_item(struct json *j, struct stmt *s, int at, const char *currency)
{
	show_id(j, "id", 'N', col_int(s, at));
	show_name(j, col_text(s, at + 1), col_text(s, at + 2),
	    col_text(s, at + 3));
	json_kstr(j, "number", col_text(s, at + 3));
	json_kstr(j, "day", col_text(s, at + 4));
	show_amount(j, "amount", col_int(s, at + 5), currency);
	json_kstr(j, "party", col_text(s, at + 6));
	show_id(j, "journal", 'J', col_int(s, at) / BANK_ITEM_ID(1, 0));
}

static void
write_first(struct json *j, struct stmt *s)
{
	const char *currency = col_text(s, L_CURRENCY);

	json_key(j, "suggestion");
	if (col_null(s, G_RULE)) {
		json_null(j);
		return;
	}
	json_open(j, '{');
	json_kstr(j, "rule", col_text(s, G_RULE));
	json_kstr(j, "sure", col_text(s, G_SURE));
	show_amount(j, "off", col_int(s, G_OFF), currency);
	json_kint(j, "days", col_int(s, G_DAYS));
	json_kint(j, "alike", col_int(s, G_ALIKE));
	json_kstr(j, "by", some(s, G_BY));
	json_kstr(j, "account", some(s, G_CODE));
	json_kint(j, "lines", col_int(s, G_LINES));
	json_kint(j, "items", col_int(s, G_ITEMS));
	json_key(j, "line");
	if (col_null(s, O_ID)) {
		json_null(j);
	} else {
		json_open(j, '{');
		show_id(j, "id", 'L', col_int(s, O_ID));
		json_kstr(j, "day", col_text(s, O_DAY));
		json_kstr(j, "text", col_text(s, O_TEXT));
		json_close(j, '}');
	}
	json_key(j, "first");
	if (col_null(s, I_ID)) {
		json_null(j);
	} else {
		json_open(j, '{');
		write_item(j, s, I_ID, currency);
		json_close(j, '}');
	}
	json_close(j, '}');
}

static void
write_match(struct json *j, struct stmt *s)
{
	json_key(j, "match");
	if (col_null(s, M_ID)) {
		json_null(j);
		return;
	}
	json_open(j, '{');
	show_id(j, "id", 'M', col_int(s, M_ID));
	json_kstr(j, "rule", col_text(s, M_RULE));
	json_kstr(j, "sure", col_text(s, M_SURE));
	show_amount(j, "off", col_int(s, M_OFF), col_text(s, L_CURRENCY));
	json_kstr(j, "by", some(s, M_BY));
	json_kstr(j, "actor", col_text(s, M_ACTOR));
	show_time(j, "at", col_int(s, M_AT));
	json_kstr(j, "reason", some(s, M_REASON));
	show_id(j, "decision", 'D', strcmp(col_text(s, M_RULE), "own") == 0 ?
	    0 : col_int(s, M_SEQ));
	json_close(j, '}');
}

/* Who ignored it, booked it or took it apart. */
static void
write_word(struct json *j, struct stmt *s)
{
	json_key(j, "said");
	if (col_int(s, L_SEQ) == 0) {
		json_null(j);
		return;
	}
	json_open(j, '{');
	json_kstr(j, "actor", col_text(s, L_ACTOR));
	show_time(j, "at", col_int(s, L_AT));
	json_kstr(j, "reason", some(s, L_REASON));
	show_id(j, "decision", 'D', col_int(s, L_SEQ));
	json_close(j, '}');
}

static void
write_members(struct json *j, struct stmt *s)
{
	char pattern[PAIR_PATTERN];
	int64_t match = col_int(s, L_MATCH);

	pair_pattern(col_text(s, L_TEXT), pattern);
	show_id(j, "id", 'L', col_int(s, L_ID));
	show_id(j, "event", 'E', col_int(s, L_EVENT));
	json_kstr(j, "event_state", col_text(s, E_STATE));
	json_kstr(j, "state", match > 0 ? "matched" : match < 0 ? "ignored" :
	    "open");
	json_kstr(j, "entity", col_text(s, L_ENTITY));
	json_kstr(j, "account", col_text(s, L_ACCOUNT));
	json_kstr(j, "currency", col_text(s, L_CURRENCY));
	json_kstr(j, "day", col_text(s, L_DAY));
	show_amount(j, "amount", col_int(s, L_AMOUNT), col_text(s,
	    L_CURRENCY));
	json_kstr(j, "text", col_text(s, L_TEXT));
	json_kstr(j, "reference", some(s, L_REFERENCE));
	json_kstr(j, "party", some(s, L_PARTY));
	json_kstr(j, "number", some(s, L_NUMBER));
	json_kstr(j, "pattern", pattern[0] != '\0' ? pattern : NULL);
	show_id(j, "before", 'L', bank_numbered(col_text(s, L_TEXT),
	    col_text(s, L_REFERENCE)) ? col_int(s, L_BEFORE) : 0);
	json_kstr(j, "into", col_text(s, L_INTO));
	write_word(j, s);
	write_match(j, s);
	write_first(j, s);
}

static void
write_line(struct json *j, struct stmt *s)
{
	json_open(j, '{');
	write_members(j, s);
	json_close(j, '}');
}

/* A number behind its letter; 0: from the first. */
static bool
read_after(const char *after, char letter, int64_t *out, struct err *e)
{
	char *end;

	*out = 0;
	if (after == NULL)
		return true;
	*out = after[0] == letter ? strtoll(after + 1, &end, 10) : 0;
	return (*out > 0 && *end == '\0') || err_set(e, ERR_REQUEST,
	    "after: %c12", letter);
}

static void
bind_filter(struct stmt *s, const struct bank_filter *filter, int64_t after)
{
	stmt_int(s, 1, after);
	stmt_text(s, 2, filter->entity);
	stmt_text(s, 3, filter->account);
	stmt_int(s, 4, filter->limit + 1);
}

bool
view_bank_lines(struct db *db, const struct bank_filter *filter,
    struct json *j, struct err *e)
{
	static const char OPEN[] = OF_ACCOUNTS " AND l.match = 0" BESIDE ONLY
	    " ORDER BY l.id LIMIT $4";
	static const char IGNORED[] = OF_ACCOUNTS " AND l.match = -1" BESIDE
	    ONLY " ORDER BY l.id LIMIT $4";
	static const char WAS[] = OF_ACCOUNTS " AND " BANK_LINE_WAS("l", "$5")
	    BESIDE ONLY " ORDER BY l.id LIMIT $4";
	static const char MATCHED[] = LINE " FROM bank_line l" BESIDE
	    " WHERE l.id > $1 AND l.match > 0"
	    " AND ($2 IS NULL OR l.entity = $2)"
	    " AND ($3 IS NULL OR l.account = $3) ORDER BY l.id LIMIT $4";
	const char *state = filter->state != NULL ? filter->state : "open";
	bool open = strcmp(state, "open") == 0, was = filter->on != NULL;
	const char *sql = open ? was ? WAS : OPEN : was ? NULL :
	    strcmp(state, "ignored") == 0 ? IGNORED : strcmp(state,
	    "matched") == 0 ? MATCHED : NULL;
	int64_t after;
	struct stmt *s;

	if (sql == NULL)
		return err_set(e, ERR_REQUEST, was ?
		    "on: of what was open" :
		    "state: open, matched or ignored");
	if (!read_after(filter->after, 'L', &after, e))
		return false;
	s = db_stmt(db, sql);
	bind_filter(s, filter, after);
	if (was)
		stmt_text(s, 5, filter->on);
	return show_page(j, s, filter->limit, 'L', write_line, e);
}

/* ---- entries ------------------------------------------------------------ */

static void
write_entry(struct json *j, struct stmt *s)
{
	json_open(j, '{');
	write_item(j, s, 0, col_text(s, 7));
	json_kstr(j, "entity", col_text(s, 1));
	json_kstr(j, "account", col_text(s, 8));
	json_kstr(j, "currency", col_text(s, 7));
	json_kstr(j, "reference", some(s, 9));
	show_id(j, "event", 'E', col_int(s, 10));
	json_close(j, '}');
}

#define ENTRY BANK_ACCOUNTS "SELECT l.id, l.entity, l.kind, l.number," \
	" l.day, l.amount, l.party, l.currency, l.account, l.reference," \
	" l.event" \
	" FROM a CROSS JOIN bank_item l" \
	" ON l.entity = a.entity AND l.account = a.account"
#define SIDE " AND (l.day < a.since) = $5" ONLY " ORDER BY l.id LIMIT $4"

bool
view_bank_items(struct db *db, const struct bank_filter *filter,
    struct json *j, struct err *e)
{
	static const char OPEN[] = ENTRY " AND l.match = 0" SIDE;
	static const char WAS[] = ENTRY " AND " BANK_ITEM_WAS("l", "$6") SIDE;
	const char *state = filter->state != NULL ? filter->state : "open";
	bool before = strcmp(state, "before") == 0;
	int64_t after;
	struct stmt *s;

	if (!before && strcmp(state, "open") != 0)
		return err_set(e, ERR_REQUEST, "state: open or before");
	if (!read_after(filter->after, 'N', &after, e))
		return false;
	s = db_stmt(db, filter->on != NULL ? WAS : OPEN);
	bind_filter(s, filter, after);
	stmt_int(s, 5, before);
	if (filter->on != NULL)
		stmt_text(s, 6, filter->on);
	return show_page(j, s, filter->limit, 'N', write_entry, e);
}

/* ---- one of them -------------------------------------------------------- */

struct one {
	struct db *db;
	struct arena *arena;
	struct json *j;
	const char *currency;
};

static bool
write_listed_items(const struct one *o, const char *sql, int64_t by,
    const char *ids, struct err *e)
{
	struct stmt *s = db_stmt(o->db, sql);
	enum step step;

	if (ids != NULL)
		stmt_text(s, 1, ids);
	else
		stmt_int(s, 1, by);
	json_key(o->j, "entries");
	json_open(o->j, '[');
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		json_open(o->j, '{');
		write_item(o->j, s, 0, o->currency);
		json_close(o->j, '}');
	}
	json_close(o->j, ']');
	return step == STEP_DONE;
}

static bool
write_listed_lines(const struct one *o, const char *sql, int64_t by,
    const char *ids, struct err *e)
{
	struct stmt *s = db_stmt(o->db, sql);
	enum step step;

	if (ids != NULL)
		stmt_text(s, 1, ids);
	else
		stmt_int(s, 1, by);
	json_key(o->j, "lines");
	json_open(o->j, '[');
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		json_open(o->j, '{');
		show_id(o->j, "id", 'L', col_int(s, 0));
		json_kstr(o->j, "day", col_text(s, 1));
		show_amount(o->j, "amount", col_int(s, 2), o->currency);
		json_kstr(o->j, "text", col_text(s, 3));
		json_close(o->j, '}');
	}
	json_close(o->j, ']');
	return step == STEP_DONE;
}

#define ITEM "SELECT i.id, i.entity, i.kind, i.number, i.day, i.amount," \
	" i.party FROM "

static bool
write_suggestion(const struct one *o, struct stmt *s, struct err *e)
{
	static const char ITEMS[] = ITEM "json_each($1) m"
	    " CROSS JOIN bank_item i ON i.id = m.value ORDER BY i.day, i.id";
	static const char LINES[] = "SELECT l.id, l.day, l.amount, l.text"
	    " FROM json_each($1) m CROSS JOIN bank_line l ON l.id = m.value"
	    " ORDER BY l.day, l.id";
	const char *lines = arena_strdup(o->arena, col_text(s, 8));
	const char *items = arena_strdup(o->arena, col_text(s, 9));

	json_open(o->j, '{');
	json_kint(o->j, "n", col_int(s, 0));
	json_kstr(o->j, "rule", col_text(s, 1));
	json_kstr(o->j, "sure", col_text(s, 2));
	show_amount(o->j, "off", col_int(s, 3), o->currency);
	json_kint(o->j, "days", col_int(s, 4));
	json_kint(o->j, "alike", col_int(s, 5));
	json_kstr(o->j, "by", some(s, 6));
	json_kstr(o->j, "account", some(s, 7));
	if (!write_listed_lines(o, LINES, 0, lines, e) ||
	    !write_listed_items(o, ITEMS, 0, items, e))
		return false;
	json_close(o->j, '}');
	return true;
}

static bool
write_suggestions(const struct one *o, int64_t line, struct err *e)
{
	static const char SQL[] = "SELECT n, rule, sure, off, days, alike, by,"
	    " code, lines, items FROM bank_suggestion WHERE line = $1"
	    " ORDER BY n";
	struct stmt *s = db_stmt(o->db, SQL);
	enum step step;

	stmt_int(s, 1, line);
	json_key(o->j, "suggestions");
	json_open(o->j, '[');
	while ((step = stmt_step(s, e)) == STEP_ROW)
		if (!write_suggestion(o, s, e)) {
			stmt_reset(s);
			return false;
		}
	json_close(o->j, ']');
	return step == STEP_DONE;
}

static bool
write_with(const struct one *o, int64_t match, struct err *e)
{
	static const char ITEMS[] = ITEM "bank_item i WHERE i.match = $1"
	    " AND i.match > 0 ORDER BY i.day, i.id";
	static const char LINES[] = "SELECT id, day, amount, text FROM"
	    " bank_line WHERE match = $1 AND match > 0 ORDER BY day, id";

	json_key(o->j, "with");
	json_open(o->j, '{');
	if (!write_listed_lines(o, LINES, match, NULL, e) ||
	    !write_listed_items(o, ITEMS, match, NULL, e))
		return false;
	json_close(o->j, '}');
	return true;
}

bool
view_bank_line(struct db *db, int64_t line, struct arena *arena,
    struct json *j, bool *found, struct err *e)
{
	static const char SQL[] = LINE " FROM bank_line l" BESIDE
	    " WHERE l.id = $1";
	struct one one = { db, arena, j, NULL };
	struct stmt *s = db_stmt(db, SQL);
	int64_t match;
	enum step step;

	stmt_int(s, 1, line);
	step = stmt_step(s, e);
	*found = step == STEP_ROW;
	if (step != STEP_ROW)
		return step == STEP_DONE;
	match = col_int(s, L_MATCH);
	one.currency = arena_strdup(arena, col_text(s, L_CURRENCY));
	json_open(j, '{');
	write_members(j, s);
	stmt_reset(s);
	if (!(match > 0 ? write_with(&one, match, e) :
	    write_suggestions(&one, line, e)))
		return false;
	json_close(j, '}');
	return true;
}
