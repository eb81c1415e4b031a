/* Events in pages and one by one: payload, journals, history. */
#include "store/show.h"

#include <stdio.h>
#include <string.h>

#include "core/utf8.h"
#include "store/books.h"
#include "store/correction.h"
#include "store/subject.h"

#define EVENT_COLUMNS "e.seq, e.version, e.source, e.key, e.topic, e.state," \
	" e.received, e.occurred, e.entity, e.kind, e.number, e.doc_version," \
	" e.party, e.amount, e.currency, e.correlation, e.attempts, e.journal," \
	" e.journals"
#define EVENT_FILTER " AND ($3 IS NULL OR e.source = $3)" \
	" AND ($4 IS NULL OR EXISTS (SELECT 1 FROM finding f" \
	" WHERE f.event = e.seq AND f.code = $4))" \
	" AND ($5 IS NULL OR instr(e.key || ' ' || coalesce(e.number, '') ||" \
	" ' ' || coalesce(e.party, ''), $5))" \
	" AND ($8 IS NULL OR $8 = coalesce((SELECT d.assignee FROM desk d" \
	" WHERE d.event = e.seq), '-'))" \
	" AND ($9 IS NULL OR ($9 = 'yes') = (coalesce((SELECT d.snoozed" \
	" FROM desk d WHERE d.event = e.seq), 0) > $10))"
#define EVENT_ORDER " ORDER BY e.seq LIMIT $6"

static bool
write_findings(struct db *db, int64_t event, const char *source,
    struct arena *arena, struct json *j, struct err *e)
{
	struct findings findings;
	bool ok = findings_load(db, event, arena, &findings, e);

	json_key(j, "findings");
	json_open(j, '[');
	for (size_t i = 0; ok && i < findings.n; i++)
		finding_encode(&findings.items[i], source, j);
	json_close(j, ']');
	return ok;
}

/* Leaves the object open for more. */
static bool
write_event(struct db *db, struct stmt *s, struct arena *arena,
    struct json *j, struct err *e)
{
	const char *currency = col_text(s, 14);

	json_open(j, '{');
	show_id(j, "id", 'E', col_int(s, 0));
	json_kint(j, "seq", col_int(s, 0));
	json_kint(j, "version", col_int(s, 1));
	json_kstr(j, "source", col_text(s, 2));
	json_kstr(j, "key", col_text(s, 3));
	json_kstr(j, "topic", col_text(s, 4));
	json_kstr(j, "state", col_text(s, 5));
	show_time(j, "received", col_int(s, 6));
	show_time(j, "occurred", col_int(s, 7));
	json_kstr(j, "entity", col_text(s, 8));
	show_name(j, col_text(s, 8), col_text(s, 9), col_text(s, 10));
	json_key(j, "doc_version");
	if (col_null(s, 11))
		json_null(j);
	else
		json_int(j, col_int(s, 11));
	json_kstr(j, "party", col_text(s, 12));
	if (currency != NULL)
		show_amount(j, "amount", col_int(s, 13), currency);
	else
		json_kstr(j, "amount", NULL);
	json_kstr(j, "currency", currency);
	json_kstr(j, "correlation", col_text(s, 15));
	json_kint(j, "attempts", col_int(s, 16));
	show_id(j, "journal", 'J', col_int(s, 17));
	return show_desk(db, col_int(s, 0), arena, j, e) &&
	    write_findings(db, col_int(s, 0), col_text(s, 2), arena, j, e);
}

/* Which statement: by what narrows most. All take $1 after, $2 the state or
 * signature, $3 source, $4 code, $5 text, $6 limit; by signature $7 state. */
