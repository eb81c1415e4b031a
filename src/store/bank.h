#ifndef BAHI_STORE_BANK_H
#define BAHI_STORE_BANK_H
/*
 * What banks say and what the ledger says of the same accounts, kept in the
 * settling transaction: lines of statements, entries of their accounts, and
 * which of them are the same money. A match stays until a person takes it
 * apart or what it is of is undone: what comes later never moves it. An
 * amendment that says the same of the money takes a person's match over.
 */
#include "book/bank.h"
#include "book/pairing.h"
#include "store/books.h"

#define BANK_ITEM_ID(journal, line) ((journal) * 2048 + (line))
#define BANK_LINE_ID(event, n) ((event) * BANK_LINES + (n))

/* ---- as events and journals come ---------------------------------------- */

/* What the event says, and where it stands. Said again it changes only what
 * nobody has matched or spoken of. */
MUST_CHECK bool bank_put(struct books *, int64_t event,
	const char *source, const struct bank_line *, size_t n,
	const struct placing *, struct err *);
/* It is judged again, maybe by another rule, and these are all that it says
 * now: what it said before and does not say any more goes, unless somebody
 * matched it or spoke of it. */
MUST_CHECK bool bank_unsay(struct books *, int64_t event,
	const struct bank_line *, size_t n, struct err *);
/* A journal was posted, be it one that undoes another. reference, other: what
 * else it is known by; NULL: nothing. Costs nothing when no entry is of an
 * account that a bank tells of. */
MUST_CHECK bool bank_note(struct books *, const struct journal *,
	const struct journal_head *, const char *reference,
	const char *other, struct err *);
/* Of a group: where something moved is written before its commit. */
MUST_CHECK bool bank_flush(struct books *, struct err *);
void bank_clear(struct books *);
/* After a rollback: what is kept in memory is read anew. */
void bank_forget(struct books *);

/* ---- where it begins ---------------------------------------------------- */

struct bank_account {
	const char *entity, *account, *currency;
};

/* The first day that counts, "" when none is said. */
MUST_CHECK bool bank_since(struct db *, const struct bank_account *,
	char out[11], struct err *);
/* What the bank had as `day` began, or as it ended: the last balance that a
 * statement says, and lines since. *of: the day of that balance, "" when there
 * is none. */
MUST_CHECK bool bank_had(struct db *, const struct bank_account *,
	const char *day, bool ended, struct day *of, int64_t *amount,
	struct err *);

/* ---- matches ------------------------------------------------------------ */

struct bank_pair {		/* ids, of one account; all open */
	const char *rule, *sure, *by;
	const int64_t *lines, *items;
	size_t n_lines, n_items;
};

struct bank_word {		/* who says it */
	const char *actor, *reason;
	int64_t at, seq;
};

enum bank_open { BANK_OPEN, BANK_ABSENT, BANK_TAKEN, BANK_APART };
/* Are all of them there, open, and of one account and currency? *off: lines
 * less entries. */
MUST_CHECK bool bank_look(struct db *, const struct bank_pair *,
	enum bank_open *, int64_t *off, const char **entity,
	const char **account, struct arena *, struct err *);
MUST_CHECK bool bank_join(struct books *, const struct bank_pair *,
	const char *entity, const char *account, int64_t off,
	const struct bank_word *, struct err *);
/* Takes the match apart. Of whose lines a person said so, none is joined by
 * itself again; NULL: it broke. */
MUST_CHECK bool bank_part(struct books *, int64_t match,
	const struct bank_word *, struct err *);

/* The line of an earlier statement that says the same of the same day, word by
 * word, with a number in it; 0: none. The lines of one file came together.
 * event 0: it comes just now, after all others. */
MUST_CHECK bool bank_said_before(struct db *, const struct bank_line *,
	int64_t event, int64_t received, int64_t *out, struct err *);

/* The same of a line that is kept. */
MUST_CHECK bool bank_before(struct db *, int64_t line, int64_t *out,
	struct err *);

struct bank_standing {		/* of one line */
	int64_t id, event, match, amount;
	const char *entity, *account, *currency, *number, *text, *reference;
	struct day day;
};
MUST_CHECK bool bank_find(struct db *, int64_t line, struct arena *,
	struct bank_standing *, bool *found, struct err *);
/* Not for the books (ignore), or for them again. */
MUST_CHECK bool bank_ignore(struct books *, int64_t line, bool ignore,
	const struct bank_word *, struct err *);
/* A document of that number will book it to that account; once it posts the
 * two are matched. */
MUST_CHECK bool bank_expect(struct books *, const struct bank_standing *,
	const char *number, const char *code, const struct bank_word *,
	struct err *);
/* Takes back what that decision did, where nothing moved on since. */
MUST_CHECK bool bank_undo(struct books *, int64_t of,
	const struct bank_word *, int64_t *done, int64_t *kept,
	struct err *);

/* ---- pairing ------------------------------------------------------------ */

struct bank_unit {
	const char *entity, *account;
	int64_t seq;		/* that moved it last */
};

struct bank_result {
	struct bank_unit unit;
	struct bank_pair *pairs;	/* to be joined: what may be by itself */
	size_t n_pairs;
	struct bank_proposal *put;	/* suggestions that are new */
	size_t n_put;
	int64_t *drop;			/* lines whose suggestions go first */
	size_t n_drop;
	bool cut;
};

/* Those where something moved. */
MUST_CHECK bool bank_next(struct db *, struct arena *, struct bank_unit *,
	size_t max, size_t *n, struct err *);
MUST_CHECK bool bank_compute(struct db *, struct arena *,
	const struct bank_unit *, struct bank_result *, struct err *);
/* Suggestions alone, and that it was looked at, unless it moved since. */
MUST_CHECK bool bank_write(struct books *, const struct bank_result *,
	struct err *);
/* Suggestions of all that waits, nothing joined; within books_begin. */
MUST_CHECK bool bank_all(struct books *, struct err *);

/* ---- choosing ----------------------------------------------------------- */

struct bank_choice {		/* all lines that are so */
	const char *entity, *account;	/* NULL: any */
	const char *rule;		/* of the first suggestion; NULL: any */
	const char *pattern;		/* of the narration; NULL: any */
};
/* Open lines with a first suggestion that nothing else fits as well. */
MUST_CHECK bool bank_gather(struct db *, const struct bank_choice *,
	int64_t *lines, size_t max, size_t *n, bool *more, struct err *);
/* Members of the first suggestion; *found false: it has none of a match. */
MUST_CHECK bool bank_first(struct db *, int64_t line, struct arena *,
	struct bank_pair *, bool *found, struct err *);

/* Ids of a decision of the log, ["1","2"]; none when there is no list. */
struct cJSON;
MUST_CHECK bool bank_ids_of(const struct cJSON *list, struct arena *,
	int64_t **out, size_t *n);

#endif
