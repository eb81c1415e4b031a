#ifndef BAHI_UI_STORY_H
#define BAHI_UI_STORY_H
/* What happened to an errand, of all its events in the order of time. */
#include "core/arena.h"
#include "wire/shapes.h"

struct told {
	const struct wire_event *event;
	const struct wire_step *step;
	size_t n;		/* equal times keep their order */
};

/* Points into the trace. */
const struct told *story_of(const struct wire_trace *, struct arena *,
	size_t *n);

#endif
