#ifndef BAHI_CORE_FILE_H
#define BAHI_CORE_FILE_H
/* Whole small files. Every read has a limit; every write is atomic. */
#include "core/arena.h"
#include "core/str.h"

MUST_CHECK bool file_read(const char *path, size_t max, struct arena *,
	struct span *out, struct err *);
/* The same of an open file; the path is for refusals. */
MUST_CHECK bool file_read_open(int fd, const char *path, size_t max,
	struct arena *, struct span *out, struct err *);
/* Writes beside, fsyncs, renames. */
MUST_CHECK bool file_write(const char *path, struct span, unsigned mode,
	struct err *);
/* The same for a name in an open folder, wherever that has moved to. */
MUST_CHECK bool file_write_at(int folder, const char *name, struct span,
	unsigned mode, struct err *);
/* All of it, not synced. False: errno says why. */
MUST_CHECK bool file_write_all(int fd, struct span);
MUST_CHECK bool file_mkdir(const char *path, unsigned mode, struct err *);

#endif
