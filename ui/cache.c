/*
 * All of the console's SQL. Every list is read in windows along an index, so
 * a hundred thousand failures cost no more than forty. Losing the file loses
 * nothing: that is why it is not fsynced on every commit.
 */
#include "ui/cache.h"

#include <errno.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "book/state.h"

#define RELEASE 1	/* of the tables below */
#define FIELD_MAX 400	/* bytes of one text shown in a list */

static const char schema[] =
    "CREATE TABLE about(name TEXT PRIMARY KEY, value TEXT NOT NULL)"
    " STRICT, WITHOUT ROWID;"
    "CREATE TABLE event(seq INTEGER PRIMARY KEY, version INTEGER NOT NULL,"
    " state TEXT NOT NULL, source TEXT NOT NULL, received TEXT NOT NULL,"
    " document TEXT NOT NULL, party TEXT NOT NULL, currency TEXT NOT NULL,"
    " amount TEXT NOT NULL, sentence TEXT NOT NULL,"
    " signature TEXT NOT NULL) STRICT;"
    "CREATE TABLE member(signature TEXT NOT NULL, event INTEGER NOT NULL,"
    " PRIMARY KEY(signature, event)) STRICT, WITHOUT ROWID;"
    "CREATE INDEX member_event ON member(event);"
    "CREATE TABLE signature(id TEXT PRIMARY KEY, count INTEGER NOT NULL,"
    " json TEXT NOT NULL) STRICT, WITHOUT ROWID;"
    "CREATE INDEX signature_count ON signature(count DESC, id);"
    "CREATE TABLE entry(account TEXT NOT NULL, journal INTEGER NOT NULL,"
    " line INTEGER NOT NULL, date TEXT NOT NULL, document TEXT NOT NULL,"
    " narration TEXT NOT NULL, party TEXT NOT NULL,"
    " cost_centre TEXT NOT NULL, tax_code TEXT NOT NULL,"
    " currency TEXT NOT NULL, amount TEXT NOT NULL,"
    " PRIMARY KEY(account, journal, line)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE thing(kind TEXT NOT NULL, key TEXT NOT NULL,"
    " json TEXT NOT NULL, PRIMARY KEY(kind, key)) STRICT, WITHOUT ROWID;";

enum query {
	Q_ABOUT_SET, Q_ABOUT, Q_EVENT_SET, Q_EVENT_DELETE, Q_MEMBER_SET,
	Q_MEMBER_DELETE, Q_SIGNATURE_SET, Q_SIGNATURE_DELETE, Q_SIGNATURE,
	Q_THING_SET, Q_THING_DELETE, Q_THING, Q_ENTRY_SET, Q_OPEN_COUNT,
	Q_EVENTS_UP, Q_EVENTS_DOWN, Q_MEMBERS_UP, Q_MEMBERS_DOWN, Q_EVENT,
	Q_SIGNATURES_UP, Q_SIGNATURES_DOWN, Q_SIGNATURE_COUNT,
	Q_ENTRIES_UP, Q_ENTRIES_DOWN, QUERIES
};

#define EVENT_COLUMNS "e.seq, e.version, e.state, e.source, e.received," \
	" e.document, e.party, e.currency, e.amount, e.sentence, e.signature"
#define ENTRY_COLUMNS "journal, line, date, document, narration, party," \
	" cost_centre, tax_code, currency, amount"

