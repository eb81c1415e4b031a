/*
 * Unpacking and trying a backup; see backup.h.  Nothing of it is believed
 * before it is checked: it comes from a place that others may write to.
 */
#include "flow/backup.h"

#include <config.h>
#include <errno.h>
#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cjson/cJSON.h>

#include "core/clock.h"
#include "core/file.h"
#include "core/log.h"
#include "core/seal.h"
#include "core/sealed.h"
#include "core/tar.h"
#include "flow/aside.h"
#include "store/audit.h"
#include "store/verify.h"

#define PIECE ((size_t)256 << 10)
#define LIST_MAX ((size_t)512 << 20)
#define KEPT_MAX ((size_t)256 << 20)	/* of a file that we read ourselves */
#define CONFIG_MAX 65536
#define NOTES_MAX ((size_t)4 << 20)
#define ROWS 2000		/* of one step of the walk */

struct unpacking {
	const struct backup_trial *trial;
	struct arena *arena;
	struct backup_found *found;
	const char *folder;
	int fd;
	struct tar_in tar;
	struct str sums;	/* as SHA256SUMS should be */
	struct str manifest, last;
	char *piece;
};

/* ---- out of the archive ----------------------------------------------- */

static bool
draw_file(void *arg, void *p, size_t n, size_t *got, struct err *e)
{
	struct unpacking *u = arg;
	char *to = p;

	*got = 0;
	while (*got < n) {
		ssize_t r = read(u->fd, to + *got, n - *got);

		if (r < 0 && errno == EINTR)
			continue;
		if (r < 0)
			return backup_fault(e, "read", u->trial->from);
		if (r == 0)
			break;
		*got += (size_t)r;
	}
	u->found->bytes += (int64_t)*got;
	return true;
}

/* Folders on the way to it; names have no `..` in them. */
static bool
make_way(struct unpacking *u, const char *name, struct err *e)
{
	for (const char *p = strchr(name, '/'); p != NULL;
	    p = strchr(p + 1, '/'))
		if (!file_mkdir(arena_printf(u->arena, "%s/%.*s", u->folder,
		    (int)(p - name), name), 0700, e))
			return false;
	return true;
}

/* What we read ourselves is kept in memory. */
static struct str *
kept_of(struct unpacking *u, const char *name)
{
	if (strcmp(name, "manifest.json") == 0)
		return &u->manifest;
	return strcmp(name, "SHA256SUMS") == 0 ? &u->last : NULL;
}

static bool
write_member(struct unpacking *u, int fd, const char *path,
    struct digest *digest, struct str *kept, struct err *e)
{
	size_t got = 1;

	while (got > 0) {
		struct span piece;

		if (u->trial->stop != NULL && atomic_load(u->trial->stop))
			return err_set(e, ERR_REFUSED, "it was stopped");
		if (!tar_get(&u->tar, u->piece, PIECE, &got, e))
			return false;
		piece = (struct span){ u->piece, got };
		digest_add(digest, piece);
		if (kept != NULL)
			str_add(kept, piece.p, piece.n);
		if (!file_write_all(fd, piece))
			return backup_fault(e, "write", path);
	}
	return kept == NULL || !kept->over || err_set(e, ERR_CORRUPT,
	    "the archive is broken: a list is too long");
}

static bool
unpack_one(struct unpacking *u, const struct tar_file *f, struct err *e)
{
	const char *path = arena_printf(u->arena, "%s/%s", u->folder,
	    f->name);
	struct digest *digest;
	unsigned char sum[SHA256_SIZE];
	char hex[SHA256_HEX];
	int fd;
	bool ok;

	if (!make_way(u, f->name, e))
		return false;
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW |
	    O_CLOEXEC, 0600);
	if (fd < 0)
		return backup_fault(e, "create", path);
	digest = digest_new();
	ok = write_member(u, fd, path, digest, kept_of(u, f->name), e) &&
	    (fsync(fd) == 0 || backup_fault(e, "write", path));
	if (close(fd) != 0 && ok)
		ok = backup_fault(e, "write", path);
	digest_end(&digest, sum);
	digest_hex(sum, sizeof sum, hex);
	if (strcmp(f->name, "SHA256SUMS") != 0)
		str_addf(&u->sums, "%s  %s\n", hex, f->name);
	return ok;
}

