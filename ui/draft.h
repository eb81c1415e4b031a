#ifndef BAHI_UI_DRAFT_H
#define BAHI_UI_DRAFT_H
/*
 * What a person is typing or choosing: noted at each change, and offered
 * again when the console ended in the middle of it. Going on asks again, with
 * what had been typed; it never decides.
 */
#include "ui/console.h"

/* Behind each key. */
void draft_watch(struct console *, enum act);
bool draft_offer(struct console *);
bool draft_key(struct console *, int key);
/* The review that it was about is here: what was chosen is chosen again. */
void draft_arrived(struct console *);
/* When it ends; `left`: on purpose, so that nothing is to be offered. */
void draft_end(struct console *, bool left);

#endif
