#ifndef BAHI_STORE_OUTBOX_H
#define BAHI_STORE_OUTBOX_H
/*
 * What of the ledger is at which target: a target has taken all journals up to
 * a number, and of each of them that is for it there is a row, from before the
 * first byte was sent. What comes after that number waits and has no row: so a
 * posting that settles costs nothing here, and a target may be away for a
 * month. Not of the books: a rebuild leaves it alone.
 */
#include "core/arena.h"
#include "core/digest.h"
#include "store/books.h"

enum commit_state {
	COMMIT_WAITING,		/* behind another of its document; once that
				 * is there or skipped it is due */
	COMMIT_SENDING,		/* on its way; after a stop: not known */
	COMMIT_RETRYING,	/* it goes again at next_at */
	COMMIT_DONE,
	COMMIT_FAILED,		/* refused: for a person */
	COMMIT_DEAD,		/* tried as often as it may be */
	COMMIT_SKIPPED,		/* a person said so, with a reason */
	COMMIT_STATES
};

const char *commit_state_name(enum commit_state);
bool commit_state_read(const char *, enum commit_state *);
/* Which moves there are; a test walks all pairs. */
bool commit_state_moves(enum commit_state from, enum commit_state to);

struct target_row {
	const char *name, *kind;
	const char *entities;	/* JSON array of codes; "[]": all */
	const char *first;	/* day: earlier journals are not for it; "" */
	const char *state;	/* running paused stopped removed */
	const char *why;	/* it is not running; or its last failure */
	const char *actor;	/* who paused it, */
	const char *reason;	/* and what he said, whatever else is amiss */
	const char *breaker;	/* closed open half-open */
	const char *config;	/* digest of its file */
	const char *books;	/* into which it went so far, by that file */
	const char *product, *company;	/* as it said of itself; "" */
	int64_t at;		/* of state */
	int64_t taken;		/* journals up to it have a row, or need none */
	int64_t rate;		/* postings a second it may get; 0: no bound */
	int64_t tried, good;	/* last word with it, last good one; 0 */
	int64_t next_at;	/* when it will try by itself; 0: now */
	int64_t looked;		/* last look for drift; 0 */
	int64_t until;		/* nothing goes before, as it asked; 0 */
	int64_t older_from;	/* journals behind it, up to older_to, may be */
	int64_t older_to;	/* there by another number: these books were
				 * put back from an older copy; 0, 0 */
};

struct commit_row {
	const char *target;
	int64_t journal;
	const char *entity, *kind, *number;	/* of its document */
	int64_t version;
	enum commit_state state;
	bool asked;		/* bytes may have gone: ask before sending */
	bool apart;		/* a batch with it was refused: alone now */
	int64_t attempts;	/* without a word on it, since the last time
				 * that a person spoke */
	int64_t next_at;	/* of RETRYING; of WAITING: when what was
				 * before it was done; 0: it is not yet */
	const char *refusal;	/* "mapping"; "" */
	const char *cause;	/* the same for all with the same reason; "" */
	const char *words;	/* the ERP's own, or ours; "" */
	const char *remote, *remote_number, *remote_version;
	const char *sent, *held;	/* digests in hex; "" */
	const char *actor, *reason;	/* who said what last; "" */
	int64_t first, at;	/* first row, last change */
	int64_t moved;		/* which is in the feed from this number on:
				 * out only */
};

/* One word with the target about it. */
struct commit_try {
	int64_t at;
	const char *act;	/* send ask finish skip retry resend take */
	const char *outcome;	/* verdict_name, or a state */
	const char *actor;	/* "": bahid */
	const char *words;
};

#define COMMIT_TRIES_MAX 50	/* kept of one commit: the first and the last */

/* ---- targets ---------------------------------------------------------- */

MUST_CHECK bool target_load(struct db *, const char *name, struct arena *,
	struct target_row *, bool *found, struct err *);
/* All that the books know. */
MUST_CHECK bool target_entities(struct db *, struct arena *,
	const char ***out, size_t *n, struct err *);
/* Of its entities those that the books do not know. */
MUST_CHECK bool target_strange(struct db *, const char *entities,
	struct arena *, const char ***out, size_t *n, struct err *);
/* Within books_begin; touches the feed's topic "target" when `changed`. */
MUST_CHECK bool target_put(struct books *, const struct target_row *,
	bool changed, struct err *);
