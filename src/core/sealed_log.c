/*
 * Frames of the write-ahead log.  SQLite writes a frame's head, then its page;
 * both are sealed as one, where they are.
 */
#include "core/sealed_inside.h"

#define TRIES 10

static struct sealed_file *
self(sqlite3_file *base)
{
	return (struct sealed_file *)base;
}

static int64_t
place(uint64_t frame)
{
	return LOG_HEAD + (int64_t)(frame - 1) * FRAME;
}

static struct aead_about
about(const struct sealed_file *file, uint64_t frame)
{
	struct aead_about a = { .kind = KIND_FRAME, .number = frame,
	    .extra = file->log.birth };

	/* With the salts of this log. */
	memcpy(a.file, file->shelf->id, 8);
	memcpy(a.file + 8, file->log.head + 16, 8);
	return a;
}

/* ---- which log ---------------------------------------------------------- */

/* Under the shelf's lock: this log is the one in use. One before it is in the
 * database: what was written there waits for nothing. */
static void
adopt(struct sealed_file *file, const unsigned char head[LOG_HEAD],
    uint64_t birth)
{
	struct extent *log = &file->log;

	if (memcmp(log->head, head, LOG_HEAD) != 0)
		file->last = file->pending = file->top = 0;
	memcpy(log->head, head, LOG_HEAD);
	log->birth = birth;
	log->frames = 0;
	file->shelf->log = *log;
	file->known = true;
}

/* Under the shelf's lock: birth of the log with this head. */
static void
know(struct sealed_file *file, const unsigned char head[LOG_HEAD],
    const struct extent *mark)
{
	const struct head *now = &file->shelf->head;

	adopt(file, head,
	    memcmp(mark->head, head, LOG_HEAD) == 0 ? mark->birth :
	    memcmp(now->done.head, head, LOG_HEAD) == 0 ? now->done.birth :
	    now->flush);
}

/* As the file has it now: another connection may have begun it anew. */
static int
learn(struct sealed_file *file)
{
	unsigned char head[LOG_HEAD];
	struct extent mark;
	int rc = sealed_raw_get(file, head, LOG_HEAD, 0);

	if (rc != SQLITE_OK)
		return rc;
	pthread_mutex_lock(&file->shelf->lock);
	rc = shelf_refresh(file->main);
	shelf_mark_read(file->main, &mark);
	if (rc == SQLITE_OK)
		know(file, head, &mark);
	pthread_mutex_unlock(&file->shelf->lock);
	return rc;
}

static int
lost(struct sealed_file *file)
{
	return sealed_fault(SQLITE_CORRUPT, ERR_CORRUPT, "%s: it is missing, "
	    "cut off, or not the one that was written last", file->name);
}

/* SQLite reads the head when it recovers: what must be there? */
static int
judge(struct sealed_file *file, const unsigned char head[LOG_HEAD],
    int64_t size)
{
	const struct extent *done = &file->shelf->head.done;
	struct extent mark;
	int rc;

	pthread_mutex_lock(&file->shelf->lock);
	rc = shelf_refresh(file->main);
	shelf_mark_read(file->main, &mark);
	file->strict = 0;
	if (rc == SQLITE_OK && size >= LOG_HEAD) {
		know(file, head, &mark);
		if (memcmp(mark.head, head, LOG_HEAD) == 0)
			file->strict = mark.frames;
		if (memcmp(done->head, head, LOG_HEAD) == 0 &&
		    done->frames > file->strict)
			file->strict = done->frames;
	}
	if (rc == SQLITE_OK && file->strict > 0 &&
	    size < place(file->strict) + FRAME)
		rc = lost(file);
	/* Another log may stand here only when all of that is done with. */
	if (rc == SQLITE_OK && memcmp(mark.head, head, LOG_HEAD) != 0 &&
	    !extent_covers(done, &mark))
		rc = lost(file);
	pthread_mutex_unlock(&file->shelf->lock);
	return rc;
}

/* ---- frames ------------------------------------------------------------- */

/* Into the room. */
static int
try_frame(struct sealed_file *file, uint64_t frame)
{
	struct aead_about a = about(file, frame);
	unsigned char trailer[SEALED_RESERVE], *room = file->room;
	int rc = sealed_raw_get(file, room, FRAME, place(frame));

	if (rc != SQLITE_OK)
		return rc;
	memcpy(trailer, room + FRAME - SEALED_RESERVE, SEALED_RESERVE);
	memset(room + FRAME - SEALED_RESERVE, 0, SEALED_RESERVE);
	return sealer_open(sealed_sealer(file), &a, room, FRAME - SEALED_RESERVE,
	    room, trailer) ? SQLITE_OK : SQLITE_CORRUPT;
}

