#ifndef BAHI_BOOK_MERGE_H
#define BAHI_BOOK_MERGE_H
/*
 * Three versions of a document, by field and line: what both came from
 * (base), what is in the books (current), what wants to be (incoming). Pure.
 * All memory is the arena's; the documents must outlive the merge.
 *
 * Lines are matched by what they are (type, account, item and so on, order
 * among equals), so one more line is one difference. What only one side
 * changed is taken from it, an equal change of both is no overlap. Quantity
 * and amount of a line belong together: a new quantity and another's new
 * amount do overlap. A total that follows from the lines is added up again.
 */
#include <stdbool.h>
#include <stddef.h>
#include "book/document.h"

enum merge_side {
	MERGE_NONE,	/* not chosen: as current, until it is */
	MERGE_BASE, MERGE_CURRENT, MERGE_INCOMING,
	MERGE_OWN,	/* as somebody wrote it */
	MERGE_SUM	/* added up from the lines */
};

enum merge_by { MERGE_BY_CURRENT, MERGE_BY_INCOMING, MERGE_BY_BOTH };

struct merge_field {
	const char *path;	/* "total"; "lines[2].amount"; "lines[2]" is a
				 * line that not all three have. Counted from 0
				 * among the lines of all three together. */
	const char *base, *current, *incoming;	/* NULL: absent */
	enum merge_by by;
	bool overlap;
	enum merge_side take, first;	/* now, and at first */
	bool money;
	const char *own;	/* MERGE_OWN: the text */
	size_t row;		/* MERGE_HEAD: of the document itself */
	const struct merge_member *member;	/* NULL: a whole line */
};

#define MERGE_HEAD ((size_t)-1)

struct merge_row {
	const struct document_line *base, *current, *incoming;
};

struct merge {
	const struct document *base, *current, *incoming;
	struct merge_field *fields;	/* that differ; no others */
	size_t n;
	struct merge_row *rows;		/* in the order of the result */
	size_t n_rows;
	bool total_follows, tax_follows;	/* from the lines */
	bool clean;	/* nothing overlaps: the result needs no choice */
	bool summed;	/* its total or tax is neither side's */
};

/* base NULL: nothing is known of what both came from, so all that differs
 * overlaps. */
void merge_open(struct merge *, struct arena *, const struct document *base,
	const struct document *current, const struct document *incoming);
/* One side for every field. */
void merge_take(struct merge *, enum merge_side);
/* As merge_open chose. */
void merge_again(struct merge *);
/* False: that text can not be the field; nothing changed then. */
MUST_CHECK bool merge_own(struct merge *, struct arena *, size_t field,
	const char *text);
/* Fields that overlap and are not chosen yet. */
size_t merge_open_fields(const struct merge *);
/* The document that the fields' choices make. */
void merge_build(const struct merge *, struct arena *, struct document *out);

/* A field as chosen; NULL: absent, or not chosen. */
const char *merge_text(const struct merge *, struct arena *, size_t field);
/* What nobody changed: fields that are there, and whole lines. */
void merge_rest(const struct merge *, struct arena *, void (*each)(void *arg,
	const char *path, const char *text), void *arg);

const char *merge_by_name(enum merge_by);	/* "current" */

#endif
