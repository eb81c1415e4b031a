/*
 * Once a day: what is over its time goes, as data/privacy/retention.csv has
 * it. Persons are erased as if they had asked, each time as a decision in the
 * log; journals and what returns are made of never go here.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/log.h"
#include "flow/beat.h"
#include "flow/erase.h"
#include "flow/job.h"
#include "store/expiry.h"

#define EVERY (24 * 3600 * BEAT_SECOND)
#define PEOPLE_AT_ONCE 20
#define FILES_AT_ONCE 100

struct retain {
	struct job_env env;
	struct beat beat;
	struct db *db;			/* only reads */
	const char *inbox;

	/* what the writer has, and what became of it */
	struct erasure erasure;
	int64_t file, before, alerts;
	bool (*write)(struct settler *, struct retain *, struct err *);
	bool done, good;
};

/* ---- on the writer ----------------------------------------------------- */

static bool
write_people(struct settler *settler, struct retain *r, struct err *e)
{
	return erase_say(settler, &r->erasure, e);
}

static bool
in_commit(struct settler *settler, struct retain *r,
    bool (*write)(struct books *, struct retain *, struct err *),
    struct err *e)
{
	struct books *books = settler_books(settler);

	if (!books_begin(books, e))
		return false;
	if (write(books, r, e) && books_commit(books, e))
		return true;
	books_rollback(books);
	return false;
}

static bool
put_file(struct books *books, struct retain *r, struct err *e)
{
	return expiry_file_gone(books, r->file, e);
}

static bool
put_alerts(struct books *books, struct retain *r, struct err *e)
{
	return expiry_alerts(books, r->before, &r->alerts, e);
}

static bool
write_file(struct settler *settler, struct retain *r, struct err *e)
{
	return in_commit(settler, r, put_file, e);
}

static bool
write_alerts(struct settler *settler, struct retain *r, struct err *e)
{
	return in_commit(settler, r, put_alerts, e);
}

static bool
take(struct settler *settler, void *arg)
{
	struct retain *r = arg;
	struct err e = { 0 };
	bool good = r->write(settler, r, &e);

	if (!good)
		log_line(LOG_ERROR, "retention", "failed why=\"%s\"", e.why);
	pthread_mutex_lock(&r->beat.lock);
	r->done = true;
	r->good = good;
	pthread_cond_signal(&r->beat.wake);
	pthread_mutex_unlock(&r->beat.lock);
	return false;
}

/* ---- on our thread ----------------------------------------------------- */

/* Whatever stops us, the writer calls first. */
static bool
have_written(struct retain *r,
    bool (*write)(struct settler *, struct retain *, struct err *))
{
	struct err e = { 0 };

	r->write = write;
	r->done = false;
	if (!beat_rest(&r->beat, 0) ||
	    !pump_call(r->env.pump, take, r, &e))
		return false;
	pthread_mutex_lock(&r->beat.lock);
	while (!r->done)
		pthread_cond_wait(&r->beat.wake, &r->beat.lock);
	pthread_mutex_unlock(&r->beat.lock);
	return r->good;
}

static bool
erase_one(struct retain *r, int64_t subject, struct err *e)
{
	const struct retention *rules = pump_retention(r->env.pump);
	struct arena *arena = arena_new();
	struct person *person = arena_alloc(arena, sizeof *person);
	const char **parties = arena_alloc(arena, PERSON_MAX *
	    sizeof *parties);
	bool ok = db_begin_read(r->db, e) && person_find(r->db,
	    arena_id(arena, 'S', subject), arena, person, e);

	db_rollback(r->db);
	r->erasure = (struct erasure){ .subjects = person->subjects,
	    .n_subjects = 1, .parties = parties, .actor = "bahid",
	    .reason = arena_printf(arena, "%d months after the last event, "
	    "%s", rules->rules[RETAIN_PERSONAL].months,
	    rules->rules[RETAIN_PERSONAL].law) };
	for (size_t i = 0; ok && i < person->n_parties; i++)
		if (person->parties[i].goes)
			parties[r->erasure.n_parties++] =
			    person->parties[i].code;
	ok = ok && have_written(r, write_people);
	arena_free(&arena);
	return ok;
}

