#ifndef BAHI_STORE_BANK_INSIDE_H
#define BAHI_STORE_BANK_INSIDE_H
/* Inside of store/: what the files of banks share. */
#include "store/bank.h"

/* It is paired anew, and the feed says so: once a commit. */
void bank_touch(struct books *, const char *entity, const char *account);

/* A suggestion as it is kept. */
struct bank_proposal {
	int64_t line, n, off, days, alike;
	const char *rule, *sure, *by, *code, *lines, *items;
};

/* "[1,2]" and back. */
const char *bank_ids_write(struct arena *, const int64_t *, size_t n);
MUST_CHECK bool bank_ids_read(const char *, struct arena *, int64_t **out,
	size_t *n);

#endif