static int
read_frame(struct sealed_file *file, uint64_t frame)
{
	int rc = file->known ? SQLITE_OK : learn(file);

	if (rc == SQLITE_OK)
		rc = try_frame(file, frame);
	/* Again: another process may be writing the mark at that moment. */
	for (int i = 0; i < TRIES && rc == SQLITE_CORRUPT &&
	    !file->recovering; i++) {
		rc = learn(file);
		if (rc == SQLITE_OK)
			rc = try_frame(file, frame);
	}
	if (rc != SQLITE_CORRUPT)
		return rc;
	memset(file->room, 0, FRAME);
	if (file->recovering && frame > file->strict)
		return SQLITE_OK;	/* a torn end */
	return sealed_fault(rc, ERR_CORRUPT, "%s: frame %llu is not as it was "
	    "written", file->name, (unsigned long long)frame);
}

/* Out of the room. */
static int
write_frame(struct sealed_file *file, uint64_t frame)
{
	struct aead_about a = about(file, frame);
	unsigned char *room = file->room;
	unsigned char *trailer = room + FRAME - SEALED_RESERVE;

	for (int i = 0; i < SEALED_RESERVE; i++)
		if (trailer[i] != 0)
			return sealed_fault(SQLITE_IOERR_WRITE, ERR_STORE,
			    "%s: a page without room for its seal",
			    file->name);
	sealer_seal(sealed_sealer(file), &a, room, FRAME - SEALED_RESERVE, room,
	    trailer);
	return sealed_raw_put(file, room, FRAME, place(frame));
}

/* A head alone, for a page that is there already: what SQLite wrote again in
 * place has its checksums made anew. At once, as others may read it before we
 * are asked for anything else. *done false: a page will follow. */
static int
change_head(struct sealed_file *file, uint64_t frame, const void *head,
    bool *done)
{
	int rc = frame <= file->top ? try_frame(file, frame) : SQLITE_CORRUPT;

	*done = rc == SQLITE_OK;
	if (rc == SQLITE_CORRUPT)
		return SQLITE_OK;
	if (rc != SQLITE_OK)
		return rc;
	memcpy(file->room, head, FRAME_HEAD);
	return write_frame(file, frame);
}

/* ---- methods ------------------------------------------------------------ */

static int
log_read(sqlite3_file *base, void *out, int n, sqlite3_int64 at)
{
	struct sealed_file *file = self(base);
	uint64_t frame;
	int within, rc;

	if (at == 0 && n == LOG_HEAD) {
		int64_t size;

		rc = sealed_raw_get(file, out, n, 0);
		if (rc == SQLITE_OK)
			rc = sealed_raw_size(file, &size);
		if (rc == SQLITE_OK)
			rc = judge(file, out, size);
		file->recovering = rc == SQLITE_OK;
		return rc;
	}
	/* Its checksum, where those of the first frames are made again. */
	if (at + n <= LOG_HEAD)
		return sealed_raw_get(file, out, n, at);
	frame = (uint64_t)((at - LOG_HEAD) / FRAME) + 1;
	within = (int)((at - LOG_HEAD) % FRAME);
	if (at < LOG_HEAD || within + n > FRAME)
		return SQLITE_IOERR_READ;
	if (n != FRAME)
		file->recovering = false;
	rc = read_frame(file, frame);
	if (rc == SQLITE_OK)
		memcpy(out, file->room + within, (size_t)n);
	return rc;
}

/* A new log begins: all of the old one is in the database. */
static int
begin(struct sealed_file *file, const unsigned char head[LOG_HEAD])
{
	struct shelf *shelf = file->shelf;
	int rc = sealed_raw_put(file, head, LOG_HEAD, 0);

	if (rc != SQLITE_OK)
		return rc;
	pthread_mutex_lock(&shelf->lock);
	rc = shelf_refresh(file->main);
	if (rc == SQLITE_OK) {
		adopt(file, head, shelf->head.flush);
		rc = shelf_mark(file->main, &file->log);
	}
	pthread_mutex_unlock(&shelf->lock);
	return rc;
}

