#ifndef BAHI_TARGETS_COMPARE_H
#define BAHI_TARGETS_COMPARE_H
/*
 * What we sent against what a target holds: pure. A side is a posting as it
 * is kept with a drift and shown to people: date, words and lines in the
 * target's codes, amounts as text. Names of parties are not kept: they may
 * have to go.
 */
#include "core/json.h"
#include "targets/targets.h"

#define SIDE_LINES_MAX 2000	/* of one posting that we compare */

struct side {
	struct day date;
	const char *state;	/* "booked", "draft", "cancelled" */
	const char *reference, *remote, *number, *narration, *changed_by;
	const char *currency;
	struct posting_line *lines;
	size_t n;
};

const char *remote_state_name(enum remote_state);
/* Both borrow all texts. */
struct side side_of_posting(const struct posting *);
struct side side_of_remote(const struct remote *, const char *currency);
void side_encode(const struct side *, struct str *out);
MUST_CHECK bool side_decode(struct span, struct arena *, struct side *,
	struct err *);

/* Of what it holds, as a verdict's `held`. */
void side_held(const struct side *, char out[SHA256_HEX]);
/* The same date, accounts and amounts; parties only where both say them, of all
 * lines of an account. */
bool side_same(const struct side *ours, const struct side *theirs);
/* What would make ours theirs: by account and party, in the target's codes,
 * nothing that comes to 0. Other dimensions and `ours` are of a line that has
 * them; what theirs does not say of an account is as ours has it. */
void side_delta(const struct side *ours, const struct side *theirs,
	struct arena *, struct posting_line **out, size_t *n);
/* What moves between accounts: half of all that differs. NULL: nothing. */
int64_t side_stake(const struct side *ours, const struct side *theirs);

#endif
