/*
 * The table of conditions, one line each, and the look of each.  Called by
 * alert.c every few seconds.
 */
#include "flow/watch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>

#include "book/quantity.h"
#include "core/clock.h"
#include "core/log.h"
#include "core/utf8.h"
#include "flow/backup.h"
#include "flow/consistency.h"
#include "net/tls.h"
#include "store/alerts.h"
#include "store/audit.h"
#include "store/outbox.h"
#include "store/poll.h"
#include "store/target_drift.h"

#define PIECE 500		/* audit rows in one go */
#define WALK 200000		/* microseconds of a look for the audit */
#define SECOND INT64_C(1000000)
#define MINUTE (60 * SECOND)
#define HOUR (60 * MINUTE)
#define COMMITS_LATE HOUR
#define RENEW_DAYS 14		/* before a certificate ends */
#define DRIFT_DAYS 7		/* what was not missed since is forgotten */

struct watch {
	struct job_env env;
	struct db *db;
	const atomic_bool *stop;
	int64_t now;
	struct sightings *out;
	enum alert_code code;		/* that is looked for now */
	int64_t refused;		/* by the pump, at the last look */
	struct backup_plan backup;
	struct audit_mark mark;
	bool walked;			/* to the end at least once */
	struct err broken;		/* what the chain's first fault is */
};

/* Whole characters only. */
static const char *
cut(struct arena *arena, const char *text)
{
	struct span s = span_of(text);
	uint32_t cp;
	size_t n = 0, next;

	while ((next = utf8_next((struct span){ s.p + n, s.n - n }, &cp)) > 0
	    && n + next <= ALERT_TEXT_MAX)
		n += next;
	return arena_strndup(arena, text, n);
}

