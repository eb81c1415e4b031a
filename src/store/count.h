#ifndef BAHI_STORE_COUNT_H
#define BAHI_STORE_COUNT_H
/*
 * Stock counts: what moved day by day, what was counted, what was adjusted to
 * it, and what people said. All but words are kept as documents settle and
 * are taken back with them; quantities are thousandths, values minor units of
 * the base currency.
 */
#include "book/count.h"
#include "core/json.h"
#include "store/books.h"

/* Topic of the events that adjust stock to a count, and how their documents'
 * numbers begin: ADJ-COUNT-1. */
#define COUNT_TOPIC "in.bahi.count.adjustment"
#define COUNT_PREFIX "ADJ-"

struct count_key {
	const char *entity, *count, *location, *item, *day;
};

/* ---- writing ----------------------------------------------------------- */

MUST_CHECK bool stock_day_add(struct books *, const char *entity,
	const char *item, const char *location, struct day,
	const struct stock_row *by, struct err *);
/* Another line of a count that is of this key; counter, memo may be NULL. */
MUST_CHECK bool count_line_add(struct books *, const struct count_key *,
	int64_t counted, const char *counter, const char *memo, int64_t event,
	struct err *);
MUST_CHECK bool count_line_drop(struct books *, const struct count_key *,
	int64_t counted, struct err *);
/* What the document of that number moves; a second line adds to it. */
MUST_CHECK bool count_adjusted_add(struct books *, const struct count_key *,
	const char *number, const struct stock_row *by, int64_t event,
	struct err *);
MUST_CHECK bool count_adjusted_drop(struct books *, const struct count_key *,
	const char *number, struct err *);

struct count_word {
	int64_t difference;
	const char *actor, *reason;
	int64_t at, seq;
};

MUST_CHECK bool count_word_put(struct books *, const struct count_key *,
	const struct count_word *, struct err *);
/* *any false: nobody had said anything. */
MUST_CHECK bool count_word_drop(struct books *, const struct count_key *,
	bool *any, struct err *);

/* ---- reading ----------------------------------------------------------- */

struct count_line {
	struct count_key key;
	struct counting counting;
	struct counted is;
	int64_t then;		/* what was expected as it came */
	int64_t reserved, transit;	/* as of now */
	int64_t event, adjusted_by;	/* 0: none */
	int64_t waits_for;	/* event of its adjustment; 0: none */
	int64_t adjusted_value;
	const char *counter, *memo, *recounted_in, *currency;
	struct count_word word;	/* actor NULL: none */
};

#define COUNT_LINES_MAX 100000

/* Calls for each line of the count behind after (NULL: all), by location, item
 * and day; missed: also for what is in stock there and was not counted, which
 * walks all that ever moved there. False from each: no more. Texts live until
 * the next call. */
MUST_CHECK bool count_lines(struct db *, struct arena *, const char *entity,
	const char *count, bool missed, const struct count_key *after, int limit,
	bool (*each)(void *, const struct count_line *), void *arg,
	struct err *);
/* How many documents have adjusted to it already, void ones among them. */
MUST_CHECK bool count_documents(struct db *, const char *entity,
	const char *count, int64_t *out, struct err *);
/* The event that adjusts to the count and is not posted; 0: none. The last of
 * that number that was dismissed, so that its key is not used again. */
MUST_CHECK bool count_pending(struct db *, const char *entity,
	const char *count, int64_t *event, int64_t *dismissed, struct err *);

#endif
