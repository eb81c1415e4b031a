#ifndef BAHI_UI_FILTER_H
#define BAHI_UI_FILTER_H
/*
 * What is typed behind "/": terms parted by blanks, all of which must hold.
 *
 *	word  "two words"  INV-1[0-9]  /a pattern/	anywhere in the row
 *	column:value  column:"two words"  column=whole	in that column
 *	amount>10000  amount:1000..5000  amount>10L	numbers; k, L, Cr
 *	age>2d  age<4h  received>=2026-10-01		times, ages and days
 *	state:failed,held  word|other			any of these
 *	-term						not
 *
 * Asks nobody, draws nothing and keeps nothing between two rows.
 */
#include <stdint.h>
#include "core/err.h"
#include "core/span.h"

enum filter_kind {
	FILTER_TEXT,
	FILTER_NUMBER,	/* also with separators: 12,34,567.89 */
	FILTER_TIME,	/* RFC 3339, a day, or as shown: an age */
	FILTER_STATE	/* a word of ours, shown translated */
};

struct filter_column {
	const char *head;	/* N_(), as in the pane's table */
	const char *field;	/* how the API calls it; NULL: the same */
	enum filter_kind kind;
};

enum filter_op {
	FILTER_HAS, FILTER_IS, FILTER_RANGE, FILTER_MATCHES
};

#define FILTER_ANY (-1)		/* a term of no column */
#define FILTER_TERMS 24
#define FILTER_WORDS 16		/* of one term: any of them */
#define FILTER_SCALE 10000	/* numbers are kept in such parts */

/* Both ends are inside. What a time is depends on how it was typed: an age
 * goes on growing, a day does not. */
struct filter_range {
	int64_t least, most;	/* scaled numbers, or microseconds */
	bool age;		/* of time: before now */
};

struct filter_term {
	int column;
	enum filter_op op;
	bool not;
	size_t n;
	const char *words[FILTER_WORDS];	/* HAS, IS: folded; the pattern */
	struct filter_range ranges[FILTER_WORDS];
	struct rx *rx;
};

struct filter;

/* The error says where; a column is known by its head, its translated head
 * or its field, also by as much of it as only one has. "" lets all through.
 * The columns are copied. */
MUST_CHECK bool filter_parse(const char *text, const struct filter_column *,
	size_t n, struct filter **, struct err *);
void filter_free(struct filter **);
/* One value a column, as the API gave it or as it is shown; NULL is "". */
bool filter_match(const struct filter *, const char *const *values);
/* What it is made of, for whoever knows a shorter way to the rows. */
const struct filter_term *filter_terms(const struct filter *, size_t *n);
/* The moments of a range of times, as of now. */
void filter_times(const struct filter_range *, int64_t *least,
	int64_t *most);
/* 12,34,567.89 times FILTER_SCALE; cut where that is too much. */
bool filter_number(const char *text, int64_t *out);
/* How two values of a column stand to each other: <0, 0, >0. */
int filter_compare(enum filter_kind, const char *, const char *);

#endif
