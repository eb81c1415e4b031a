#ifndef BAHI_NET_CROWD_H
#define BAHI_NET_CROWD_H
/* How many connections each peer holds: no one takes all of them. Any
 * thread. */
#include <stdbool.h>
#include <stddef.h>

struct crowd;

struct crowd_peer {		/* an address, or a user; zeroed before */
	unsigned char bytes[16];
	bool user;
};

struct crowd *crowd_new(unsigned most);
void crowd_free(struct crowd **);
/* False: it holds as many as it may; this one is counted all the same. */
bool crowd_enter(struct crowd *, const struct crowd_peer *);
void crowd_leave(struct crowd *, const struct crowd_peer *);

#endif
