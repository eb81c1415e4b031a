/*
 * The prefix of a sealed database, its maps and its root: which version of
 * each page is in force.
 */
#include "core/sealed_inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "core/digest.h"

#define MAGIC "bahi-sealed-db-1"
#define HEAD_SIZE 192
#define MARK_SIZE 64
#define TRIES 200

/* ---- numbers in files --------------------------------------------------- */

static void
put64(unsigned char *p, uint64_t n)
{
	for (int i = 7; i >= 0; i--, n >>= 8)
		p[i] = (unsigned char)n;
}

static uint64_t
get64(const unsigned char *p)
{
	uint64_t n = 0;

	for (int i = 0; i < 8; i++)
		n = n << 8 | p[i];
	return n;
}

static void
put_extent(unsigned char *p, const struct extent *extent)
{
	memcpy(p, extent->head, LOG_HEAD);
	put64(p + LOG_HEAD, extent->birth);
	put64(p + LOG_HEAD + 8, extent->frames);
}

static void
get_extent(const unsigned char *p, struct extent *extent)
{
	memcpy(extent->head, p, LOG_HEAD);
	extent->birth = get64(p + LOG_HEAD);
	extent->frames = get64(p + LOG_HEAD + 8);
}

bool
extent_covers(const struct extent *all, const struct extent *part)
{
	return part->frames == 0 || (part->frames <= all->frames &&
	    memcmp(all->head, part->head, LOG_HEAD) == 0);
}

static struct aead_about
about(const struct shelf *shelf, int kind, uint64_t number, uint64_t extra)
{
	struct aead_about a = { .kind = (unsigned char)kind,
	    .number = number, .extra = extra };

	memcpy(a.file, shelf->id, sizeof a.file);
	return a;
}

/* ---- places ------------------------------------------------------------- */

int64_t
shelf_place(uint64_t page)
{
	return PREFIX + (int64_t)(page / MAPPED) * GROUP + 2 * UNIT +
	    (int64_t)(page % MAPPED) * UNIT;
}

static int64_t
map_place(size_t group, int place)
{
	return PREFIX + (int64_t)group * GROUP + place * UNIT;
}

uint64_t
shelf_pages(int64_t size)
{
	int64_t rest = size - PREFIX, part;

	if (rest <= 0)
		return 0;
	part = rest % GROUP - 2 * UNIT;
	return (uint64_t)(rest / GROUP * MAPPED + (part > 0 ? part / UNIT :
	    0));
}

/* ---- the table ---------------------------------------------------------- */

static struct group *
group_at(struct shelf *shelf, size_t n, bool make)
{
	if (n >= shelf->n_groups) {
		struct group **groups;

		if (!make)
			return NULL;
		groups = realloc(shelf->groups, (n + 1) * sizeof *groups);
		if (groups == NULL)
			bug("out of memory");
		for (size_t i = shelf->n_groups; i <= n; i++)
			if ((groups[i] = calloc(1, sizeof **groups)) == NULL)
				bug("out of memory");
		shelf->groups = groups;
		shelf->n_groups = n + 1;
	}
	return shelf->groups[n];
}

static void
cut_groups(struct shelf *shelf, size_t n)
{
	while (shelf->n_groups > n)
		free(shelf->groups[--shelf->n_groups]);
}

unsigned char *
shelf_tag(struct shelf *shelf, uint64_t page, bool make)
{
	struct group *group = group_at(shelf, page / MAPPED, make);

	if (group == NULL)
		return NULL;
	if (make) {
		group->dirty = shelf->dirty = true;
		if (shelf->head.pages <= page)
			shelf->head.pages = page + 1;
	}
	return group->tags[page % MAPPED];
}

static void
make_root(const struct shelf *shelf, unsigned char root[32])
{
	struct digest *digest = digest_new();

	for (size_t i = 0; i < shelf->n_groups; i++)
		digest_add(digest, (struct span){
		    (const char *)shelf->groups[i]->tag, AEAD_TAG });
	digest_end(&digest, root);
}

/* ---- reading ------------------------------------------------------------ */

