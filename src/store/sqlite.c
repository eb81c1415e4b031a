/*
 * The SQLite side of db.h: WAL, full synchronous, foreign text only ever
 * bound.  Nothing else outside rules/ and the console's cache knows SQLite.
 */
#include "store/db.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/sealed.h"

#define SLOTS 1024		/* statements of one connection */
#define SCHEMA 1

#define PARAMETERS 48

#define BUSY 5000		/* milliseconds; as in the settings below */
#define RESTART 20
#define COPIED 256		/* pages in one piece: a mebibyte */

struct stmt {
	const char *sql;
	sqlite3_stmt *handle;
	struct db *db;
	/* SQLite numbers $1, $2 by first appearance, not by their digits. */
	unsigned char place[PARAMETERS + 1];
};

struct db {
	sqlite3 *handle;
	struct stmt stmts[SLOTS];
	size_t n;
	int log_pages;
};

static bool
fail(struct db *db, struct err *e)
{
	int code = sqlite3_errcode(db->handle);

	if (code != SQLITE_OK && sealed_failed(e))
		return false;
	return err_set(e, code == SQLITE_CORRUPT || code == SQLITE_NOTADB ?
	    ERR_CORRUPT : code == SQLITE_FULL ? ERR_FULL : ERR_STORE,
	    "%s (%d)", sqlite3_errmsg(db->handle),
	    sqlite3_extended_errcode(db->handle));
}

static bool
execute(struct db *db, const char *sql, struct err *e)
{
	return sqlite3_exec(db->handle, sql, NULL, NULL, NULL) == SQLITE_OK ||
	    fail(db, e);
}

static const char SETUP[] =
    "PRAGMA busy_timeout = 5000;"
    "PRAGMA journal_mode = WAL;"
    "PRAGMA synchronous = FULL;"
    "PRAGMA wal_autocheckpoint = 0;"
    "PRAGMA foreign_keys = ON;"
    "PRAGMA trusted_schema = OFF;"
    "PRAGMA temp_store = MEMORY;"
    "PRAGMA cache_size = -16384;";
static const char SETUP_READ[] =
    "PRAGMA busy_timeout = 5000;"
    "PRAGMA query_only = ON;"
    "PRAGMA trusted_schema = OFF;"
    "PRAGMA temp_store = MEMORY;"
    "PRAGMA cache_size = -2048;";

static const char SETUP_SCAN[] =
    "PRAGMA busy_timeout = 5000;"
    "PRAGMA query_only = ON;"
    "PRAGMA trusted_schema = OFF;"
    "PRAGMA temp_store = FILE;"
    "PRAGMA cache_size = -16384;";

/* What is thrown away when it does not come to its end needs no journal. */
static const char SETUP_COPY[] =
    "PRAGMA journal_mode = OFF;"
    "PRAGMA synchronous = OFF;"
    "PRAGMA trusted_schema = OFF;"
    "PRAGMA temp_store = MEMORY;";

static const char *const setups[] = {
	[DB_READ] = SETUP_READ, [DB_WRITE] = SETUP, [DB_CREATE] = SETUP,
	[DB_SCAN] = SETUP_SCAN, [DB_COPY] = SETUP_COPY
};

static int
note_log(void *arg, sqlite3 *handle, const char *name, int pages)
{
	struct db *db = arg;

	(void)handle;
	(void)name;
	db->log_pages = pages;
	return SQLITE_OK;
}

