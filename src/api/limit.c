/*
 * What a source may send: size, address, rate (reference table `limit`).
 * Called by each way in, before and after the sender is proved.  A source's
 * own bucket is taken from only by deliveries that are proved; forgeries have
 * buckets of their own, by source and sender, so that they cost us little and
 * the source whose name they use nothing.
 */
#include "api/inside.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/cidr.h"
#include "core/clock.h"
#include "core/digest.h"
#include "core/log.h"
#include "core/map.h"
#include "net/retry.h"

#define SECOND INT64_C(1000000)

/* Deliveries that prove nothing: so many at once, so many a second. */
#define FORGED_BURST 200
#define FORGED_RATE 10
#define FORGED_BUCKETS 4096	/* shared where hashes meet: bounded memory */
/* While a sender's forgeries are over that, a body up to this is still looked
 * at: cheaper than to lock an honest sender out who has the same address. */
#define CHEAP (64 << 10)

enum reason { LIMIT_RATE, LIMIT_SIZE, LIMIT_ADDRESS, LIMIT_FORGED, REASONS };

static const char *const reasons[REASONS] = {
	"rate", "size", "address", "forged"
};

struct meter {			/* of one source */
	struct bucket bucket, said;
	int64_t limited[REASONS];
};

struct limits {
	pthread_mutex_t lock;
	struct map *meters;	/* source -> struct meter */
	struct bucket forged[FORGED_BUCKETS];
	unsigned char salt[16];	/* nobody can choose whose bucket he shares */
};

struct limits *
limits_new(void)
{
	struct limits *limits = calloc(1, sizeof *limits);

	if (limits == NULL)
		bug("out of memory");
	pthread_mutex_init(&limits->lock, NULL);
	limits->meters = map_new();
	digest_random(limits->salt, sizeof limits->salt);
	return limits;
}

void
limits_free(struct limits **lp)
{
	struct limits *limits = *lp;

	if (limits == NULL)
		return;
	map_free(&limits->meters, free);
	pthread_mutex_destroy(&limits->lock);
	free(limits);
	*lp = NULL;
}

/* Names are those of registered sources and tokens: their number is ours. */
static struct meter *
meter_of(struct limits *limits, const char *source)
{
	struct meter *meter = map_find(limits->meters, span_of(source));

	if (meter != NULL)
		return meter;
	meter = calloc(1, sizeof *meter);
	if (meter == NULL)
		bug("out of memory");
	map_set(limits->meters, span_of(source), meter);
	return meter;
}

/* ---- whose address ---------------------------------------------------- */

/* From the right, the first that is none of our fronts: what stands left of
 * it anybody may have written. */
static struct span
forwarded(const char *list, const char *fronts)
{
	size_t end = strlen(list);

	for (;;) {
		size_t from = end;
		struct span one;

		while (from > 0 && list[from - 1] != ',')
			from--;
		one = (struct span){ list + from, end - from };
		while (one.n > 0 && (*one.p == ' ' || *one.p == '\t'))
			one.p++, one.n--;
		while (one.n > 0 && (one.p[one.n - 1] == ' ' ||
		    one.p[one.n - 1] == '\t'))
			one.n--;
		if (from == 0 || !cidr_has(fronts, one))
			return one;
		end = from - 1;
	}
}

struct span
sender_of(struct api *api, struct request *request)
{
	const char *fronts = api_options(api)->fronts;
	struct span peer = span_of(request_peer(request)->address);
	bool twice = false;
	const char *list;

	if (fronts[0] == '\0' || !cidr_has(fronts, peer))
		return peer;
	list = request_header(request, "X-Forwarded-For", &twice);
	return list == NULL || twice ? peer : forwarded(list, fronts);
}

static struct bucket *
forged_of(struct call *call, const char *source)
{
	struct limits *limits = api_limits(call->api);
	unsigned char sender[16] = { 0 }, digest[SHA256_SIZE];
	struct span parts[3] = {
		{ (const char *)limits->salt, sizeof limits->salt },
		{ (const char *)sender, sizeof sender }, span_of(source)
	};

	(void)cidr_sender(sender_of(call->api,
	    call->request), sender);
	digest_sha256v(parts, 3, digest);
	return &limits->forged[(digest[0] | (unsigned)digest[1] << 8) %
	    FORGED_BUCKETS];
}

/* ---- judging ---------------------------------------------------------- */

struct verdict {
	enum reason reason;
	enum err_code code;	/* ERR_NONE: it may come in */
	int64_t wait;
};

static struct verdict
over(enum reason reason, enum err_code code, int64_t wait)
{
	return (struct verdict){ reason, code, wait };
}

