/* Names come from the daemon and are judged; a link is never followed. */
#include "ui/save.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/digest.h"
#include "core/file.h"
#include "ui/restricted.h"

#define PIECE 65536

static bool
fail(struct err *e, const char *doing, const char *name)
{
	return err_set(e, ERR_SYSTEM, "%s %.200s: %s", doing, name,
	    strerror(errno));
}

/* ---- the folder -------------------------------------------------------- */

const char *
save_folder(struct arena *arena, const char *typed)
{
	const char *home = getenv("HOME");

	if (typed[0] != '~' || (typed[1] != '/' && typed[1] != '\0') ||
	    home == NULL)
		return arena_strdup(arena, typed);
	return arena_printf(arena, "%s%s", home, typed + 1);
}

static bool
open_folder(struct arena *arena, const char *path, int *fd, struct err *e)
{
	for (const char *p = path; *p != '\0'; p++)
		if (p[1] == '/' && *p != '/' && !file_mkdir(arena_strndup(
		    arena, path, (size_t)(p + 1 - path)), 0700, e))
			return false;
	if (!file_mkdir(path, 0700, e))
		return false;
	*fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return *fd >= 0 || fail(e, "open", path);
}

static bool
judge_name(const char *name, struct err *e)
{
	return (name[0] != '\0' && name[0] != '.' && strlen(name) < 200 &&
	    strchr(name, '/') == NULL) || err_set(e, ERR_JSON,
	    "a file called %.100s", name);
}

/* ---- what stands there --------------------------------------------------- */

enum standing { STANDS_NOT, STANDS_SAME, STANDS_OTHER };

static bool
digest_file(int fd, char hex[SHA256_HEX])
{
	unsigned char sum[SHA256_SIZE];
	struct digest *digest = digest_new();
	char piece[PIECE];
	ssize_t n;

	while ((n = read(fd, piece, sizeof piece)) != 0)
		if (n > 0)
			digest_add(digest, (struct span){ piece, (size_t)n });
		else if (errno != EINTR)
			break;
	digest_end(&digest, sum);
	digest_hex(sum, sizeof sum, hex);
	return n == 0;
}

static bool
look(int folder, const struct wire_gst_file *file, enum standing *out,
    struct err *e)
{
	int fd = openat(folder, file->name, O_RDONLY | O_CLOEXEC |
	    O_NOFOLLOW | O_NONBLOCK);
	char hex[SHA256_HEX];
	bool ok;

	*out = fd >= 0 || errno != ENOENT ? STANDS_OTHER : STANDS_NOT;
	if (fd < 0)
		return errno == ENOENT || errno == ELOOP ||
		    fail(e, "open", file->name);
	ok = digest_file(fd, hex) || fail(e, "read", file->name);
	if (ok && strcmp(hex, file->sha256) == 0)
		*out = STANDS_SAME;
	close(fd);
	return ok;
}

/* ---- fetching ---------------------------------------------------------- */

struct taking {
	int fd;
	struct digest *digest;
	int error;
};

static bool
take(void *ctx, struct span piece)
{
	struct taking *to = ctx;

	digest_add(to->digest, piece);
	while (piece.n > 0) {
		ssize_t n = write(to->fd, piece.p, piece.n);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			to->error = errno;
			return false;
		}
		piece.p += n;
		piece.n -= (size_t)n;
	}
	return true;
}

static const char *
beside(struct arena *arena, const struct wire_gst_file *file)
{
	return arena_printf(arena, "%s.new", file->name);
}

static bool
fetch(struct wire *wire, const char *id, int folder,
    const struct wire_gst_file *file, struct arena *arena, struct err *e)
{
	struct taking to = { .digest = digest_new() };
	const struct http_sink sink = { take, &to };
	const char *name = beside(arena, file);
	unsigned char sum[SHA256_SIZE];
	char hex[SHA256_HEX];
	bool ok;

	unlinkat(folder, name, 0);
	to.fd = openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC |
	    O_NOFOLLOW, 0600);
	ok = to.fd >= 0 || fail(e, "create", name);
	ok = ok && wire_gst_export_file(wire, id, file->name, &sink, arena,
	    e);
	if (!ok && to.error != 0) {
		errno = to.error;
		fail(e, "write", name);
	}
	ok = ok && (fsync(to.fd) == 0 || fail(e, "write", name));
	digest_end(&to.digest, sum);
	digest_hex(sum, sizeof sum, hex);
	if (to.fd >= 0 && close(to.fd) != 0 && ok)
		ok = fail(e, "write", name);
	return ok && (strcmp(hex, file->sha256) == 0 || err_set(e,
	    ERR_CORRUPT, "%.200s is not what its receipt says", file->name));
}

static bool
publish(int folder, const struct wire_gst_file *file, bool force,
    struct arena *arena, struct err *e)
{
	const char *name = beside(arena, file);

	if (force)
		return renameat(folder, name, folder, file->name) == 0 ||
		    fail(e, "write", file->name);
	/* Not over what came there meanwhile. */
	if (linkat(folder, name, folder, file->name, 0) != 0)
		return fail(e, "write", file->name);
	unlinkat(folder, name, 0);
	return true;
}

/* ---- all of it ----------------------------------------------------------- */

static bool
look_all(int folder, const struct wire_gst_export *x, bool force,
    enum standing *at, struct err *e)
{
	for (size_t i = 0; i < x->n_files; i++) {
		if (!judge_name(x->files[i].name, e) ||
		    !look(folder, &x->files[i], &at[i], e))
			return false;
		if (at[i] == STANDS_OTHER && !force)
			return err_set(e, ERR_REFUSED, "%.200s stands there "
			    "and says something else: name another folder, "
			    "or --force", x->files[i].name);
	}
	return true;
}

static bool
write_all(struct wire *wire, int folder, const struct wire_gst_export *x,
    struct save *save, const enum standing *at, struct arena *arena,
    struct err *e)
{
	bool ok = true;

	for (size_t i = 0; ok && i < x->n_files; i++)
		ok = at[i] == STANDS_SAME || fetch(wire, x->id, folder,
		    &x->files[i], arena, e);
	for (size_t i = 0; ok && i < x->n_files; i++) {
		ok = at[i] == STANDS_SAME || publish(folder, &x->files[i],
		    save->force, arena, e);
		save->same += ok && at[i] == STANDS_SAME;
		save->written += ok && at[i] != STANDS_SAME;
	}
	for (size_t i = 0; !ok && i < x->n_files; i++)
		unlinkat(folder, beside(arena, &x->files[i]), 0);
	return ok && (fsync(folder) == 0 || fail(e, "write", save->folder));
}

bool
save_export(struct wire *wire, const struct wire_gst_export *x,
    struct save *save, struct arena *arena, struct err *e)
{
	enum standing *at = arena_alloc(arena, (x->n_files + 1) *
	    sizeof *at);
	int folder;
	bool ok;

	save->written = save->same = 0;
	if (!restricted_path(arena, save->folder, &save->folder, e) ||
	    !open_folder(arena, save->folder, &folder, e))
		return false;
	ok = look_all(folder, x, save->force, at, e) && write_all(wire,
	    folder, x, save, at, arena, e);
	close(folder);
	return ok;
}