/* The list is the last one, of all before it, in their order. */
static bool
unpack_all(struct unpacking *u, struct err *e)
{
	struct tar_file f;
	bool end = false, listed = false;

	for (;;) {
		if (!tar_next(&u->tar, &f, &end, e))
			return false;
		if (end)
			break;
		if (listed)
			return err_set(e, ERR_CORRUPT, "the archive is "
			    "broken: files behind its list");
		listed = strcmp(f.name, "SHA256SUMS") == 0;
		u->found->files++;
		if (!unpack_one(u, &f, e))
			return false;
	}
	if (!listed || u->sums.over ||
	    !span_equal(str_span(&u->sums), str_span(&u->last)))
		return err_set(e, ERR_CORRUPT, "the archive is broken: what "
		    "is in it is not what SHA256SUMS says");
	return true;
}

/* ---- what it says of itself ------------------------------------------- */

static int64_t
count_of(const cJSON *root, const char *name)
{
	const char *text = json_text(root, name);

	return text != NULL ? strtoll(text, NULL, 10) : -1;
}

static void
copy_of(const cJSON *root, const char *name, char *out, size_t room)
{
	const char *text = json_text(root, name);

	snprintf(out, room, "%s", text != NULL ? text : "");
}

static bool
read_manifest(struct unpacking *u, struct backup_point *says, struct err *e)
{
	struct backup_found *found = u->found;
	cJSON *root = json_strict(str_span(&u->manifest), e);
	const char *form = root != NULL ? json_text(root, "format") : NULL;
	bool ok = form != NULL && strcmp(form, "bahi-backup-1") == 0;

	if (ok) {
		copy_of(root, "id", found->id, sizeof found->id);
		copy_of(root, "made_at", found->made, sizeof found->made);
		copy_of(root, "version", found->version,
		    sizeof found->version);
		copy_of(root, "audit_hash", says->hash, sizeof says->hash);
		says->seq = count_of(root, "log");
		says->event = count_of(root, "event");
		says->events = count_of(root, "events");
		says->audit = count_of(root, "audit_rows");
		found->secrets = cJSON_IsTrue(json_at(root, "secrets"));
	}
	cJSON_Delete(root);
	return ok || err_set(e, ERR_CORRUPT, "the archive is broken: "
	    "its manifest");
}

/* ---- the books in it -------------------------------------------------- */

struct difference_seen {
	char what[200];
};

static void
note_difference(void *arg, const char *code, const char *name,
    const char *detail)
{
	struct difference_seen *seen = arg;

	(void)detail;
	if (seen->what[0] == '\0')
		snprintf(seen->what, sizeof seen->what, "%s of %s", code,
		    name);
}

/* Does the ledger say what its events say? */
static bool
walk(struct db *db, const struct backup_trial *trial, struct err *e)
{
	struct difference_seen seen = { "" };
	struct verify *v = verify_new(db, note_difference, &seen);
	bool done = false, ok = true;

	while (ok && !done) {
		ok = (trial->stop == NULL || !atomic_load(trial->stop) ||
		    err_set(e, ERR_REFUSED, "it was stopped")) &&
		    verify_step(v, ROWS, &done, e);
	}
	verify_free(&v);
	return ok && (seen.what[0] == '\0' || err_set(e, ERR_CORRUPT,
	    "the books do not add up: %s", seen.what));
}

static bool
same_point(const struct backup_point *a, const struct backup_point *b)
{
	return a->seq == b->seq && a->event == b->event &&
	    a->events == b->events && a->audit == b->audit &&
	    strcmp(a->hash, b->hash) == 0;
}

static bool
check_schema(struct db *db, struct err *e)
{
	int schema, ours;

	return db_schema(db, &schema, &ours, e) && (schema <= ours ||
	    err_set(e, ERR_SCHEMA, "schema %d, this release knows %d",
	    schema, ours));
}

/* On a machine that has no settings yet: the store in it is sealed with the
 * key that opened the archive, or was named for it. */
