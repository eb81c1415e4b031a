#ifndef BAHI_FLOW_WORK_H
#define BAHI_FLOW_WORK_H
/*
 * One event on its way: made on a request's thread, settled on the writer's,
 * answered, freed. All its texts are in its arena.
 */
#include "book/document.h"
#include "book/event.h"
#include "book/finding.h"
#include "book/journal.h"
#include "store/books.h"

struct work {
	struct work *next;
	void (*done)(struct work *);	/* after the commit; may free it */
	void *owner;			/* of done() */
	struct arena *arena;

	struct event event;
	struct event *came;	/* as it came, once a replay took its place */
	struct span quoted;		/* body with numbers as text */
	struct document document;
	struct span body;		/* the document as it is kept */
	struct journal journal;
	unsigned char entries[SHA256_SIZE];	/* digest of the journal's */
	bool has_document, has_journal, ignored;
	struct findings findings;
	int64_t generation;		/* of master data it was judged with */
	const char *rule_digest;

	/* the outcome */
	struct placing placing;
	bool replayed;			/* same key, same bytes, seen before */
	struct err err;			/* ERR_KEY_REUSE, or the commit failed */
};

struct work *work_new(void);
void work_free(struct work **);
/* The answer's JSON object: event state source key document version journal
 * findings status. */
void work_answer(const struct work *, struct str *out);

#endif