static bool
read_head(struct sealed_file *file, int place, struct head *head)
{
	struct shelf *shelf = file->shelf;
	struct aead_about a = about(shelf, KIND_HEAD, 0, (uint64_t)place);
	unsigned char text[HEAD_SIZE + AEAD_TRAILER];

	if (sealed_raw_get(file, text, sizeof text, (2 + place) * UNIT) !=
	    SQLITE_OK || !sealer_open(shelf->sealer, &a, text, HEAD_SIZE,
	    text, text + HEAD_SIZE))
		return false;
	head->flush = get64(text);
	head->pages = get64(text + 8);
	head->journal = get64(text + 16);
	get_extent(text + 24, &head->done);
	memcpy(head->root, text + 80, 32);
	return true;
}

static bool
find_head(struct sealed_file *file, struct head *head)
{
	struct head other;
	bool first = read_head(file, 0, head);

	if (!read_head(file, 1, first ? &other : head))
		return first;
	if (first && other.flush > head->flush)
		*head = other;
	return true;
}

/* The newer of a group's two maps, of those that the head knows. */
static int
read_map(struct sealed_file *file, size_t n, uint64_t flush)
{
	struct shelf *shelf = file->shelf;
	struct group *group = group_at(shelf, n, true);
	unsigned char *both = malloc(2 * UNIT);
	int rc, order[2] = { 0, 1 };
	uint64_t flushes[2];

	if (both == NULL)
		bug("out of memory");
	memset(group, 0, sizeof *group);
	rc = sealed_raw_get(file, both, 2 * UNIT, map_place(n, 0));
	if (rc != SQLITE_OK && rc != SQLITE_IOERR_SHORT_READ)
		goto out;
	rc = SQLITE_OK;
	for (int i = 0; i < 2; i++)
		flushes[i] = get64(both + i * UNIT);
	if (flushes[1] > flushes[0]) {
		order[0] = 1;
		order[1] = 0;
	}
	for (int i = 0; i < 2; i++) {
		unsigned char *at = both + order[i] * UNIT;
		uint64_t mine = flushes[order[i]];
		struct aead_about a = about(shelf, KIND_MAP, n, mine);

		if (mine == 0 || mine > flush)
			continue;
		if (!sealer_open(shelf->sealer, &a, at + 8,
		    sizeof group->tags, group->tags,
		    at + 8 + sizeof group->tags))
			continue;
		memcpy(group->tag, at + 8 + sizeof group->tags +
		    AEAD_SESSION + AEAD_COUNT, AEAD_TAG);
		group->place = order[i];
		break;
	}
out:
	free(both);
	return rc;
}

static int
damaged(struct sealed_file *file, const char *what)
{
	return sealed_fault(SQLITE_CORRUPT, ERR_CORRUPT, "%s: %s",
	    file->name, what);
}

/* Maps of the head; false: they are not, perhaps because somebody flushes. */
static int
try_maps(struct sealed_file *file, const struct head *head, bool *same)
{
	struct shelf *shelf = file->shelf;
	size_t n = (size_t)((head->pages + MAPPED - 1) / MAPPED);
	unsigned char root[32];
	int64_t size;
	int rc = sealed_raw_size(file, &size);

	*same = false;
	if (rc != SQLITE_OK)
		return rc;
	if (shelf_pages(size) < head->pages)
		return damaged(file, "it is cut off");
	cut_groups(shelf, n);
	for (size_t i = 0; rc == SQLITE_OK && i < n; i++)
		rc = read_map(file, i, head->flush);
	if (rc != SQLITE_OK)
		return rc;
	make_root(shelf, root);
	*same = digest_equal(root, head->root, sizeof root);
	return SQLITE_OK;
}

static int
load(struct sealed_file *file, struct head *head)
{
	struct shelf *shelf = file->shelf;

	shelf->dirty = false;
	for (int i = 0; i < TRIES; i++) {
		uint64_t flush = head->flush;
		bool same;
		int rc;

		pthread_mutex_lock(&shelf->table);
		rc = try_maps(file, head, &same);
		pthread_mutex_unlock(&shelf->table);

		if (same) {
			shelf->head = *head;
			return SQLITE_OK;
		}
		if (!find_head(file, head))
			break;
		if (head->flush != flush)
			continue;	/* another process just wrote */
		if (rc != SQLITE_OK)
			return rc;
		if (i > 0)
			return damaged(file, "its table of pages is not as "
			    "it was written");
	}
	return damaged(file, "its head is not as it was written");
}

