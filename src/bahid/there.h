#ifndef BAHI_BAHID_THERE_H
#define BAHI_BAHID_THERE_H
/* What only the running daemon does: a verb asks it over its socket. */
#include <cjson/cJSON.h>

#include "core/option.h"
#include "net/http.h"

/* The tree is that of a good answer; free it, and `answer`, which the caller
 * has begun. What the daemon refuses is an error in its words. */
MUST_CHECK bool there_ask(const struct options *, const struct http_call *,
	struct str *answer, cJSON **tree, struct err *);

#endif
