/*
 * Follows what the books use, so that drift can be asked at any time: without
 * a pause until it is up to date, then each second.  While events are settled
 * it rests twenty times as long as it read, so that the writer loses nothing.
 */
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "core/clock.h"
#include "core/log.h"
#include "flow/drift.h"
#include "flow/job.h"

#define SECOND INT64_C(1000000)
#define REST 20			/* times what the piece took */

struct drifting {
	struct job_env env;
	int64_t works;		/* of the pump, at the last look */
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	bool stop;
};

/* False when it is told to stop. */
static bool
rest(struct drifting *c, int64_t micros)
{
	struct timespec until;
	bool stop;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += micros / SECOND;
	until.tv_nsec += micros % SECOND * 1000;
	if (until.tv_nsec >= 1000000000) {
		until.tv_sec++;
		until.tv_nsec -= 1000000000;
	}
	pthread_mutex_lock(&c->lock);
	while (micros > 0 && !c->stop && pthread_cond_timedwait(&c->wake,
	    &c->lock, &until) == 0)
		;
	stop = c->stop;
	pthread_mutex_unlock(&c->lock);
	return !stop;
}

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

	while (rest(c, pause)) {
		int64_t start = clock_mono();
		struct err e = { 0 };

		ok = drift_follow(c->env.drift, &done, &e);
		if (!ok && !failed)
			log_line(LOG_ERROR, "drift.not_read", "why=\"%s\"",
			    e.why);
		failed = !ok;
		pause = busy(c) ? (clock_mono() - start) * REST : 0;
		if ((failed || done) && pause < SECOND)
			pause = SECOND;
	}
	return NULL;
}

static bool
open_drifting(void **state, const struct job_env *env, struct err *e)
{
	struct drifting *c = calloc(1, sizeof *c);
	pthread_condattr_t attr;

	if (c == NULL)
		bug("out of memory");
	c->env = *env;
	pthread_mutex_init(&c->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&c->wake, &attr);
	pthread_condattr_destroy(&attr);
	if (pthread_create(&c->thread, NULL, tick, c) != 0) {
		free(c);
		return err_set(e, ERR_SYSTEM, "cannot start a thread");
	}
	*state = c;
	return true;
}

static void
stop_drifting(void *state)
{
	struct drifting *c = state;

	pthread_mutex_lock(&c->lock);
	c->stop = true;
	pthread_cond_signal(&c->wake);
	pthread_mutex_unlock(&c->lock);
	pthread_join(c->thread, NULL);
}

static void
close_drifting(void **state)
{
	struct drifting *c = *state;

	*state = NULL;
	pthread_cond_destroy(&c->wake);
	pthread_mutex_destroy(&c->lock);
	free(c);
}

const struct job job_drifting = {
	"drifting", open_drifting, stop_drifting, close_drifting
};
