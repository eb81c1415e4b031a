#ifndef BAHI_STORE_SUBJECT_H
#define BAHI_STORE_SUBJECT_H
/*
 * The people that events speak of. What is personal in a payload is cut out
 * before the event is judged and kept: sealed for each person under a key of
 * its own (vault.h). The event's digest stays that of all bytes as they came;
 * what is left has a digest, too, and the audit names both. So nothing can be
 * put in another's place, and when a key is destroyed the books and their
 * proofs do not change.
 */
#include "book/personal.h"
#include "store/books.h"
#include "store/vault.h"

/* On any thread: cuts and seals. The event's body is what is left then, its
 * digest what it was; *cut false: there was nothing to cut. */
MUST_CHECK bool subject_seal(struct vault *, const struct personal *,
	struct event *, const struct json_tape *, struct arena *, bool *cut,
	struct err *);
/* Of event_add: writes what was sealed. */
MUST_CHECK bool subject_keep(struct books *, const struct event *,
	struct err *);
/* What is sealed of it, as event_add takes it (rebuild). */
MUST_CHECK bool subject_load(struct db *, struct event *, struct arena *,
	struct err *);

enum event_bytes {
	EVENT_WHOLE,	/* as they came */
	EVENT_ERASED,	/* somebody's part is destroyed, and that was decided */
	EVENT_APART,	/* there is no vault beside this copy of the store */
	EVENT_LOST,	/* a key is not there, and nobody decided that */
};

/* The bytes as they came, as far as they can still be read. What does not
 * fit together is ERR_CORRUPT. */
MUST_CHECK bool subject_bytes(struct db *, const struct event *,
	struct arena *, struct span *out, enum event_bytes *, struct err *);

/* One cut member, for its person to see. */
struct subject_member {
	const char *path, *value;
};

/* What an event holds of that person. *n 0: nothing, or it is destroyed. */
MUST_CHECK bool subject_members(struct db *, const struct personal *,
	const struct event *, int64_t subject, struct arena *,
	struct subject_member **, size_t *n, struct err *);

#endif
