/*
 * Journals and temporary files: blocks of 4096 bytes, each sealed with its
 * number and how much of it is used.  A journal's key is the database's, so
 * that it can be played back after a stop; that of a temporary file is nobody
 * else's and gone with it.
 */
#include "core/sealed_inside.h"

#include "core/digest.h"

#define BLOCK (UNIT + SEALED_RESERVE)

static struct sealed_file *
self(sqlite3_file *base)
{
	return (struct sealed_file *)base;
}

static struct aead_about
about(const struct sealed_file *file, int64_t block, unsigned used)
{
	struct aead_about a = { .kind = KIND_BLOCK,
	    .number = (uint64_t)block, .extra = file->birth << 16 | used };

	if (file->shelf != NULL)
		memcpy(a.file, file->shelf->id, sizeof a.file);
	return a;
}

static int
save(struct sealed_file *file)
{
	struct aead_about a = about(file, file->block, file->used);
	unsigned char out[BLOCK] = { 0 };

	if (!file->unsaved)
		return SQLITE_OK;
	file->unsaved = false;
	sealer_seal(sealed_sealer(file), &a, file->room, UNIT, out,
	    out + UNIT);
	out[BLOCK - 2] = (unsigned char)(file->used >> 8);
	out[BLOCK - 1] = (unsigned char)file->used;
	return sealed_raw_put(file, out, BLOCK, file->block * BLOCK);
}

static bool
try_block(struct sealed_file *file, int64_t block, const unsigned char *in,
    uint64_t birth)
{
	unsigned used = (unsigned)in[BLOCK - 2] << 8 | in[BLOCK - 1];
	struct aead_about a;

	file->birth = birth;
	a = about(file, block, used);
	if (used > UNIT || !sealer_open(sealed_sealer(file), &a, in, UNIT,
	    file->room, in + UNIT))
		return false;
	file->used = used;
	return true;
}

/* A journal is good only for the state that it was made of: nothing was
 * flushed since, or only under itself. */
static bool
open_block(struct sealed_file *file, int64_t block, const unsigned char *in)
{
	struct shelf *shelf = file->shelf;
	uint64_t was = file->birth, flush, journal;

	if (shelf == NULL || was != 0)
		return try_block(file, block, in, was);
	pthread_mutex_lock(&shelf->lock);
	flush = shelf->head.flush;
	journal = shelf->head.journal;
	pthread_mutex_unlock(&shelf->lock);
	if (try_block(file, block, in, flush) ||
	    (journal != 0 && try_block(file, block, in, journal)))
		return true;
	file->birth = 0;
	return false;
}

/* Into the room; a block that is not there has nothing in it. */
static int
fetch(struct sealed_file *file, int64_t block)
{
	unsigned char in[BLOCK];
	int rc = SQLITE_OK;

	if (file->block == block)
		return SQLITE_OK;
	if (file->block >= 0)
		rc = save(file);
	if (rc != SQLITE_OK)
		return rc;
	file->block = block;
	file->used = 0;
	rc = sealed_raw_get(file, in, BLOCK, block * BLOCK);
	if (rc == SQLITE_OK) {
		if (!open_block(file, block, in)) {
			/* Torn, or of another state: no journal. */
			memset(file->room, 0, UNIT);
			file->used = file->through ? UNIT : 0;
			return file->through ? SQLITE_OK : sealed_fault(
			    SQLITE_CORRUPT, ERR_CORRUPT, "a temporary file "
			    "is not as it was written");
		}
		return SQLITE_OK;
	}
	memset(file->room, 0, UNIT);
	return rc == SQLITE_IOERR_SHORT_READ ? SQLITE_OK : rc;
}

static int
block_read(sqlite3_file *base, void *out, int n, sqlite3_int64 at)
{
	struct sealed_file *file = self(base);
	unsigned char *to = out;

	while (n > 0) {
		int within = (int)(at % UNIT);
		int part = UNIT - within < n ? UNIT - within : n;
		int rc = fetch(file, at / UNIT);

		if (rc != SQLITE_OK)
			return rc;
		if (within + part > (int)file->used) {
			int got = (int)file->used > within ?
			    (int)file->used - within : 0;

			memcpy(to, file->room + within, (size_t)got);
			memset(to + got, 0, (size_t)(n - got));
			return SQLITE_IOERR_SHORT_READ;
		}
		memcpy(to, file->room + within, (size_t)part);
		to += part;
		at += part;
		n -= part;
	}
	return SQLITE_OK;
}

static int64_t
blocks_of(int64_t size)
{
	return size / BLOCK;
}

