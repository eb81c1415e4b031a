/*
 * Lines and entries as they come. An account has entries here from the first
 * line that a bank says of it: until then nothing of it costs anything.
 */
#include "store/bank.h"

#include <string.h>

#include "store/bank_inside.h"
#include "store/sums.h"
#include "store/till.h"

/* ---- accounts that a bank tells of -------------------------------------- */

static const char *
key_of(struct arena *arena, const char *entity, const char *account)
{
	return arena_printf(arena, "%s/%s", entity, account);
}

static bool
load_accounts(struct books *books, struct err *e)
{
	static const char SQL[] = "SELECT entity || '/' || account"
	    " FROM bank_account";
	struct stmt *s;
	enum step step;

	if (books->banks != NULL)
		return true;
	books->banks = map_new();
	s = db_stmt(books->db, SQL);
	while ((step = stmt_step(s, e)) == STEP_ROW)
		map_set(books->banks, col_span(s, 0), books);
	if (step == STEP_DONE)
		return true;
	bank_forget(books);
	return false;
}

void
bank_forget(struct books *books)
{
	map_free(&books->banks, NULL);
}

static bool
is_ours(struct books *books, const char *entity, const char *account)
{
	return map_count(books->banks) > 0 && map_find(books->banks,
	    span_of(key_of(books->arena, entity, account))) != NULL;
}

void
bank_touch(struct books *books, const char *entity, const char *account)
{
	const char *const part[4] = { entity, account, "", "" };

	if (delta_of(books, books->dirty_banks, part)->n[0]++ == 0)
		books_touch(books, "bank", key_of(books->arena, entity,
		    account));
}

bool
bank_flush(struct books *books, struct err *e)
{
	static const char SQL[] = "INSERT INTO bank_dirty VALUES ($1, $2, $3)"
	    " ON CONFLICT DO UPDATE SET seq = excluded.seq";
	struct span key;
	void *value;

	for (size_t at = 0; map_next(books->dirty_banks, &at, &key,
	    &value);) {
		const struct delta *delta = value;
		struct stmt *s = db_stmt(books->db, SQL);

		stmt_text(s, 1, delta->part[0]);
		stmt_text(s, 2, delta->part[1]);
		stmt_int(s, 3, books->seq);
		if (!stmt_run(s, e))
			return false;
	}
	return true;
}

void
bank_clear(struct books *books)
{
	map_clear(books->dirty_banks);
	books->bank_broken = NULL;
}

/* Entries that were there before the bank said anything of their account. */
static bool
fill(struct books *books, const char *entity, const char *account,
    struct err *e)
{
	static const char SQL[] = "WITH undone AS MATERIALIZED (SELECT"
	    " j.reverses AS id, min(j.date) AS day FROM entry n"
	    " JOIN journal j ON j.id = n.journal WHERE n.account = $2"
	    " AND j.entity = $1 AND j.reverses IS NOT NULL GROUP BY 1)"
	    " INSERT INTO bank_item SELECT n.journal * 2048 + n.line,"
	    " j.entity, n.account, n.currency, j.date, n.amount, j.event,"
	    " j.kind, j.number, coalesce(v.body ->> '$.reference', ''),"
	    " coalesce(v.body ->> '$.order_number', ''), n.party,"
	    " CASE WHEN j.reverses IS NULL AND u.id IS NULL THEN 0 ELSE -1"
	    " END, coalesce(u.day, '') FROM entry n"
	    " JOIN journal j ON j.id = n.journal"
	    " LEFT JOIN undone u ON u.id = j.id"
	    " LEFT JOIN document d ON d.entity = j.entity AND d.kind = j.kind"
	    " AND d.number = j.number LEFT JOIN document_version v"
	    " ON v.id = d.event * 128 + d.part"
	    " WHERE n.account = $2 AND j.entity = $1 ORDER BY 1";
	struct stmt *s = db_stmt(books->db, SQL);

	stmt_text(s, 1, entity);
	stmt_text(s, 2, account);
	return stmt_run(s, e);
}

static bool
open_account(struct books *books, const struct bank_line *line,
    const char *source, struct err *e)
{
	static const char SQL[] = "INSERT INTO bank_account VALUES"
	    " ($1, $2, $3, $4, $5)";
	struct stmt *s;

	if (is_ours(books, line->entity, line->account))
		return true;
	s = db_stmt(books->db, SQL);
	stmt_text(s, 1, line->entity);
	stmt_text(s, 2, line->account);
	stmt_text(s, 3, line->currency);
	stmt_text(s, 4, line->holder != NULL ? line->holder : "");
	stmt_text(s, 5, source);
	if (!stmt_run(s, e) || !fill(books, line->entity, line->account, e))
		return false;
	map_set(books->banks, span_of(key_of(books->arena, line->entity,
	    line->account)), books);
	return true;
}

