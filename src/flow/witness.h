#ifndef BAHI_FLOW_WITNESS_H
#define BAHI_FLOW_WITNESS_H
/*
 * Who read what: gathered in memory, so that reading costs no write, and put
 * into the audit as one row for each person and route. Whoever reads is always
 * noted; only what exactly is left out when there is too much of it.
 */
#include "store/books.h"

#define WITNESS_EVERY INT64_C(10000000)	/* microseconds between two writes */

struct witness;

struct witness *witness_new(void);
void witness_free(struct witness **);
/* From any thread. action: "read"; route: as in the table of routes; object: a
 * code, never a name, or "". */
void witness_note(struct witness *, const char *actor, const char *action,
	const char *route, const char *object);
/* Is there something that should be written by now? */
bool witness_due(struct witness *);
/* On the writer, in its transaction; all that was noted. Then say whether it
 * was committed: what was not is noted again. */
MUST_CHECK bool witness_write(struct witness *, struct books *,
	struct err *);
void witness_end(struct witness *, bool committed);
/* At the very end, when nobody writes any more: left for the next start. */
MUST_CHECK bool witness_leave(struct witness *, const char *store,
	struct err *);

#endif
