/*
 * All of the console's SQL. Every list is read in windows along an index, so
 * a hundred thousand failures cost no more than forty. Losing the file loses
 * nothing: that is why it is not fsynced on every commit.
 */
#include "ui/cache_inside.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/sealed.h"

#define WORDS_MAX 1000000	/* of one transaction */
#define RELEASE 4	/* of the tables below */

static const char schema[] =
    "CREATE TABLE about(name TEXT PRIMARY KEY, value TEXT NOT NULL)"
    " STRICT, WITHOUT ROWID;"
    /* n is seq again: an index knows no order of two columns of which one is
     * the key of its table. */
    "CREATE TABLE event(seq INTEGER PRIMARY KEY, version INTEGER NOT NULL,"
    " state TEXT NOT NULL COLLATE NOCASE,"
    " source TEXT NOT NULL COLLATE NOCASE, received TEXT NOT NULL,"
    " document TEXT NOT NULL COLLATE NOCASE,"
    " party TEXT NOT NULL COLLATE NOCASE, currency TEXT NOT NULL,"
    " amount TEXT NOT NULL, sentence TEXT NOT NULL,"
    " signature TEXT NOT NULL, who TEXT NOT NULL COLLATE NOCASE,"
    " snoozed TEXT NOT NULL, value INTEGER NOT NULL, n INTEGER NOT NULL,"
    " head TEXT NOT NULL COLLATE NOCASE) STRICT;"
    "CREATE VIRTUAL TABLE word USING fts5(text, content = '',"
    " columnsize = 0, detail = none, tokenize = 'trigram');"
    "CREATE INDEX event_snoozed ON event(snoozed) WHERE snoozed <> '';"
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
    " json TEXT NOT NULL, n INTEGER NOT NULL, PRIMARY KEY(kind, key))"
    " STRICT, WITHOUT ROWID;"
    /* In the order in which they came, of what is not kept for ever. */
    "CREATE INDEX thing_n ON thing(kind, n) WHERE n > 0;";

/* What a word is looked for in, by trigrams. */
#define WORDS "'E' || seq || ' ' || state || ' ' || source || ' ' ||" \
	" document || ' ' || party || ' ' || currency || ' ' || amount ||" \
	" ' ' || who || ' ' || sentence"
/* Bound: ?1 key, ?2 value, ?3 seq of where to go on; ?4 awake;
 * ?5 signature or NULL; ?6 trigrams. */
#define SCOPE " AND e.snoozed <= ?4 AND (?5 IS NULL OR EXISTS(SELECT 1" \
	" FROM member m WHERE m.signature = ?5 AND m.event = e.seq))"
#define SELECT(key) "SELECT " EVENT_COLUMNS ", " key
#define FEW " FROM pick p CROSS JOIN event e ON e.seq = p.seq"
#define PLACE " FROM event e WHERE e.seq = ?3"
#define ORDER(sort, key) \
	[Q_SCAN_UP + (sort)] = SELECT(key) " FROM event e WHERE (" key \
	    ", e.n) > (?1, ?3)" SCOPE " ORDER BY " key ", e.n", \
	[Q_SCAN_DOWN + (sort)] = SELECT(key) " FROM event e WHERE (" key \
	    ", e.n) < (?1, ?3)" SCOPE " ORDER BY " key " DESC, e.n DESC", \
	[Q_FEW_UP + (sort)] = SELECT(key) FEW " WHERE (" key \
	    ", p.seq) > (?1, ?3)" SCOPE " ORDER BY " key ", p.seq", \
	[Q_FEW_DOWN + (sort)] = SELECT(key) FEW " WHERE (" key \
	    ", p.seq) < (?1, ?3)" SCOPE " ORDER BY " key " DESC," \
	    " p.seq DESC", \
	[Q_PLACE + (sort)] = SELECT(key) PLACE

#define EVENT_COLUMNS "e.seq, e.version, e.state, e.source, e.received," \
	" e.document, e.party, e.currency, e.amount, e.sentence," \
	" e.signature, e.who, e.snoozed, e.value"
#define ENTRY_COLUMNS "journal, line, date, document, narration, party," \
	" cost_centre, tax_code, currency, amount"

