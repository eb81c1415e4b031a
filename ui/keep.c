/*
 * The SQL of what must not be lost. FULL: a commit that returned has been
 * fsynced. Who is a process is its number, since state is not shared by hosts.
 */
#include "ui/keep.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/digest.h"
#include "core/json.h"
#include "core/sealed.h"

#define RELEASE 1	/* of the tables below */
#define BODY_MAX ((size_t)32 << 20)

static const char schema[] =
    "CREATE TABLE entry(n INTEGER PRIMARY KEY AUTOINCREMENT,"
    " state INTEGER NOT NULL, owner INTEGER NOT NULL, at TEXT NOT NULL,"
    " key TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, what TEXT NOT NULL,"
    " about TEXT NOT NULL, again TEXT NOT NULL, method TEXT NOT NULL,"
    " path TEXT NOT NULL, match TEXT NOT NULL, body TEXT NOT NULL,"
    " member TEXT NOT NULL, value TEXT NOT NULL, said TEXT NOT NULL) STRICT;"
    "CREATE INDEX entry_state ON entry(state, n);"
    "CREATE TABLE line(n INTEGER PRIMARY KEY AUTOINCREMENT,"
    " at TEXT NOT NULL, word TEXT NOT NULL, key TEXT NOT NULL,"
    " digest TEXT NOT NULL, chain TEXT NOT NULL) STRICT;"
    "CREATE TABLE note(kind TEXT NOT NULL, owner INTEGER NOT NULL,"
    " at INTEGER NOT NULL, text TEXT NOT NULL, PRIMARY KEY(kind, owner))"
    " STRICT, WITHOUT ROWID;";

#define COLUMNS "n, state, owner, at, key, kind, what, about, again," \
	" method, path, match, body, member, value, said"

enum query {
	Q_PUT, Q_NEXT, Q_STRIKE, Q_STATE, Q_AGAIN, Q_RELEASE, Q_CHANGE, Q_CLEAR,
	Q_LIST, Q_FIND, Q_COUNT, Q_LINE_LAST, Q_LINE_ADD, Q_LINES, Q_LINE_COUNT,
	Q_NOTE,
	Q_NOTE_DELETE, Q_NOTES, QUERIES
};

static const char *const texts[QUERIES] = {
	[Q_PUT] = "INSERT INTO entry(state, owner, at, key, kind, what,"
	    " about, again, method, path, match, body, member, value, said)"
	    " VALUES(0, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12,"
	    " ?13, '')",
	[Q_NEXT] = "SELECT " COLUMNS " FROM entry WHERE state = 0"
	    " ORDER BY n",
	[Q_STRIKE] = "DELETE FROM entry WHERE n = ?1",
	[Q_STATE] = "UPDATE entry SET state = ?2, said = ?3, owner = 0"
	    " WHERE n = ?1",
	[Q_AGAIN] = "UPDATE entry SET state = 0, said = '', owner = ?2"
	    " WHERE n = ?1",
	[Q_RELEASE] = "UPDATE entry SET owner = 0 WHERE owner = ?1",
	[Q_CHANGE] = "UPDATE entry SET value = ?2, body = ?3 WHERE n = ?1",
	[Q_CLEAR] = "DELETE FROM entry WHERE state > 0",
	[Q_LIST] = "SELECT " COLUMNS " FROM entry ORDER BY n LIMIT ?1",
	[Q_FIND] = "SELECT " COLUMNS " FROM entry WHERE n = ?1",
	[Q_COUNT] = "SELECT state, owner, count(*) FROM entry"
	    " GROUP BY state, owner",
	[Q_LINE_LAST] = "SELECT chain FROM line ORDER BY n DESC LIMIT 1",
	[Q_LINE_ADD] = "INSERT INTO line(at, word, key, digest, chain)"
	    " VALUES(?1, ?2, ?3, ?4, ?5)",
	[Q_LINES] = "SELECT n, at, word, key, digest, chain FROM line"
	    " ORDER BY n",
	[Q_LINE_COUNT] = "SELECT seq FROM sqlite_sequence"
	    " WHERE name = 'line'",
	[Q_NOTE] = "INSERT INTO note VALUES(?1, ?2, ?3, ?4)"
	    " ON CONFLICT DO UPDATE SET at = excluded.at,"
	    " text = excluded.text",
	[Q_NOTE_DELETE] = "DELETE FROM note WHERE kind = ?1 AND owner = ?2",
	[Q_NOTES] = "SELECT owner, text FROM note WHERE kind = ?1"
	    " ORDER BY at DESC",
};

