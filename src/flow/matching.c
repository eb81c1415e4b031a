/*
 * Matches what moved, on a thread and a connection of its own: a unit is
 * computed here and only what changes of it goes to the writer, which takes
 * it if nothing moved the unit meanwhile.
 */
#include <stdlib.h>

#include "core/log.h"
#include "flow/beat.h"
#include "flow/job.h"
#include "flow/settle.h"
#include "store/recon.h"

#define PAUSE 250000		/* microseconds between looks */
#define UNITS 200		/* of one commit at most */
#define LINES 5000		/* when it has as many, it is written */
#define MEMORY (64u << 20)	/* or has taken that much */

struct matching_job {
	struct job_env env;
	struct db *db;		/* only reads */
	struct beat beat;
	bool writing;		/* the writer has what is below */
	struct arena *arena;	/* of the result */
	struct recon_result results[UNITS];
	size_t n;
};

/* On the writer's thread. */
static bool
write_result(struct settler *settler, void *arg)
{
	struct matching_job *m = arg;
	struct books *books = settler_books(settler);
	struct err e = { 0 };
	bool stale, begun = books_begin(books, &e), ok = begun;

	for (size_t i = 0; ok && i < m->n; i++)
		ok = recon_write(books, &m->results[i], &stale, &e);
	ok = ok && books_commit(books, &e);
	if (begun && !ok)
		books_rollback(books);
	if (!ok)
		log_line(LOG_ERROR, "recon.not_written", "why=\"%s\"",
		    e.why);
	pthread_mutex_lock(&m->beat.lock);
	m->writing = false;
	pthread_cond_broadcast(&m->beat.wake);
	pthread_mutex_unlock(&m->beat.lock);
	return false;
}

static bool
hand_over(struct matching_job *m, struct err *e)
{
	m->writing = true;
	if (!pump_call(m->env.pump, write_result, m, e)) {
		m->writing = false;
		return false;
	}
	pthread_mutex_lock(&m->beat.lock);
	while (m->writing)
		pthread_cond_wait(&m->beat.wake, &m->beat.lock);
	pthread_mutex_unlock(&m->beat.lock);
	return true;
}

static bool
compute_all(struct matching_job *m, const struct recon_unit *units,
    size_t n, struct err *e)
{
	size_t lines = 0;

	for (m->n = 0; m->n < n && lines < LINES &&
	    arena_size(m->arena) < MEMORY; m->n++) {
		struct recon_result *result = &m->results[m->n];

		if (!recon_compute(m->db, m->arena, &units[m->n], result, e))
			return false;
		lines += result->n_put + result->n_drop;
		if (result->cut)
			log_line(LOG_WARN, "recon.cut", "year=%lld rows=%zu",
			    (long long)result->unit.year, result->n_put);
	}
	return true;
}

static bool
compute(struct matching_job *m, struct err *e)
{
	struct recon_unit *units = arena_alloc(m->arena, UNITS *
	    sizeof *units);
	size_t n;
	bool ok;

	m->n = 0;
	if (!db_begin_read(m->db, e))
		return false;
	ok = recon_next(m->db, m->arena, units, UNITS, &n, e) &&
	    compute_all(m, units, n, e);
	db_rollback(m->db);
	return ok;
}

/* *more: there were some, so that others may wait. */
static bool
match_some(struct matching_job *m, bool *more, struct err *e)
{
	bool ok;

	m->arena = arena_new();
	ok = compute(m, e) && (m->n == 0 || hand_over(m, e));
	*more = m->n > 0;
	arena_free(&m->arena);
	return ok;
}

static void *
work(void *arg)
{
	struct matching_job *m = arg;
	bool more = false;

	while (beat_rest(&m->beat, more ? 0 : PAUSE)) {
		struct err e = { 0 };

		if (!match_some(m, &more, &e)) {
			if (e.code != ERR_BUSY)
				log_line(LOG_ERROR, "recon.failed",
				    "why=\"%s\"", e.why);
			more = false;
		}
	}
	return NULL;
}

static bool
open_matching(void **state, const struct job_env *env, struct err *e)
{
	struct matching_job *m = calloc(1, sizeof *m);

	if (m == NULL)
		bug("out of memory");
	m->env = *env;
	if (!db_open(&m->db, options_text(env->options, "store"), DB_READ,
	    e)) {
		free(m);
		return false;
	}
	if (!beat_start(&m->beat, work, m, e)) {
		db_close(&m->db);
		free(m);
		return false;
	}
	*state = m;
	return true;
}

static void
stop_matching(void *state)
{
	struct matching_job *m = state;

	beat_stop(&m->beat);
}

static void
close_matching(void **state)
{
	struct matching_job *m = *state;

	*state = NULL;
	db_close(&m->db);
	beat_free(&m->beat);
	free(m);
}

const struct job job_matching = {
	"matching", open_matching, stop_matching, close_matching
};
