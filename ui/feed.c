/*
 * Follows the daemon's change feed into the cache. Runs on its own thread with
 * its own connections; the loop hears of news through struct shared only.
 * Never touches the screen.
 */
#include "ui/feed.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "book/day.h"
#include "core/clock.h"
#include "core/i18n.h"
#include "ui/cache.h"

#define BATCH 1000
#define WAIT 25		/* seconds that the daemon may hold our question */
#define BACKOFF_MAX 16	/* seconds */
#define ME_AGE ((int64_t)60 * 1000000)

struct feed {
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t bell;
	atomic_bool stop;
	bool asked;		/* refresh wanted, under lock */
	struct shared *shared;
	struct wire *wire;
	struct cache *cache;
	/* of the thread only */
	int64_t seq;
	size_t got;
	bool begun, dirty, masters, settled;
	struct day day;		/* whose ages the problems have */
	int64_t heard;		/* clock_now of the last answer; 0: told */
	int64_t asked_me;	/* clock_mono; 0: ask */
	enum err_code fault;	/* said last */
};

static const char *const tables[] = {
	"account", "cost_centre", "tax_code", "party", "entity", "item",
	"location", "currency", "gst_state", "gst_unit"
};

static bool
take_change(void *ctx, const struct wire_change *change, struct err *e)
{
	struct feed *feed = ctx;

	if (!feed->begun && !cache_begin(feed->cache, e))
		return false;
	feed->begun = true;
	feed->got++;
	feed->dirty = true;
	if (strcmp(change->topic, "reference") == 0)
		feed->masters = true;
	if (change->seq > feed->seq)
		feed->seq = change->seq;
	return cache_apply(feed->cache, change, e);
}

static bool
keep_answer(struct feed *feed, const char *kind, const char *key,
    const char *path, struct err *e)
{
	struct arena *arena = arena_new();
	struct span body;
	bool ok = wire_get(feed->wire, path, arena, &body, e) &&
	    cache_keep(feed->cache, kind, key, body, e);

	arena_free(&arena);
	return ok;
}

/* What one may not see is left out; another error is the link's. */
static bool
keep_seen(struct feed *feed, const char *kind, const char *path,
    struct err *e)
{
	struct err one = { 0 };

	return keep_answer(feed, kind, "", path, &one) ||
	    one.code == ERR_FORBIDDEN || err_set(e, one.code, "%s", one.why);
}

/* A table that this daemon does not have, or that we may not see, is left
 * out; only a lost link counts. */
static bool
keep_masters(struct feed *feed, struct err *e)
{
	char path[80];

	for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
		struct err one = { 0 };

		snprintf(path, sizeof path, "/v1/reference/%s", tables[i]);
		if (!keep_answer(feed, "reference", tables[i], path, &one) &&
		    err_is_away(one.code))
			return err_set(e, one.code, "%s", one.why);
	}
	feed->masters = false;
	return true;
}

/* Sums are the daemon's: taken whole once the changes are in. */
static bool
keep_sums(struct feed *feed, struct err *e)
{
	if (!keep_answer(feed, "status", "", "/v1/status", e) ||
	    !keep_seen(feed, "trial", "/v1/trial-balance", e))
		return false;
	feed->dirty = false;
	return true;
}

/* Problems grow older without a change: each day they are read anew. */
static bool
keep_problems(struct feed *feed, struct err *e)
{
	struct day today = day_from_time(clock_now());
	struct arena *arena;
	struct span body;
	bool ok;

	if (strcmp(today.text, feed->day.text) == 0)
		return true;
	arena = arena_new();
	ok = wire_get(feed->wire, "/v1/signatures", arena, &body, e) &&
	    cache_begin(feed->cache, e) &&
	    cache_keep_signatures(feed->cache, body, e) &&
	    cache_commit(feed->cache, e);
	arena_free(&arena);
	if (ok) {
		feed->day = today;
		feed->dirty = true;
	}
	return ok;
}

