/*
 * Making a backup; see backup.h.  The database is copied into a hidden folder
 * first, then everything goes into one file there, which is renamed last.
 * Called by backing.c and `bahid backup`.
 */
#include "flow/backup.h"

#include <config.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/file.h"
#include "core/log.h"
#include "core/seal.h"
#include "core/sealed.h"
#include "core/tar.h"
#include "flow/settle.h"

#define PIECE ((size_t)256 << 10)
#define DEPTH_MAX 4
#define FILES_MAX 1000000
#define MANIFEST_MAX ((size_t)512 << 20)
#define SPARE ((int64_t)64 << 20)	/* bytes of a disk that we leave */
#define STAGE ".bahi-backup-"

static const char README[] =
"A backup of bahi. Every tar opens it; then, in that folder:\n"
"\n"
"\tsha256sum -c SHA256SUMS\n"
"\n"
"store/bahi.db is the database (SQLite 3) as of one moment. manifest.json\n"
"says of which, and what else is here. bahid restore --verify FILE checks all\n"
"of it; bahid restore FILE FOLDER puts it into an empty folder: bahid(8).\n";

struct making {
	const struct backup_order *order;
	struct arena *arena;
	struct backup_made *made;
	const char *stage;		/* the hidden folder */
	int lock, fd;
	struct sealkey *key;		/* NULL: it is not sealed */
	struct seal *seal;
	struct tar_out tar;
	struct str files, sums;		/* of the manifest; SHA256SUMS */
	struct json json;
	int64_t bytes;			/* written */
	char *piece;
};

bool
backup_fault(struct err *e, const char *doing, const char *path)
{
	return err_set(e, errno == ENOSPC || errno == EDQUOT ||
	    errno == EFBIG ? ERR_FULL : ERR_SYSTEM, "%s %.200s: %s", doing,
	    path, strerror(errno));
}

/* ---- the hidden folder ------------------------------------------------ */

static void
clear_at(int folder, const char *name, int depth)
{
	int fd = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW |
	    O_CLOEXEC);
	DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
	const struct dirent *entry;

	if (dir == NULL) {
		if (fd >= 0)
			close(fd);
		unlinkat(folder, name, 0);
		return;
	}
	while (depth < PATH_MAX / 2 && (entry = readdir(dir)) != NULL)
		if (strcmp(entry->d_name, ".") != 0 &&
		    strcmp(entry->d_name, "..") != 0)
			clear_at(fd, entry->d_name, depth + 1);
	closedir(dir);
	unlinkat(folder, name, AT_REMOVEDIR);
}

void
backup_clear(const char *path)
{
	clear_at(AT_FDCWD, path, 0);
}

static int
open_lock(const char *stage, int flags, struct arena *arena)
{
	int fd = open(arena_printf(arena, "%s/lock", stage), O_RDWR |
	    O_CLOEXEC | O_NOFOLLOW | flags, 0600);

	if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) != 0) {
		close(fd);
		return -1;
	}
	return fd;
}

/* What one left that was killed: nobody holds its lock any more. */
static void
sweep(const char *folder, struct arena *arena)
{
	DIR *dir = opendir(folder);
	const struct dirent *entry;

	while (dir != NULL && (entry = readdir(dir)) != NULL) {
		const char *stage;
		int fd;

		if (strncmp(entry->d_name, STAGE, strlen(STAGE)) != 0)
			continue;
		stage = arena_printf(arena, "%s/%s", folder, entry->d_name);
		fd = open_lock(stage, O_CREAT, arena);
		if (fd >= 0) {
			backup_clear(stage);
			close(fd);
		}
	}
	if (dir != NULL)
		closedir(dir);
}

static bool
open_stage(struct making *m, const char *folder, struct err *e)
{
	char *stage = arena_printf(m->arena, "%s/" STAGE "XXXXXX", folder);

	sweep(folder, m->arena);
	if (mkdtemp(stage) == NULL)
		return backup_fault(e, "make a folder in", folder);
	m->stage = stage;
	m->lock = open_lock(stage, O_CREAT | O_EXCL, m->arena);
	if (m->lock < 0)
		return backup_fault(e, "lock", stage);
	return file_mkdir(arena_printf(m->arena, "%s/store", stage), 0700,
	    e);
}

/* ---- what goes in ----------------------------------------------------- */

