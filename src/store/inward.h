#ifndef BAHI_STORE_INWARD_H
#define BAHI_STORE_INWARD_H
/*
 * Files of what suppliers filed, and their documents: what a newer file of
 * the same month no longer has is gone, what amends an original replaces it.
 */
#include "gst/inward.h"
#include "store/books.h"

struct inward_file {
	int64_t seq;		/* of the log: F12 is not it, D12 is */
	const char *digest, *name, *actor;
	int64_t bytes, at;
	const struct inward *inward;
	const char *gstin;	/* ours: the file's, else as it was said */
};

struct inward_counts {
	int64_t added, changed, same, back, gone, joined;	/* files */
};

/* *seq 0: these bytes have not come yet. */
MUST_CHECK bool inward_seen(struct db *, const char *digest, int64_t *seq,
	struct err *);
/* The generation in force of that month; "": none is here. */
MUST_CHECK bool inward_generated(struct db *, enum inward_form,
	const char *gstin, int64_t period, struct day *, struct err *);
MUST_CHECK bool inward_keep(struct books *, const char *digest, struct span,
	struct err *);
/* Into the arena; ERR_CORRUPT when they are not there. */
MUST_CHECK bool inward_bytes(struct db *, const char *digest, struct arena *,
	struct span *, struct err *);
MUST_CHECK bool inward_put(struct books *, const struct inward_file *,
	struct inward_counts *, struct err *);

#endif