static bool
mark(struct feed *feed, int64_t end, struct err *e)
{
	char at[25];

	if (feed->got < BATCH && end > feed->seq)
		feed->seq = end;
	clock_format(clock_now(), at);
	if (!cache_mark(feed->cache, feed->seq, at, e) ||
	    (feed->begun && !cache_commit(feed->cache, e)))
		return false;
	feed->begun = false;
	return true;
}

/* A daemon that counts less than we have seen is another one, or was
 * restored from a backup: what we hold may be of a future it never had. */
static bool
start_over(struct feed *feed, struct err *e)
{
	feed->seq = feed->asked_me = 0;
	feed->dirty = feed->masters = true;
	feed->settled = false;
	return cache_begin(feed->cache, e) && cache_clear(feed->cache, e) &&
	    cache_commit(feed->cache, e);
}

/* Who we are, once a minute. As another, or as one who may something else,
 * nothing is left of what was seen before. */
static bool
keep_me(struct feed *feed, struct err *e)
{
	struct arena *arena;
	struct span was, body;
	bool ok, same;

	if (feed->asked_me != 0 && clock_mono() - feed->asked_me < ME_AGE)
		return true;
	arena = arena_new();
	ok = wire_get(feed->wire, "/v1/me", arena, &body, e);
	same = ok && cache_find(feed->cache, arena, "me", "", &was) &&
	    span_equal(was, body);
	if (ok && !same)
		ok = (feed->seq == 0 || start_over(feed, e)) &&
		    cache_keep(feed->cache, "me", "", body, e);
	if (ok)
		feed->asked_me = clock_mono();
	arena_free(&arena);
	return ok;
}

static bool
turn(struct feed *feed, int wait, struct err *e)
{
	int64_t end = 0, before;
	bool news;

	if (!keep_me(feed, e))
		return false;
	before = feed->seq;
	feed->got = 0;
	if (!wire_changes_get(feed->wire, feed->seq, BATCH, wait,
	    take_change, feed, &end, e))
		return false;
	if (end < before)
		return start_over(feed, e);
	/* Changes of what is gone again move the end without a line. */
	news = feed->got > 0 || feed->dirty || end > before;
	if (news && !mark(feed, end, e))
		return false;
	if (feed->got < BATCH && !keep_problems(feed, e))
		return false;
	news |= feed->dirty;
	if (feed->got < BATCH && feed->dirty && !keep_sums(feed, e))
		return false;
	if (feed->got < BATCH && feed->masters && !keep_masters(feed, e))
		return false;
	shared_heard(feed->shared);
	feed->heard = clock_now();
	shared_link(feed->shared, feed->got < BATCH ? LINK_LIVE :
	    LINK_COMING);
	if (news)
		shared_changed(feed->shared);
	if (feed->got == BATCH || feed->settled)
		return true;
	feed->settled = cache_settle(feed->cache, e);
	return feed->settled;
}

/* Nothing had changed up to then: who starts without the daemon is to know. */
static void
tell_heard(struct feed *feed)
{
	struct err e = { 0 };
	char at[25];

	if (feed->heard == 0)
		return;
	clock_format(feed->heard, at);
	if (!cache_begin(feed->cache, &e) || !cache_mark(feed->cache,
	    cache_seq(feed->cache), at, &e) || !cache_commit(feed->cache, &e))
		cache_rollback(feed->cache);
	feed->heard = 0;
	shared_changed(feed->shared);
}

/* True when asked to refresh or stop before the time is over. */
static bool
rest(struct feed *feed, int seconds)
{
	struct timespec until;
	bool asked;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += seconds;
	pthread_mutex_lock(&feed->lock);
	while (!feed->asked && !atomic_load(&feed->stop))
		if (pthread_cond_timedwait(&feed->bell, &feed->lock,
		    &until) == ETIMEDOUT)
			break;
	asked = feed->asked;
	feed->asked = false;
	pthread_mutex_unlock(&feed->lock);
	return asked;
}

/* That nobody is there is said by the place itself, behind what comes of it;
 * that somebody else is there, in words that say what to do. */