static bool
use_key(const struct backup_trial *trial, const char *path, struct err *e)
{
	struct sealkey *key = NULL;

	if (sealed_key() != NULL || trial->key[0] == '\0' ||
	    sealed_look(path) != SEALED_YES)
		return true;
	if (!sealkey_read(&key, trial->key, false, e))
		return false;
	sealed_use(key);
	return true;
}

static bool
check_books(struct unpacking *u, const char *path,
    const struct backup_point *says, struct err *e)
{
	struct backup_found *found = u->found;
	struct db *db = NULL;
	struct audit_range range = { .store = path };
	struct audit_report report;
	bool ok = use_key(u->trial, path, e) &&
	    db_open(&db, path, DB_READ, e) && db_check(db, e) &&
	    check_schema(db, e) && backup_point(db, &found->point, e) &&
	    (same_point(&found->point, says) || err_set(e, ERR_CORRUPT,
	    "the database is not of the moment that its manifest says")) &&
	    audit_verify(&range, &report, e) &&
	    backup_balanced(db, &found->journals, e) &&
	    walk(db, u->trial, e);

	db_close(&db);
	/* What reading it left beside it. */
	unlink(arena_printf(u->arena, "%s-wal", path));
	unlink(arena_printf(u->arena, "%s-shm", path));
	return ok;
}

/* ---- from where it is ------------------------------------------------- */

/* What is on a server comes here first. */
static bool
fetch(struct unpacking *u, const char **path, struct err *e)
{
	const struct backup_trial *trial = u->trial;
	const char *slash = strrchr(trial->from, '/');
	struct sftp sftp;

	*path = trial->from;
	if (!sftp_is(trial->from))
		return true;
	backup_sftp(trial->options, arena_strndup(u->arena, trial->from,
	    (size_t)(slash - trial->from)), trial->stop, &sftp);
	*path = arena_printf(u->arena, "%s/.fetched", u->folder);
	return sftp_get(&sftp, slash + 1, *path, e);
}

/* Unsealing pushes and unpacking pulls: each has a thread, a pipe between. */
struct unsealing {
	struct sealkey *key;
	pthread_t thread;
	int from, to;
	struct err why;
};

static void *
unseal(void *arg)
{
	struct unsealing *un = arg;

	if (!seal_open_file(un->key, un->from, un->to, &un->why))
		log_line(LOG_DEBUG, "restore.unsealed", "why=\"%s\"",
		    un->why.why);
	close(un->to);
	return NULL;
}

static bool
unpack_sealed(struct unpacking *u, struct unsealing *un, struct err *e)
{
	int ends[2];
	struct err why = { 0 };
	bool ok;

	if (pipe2(ends, O_CLOEXEC) != 0)
		return backup_fault(e, "make", "a pipe");
	un->from = u->fd;
	un->to = ends[1];
	if (pthread_create(&un->thread, NULL, unseal, un) != 0) {
		close(ends[0]);
		close(ends[1]);
		return err_set(e, ERR_SYSTEM, "cannot start a thread");
	}
	u->fd = ends[0];
	ok = unpack_all(u, &why);
	close(ends[0]);
	pthread_join(un->thread, NULL);
	u->fd = un->from;
	/* What came out may end too soon only since it could not go on; and
	 * writing to nobody who reads is no cause. */
	if (un->why.code != ERR_NONE && (ok || why.code == ERR_CORRUPT))
		return err_set(e, un->why.code, "%s", un->why.why);
	return ok || err_set(e, why.code, "%s", why.why);
}

static bool
is_sealed(int fd)
{
	char head[16];

	return pread(fd, head, sizeof head, 0) == sizeof head &&
	    seal_is((struct span){ head, sizeof head });
}

