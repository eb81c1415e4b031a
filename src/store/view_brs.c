/*
 * Bank reconciliation as accountants write it: from the balance that the bank
 * says to the one that the ledger says, each difference by name; and how old
 * what is open is.
 */
#include "store/view_bank.h"

#include <string.h>

#include "core/json.h"
#include "store/bank_inside.h"
#include "store/show.h"

/* ---- accounts ----------------------------------------------------------- */

bool
view_bank_accounts(struct db *db, struct json *j, struct err *e)
{
	static const char SQL[] = BANK_ACCOUNTS "SELECT a.entity, a.account,"
	    " m.name, a.currency, a.holder, a.source,"
	    " (SELECT count(*) FROM bank_line l WHERE l.entity = a.entity"
	    " AND l.account = a.account AND l.match = 0),"
	    " (SELECT count(*) FROM bank_item i WHERE i.entity = a.entity"
	    " AND i.account = a.account AND i.match = 0"
	    " AND i.day >= a.since), b.day, b.amount,"
	    " (SELECT coalesce(sum(n.debit - n.credit), 0)"
	    " FROM balance n WHERE n.entity = a.entity"
	    " AND n.account = a.account AND n.currency = a.currency),"
	    " r.tolerance, r.days, r.auto, EXISTS (SELECT 1 FROM bank_dirty d"
	    " WHERE d.entity = a.entity AND d.account = a.account), a.since"
	    " FROM a LEFT JOIN master m ON m.tab = 'account'"
	    " AND m.code = a.account LEFT JOIN bank_balance b"
	    " ON b.entity = a.entity AND b.account = a.account"
	    " AND b.day = (SELECT max(x.day) FROM bank_balance x"
	    " WHERE x.entity = a.entity AND x.account = a.account)"
	    " LEFT JOIN bank_rule r ON r.account = (SELECT y.account FROM"
	    " bank_rule y WHERE y.account IN (a.account, '*')"
	    " ORDER BY y.account = '*' LIMIT 1)"
	    " ORDER BY a.entity, a.account";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	json_open(j, '{');
	json_key(j, "items");
	json_open(j, '[');
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		const char *currency = col_text(s, 3);

		json_open(j, '{');
		json_kstr(j, "entity", col_text(s, 0));
		json_kstr(j, "account", col_text(s, 1));
		json_kstr(j, "name", col_text(s, 2));
		json_kstr(j, "currency", currency);
		json_kstr(j, "holder", col_text(s, 4));
		json_kstr(j, "source", col_text(s, 5));
		json_kint(j, "lines", col_int(s, 6));
		json_kint(j, "entries", col_int(s, 7));
		json_kstr(j, "statement_day", col_text(s, 8));
		if (col_null(s, 9))
			json_kstr(j, "statement", NULL);
		else
			show_amount(j, "statement", col_int(s, 9), currency);
		show_amount(j, "ledger", col_int(s, 10), currency);
		json_kstr(j, "tolerance", col_null(s, 11) ? "0" :
		    col_text(s, 11));
		json_kint(j, "days", col_null(s, 12) ? 5 : col_int(s, 12));
		json_kstr(j, "auto", col_null(s, 13) ? "certain" :
		    col_text(s, 13));
		json_key(j, "waiting");
		json_bool(j, col_int(s, 14) != 0);
		json_kstr(j, "opening", col_text(s, 15)[0] != '\0' ?
		    col_text(s, 15) : NULL);
		json_close(j, '}');
	}
	json_close(j, ']');
	json_kstr(j, "next", NULL);
	json_close(j, '}');
	return step == STEP_DONE;
}

/* ---- ages --------------------------------------------------------------- */

#define AGES 4

static const struct {
	const char *name;
	int64_t from;		/* days */
} ages[AGES] = {
	{ "0-7", 0 }, { "8-30", 8 }, { "31-90", 31 }, { "older", 91 },
};

struct aged {
	int64_t n[AGES], in[AGES], out[AGES];
};