int
shelf_refresh(struct sealed_file *file)
{
	struct shelf *shelf = file->shelf;
	struct head head;

	if (!find_head(file, &head))
		return damaged(file, "its head is not as it was written");
	if (head.flush == shelf->head.flush)
		return SQLITE_OK;
	if (head.flush < shelf->head.flush)
		return damaged(file, "it is older than it was");
	return load(file, &head);
}

/* ---- joining ------------------------------------------------------------ */

static struct shelf *shelves;
static pthread_mutex_t shelves_lock = PTHREAD_MUTEX_INITIALIZER;

static void
use_inner(struct shelf *shelf, const unsigned char inner[AEAD_KEY])
{
	aead_derive(inner, "database", (struct span){
	    (const char *)shelf->id, sizeof shelf->id }, shelf->inner);
	shelf->sealer = sealer_new(shelf->inner);
}

/* One of the two locks; the first that this key opens. */
static int
unlock(struct sealed_file *file, struct shelf *shelf)
{
	unsigned char text[2 * UNIT], inner[AEAD_KEY];
	struct err e = { 0 };
	int rc = sealed_raw_get(file, text, sizeof text, 0);

	if (rc != SQLITE_OK)
		return rc == SQLITE_IOERR_SHORT_READ ? damaged(file,
		    "it is cut off") : rc;
	for (int i = 0; i < 2; i++) {
		const unsigned char *at = text + i * UNIT;
		struct err why = { 0 };

		if (memcmp(at, MAGIC, 16) != 0) {
			err_set(&e, ERR_CORRUPT, "its lock is not as it was "
			    "written");
			continue;
		}
		if (sealkey_unlock(shelf->key, at + 16, inner, &why)) {
			memcpy(shelf->id, at + 16 + LOCK_SIZE, 16);
			use_inner(shelf, inner);
			aead_forget(inner, sizeof inner);
			return SQLITE_OK;
		}
		err_set(&e, why.code, "%s", why.why);
	}
	return sealed_fault(SQLITE_NOTADB, e.code, "%s: %s", file->name,
	    e.why);
}

int
shelf_attach(struct sealed_file *file)
{
	static const unsigned char none[16];
	struct shelf *shelf = file->shelf;
	unsigned char magic[16];
	struct head head;
	int64_t size;
	int rc;

	if (shelf->made)
		return SQLITE_OK;
	rc = sealed_raw_size(file, &size);
	if (rc != SQLITE_OK || size == 0)
		return rc;
	rc = sealed_raw_get(file, magic, sizeof magic, 0);
	if (rc != SQLITE_OK && rc != SQLITE_IOERR_SHORT_READ)
		return rc;
	/* A making that was stopped. */
	if (memcmp(magic, none, sizeof none) == 0 && size <= PREFIX)
		return SQLITE_OK;
	if (memcmp(magic, "SQLite format 3", 16) == 0)
		return sealed_fault(SQLITE_NOTADB, ERR_KEY, "%s: it is not "
		    "sealed, and a key is set; type: bahid seal",
		    file->name);
	if ((rc = unlock(file, shelf)) != SQLITE_OK)
		return rc;
	if (!find_head(file, &head))
		rc = damaged(file, "its head is not as it was written");
	else
		rc = load(file, &head);
	if (rc == SQLITE_OK)
		shelf->made = true;
	else
		sealer_free(&shelf->sealer);
	return rc;
}

int
shelf_join(struct sealed_file *file, const char *path, struct sealkey *key)
{
	struct shelf *shelf;
	struct stat st;
	int rc;

	if (stat(path, &st) != 0)
		return SQLITE_IOERR_FSTAT;
	pthread_mutex_lock(&shelves_lock);
	for (shelf = shelves; shelf != NULL; shelf = shelf->next)
		if (shelf->dev == st.st_dev && shelf->ino == st.st_ino)
			break;
	if (shelf == NULL) {
		shelf = calloc(1, sizeof *shelf);
		if (shelf == NULL)
			bug("out of memory");
		shelf->dev = st.st_dev;
		shelf->ino = st.st_ino;
		shelf->key = key;
		pthread_mutex_init(&shelf->lock, NULL);
		pthread_mutex_init(&shelf->table, NULL);
		shelf->next = shelves;
		shelves = shelf;
	}
	shelf->users++;
	pthread_mutex_unlock(&shelves_lock);
	file->shelf = shelf;
	file->path = path;
	pthread_mutex_lock(&shelf->lock);
	file->next = shelf->files;
	shelf->files = file;
	rc = shelf_attach(file);
	pthread_mutex_unlock(&shelf->lock);
	return rc;
}

