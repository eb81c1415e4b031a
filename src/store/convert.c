/*
 * Sealing a store, and unsealing it.  VACUUM INTO writes each page anew with
 * room for its seal; rows keep their numbers.
 */
#include "store/convert.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sqlite3.h>

#include "core/arena.h"
#include "core/sealed.h"
#include "core/str.h"

struct convert_work {
	struct arena *arena;
	const char *path, *fresh;
	const char *from_vfs, *to_vfs;	/* NULL: the system's */
	sqlite3 *from, *to;
	int64_t tables, rows;
};

static bool
fail(sqlite3 *db, const char *path, struct err *e)
{
	if (!sealed_failed(e))
		err_set(e, ERR_STORE, "%.200s: %s", path, db != NULL ?
		    sqlite3_errmsg(db) : "out of memory");
	return false;
}

static bool
open_at(sqlite3 **db, const char *path, const char *vfs, struct err *e)
{
	sealed_failed(NULL);
	if (sqlite3_open_v2(path, db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_URI,
	    vfs) == SQLITE_OK && sqlite3_exec(*db,
	    "PRAGMA temp_store = MEMORY", NULL, NULL, NULL) == SQLITE_OK)
		return true;
	return fail(*db, path, e);
}

/* "file:/var/lib/bahi/a%20b.db?vfs=NAME" */
static void
write_uri(struct str *out, const char *path, const char *vfs)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./";

	str_adds(out, "file:");
	for (; *path != '\0'; path++)
		if (strchr(plain, *path) != NULL)
			str_addc(out, *path);
		else
			str_addf(out, "%%%02X", (unsigned char)*path);
	str_addf(out, "?vfs=%s", vfs);
}

static bool
copy(struct convert_work *work, struct err *e)
{
	sqlite3_vfs *system = sqlite3_vfs_find(NULL);
	sqlite3_stmt *s = NULL;
	struct str uri;
	bool ok;

	if (work->to_vfs != NULL)
		sealed_prepare(work->from);
	str_init(&uri, 4 * PATH_MAX);
	write_uri(&uri, work->fresh, work->to_vfs != NULL ? work->to_vfs :
	    system->zName);
	ok = sqlite3_prepare_v2(work->from, "VACUUM INTO ?1", -1, &s,
	    NULL) == SQLITE_OK && sqlite3_bind_text(s, 1, uri.p, (int)uri.n,
	    SQLITE_STATIC) == SQLITE_OK && sqlite3_step(s) == SQLITE_DONE;
	sqlite3_finalize(s);
	str_free(&uri);
	return ok || fail(work->from, work->fresh, e);
}

/* ---- is it all there? --------------------------------------------------- */

static bool
count(sqlite3 *db, const char *table, int64_t *out)
{
	/* A name of the schema, quoted by SQLite itself. */
	char *sql = sqlite3_mprintf("SELECT count(*) FROM \"%w\"", table);
	sqlite3_stmt *s = NULL;
	bool ok = sql != NULL && sqlite3_prepare_v2(db, sql, -1, &s, NULL) ==
	    SQLITE_OK && sqlite3_step(s) == SQLITE_ROW;

	if (ok)
		*out = sqlite3_column_int64(s, 0);
	sqlite3_finalize(s);
	sqlite3_free(sql);
	return ok;
}

static bool
same_rows(struct convert_work *work, struct err *e)
{
	sqlite3_stmt *s = NULL;
	bool ok = sqlite3_prepare_v2(work->from, "SELECT name FROM "
	    "sqlite_schema WHERE type = 'table' AND rootpage > 0", -1, &s,
	    NULL) == SQLITE_OK;
	int rc = SQLITE_DONE;

	while (ok && (rc = sqlite3_step(s)) == SQLITE_ROW) {
		const char *name = (const char *)sqlite3_column_text(s, 0);
		int64_t before, after;

		ok = count(work->from, name, &before) &&
		    count(work->to, name, &after) && (before == after ||
		    err_set(e, ERR_CORRUPT, "%lld rows of %.60s became %lld",
		    (long long)before, name, (long long)after));
		work->tables++;
		work->rows += ok ? before : 0;
	}
	sqlite3_finalize(s);
	if (ok && rc == SQLITE_DONE)
		return true;
	return fail(work->to, work->fresh, e);
}

static bool
sound(sqlite3 *db, const char *path, struct err *e)
{
	sqlite3_stmt *s = NULL;
	bool ok = sqlite3_prepare_v2(db, "PRAGMA integrity_check(1)", -1, &s,
	    NULL) == SQLITE_OK && sqlite3_step(s) == SQLITE_ROW;

	if (!ok)
		fail(db, path, e);
	else if (strcmp((const char *)sqlite3_column_text(s, 0), "ok") != 0)
		ok = err_set(e, ERR_CORRUPT, "%.200s: %.200s", path,
		    sqlite3_column_text(s, 0));
	sqlite3_finalize(s);
	return ok;
}

