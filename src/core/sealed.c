/*
 * The VFS: which file is sealed how.  All but files is the system's own VFS;
 * it does the locking and the shared memory, which has page numbers only.
 */
#include "core/sealed_inside.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/digest.h"

static struct sealkey *process_key;
static sealed_finder *find_key;
static unsigned char passing[AEAD_KEY];	/* of temporary files */
static pthread_once_t once = PTHREAD_ONCE_INIT;
static sqlite3_vfs vfs;

/* ---- why ---------------------------------------------------------------- */

static _Thread_local struct err why;

int
sealed_fault(int rc, enum err_code code, const char *text, ...)
{
	va_list ap;

	va_start(ap, text);
	why.code = code;
	vsnprintf(why.why, sizeof why.why, text, ap);
	va_end(ap);
	return rc;
}

bool
sealed_failed(struct err *e)
{
	struct err was = why;

	why.code = ERR_NONE;
	if (was.code == ERR_NONE)
		return false;
	err_set(e, was.code, "%s", was.why);
	return true;
}

/* ---- the file itself ---------------------------------------------------- */

int
sealed_raw_get(struct sealed_file *file, void *out, int n, int64_t at)
{
	return file->real->pMethods->xRead(file->real, out, n, at);
}

int
sealed_raw_put(struct sealed_file *file, const void *in, int n,
    int64_t at)
{
	return file->real->pMethods->xWrite(file->real, in, n, at);
}

int
sealed_raw_sync(struct sealed_file *file)
{
	return file->real->pMethods->xSync(file->real, SQLITE_SYNC_NORMAL);
}

int
sealed_raw_size(struct sealed_file *file, int64_t *out)
{
	sqlite3_int64 size = 0;
	int rc = file->real->pMethods->xFileSize(file->real, &size);

	*out = size;
	return rc;
}

struct sealer *
sealed_sealer(struct sealed_file *file)
{
	if (file->sealer == NULL)
		file->sealer = sealer_new(file->shelf != NULL ?
		    file->shelf->inner : passing);
	return file->sealer;
}

/* ---- opening ------------------------------------------------------------ */

static sqlite3_vfs *
system_vfs(void)
{
	return vfs.pAppData;
}

static void
name_file(struct sealed_file *file, const char *path)
{
	const char *slash = path != NULL ? strrchr(path, '/') : NULL;

	snprintf(file->name, sizeof file->name, "%.79s", slash != NULL ?
	    slash + 1 : path != NULL ? path : "a temporary file");
}

/*
 * Log and journal of a sealed database have names of their own, STORE-swal and
 * STORE-sjournal: SQLite without the key finds nothing in them that it knows,
 * and would take them away when it closes.
 */
static const struct {
	const char *theirs, *ours;
} endings[] = {
	{ "-wal", "-swal" }, { "-journal", "-sjournal" },
};

/* In SQLite's memory, or NULL: it goes by its own name. */
static char *
name_beside(const char *path, bool is_ours)
{
	size_t n = strlen(path);

	for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
		size_t m = strlen(endings[i].theirs);
		char *out;

		if (n <= m || strcmp(path + n - m, endings[i].theirs) != 0 ||
		    (!is_ours && !shelf_has(path, n - m)))
			continue;
		/* Zeros behind it: SQLite looks there for parameters. */
		out = sqlite3_malloc64(n + 8);
		if (out == NULL)
			bug("out of memory");
		memset(out, 0, n + 8);
		memcpy(out, path, n - m);
		memcpy(out + n - m, endings[i].ours,
		    strlen(endings[i].ours));
		return out;
	}
	return NULL;
}

static int
open_real(struct sealed_file *file, const char *path, int flags, int *out)
{
	sqlite3_vfs *system = system_vfs();
	int rc;

	file->real = (sqlite3_file *)(file + 1);
	file->real->pMethods = NULL;
	rc = system->xOpen(system, path, file->real, flags, out);
	if (rc == SQLITE_OK && (file->room = sqlite3_malloc(FRAME)) == NULL)
		rc = SQLITE_NOMEM;
	if (rc != SQLITE_OK && file->real->pMethods != NULL)
		file->real->pMethods->xClose(file->real);
	name_file(file, path);
	return rc;
}