/* What needs no bucket. */
static struct verdict
judge_shape(struct call *call, const struct source_limit *limit)
{
	if (limit->body > 0 &&
	    (int64_t)request_body(call->request).n > limit->body)
		return over(LIMIT_SIZE, ERR_TOO_LARGE, 0);
	if (limit->allow[0] != '\0' && !request_peer(call->request)->local &&
	    !cidr_has(limit->allow, sender_of(call->api,
	    call->request)))
		return over(LIMIT_ADDRESS, ERR_FORBIDDEN, 0);
	return (struct verdict){ .code = ERR_NONE };
}

static void
say_wait(struct call *call, int64_t wait)
{
	int64_t seconds = wait / SECOND + (wait % SECOND > 0);
	char text[24];

	snprintf(text, sizeof text, "%lld",
	    (long long)(seconds > 0 ? seconds : 1));
	request_say(call->request, "Retry-After",
	    arena_strdup(call->arena, text));
}

/* Counts and answers what may not come in; the log hears of a source once a
 * second at most, however many there are. */
static bool
settle(struct call *call, const char *source, const struct verdict *v)
{
	struct limits *limits = api_limits(call->api);
	struct err e = { 0 };
	struct meter *meter;
	bool say;

	if (v->code == ERR_NONE)
		return true;
	pthread_mutex_lock(&limits->lock);
	meter = meter_of(limits, source);
	meter->limited[v->reason]++;
	say = bucket_take(&meter->said, clock_mono(), 1, 1, 1) == 0;
	pthread_mutex_unlock(&limits->lock);
	if (say)
		log_line(LOG_WARN, "source.limited", "source=%s reason=%s",
		    source, reasons[v->reason]);
	if (v->code == ERR_LIMIT)
		say_wait(call, v->wait);
	e.code = v->code;	/* no detail: the sender may be a forger */
	request_fail(call->request, &e);
	return false;
}

static struct verdict
judge_rate(struct call *call, const char *source,
    const struct source_limit *limit, int64_t n)
{
	struct limits *limits = api_limits(call->api);
	int64_t now = clock_mono(), wait;
	struct meter *meter;

	if (limit->rate == 0)
		return (struct verdict){ .code = ERR_NONE };
	pthread_mutex_lock(&limits->lock);
	meter = meter_of(limits, source);
	wait = n > 0 ? bucket_take(&meter->bucket, now, limit->rate,
	    limit->burst, n) : bucket_wait(&meter->bucket, now, limit->rate,
	    limit->burst, 1);
	pthread_mutex_unlock(&limits->lock);
	return over(LIMIT_RATE, wait > 0 ? ERR_LIMIT : ERR_NONE, wait);
}

/* n 0: only looks whether there would be room for one. */
static bool
judge(struct call *call, const char *source, int64_t n)
{
	struct reference *r = pump_reference(api_pump(call->api));
	const struct source_limit *limit = reference_limit(r, source);
	struct verdict v = { .code = ERR_NONE };

	if (limit != NULL)
		v = judge_shape(call, limit);
	if (limit != NULL && v.code == ERR_NONE)
		v = judge_rate(call, source, limit, n);
	reference_drop(&r);
	return settle(call, source, &v);
}

bool
limit_admits(struct call *call, const char *source)
{
	struct limits *limits = api_limits(call->api);
	struct verdict v = { .code = ERR_NONE };
	struct bucket *forged;
	int64_t wait;

	if (!judge(call, source, 0))
		return false;
	if (request_body(call->request).n <= CHEAP)
		return true;
	forged = forged_of(call, source);
	pthread_mutex_lock(&limits->lock);
	wait = bucket_wait(forged, clock_mono(), FORGED_RATE, FORGED_BURST,
	    1);
	pthread_mutex_unlock(&limits->lock);
	if (wait > 0)
		v = over(LIMIT_FORGED, ERR_LIMIT, wait);
	return settle(call, source, &v);
}

bool
limit_takes(struct call *call, const char *source, size_t n)
{
	return judge(call, source, (int64_t)n);
}

bool
limit_forged(struct call *call, const char *source)
{
	struct limits *limits = api_limits(call->api);
	struct bucket *forged = forged_of(call, source);
	struct verdict v = { .code = ERR_NONE };
	int64_t wait;

	pthread_mutex_lock(&limits->lock);
	wait = bucket_take(forged, clock_mono(), FORGED_RATE, FORGED_BURST,
	    1);
	pthread_mutex_unlock(&limits->lock);
	if (wait > 0)
		v = over(LIMIT_FORGED, ERR_LIMIT, wait);
	return settle(call, source, &v);
}

void
limit_figures(struct api *api, void (*each)(void *, const char *source,
    const char *reason, int64_t n), void *arg)
{
	struct limits *limits = api_limits(api);
	struct span source;
	void *value;

	pthread_mutex_lock(&limits->lock);
	for (size_t at = 0; map_next(limits->meters, &at, &source, &value);)
		for (int i = 0; i < REASONS; i++)
			each(arg, source.p, reasons[i],
			    ((struct meter *)value)->limited[i]);
	pthread_mutex_unlock(&limits->lock);
}
