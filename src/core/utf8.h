#ifndef BAHI_CORE_UTF8_H
#define BAHI_CORE_UTF8_H
/* UTF-8: judging, display width, and making text safe for a terminal. */
#include "core/span.h"
#include "core/str.h"
#include <stdint.h>

bool utf8_valid(struct span);	/* no surrogates, no overlongs, no NUL */
/* Next code point; returns bytes used, 0 at the end; bad byte -> U+FFFD. */
size_t utf8_next(struct span, uint32_t *cp);
/* The next letter as a reader sees it: a base with all its marks, a conjunct,
 * a joined picture (UAX 29). Bytes, 0 at the end; the most cells that a
 * terminal gives it; sure: all terminals give it as many. */
size_t utf8_cluster(struct span, int *width, bool *sure);
int utf8_width(struct span);	/* terminal cells */
/* Longest prefix of whole letters that fits in `cells`; its width in *used. */
size_t utf8_fit(struct span, int cells, int *used);
/* Control, escape, bidi and format characters shown as visible marks; the
 * only way for foreign text to a terminal. */
void utf8_tame(struct span, struct str *out);

#endif