static int
write_head(struct sealed_file *file, uint64_t frame, const unsigned char *head)
{
	bool done;
	int rc = SQLITE_OK;

	/* It has the salts of its log, which another connection may have
	 * begun. */
	if (!file->known || memcmp(head + 8, file->log.head + 16, 8) != 0)
		rc = learn(file);
	if (rc == SQLITE_OK)
		rc = change_head(file, frame, head, &done);
	if (rc != SQLITE_OK)
		return rc;
	memcpy(file->head, head, FRAME_HEAD);
	file->pending = done ? 0 : frame;
	file->last = frame;
	return rc;
}

static int
write_whole(struct sealed_file *file, uint64_t frame, const void *page)
{
	int rc = SQLITE_OK;

	if (file->pending == frame)
		memcpy(file->room, file->head, FRAME_HEAD);
	else
		rc = read_frame(file, frame);
	if (rc != SQLITE_OK)
		return rc;
	file->pending = 0;
	if (file->top < frame)
		file->top = frame;
	memcpy(file->room + FRAME_HEAD, page, UNIT);
	return write_frame(file, frame);
}

static int
log_write(sqlite3_file *base, const void *in, int n, sqlite3_int64 at)
{
	struct sealed_file *file = self(base);
	uint64_t frame;
	int within;

	file->recovering = false;
	if (at == 0 && n == LOG_HEAD)
		return begin(file, in);
	if (at < LOG_HEAD)
		return SQLITE_IOERR_WRITE;
	frame = (uint64_t)((at - LOG_HEAD) / FRAME) + 1;
	within = (int)((at - LOG_HEAD) % FRAME);
	if (within == 0 && n == FRAME_HEAD)
		return write_head(file, frame, in);
	return within == FRAME_HEAD && n == UNIT ?
	    write_whole(file, frame, in) : SQLITE_IOERR_WRITE;
}

static int
log_sync(sqlite3_file *base, int flags)
{
	struct sealed_file *file = self(base);
	unsigned char head[LOG_HEAD];
	struct extent mark;
	int rc = file->real->pMethods->xSync(file->real, flags);

	if (rc != SQLITE_OK || file->last == 0)
		return rc;
	/* Another connection began anew: ours is done with, and no promise. */
	if (sealed_raw_get(file, head, LOG_HEAD, 0) != SQLITE_OK ||
	    memcmp(head, file->log.head, LOG_HEAD) != 0) {
		file->last = 0;
		return rc;
	}
	/* Frames of a transaction that was not committed are no promise. */
	if (memcmp(file->head + 4, "\0\0\0", 4) == 0)
		return rc;
	mark = file->log;
	mark.frames = file->last;
	file->last = 0;
	return shelf_mark(file->main, &mark);
}

static int
log_truncate(sqlite3_file *base, sqlite3_int64 size)
{
	struct sealed_file *file = self(base);

	return file->real->pMethods->xTruncate(file->real, size);
}

static int
log_size(sqlite3_file *base, sqlite3_int64 *out)
{
	struct sealed_file *file = self(base);
	static const unsigned char none[LOG_HEAD];
	int rc = file->real->pMethods->xFileSize(file->real, out);

	/* With less there is nothing that SQLite would look at. */
	return rc == SQLITE_OK && *out <= LOG_HEAD && file->shelf->made ?
	    judge(file, none, 0) : rc;
}

static int
log_close(sqlite3_file *base)
{
	struct sealed_file *file = self(base);
	int rc = file->real->pMethods->xClose(file->real);

	sealer_free(&file->sealer);
	sqlite3_free(file->room);
	sqlite3_free(file->beside);
	return rc;
}

static int
log_lock(sqlite3_file *base, int level)
{
	(void)base;
	(void)level;
	return SQLITE_OK;
}

static int
log_reserved(sqlite3_file *base, int *out)
{
	(void)base;
	*out = 0;
	return SQLITE_OK;
}

static int
log_control(sqlite3_file *base, int op, void *arg)
{
	(void)base;
	(void)op;
	(void)arg;
	return SQLITE_NOTFOUND;
}

static int
log_sector(sqlite3_file *base)
{
	(void)base;
	return UNIT;
}

static int
log_traits(sqlite3_file *base)
{
	(void)base;
	return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

const sqlite3_io_methods sealed_log_methods = {
	.iVersion = 1,
	.xClose = log_close,
	.xRead = log_read,
	.xWrite = log_write,
	.xTruncate = log_truncate,
	.xSync = log_sync,
	.xFileSize = log_size,
	.xLock = log_lock,
	.xUnlock = log_lock,
	.xCheckReservedLock = log_reserved,
	.xFileControl = log_control,
	.xSectorSize = log_sector,
	.xDeviceCharacteristics = log_traits,
};