static struct stmt *
events_stmt(struct db *db, const struct event_filter *f)
{
	static const char BY_SIGNATURE[] = "SELECT DISTINCT " EVENT_COLUMNS
	    " FROM finding n JOIN event e ON e.seq = n.event"
	    " WHERE n.signature = $2 AND n.event > $1 AND e.state IN"
	    " ('failed', 'held', 'conflict', 'waiting')"
	    " AND ($7 IS NULL OR $7 = 'open' OR e.state = $7)" EVENT_FILTER
	    EVENT_ORDER;
	static const char BY_STATE[] = "SELECT " EVENT_COLUMNS
	    " FROM event e WHERE e.state = $2 AND e.state <> 'posted'"
	    " AND e.seq > $1" EVENT_FILTER EVENT_ORDER;
	static const char OPEN[] = "SELECT " EVENT_COLUMNS
	    " FROM event e WHERE e.state <> 'posted' AND e.state IN"
	    " ('failed', 'held', 'conflict', 'waiting') AND $2 = 'open'"
	    " AND e.seq > $1" EVENT_FILTER EVENT_ORDER;
	/* What a person decided on, or we for one; no longer to be done.
	 * The newest first. */
	static const char RESOLVED[] = "SELECT " EVENT_COLUMNS
	    " FROM event e WHERE e.seq IN (SELECT seq FROM event"
	    " WHERE state = 'dismissed' UNION SELECT event FROM decided)"
	    " AND $2 = 'resolved' AND e.state IN ('dismissed', 'posted',"
	    " 'ignored', 'stale') AND ($1 = 0 OR e.seq < $1)" EVENT_FILTER
	    " ORDER BY e.seq DESC LIMIT $6";
	static const char ALL[] = "SELECT " EVENT_COLUMNS
	    " FROM event e WHERE e.seq > $1 AND ($2 IS NULL OR e.state = $2)"
	    EVENT_FILTER EVENT_ORDER;
	struct stmt *s;

	if (f->signature != NULL) {
		s = db_stmt(db, BY_SIGNATURE);
		stmt_text(s, 2, f->signature);
		stmt_text(s, 7, f->state);
		return s;
	}
	if (f->state == NULL || strcmp(f->state, "posted") == 0)
		s = db_stmt(db, ALL);
	else if (strcmp(f->state, "resolved") == 0)
		s = db_stmt(db, RESOLVED);
	else
		s = db_stmt(db, strcmp(f->state, "open") == 0 ? OPEN :
		    BY_STATE);
	stmt_text(s, 2, f->state);
	return s;
}

bool
view_events(struct db *db, const struct event_filter *f, struct json *j,
    struct err *e)
{
	struct stmt *s = events_stmt(db, f);
	struct arena *arena = arena_new();
	int64_t last = 0;
	int n = 0;
	bool ok = true;
	enum step step;

	stmt_int(s, 1, f->after);
	stmt_text(s, 3, f->source);
	stmt_text(s, 4, f->code);
	stmt_text(s, 5, f->q);
	stmt_int(s, 6, f->limit + 1);
	stmt_text(s, 8, f->assignee);
	stmt_text(s, 9, f->snoozed);
	stmt_int(s, 10, f->now);
	json_open(j, '{');
	json_key(j, "items");
	json_open(j, '[');
	while ((step = stmt_step(s, e)) == STEP_ROW && n++ < f->limit) {
		last = col_int(s, 0);
		ok = ok && write_event(db, s, arena, j, e) && (f->state ==
		    NULL || strcmp(f->state, "resolved") != 0 ||
		    show_settled(db, last, j, e));
		json_close(j, '}');
		arena_reset(arena);
	}
	if (step == STEP_ROW)
		stmt_reset(s);
	json_close(j, ']');
	show_next(j, step == STEP_ROW, 'E', last);
	json_close(j, '}');
	arena_free(&arena);
	return ok && step != STEP_FAILED;
}

static void
write_payload(struct json *j, struct span body)
{
	struct str text;

	if (utf8_valid(body)) {
		json_key(j, "payload");
		json_span(j, body);
		return;
	}
	str_init(&text, body.n * 2 + 8);
	digest_base64((const unsigned char *)body.p, body.n, &text);
	json_key(j, "payload_base64");
	json_span(j, str_span(&text));
	str_free(&text);
}

static void
write_entry(struct json *j, const struct entry *entry, size_t line,
    const char *base)
{
	json_open(j, '{');
	json_kint(j, "line", (int64_t)line);
	json_kstr(j, "account", entry->account);
	json_kstr(j, "party", entry->party);
	json_kstr(j, "cost_centre", entry->cost_centre);
	json_kstr(j, "tax_code", entry->tax_code);
	json_kstr(j, "item", entry->item);
	json_kstr(j, "location", entry->location);
	json_kstr(j, "memo", entry->memo);
	json_kstr(j, "currency", entry->currency);
	show_amount(j, "amount", entry->amount, entry->currency);
	show_amount(j, "base", entry->base, base);
	json_close(j, '}');
}

