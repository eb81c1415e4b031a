#ifndef BAHI_FLOW_CONTEST_H
#define BAHI_FLOW_CONTEST_H
/*
 * Each document of a judged event beside what it meets in the books: the
 * version that both came from, the present one, and what wants to be. Reads
 * only; on the writer's thread and on any other.
 */
#include "book/merge.h"
#include "flow/work.h"

struct contest {
	size_t part;
	const struct document *incoming;	/* of the work's piece */
	struct document_row row;
	bool found;		/* there is a present version */
	bool based;		/* what both came from is known */
	bool contested;		/* they disagree; else it may post as it is */
	bool clean;		/* contested, found, and nothing overlaps */
	struct version current, base;
	struct merge merge;	/* when found */
};

/* One for each piece of the work; in its arena. */
MUST_CHECK bool contests_open(struct db *, struct work *,
	struct contest **, struct err *);
/* The clean merge, of the incoming one's revision. */
void contest_merged(const struct contest *, struct arena *,
	struct document *out);
/* Body of a document as it is kept, in the arena. */
struct span document_body(const struct document *, struct arena *);

#endif
