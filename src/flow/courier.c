/*
 * The job that delivers notices. Each lane keeps its order; one that fails
 * rests, longer each time, and holds up no other. A notice leaves the queue
 * after its delivery: killed in between, it goes again as the same message.
 */
#include <stdlib.h>
#include <string.h>

#include "core/clock.h"
#include "core/log.h"
#include "flow/aside.h"
#include "flow/channel.h"
#include "flow/job.h"
#include "flow/settle.h"

#define TURN 500		/* milliseconds */
#define BURST 20		/* notices of a lane in one turn */
#define PAUSE_MAX 900		/* seconds */
#define LANES_SEEN 64		/* that are configured no more, in one go */

struct courier {
	struct job_env env;
	struct aside aside;
	struct channels *channels;
	struct db *db;
	struct arena *arena;
	struct {
		int64_t next;	/* by clock_mono() */
		int failures;
	} lanes[LANES_MAX];
};

struct outcome {		/* of one attempt, for the writer */
	const struct alert_lane *lane;
	const struct alert_notice *notice;
	enum send_result result;
	const char *why;
};

static bool
keep_outcome(struct books *books, void *arg, struct err *e)
{
	const struct outcome *o = arg;

	crash_point("alert.delivered");
	if (o->result == SEND_DONE)
		return alert_sent(books, o->lane, o->notice, e);
	return alert_failed(books, o->lane, o->notice, o->why,
	    o->result == SEND_REFUSED, e);
}

static void
pause_lane(struct courier *c, size_t i)
{
	int64_t seconds = 1;

	for (int n = c->lanes[i].failures++; n > 0 && seconds < PAUSE_MAX;
	    n--)
		seconds *= 2;
	if (seconds > PAUSE_MAX)
		seconds = PAUSE_MAX;
	c->lanes[i].next = clock_mono() + seconds * 1000000;
}

/* One notice; true: there may be another to send now. */
static bool
deliver(struct courier *c, size_t i, struct err *e)
{
	const struct alert_lane *lane = channel_lane(c->channels, i);
	struct alert_notice notice;
	struct outcome o = { lane, &notice, SEND_DONE, "" };
	struct err why = { 0 };
	bool found;

	if (!alert_next(c->db, lane, c->arena, &notice, &found, e) || !found)
		return false;
	o.result = channel_send(c->channels, i, &notice, &c->aside.stop,
	    &why);
	if (o.result == SEND_STOPPED)
		return false;
	o.why = why.why;
	if (!aside_write(c->env.pump, keep_outcome, &o, e)) {
		/* It may go twice, but not as fast as we can. */
		pause_lane(c, i);
		return false;
	}
	if (o.result == SEND_DONE) {
		c->lanes[i].failures = 0;
		return true;
	}
	pause_lane(c, i);
	log_line(LOG_WARN, "alert.not_sent", "channel=%s target=%s "
	    "message=%s why=\"%s\"", lane->channel, lane->target,
	    notice.message, o.why);
	return false;
}

static void
work(struct courier *c)
{
	for (size_t i = 0; i < channels_count(c->channels); i++) {
		struct err e = { 0 };

		if (clock_mono() < c->lanes[i].next)
			continue;
		for (int n = 0; n < BURST && deliver(c, i, &e); n++)
			;
		if (e.code != ERR_NONE)
			log_line(LOG_ERROR, "alert.courier", "why=\"%s\"",
			    e.why);
		arena_reset(c->arena);
	}
}

/* ---- lanes that are configured no more -------------------------------- */

struct strangers {
	struct arena *arena;
	struct alert_lane lanes[LANES_SEEN];
	size_t n;
};

static bool
configured(const struct courier *c, const struct alert_lane *lane)
{
	for (size_t i = 0; i < channels_count(c->channels); i++) {
		const struct alert_lane *one = channel_lane(c->channels, i);

		if (strcmp(one->channel, lane->channel) == 0 &&
		    strcmp(one->target, lane->target) == 0)
			return true;
	}
	return false;
}

static bool
drop_lane(struct books *books, const struct alert_lane *lane,
    struct arena *arena, struct err *e)
{
	struct alert_notice notice;
	bool found = true;

	while (found) {
		if (!alert_next(books->db, lane, arena, &notice, &found, e))
			return false;
		if (found && !alert_drop(books, lane, &notice, e))
			return false;
	}
	return true;
}

/* On the writer's thread. */
static bool
drop_strangers(struct books *books, void *arg, struct err *e)
{
	const struct strangers *strangers = arg;
	bool ok = true;

	for (size_t i = 0; ok && i < strangers->n; i++)
		ok = drop_lane(books, &strangers->lanes[i],
		    strangers->arena, e);
	return ok;
}

static bool
find_strangers(struct courier *c, struct strangers *out, struct err *e)
{
	size_t n;

	if (!alert_lanes(c->db, c->arena, LANES_SEEN, out->lanes, &n, e))
		return false;
	for (size_t i = 0; i < n; i++)
		if (!configured(c, &out->lanes[i]))
			out->lanes[out->n++] = out->lanes[i];
	return true;
}

/* Else they would wait for ever. */
static void
forget_strangers(struct courier *c)
{
	struct strangers strangers = { .arena = c->arena };
	struct err e = { 0 };

	if (!find_strangers(c, &strangers, &e) || (strangers.n > 0 &&
	    !aside_write(c->env.pump, drop_strangers, &strangers, &e)))
		log_line(LOG_ERROR, "alert.courier", "why=\"%s\"", e.why);
	arena_reset(c->arena);
}

/* ---- the job ---------------------------------------------------------- */

static void *
run(void *arg)
{
	struct courier *c = arg;

	forget_strangers(c);
	do
		work(c);
	while (aside_rest(&c->aside, TURN));
	return NULL;
}

static void
stop_courier(void *state)
{
	struct courier *c = state;

	aside_stop(&c->aside);
}

static void
free_courier(struct courier *c)
{
	channels_close(&c->channels);
	db_close(&c->db);
	arena_free(&c->arena);
	free(c);
}

static void
close_courier(void **state)
{
	struct courier *c = *state;

	*state = NULL;
	aside_end(&c->aside);
	free_courier(c);
}

static bool
open_courier(void **state, const struct job_env *env, struct err *e)
{
	struct courier *c = calloc(1, sizeof *c);

	if (c == NULL)
		bug("out of memory");
	c->env = *env;
	c->arena = arena_new();
	if (!channels_open(&c->channels, env->options, e) ||
	    !db_open(&c->db, options_text(env->options, "store"), DB_READ,
	    e) || !aside_start(&c->aside, run, c, e)) {
		free_courier(c);
		return false;
	}
	*state = c;
	return true;
}

const struct job job_courier = {
	"courier", open_courier, stop_courier, close_courier
};
