/*
 * The job that makes backups by itself, tries the newest now and then, and
 * writes down what it and `bahid backup` did.
 */
#include <stdlib.h>
#include <stdio.h>
#include <string.h>

#include "core/clock.h"
#include "core/log.h"
#include "flow/aside.h"
#include "flow/backup.h"
#include "flow/job.h"

#define LOOK 2000		/* milliseconds between two looks */
#define AGAIN INT64_C(600000000)	/* microseconds after one that failed */
#define SECOND INT64_C(1000000)
#define HOUR (3600 * SECOND)
#define DAY (24 * HOUR)
#define BUSY_REST 20		/* milliseconds a piece while events come */
#define IDLE_REST 1

struct backing {
	struct job_env env;
	struct aside aside;
	struct db *db;
	const char *store;
	int64_t works;		/* that the writer had done at the last piece */
	int64_t failed[2];	/* monotonic: when each kind failed last */
	char said[480];
};

/* ---- notes ------------------------------------------------------------ */

struct taking {
	const char *store;
	int64_t length;
};

static bool
take(struct books *books, void *arg, struct err *e)
{
	struct taking *t = arg;

	return backup_take_notes(books, t->store, &t->length, e);
}

static bool
take_notes(struct backing *b, struct err *e)
{
	struct taking t = { b->store, 0 };

	if (!backup_noted(b->store))
		return true;
	if (!aside_write(b->env.pump, take, &t, e))
		return false;
	backup_forget_notes(b->store, t.length);
	return true;
}

static void
note(struct backing *b, const char *kind, const struct backup_row *row,
    const struct err *why)
{
	struct backup_row all = *row;
	unsigned char random[16];
	char id[33];

	digest_random(random, sizeof random);
	digest_hex(random, sizeof random, id);
	all.kind = kind;
	all.actor = "bahid";
	all.good = why->code == ERR_NONE;
	all.why = why->why;
	/* A trial is of a backup, but an act of its own. */
	if (all.id == NULL || strcmp(kind, "drill") == 0)
		all.id = id;
	backup_note(b->store, &all);
	log_line(all.good ? LOG_INFO : LOG_ERROR, all.good ?
	    "backup.good" : "backup.failed", "kind=%s id=%s seconds=%lld "
	    "bytes=%lld why=\"%s\"", kind, all.id,
	    (long long)(all.took / SECOND), (long long)all.bytes, all.why);
}

/* ---- making ----------------------------------------------------------- */

/* Those who send go first. */
static bool
go_on(void *arg)
{
	struct backing *b = arg;
	struct pump_figures f;
	bool busy;

	pump_figures(b->env.pump, &f);
	busy = f.works != b->works;
	b->works = f.works;
	return aside_rest(&b->aside, busy ? BUSY_REST : IDLE_REST);
}

static struct backup_order
order_of(struct backing *b)
{
	const struct options *o = b->env.options;

	return (struct backup_order){ .options = o,
	    .to = options_text(o, "backup_to"), .folder = true,
	    .key = backup_seal(o), .actor = "bahid",
	    .go_on = go_on, .arg = b, .stop = &b->aside.stop };
}

static bool
stopping(struct backing *b)
{
	return atomic_load(&b->aside.stop);
}

static void
make(struct backing *b)
{
	struct backup_order order = order_of(b);
	struct arena *arena = arena_new();
	struct backup_made made;
	struct backup_row row;
	struct err why = { 0 };
	int64_t keep = options_count(order.options, "backup_keep");

	if (backup_make(&order, arena, &made, &why) && keep > 0)
		/* That old ones are left does not make this one bad. */
		if (!backup_prune(&order, keep, &why)) {
			log_line(LOG_ERROR, "backup.not_removed",
			    "why=\"%s\"", why.why);
			why = (struct err){ 0 };
		}
	row = (struct backup_row){ .id = why.code == ERR_NONE ? made.id :
	    NULL, .at = made.at != 0 ? made.at : clock_now(),
	    .took = made.took, .bytes = made.bytes, .point = made.point.seq,
	    .pointed = made.point.received, .place = made.place };
	if (!stopping(b))
		note(b, "backup", &row, &why);
	if (why.code != ERR_NONE)
		b->failed[0] = clock_mono();
	arena_free(&arena);
}

