/*
 * UTF-8: strict judging, letters, width in cells, and taming foreign text.
 * Whatever is drawn or printed for a person passed utf8_tame once.
 */
#include "core/utf8.h"

#include <stdlib.h>
#include <wchar.h>

#include "core/utf8_table.h"

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

/* ---- what a reader calls a letter (UAX 29) ------------------------------ */

#define EMOJI_STYLE 0xfe0f	/* VARIATION SELECTOR-16 */
#define CLUSTER_MAX 32		/* more marks than that are no letter */

static int
compare(const void *key, const void *item)
{
	uint32_t cp = *(const uint32_t *)key;
	const struct utf8_range *range = item;

	return cp < range->first ? -1 : cp > range->last;
}

static enum utf8_class
class_of(uint32_t cp)
{
	const struct utf8_range *found;

	if (cp < 0xa9)
		return UTF8_OTHER;
	if (cp >= 0xac00 && cp < 0xd7a4)
		return (cp - 0xac00) % 28 == 0 ? UTF8_LV : UTF8_LVT;
	found = bsearch(&cp, utf8_ranges, sizeof utf8_ranges / sizeof *utf8_ranges,
	    sizeof *utf8_ranges, compare);
	return found != NULL ? found->is : UTF8_OTHER;
}

/* What of the letter so far decides whether the next one joins. */
struct joint {
	enum utf8_class last;
	bool conjunct;		/* a consonant, then marks only */
	bool linked;		/* with a virama among them */
	bool picture;		/* a picture, then EXTEND, then ZWJ */
	int regions;
};

static bool
joins(const struct joint *joint, enum utf8_class next)
{
	switch (joint->last) {
	case UTF8_PREPEND:
		return true;
	case UTF8_L:
		if (next == UTF8_L || next == UTF8_V || next == UTF8_LV ||
		    next == UTF8_LVT)
			return true;
		break;
	case UTF8_LV: case UTF8_V:
		if (next == UTF8_V || next == UTF8_T)
			return true;
		break;
	case UTF8_LVT: case UTF8_T:
		if (next == UTF8_T)
			return true;
		break;
	default:
		break;
	}
	switch (next) {
	case UTF8_EXTEND: case UTF8_ZWJ: case UTF8_LINKER: case UTF8_SPACING:
		return true;
	case UTF8_CONSONANT:
		return joint->conjunct && joint->linked;
	case UTF8_PICTURE:
		return joint->picture && joint->last == UTF8_ZWJ;
	case UTF8_REGION:
		return joint->regions % 2 == 1;
	default:
		return false;
	}
}

static void
joint_add(struct joint *joint, enum utf8_class next)
{
	bool mark = next == UTF8_EXTEND || next == UTF8_ZWJ ||
	    next == UTF8_LINKER;

	joint->linked = (joint->linked && mark) || next == UTF8_LINKER;
	joint->conjunct = next == UTF8_CONSONANT || (joint->conjunct && mark);
	joint->picture = next == UTF8_PICTURE || (joint->picture && mark);
	joint->regions = next == UTF8_REGION ? joint->regions + 1 : 0;
	joint->last = next;
}

static int
width_of(uint32_t cp)
{
	int w = wcwidth((wchar_t)cp);

	return w < 0 ? 1 : w;
}

/* Not the letters that ncurses and all terminals measure alike. */
static bool
is_sure(uint32_t first, enum utf8_class class, int marks, int others)
{
	if (others > 0 || (marks > 0 && first >= 0x250))
		return false;
	return (class == UTF8_OTHER && first < 0x100000) ||
	    class == UTF8_LV || class == UTF8_LVT ||
	    class == UTF8_CONSONANT || (class == UTF8_PICTURE &&
	    (first < 0x2000 || width_of(first) == 2));
}

size_t
utf8_cluster(struct span s, int *width, bool *sure)
{
	struct joint joint = { 0 };
	uint32_t first = 0, cp;
	enum utf8_class kind = UTF8_OTHER;
	int marks = 0, others = 0, n = 0;
	size_t at = 0, step;

	/* Nearly all text; nothing of ASCII joins what stands before it. */
	if (s.n > 0 && s.p[0] >= ' ' && s.p[0] < 0x7f && (s.n == 1 ||
	    (unsigned char)s.p[1] < 0x80)) {
		*width = 1;
		*sure = true;
		return 1;
	}
	*width = 0;
	for (; n < CLUSTER_MAX && (step = utf8_next((struct span){ s.p + at,
	    s.n - at }, &cp)) > 0; at += step, n++) {
		enum utf8_class class = class_of(cp);

		if (n > 0 && !joins(&joint, class))
			break;
		if (n == 0) {
			first = cp;
			kind = class;
		} else if (cp >= 0x300 && cp < 0x370) {
			marks++;
		} else {
			others++;
		}
		*width += width_of(cp);
		if (cp == EMOJI_STYLE && *width < 2)
			*width = 2;
		joint_add(&joint, class);
	}
	*sure = is_sure(first, kind, marks, others);
	return at;
}

int
utf8_width(struct span s)
{
	int width = 0, one;
	bool sure;
	size_t n;

	for (; (n = utf8_cluster(s, &one, &sure)) > 0; s.p += n, s.n -= n)
		width += one;
	return width;
}

size_t
utf8_fit(struct span s, int cells, int *used)
{
	size_t at = 0;

	*used = 0;
	while (at < s.n) {
		int w;
		bool sure;
		size_t n = utf8_cluster((struct span){ s.p + at, s.n - at },
		    &w, &sure);

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
