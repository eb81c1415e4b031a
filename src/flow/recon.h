#ifndef BAHI_FLOW_RECON_H
#define BAHI_FLOW_RECON_H
/*
 * Taking in what suppliers filed, and what people say of it beside their
 * books. Each is a decision in the log; matching follows from them and is
 * not. On the writer's thread.
 */
#include "flow/settle.h"
#include "store/inward.h"
#include "store/recon.h"

/* ---- files ------------------------------------------------------------- */

struct recon_import {
	struct arena *arena;
	struct span body;
	const char *name, *actor;
	const char *gstin;		/* NULL: as the file says */
	int64_t period;			/* 0: as the file says */
	struct inward inward;		/* read by recon_read */

	int64_t seq;			/* out: of the log */
	bool repeated;			/* these bytes came before, as seq */
	struct inward_counts counts;
};

/* Before the writer: the file is read and fits what was said of it. */
MUST_CHECK bool recon_read(struct recon_import *, const struct reference *,
	struct err *);
/* A transaction of its own; nothing is changed when it fails. */
MUST_CHECK bool recon_take(struct settler *, struct recon_import *,
	struct err *);
/* The bytes that a row of the log names, from the books that have them. */
MUST_CHECK bool recon_carry(struct db *from, struct books *to,
	struct span body, struct err *);

/* ---- words ------------------------------------------------------------- */

#define RECON_ITEMS_MAX 10000
#define RECON_SKIPPED_MAX 100

struct recon_skipped {
	struct recon_item item;
	const char *why;
};

struct recon_saying {
	struct arena *arena;
	const char *action;	/* accept ignore pending link unlink reset
				 * ims.accept ims.reject ims.pending ims.none
				 * undo */
	const char *reason, *actor;
	struct recon_item *items;
	size_t n_items;
	int64_t with;		/* of link: version of the purchase */
	int64_t of;		/* of undo: the decision */
	/* Instead of items: all of these. */
	struct recon_choice filter;	/* gstin NULL: none */

	int64_t seq;		/* out: of the log; 0: nothing was done */
	int64_t done, n_skipped;
	bool more;		/* there were more than RECON_ITEMS_MAX */
	struct recon_skipped skipped[RECON_SKIPPED_MAX];
};

bool recon_action(const char *);	/* is there such a one? */
MUST_CHECK bool recon_say(struct settler *, struct recon_saying *,
	struct err *);
/* Does again what a row of the log says; *mine false: it is no such row. */
struct cJSON;
MUST_CHECK bool recon_replay(struct settler *, const struct cJSON *,
	const char *actor, int64_t at, bool *mine, struct err *);

#endif