static void
tell_fault(struct feed *feed, const struct err *e)
{
	const struct err_info *info = err_info(e->code);
	struct str text;

	if (!err_is_away(e->code)) {
		shared_say(feed->shared, true, e->why);
		return;
	}
	str_init(&text, 1024);
	if (e->code == ERR_UNREACHABLE)
		str_addf(&text, _("No daemon answers; it is asked again by "
		    "itself. %s"), e->why);
	else
		str_addf(&text, "%s %s", _(info->what), _(info->hint));
	shared_say(feed->shared, true, text.p);
	str_free(&text);
}

static void *
follow(void *ctx)
{
	struct feed *feed = ctx;
	int wait = 0, backoff = 1;

	while (!atomic_load(&feed->stop)) {
		struct err e = { 0 };
		int64_t began = clock_mono();

		if (turn(feed, wait, &e)) {
			backoff = 1;
			feed->fault = ERR_NONE;
			/* A daemon that does not hold us is not hurried. */
			if (wait > 0 && feed->got == 0 &&
			    clock_mono() - began < 500000)
				rest(feed, 1);
			wait = feed->got < BATCH && !feed->dirty ? WAIT : 0;
			continue;
		}
		cache_rollback(feed->cache);
		feed->begun = false;
		feed->asked_me = 0;
		feed->seq = cache_seq(feed->cache);
		feed->dirty = true;
		wait = 0;
		if (e.code == ERR_NONE)
			continue;	/* interrupted: asked to refresh */
		tell_heard(feed);
		if (shared_link(feed->shared, LINK_OFFLINE) ||
		    e.code != feed->fault)
			tell_fault(feed, &e);
		feed->fault = e.code;
		if (!rest(feed, backoff) && backoff < BACKOFF_MAX)
			backoff *= 2;
	}
	return NULL;
}

static void
feed_free(struct feed **fp)
{
	struct feed *feed = *fp;

	wire_close(&feed->wire);
	cache_close(&feed->cache);
	pthread_cond_destroy(&feed->bell);
	pthread_mutex_destroy(&feed->lock);
	free(feed);
	*fp = NULL;
}

static void
prepare_bell(struct feed *feed)
{
	pthread_condattr_t attr;

	pthread_mutex_init(&feed->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&feed->bell, &attr);
	pthread_condattr_destroy(&attr);
}

bool
feed_start(struct feed **out, const struct http_place *place,
    const char *path, struct shared *shared, struct err *e)
{
	struct feed *feed = calloc(1, sizeof *feed);

	if (feed == NULL)
		bug("out of memory");
	prepare_bell(feed);
	feed->shared = shared;
	feed->dirty = feed->masters = true;
	if (!wire_open(&feed->wire, place, e) || !cache_open(&feed->cache,
	    path, place->socket ? place->socket : place->url, e)) {
		feed_free(&feed);
		return false;
	}
	feed->seq = cache_seq(feed->cache);
	if (pthread_create(&feed->thread, NULL, follow, feed) != 0)
		bug("no thread");
	*out = feed;
	return true;
}

static void
ring(struct feed *feed, bool stop)
{
	pthread_mutex_lock(&feed->lock);
	feed->asked = true;
	if (stop)
		atomic_store(&feed->stop, true);
	pthread_cond_signal(&feed->bell);
	pthread_mutex_unlock(&feed->lock);
	wire_interrupt(feed->wire);
}

void
feed_refresh(struct feed *feed)
{
	ring(feed, false);
}

void
feed_stop(struct feed **fp)
{
	struct timespec until;

	if (*fp == NULL)
		return;
	/* One call after the other is cut off, until the thread has seen it. */
	do {
		ring(*fp, true);
		clock_gettime(CLOCK_REALTIME, &until);
		until.tv_nsec += 20000000;
		until.tv_sec += until.tv_nsec / 1000000000;
		until.tv_nsec %= 1000000000;
	} while (pthread_timedjoin_np((*fp)->thread, NULL, &until) != 0);
	tell_heard(*fp);
	feed_free(fp);
}
