/*
 * The sealed database: SQLite's own check on it, and everything that somebody
 * with the disk in hand could do to its files. Right rows or an error.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <sqlite3.h>

#include "core/digest.h"
#include "core/sealed.h"

static const unsigned char KEY[AEAD_KEY] = "a key of thirty-two bytes, as is";
static const unsigned char OTHER[AEAD_KEY] = "another one of thirty-two bytes!";

static struct sealkey *key, *other;
static char folder[] = "/tmp/bahi-unit-XXXXXX";
static char path[64], copy[64];

#define UNIT 4096
#define PREFIX (8 * UNIT)
#define FRAME (UNIT + 24)
#define ROW "Falcon Traders 27AAPFU0939F1ZV 1,18,000.00"

static int
make(void **state)
{
	(void)state;
	key = sealkey_of(KEY);
	other = sealkey_of(OTHER);
	if (mkdtemp(folder) == NULL)
		return -1;
	snprintf(path, sizeof path, "%s/x.db", folder);
	snprintf(copy, sizeof copy, "%s/y.db", folder);
	sealed_use(key);
	return 0;
}

static void
clear(const char *db)
{
	static const char *const ends[] = { "", "-swal", "-shm",
	    "-sjournal" };
	char name[80];

	for (size_t i = 0; i < 4; i++) {
		snprintf(name, sizeof name, "%s%s", db, ends[i]);
		unlink(name);
	}
}

static int
drop(void **state)
{
	(void)state;
	clear(path);
	clear(copy);
	sealed_use(NULL);
	sealkey_free(&key);
	sealkey_free(&other);
	return rmdir(folder);
}

/* ---- files -------------------------------------------------------------- */

struct bytes {
	unsigned char *p;
	size_t n;
};

static struct bytes
load(const char *db, const char *end)
{
	char name[80];
	struct bytes b = { NULL, 0 };
	struct stat st;
	int fd;

	snprintf(name, sizeof name, "%s%s", db, end);
	fd = open(name, O_RDONLY);
	if (fd < 0)
		return b;
	assert_int_equal(fstat(fd, &st), 0);
	b.n = (size_t)st.st_size;
	b.p = malloc(b.n + 1);
	assert_non_null(b.p);
	assert_int_equal(read(fd, b.p, b.n), (ssize_t)b.n);
	close(fd);
	return b;
}

static void
save(const char *db, const char *end, struct bytes b)
{
	char name[80];
	int fd;

	snprintf(name, sizeof name, "%s%s", db, end);
	if (b.p == NULL) {
		unlink(name);
		return;
	}
	fd = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, b.p, b.n), (ssize_t)b.n);
	close(fd);
}

struct files {
	struct bytes db, wal;
};

/* As a stop at this moment would leave them. */
static struct files
snapshot(void)
{
	return (struct files){ load(path, ""), load(path, "-swal") };
}

static void
put(struct files files)
{
	clear(copy);
	save(copy, "", files.db);
	save(copy, "-swal", files.wal);
}

static void
release(struct files *files)
{
	free(files->db.p);
	free(files->wal.p);
	*files = (struct files){ { NULL, 0 }, { NULL, 0 } };
}

/* ---- databases ---------------------------------------------------------- */

static sqlite3 *
open_at(const char *db, bool create)
{
	sqlite3 *handle = NULL;

	if (sqlite3_open_v2(db, &handle, SQLITE_OPEN_READWRITE | (create ?
	    SQLITE_OPEN_CREATE : 0), SEALED_VFS) != SQLITE_OK) {
		sqlite3_close(handle);
		return NULL;
	}
	if (create)
		sealed_prepare(handle);
	return handle;
}

static void
run(sqlite3 *db, const char *sql)
{
	char *text = NULL;
	int rc = sqlite3_exec(db, sql, NULL, NULL, &text);

	if (rc != SQLITE_OK) {
		struct err e = { 0 };

		sealed_failed(&e);
		fail_msg("%s: %s (%s)", sql, text, e.why);
	}
}

static sqlite3 *
open_new(void)
{
	sqlite3 *db;

	clear(path);
	db = open_at(path, true);
	assert_non_null(db);
	run(db, "PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0;"
	    "PRAGMA synchronous = FULL;"
	    "CREATE TABLE t(n INTEGER PRIMARY KEY, a, b)");
	return db;
}