static const char *const texts[QUERIES] = {
	[Q_ABOUT_SET] = "INSERT INTO about VALUES(?1, ?2)"
	    " ON CONFLICT DO UPDATE SET value = excluded.value",
	[Q_ABOUT] = "SELECT value FROM about WHERE name = ?1",
	[Q_EVENT_SET] = "INSERT OR REPLACE INTO event"
	    " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
	[Q_EVENT_DELETE] = "DELETE FROM event WHERE seq = ?1",
	[Q_MEMBER_SET] = "INSERT OR IGNORE INTO member VALUES(?1, ?2)",
	[Q_MEMBER_DELETE] = "DELETE FROM member WHERE event = ?1",
	[Q_SIGNATURE_SET] = "INSERT OR REPLACE INTO signature"
	    " VALUES(?1, ?2, ?3)",
	[Q_SIGNATURE_DELETE] = "DELETE FROM signature WHERE id = ?1",
	[Q_SIGNATURE] = "SELECT json FROM signature WHERE id = ?1",
	[Q_THING_SET] = "INSERT OR REPLACE INTO thing VALUES(?1, ?2, ?3)",
	[Q_THING_DELETE] = "DELETE FROM thing WHERE kind = ?1 AND key = ?2",
	[Q_THING] = "SELECT json FROM thing WHERE kind = ?1 AND key = ?2",
	[Q_ENTRY_SET] = "INSERT OR REPLACE INTO entry"
	    " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
	[Q_OPEN_COUNT] = "SELECT count(*) FROM event",
	[Q_EVENTS_UP] = "SELECT " EVENT_COLUMNS " FROM event e"
	    " WHERE e.seq > ?1 ORDER BY e.seq LIMIT ?2",
	[Q_EVENTS_DOWN] = "SELECT " EVENT_COLUMNS " FROM event e"
	    " WHERE e.seq < ?1 ORDER BY e.seq DESC LIMIT ?2",
	[Q_MEMBERS_UP] = "SELECT " EVENT_COLUMNS " FROM member m"
	    " JOIN event e ON e.seq = m.event WHERE m.signature = ?3"
	    " AND m.event > ?1 ORDER BY m.event LIMIT ?2",
	[Q_MEMBERS_DOWN] = "SELECT " EVENT_COLUMNS " FROM member m"
	    " JOIN event e ON e.seq = m.event WHERE m.signature = ?3"
	    " AND m.event < ?1 ORDER BY m.event DESC LIMIT ?2",
	[Q_EVENT] = "SELECT " EVENT_COLUMNS " FROM event e WHERE e.seq = ?1",
	[Q_SIGNATURES_UP] = "SELECT json FROM signature WHERE count <= ?1"
	    " AND (count < ?1 OR id > ?2) ORDER BY count DESC, id LIMIT ?3",
	[Q_SIGNATURES_DOWN] = "SELECT json FROM signature WHERE count >= ?1"
	    " AND (count > ?1 OR id < ?2) ORDER BY count, id DESC LIMIT ?3",
	[Q_SIGNATURE_COUNT] = "SELECT count(*) FROM signature",
	[Q_ENTRIES_UP] = "SELECT " ENTRY_COLUMNS " FROM entry"
	    " WHERE account = ?1 AND (journal, line) < (?2, ?3)"
	    " ORDER BY journal DESC, line DESC LIMIT ?4",
	[Q_ENTRIES_DOWN] = "SELECT " ENTRY_COLUMNS " FROM entry"
	    " WHERE account = ?1 AND (journal, line) > (?2, ?3)"
	    " ORDER BY journal, line LIMIT ?4",
};

struct cache {
	sqlite3 *db;
	sqlite3_stmt *statements[QUERIES];
};

/* ---- opening ----------------------------------------------------------- */

static bool
refuse(struct cache *cache, struct err *e)
{
	int code = sqlite3_errcode(cache->db) & 0xff;
	bool broken = code == SQLITE_CORRUPT || code == SQLITE_NOTADB;

	return err_set(e, broken ? ERR_CORRUPT : ERR_STORE, "cache: %s",
	    sqlite3_errmsg(cache->db));
}

static bool
execute(struct cache *cache, const char *sql, struct err *e)
{
	return sqlite3_exec(cache->db, sql, NULL, NULL, NULL) == SQLITE_OK ||
	    refuse(cache, e);
}

static sqlite3_stmt *
prepare(struct cache *cache, enum query query)
{
	sqlite3_stmt **s = &cache->statements[query];

	if (*s == NULL && sqlite3_prepare_v3(cache->db, texts[query], -1,
	    SQLITE_PREPARE_PERSISTENT, s, NULL) != SQLITE_OK)
		return NULL;
	if (*s != NULL)
		sqlite3_reset(*s);
	return *s;
}

