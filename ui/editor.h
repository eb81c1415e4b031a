#ifndef BAHI_UI_EDITOR_H
#define BAHI_UI_EDITOR_H
/* $VISUAL or $EDITOR on a text, in a file that only its owner reads. */
#include "core/option.h"
#include "core/span.h"

/* `before` as changed by the person; of at most `max` bytes. name: of the file
 * while it is edited. The terminal must not be ours. */
MUST_CHECK bool editor_change(const struct options *, struct arena *,
	const char *name, struct span before, size_t max, struct span *after,
	struct err *);

#endif
