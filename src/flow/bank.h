#ifndef BAHI_FLOW_BANK_H
#define BAHI_FLOW_BANK_H
/*
 * What is said of lines of a bank: by a person, or by pairing where the rule
 * of the account lets it. Each is a decision in the log that names lines and
 * entries, so a rebuild needs no pairing to say it again. On the writer's
 * thread, in a transaction of its own.
 */
#include "flow/settle.h"
#include "store/bank.h"

#define BANK_SAID_MAX 10000	/* lines at once */
#define BANK_BOOK_MAX 500	/* of which so many are booked */
#define BANK_LEFT_MAX 100	/* that are told why they were left out */
#define BANK_APART_MAX 20	/* that the books refuse, of those booked */

enum bank_act {
	BANK_MATCH,		/* lines with entries, as one */
	BANK_ACCEPT,		/* what is suggested first of each line */
	BANK_UNMATCH,
	BANK_BOOK,		/* as a document of the desk */
	BANK_IGNORE,
	BANK_RESTORE,		/* ignored no more */
	BANK_UNDO,		/* a decision of these */
	BANK_PAIR,		/* pairing by itself */
	BANK_ACTS
};

struct bank_left {
	int64_t line;
	const char *why;
};

struct bank_booking {		/* to where, and what of it is GST */
	const char *account, *party, *cost_centre, *memo;	/* NULL: none */
	const char *into;	/* what is of a closed period, on that day;
				 * "next": the next open one; NULL: not */
	int64_t rate;		/* percent that is inside; 0: none */
	bool inter;		/* IGST; else half central, half state */
};

struct bank_saying {
	struct arena *arena;
	enum bank_act act;
	const char *reason, *actor;
	int64_t *lines, *items;
	size_t n_lines, n_items;
	bool chosen;			/* all of these, instead */
	struct bank_choice choice;
	struct bank_booking booking;
	int64_t of;			/* of undo: the decision */
	const struct bank_pair *pairs;	/* of pairing */
	size_t n_pairs;

	int64_t seq;			/* out: of the log; 0: nothing done */
	int64_t done, n_left;
	bool more;			/* there were more than may be */
	int64_t held;			/* booked, and wait for an approval */
	/* What the books did not take: the rest is said without it. */
	struct bank_left apart[BANK_APART_MAX];
	size_t n_apart;
	bool refused;			/* the last of them just now */
	struct bank_left left[BANK_LEFT_MAX];
};

bool bank_act_find(const char *, enum bank_act *out);
const char *bank_act_name(enum bank_act);
MUST_CHECK bool bank_say(struct settler *, struct bank_saying *,
	struct err *);
/* The same within books_begin: for pairing, whose commit has more in it. */
MUST_CHECK bool bank_say_within(struct settler *, struct bank_saying *,
	int64_t now, struct err *);
/* Does again what a row of the log says; *mine false: it is no such row. */
struct cJSON;
MUST_CHECK bool bank_replay(struct settler *, const struct cJSON *,
	const char *actor, int64_t at, bool *mine, struct err *);

/* bank_book.c: the document that books a line, and its event. */
const char *bank_book_number(struct arena *, int64_t line, int64_t decision);
MUST_CHECK bool bank_book_send(struct settler *, struct bank_saying *,
	const struct bank_standing *, const char *number,
	const char *account, int64_t now, bool *held, struct err *);
/* The day that it is posted on, "" when that is its own. *why: it cannot be
 * booked on any. */
void bank_book_day(const struct settler *, const struct bank_booking *,
	const struct bank_standing *, const char *account, struct arena *,
	struct day *, const char **why);

#endif
