/*
 * Reads documents that were posted before their entity was registered: one
 * pile is read here while the writer takes the one before.
 */
#include <stdlib.h>

#include "core/log.h"
#include "flow/beat.h"
#include "flow/job.h"
#include "flow/settle.h"
#include "store/gst_read.h"

struct reader {
	struct job_env env;
	struct beat beat;
	struct db *db;			/* only reads */

	/* what the writer has, and what became of it */
	struct gst_pile *pile;
	bool taken, used;
};

/* ---- on the writer ---------------------------------------------------- */

static bool
write_pile(struct settler *settler, struct reader *r, struct err *e)
{
	struct reference *reference = settler_reference(settler);
	struct books *books = settler_books(settler);
	bool ok = books_begin(books, e);

	if (ok && (!gst_pile_write(books, reference, r->pile, &r->used, e) ||
	    !books_commit(books, e))) {
		books_rollback(books);
		ok = false;
	}
	reference_drop(&reference);
	return ok;
}

static bool
take(struct settler *settler, void *arg)
{
	struct reader *r = arg;
	struct err e = { 0 };

	r->used = false;
	if (!write_pile(settler, r, &e)) {
		r->used = false;
		log_line(LOG_ERROR, "gst.reading", "failed why=\"%s\"",
		    e.why);
	}
	pthread_mutex_lock(&r->beat.lock);
	r->taken = true;
	pthread_cond_signal(&r->beat.wake);
	pthread_mutex_unlock(&r->beat.lock);
	return false;
}

/* ---- on our thread ---------------------------------------------------- */

/* Was it used? Whatever stops us, the writer calls first. */
static bool
wait_taken(struct reader *r)
{
	pthread_mutex_lock(&r->beat.lock);
	while (!r->taken)
		pthread_cond_wait(&r->beat.wake, &r->beat.lock);
	pthread_mutex_unlock(&r->beat.lock);
	return r->used;
}

static bool
read_next(struct reader *r, const struct reference *reference,
    const struct gst_pile *after, struct gst_pile **out)
{
	struct err e = { 0 };

	if (gst_pile_read(r->db, reference, after, out, &e))
		return *out != NULL;
	log_line(LOG_ERROR, "gst.reading", "failed why=\"%s\"", e.why);
	return false;
}

/* Until there is no more, or something moved on: then once more from where
 * the books say. */
static int64_t
read_on(struct reader *r, const struct reference *reference)
{
	struct gst_pile *next = NULL;
	struct err e = { 0 };
	int64_t n = 0;
	bool more = read_next(r, reference, NULL, &next);

	while (more && beat_rest(&r->beat, 0)) {
		r->pile = next;
		r->taken = false;
		if (!pump_call(r->env.pump, take, r, &e))
			break;
		next = NULL;
		more = !r->pile->last && read_next(r, reference, r->pile,
		    &next);
		more = wait_taken(r) && more;
		n += r->used ? (int64_t)r->pile->n : 0;
		gst_pile_free(&r->pile);
	}
	gst_pile_free(&next);
	return n;
}

static void
look(struct reader *r)
{
	struct err e = { 0 };
	bool any = true;

	while (beat_rest(&r->beat, 0) && gst_read_any(r->db, NULL, &any, &e) &&
	    any) {
		struct reference *reference = pump_reference(r->env.pump);
		int64_t n = read_on(r, reference);

		reference_drop(&reference);
		log_line(LOG_INFO, "gst.reading", "documents=%lld",
		    (long long)n);
		if (n == 0 && !beat_rest(&r->beat, BEAT_SECOND))
			return;
	}
}

static void *
run(void *arg)
{
	struct reader *r = arg;

	do
		look(r);
	while (beat_rest(&r->beat, BEAT_SECOND));
	return NULL;
}

static bool
open_reader(void **state, const struct job_env *env, struct err *e)
{
	struct reader *r = calloc(1, sizeof *r);

	if (r == NULL)
		bug("out of memory");
	r->env = *env;
	if (!db_open(&r->db, options_text(env->options, "store"), DB_READ,
	    e)) {
		free(r);
		return false;
	}
	if (!beat_start(&r->beat, run, r, e)) {
		db_close(&r->db);
		free(r);
		return false;
	}
	*state = r;
	return true;
}

static void
stop_reader(void *state)
{
	struct reader *r = state;

	beat_stop(&r->beat);
}

static void
close_reader(void **state)
{
	struct reader *r = *state;

	*state = NULL;
	db_close(&r->db);
	beat_free(&r->beat);
	free(r);
}

const struct job job_gst = { "gst", open_reader, stop_reader, close_reader };
