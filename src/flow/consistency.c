/*
 * The job that walks the ledger all the time, and what it found.  It rests
 * twenty times as long as it works, so that it takes a twentieth of one
 * processor at most and nothing of the writer.
 */
#include "flow/consistency.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/clock.h"
#include "core/log.h"
#include "flow/beat.h"
#include "flow/job.h"

#define SLICE 200		/* rows of one snapshot */
#define REST 20			/* times what the slice took */
#define REST_LEAST 20000	/* microseconds */

struct found {			/* of the pass that runs */
	struct difference items[DIFFERENCES_MAX];
	size_t n;
	int64_t differences;
};

struct consistency {
	pthread_mutex_t lock;
	struct consistency_report report;
	struct found now;
};

/* ---- what was found --------------------------------------------------- */

struct consistency *
consistency_new(void)
{
	struct consistency *c = calloc(1, sizeof *c);

	if (c == NULL)
		bug("out of memory");
	pthread_mutex_init(&c->lock, NULL);
	return c;
}

void
consistency_free(struct consistency **cp)
{
	if (*cp == NULL)
		return;
	pthread_mutex_destroy(&(*cp)->lock);
	free(*cp);
	*cp = NULL;
}

void
consistency_read(struct consistency *c, struct consistency_report *out)
{
	pthread_mutex_lock(&c->lock);
	*out = c->report;
	pthread_mutex_unlock(&c->lock);
}

void
consistency_begin(struct consistency *c)
{
	c->now = (struct found){ .n = 0 };
}

static bool
same(const struct difference *a, const struct difference *b)
{
	return strcmp(a->code, b->code) == 0 && strcmp(a->name, b->name) == 0;
}

/* True when it was known before; then it keeps its time. */
static bool
find_known(const struct consistency_report *report, struct difference *one)
{
	for (size_t i = 0; i < report->n; i++) {
		if (same(&report->items[i], one)) {
			one->since = report->items[i].since;
			return true;
		}
	}
	return false;
}

void
consistency_note(void *arg, const char *code, const char *name,
    const char *detail)
{
	struct consistency *c = arg;
	struct consistency_report *report = &c->report;
	struct difference one = { .since = clock_now() };
	bool known;

	snprintf(one.code, sizeof one.code, "%s", code);
	snprintf(one.name, sizeof one.name, "%s", name);
	snprintf(one.detail, sizeof one.detail, "%s", detail);
	pthread_mutex_lock(&c->lock);
	known = find_known(report, &one);
	c->now.differences++;
	if (c->now.n < DIFFERENCES_MAX)
		c->now.items[c->now.n++] = one;
	if (!known && report->n < DIFFERENCES_MAX) {
		report->items[report->n++] = one;
		report->differences++;
	}
	pthread_mutex_unlock(&c->lock);
	if (!known && c->now.n < DIFFERENCES_MAX)
		log_line(LOG_ERROR, "consistency.differs",
		    "code=%s name=\"%s\"", code, name);
}

void
consistency_end(struct consistency *c, const struct walked *last)
{
	struct consistency_report *report = &c->report;

	pthread_mutex_lock(&c->lock);
	report->passes++;
	report->at = clock_now();
	report->last = *last;
	report->differences = c->now.differences;
	report->n = c->now.n;
	memcpy(report->items, c->now.items, c->now.n * sizeof *c->now.items);
	pthread_mutex_unlock(&c->lock);
}

/* ---- the job ---------------------------------------------------------- */

struct walk {
	struct consistency *found;
	struct db *db;
	int64_t pause;		/* microseconds between passes */
	struct beat beat;
};

/* A pass that cannot be read to its end is no pass: it says so and is begun
 * anew. */
static bool
walk_once(struct walk *w)
{
	struct verify *v = verify_new(w->db, consistency_note, w->found);
	struct walked last;
	struct err e = { 0 };
	bool done = false, ok = true, go = true;

	consistency_begin(w->found);
	while (ok && go && !done) {
		int64_t start = clock_mono(), took;

		ok = verify_step(v, SLICE, &done, &e);
		took = clock_mono() - start;
		go = beat_rest(&w->beat, took * REST > REST_LEAST ?
		    took * REST : REST_LEAST);
	}
	if (!ok)
		log_line(LOG_ERROR, "consistency.stopped", "why=\"%s\"",
		    e.why);
	if (done) {
		verify_result(v, &last);
		consistency_end(w->found, &last);
	}
	verify_free(&v);
	return go;
}

static void *
walk(void *arg)
{
	struct walk *w = arg;

	while (walk_once(w) && beat_rest(&w->beat, w->pause))
		;
	return NULL;
}

static bool
open_walk(void **state, const struct job_env *env, struct err *e)
{
	int64_t seconds = options_count(env->options, "consistency");
	struct walk *w;

	if (seconds == 0)
		return true;
	w = calloc(1, sizeof *w);
	if (w == NULL)
		bug("out of memory");
	w->found = env->consistency;
	w->pause = seconds * 1000000;
	if (!db_open(&w->db, options_text(env->options, "store"), DB_READ,
	    e)) {
		free(w);
		return false;
	}
	if (!beat_start(&w->beat, walk, w, e)) {
		db_close(&w->db);
		free(w);
		return false;
	}
	*state = w;
	return true;
}

static void
stop_walk(void *state)
{
	struct walk *w = state;

	beat_stop(&w->beat);
}

static void
close_walk(void **state)
{
	struct walk *w = *state;

	*state = NULL;
	db_close(&w->db);
	beat_free(&w->beat);
	free(w);
}

const struct job job_consistency = {
	"consistency", open_walk, stop_walk, close_walk
};
