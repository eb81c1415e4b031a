#ifndef BAHI_UI_REASONS_H
#define BAHI_UI_REASONS_H
/* The reasons that this person gave last, newest first: a file of the XDG
 * state directory, which is for no one else's eyes. */
#include "core/arena.h"

#define REASONS_MAX 9

struct reasons {
	const char *items[REASONS_MAX];
	size_t n;
};

/* What cannot be read is as if there were none. */
void reasons_read(struct arena *, struct reasons *);
MUST_CHECK bool reasons_add(const char *reason, struct err *);

#endif
