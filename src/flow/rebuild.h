#ifndef BAHI_FLOW_REBUILD_H
#define BAHI_FLOW_REBUILD_H
/*
 * Same input, same books: replays the one sequence of events, decisions,
 * reference changes and rules into a fresh database and compares every
 * journal, and all that was derived on the way: states, documents, balances,
 * findings, counts.
 */
#include <stdint.h>
#include "core/digest.h"

struct rebuilt {
	int64_t events, journals;
	char digest[SHA256_HEX];	/* over all journals */
};

/* `fresh` must not exist; it is left there for a look. ERR_CORRUPT names the
 * first journal that differs. */
MUST_CHECK bool rebuild(const char *store, const char *fresh,
	struct rebuilt *, struct err *);

#endif
