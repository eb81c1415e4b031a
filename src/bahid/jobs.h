#ifndef BAHI_BAHID_JOBS_H
#define BAHI_BAHID_JOBS_H
/* The jobs of a running daemon, opened and stopped together. */
#include "flow/job.h"

#define JOBS_MAX 24

struct jobs {
	void *states[JOBS_MAX];
	bool running;
};

MUST_CHECK bool jobs_open(struct jobs *, const struct job_env *,
	struct err *);
void jobs_stop(struct jobs *);
void jobs_close(struct jobs *);

#endif