static bool
base_currency(struct db *db, const char *entity, char out[4], struct err *e)
{
	static const char SQL[] = "SELECT extra FROM master"
	    " WHERE tab = 'entity' AND code = $1";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	memcpy(out, "INR", 4);
	stmt_text(s, 1, entity);
	step = stmt_step(s, e);
	if (step == STEP_ROW) {
		snprintf(out, 4, "%s", col_text(s, 0));
		stmt_reset(s);
	}
	return step != STEP_FAILED;
}

bool
view_journal(struct db *db, int64_t id, struct json *j, bool *found,
    struct err *e)
{
	struct arena *arena = arena_new();
	struct journal journal;
	struct journal_head head;
	char period[8], base[4];
	bool ok = journal_load(db, id, arena, &journal, &head, found, e) &&
	    (!*found || base_currency(db, journal.entity, base, e));

	if (!ok || !*found)
		goto out;
	day_period(journal.date, period);
	json_open(j, '{');
	show_id(j, "id", 'J', id);
	json_kstr(j, "entity", journal.entity);
	json_kstr(j, "date", journal.date.text);
	json_kstr(j, "period", period);
	json_kstr(j, "narration", journal.narration);
	show_name(j, journal.entity, head.kind, head.number);
	json_kint(j, "version", head.version);
	show_id(j, "event", 'E', head.event);
	show_id(j, "reverses", 'J', journal.reverses);
	json_key(j, "entries");
	json_open(j, '[');
	for (size_t i = 0; i < journal.n_entries; i++)
		write_entry(j, &journal.entries[i], i + 1, base);
	json_close(j, ']');
	json_close(j, '}');
out:
	arena_free(&arena);
	return ok;
}

/* The reversal of an amended version is numbered just before the new one. */
bool
show_journals(struct db *db, int64_t last, int64_t n,
    bool (*write)(struct db *, int64_t id, void *, struct err *), void *arg,
    struct err *e)
{
	static const char SQL[] = "SELECT id FROM journal"
	    " WHERE id BETWEEN $1 AND $2 ORDER BY id";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;
	bool ok = true;

	stmt_int(s, 1, last - n + 1);
	stmt_int(s, 2, last);
	while (ok && (step = stmt_step(s, e)) == STEP_ROW)
		ok = write(db, col_int(s, 0), arg, e);
	stmt_reset(s);
	return ok && step != STEP_FAILED;
}

static bool
write_journal(struct db *db, int64_t id, void *arg, struct err *e)
{
	bool found;

	return view_journal(db, id, arg, &found, e);
}

static bool
write_history(struct db *db, int64_t seq, struct json *j, struct err *e)
{
	static const char SQL[] = "SELECT seq, at, actor, action, old, new"
	    " FROM audit WHERE seq = (SELECT audit FROM event WHERE seq = $2)"
	    " UNION ALL SELECT seq, at, actor, action, old, new FROM audit"
	    " WHERE object = $1 AND old <> '' ORDER BY 1";
	struct stmt *s = db_stmt(db, SQL);
	char name[32];
	enum step step;

	snprintf(name, sizeof name, "E%lld", (long long)seq);
	stmt_text(s, 1, name);
	stmt_int(s, 2, seq);
	json_key(j, "history");
	json_open(j, '[');
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		json_open(j, '{');
		show_time(j, "at", col_int(s, 1));
		json_kstr(j, "actor", col_text(s, 2));
		json_kstr(j, "action", col_text(s, 3));
		json_kstr(j, "old", col_text(s, 4));
		json_kstr(j, "new", col_text(s, 5));
		json_close(j, '}');
	}
	json_close(j, ']');
	return step == STEP_DONE;
}

