#ifndef BAHI_CORE_SPAN_H
#define BAHI_CORE_SPAN_H
/* Bytes that somebody else owns: not NUL terminated, not judged. */
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct span {
	const char *p;
	size_t n;
};

#define SPAN(lit) ((struct span){ "" lit, sizeof(lit) - 1 })

static inline struct span
span_of(const char *s)
{
	return (struct span){ s ? s : "", s ? strlen(s) : 0 };
}

static inline bool
span_equal(struct span a, struct span b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

static inline bool
span_is(struct span a, const char *s)
{
	return span_equal(a, span_of(s));
}

#endif