static int
open_main(struct sealed_file *file, const char *path, struct sealkey *key,
    int flags, int *out)
{
	int rc = open_real(file, path, flags, out);

	if (rc != SQLITE_OK)
		return rc;
	rc = shelf_join(file, path, key);
	/* Who does not want a new one must not get one for the old. */
	if (rc == SQLITE_OK && !file->shelf->made &&
	    (flags & SQLITE_OPEN_CREATE) == 0)
		rc = sealed_fault(SQLITE_CORRUPT, ERR_CORRUPT, "%s: it is "
		    "empty", file->name);
	if (rc == SQLITE_OK) {
		file->base.pMethods = &sealed_main_methods;
		return rc;
	}
	if (file->shelf != NULL)
		shelf_leave(file);
	file->real->pMethods->xClose(file->real);
	sqlite3_free(file->room);
	return rc;
}

static int
open_beside(struct sealed_file *file, struct sealed_file *main,
    const char *path, int flags, int *out)
{
	int rc;

	file->beside = name_beside(path, true);
	rc = open_real(file, file->beside != NULL ? file->beside : path,
	    flags, out);
	if (rc != SQLITE_OK) {
		sqlite3_free(file->beside);
		return rc;
	}
	file->main = main;
	file->shelf = main->shelf;
	file->block = -1;
	file->through = true;
	file->base.pMethods = (flags & SQLITE_OPEN_WAL) != 0 ?
	    &sealed_log_methods : &sealed_block_methods;
	return rc;
}

static int
open_passing(struct sealed_file *file, const char *path, int flags, int *out)
{
	int rc = open_real(file, path, flags, out);

	if (rc != SQLITE_OK)
		return rc;
	file->block = -1;
	file->deletes = (flags & SQLITE_OPEN_DELETEONCLOSE) != 0;
	file->base.pMethods = &sealed_block_methods;
	return rc;
}

/* The database that this log or journal is of; NULL: not one of ours. */
static struct sealed_file *
main_of(const char *path)
{
	sqlite3_file *main = sqlite3_database_file_object(path);

	return main != NULL && main->pMethods == &sealed_main_methods ?
	    (struct sealed_file *)main : NULL;
}

static int
sealed_open(sqlite3_vfs *self, const char *path, sqlite3_file *base,
    int flags, int *out)
{
	const int beside = SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL;
	const int passing_kinds = SQLITE_OPEN_TEMP_DB |
	    SQLITE_OPEN_TRANSIENT_DB | SQLITE_OPEN_TEMP_JOURNAL |
	    SQLITE_OPEN_SUBJOURNAL;
	struct sealed_file *file = (struct sealed_file *)base, *main;
	struct sealkey *key;
	struct err e = { 0 };

	(void)self;
	memset(file, 0, sizeof *file);
	if ((flags & SQLITE_OPEN_MAIN_DB) != 0) {
		key = process_key;
		if (find_key != NULL && !find_key(path, &key, &e))
			return sealed_fault(SQLITE_CANTOPEN, e.code, "%s",
			    e.why);
		if (key != NULL)
			return open_main(file, path, key, flags, out);
	} else if ((flags & beside) != 0) {
		main = main_of(path);
		if (main != NULL)
			return open_beside(file, main, path, flags, out);
	} else if ((flags & passing_kinds) != 0) {
		return open_passing(file, path, flags, out);
	}
	return system_vfs()->xOpen(system_vfs(), path, base, flags, out);
}

/* ---- the rest of the VFS ------------------------------------------------ */

static int
sealed_delete(sqlite3_vfs *self, const char *path, int sync)
{
	char *beside = name_beside(path, false);
	int rc = system_vfs()->xDelete(system_vfs(), beside != NULL ? beside :
	    path, sync);

	(void)self;
	sqlite3_free(beside);
	return rc;
}

static int
sealed_access(sqlite3_vfs *self, const char *path, int flags, int *out)
{
	char *beside = name_beside(path, false);
	int rc = system_vfs()->xAccess(system_vfs(), beside != NULL ? beside :
	    path, flags, out);

	(void)self;
	sqlite3_free(beside);
	return rc;
}

static int
sealed_path(sqlite3_vfs *self, const char *path, int n, char *out)
{
	(void)self;
	return system_vfs()->xFullPathname(system_vfs(), path, n, out);
}

static int
sealed_random(sqlite3_vfs *self, int n, char *out)
{
	(void)self;
	return system_vfs()->xRandomness(system_vfs(), n, out);
}

static int
sealed_sleep(sqlite3_vfs *self, int n)
{
	(void)self;
	return system_vfs()->xSleep(system_vfs(), n);
}

