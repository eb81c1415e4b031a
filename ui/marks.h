#ifndef BAHI_UI_MARKS_H
#define BAHI_UI_MARKS_H
/*
 * Which rows an action takes: marked one by one, as a range, or all that match
 * a filter - those are held as the filter, however many they are. Marks stay
 * with their records through filter, order, news and resize.
 */
#include "ui/console.h"

bool marks_act(struct console *, enum act);
/* Of a row: see grid_marked. */
bool marks_row(void *view, const struct row *);
/* Is anything marked? */
bool marks_any(const struct view *);
/* Marked by what they match, so that only the thread can name them. */
bool marks_swept(const struct view *);
size_t marks_single(const struct view *);
void marks_clear(struct console *, struct view *);
void marks_free(struct view *);
/* "3 marked 3,000.03 INR ", or "". */
const char *marks_text(struct view *, struct arena *);
/* The content changed: those that are no longer open are marked no more, which
 * is said. */
void marks_prune(struct console *, struct view *);
/* An action is pressed: a range that was begun ends here. */
void marks_end_range(struct console *);
/* Esc: a range that was begun is none. */
bool marks_left(struct console *);
/* The thread has counted. */
void marks_hear(struct console *, struct view *);
/* Has the pending decision planned on all that is marked; under that key. */
void marks_plan(struct console *, struct view *, const char *key);
/* That plan runs: what it was of is marked no more. */
void marks_planned(struct console *, struct view *);

#endif
