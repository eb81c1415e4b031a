/*
 * A bucket alone would let a burst and a second's filling through in one
 * second; so who goes also looks at all calls that were under way in the last
 * second, from their start to their end: where in between the target saw them
 * is not known.
 */
#include "flow/pace.h"

#include <pthread.h>
#include <stdlib.h>

#include "core/clock.h"
#include "core/vec.h"

#define SECOND INT64_C(1000000)
#define CALLS_MAX ((size_t)1 << 20)	/* under way in one second */
#define SOON 2000			/* until a call of others may be over */

struct taken {
	int64_t n, end;		/* end 0: under way */
	pthread_t by;
};

struct pace {
	pthread_mutex_t lock;	/* all below */
	unsigned users;
	struct pace_limits limits;
	struct bucket bucket;
	struct breaker breaker;
	struct vec calls;	/* of the last second */
	int64_t sum;		/* of their n */
	int64_t until;		/* as the target asked */
};

struct pace *
pace_new(const struct pace_limits *limits)
{
	struct pace *pace = calloc(1, sizeof *pace);

	if (pace == NULL)
		bug("out of memory");
	pthread_mutex_init(&pace->lock, NULL);
	pace->users = 1;
	pace->limits = *limits;
	if (pace->limits.burst == 0)
		pace->limits.burst = limits->rate;
	pace->breaker.limit = (unsigned)limits->failures;
	pace->breaker.pause = limits->pause * SECOND;
	vec_init(&pace->calls, sizeof(struct taken), CALLS_MAX);
	return pace;
}

struct pace *
pace_hold(struct pace *pace)
{
	pthread_mutex_lock(&pace->lock);
	pace->users++;
	pthread_mutex_unlock(&pace->lock);
	return pace;
}

void
pace_drop(struct pace **pp)
{
	struct pace *pace = *pp;
	bool last;

	*pp = NULL;
	if (pace == NULL)
		return;
	pthread_mutex_lock(&pace->lock);
	last = --pace->users == 0;
	pthread_mutex_unlock(&pace->lock);
	if (!last)
		return;
	vec_free(&pace->calls);
	pthread_mutex_destroy(&pace->lock);
	free(pace);
}

/* ---- the rate --------------------------------------------------------- */

static int64_t
most(const struct pace *pace)
{
	return pace->limits.rate == 0 ? INT64_MAX :
	    pace->limits.burst > pace->limits.rate ? pace->limits.burst :
	    pace->limits.rate;
}

int64_t
pace_most(struct pace *pace)
{
	return pace->limits.rate == 0 ? INT64_MAX : pace->limits.burst;
}

/* Those that ended a second ago are gone. */
static void
forget(struct pace *pace, int64_t now)
{
	struct taken *calls = pace->calls.p;
	size_t kept = 0;

	for (size_t i = 0; i < pace->calls.n; i++)
		if (calls[i].end == 0 || calls[i].end + SECOND > now)
			calls[kept++] = calls[i];
		else
			pace->sum -= calls[i].n;
	pace->calls.n = kept;
}

/* Until enough of them are gone; those under way end who knows when. */
static int64_t
window_wait(const struct pace *pace, int64_t now, int64_t n)
{
	const struct taken *calls = pace->calls.p;
	int64_t left = pace->sum + n - most(pace);

	for (size_t i = 0; left > 0 && i < pace->calls.n; i++) {
		left -= calls[i].n;
		if (calls[i].end == 0)
			return SOON;
		if (left <= 0)
			return calls[i].end + SECOND - now;
	}
	return 0;
}

static int64_t
rate_wait(struct pace *pace, int64_t now, int64_t n)
{
	int64_t wait;

	if (pace->limits.rate == 0)
		return 0;
	if (pace->sum + n > most(pace))
		forget(pace, now);
	wait = window_wait(pace, now, n);
	return wait > 0 ? wait : bucket_take(&pace->bucket, now,
	    pace->limits.rate, pace->limits.burst, n);
}

static void
add_call(struct pace *pace, const struct taken *call)
{
	struct taken *own = vec_add(&pace->calls);

	if (own == NULL)
		bug("more calls than a rate allows");
	*own = *call;
	pace->sum += call->n;
}

/* Until it may be spoken to at all: as it asked, and in what hours. */
static int64_t
closed_for(const struct pace *pace, int64_t now)
{
	int64_t wait = hours_left(&pace->limits.away, clock_now());

	return pace->until - now > wait ? pace->until - now : wait;
}