static void
bind_text(sqlite3_stmt *s, int at, const char *text)
{
	sqlite3_bind_text(s, at, text, -1, SQLITE_TRANSIENT);
}

/* Runs a prepared and bound change. */
static bool
finish(struct cache *cache, sqlite3_stmt *s, struct err *e)
{
	bool ok = s != NULL && sqlite3_step(s) == SQLITE_DONE;

	if (!ok)
		refuse(cache, e);
	if (s != NULL)
		sqlite3_reset(s);
	return ok;
}

static bool
about_set(struct cache *cache, const char *name, const char *value,
    struct err *e)
{
	sqlite3_stmt *s = prepare(cache, Q_ABOUT_SET);

	if (s != NULL) {
		bind_text(s, 1, name);
		bind_text(s, 2, value);
	}
	return finish(cache, s, e);
}

static const char *
column(sqlite3_stmt *s, int at, struct arena *arena)
{
	const char *text = (const char *)sqlite3_column_text(s, at);

	return arena_strdup(arena, text ? text : "");
}

static const char *
about(struct cache *cache, struct arena *arena, const char *name)
{
	sqlite3_stmt *s = prepare(cache, Q_ABOUT);
	const char *out = "";

	if (s == NULL)
		return out;
	bind_text(s, 1, name);
	if (sqlite3_step(s) == SQLITE_ROW)
		out = column(s, 0, arena);
	sqlite3_reset(s);
	return out;
}

static int
release_of(struct cache *cache)
{
	sqlite3_stmt *s;
	int release = -1;

	if (sqlite3_prepare_v2(cache->db, "PRAGMA user_version", -1, &s,
	    NULL) == SQLITE_OK && sqlite3_step(s) == SQLITE_ROW)
		release = sqlite3_column_int(s, 0);
	sqlite3_finalize(s);
	return release;
}

