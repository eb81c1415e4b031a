#ifndef BAHI_STORE_VERIFY_INSIDE_H
#define BAHI_STORE_VERIFY_INSIDE_H
/* Inside of the walk over the ledger: one file for journals and balances, one
 * for events and counts, one for all that hangs on these. */
#include "core/arena.h"
#include "core/map.h"
#include "store/books.h"
#include "store/verify.h"

struct verify {
	struct db *db;
	verify_differs *differs;
	void *arg;
	struct arena *arena;	/* of the pass */
	size_t stage;
	int64_t after, part;	/* where the stage is */
	const char *key[3];	/* the same, of documents and batches */
	struct map *sums;	/* of entries, as table balance has them */
	struct map *counts;	/* final events by source and state */
	struct map *differing;	/* "E12" */
	struct walked out;
};

struct held {
	const char *part[4];
	int64_t n[4];
	bool met;
};

/* NULL: there are too many. Of four texts, NUL between. */
struct held *verify_held(struct verify *, struct map *,
	const char *const part[4]);
void verify_say(struct verify *, const char *code, const char *name,
	const char *detail, ...) PRINTF_LIKE(4, 5);
/* An event whose effect is not as expected, whatever differs of it. */
void verify_blame(struct verify *, int64_t event);
void verify_id(char letter, int64_t id, char out[24]);	/* E12 */

/* One slice of a stage each; *end: it was the last. */
MUST_CHECK bool verify_journals(struct verify *, int rows, bool *end,
	struct err *);
MUST_CHECK bool verify_gst_sums(struct verify *, int rows, bool *end,
	struct err *);
MUST_CHECK bool verify_gst_documents(struct verify *, int rows, bool *end,
	struct err *);
MUST_CHECK bool verify_events(struct verify *, int rows, bool *end,
	struct err *);
MUST_CHECK bool verify_taken(struct verify *, int rows, bool *end,
	struct err *);
MUST_CHECK bool verify_commit_sums(struct verify *, int rows, bool *end,
	struct err *);

#endif