bool
show_body(struct db *db, int64_t version, struct json *j, struct err *e)
{
	static const char SQL[] =
	    "SELECT body FROM document_version WHERE id = $1";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	stmt_int(s, 1, version);
	step = stmt_step(s, e);
	json_key(j, "document_body");
	if (step != STEP_ROW) {
		json_null(j);
		return step == STEP_DONE;
	}
	json_raw(j, col_span(s, 0));
	stmt_reset(s);
	return true;
}

/* The event's document, and all of them when it made several. */
static bool
show_bodies(struct db *db, int64_t event, struct json *j, struct err *e)
{
	static const char SQL[] = "SELECT body FROM document_version"
	    " WHERE id BETWEEN $1 AND $2 ORDER BY id";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	if (!show_body(db, VERSION_ID(event, 0), j, e))
		return false;
	stmt_int(s, 1, VERSION_ID(event, 0));
	stmt_int(s, 2, VERSION_ID(event, DOCUMENT_PARTS_MAX - 1));
	json_key(j, "documents");
	json_open(j, '[');
	while ((step = stmt_step(s, e)) == STEP_ROW)
		json_raw(j, col_span(s, 0));
	json_close(j, ']');
	return step == STEP_DONE;
}

/* As it came, when nothing of it is erased; "personal" says so. */
static bool
show_payload(struct db *db, int64_t seq, struct arena *arena, struct json *j,
    struct err *e)
{
	static const char *const says[] = { [EVENT_WHOLE] = "whole",
	    [EVENT_ERASED] = "erased", [EVENT_APART] = "apart",
	    [EVENT_LOST] = "lost" };
	struct event event;
	struct placing placing;
	enum event_bytes bytes;
	struct span body;
	bool found;

	if (!event_load(db, seq, arena, &event, &placing, &found, e) ||
	    !subject_bytes(db, &event, arena, &body, &bytes, e))
		return false;
	write_payload(j, body);
	json_kstr(j, "personal", event.redacted ? says[bytes] : "none");
	return true;
}

bool
view_event(struct db *db, int64_t seq, const char *source, struct json *j,
    bool *found, struct err *e)
{
	static const char SQL[] = "SELECT " EVENT_COLUMNS ", e.digest,"
	    " e.secret_id FROM event e WHERE e.seq = $1"
	    " AND ($2 IS NULL OR e.source = $2)";
	struct stmt *s = db_stmt(db, SQL);
	struct arena *arena;
	char digest[SHA256_HEX];
	enum step step;
	int64_t journal, journals;
	bool ok;

	stmt_int(s, 1, seq);
	stmt_text(s, 2, source);
	step = stmt_step(s, e);
	*found = step == STEP_ROW;
	if (step != STEP_ROW)
		return step == STEP_DONE;
	arena = arena_new();
	ok = write_event(db, s, arena, j, e);
	ok = ok && show_payload(db, seq, arena, j, e);
	digest_hex((const unsigned char *)col_span(s, 19).p, SHA256_SIZE,
	    digest);
	json_kstr(j, "digest", digest);
	json_kstr(j, "secret", col_text(s, 20));
	journal = col_int(s, 17);
	journals = col_int(s, 18);
	stmt_reset(s);
	ok = ok && show_bodies(db, seq, j, e);
	json_key(j, "journals");
	json_open(j, '[');
	ok = ok && show_journals(db, journal, journals, write_journal, j, e);
	json_close(j, ']');
	ok = ok && write_history(db, seq, j, e) && show_thread(db, seq, j,
	    e) && show_correction(db, seq, j, e);
	json_close(j, '}');
	arena_free(&arena);
	return ok;
}

bool
show_event(struct db *db, int64_t seq, struct arena *arena, struct json *j,
    int64_t *journal, int64_t *journals, bool *found, struct err *e)
{
	static const char SQL[] = "SELECT " EVENT_COLUMNS
	    " FROM event e WHERE e.seq = $1";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;
	bool ok;

	*journal = *journals = 0;
	stmt_int(s, 1, seq);
	step = stmt_step(s, e);
	*found = step == STEP_ROW;
	if (step != STEP_ROW)
		return step == STEP_DONE;
	ok = write_event(db, s, arena, j, e);
	json_close(j, '}');
	*journal = col_int(s, 17);
	*journals = col_int(s, 18);
	stmt_reset(s);
	return ok;
}
