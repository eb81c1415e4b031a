/*
 * Offering with a bound: the works in flight are counted up by the one who
 * offers and down by the writer; a queue that has much to do for others is
 * asked again after a pause that grows.
 */
#include "flow/feed.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "flow/pump.h"
#include "flow/work.h"

#define PAUSE_LEAST 5		/* milliseconds */
#define PAUSE_MOST 500

struct feed {
	struct pump *pump;
	feed_outcome *outcome;
	void *arg;
	pthread_mutex_t lock;	/* all below */
	pthread_cond_t some;
	int in_flight;
	bool stop;
};

/* What a work needs to find its way back. */
struct passage {
	struct feed *feed;
	int64_t tag;
};

struct feed *
feed_new(struct pump *pump, feed_outcome *outcome, void *arg)
{
	struct feed *feed = calloc(1, sizeof *feed);

	if (feed == NULL)
		bug("out of memory");
	feed->pump = pump;
	feed->outcome = outcome;
	feed->arg = arg;
	pthread_mutex_init(&feed->lock, NULL);
	pthread_cond_init(&feed->some, NULL);
	return feed;
}

void
feed_free(struct feed **fp)
{
	struct feed *feed = *fp;

	if (feed == NULL)
		return;
	*fp = NULL;
	feed_finish(feed);
	pthread_cond_destroy(&feed->some);
	pthread_mutex_destroy(&feed->lock);
	free(feed);
}

static void
came_back(struct work *work)
{
	struct passage *passage = work->owner;
	struct feed *feed = passage->feed;

	feed->outcome(feed->arg, work, passage->tag);
	work_free(&work);
	/* Signalled under the lock: the feed may be freed right after. */
	pthread_mutex_lock(&feed->lock);
	feed->in_flight--;
	pthread_cond_broadcast(&feed->some);
	pthread_mutex_unlock(&feed->lock);
}

/* False: stopped while it waited for room. */
static bool
take_room(struct feed *feed)
{
	bool ok;

	pthread_mutex_lock(&feed->lock);
	while (!feed->stop && feed->in_flight >= FEED_WORKS)
		pthread_cond_wait(&feed->some, &feed->lock);
	ok = !feed->stop;
	feed->in_flight += ok;
	pthread_mutex_unlock(&feed->lock);
	return ok;
}

/* False: stopped. */
static bool
pause_for(struct feed *feed, int milliseconds)
{
	struct timespec until;
	bool stop;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_nsec += milliseconds * 1000000L;
	until.tv_sec += until.tv_nsec / 1000000000;
	until.tv_nsec %= 1000000000;
	pthread_mutex_lock(&feed->lock);
	if (!feed->stop)
		pthread_cond_timedwait(&feed->some, &feed->lock, &until);
	stop = feed->stop;
	pthread_mutex_unlock(&feed->lock);
	return !stop;
}

static void
give_room(struct feed *feed)
{
	pthread_mutex_lock(&feed->lock);
	feed->in_flight--;
	pthread_mutex_unlock(&feed->lock);
}

static bool
has_room(struct feed *feed)
{
	struct pump_figures figures;

	pump_figures(feed->pump, &figures);
	return figures.waiting < figures.queue / 2;
}

bool
feed_offer(struct feed *feed, const struct arrival *arrival, int64_t tag)
{
	struct passage *passage;
	struct work *work;
	int pause = PAUSE_LEAST;

	if (!take_room(feed))
		return false;
	work = intake_arrival(feed->pump, arrival);
	passage = arena_alloc(work->arena, sizeof *passage);
	*passage = (struct passage){ feed, tag };
	work->owner = passage;
	work->done = came_back;
	for (;;) {
		struct err e = { 0 };

		if (has_room(feed) && pump_offer(feed->pump, work, &e))
			return true;
		if (!pause_for(feed, pause))
			break;
		if (work->err.code != ERR_NONE) {
			work->err = (struct err){ 0 };
			pump_seal(feed->pump, work);
			intake_judge(feed->pump, work);
		}
		pause = pause * 2 < PAUSE_MOST ? pause * 2 : PAUSE_MOST;
	}
	work_free(&work);
	give_room(feed);
	return false;
}

void
feed_finish(struct feed *feed)
{
	pthread_mutex_lock(&feed->lock);
	while (feed->in_flight > 0)
		pthread_cond_wait(&feed->some, &feed->lock);
	pthread_mutex_unlock(&feed->lock);
}

void
feed_stop(struct feed *feed)
{
	pthread_mutex_lock(&feed->lock);
	feed->stop = true;
	pthread_cond_broadcast(&feed->some);
	pthread_mutex_unlock(&feed->lock);
}