struct keep {
	sqlite3 *db;
	sqlite3_stmt *statements[QUERIES];
	int lock;		/* of the sender */
};

/* ---- opening --------------------------------------------------------- */

static bool
refuse(struct keep *keep, struct err *e)
{
	int code = sqlite3_errcode(keep->db) & 0xff;
	bool broken = code == SQLITE_CORRUPT || code == SQLITE_NOTADB;

	return sealed_failed(e) ? false : err_set(e, broken ? ERR_CORRUPT :
	    ERR_STORE,
	    "decisions kept here: %s", sqlite3_errmsg(keep->db));
}

static bool
execute(struct keep *keep, const char *sql, struct err *e)
{
	return sqlite3_exec(keep->db, sql, NULL, NULL, NULL) == SQLITE_OK ||
	    refuse(keep, e);
}

static bool
ask_text(struct keep *keep, const char *sql, char out[40], struct err *e)
{
	sqlite3_stmt *s = NULL;
	bool ok = sqlite3_prepare_v2(keep->db, sql, -1, &s, NULL) == SQLITE_OK
	    && sqlite3_step(s) == SQLITE_ROW;

	if (ok)
		snprintf(out, 40, "%.39s", (const char *)
		    sqlite3_column_text(s, 0));
	else
		refuse(keep, e);
	sqlite3_finalize(s);
	return ok;
}

static bool
install(struct keep *keep, struct err *e)
{
	char answer[40];
	bool ok;

	if (!ask_text(keep, "PRAGMA user_version", answer, e))
		return false;
	if (strcmp(answer, "0") != 0)
		return strtol(answer, NULL, 10) == RELEASE || err_set(e,
		    ERR_SCHEMA, "decisions kept by release %s", answer);
	ok = execute(keep, "BEGIN IMMEDIATE", e) &&
	    ask_text(keep, "PRAGMA user_version", answer, e);
	if (ok && strcmp(answer, "0") == 0)
		ok = execute(keep, schema, e) &&
		    execute(keep, "PRAGMA user_version = 1", e);
	if (ok && execute(keep, "COMMIT", e))
		return true;
	sqlite3_exec(keep->db, "ROLLBACK", NULL, NULL, NULL);
	return false;
}

static bool
sound(struct keep *keep, struct err *e)
{
	char answer[40];

	return ask_text(keep, "PRAGMA quick_check(1)", answer, e) &&
	    (strcmp(answer, "ok") == 0 || err_set(e, ERR_CORRUPT,
	    "decisions kept here: %s", answer));
}