static void
add(sqlite3 *db, int n)
{
	char sql[200];

	snprintf(sql, sizeof sql, "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL "
	    "SELECT x + 1 FROM c WHERE x < %d) INSERT INTO t(a, b) "
	    "SELECT '" ROW "', hex(zeroblob(x %% 90)) FROM c", n);
	run(db, sql);
}

/* One number for all rows, or why not: -1. */
static int64_t
digest_of(const char *name, bool deep, struct err *e)
{
	sqlite3 *db = open_at(name, false);
	sqlite3_stmt *s = NULL;
	int64_t out = -1;

	if (db == NULL) {
		assert_true(sealed_failed(e));
		return -1;
	}
	sealed_failed(NULL);
	if (sqlite3_prepare_v2(db, "SELECT count(*) * 1000003 + "
	    "ifnull(sum(n * (length(b) + 7) + length(a)), 0) FROM t", -1, &s,
	    NULL) == SQLITE_OK && sqlite3_step(s) == SQLITE_ROW)
		out = sqlite3_column_int64(s, 0);
	sqlite3_finalize(s);
	s = NULL;
	if (deep && out >= 0) {
		assert_int_equal(sqlite3_prepare_v2(db,
		    "PRAGMA integrity_check", -1, &s, NULL), SQLITE_OK);
		assert_int_equal(sqlite3_step(s), SQLITE_ROW);
		assert_string_equal(sqlite3_column_text(s, 0), "ok");
		sqlite3_finalize(s);
	}
	if (out < 0 && !sealed_failed(e))
		fail_msg("not of sealing: %s", sqlite3_errmsg(db));
	/* Leaves all as it is: it is looked at again. */
	sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
	sqlite3_close(db);
	return out;
}

static int64_t
digest_now(const char *name)
{
	struct err e = { 0 };
	int64_t out = digest_of(name, true, &e);

	if (out < 0)
		fail_msg("%s", e.why);
	return out;
}

static bool
has_plain(const char *name)
{
	static const char *const ends[] = { "", "-swal", "-shm" };
	bool found = false;

	for (size_t i = 0; i < 3; i++) {
		struct bytes b = load(name, ends[i]);

		if (b.p != NULL && (memmem(b.p, b.n, "Falcon", 6) != NULL ||
		    memmem(b.p, b.n, "CREATE TABLE", 12) != NULL ||
		    memmem(b.p, b.n, "SQLite format", 13) != NULL))
			found = true;
		free(b.p);
	}
	return found;
}

/* ---- tests -------------------------------------------------------------- */

static void
what_is_written_comes_back(void **state)
{
	sqlite3 *db = open_new(), *reader;
	int64_t before, after;

	(void)state;
	add(db, 3000);
	assert_false(has_plain(path));
	before = digest_now(path);
	run(db, "PRAGMA wal_checkpoint(PASSIVE)");
	assert_false(has_plain(path));
	assert_int_equal(digest_now(path), before);
	/* A reader stays in its snapshot while the log grows and moves. */
	reader = open_at(path, false);
	run(reader, "BEGIN; SELECT count(*) FROM t");
	run(db, "UPDATE t SET b = 'x' WHERE n % 3 = 0;"
	    "DELETE FROM t WHERE n % 5 = 0; CREATE INDEX i ON t(b, a)");
	run(db, "PRAGMA wal_checkpoint(PASSIVE)");
	run(reader, "SELECT sum(n) FROM t; COMMIT");
	run(db, "PRAGMA wal_checkpoint(RESTART)");
	add(db, 500);
	sqlite3_close(reader);
	after = digest_now(path);
	run(db, "VACUUM");
	run(db, "PRAGMA wal_checkpoint(TRUNCATE)");
	assert_int_equal(digest_now(path), after);
	sqlite3_close(db);
	assert_int_equal(digest_now(path), after);
	assert_false(has_plain(path));
}

/* The cache of two pages spills in the middle of a transaction, and rows are
 * written twice: SQLite rewrites frames in place. */
