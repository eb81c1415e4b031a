/*
 * The change feed and those who wait for it.  A waiting request costs a list
 * entry, no thread: one watcher looks again after each commit, and answers
 * whose time is over.
 */
#include "api/inside.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "core/clock.h"
#include "store/scope.h"

#define WAITERS_MAX 1000
#define WAIT_MAX 60
#define FEED_MAX (64 << 20)

struct waiter {
	struct waiter *next;
	struct request *request;
	int64_t after, until;	/* until: monotonic */
	int limit;
	bool narrow;		/* it sees less than there is */
	struct scope scope;	/* as long as the request */
};

struct waiters {
	struct api *api;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t bell;
	struct waiter *first;
	size_t n;
	atomic_bool rung;
	bool stop, started;
};

static void
answer(struct api *api, struct request *request, struct db *db,
    int64_t after, int limit)
{
	struct err e = { 0 };
	struct str out;
	size_t n;

	(void)api;
	str_init(&out, FEED_MAX);
	if (view_changes(db, after, limit, &out, &n, &e) && !out.over) {
		request_answer(request, 200, "application/x-ndjson",
		    str_span(&out));
	} else {
		err_set(&e, ERR_STORE, "the page is too large");
		request_fail(request, &e);
	}
	str_free(&out);
}

/* ---- the watcher ------------------------------------------------------ */

/* Takes out whoever can be answered: news, time over, or stopping. */
static struct waiter *
take_ready(struct waiters *w, int64_t last, int64_t now)
{
	struct waiter *ready = NULL, **at = &w->first;

	while (*at != NULL) {
		struct waiter *waiter = *at;

		if (!w->stop && waiter->after >= last && waiter->until > now) {
			at = &waiter->next;
			continue;
		}
		*at = waiter->next;
		waiter->next = ready;
		ready = waiter;
		w->n--;
	}
	return ready;
}

/* Who sees less has a connection of that scope, and goes on waiting when what
 * is new is not for him. */
static bool
answer_narrow(struct waiters *w, struct waiter *ready, bool stop)
{
	struct err e = { 0 };
	bool narrow, news = true;
	struct db *db = api_scoped(w->api, &ready->scope,
	    request_arena(ready->request), &narrow, &e);

	if (db == NULL || !db_begin_read(db, &e) ||
	    !view_changed(db, ready->after, &news, &e)) {
		request_fail(ready->request, &e);
	} else if (news || ready->until <= clock_mono() || stop) {
		answer(w->api, ready->request, db, ready->after,
		    ready->limit);
		news = true;
	}
	if (db != NULL)
		db_rollback(db);
	return news;
}

static void
wait_on(struct waiters *w, struct waiter *waiter, int64_t last)
{
	pthread_mutex_lock(&w->lock);
	waiter->after = last;
	waiter->next = w->first;
	w->first = waiter;
	w->n++;
	pthread_mutex_unlock(&w->lock);
}

static void
answer_all(struct waiters *w, struct db *db, struct waiter *ready,
    int64_t last, bool stop)
{
	struct waiter *next;

	for (; ready != NULL; ready = next) {
		next = ready->next;
		if (ready->narrow && !answer_narrow(w, ready, stop)) {
			wait_on(w, ready, last);
			continue;
		}
		if (!ready->narrow)
			answer(w->api, ready->request, db, ready->after,
			    ready->limit);
		free(ready);
	}
}

static void
look(struct waiters *w, struct db *db)
{
	struct err e = { 0 };
	struct waiter *ready;
	int64_t last;
	bool stop;

	if (!db_begin_read(db, &e) || !view_last_change(db, &last, &e))
		last = INT64_MAX;	/* let each see the failure */
	pthread_mutex_lock(&w->lock);
	ready = take_ready(w, last, clock_mono());
	stop = w->stop;
	pthread_mutex_unlock(&w->lock);
	answer_all(w, db, ready, last, stop);
	db_rollback(db);
}

/* With w->lock held. Wakes for news, the next end of time, or stopping. */
static void
sleep_until_news(struct waiters *w)
{
	int64_t now = clock_mono(), until = now + INT64_C(3600000000);
	struct timespec at;

	for (const struct waiter *x = w->first; x != NULL; x = x->next)
		if (x->until < until)
			until = x->until;
	clock_gettime(CLOCK_MONOTONIC, &at);
	if (until > now) {
		at.tv_sec += (until - now) / 1000000;
		at.tv_nsec += (until - now) % 1000000 * 1000;
	}
	if (at.tv_nsec >= 1000000000) {
		at.tv_sec++;
		at.tv_nsec -= 1000000000;
	}
	while (!w->stop && !atomic_load(&w->rung) &&
	    (w->first == NULL || clock_mono() < until))
		if (pthread_cond_timedwait(&w->bell, &w->lock, &at) != 0)
			break;
}

