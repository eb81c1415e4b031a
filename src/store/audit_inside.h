#ifndef BAHI_STORE_AUDIT_INSIDE_H
#define BAHI_STORE_AUDIT_INSIDE_H
/* Inside of store/: what the chain's rows name (audit_named.c). */
#include <stdatomic.h>
#include "store/audit.h"

/* Which journals rows have named, one bit each; threads share it. */
struct audit_named {
	int64_t last;
	atomic_uchar *bits;
};

/* What that row names is as the row says. ERR_CORRUPT: it is not. */
MUST_CHECK bool audit_check_named(struct db *, const struct audit_row *,
	struct audit_named *, struct arena *, struct err *);
/* The text of a row that the settling wrote; "" of all others. */
const char *audit_settled_text(const struct audit_row *);
/* The chain names every event, journal and row of the log. */
MUST_CHECK bool audit_check_unnamed(struct db *, const struct audit_named *,
	struct err *);

#endif
