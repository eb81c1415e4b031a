/*
 * States of an event and the moves between them.  The table is the law: the
 * settler asks it before each move, and a test walks all pairs.
 */
#include "book/state.h"

#include <string.h>

#include "core/i18n.h"

static const char *const names[EVENT_STATES] = {
	[EVENT_RECEIVED] = N_("received"),
	[EVENT_WAITING] = N_("waiting"),
	[EVENT_FAILED] = N_("failed"),
	[EVENT_HELD] = N_("held"),
	[EVENT_CONFLICT] = N_("conflict"),
	[EVENT_POSTED] = N_("posted"),
	[EVENT_DUPLICATE] = N_("duplicate"),
	[EVENT_STALE] = N_("stale"),
	[EVENT_DISMISSED] = N_("dismissed"),
	[EVENT_IGNORED] = N_("ignored"),
};

#define TO(state) (1u << EVENT_##state)
/* Where processing may lead, at first or again. */
#define OUTCOMES (TO(WAITING) | TO(FAILED) | TO(HELD) | TO(CONFLICT) | \
	TO(POSTED) | TO(DUPLICATE) | TO(STALE) | TO(IGNORED))

/* Posted, duplicate, stale are final: a correction is a new document version
 * by a new event.  Dismissed may be reopened, ignored replayed when a rule
 * says otherwise now: both process it again. */
static const unsigned moves[EVENT_STATES] = {
	[EVENT_RECEIVED] = OUTCOMES,
	[EVENT_WAITING] = OUTCOMES | TO(DISMISSED),
	[EVENT_FAILED] = OUTCOMES | TO(DISMISSED),
	[EVENT_HELD] = OUTCOMES | TO(DISMISSED),
	[EVENT_CONFLICT] = OUTCOMES | TO(DISMISSED),
	[EVENT_DISMISSED] = OUTCOMES,
	[EVENT_IGNORED] = OUTCOMES,
};

const char *
event_state_name(enum event_state state)
{
	return (unsigned)state < EVENT_STATES ? names[state] : "?";
}

bool
event_state_find(const char *name, enum event_state *out)
{
	for (int i = 0; i < EVENT_STATES; i++) {
		if (strcmp(names[i], name) == 0) {
			*out = (enum event_state)i;
			return true;
		}
	}
	return false;
}

bool
event_state_may(enum event_state from, enum event_state to)
{
	return (moves[from] & 1u << to) != 0;
}

bool
event_state_open(enum event_state state)
{
	return state == EVENT_FAILED || state == EVENT_HELD ||
	    state == EVENT_CONFLICT || state == EVENT_WAITING;
}
