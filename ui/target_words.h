#ifndef BAHI_UI_TARGET_WORDS_H
#define BAHI_UI_TARGET_WORDS_H
/* A target, a refusal and a commit in words, for panes and verbs. */
#include "ui/sheet.h"

/* Of the answer that lists targets, the one of that name. */
void target_tell(struct sheet *, struct span json, const char *name);
/* What helps against such a refusal of that target; "" says nothing. goes: it
 * is tried again by itself. */
void refusal_tell(struct sheet *, const char *refusal, const char *target,
	bool goes);
/* The same as one line; "": nothing is known to help. */
const char *refusal_hint(struct arena *, const char *refusal,
	const char *target, bool goes);
/* panes/commit.c: the row of a list of commits, and what to ask for. */
void commit_below(struct view *, const struct row *, struct vec *lines);
const char *commit_about(struct view *, const struct row *);

#endif
