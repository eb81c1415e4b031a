/*
 * The growing buffer with a limit.  What would pass the limit is dropped
 * whole and `over` set, so that a cut text is never taken for a full one.
 */
#include "core/str.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void
str_init(struct str *s, size_t max)
{
	*s = (struct str){ .p = "", .max = max };
}

void
str_free(struct str *s)
{
	if (s->cap > 0)
		free(s->p);
	*s = (struct str){ .p = "", .max = s->max };
}

void
str_clear(struct str *s)
{
	s->n = 0;
	s->over = false;
	if (s->cap > 0)
		s->p[0] = '\0';
}

static bool
room(struct str *s, size_t more)
{
	size_t cap = s->cap > 0 ? s->cap : 64;
	char *p;

	if (more > s->max || s->n > s->max - more) {
		s->over = true;
		return false;
	}
	if (s->n + more < s->cap)
		return true;
	while (cap <= s->n + more)
		cap *= 2;
	p = realloc(s->cap > 0 ? s->p : NULL, cap);
	if (p == NULL)
		bug("out of memory");
	s->p = p;
	s->cap = cap;
	return true;
}

void
str_add(struct str *s, const void *bytes, size_t n)
{
	if (n == 0 || !room(s, n))
		return;
	memcpy(s->p + s->n, bytes, n);
	s->n += n;
	s->p[s->n] = '\0';
}

void
str_adds(struct str *s, const char *text)
{
	str_add(s, text, strlen(text));
}

void
str_addc(struct str *s, char c)
{
	str_add(s, &c, 1);
}

void
str_addi(struct str *s, int64_t i)
{
	str_addf(s, "%" PRId64, i);
}

void
str_addf(struct str *s, const char *fmt, ...)
{
	char small[256], *big;
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(small, sizeof small, fmt, ap);
	va_end(ap);
	if (n < 0)
		bug("format \"%s\"", fmt);
	if ((size_t)n < sizeof small) {
		str_add(s, small, (size_t)n);
		return;
	}
	big = malloc((size_t)n + 1);
	if (big == NULL)
		bug("out of memory");
	va_start(ap, fmt);
	vsnprintf(big, (size_t)n + 1, fmt, ap);
	va_end(ap);
	str_add(s, big, (size_t)n);
	free(big);
}

struct span
str_span(const struct str *s)
{
	return (struct span){ s->p, s->n };
}
