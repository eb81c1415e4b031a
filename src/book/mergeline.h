#ifndef BAHI_BOOK_MERGELINE_H
#define BAHI_BOOK_MERGELINE_H
/* Inside of merge.c: which lines of three documents are the same line. */
#include "book/merge.h"

bool merge_line_same(const struct document_line *,
	const struct document_line *);	/* in all; or none */
/* Fills m->rows from m's documents. */
void merge_lines(struct merge *m, struct arena *);

#endif