static void
large_transactions(void **state)
{
	sqlite3 *db = open_new();
	int64_t was;

	(void)state;
	run(db, "PRAGMA cache_size = 2; PRAGMA cache_spill = 1; BEGIN");
	add(db, 5000);
	run(db, "UPDATE t SET a = a || n; SAVEPOINT s;"
	    "UPDATE t SET b = a; ROLLBACK TO s; UPDATE t SET b = 'y' || b;"
	    "COMMIT");
	was = digest_now(path);
	run(db, "BEGIN; UPDATE t SET a = 'lost'; ROLLBACK");
	assert_int_equal(digest_now(path), was);
	run(db, "PRAGMA wal_checkpoint(RESTART)");
	assert_int_equal(digest_now(path), was);
	/* The first frames of a log that begins are written again, too. */
	run(db, "BEGIN; UPDATE t SET b = 'z' || b WHERE n < 900;"
	    "UPDATE t SET b = 'z' || b WHERE n < 900; COMMIT");
	was = digest_now(path);
	run(db, "PRAGMA wal_checkpoint(RESTART)");
	assert_int_equal(digest_now(path), was);
	/* A sort that goes to disk. */
	run(db, "PRAGMA temp_store = FILE; SELECT count(*) FROM "
	    "(SELECT * FROM t ORDER BY b DESC, a); CREATE TEMP TABLE u AS "
	    "SELECT * FROM t; SELECT sum(n) FROM u");
	sqlite3_close(db);
	assert_int_equal(digest_now(path), was);
}

static void
only_its_key(void **state)
{
	sqlite3 *db = open_new();
	struct err e = { 0 };
	int64_t was;

	(void)state;
	add(db, 100);
	sqlite3_close(db);
	was = digest_now(path);
	sealed_use(other);
	assert_int_equal(digest_of(path, true, &e), -1);
	assert_int_equal(e.code, ERR_KEY);
	e = (struct err){ 0 };
	assert_false(sealed_rekey(path, other, key, &e));
	assert_int_equal(e.code, ERR_KEY);
	assert_true(sealed_rekey(path, key, other, NULL));
	assert_int_equal(digest_now(path), was);
	sealed_use(key);
	e = (struct err){ 0 };
	assert_int_equal(digest_of(path, true, &e), -1);
	assert_int_equal(e.code, ERR_KEY);
	assert_true(sealed_rekey(path, other, key, NULL));
	assert_int_equal(digest_now(path), was);
}

/* Rows as they were, or an error: nothing else. Returns how many errors. */
static int
judge(struct files files, int64_t right)
{
	struct err e = { 0 };
	int64_t now;

	put(files);
	now = digest_of(copy, false, &e);
	if (now >= 0 && now != right)
		fail_msg("%lld rows for %lld", (long long)now,
		    (long long)right);
	if (now < 0)
		assert_true(e.code == ERR_CORRUPT || e.code == ERR_KEY);
	return now < 0;
}

static int
flip_all(struct bytes *b, struct files *files, int64_t right, size_t step)
{
	int errors = 0;

	for (size_t at = 0; at < b->n; at += step) {
		b->p[at] ^= 1u << at % 8;
		errors += judge(*files, right);
		b->p[at] ^= 1u << at % 8;
	}
	return errors;
}

static void
flipped_bits(void **state)
{
	sqlite3 *db = open_new();
	struct files files;
	int64_t right;
	int errors;

	(void)state;
	add(db, 300);
	run(db, "PRAGMA wal_checkpoint(PASSIVE)");
	run(db, "UPDATE t SET b = 'z' WHERE n % 40 = 0");
	run(db, "UPDATE t SET b = 'w' WHERE n = 7");
	right = digest_now(path);
	files = snapshot();
	assert_int_equal(judge(files, right), 0);
	errors = flip_all(&files.db, &files, right, 97);
	assert_true(errors > 20);
	errors = flip_all(&files.wal, &files, right, 97);
	assert_true(errors > 100);
	release(&files);
	sqlite3_close(db);
	/* And all in the database. */
	files = snapshot();
	assert_null(files.wal.p);
	assert_int_equal(judge(files, right), 0);
	assert_true(flip_all(&files.db, &files, right, 97) > 20);
	release(&files);
}

static size_t
page_at(unsigned page)		/* from 1, of the first group */
{
	return PREFIX + (size_t)(page + 1) * UNIT;
}

