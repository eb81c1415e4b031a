/* A table of peers by how many connections each holds; see crowd.h. It is as
 * large as there are peers at once, which the listener bounds. */
#include "net/crowd.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "core/err.h"

#define BUCKETS 256

struct member {
	struct member *next;
	struct crowd_peer peer;
	unsigned n;
};

struct crowd {
	pthread_mutex_t lock;
	unsigned most;
	struct member *buckets[BUCKETS];
};

struct crowd *
crowd_new(unsigned most)
{
	struct crowd *crowd = calloc(1, sizeof *crowd);

	if (crowd == NULL)
		bug("out of memory");
	pthread_mutex_init(&crowd->lock, NULL);
	crowd->most = most;
	return crowd;
}

void
crowd_free(struct crowd **cp)
{
	struct crowd *crowd = *cp;

	*cp = NULL;
	if (crowd == NULL)
		return;
	for (size_t i = 0; i < BUCKETS; i++)
		for (struct member *m = crowd->buckets[i], *next; m != NULL;
		    m = next) {
			next = m->next;
			free(m);
		}
	pthread_mutex_destroy(&crowd->lock);
	free(crowd);
}

/* Where its member is, or would be. */
static struct member **
place(struct crowd *crowd, const struct crowd_peer *peer)
{
	unsigned hash = peer->user;
	struct member **at;

	for (size_t i = 0; i < sizeof peer->bytes; i++)
		hash = hash * 31 + peer->bytes[i];
	at = &crowd->buckets[hash % BUCKETS];
	while (*at != NULL && ((*at)->peer.user != peer->user ||
	    memcmp((*at)->peer.bytes, peer->bytes, sizeof peer->bytes) != 0))
		at = &(*at)->next;
	return at;
}

bool
crowd_enter(struct crowd *crowd, const struct crowd_peer *peer)
{
	struct member **at;
	bool room;

	pthread_mutex_lock(&crowd->lock);
	at = place(crowd, peer);
	if (*at == NULL) {
		*at = calloc(1, sizeof **at);
		if (*at == NULL)
			bug("out of memory");
		(*at)->peer = *peer;
	}
	room = (*at)->n++ < crowd->most;
	pthread_mutex_unlock(&crowd->lock);
	return room;
}

void
crowd_leave(struct crowd *crowd, const struct crowd_peer *peer)
{
	struct member **at, *gone;

	pthread_mutex_lock(&crowd->lock);
	at = place(crowd, peer);
	gone = *at;
	if (gone != NULL && --gone->n == 0) {
		*at = gone->next;
		free(gone);
	}
	pthread_mutex_unlock(&crowd->lock);
}