static void
drop(struct shelf *shelf)
{
	struct shelf **at = &shelves;

	while (*at != shelf)
		at = &(*at)->next;
	*at = shelf->next;
	cut_groups(shelf, 0);
	free(shelf->groups);
	sealer_free(&shelf->sealer);
	pthread_mutex_destroy(&shelf->lock);
	pthread_mutex_destroy(&shelf->table);
	aead_forget(shelf, sizeof *shelf);
	free(shelf);
}

void
shelf_leave(struct sealed_file *file)
{
	struct shelf *shelf = file->shelf;

	pthread_mutex_lock(&shelves_lock);
	pthread_mutex_lock(&shelf->lock);
	for (struct sealed_file **at = &shelf->files; *at != NULL;
	    at = &(*at)->next)
		if (*at == file) {
			*at = file->next;
			break;
		}
	pthread_mutex_unlock(&shelf->lock);
	if (--shelf->users == 0)
		drop(shelf);
	pthread_mutex_unlock(&shelves_lock);
	file->shelf = NULL;
}

bool
shelf_has(const char *path, size_t n)
{
	bool found = false;

	pthread_mutex_lock(&shelves_lock);
	for (struct shelf *shelf = shelves; shelf != NULL && !found;
	    shelf = shelf->next) {
		pthread_mutex_lock(&shelf->lock);
		for (const struct sealed_file *file = shelf->files;
		    file != NULL && !found; file = file->next)
			found = strncmp(file->path, path, n) == 0 &&
			    file->path[n] == '\0';
		pthread_mutex_unlock(&shelf->lock);
	}
	pthread_mutex_unlock(&shelves_lock);
	return found;
}

/* ---- writing ------------------------------------------------------------ */

static int
write_head(struct sealed_file *file, const struct head *head)
{
	struct shelf *shelf = file->shelf;
	int place = (int)(head->flush & 1);
	struct aead_about a = about(shelf, KIND_HEAD, 0, (uint64_t)place);
	unsigned char text[HEAD_SIZE + AEAD_TRAILER] = { 0 };

	put64(text, head->flush);
	put64(text + 8, head->pages);
	put64(text + 16, head->journal);
	put_extent(text + 24, &head->done);
	memcpy(text + 80, head->root, 32);
	sealer_seal(shelf->sealer, &a, text, HEAD_SIZE, text,
	    text + HEAD_SIZE);
	return sealed_raw_put(file, text, sizeof text, (2 + place) * UNIT);
}

/* What makes it ours comes last: without it a stop leaves an empty file. */
int
shelf_make(struct sealed_file *file)
{
	struct shelf *shelf = file->shelf;
	unsigned char inner[AEAD_KEY], text[UNIT] = MAGIC;
	struct err e = { 0 };
	int rc;

	digest_random(shelf->id, sizeof shelf->id);
	digest_random(inner, sizeof inner);
	if (!sealkey_lock(shelf->key, inner, text + 16, &e)) {
		aead_forget(inner, sizeof inner);
		return sealed_fault(SQLITE_IOERR, e.code, "%s", e.why);
	}
	memcpy(text + 16 + LOCK_SIZE, shelf->id, 16);
	sealer_free(&shelf->sealer);
	use_inner(shelf, inner);
	aead_forget(inner, sizeof inner);
	shelf->head = (struct head){ .flush = 1 };
	make_root(shelf, shelf->head.root);
	rc = write_head(file, &shelf->head);
	if (rc == SQLITE_OK)
		rc = sealed_raw_put(file, text, UNIT, UNIT);
	if (rc == SQLITE_OK)
		rc = sealed_raw_sync(file);
	if (rc == SQLITE_OK)
		rc = sealed_raw_put(file, text, UNIT, 0);
	shelf->made = rc == SQLITE_OK;
	return rc;
}