/* ---- a document that is the line's own ---------------------------------- */

/* The open line and the open entry are the same money: one document says so of
 * both. Those that the statement gives, if any. */
static bool
join_own(struct books *books, struct stmt *s, struct err *e)
{
	const char *entity, *account, *actor;
	int64_t line, item;
	enum step step = stmt_step(s, e);

	if (step != STEP_ROW)
		return step == STEP_DONE;
	line = col_int(s, 0);
	item = col_int(s, 1);
	actor = arena_strdup(books->arena, col_text(s, 2));
	entity = arena_strdup(books->arena, col_text(s, 3));
	account = arena_strdup(books->arena, col_text(s, 4));
	stmt_reset(s);
	return bank_join(books, &(struct bank_pair){ "own", "certain", "",
	    &line, &item, 1, 1 }, entity, account, 0, &(struct bank_word){
	    *actor != '\0' ? actor : "bahid", "", 0, books->seq }, e);
}

#define OWN "SELECT l.id, i.id, l.actor, l.entity, l.account"
#define SAME " AND l.match = 0 AND i.match = 0 AND i.entity = l.entity" \
	" AND i.account = l.account AND i.currency = l.currency" \
	" AND i.amount = l.amount ORDER BY l.id, i.id LIMIT 1"

/* Of a line that was there before its document posted. */
static bool
join_item(struct books *books, int64_t item, const char *number,
    struct err *e)
{
	static const char SQL[] = OWN " FROM bank_line l CROSS JOIN"
	    " bank_item i ON i.id = $1 WHERE l.number = $2"
	    " AND l.number <> ''" SAME;
	struct stmt *s = db_stmt(books->db, SQL);

	stmt_int(s, 1, item);
	stmt_text(s, 2, number);
	return join_own(books, s, e);
}

/* Of one that comes with the journals that its event posted. */
static bool
join_line(struct books *books, int64_t line, const struct placing *placing,
    struct err *e)
{
	static const char SQL[] = OWN " FROM bank_line l CROSS JOIN"
	    " bank_item i ON i.id > $2 * 2048 AND i.id < $3 * 2048 + 2048"
	    " AND i.number = l.number WHERE l.id = $1" SAME;
	struct stmt *s;

	if (placing->journal == 0)
		return true;
	s = db_stmt(books->db, SQL);
	stmt_int(s, 1, line);
	stmt_int(s, 2, placing->journal - placing->journals + 1);
	stmt_int(s, 3, placing->journal);
	return join_own(books, s, e);
}

/* ---- lines -------------------------------------------------------------- */

bool
bank_said_before(struct db *db, const struct bank_line *line, int64_t event,
    int64_t received, int64_t *out, struct err *e)
{
	static const char SQL[] = "SELECT coalesce(min(p.id), 0) FROM"
	    " bank_line p JOIN event e ON e.seq = p.event"
	    " WHERE " BANK_SAME("$1", "$2", "$3", "$4", "$5", "$6", "$7")
	    " AND ($8 = 0 OR p.event < $8)"
	    " AND e.received <> $9";
	const char *text = line->text != NULL ? line->text : "";
	const char *reference = line->reference != NULL ? line->reference :
	    "";
	struct stmt *s;

	*out = 0;
	if (line->says != BANK_SAYS_LINE || !bank_numbered(text, reference))
		return true;
	s = db_stmt(db, SQL);
	stmt_text(s, 1, line->entity);
	stmt_text(s, 2, line->account);
	stmt_text(s, 3, line->day.text);
	stmt_int(s, 4, line->amount);
	stmt_text(s, 5, line->currency);
	stmt_text(s, 6, text);
	stmt_text(s, 7, reference);
	stmt_int(s, 8, event);
	stmt_int(s, 9, received);
	return stmt_number(s, out, e);
}

bool
bank_before(struct db *db, int64_t line, int64_t *out, struct err *e)
{
	static const char SQL[] = "SELECT l.text, l.reference, " BANK_BEFORE
	    " FROM bank_line l JOIN event e ON e.seq = l.event"
	    " WHERE l.id = $1";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	*out = 0;
	stmt_int(s, 1, line);
	step = stmt_step(s, e);
	if (step != STEP_ROW)
		return step == STEP_DONE;
	if (bank_numbered(col_text(s, 0), col_text(s, 1)))
		*out = col_int(s, 2);
	stmt_reset(s);
	return true;
}