static void
swapped_and_old(void **state)
{
	sqlite3 *db = open_new();
	struct files old, now, mixed;
	int64_t right;
	int errors = 0;

	(void)state;
	add(db, 400);
	run(db, "PRAGMA wal_checkpoint(RESTART)");
	old = snapshot();
	run(db, "UPDATE t SET b = 'new'");
	run(db, "PRAGMA wal_checkpoint(RESTART)");
	sqlite3_close(db);
	now = snapshot();
	right = digest_now(path);
	assert_int_equal(old.db.n, now.db.n);
	mixed = (struct files){ { malloc(now.db.n), now.db.n }, { NULL, 0 } };
	/* Two pages change places. */
	memcpy(mixed.db.p, now.db.p, now.db.n);
	memcpy(mixed.db.p + page_at(3), now.db.p + page_at(4), UNIT);
	memcpy(mixed.db.p + page_at(4), now.db.p + page_at(3), UNIT);
	assert_int_equal(judge(mixed, right), 1);
	/* Each unit alone as it was before: page, map, head. */
	for (size_t at = 0; at < now.db.n; at += UNIT) {
		memcpy(mixed.db.p, now.db.p, now.db.n);
		memcpy(mixed.db.p + at, old.db.p + at, UNIT);
		errors += judge(mixed, right);
	}
	assert_true(errors >= 5);
	/* All pages, but not the head; all but the pages. */
	memcpy(mixed.db.p, now.db.p, PREFIX);
	memcpy(mixed.db.p + PREFIX, old.db.p + PREFIX, now.db.n - PREFIX);
	assert_int_equal(judge(mixed, right), 1);
	memcpy(mixed.db.p, old.db.p, page_at(1));
	memcpy(mixed.db.p + page_at(1), now.db.p + page_at(1),
	    now.db.n - page_at(1));
	assert_int_equal(judge(mixed, right), 1);
	/* Emptied. */
	memcpy(mixed.db.p, now.db.p, now.db.n);
	memset(mixed.db.p + page_at(2), 0, UNIT);
	assert_int_equal(judge(mixed, right), 1);
	/* Cut off. */
	memcpy(mixed.db.p, now.db.p, now.db.n);
	for (size_t n = 1; n < now.db.n; n += n < 200 ? 37 : 1777) {
		mixed.db.n = n;
		assert_int_equal(judge(mixed, right), 1);
	}
	mixed.db.n = now.db.n - UNIT;
	assert_int_equal(judge(mixed, right), 1);
	release(&mixed);
	release(&old);
	release(&now);
}

static void
logs_that_are_not_the_last(void **state)
{
	sqlite3 *db = open_new();
	struct files old, now, mixed;
	int64_t right;

	(void)state;
	add(db, 200);
	old = snapshot();		/* all of it in its log */
	run(db, "PRAGMA wal_checkpoint(RESTART)");
	run(db, "UPDATE t SET b = 'new'");
	run(db, "UPDATE t SET a = 'newer' WHERE n < 90");
	now = snapshot();		/* in the log, two commits */
	right = digest_now(path);
	assert_int_equal(judge(now, right), 0);
	mixed = now;
	mixed.wal = old.wal;
	assert_int_equal(judge(mixed, right), 1);
	mixed.wal = (struct bytes){ NULL, 0 };
	assert_int_equal(judge(mixed, right), 1);
	mixed.wal = now.wal;
	for (size_t n = 0; n < now.wal.n; n += n < 200 ? 13 : FRAME / 2 + 11) {
		mixed.wal.n = n;
		assert_int_equal(judge(mixed, right), 1);
	}
	mixed.wal.n = now.wal.n - FRAME;
	assert_int_equal(judge(mixed, right), 1);
	mixed = now;
	mixed.db = old.db;		/* an old database, a new log */
	assert_int_equal(judge(mixed, right), 1);
	/* All is in the database: an old log is none. */
	run(db, "PRAGMA wal_checkpoint(RESTART)");
	sqlite3_close(db);
	mixed = snapshot();
	mixed.wal = now.wal;
	assert_int_equal(judge(mixed, right), 0);
	mixed.wal = old.wal;
	assert_int_equal(judge(mixed, right), 0);
	mixed.wal = (struct bytes){ NULL, 0 };
	release(&mixed);
	release(&old);
	release(&now);
}

