/* The one job that looks at the clock, each second: are there new rules? */
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "flow/job.h"

struct clockwork {
	struct job_env env;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	bool stop;
};

/* False when it is told to stop. */
static bool
sleep_second(struct clockwork *c)
{
	struct timespec until;
	bool stop;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec++;
	pthread_mutex_lock(&c->lock);
	if (!c->stop)
		pthread_cond_timedwait(&c->wake, &c->lock, &until);
	stop = c->stop;
	pthread_mutex_unlock(&c->lock);
	return !stop;
}

static void *
tick(void *arg)
{
	struct clockwork *c = arg;

	while (sleep_second(c))
		pump_refresh(c->env.pump);
	return NULL;
}

static bool
open_clockwork(void **state, const struct job_env *env, struct err *e)
{
	struct clockwork *c = calloc(1, sizeof *c);

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
stop_clockwork(void *state)
{
	struct clockwork *c = state;

	pthread_mutex_lock(&c->lock);
	c->stop = true;
	pthread_cond_signal(&c->wake);
	pthread_mutex_unlock(&c->lock);
	pthread_join(c->thread, NULL);
}

static void
close_clockwork(void **state)
{
	struct clockwork *c = *state;

	*state = NULL;
	pthread_cond_destroy(&c->wake);
	pthread_mutex_destroy(&c->lock);
	free(c);
}

const struct job job_clockwork = {
	"clockwork", open_clockwork, stop_clockwork, close_clockwork
};
