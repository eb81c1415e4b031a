#ifndef BAHI_TARGETS_REST_H
#define BAHI_TARGETS_REST_H
/* Inside of the rest adapter. */
#include "rules/phrases.h"
#include "targets/list.h"

#define REST_ROWS_MAX 10000	/* of one answer */
#define REST_LINES_MAX 2000	/* of one posting there */

#define REST_HEADERS_MAX 16	/* of a rule */
#define REST_WORDS_MAX 16	/* bound to one section */

/* ---- rest_row.c: what a rule is given, what its rows mean. Pure. ------- */

extern const struct phrase_shape rest_shapes[];
extern const size_t rest_n_shapes;

/* As a rule sees it: amounts are decimal texts, debit positive. */
struct span rest_posting(const struct posting *, struct arena *);

/* An answer, as a rule hears it. */
struct rest_answer {
	int status;
	const char *etag;	/* "": none */
	const char *text;	/* one line of it, cut */
	struct span json;	/* numbers quoted; p NULL: it is none */
};

/* Of the one row of `sent` and its like, or of none (NULL). */
void rest_verdict(const struct phrase_row *, const struct rest_answer *,
	const struct posting *, struct arena *, struct verdict *);
/* Of a row of `found` or `listed`; currency: where the row names none. */
MUST_CHECK bool rest_remote(const struct phrase_row *, const char *currency,
	struct arena *, struct remote *, struct err *);
MUST_CHECK bool rest_balance(const struct phrase_row *, const char *currency,
	struct arena *, struct remote_balance *, struct err *);

/* ---- rest_talk.c ------------------------------------------------------ */

struct rest {
	struct phrases *phrases;
	const char *currency;
	char *login;		/* header that says who we are; NULL: none */
	struct str body, quoted;	/* of the answer */
};

/* One question and its answer; all of it in the arena. */
struct talk {
	struct target *target;
	struct rest *rest;
	struct arena *arena;
	struct phrase_word words[REST_WORDS_MAX];
	size_t n_words;
	const char *key;	/* Idempotency-Key; NULL: none */
	const char *absent;	/* status that means: there is none; NULL */
	const char *rows;	/* where its answer has the list; NULL: it is
				 * one */
	struct rest_answer answer;
	struct fetch_answer raw;
};

MUST_CHECK bool rest_login(struct rest *, const struct targetconf *,
	struct err *);
/* True, with ERR_REFUSED: its rule has no such section. */
MUST_CHECK bool rest_lacks(const struct rest *, const char *section,
	struct err *);
struct talk talk_new(struct target *, struct arena *);
/* NULL: null. Borrowed. */
void talk_bind(struct talk *, const char *name, const char *text);
/* Asks what the section says; sent, if not NULL: the body. Any status is
 * success. On false ERR_RULE means that nothing could be asked at all, else
 * raw.sent tells whether something may have come of it. */
MUST_CHECK bool talk_ask(struct talk *, const char *section,
	const char *method, struct span *sent, struct err *);
/* Judges talk->raw and the body in talk->rest, and binds them for the section
 * that hears: a part of talk_ask. */
void talk_hear(struct talk *);
/* Of a question that changes nothing: 2xx and an object or array, or
 * no word. */
MUST_CHECK bool talk_is_word(const struct talk *, struct err *);
/* The list is there, where the rule says: without it no rows are no word. */
MUST_CHECK bool talk_lists(const struct talk *, struct err *);
/* What the section makes of the answer. */
MUST_CHECK bool talk_rows(struct talk *, const char *section, size_t most,
	struct phrase_row **, size_t *n, struct err *);

#endif
