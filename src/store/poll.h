#ifndef BAHI_STORE_POLL_H
#define BAHI_STORE_POLL_H
/*
 * Where each poll stands: its cursor, moved only when all before it is kept,
 * and how it went. Not of the books: a rebuild leaves it alone.
 */
#include "core/arena.h"
#include "store/books.h"

struct poll_row {
	const char *name, *source;
	const char *cursor;	/* "": from the start */
	const char *state;	/* waiting good retrying stopped removed */
	const char *breaker;	/* closed open half-open */
	const char *config;	/* digest of its files */
	const char *meaning;	/* digest of what the cursor is one of */
	const char *why;	/* of the last failure; "": none */
	int64_t attempts;	/* that failed, in a row */
	int64_t failures, pages, items;		/* since ever */
	int64_t at, good, next_at;	/* last try, last success, next; 0 */
};

/* All texts "" and *found false when there is none. */
MUST_CHECK bool poll_load(struct db *, const char *name, struct arena *,
	struct poll_row *, bool *found, struct err *);
/* Within books_begin. */
MUST_CHECK bool poll_put(struct books *, const struct poll_row *,
	struct err *);
/* Those that are not removed, by name. */
MUST_CHECK bool poll_all(struct db *, void (*each)(void *,
	const struct poll_row *), void *arg, struct err *);

#endif
