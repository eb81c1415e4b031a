/* The file of keys. One transaction is open while anybody is new in it; the
 * writer ends it just before its own. */
#include "store/vault.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/digest.h"
#include "core/vec.h"

#define LOG_PAGES 1000		/* then its log is moved into it */
#define PEPPER 32

struct vault {
	struct vault *next;
	int holders;
	char *path;
	pthread_mutex_t lock;
	struct db *db;
	bool writes, open;	/* open: a transaction is */
	int64_t floor;
	int64_t first;		/* up to here another file had the keys */
	unsigned char pepper[PEPPER];
};

/* ---- the vaults of this process --------------------------------------- */

static pthread_mutex_t all_lock = PTHREAD_MUTEX_INITIALIZER;
static struct vault *all;

struct vault *
vault_hold(const struct db *store)
{
	const char *name = db_path(store);
	size_t n = strlen(name);
	struct vault *v;

	pthread_mutex_lock(&all_lock);
	for (v = all; v != NULL; v = v->next)
		if (strncmp(v->path, name, n) == 0 &&
		    strcmp(v->path + n, VAULT_SUFFIX) == 0)
			break;
	if (v == NULL) {
		v = calloc(1, sizeof *v);
		if (v == NULL || (v->path = malloc(n +
		    sizeof VAULT_SUFFIX)) == NULL)
			bug("out of memory");
		memcpy(v->path, name, n);
		memcpy(v->path + n, VAULT_SUFFIX, sizeof VAULT_SUFFIX);
		pthread_mutex_init(&v->lock, NULL);
		v->next = all;
		all = v;
	}
	v->holders++;
	pthread_mutex_unlock(&all_lock);
	return v;
}

void
vault_drop(struct vault **vp)
{
	struct vault *v = *vp, **at;

	*vp = NULL;
	if (v == NULL)
		return;
	pthread_mutex_lock(&all_lock);
	if (--v->holders == 0) {
		for (at = &all; *at != v; at = &(*at)->next)
			;
		*at = v->next;
		if (v->open)
			db_rollback(v->db);
		db_close(&v->db);
		pthread_mutex_destroy(&v->lock);
		aead_forget(v->pepper, PEPPER);
		free(v->path);
		free(v);
	}
	pthread_mutex_unlock(&all_lock);
}

/* ---- opening ---------------------------------------------------------- */

static bool
make_tables(struct db *db, int64_t floor, struct err *e)
{
	static const char *const sql[] = {
		"PRAGMA secure_delete = ON",
		"CREATE TABLE IF NOT EXISTS subject (id INTEGER PRIMARY KEY,"
		    " hash BLOB UNIQUE, key BLOB, made INTEGER NOT NULL,"
		    " gone INTEGER) STRICT",
		"CREATE TABLE IF NOT EXISTS alias (hash BLOB NOT NULL,"
		    " subject INTEGER NOT NULL, PRIMARY KEY (hash, subject))"
		    " STRICT, WITHOUT ROWID",
		"CREATE INDEX IF NOT EXISTS alias_subject ON alias(subject)",
		"CREATE TABLE IF NOT EXISTS pepper (one INTEGER PRIMARY KEY"
		    " CHECK (one = 1), bytes BLOB NOT NULL,"
		    " first INTEGER NOT NULL) STRICT",
	};
	static const char PEPPER_SQL[] = "INSERT INTO pepper VALUES"
	    " (1, randomblob(32), $1) ON CONFLICT DO NOTHING";
	struct stmt *s;

	for (size_t i = 0; i < sizeof sql / sizeof *sql; i++)
		if (!stmt_run(db_stmt(db, sql[i]), e))
			return false;
	s = db_stmt(db, PEPPER_SQL);
	stmt_int(s, 1, floor);
	return stmt_run(s, e);
}

