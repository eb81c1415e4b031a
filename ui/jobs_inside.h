#ifndef BAHI_UI_JOBS_INSIDE_H
#define BAHI_UI_JOBS_INSIDE_H
/* Inside of the jobs: one of them, and what each kind of work needs. */
#include <pthread.h>
#include <stdatomic.h>
#include "ui/cache.h"
#include "ui/jobs.h"
#include "wire/close.h"
#include "wire/gst.h"
#include "wire/intercompany.h"

struct job {
	struct job *next;
	struct arena *arena;
	enum job_kind kind;
	const char *key;
	struct wire_decide decide;
	struct edit edit;
	struct wire_adjust adjust;
	struct wire_close_word close;
	struct wire_gst_word gst;
	const char *form, *format, *folder;	/* of an export */
	const char *body;	/* of a preview */
};

struct jobs {
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t bell;
	struct job *first, **last;
	atomic_bool stop, deciding;
	struct shared *shared;
	struct wire *wire;
	struct cache *cache;
	char plan[32];		/* the key of the last one kept */
};

struct job *job_new(enum job_kind);
/* A key of idempotence. */
const char *job_key(struct job *);
void job_add(struct jobs *, struct job *);

/* jobs_gst.c: JOB_GST to JOB_INWARD. */
bool job_gst(struct jobs *, struct job *, struct err *);

#endif
