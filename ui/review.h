#ifndef BAHI_UI_REVIEW_H
#define BAHI_UI_REVIEW_H
/*
 * One conflict under review: its documents, what differs, what was chosen
 * of it. Draws nothing and asks nobody.
 */
#include "book/merge.h"
#include "wire/conflict.h"

struct review_field {
	size_t part;		/* of review->merges */
	size_t at;		/* of its fields */
};

enum review_whole {
	WHOLE_NOT,		/* field by field */
	WHOLE_CURRENT, WHOLE_INCOMING, WHOLE_MERGE
};

struct review {
	struct arena *arena;
	struct wire_conflict conflict;
	struct merge *merges;		/* one a document */
	struct review_field *fields;	/* of all documents */
	size_t n;
	enum review_whole whole;
	bool moved;			/* another one was shown before it */
	bool sent;			/* applied; the outcome is not known */
};

/* NULL: that is no conflict. */
struct review *review_new(struct span json);
void review_free(struct review **);
/* Of the same event and of the same versions, so that choices still hold. */
bool review_same(const struct review *, const struct review *other);

struct merge_field *review_at(const struct review *, size_t field);
bool review_clean(const struct review *);
size_t review_open(const struct review *);	/* that nobody chose yet */
void review_take(struct review *, size_t field, enum merge_side);
MUST_CHECK bool review_own(struct review *, size_t field, const char *text);
void review_take_all(struct review *, enum review_whole);
/* Text of a field as chosen; NULL: absent, or not chosen. */
const char *review_result(const struct review *, size_t field,
	struct arena *);

/* What POST .../preview takes, and what a decision is `with`. */
const char *review_body(const struct review *, struct arena *);
const char *review_with(const struct review *, struct arena *);
/* The present version of a document; "0": it has none. */
const char *review_version(const struct wire_conflict_part *);

#endif
