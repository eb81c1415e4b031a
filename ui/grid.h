#ifndef BAHI_UI_GRID_H
#define BAHI_UI_GRID_H
/*
 * Rows on the screen: scrolling, filtering and column widths for every pane.
 * Only the visible rows are in memory; the rest is fetched along an index as
 * the cursor goes. A long search is done in steps, between keys.
 */
#include <stdint.h>
#include "core/arena.h"
#include "ui/filter.h"
#include "ui/layout.h"
#include "ui/term.h"

#define GRID_ROWS 512

struct row {
	int64_t id;
	int64_t version;	/* of the record, as drawn; 0: has none */
	const char *key;	/* with id: its place in the order */
	enum tone tone;
	bool changed;		/* it is no longer as it is drawn */
	const char *cells[GRID_CELLS];
	const char *raw[GRID_CELLS];	/* as it came; NULL: as it is shown */
	const char *place;	/* in the order of a sort, see panes.c; or "" */
	bool painted;		/* it has been on the screen */
};

/* Up to n rows behind `anchor` (before it, backward), itself excluded; NULL:
 * from the start (the end, backward). Fewer than n: that was all. */
typedef size_t grid_fetch(void *ctx, struct arena *, const struct row *anchor,
	bool backward, struct row *out, size_t n);

/* The same for rows that somebody else filters and sorts, as the grid has it:
 * one stretch of them, as far as time allows. */
struct grid_stretch {
	const struct row *from;	/* excluded; NULL: from the end */
	bool backward;
	int64_t deadline;	/* of clock_mono() */
	struct row *out;	/* NULL: they are only counted */
	size_t n, got;
	struct row last;	/* looked at: from there it goes on */
	bool end;		/* there is no more */
};
typedef void grid_seek(void *ctx, struct arena *, struct grid_stretch *);
/* Where a record that was drawn stands now; false: it is gone. */
typedef bool grid_find(void *ctx, struct arena *, const struct row *was,
	struct row *now);

enum scan {
	SCAN_NONE,
	SCAN_DOWN, SCAN_UP,	/* the window moves */
	/* a new window: what is above the record, it and what is below, and
	 * more above where that was too little */
	SCAN_ABOVE, SCAN_BELOW, SCAN_FILL
};

enum census { CENSUS_DONE, CENSUS_ABOVE, CENSUS_BELOW };

struct grid {
	const struct column *columns;
	size_t n_columns;
	struct filter_column named[GRID_CELLS];	/* what a filter knows */
	int width;		/* cells of the screen; 0: all */
	int cell;		/* column chosen in the row under the
				 * cursor; 0: none */
	bool marked;		/* cells as term_marked() draws them; a text
				 * that stands alone has the whole line */
	grid_fetch *fetch;
	grid_seek *seek;	/* NULL: of what fetch brings */
	grid_find *find;	/* NULL: where it was */
	void *ctx;
	struct row *rows[2 * GRID_ROWS];	/* owned; n of them shown */
	size_t n, cursor, height;
	int64_t first;		/* how many rows are before; -1: unknown */
	int64_t total;		/* that the filter shows; -1: unknown */
	struct filter *filter;	/* owned */
	int sort;		/* column; -1: the pane's own order */
	bool descending;
	enum scan scan;		/* a search that goes on in grid_step() */
	struct row *from;	/* where; owned */
	size_t want;
	bool moving;		/* the cursor follows what is found */
	/* A window that is built while the last one is still shown. */
	bool building, topped, to_end;
	struct row *ahead[2 * GRID_ROWS];
	size_t n_ahead, mark;	/* where the record belongs */
	int64_t began;
	struct row *at;		/* that record; owned; NULL: none */
	size_t line;		/* on which line it stood */
	/* What one looked at before a filter or an order was changed, and
	 * where: it is gone back to as long as nobody moves. */
	struct row *kept;
	size_t kept_line;
	/* All rows in another order, where fetch knows only its own. */
	struct row **sorted;
	size_t n_sorted;
	enum census census;	/* counting, while nothing else is to do */
	bool recount;		/* anew, once the rows are there */
	struct row *counted;	/* from there; owned */
	struct row *counting;	/* so far; owned */
	int64_t above, below;
	struct arena *scratch;
	bool coming;		/* rows are still being brought */
	bool absent;		/* none has come, and nobody brings them now */
	/* How the columns are arranged, when it is of so many; NULL: as they
	 * are. */
	const struct layout *layout;
};

void grid_open(struct grid *, const struct column *, size_t n,
	grid_fetch *, void *ctx);
void grid_close(struct grid *);
/* How surely two rows are of one record; 0: they are not. */
int grid_likeness(const struct row *, const struct row *);
/* Does the filter let the row through? NULL does. */
bool row_passes(const struct filter *, const struct row *);
bool grid_shows(const struct grid *, const struct row *);
void grid_size(struct grid *, int height);
void grid_first(struct grid *);
void grid_last(struct grid *, int64_t total);	/* -1: unknown */
void grid_again(struct grid *);	/* the content changed; stay in place */
void grid_move(struct grid *, int rows);
/* To a record that was looked at once, where it stands now. */
void grid_go(struct grid *, const struct row *was);
/* There is something for grid_step() to do; waiting for rows. */
bool grid_busy(const struct grid *);
bool grid_searching(const struct grid *);
void grid_step(struct grid *);
/* For who walks all rows: the next stretch, as filter and order have it. Rows
 * live until the next one. */
void grid_reach(struct grid *, struct grid_stretch *);
struct row *row_copy(const struct row *);	/* free() it */
/* In force from now on; takes it over (NULL: all rows). The record under the
 * cursor stays there when it is let through. */
void grid_filter(struct grid *, struct filter *);
/* What is under the cursor now is what is looked at, not what was there before
 * the filter. */
void grid_keep(struct grid *);
/* By a column, -1: as the pane has them; the record under the cursor stays
 * there. */
void grid_sort(struct grid *, int column, bool descending);
/* What a filter has to know of the columns; returns how many. A pane whose
 * rows have raw values says more of them in `named`. */
size_t grid_columns(const struct grid *, struct filter_column *out);
const struct row *grid_row(const struct grid *);	/* NULL: none */

typedef bool grid_marked(void *ctx, const struct row *);
/* Heads at y, rows below; leaves the hardware cursor on the row. */
void grid_draw(const struct grid *, int y, grid_marked *, void *ctx);

#endif
