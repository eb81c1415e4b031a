/*
 * Passive checkpoints on a thread of its own.  They cannot empty the log
 * while the writer never pauses, so past a bound the writer restarts it; a
 * lock keeps the two from refusing each other.
 */
#include "store/keeper.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "core/clock.h"

#define PAUSE 100000000L	/* nanoseconds between checkpoints */
#define AGAIN 1000000		/* microseconds between tries to restart it */
#define PAGES_MAX (128 << 20 >> 12)

struct keeper {
	struct db *db;
	pthread_t thread;
	pthread_mutex_t checkpoint;	/* one checkpoint at a time */
	pthread_mutex_t lock;		/* of stop */
	pthread_cond_t bell;
	bool stop, started;
	int64_t tried;			/* to begin the log anew */
};

/* True: time to stop. */
static bool
rest(struct keeper *keeper)
{
	struct timespec at;
	bool stop;

	clock_gettime(CLOCK_REALTIME, &at);
	at.tv_nsec += PAUSE;
	if (at.tv_nsec >= 1000000000) {
		at.tv_sec++;
		at.tv_nsec -= 1000000000;
	}
	pthread_mutex_lock(&keeper->lock);
	while (!keeper->stop && pthread_cond_timedwait(&keeper->bell,
	    &keeper->lock, &at) == 0)
		;
	stop = keeper->stop;
	pthread_mutex_unlock(&keeper->lock);
	return stop;
}

static void *
keep(void *arg)
{
	struct keeper *keeper = arg;

	while (!rest(keeper)) {
		pthread_mutex_lock(&keeper->checkpoint);
		db_checkpoint(keeper->db, false);
		pthread_mutex_unlock(&keeper->checkpoint);
	}
	return NULL;
}

bool
keeper_open(struct keeper **out, const char *path, struct err *e)
{
	struct keeper *keeper = calloc(1, sizeof *keeper);

	if (keeper == NULL)
		bug("out of memory");
	pthread_mutex_init(&keeper->checkpoint, NULL);
	pthread_mutex_init(&keeper->lock, NULL);
	pthread_cond_init(&keeper->bell, NULL);
	if (db_open(&keeper->db, path, DB_WRITE, e))
		keeper->started = pthread_create(&keeper->thread, NULL, keep,
		    keeper) == 0;
	if (!keeper->started) {
		err_set(e, ERR_SYSTEM, "cannot start the log keeper");
		keeper_close(&keeper);
		return false;
	}
	*out = keeper;
	return true;
}

void
keeper_close(struct keeper **kp)
{
	struct keeper *keeper = *kp;

	if (keeper == NULL)
		return;
	if (keeper->started) {
		pthread_mutex_lock(&keeper->lock);
		keeper->stop = true;
		pthread_cond_signal(&keeper->bell);
		pthread_mutex_unlock(&keeper->lock);
		pthread_join(keeper->thread, NULL);
	}
	db_close(&keeper->db);
	pthread_cond_destroy(&keeper->bell);
	pthread_mutex_destroy(&keeper->lock);
	pthread_mutex_destroy(&keeper->checkpoint);
	free(keeper);
	*kp = NULL;
}

void
keeper_rest(struct keeper *keeper, struct db *writer)
{
	/* While somebody reads an old snapshot, the log grows. */
	if (db_log_pages(writer) < PAGES_MAX ||
	    clock_mono() - keeper->tried < AGAIN)
		return;
	keeper->tried = clock_mono();
	pthread_mutex_lock(&keeper->checkpoint);
	db_checkpoint(writer, true);
	pthread_mutex_unlock(&keeper->checkpoint);
}
