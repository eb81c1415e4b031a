/* Pages of a sealed database. */
#include "core/sealed_inside.h"

static struct sealed_file *
self(sqlite3_file *base)
{
	return (struct sealed_file *)base;
}

static void
lock(struct sealed_file *file)
{
	pthread_mutex_lock(&file->shelf->lock);
}

static void
unlock(struct sealed_file *file)
{
	pthread_mutex_unlock(&file->shelf->lock);
}

/* An empty file may have become one since. */
static int
attach(struct sealed_file *file)
{
	int rc;

	lock(file);
	rc = shelf_attach(file);
	unlock(file);
	return rc;
}

static struct aead_about
about(const struct sealed_file *file, uint64_t page)
{
	struct aead_about a = { .kind = KIND_PAGE, .number = page };

	memcpy(a.file, file->shelf->id, sizeof a.file);
	return a;
}

/* ---- reading ------------------------------------------------------------ */

static bool
is_zero(const unsigned char *p, size_t n)
{
	return n == 0 || (p[0] == 0 && memcmp(p, p + 1, n - 1) == 0);
}

/* The version in force? */
static bool
is_current(struct sealed_file *file, uint64_t page, const unsigned char *tag)
{
	unsigned char kept[AEAD_TAG] = { 0 }, *there;

	pthread_mutex_lock(&file->shelf->table);
	there = shelf_tag(file->shelf, page, false);
	if (there != NULL)
		memcpy(kept, there, sizeof kept);
	pthread_mutex_unlock(&file->shelf->table);
	return memcmp(kept, tag, AEAD_TAG) == 0;
}

/* One whole page. SQLITE_CORRUPT: it is not what was written last. */
static int
try_page(struct sealed_file *file, uint64_t page, unsigned char *out)
{
	struct aead_about a = about(file, page);
	unsigned char trailer[SEALED_RESERVE];
	int rc = sealed_raw_get(file, out, UNIT, shelf_place(page));

	if (rc != SQLITE_OK)
		return rc;
	memcpy(trailer, out + USABLE, SEALED_RESERVE);
	if (!is_current(file, page, trailer + AEAD_SESSION + AEAD_COUNT))
		return SQLITE_CORRUPT;
	/* Never written: a hole that SQLite left. */
	if (is_zero(trailer, sizeof trailer))
		return is_zero(out, UNIT) ? SQLITE_OK : SQLITE_CORRUPT;
	memset(out + USABLE, 0, SEALED_RESERVE);
	return sealer_open(sealed_sealer(file), &a, out, USABLE, out, trailer) ?
	    SQLITE_OK : SQLITE_CORRUPT;
}

static int
read_page(struct sealed_file *file, uint64_t page, unsigned char *out)
{
	int rc = try_page(file, page, out);

	if (rc != SQLITE_CORRUPT)
		return rc;
	/* Another process may have written it. */
	lock(file);
	rc = shelf_refresh(file);
	unlock(file);
	if (rc == SQLITE_OK)
		rc = try_page(file, page, out);
	if (rc == SQLITE_OK)
		return rc;
	memset(out, 0, UNIT);
	return rc != SQLITE_CORRUPT ? rc : sealed_fault(rc, ERR_CORRUPT,
	    "%s: page %llu is not what was written there last", file->name,
	    (unsigned long long)page + 1);
}

/* What SQLite asks for before it looks whether a journal or the log has to
 * mend the first page: no more than the form of the file. */
static void
bare_head(unsigned char *out)
{
	memset(out, 0, 100);
	memcpy(out, "SQLite format 3", 16);
	out[16] = UNIT >> 8;
	out[20] = SEALED_RESERVE;
	out[21] = 64;
	out[22] = out[23] = 32;
}

static int
main_read(sqlite3_file *base, void *out, int n, sqlite3_int64 at)
{
	struct sealed_file *file = self(base);
	int rc = attach(file), within = (int)(at % UNIT);

	if (rc != SQLITE_OK)
		return rc;
	if (!file->shelf->made) {
		memset(out, 0, (size_t)n);
		return SQLITE_IOERR_SHORT_READ;
	}
	if (within == 0 && n == UNIT)
		return read_page(file, (uint64_t)(at / UNIT), out);
	if (within + n > UNIT)
		return SQLITE_IOERR_READ;
	rc = read_page(file, (uint64_t)(at / UNIT), file->room);
	memcpy(out, file->room + within, (size_t)n);
	if (rc == SQLITE_CORRUPT && at == 0 && n == 100) {
		bare_head(out);
		rc = SQLITE_OK;
	}
	return rc;
}

