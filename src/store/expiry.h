#ifndef BAHI_STORE_EXPIRY_H
#define BAHI_STORE_EXPIRY_H
/* What is over its time (book/retention.h), and what will be when. */
#include "book/retention.h"
#include "core/json.h"
#include "store/books.h"

/* The moment before which what is of that kind is over its time. */
int64_t expiry_before(const struct retention *, enum retained, int64_t now);

/* Persons whose last event came before that, the next after `after`. */
MUST_CHECK bool expiry_people(struct db *, int64_t before, int64_t after,
	int64_t *subjects, size_t most, size_t *n, struct err *);
/* Files of the inbox that ended before that; of each where it lies. */
struct expired_file {
	int64_t id;
	const char *source, *place;
};
MUST_CHECK bool expiry_files(struct db *, int64_t before, struct arena *,
	struct expired_file *, size_t most, size_t *n, struct err *);
/* On the writer, in its transaction. */
MUST_CHECK bool expiry_file_gone(struct books *, int64_t id, struct err *);
MUST_CHECK bool expiry_alerts(struct books *, int64_t before, int64_t *n,
	struct err *);

/* "rules": what goes when. */
MUST_CHECK bool expiry_show(struct db *, const struct retention *,
	int64_t now, struct json *, struct err *);

#endif
