#ifndef BAHI_BOOK_STATE_H
#define BAHI_BOOK_STATE_H
/* The states of an event and every allowed move; a test walks all pairs. */
#include <stdbool.h>

enum event_state {
	EVENT_RECEIVED, EVENT_WAITING, EVENT_FAILED, EVENT_HELD,
	EVENT_CONFLICT, EVENT_POSTED, EVENT_DUPLICATE, EVENT_STALE,
	EVENT_DISMISSED, EVENT_IGNORED, EVENT_STATES
};

const char *event_state_name(enum event_state);	/* "posted" */
bool event_state_find(const char *name, enum event_state *out);
bool event_state_may(enum event_state from, enum event_state to);
bool event_state_open(enum event_state);	/* a person may have to act */

#endif
