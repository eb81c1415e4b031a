#ifndef BAHI_STORE_ACCESS_H
#define BAHI_STORE_ACCESS_H
/* Who may send and ask: registered sources and bearer tokens (hashed). */
#include "core/arena.h"
#include "core/digest.h"
#include "store/db.h"

struct source_row {
	const char *name, *scheme;
};

/* Sources and tokens share one space of names: each is a sender, and keys are
 * kept by sender. ERR_USAGE when the other kind has it. */
MUST_CHECK bool source_put(struct db *, const char *name,
	const char *scheme, struct err *);
/* All, in an arena array. */
MUST_CHECK bool source_all(struct db *, struct arena *, struct source_row **,
	size_t *n, struct err *);
MUST_CHECK bool token_put(struct db *, const unsigned char digest[SHA256_SIZE],
	const char *name, const char *role, struct err *);
MUST_CHECK bool token_find(struct db *,
	const unsigned char digest[SHA256_SIZE], struct arena *,
	const char **name, const char **role, struct err *); /* NULL: none */

#endif
