#ifndef BAHI_UI_QUEUE_H
#define BAHI_UI_QUEUE_H
/*
 * The thread that brings to the disk what must not be lost, so that no key
 * waits for it. A decision goes out only once it is there: the keeper rings
 * the jobs. Called by the loop.
 */
#include "ui/keep.h"
#include "ui/shared.h"

struct queue;

/* Never fails: where nothing can be kept, queue_why() says why, and nothing
 * is decided. */
struct queue *queue_start(const char *path, struct shared *,
	const char *why);	/* path NULL: why not */
/* All that was given is on the disk when it returns. */
void queue_stop(struct queue **);
/* NULL: what is given will be kept. */
const char *queue_why(const struct queue *);
/* `ring` is called by the keeper when something may be sent. */
void queue_bell(struct queue *, void (*ring)(void *), void *ctx);

/* All is copied. */
void queue_put(struct queue *, const struct keep_entry *);
void queue_drop(struct queue *, int64_t n);
void queue_change(struct queue *, int64_t n, const char *value);
void queue_clear(struct queue *);
void queue_again(struct queue *, int64_t n);	/* keep_again() */
void queue_release(struct queue *);	/* keep_release() */
/* keep_note(), within a second; what was given before it is not written. */
void queue_note(struct queue *, const char *kind, const char *text);

/* Of the loop; NULL: nothing is kept. */
struct keep *queue_reader(struct queue *);
/* Tells the screen how many wait. */
void queue_tell(struct keep *, struct shared *);

/* The file for the daemon at that place, in `folder`. */
const char *queue_file(struct arena *, const char *folder,
	const char *place);

#endif
