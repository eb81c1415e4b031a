#ifndef BAHI_UI_JOBS_INSIDE_H
#define BAHI_UI_JOBS_INSIDE_H
/* Inside of the jobs: one of them, and what each kind of work needs. */
#include <pthread.h>
#include <stdatomic.h>
#include "ui/cache.h"
#include "ui/jobs.h"
#include "ui/keep.h"
#include "wire/close.h"
#include "wire/bank.h"
#include "wire/gst.h"
#include "wire/intercompany.h"
#include "wire/word.h"

struct job {
	struct job *next;
	struct arena *arena;
	enum job_kind kind;
	const char *key;
	struct wire_decide decide;	/* of a plan */
	const char *form, *format, *folder;	/* of an export */
	const char *body;	/* of a preview */
};

struct jobs {
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t bell;
	struct job *first, **last;
	bool rung;		/* a decision may be sent, under lock */
	int64_t due;		/* clock_mono: then again; 0: not */
	int backoff;		/* seconds */
	atomic_bool stop, sending;
	struct shared *shared;
	struct wire *wire;
	struct cache *cache;
	struct keep *keep;	/* of the thread; NULL: nothing is decided */
	struct queue *queue;
	struct wire *catcher;	/* of the loop: writes requests */
	char plan[32];		/* the key of the last one kept */
};

struct job *job_new(enum job_kind);
void job_free(struct job **);
void job_add(struct jobs *, struct job *);
/* Asks for what the job's kind and key say, and keeps it. */
bool job_fetch(struct jobs *, struct job *, struct err *);
bool job_list(struct jobs *, struct job *, const char *name, struct err *);

/* sending.c: what is kept goes out, in its order, while the daemon answers. */
void sending_round(struct jobs *);

/* jobs_gst.c: JOB_GST, JOB_ABOUT, JOB_EXPORT.. and JOB_INWARD. */
bool job_gst(struct jobs *, struct job *, struct err *);

#endif
