/*
 * Secrets in files.  Judged by the open descriptor, so that what was judged is
 * what is read.
 */
#include "core/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/file.h"

/* Access lists by which a service manager lets one user in show as rights of
 * the group; its folder keeps the others out. */
#define CREDENTIAL_LOOSE 0037u
#define FOLDER_LOOSE 0027u
#define FILE_LOOSE 0077u

static bool
is_ours(const struct stat *st)
{
	return st->st_uid == 0 || st->st_uid == geteuid();
}

static bool
judge_folder(const char *folder, struct err *e)
{
	struct stat st;

	if (folder == NULL || folder[0] != '/')
		return err_set(e, ERR_CONFIG, "CREDENTIALS_DIRECTORY is not "
		    "set; a service gets credentials by LoadCredential=");
	if (stat(folder, &st) != 0)
		return err_set(e, ERR_SYSTEM, "%.200s: %s", folder,
		    strerror(errno));
	return (S_ISDIR(st.st_mode) && is_ours(&st) &&
	    (st.st_mode & FOLDER_LOOSE) == 0) || err_set(e, ERR_CONFIG,
	    "%.200s: not a folder of credentials: others can come in",
	    folder);
}

/* NAME, or NAME/FILE for a file of a folder. */
static bool
judge_name(const char *name, struct err *e)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./";
	size_t n = strlen(name);

	return (n > 0 && n <= 200 && strspn(name, allowed) == n &&
	    name[0] != '.' && name[0] != '/') || err_set(e, ERR_CONFIG,
	    "a credential has A-Z a-z 0-9 - _ . only: %.80s", name);
}

static bool
find_credential(const char *name, struct arena *arena, const char **path,
    struct err *e)
{
	const char *folder = getenv("CREDENTIALS_DIRECTORY");
	char *file;

	if (!judge_name(name, e) || !judge_folder(folder, e))
		return false;
	file = arena_strdup(arena, name);
	for (char *p = file; (p = strchr(p, '/')) != NULL;)
		*p = '_';
	*path = arena_printf(arena, "%s/%s", folder, file);
	return true;
}

static bool
judge_file(const char *path, const struct stat *st, unsigned loose,
    struct err *e)
{
	if (!S_ISREG(st->st_mode))
		return err_set(e, ERR_SYSTEM, "%.200s: not a regular file",
		    path);
	if (!is_ours(st))
		return err_set(e, ERR_CONFIG, "%.150s: belongs to another "
		    "user, who can change it; type: chown %u %.150s", path,
		    (unsigned)geteuid(), path);
	return (st->st_mode & loose) == 0 || err_set(e, ERR_CONFIG,
	    "%.150s: others can read or write it; type: chmod 600 %.150s",
	    path, path);
}

static bool
read_open(int fd, const char *path, unsigned loose, struct arena *arena,
    struct span *out, struct err *e)
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		return err_set(e, ERR_SYSTEM, "%.200s: %s", path,
		    strerror(errno));
	return judge_file(path, &st, loose, e) &&
	    file_read_open(fd, path, SECRET_MAX, arena, out, e);
}

bool
secret_read(const char *path, struct arena *arena, struct span *out,
    struct err *e)
{
	const size_t prefix = strlen(SECRET_CREDENTIAL);
	bool credential = strncmp(path, SECRET_CREDENTIAL, prefix) == 0, ok;
	int fd;

	if (credential && !find_credential(path + prefix, arena, &path, e))
		return false;
	/* Not to wait for a writer when the path is a pipe. */
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0)
		return err_set(e, ERR_SYSTEM, "open %.200s: %s", path,
		    errno == ELOOP ? "a secret is a file, no link" :
		    strerror(errno));
	ok = read_open(fd, path, credential ? CREDENTIAL_LOOSE : FILE_LOOSE,
	    arena, out, e);
	close(fd);
	while (ok && out->n > 0 && (out->p[out->n - 1] == '\n' ||
	    out->p[out->n - 1] == '\r'))
		((char *)out->p)[--out->n] = '\0';
	return ok && (out->n > 0 || err_set(e, ERR_CONFIG,
	    "%.200s: the secret is empty", path));
}
