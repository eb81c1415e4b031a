/* The table of jobs. */
#include "bahid/jobs.h"

static const struct job *const table[] = {
	&job_clockwork,
	&job_drifting,
	&job_alert,
	&job_courier,
	&job_inbox,
	&job_consistency,
	&job_poll,
	&job_committing,
	&job_runs,
	&job_export,
	&job_matching,
	&job_banking,
	&job_gst,
	&job_certificate,
	&job_audit,
	&job_backup,
	&job_retain,
};

#define N (sizeof(table) / sizeof(table[0]))
_Static_assert(N <= JOBS_MAX, "more jobs than room");

bool
jobs_open(struct jobs *jobs, const struct job_env *env, struct err *e)
{
	jobs->running = true;
	for (size_t i = 0; i < N; i++)
		if (!table[i]->open(&jobs->states[i], env, e))
			return false;
	return true;
}

void
jobs_stop(struct jobs *jobs)
{
	for (size_t i = N; jobs->running && i-- > 0;)
		if (jobs->states[i] != NULL)
			table[i]->stop(jobs->states[i]);
	jobs->running = false;
}

void
jobs_close(struct jobs *jobs)
{
	for (size_t i = N; i-- > 0;)
		if (jobs->states[i] != NULL)
			table[i]->close(&jobs->states[i]);
}
