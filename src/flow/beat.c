/* Starting, resting and stopping the thread of a job. */
#include "flow/beat.h"

#include <time.h>

bool
beat_start(struct beat *b, void *(*run)(void *), void *arg, struct err *e)
{
	pthread_condattr_t attr;

	b->stop = false;
	pthread_mutex_init(&b->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&b->wake, &attr);
	pthread_condattr_destroy(&attr);
	if (pthread_create(&b->thread, NULL, run, arg) == 0)
		return true;
	beat_free(b);
	return err_set(e, ERR_SYSTEM, "cannot start a thread");
}

bool
beat_rest(struct beat *b, int64_t micros)
{
	struct timespec until;
	bool stop;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += micros / 1000000;
	until.tv_nsec += micros % 1000000 * 1000;
	if (until.tv_nsec >= 1000000000) {
		until.tv_sec++;
		until.tv_nsec -= 1000000000;
	}
	pthread_mutex_lock(&b->lock);
	while (micros > 0 && !b->stop && pthread_cond_timedwait(&b->wake,
	    &b->lock, &until) == 0)
		;
	stop = b->stop;
	pthread_mutex_unlock(&b->lock);
	return !stop;
}

void
beat_stop(struct beat *b)
{
	pthread_mutex_lock(&b->lock);
	b->stop = true;
	pthread_cond_signal(&b->wake);
	pthread_mutex_unlock(&b->lock);
	pthread_join(b->thread, NULL);
}

void
beat_free(struct beat *b)
{
	pthread_cond_destroy(&b->wake);
	pthread_mutex_destroy(&b->lock);
}