static int
main_size(sqlite3_file *base, sqlite3_int64 *out)
{
	struct sealed_file *file = self(base);
	int64_t size;
	int rc = attach(file);

	if (rc == SQLITE_OK)
		rc = sealed_raw_size(file, &size);
	if (rc == SQLITE_OK)
		*out = file->shelf->made ? (sqlite3_int64)shelf_pages(size) *
		    UNIT : 0;
	return rc;
}

/* ---- writing ------------------------------------------------------------ */

/* Before the first page since a flush: others may have flushed, too. */
static int
ready(struct sealed_file *file)
{
	struct shelf *shelf = file->shelf;
	int rc = shelf_attach(file);

	if (rc == SQLITE_OK && !shelf->made)
		rc = shelf_make(file);
	else if (rc == SQLITE_OK && !shelf->dirty)
		rc = shelf_refresh(file);
	return rc;
}

static int
write_page(struct sealed_file *file, uint64_t page, const unsigned char *in)
{
	struct aead_about a = about(file, page);
	unsigned char *room = file->room, *trailer = room + USABLE;
	int rc;

	memset(trailer, 0, SEALED_RESERVE);
	sealer_seal(sealed_sealer(file), &a, in, USABLE, room, trailer);
	rc = sealed_raw_put(file, room, UNIT, shelf_place(page));
	if (rc != SQLITE_OK)
		return rc;
	lock(file);
	pthread_mutex_lock(&file->shelf->table);
	memcpy(shelf_tag(file->shelf, page, true),
	    trailer + AEAD_SESSION + AEAD_COUNT, AEAD_TAG);
	pthread_mutex_unlock(&file->shelf->table);
	unlock(file);
	file->wrote = true;
	return SQLITE_OK;
}

static int
main_write(sqlite3_file *base, const void *in, int n, sqlite3_int64 at)
{
	struct sealed_file *file = self(base);
	const unsigned char *page = in;
	int rc;

	if (n != UNIT || at % UNIT != 0 ||
	    !is_zero(page + USABLE, SEALED_RESERVE))
		return sealed_fault(SQLITE_IOERR_WRITE, ERR_STORE, "%s: a "
		    "page without room for its seal", file->name);
	lock(file);
	rc = ready(file);
	unlock(file);
	if (rc == SQLITE_OK)
		rc = write_page(file, (uint64_t)(at / UNIT), page);
	if (rc != SQLITE_OK)
		file->failed = true;
	return rc;
}

/* The table first: a file is never shorter than its head says. */
static int
main_truncate(sqlite3_file *base, sqlite3_int64 size)
{
	struct sealed_file *file = self(base);
	uint64_t pages = (uint64_t)(size / UNIT);
	sqlite3_int64 now;
	int rc = main_size(base, &now);

	if (rc != SQLITE_OK || now <= size || !file->shelf->made)
		return rc;
	lock(file);
	rc = ready(file);
	if (rc == SQLITE_OK)
		rc = shelf_cut(file, pages);
	unlock(file);
	if (rc != SQLITE_OK)
		return rc;
	return file->real->pMethods->xTruncate(file->real, pages == 0 ?
	    PREFIX : shelf_place(pages - 1) + UNIT);
}

/* What this connection wrote. */
static int
flush(struct sealed_file *file)
{
	int rc;

	if (!file->wrote)
		return SQLITE_OK;
	lock(file);
	rc = shelf_flush(file);
	unlock(file);
	file->wrote = rc != SQLITE_OK;
	return rc;
}

static int
main_sync(sqlite3_file *base, int flags)
{
	struct sealed_file *file = self(base);

	return file->wrote ? flush(file) :
	    file->real->pMethods->xSync(file->real, flags);
}

