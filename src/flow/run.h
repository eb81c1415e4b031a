#ifndef BAHI_FLOW_RUN_H
#define BAHI_FLOW_RUN_H
/*
 * Runs: one action on many events, in the background on the writer. What a
 * piece does, its row of the log and its lines of the receipt are one commit,
 * so that a run goes on where it was after any stop: nothing is done twice,
 * nothing is left out. Between two pieces everybody else is served.
 */
#include "flow/pump.h"
#include "store/runs.h"

/* Rows of one commit: what may still be done after a cancel. */
#define RUN_PIECE 50

/* What is asked of the writer about a run; made by the API. */
struct run_order {
	struct pump *pump;
	struct arena *arena;		/* has the order itself */
	struct run run;			/* to start; or its id, to cancel */
	const char *actor;

	bool absent;			/* out: no such run to cancel */
	struct err err;
	void (*finished)(struct run_order *);	/* takes it over; on the
						 * writer's thread */
	void *owner;
};

struct run_order *run_order_new(void);
void run_order_free(struct run_order **);

/* For pump_call. Kept and in the audit before anything is done; the same key
 * again finds the same run. */
bool run_start(struct settler *, void *order);
bool run_stop(struct settler *, void *order);
/* For pump_call, when the daemon starts: those that were going go on. */
bool run_resume(struct settler *, void *pump);

#endif
