#ifndef BAHI_FLOW_JOB_H
#define BAHI_FLOW_JOB_H
/*
 * What the daemon does besides answering requests: a thread each, in the one
 * table of bahid/jobs.c. Opened when the pump runs, stopped before it drains.
 */
#include "core/option.h"
#include "flow/pump.h"

struct job_env {
	const struct options *options;
	struct pump *pump;
	struct drift *drift;
	struct consistency *consistency;
	struct exporter *exporter;
	struct lookers *lookers;
	struct tls *tls;	/* NULL: no TLS is served */
	struct witness *witness;
	struct committing *committing;
};

struct job {
	const char *name;
	/* *state NULL and true: nothing to do with these settings. */
	bool (*open)(void **state, const struct job_env *, struct err *);
	void (*stop)(void *state);	/* waits for its thread */
	void (*close)(void **state);
};

extern const struct job job_clockwork;
extern const struct job job_drifting;
extern const struct job job_alert, job_courier;
extern const struct job job_inbox;
extern const struct job job_consistency;
extern const struct job job_poll;
extern const struct job job_committing;
extern const struct job job_runs;
extern const struct job job_gst;
extern const struct job job_export;
extern const struct job job_matching, job_banking;
extern const struct job job_certificate;
extern const struct job job_audit;
extern const struct job job_backup;
extern const struct job job_retain;

#endif