static bool
load_pepper(struct vault *v, struct err *e)
{
	static const char SQL[] = "SELECT bytes, first FROM pepper";
	struct stmt *s = db_stmt(v->db, SQL);
	enum step step = stmt_step(s, e);
	bool ok = step == STEP_ROW && col_span(s, 0).n == PEPPER;

	if (ok) {
		memcpy(v->pepper, col_span(s, 0).p, PEPPER);
		v->first = col_int(s, 1);
	}
	if (step == STEP_ROW)
		stmt_reset(s);
	return ok || err_set(e, ERR_CORRUPT, "%s has no secret", v->path);
}

/* A file that others may read is none: SQLite's own would be as umask says. */
static bool
make_file(const char *path, struct err *e)
{
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

	if (fd < 0)
		return err_set(e, ERR_SYSTEM, "%s: %s", path,
		    strerror(errno));
	close(fd);
	return true;
}

static bool
open_writing(struct vault *v, struct err *e)
{
	if (v->db != NULL && v->writes)
		return true;
	db_close(&v->db);
	if (!make_file(v->path, e) ||
	    !db_open(&v->db, v->path, DB_CREATE, e) ||
	    !make_tables(v->db, v->floor, e) || !load_pepper(v, e)) {
		db_close(&v->db);
		return false;
	}
	v->writes = true;
	return true;
}

/* *there false: nobody ever came. */
static bool
open_reading(struct vault *v, bool *there, struct err *e)
{
	*there = v->db != NULL;
	if (*there)
		return true;
	if (access(v->path, F_OK) != 0)
		return errno == ENOENT || err_set(e, ERR_SYSTEM, "%s: %s",
		    v->path, strerror(errno));
	if (!db_open(&v->db, v->path, DB_READ, e) || !load_pepper(v, e)) {
		db_close(&v->db);
		return false;
	}
	v->writes = false;
	*there = true;
	return true;
}

static bool
begin(struct vault *v, struct err *e)
{
	if (v->open)
		return true;
	v->open = db_begin(v->db, e);
	return v->open;
}

static bool
commit(struct vault *v, struct err *e)
{
	if (!v->open)
		return true;
	if (!db_commit(v->db, e))
		return false;
	v->open = false;
	if (db_log_pages(v->db) > LOG_PAGES)
		db_checkpoint(v->db, false);
	return true;
}

/* ---- people ----------------------------------------------------------- */

static void
hash_of(const struct vault *v, const char *text,
    unsigned char out[SHA256_SIZE])
{
	struct span part = span_of(text);

	digest_hmac((struct span){ (const char *)v->pepper, PEPPER }, &part,
	    1, out);
}

static bool
look(struct vault *v, const unsigned char hash[SHA256_SIZE],
    int64_t *subject, unsigned char key[AEAD_KEY], struct err *e)
{
	static const char SQL[] =
	    "SELECT id, key FROM subject WHERE hash = $1";
	struct stmt *s = db_stmt(v->db, SQL);
	enum step step;

	*subject = 0;
	stmt_blob(s, 1, hash, SHA256_SIZE);
	step = stmt_step(s, e);
	if (step != STEP_ROW)
		return step == STEP_DONE;
	if (col_span(s, 1).n == AEAD_KEY) {
		*subject = col_int(s, 0);
		memcpy(key, col_span(s, 1).p, AEAD_KEY);
	}
	stmt_reset(s);
	return *subject != 0 || err_set(e, ERR_CORRUPT, "%s: a key is not "
	    "whole", v->path);
}

/* The number follows the largest ever given: that of who was erased, too. */
static bool
make(struct vault *v, const unsigned char hash[SHA256_SIZE],
    int64_t *subject, unsigned char key[AEAD_KEY], struct err *e)
{
	static const char LAST[] = "SELECT coalesce(max(id), 0) FROM subject";
	static const char SQL[] =
	    "INSERT INTO subject VALUES ($1, $2, $3, $4, NULL)";
	struct stmt *s;

	if (!begin(v, e))
		return false;
	s = db_stmt(v->db, LAST);
	if (stmt_step(s, e) != STEP_ROW)
		return false;
	*subject = col_int(s, 0) + 1;
	if (*subject <= v->floor)
		*subject = v->floor + 1;
	stmt_reset(s);
	digest_random(key, AEAD_KEY);
	s = db_stmt(v->db, SQL);
	stmt_int(s, 1, *subject);
	stmt_blob(s, 2, hash, SHA256_SIZE);
	stmt_blob(s, 3, key, AEAD_KEY);
	stmt_int(s, 4, clock_now());
	return stmt_run(s, e);
}

