#ifndef BAHI_STORE_APPROVAL_H
#define BAHI_STORE_APPROVAL_H
/*
 * What waits for an approval, who approved it, and who may do so for whom.
 * An approval is of a content (digest): of another it is none.
 */
#include "book/role.h"
#include "store/books.h"

struct hold {
	unsigned char digest[SHA256_SIZE];	/* of documents and entries */
	int64_t needed;		/* people */
	bool totp;		/* each with a one-time code */
	enum role role;		/* at least */
	int64_t base;		/* the largest total, base currency */
	const char *currency;	/* of base */
	int64_t since, expires;	/* microseconds; expires 0: never */
};

MUST_CHECK bool hold_put(struct books *, int64_t event, const struct hold *,
	struct err *);
MUST_CHECK bool hold_remove(struct books *, int64_t event, struct err *);
MUST_CHECK bool hold_find(struct db *, int64_t event, struct arena *,
	struct hold *, bool *found, struct err *);
/* Those that are too late, after `after`. */
MUST_CHECK bool hold_due(struct books *, int64_t now, int64_t after,
	struct arena *, int64_t **out, size_t *n, size_t max, struct err *);

struct approval {
	const char *actor;
	const char *giver;	/* whose right it was; NULL: the actor's own */
	bool totp;
	int64_t at, seq;	/* of the row of the log */
};

MUST_CHECK bool approval_add(struct books *, int64_t event,
	const struct approval *, const unsigned char digest[SHA256_SIZE],
	struct err *);
/* Those of this content, in their order. */
MUST_CHECK bool approvals_load(struct db *, int64_t event,
	const unsigned char digest[SHA256_SIZE], struct arena *,
	struct approval **out, size_t *n, struct err *);
/* The one that the decision of that row of the log gave. */
MUST_CHECK bool approval_withdraw(struct books *, int64_t event, int64_t seq,
	struct err *);
MUST_CHECK bool approvals_forget(struct books *, int64_t event,
	struct err *);

/* The giver lets the taker approve in his stead. */
struct delegation {
	int64_t id;		/* seq of its row of the log */
	const char *giver, *taker, *reason;
	enum role role;		/* of the giver, when he gave it */
	const char *limit;	/* decimal, base currency; "": any amount */
	int64_t at, until;
};

MUST_CHECK bool delegation_add(struct books *, const struct delegation *,
	struct err *);
/* All that the giver gave the taker and that is in force. */
MUST_CHECK bool delegation_revoke(struct books *, const char *giver,
	const char *taker, int64_t at, bool *any, struct err *);
/* What the taker may use at that moment; in the order they were given. */
MUST_CHECK bool delegations_load(struct db *, const char *taker, int64_t at,
	struct arena *, struct delegation **out, size_t *n, struct err *);

/* ---- habit.c: what was usual ------------------------------------------- */

/* First versions of documents so far, of one kind and currency of an entity:
 * of the party, and of all (party NULL). */
struct habit {
	int64_t n, total;
};

/* Counts the documents of that kind that were not counted yet; those that
 * come later with a lower number are counted by habit_late. */
MUST_CHECK bool habit_follow(struct books *, enum document_kind,
	struct err *);
MUST_CHECK bool habit_late(struct books *, int64_t version,
	const struct document *, struct err *);
MUST_CHECK bool habit_find(struct books *, const struct document *,
	const char *party, struct habit *, struct err *);
/* Was there ever any, in whatever currency? */
MUST_CHECK bool habit_any(struct books *, const struct document *,
	bool *any, struct err *);
MUST_CHECK bool habits_load(struct books *, struct err *);

/* ---- usual.c: what tax was usual, counted with the habits --------------- */

MUST_CHECK bool usual_count(struct books *, const struct document *,
	struct err *);
/* Is the tax of the document far outside what its party, or one of its items,
 * had so far? *why: in words, in the arena; NULL: it is not. */
MUST_CHECK bool usual_ask(struct books *, const struct document *,
	struct arena *, const char **why, struct err *);

#endif
