#ifndef BAHI_FLOW_RESERVE_H
#define BAHI_FLOW_RESERVE_H
/*
 * Room that is kept back on the disk of the store, for when that is full: it
 * is let go then, so that the audit can say so and alerts can go.
 */
#include "store/books.h"

struct reserve;

struct reserve *reserve_new(const char *store);
void reserve_close(struct reserve **);
/* True when it is there, or could be made with room to spare. */
bool reserve_make(struct reserve *);
void reserve_free(struct reserve *);
/* Is so little left that the next commit may not fit? */
bool reserve_needed(const struct reserve *);
/* On the writer, in a commit of its own; a failure is only logged. */
void reserve_say(struct books *, bool full);

#endif
