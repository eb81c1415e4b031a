/*
 * The job that tells people when something is wrong: every few seconds it
 * looks (watch.c), judges what is news (notify.c) and has the writer keep it
 * in one commit: the alert and the notices that courier.c then delivers. When
 * nothing is news, nothing is written.
 */
#include <stdlib.h>
#include <string.h>

#include "book/hours.h"
#include "core/clock.h"
#include "core/digest.h"
#include "core/log.h"
#include "core/map.h"
#include "flow/aside.h"
#include "flow/channel.h"
#include "flow/notify.h"
#include "flow/watch.h"

#define SINGLE_MAX 10		/* more at once go as a digest */
#define DIGEST_MAX 200		/* alerts of one notice */
#define QUEUED_MAX 10000	/* notices that wait; then nothing new is told */
#define NOTICE_MAX ((size_t)4 << 20)

struct alerting {
	struct job_env env;
	struct aside aside;
	struct channels *channels;
	struct watch *watch;
	struct db *db;
	struct hours quiet;	/* only what is urgent is sent */
	struct map *gone;	/* signature -> when it was first not seen */
	struct sightings seen;
	char failed[480];	/* said once, not at every turn */
};

struct turn {			/* one evaluation */
	struct alerting *job;
	struct arena *arena;
	struct notify_rules rules;
	struct standing *standing;
	size_t n;
};

/* ---- what stands and what is seen ------------------------------------- */

static struct standing *
standing_of(struct turn *turn, const char *signature)
{
	for (size_t i = 0; i < turn->n; i++)
		if (strcmp(turn->standing[i].row.signature, signature) == 0)
			return &turn->standing[i];
	return NULL;
}

static void
put_sighting(struct turn *turn, const struct sighting *sighting)
{
	char signature[ALERT_SIGNATURE];
	struct standing *s;

	alert_signature(sighting->code, sighting->subject, signature);
	s = standing_of(turn, signature);
	if (s == NULL) {
		s = &turn->standing[turn->n++];
		memcpy(s->row.signature, signature, sizeof signature);
		s->row.code = sighting->code;
		s->row.subject = sighting->subject;
		s->row.told = "recovered";
	}
	s->seen = true;
	s->value = sighting->value;
}

/* Has it been out of sight for long enough? What comes and goes is told
 * once, not each time. */
static bool
is_over(struct turn *turn, const struct standing *s)
{
	struct alerting *job = turn->job;
	struct span key = span_of(s->row.signature);
	int64_t *since = map_find(job->gone, key);
	int64_t calm = options_count(job->env.options, "alert_calm") *
	    1000000;

	if (since == NULL) {
		since = malloc(sizeof *since);
		if (since == NULL)
			bug("out of memory");
		*since = 0;
		map_set(job->gone, key, since);
	}
	if (s->seen || job->seen.unsure[s->row.code])
		*since = 0;
	else if (*since == 0)
		*since = clock_mono();
	return *since != 0 && clock_mono() - *since >= calm;
}

static bool
gather(struct turn *turn, struct err *e)
{
	struct alerting *job = turn->job;
	struct alert_row *rows;
	size_t n;

	if (!alerts_load(job->db, turn->arena, &rows, &n, e))
		return false;
	turn->standing = arena_alloc(turn->arena,
	    (n + SIGHTINGS_MAX) * sizeof *turn->standing);
	for (; turn->n < n; turn->n++)
		turn->standing[turn->n].row = rows[turn->n];
	for (size_t i = 0; i < job->seen.n; i++)
		put_sighting(turn, &job->seen.items[i]);
	return true;
}

static bool
set_rules(struct turn *turn, struct err *e)
{
	struct alerting *job = turn->job;
	int64_t queued;

	if (!alerts_queued(job->db, &queued, e))
		return false;
	turn->rules.now = clock_now();
	turn->rules.repeat = options_count(job->env.options,
	    "alert_repeat") * 3600000000;
	turn->rules.quiet = hours_hold(&job->quiet, turn->rules.now);
	turn->rules.may_tell = channels_count(job->channels) > 0 &&
	    queued < QUEUED_MAX;
	return true;
}

/* True: there is something to write. */
static bool
judge(struct turn *turn)
{
	bool any = false;
	size_t single = 0;

	for (size_t i = 0; i < turn->n; i++) {
		struct standing *s = &turn->standing[i];

		s->over = is_over(turn, s);
		notify_judge(s, &turn->rules);
		any = any || s->change != STANDING_KEPT;
		single += s->tell && !s->together;
	}
	for (size_t i = 0; single > SINGLE_MAX && i < turn->n; i++)
		turn->standing[i].together = true;
	return any;
}

/* ---- writing, on the writer's thread ---------------------------------- */

static const char *
list_signatures(struct arena *arena, const struct alert *alerts, size_t n)
{
	char *list = arena_alloc(arena, n * ALERT_SIGNATURE);

	for (size_t i = 0; i < n; i++) {
		char *at = list + i * ALERT_SIGNATURE;

		alert_signature(alerts[i].code, alerts[i].subject, at);
		at[ALERT_SIGNATURE - 1] = i + 1 < n ? ' ' : '\0';
	}
	return list;
}

static const char *
new_message(struct arena *arena)
{
	unsigned char random[16];
	char hex[33];

	digest_random(random, sizeof random);
	digest_hex(random, sizeof random, hex);
	return arena_printf(arena, "alert-%s", hex);
}

static bool
queue_all(struct turn *turn, struct books *books,
    struct alert_notice *notice, const char *text, const char *json,
    struct err *e)
{
	const struct channels *channels = turn->job->channels;