static const char *const texts[QUERIES] = {
	[Q_ABOUT_SET] = "INSERT INTO about VALUES(?1, ?2)"
	    " ON CONFLICT DO UPDATE SET value = excluded.value",
	[Q_ABOUT] = "SELECT value FROM about WHERE name = ?1",
	[Q_EVENT_SET] = "INSERT OR REPLACE INTO event"
	    " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12,"
	    " ?13, ?14, ?1, substr(?10, 1, 32))",
	[Q_EVENT_DELETE] = "DELETE FROM event WHERE seq = ?1",
	[Q_MEMBER_SET] = "INSERT OR IGNORE INTO member VALUES(?1, ?2)",
	[Q_MEMBER_DELETE] = "DELETE FROM member WHERE event = ?1",
	[Q_SIGNATURE_SET] = "INSERT OR REPLACE INTO signature"
	    " VALUES(?1, ?2, ?3)",
	[Q_SIGNATURE_DELETE] = "DELETE FROM signature WHERE id = ?1",
	[Q_SIGNATURE] = "SELECT json FROM signature WHERE id = ?1",
	[Q_THING_SET] = "INSERT OR REPLACE INTO thing"
	    " VALUES(?1, ?2, ?3, 0)",
	[Q_THING_LAST] = "INSERT OR REPLACE INTO thing VALUES(?1, ?2, ?3,"
	    " (SELECT coalesce(max(n), 0) + 1 FROM thing"
	    " WHERE kind = ?1 AND n > 0))",
	[Q_THING_OLD] = "SELECT key FROM thing WHERE kind = ?1 AND n > 0"
	    " ORDER BY n DESC LIMIT 1 OFFSET ?2",
	[Q_THING_DELETE] = "DELETE FROM thing WHERE kind = ?1 AND key = ?2",
	[Q_THING] = "SELECT json FROM thing WHERE kind = ?1 AND key = ?2",
	[Q_ENTRY_SET] = "INSERT OR REPLACE INTO entry"
	    " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
	[Q_SNOOZED_COUNT] = "SELECT count(*) FROM event"
	    " WHERE snoozed <> '' AND snoozed > ?1",
	[Q_WORDS] = "SELECT " WORDS " FROM event WHERE seq = ?1",
	[Q_SEQ_FIRST] = "SELECT min(seq) FROM event",
	[Q_SEQ_LAST] = "SELECT max(seq) FROM event",
	[Q_SAMPLE] = "SELECT lower(" WORDS ") FROM event WHERE seq >= ?1"
	    " ORDER BY seq LIMIT 1",
	[Q_WORD_SET] = "INSERT INTO word(rowid, text) VALUES(?1, ?2)",
	[Q_WORD_DELETE] = "INSERT INTO word(word, rowid, text)"
	    " VALUES('delete', ?1, ?2)",
	[Q_PICK_CLEAR] = "DELETE FROM pick",
	[Q_PICK_WORDS] = "INSERT OR IGNORE INTO pick SELECT rowid FROM word"
	    " WHERE word MATCH ?1 LIMIT ?4",
	[Q_PICK_AMOUNTS] = "INSERT OR IGNORE INTO pick SELECT n FROM event"
	    " WHERE currency = ?1 AND value BETWEEN ?2 AND ?3 LIMIT ?4",
	[Q_PICK_TIMES] = "INSERT OR IGNORE INTO pick SELECT n FROM event"
	    " WHERE received BETWEEN ?1 AND ?2 LIMIT ?4",
	[Q_PICK_MEMBERS] = "INSERT OR IGNORE INTO pick SELECT event"
	    " FROM member WHERE signature = ?1 LIMIT ?4",
	[Q_PICK_COUNT] = "SELECT count(*) FROM pick",
	[Q_CURRENCY_NEXT] = "SELECT currency FROM event WHERE currency > ?1"
	    " ORDER BY currency LIMIT 1",
	[Q_MATCH_UP] = SELECT("''") " FROM word w CROSS JOIN event e"
	    " ON e.seq = w.rowid WHERE w.word MATCH ?6 AND w.rowid > ?3"
	    SCOPE " ORDER BY w.rowid",
	[Q_MATCH_DOWN] = SELECT("''") " FROM word w CROSS JOIN event e"
	    " ON e.seq = w.rowid WHERE w.word MATCH ?6 AND w.rowid < ?3"
	    SCOPE " ORDER BY w.rowid DESC",
	[Q_MEMBERS_UP] = SELECT("''") " FROM member m CROSS JOIN event e"
	    " ON e.seq = m.event WHERE m.signature = ?5 AND m.event > ?3"
	    " AND e.snoozed <= ?4 ORDER BY m.event",
	[Q_MEMBERS_DOWN] = SELECT("''") " FROM member m CROSS JOIN event e"
	    " ON e.seq = m.event WHERE m.signature = ?5 AND m.event < ?3"
	    " AND e.snoozed <= ?4 ORDER BY m.event DESC",
	[Q_SCAN_UP + SORT_SEQ] = SELECT("''") " FROM event e"
	    " WHERE e.seq > ?3" SCOPE " ORDER BY e.seq",
	[Q_SCAN_DOWN + SORT_SEQ] = SELECT("''") " FROM event e"
	    " WHERE e.seq < ?3" SCOPE " ORDER BY e.seq DESC",
	[Q_FEW_UP + SORT_SEQ] = SELECT("''") FEW " WHERE p.seq > ?3" SCOPE
	    " ORDER BY p.seq",
	[Q_FEW_DOWN + SORT_SEQ] = SELECT("''") FEW " WHERE p.seq < ?3" SCOPE
	    " ORDER BY p.seq DESC",
	[Q_PLACE + SORT_SEQ] = SELECT("''") PLACE,
	ORDER(SORT_STATE, "e.state"),
	ORDER(SORT_RECEIVED, "e.received"),
	ORDER(SORT_SOURCE, "e.source"),
	ORDER(SORT_DOCUMENT, "e.document"),
	ORDER(SORT_PARTY, "e.party"),
	ORDER(SORT_WHO, "e.who"),
	ORDER(SORT_SENTENCE, "e.head"),
	[Q_SCAN_UP + SORT_AMOUNT] = SELECT("e.currency") " FROM event e"
	    " WHERE (e.currency, e.value, e.n) > (?1, ?2, ?3)" SCOPE
	    " ORDER BY e.currency, e.value, e.n",
	[Q_SCAN_DOWN + SORT_AMOUNT] = SELECT("e.currency") " FROM event e"
	    " WHERE (e.currency, e.value, e.n) < (?1, ?2, ?3)" SCOPE
	    " ORDER BY e.currency DESC, e.value DESC, e.n DESC",
	[Q_FEW_UP + SORT_AMOUNT] = SELECT("e.currency") FEW
	    " WHERE (e.currency, e.value, p.seq) > (?1, ?2, ?3)" SCOPE
	    " ORDER BY e.currency, e.value, p.seq",
	[Q_FEW_DOWN + SORT_AMOUNT] = SELECT("e.currency") FEW
	    " WHERE (e.currency, e.value, p.seq) < (?1, ?2, ?3)" SCOPE
	    " ORDER BY e.currency DESC, e.value DESC, p.seq DESC",
	[Q_PLACE + SORT_AMOUNT] = SELECT("e.currency") PLACE,
	[Q_EVENT] = SELECT("''") " FROM event e WHERE e.seq = ?1",
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
	[Q_DOCUMENTS] = "SELECT " ENTRY_COLUMNS " FROM entry"
	    " WHERE instr(upper(document), upper(?1)) > 0",
};

