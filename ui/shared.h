#ifndef BAHI_UI_SHARED_H
#define BAHI_UI_SHARED_H
/*
 * What the threads tell the screen: whether the daemon answers, that the
 * cache changed, and a message. `wake` is readable when something did.
 */
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

/* COMING: it answers, and there is more than we have yet. */
enum link_state { LINK_TRYING, LINK_COMING, LINK_LIVE, LINK_OFFLINE };

struct shared {
	pthread_mutex_t lock;
	int wake;		/* eventfd */
	enum link_state link;
	uint64_t generation;	/* of the cache's content */
	char message[400];	/* untamed; "" when none is new */
	bool bad;		/* the message is of a failure */
	int64_t heard;		/* clock_mono of its last answer; 0: none */
	int64_t queued, failed;	/* decisions kept here */
	int64_t factor;		/* the one that wants a code; 0: none */
};

void shared_open(struct shared *);
void shared_close(struct shared *);
bool shared_link(struct shared *, enum link_state);	/* did it change? */
enum link_state shared_now(struct shared *);
/* The daemon answered: what we have is true as of now. */
void shared_heard(struct shared *);
void shared_changed(struct shared *);
void shared_wake(struct shared *);	/* look again; nothing changed */
void shared_queue(struct shared *, int64_t queued, int64_t failed);
void shared_factor(struct shared *, int64_t entry);
void shared_say(struct shared *, bool bad, const char *text);
/* A copy for the loop; clears `wake`, message and factor. */
struct shared_view {
	enum link_state link;
	uint64_t generation;
	char message[400];
	bool bad;
	int64_t heard, queued, failed;
	int64_t factor;		/* 0: none, or taken already */
};
void shared_take(struct shared *, struct shared_view *);

#endif