static bool
try_open(struct keep **out, const char *path, struct err *e)
{
	struct keep *keep = calloc(1, sizeof *keep);
	char lock[4096];

	if (keep == NULL)
		bug("out of memory");
	*out = keep;
	keep->lock = -1;
	sealed_failed(NULL);
	if (sqlite3_open_v2(path, &keep->db, SQLITE_OPEN_READWRITE |
	    SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, sealed_vfs()) !=
	    SQLITE_OK) {
		sealed_failed(e);
		err_set(e, ERR_STORE, "%.300s: %s", path, keep->db ?
		    sqlite3_errmsg(keep->db) : "no memory");
		keep_close(out);
		return false;
	}
	sealed_prepare(keep->db);
	sqlite3_busy_timeout(keep->db, 5000);
	sqlite3_db_config(keep->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(keep->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	snprintf(lock, sizeof lock, "%s.lock", path);
	if (execute(keep, "PRAGMA journal_mode = WAL;"
	    "PRAGMA synchronous = FULL", e) &&
	    install(keep, e) && sound(keep, e)) {
		keep->lock = open(lock, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
		if (keep->lock >= 0)
			return true;
		err_set(e, ERR_SYSTEM, "%.300s: %s", lock, strerror(errno));
	}
	keep_close(out);
	return false;
}

/* What is in it may be all that is left of a decision: it is put beside. */
static const char *
set_aside(struct arena *arena, const char *path)
{
	static const char *const tails[] = { "", "-wal", "-shm", "-swal" };
	const char *to = arena_printf(arena, "%s.damaged-%lld", path,
	    (long long)(clock_now() / 1000000));

	for (size_t i = 0; i < sizeof tails / sizeof *tails; i++)
		if (rename(arena_printf(arena, "%s%s", path, tails[i]),
		    arena_printf(arena, "%s%s", to, tails[i])) != 0 && i == 0)
			return NULL;
	return to;
}

bool
keep_open(struct keep **out, const char *path, struct arena *arena,
    const char **aside, struct err *e)
{
	struct err first = { 0 };

	*aside = NULL;
	if (try_open(out, path, &first))
		return true;
	if (first.code == ERR_CORRUPT || first.code == ERR_KEY)
		*aside = set_aside(arena, path);
	if (*aside == NULL)
		return err_set(e, first.code, "%s", first.why);
	return try_open(out, path, e);
}

void
keep_close(struct keep **kp)
{
	struct keep *keep = *kp;

	if (keep == NULL)
		return;
	for (size_t i = 0; i < QUERIES; i++)
		sqlite3_finalize(keep->statements[i]);
	sqlite3_close(keep->db);
	if (keep->lock >= 0)
		close(keep->lock);
	free(keep);
	*kp = NULL;
}

/* ---- statements ------------------------------------------------------ */

static sqlite3_stmt *
statement(struct keep *keep, enum query query)
{
	sqlite3_stmt **s = &keep->statements[query];

	if (*s == NULL && sqlite3_prepare_v3(keep->db, texts[query], -1,
	    SQLITE_PREPARE_PERSISTENT, s, NULL) != SQLITE_OK)
		return NULL;
	sqlite3_reset(*s);
	return *s;
}

static void
bind(sqlite3_stmt *s, int at, const char *text)
{
	sqlite3_bind_text(s, at, text != NULL ? text : "", -1,
	    SQLITE_TRANSIENT);
}

static bool
run(struct keep *keep, sqlite3_stmt *s, struct err *e)
{
	bool ok = s != NULL && sqlite3_step(s) == SQLITE_DONE;

	if (!ok)
		refuse(keep, e);
	if (s != NULL)
		sqlite3_reset(s);
	return ok;
}

static bool
end(struct keep *keep, bool ok, struct err *e)
{
	if (ok && execute(keep, "COMMIT", e))
		return true;
	sqlite3_exec(keep->db, "ROLLBACK", NULL, NULL, NULL);
	return false;
}

static const char *
column(sqlite3_stmt *s, int at, struct arena *arena)
{
	return arena_strdup(arena, (const char *)sqlite3_column_text(s, at));
}

static void
read_entry(sqlite3_stmt *s, struct arena *arena, struct keep_entry *out)
{
	const char **fields[] = { &out->at, &out->key, &out->kind,
	    &out->what, &out->about, &out->again, &out->method, &out->path,
	    &out->match, &out->body, &out->member, &out->value,
	    &out->said };

	out->n = sqlite3_column_int64(s, 0);
	out->state = (enum keep_state)sqlite3_column_int(s, 1);
	out->live = sqlite3_column_int64(s, 2) == getpid();
	for (int i = 0; i < 13; i++)
		*fields[i] = column(s, i + 3, arena);
}

/* ---- the trail ------------------------------------------------------- */

/* Each line says what was before it. */
static void
link_line(const char *before, const char *const parts[4],
    char out[SHA256_HEX])
{
	unsigned char digest[SHA256_SIZE];
	struct span all[10];
	size_t n = 0;

	all[n++] = span_of(before);
	for (size_t i = 0; i < 4; i++) {
		all[n++] = span_of("\n");
		all[n++] = span_of(parts[i]);
	}
	digest_sha256v(all, n, digest);
	digest_hex(digest, sizeof digest, out);
}

static void
digest_of(const struct keep_entry *entry, char out[SHA256_HEX])
{
	const struct span parts[] = { span_of(entry->method), span_of("\n"),
	    span_of(entry->path), span_of("\n"), span_of(entry->match),
	    span_of("\n"), span_of(entry->body) };
	unsigned char digest[SHA256_SIZE];

	digest_sha256v(parts, sizeof parts / sizeof *parts, digest);
	digest_hex(digest, sizeof digest, out);
}

static bool
add_line(struct keep *keep, const char *word, const char *key,
    const char *digest, struct err *e)
{
	sqlite3_stmt *s = statement(keep, Q_LINE_LAST);
	char before[SHA256_HEX] = "", chain[SHA256_HEX], at[25];

	if (s == NULL)
		return refuse(keep, e);
	if (sqlite3_step(s) == SQLITE_ROW)
		snprintf(before, sizeof before, "%.64s",
		    (const char *)sqlite3_column_text(s, 0));
	sqlite3_reset(s);
	clock_format(clock_now(), at);
	link_line(before, (const char *const []){ at, word, key, digest },
	    chain);
	s = statement(keep, Q_LINE_ADD);
	if (s != NULL) {
		bind(s, 1, at);
		bind(s, 2, word);
		bind(s, 3, key);
		bind(s, 4, digest);
		bind(s, 5, chain);
	}
	return run(keep, s, e);
}

bool
keep_verify(struct keep *keep, int64_t *lines, int64_t *bad, struct err *e)
{
	sqlite3_stmt *s = statement(keep, Q_LINES);
	char before[SHA256_HEX] = "", chain[SHA256_HEX];
	int64_t expected = 1;
	int step;

	*lines = *bad = 0;
	if (s == NULL)
		return refuse(keep, e);
	while ((step = sqlite3_step(s)) == SQLITE_ROW) {
		const char *parts[4];
		int64_t n = sqlite3_column_int64(s, 0);

		for (int i = 0; i < 4; i++)
			parts[i] = (const char *)sqlite3_column_text(s,
			    i + 1);
		link_line(before, parts, chain);
		*bad += n - expected;
		*bad += strcmp(chain, (const char *)sqlite3_column_text(s,
		    5)) != 0;
		snprintf(before, sizeof before, "%.64s",
		    (const char *)sqlite3_column_text(s, 5));
		expected = n + 1;
		++*lines;
	}
	sqlite3_reset(s);
	if (step != SQLITE_DONE)
		return refuse(keep, e);
	/* Also the last ones, which no other line speaks of. */
	s = statement(keep, Q_LINE_COUNT);
	if (s != NULL && sqlite3_step(s) == SQLITE_ROW)
		*bad += sqlite3_column_int64(s, 0) + 1 - expected;
	if (s != NULL)
		sqlite3_reset(s);
	return true;
}

/* ---- entries --------------------------------------------------------- */

bool
keep_put(struct keep *keep, const struct keep_entry *entry, struct err *e)
{
	const char *fields[] = { entry->at, entry->key, entry->kind,
	    entry->what, entry->about, entry->again, entry->method,
	    entry->path, entry->match, entry->body, entry->member,
	    entry->value };
	char digest[SHA256_HEX];
	sqlite3_stmt *s;

	if (!execute(keep, "BEGIN IMMEDIATE", e))
		return false;
	s = statement(keep, Q_PUT);
	if (s != NULL) {
		sqlite3_bind_int64(s, 1, entry->live ? getpid() : 0);
		for (int i = 0; i < 12; i++)
			bind(s, i + 2, fields[i]);
	}
	digest_of(entry, digest);
	return end(keep, run(keep, s, e) && add_line(keep, "decided",
	    entry->key, digest, e), e);
}

bool
keep_lock(struct keep *keep)
{
	return flock(keep->lock, LOCK_EX | LOCK_NB) == 0;
}

void
keep_unlock(struct keep *keep)
{
	flock(keep->lock, LOCK_UN);
}

static bool
gone(int64_t owner)
{
	return owner == 0 || owner == getpid() ||
	    (kill((pid_t)owner, 0) != 0 && errno == ESRCH);
}

bool
keep_next(struct keep *keep, struct arena *arena, struct keep_entry *out)
{
	sqlite3_stmt *s = statement(keep, Q_NEXT);
	bool found = false;

	while (s != NULL && !found && sqlite3_step(s) == SQLITE_ROW) {
		found = gone(sqlite3_column_int64(s, 2));
		if (found)
			read_entry(s, arena, out);
	}
	if (s != NULL)
		sqlite3_reset(s);
	return found;
}

bool
keep_answer(struct keep *keep, const struct keep_entry *entry,
    enum keep_state state, const char *said, bool strike, struct err *e)
{
	static const char *const words[] = { [KEEP_WAITING] = "waiting",
	    [KEEP_APPLIED] = "applied", [KEEP_REFUSED] = "refused",
	    [KEEP_CONFLICT] = "conflict" };
	sqlite3_stmt *s;

	if (!execute(keep, "BEGIN IMMEDIATE", e))
		return false;
	s = statement(keep, strike ? Q_STRIKE : Q_STATE);
	if (s != NULL)
		sqlite3_bind_int64(s, 1, entry->n);
	if (s != NULL && !strike) {
		sqlite3_bind_int(s, 2, state);
		bind(s, 3, said);
	}
	return end(keep, run(keep, s, e) && add_line(keep, words[state],
	    entry->key, "", e), e);
}

bool
keep_again(struct keep *keep, int64_t n, struct err *e)
{
	struct arena *arena = arena_new();
	struct keep_entry entry;
	sqlite3_stmt *s;
	bool ok = false;

	if (!keep_find(keep, arena, n, &entry) ||
	    entry.state != KEEP_REFUSED) {
		err_set(e, ERR_STALE, "decision %lld", (long long)n);
	} else if (execute(keep, "BEGIN IMMEDIATE", e)) {
		s = statement(keep, Q_AGAIN);
		if (s != NULL) {
			sqlite3_bind_int64(s, 1, n);
			sqlite3_bind_int64(s, 2, getpid());
		}
		ok = end(keep, run(keep, s, e) && add_line(keep, "again",
		    entry.key, "", e), e);
	}
	arena_free(&arena);
	return ok;
}

bool
keep_release(struct keep *keep, struct err *e)
{
	sqlite3_stmt *s = statement(keep, Q_RELEASE);

	if (s != NULL)
		sqlite3_bind_int64(s, 1, getpid());
	return run(keep, s, e);
}

bool
keep_find(struct keep *keep, struct arena *arena, int64_t n,
    struct keep_entry *out)
{
	sqlite3_stmt *s = statement(keep, Q_FIND);
	bool found;

	if (s == NULL)
		return false;
	sqlite3_bind_int64(s, 1, n);
	found = sqlite3_step(s) == SQLITE_ROW;
	if (found)
		read_entry(s, arena, out);
	sqlite3_reset(s);
	return found;
}

/* Not while it may be under way. */
static bool
hold(struct keep *keep, struct arena *arena, int64_t n,
    struct keep_entry *out, struct err *e)
{
	if (!keep_find(keep, arena, n, out))
		return err_set(e, ERR_NOT_FOUND, "decision %lld",
		    (long long)n);
	return out->state != KEEP_WAITING || keep_lock(keep) || err_set(e,
	    ERR_BUSY, "decision %lld may be on its way", (long long)n);
}

bool
keep_drop(struct keep *keep, int64_t n, struct err *e)
{
	struct arena *arena = arena_new();
	struct keep_entry entry;
	sqlite3_stmt *s;
	bool ok = hold(keep, arena, n, &entry, e);

	if (ok && execute(keep, "BEGIN IMMEDIATE", e)) {
		s = statement(keep, Q_STRIKE);
		if (s != NULL)
			sqlite3_bind_int64(s, 1, n);
		ok = end(keep, run(keep, s, e) && add_line(keep,
		    entry.state == KEEP_WAITING ? "dropped" : "cleared",
		    entry.key, "", e), e);
		keep_unlock(keep);
	}
	arena_free(&arena);
	return ok;
}

static void
write_member(struct str *out, const char *member, const char *value)
{
	struct str text;
	struct json j;

	str_init(&text, BODY_MAX);
	json_start(&j, &text);
	json_open(&j, '{');
	json_kstr(&j, member, value);
	json_close(&j, '}');
	if (!text.over && text.n > 2)
		str_add(out, text.p + 1, text.n - 2);
	str_free(&text);
}

/* We wrote the body ourselves: the member stands in it as we would write it
 * again, and the first of its name is ours. */
static bool
rewrite(const struct keep_entry *entry, const char *value, struct str *out)
{
	const char *at = NULL;
	struct str old;

	str_init(&old, BODY_MAX);
	write_member(&old, entry->member, entry->value);
	if (old.n > 0)
		at = strstr(entry->body, old.p);
	if (at != NULL) {
		str_add(out, entry->body, (size_t)(at - entry->body));
		write_member(out, entry->member, value);
		str_adds(out, at + old.n);
	}
	str_free(&old);
	return at != NULL && !out->over;
}

static bool
change(struct keep *keep, const struct keep_entry *old, const char *value,
    struct err *e)
{
	struct keep_entry new = *old;
	char digest[SHA256_HEX];
	struct str body;
	sqlite3_stmt *s;
	bool ok;

	str_init(&body, BODY_MAX);
	if (old->state != KEEP_WAITING || old->member[0] == '\0' ||
	    !rewrite(old, value, &body)) {
		str_free(&body);
		return err_set(e, ERR_REFUSED, "nothing of decision %lld can "
		    "be changed", (long long)old->n);
	}
	new.body = body.p;
	digest_of(&new, digest);
	ok = execute(keep, "BEGIN IMMEDIATE", e);
	if (ok) {
		s = statement(keep, Q_CHANGE);
		if (s != NULL) {
			sqlite3_bind_int64(s, 1, old->n);
			bind(s, 2, value);
			bind(s, 3, body.p);
		}
		ok = end(keep, run(keep, s, e) && add_line(keep, "changed",
		    old->key, digest, e), e);
	}
	str_free(&body);
	return ok;
}

bool
keep_change(struct keep *keep, int64_t n, const char *value, struct err *e)
{
	struct arena *arena = arena_new();
	struct keep_entry entry;
	bool ok = hold(keep, arena, n, &entry, e);

	if (ok) {
		ok = change(keep, &entry, value, e);
		keep_unlock(keep);
	}
	arena_free(&arena);
	return ok;
}

bool
keep_clear(struct keep *keep, struct err *e)
{
	return execute(keep, "BEGIN IMMEDIATE", e) && end(keep, run(keep,
	    statement(keep, Q_CLEAR), e) && add_line(keep, "cleared", "", "",
	    e), e);
}

size_t
keep_list(struct keep *keep, struct arena *arena, struct keep_entry *out,
    size_t n)
{
	sqlite3_stmt *s = statement(keep, Q_LIST);
	size_t got = 0;

	if (s == NULL)
		return 0;
	sqlite3_bind_int64(s, 1, (int64_t)n);
	while (got < n && sqlite3_step(s) == SQLITE_ROW)
		read_entry(s, arena, &out[got++]);
	sqlite3_reset(s);
	return got;
}

void
keep_count(struct keep *keep, struct keep_counts *out)
{
	sqlite3_stmt *s = statement(keep, Q_COUNT);

	*out = (struct keep_counts){ 0 };
	while (s != NULL && sqlite3_step(s) == SQLITE_ROW) {
		int state = sqlite3_column_int(s, 0);
		int64_t owner = sqlite3_column_int64(s, 1);
		int64_t n = sqlite3_column_int64(s, 2);

		if (state == KEEP_APPLIED)
			out->applied += n;
		else if (state != KEEP_WAITING)
			out->failed += n;
		else if (owner == getpid())
			out->own += n;
		else if (gone(owner))
			out->waiting += n;
	}
	if (s != NULL)
		sqlite3_reset(s);
}

/* ---- notes ----------------------------------------------------------- */

static bool
note(struct keep *keep, const char *kind, int64_t owner, const char *text,
    struct err *e)
{
	sqlite3_stmt *s = statement(keep, text != NULL ? Q_NOTE :
	    Q_NOTE_DELETE);

	if (s != NULL) {
		bind(s, 1, kind);
		sqlite3_bind_int64(s, 2, owner);
	}
	if (s != NULL && text != NULL) {
		sqlite3_bind_int64(s, 3, clock_now());
		bind(s, 4, text);
	}
	return run(keep, s, e);
}

bool
keep_note(struct keep *keep, const char *kind, const char *text,
    struct err *e)
{
	return note(keep, kind, getpid(), text, e);
}

bool
keep_found(struct keep *keep, struct arena *arena, const char *kind,
    const char **text)
{
	sqlite3_stmt *s = statement(keep, Q_NOTES);
	struct err e = { 0 };
	int64_t owner = 0;

	if (s == NULL)
		return false;
	bind(s, 1, kind);
	while (owner == 0 && sqlite3_step(s) == SQLITE_ROW) {
		int64_t one = sqlite3_column_int64(s, 0);

		if (one == getpid() || !gone(one))
			continue;
		owner = one;
		*text = column(s, 1, arena);
	}
	sqlite3_reset(s);
	return owner != 0 && execute(keep, "BEGIN IMMEDIATE", &e) &&
	    end(keep, note(keep, kind, getpid(), *text, &e) &&
	    note(keep, kind, owner, NULL, &e), &e);
}