/* ---- opening ----------------------------------------------------------- */

bool
cache_refuse(struct cache *cache, struct err *e)
{
	int code = sqlite3_errcode(cache->db) & 0xff;
	bool broken = code == SQLITE_CORRUPT || code == SQLITE_NOTADB;

	return sealed_failed(e) ? false : err_set(e, broken ? ERR_CORRUPT :
	    ERR_STORE, "cache: %s",
	    sqlite3_errmsg(cache->db));
}

bool
cache_execute(struct cache *cache, const char *sql, struct err *e)
{
	return sqlite3_exec(cache->db, sql, NULL, NULL, NULL) == SQLITE_OK ||
	    cache_refuse(cache, e);
}

sqlite3_stmt *
cache_stmt(struct cache *cache, enum query query)
{
	sqlite3_stmt **s = &cache->statements[query];

	if (*s == NULL && sqlite3_prepare_v3(cache->db, texts[query], -1,
	    SQLITE_PREPARE_PERSISTENT, s, NULL) != SQLITE_OK)
		return NULL;
	if (*s != NULL)
		sqlite3_reset(*s);
	return *s;
}

void
cache_bind(sqlite3_stmt *s, int at, const char *text)
{
	sqlite3_bind_text(s, at, text, -1, SQLITE_TRANSIENT);
}

/* Runs a prepared and bound change. */
bool
cache_finish(struct cache *cache, sqlite3_stmt *s, struct err *e)
{
	bool ok = s != NULL && sqlite3_step(s) == SQLITE_DONE;

	if (!ok)
		cache_refuse(cache, e);
	if (s != NULL)
		sqlite3_reset(s);
	return ok;
}

bool
cache_about_set(struct cache *cache, const char *name, const char *value,
    struct err *e)
{
	sqlite3_stmt *s = cache_stmt(cache, Q_ABOUT_SET);

	if (s != NULL) {
		cache_bind(s, 1, name);
		cache_bind(s, 2, value);
	}
	return cache_finish(cache, s, e);
}

