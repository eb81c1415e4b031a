/*
 * Follows what the books use, so that drift can be asked at any time: without
 * a pause until it is up to date, then each second.  While events are settled
 * it rests twenty times as long as it read, so that the writer loses nothing.
 */
#include <stdlib.h>

#include "core/clock.h"
#include "core/log.h"
#include "flow/beat.h"
#include "flow/drift.h"
#include "flow/job.h"

#define REST 20			/* times what the piece took */

struct drifting {
	struct job_env env;
	int64_t works;		/* of the pump, at the last look */
	struct beat beat;
};

/* Deliveries come first: while they come, nobody needs to know of drift. */
static bool
busy(struct drifting *c)
{
	struct pump_figures figures;
	int64_t before = c->works;

	pump_figures(c->env.pump, &figures);
	c->works = figures.works;
	return figures.waiting > 0 || figures.works != before;
}

static void *
tick(void *arg)
{
	struct drifting *c = arg;
	bool done = false, failed = false, ok;
	int64_t pause = 0;

	while (beat_rest(&c->beat, pause)) {
		int64_t start = clock_mono();
		struct err e = { 0 };

		ok = drift_follow(c->env.drift, &done, &e);
		if (!ok && !failed)
			log_line(LOG_ERROR, "drift.not_read", "why=\"%s\"",
			    e.why);
		failed = !ok;
		pause = busy(c) ? (clock_mono() - start) * REST : 0;
		if ((failed || done) && pause < BEAT_SECOND)
			pause = BEAT_SECOND;
	}
	return NULL;
}

static bool
open_drifting(void **state, const struct job_env *env, struct err *e)
{
	struct drifting *c = calloc(1, sizeof *c);

	if (c == NULL)
		bug("out of memory");
	c->env = *env;
	if (!beat_start(&c->beat, tick, c, e)) {
		free(c);
		return false;
	}
	*state = c;
	return true;
}

static void
stop_drifting(void *state)
{
	struct drifting *c = state;

	beat_stop(&c->beat);
}

static void
close_drifting(void **state)
{
	struct drifting *c = *state;

	*state = NULL;
	beat_free(&c->beat);
	free(c);
}

const struct job job_drifting = {
	"drifting", open_drifting, stop_drifting, close_drifting
};
