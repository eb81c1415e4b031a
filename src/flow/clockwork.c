/*
 * The one job that looks at the clock, each second: are there new rules, does
 * a window open, has a batch's hour come, did somebody wait too long?
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

#include "core/clock.h"
#include "core/log.h"
#include "flow/due.h"
#include "flow/job.h"

struct clockwork {
	struct job_env env;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	bool stop;
	struct db *db;		/* only reads */
	atomic_bool settling;	/* guards the mark */
	struct due_mark mark;
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

/* On the writer; again while there is more. */
static bool
settle_due(struct settler *settler, void *arg)
{
	struct clockwork *c = arg;
	struct err e = { 0 };
	bool more = false;

	if (!due_settle(settler, clock_now(), &c->mark, &more, &e))
		log_line(LOG_ERROR, "clock.failed", "why=\"%s\"", e.why);
	if (!more)
		atomic_store(&c->settling, false);
	return more;
}

static void
look(struct clockwork *c)
{
	struct err e = { 0 };
	bool any = false;

	if (!due_any(c->db, clock_now(), &any, &e))
		log_line(LOG_ERROR, "clock.failed", "why=\"%s\"", e.why);
	if (!any || atomic_exchange(&c->settling, true))
		return;
	if (!pump_call(c->env.pump, settle_due, c, &e))
		atomic_store(&c->settling, false);
}

static void *
tick(void *arg)
{
	struct clockwork *c = arg;

	while (sleep_second(c)) {
		pump_tick(c->env.pump);
		pump_refresh(c->env.pump);
		look(c);
	}
	return NULL;
}

static bool
open_clockwork(void **state, const struct job_env *env, struct err *e)
{
	struct clockwork *c = calloc(1, sizeof *c);

	if (c == NULL)
		bug("out of memory");
	c->env = *env;
	if (!db_open(&c->db, options_text(env->options, "store"), DB_READ,
	    e)) {
		free(c);
		return false;
	}
	pthread_mutex_init(&c->lock, NULL);
	pthread_cond_init(&c->wake, NULL);
	if (pthread_create(&c->thread, NULL, tick, c) != 0) {
		db_close(&c->db);
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
	db_close(&c->db);
	pthread_cond_destroy(&c->wake);
	pthread_mutex_destroy(&c->lock);
	free(c);
}

const struct job job_clockwork = {
	"clockwork", open_clockwork, stop_clockwork, close_clockwork
};