static bool
unpack(struct unpacking *u, const char *path, struct err *e)
{
	const char *key = u->trial->key;
	struct unsealing un = { .key = NULL };
	bool ok;

	u->fd = open(path, O_RDONLY | O_CLOEXEC);
	if (u->fd < 0)
		return backup_fault(e, "open", path);
	u->tar.from = (struct draw){ draw_file, u };
	if (!is_sealed(u->fd))
		ok = unpack_all(u, e);
	else if (key[0] == '\0')
		ok = err_set(e, ERR_CONFIG, "%.200s is sealed: name its key,"
		    " --sealed KEY or backup_seal", path);
	else
		ok = sealkey_read(&un.key, key, false, e) &&
		    unpack_sealed(u, &un, e);
	sealkey_free(&un.key);
	close(u->fd);
	return ok;
}

static bool
try_it(struct unpacking *u, struct err *e)
{
	struct backup_point says = { .seq = -1 };
	const char *path;
	bool ok;

	if (!fetch(u, &path, e))
		return false;
	ok = unpack(u, path, e);
	if (path != u->trial->from)
		unlink(path);
	return ok && read_manifest(u, &says, e) && check_books(u,
	    arena_printf(u->arena, "%s/store/bahi.db", u->folder), &says, e);
}

static bool
begin(struct unpacking *u, const char *folder, struct err *e)
{
	*u->found = (struct backup_found){ .bytes = 0 };
	u->folder = folder;
	u->piece = malloc(PIECE);
	if (u->piece == NULL)
		bug("out of memory");
	str_init(&u->sums, LIST_MAX);
	str_init(&u->manifest, KEPT_MAX);
	str_init(&u->last, LIST_MAX);
	return try_it(u, e);
}

static void
end(struct unpacking *u, int64_t start)
{
	u->found->took = clock_mono() - start;
	str_free(&u->sums);
	str_free(&u->manifest);
	str_free(&u->last);
	free(u->piece);
}

bool
backup_verify(const struct backup_trial *trial, struct arena *arena,
    struct backup_found *found, struct err *e)
{
	struct unpacking u = { .trial = trial, .arena = arena,
	    .found = found };
	char *folder = arena_printf(arena, "%s/.bahi-drill-XXXXXX",
	    trial->folder);
	int64_t start = clock_mono();
	bool ok;

	if (mkdtemp(folder) == NULL)
		return backup_fault(e, "make a folder in", trial->folder);
	ok = begin(&u, folder, e);
	backup_clear(folder);
	end(&u, start);
	return ok;
}

/* ---- for good --------------------------------------------------------- */

/* Settings that name a place beside the database, and where that is now. */
static const char *const places[][2] = {
	{ "store", "bahi.db" }, { "socket", "bahid.sock" }, { "url", "url" },
	{ "secrets", "secrets" }, { "polls", "polls" }, { "targets", "targets" },
	{ "inbox", "inbox" },
	{ "totp", "totp" }, { "exports", "exports" }, { "rules", "rules" },
	{ "schemes", "schemes" },
};

#define PLACES (sizeof places / sizeof *places)

static bool
has(struct unpacking *u, const char *name)
{
	return access(arena_printf(u->arena, "%s/%s", u->folder, name),
	    F_OK) == 0;
}

/* What comes with the programs is where they are. */
static bool
stays(struct unpacking *u, const char *setting)
{
	return (strcmp(setting, "rules") == 0 ||
	    strcmp(setting, "schemes") == 0) && !has(u, setting);
}

static const char *
place_named(struct unpacking *u, const char *line)
{
	size_t n = strspn(line, " \t"), m = strcspn(line + n, " \t=");

	for (size_t i = 0; i < PLACES; i++)
		if (strlen(places[i][0]) == m && strncmp(places[i][0],
		    line + n, m) == 0 && !stays(u, places[i][0]))
			return places[i][1];
	return NULL;
}

static void
rewrite(struct unpacking *u, char *text, struct str *out)
{
	for (char *line = text, *next; line != NULL; line = next) {
		const char *place = place_named(u, line);
		const char *equals;

		next = strchr(line, '\n');
		if (next != NULL)
			*next++ = '\0';
		equals = strchr(line, '=');
		/* One that is empty is meant so. */
		if (place != NULL && equals != NULL &&
		    equals[1 + strspn(equals + 1, " \t\r")] != '\0')
			str_addf(out, "%.*s= %s", (int)(equals - line), line,
			    place);
		else
			str_adds(out, line);
		if (next != NULL)
			str_addc(out, '\n');
	}
}