/* Somebody looks with SQLite's own shell: he sees nothing and harms nothing. */
static void
without_the_vfs(void **state)
{
	sqlite3 *db = open_new(), *plain = NULL;
	struct files files;
	int64_t right;

	(void)state;
	add(db, 50);
	right = digest_now(path);
	files = snapshot();
	put(files);
	assert_int_equal(sqlite3_open_v2(copy, &plain, SQLITE_OPEN_READWRITE,
	    "unix"), SQLITE_OK);
	assert_int_equal(sqlite3_exec(plain, "SELECT * FROM t", NULL, NULL,
	    NULL), SQLITE_NOTADB);
	sqlite3_close(plain);
	assert_int_equal(digest_now(copy), right);
	sqlite3_close(db);
	release(&files);
}

/* The end of a log that a stop tore was promised to nobody. */
static void
torn_ends(void **state)
{
	sqlite3 *db = open_new();
	struct files before, after, torn;
	int64_t right;

	(void)state;
	add(db, 50);
	before = snapshot();
	right = digest_now(path);
	run(db, "UPDATE t SET b = 'more than was there before it'");
	after = snapshot();
	torn = before;
	torn.wal = after.wal;
	/* The frames came, the mark did not: they count, or are torn. */
	for (size_t n = before.wal.n; n < after.wal.n; n += 1009) {
		torn.wal.n = n;
		assert_int_equal(judge(torn, right), 0);
	}
	sqlite3_close(db);
	release(&before);
	release(&after);
}

static void
journals(void **state)
{
	sqlite3 *db;
	struct files files;
	struct bytes journal, old;
	struct err e = { 0 };
	int64_t right;

	(void)state;
	clear(path);
	db = open_at(path, true);
	run(db, "PRAGMA journal_mode = DELETE;"
	    "CREATE TABLE t(n INTEGER PRIMARY KEY, a, b)");
	add(db, 500);
	right = digest_now(path);
	run(db, "PRAGMA cache_size = 2; PRAGMA cache_spill = 1; BEGIN");
	run(db, "UPDATE t SET a = 'Falcon and lost', b = '" ROW "'");
	old = load(path, "-sjournal");
	assert_non_null(old.p);
	assert_null(memmem(old.p, old.n, "Falcon", 6));
	files = snapshot();
	run(db, "COMMIT");
	sqlite3_close(db);
	/* A stop in the middle is undone. */
	put(files);
	save(copy, "-sjournal", old);
	assert_int_equal(digest_now(copy), right);
	/* Without its journal, or with half of it, there is no way back. */
	put(files);
	assert_int_equal(digest_of(copy, false, &e), -1);
	put(files);
	journal = old;
	journal.n /= 2;
	save(copy, "-sjournal", journal);
	e = (struct err){ 0 };
	assert_int_equal(digest_of(copy, false, &e), -1);
	release(&files);
	/* A journal of before undoes nothing of today's. */
	db = open_at(path, false);
	run(db, "UPDATE t SET a = 'today'");
	sqlite3_close(db);
	right = digest_now(path);
	files = snapshot();
	put(files);
	save(copy, "-sjournal", old);
	assert_int_equal(digest_now(copy), right);
	release(&files);
	free(old.p);
}

/* ---- kill -9 ------------------------------------------------------------ */

static void
work(int out, unsigned seed)
{
	sqlite3 *db = open_at(path, false);
	char sql[160];

	srand(seed);
	if (db == NULL)
		_exit(2);
	sqlite3_busy_timeout(db, 20000);
	if (sqlite3_exec(db, "PRAGMA wal_autocheckpoint = 0;"
	    "PRAGMA synchronous = FULL", NULL, NULL, NULL) != SQLITE_OK)
		_exit(3);
	for (;;) {
		int64_t n;

		snprintf(sql, sizeof sql, "BEGIN IMMEDIATE; INSERT INTO t(a) "
		    "VALUES (hex(randomblob(%d))); UPDATE t SET b = "
		    "hex(randomblob(100)) WHERE n %% 17 = %d; COMMIT",
		    rand() % 900, rand() % 17);
		if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
			_exit(4);
		n = sqlite3_last_insert_rowid(db);
		if (write(out, &n, sizeof n) != sizeof n)
			_exit(5);
		if (rand() % 3 == 0)
			sqlite3_wal_checkpoint_v2(db, NULL, rand() % 2 ?
			    SQLITE_CHECKPOINT_PASSIVE :
			    SQLITE_CHECKPOINT_RESTART, NULL, NULL);
	}
}

