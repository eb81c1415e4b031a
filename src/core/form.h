#ifndef BAHI_CORE_FORM_H
#define BAHI_CORE_FORM_H
/* A body of application/x-www-form-urlencoded, read strictly: a broken
 * escape, a NUL or a name that comes twice is refused. */
#include "core/arena.h"
#include "core/span.h"

#define FORM_MAX 16		/* parameters */

struct form {
	size_t n;
	const char *names[FORM_MAX], *values[FORM_MAX];
};

MUST_CHECK bool form_read(struct span, struct arena *, struct form *,
	struct err *);
/* NULL: absent, or empty, which OAuth takes for the same. */
const char *form_value(const struct form *, const char *name);
/* One name or value. NULL: it is broken. */
const char *form_decode(struct span, struct arena *);

#endif
