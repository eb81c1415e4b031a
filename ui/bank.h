#ifndef BAHI_UI_BANK_H
#define BAHI_UI_BANK_H
/* Lines of a bank and entries of its account as the API tells of them, and the
 * words for them. Texts are "" when absent. */
#include "core/arena.h"
#include "core/span.h"

struct bank_row {		/* a line */
	const char *id, *event, *state, *entity, *account, *currency, *day;
	const char *amount, *text, *reference, *said_by, *said;
	const char *rule, *sure, *off, *days, *alike, *by, *to;	/* suggested */
	const char *back, *back_day;	/* the line that takes it back */
	const char *lines, *items, *number, *item_day, *party;
	const char *match_rule, *match_sure, *match_by, *match_actor,
	    *match_reason;
	const char *into;	/* its period is closed: the next open day */
	const char *before;	/* another statement's line that says the same */
};

struct bank_rows {
	struct bank_row *items;
	size_t n;
	const char *next;
};

MUST_CHECK bool bank_read(struct span, struct arena *, struct bank_rows *);
/* "RCT-26-0001, by reference"; "-" where nothing is suggested. */
const char *bank_suggested(struct arena *, const struct bank_row *);
/* Why, in a sentence. */
const char *bank_why(struct arena *, const struct bank_row *);
/* What it is matched with, or who said what of it. */
const char *bank_settled(struct arena *, const struct bank_row *);
/* "by reference". */
const char *bank_rule(const char *rule);
/* "deposits in transit". */
const char *bank_part(const char *what);
/* What the first part of a reconciliation is of; "" where no day opens it. */
const char *bank_opening(struct arena *, struct span json);
/* What came of a word, in a sentence. */
const char *bank_report(struct span json, const char *what, struct arena *,
	bool *bad, const char **decision);

#endif