static void
killed_at_any_moment(void **state)
{
	const char *rounds = getenv("BAHI_KILLS");
	sqlite3 *db = open_new();

	(void)state;
	sqlite3_close(db);
	for (int i = rounds != NULL ? (int)strtol(rounds, NULL, 10) : 25;
	    i > 0; i--) {
		int64_t n, said = 0;
		int ends[2], status;
		sqlite3_stmt *s;
		pid_t child;

		assert_int_equal(pipe(ends), 0);
		child = fork();
		if (child == 0) {
			close(ends[0]);
			work(ends[1], (unsigned)i);
		}
		close(ends[1]);
		for (int k = 0; k < 3 + i * 7 % 40; k++)
			if (read(ends[0], &n, sizeof n) == sizeof n)
				said = n;
		kill(child, SIGKILL);
		while (read(ends[0], &n, sizeof n) == sizeof n)
			said = n;
		assert_int_equal(waitpid(child, &status, 0), child);
		assert_true(WIFSIGNALED(status));
		close(ends[0]);
		digest_now(path);
		db = open_at(path, false);
		assert_int_equal(sqlite3_prepare_v2(db, "SELECT max(n) FROM t",
		    -1, &s, NULL), SQLITE_OK);
		assert_int_equal(sqlite3_step(s), SQLITE_ROW);
		assert_true(sqlite3_column_int64(s, 0) >= said);
		sqlite3_finalize(s);
		if (i % 4 == 0)
			sqlite3_close(db);	/* this one checkpoints */
		else {
			sqlite3_db_config(db,
			    SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
			sqlite3_close(db);
		}
	}
}

/* Another process writes and checkpoints while we read. */
static void
two_processes(void **state)
{
	sqlite3 *db = open_new();
	int ends[2], status;
	int64_t n;
	pid_t child;

	(void)state;
	sqlite3_close(db);
	assert_int_equal(pipe(ends), 0);
	child = fork();
	if (child == 0) {
		close(ends[0]);
		work(ends[1], 5);
	}
	close(ends[1]);
	assert_int_equal(read(ends[0], &n, sizeof n), sizeof n);
	db = open_at(path, false);
	run(db, "PRAGMA cache_size = 1; PRAGMA busy_timeout = 5000");
	for (int i = 0; i < 150; i++) {
		run(db, "SELECT sum(length(a) + length(b)) FROM t");
		assert_int_equal(read(ends[0], &n, sizeof n), sizeof n);
		if (i % 10 == 0)
			run(db, "PRAGMA wal_checkpoint(PASSIVE);"
			    "INSERT INTO t(a) VALUES ('ours')");
	}
	sqlite3_close(db);
	kill(child, SIGKILL);
	waitpid(child, &status, 0);
	close(ends[0]);
	digest_now(path);
}

static void
stands_after_a_stop(int64_t now)
{
	struct files files = snapshot();

	put(files);
	assert_int_equal(digest_now(copy), now);
	release(&files);
}

/* Two connections write by turns, and the one begins the log anew in between:
 * what the other writes behind it is of the new log, also where it has to read
 * nothing of that log before. */
static void
writers_by_turns(void **state)
{
	sqlite3 *one = open_new(), *two = open_at(path, false);
	int64_t now;

	(void)state;
	add(one, 20);
	run(one, "CREATE TABLE u(n INTEGER PRIMARY KEY, a);"
	    "INSERT INTO u VALUES (1, 0)");
	for (int i = 0; i < 5; i++) {
		run(one, "UPDATE t SET a = a || 'x' WHERE n = 1;"
		    "PRAGMA wal_checkpoint(RESTART)");
		run(two, "UPDATE u SET a = a + 1");
		run(one, "UPDATE t SET a = a || 'y' WHERE n = 2");
		now = digest_now(path);
		stands_after_a_stop(now);
	}
	sqlite3_close(two);
	sqlite3_close(one);
	assert_int_equal(digest_now(path), now);
}

/* What one wrote without waiting for the disk is of a log that is done with by
 * the time it syncs: nothing is promised of the log in use by that. */
static void
syncs_by_turns(void **state)
{
	sqlite3 *one = open_new(), *two = open_at(path, false);
	int64_t now;

	(void)state;
	for (int reads = 0; reads < 2; reads++) {
		run(one, "PRAGMA synchronous = NORMAL");
		add(one, 2000);
		run(two, "PRAGMA synchronous = FULL;"
		    "PRAGMA wal_checkpoint(RESTART)");
		run(two, "UPDATE t SET a = 'x' WHERE n = 1");
		if (reads)
			run(one, "SELECT count(*) FROM t");
		run(one, "PRAGMA wal_checkpoint(PASSIVE)");
		now = digest_now(path);
		stands_after_a_stop(now);
	}
	sqlite3_close(two);
	sqlite3_close(one);
}

/* Checksums that SQLite makes anew behind a page which it wrote again in place
 * are in the file when it says so, also when nothing is synced. */
static void
heads_alone(void **state)
{
	sqlite3 *db = open_new();
	int64_t now;

	(void)state;
	add(db, 3000);
	run(db, "PRAGMA synchronous = NORMAL; PRAGMA cache_size = 2");
	for (int i = 0; i < 2; i++) {
		run(db, "BEGIN; UPDATE t SET b = 'x' || b;"
		    "UPDATE t SET b = 'y' || b WHERE n < 2000; COMMIT");
		now = digest_now(path);
		stands_after_a_stop(now);
		run(db, "PRAGMA wal_checkpoint(RESTART)");
	}
	sqlite3_close(db);
}

/* ---- many at once ------------------------------------------------------- */

#define CROWD 4			/* processes, two connections each */
#define CROWD_END (-1)

/* What went wrong, and ends: the parent says it. */
static void
fall(sqlite3 *db, const char *doing)
{
	struct err e = { 0 };

	sealed_failed(&e);
	fprintf(stderr, "%d: %s: %d %s (%s)\n", getpid(), doing,
	    sqlite3_extended_errcode(db),
	    sqlite3_errmsg(db), e.why);
	_exit(7);
}

static void
must(sqlite3 *db, const char *sql)
{
	int rc = sqlite3_exec(db, sql, NULL, NULL, NULL);

	if (rc != SQLITE_OK && rc != SQLITE_BUSY)
		fall(db, sql);
}

static int64_t
counter(sqlite3 *db, int who)
{
	sqlite3_stmt *s = NULL;
	char sql[64];
	int64_t n = -1;

	snprintf(sql, sizeof sql, "SELECT a FROM c WHERE n = %d", who);
	if (sqlite3_prepare_v2(db, sql, -1, &s, NULL) != SQLITE_OK ||
	    sqlite3_step(s) != SQLITE_ROW)
		fall(db, sql);
	n = sqlite3_column_int64(s, 0);
	sqlite3_finalize(s);
	return n;
}

static sqlite3 *
join(void)
{
	sqlite3 *db = open_at(path, false);

	if (db == NULL)
		fall(NULL, "open");
	sqlite3_busy_timeout(db, 20000);
	must(db, "PRAGMA wal_autocheckpoint = 0; PRAGMA cache_size = 3");
	return db;
}

/* One turn: what is committed is told to the parent. */
static void
turn(sqlite3 *db, int who, int out)
{
	static const int modes[] = { SQLITE_CHECKPOINT_PASSIVE,
	    SQLITE_CHECKPOINT_FULL, SQLITE_CHECKPOINT_RESTART,
	    SQLITE_CHECKPOINT_TRUNCATE };
	char sql[200];
	int64_t n;

	switch (rand() % 8) {
	case 0:
		sqlite3_wal_checkpoint_v2(db, NULL, modes[rand() % 4], NULL,
		    NULL);
		break;
	case 1:
		must(db, "SELECT sum(length(a)) + sum(length(b)) FROM t");
		break;
	case 2:
		snprintf(sql, sizeof sql, "UPDATE t SET b = hex(randomblob("
		    "%d)) WHERE n %% 5 = %d", rand() % 300, who);
		must(db, sql);
		break;
	case 3:
		must(db, "PRAGMA synchronous = NORMAL");
		break;
	case 4:
		must(db, "PRAGMA synchronous = FULL");
		break;
	default:
		snprintf(sql, sizeof sql, "UPDATE c SET a = a + 1 WHERE n = "
		    "%d", who);
		must(db, sql);
		n = counter(db, who);
		if (write(out, &n, sizeof n) != sizeof n)
			_exit(8);
	}
}

static void
mingle(int who, unsigned seed, int turns, int out)
{
	sqlite3 *mine[2];
	int64_t end = CROWD_END;

	srand(seed);
	mine[0] = join();
	mine[1] = join();
	for (int i = 0; i < turns; i++) {
		turn(mine[rand() % 2], who, out);
		if (rand() % 20 == 0) {
			sqlite3_close(mine[0]);
			mine[0] = join();
		}
	}
	sqlite3_close(mine[0]);
	sqlite3_close(mine[1]);
	if (write(out, &end, sizeof end) != sizeof end)
		_exit(8);
	_exit(0);
}

/* What the child said last; true: it came to its end. */
static bool
last_said(int in, int64_t *said)
{
	int64_t n;

	while (read(in, &n, sizeof n) == sizeof n) {
		if (n == CROWD_END)
			return true;
		*said = n;
	}
	return false;
}

/* Several processes and connections write, read, checkpoint, come and go, and
 * some are killed: nobody ever sees anything but what was committed. */
static void
a_crowd(void **state)
{
	const char *rounds = getenv("BAHI_KILLS");
	int n = rounds != NULL ? (int)strtol(rounds, NULL, 10) / 3 + 1 : 8;
	sqlite3 *db = open_new();

	(void)state;
	add(db, 200);
	run(db, "CREATE TABLE c(n INTEGER PRIMARY KEY, a);"
	    "INSERT INTO c VALUES (0, 0), (1, 0), (2, 0), (3, 0)");
	sqlite3_close(db);
	for (int round = 0; round < n; round++) {
		int in[CROWD], ends[2], status;
		int64_t said[CROWD] = { 0 };
		pid_t child[CROWD];

		for (int i = 0; i < CROWD; i++) {
			assert_int_equal(pipe(ends), 0);
			child[i] = fork();
			if (child[i] == 0)
				mingle(i, (unsigned)(round * CROWD + i), 80,
				    ends[1]);
			close(ends[1]);
			in[i] = ends[0];
		}
		/* One of them is killed in the middle of something. */
		if (read(in[0], &said[0], sizeof *said) == sizeof *said)
			kill(child[0], SIGKILL);
		for (int i = 0; i < CROWD; i++) {
			bool whole = last_said(in[i], &said[i]);

			assert_int_equal(waitpid(child[i], &status, 0),
			    child[i]);
			close(in[i]);
			assert_true(whole ? WIFEXITED(status) &&
			    WEXITSTATUS(status) == 0 : i == 0 &&
			    WIFSIGNALED(status));
		}
		digest_now(path);
		db = open_at(path, false);
		for (int i = 0; i < CROWD; i++)
			assert_true(counter(db, i) >= said[i]);
		sqlite3_close(db);
	}
}

/* Whatever is handed to it: no crash, and no database. */
static void
rubbish(void **state)
{
	struct files files = { { malloc(200000), 0 }, { NULL, 0 } };

	(void)state;
	for (size_t n = 1; n < 200000; n = n * 3 + 1)
		for (int form = 0; form < 3; form++) {
			struct err e = { 0 };

			digest_random(files.db.p, n);
			if (form > 0 && n >= 16)
				memcpy(files.db.p, "bahi-sealed-db-1", 16);
			if (form > 1 && n >= 32)
				memset(files.db.p + 16, 0, 16);
			files.db.n = n;
			put(files);
			assert_int_equal(digest_of(copy, false, &e), -1);
			assert_true(e.code == ERR_CORRUPT ||
			    e.code == ERR_KEY);
		}
	release(&files);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_written_comes_back),
		cmocka_unit_test(large_transactions),
		cmocka_unit_test(only_its_key),
		cmocka_unit_test(flipped_bits),
		cmocka_unit_test(swapped_and_old),
		cmocka_unit_test(logs_that_are_not_the_last),
		cmocka_unit_test(without_the_vfs),
		cmocka_unit_test(torn_ends),
		cmocka_unit_test(journals),
		cmocka_unit_test(killed_at_any_moment),
		cmocka_unit_test(two_processes),
		cmocka_unit_test(writers_by_turns),
		cmocka_unit_test(syncs_by_turns),
		cmocka_unit_test(heads_alone),
		cmocka_unit_test(a_crowd),
		cmocka_unit_test(rubbish),
	};

	return cmocka_run_group_tests(tests, make, drop);
}
