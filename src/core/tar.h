#ifndef BAHI_CORE_TAR_H
#define BAHI_CORE_TAR_H
/*
 * Regular files in a row, as POSIX tar (ustar, a pax record where a name is
 * too long for it), so that any tar opens them. Streamed: nothing is held but
 * a block. Reading is strict: every byte that has no meaning must be zero.
 */
#include <stdint.h>
#include "core/arena.h"
#include "core/err.h"
#include "core/span.h"

#define TAR_BLOCK 512
#define TAR_NAME_MAX 1000

/* Where bytes go to, where they come from. A get that gives less than was
 * asked for is at its end. */
struct pour {
	bool (*put)(void *arg, struct span, struct err *);
	void *arg;
};

struct draw {
	bool (*get)(void *arg, void *p, size_t n, size_t *got, struct err *);
	void *arg;
};

struct tar_out {
	struct pour to;
	int64_t left;		/* of the file that is open */
	int64_t pad;
};

/* at: seconds since 1970. Then exactly `size` bytes, then tar_close. */
MUST_CHECK bool tar_open(struct tar_out *, const char *name, int64_t size,
	int64_t at, struct err *);
MUST_CHECK bool tar_put(struct tar_out *, struct span, struct err *);
MUST_CHECK bool tar_close(struct tar_out *, struct err *);
MUST_CHECK bool tar_end(struct tar_out *, struct err *);

struct tar_in {
	struct draw from;
	int64_t left, pad;
};

struct tar_file {
	char name[TAR_NAME_MAX + 1];	/* relative, without .. */
	int64_t size;
};

/* What is left of the file before is read over. *end: there are no more, and
 * nothing stands behind. ERR_CORRUPT: it is not as it was written. */
MUST_CHECK bool tar_next(struct tar_in *, struct tar_file *, bool *end,
	struct err *);
/* *got 0: the file is at its end. */
MUST_CHECK bool tar_get(struct tar_in *, void *p, size_t n, size_t *got,
	struct err *);

#endif