static bool
pour_file(void *arg, struct span data, struct err *e)
{
	struct making *m = arg;

	m->bytes += (int64_t)data.n;
	while (data.n > 0) {
		ssize_t w = write(m->fd, data.p, data.n);

		if (w < 0 && errno == EINTR)
			continue;
		if (w < 0)
			return backup_fault(e, "write a backup in", m->stage);
		data.p += w;
		data.n -= (size_t)w;
	}
	return true;
}

static bool
pour_sealed(void *arg, struct span data, struct err *e)
{
	struct making *m = arg;

	return seal_add(m->seal, data, e);
}

static bool
begin_pouring(struct making *m, struct err *e)
{
	m->tar.to = (struct pour){ m->key != NULL ? pour_sealed : pour_file,
	    m };
	return m->key == NULL || seal_begin(&m->seal, m->key, pour_file, m,
	    e);
}

static bool
end_pouring(struct making *m, const char *path, struct err *e)
{
	return (m->key == NULL || seal_end(&m->seal, e)) &&
	    (fsync(m->fd) == 0 || backup_fault(e, "write", path));
}

static bool
list_member(struct making *m, const char *name, int64_t size,
    struct digest *digest, struct err *e)
{
	unsigned char sum[SHA256_SIZE];
	char hex[SHA256_HEX];

	digest_end(&digest, sum);
	digest_hex(sum, sizeof sum, hex);
	json_open(&m->json, '{');
	json_kstr(&m->json, "name", name);
	json_kint(&m->json, "bytes", size);
	json_kstr(&m->json, "sha256", hex);
	json_close(&m->json, '}');
	str_addf(&m->sums, "%s  %s\n", hex, name);
	if (m->files.over || m->sums.over || ++m->made->files > FILES_MAX)
		return err_set(e, ERR_TOO_LARGE, "too many files");
	return true;
}

static bool
copy_bytes(struct making *m, int fd, int64_t size, const char *name,
    struct digest *digest, struct err *e)
{
	while (size > 0) {
		ssize_t r = read(fd, m->piece, size < (int64_t)PIECE ?
		    (size_t)size : PIECE);
		struct span piece = { m->piece, r > 0 ? (size_t)r : 0 };

		if (r < 0 && errno == EINTR)
			continue;
		if (r < 0)
			return backup_fault(e, "read", name);
		if (r == 0)
			return err_set(e, ERR_SYSTEM, "%.200s became shorter "
			    "while it was read", name);
		if (!m->order->go_on(m->order->arg))
			return err_set(e, ERR_REFUSED, "it was stopped");
		digest_add(digest, piece);
		if (!tar_put(&m->tar, piece, e))
			return false;
		size -= r;
	}
	return true;
}

/* Its size is that of when it was opened: what is added later is not in it. */
static bool
add_open(struct making *m, int fd, const char *name, struct err *e)
{
	struct digest *digest;
	unsigned char sum[SHA256_SIZE];
	struct stat st;

	if (fstat(fd, &st) != 0)
		return backup_fault(e, "look at", name);
	if (!S_ISREG(st.st_mode))
		return true;
	if (strpbrk(name, "\n\\") != NULL || strlen(name) > TAR_NAME_MAX)
		return err_set(e, ERR_SYSTEM, "the name of a file: %.100s",
		    name);
	digest = digest_new();
	if (!tar_open(&m->tar, name, st.st_size, st.st_mtime, e) ||
	    !copy_bytes(m, fd, st.st_size, name, digest, e)) {
		digest_end(&digest, sum);
		return false;
	}
	return tar_close(&m->tar, e) && list_member(m, name, st.st_size,
	    digest, e);
}

static bool
add_text(struct making *m, const char *name, struct span text,
    struct err *e)
{
	struct digest *digest = digest_new();

	digest_add(digest, text);
	return list_member(m, name, (int64_t)text.n, digest, e) &&
	    tar_open(&m->tar, name, (int64_t)text.n,
	    m->made->at / 1000000, e) && tar_put(&m->tar, text, e) &&
	    tar_close(&m->tar, e);
}

/* One that is gone by now was not to be kept. */
static bool
add_at(struct making *m, int folder, const char *file, const char *name,
    struct err *e)
{
	int fd = openat(folder, file, O_RDONLY | O_CLOEXEC | O_NOFOLLOW |
	    O_NONBLOCK);
	bool ok;

