#ifndef BAHI_STORE_SEARCH_H
#define BAHI_STORE_SEARCH_H
/* One line looked for in all books. */
#include "core/json.h"
#include "store/db.h"

#define SEARCH_MAX 200		/* bytes of what is looked for */

MUST_CHECK bool view_search(struct db *, const char *q, struct json *,
	struct err *);

#endif
