#ifndef BAHI_CORE_RX_H
#define BAHI_CORE_RX_H
/* PCRE2 with match, depth and length limits. A compiled rx may be shared;
 * matching allocates its own match data per thread. */
#include "core/err.h"
#include "core/span.h"

struct rx;

MUST_CHECK bool rx_new(struct rx **, struct span pattern, bool caseless,
	struct err *);
void rx_free(struct rx **);
/* False also when a limit is hit. */
bool rx_match(const struct rx *, struct span text);

#endif
