/*
 * The growing buffer with a limit.  What would pass the limit is dropped
 * whole and `over` set, so that a cut text is never taken for a full one.
 */
#include "core/str.h"

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
	size_t cap = s->cap > 0 ? s->cap : 256;
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
	if (s->n + 1 < s->cap && s->n < s->max) {
		s->p[s->n++] = c;
		s->p[s->n] = '\0';
	} else {
		str_add(s, &c, 1);
	}
}

/* Journals and answers are full of numbers; printf is slow at them. */
void
str_addi(struct str *s, int64_t i)
{
	char text[24], *p = text + sizeof text;
	uint64_t n = i < 0 ? 0 - (uint64_t)i : (uint64_t)i;

	do {
		*--p = (char)('0' + n % 10);
		n /= 10;
	} while (n > 0);
	if (i < 0)
		*--p = '-';
	str_add(s, p, (size_t)(text + sizeof text - p));
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

void
str_add_html(struct str *out, const char *text)
{
	for (; *text != '\0'; text++) {
		switch (*text) {
		case '<': str_adds(out, "&lt;"); break;
		case '>': str_adds(out, "&gt;"); break;
		case '&': str_adds(out, "&amp;"); break;
		case '"': str_adds(out, "&quot;"); break;
		case '\'': str_adds(out, "&#39;"); break;
		default: str_addc(out, *text);
		}
	}
}

struct span
str_span(const struct str *s)
{
	return (struct span){ s->p, s->n };
}