static bool
put_line(struct books *books, int64_t id, int64_t event,
    const struct bank_line *line, const char *number, struct err *e)
{
	/* Judged again, its number may be another; what was matched stays. */
	static const char SQL[] = "INSERT INTO bank_line VALUES ($1, $2, $3,"
	    " $4, $5, $6, $7, $8, $9, $10, $11, 0, '', 0, '', 0)"
	    " ON CONFLICT DO UPDATE SET entity = excluded.entity,"
	    " account = excluded.account, currency = excluded.currency,"
	    " day = excluded.day, amount = excluded.amount,"
	    " text = excluded.text, reference = excluded.reference,"
	    " party = excluded.party, number = excluded.number"
	    " WHERE match = 0 AND seq = 0";
	struct stmt *s = db_stmt(books->db, SQL);

	stmt_int(s, 1, id);
	stmt_int(s, 2, event);
	stmt_text(s, 3, line->entity);
	stmt_text(s, 4, line->account);
	stmt_text(s, 5, line->currency);
	stmt_text(s, 6, line->day.text);
	stmt_int(s, 7, line->amount);
	stmt_text(s, 8, line->text != NULL ? line->text : "");
	stmt_text(s, 9, line->reference != NULL ? line->reference : "");
	stmt_text(s, 10, line->party);
	stmt_text(s, 11, number);
	return stmt_run(s, e);
}

static bool
put_balance(struct books *books, int64_t event,
    const struct bank_line *line, struct err *e)
{
	/* Of another currency than the account's it closes nothing here. */
	static const char SQL[] = "INSERT INTO bank_balance SELECT"
	    " $1, $2, $3, $4, $5 FROM bank_account WHERE entity = $1"
	    " AND account = $2 AND currency = $6 ON CONFLICT DO UPDATE SET"
	    " amount = excluded.amount, event = excluded.event"
	    " WHERE excluded.event >= event";
	struct stmt *s = db_stmt(books->db, SQL);

	stmt_text(s, 1, line->entity);
	stmt_text(s, 2, line->account);
	stmt_text(s, 3, line->day.text);
	stmt_int(s, 4, line->amount);
	stmt_int(s, 5, event);
	stmt_text(s, 6, line->currency);
	return stmt_run(s, e);
}

static bool
put_one(struct books *books, int64_t event, size_t n, const char *source,
    const struct bank_line *line, const struct placing *placing,
    struct err *e)
{
	int64_t id = BANK_LINE_ID(event, (int64_t)n);

	if (line->says == BANK_SAYS_TILL)
		return till_say(books, event, n, line, source, e);
	if (!open_account(books, line, source, e))
		return false;
	bank_touch(books, line->entity, line->account);
	if (line->says == BANK_SAYS_BALANCE)
		return put_balance(books, event, line, e);
	if (line->says == BANK_SAYS_OPENING)
		return bank_opening_put(books, event, line, e);
	return put_line(books, id, event, line, placing->number != NULL ?
	    placing->number : "", e) && join_line(books, id, placing, e);
}

bool
bank_put(struct books *books, int64_t event, const char *source,
    const struct bank_line *lines, size_t n, const struct placing *placing,
    struct err *e)
{
	if (n > 0 && !load_accounts(books, e))
		return false;
	for (size_t i = 0; i < n; i++)
		if (!put_one(books, event, i, source, &lines[i], placing, e))
			return false;
	return true;
}

/* ---- what is not said any more ------------------------------------------ */

static bool
said_any(struct books *books, int64_t event, bool *any, struct err *e)
{
	static const char SQL[] = "SELECT 1 FROM bank_line WHERE id >= $1"
	    " AND id < $2 UNION ALL SELECT 1 FROM till_total WHERE id >= $1"
	    " AND id < $2 LIMIT 1";
	struct stmt *s = db_stmt(books->db, SQL);

	stmt_int(s, 1, BANK_LINE_ID(event, 0));
	stmt_int(s, 2, BANK_LINE_ID(event, BANK_LINES));
	return stmt_found(s, any, e);
}

static bool
drop_line(struct books *books, int64_t id, struct err *e)
{
	static const char LINE[] = "DELETE FROM bank_line WHERE id = $1"
	    " AND match = 0 AND seq = 0 RETURNING entity, account";
	static const char SUGGESTION[] = "DELETE FROM bank_suggestion"
	    " WHERE line = $1";
	struct stmt *s = db_stmt(books->db, LINE);
	bool gone = false;
	enum step step;

	stmt_int(s, 1, id);
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		gone = true;
		bank_touch(books, arena_strdup(books->arena, col_text(s, 0)),
		    arena_strdup(books->arena, col_text(s, 1)));
	}
	if (step == STEP_FAILED || !gone)
		return step != STEP_FAILED;
	s = db_stmt(books->db, SUGGESTION);
	stmt_int(s, 1, id);
	return stmt_run(s, e);
}

