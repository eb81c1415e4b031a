#ifndef BAHI_UI_PAGED_H
#define BAHI_UI_PAGED_H
/*
 * A list too long to be brought as a whole: its pages are kept on the disk as
 * they come, a few are in memory, and the next ones are asked for when somebody
 * gets there. It is as of when it was asked for, until it is refreshed.
 */
#include "ui/panes.h"

struct paged;

/* Of a list of which so many pages are kept and the daemon has more. */
void paged_load(struct view *, const struct list *, const char *key,
	int pages, bool more);
void paged_free(struct paged **);
int64_t paged_count(const struct paged *);
bool paged_more(const struct paged *);
/* The cursor was moved; to the last row: until that has come. */
void paged_moved(struct view *, bool last);
bool paged_to_end(const struct paged *);

/* How many pages are kept of a list, and what is behind them ("": nothing). */
int paged_kept(struct cache *, struct arena *, const char *key,
	const char **next);
MUST_CHECK bool paged_keep(struct cache *, struct arena *, const char *key,
	int pages, const char *next, struct err *);

#endif
