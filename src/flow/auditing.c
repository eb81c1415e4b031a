/*
 * The job of the audit: chains what was read and what others left, and once a
 * day, or when there is none, makes an anchor.
 */
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/clock.h"
#include "core/digest.h"
#include "core/json.h"
#include "core/log.h"
#include "flow/beat.h"
#include "flow/channel.h"
#include "flow/job.h"
#include "flow/settle.h"
#include "flow/witness.h"
#include "store/anchor.h"

#define DAY INT64_C(86400000000)
#define IST INT64_C(19800000000)
#define LOOK 60			/* seconds between two looks for an anchor */

struct auditing {
	struct job_env env;
	struct beat beat;
	struct db *db;			/* only reads */
	struct channels *channels;	/* NULL: nobody is told of anchors */
	atomic_bool writing;		/* a call is with the writer */
	bool anchor;			/* that call makes one */
	bool failed;			/* it is in the log already */
};

/* ---- telling ----------------------------------------------------------- */

static void
write_json(const struct anchor *a, struct span text, struct str *out)
{
	struct json j;

	json_start(&j, out);
	json_open(&j, '{');
	json_kstr(&j, "type", "anchor.made");
	json_kstr(&j, "books", a->books);
	json_kint(&j, "row", a->row);
	json_kstr(&j, "hash", a->hash);
	json_key(&j, "anchor");
	json_span(&j, text);
	json_close(&j, '}');
}

static bool
tell(struct auditing *job, struct books *books, const struct anchor *a,
    struct span text, struct err *e)
{
	struct alert_notice notice = { .at = a->at, .type = "anchor.made",
		.code = "anchor.made", .signatures = "" };
	unsigned char random[16];
	char hex[33];
	struct str json;
	bool ok = true;

	if (job->channels == NULL)
		return true;
	digest_random(random, sizeof random);
	digest_hex(random, sizeof random, hex);
	notice.message = arena_printf(books->arena, "anchor-%s", hex);
	notice.title = arena_printf(books->arena,
	    "bahi: the audit of %s up to row %lld", a->host,
	    (long long)a->row);
	str_init(&json, 8192);
	write_json(a, text, &json);
	for (size_t i = 0; ok && i < channels_count(job->channels); i++) {
		notice.body = channel_reads(job->channels, i) ? text.p :
		    json.p;
		ok = alert_queue(books, channel_lane(job->channels, i),
		    &notice, e);
	}
	str_free(&json);
	return ok;
}

/* ---- on the writer ----------------------------------------------------- */

static bool
make_anchor(struct auditing *job, struct books *books, struct err *e)
{
	const struct options *o = job->env.options;
	struct anchor_key key;
	struct anchor a;
	struct span text;
	int64_t id;
	bool ok;

	if (!anchor_key_read(options_text(o, "audit_key"), &key, e))
		return false;
	ok = anchor_make(books->db, &key, NULL, books->arena, &text, &id,
	    e) && anchor_parse(text, &a, e) &&
	    anchor_write(options_text(o, "anchors"), id, &a, text, e) &&
	    tell(job, books, &a, text, e);
	anchor_key_clean(&key);
	if (ok)
		log_line(LOG_INFO, "audit.anchored", "id=A%lld row=%lld",
		    (long long)id, (long long)a.row);
	return ok;
}

static void
say_failed(struct auditing *job, const struct err *e)
{
	if (!job->failed)
		log_line(LOG_ERROR, "audit.not_written", "why=\"%s\"",
		    e->why);
	job->failed = true;
}

static bool
write_rows(struct auditing *job, struct books *books, bool *more,
    struct err *e)
{
	bool ok = books_begin(books, e);

	if (!ok)
		return false;
	ok = witness_write(job->env.witness, books, e) &&
	    audit_take(books, more, e) && books_commit(books, e);
	if (!ok)
		books_rollback(books);
	witness_end(job->env.witness, ok);
	return ok;
}

static bool
write_anchor(struct auditing *job, struct books *books, struct err *e)
{
	job->anchor = false;
	if (!books_begin(books, e))
		return false;
	if (make_anchor(job, books, e) && books_commit(books, e))
		return true;
	books_rollback(books);
	return false;
}

static bool
write_now(struct settler *settler, void *arg)
{
	struct auditing *job = arg;
	struct books *books = settler_books(settler);
	struct err e = { 0 };
	bool more = false;

	if (write_rows(job, books, &more, &e) && (more || !job->anchor ||
	    write_anchor(job, books, &e)))
		job->failed = false;
	else
		say_failed(job, &e);
	more = more && e.code == ERR_NONE;
	if (!more)
		atomic_store(&job->writing, false);
	return more;
}

/* ---- beside it --------------------------------------------------------- */

/* A day is one of India's. */
static bool
anchor_due(struct auditing *job)
{
	struct arena *arena;
	struct anchor last;
	struct span text;
	struct err e = { 0 };
	bool found = false, ok;

	if (options_text(job->env.options, "audit_key")[0] == '\0')
		return false;
	arena = arena_new();
	ok = anchor_latest(job->db, arena, &text, &last, &found, &e);
	arena_free(&arena);
	return !ok || !found || (clock_now() + IST) / DAY !=
	    (last.at + IST) / DAY;
}

static void *
tick(void *arg)
{
	struct auditing *job = arg;
	int64_t seconds = 0;

	while (beat_rest(&job->beat, BEAT_SECOND)) {
		struct err e = { 0 };
		bool anchor, left = false;

		if (atomic_load(&job->writing))
			continue;
		anchor = seconds % LOOK == 0 && anchor_due(job);
		seconds++;
		if (!audit_any_left(job->db, &left, &e))
			say_failed(job, &e);
		if (!anchor && !left && !witness_due(job->env.witness))
			continue;
		job->anchor = anchor;
		atomic_store(&job->writing, true);
		if (!pump_call(job->env.pump, write_now, job, &e))
			atomic_store(&job->writing, false);
	}
	return NULL;
}

/* ---- the job ----------------------------------------------------------- */

static void
close_auditing(void **state)
{
	struct auditing *job = *state;

	*state = NULL;
	db_close(&job->db);
	channels_close(&job->channels);
	free(job);
}

static bool
open_parts(struct auditing *job, struct err *e)
{
	const struct options *o = job->env.options;
	const char *path = options_text(o, "audit_key");
	struct anchor_key key;

	if (path[0] != '\0') {		/* a wrong one is refused now */
		if (!anchor_key_read(path, &key, e))
			return false;
		anchor_key_clean(&key);
	}
	return db_open(&job->db, options_text(o, "store"), DB_READ, e) &&
	    (options_text(o, "anchor_tell")[0] != 'y' ||
	    channels_open(&job->channels, o, e)) &&
	    beat_start(&job->beat, tick, job, e);
}

static bool
open_auditing(void **state, const struct job_env *env, struct err *e)
{
	struct auditing *job = calloc(1, sizeof *job);
	void *opened = job;

	if (job == NULL)
		bug("out of memory");
	job->env = *env;
	if (!open_parts(job, e)) {
		close_auditing(&opened);
		return false;
	}
	*state = job;
	return true;
}

static void
stop_auditing(void *state)
{
	struct auditing *job = state;

	beat_stop(&job->beat);
}

static void
end_auditing(void **state)
{
	struct auditing *job = *state;

	beat_free(&job->beat);
	close_auditing(state);
}

const struct job job_audit = {
	"audit", open_auditing, stop_auditing, end_auditing
};