/* What others may read from here on must be in the table. */
static int
main_unlock(sqlite3_file *base, int level)
{
	struct sealed_file *file = self(base);
	int rc = flush(file);
	int rc2 = file->real->pMethods->xUnlock(file->real, level);

	return rc != SQLITE_OK ? rc : rc2;
}

static int
main_close(sqlite3_file *base)
{
	struct sealed_file *file = self(base);
	int rc = flush(file), rc2;

	rc2 = file->real->pMethods->xClose(file->real);
	shelf_leave(file);
	sealer_free(&file->sealer);
	sqlite3_free(file->room);
	return rc != SQLITE_OK ? rc : rc2;
}

/* ---- the rest ----------------------------------------------------------- */

static int
main_lock(sqlite3_file *base, int level)
{
	struct sealed_file *file = self(base);

	return file->real->pMethods->xLock(file->real, level);
}

static int
main_reserved(sqlite3_file *base, int *out)
{
	struct sealed_file *file = self(base);

	return file->real->pMethods->xCheckReservedLock(file->real, out);
}

static int
main_control(sqlite3_file *base, int op, void *arg)
{
	struct sealed_file *file = self(base);
	char **pragma = arg;

	switch (op) {
	case SQLITE_FCNTL_SIZE_HINT:
	case SQLITE_FCNTL_CHUNK_SIZE:
		return SQLITE_OK;
	case SQLITE_FCNTL_MMAP_SIZE:
	case SQLITE_FCNTL_BEGIN_ATOMIC_WRITE:
		return SQLITE_NOTFOUND;
	case SQLITE_FCNTL_CKPT_START:
		file->failed = false;
		break;
	case SQLITE_FCNTL_CKPT_DONE:
		if (flush(file) != SQLITE_OK)
			file->failed = true;
		break;
	case SQLITE_FCNTL_PRAGMA:
		/* Pages are of the size that they are sealed in. */
		if (sqlite3_stricmp(pragma[1], "page_size") == 0 &&
		    pragma[2] != NULL)
			return SQLITE_OK;
		break;
	}
	return file->real->pMethods->xFileControl(file->real, op, arg);
}

static int
main_sector(sqlite3_file *base)
{
	(void)base;
	return UNIT;
}

static int
main_traits(sqlite3_file *base)
{
	struct sealed_file *file = self(base);

	return SQLITE_IOCAP_POWERSAFE_OVERWRITE |
	    (file->real->pMethods->xDeviceCharacteristics(file->real) &
	    SQLITE_IOCAP_UNDELETABLE_WHEN_OPEN);
}

static int
main_shm_map(sqlite3_file *base, int region, int size, int extend,
    void volatile **out)
{
	struct sealed_file *file = self(base);
	int rc = file->real->pMethods->xShmMap(file->real, region, size,
	    extend, out);

	if (region == 0)
		file->shm = rc == SQLITE_OK ? *out : NULL;
	return rc;
}

static int
main_shm_lock(sqlite3_file *base, int at, int n, int flags)
{
	struct sealed_file *file = self(base);

	return file->real->pMethods->xShmLock(file->real, at, n, flags);
}

static void
main_shm_barrier(sqlite3_file *base)
{
	struct sealed_file *file = self(base);

	file->real->pMethods->xShmBarrier(file->real);
}

static int
main_shm_unmap(sqlite3_file *base, int remove)
{
	struct sealed_file *file = self(base);

	file->shm = NULL;
	return file->real->pMethods->xShmUnmap(file->real, remove);
}

const sqlite3_io_methods sealed_main_methods = {
	.iVersion = 2,
	.xClose = main_close,
	.xRead = main_read,
	.xWrite = main_write,
	.xTruncate = main_truncate,
	.xSync = main_sync,
	.xFileSize = main_size,
	.xLock = main_lock,
	.xUnlock = main_unlock,
	.xCheckReservedLock = main_reserved,
	.xFileControl = main_control,
	.xSectorSize = main_sector,
	.xDeviceCharacteristics = main_traits,
	.xShmMap = main_shm_map,
	.xShmLock = main_shm_lock,
	.xShmBarrier = main_shm_barrier,
	.xShmUnmap = main_shm_unmap,
};