static bool
add_alias(struct vault *v, const char *also, int64_t subject, struct err *e)
{
	static const char LOOK[] =
	    "SELECT 1 FROM alias WHERE hash = $1 AND subject = $2";
	static const char ADD[] = "INSERT INTO alias VALUES ($1, $2)";
	unsigned char hash[SHA256_SIZE];
	struct stmt *s = db_stmt(v->db, LOOK);
	enum step step;

	hash_of(v, also, hash);
	stmt_blob(s, 1, hash, sizeof hash);
	stmt_int(s, 2, subject);
	step = stmt_step(s, e);
	if (step == STEP_ROW)
		stmt_reset(s);
	if (step != STEP_DONE)
		return step == STEP_ROW;
	if (!begin(v, e))
		return false;
	s = db_stmt(v->db, ADD);
	stmt_blob(s, 1, hash, sizeof hash);
	stmt_int(s, 2, subject);
	return stmt_run(s, e);
}

bool
vault_take(struct vault *v, const char *id, const char *const *also,
    size_t n, int64_t *subject, unsigned char key[AEAD_KEY], struct err *e)
{
	unsigned char hash[SHA256_SIZE];
	bool ok;

	pthread_mutex_lock(&v->lock);
	ok = open_writing(v, e);
	if (ok) {
		hash_of(v, id, hash);
		ok = look(v, hash, subject, key, e) && (*subject != 0 ||
		    make(v, hash, subject, key, e)) &&
		    add_alias(v, id, *subject, e);
	}
	for (size_t i = 0; ok && i < n; i++)
		ok = add_alias(v, also[i], *subject, e);
	pthread_mutex_unlock(&v->lock);
	return ok;
}

void
vault_floor(struct vault *v, int64_t subject)
{
	pthread_mutex_lock(&v->lock);
	v->floor = subject;
	pthread_mutex_unlock(&v->lock);
}

bool
vault_commit(struct vault *v, struct err *e)
{
	bool ok;

	pthread_mutex_lock(&v->lock);
	ok = commit(v, e);
	pthread_mutex_unlock(&v->lock);
	return ok;
}

/* ---- reading ---------------------------------------------------------- */

static bool
read_key(struct vault *v, int64_t subject, unsigned char key[AEAD_KEY],
    enum vault_key *out, struct err *e)
{
	static const char SQL[] =
	    "SELECT key, gone FROM subject WHERE id = $1";
	struct stmt *s = db_stmt(v->db, SQL);
	enum step step;

	stmt_int(s, 1, subject);
	step = stmt_step(s, e);
	*out = subject <= v->first ? VAULT_ABSENT : VAULT_LOST;
	if (step != STEP_ROW)
		return step == STEP_DONE;
	if (!col_null(s, 1)) {
		*out = VAULT_GONE;
	} else if (col_span(s, 0).n == AEAD_KEY) {
		memcpy(key, col_span(s, 0).p, AEAD_KEY);
		*out = VAULT_KEY;
	}
	stmt_reset(s);
	return true;
}

bool
vault_key(struct vault *v, int64_t subject, unsigned char key[AEAD_KEY],
    enum vault_key *out, struct err *e)
{
	bool there, ok;

	pthread_mutex_lock(&v->lock);
	*out = VAULT_ABSENT;
	ok = open_reading(v, &there, e) &&
	    (!there || read_key(v, subject, key, out, e));
	pthread_mutex_unlock(&v->lock);
	return ok;
}

#define FOUND_MAX 10000

