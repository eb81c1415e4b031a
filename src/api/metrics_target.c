/* Figures of targets: what waits for each, what became of what went there. */
#include "api/metrics.h"

#include <string.h>

#include "api/inside.h"
#include "flow/committing.h"
#include "store/target_drift.h"

struct measured {
	const struct target_row *row;
	struct target_sums sums;
	struct committer_figures figures;
	int64_t drift;
};

enum target_figure { TARGET_BACKLOG, TARGET_OLDEST, TARGET_RUNNING,
	TARGET_BREAKER, TARGET_SUCCESS, TARGET_SENT, TARGET_AWAY,
	TARGET_DRIFT, TARGET_LOOKED, TARGET_FIGURES };

static const struct {
	const char *name, *type, *unit, *help, *sample;
} families[TARGET_FIGURES] = {
	[TARGET_BACKLOG] = { "bahi_target_backlog", "gauge", NULL,
	    "Journals for it that are neither there nor skipped.",
	    "bahi_target_backlog" },
	[TARGET_OLDEST] = { "bahi_target_oldest_timestamp_seconds", "gauge",
	    "seconds", "When the oldest of them was posted.",
	    "bahi_target_oldest_timestamp_seconds" },
	[TARGET_RUNNING] = { "bahi_target_running", "gauge", NULL,
	    "1 while it is neither paused nor stopped.",
	    "bahi_target_running" },
	[TARGET_BREAKER] = { "bahi_target_breaker_open", "gauge", NULL,
	    "1 while its breaker is open or half-open.",
	    "bahi_target_breaker_open" },
	[TARGET_SUCCESS] = { "bahi_target_last_success_timestamp_seconds",
	    "gauge", "seconds", "When it last said anything.",
	    "bahi_target_last_success_timestamp_seconds" },
	[TARGET_SENT] = { "bahi_target_sent", "counter", NULL,
	    "Postings sent to it.", "bahi_target_sent_total" },
	[TARGET_AWAY] = { "bahi_target_away", "counter", NULL,
	    "Calls that brought no word.", "bahi_target_away_total" },
	[TARGET_DRIFT] = { "bahi_target_drift", "gauge", NULL,
	    "What it holds otherwise than we do, and nobody settled.",
	    "bahi_target_drift" },
	[TARGET_LOOKED] = { "bahi_target_looked_timestamp_seconds", "gauge",
	    "seconds", "When the last look at it ended.",
	    "bahi_target_looked_timestamp_seconds" },
};

static int64_t
waiting(const struct measured *m)
{
	int64_t n = m->sums.backlog;

	for (unsigned i = 0; i < COMMIT_STATES; i++)
		if (i != COMMIT_DONE && i != COMMIT_SKIPPED)
			n += m->sums.states[i];
	return n;
}

static void
write_figure(struct str *out, const struct measured *m,
    enum target_figure figure)
{
	const struct target_row *row = m->row;
	const int64_t values[TARGET_FIGURES] = {
		[TARGET_BACKLOG] = waiting(m),
		[TARGET_OLDEST] = m->sums.oldest / 1000000,
		[TARGET_RUNNING] = strcmp(row->state, "running") == 0,
		[TARGET_BREAKER] = strcmp(row->breaker, "closed") != 0,
		[TARGET_SUCCESS] = row->good / 1000000,
		[TARGET_SENT] = m->figures.sent,
		[TARGET_AWAY] = m->figures.away,
		[TARGET_DRIFT] = m->drift,
		[TARGET_LOOKED] = row->looked / 1000000,
	};

	metric_count(out, families[figure].sample, (const char *const []){
	    "target", row->name, NULL }, values[figure]);
}

static void
write_states(struct str *out, const struct measured *m, size_t n)
{
	static const char NAME[] = "bahi_target_commits";

	metric_family(out, NAME, "gauge", NULL,
	    "Commits by target and state.");
	for (size_t k = 0; k < n; k++)
		for (unsigned i = 0; i < COMMIT_STATES; i++)
			metric_count(out, NAME, (const char *const []){
			    "target", m[k].row->name, "state",
			    commit_state_name((enum commit_state)i), NULL },
			    m[k].sums.states[i]);
}

bool
metrics_targets(struct call *call, struct str *out, struct err *e)
{
	static const char LATENCY[] = "bahi_target_latency_seconds";
	struct committing *committing = api_options(call->api)->committing;
	struct target_row *rows;
	struct measured *m;
	size_t n;

	if (!target_all(call->db, call->arena, &rows, &n, e))
		return false;
	m = arena_alloc(call->arena, (n + 1) * sizeof *m);
	for (size_t i = 0; i < n; i++) {
		m[i].row = &rows[i];
		if (!target_sums(call->db, &rows[i], &m[i].sums, e) ||
		    !drift_count(call->db, rows[i].name, DRIFT_KINDS,
		    &m[i].drift, e))
			return false;
		(void)committing_figures(committing, rows[i].name,
		    &m[i].figures);
	}
	for (int f = 0; f < TARGET_FIGURES; f++) {
		metric_family(out, families[f].name, families[f].type,
		    families[f].unit, families[f].help);
		for (size_t i = 0; i < n; i++)
			write_figure(out, &m[i], (enum target_figure)f);
	}
	write_states(out, m, n);
	metric_family(out, LATENCY, "histogram", "seconds",
	    "From received here to booked there, since the start.");
	for (size_t i = 0; i < n; i++)
		metric_histogram(out, LATENCY, "target", rows[i].name,
		    m[i].figures.latency, m[i].figures.latency_sum);
	return true;
}
