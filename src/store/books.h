#ifndef BAHI_STORE_BOOKS_H
#define BAHI_STORE_BOOKS_H
/*
 * The writer's hold on the database: one per process, under a file lock. It
 * knows the last number of each sequence and gathers what a group adds to
 * balances and counts, so that each is written once a commit.
 * Between books_begin and books_commit every failure must end in
 * books_rollback, which takes the gathered sums back, too.
 */
#include <stdint.h>
#include "book/document.h"
#include "book/event.h"
#include "book/finding.h"
#include "book/journal.h"
#include "core/arena.h"
#include "core/map.h"
#include "store/db.h"

struct placing;

struct books {
	struct db *db;
	int lock;			/* of the file beside the database */
	struct arena *arena;		/* of the group */
	int64_t seq, journal, change, audit;	/* last used */
	unsigned char audit_hash[SHA256_SIZE];
	int64_t generation;		/* seq of the last reference change */
	const char *rules;		/* digest in force; "" before any */
	char rules_text[SHA256_HEX];
	int64_t waits;			/* events that wait */
	/* The open event that is under way, and the problem it had. */
	int64_t left_event;
	char left[FINDING_SIGNATURE];
	/* Of each kind the last document version that was counted (approval.h);
	 * 0: none ever is. */
	int64_t habits[DOC_KINDS];
	struct map *balances, *tallies, *days, *touched, *misses;
	struct map *stands;		/* tallies by entity */
	struct map *feed;		/* topic/key -> seq of its change */
	struct map *senders;		/* name -> struct sender */
	/* figure.c: */
	struct map *latencies, *figures, *standings, *heard, *backlog;
	struct map *closing, *taxes;	/* closing.c */
	struct map *gst;		/* gst_sum.c */
	struct map *commits;		/* outbox.c */
	struct map *tills;		/* till.c */
	struct map *dirty_banks;	/* bank.c */
	struct map *banks;		/* bank.c; NULL: not read yet */
	struct bank_broken *bank_broken;	/* bank_broken.c; in the arena */
	struct map *ties;		/* tie.c */
	struct tie_work *tie;		/* of the document in hand */
	struct vault *vault;		/* keys of people (vault.h) */
	struct taken *taken;		/* what this group's commit ends */
	bool replaying;			/* our clock says nothing of then */
	bool broken;			/* a rollback could not reload */
};

/* ERR_IN_USE when another process holds the lock. */
MUST_CHECK bool books_open(struct books **, const char *path, bool create,
	struct err *);
void books_close(struct books **);
MUST_CHECK bool books_begin(struct books *, struct err *);
MUST_CHECK bool books_commit(struct books *, struct err *);
void books_rollback(struct books *);

/* Gathered until the commit. */
void books_tally(struct books *, const char *source, const char *state,
	int n);
/* The same for the entity that the event is of, when it is of one. */
void books_stands(struct books *, const char *source,
	const struct placing *, const char *state, int n);
void books_day(struct books *, const char *signature, struct day,
	const char *currency, int n, int64_t amount);
void books_balance(struct books *, const char *entity, const char *period,
	const struct entry *);
/* What rules looked for in vain; kept for the drift view. */
void books_misses(struct books *, const struct event *,
	const struct findings *);
/* A key other than an event's changed: once a commit in the feed. */
void books_touch(struct books *, const char *topic, const char *key);

/* ---- events ----------------------------------------------------------- */

struct placing {		/* where the event stands now */
	const char *entity, *kind, *number, *party, *currency;
	int64_t doc_version, amount, journal;	/* 0: none */
	int64_t journals;	/* how many, the last of them is `journal` */
	struct day day;		/* of the document; "": not known, several,
				 * or kept */
	bool several;		/* its documents are of several entities */
	const char *answer;	/* first answer; NULL: can be told anew */
};

MUST_CHECK bool event_find_key(struct books *, const char *source,
	const char *key, int64_t *seq, struct err *);	/* 0: new */
MUST_CHECK bool event_find_reuse(struct books *, const struct event *,
	int64_t *seq, struct err *);
/* Takes the next seq, writes event, key (or reuse) and its change. */
MUST_CHECK bool event_add(struct books *, struct event *,
	const struct placing *, bool reuse, struct err *);
/* state, version, attempts of the event and its placing. */
/* What its sender was told, when that was known only later. */
MUST_CHECK bool event_answered(struct books *, int64_t seq, struct span,
	struct err *);
MUST_CHECK bool event_move(struct books *, const struct event *,
	const struct placing *, struct err *);
/* Texts into the arena. *found false: no such event. */
/* Tells the feed that something beside the event has changed. */
MUST_CHECK bool event_touch(struct books *, int64_t seq, struct err *);
MUST_CHECK bool event_load(struct db *, int64_t seq, struct arena *,
	struct event *, struct placing *, bool *found, struct err *);

