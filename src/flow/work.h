#ifndef BAHI_FLOW_WORK_H
#define BAHI_FLOW_WORK_H
/*
 * One event on its way: made on a request's thread, settled on the writer's,
 * answered, freed. All its texts are in its arena.
 */
#include "book/bank.h"
#include "book/document.h"
#include "book/event.h"
#include "book/finding.h"
#include "book/journal.h"
#include "core/json.h"
#include "gst/supply.h"
#include "store/approval.h"
#include "store/ruling.h"

/* One document of the event. Most events make one; all of an event's are
 * settled together or not at all. */
struct piece {
	struct document document;
	struct span body;		/* the document as it is kept */
	struct journal journal;
	unsigned char entries[SHA256_SIZE];	/* digest of the journal's */
	bool has_journal;		/* false: findings say why, or */
	bool posts_nothing;		/* the kind is not for the ledger */
	struct supply *supply;		/* under GST; NULL: not of it */
};

/* Why a policy wants an approval, if that is so in the ledger (policy.c). */
struct reason {
	const char *policy, *why;
	const char *condition;		/* NULL: it is so */
	size_t piece;
	int64_t needed, expires;	/* people; hours, 0: never */
	bool totp;
	enum role role;
};

struct work {
	struct work *next;
	void (*done)(struct work *);	/* after the commit; may free it */
	void *owner;			/* of done() */
	struct arena *arena;

	struct event event;
	struct event *came;	/* as it came, once a replay took its place */
	struct json_tape tape;		/* of the body, once it was judged */
	struct piece *pieces;
	size_t n_pieces;		/* 0: no document could be made */
	bool ignored;
	struct bank_line *bank;		/* what it says of money at a bank */
	size_t n_bank;
	struct findings findings;
	struct reason *reasons;
	size_t n_reasons;
	int64_t generation;		/* of master data it was judged with */
	const char *rule_digest;

	/* what a person said its documents are */
	struct ruling *rulings;
	size_t n_rulings;

	/* what a person, a batch or the clock already settled */
	bool approved, batched, resumed, in_window;

	/* the outcome */
	struct placing placing;
	struct waiting waiting;		/* of EVENT_WAITING */
	int64_t present;		/* version that it conflicts with */
	struct hold hold;		/* of EVENT_HELD */
	struct approval *approvals;	/* of what the hold is of */
	size_t n_approvals;
	bool replayed;			/* same key, same bytes, seen before */
	struct err err;			/* ERR_KEY_REUSE, or the commit failed */
};

struct work *work_new(void);
void work_free(struct work **);
/* Takes back all that judging found out. */
void work_clear(struct work *);
/* The answer's JSON object: event state source key document version journal
 * findings status. */
void work_answer(const struct work *, struct str *out);

#endif