static int
sealed_error(sqlite3_vfs *self, int n, char *out)
{
	(void)self;
	return system_vfs()->xGetLastError(system_vfs(), n, out);
}

static int
sealed_time(sqlite3_vfs *self, sqlite3_int64 *out)
{
	(void)self;
	return system_vfs()->xCurrentTimeInt64(system_vfs(), out);
}

static void
install(void)
{
	sqlite3_vfs *system = sqlite3_vfs_find(NULL);

	if (system == NULL)
		bug("SQLite has no VFS");
	digest_random(passing, sizeof passing);
	vfs = (sqlite3_vfs){
		.iVersion = 2,
		.szOsFile = (int)sizeof(struct sealed_file) +
		    system->szOsFile,
		.mxPathname = system->mxPathname,
		.zName = SEALED_VFS,
		.pAppData = system,
		.xOpen = sealed_open,
		.xDelete = sealed_delete,
		.xAccess = sealed_access,
		.xFullPathname = sealed_path,
		.xRandomness = sealed_random,
		.xSleep = sealed_sleep,
		.xGetLastError = sealed_error,
		.xCurrentTimeInt64 = sealed_time,
	};
	if (sqlite3_vfs_register(&vfs, 0) != SQLITE_OK)
		bug("cannot register the VFS");
}

/* ---- keys --------------------------------------------------------------- */

void
sealed_use(struct sealkey *key)
{
	pthread_once(&once, install);
	process_key = key;
}

void
sealed_use_finder(sealed_finder *finder)
{
	pthread_once(&once, install);
	find_key = finder;
}

struct sealkey *
sealed_key(void)
{
	return process_key;
}

const char *
sealed_vfs(void)
{
	return process_key != NULL || find_key != NULL ? SEALED_VFS : NULL;
}

void
sealed_prepare(sqlite3 *db)
{
	int reserve = SEALED_RESERVE;

	sqlite3_file_control(db, "main", SQLITE_FCNTL_RESERVE_BYTES,
	    &reserve);
}

enum sealed_state
sealed_look(const char *path)
{
	char head[16];
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	ssize_t n = fd >= 0 ? read(fd, head, sizeof head) : 0;

	if (fd >= 0)
		close(fd);
	if (fd < 0 || n == 0)
		return SEALED_ABSENT;
	return n == sizeof head && memcmp(head, "bahi-sealed-db-1",
	    sizeof head) == 0 ? SEALED_YES : SEALED_NOT;
}

/* ---- another outer key -------------------------------------------------- */

static bool
write_lock(int fd, const char *path, int which, const unsigned char *text,
    struct err *e)
{
	return (pwrite(fd, text, UNIT, which * UNIT) == UNIT &&
	    fsync(fd) == 0) || err_set(e, ERR_SYSTEM, "write %.200s: %s",
	    path, strerror(errno));
}

static bool
change_lock(int fd, const char *path, struct sealkey *from,
    struct sealkey *to, struct err *e)
{
	unsigned char text[2 * UNIT], inner[AEAD_KEY];
	struct err first = { 0 };
	bool ok;

	if (pread(fd, text, sizeof text, 0) != (ssize_t)sizeof text)
		return err_set(e, ERR_CORRUPT, "%.200s: it is cut off", path);
	/* The second is the one that an interrupted change has written. */
	ok = sealkey_unlock(from, text + 16, inner, &first);
	if (!ok && sealkey_unlock(from, text + UNIT + 16, inner, NULL)) {
		memcpy(text, text + UNIT, UNIT);
		ok = true;
	}
	if (!ok)
		return err_set(e, first.code, "%.200s: %s", path, first.why);
	ok = sealkey_lock(to, inner, text + 16, e) &&
	    write_lock(fd, path, 1, text, e) &&
	    write_lock(fd, path, 0, text, e);
	aead_forget(inner, sizeof inner);
	return ok;
}

bool
sealed_rekey(const char *path, struct sealkey *from, struct sealkey *to,
    struct err *e)
{
	int fd;
	bool ok;

	if (sealed_look(path) != SEALED_YES)
		return err_set(e, ERR_REFUSED, "%.200s: it is not sealed",
		    path);
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return err_set(e, ERR_SYSTEM, "open %.200s: %s", path,
		    strerror(errno));
	ok = change_lock(fd, path, from, to, e);
	close(fd);
	return ok;
}
