/*
 * The table of conditions, one line each, and the look of each.  Called by
 * alert.c every few seconds.
 */
#include "flow/watch.h"

#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>

#include "core/clock.h"
#include "core/log.h"
#include "store/alerts.h"

#define PIECE 500		/* audit rows in one go */
#define WALK 200000		/* microseconds of a look for the audit */

struct watch {
	struct job_env env;
	struct db *db;
	const atomic_bool *stop;
	int64_t now;
	struct sightings *out;
	enum alert_code code;		/* that is looked for now */
	int64_t refused;		/* by the pump, at the last look */
	struct audit_mark mark;
	bool walked;			/* to the end at least once */
	struct err broken;		/* what the chain's first fault is */
};

static void
report(struct watch *w, const char *subject, const char *value)
{
	struct sightings *out = w->out;

	if (out->n == SIGHTINGS_MAX)
		return;
	out->items[out->n++] = (struct sighting){ w->code,
	    arena_strdup(out->arena, subject),
	    arena_strdup(out->arena, value) };
}

/* ---- events ----------------------------------------------------------- */

static void
report_events(void *arg, const char *source, const char *part, int64_t n,
    int64_t oldest)
{
	struct watch *w = arg;
	struct arena *arena = w->out->arena;
	char at[ALERT_TIME];

	alert_time(oldest, at);
	report(w, part[0] == '\0' ? source : arena_printf(arena, "%s/%s",
	    source, part), arena_printf(arena, "%lld (%s)", (long long)n,
	    at));
}

static bool
look_late(struct watch *w, struct err *e)
{
	int64_t minutes = options_count(w->env.options, "alert_late");

	return minutes == 0 || alerts_late(w->db, w->now - minutes * 60000000,
	    report_events, w, e);
}

static bool
look_aging(struct watch *w, struct err *e)
{
	int64_t hours = options_count(w->env.options, "alert_age");

	return hours == 0 || alerts_aging(w->db, w->now - hours * 3600000000,
	    report_events, w, e);
}

/* ---- the books -------------------------------------------------------- */

static void
report_off(void *arg, const char *source, const char *part, int64_t n,
    int64_t oldest)
{
	struct watch *w = arg;

	(void)part;
	(void)oldest;
	report(w, source, arena_printf(w->out->arena, "%lld", (long long)n));
}

static bool
look_conservation(struct watch *w, struct err *e)
{
	return alerts_unconserved(w->db, report_off, w, e);
}

/* In pieces, and more than one only while nobody sends: proving what is
 * kept must not slow what comes. */
static bool
walk_audit(struct watch *w, struct err *e)
{
	int64_t until = clock_mono() + WALK;
	struct pump_figures before, after;
	bool end = false;

	pump_figures(w->env.pump, &before);
	do {
		if (!audit_walk(w->db, &w->mark, PIECE, &end, e))
			return false;
		pump_figures(w->env.pump, &after);
	} while (!end && before.works == after.works &&
	    clock_mono() < until && !atomic_load(w->stop));
	w->walked = w->walked || end;
	return true;
}

static bool
look_audit(struct watch *w, struct err *e)
{
	if (w->broken.code == ERR_NONE && !walk_audit(w, e)) {
		if (e->code != ERR_CORRUPT)
			return false;
		w->broken = *e;
	}
	if (w->broken.code != ERR_NONE)
		report(w, options_text(w->env.options, "store"),
		    w->broken.why);
	else
		w->out->unsure[ALERT_AUDIT] = !w->walked;
	return true;
}

/* ---- the machine ------------------------------------------------------ */

static bool
look_disk(struct watch *w, struct err *e)
{
	const char *store = options_text(w->env.options, "store");
	int64_t least = options_count(w->env.options, "alert_disk"), free;
	struct statvfs fs;

	if (statvfs(store, &fs) != 0)
		return err_set(e, ERR_SYSTEM, "statvfs %s", store);
	free = (int64_t)(fs.f_bavail * (fs.f_frsize >> 10) >> 10);
	if (free < least)
		report(w, store, arena_printf(w->out->arena, "%lld MiB",
		    (long long)free));
	return true;
}

static bool
look_queue(struct watch *w, struct err *e)
{
	struct pump_figures figures;

	(void)e;
	pump_figures(w->env.pump, &figures);
	if (figures.refused > w->refused)
		report(w, "queue", arena_printf(w->out->arena, "%lld",
		    (long long)(figures.refused - w->refused)));
	w->refused = figures.refused;
	return true;
}

/* ---- all of them ------------------------------------------------------ */

static const struct {
	enum alert_code code;
	bool (*look)(struct watch *, struct err *);
} conditions[] = {
	{ ALERT_LATE, look_late },
	{ ALERT_AGING, look_aging },
	{ ALERT_CONSERVATION, look_conservation },
	{ ALERT_AUDIT, look_audit },
	{ ALERT_DISK, look_disk },
	{ ALERT_QUEUE, look_queue },
};

void
watch_look(struct watch *w, struct sightings *out, const atomic_bool *stop)
{
	w->out = out;
	w->stop = stop;
	w->now = clock_now();
	out->n = 0;
	memset(out->unsure, 0, sizeof out->unsure);
	for (size_t i = 0; i < sizeof conditions / sizeof *conditions; i++) {
		struct err e = { 0 };

		w->code = conditions[i].code;
		if (conditions[i].look(w, &e))
			continue;
		out->unsure[w->code] = true;
		log_line(LOG_WARN, "alert.not_seen", "code=%s why=\"%s\"",
		    alert_info(w->code)->name, e.why);
	}
	log_line(LOG_DEBUG, "alert.looked", "seen=%zu", out->n);
	/* One that found no room may still be so. */
	if (out->n == SIGHTINGS_MAX)
		memset(out->unsure, 1, sizeof out->unsure);
}

bool
watch_open(struct watch **out, const struct job_env *env, struct err *e)
{
	struct watch *w = calloc(1, sizeof *w);

	if (w == NULL)
		bug("out of memory");
	w->env = *env;
	*out = w;
	if (db_open(&w->db, options_text(env->options, "store"), DB_READ, e))
		return true;
	watch_close(out);
	return false;
}

void
watch_close(struct watch **wp)
{
	struct watch *w = *wp;

	*wp = NULL;
	if (w == NULL)
		return;
	db_close(&w->db);
	free(w);
}