static void
report(struct watch *w, const char *subject, const char *value)
{
	struct sightings *out = w->out;

	if (out->n == SIGHTINGS_MAX)
		return;
	out->items[out->n++] = (struct sighting){ w->code,
	    cut(out->arena, subject), cut(out->arena, value) };
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

/* The time that its configuration gives the flow: to recover in, else to post
 * in, else what is set for all. 0: no limit. */
static int64_t
limit_of(struct watch *w, const struct reference *reference,
    const struct alert_flow *of)
{
	int64_t minutes = options_count(w->env.options, "alert_late");
	const struct flow *flow = reference_flow(reference, of->source,
	    of->kind != NULL ? of->kind : "",
	    of->entity != NULL ? of->entity : "");

	if (flow != NULL && flow->objective > 0)
		return flow->objective * MINUTE;
	if (flow != NULL && flow->latency > 0)
		return flow->latency * SECOND;
	return minutes * MINUTE;
}

static const char *
name_flow(struct arena *arena, const struct alert_flow *flow)
{
	return arena_printf(arena, "%s%s%s%s%s", flow->source,
	    flow->kind != NULL ? "/" : "",
	    flow->kind != NULL ? flow->kind : "",
	    flow->entity != NULL ? "/" : "",
	    flow->entity != NULL ? flow->entity : "");
}

static bool
look_flow(struct watch *w, const struct alert_flow *flow, int64_t limit,
    struct err *e)
{
	int64_t n, oldest;

	if (limit == 0)
		return true;
	if (!alerts_late(w->db, flow, w->now, w->now - limit, &n, &oldest, e))
		return false;
	if (n > 0)
		report_events(w, name_flow(w->out->arena, flow), "", n,
		    oldest);
	return true;
}

static bool
look_late(struct watch *w, struct err *e)
{
	struct alert_flow *flows = arena_alloc(w->out->arena,
	    ALERT_FLOWS * sizeof *flows);
	struct reference *reference = pump_reference(w->env.pump);
	size_t n;
	bool ok = alerts_flows(w->db, w->out->arena, flows, &n, e);

	for (size_t i = 0; ok && i < n; i++)
		ok = look_flow(w, &flows[i], limit_of(w, reference,
		    &flows[i]), e);
	reference_drop(&reference);
	return ok;
}

static bool
look_aging(struct watch *w, struct err *e)
{
	int64_t hours = options_count(w->env.options, "alert_age");

	return hours == 0 || alerts_aging(w->db, w->now - hours * HOUR,
	    report_events, w, e);
}

static bool
look_paused(struct watch *w, struct err *e)
{
	return alerts_paused(w->db, report_events, w, e);
}

/* ---- stock ------------------------------------------------------------ */

static void
report_short(void *arg, const char *key, const char *part, int64_t n,
    int64_t oldest)
{
	struct watch *w = arg;
	struct str quantity;

	(void)part;
	(void)oldest;
	str_init(&quantity, 64);
	quantity_plain(n, &quantity);
	report(w, key, quantity.p);
	str_free(&quantity);
}

static bool
look_oversold(struct watch *w, struct err *e)
{
	return alerts_oversold(w->db, report_short, w, e);
}

/* ---- master data ------------------------------------------------------ */

struct misses {			/* of one source and dimension */
	struct watch *watch;
	struct reference *reference;
	char source[ALERT_TEXT_MAX], dimension[ALERT_TEXT_MAX];
	const char *value;	/* the first */
	int64_t n;
};

static void
report_misses(struct misses *m)
{
	struct arena *arena = m->watch->out->arena;

	if (m->n > 0)
		report(m->watch, arena_printf(arena, "%s/%s", m->source,
		    m->dimension), arena_printf(arena, "%lld (%s)",
		    (long long)m->n, m->value));
	m->n = 0;
}

/* They come sorted. What was put right meanwhile is missed no more. */
static void
add_miss(void *arg, const char *source, const char *dimension,
    const char *value)
{
	struct misses *m = arg;

	if (reference_lookup(m->reference, source, dimension, value) != NULL)
		return;
	if (strcmp(m->source, source) != 0 ||
	    strcmp(m->dimension, dimension) != 0) {
		report_misses(m);
		snprintf(m->source, sizeof m->source, "%s", source);
		snprintf(m->dimension, sizeof m->dimension, "%s", dimension);
	}
	if (m->n++ == 0)
		m->value = arena_strdup(m->watch->out->arena, value);
}

static bool
look_drift(struct watch *w, struct err *e)
{
	struct misses m = { .watch = w,
	    .reference = pump_reference(w->env.pump) };
	bool ok = alerts_misses(w->db, w->now - DRIFT_DAYS * 24 * HOUR,
	    add_miss, &m, e);

	if (ok)
		report_misses(&m);
	reference_drop(&m.reference);
	return ok;
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

/* In MiB. */
static bool
free_space(const char *store, int64_t *out, struct err *e)
{
	struct statvfs fs;

	if (statvfs(store, &fs) != 0)
		return err_set(e, ERR_SYSTEM, "statvfs %s", store);
	*out = (int64_t)(fs.f_bavail * (fs.f_frsize >> 10) >> 10);
	return true;
}

static bool
look_disk(struct watch *w, struct err *e)
{
	const char *store = options_text(w->env.options, "store");
	int64_t least = options_count(w->env.options, "alert_disk");
	int64_t free = 0;

	if (!free_space(store, &free, e))
		return false;
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

static bool
look_full(struct watch *w, struct err *e)
{
	const char *store = options_text(w->env.options, "store");
	struct pump_figures figures;
	int64_t free = 0;

	pump_figures(w->env.pump, &figures);
	if (!figures.full)
		return true;
	if (!free_space(store, &free, e))
		return false;
	report(w, store, arena_printf(w->out->arena, "%lld MiB",
	    (long long)free));
	return true;
}

/* ---- backups ---------------------------------------------------------- */

static bool
look_late_backup(struct watch *w, struct err *e)
{
	struct backup_state made;
	char at[ALERT_TIME] = "-";

	if (!backup_state(w->db, "backup", &made, e))
		return false;
	if (made.at != 0)
		alert_time(made.at, at);
	if (backup_late(&made, &w->backup, w->now))
		report(w, options_text(w->env.options, "backup_to"), at);
	return true;
}

static bool
look_failed_backup(struct watch *w, struct err *e)
{
	static const char *const kinds[] = { "backup", "drill" };

	for (size_t i = 0; i < 2; i++) {
		struct backup_state state;

		if (!backup_state(w->db, kinds[i], &state, e))
			return false;
		if (state.why[0] != '\0')
			report(w, kinds[i], state.why);
	}
	return true;
}

/* ---- polls ------------------------------------------------------------ */

static void
report_poll(void *arg, const struct poll_row *row)
{
	struct watch *w = arg;

	if (strcmp(row->breaker, "closed") != 0 ||
	    strcmp(row->state, "stopped") == 0)
		report(w, row->name, row->why);
}

static bool
look_polls(struct watch *w, struct err *e)
{
	return poll_all(w->db, report_poll, w, e);
}

/* ---- targets ---------------------------------------------------------- */

static bool
look_targets(struct watch *w, struct err *e)
{
	struct target_row *rows;
	size_t n;

	if (!target_all(w->db, w->out->arena, &rows, &n, e))
		return false;
	for (size_t i = 0; i < n; i++)
		if (strcmp(rows[i].state, "stopped") == 0 ||
		    strcmp(rows[i].breaker, "closed") != 0)
			report(w, rows[i].name, rows[i].why);
	return true;
}

static void
report_commits(struct watch *w, const char *name,
    const struct target_sums *sums)
{
	int64_t n = sums->backlog;

	if (w->code == ALERT_COMMITS) {
		n = sums->states[COMMIT_FAILED] + sums->states[COMMIT_DEAD];
		if (n > 0)
			report(w, name, arena_printf(w->out->arena, "%lld",
			    (long long)n));
		return;
	}
	for (unsigned i = 0; i < COMMIT_STATES; i++)
		if (i != COMMIT_DONE && i != COMMIT_SKIPPED)
			n += sums->states[i];
	if (n > 0 && w->now - sums->oldest > COMMITS_LATE)
		report_events(w, name, "", n, sums->oldest);
}

static bool
look_commits(struct watch *w, struct err *e)
{
	struct target_row *rows;
	struct target_sums sums;
	size_t n;

	if (!target_all(w->db, w->out->arena, &rows, &n, e))
		return false;
	for (size_t i = 0; i < n; i++) {
		if (!target_sums(w->db, &rows[i], &sums, e))
			return false;
		report_commits(w, rows[i].name, &sums);
	}
	return true;
}

static bool
look_target_drift(struct watch *w, struct err *e)
{
	struct target_row *rows;
	int64_t open;
	size_t n;

	if (!target_all(w->db, w->out->arena, &rows, &n, e))
		return false;
	for (size_t i = 0; i < n; i++) {
		if (!drift_count(w->db, rows[i].name, DRIFT_KINDS, &open, e))
			return false;
		if (open > 0)
			report(w, rows[i].name, arena_printf(w->out->arena,
			    "%lld", (long long)open));
	}
	return true;
}

/* ---- the walk over the ledger ----------------------------------------- */

/* Once for each kind of difference: a broken journal moves balances, too. */
static bool
look_consistency(struct watch *w, struct err *e)
{
	struct consistency_report *found = calloc(1, sizeof *found);

	(void)e;
	if (found == NULL)
		bug("out of memory");
	consistency_read(w->env.consistency, found);
	for (size_t i = 0; i < found->n; i++) {
		size_t k = 0;

		while (strcmp(found->items[k].code, found->items[i].code)
		    != 0)
			k++;
		if (k == i)
			report(w, found->items[i].code, found->items[i].name);
	}
	free(found);
	return true;
}

/* ---- the certificate -------------------------------------------------- */

static bool
look_ends(struct watch *w, struct err *e)
{
	struct tls_state state;
	char at[ALERT_TIME];

	(void)e;
	if (w->env.tls == NULL)
		return true;
	tls_state(w->env.tls, &state);
	alert_time(state.ends, at);
	if (state.ends - w->now < RENEW_DAYS * 24 * HOUR)
		report(w, options_text(w->env.options, "tls_cert"), at);
	return true;
}

static bool
look_kept(struct watch *w, struct err *e)
{
	struct tls_state state;

	(void)e;
	if (w->env.tls == NULL)
		return true;
	tls_state(w->env.tls, &state);
	if (state.why[0] != '\0')
		report(w, options_text(w->env.options, "tls_cert"),
		    state.why);
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
	{ ALERT_POLL, look_polls },
	{ ALERT_TARGET, look_targets },
	{ ALERT_COMMITS, look_commits },
	{ ALERT_COMMITS_LATE, look_commits },
	{ ALERT_TARGET_DRIFT, look_target_drift },
	{ ALERT_PAUSED, look_paused },
	{ ALERT_DRIFT, look_drift },
	{ ALERT_OVERSOLD, look_oversold },
	{ ALERT_DIFFER, look_consistency },
	{ ALERT_CERTIFICATE_ENDS, look_ends },
	{ ALERT_CERTIFICATE_KEPT, look_kept },
	{ ALERT_BACKUP_LATE, look_late_backup },
	{ ALERT_BACKUP_FAILED, look_failed_backup },
	{ ALERT_FULL, look_full },
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
	backup_plan_of(env->options, &w->backup);
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