static void
write_aged(struct json *j, const char *key, const struct aged *a,
    const char *currency)
{
	json_key(j, key);
	json_open(j, '[');
	for (int i = 0; i < AGES; i++) {
		json_open(j, '{');
		json_kstr(j, "age", ages[i].name);
		json_kint(j, "n", a->n[i]);
		show_amount(j, "in", a->in[i], currency);
		show_amount(j, "out", a->out[i], currency);
		json_close(j, '}');
	}
	json_close(j, ']');
}

static bool
add_ages(struct db *db, const char *sql, struct stmt *of, struct day day,
    bool as_of, struct aged *out, struct err *e)
{
	struct stmt *s = db_stmt(db, sql);
	enum step step;

	*out = (struct aged){ { 0 }, { 0 }, { 0 } };
	for (int i = 0; i < 3; i++)
		stmt_text(s, i + 1, col_text(of, i));
	if (as_of)
		stmt_text(s, 4, day.text);
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		int64_t amount = col_int(s, 1);
		struct day of = day;
		int at = AGES - 1, old;

		(void)day_parse(col_span(s, 0), &of);
		old = day_between(of, day);
		while (at > 0 && old < ages[at].from)
			at--;
		out->n[at] += col_int(s, 2);
		*(amount < 0 ? &out->out[at] : &out->in[at]) += amount;
	}
	return step == STEP_DONE;
}

#define AGED(table) "SELECT day, sum(amount), count(*) FROM " table " o" \
	" WHERE entity = $1 AND account = $2 AND currency = $3 AND "
#define BY_DAY " GROUP BY amount < 0, day"
#define COUNTS " AND day >= (SELECT " BANK_SINCE("$1", "$2") ")"

static bool
write_ages(struct db *db, struct stmt *s, struct day day, bool as_of,
    struct json *j, struct err *e)
{
	static const char LINES[] = AGED("bank_line") "match = 0" BY_DAY;
	static const char ITEMS[] = AGED("bank_item") "match = 0" COUNTS
	    BY_DAY;
	static const char LINES_ON[] = AGED("bank_line")
	    BANK_LINE_WAS("o", "$4") BY_DAY;
	static const char ITEMS_ON[] = AGED("bank_item")
	    BANK_ITEM_WAS("o", "$4") COUNTS BY_DAY;
	struct aged lines, items;

	if (!add_ages(db, as_of ? LINES_ON : LINES, s, day, as_of, &lines,
	    e) || !add_ages(db, as_of ? ITEMS_ON : ITEMS, s, day, as_of,
	    &items, e))
		return false;
	json_open(j, '{');
	json_kstr(j, "entity", col_text(s, 0));
	json_kstr(j, "account", col_text(s, 1));
	json_kstr(j, "currency", col_text(s, 2));
	write_aged(j, "lines", &lines, col_text(s, 2));
	write_aged(j, "entries", &items, col_text(s, 2));
	json_close(j, '}');
	return true;
}

/* What is open in another currency is no part of the account's own. */
#define UNITS(lines, items) BANK_ACCOUNTS "SELECT entity, account, currency" \
	" FROM a WHERE $1 IS NULL OR entity = $1" \
	" UNION SELECT l.entity, l.account, l.currency FROM a" \
	" CROSS JOIN bank_line l ON l.entity = a.entity" \
	" AND l.account = a.account AND " lines \
	" WHERE $1 IS NULL OR a.entity = $1" \
	" UNION SELECT i.entity, i.account, i.currency FROM a" \
	" CROSS JOIN bank_item i ON i.entity = a.entity" \
	" AND i.account = a.account AND " items \
	" AND i.day >= a.since" \
	" WHERE $1 IS NULL OR a.entity = $1 ORDER BY 1, 2, 3"

bool
view_bank_ages(struct db *db, const char *entity, struct day day,
    bool as_of, struct json *j, struct err *e)
{
	static const char SQL[] = UNITS("l.match = 0", "i.match = 0");
	static const char ON[] = UNITS(BANK_LINE_WAS("l", "$2"),
	    BANK_ITEM_WAS("i", "$2"));
	struct stmt *s = db_stmt(db, as_of ? ON : SQL);
	enum step step;

	stmt_text(s, 1, entity);
	if (as_of)
		stmt_text(s, 2, day.text);
	json_open(j, '{');
	json_kstr(j, "day", day.text);
	json_kstr(j, "on", as_of ? day.text : NULL);
	json_key(j, "items");
	json_open(j, '[');
	while ((step = stmt_step(s, e)) == STEP_ROW)
		if (!write_ages(db, s, day, as_of, j, e)) {
			stmt_reset(s);
			return false;
		}
	json_close(j, ']');
	json_close(j, '}');
	return step == STEP_DONE;
}