	for (size_t i = 0; i < channels_count(channels); i++) {
		notice->body = channel_reads(channels, i) ? text : json;
		if (!alert_queue(books, channel_lane(channels, i), notice, e))
			return false;
	}
	return true;
}

static bool
queue_notice(struct turn *turn, struct books *books,
    const struct alert *alerts, size_t n, struct err *e)
{
	struct alert_notice notice = {
		.message = new_message(turn->arena), .at = turn->rules.now,
		.type = alerts_type(alerts, n),
		.code = n == 1 ? alert_info(alerts[0].code)->name : "",
		.signatures = list_signatures(turn->arena, alerts, n),
	};
	struct str title, text, json;
	struct json j;
	bool ok;

	str_init(&title, 4096);
	str_init(&text, NOTICE_MAX);
	str_init(&json, NOTICE_MAX);
	alerts_title(alerts, n, &title);
	alerts_text(alerts, n, &text);
	json_start(&j, &json);
	alerts_encode(alerts, n, notice.message, notice.at, &j);
	notice.title = title.p;
	ok = queue_all(turn, books, &notice, text.p, json.p, e);
	str_free(&title);
	str_free(&text);
	str_free(&json);
	return ok;
}

static bool
queue_news(struct turn *turn, struct books *books, struct err *e)
{
	struct alert *digest = arena_alloc(turn->arena,
	    DIGEST_MAX * sizeof *digest);
	size_t n = 0;

	for (size_t i = 0; i < turn->n; i++) {
		const struct standing *s = &turn->standing[i];
		struct alert alert = notify_alert(s);

		if (!s->tell)
			continue;
		if (!s->together) {
			if (!queue_notice(turn, books, &alert, 1, e))
				return false;
			continue;
		}
		digest[n++] = alert;
		if (n == DIGEST_MAX) {
			if (!queue_notice(turn, books, digest, n, e))
				return false;
			n = 0;
		}
	}
	return n == 0 || queue_notice(turn, books, digest, n, e);
}

static bool
keep_row(struct books *books, const struct standing *s, struct err *e)
{
	switch (s->change) {
	case STANDING_KEPT:
		return true;
	case STANDING_NEW:
		return alert_raise(books, &s->row, e);
	case STANDING_CHANGED:
		return alert_update(books, &s->row, e);
	}
	bug("standing %d", s->change);
}

static bool
keep(struct books *books, void *arg, struct err *e)
{
	struct turn *turn = arg;

	for (size_t i = 0; i < turn->n; i++)
		if (!keep_row(books, &turn->standing[i], e))
			return false;
	return queue_news(turn, books, e);
}

/* ---- the job ---------------------------------------------------------- */

static void
log_news(const struct turn *turn)
{
	for (size_t i = 0; i < turn->n; i++) {
		const struct standing *s = &turn->standing[i];

		if (s->change == STANDING_NEW || s->tell)
			log_line(LOG_WARN, "alert.news",
			    "code=%s signature=%s state=%s told=%s",
			    alert_info(s->row.code)->name, s->row.signature,
			    s->row.raised ? "raised" : "recovered",
			    s->tell ? "yes" : "no");
	}
}

static bool
evaluate(struct alerting *job, struct arena *arena, struct err *e)
{
	struct turn turn = { .job = job, .arena = arena };

	job->seen.arena = arena;
	watch_look(job->watch, &job->seen, &job->aside.stop);
	if (!gather(&turn, e) || !set_rules(&turn, e))
		return false;
	if (!judge(&turn))
		return true;
	if (!aside_write(job->env.pump, keep, &turn, e))
		return false;
	log_news(&turn);
	return true;
}

static void *
run(void *arg)
{
	struct alerting *job = arg;
	int64_t every = options_count(job->env.options, "alert_every") * 1000;
	struct arena *arena = arena_new();

	do {
		struct err e = { 0 };

		if (!evaluate(job, arena, &e) && strcmp(job->failed, e.why))
			log_line(LOG_ERROR, "alert.failed", "why=\"%s\"",
			    e.why);
		memcpy(job->failed, e.why, sizeof job->failed);
		arena_reset(arena);
	} while (aside_rest(&job->aside, every));
	arena_free(&arena);
	return NULL;
}

static void
stop_alert(void *state)
{
	struct alerting *job = state;

	aside_stop(&job->aside);
}

static void
free_job(struct alerting *job)
{
	watch_close(&job->watch);
	channels_close(&job->channels);
	db_close(&job->db);
	map_free(&job->gone, free);
	free(job);
}

static void
close_alert(void **state)
{
	struct alerting *job = *state;

	*state = NULL;
	aside_end(&job->aside);
	free_job(job);
}

static bool
open_parts(struct alerting *job, const struct job_env *env, struct err *e)
{
	const char *quiet = options_text(env->options, "alert_quiet");

	if (!hours_parse_span(span_of(quiet), &job->quiet))
		return err_set(e, ERR_CONFIG, "alert_quiet: %.40s is not "
		    "like 22:00-07:00", quiet);
	return channels_open(&job->channels, env->options, e) &&
	    watch_open(&job->watch, env, e) &&
	    db_open(&job->db, options_text(env->options, "store"), DB_READ,
	    e) && aside_start(&job->aside, run, job, e);
}

static bool
open_alert(void **state, const struct job_env *env, struct err *e)
{
	struct alerting *job = calloc(1, sizeof *job);

	if (job == NULL)
		bug("out of memory");
	job->env = *env;
	job->gone = map_new();
	if (!open_parts(job, env, e)) {
		free_job(job);
		return false;
	}
	*state = job;
	return true;
}

const struct job job_alert = {
	"alert", open_alert, stop_alert, close_alert
};
