/*
 * UTF-8 into ASCII, cell by cell. Called by term.c and by verbs; never makes a
 * text wider or narrower, so that columns stay where they are.
 */
#include "ui/ascii.h"

#include "core/utf8.h"

/* U+00A0 to U+017F, a letter each; ? has none. */
static const char LATIN[] =
    " !cL?Y|S\"ca<--r-o+23'uP.,1o>113?"
    "AAAAAAACEEEEIIIIDNOOOOOxOUUUUYTs"
    "aaaaaaaceeeeiiiidnooooo/ouuuuyty"
    "AaAaAaCcCcCcCcDdDdEeEeEeEeEeGgGg"
    "GgGgHhHhIiIiIiIiIiIiJjKkkLlLlLlL"
    "lLlNnNnNnnNnOoOoOoOoRrRrRrSsSsSs"
    "SsTtTtTtUuUuUuUuUuUuWwYyYZzZzZzs";

static const struct {
	uint32_t from, to;
	char sign;
} signs[] = {
	{ 0x2010, 0x2015, '-' }, { 0x2018, 0x201b, '\'' },
	{ 0x201c, 0x201f, '"' }, { 0x2022, 0x2022, '*' },
	{ 0x2026, 0x2026, '~' }, { 0x20b9, 0x20b9, 'R' },
	{ 0x2190, 0x2190, '<' }, { 0x2191, 0x2191, '^' },
	{ 0x2192, 0x2192, '>' }, { 0x2193, 0x2193, 'v' },
	{ 0x2212, 0x2212, '-' }, { 0x2264, 0x2264, '<' },
	{ 0x2265, 0x2265, '>' },
	{ 0x2500, 0x2501, '-' }, { 0x2502, 0x2503, '|' },
	{ 0x2504, 0x2505, '-' }, { 0x2506, 0x2507, '|' },
	{ 0x250c, 0x254b, '+' }, { 0x2550, 0x2550, '=' },
	{ 0x2551, 0x2551, '|' }, { 0x2552, 0x256c, '+' },
	{ 0x2581, 0x2581, '_' }, { 0x2582, 0x2582, '.' },
	{ 0x2583, 0x2583, '-' }, { 0x2584, 0x2584, '=' },
	{ 0x2585, 0x2585, '+' }, { 0x2586, 0x2586, '*' },
	{ 0x2587, 0x2587, '%' }, { 0x2588, 0x258f, '#' },
	{ 0x2591, 0x2591, '.' }, { 0x2592, 0x2592, ':' },
	{ 0x2593, 0x2593, '#' }, { 0x2713, 0x2714, 'v' },
	{ 0x2717, 0x2718, 'x' },
};

static char
sign_of(uint32_t cp)
{
	if (cp < 0x80)
		return (char)cp;
	if (cp >= 0xa0 && cp < 0xa0 + sizeof LATIN - 1)
		return LATIN[cp - 0xa0];
	for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
		if (cp >= signs[i].from && cp <= signs[i].to)
			return signs[i].sign;
	return '?';
}

size_t
ascii_of(struct span s, char *out, size_t room)
{
	size_t used = 0, n;
	uint32_t cp;

	for (; (n = utf8_next(s, &cp)) > 0; s.p += n, s.n -= n) {
		int width = utf8_width((struct span){ s.p, n });

		for (int i = 0; i < width && used < room; i++)
			out[used++] = sign_of(cp);
	}
	return used;
}
