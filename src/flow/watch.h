#ifndef BAHI_FLOW_WATCH_H
#define BAHI_FLOW_WATCH_H
/*
 * Looks for conditions that people must hear of. One thread, a reading
 * connection; it changes nothing.
 */
#include <stdatomic.h>
#include "book/alert.h"
#include "core/arena.h"
#include "flow/job.h"

#define SIGHTINGS_MAX 1000

struct sighting {
	enum alert_code code;
	const char *subject, *value;
};

struct sightings {
	struct arena *arena;
	struct sighting items[SIGHTINGS_MAX];
	size_t n;
	/* Nothing can be said of these now: not seen is not over. */
	bool unsure[ALERT_CODES];
};

struct watch;

MUST_CHECK bool watch_open(struct watch **, const struct job_env *,
	struct err *);
void watch_close(struct watch **);
/* Everything that is so now; texts into out->arena. *stop ends a long look. */
void watch_look(struct watch *, struct sightings *out,
	const atomic_bool *stop);

#endif
