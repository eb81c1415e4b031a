/*
 * UTF-8: strict judging, width in cells, and taming foreign text.  Whatever
 * is drawn or printed for a person passed utf8_tame once.
 */
#include "core/utf8.h"

#include <wchar.h>

static size_t
sequence(struct span s, uint32_t *cp)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	unsigned char c = (unsigned char)s.p[0];
	size_t n = c < 0x80 ? 1 : c >= 0xc2 && c < 0xe0 ? 2 :
	    c >= 0xe0 && c < 0xf0 ? 3 : c >= 0xf0 && c < 0xf5 ? 4 : 0;
	uint32_t v;

	if (n == 0 || n > s.n)
		return 0;
	v = n == 1 ? c : c & (0xffu >> (n + 1));
	for (size_t i = 1; i < n; i++) {
		unsigned char next = (unsigned char)s.p[i];

		if ((next & 0xc0) != 0x80)
			return 0;
		v = v << 6 | (next & 0x3f);
	}
	if (v < least[n] || v > 0x10ffff || (v >= 0xd800 && v < 0xe000))
		return 0;
	*cp = v;
	return n;
}

bool
utf8_valid(struct span s)
{
	while (s.n > 0) {
		uint32_t cp;
		size_t n = sequence(s, &cp);

		if (n == 0 || cp == 0)
			return false;
		s.p += n;
		s.n -= n;
	}
	return true;
}

size_t
utf8_next(struct span s, uint32_t *cp)
{
	size_t n;

	if (s.n == 0)
		return 0;
	n = sequence(s, cp);
	if (n > 0)
		return n;
	*cp = 0xfffd;
	return 1;
}

static int
width_of(uint32_t cp)
{
	int w = wcwidth((wchar_t)cp);

	return w < 0 ? 1 : w;
}

int
utf8_width(struct span s)
{
	int width = 0;
	uint32_t cp;
	size_t n;

	for (; (n = utf8_next(s, &cp)) > 0; s.p += n, s.n -= n)
		width += width_of(cp);
	return width;
}

size_t
utf8_fit(struct span s, int cells, int *used)
{
	size_t at = 0;
	uint32_t cp;

	*used = 0;
	while (at < s.n) {
		size_t n = utf8_next((struct span){ s.p + at, s.n - at },
		    &cp);
		int w = width_of(cp);

		if (*used + w > cells)
			break;
		*used += w;
		at += n;
	}
	return at;
}

/* Invisible or reordering characters that can make one text look like
 * another: C0, C1, bidi controls, zero width, tags, line separators. */
static bool
hidden(uint32_t cp)
{
	return cp < 0x20 || (cp >= 0x7f && cp < 0xa0) || cp == 0xad ||
	    cp == 0x61c || cp == 0x180e || cp == 0x200b || cp == 0x200e ||
	    cp == 0x200f || (cp >= 0x2028 && cp <= 0x202e) ||
	    (cp >= 0x2060 && cp <= 0x206f) || cp == 0xfeff ||
	    (cp >= 0xfff0 && cp < 0xfffd) || (cp >= 0xe0000 && cp < 0xe0100);
}

void
utf8_tame(struct span s, struct str *out)
{
	uint32_t cp;
	size_t n;

	for (; (n = utf8_next(s, &cp)) > 0; s.p += n, s.n -= n) {
		if (cp < 0x20)
			str_addf(out, "^%c", (char)(cp + 0x40));
		else if (hidden(cp))
			str_addf(out, "<%04X>", cp);
		else if (cp == 0xfffd)
			str_adds(out, "\xef\xbf\xbd");
		else
			str_add(out, s.p, n);
	}
}