const char *
cache_column(sqlite3_stmt *s, int at, struct arena *arena)
{
	const char *text = (const char *)sqlite3_column_text(s, at);

	return arena_strdup(arena, text ? text : "");
}

const char *
cache_about(struct cache *cache, struct arena *arena, const char *name)
{
	sqlite3_stmt *s = cache_stmt(cache, Q_ABOUT);
	const char *out = "";

	if (s == NULL)
		return out;
	cache_bind(s, 1, name);
	if (sqlite3_step(s) == SQLITE_ROW)
		out = cache_column(s, 0, arena);
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
	sealed_failed(NULL);
	if (sqlite3_open_v2(path, &cache->db, SQLITE_OPEN_READWRITE |
	    SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, sealed_vfs()) !=
	    SQLITE_OK)
		return sealed_failed(e) ? false : err_set(e, ERR_STORE,
		    "cache %.300s: %s", path, cache->db ?
		    sqlite3_errmsg(cache->db) : "no memory");
	sealed_prepare(cache->db);
	sqlite3_busy_timeout(cache->db, 5000);
	sqlite3_db_config(cache->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(cache->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	return cache_execute(cache, "PRAGMA journal_mode = WAL;"
	    "PRAGMA synchronous = NORMAL; PRAGMA cache_size = -4000;"
	    /* What is mapped and touched would count as ours. */
	    "PRAGMA mmap_size = 0; PRAGMA temp_store = 2;"
	    "CREATE TEMP TABLE pick(seq INTEGER PRIMARY KEY)", e);
}

bool
cache_settle(struct cache *cache, struct err *e)
{
	static const char *const indexes[] = {
		"event_state ON event(state, n)",
		"event_received ON event(received, n)",
		"event_source ON event(source, n)",
		"event_document ON event(document, n)",
		"event_party ON event(party, n)",
		"event_amount ON event(currency, value, n)",
		"event_who ON event(who, n)",
		"event_sentence ON event(head, n)"
	};
	bool ok = true;

	for (size_t i = 0; ok && i < sizeof indexes / sizeof *indexes; i++) {
		char sql[120];

		snprintf(sql, sizeof sql, "CREATE INDEX IF NOT EXISTS %s",
		    indexes[i]);
		ok = cache_execute(cache, sql, e);
	}
	return ok;
}

static bool
install(struct cache *cache, struct err *e)
{
	char release[40];
	bool ok;

	/* The usual start must not wait for another console's writing. */
	if (release_of(cache) == RELEASE)
		return true;
	ok = cache_execute(cache, "BEGIN IMMEDIATE", e);
	if (ok && release_of(cache) == 0) {
		snprintf(release, sizeof release,
		    "PRAGMA user_version = %d", RELEASE);
		ok = cache_execute(cache, schema, e) &&
		    cache_execute(cache, release, e);
	}
	if (!ok || !cache_execute(cache, "COMMIT", e)) {
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
	bool same = strcmp(cache_about(cache, arena, "place"), place) == 0;

	arena_free(&arena);
	if (same)
		return true;
	return cache_begin(cache, e) && cache_clear(cache, e) &&
	    cache_about_set(cache, "place", place, e) && cache_commit(cache, e);
}

static void
remove_file(const char *path)
{
	static const char *const tails[] = { "", "-wal", "-shm", "-swal" };
	char name[4096];

	for (size_t i = 0; i < sizeof tails / sizeof *tails; i++) {
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
	cache->texts = arena_new();
	cache->samples = arena_new();
	vec_init(&cache->words, sizeof(struct cache_words), WORDS_MAX);
	if (connect(cache, path, e) && install(cache, e) &&
	    same_place(cache, place, e))
		return true;
	cache_close(out);
	return false;
}

/* A copy that is damaged, of another release, or whose key is gone, is thrown
 * away: the daemon has it all. */
bool
cache_open(struct cache **out, const char *path, const char *place,
    struct err *e)
{
	struct err first = { 0 };

	if (try_open(out, path, place, &first))
		return true;
	if (first.code != ERR_CORRUPT && first.code != ERR_SCHEMA &&
	    first.code != ERR_KEY)
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
	vec_free(&cache->words);
	arena_free(&cache->texts);
	arena_free(&cache->samples);
	free(cache);
	*cp = NULL;
}

int64_t
cache_number(const char *id)
{
	char *end;
	long long n;

	while (*id != '\0' && (*id < '0' || *id > '9'))
		id++;
	errno = 0;
	n = strtoll(id, &end, 10);
	return errno == 0 && end != id ? n : 0;
}
