#ifndef BAHI_WIRE_CONFLICT_H
#define BAHI_WIRE_CONFLICT_H
/*
 * A conflict as the API tells it: for each document what both sides came
 * from, what is in the books and what wants to be; and what a result would
 * do to the books.
 */
#include "book/document.h"
#include "wire/shapes.h"

struct wire_conflict_part {
	int64_t part;
	const char *entity, *kind, *number;
	const char *base_version, *current_version;	/* "": none */
	const char *current_by, *current_at, *incoming_by;
	const struct document *base, *current;	/* NULL: none */
	const struct document *incoming;
};

/* Of the documents only those that are contested; all, when none is. */
struct wire_conflict {
	const char *event;
	int64_t version;
	struct wire_findings findings;
	struct wire_conflict_part *parts;
	size_t n;
};

struct wire_effect {	/* on an account, or on a tax code */
	const char *entity, *account, *name, *before, *after, *change;
	const char *currency;
	const char *balance, *then;	/* of the whole account; "": not said */
};

/* GST of one head at one rate, as it is charged and by its lines. */
struct wire_head {
	const char *number, *head, *rate, *charged, *by_lines, *difference;
	const char *cause;	/* "": there is no difference */
};

struct wire_preview {
	struct wire_findings findings;
	struct wire_effect *effects, *taxes;
	size_t n_effects, n_taxes;
	struct wire_head *heads;
	size_t n_heads;
};

MUST_CHECK bool shape_conflict(struct span, struct arena *,
	struct wire_conflict *);
MUST_CHECK bool shape_preview(struct span, struct arena *,
	struct wire_preview *);

#endif
