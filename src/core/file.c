/* Whole small files with a limit, written atomically. */
#include "core/file.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool
fail(struct err *e, const char *doing, const char *path)
{
	return err_set(e, ERR_SYSTEM, "%s %s: %s", doing, path,
	    strerror(errno));
}

static bool
read_all(int fd, char *p, size_t n, size_t *got)
{
	*got = 0;
	while (*got < n) {
		ssize_t r = read(fd, p + *got, n - *got);

		if (r < 0 && errno == EINTR)
			continue;
		if (r < 0)
			return false;
		if (r == 0)
			break;
		*got += (size_t)r;
	}
	return true;
}

bool
file_read_open(int fd, const char *path, size_t max, struct arena *arena,
    struct span *out, struct err *e)
{
	struct stat st;
	char *p;
	size_t n;

	if (fstat(fd, &st) != 0)
		return fail(e, "stat", path);
	if (!S_ISREG(st.st_mode))
		return err_set(e, ERR_SYSTEM, "%s: not a regular file", path);
	if ((uintmax_t)st.st_size > max)
		return err_set(e, ERR_TOO_LARGE, "%s: larger than %zu bytes",
		    path, max);
	p = arena_alloc(arena, (size_t)st.st_size + 1);
	if (!read_all(fd, p, (size_t)st.st_size, &n))
		return fail(e, "read", path);
	p[n] = '\0';
	*out = (struct span){ p, n };
	return true;
}

bool
file_read(const char *path, size_t max, struct arena *arena,
    struct span *out, struct err *e)
{
	/* Not to wait for a writer when the path is a pipe. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	bool ok;

	if (fd < 0)
		return fail(e, "open", path);
	ok = file_read_open(fd, path, max, arena, out, e);
	close(fd);
	return ok;
}

bool
file_write_all(int fd, struct span text)
{
	while (text.n > 0) {
		ssize_t w = write(fd, text.p, text.n);

		if (w < 0 && errno == EINTR)
			continue;
		if (w < 0)
			return false;
		text.p += w;
		text.n -= (size_t)w;
	}
	return true;
}

bool
file_write_at(int folder, const char *name, struct span text, unsigned mode,
    struct err *e)
{
	char beside[NAME_MAX + 1];
	int fd, n;
	bool ok;

	n = snprintf(beside, sizeof beside, "%s.new", name);
	if (n < 0 || (size_t)n >= sizeof beside)
		return err_set(e, ERR_SYSTEM, "name too long: %.100s", name);
	/* What a crash left there goes; a link there is not followed. */
	unlinkat(folder, beside, 0);
	fd = openat(folder, beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
	    mode);
	if (fd < 0)
		return fail(e, "create", beside);
	ok = fchmod(fd, mode) == 0 && file_write_all(fd, text) &&
	    fsync(fd) == 0;
	/* The name is durable only when the folder is, too. */
	if (close(fd) != 0 || !ok ||
	    renameat(folder, beside, folder, name) != 0 ||
	    fsync(folder) != 0) {
		fail(e, "write", name);
		unlinkat(folder, beside, 0);
		return false;
	}
	return true;
}

bool
file_write(const char *path, struct span text, unsigned mode, struct err *e)
{
	char folder[PATH_MAX], name[PATH_MAX];
	int fd, n;
	bool ok;

	n = snprintf(folder, sizeof folder, "%s", path);
	if (n < 0 || (size_t)n >= sizeof folder)
		return err_set(e, ERR_SYSTEM, "path too long: %.100s", path);
	memcpy(name, folder, sizeof name);
	fd = open(dirname(folder), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return fail(e, "open the folder of", path);
	ok = file_write_at(fd, basename(name), text, mode, e);
	close(fd);
	return ok;
}

bool
file_mkdir(const char *path, unsigned mode, struct err *e)
{
	struct stat st;

	if (mkdir(path, mode) == 0)
		return true;
	if (errno == EEXIST && stat(path, &st) == 0 && S_ISDIR(st.st_mode))
		return true;
	return fail(e, "mkdir", path);
}
