#ifndef BAHI_UI_DRAW_H
#define BAHI_UI_DRAW_H
/* The whole screen, from what the console holds. */
#include "ui/console.h"

#define DRAW_FRAME 5	/* lines that are not rows */
#define DRAW_ROWS 3	/* where they begin */

bool draw_too_small(void);

/* How many cells stand beside the rows for the one under the cursor; 0:
 * what is known of it is below, or nowhere. */
int draw_beside_cells(const struct view *);
/* How many lines the lower half has. */
int draw_lower_lines(const struct view *);
void draw_all(struct console *);

#endif
