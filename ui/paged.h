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
/* The same of rows that the pane has elsewhere (-1: it does not count them);
 * more of them are brought by a job. */
void paged_follow(struct view *, enum job_kind, const char *key, int pages,
	bool more, int64_t rows);
/* For the fetch of such a pane: somebody is at the end of what there is. */
void paged_end(struct view *);
void paged_free(struct paged **);
int64_t paged_count(const struct paged *);
bool paged_more(const struct paged *);
/* The cursor was moved; to the last row: until that has come. */
void paged_moved(struct view *, bool last);
bool paged_to_end(const struct paged *);

/* How many pages are kept of a list, and what is behind them ("": nothing). */
int paged_kept(struct cache *, struct arena *, const char *key,
	const char **next);
/* The key by which that is kept of an account's entries. */
const char *paged_entries(struct arena *, const char *account);
MUST_CHECK bool paged_keep(struct cache *, struct arena *, const char *key,
	int pages, const char *next, struct err *);

#endif
