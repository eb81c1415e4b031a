#ifndef BAHI_UI_CLOSING_H
#define BAHI_UI_CLOSING_H
/* The keys of the close board: signing lines off, moving the period on, and
 * looking at another one. */
#include "ui/console.h"

void closing_act(struct console *, enum act);

#endif