/* ---- the reconciliation statement --------------------------------------- */

#define LISTED 1000		/* of each kind; the rest is in its sum */

struct brs {
	struct db *db;
	struct json *j;
	struct bank_account of;
	struct day day;
	char since[11];		/* what is of days before is one figure */
	int64_t explained;	/* ledger less bank, by what is listed */
};

static struct stmt *
ask(const struct brs *b, const char *sql)
{
	struct stmt *s = db_stmt(b->db, sql);

	stmt_text(s, 1, b->of.entity);
	stmt_text(s, 2, b->of.account);
	stmt_text(s, 3, b->day.text);
	stmt_text(s, 4, b->of.currency);
	return s;
}

static struct stmt *
ask_since(const struct brs *b, const char *sql)
{
	struct stmt *s = ask(b, sql);

	stmt_text(s, 5, b->since);
	return s;
}

static bool
sum_of(const struct brs *b, const char *sql, int64_t *out, struct err *e)
{
	struct stmt *s = ask_since(b, sql);

	return stmt_number(s, out, e);
}

/* One paragraph: what it is called, what it adds to the bank's balance, and
 * what it is made of. Columns: letter, id, day, amount, text, number. */
static bool
write_part(struct brs *b, const char *name, const char *sql, int sign,
    struct err *e)
{
	struct stmt *s = ask_since(b, sql);
	int64_t sum = 0, n = 0;
	enum step step;

	json_open(b->j, '{');
	json_kstr(b->j, "what", name);
	json_key(b->j, "items");
	json_open(b->j, '[');
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		sum += sign * col_int(s, 3);
		if (n++ >= LISTED)
			continue;
		json_open(b->j, '{');
		show_id(b->j, "id", col_text(s, 0)[0], col_int(s, 1));
		json_kstr(b->j, "day", col_text(s, 2));
		show_amount(b->j, "amount", sign * col_int(s, 3),
		    b->of.currency);
		json_kstr(b->j, "text", col_text(s, 4));
		json_kstr(b->j, "number", col_text(s, 5));
		json_close(b->j, '}');
	}
	json_close(b->j, ']');
	json_kint(b->j, "n", n);
	show_amount(b->j, "amount", sum, b->of.currency);
	json_close(b->j, '}');
	b->explained += sum;
	return step == STEP_DONE;
}

/* Of a match that is not over by then both sides are known. */
#define SINCE(table) " AND (" table ".day >= $5 OR (" table ".match > 0" \
	" AND NOT (" BANK_OVER(table ".match", "$5") ")))"

/* Open on that day: not matched, or only with what came later; undone only
 * later. */
#define ITEMS(which) "SELECT 'N', i.id, i.day, i.amount, i.reference," \
	" i.number FROM bank_item i WHERE i.entity = $1 AND i.account = $2" \
	" AND i.currency = $4 AND " BANK_ITEM_WAS("i", "$3") \
	" AND i.amount " which " 0" SINCE("i") " ORDER BY i.day, i.id"
#define LINES(which) "SELECT 'L', l.id, l.day, l.amount, l.text, l.number" \
	" FROM bank_line l WHERE l.entity = $1 AND l.account = $2" \
	" AND l.currency = $4 AND l.day <= $3 AND (l.match <= 0" \
	" OR (SELECT min(i.day) FROM bank_item i WHERE i.match = l.match" \
	" AND i.match > 0) > $3) AND l.amount " which " 0" SINCE("l") \
	" ORDER BY l.day, l.id"

