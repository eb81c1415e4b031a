/*
 * Follows what the books use, so that drift can be asked at any time: without
 * a pause until it is up to date, then each second.
 */
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "core/log.h"
#include "flow/drift.h"
#include "flow/job.h"

struct drifting {
	struct job_env env;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	bool stop;
};

/* False when it is told to stop. */
static bool
sleep_until(struct drifting *c, time_t seconds)
{
	struct timespec until;
	bool stop;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += seconds;
	pthread_mutex_lock(&c->lock);
	if (!c->stop)
		pthread_cond_timedwait(&c->wake, &c->lock, &until);
	stop = c->stop;
	pthread_mutex_unlock(&c->lock);
	return !stop;
}

/* Deliveries come first: while they wait, nobody needs to know of drift. */
static bool
busy(const struct drifting *c)
{
	struct pump_figures figures;

	pump_figures(c->env.pump, &figures);
	return figures.waiting > 0;
}

static void *
tick(void *arg)
{
	struct drifting *c = arg;

	bool done = false, failed = false;

	while (sleep_until(c, done || busy(c))) {
		struct err e = { 0 };

		if (drift_follow(c->env.drift, &done, &e)) {
			failed = false;
			continue;
		}
		if (!failed)
			log_line(LOG_ERROR, "drift.not_read", "why=\"%s\"",
			    e.why);
		failed = done = true;
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
	pthread_mutex_init(&c->lock, NULL);
	pthread_cond_init(&c->wake, NULL);
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
