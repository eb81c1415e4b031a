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
about(const struct vault *vault, int kind, uint64_t number, uint64_t extra)
{
	struct aead_about a = { .kind = (unsigned char)kind,
	    .number = number, .extra = extra };

	memcpy(a.file, vault->id, sizeof a.file);
	return a;
}

/* ---- places ------------------------------------------------------------- */

int64_t
vault_place(uint64_t page)
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
vault_pages(int64_t size)
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
group_at(struct vault *vault, size_t n, bool make)
{
	if (n >= vault->n_groups) {
		struct group **groups;

		if (!make)
			return NULL;
		groups = realloc(vault->groups, (n + 1) * sizeof *groups);
		if (groups == NULL)
			bug("out of memory");
		for (size_t i = vault->n_groups; i <= n; i++)
			if ((groups[i] = calloc(1, sizeof **groups)) == NULL)
				bug("out of memory");
		vault->groups = groups;
		vault->n_groups = n + 1;
	}
	return vault->groups[n];
}

static void
cut_groups(struct vault *vault, size_t n)
{
	while (vault->n_groups > n)
		free(vault->groups[--vault->n_groups]);
}

unsigned char *
vault_tag(struct vault *vault, uint64_t page, bool make)
{
	struct group *group = group_at(vault, page / MAPPED, make);

	if (group == NULL)
		return NULL;
	if (make) {
		group->dirty = vault->dirty = true;
		if (vault->head.pages <= page)
			vault->head.pages = page + 1;
	}
	return group->tags[page % MAPPED];
}

static void
make_root(const struct vault *vault, unsigned char root[32])
{
	struct digest *digest = digest_new();

	for (size_t i = 0; i < vault->n_groups; i++)
		digest_add(digest, (struct span){
		    (const char *)vault->groups[i]->tag, AEAD_TAG });
	digest_end(&digest, root);
}

/* ---- reading ------------------------------------------------------------ */