	if (fd < 0)
		return errno == ENOENT || errno == ELOOP ||
		    backup_fault(e, "open", name);
	ok = add_open(m, fd, name, e);
	close(fd);
	return ok;
}

/* Which names of a folder go in, by how deep it is; NULL: all but hidden. */
typedef bool picks(const char *name, int depth);

static bool
pick_all(const char *name, int depth)
{
	(void)name;
	(void)depth;
	return true;
}

/* SOURCE/done, SOURCE/failed: what is not read yet its sender still has. */
static bool
pick_read(const char *name, int depth)
{
	return depth != 1 || strcmp(name, "done") == 0 ||
	    strcmp(name, "failed") == 0;
}

static bool
ends_in(const char *name, const char *end)
{
	size_t n = strlen(name), m = strlen(end);

	return n > m && strcmp(name + n - m, end) == 0;
}

static bool
pick_conf(const char *name, int depth)
{
	return depth == 0 && ends_in(name, ".conf");
}

/* With the rules that they name; their secrets stay here. */
static bool
pick_target(const char *name, int depth)
{
	return pick_conf(name, depth) || (depth == 0 && ends_in(name,
	    ".sql"));
}

static bool add_folder(struct making *, int folder, const char *name,
	picks *, int depth, struct err *);

static bool
add_entry(struct making *m, int folder, const char *entry,
    const char *name, picks *pick, int depth, struct err *e)
{
	struct stat st;
	int fd;

	if (fstatat(folder, entry, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return errno == ENOENT || backup_fault(e, "look at", name);
	if (S_ISREG(st.st_mode))
		return add_at(m, folder, entry, name, e);
	if (!S_ISDIR(st.st_mode) || depth >= DEPTH_MAX)
		return true;
	fd = openat(folder, entry, O_RDONLY | O_DIRECTORY | O_CLOEXEC |
	    O_NOFOLLOW);
	if (fd < 0)
		return errno == ENOENT || backup_fault(e, "open", name);
	return add_folder(m, fd, name, pick, depth + 1, e);
}

/* Takes the descriptor. By name, so that the same files make the same. */
static bool
add_folder(struct making *m, int folder, const char *name, picks *pick,
    int depth, struct err *e)
{
	struct dirent **list = NULL;
	int n = scandirat(folder, ".", &list, NULL, alphasort);
	bool ok = n >= 0 || backup_fault(e, "read the folder", name);

	for (int i = 0; i < n; i++) {
		const char *entry = list[i]->d_name;

		if (ok && entry[0] != '.' && pick(entry, depth))
			ok = add_entry(m, folder, entry, arena_printf(
			    m->arena, "%s/%s", name, entry), pick, depth, e);
		free(list[i]);
	}
	free(list);
	close(folder);
	return ok;
}

static bool
add_tree(struct making *m, const char *path, const char *name, picks *pick,
    struct err *e)
{
	int fd;

	if (path[0] == '\0')
		return true;
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT || backup_fault(e, "open", path);
	return add_folder(m, fd, name, pick, 0, e);
}

/* Rules and schemes of our own; others come with the programs. */
static bool
add_own(struct making *m, const char *name, struct err *e)
{
	const char *path = options_text(m->order->options, name);
	const char *data = getenv("BAHI_DATADIR");

	if (data == NULL)
		data = BAHI_DATADIR;
	return strncmp(path, data, strlen(data)) == 0 ||
	    add_tree(m, path, name, pick_all, e);
}

static bool
add_trees(struct making *m, struct err *e)
{
	const struct options *o = m->order->options;
	bool secrets = m->order->secrets;

	return add_tree(m, arena_printf(m->arena, "%s/store", m->stage),
	    "store", pick_all, e) &&
	    (options_file(o)[0] == '\0' || add_at(m, AT_FDCWD,
	    options_file(o), "bahid.conf", e)) &&
	    add_own(m, "rules", e) && add_own(m, "schemes", e) &&
	    add_tree(m, options_text(o, "polls"), "polls", pick_conf, e) &&
	    add_tree(m, options_text(o, "targets"), "targets",
	    pick_target, e) &&
	    add_tree(m, options_text(o, "inbox"), "inbox", pick_read, e) &&
	    add_tree(m, options_text(o, "exports"), "exports", pick_all,
	    e) && (!secrets || (add_tree(m, options_text(o, "secrets"),
	    "secrets", pick_all, e) && add_tree(m, options_text(o, "totp"),
	    "totp", pick_all, e)));
}

/* ---- the manifest ----------------------------------------------------- */

static void
put_moment(struct json *j, const char *key, int64_t at)
{
	char text[25];

	clock_format(at, text);
	json_kstr(j, key, text);
}

static void
write_manifest(struct making *m, struct str *out, int schema)
{
	const struct backup_point *p = &m->made->point;
	struct json j;

	json_start(&j, out);
	json_open(&j, '{');
	json_kstr(&j, "format", "bahi-backup-1");
	json_kstr(&j, "id", m->made->id);
	json_kstr(&j, "version", PACKAGE_VERSION);
	json_kint(&j, "schema", schema);
	put_moment(&j, "made_at", m->made->at);
	json_kint(&j, "log", p->seq);
	json_kint(&j, "event", p->event);
	put_moment(&j, "event_received", p->received);
	json_kint(&j, "events", p->events);
	json_kint(&j, "audit_rows", p->audit);
	json_kstr(&j, "audit_hash", p->hash);
	json_key(&j, "secrets");
	json_bool(&j, m->order->secrets);
	json_key(&j, "files");
	json_raw(&j, str_span(&m->files));
	json_close(&j, '}');
	str_addc(out, '\n');
}

/* SHA256SUMS is last: without it a backup is none, and it covers the
 * manifest. */
static bool
add_lists(struct making *m, int schema, struct err *e)
{
	struct tar_out *tar = &m->tar;
	int64_t at = m->made->at / 1000000;
	struct str manifest;
	bool ok;

	if (!add_text(m, "README.txt", span_of(README), e))
		return false;
	json_close(&m->json, ']');
	str_init(&manifest, MANIFEST_MAX);
	write_manifest(m, &manifest, schema);
	ok = (!manifest.over || err_set(e, ERR_TOO_LARGE, "the manifest")) &&
	    add_text(m, "manifest.json", str_span(&manifest), e) &&
	    tar_open(tar, "SHA256SUMS", (int64_t)m->sums.n, at, e) &&
	    tar_put(tar, str_span(&m->sums), e) && tar_close(tar, e) &&
	    tar_end(tar, e);
	str_free(&manifest);
	return ok;
}

/* ---- the database ----------------------------------------------------- */

/* Both copies of the database exist for a moment. */
static bool
fits(struct making *m, const char *folder, struct err *e)
{
	const char *store = options_text(m->order->options, "store");
	const char *log = arena_printf(m->arena, "%s-%s", store,
	    sealed_key() != NULL ? "swal" : "wal");
	struct stat st, wal;
	struct statvfs fs;
	int64_t need, free;

	if (stat(store, &st) != 0 || statvfs(folder, &fs) != 0)
		return backup_fault(e, "look at", folder);
	need = 2 * (int64_t)st.st_size + (stat(log, &wal) == 0 ?
	    2 * (int64_t)wal.st_size : 0) + SPARE;
	free = (int64_t)fs.f_bavail * (int64_t)fs.f_frsize;
	return free >= need || err_set(e, ERR_FULL, "a backup needs %lld MiB "
	    "in %.200s for a while, free are %lld MiB",
	    (long long)(need >> 20), folder, (long long)(free >> 20));
}

static bool
sync_file(const char *path, struct err *e)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	bool ok = fd >= 0 && fsync(fd) == 0;

	if (!ok)
		backup_fault(e, "write", path);
	if (fd >= 0)
		close(fd);
	return ok;
}

static bool
copy_store(struct making *m, int *schema, struct err *e)
{
	const char *path = arena_printf(m->arena, "%s/store/bahi.db",
	    m->stage);
	struct db *from = NULL, *to = NULL;
	int ours;
	bool ok = db_open(&from, options_text(m->order->options, "store"),
	    DB_READ, e) && db_begin_read(from, e) &&
	    backup_point(from, &m->made->point, e) &&
	    db_schema(from, schema, &ours, e);

	/* All that is in it was there by now. */
	m->made->at = clock_now();
	crash_point("backup.before_copy");
	ok = ok && db_open(&to, path, DB_COPY, e) && db_copy(from, to,
	    m->order->go_on, m->order->arg, e);
	db_close(&to);
	db_close(&from);
	crash_point("backup.after_copy");
	return ok;
}

/* ---- one file --------------------------------------------------------- */

static bool
write_archive(struct making *m, const char *path, int schema,
    struct err *e)
{
	bool ok;

	m->fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (m->fd < 0)
		return backup_fault(e, "create", path);
	ok = begin_pouring(m, e) && add_trees(m, e) &&
	    add_lists(m, schema, e) && end_pouring(m, path, e);
	seal_free(&m->seal);
	if (close(m->fd) != 0 && ok)
		ok = backup_fault(e, "write", path);
	m->fd = -1;
	return ok;
}

static bool
is_folder(const char *path)
{
	struct stat st;
	size_t n = strlen(path);

	return (n > 0 && path[n - 1] == '/') ||
	    (stat(path, &st) == 0 && S_ISDIR(st.st_mode));
}

/* Where the hidden folder is, and how the file is called in the end. */
static const char *
place_of(struct making *m, const char **name)
{
	const struct backup_order *o = m->order;
	const char *path = sftp_is(o->to) ?
	    options_text(o->options, "store") : o->to;
	const char *slash;

	*name = m->made->name;
	if (!sftp_is(o->to) && (o->folder || is_folder(o->to)))
		return o->to;
	slash = strrchr(path, '/');
	if (!sftp_is(o->to))
		*name = slash != NULL ? slash + 1 : path;
	return slash == NULL ? "." : slash == path ? "/" :
	    arena_strndup(m->arena, path, (size_t)(slash - path));
}

static bool
deliver(struct making *m, const char *archive, const char *folder,
    const char *name, struct err *e)
{
	const char *to = arena_printf(m->arena, "%s/%s", folder, name);
	struct sftp sftp;

	m->made->bytes = m->bytes;
	crash_point("backup.before_rename");
	if (sftp_is(m->order->to)) {
		backup_sftp(m->order->options, m->order->to, m->order->stop,
		    &sftp);
		m->made->place = arena_printf(m->arena, "%s%s%s",
		    sftp.url, sftp.url[strlen(sftp.url) - 1] == '/' ? "" :
		    "/", name);
		return sftp_put(&sftp, archive, name, e);
	}
	m->made->place = to;
	return (rename(archive, to) == 0 || backup_fault(e, "rename to", to)) &&
	    sync_file(folder, e);
}

static void
name_it(struct making *m)
{
	unsigned char random[16];
	char at[25], stamp[24];
	size_t n = 0;

	digest_random(random, sizeof random);
	digest_hex(random, sizeof random, m->made->id);
	clock_format(clock_now(), at);
	for (const char *p = at; *p != '\0'; p++)
		if (*p != '-' && *p != ':')
			stamp[n++] = *p;
	stamp[n] = '\0';
	snprintf(m->made->name, sizeof m->made->name, "bahi-%s.tar%s",
	    stamp, m->order->key[0] != '\0' ? ".sealed" : "");
}

static bool
make(struct making *m, struct err *e)
{
	const char *name, *folder, *archive;
	int schema = 0;

	name_it(m);
	folder = place_of(m, &name);
	if ((m->order->key[0] != '\0' && !sealkey_read(&m->key,
	    m->order->key, false, e)) || !fits(m, folder, e) ||
	    !open_stage(m, folder, e))
		return false;
	archive = arena_printf(m->arena, "%s/archive", m->stage);
	if (!copy_store(m, &schema, e) ||
	    !write_archive(m, archive, schema, e))
		return false;
	backup_clear(arena_printf(m->arena, "%s/store", m->stage));
	return deliver(m, archive, folder, name, e);
}

bool
backup_make(const struct backup_order *order, struct arena *arena,
    struct backup_made *made, struct err *e)
{
	struct making m = { .order = order, .arena = arena, .made = made,
	    .lock = -1, .fd = -1 };
	int64_t start = clock_mono();
	bool ok;

	*made = (struct backup_made){ .place = order->to };
	m.piece = malloc(PIECE);
	if (m.piece == NULL)
		bug("out of memory");
	str_init(&m.files, MANIFEST_MAX);
	str_init(&m.sums, MANIFEST_MAX);
	json_start(&m.json, &m.files);
	json_open(&m.json, '[');
	ok = make(&m, e);
	made->took = clock_mono() - start;
	if (m.stage != NULL)
		backup_clear(m.stage);
	if (m.lock >= 0)
		close(m.lock);
	sealkey_free(&m.key);
	str_free(&m.files);
	str_free(&m.sums);
	free(m.piece);
	return ok;
}

/* ---- those that are there --------------------------------------------- */

void
backup_plan_of(const struct options *options, struct backup_plan *out)
{
	out->since = clock_now();
	out->every = options_text(options, "backup_to")[0] == '\0' ? 0 :
	    options_count(options, "backup_every") * 3600 * 1000000;
}

const char *
backup_seal(const struct options *options)
{
	const char *own = options_text(options, "backup_seal");
	const char *key = options_text(options, "key");

	if (own[0] != '\0')
		return own;
	return strstr(key, "passphrase") == NULL ||
	    strstr(key, "passphrase:") != NULL ? key : "";
}

void
backup_sftp(const struct options *options, const char *url,
    atomic_bool *stop, struct sftp *out)
{
	*out = (struct sftp){ .url = url,
	    .key = options_text(options, "backup_key"),
	    .hosts = options_text(options, "backup_hosts"), .stop = stop };
}

/* bahi-20261122T020533.123Z.tar, and .sealed. */
static bool
is_backup(const char *name)
{
	static const char form[] = "bahi-00000000T000000.000Z.tar";
	size_t n = sizeof form - 1;

	for (size_t i = 0; i < n; i++)
		if (form[i] == '0' ? name[i] < '0' || name[i] > '9' :
		    name[i] != form[i])
			return false;
	return name[n] == '\0' || strcmp(name + n, ".sealed") == 0;
}

static int
compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool
list_local(const char *folder, struct arena *arena, const char ***names,
    size_t *n, struct err *e)
{
	DIR *dir = opendir(folder);
	const struct dirent *entry;

	*n = 0;
	*names = arena_alloc(arena, SFTP_FILES_MAX * sizeof **names);
	if (dir == NULL)
		return backup_fault(e, "open", folder);
	while (*n < SFTP_FILES_MAX && (entry = readdir(dir)) != NULL)
		if (is_backup(entry->d_name))
			(*names)[(*n)++] = arena_strdup(arena,
			    entry->d_name);
	closedir(dir);
	return true;
}

/* Oldest first, as their names say. */
static bool
list(const struct backup_order *order, struct arena *arena,
    const char ***names, size_t *n, struct err *e)
{
	struct sftp sftp;
	size_t kept = 0;

	backup_sftp(order->options, order->to, order->stop, &sftp);
	if (!(sftp_is(order->to) ? sftp_list(&sftp, arena, names, n, e) :
	    list_local(order->to, arena, names, n, e)))
		return false;
	for (size_t i = 0; i < *n; i++)
		if (is_backup((*names)[i]))
			(*names)[kept++] = (*names)[i];
	*n = kept;
	qsort(*names, kept, sizeof **names, compare_names);
	return true;
}

static bool
remove_one(const struct backup_order *order, const char *name,
    struct arena *arena, struct err *e)
{
	struct sftp sftp;
	const char *path;

	backup_sftp(order->options, order->to, order->stop, &sftp);
	if (sftp_is(order->to))
		return sftp_remove(&sftp, name, e);
	path = arena_printf(arena, "%s/%s", order->to, name);
	return unlink(path) == 0 || backup_fault(e, "remove", path);
}

bool
backup_prune(const struct backup_order *order, int64_t keep, struct err *e)
{
	struct arena *arena = arena_new();
	const char **names;
	size_t n = 0;
	bool ok = list(order, arena, &names, &n, e);

	for (size_t i = 0; ok && (int64_t)(n - i) > keep; i++) {
		ok = remove_one(order, names[i], arena, e);
		if (ok)
			log_line(LOG_INFO, "backup.removed", "name=%s",
			    names[i]);
	}
	arena_free(&arena);
	return ok;
}

bool
backup_newest(const struct backup_order *order, struct arena *arena,
    const char **path, struct err *e)
{
	const char **names;
	size_t n = 0;

	*path = NULL;
	if (!list(order, arena, &names, &n, e))
		return false;
	if (n > 0)
		*path = arena_printf(arena, "%s%s%s", order->to,
		    order->to[strlen(order->to) - 1] == '/' ? "" : "/",
		    names[n - 1]);
	return true;
}