bool
db_open(struct db **out, const char *path, enum db_mode mode, struct err *e)
{
	int flags = SQLITE_OPEN_NOMUTEX | (mode == DB_CREATE ||
	    mode == DB_COPY ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE :
	    SQLITE_OPEN_READWRITE);
	struct db *db = calloc(1, sizeof *db);

	if (db == NULL)
		bug("out of memory");
	sealed_failed(NULL);
	if (sqlite3_open_v2(path, &db->handle, flags, sealed_vfs()) !=
	    SQLITE_OK) {
		sealed_failed(e);
		err_set(e, ERR_STORE, "%s: %s", path, db->handle ?
		    sqlite3_errmsg(db->handle) : "out of memory");
		db_close(&db);
		return false;
	}
	sqlite3_extended_result_codes(db->handle, 1);
	if ((mode == DB_CREATE || mode == DB_COPY) &&
	    sealed_vfs() != NULL)
		sealed_prepare(db->handle);
	sqlite3_db_config(db->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	if (!execute(db, setups[mode], e)) {
		db_close(&db);
		return false;
	}
	/* Last, as setting the automatic checkpoint takes the hook away. */
	sqlite3_wal_hook(db->handle, note_log, db);
	*out = db;
	return true;
}

void
db_close(struct db **dp)
{
	struct db *db = *dp;

	if (db == NULL)
		return;
	for (size_t i = 0; i < SLOTS; i++)
		sqlite3_finalize(db->stmts[i].handle);
	sqlite3_close(db->handle);
	free(db);
	*dp = NULL;
}

const char *
db_path(const struct db *db)
{
	const char *path = sqlite3_db_filename(db->handle, "main");

	return path != NULL ? path : "";
}

void
db_interrupt(struct db *db)
{
	sqlite3_interrupt(db->handle);
}

/* ---- schema ----------------------------------------------------------- */

static const char *const migrations[SCHEMA] = {
#include "data/sql/0001_ledger.inc"
};

static bool
schema_version(struct db *db, int *out, struct err *e)
{
	sqlite3_stmt *s;

	if (sqlite3_prepare_v2(db->handle, "PRAGMA user_version", -1, &s,
	    NULL) != SQLITE_OK)
		return fail(db, e);
	*out = sqlite3_step(s) == SQLITE_ROW ? sqlite3_column_int(s, 0) : -1;
	sqlite3_finalize(s);
	return *out >= 0 || fail(db, e);
}

bool
db_migrate(struct db *db, struct err *e)
{
	static const char *const marks[SCHEMA] = { "PRAGMA user_version = 1" };
	int version = 0;

	if (!db_begin(db, e))
		return false;
	if (!schema_version(db, &version, e))
		goto fail;
	if (version > SCHEMA) {
		err_set(e, ERR_SCHEMA, "schema %d, this release knows %d",
		    version, SCHEMA);
		goto fail;
	}
	for (; version < SCHEMA; version++)
		if (!execute(db, migrations[version], e) ||
		    !execute(db, marks[version], e))
			goto fail;
	return db_commit(db, e);
fail:
	db_rollback(db);
	return false;
}

/* ---- transactions ----------------------------------------------------- */

bool
db_begin(struct db *db, struct err *e)
{
	static const char BEGIN[] = "BEGIN IMMEDIATE";

	return stmt_run(db_stmt(db, BEGIN), e);
}

bool
db_begin_read(struct db *db, struct err *e)
{
	static const char BEGIN[] = "BEGIN";

	return stmt_run(db_stmt(db, BEGIN), e);
}

bool
db_commit(struct db *db, struct err *e)
{
	static const char COMMIT[] = "COMMIT";

	return stmt_run(db_stmt(db, COMMIT), e);
}

void
db_rollback(struct db *db)
{
	if (!sqlite3_get_autocommit(db->handle))
		sqlite3_exec(db->handle, "ROLLBACK", NULL, NULL, NULL);
}

/* What it cannot do now, the next one does: a reader that takes its time (a
 * backup, an export) must not stop the writer. */
void
db_checkpoint(struct db *db, bool restart)
{
	sqlite3_busy_timeout(db->handle, restart ? RESTART : BUSY);
	sqlite3_wal_checkpoint_v2(db->handle, NULL, restart ?
	    SQLITE_CHECKPOINT_RESTART : SQLITE_CHECKPOINT_PASSIVE, NULL,
	    NULL);
	sqlite3_busy_timeout(db->handle, BUSY);
}

int
db_log_pages(const struct db *db)
{
	return db->log_pages;
}

/* ---- copying ---------------------------------------------------------- */

/* An open snapshot is not disturbed by those who write, so no page is copied
 * twice. */
bool
db_copy(struct db *from, struct db *to, bool (*go_on)(void *), void *arg,
    struct err *e)
{
	sqlite3_backup *copy = sqlite3_backup_init(to->handle, "main",
	    from->handle, "main");
	int rc = SQLITE_OK;

	if (copy == NULL)
		return fail(to, e);
	while (rc == SQLITE_OK) {
		if (!go_on(arg)) {
			err_set(e, ERR_REFUSED, "it was stopped");
			break;
		}
		rc = sqlite3_backup_step(copy, COPIED);
		if (rc == SQLITE_BUSY || rc == SQLITE_LOCKED)
			rc = SQLITE_OK;
	}
	if (sqlite3_backup_finish(copy) != SQLITE_OK)
		fail(to, e);
	return rc == SQLITE_DONE && e->code == ERR_NONE;
}

bool
db_check(struct db *db, struct err *e)
{
	sqlite3_stmt *s;
	const char *found;
	bool good;

	if (sqlite3_prepare_v2(db->handle, "PRAGMA integrity_check(1)", -1,
	    &s, NULL) != SQLITE_OK)
		return fail(db, e);
	if (sqlite3_step(s) != SQLITE_ROW) {
		fail(db, e);
		sqlite3_finalize(s);
		return false;
	}
	found = (const char *)sqlite3_column_text(s, 0);
	good = found != NULL && strcmp(found, "ok") == 0;
	if (!good)
		err_set(e, ERR_CORRUPT, "the database: %.300s",
		    found != NULL ? found : "");
	sqlite3_finalize(s);
	return good;
}

bool
db_schema(struct db *db, int *out, int *ours, struct err *e)
{
	*ours = SCHEMA;
	return schema_version(db, out, e);
}

/* ---- statements ------------------------------------------------------- */

static void
note_places(struct stmt *s)
{
	int n = sqlite3_bind_parameter_count(s->handle);

	for (int i = 1; i <= n; i++) {
		const char *name = sqlite3_bind_parameter_name(s->handle, i);
		long at = name != NULL ? strtol(name + 1, NULL, 10) : 0;

		if (name == NULL || name[0] != '$' || at < 1 ||
		    at > PARAMETERS)
			bug("parameter %d of: %s", i, s->sql);
		s->place[at] = (unsigned char)i;
	}
}

/* Open addressing on the address of the text: there are few, all static. */
struct stmt *
db_stmt(struct db *db, const char *sql)
{
	size_t at = ((uintptr_t)sql >> 3) % SLOTS;
	struct stmt *s;

	for (; db->stmts[at].sql != NULL; at = (at + 1) % SLOTS)
		if (db->stmts[at].sql == sql)
			return &db->stmts[at];
	if (++db->n >= SLOTS)
		bug("more than %d statements", SLOTS);
	s = &db->stmts[at];
	if (sqlite3_prepare_v3(db->handle, sql, -1,
	    SQLITE_PREPARE_PERSISTENT, &s->handle, NULL) != SQLITE_OK)
		bug("%s in: %s", sqlite3_errmsg(db->handle), sql);
	s->sql = sql;
	s->db = db;
	note_places(s);
	return s;
}

static void
bound(int rc)
{
	if (rc != SQLITE_OK)
		bug("bind: %s", sqlite3_errstr(rc));
}

static int
place(const struct stmt *s, int at)
{
	if (at < 1 || at > PARAMETERS || s->place[at] == 0)
		bug("no parameter $%d in: %s", at, s->sql);
	return s->place[at];
}

void
stmt_int(struct stmt *s, int at, int64_t i)
{
	bound(sqlite3_bind_int64(s->handle, place(s, at), i));
}

void
stmt_text(struct stmt *s, int at, const char *text)
{
	bound(sqlite3_bind_text(s->handle, place(s, at), text, -1,
	    SQLITE_STATIC));
}

void
stmt_span(struct stmt *s, int at, struct span text)
{
	bound(sqlite3_bind_text(s->handle, place(s, at), text.p, (int)text.n,
	    SQLITE_STATIC));
}

void
stmt_blob(struct stmt *s, int at, const void *p, size_t n)
{
	bound(sqlite3_bind_blob(s->handle, place(s, at), n > 0 ? p : "",
	    (int)n, SQLITE_STATIC));
}

void
stmt_null(struct stmt *s, int at)
{
	bound(sqlite3_bind_null(s->handle, place(s, at)));
}

void
stmt_reset(struct stmt *s)
{
	sqlite3_reset(s->handle);
	sqlite3_clear_bindings(s->handle);
}

enum step
stmt_step(struct stmt *s, struct err *e)
{
	int rc = sqlite3_step(s->handle);

	if (rc == SQLITE_ROW)
		return STEP_ROW;
	if (rc != SQLITE_DONE)
		fail(s->db, e);
	stmt_reset(s);
	return rc == SQLITE_DONE ? STEP_DONE : STEP_FAILED;
}

bool
stmt_run(struct stmt *s, struct err *e)
{
	enum step step = stmt_step(s, e);

	if (step == STEP_ROW)
		stmt_reset(s);
	return step != STEP_FAILED;
}

bool
stmt_found(struct stmt *s, bool *found, struct err *e)
{
	enum step step = stmt_step(s, e);

	*found = step == STEP_ROW;
	if (step == STEP_ROW)
		stmt_reset(s);
	return step != STEP_FAILED;
}

bool
stmt_number(struct stmt *s, int64_t *out, struct err *e)
{
	enum step step = stmt_step(s, e);

	*out = step == STEP_ROW ? col_int(s, 0) : 0;
	if (step == STEP_ROW)
		stmt_reset(s);
	return step != STEP_FAILED;
}

int64_t
col_int(struct stmt *s, int at)
{
	return sqlite3_column_int64(s->handle, at);
}

const char *
col_text(struct stmt *s, int at)
{
	return (const char *)sqlite3_column_text(s->handle, at);
}

struct span
col_span(struct stmt *s, int at)
{
	const char *p = sqlite3_column_blob(s->handle, at);

	return (struct span){ p != NULL ? p : "",
	    (size_t)sqlite3_column_bytes(s->handle, at) };
}

bool
col_null(struct stmt *s, int at)
{
	return sqlite3_column_type(s->handle, at) == SQLITE_NULL;
}