/* ---- waiting ----------------------------------------------------------- */

enum wait_reason { WAIT_DOCUMENT, WAIT_STOCK, WAIT_WINDOW, WAIT_BATCH,
	WAIT_PAUSED, WAIT_REASONS };

const char *wait_reason_name(enum wait_reason);

struct waiting {
	enum wait_reason reason;
	const char *key;	/* ENTITY/KIND/NUMBER, ENTITY/ITEM/LOCATION, .. */
	int64_t until;		/* 0: for ever */
	int64_t weight;		/* of a batch: what it adds to the sum; of
				 * stock: how much of it must be there */
	int64_t documents;	/* of a batch: how many of it count there */
	bool control;		/* of a batch: it says what that must be */
	const char *document;	/* of a batch and of stock: what it writes */
};

MUST_CHECK bool wait_add(struct books *, int64_t event,
	const struct waiting *, int64_t since, struct err *);
MUST_CHECK bool wait_remove(struct books *, int64_t event, struct err *);
MUST_CHECK bool wait_load(struct books *, int64_t event, struct arena *,
	struct waiting *, bool *found, struct err *);
/* Those that wait for this, oldest first. Costs nothing when nobody waits. */
MUST_CHECK bool wait_events(struct books *, enum wait_reason,
	const char *key, struct arena *, int64_t **out, size_t *n,
	struct err *);
/* The first after `after` of those whose weight is at most that; 0: none. */
MUST_CHECK bool wait_next(struct books *, enum wait_reason, const char *key,
	int64_t weight, int64_t after, int64_t *event, struct err *);
/* Those that will write that document. */
MUST_CHECK bool wait_writers(struct books *, enum wait_reason,
	const char *document, struct arena *, int64_t **out, size_t *n,
	struct err *);
/* Another event that waits in this batch to write this; 0: none. */
MUST_CHECK bool wait_member(struct books *, const char *batch,
	const char *document, int64_t but, int64_t *event, struct err *);
struct wait_mark { int64_t until, event; };
/* Those after the mark whose time has come, the earliest first; moves the
 * mark to the last of them. */
MUST_CHECK bool wait_due(struct books *, int64_t now, struct wait_mark *,
	struct arena *, int64_t **out, size_t *n, size_t max, struct err *);
MUST_CHECK bool wait_count(struct books *, struct err *);

struct batch_row {			/* see the table */
	const char *key, *currency;
	int64_t part, n, total, due, control, control_total, control_count;
	int64_t journal, closed;	/* of the part closed last */
	int64_t last_n, last_total;
	int64_t failed;			/* its control, that failed */
};

/* One that is not there is new and empty. */
MUST_CHECK bool batch_find(struct books *, const char *key, struct arena *,
	struct batch_row *, struct err *);
MUST_CHECK bool batch_put(struct books *, const struct batch_row *,
	struct err *);
/* Whose control failed as that event; NULL: none. */
MUST_CHECK bool batch_failed(struct books *, int64_t event, struct arena *,
	const char **key, struct err *);
/* The first after `after` whose time has come; NULL: none. */
MUST_CHECK bool batch_due(struct books *, int64_t now, const char *after,
	struct arena *, const char **key, struct err *);
/* version: VERSION_ID. */
MUST_CHECK bool share_add(struct books *, int64_t version,
	const struct journal *, struct err *);
MUST_CHECK bool share_load(struct db *, int64_t version, struct arena *,
	struct journal *, struct err *);

/* ---- senders ---------------------------------------------------------- */

struct sender {
	bool good, paused;	/* good: something of it was ever usable */
	bool changed;		/* since the last commit */
	int64_t failing, since;	/* failures in a row; paused since */
};

/* Never NULL; change it and say so in `changed`. */
struct sender *books_sender(struct books *, const char *name);

/* ---- stock and orders -------------------------------------------------- */

struct stock_row {
	int64_t on_hand, reserved, value;
	bool tracked;
};

MUST_CHECK bool stock_find(struct books *, const char *entity,
	const char *item, const char *location, struct stock_row *,
	struct err *);
MUST_CHECK bool stock_put(struct books *, const char *entity,
	const char *item, const char *location, const struct stock_row *,
	struct err *);

struct ordering_item {
	const char *location;	/* NULL: the order has not come */
	int64_t ordered, shipped, invoiced, returned;
};

MUST_CHECK bool ordering_item_find(struct books *, const char *entity,
	const char *number, const char *item, struct arena *,
	struct ordering_item *, struct err *);
MUST_CHECK bool ordering_item_put(struct books *, const char *entity,
	const char *number, const char *item, const struct ordering_item *,
	struct err *);