static bool
write_parts(struct brs *b, struct err *e)
{
	static const char TRANSIT[] = ITEMS(">"), UNPAID[] = ITEMS("<"),
	    CREDITED[] = LINES(">"), CHARGED[] = LINES("<");
	/* Matched, though not to the paisa; or by that day not yet all of it.
	 * Lines that take each other back have no entries. */
	static const char OFF[] = "SELECT 'M', m.id, l.day,"
	    " l.sum - coalesce(i.sum, 0), m.by, ''"
	    " FROM (SELECT match, max(day) AS day, sum(amount) AS"
	    " sum FROM bank_line WHERE match > 0 AND entity = $1"
	    " AND account = $2 AND currency = $4 AND day <= $3"
	    " GROUP BY match) l LEFT JOIN (SELECT match, sum(amount) AS sum"
	    " FROM bank_item WHERE match > 0 AND entity = $1 AND account = $2"
	    " AND currency = $4 AND day <= $3 GROUP BY match) i"
	    " ON i.match = l.match JOIN bank_match m ON m.id = l.match"
	    " WHERE l.sum <> coalesce(i.sum, 0) AND (i.match IS NOT NULL OR"
	    " NOT EXISTS (SELECT 1 FROM bank_item x WHERE x.match = l.match"
	    " AND x.match > 0)) AND NOT (" BANK_OVER("l.match", "$5") ")"
	    " ORDER BY m.id";

	return write_part(b, "deposits_in_transit", TRANSIT, 1, e) &&
	    write_part(b, "payments_not_presented", UNPAID, 1, e) &&
	    write_part(b, "credited_not_booked", CREDITED, -1, e) &&
	    write_part(b, "charged_not_booked", CHARGED, -1, e) &&
	    write_part(b, "matched_off", OFF, -1, e);
}

/* ---- before the first statement ----------------------------------------- */

struct before {
	int64_t n, ledger, bank;
};

/* What the bank had as the first day that counts began; where no statement
 * says it, what those since then leave. */
static bool
bank_before_since(struct brs *b, int64_t *out, struct err *e)
{
	static const char SAID[] = "SELECT coalesce(sum(amount), 0) FROM"
	    " bank_line WHERE entity = $1 AND account = $2 AND currency = $4"
	    " AND day >= $5 AND day <= $3";
	bool later = strcmp(b->day.text, b->since) >= 0;
	int64_t since;
	struct day of;

	if (!bank_had(b->db, &b->of, later ? b->since : b->day.text, !later,
	    &of, out, e))
		return false;
	if (of.text[0] != '\0' || !later)
		return true;
	if (!bank_had(b->db, &b->of, b->day.text, true, &of, out, e) ||
	    !sum_of(b, SAID, &since, e))
		return false;
	*out = of.text[0] != '\0' ? *out - since : 0;
	return true;
}

/* Of matches that are not over by then, lines of before are at the bank and
 * not of the figure: their entries are named. */
static bool
read_before(struct brs *b, struct before *out, struct err *e)
{
	static const char ENTRIES[] = "SELECT count(*), coalesce(sum(amount),"
	    " 0) FROM bank_item i WHERE entity = $1 AND account = $2"
	    " AND currency = $4 AND day <= $3 AND day < $5 AND (match = 0"
	    " OR (match = -1 AND until > $3) OR (match > 0 AND "
	    BANK_OVER("i.match", "$5") "))";
	static const char KNOWN[] = "SELECT coalesce(sum(amount), 0) FROM"
	    " bank_line l WHERE entity = $1 AND account = $2"
	    " AND currency = $4 AND day <= $3 AND day < $5 AND match > 0"
	    " AND NOT (" BANK_OVER("l.match", "$5") ")";
	struct stmt *s = ask_since(b, ENTRIES);
	int64_t known;

	if (stmt_step(s, e) != STEP_ROW)
		return false;
	out->n = col_int(s, 0);
	out->ledger = col_int(s, 1);
	stmt_reset(s);
	if (!sum_of(b, KNOWN, &known, e) ||
	    !bank_before_since(b, &out->bank, e))
		return false;
	out->ledger += known;
	return true;
}

static void
write_before(struct brs *b, const struct before *before)
{
	int64_t off = before->ledger - before->bank;

	json_open(b->j, '{');
	json_kstr(b->j, "what", "before_first_statement");
	json_key(b->j, "items");
	json_open(b->j, '[');
	json_close(b->j, ']');
	json_kint(b->j, "n", before->n);
	show_amount(b->j, "amount", off, b->of.currency);
	json_close(b->j, '}');
	b->explained += off;
}