static bool
rename_in(struct unpacking *u, const char *from, const char *to,
    struct err *e)
{
	const char *a = arena_printf(u->arena, "%s/%s", u->folder, from);
	const char *b = arena_printf(u->arena, "%s/%s", u->folder, to);

	return rename(a, b) == 0 || backup_fault(e, "rename to", b);
}

/* Last of all, so that nobody starts a daemon on half of it. */
static bool
settle_config(struct unpacking *u, struct err *e)
{
	const char *path = arena_printf(u->arena, "%s/bahid.conf",
	    u->folder);
	struct span text;
	struct str out;
	bool ok;

	if (!has(u, "bahid.conf.original"))
		return true;
	str_init(&out, 2 * CONFIG_MAX);
	ok = file_read(arena_printf(u->arena, "%s/bahid.conf.original",
	    u->folder), CONFIG_MAX, u->arena, &text, e);
	if (ok) {
		rewrite(u, arena_strndup(u->arena, text.p, text.n), &out);
		ok = file_write(path, str_span(&out), 0600, e);
	}
	str_free(&out);
	return ok;
}

/* Everything that lies in the archive's folder `store`. */
static bool
move_store(struct unpacking *u, struct err *e)
{
	const char *path = arena_printf(u->arena, "%s/store", u->folder);
	DIR *dir = opendir(path);
	const struct dirent *entry;
	bool ok = dir != NULL || backup_fault(e, "open", path);

	while (ok && (entry = readdir(dir)) != NULL)
		if (entry->d_name[0] != '.')
			ok = rename_in(u, arena_printf(u->arena, "store/%s",
			    entry->d_name), entry->d_name, e);
	if (dir != NULL)
		closedir(dir);
	return ok && (rmdir(path) == 0 || backup_fault(e, "remove", path));
}

static bool
arrange(struct unpacking *u, struct err *e)
{
	static const char *const folders[] = { "secrets", "inbox" };

	if (has(u, "bahid.conf") && !rename_in(u, "bahid.conf",
	    "bahid.conf.original", e))
		return false;
	for (size_t i = 0; i < 2; i++)
		if (!file_mkdir(arena_printf(u->arena, "%s/%s", u->folder,
		    folders[i]), 0700, e))
			return false;
	/* Of how it lay in the archive. */
	unlink(arena_printf(u->arena, "%s/SHA256SUMS", u->folder));
	unlink(arena_printf(u->arena, "%s/README.txt", u->folder));
	return move_store(u, e) && settle_config(u, e);
}

/* A place of its own: what is there already is somebody's. */
static bool
empty_folder(const char *path, bool *made, struct err *e)
{
	const struct dirent *entry;
	DIR *dir;
	bool empty = true;

	*made = mkdir(path, 0700) == 0;
	if (*made)
		return true;
	dir = opendir(path);
	if (dir == NULL)
		return backup_fault(e, "open", path);
	while ((entry = readdir(dir)) != NULL)
		empty = empty && (strcmp(entry->d_name, ".") == 0 ||
		    strcmp(entry->d_name, "..") == 0);
	closedir(dir);
	return empty || err_set(e, ERR_REFUSED, "%.300s is not empty", path);
}

bool
backup_restore(const struct backup_trial *trial, struct arena *arena,
    struct backup_found *found, struct err *e)
{
	struct unpacking u = { .trial = trial, .arena = arena,
	    .found = found };
	int64_t start = clock_mono();
	bool made, ok;

	if (!empty_folder(trial->folder, &made, e))
		return false;
	ok = begin(&u, trial->folder, e) && arrange(&u, e);
	if (!ok) {
		backup_clear(trial->folder);
		if (!made && mkdir(trial->folder, 0700) != 0)
			log_line(LOG_WARN, "restore.left", "why=\"%s\"",
			    strerror(errno));
	}
	end(&u, start);
	return ok;
}

/* ---- notes ------------------------------------------------------------ */

static const char *
notes_of(const char *store, struct arena *arena)
{
	return arena_printf(arena, "%s-backups", store);
}