static bool
list(struct vault *v, const char *also, struct vec *ids, struct err *e)
{
	static const char SQL[] =
	    "SELECT subject FROM alias WHERE hash = $1 ORDER BY subject";
	unsigned char hash[SHA256_SIZE];
	struct stmt *s = db_stmt(v->db, SQL);
	enum step step;

	hash_of(v, also, hash);
	stmt_blob(s, 1, hash, sizeof hash);
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		int64_t *id = vec_add(ids);

		if (id == NULL) {
			stmt_reset(s);
			return err_set(e, ERR_TOO_LARGE, "more than %d people",
			    FOUND_MAX);
		}
		*id = col_int(s, 0);
	}
	return step == STEP_DONE;
}

bool
vault_find(struct vault *v, const char *also, struct arena *arena,
    int64_t **subjects, size_t *n, struct err *e)
{
	struct vec ids;
	bool there, ok;

	vec_init(&ids, sizeof(int64_t), FOUND_MAX);
	pthread_mutex_lock(&v->lock);
	ok = open_reading(v, &there, e) && (!there || list(v, also, &ids,
	    e));
	pthread_mutex_unlock(&v->lock);
	*n = ids.n;
	*subjects = arena_alloc(arena, ids.n * sizeof **subjects + 1);
	if (ids.n > 0)
		memcpy(*subjects, ids.p, ids.n * sizeof **subjects);
	vec_free(&ids);
	return ok;
}

/* ---- destroying ------------------------------------------------------- */

static bool
destroy(struct vault *v, int64_t subject, int64_t at, struct err *e)
{
	static const char KEY[] = "UPDATE subject SET hash = NULL,"
	    " key = NULL, gone = $2 WHERE id = $1 AND gone IS NULL";
	static const char NAMES[] = "DELETE FROM alias WHERE subject = $1";
	struct stmt *s = db_stmt(v->db, KEY);

	stmt_int(s, 1, subject);
	stmt_int(s, 2, at);
	if (!stmt_run(s, e))
		return false;
	s = db_stmt(v->db, NAMES);
	stmt_int(s, 1, subject);
	return stmt_run(s, e);
}

bool
vault_destroy(struct vault *v, const int64_t *subjects, size_t n,
    int64_t at, struct err *e)
{
	static const char EMPTY[] = "PRAGMA wal_checkpoint(TRUNCATE)";
	bool ok;

	if (n == 0)
		return true;
	pthread_mutex_lock(&v->lock);
	/* Those who are new have sealed something already. */
	ok = open_writing(v, e) && commit(v, e) && begin(v, e);
	for (size_t i = 0; ok && i < n; i++)
		ok = destroy(v, subjects[i], at, e);
	ok = ok && commit(v, e) && stmt_run(db_stmt(v->db, EMPTY), e);
	if (!ok && v->open) {
		db_rollback(v->db);
		v->open = false;
	}
	pthread_mutex_unlock(&v->lock);
	return ok;
}

static bool
list_gone(struct vault *v, int64_t after, int64_t *subjects, size_t most,
    size_t *n, struct err *e)
{
	static const char SQL[] = "SELECT id FROM subject WHERE id > $1"
	    " AND gone IS NOT NULL ORDER BY id";
	struct stmt *s = db_stmt(v->db, SQL);
	enum step step;

	stmt_int(s, 1, after);
	while ((step = stmt_step(s, e)) == STEP_ROW && *n < most)
		subjects[(*n)++] = col_int(s, 0);
	if (step == STEP_ROW)
		stmt_reset(s);
	return step != STEP_FAILED;
}

bool
vault_gone(struct vault *v, int64_t after, int64_t *subjects, size_t most,
    size_t *n, struct err *e)
{
	bool there, ok;

	*n = 0;
	pthread_mutex_lock(&v->lock);
	ok = open_reading(v, &there, e) &&
	    (!there || list_gone(v, after, subjects, most, n, e));
	pthread_mutex_unlock(&v->lock);
	return ok;
}