static void
write_opening(struct brs *b, const struct before *before)
{
	json_key(b->j, "opening");
	if (b->since[0] == '\0') {
		json_null(b->j);
		return;
	}
	json_open(b->j, '{');
	json_kstr(b->j, "day", b->since);
	show_amount(b->j, "bank", before->bank, b->of.currency);
	show_amount(b->j, "ledger", before->ledger, b->of.currency);
	show_amount(b->j, "off", before->ledger - before->bank,
	    b->of.currency);
	json_close(b->j, '}');
}

static bool
find_account(struct brs *b, struct arena *arena, bool *found, struct err *e)
{
	static const char SQL[] = "SELECT currency, entity, account"
	    " FROM bank_account WHERE ($1 IS NULL OR entity = $1)"
	    " AND ($2 IS NULL OR account = $2)"
	    " ORDER BY entity, account LIMIT 1";
	struct stmt *s = db_stmt(b->db, SQL);
	enum step step;

	stmt_text(s, 1, b->of.entity);
	stmt_text(s, 2, b->of.account);
	step = stmt_step(s, e);
	*found = step == STEP_ROW;
	if (*found) {
		b->of.currency = arena_strdup(arena, col_text(s, 0));
		b->of.entity = arena_strdup(arena, col_text(s, 1));
		b->of.account = arena_strdup(arena, col_text(s, 2));
		stmt_reset(s);
	}
	return step != STEP_FAILED;
}

/* All that there are, as `of` takes them. */
static bool
write_others(const struct brs *b, struct err *e)
{
	static const char SQL[] = "SELECT entity || '/' || account FROM"
	    " bank_account ORDER BY entity, account";
	struct stmt *s = db_stmt(b->db, SQL);
	enum step step;

	json_key(b->j, "accounts");
	json_open(b->j, '[');
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		json_open(b->j, '{');
		json_kstr(b->j, "of", col_text(s, 0));
		json_close(b->j, '}');
	}
	json_close(b->j, ']');
	return step == STEP_DONE;
}

static bool
write_statement(struct brs *b, struct err *e)
{
	static const char LEDGER[] = "SELECT coalesce(sum(amount), 0) FROM"
	    " bank_item WHERE entity = $1 AND account = $2"
	    " AND currency = $4 AND day <= $3";
	struct before before = { 0, 0, 0 };
	const char *currency = b->of.currency;
	int64_t bank, ledger;
	struct day of;
	bool ok;

	if (!bank_since(b->db, &b->of, b->since, e) || !bank_had(b->db,
	    &b->of, b->day.text, true, &of, &bank, e) || !stmt_number(ask(
	    b, LEDGER), &ledger, e) || (b->since[0] != '\0' && !read_before(b, &before,
	    e)))
		return false;
	json_open(b->j, '{');
	json_kstr(b->j, "entity", b->of.entity);
	json_kstr(b->j, "account", b->of.account);
	json_kstr(b->j, "currency", currency);
	json_kstr(b->j, "day", b->day.text);
	json_kstr(b->j, "statement_day", of.text[0] != '\0' ? of.text :
	    NULL);
	show_amount(b->j, "bank", bank, currency);
	write_opening(b, &before);
	json_key(b->j, "parts");
	json_open(b->j, '[');
	if (b->since[0] != '\0')
		write_before(b, &before);
	ok = write_parts(b, e);
	json_close(b->j, ']');
	ok = ok && write_others(b, e);
	show_amount(b->j, "ledger", ledger, currency);
	/* What no statement told of: one of between is missing. */
	show_amount(b->j, "unexplained", ledger - bank - b->explained,
	    currency);
	json_close(b->j, '}');
	return ok;
}

bool
view_bank_statement(struct db *db, const char *entity, const char *account,
    struct day day, struct json *j, bool *found, struct err *e)
{
	struct brs b = { .db = db, .j = j, .of = { entity, account, NULL },
	    .day = day };
	struct arena *arena = arena_new();
	bool ok = find_account(&b, arena, found, e) && (!*found ||
	    write_statement(&b, e));

	arena_free(&arena);
	return ok;
}