int64_t
pace_take(struct pace *pace, int64_t now, int64_t n)
{
	const struct taken call = { n, 0, pthread_self() };
	int64_t wait;

	pthread_mutex_lock(&pace->lock);
	wait = closed_for(pace, now);
	if (wait == 0)
		wait = rate_wait(pace, now, n);
	if (wait == 0 && pace->limits.rate > 0)
		add_call(pace, &call);
	pthread_mutex_unlock(&pace->lock);
	return wait;
}

void
pace_ended(struct pace *pace, int64_t now)
{
	struct taken *calls;

	pthread_mutex_lock(&pace->lock);
	calls = pace->calls.p;
	for (size_t i = pace->calls.n; i-- > 0;)
		if (calls[i].end == 0 &&
		    pthread_equal(calls[i].by, pthread_self())) {
			calls[i].end = now;
			break;
		}
	pthread_mutex_unlock(&pace->lock);
}

void
pace_spent(struct pace *pace, int64_t now)
{
	const struct taken all = { most(pace), now, pthread_self() };

	pthread_mutex_lock(&pace->lock);
	if (pace->limits.rate > 0)
		add_call(pace, &all);
	pthread_mutex_unlock(&pace->lock);
}

void
pace_wait(struct pace *pace, int64_t until)
{
	pthread_mutex_lock(&pace->lock);
	if (until > pace->until)
		pace->until = until;
	pthread_mutex_unlock(&pace->lock);
}

/* ---- the breaker ------------------------------------------------------ */

static int64_t
ask_breaker(struct pace *pace, int64_t now, bool *trial)
{
	if (breaker_admits(&pace->breaker, now)) {
		*trial = pace->breaker.state == BREAKER_HALF;
		return 0;
	}
	return pace->breaker.state == BREAKER_HALF ?
	    SECOND :		/* another tries it just now */
	    pace->breaker.until - now;
}

int64_t
pace_admits(struct pace *pace, int64_t now, bool *trial)
{
	int64_t wait;

	pthread_mutex_lock(&pace->lock);
	*trial = false;
	wait = closed_for(pace, now);
	if (wait == 0)
		wait = ask_breaker(pace, now, trial);
	pthread_mutex_unlock(&pace->lock);
	return wait;
}

void
pace_untried(struct pace *pace, int64_t now)
{
	pthread_mutex_lock(&pace->lock);
	if (pace->breaker.state == BREAKER_HALF) {
		pace->breaker.state = BREAKER_OPEN;
		pace->breaker.until = now;
	}
	pthread_mutex_unlock(&pace->lock);
}

void
pace_good(struct pace *pace)
{
	pthread_mutex_lock(&pace->lock);
	breaker_good(&pace->breaker);
	pthread_mutex_unlock(&pace->lock);
}

bool
pace_bad(struct pace *pace, int64_t now)
{
	bool opened;

	pthread_mutex_lock(&pace->lock);
	opened = breaker_bad(&pace->breaker, now);
	pthread_mutex_unlock(&pace->lock);
	return opened;
}

void
pace_hurry(struct pace *pace, int64_t now)
{
	pthread_mutex_lock(&pace->lock);
	if (pace->breaker.state == BREAKER_OPEN)
		pace->breaker.until = now;
	pthread_mutex_unlock(&pace->lock);
}

void
pace_open(struct pace *pace, int64_t until)
{
	pthread_mutex_lock(&pace->lock);
	pace->breaker.state = BREAKER_OPEN;
	pace->breaker.until = until;
	pace->breaker.failures = pace->breaker.limit;
	pthread_mutex_unlock(&pace->lock);
}

void
pace_state(struct pace *pace, int64_t now, struct pace_state *out)
{
	int64_t wait;

	pthread_mutex_lock(&pace->lock);
	*out = (struct pace_state){ pace->breaker.state,
	    pace->breaker.failures, 0, pace->until > now ? pace->until : 0 };
	wait = closed_for(pace, now);
	if (pace->breaker.state == BREAKER_OPEN &&
	    pace->breaker.until - now > wait)
		wait = pace->breaker.until - now;
	if (wait > 0)
		out->until = now + wait;
	pthread_mutex_unlock(&pace->lock);
}