static void *
watch(void *arg)
{
	struct waiters *w = arg;
	struct err e = { 0 };
	struct db *db = api_reader(w->api, &e);
	bool stop = false;

	if (db == NULL)
		bug("no reader for the feed: %s", e.why);
	while (!stop) {
		pthread_mutex_lock(&w->lock);
		sleep_until_news(w);
		atomic_store(&w->rung, false);
		stop = w->stop;
		pthread_mutex_unlock(&w->lock);
		look(w, db);
	}
	return NULL;
}

struct waiters *
waiters_new(struct api *api)
{
	struct waiters *w = calloc(1, sizeof *w);
	pthread_condattr_t attr;

	if (w == NULL)
		bug("out of memory");
	w->api = api;
	pthread_mutex_init(&w->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&w->bell, &attr);
	pthread_condattr_destroy(&attr);
	return w;
}

/* Called after each commit: free of charge while nobody waits. */
void
waiters_wake(struct waiters *w)
{
	pthread_mutex_lock(&w->lock);
	if (w->first != NULL && !atomic_exchange(&w->rung, true))
		pthread_cond_signal(&w->bell);
	pthread_mutex_unlock(&w->lock);
}

void
waiters_stop(struct waiters *w)
{
	bool started;

	pthread_mutex_lock(&w->lock);
	w->stop = true;
	started = w->started;
	w->started = false;
	pthread_cond_signal(&w->bell);
	pthread_mutex_unlock(&w->lock);
	if (started)
		pthread_join(w->thread, NULL);
}

void
waiters_free(struct waiters **wp)
{
	struct waiters *w = *wp;

	if (w == NULL)
		return;
	waiters_stop(w);
	pthread_cond_destroy(&w->bell);
	pthread_mutex_destroy(&w->lock);
	free(w);
	*wp = NULL;
}

/* False: not now, answer at once. */
static bool
wait(struct waiters *w, struct call *call, int64_t after, int limit,
    int64_t seconds)
{
	struct waiter *waiter = calloc(1, sizeof *waiter);
	bool ok;

	if (waiter == NULL)
		bug("out of memory");
	*waiter = (struct waiter){ .request = call->request, .after = after,
	    .until = clock_mono() + seconds * 1000000, .limit = limit,
	    .narrow = call->narrow, .scope = caller_scope(&call->caller) };
	pthread_mutex_lock(&w->lock);
	ok = !w->stop && w->n < WAITERS_MAX;
	if (ok && !w->started)
		ok = w->started = pthread_create(&w->thread, NULL, watch, w)
		    == 0;
	if (ok) {
		waiter->next = w->first;
		w->first = waiter;
		w->n++;
		/* Something may have been committed since we looked. */
		atomic_store(&w->rung, true);
		pthread_cond_signal(&w->bell);
	}
	pthread_mutex_unlock(&w->lock);
	if (!ok)
		free(waiter);
	return ok;
}

/* ---- the route -------------------------------------------------------- */

static bool
number(struct call *call, const char *name, int64_t most, int64_t *out)
{
	const char *text = request_query(call->request, name);
	struct err e = { 0 };

	if (text == NULL || (parse_id(text, '\0', out) && *out <= most))
		return true;
	err_set(&e, ERR_REQUEST, "%s: 0 to %lld", name, (long long)most);
	request_fail(call->request, &e);
	return false;
}

void
changes_get(struct call *call)
{
	int64_t after = 0, limit = 1000, seconds = 0, last;
	struct err e = { 0 };

	if (!number(call, "after", INT64_MAX, &after) ||
	    !number(call, "limit", 10000, &limit) ||
	    !number(call, "wait", WAIT_MAX, &seconds))
		return;
	if (!view_last_change(call->db, &last, &e)) {
		request_fail(call->request, &e);
		return;
	}
	/* One who has seen more than there is must learn so at once. */
	if (after != last || seconds == 0 || !wait(api_waiters(call->api),
	    call, after, (int)limit, seconds))
		answer(call->api, call->request, call->db, after,
		    (int)limit);
}