static bool
drop_till(struct books *books, int64_t id, struct err *e)
{
	static const char SQL[] = "DELETE FROM till_total WHERE id = $1";
	struct stmt *s = db_stmt(books->db, SQL);

	stmt_int(s, 1, id);
	return stmt_run(s, e);
}

bool
bank_unsay(struct books *books, int64_t event,
    const struct bank_line *lines, size_t n, struct err *e)
{
	bool any;

	if (!said_any(books, event, &any, e))
		return false;
	for (size_t i = 0; any && i < BANK_LINES; i++) {
		int64_t id = BANK_LINE_ID(event, (int64_t)i);
		enum bank_says now = i < n ? lines[i].says : BANK_SAYINGS;

		if ((now != BANK_SAYS_LINE && !drop_line(books, id, e)) ||
		    (now != BANK_SAYS_TILL && !drop_till(books, id, e)))
			return false;
	}
	return true;
}

/* ---- entries ------------------------------------------------------------ */

static bool
put_item(struct books *books, const struct journal *journal, size_t line,
    const struct journal_head *head, const char *reference,
    const char *other, struct err *e)
{
	static const char SQL[] = "INSERT INTO bank_item VALUES ($1, $2, $3,"
	    " $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, '')";
	const struct entry *entry = &journal->entries[line - 1];
	struct stmt *s = db_stmt(books->db, SQL);

	stmt_int(s, 1, BANK_ITEM_ID(journal->id, (int64_t)line));
	stmt_text(s, 2, journal->entity);
	stmt_text(s, 3, entry->account);
	stmt_text(s, 4, entry->currency);
	stmt_text(s, 5, journal->date.text);
	stmt_int(s, 6, entry->amount);
	stmt_int(s, 7, head->event);
	stmt_text(s, 8, head->kind);
	stmt_text(s, 9, head->number);
	stmt_text(s, 10, reference != NULL ? reference : "");
	stmt_text(s, 11, other != NULL ? other : "");
	stmt_text(s, 12, entry->party);
	stmt_int(s, 13, journal->reverses != 0 ? -1 : 0);
	return stmt_run(s, e);
}

/* A match of what is undone is none any more: its lines are open again. */
static bool
undo_items(struct books *books, const struct journal *journal,
    struct err *e)
{
	/* The sign keeps SQLite from walking all that is matched. */
	static const char FIND[] = "SELECT DISTINCT match FROM bank_item"
	    " WHERE id > $1 * 2048 AND id < $1 * 2048 + 2048 AND +match > 0";
	static const char SQL[] = "UPDATE bank_item SET match = -1, until = $2"
	    " WHERE id > $1 * 2048 AND id < $1 * 2048 + 2048 AND match = 0";
	struct stmt *s = db_stmt(books->db, FIND);
	int64_t matches[16];
	size_t n = 0;
	enum step step;

	stmt_int(s, 1, journal->reverses);
	while ((step = stmt_step(s, e)) == STEP_ROW && n < 16)
		matches[n++] = col_int(s, 0);
	if (step == STEP_FAILED)
		return false;
	if (step == STEP_ROW)
		stmt_reset(s);
	for (size_t i = 0; i < n; i++)
		if (!bank_break(books, matches[i], journal->reverses, e))
			return false;
	if (step == STEP_ROW)
		return undo_items(books, journal, e);
	s = db_stmt(books->db, SQL);
	stmt_int(s, 1, journal->reverses);
	stmt_text(s, 2, journal->date.text);
	return stmt_run(s, e);
}

bool
bank_note(struct books *books, const struct journal *journal,
    const struct journal_head *head, const char *reference,
    const char *other, struct err *e)
{
	bool any = false;

	if (!load_accounts(books, e))
		return false;
	if (map_count(books->banks) == 0)
		return true;
	for (size_t i = 0; i < journal->n_entries; i++) {
		const struct entry *entry = &journal->entries[i];

		if (!is_ours(books, journal->entity, entry->account))
			continue;
		any = true;
		bank_touch(books, journal->entity, entry->account);
		if (!put_item(books, journal, i + 1, head, reference, other,
		    e) || !join_item(books, BANK_ITEM_ID(journal->id,
		    (int64_t)i + 1), head->number, e) ||
		    (journal->reverses == 0 && !bank_mend(books,
		    BANK_ITEM_ID(journal->id, (int64_t)i + 1), e)))
			return false;
	}
	return !any || journal->reverses == 0 || undo_items(books, journal,
	    e);
}
