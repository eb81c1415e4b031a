#ifndef BAHI_UI_FINDING_H
#define BAHI_UI_FINDING_H
/*
 * Finding and arranging: columns and order, groups, saved views, history,
 * search, marks of many. What the loop calls of it; all else is in
 * finding_inside.h.
 */
#include "ui/console.h"

void finding_start(struct console *, const struct options *,
	const char *cache, const char *place);
void finding_stop(struct console *);
/* False: it is no action of finding. */
bool finding_act(struct console *, enum act);
/* A key of columns mode. */
void finding_columns_key(struct console *, int key);
/* A view was made: it is arranged as it was left. */
void finding_opened(struct console *, struct view *);
/* The views are about to be others: these can be come back to. */
void finding_leaves(struct console *);
/* A filter was taken with Enter; a key while one is typed. */
void finding_filtered(struct console *, const char *);
bool finding_recalled(struct console *, int key);
/* A pane was opened by its key: it may have a view that it opens with. */
void finding_topped(struct console *);
/* Rows that stand in an order of somebody's choice are not shuffled by news:
 * those that changed are marked, until a key says so. False: they may come. */
bool finding_holds(struct console *, struct view *);
/* The thread that counts may have an answer. */
void finding_hear(struct console *);
/* Of the palette: the saved views as they are now, one of them opened, and
 * what is typed looked for everywhere. */
struct saved_views;
const struct saved_views *finding_views(struct console *);
void finding_view_open(struct console *, const char *id);
void finding_search(struct console *, const char *text);
/* Esc had something of ours to give up. */
bool finding_left(struct console *);

#endif