MUST_CHECK bool ordering_note(struct books *, const char *entity,
	const char *number, int64_t version, struct err *);

/* Sums of an order; times are when each came first, 0: not yet. */
struct ordering {
	const char *party, *currency;
	int64_t ordered, invoiced, paid, credited, refunded;
	int64_t ordered_at, shipped_at, invoiced_at, paid_at;
};

/* Adds the sums, keeps the earlier of times. */
MUST_CHECK bool ordering_add(struct books *, const char *entity,
	const char *number, const struct ordering *, struct err *);

/* ---- findings --------------------------------------------------------- */

MUST_CHECK bool findings_add(struct books *, const struct event *,
	const struct placing *, const struct findings *, struct err *);
/* Takes back what findings_add did, before the event moves. */
MUST_CHECK bool findings_remove(struct books *, const struct event *,
	const struct placing *, struct err *);
MUST_CHECK bool findings_load(struct db *, int64_t event, struct arena *,
	struct findings *, struct err *);

/* ---- documents and journals ------------------------------------------- */

struct document_row {
	int64_t version, event, part, journal;	/* journal 0: not posted */
	const char *source, *revision;
	bool sole, shared;	/* shared: the journal is of a batch */
	/* of the version alone: */
	int64_t before, ruling;	/* id of the one before, seq of a ruling */
	const char *actor;	/* who made it */
};

MUST_CHECK bool document_find(struct books *, const struct document *,
	struct arena *, struct document_row *, bool *found, struct err *);
MUST_CHECK bool document_put(struct books *, const struct document *,
	const struct document_row *, struct err *);
/* body: document_encode's. */
MUST_CHECK bool document_add_version(struct books *, const struct document *,
	const struct document_row *, struct span body,
	const char *rule_digest, int64_t generation, struct err *);

struct journal_head {
	const char *kind, *number;
	int64_t version, event;
};

#define VERSION_ID(event, part) ((event) * DOCUMENT_PARTS_MAX + (part))

struct version {		/* of a document, as it is kept */
	int64_t id, version, journal, before, ruling;
	const char *actor, *source;
	int64_t at;		/* when it came, or was ruled on */
	struct document document;
};

/* Instead of a number: the last one that `source` sent, or the last one that
 * stands as it was sent. */
#define VERSION_SENT 0
#define VERSION_AS_SENT (-1)

/* The version of that number, down the chain from `id`. *found false: there is
 * none. */
MUST_CHECK bool version_find(struct db *, int64_t id, int64_t number,
	const char *source, struct arena *, struct version *, bool *found,
	struct err *);

/* Takes the next id unless it has one that was taken before; adds to the
 * balances. */
MUST_CHECK bool journal_add(struct books *, struct journal *,
	const struct journal_head *, struct err *);
MUST_CHECK bool journal_load(struct db *, int64_t id, struct arena *,
	struct journal *, struct journal_head *, bool *found, struct err *);
/* Ten columns from account to memo. */
void entry_bind(struct stmt *, int at, const struct entry *);
/* Those columns and the number of rows. */
MUST_CHECK bool entries_load(struct stmt *, struct arena *,
	struct journal *, struct err *);
/* *found false: no such document; read by anybody. */
MUST_CHECK bool document_look(struct db *, const struct document *,
	struct arena *, struct document_row *, bool *found, struct err *);
/* The document of a version (VERSION_ID). */
MUST_CHECK bool version_load(struct books *, int64_t version,
	struct arena *, struct document *, struct err *);
MUST_CHECK bool journal_last(struct db *, int64_t *id, struct err *);
/* Over every column of the entries: needs no number of the ledger, so it is
 * taken before the writer. */
void entries_digest(const struct journal *, unsigned char out[SHA256_SIZE]);
/* What is digested of them, bahi-audit(5). */
void entries_text(const struct journal *, struct str *out);
void journal_text(const struct journal *, const struct journal_head *,
	struct str *out);
/* Over every column of the journal and its entries' digest. */
void journal_digest(const struct journal *, const struct journal_head *,
	const unsigned char entries[SHA256_SIZE], char out[SHA256_HEX]);

/* ---- audit ------------------------------------------------------------ */

MUST_CHECK bool audit_add(struct books *, const char *actor,
	const char *action, const char *object, const char *old,
	const char *new, struct err *);
/* How the chain is walked, listed and anchored: audit.h. */

/* ---- the rest of the one sequence ------------------------------------- */

/* kind: decision, reference, rules. Returns its seq in *seq. */
MUST_CHECK bool log_add(struct books *, const char *kind, int64_t at,
	const char *actor, struct span body, int64_t *seq, struct err *);
MUST_CHECK bool rules_keep(struct books *, const char *digest,
	struct span files, struct err *);

#endif
