/* The one use of leases. */
#include "flow/whole.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <time.h>

enum writer { WRITER_NONE, WRITER_SOME, WRITER_UNKNOWN };

/* The lease is given back at once: nobody is made to wait for us. */
static enum writer
find_writer(int fd)
{
	if (fcntl(fd, F_SETLEASE, F_RDLCK) == 0) {
		fcntl(fd, F_SETLEASE, F_UNLCK);
		return WRITER_NONE;
	}
	return errno == EAGAIN ? WRITER_SOME : WRITER_UNKNOWN;
}

/* ctime: any write, rename or change of mode moves it, and nobody can set it.
 * After the clock was set back, a time to come is as old as one gone by. */
static bool
unchanged(const struct stat *st, int seconds)
{
	struct timespec now;
	int64_t gone;

	clock_gettime(CLOCK_REALTIME, &now);
	gone = ((int64_t)now.tv_sec - st->st_ctim.tv_sec) * 1000 +
	    (now.tv_nsec - st->st_ctim.tv_nsec) / 1000000;
	return (gone < 0 ? -gone : gone) >= (int64_t)seconds * 1000;
}

bool
is_written(int fd)
{
	return find_writer(fd) == WRITER_SOME;
}

bool
is_whole(int fd, const struct stat *st, int quiet)
{
	switch (find_writer(fd)) {
	case WRITER_NONE:
		return unchanged(st, WHOLE_SETTLE);
	case WRITER_SOME:
		return false;
	case WRITER_UNKNOWN:
		return unchanged(st, quiet);
	}
	return false;
}
