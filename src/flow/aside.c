/* Threads of jobs; called by alert.c and courier.c. Holds no lock while the
 * job works. */
#include "flow/aside.h"

#include <time.h>

#include "flow/settle.h"

bool
aside_start(struct aside *aside, void *(*run)(void *), void *arg,
    struct err *e)
{
	pthread_condattr_t monotonic;

	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_mutex_init(&aside->lock, NULL);
	pthread_cond_init(&aside->wake, &monotonic);
	pthread_condattr_destroy(&monotonic);
	if (pthread_create(&aside->thread, NULL, run, arg) == 0)
		return true;
	aside_end(aside);
	return err_set(e, ERR_SYSTEM, "cannot start a thread");
}

bool
aside_rest(struct aside *aside, int64_t milliseconds)
{
	struct timespec until;
	int rc = 0;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += milliseconds / 1000;
	until.tv_nsec += milliseconds % 1000 * 1000000;
	if (until.tv_nsec >= 1000000000) {
		until.tv_sec++;
		until.tv_nsec -= 1000000000;
	}
	pthread_mutex_lock(&aside->lock);
	while (!atomic_load(&aside->stop) && rc == 0)
		rc = pthread_cond_timedwait(&aside->wake, &aside->lock,
		    &until);
	pthread_mutex_unlock(&aside->lock);
	return !atomic_load(&aside->stop);
}

void
aside_stop(struct aside *aside)
{
	pthread_mutex_lock(&aside->lock);
	atomic_store(&aside->stop, true);
	pthread_cond_signal(&aside->wake);
	pthread_mutex_unlock(&aside->lock);
	pthread_join(aside->thread, NULL);
}

void
aside_end(struct aside *aside)
{
	pthread_cond_destroy(&aside->wake);
	pthread_mutex_destroy(&aside->lock);
}

/* ---- writing ---------------------------------------------------------- */

struct order {
	bool (*fn)(struct books *, void *, struct err *);
	void *arg;
	struct err *e;
	pthread_mutex_t lock;
	pthread_cond_t bell;
	bool done, ok;
};

static void
order_over(void *arg, bool ok, const struct err *e)
{
	struct order *order = arg;

	pthread_mutex_lock(&order->lock);
	if (!ok)
		*order->e = *e;
	order->ok = ok;
	order->done = true;
	pthread_cond_signal(&order->bell);
	pthread_mutex_unlock(&order->lock);
}

/* On the writer's thread. */
static bool
obey(struct settler *settler, void *arg)
{
	struct books *books = settler_books(settler);
	struct order *order = arg;
	struct err e = { 0 };
	bool ok = false;

	if (books_begin(books, &e)) {
		ok = order->fn(books, order->arg, &e) &&
		    books_commit(books, &e);
		if (ok)
			crash_point("aside.after_commit");
		else
			books_rollback(books);
	}
	order_over(order, ok, &e);
	return false;
}

static bool
obey_riding(struct books *books, void *arg, struct err *e)
{
	struct order *order = arg;

	return order->fn(books, order->arg, e);
}

/* The pump has it, or refused it. */
static bool
await_order(struct order *order, bool taken)
{
	pthread_mutex_lock(&order->lock);
	while (taken && !order->done)
		pthread_cond_wait(&order->bell, &order->lock);
	pthread_mutex_unlock(&order->lock);
	pthread_cond_destroy(&order->bell);
	pthread_mutex_destroy(&order->lock);
	return order->ok;
}

bool
aside_write(struct pump *pump, bool (*fn)(struct books *, void *,
    struct err *), void *arg, struct err *e)
{
	struct order order = { .fn = fn, .arg = arg, .e = e };

	pthread_mutex_init(&order.lock, NULL);
	pthread_cond_init(&order.bell, NULL);
	return await_order(&order, pump_call(pump, obey, &order, e));
}

bool
aside_join(struct pump *pump, bool (*fn)(struct books *, void *,
    struct err *), void *arg, struct err *e)
{
	struct order order = { .fn = fn, .arg = arg, .e = e };
	struct ride ride = { .write = obey_riding, .over = order_over,
	    .arg = &order };

	pthread_mutex_init(&order.lock, NULL);
	pthread_cond_init(&order.bell, NULL);
	return await_order(&order, pump_ride(pump, &ride, e));
}
