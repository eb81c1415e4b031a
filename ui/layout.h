#ifndef BAHI_UI_LAYOUT_H
#define BAHI_UI_LAYOUT_H
/*
 * How the columns of a pane are arranged by who looks at them: which are
 * shown, in what order, how wide, and by which one the rows stand. Pure; what
 * is kept of it is in ui/stanza.c.
 */
#include <stddef.h>
#include "core/arena.h"

#define GRID_CELLS 16

struct column {
	const char *head;	/* N_() */
	int width;		/* the least, when it stretches */
	bool stretch;		/* takes what is left; one a pane */
	bool right;
	int drop;		/* higher goes first when narrow; 0: stays */
};

enum showing {
	SHOW_AUTO,		/* as long as there is room */
	SHOW_NEVER, SHOW_ALWAYS
};

struct layout {
	size_t n;
	unsigned char order[GRID_CELLS];	/* columns, from the left */
	unsigned char show[GRID_CELLS];		/* by column: enum showing */
	short width[GRID_CELLS];		/* by column; 0: as it was */
	int sort;		/* column; -1: the pane's own order */
	bool down;
	int chosen;		/* in columns mode: a place in the order */
};

struct layout_fit {
	size_t n;
	unsigned char column[GRID_CELLS];
	int width[GRID_CELLS];			/* of that place */
};

void layout_reset(struct layout *, size_t n);
/* Is anything of it not as the pane has it? The order of rows counts. */
bool layout_own(const struct layout *);
/* What fits into so many cells, with one between two columns. The first stays,
 * and the chosen one. */
void layout_fit(const struct layout *, const struct column *, int room,
	struct layout_fit *);

/* The chosen column, each a key of columns mode. */
void layout_choose(struct layout *, int step);
void layout_shift(struct layout *, int step);
void layout_turn(struct layout *, const struct column *, int room);
void layout_widen(struct layout *, const struct column *, int step);
/* The rows by this column; again: the other way round; then as they were. */
void layout_sort(struct layout *, int column);

/* What a column is called in a file: "amount", "taxable#2". */
const char *layout_name(struct arena *, const struct column *, size_t n,
	size_t column);
/* -1: there is none of that name. */
int layout_find(const struct column *, size_t n, const char *name);
/* "event state! -party source:12": ! always, - never. */
const char *layout_columns_text(struct arena *, const struct layout *,
	const struct column *);
/* "amount down", or "". */
const char *layout_sort_text(struct arena *, const struct layout *,
	const struct column *);
/* False: of other columns than these; the layout is as before. */
bool layout_read(struct layout *, const struct column *, const char *columns,
	const char *sort);

#endif
