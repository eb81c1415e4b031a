/*
 * The one job that looks at the clock, each second: are there new rules, does
 * a window open, has a batch's hour come, did somebody wait too long?
 */
#include <stdatomic.h>
#include <stdlib.h>

#include "core/clock.h"
#include "core/log.h"
#include "flow/beat.h"
#include "flow/due.h"
#include "flow/job.h"

struct clockwork {
	struct job_env env;
	struct beat beat;
	struct db *db;		/* only reads */
	atomic_bool settling;	/* guards the mark */
	struct due_mark mark;
};

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

	while (beat_rest(&c->beat, BEAT_SECOND)) {
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
	if (!beat_start(&c->beat, tick, c, e)) {
		db_close(&c->db);
		free(c);
		return false;
	}
	*state = c;
	return true;
}

static void
stop_clockwork(void *state)
{
	struct clockwork *c = state;

	beat_stop(&c->beat);
}

static void
close_clockwork(void **state)
{
	struct clockwork *c = *state;

	*state = NULL;
	db_close(&c->db);
	beat_free(&c->beat);
	free(c);
}

const struct job job_clockwork = {
	"clockwork", open_clockwork, stop_clockwork, close_clockwork
};