static bool
connect(struct cache *cache, const char *path, struct err *e)
{
	if (sqlite3_open_v2(path, &cache->db, SQLITE_OPEN_READWRITE |
	    SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK)
		return err_set(e, ERR_STORE, "cache %.300s: %s", path,
		    cache->db ? sqlite3_errmsg(cache->db) : "no memory");
	sqlite3_busy_timeout(cache->db, 5000);
	sqlite3_db_config(cache->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(cache->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	return execute(cache, "PRAGMA journal_mode = WAL;"
	    "PRAGMA synchronous = NORMAL; PRAGMA cache_size = -8000;"
	    "PRAGMA mmap_size = 268435456", e);
}

static bool
install(struct cache *cache, struct err *e)
{
	char release[40];
	bool ok = execute(cache, "BEGIN IMMEDIATE", e);

	if (ok && release_of(cache) == 0) {
		snprintf(release, sizeof release,
		    "PRAGMA user_version = %d", RELEASE);
		ok = execute(cache, schema, e) && execute(cache, release, e);
	}
	if (!ok || !execute(cache, "COMMIT", e)) {
		cache_rollback(cache);
		return false;
	}
	if (release_of(cache) != RELEASE)
		return err_set(e, ERR_SCHEMA, "cache of another release");
	return true;
}

static bool
same_place(struct cache *cache, const char *place, struct err *e)
{
	struct arena *arena = arena_new();
	bool same = strcmp(about(cache, arena, "place"), place) == 0;

	arena_free(&arena);
	if (same)
		return true;
	return cache_begin(cache, e) && cache_clear(cache, e) &&
	    about_set(cache, "place", place, e) && cache_commit(cache, e);
}

static void
remove_file(const char *path)
{
	static const char *const tails[] = { "", "-wal", "-shm" };
	char name[4096];

	for (size_t i = 0; i < 3; i++) {
		snprintf(name, sizeof name, "%s%s", path, tails[i]);
		unlink(name);
	}
}

static bool
try_open(struct cache **out, const char *path, const char *place,
    struct err *e)
{
	struct cache *cache = calloc(1, sizeof *cache);

	if (cache == NULL)
		bug("out of memory");
	*out = cache;
	if (connect(cache, path, e) && install(cache, e) &&
	    same_place(cache, place, e))
		return true;
	cache_close(out);
	return false;
}

/* A damaged or foreign-release copy is thrown away: the daemon has it all. */
bool
cache_open(struct cache **out, const char *path, const char *place,
    struct err *e)
{
	struct err first = { 0 };

	if (try_open(out, path, place, &first))
		return true;
	if (first.code != ERR_CORRUPT && first.code != ERR_SCHEMA)
		return err_set(e, first.code, "%s", first.why);
	remove_file(path);
	return try_open(out, path, place, e);
}

void
cache_close(struct cache **cp)
{
	struct cache *cache = *cp;

	if (cache == NULL)
		return;
	for (size_t i = 0; i < QUERIES; i++)
		sqlite3_finalize(cache->statements[i]);
	sqlite3_close(cache->db);
	free(cache);
	*cp = NULL;
}

/* ---- writing ----------------------------------------------------------- */

bool
cache_begin(struct cache *cache, struct err *e)
{
	return execute(cache, "BEGIN IMMEDIATE", e);
}

bool
cache_commit(struct cache *cache, struct err *e)
{
	return execute(cache, "COMMIT", e);
}

void
cache_rollback(struct cache *cache)
{
	if (!sqlite3_get_autocommit(cache->db))
		sqlite3_exec(cache->db, "ROLLBACK", NULL, NULL, NULL);
}

bool
cache_clear(struct cache *cache, struct err *e)
{
	return execute(cache, "DELETE FROM event; DELETE FROM member;"
	    "DELETE FROM signature; DELETE FROM entry; DELETE FROM thing;"
	    "DELETE FROM about WHERE name IN ('seq', 'at')", e);
}

bool
cache_mark(struct cache *cache, int64_t seq, const char *at, struct err *e)
{
	char text[24];

	snprintf(text, sizeof text, "%lld", (long long)seq);
	return about_set(cache, "seq", text, e) &&
	    about_set(cache, "at", at, e);
}

bool
cache_keep(struct cache *cache, const char *kind, const char *key,
    struct span json, struct err *e)
{
	sqlite3_stmt *s = prepare(cache, json.n > 0 ? Q_THING_SET :
	    Q_THING_DELETE);

	if (s == NULL)
		return refuse(cache, e);
	bind_text(s, 1, kind);
	bind_text(s, 2, key);
	if (json.n > 0)
		sqlite3_bind_text64(s, 3, json.p, json.n, SQLITE_TRANSIENT,
		    SQLITE_UTF8);
	return finish(cache, s, e);
}

static int64_t
number_of(const char *id)
{
	char *end;
	long long n;

	while (*id != '\0' && (*id < '0' || *id > '9'))
		id++;
	errno = 0;
	n = strtoll(id, &end, 10);
	return errno == 0 && end != id ? n : 0;
}

static bool
run_number(struct cache *cache, enum query query, int64_t n, struct err *e)
{
	sqlite3_stmt *s = prepare(cache, query);

	if (s != NULL)
		sqlite3_bind_int64(s, 1, n);
	return finish(cache, s, e);
}

static bool
add_members(struct cache *cache, const struct wire_event *event,
    struct err *e)
{
	for (size_t i = 0; i < event->findings.n; i++) {
		sqlite3_stmt *s;

		if (event->findings.items[i].signature[0] == '\0')
			continue;
		s = prepare(cache, Q_MEMBER_SET);
		if (s != NULL) {
			bind_text(s, 1, event->findings.items[i].signature);
			sqlite3_bind_int64(s, 2, event->seq);
		}
		if (!finish(cache, s, e))
			return false;
	}
	return true;
}

/* The finding to show: one that a mapping mends, since it can be acted on. */
static const struct wire_finding *
chief(const struct wire_findings *findings)
{
	for (size_t i = 0; i < findings->n; i++)
		if (findings->items[i].fixable)
			return &findings->items[i];
	return findings->n > 0 ? &findings->items[0] : NULL;
}

static bool
add_event(struct cache *cache, const struct wire_event *ev, struct err *e)
{
	sqlite3_stmt *s = prepare(cache, Q_EVENT_SET);
	const struct wire_finding *f = chief(&ev->findings);

	if (s == NULL)
		return refuse(cache, e);
	sqlite3_bind_int64(s, 1, ev->seq);
	sqlite3_bind_int64(s, 2, ev->version);
	bind_text(s, 3, ev->state);
	bind_text(s, 4, ev->source);
	bind_text(s, 5, ev->received);
	bind_text(s, 6, ev->document);
	bind_text(s, 7, ev->party);
	bind_text(s, 8, ev->currency);
	bind_text(s, 9, ev->amount);
	bind_text(s, 10, f ? f->sentence : "");
	bind_text(s, 11, f ? f->signature : "");
	return finish(cache, s, e) && add_members(cache, ev, e);
}

static bool
is_open(const char *state)
{
	enum event_state found;

	return !event_state_find(state, &found) ||
	    event_state_open(found) || found == EVENT_RECEIVED;
}

/* Only what waits for somebody is kept: posted events are in the ledger. */
static bool
apply_event(struct cache *cache, const struct wire_change *change,
    struct arena *arena, struct err *e)
{
	int64_t seq = number_of(change->key);
	struct wire_event event;

	if (!run_number(cache, Q_MEMBER_DELETE, seq, e))
		return false;
	if (change->value.n > 0 && shape_event(change->value, arena, &event)
	    && is_open(event.state)) {
		if (event.seq == 0)
			event.seq = seq;
		return add_event(cache, &event, e);
	}
	return run_number(cache, Q_EVENT_DELETE, seq, e);
}

static bool
set_signature(struct cache *cache, const char *key, struct span value,
    struct arena *arena, struct err *e)
{
	struct wire_signature one;
	bool there = value.n > 0 && shape_signature(value, arena, &one) &&
	    one.count > 0;
	sqlite3_stmt *s = prepare(cache, there ? Q_SIGNATURE_SET :
	    Q_SIGNATURE_DELETE);

	if (s == NULL)
		return refuse(cache, e);
	bind_text(s, 1, there ? one.id : key);
	if (there) {
		sqlite3_bind_int64(s, 2, one.count);
		sqlite3_bind_text64(s, 3, value.p, value.n,
		    SQLITE_TRANSIENT, SQLITE_UTF8);
	}
	return finish(cache, s, e);
}

bool
cache_keep_signatures(struct cache *cache, struct span json, struct err *e)
{
	struct arena *arena = arena_new();
	struct span *items;
	size_t n;
	bool ok = shape_items(json, arena, &items, &n) ||
	    err_set(e, ERR_JSON, "signatures are not as documented");

	ok = ok && execute(cache, "DELETE FROM signature", e);
	for (size_t i = 0; ok && i < n; i++)
		ok = set_signature(cache, "", items[i], arena, e);
	arena_free(&arena);
	return ok;
}

static bool
add_entry(struct cache *cache, const char *account, int64_t journal,
    const char *const shared[3], const struct wire_entry *entry,
    struct err *e)
{
	sqlite3_stmt *s = prepare(cache, Q_ENTRY_SET);

	if (s == NULL)
		return refuse(cache, e);
	bind_text(s, 1, account);
	sqlite3_bind_int64(s, 2, journal);
	sqlite3_bind_int64(s, 3, entry->line);
	for (int i = 0; i < 3; i++)
		bind_text(s, 4 + i, shared[i]);
	bind_text(s, 7, entry->party);
	bind_text(s, 8, entry->cost_centre);
	bind_text(s, 9, entry->tax_code);
	bind_text(s, 10, entry->currency);
	bind_text(s, 11, entry->amount);
	return finish(cache, s, e);
}

bool
cache_keep_entries(struct cache *cache, const char *account,
    const struct wire_entries *entries, struct err *e)
{
	for (size_t i = 0; i < entries->n; i++) {
		const struct wire_entry *en = &entries->items[i];
		const char *shared[3] = { en->date, en->document,
		    en->narration };

		if (!add_entry(cache, account, number_of(en->journal),
		    shared, en, e))
			return false;
	}
	return true;
}

bool
cache_keep_journal(struct cache *cache, const struct wire_journal *journal,
    struct span json, struct err *e)
{
	const char *shared[3] = { journal->date, journal->document,
	    journal->narration };

	for (size_t i = 0; i < journal->entries.n; i++) {
		const struct wire_entry *en = &journal->entries.items[i];

		if (!add_entry(cache, en->account, number_of(journal->id),
		    shared, en, e))
			return false;
	}
	return cache_keep(cache, "journal", journal->id, json, e);
}

bool
cache_apply(struct cache *cache, const struct wire_change *change,
    struct err *e)
{
	struct arena *arena = arena_new();
	struct wire_journal journal;
	bool ok = true;

	if (strcmp(change->topic, "event") == 0)
		ok = apply_event(cache, change, arena, e);
	else if (strcmp(change->topic, "signature") == 0)
		ok = set_signature(cache, change->key, change->value, arena,
		    e);
	else if (strcmp(change->topic, "journal") == 0 &&
	    shape_journal(change->value, arena, &journal))
		ok = cache_keep_journal(cache, &journal, change->value, e);
	arena_free(&arena);
	return ok;
}

/* ---- reading ----------------------------------------------------------- */

int64_t
cache_seq(struct cache *cache)
{
	struct arena *arena = arena_new();
	int64_t seq = number_of(about(cache, arena, "seq"));

	arena_free(&arena);
	return seq;
}

const char *
cache_at(struct cache *cache, struct arena *arena)
{
	return about(cache, arena, "at");
}

bool
cache_find(struct cache *cache, struct arena *arena, const char *kind,
    const char *key, struct span *json)
{
	sqlite3_stmt *s = prepare(cache, Q_THING);
	bool found;

	if (s == NULL)
		return false;
	bind_text(s, 1, kind);
	bind_text(s, 2, key);
	found = sqlite3_step(s) == SQLITE_ROW;
	if (found)
		*json = span_of(column(s, 0, arena));
	sqlite3_reset(s);
	return found;
}

static int64_t
count_rows(struct cache *cache, enum query query)
{
	sqlite3_stmt *s = prepare(cache, query);
	int64_t n = 0;

	if (s != NULL && sqlite3_step(s) == SQLITE_ROW)
		n = sqlite3_column_int64(s, 0);
	if (s != NULL)
		sqlite3_reset(s);
	return n;
}

int64_t
cache_open_count(struct cache *cache)
{
	return count_rows(cache, Q_OPEN_COUNT);
}

int64_t
cache_signature_count(struct cache *cache)
{
	return count_rows(cache, Q_SIGNATURE_COUNT);
}

static const char *
short_column(sqlite3_stmt *s, int at, struct arena *arena)
{
	const char *text = (const char *)sqlite3_column_text(s, at);

	return arena_strndup(arena, text ? text : "",
	    text ? strnlen(text, FIELD_MAX) : 0);
}

static void
read_event(sqlite3_stmt *s, struct arena *arena, struct cache_event *out)
{
	const char **texts_out[] = { &out->state, &out->source,
	    &out->received, &out->document, &out->party, &out->currency,
	    &out->amount, &out->sentence, &out->signature };

	out->seq = sqlite3_column_int64(s, 0);
	out->version = sqlite3_column_int64(s, 1);
	for (int i = 0; i < 9; i++)
		*texts_out[i] = short_column(s, i + 2, arena);
}

size_t
cache_events(struct cache *cache, struct arena *arena,
    const char *signature, int64_t anchor, bool backward,
    struct cache_event *out, size_t n)
{
	sqlite3_stmt *s = prepare(cache, signature ?
	    backward ? Q_MEMBERS_DOWN : Q_MEMBERS_UP :
	    backward ? Q_EVENTS_DOWN : Q_EVENTS_UP);
	size_t got = 0;

	if (s == NULL)
		return 0;
	sqlite3_bind_int64(s, 1, anchor);
	sqlite3_bind_int64(s, 2, (int64_t)n);
	if (signature != NULL)
		bind_text(s, 3, signature);
	while (got < n && sqlite3_step(s) == SQLITE_ROW)
		read_event(s, arena, &out[got++]);
	sqlite3_reset(s);
	return got;
}

bool
cache_event(struct cache *cache, struct arena *arena, int64_t seq,
    struct cache_event *out)
{
	sqlite3_stmt *s = prepare(cache, Q_EVENT);
	bool found;

	if (s == NULL)
		return false;
	sqlite3_bind_int64(s, 1, seq);
	found = sqlite3_step(s) == SQLITE_ROW;
	if (found)
		read_event(s, arena, out);
	sqlite3_reset(s);
	return found;
}

size_t
cache_signatures(struct cache *cache, struct arena *arena, int64_t count,
    const char *anchor, bool backward, struct wire_signature *out, size_t n)
{
	sqlite3_stmt *s = prepare(cache, backward ? Q_SIGNATURES_DOWN :
	    Q_SIGNATURES_UP);
	size_t got = 0;

	if (s == NULL)
		return 0;
	if (anchor == NULL)
		count = backward ? INT64_MIN : INT64_MAX;
	sqlite3_bind_int64(s, 1, count);
	bind_text(s, 2, anchor ? anchor : "");
	sqlite3_bind_int64(s, 3, (int64_t)n);
	while (got < n && sqlite3_step(s) == SQLITE_ROW)
		got += shape_signature(span_of(column(s, 0, arena)), arena,
		    &out[got]);
	sqlite3_reset(s);
	return got;
}

bool
cache_signature(struct cache *cache, struct arena *arena, const char *id,
    struct wire_signature *out)
{
	sqlite3_stmt *s = prepare(cache, Q_SIGNATURE);
	bool found;

	if (s == NULL)
		return false;
	bind_text(s, 1, id);
	found = sqlite3_step(s) == SQLITE_ROW &&
	    shape_signature(span_of(column(s, 0, arena)), arena, out);
	sqlite3_reset(s);
	return found;
}

static void
read_entry(sqlite3_stmt *s, struct arena *arena, struct wire_entry *out)
{
	*out = (struct wire_entry){ .line = sqlite3_column_int64(s, 1) };
	out->journal = arena_printf(arena, "J%lld",
	    (long long)sqlite3_column_int64(s, 0));
	out->date = short_column(s, 2, arena);
	out->document = short_column(s, 3, arena);
	out->narration = short_column(s, 4, arena);
	out->party = short_column(s, 5, arena);
	out->cost_centre = short_column(s, 6, arena);
	out->tax_code = short_column(s, 7, arena);
	out->currency = short_column(s, 8, arena);
	out->amount = short_column(s, 9, arena);
}

size_t
cache_entries(struct cache *cache, struct arena *arena, const char *account,
    int64_t journal, int64_t line, bool backward, struct wire_entry *out,
    size_t n)
{
	sqlite3_stmt *s = prepare(cache, backward ? Q_ENTRIES_DOWN :
	    Q_ENTRIES_UP);
	size_t got = 0;

	if (s == NULL)
		return 0;
	if (journal == 0 && !backward)
		journal = INT64_MAX;
	bind_text(s, 1, account);
	sqlite3_bind_int64(s, 2, journal);
	sqlite3_bind_int64(s, 3, line);
	sqlite3_bind_int64(s, 4, (int64_t)n);
	while (got < n && sqlite3_step(s) == SQLITE_ROW)
		read_entry(s, arena, &out[got++]);
	sqlite3_reset(s);
	return got;
}