/* ---- taking the place --------------------------------------------------- */

/* What a plain file held is still on the disk when it is only unlinked. On a
 * disk or file system that writes elsewhere this reaches nothing. */
static void
wipe(int fd)
{
	static const char none[65536];
	struct stat st;

	if (fstat(fd, &st) != 0)
		return;
	for (off_t at = 0; at < st.st_size; at += (off_t)sizeof none)
		if (pwrite(fd, none, sizeof none, at) < 0)
			return;
	fsync(fd);
}

static bool
sync_path(const char *path, int flags, struct err *e)
{
	int fd = open(path, flags | O_CLOEXEC);
	bool ok = fd >= 0 && fsync(fd) == 0;

	if (fd >= 0)
		close(fd);
	return ok || err_set(e, ERR_SYSTEM, "sync %.200s: %s", path,
	    strerror(errno));
}

static bool
replace(struct convert_work *work, struct err *e)
{
	const char *log = arena_printf(work->arena, "%s-%s", work->path,
	    work->from_vfs == NULL ? "wal" : "swal");
	int old;
	bool ok;

	if (access(log, F_OK) == 0)
		return err_set(e, ERR_IN_USE, "%.200s: somebody has it open",
		    work->path);
	if (!sync_path(work->fresh, O_RDWR, e))
		return false;
	old = open(work->path, O_RDWR | O_CLOEXEC);
	ok = rename(work->fresh, work->path) == 0 || err_set(e, ERR_SYSTEM,
	    "rename %.200s: %s", work->fresh, strerror(errno));
	ok = ok && sync_path(dirname(arena_strdup(work->arena, work->path)),
	    O_RDONLY | O_DIRECTORY, e);
	if (ok && work->from_vfs == NULL && old >= 0)
		wipe(old);
	if (old >= 0)
		close(old);
	return ok;
}

static void
clear_fresh(struct convert_work *work)
{
	static const char *const ends[] = { "", "-wal", "-shm", "-journal",
	    "-swal", "-sjournal" };

	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
		unlink(arena_printf(work->arena, "%s%s", work->fresh,
		    ends[i]));
}

static bool
write_anew(struct convert_work *work, struct err *e)
{
	bool ok = open_at(&work->from, work->path, work->from_vfs, e) &&
	    copy(work, e) && open_at(&work->to, work->fresh, work->to_vfs,
	    e) && sound(work->to, work->fresh, e) && same_rows(work, e);

	sqlite3_close(work->to);
	/* The last one to close takes the log along. */
	sqlite3_close(work->from);
	return ok && replace(work, e);
}

static bool
judge(const char *path, enum convert what, struct err *e)
{
	enum sealed_state state = sealed_look(path);

	if (state == SEALED_ABSENT)
		return err_set(e, ERR_NOT_FOUND, "%.200s is not there", path);
	if (what == CONVERT_SEAL && state == SEALED_YES)
		return err_set(e, ERR_REFUSED, "%.200s is sealed already",
		    path);
	if (what != CONVERT_SEAL && state == SEALED_NOT)
		return err_set(e, ERR_REFUSED, "%.200s is not sealed", path);
	return sealed_vfs() != NULL || err_set(e, ERR_CONFIG,
	    "key: none is set");
}

bool
convert_store(const char *path, enum convert what, int64_t *tables,
    int64_t *rows, struct err *e)
{
	struct convert_work work = { .arena = arena_new(), .path = path };
	const char *lock = arena_printf(work.arena, "%s.lock", path);
	int fd = open(lock, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	bool ok;

	work.fresh = arena_printf(work.arena, "%s.fresh", path);
	work.from_vfs = what == CONVERT_SEAL ? NULL : SEALED_VFS;
	work.to_vfs = what == CONVERT_UNSEAL ? NULL : SEALED_VFS;
	if (fd < 0)
		ok = err_set(e, ERR_SYSTEM, "%.200s: %s", lock,
		    strerror(errno));
	else if (flock(fd, LOCK_EX | LOCK_NB) != 0)
		ok = err_set(e, ERR_IN_USE, "%.200s: another bahid has it "
		    "open", path);
	else
		ok = judge(path, what, e);
	if (ok) {
		clear_fresh(&work);
		ok = write_anew(&work, e);
		clear_fresh(&work);
	}
	if (fd >= 0)
		close(fd);
	*tables = work.tables;
	*rows = work.rows;
	arena_free(&work.arena);
	return ok;
}
