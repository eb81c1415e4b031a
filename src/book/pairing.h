#ifndef BAHI_BOOK_PAIRING_H
#define BAHI_BOOK_PAIRING_H
/*
 * Lines of a bank statement against entries of the ledger's account of that
 * bank: rules in their order, each of which says why and how sure. Pure; what
 * it does is bounded by steps, never by a clock. Amounts are minor units of
 * one currency, what comes in is positive on both sides.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "core/arena.h"

enum pair_rule {
	PAIR_OWN,		/* the line made the entry, or was booked */
	PAIR_REFERENCE,		/* a reference and the amount */
	PAIR_REFERENCES,	/* all that its references name add up */
	PAIR_LINES,		/* lines of one reference add up to it */
	PAIR_OFF,		/* a reference, but the amount is off */
	PAIR_NAME,		/* the amount and who it is of */
	PAIR_DAY,		/* the amount on that day */
	PAIR_AMOUNT,		/* the amount within some days */
	PAIR_NEAR,		/* nearly the amount within some days */
	PAIR_SUM,		/* some entries add up to it */
	PAIR_PARTS,		/* some lines add up to it */
	PAIR_REVERSED,		/* of two lines one takes the other back */
	PAIR_HAND,		/* a person said so */
	PAIR_RULES
};

/* CERTAIN: a reference says so and nothing else fits. LIKELY: nothing else
 * fits. MAYBE: a person has to look. */
enum pair_sure { PAIR_MAYBE, PAIR_LIKELY, PAIR_CERTAIN, PAIR_SURES };

#define PAIR_REFS 4
#define PAIR_TEXTS 3
#define PAIR_MEMBERS 1000	/* lines, or entries, of one pair */
#define PAIR_PROPOSED 3		/* of one line, of what is not certain */

struct pair_line {
	int64_t id, amount;
	int32_t day;		/* any count of days, the same on both sides */
	const char *texts[PAIR_TEXTS];	/* narration, references; NULL: none */
	bool again;		/* another statement said it, too */
};

struct pair_item {
	int64_t id, amount;
	int32_t day;
	const char *refs[PAIR_REFS];	/* NULL: none */
	const char *name;	/* of the party; NULL: none */
};

struct pair {
	enum pair_rule rule;
	enum pair_sure sure;
	int64_t off;		/* lines less entries */
	size_t *lines, n_lines;	/* indices */
	size_t *items, n_items;
	int32_t days;		/* between the first of each; of both lines */
	size_t alike;		/* how many others would fit as well */
	const char *by;		/* the reference, name or words; NULL: none */
};

struct pairing {
	const struct pair_line *lines;
	size_t n_lines;
	const struct pair_item *items;
	size_t n_items;
	int64_t tolerance;	/* that an amount may be off */
	int32_t days;		/* that they may be apart */
	/* Out, in the arena: what is certain or likely shares no member with
	 * another; of what may be, a line has PAIR_PROPOSED at most. */
	struct pair *pairs;
	size_t n_pairs;
	bool cut;		/* steps ran out: not all was tried */
};

void pairing_run(struct arena *, struct pairing *);

const char *pair_rule_name(enum pair_rule);	/* "reference" */
bool pair_rule_find(const char *, enum pair_rule *out);
const char *pair_sure_name(enum pair_sure);	/* "certain" */
bool pair_sure_find(const char *, enum pair_sure *out);

/* What stays the same in narrations of the same thing: its first words without
 * numbers, in capitals; "" when there are none. */
#define PAIR_PATTERN 64
void pair_pattern(const char *narration, char out[PAIR_PATTERN]);
/* Is it long and numbered enough to say what it is of? */
bool pair_reference_good(const char *);

#endif