/* Those that are not removed, by name. */
MUST_CHECK bool target_all(struct db *, struct arena *,
	struct target_row **out, size_t *n, struct err *);
/* Counts of its rows by state, and of journals that are for it and have no row
 * yet, as backlog; oldest: when the oldest journal that is not there was
 * posted; 0: none. Together all journals that are for it. */
struct target_sums {
	int64_t states[COMMIT_STATES];
	int64_t backlog, oldest;
};
MUST_CHECK bool target_sums(struct db *, const struct target_row *,
	struct target_sums *, struct err *);

/* ---- commits ---------------------------------------------------------- */

MUST_CHECK bool commit_load(struct db *, const char *target,
	int64_t journal, struct arena *, struct commit_row *, bool *found,
	struct err *);
/* New or changed, within books_begin; keeps the sums by state and touches the
 * feed's topic "commit", key TARGET, once a group. Once it is done or skipped
 * the next of its document may go. A move that is none is ERR_CORRUPT. */
MUST_CHECK bool commit_put(struct books *, const struct commit_row *,
	struct err *);
/* Goes again now, or, where an earlier one of its document is neither there
 * nor skipped, once that is: sets state and next_at, puts nothing. */
MUST_CHECK bool commit_in_turn(struct books *, struct commit_row *,
	int64_t now, bool *behind, struct err *);
MUST_CHECK bool commit_try_add(struct books *, const struct commit_row *,
	const struct commit_try *, struct err *);
MUST_CHECK bool commit_tries(struct db *, const char *target,
	int64_t journal, struct arena *, struct commit_try **out, size_t *n,
	struct err *);

/* What is for this target after `after` and has no row yet, at most n of them,
 * oldest first: numbers only. *seen: the last number looked at, whatever it
 * was for; at most OUTBOX_LOOK are looked at. */
#define OUTBOX_LOOK 10000
struct journal_mark {
	int64_t journal;
	const char *entity, *kind, *number;
	int64_t version;
};
MUST_CHECK bool outbox_next(struct db *, const struct target_row *,
	int64_t after, size_t n, struct arena *, struct journal_mark **out,
	size_t *n_out, int64_t *seen, struct err *);
/* Rows RETRYING whose time has come, and WAITING with nothing before them,
 * those whose time came first first. Nothing waits for more than a day: what
 * is to wait for OUTBOX_AHEAD microseconds was written by another clock. */
#define OUTBOX_AHEAD (INT64_C(2) * 86400 * 1000000)
MUST_CHECK bool outbox_due(struct db *, const char *target, int64_t now,
	size_t n, struct arena *, struct commit_row **out, size_t *n_out,
	struct err *);
/* Rows SENDING: what a stop left behind. */
MUST_CHECK bool outbox_left(struct db *, const char *target, size_t n,
	struct arena *, struct commit_row **out, size_t *n_out,
	struct err *);
/* When another target of the same books, that is not at work any more, last
 * sent what it has no word of; 0: never. */
MUST_CHECK bool outbox_unheard(struct db *, const struct target_row *,
	int64_t *at, struct err *);
/* Is an earlier journal of this document not there yet? Of those that were
 * taken. */
MUST_CHECK bool outbox_behind(struct db *, const char *target,
	const struct journal_mark *, bool *behind, struct err *);
/* Is that journal of ours, and of this document? */
MUST_CHECK bool outbox_is_of(struct db *, int64_t journal,
	const struct commit_row *, bool *is, struct err *);
/* When what event `v` posted was posted, as SQL: the moment from which on a
 * journal is lacking where it is not. What posted at once has no row of its
 * own in the audit but the one that says it came. */
#define OUTBOX_POSTED "coalesce((SELECT max(a.at) FROM audit a" \
	" WHERE a.object = 'E' || v.seq AND a.old <> ''" \
	" AND a.action = 'posted'), v.received)"
/* When its event came; 0: there is none. */
MUST_CHECK bool outbox_received(struct db *, int64_t journal, int64_t *at,
	struct err *);
/* The earliest next_at of those that may go by then; 0: none. */
MUST_CHECK bool outbox_soonest(struct db *, const char *target,
	int64_t *at, struct err *);

/* ---- inside of a commit of the writer (books.c) ------------------------ */

MUST_CHECK bool outbox_flush(struct books *, struct err *);
void outbox_clear(struct books *);

#endif
