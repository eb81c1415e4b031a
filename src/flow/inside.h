#ifndef BAHI_FLOW_INSIDE_H
#define BAHI_FLOW_INSIDE_H
/*
 * Inside of settling, on the writer's thread: standing.c says what may become
 * of an event, post.c writes its books, track.c keeps stock and orders,
 * batch.c gathers many into one, release.c lets go what waited.
 */
#include "core/vec.h"
#include "flow/settle.h"
#include "store/keeper.h"

struct settler {
	struct books *books;
	struct keeper *keeper;
	settle_remap *remap;
	void *arg;
	struct reference *reference;
	const struct personal *personal;
	struct arena *arena;	/* of the keys below */
	struct vec ready;	/* struct ready: what came, not yet told */
	size_t told;
	int64_t now;	/* as the log has it: a rebuild has the same */
};

#define READY_MAX 10000000	/* of one transaction */

struct ready {
	enum wait_reason reason;
	const char *key;
	const char *entity, *item, *location;	/* of stock */
	bool itself;		/* the order `key`, that waits for stock */
	int64_t closes, by;	/* that failed event, once `by` is posted, whose
				 * revision `key` is; 0: it is not that */
};

/* How one document stands to the ledger, asked in the same transaction. */
struct standing {
	struct document_row row;
	bool found;
	enum event_state state;
};

/* ---- standing.c ------------------------------------------------------- */

/* Sets the event's state, work->placing and, when it waits, work->waiting.
 * `out` is filled for each piece when it may post. */
MUST_CHECK bool standing_judge(struct settler *, struct work *,
	struct standing **out, struct err *);
/* Of two times the later, whatever their offsets; other texts by bytes. */
bool standing_newer(const char *revision, const char *than);
const char *document_key(struct arena *, const struct document *);
const char *stock_key(struct arena *, const char *entity, const char *item,
	const char *location);

/* ---- gst.c ------------------------------------------------------------ */

/* What only the ledger finds of documents under GST; what blocks fails them. */
MUST_CHECK bool gst_ask(struct settler *, struct work *,
	enum event_state *state, struct err *);

/* ---- post.c ----------------------------------------------------------- */

/* Fills placing's version and journals as post_pieces will number them. */
void post_foresee(struct settler *, struct work *, const struct standing *);
struct sum;
MUST_CHECK bool post_pieces(struct settler *, struct work *,
	const struct standing *, struct str *audit, struct err *);
/* In the one journal of a batch, whose entries `into` gathers. What is in
 * another entity than that is posted by itself. */
MUST_CHECK bool post_shares(struct settler *, struct work *,
	const struct standing *, const struct journal *, struct sum *into,
	struct str *audit, struct err *);
/* The audit names each journal with the digest over all of it. */
void say_journal(const struct journal *, const struct journal_head *,
	const unsigned char entries[SHA256_SIZE], struct str *audit);

/* ---- tax.c ------------------------------------------------------------ */

/* What the document says of tax, in the period of the day that its journal
 * is posted on. */
void tax_note(struct settler *, const struct document *, struct day,
	int sign);
/* That version says it no more. */
MUST_CHECK bool tax_undo(struct settler *, struct work *,
	const struct document_row *, struct day, struct err *);

/* ---- track.c ---------------------------------------------------------- */

/* count.c: a line of a stock count; goods that a line moved on a day, and the
 * count that they were adjusted to. sign -1 takes it back. */
MUST_CHECK bool count_take(struct settler *, struct work *,
	const struct document *, const struct document_line *, int sign,
	struct err *);
MUST_CHECK bool count_moved(struct settler *, struct work *,
	const struct document *, const struct document_line *,
	const struct stock_row *by, int sign, struct err *);
/* What the document does to stock and orders; sign -1 takes it back. Adds
 * warnings to the work's findings when sign is 1. */
MUST_CHECK bool track(struct settler *, struct work *,
	const struct document *, int sign, struct err *);
/* The number of the order that it belongs to, or NULL. */
const char *track_order(const struct document *);
/* The first item of an order that there is not enough of, and how it waits
 * for that; NULL: enough. */
MUST_CHECK bool track_short(struct settler *, struct work *,
	const struct document *, const char **item, struct waiting *out,
	struct err *);

/* ---- batch.c ---------------------------------------------------------- */

const char *batch_key(struct work *);
/* What it adds to its batch, into work->waiting. */
void batch_weigh(struct settler *, struct work *);
/* May it join? Else `state` says what becomes of it, and a finding why. */
MUST_CHECK bool batch_admit(struct settler *, struct work *,
	enum event_state *state, struct err *);
/* The event joined or left its batch; when that is complete, it is noted and
 * closed with all that is let go. */
MUST_CHECK bool batch_join(struct settler *, struct work *, struct err *);
MUST_CHECK bool batch_leave(struct settler *, struct work *, struct err *);
/* The event came to its state: a batch whose control failed stays open until
 * another one agrees or a person decided that one. */
MUST_CHECK bool batch_arrive(struct settler *, struct work *, struct err *);
/* Only when it adds up; at its hour also when nothing says to what. */
MUST_CHECK bool batch_close(struct settler *, const char *key, bool hour,
	struct err *);

/* ---- release.c -------------------------------------------------------- */

/* Something came that others may wait for. */
void release_note(struct settler *, enum wait_reason, const char *key);
/* More can be promised there. */
void release_stock(struct settler *, const char *entity, const char *item,
	const char *location);
/* Goods of the order went, or a version of it came: one that waits for stock
 * may have to wait no more. */
void release_order(struct settler *, const char *entity, const char *number);
/* `by` has posted a document with that revision (NULL: none), of which that
 * event had failed. */
void release_older(struct settler *, int64_t event, int64_t by,
	const char *revision);
/* Tells all who wait for what came, and those that wait for them. */
MUST_CHECK bool release_all(struct settler *, struct err *);
void release_forget(struct settler *);

/* ---- older.c ---------------------------------------------------------- */

/* Finds what failed of the document that is being posted. */
MUST_CHECK bool older_note(struct settler *, const struct work *,
	const struct document *, struct err *);
MUST_CHECK bool older_close(struct settler *, const struct ready *,
	struct err *);

/* ---- settle.c --------------------------------------------------------- */

const char *event_name(const struct work *);
/* Judges a kept event afresh, with what a person ruled of it. */
MUST_CHECK bool remap_kept(struct settler *, struct work *, struct err *);
/* What leaves a batch otherwise than with it is taken off its sum. */
MUST_CHECK bool settle_leave_batch(struct settler *, struct work *,
	struct err *);
/* What the audit keeps of this step. */
void describe(const struct work *, struct str *audit);
/* settle_move() without telling who waits. */
MUST_CHECK bool move_once(struct settler *, struct work *, enum event_state,
	const char *actor, const char *reason, struct err *);
MUST_CHECK bool leave(struct settler *, struct work *,
	enum event_state from, const struct placing *old, struct err *);
MUST_CHECK bool arrive(struct settler *, struct work *,
	enum event_state from, const char *actor, const char *audit,
	struct err *);

#endif
