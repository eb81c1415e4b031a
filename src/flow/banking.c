/*
 * Pairs lines of banks with the ledger where something moved, on a thread and
 * a connection of its own. What it may match by itself goes to the writer as a
 * decision, which judges it again; what it only proposes is written beside.
 */
#include <stdlib.h>

#include "core/clock.h"
#include "core/log.h"
#include "flow/bank.h"
#include "flow/beat.h"
#include "flow/inside.h"
#include "flow/job.h"

#define PAUSE INT64_C(250000)	/* microseconds between looks */
#define LONGEST INT64_C(5000000)
#define SHARE 10		/* it works one part of so many, at most */
#define UNITS 16		/* of one look at most */
#define PAIRS 500		/* of one decision: one commit */

struct banking_job {
	struct job_env env;
	struct db *db;		/* only reads */
	struct beat beat;
	bool writing;		/* the writer has what is below */
	struct arena *arena;	/* of the result */
	struct bank_result result;
	bool more;		/* of its pairs, not all went yet */
};

/* Joined first: what is left of suggestions is written with the last ones. */
static bool
write_some(struct banking_job *b, struct settler *settler, struct err *e)
{
	struct bank_result *r = &b->result;
	struct bank_saying said = { .arena = b->arena, .act = BANK_PAIR,
	    .actor = "bahid", .reason = "", .pairs = r->pairs };

	b->more = r->n_pairs > PAIRS;
	said.n_pairs = b->more ? PAIRS : r->n_pairs;
	if (said.n_pairs > 0 && !bank_say_within(settler, &said, clock_now(),
	    e))
		return false;
	r->pairs += said.n_pairs;
	r->n_pairs -= said.n_pairs;
	return b->more || bank_write(settler_books(settler), r, e);
}

/* On the writer's thread; again for each piece, so that others get in. */
static bool
write_result(struct settler *settler, void *arg)
{
	struct banking_job *b = arg;
	struct books *books = settler_books(settler);
	struct err e = { 0 };
	bool begun = books_begin(books, &e);
	bool ok = begun && write_some(b, settler, &e) &&
	    books_commit(books, &e);

	if (begun && !ok) {
		release_forget(settler);
		books_rollback(books);
	}
	if (!ok)
		log_line(LOG_ERROR, "bank.not_written", "why=\"%s\"", e.why);
	if (ok && b->more)
		return true;
	pthread_mutex_lock(&b->beat.lock);
	b->writing = false;
	pthread_cond_broadcast(&b->beat.wake);
	pthread_mutex_unlock(&b->beat.lock);
	return false;
}

static bool
hand_over(struct banking_job *b, struct err *e)
{
	b->writing = true;
	if (!pump_call(b->env.pump, write_result, b, e)) {
		b->writing = false;
		return false;
	}
	pthread_mutex_lock(&b->beat.lock);
	while (b->writing)
		pthread_cond_wait(&b->beat.wake, &b->beat.lock);
	pthread_mutex_unlock(&b->beat.lock);
	return true;
}

static bool
compute(struct banking_job *b, const struct bank_unit *unit, struct err *e)
{
	bool ok;

	if (!db_begin_read(b->db, e))
		return false;
	ok = bank_compute(b->db, b->arena, unit, &b->result, e);
	db_rollback(b->db);
	if (ok && b->result.cut)
		log_line(LOG_WARN, "bank.cut", "entity=%s account=%s",
		    unit->entity, unit->account);
	return ok;
}

static bool
pair_one(struct banking_job *b, const struct bank_unit *unit, struct err *e)
{
	bool ok;

	b->arena = arena_new();
	ok = compute(b, unit, e) && hand_over(b, e);
	arena_free(&b->arena);
	return ok;
}

/* What comes meanwhile is looked at together, after a rest. */
static bool
look(struct banking_job *b, struct arena *arena, struct err *e)
{
	struct bank_unit units[UNITS];
	bool ok = true;
	size_t n;

	if (!bank_next(b->db, arena, units, UNITS, &n, e))
		return false;
	for (size_t i = 0; i < n; i++) {
		struct err failed = { 0 };

		if (!pair_one(b, &units[i], &failed)) {
			*e = failed;
			ok = false;
		}
	}
	return ok;
}

static void *
work(void *arg)
{
	struct banking_job *b = arg;
	int64_t rest = PAUSE;

	while (beat_rest(&b->beat, rest)) {
		struct arena *arena = arena_new();
		int64_t began = clock_mono();
		struct err e = { 0 };

		if (!look(b, arena, &e) && e.code != ERR_BUSY)
			log_line(LOG_ERROR, "bank.failed", "why=\"%s\"",
			    e.why);
		arena_free(&arena);
		rest = SHARE * (clock_mono() - began);
		rest = rest < PAUSE ? PAUSE : rest > LONGEST ? LONGEST : rest;
	}
	return NULL;
}

static bool
open_banking(void **state, const struct job_env *env, struct err *e)
{
	struct banking_job *b = calloc(1, sizeof *b);

	if (b == NULL)
		bug("out of memory");
	b->env = *env;
	if (!db_open(&b->db, options_text(env->options, "store"), DB_READ,
	    e)) {
		free(b);
		return false;
	}
	if (!beat_start(&b->beat, work, b, e)) {
		db_close(&b->db);
		free(b);
		return false;
	}
	*state = b;
	return true;
}

static void
stop_banking(void *state)
{
	struct banking_job *b = state;

	beat_stop(&b->beat);
}

static void
close_banking(void **state)
{
	struct banking_job *b = *state;

	*state = NULL;
	db_close(&b->db);
	beat_free(&b->beat);
	free(b);
}

const struct job job_banking = {
	"banking", open_banking, stop_banking, close_banking
};
