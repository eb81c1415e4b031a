#ifndef BAHI_FLOW_BEAT_H
#define BAHI_FLOW_BEAT_H
/* The thread of a job: it works, rests, and can be told to stop. */
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include "core/err.h"

#define BEAT_SECOND INT64_C(1000000)	/* microseconds */

struct beat {
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t wake;	/* of the monotonic clock */
	bool stop;		/* under lock */
};

/* Runs run(arg), which may use the beat already. False: nothing is left. */
MUST_CHECK bool beat_start(struct beat *, void *(*run)(void *), void *arg,
	struct err *);
/* False when it is told to stop, at once when it was. */
bool beat_rest(struct beat *, int64_t micros);
/* Waits for its thread. */
void beat_stop(struct beat *);
void beat_free(struct beat *);

#endif
