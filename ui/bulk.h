#ifndef BAHI_UI_BULK_H
#define BAHI_UI_BULK_H
/*
 * One action on many events, in the console: the plan is a view of its own
 * and nothing is done before its y, which no trigger is; then it runs in the
 * daemon, and pane J has how far it is and its receipt.
 */
#include "ui/console.h"

/* Has the pending decision planned and opens the plan. */
void bulk_plan(struct console *);
/* y on the plan; many events are asked for by their number. */
void bulk_confirm(struct console *);
/* n on the plan. */
void bulk_leave(struct console *);
/* Enter behind that number. */
void bulk_counted(struct console *);
/* Of the run of the row, or of the receipt. */
void bulk_cancel(struct console *);
void bulk_again(struct console *);
/* After news: what goes on, for the top line; says when one has ended. */
void bulk_hear(struct console *);

#endif
