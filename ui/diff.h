#ifndef BAHI_UI_DIFF_H
#define BAHI_UI_DIFF_H
/*
 * Two values as one text: [-what is gone-]{+what is new+}. The marks say it
 * without colour; term_marked() only repeats them in colour. Results are tame
 * and live in the arena.
 */
#include "core/arena.h"

const char *diff_text(struct arena *, const char *old, const char *new);
/* The same in lines of at most `width` cells, each with whole marks. At most
 * `most`; the last one ends with an ellipsis when that was not all. */
size_t diff_lines(struct arena *, const char *old, const char *new,
	int width, const char **lines, size_t most);

#endif