static int
write_map(struct sealed_file *file, size_t n, uint64_t flush)
{
	struct shelf *shelf = file->shelf;
	struct group *group = shelf->groups[n];
	struct aead_about a = about(shelf, KIND_MAP, n, flush);
	unsigned char text[UNIT] = { 0 };
	unsigned char *trailer = text + 8 + sizeof group->tags;
	int rc;

	put64(text, flush);
	sealer_seal(shelf->sealer, &a, group->tags, sizeof group->tags,
	    text + 8, trailer);
	rc = sealed_raw_put(file, text, UNIT, map_place(n,
	    1 - group->place));
	if (rc == SQLITE_OK)
		memcpy(group->tag, trailer + AEAD_SESSION + AEAD_COUNT,
		    AEAD_TAG);
	return rc;
}

/* How far the log is in the database, as SQLite's index of it says (its form
 * is part of the file format). */
static void
note_done(struct sealed_file *file, struct head *head)
{
	const volatile unsigned char *shm = file->shm;
	struct shelf *shelf = file->shelf;
	uint32_t attempted;

	if (shm == NULL || file->failed)
		return;
	for (int i = 0; i < 8; i++)
		if (shm[32 + i] != shelf->log.head[16 + i])
			return;
	attempted = *(const volatile uint32_t *)(shm + 128);
	head->done = shelf->log;
	head->done.frames = attempted;
}

int
shelf_flush(struct sealed_file *file)
{
	struct shelf *shelf = file->shelf;
	struct head head = shelf->head;
	int rc = SQLITE_OK;

	if (!shelf->dirty)
		return SQLITE_OK;
	head.flush++;
	if (file->shm != NULL)
		shelf->journal = 0;
	head.journal = shelf->journal;
	note_done(file, &head);
	for (size_t i = 0; rc == SQLITE_OK && i < shelf->n_groups; i++)
		if (shelf->groups[i]->dirty)
			rc = write_map(file, i, head.flush);
	if (rc == SQLITE_OK)
		rc = sealed_raw_sync(file);
	if (rc != SQLITE_OK)
		return rc;
	make_root(shelf, head.root);
	rc = write_head(file, &head);
	if (rc != SQLITE_OK)
		return rc;
	/* It may be on the disk from here on. */
	shelf->head = head;
	shelf->dirty = false;
	for (size_t i = 0; i < shelf->n_groups; i++)
		if (shelf->groups[i]->dirty) {
			shelf->groups[i]->place = 1 - shelf->groups[i]->place;
			shelf->groups[i]->dirty = false;
		}
	return sealed_raw_sync(file);
}

int
shelf_cut(struct sealed_file *file, uint64_t pages)
{
	struct shelf *shelf = file->shelf;
	size_t groups = (size_t)((pages + MAPPED - 1) / MAPPED);

	pthread_mutex_lock(&shelf->table);
	cut_groups(shelf, groups);
	if (pages % MAPPED != 0 && groups == shelf->n_groups) {
		struct group *last = shelf->groups[groups - 1];

		memset(last->tags[pages % MAPPED], 0,
		    (MAPPED - pages % MAPPED) * AEAD_TAG);
		last->dirty = true;
	}
	pthread_mutex_unlock(&shelf->table);
	if (shelf->head.pages > pages)
		shelf->head.pages = pages;
	shelf->dirty = true;
	return shelf_flush(file);
}

/* ---- the mark ----------------------------------------------------------- */

bool
shelf_mark_read(struct sealed_file *file, struct extent *mark)
{
	struct aead_about a = about(file->shelf, KIND_MARK, 0, 0);
	unsigned char text[MARK_SIZE + AEAD_TRAILER];

	*mark = (struct extent){ .frames = 0 };
	if (sealed_raw_get(file, text, sizeof text, 4 * UNIT) != SQLITE_OK ||
	    !sealer_open(sealed_sealer(file), &a, text, MARK_SIZE, text,
	    text + MARK_SIZE))
		return false;
	get_extent(text, mark);
	return true;
}

/* Not synced: what is lost of it with the power only makes it less strict. */
int
shelf_mark(struct sealed_file *file, const struct extent *mark)
{
	struct aead_about a = about(file->shelf, KIND_MARK, 0, 0);
	unsigned char text[MARK_SIZE + AEAD_TRAILER] = { 0 };

	put_extent(text, mark);
	sealer_seal(sealed_sealer(file), &a, text, MARK_SIZE, text,
	    text + MARK_SIZE);
	return sealed_raw_put(file, text, sizeof text, 4 * UNIT);
}
