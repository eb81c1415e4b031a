/* The file that keeps room; see reserve.h.  Called by the pump. */
#include "flow/reserve.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "core/log.h"

#define KEPT ((int64_t)8 << 20)		/* bytes that are kept back */
#define SPARE ((int64_t)4 << 20)	/* and free besides, to go on */
#define LEAST ((int64_t)1 << 20)	/* free: less is full */

struct reserve {
	char *path;
	bool made;
};

struct reserve *
reserve_new(const char *store)
{
	struct reserve *r = calloc(1, sizeof *r);

	if (r == NULL || asprintf(&r->path, "%s-reserve", store) < 0)
		bug("out of memory");
	return r;
}

void
reserve_close(struct reserve **rp)
{
	struct reserve *r = *rp;

	if (r == NULL)
		return;
	*rp = NULL;
	free(r->path);
	free(r);
}

static int64_t
free_bytes(const struct reserve *r)
{
	char folder[4096];
	const char *slash = strrchr(r->path, '/');
	int n = slash != NULL ? (int)(slash - r->path) + 1 : 0;
	struct statvfs fs;

	snprintf(folder, sizeof folder, "%.*s.", n, r->path);
	if (statvfs(folder, &fs) != 0)
		return INT64_MAX;
	return (int64_t)fs.f_bavail * (int64_t)fs.f_frsize;
}

/* Real blocks, not a hole. */
static bool
allocate(const struct reserve *r)
{
	int fd = open(r->path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW,
	    0600);
	bool ok = fd >= 0 && posix_fallocate(fd, 0, KEPT) == 0;

	if (fd >= 0)
		close(fd);
	if (!ok)
		unlink(r->path);
	return ok;
}

bool
reserve_make(struct reserve *r)
{
	struct stat st;
	bool there = stat(r->path, &st) == 0 && st.st_size >= KEPT &&
	    (int64_t)st.st_blocks * 512 >= KEPT;

	if (!there && free_bytes(r) < KEPT + SPARE)
		return false;
	r->made = (there && free_bytes(r) >= LEAST) || allocate(r);
	return r->made;
}

void
reserve_free(struct reserve *r)
{
	r->made = false;
	if (unlink(r->path) != 0 && errno != ENOENT)
		log_line(LOG_WARN, "disk.reserve", "why=\"%s\"",
		    strerror(errno));
}

bool
reserve_needed(const struct reserve *r)
{
	return free_bytes(r) < LEAST;
}

void
reserve_say(struct books *books, bool full)
{
	struct err e = { 0 };

	log_line(full ? LOG_ERROR : LOG_INFO, full ? "disk.full" :
	    "disk.room", "intake=%s", full ? "closed" : "open");
	if (!books_begin(books, &e))
		return;
	if (audit_add(books, "bahid", full ? "disk.full" : "disk.room",
	    "store", full ? "open" : "full", full ? "full" : "open", &e) &&
	    books_commit(books, &e))
		return;
	books_rollback(books);
	log_line(LOG_ERROR, "disk.unsaid", "why=\"%s\"", e.why);
}