static const char *
folder_of(const char *store, struct arena *arena)
{
	const char *slash = strrchr(store, '/');

	return slash == NULL ? "." : arena_strndup(arena, store,
	    (size_t)(slash - store) + (slash == store));
}

static void
drill(struct backing *b)
{
	struct backup_order order = order_of(b);
	struct arena *arena = arena_new();
	struct backup_trial trial = { .options = order.options,
	    .key = order.key, .folder = folder_of(b->store, arena),
	    .stop = &b->aside.stop };
	struct backup_found found = { .bytes = 0 };
	struct backup_row row;
	struct err why = { 0 };

	if (backup_newest(&order, arena, &trial.from, &why) &&
	    (trial.from != NULL || err_set(&why, ERR_NOT_FOUND,
	    "there is no backup in %.200s", order.to)) &&
	    backup_verify(&trial, arena, &found, &why))
		log_line(LOG_DEBUG, "backup.tried", "files=%lld",
		    (long long)found.files);
	row = (struct backup_row){ .at = clock_now(), .took = found.took,
	    .bytes = found.bytes, .point = found.point.seq,
	    .pointed = found.point.received,
	    .place = trial.from != NULL ? trial.from : order.to };
	if (!stopping(b))
		note(b, "drill", &row, &why);
	if (why.code != ERR_NONE)
		b->failed[1] = clock_mono();
	arena_free(&arena);
}

/* ---- when ------------------------------------------------------------- */

/* after: a good one; one that failed is tried again sooner. */
static bool
is_due(const struct backup_state *s, int64_t after, int64_t failed)
{
	if (after == 0 || (failed != 0 && clock_mono() - failed < AGAIN))
		return false;
	return s->at == 0 || clock_now() - s->at >= after;
}

static bool
look(struct backing *b, struct err *e)
{
	const struct options *o = b->env.options;
	struct backup_state made, tried;

	if (!take_notes(b, e))
		return false;
	if (options_text(o, "backup_to")[0] == '\0')
		return true;
	if (!backup_state(b->db, "backup", &made, e) ||
	    !backup_state(b->db, "drill", &tried, e))
		return false;
	if (is_due(&made, options_count(o, "backup_every") * HOUR,
	    b->failed[0]))
		make(b);
	else if (made.at != 0 && is_due(&tried, options_count(o,
	    "backup_drill") * DAY, b->failed[1]))
		drill(b);
	else
		return true;
	return take_notes(b, e);
}

static void *
run(void *arg)
{
	struct backing *b = arg;

	do {
		struct err e = { 0 };

		if (!look(b, &e) && strcmp(b->said, e.why) != 0)
			log_line(LOG_ERROR, "backup.stopped", "why=\"%s\"",
			    e.why);
		memcpy(b->said, e.why, sizeof b->said);
	} while (aside_rest(&b->aside, LOOK));
	return NULL;
}

/* ---- the job ---------------------------------------------------------- */

static bool
judge(const struct options *o, struct err *e)
{
	const char *to = options_text(o, "backup_to");
	struct sftp sftp;

	backup_sftp(o, to, NULL, &sftp);
	return !sftp_is(to) || sftp_judge(&sftp, e);
}

static bool
open_backup(void **state, const struct job_env *env, struct err *e)
{
	struct backing *b;

	if (!judge(env->options, e))
		return false;
	b = calloc(1, sizeof *b);
	if (b == NULL)
		bug("out of memory");
	b->env = *env;
	b->store = options_text(env->options, "store");
	if (!db_open(&b->db, b->store, DB_READ, e) ||
	    !aside_start(&b->aside, run, b, e)) {
		db_close(&b->db);
		free(b);
		return false;
	}
	*state = b;
	return true;
}

static void
stop_backup(void *state)
{
	struct backing *b = state;

	aside_stop(&b->aside);
}

static void
close_backup(void **state)
{
	struct backing *b = *state;

	*state = NULL;
	aside_end(&b->aside);
	db_close(&b->db);
	free(b);
}

const struct job job_backup = {
	"backup", open_backup, stop_backup, close_backup
};