static bool
read_head(struct sealed_file *file, int place, struct head *head)
{
	struct vault *vault = file->vault;
	struct aead_about a = about(vault, KIND_HEAD, 0, (uint64_t)place);
	unsigned char text[HEAD_SIZE + AEAD_TRAILER];

	if (sealed_real_read(file, text, sizeof text, (2 + place) * UNIT) !=
	    SQLITE_OK || !sealer_open(vault->sealer, &a, text, HEAD_SIZE,
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
	struct vault *vault = file->vault;
	struct group *group = group_at(vault, n, true);
	unsigned char *both = malloc(2 * UNIT);
	int rc, order[2] = { 0, 1 };
	uint64_t flushes[2];

	if (both == NULL)
		bug("out of memory");
	memset(group, 0, sizeof *group);
	rc = sealed_real_read(file, both, 2 * UNIT, map_place(n, 0));
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
		struct aead_about a = about(vault, KIND_MAP, n, mine);

		if (mine == 0 || mine > flush)
			continue;
		if (!sealer_open(vault->sealer, &a, at + 8,
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
	struct vault *vault = file->vault;
	size_t n = (size_t)((head->pages + MAPPED - 1) / MAPPED);
	unsigned char root[32];
	int64_t size;
	int rc = sealed_real_size(file, &size);

	*same = false;
	if (rc != SQLITE_OK)
		return rc;
	if (vault_pages(size) < head->pages)
		return damaged(file, "it is cut off");
	cut_groups(vault, n);
	for (size_t i = 0; rc == SQLITE_OK && i < n; i++)
		rc = read_map(file, i, head->flush);
	if (rc != SQLITE_OK)
		return rc;
	make_root(vault, root);
	*same = digest_equal(root, head->root, sizeof root);
	return SQLITE_OK;
}

static int
load(struct sealed_file *file, struct head *head)
{
	struct vault *vault = file->vault;

	vault->dirty = false;
	for (int i = 0; i < TRIES; i++) {
		uint64_t flush = head->flush;
		bool same;
		int rc;

		pthread_mutex_lock(&vault->table);
		rc = try_maps(file, head, &same);
		pthread_mutex_unlock(&vault->table);

		if (same) {
			vault->head = *head;
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
vault_refresh(struct sealed_file *file)
{
	struct vault *vault = file->vault;
	struct head head;

	if (!find_head(file, &head))
		return damaged(file, "its head is not as it was written");
	if (head.flush == vault->head.flush)
		return SQLITE_OK;
	if (head.flush < vault->head.flush)
		return damaged(file, "it is older than it was");
	return load(file, &head);
}

/* ---- joining ------------------------------------------------------------ */

static struct vault *vaults;
static pthread_mutex_t vaults_lock = PTHREAD_MUTEX_INITIALIZER;

static void
use_inner(struct vault *vault, const unsigned char inner[AEAD_KEY])
{
	aead_derive(inner, "database", (struct span){
	    (const char *)vault->id, sizeof vault->id }, vault->inner);
	vault->sealer = sealer_new(vault->inner);
}

/* One of the two locks; the first that this key opens. */
static int
unlock(struct sealed_file *file, struct vault *vault)
{
	unsigned char text[2 * UNIT], inner[AEAD_KEY];
	struct err e = { 0 };
	int rc = sealed_real_read(file, text, sizeof text, 0);

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
		if (sealkey_unlock(vault->key, at + 16, inner, &why)) {
			memcpy(vault->id, at + 16 + LOCK_SIZE, 16);
			use_inner(vault, inner);
			aead_forget(inner, sizeof inner);
			return SQLITE_OK;
		}
		err_set(&e, why.code, "%s", why.why);
	}
	return sealed_fault(SQLITE_NOTADB, e.code, "%s: %s", file->name,
	    e.why);
}

int
vault_attach(struct sealed_file *file)
{
	static const unsigned char none[16];
	struct vault *vault = file->vault;
	unsigned char magic[16];
	struct head head;
	int64_t size;
	int rc;

	if (vault->made)
		return SQLITE_OK;
	rc = sealed_real_size(file, &size);
	if (rc != SQLITE_OK || size == 0)
		return rc;
	rc = sealed_real_read(file, magic, sizeof magic, 0);
	if (rc != SQLITE_OK && rc != SQLITE_IOERR_SHORT_READ)
		return rc;
	/* A making that was stopped. */
	if (memcmp(magic, none, sizeof none) == 0 && size <= PREFIX)
		return SQLITE_OK;
	if (memcmp(magic, "SQLite format 3", 16) == 0)
		return sealed_fault(SQLITE_NOTADB, ERR_KEY, "%s: it is not "
		    "sealed, and a key is set; type: bahid seal",
		    file->name);
	if ((rc = unlock(file, vault)) != SQLITE_OK)
		return rc;
	if (!find_head(file, &head))
		rc = damaged(file, "its head is not as it was written");
	else
		rc = load(file, &head);
	if (rc == SQLITE_OK)
		vault->made = true;
	else
		sealer_free(&vault->sealer);
	return rc;
}

int
vault_join(struct sealed_file *file, const char *path, struct sealkey *key)
{
	struct vault *vault;
	struct stat st;
	int rc;

	if (stat(path, &st) != 0)
		return SQLITE_IOERR_FSTAT;
	pthread_mutex_lock(&vaults_lock);
	for (vault = vaults; vault != NULL; vault = vault->next)
		if (vault->dev == st.st_dev && vault->ino == st.st_ino)
			break;
	if (vault == NULL) {
		vault = calloc(1, sizeof *vault);
		if (vault == NULL)
			bug("out of memory");
		vault->dev = st.st_dev;
		vault->ino = st.st_ino;
		vault->key = key;
		pthread_mutex_init(&vault->lock, NULL);
		pthread_mutex_init(&vault->table, NULL);
		vault->next = vaults;
		vaults = vault;
	}
	vault->users++;
	pthread_mutex_unlock(&vaults_lock);
	file->vault = vault;
	pthread_mutex_lock(&vault->lock);
	file->next = vault->files;
	vault->files = file;
	rc = vault_attach(file);
	pthread_mutex_unlock(&vault->lock);
	return rc;
}

static void
drop(struct vault *vault)
{
	struct vault **at = &vaults;

	while (*at != vault)
		at = &(*at)->next;
	*at = vault->next;
	cut_groups(vault, 0);
	free(vault->groups);
	sealer_free(&vault->sealer);
	pthread_mutex_destroy(&vault->lock);
	pthread_mutex_destroy(&vault->table);
	aead_forget(vault, sizeof *vault);
	free(vault);
}

void
vault_leave(struct sealed_file *file)
{
	struct vault *vault = file->vault;

	pthread_mutex_lock(&vaults_lock);
	pthread_mutex_lock(&vault->lock);
	for (struct sealed_file **at = &vault->files; *at != NULL;
	    at = &(*at)->next)
		if (*at == file) {
			*at = file->next;
			break;
		}
	pthread_mutex_unlock(&vault->lock);
	if (--vault->users == 0)
		drop(vault);
	pthread_mutex_unlock(&vaults_lock);
	file->vault = NULL;
}

/* ---- writing ------------------------------------------------------------ */

static int
write_head(struct sealed_file *file, const struct head *head)
{
	struct vault *vault = file->vault;
	int place = (int)(head->flush & 1);
	struct aead_about a = about(vault, KIND_HEAD, 0, (uint64_t)place);
	unsigned char text[HEAD_SIZE + AEAD_TRAILER] = { 0 };

	put64(text, head->flush);
	put64(text + 8, head->pages);
	put64(text + 16, head->journal);
	put_extent(text + 24, &head->done);
	memcpy(text + 80, head->root, 32);
	sealer_seal(vault->sealer, &a, text, HEAD_SIZE, text,
	    text + HEAD_SIZE);
	return sealed_real_write(file, text, sizeof text, (2 + place) * UNIT);
}

/* What makes it ours comes last: without it a stop leaves an empty file. */
int
vault_make(struct sealed_file *file)
{
	struct vault *vault = file->vault;
	unsigned char inner[AEAD_KEY], text[UNIT] = MAGIC;
	struct err e = { 0 };
	int rc;

	digest_random(vault->id, sizeof vault->id);
	digest_random(inner, sizeof inner);
	if (!sealkey_lock(vault->key, inner, text + 16, &e)) {
		aead_forget(inner, sizeof inner);
		return sealed_fault(SQLITE_IOERR, e.code, "%s", e.why);
	}
	memcpy(text + 16 + LOCK_SIZE, vault->id, 16);
	sealer_free(&vault->sealer);
	use_inner(vault, inner);
	aead_forget(inner, sizeof inner);
	vault->head = (struct head){ .flush = 1 };
	make_root(vault, vault->head.root);
	rc = write_head(file, &vault->head);
	if (rc == SQLITE_OK)
		rc = sealed_real_write(file, text, UNIT, UNIT);
	if (rc == SQLITE_OK)
		rc = sealed_real_sync(file);
	if (rc == SQLITE_OK)
		rc = sealed_real_write(file, text, UNIT, 0);
	vault->made = rc == SQLITE_OK;
	return rc;
}

static int
write_map(struct sealed_file *file, size_t n, uint64_t flush)
{
	struct vault *vault = file->vault;
	struct group *group = vault->groups[n];
	struct aead_about a = about(vault, KIND_MAP, n, flush);
	unsigned char text[UNIT] = { 0 };
	unsigned char *trailer = text + 8 + sizeof group->tags;
	int rc;

	put64(text, flush);
	sealer_seal(vault->sealer, &a, group->tags, sizeof group->tags,
	    text + 8, trailer);
	rc = sealed_real_write(file, text, UNIT, map_place(n,
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
	struct vault *vault = file->vault;
	uint32_t attempted;

	if (shm == NULL || file->failed)
		return;
	for (int i = 0; i < 8; i++)
		if (shm[32 + i] != vault->log.head[16 + i])
			return;
	attempted = *(const volatile uint32_t *)(shm + 128);
	head->done = vault->log;
	head->done.frames = attempted;
}

int
vault_flush(struct sealed_file *file)
{
	struct vault *vault = file->vault;
	struct head head = vault->head;
	int rc = SQLITE_OK;

	if (!vault->dirty)
		return SQLITE_OK;
	head.flush++;
	if (file->shm != NULL)
		vault->journal = 0;
	head.journal = vault->journal;
	note_done(file, &head);
	for (size_t i = 0; rc == SQLITE_OK && i < vault->n_groups; i++)
		if (vault->groups[i]->dirty)
			rc = write_map(file, i, head.flush);
	if (rc == SQLITE_OK)
		rc = sealed_real_sync(file);
	if (rc != SQLITE_OK)
		return rc;
	make_root(vault, head.root);
	rc = write_head(file, &head);
	if (rc != SQLITE_OK)
		return rc;
	/* It may be on the disk from here on. */
	vault->head = head;
	vault->dirty = false;
	for (size_t i = 0; i < vault->n_groups; i++)
		if (vault->groups[i]->dirty) {
			vault->groups[i]->place = 1 - vault->groups[i]->place;
			vault->groups[i]->dirty = false;
		}
	return sealed_real_sync(file);
}

int
vault_cut(struct sealed_file *file, uint64_t pages)
{
	struct vault *vault = file->vault;
	size_t groups = (size_t)((pages + MAPPED - 1) / MAPPED);

	pthread_mutex_lock(&vault->table);
	cut_groups(vault, groups);
	if (pages % MAPPED != 0 && groups == vault->n_groups) {
		struct group *last = vault->groups[groups - 1];

		memset(last->tags[pages % MAPPED], 0,
		    (MAPPED - pages % MAPPED) * AEAD_TAG);
		last->dirty = true;
	}
	pthread_mutex_unlock(&vault->table);
	if (vault->head.pages > pages)
		vault->head.pages = pages;
	vault->dirty = true;
	return vault_flush(file);
}

/* ---- the mark ----------------------------------------------------------- */

bool
vault_mark_read(struct sealed_file *file, struct extent *mark)
{
	struct aead_about a = about(file->vault, KIND_MARK, 0, 0);
	unsigned char text[MARK_SIZE + AEAD_TRAILER];

	*mark = (struct extent){ .frames = 0 };
	if (sealed_real_read(file, text, sizeof text, 4 * UNIT) != SQLITE_OK ||
	    !sealer_open(sealed_sealer(file), &a, text, MARK_SIZE, text,
	    text + MARK_SIZE))
		return false;
	get_extent(text, mark);
	return true;
}

/* Not synced: what is lost of it with the power only makes it less strict. */
int
vault_mark(struct sealed_file *file, const struct extent *mark)
{
	struct aead_about a = about(file->vault, KIND_MARK, 0, 0);
	unsigned char text[MARK_SIZE + AEAD_TRAILER] = { 0 };

	put_extent(text, mark);
	sealer_seal(sealed_sealer(file), &a, text, MARK_SIZE, text,
	    text + MARK_SIZE);
	return sealed_real_write(file, text, sizeof text, 4 * UNIT);
}