static void
write_note(const struct backup_row *row, struct str *out)
{
	struct json j;

	json_start(&j, out);
	json_open(&j, '{');
	json_kstr(&j, "id", row->id);
	json_kstr(&j, "kind", row->kind);
	json_kint(&j, "at", row->at);
	json_kint(&j, "took", row->took);
	json_kint(&j, "bytes", row->bytes);
	json_kint(&j, "point", row->point);
	json_kint(&j, "pointed", row->pointed);
	json_kstr(&j, "place", row->place);
	json_kstr(&j, "why", row->why);
	json_kstr(&j, "actor", row->actor);
	json_key(&j, "good");
	json_bool(&j, row->good);
	json_close(&j, '}');
	str_addc(out, '\n');
}

void
backup_note(const char *store, const struct backup_row *row)
{
	struct arena *arena = arena_new();
	struct str line;
	int fd = open(notes_of(store, arena), O_WRONLY | O_CREAT | O_APPEND |
	    O_CLOEXEC | O_NOFOLLOW, 0600);

	str_init(&line, 65536);
	write_note(row, &line);
	/* One write: lines of two do not mix. */
	if (fd < 0 || write(fd, line.p, line.n) != (ssize_t)line.n ||
	    fsync(fd) != 0)
		log_line(LOG_ERROR, "backup.unsaid", "why=\"%s\"",
		    strerror(errno));
	if (fd >= 0)
		close(fd);
	str_free(&line);
	arena_free(&arena);
}

bool
backup_noted(const char *store)
{
	struct arena *arena = arena_new();
	bool any = access(notes_of(store, arena), F_OK) == 0;

	arena_free(&arena);
	return any;
}

static const char *
text_of(const cJSON *root, const char *name)
{
	const char *text = json_text(root, name);

	return text != NULL ? text : "";
}

static bool
take_note(struct books *books, struct span line, struct err *e)
{
	struct err broken = { 0 };
	cJSON *root = json_strict(line, &broken);
	struct backup_row row;
	bool added, ok;

	/* Half a line of a full disk: what it said is lost. */
	if (root == NULL || json_text(root, "id") == NULL) {
		cJSON_Delete(root);
		log_line(LOG_WARN, "backup.note_broken", "why=\"%s\"",
		    broken.why);
		return true;
	}
	row = (struct backup_row){ .id = text_of(root, "id"),
	    .kind = strcmp(text_of(root, "kind"), "drill") == 0 ? "drill" :
	    "backup", .at = count_of(root, "at"),
	    .took = count_of(root, "took"), .bytes = count_of(root, "bytes"),
	    .point = count_of(root, "point"),
	    .pointed = count_of(root, "pointed"),
	    .place = text_of(root, "place"), .why = text_of(root, "why"),
	    .actor = text_of(root, "actor"),
	    .good = cJSON_IsTrue(json_at(root, "good")) };
	ok = backup_add(books, &row, &added, e);
	cJSON_Delete(root);
	return ok;
}

bool
backup_take_notes(struct books *books, const char *store, int64_t *length,
    struct err *e)
{
	struct arena *arena = arena_new();
	const char *path = notes_of(store, arena);
	struct span text = { "", 0 };
	bool ok = true;

	*length = 0;
	if (access(path, F_OK) == 0)
		ok = file_read(path, NOTES_MAX, arena, &text, e);
	while (ok && text.n > 0) {
		const char *end = memchr(text.p, '\n', text.n);
		size_t n = end != NULL ? (size_t)(end - text.p) : text.n;

		ok = take_note(books, (struct span){ text.p, n }, e);
		*length += (int64_t)(n + (end != NULL));
		text.p += n + (end != NULL);
		text.n -= n + (end != NULL);
	}
	arena_free(&arena);
	return ok;
}

/* Unless somebody has written more meanwhile: known ones are not added
 * again, so the next look takes all once more. */
void
backup_forget_notes(const char *store, int64_t length)
{
	struct arena *arena = arena_new();
	const char *path = notes_of(store, arena);
	struct stat st;

	if (stat(path, &st) == 0 && st.st_size == length)
		unlink(path);
	arena_free(&arena);
}
