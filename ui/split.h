#ifndef BAHI_UI_SPLIT_H
#define BAHI_UI_SPLIT_H
/*
 * A typed line into words, as a shell would, but nothing in it means anything
 * beyond quotes and backslash: no variable, no pattern, no second command.
 */
#include "core/arena.h"

#define SPLIT_MAX 64

struct split {
	char *words[SPLIT_MAX + 1];	/* NULL ended */
	int n;
};

MUST_CHECK bool split_line(struct arena *, const char *line, struct split *,
	struct err *);

#endif