static int
block_size(sqlite3_file *base, sqlite3_int64 *out)
{
	struct sealed_file *file = self(base);
	int64_t size, n;
	int rc = file->block >= 0 ? save(file) : SQLITE_OK;

	if (rc == SQLITE_OK)
		rc = sealed_raw_size(file, &size);
	if (rc != SQLITE_OK)
		return rc;
	n = blocks_of(size);
	*out = 0;
	if (n == 0)
		return SQLITE_OK;
	rc = fetch(file, n - 1);
	*out = (n - 1) * UNIT + file->used;
	return rc;
}

/* A journal of what the database is now. */
static int
begin(struct sealed_file *file)
{
	struct shelf *shelf = file->shelf;
	int rc = SQLITE_OK;

	pthread_mutex_lock(&shelf->lock);
	if (!shelf->made)
		rc = shelf_make(file->main);
	file->birth = shelf->journal = shelf->head.flush;
	pthread_mutex_unlock(&shelf->lock);
	return rc;
}

static int
block_write(sqlite3_file *base, const void *in, int n, sqlite3_int64 at)
{
	struct sealed_file *file = self(base);
	const unsigned char *from = in;
	int rc = SQLITE_OK;

	/* With a whole head of a journal a new transaction begins. */
	if (file->shelf != NULL && (file->birth == 0 || (at == 0 && n >= 28)))
		rc = begin(file);
	while (rc == SQLITE_OK && n > 0) {
		int within = (int)(at % UNIT);
		int part = UNIT - within < n ? UNIT - within : n;

		rc = fetch(file, at / UNIT);
		if (rc != SQLITE_OK)
			break;
		memcpy(file->room + within, from, (size_t)part);
		if (file->used < (unsigned)(within + part))
			file->used = (unsigned)(within + part);
		file->unsaved = true;
		from += part;
		at += part;
		n -= part;
		if (file->through)
			rc = save(file);
	}
	return rc;
}

static int
block_truncate(sqlite3_file *base, sqlite3_int64 size)
{
	struct sealed_file *file = self(base);
	int64_t whole = size / UNIT;
	unsigned rest = (unsigned)(size % UNIT);
	int rc = SQLITE_OK;

	if (rest > 0) {
		rc = fetch(file, whole);
		if (rc == SQLITE_OK && file->used > rest) {
			memset(file->room + rest, 0, UNIT - rest);
			file->used = rest;
			file->unsaved = true;
			rc = save(file);
		}
	} else if (file->block >= whole) {
		file->block = -1;
		file->unsaved = false;
	}
	if (rc == SQLITE_OK)
		rc = file->real->pMethods->xTruncate(file->real,
		    (whole + (rest > 0)) * BLOCK);
	if (rc == SQLITE_OK && size == 0)
		file->birth = 0;
	return rc;
}

static int
block_sync(sqlite3_file *base, int flags)
{
	struct sealed_file *file = self(base);
	int rc = file->block >= 0 ? save(file) : SQLITE_OK;

	return rc != SQLITE_OK ? rc :
	    file->real->pMethods->xSync(file->real, flags);
}

static int
block_close(sqlite3_file *base)
{
	struct sealed_file *file = self(base);
	int rc = file->block >= 0 && !file->deletes ? save(file) : SQLITE_OK;

	file->real->pMethods->xClose(file->real);
	sealer_free(&file->sealer);
	aead_forget(file->room, FRAME);
	sqlite3_free(file->room);
	sqlite3_free(file->beside);
	return rc;
}

/* Of a temporary database only its one connection knows. */
static int
block_lock(sqlite3_file *base, int level)
{
	(void)base;
	(void)level;
	return SQLITE_OK;
}

static int
block_reserved(sqlite3_file *base, int *out)
{
	(void)base;
	*out = 0;
	return SQLITE_OK;
}

static int
block_control(sqlite3_file *base, int op, void *arg)
{
	(void)base;
	(void)op;
	(void)arg;
	return SQLITE_NOTFOUND;
}

static int
block_sector(sqlite3_file *base)
{
	(void)base;
	return UNIT;
}

static int
block_traits(sqlite3_file *base)
{
	(void)base;
	return 0;
}

const sqlite3_io_methods sealed_block_methods = {
	.iVersion = 1,
	.xClose = block_close,
	.xRead = block_read,
	.xWrite = block_write,
	.xTruncate = block_truncate,
	.xSync = block_sync,
	.xFileSize = block_size,
	.xLock = block_lock,
	.xUnlock = block_lock,
	.xCheckReservedLock = block_reserved,
	.xFileControl = block_control,
	.xSectorSize = block_sector,
	.xDeviceCharacteristics = block_traits,
};
