#ifndef BAHI_CORE_SEALED_INSIDE_H
#define BAHI_CORE_SEALED_INSIDE_H
/*
 * The form of a sealed database file, in units of 4096 bytes:
 *
 *	0, 1	locks: "bahi-sealed-db-1", lock (sealkey.h), id of the file;
 *		both the same, but while the outer key changes
 *	2, 3	heads: number of the flush, pages, root; the higher one counts
 *	4	mark: how much of the log was on the disk
 *	5..7	nothing
 *	then groups of two maps and 252 pages
 *
 * A page is sealed with its number. Its tag stands in the map of its group;
 * the root in the head is the digest of the maps' tags. So a page opens only
 * at its place, and only in the version that was written last.
 *
 * Pages reach the file out of the log (or under a journal), and count there
 * once the flush is whole: maps go to the one of their two places that the
 * head in force does not mean, all is synced, the other head is written and
 * synced. Until then the old head is in force; pages that it does not know are
 * still in the log, which shadows them, and are written again from there.
 *
 * A frame of the log is sealed with its number, the log's salts and the number
 * of the flush it began after (its birth), so that a log of before is none.
 * Frames behind the last whole one are a torn end and nothing was promised of
 * them; those before the mark, or already in the database, were on the disk,
 * and must be whole. SQLite's own checksums are sealed with the frame.
 */
#include <pthread.h>
#include <sqlite3.h>
#include <sys/types.h>

#include "core/sealed.h"

#define UNIT 4096
#define USABLE (UNIT - SEALED_RESERVE)
#define PREFIX (8 * UNIT)
#define MAPPED 252		/* pages of a group */
#define GROUP ((MAPPED + 2) * (int64_t)UNIT)

#define LOG_HEAD 32
#define FRAME_HEAD 24
#define FRAME (FRAME_HEAD + UNIT)

enum sealed_kind {		/* what sealed bytes are; never renumbered */
	KIND_PAGE = 16, KIND_MAP, KIND_HEAD, KIND_MARK, KIND_FRAME, KIND_BLOCK
};

/* A log, and how many of its frames. */
struct extent {
	unsigned char head[LOG_HEAD];
	uint64_t birth, frames;
};

struct head {
	uint64_t flush, pages, journal;
	struct extent done;	/* is in the database */
	unsigned char root[32];
};

struct group {
	unsigned char tags[MAPPED][AEAD_TAG];
	unsigned char tag[AEAD_TAG];	/* of the map in force */
	int place;		/* where that is: 0, 1 */
	bool dirty;
};

/* What all connections of the process to one file share. */
struct shelf {
	struct shelf *next;
	dev_t dev;
	ino_t ino;
	int users;
	struct sealed_file *files;
	pthread_mutex_t lock;
	pthread_mutex_t table;	/* of tags, inside the other: readers do not
				 * wait for a flush */
	bool made;		/* the file has its prefix */
	struct sealkey *key;
	unsigned char id[16], inner[AEAD_KEY];
	struct sealer *sealer;	/* under the lock, like all below */
	struct head head;
	struct group **groups;
	size_t n_groups;
	bool dirty;		/* pages were written since the last flush */
	struct extent log;	/* the one in use; frames: unknown */
	uint64_t journal;	/* birth of the one in use; 0: none */
};

struct sealed_file {
	struct sqlite3_file base;
	struct sqlite3_file *real;	/* behind this structure */
	struct shelf *shelf;	/* NULL: a temporary file */
	struct sealed_file *next;	/* of the shelf */
	struct sealed_file *main;	/* of a log or journal */
	struct sealer *sealer;
	unsigned char *room;	/* FRAME bytes */
	const char *path;	/* of a main file; SQLite's */
	char *beside;		/* of a log or journal: where it is */
	char name[80];		/* for messages: the last part of the path */
	/* main */
	volatile void *shm;	/* first region; NULL: none */
	bool wrote;		/* since its flush */
	bool failed;		/* a write of this checkpoint */
	/* log */
	struct extent log;
	bool known;		/* log is of the file's present head */
	bool recovering;
	uint64_t strict;	/* frames that must be whole */
	uint64_t last;		/* frame written; 0: synced */
	uint64_t pending;	/* frame whose head waits for its page */
	uint64_t top;		/* of this log, whose page we wrote */
	unsigned char head[FRAME_HEAD];
	/* block */
	int64_t block;		/* in room; -1: none */
	unsigned used;		/* bytes of it */
	bool unsaved, through, deletes;
	uint64_t birth;
};

/* ---- sealed.c ---- */
struct sealer *sealed_sealer(struct sealed_file *);
/* Notes why for sealed_failed and returns rc. */
int sealed_fault(int rc, enum err_code, const char *why, ...)
	PRINTF_LIKE(3, 4);
int sealed_raw_get(struct sealed_file *, void *, int n, int64_t at);
int sealed_raw_put(struct sealed_file *, const void *, int n, int64_t at);
int sealed_raw_sync(struct sealed_file *);
int sealed_raw_size(struct sealed_file *, int64_t *);
extern const sqlite3_io_methods sealed_main_methods, sealed_log_methods,
    sealed_block_methods;

/* ---- sealed_shelf.c: under the shelf's lock, but join, leave and the marks,
 * which are their connection's own; tags are under `table` ---- */
/* SQLITE_OK with file->shelf, which may be of a file that is still empty. */
int shelf_join(struct sealed_file *, const char *path, struct sealkey *);
void shelf_leave(struct sealed_file *);
/* Is the file of that path (n bytes) open here? */
bool shelf_has(const char *path, size_t n);
int shelf_attach(struct sealed_file *);	/* has the file a prefix by now? */
int shelf_make(struct sealed_file *);	/* gives it one */
int shelf_refresh(struct sealed_file *);	/* as the disk says now */
unsigned char *shelf_tag(struct shelf *, uint64_t page, bool make);
int shelf_flush(struct sealed_file *);	/* synced when it returns */
int shelf_cut(struct sealed_file *, uint64_t pages);
bool shelf_mark_read(struct sealed_file *, struct extent *);
int shelf_mark(struct sealed_file *, const struct extent *);
int64_t shelf_place(uint64_t page);
uint64_t shelf_pages(int64_t size);	/* of a file of that size */
/* What is of another log than that, or more of it, is not in the database. */
bool extent_covers(const struct extent *, const struct extent *);

#endif
