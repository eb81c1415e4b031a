#ifndef BAHI_API_GUESS_H
#define BAHI_API_GUESS_H
/*
 * Who tries secrets out waits, twice as long after each further one. Counted
 * are failures of an address, of a name from an address, and of a name. What
 * is counted has no place of its own that others could push it out of: each
 * key shares two of many counters, chosen by a salt that nobody knows, and the
 * lesser of the two is its own at most. An address from which a client proved
 * itself is held back by nothing but its own failures with that client.
 * Pure but for memory: the time is told. One caller at a time.
 */
#include <stdint.h>
#include "core/span.h"

#define GUESS_OF_PAIR 5		/* failures that cost nothing: name, address */
#define GUESS_OF_ADDRESS 20
#define GUESS_OF_NAME 100	/* of each address the first few count */
#define GUESS_MOST 900		/* seconds */
#define GUESS_MOST_NAME 60
#define GUESS_HALF 600		/* seconds in which a count goes to half */

struct guess;

struct guess *guess_new(void);
void guess_free(struct guess **);
/* Microseconds until it may try again; 0: now. name "": a token alone. */
int64_t guess_wait(struct guess *, struct span address, struct span name,
	int64_t now);
void guess_failed(struct guess *, struct span address, struct span name,
	int64_t now);
void guess_proved(struct guess *, struct span address, struct span name);

#endif