static bool
retain_people(struct retain *r, int64_t now, struct err *e)
{
	int64_t before = expiry_before(pump_retention(r->env.pump),
	    RETAIN_PERSONAL, now), after = 0, ids[PEOPLE_AT_ONCE];
	size_t n;

	do {
		if (!expiry_people(r->db, before, after, ids, PEOPLE_AT_ONCE,
		    &n, e))
			return false;
		for (size_t i = 0; i < n; i++) {
			if (!erase_one(r, ids[i], e))
				return false;
			after = ids[i];
		}
	} while (n == PEOPLE_AT_ONCE);
	return true;
}

/* Below the inbox alone, and no way out of it. */
static bool
delete_file(const struct retain *r, const struct expired_file *f,
    struct err *e)
{
	int root, folder;
	bool gone;

	if (strchr(f->source, '/') != NULL || f->source[0] == '.' ||
	    strstr(f->place, "..") != NULL || f->place[0] == '/')
		return err_set(e, ERR_CORRUPT, "F%lld lies nowhere",
		    (long long)f->id);
	root = open(r->inbox, O_PATH | O_DIRECTORY | O_CLOEXEC);
	folder = root < 0 ? -1 : openat(root, f->source, O_PATH |
	    O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	gone = folder >= 0 && (unlinkat(folder, f->place, 0) == 0 ||
	    errno == ENOENT);
	if (folder >= 0)
		close(folder);
	if (root >= 0)
		close(root);
	return gone || err_set(e, ERR_SYSTEM, "F%lld: %s",
	    (long long)f->id, strerror(errno));
}

static bool
retain_files(struct retain *r, int64_t now, struct err *e)
{
	int64_t before = expiry_before(pump_retention(r->env.pump),
	    RETAIN_FILES, now);
	struct expired_file files[FILES_AT_ONCE];
	size_t n = 0;

	do {
		struct arena *arena = arena_new();
		bool ok = r->inbox[0] == '\0' || expiry_files(r->db, before,
		    arena, files, FILES_AT_ONCE, &n, e);

		for (size_t i = 0; ok && i < n; i++) {
			r->file = files[i].id;
			ok = delete_file(r, &files[i], e) &&
			    have_written(r, write_file);
		}
		arena_free(&arena);
		if (!ok)
			return false;
	} while (n == FILES_AT_ONCE);
	return true;
}

static bool
retain_alerts(struct retain *r, int64_t now)
{
	r->before = expiry_before(pump_retention(r->env.pump), RETAIN_ALERTS,
	    now);
	do {
		r->alerts = 0;
		if (!have_written(r, write_alerts))
			return false;
	} while (r->alerts > 0);
	return true;
}

static void *
keep_time(void *arg)
{
	struct retain *r = arg;
	int64_t pause = BEAT_SECOND;

	while (beat_rest(&r->beat, pause)) {
		int64_t now = clock_now();
		struct err e = { 0 };

		if (!retain_people(r, now, &e) || !retain_files(r, now, &e) ||
		    !retain_alerts(r, now))
			log_line(LOG_WARN, "retention", "not done why=\"%s\"",
			    e.why);
		pause = EVERY;
	}
	return NULL;
}

static bool
open_retain(void **state, const struct job_env *env, struct err *e)
{
	struct retain *r = calloc(1, sizeof *r);

	if (r == NULL)
		bug("out of memory");
	r->env = *env;
	r->inbox = options_text(env->options, "inbox");
	if (!db_open(&r->db, options_text(env->options, "store"), DB_READ,
	    e) || !beat_start(&r->beat, keep_time, r, e)) {
		db_close(&r->db);
		free(r);
		return false;
	}
	*state = r;
	return true;
}

static void
stop_retain(void *state)
{
	struct retain *r = state;

	beat_stop(&r->beat);
}

static void
close_retain(void **state)
{
	struct retain *r = *state;

	*state = NULL;
	db_close(&r->db);
	beat_free(&r->beat);
	free(r);
}

const struct job job_retain = { "retain", open_retain, stop_retain,
	close_retain };
